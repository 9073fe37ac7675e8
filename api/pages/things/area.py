"""The page of an administrative unit: its code and its time, what it was made of, what it became, what lies in it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from api.pages.things.neighbours import values
from api.pages.things.subject import Subject
from catalogue import areas
from catalogue.areas import Step
from catalogue.attached import attached
from catalogue.clock import holds
from catalogue.codes import codes
from catalogue.folding import fold
from catalogue.graphs import Mark, weakest
from catalogue.iri import CODES
from catalogue.labels import Reference, references
from catalogue.lineage import lives
from catalogue.proofs import SourceReference
from catalogue.things import Value

WITHIN = ("agency", "system", "indicator-set", "dataset")
"""Kinds of things that a place has, in the order in which the page shows them."""
MOST_NAMED = 500
"""Units within a unit, and things of a kind in a place, that are named."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change with all units on both sides."""

    change: str
    day: date
    kind: Reference | None
    before: list[Reference]
    after: list[Reference]
    sources: list[SourceReference]
    verification: Mark


def room(subject: Subject) -> dict[str, Any]:
    """The context of the page."""
    thing, store, day, language = subject.thing, subject.service.store, subject.reading.as_of, subject.reading.language
    became = areas.became(store, subject.node, language=language)
    origin = areas.came_from(store, subject.node, language=language)
    unit = became.unit
    found = attached(store, [thing.iri], ["dct:isPartOf", "dct:spatial"])
    within = found.by("dct:isPartOf", kind="area")
    life = lives(store, within)
    alive = [iri for iri in within if not unit.alive(day) or holds(day, *life[iri])]
    there = {kind: found.by("dct:spatial", kind=kind) for kind in WITHIN}
    named = references(
        store, [*alive[:MOST_NAMED], *(iri for iris in there.values() for iri in iris[:MOST_NAMED])], language
    )
    later, earlier = changes(became.steps), changes(origin.steps)
    kind = f"{CODES}area-type/{unit.kind}" if unit.kind else None
    given = {"became": later, "origin": earlier, "within": alive, "there": any(there.values())}
    return {
        "unit": unit,
        "type": codes(store, [kind], language)[kind] if kind else None,
        "alive": unit.alive(day),
        "became": became,
        "later": later,
        "origin": origin,
        "earlier": earlier,
        "within": sorted((named[iri] for iri in alive[:MOST_NAMED]), key=_by_name),
        "number_within": len(alive),
        "there": {
            kind: (sorted((named[iri] for iri in iris[:MOST_NAMED]), key=_by_name), len(iris))
            for kind, iris in there.items()
            if iris
        },
        "notes": list(dict.fromkeys([*became.notes, *origin.notes])),
        "other_names": [one for one in values(thing, "skos:altLabel") if isinstance(one.object, Value)],
        "sections": [(f"area-{name}", f"area.{name}") for name, there in given.items() if there],
    }


def changes(steps: list[Step]) -> list[Change]:
    """The steps together by change, oldest first."""
    found: dict[str, Change] = {}
    for step in steps:
        one = found.setdefault(
            step.change, Change(step.change, step.date, step.kind, [], [], list(step.sources), step.verification)
        )
        _add(one.before, step.before, *step.joined)
        if step.after is not None:
            _add(one.after, step.after)
        _add(one.sources, *step.sources)
        found[step.change] = Change(
            one.change,
            one.day,
            one.kind,
            one.before,
            one.after,
            one.sources,
            weakest(one.verification, step.verification),
        )
    return sorted(found.values(), key=lambda one: (one.day, one.change))


def _add(to: list[Any], *items: Any) -> None:
    to += [item for item in items if item not in to]


def _by_name(one: Reference) -> tuple[str, str]:
    return fold(one.label or one.iri), one.iri
