"""By what documents are told apart, type, number and day, and of which document a provision is part."""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from catalogue.iri import PREFIXES
from catalogue.lookup import rows_of
from catalogue.store.port import Store

_TYPE, _NUMBER, _DATE, _WHOLE = (
    PREFIXES["eli"] + name for name in ("type_document", "number", "date_document", "is_part_of")
)
_MONTH = PREFIXES["dct"] + "issued"


@dataclass(frozen=True, slots=True)
class Legal:
    """The `decision` that a thing is or is part of, with its type, number, day and month; its title where it bears no
    number. `part`: the number of the thing itself (Điều 3) where it is a part."""

    decision: str
    type: str
    number: str | None
    date: date | None
    month: str | None
    part: str | None
    title: str | None


@dataclass(frozen=True, slots=True)
class _Said:
    thing: str
    property: str
    value: Any


@dataclass(frozen=True, slots=True)
class _Title:
    thing: str
    title: str


def legal(store: Store, things: Iterable[str]) -> dict[str, Legal]:
    """What each of `things` is as a document or a part of one; what is neither is absent."""
    wanted = list(dict.fromkeys(things))
    said: dict[str, dict[str, Any]] = {}
    frontier = wanted
    while frontier:
        for iri, rows in rows_of(store, "label-decisions", _Said, frontier).items():
            # Of several values the first counts.
            said[iri] = {row.property: row.value.value for row in reversed(rows)}
        wholes = [said[iri].get(_WHOLE) for iri in frontier if _TYPE not in said[iri]]
        frontier = [iri for iri in dict.fromkeys(wholes) if iri is not None and iri not in said]
    decisions = {iri: _decision(iri, said) for iri in wanted}
    unnumbered = [one for one in decisions.values() if one is not None and _NUMBER not in said[one]]
    titles = rows_of(store, "label-titles", _Title, unnumbered)
    found = {}
    for iri, decision in decisions.items():
        if decision is not None:
            its = said[decision]
            part = said[iri].get(_NUMBER) if iri != decision else None
            title = next((row.title for row in titles.get(decision, ())), None)
            found[iri] = Legal(
                decision, its[_TYPE], its.get(_NUMBER), _day(its.get(_DATE)), its.get(_MONTH), part, title
            )
    return found


def _decision(iri: str, said: dict[str, dict[str, Any]]) -> str | None:
    """The nearest document upward, from the thing itself on."""
    met: set[str] = set()
    at: str | None = iri
    while at is not None and at in said and at not in met:
        if _TYPE in said[at]:
            return at
        met.add(at)
        at = said[at].get(_WHOLE)
    return None


def _day(text: str | None) -> date | None:
    with contextlib.suppress(ValueError):
        return date.fromisoformat(text) if text else None
    return None
