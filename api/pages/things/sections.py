"""The sections that the pages of indicators, sets, regimes, tasks and figures share, and the table of contents."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from api.pages.things.facts import named_by
from api.pages.things.subject import Subject
from catalogue.codes import CodeReference
from catalogue.iri import node
from catalogue.labels import Reference, references
from catalogue.responsibility import Assignment, Responsibilities
from catalogue.things import Statement, Thing, Value

MOST = 40
"""Things of one kind that a list on the page names."""

LEAD = "chu-tri"
"""The role of who leads."""

Section = tuple[str, str, object]
"""The anchor of a section, the key of its heading, and what it has to say: nothing leaves it out."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Things of one kind under a heading (the key of its message), `total` of them (None where they were not counted), the first named."""

    words: str
    things: list[Reference]
    total: int | None


def shared(subject: Subject) -> dict[str, Any]:
    """Who works on the thing beside who leads, why, from which sources it is known, and what is not certain."""
    found = subject.responsibilities
    return {
        "others": others(found),
        "mandates": found.mandates if found else [],
        "sources": list({one.source.iri: one.source for one in subject.thing.statements if one.source}.values()),
        "doubts": _doubts(subject.thing, subject.reading.language),
    }


def contents(
    subject: Subject, context: Mapping[str, Any], before: Iterable[Section], between: Iterable[Section] = ()
) -> list[tuple[str, str]]:
    """The sections that have something to say: those of the kind `before` the shared ones and `between` them."""
    found = subject.responsibilities
    gaps = (found.gaps if found else []) or named_by(subject.thing, "chiso:notFound")
    shown = (
        *before,
        ("duties", "thing.duties", context["others"]),
        ("mandates", "thing.mandates", context["mandates"]),
        *between,
        ("lists", "thing.related", context["lists"]),
        ("doubts", "thing.doubts", context["doubts"] or gaps),
        ("sources", "thing.sources", context["sources"]),
    )
    return [(anchor, words) for anchor, words, said in shown if said]


def listed(subject: Subject, *lists: tuple[str, list[str]]) -> list[Listed]:
    """Lists with something in them, each named up to `MOST` things; lists under one heading become one."""
    together: dict[str, list[str]] = {}
    for words, iris in lists:
        if iris:
            together[words] = [*together.get(words, ()), *iris]
    named = references(
        subject.service.store, [iri for iris in together.values() for iri in iris[:MOST]], subject.reading.language
    )
    return [Listed(words, [named[iri] for iri in iris[:MOST]], len(iris)) for words, iris in together.items()]


def leaders(found: Responsibilities | None) -> list[Assignment]:
    """Who leads on the date asked for: what the sentence at the top of a page says."""
    return [one for one in found.responsibilities if one.role.notation == LEAD] if found else []


def others(found: Responsibilities | None) -> list[tuple[CodeReference, list[Assignment]]]:
    """The assignments of who does not lead, role by role."""
    return by_role(one for one in (found.responsibilities if found else ()) if one.role.notation != LEAD)


def by_role(given: Iterable[Assignment]) -> list[tuple[CodeReference, list[Assignment]]]:
    """What is assigned, role by role, in the order given."""
    found: dict[str, tuple[CodeReference, list[Assignment]]] = {}
    for item in given:
        found.setdefault(item.role.iri, (item.role, []))[1].append(item)
    return list(found.values())


def total(thing: Thing, property_: str, shown: int) -> int | None:
    """How many values a property has, where not all are shown; None where they were not counted."""
    iri = node(property_).value
    return next((one.total for one in thing.cut if one.property.iri == iri), shown)


def _doubts(thing: Thing, language: str) -> list[Statement]:
    """The statements that are not confirmed, each once, without translations; what was searched in vain is told elsewhere."""
    found = [
        one
        for one in thing.statements
        if one.verification in ("inferred", "unverified")
        and not one.predicate.iri.endswith("#notFound")
        and not (isinstance(one.object, Value) and one.object.language not in (None, language))
    ]
    return list({(one.predicate.iri, one.object): one for one in found}.values())
