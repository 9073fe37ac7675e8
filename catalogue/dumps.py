"""Dumps: a published state as files, for those who take everything.

DIR/dumps/{state}/catalogue.nq.gz        the source graphs as sorted N-Quads: what the patches of the change feed apply to
DIR/dumps/{state}/graphs/{name}.nq.gz    one graph as sorted N-Quads, {name}.ttl.gz the same as Turtle
DIR/dumps/{state}/SHA256SUMS             as `sha256sum --check` reads it
DIR/dumps/{state}/index.json             what is in the set; written last: a folder under its own name is whole

What the catalogue derives has files of its own. The default graph has none: it is the union of the named graphs.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from catalogue.graphs import LINEAGE_GRAPH, VOCABULARY_GRAPH

FORMAT = 1
"""Version of the files: when it rises, nothing of an older set is used again."""

KEPT_SETS = 2
WHOLE = "catalogue.nq.gz"
SUMS = "SHA256SUMS"
INDEX = "index.json"

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}")
_STATE = re.compile(r"[A-Za-z0-9][\w.-]{0,120}")


@dataclass(frozen=True, slots=True)
class File:
    """A file of a set: its path in the set, its media type without the compression, bytes, SHA-256 in hexadecimal.

    `graph`: the graph it holds, None for all source graphs.
    """

    path: str
    media_type: str
    size: int
    sha256: str
    graph: str | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """How large a graph is: its statements and their distinct subjects."""

    graph: str
    statements: int
    subjects: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """Numbers about the union of all graphs. `classes`: instances per class; `properties`: statements per property;
    `links`: statements per property and site, from things here to things elsewhere; each the largest first."""

    statements: int = 0
    subjects: int = 0
    classes: tuple[tuple[str, int], ...] = ()
    properties: tuple[tuple[str, int], ...] = ()
    links: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Set:
    """The files of one published state."""

    state: str
    made: datetime
    files: tuple[File, ...]
    graphs: tuple[Counted, ...]
    statistics: Statistics

    def of_graph(self, graph: str) -> list[File]:
        """The files that hold one graph."""
        return _by_graph(self).get(graph, [])

    def file(self, path: str) -> File | None:
        """The file at `path`, as it stands in the index; no other name leads to a file."""
        return next((one for one in self.files if one.path == path), None)


@lru_cache(maxsize=4)
def _by_graph(found: Set) -> dict[str, list[File]]:
    of: dict[str, list[File]] = {}
    for file in found.files:
        if file.graph is not None:
            of.setdefault(file.graph, []).append(file)
    return of


def names(graphs: Iterable[str], base: str) -> dict[str, str]:
    """The file name of each graph, without suffix: the end of its IRI where that is plain, else a digest.

    >>> names(["https://chiso.example/graph/a.confirmed", "https://w3id.org/chiso/ns"], "https://chiso.example/")
    {'https://chiso.example/graph/a.confirmed': 'a.confirmed', 'https://w3id.org/chiso/ns': 'vocabulary'}
    """
    found: dict[str, str] = {}
    own = {VOCABULARY_GRAPH.value: "vocabulary", LINEAGE_GRAPH.value: "lineage"}
    taken = set(own.values())
    for graph in sorted(graphs):
        end = graph.removeprefix(f"{base}graph/")
        if graph in own:
            found[graph] = own[graph]
            continue
        # File names are told apart without regard to case: a harvester's disk may not know it.
        if end == graph or not _PLAIN.fullmatch(end) or end.lower() in taken:
            end = "graph-" + hashlib.sha256(graph.encode()).hexdigest()[:24]
        taken.add(end.lower())
        found[graph] = end
    return found


def read(folder: Path, state: str) -> Set | None:
    """The set of a state below `folder` (the data folder); None where there is none that is whole and of this format."""
    if not _STATE.fullmatch(state):
        return None
    try:
        said: dict[str, Any] = json.loads((folder / "dumps" / state / INDEX).read_text(encoding="utf-8"))
        if said["format"] != FORMAT:
            return None
        counted = said["statistics"]
        return Set(
            said["state"],
            datetime.fromisoformat(said["made"]),
            tuple(File(**one) for one in said["files"]),
            tuple(Counted(**one) for one in said["graphs"]),
            Statistics(
                counted["statements"],
                counted["subjects"],
                tuple((iri, number) for iri, number in counted["classes"]),
                tuple((iri, number) for iri, number in counted["properties"]),
                tuple((iri, site, number) for iri, site, number in counted["links"]),
            ),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def states(folder: Path) -> list[str]:
    """The states of which there is a set, the youngest first: a state's name begins with its moment."""
    try:
        found = [entry.name for entry in (folder / "dumps").iterdir() if _STATE.fullmatch(entry.name)]
    except OSError:
        return []
    return sorted(found, reverse=True)


def latest(folder: Path) -> Set | None:
    """The youngest set."""
    return next((found for state in states(folder) if (found := read(folder, state)) is not None), None)


class Sets:
    """The sets of a data folder as the service asks for them: read again when the folder changed."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._stamp: int | None = None
        self._held: tuple[Set, ...] = ()

    def all(self) -> tuple[Set, ...]:
        """The sets, the youngest first."""
        if self._folder is None:
            return ()
        try:
            stamp = (self._folder / "dumps").stat().st_mtime_ns
        except OSError:
            return ()
        if stamp != self._stamp:
            known = {one.state: one for one in self._held}
            names = states(self._folder)
            found = [known.get(state) or read(self._folder, state) for state in names]
            self._held, self._stamp = tuple(one for one in found if one is not None), stamp
        return self._held

    def latest(self) -> Set | None:
        """The youngest set."""
        return next(iter(self.all()), None)

    def of(self, state: str) -> Set | None:
        """The set of one state."""
        return next((one for one in self.all() if one.state == state), None)


def written(found: Set) -> str:
    """A set as its `index.json`."""
    return json.dumps({"format": FORMAT, **asdict(found), "made": found.made.isoformat()}, ensure_ascii=False, indent=1)
