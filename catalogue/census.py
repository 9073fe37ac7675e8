"""A census of a published state: how many things are of a class, which properties they bear, and where these lead.

Taken in one walk by a process beside the service (`workers.census_process`), kept as a file of the data folder:
DIR/census/{state}.v1.json. Nothing here is counted while somebody waits.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Quad, Triple

from catalogue.iri import CODES, KINDS, PREFIXES
from catalogue.store.durable import write_durably

MADE = "census/{state}.v1.json"
"""Where a census lies in the data folder; the version rises with the form of the files, and then all are taken anew."""

MOST = 4_000
"""Most classes, and most properties, that are told apart; a graph may hold any number of them."""
MOST_USES = 40_000
"""Most pairs of class and property that are told apart."""
MOST_ENDS = 40
"""Most classes and code lists to which one property of one class is told to lead."""

_KEPT = 3
_TYPE = PREFIXES["rdf"] + "type"
_STATE = re.compile(r"[A-Za-z0-9][\w.-]{0,120}")


@dataclass(slots=True)
class Use:
    """How the things of a class use a property: how many bear it, and how many statements lead to things of which class
    or to codes of which list (`ends`, by IRI)."""

    things: int = 0
    ends: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Census:
    """Numbers about the union of all graphs: `classes` counts things, `properties` statements; `uses`: class → property → use.

    `whole`: false where there were more classes, properties or pairs than are told apart.
    """

    state: str
    taken: datetime
    statements: int
    classes: Mapping[str, int]
    properties: Mapping[str, int]
    uses: Mapping[str, Mapping[str, Use]]
    whole: bool = True

    def users(self, property_iri: str) -> list[tuple[str, Use]]:
        """The classes whose things bear a property, those with the most first."""
        found = [(name, uses[property_iri]) for name, uses in self.uses.items() if property_iri in uses]
        return sorted(found, key=lambda pair: (-pair[1].things, pair[0]))


def take(triples: Iterable[Triple | Quad], state: str, base: str) -> Census:
    """Count `triples`, in which those of one subject stand together. Things are known by the kind in their IRI below `base`."""
    tally = _Tally(base)
    for triple in triples:
        tally.add(triple)
    tally.close()
    return Census(
        state,
        datetime.now(UTC),
        tally.statements,
        dict(_ranked(tally.classes)),
        dict(_ranked(tally.properties)),
        tally.uses,
        not tally.over,
    )


class _Tally:
    """What was counted so far, and what is known of the subject at which the walk is."""

    def __init__(self, base: str) -> None:
        self._things = base + "id/"
        self.statements = 0
        self.classes: Counter[str] = Counter()
        self.properties: Counter[str] = Counter()
        self.uses: dict[str, dict[str, Use]] = {}
        self.over = False
        self._pairs = 0
        self._subject: object = None
        self._types: list[str] = []
        self._borne: dict[str, Counter[str]] = {}

    def add(self, triple: Triple | Quad) -> None:
        """Count one statement."""
        if triple.subject != self._subject:
            self.close()
            self._subject = triple.subject
        name, value = triple.predicate.value, triple.object
        self.statements += 1
        self._count(self.properties, name)
        ends = self._borne.get(name)
        if ends is None:
            ends = self._borne[name] = Counter()
        if isinstance(value, NamedNode):
            if name == _TYPE:
                self._types.append(value.value)
            elif (end := self._end(value.value)) is not None:
                ends[end] += 1

    def close(self) -> None:
        """The subject is over: count what it bears for each of its classes."""
        for one in self._types:
            if not self._count(self.classes, one):
                continue
            uses = self.uses.setdefault(one, {})
            for name, ends in self._borne.items():
                use = uses.get(name)
                if use is None:
                    if self._pairs >= MOST_USES:
                        self.over = True
                        continue
                    self._pairs += 1
                    use = uses[name] = Use()
                use.things += 1
                for end, number in ends.items():
                    if end in use.ends or len(use.ends) < MOST_ENDS:
                        use.ends[end] += number
        self._types, self._borne = [], {}

    def _count(self, counts: Counter[str], name: str) -> bool:
        if name not in counts and len(counts) >= MOST:
            self.over = True
            return False
        counts[name] += 1
        return True

    def _end(self, iri: str) -> str | None:
        if iri.startswith(self._things):
            return KINDS.get(iri[len(self._things) :].partition("/")[0])
        if iri.startswith(CODES):
            return CODES + iri[len(CODES) :].partition("/")[0]
        return None


def _ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def write(folder: Path, found: Census) -> None:
    """Keep a census in the data folder `folder`, and forget all but the last few. Raises `OSError`."""
    place = folder / "census"
    place.mkdir(exist_ok=True)
    uses = {
        name: {one: [use.things, dict(use.ends)] for one, use in sorted(of.items())}
        for name, of in sorted(found.uses.items())
    }
    content = {
        "state": found.state,
        "taken": found.taken.isoformat(),
        "statements": found.statements,
        "classes": found.classes,
        "properties": found.properties,
        "uses": uses,
        "whole": found.whole,
    }
    write_durably(folder / MADE.format(state=found.state), json.dumps(content, ensure_ascii=False))
    kept = {(folder / MADE.format(state=state)).name for state in states(folder)[:_KEPT]}
    for entry in place.iterdir():
        if entry.name not in kept:
            entry.unlink(missing_ok=True)


def states(folder: Path) -> list[str]:
    """The states of which there is a census, the youngest first: a state's name begins with its moment."""
    try:
        names = [entry.name for entry in (folder / "census").iterdir()]
    except OSError:
        return []
    end = MADE.partition("{state}")[2]
    found = (name.removesuffix(end) for name in names if name.endswith(end))
    return sorted((state for state in found if _STATE.fullmatch(state)), reverse=True)


def read(folder: Path, state: str) -> Census | None:
    """The census of a state; None where there is none that is whole and of this format."""
    if not _STATE.fullmatch(state):
        return None
    try:
        said: dict[str, Any] = json.loads((folder / MADE.format(state=state)).read_text(encoding="utf-8"))
        uses = {
            name: {one: Use(things, Counter(ends)) for one, (things, ends) in of.items()}
            for name, of in said["uses"].items()
        }
        taken = datetime.fromisoformat(said["taken"])
        return Census(
            said["state"], taken, said["statements"], said["classes"], said["properties"], uses, said["whole"]
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
