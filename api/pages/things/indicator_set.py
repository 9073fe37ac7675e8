"""The page of an indicator set or of a group in one: its indicators group by group, who works on it, what it serves."""

from dataclasses import dataclass
from typing import Any

from api.pages.things.facts import Heading, facts
from api.pages.things.sections import MOST as MOST_LISTED
from api.pages.things.sections import contents, listed, shared
from api.pages.things.subject import Subject
from catalogue import regimes
from catalogue.attached import Members, attached, members
from catalogue.labels import Reference, references
from catalogue.mapping import entries
from catalogue.mapping.entries import Code

MOST = 300
"""Indicators that one page lists."""

_FACTS: tuple[Heading, ...] = (
    ("thing.fact.definition", ("skos:definition", "dct:description")),
    ("thing.fact.code", ("skos:notation",)),
    ("thing.fact.publisher", ("dct:publisher",)),
    ("thing.field.basis", ("chiso:basis",)),
    ("thing.fact.level", ("chiso:level",)),
    ("thing.fact.from", ("chiso:validFrom",)),
    ("thing.fact.to", ("chiso:validTo",)),
    ("thing.fact.size", ("chiso:statedSize",)),
    ("thing.within", ("skos:inScheme",)),
    ("thing.fact.other_names", ("skos:altLabel",)),
    ("thing.fact.see", ("rdfs:seeAlso", "dct:references", "eli:cites", "chiso:possiblySameAs")),
    ("thing.fact.note", ("chiso:note",)),
)
_TIES = ("chiso:concerns", "chiso:requires", "chiso:watches", "chiso:exchanges", "skos:inScheme")


@dataclass(frozen=True, slots=True)
class Part:
    """A group with its indicators, as far as the page lists them; `group` is None for those in no group. `number`: how
    many it has, None where not all were read."""

    group: Reference | None
    indicators: list[Code]
    number: int | None


def room(subject: Subject) -> dict[str, Any]:
    """What the template of a set or group is given."""
    store, thing, reading = subject.service.store, subject.thing, subject.reading
    own = attached(store, [thing.iri], _TIES)
    groups = own.by("skos:inScheme", kind="indicator-group") if thing.kind == "indicator-set" else [thing.iri]
    parts, number, whole = _parts(subject, groups[:100], own.by("skos:inScheme", kind="indicator"))
    asking = own.by("chiso:concerns", "chiso:requires", kind="regime")
    context: dict[str, Any] = {
        "facts": facts(thing, _FACTS, language=reading.language),
        "parts_of": parts,
        "indicators": number if whole and not own.truncated else None,
        "listed": sum(len(part.indicators) for part in parts),
        "regimes": regimes.regimes(store, asking[:MOST_LISTED], as_of=reading.as_of, language=reading.language),
        "lists": listed(
            subject,
            ("thing.list.tasks", own.by("chiso:concerns", kind="task")),
            ("thing.list.phases", own.by("chiso:concerns", kind="phase")),
            ("thing.list.scenarios", own.by("chiso:watches", kind="scenario")),
            ("thing.list.scenarios", own.by("chiso:watches", "skos:inScheme", kind="scenario-group")),
            ("thing.list.systems", own.by("chiso:exchanges", kind="exchange")),
        ),
        **shared(subject),
    }
    before = [("about", "thing.about", context["facts"]), ("indicators", "thing.indicators", True)]
    context["sections"] = contents(subject, context, before, [("regimes", "thing.regimes", context["regimes"])])
    return context


def _parts(subject: Subject, groups: list[str], inside: list[str]) -> tuple[list[Part], int, bool]:
    """The indicators group by group, then those of the set in no group, `MOST` in all; how many were read, and whether
    these are all."""
    store, language = subject.service.store, subject.reading.language
    inner = members(store, groups)
    grouped = {iri for found in inner.values() for iri in found.iris}
    whole = not any(found.truncated for found in inner.values())
    # Where a group was not read whole, what it has is not told apart from what is in no group.
    ungrouped = [iri for iri in inside if iri not in grouped] if whole else []
    left = MOST
    kept: list[tuple[str | None, list[str], int | None]] = []
    for group, found in [*inner.items(), (None, Members(ungrouped))]:
        kept.append((group, found.iris[:left], None if found.truncated else len(found.iris)))
        left -= len(found.iris[:left])
    named = references(store, groups, language)
    known = entries.codes(store, (iri for _, shown, _ in kept for iri in shown), language)
    parts = [
        Part(named[group] if group else None, sorted((known[iri] for iri in shown), key=_by_code), number)
        for group, shown, number in kept
        if shown or group
    ]
    return parts, len(grouped.union(inside)), whole


def _by_code(one: Code) -> tuple[str, str]:
    return one.notation or "~", (one.thing.label or one.thing.iri) if one.thing else ""
