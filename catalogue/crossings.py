"""The mappings that a walk of lineage meets: which of them lead on, and who decided them.

Publication ties codes only through mappings that somebody accepted. On a day, a mapping leads on where it is valid. It
never leads to a code of another locality: what makes one province report is no reason for the next, even where somebody
found two of their indicators to be the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalogue.labels import Reference, references
from catalogue.lookup import rows_of
from catalogue.store.port import Store


@dataclass(frozen=True, slots=True)
class Review:
    """What makes a mapping a step of lineage: how the codes match, who accepted that (`reviewers`, things or mere names)
    and `on` which day, with which confidence."""

    relation: Reference
    reviewers: list[Reference]
    on: date | None
    confidence: Decimal | None


@dataclass(frozen=True, slots=True)
class _Crossing:
    mapping: str
    relation: str
    reviewer: str | None
    reviewed: date | None
    confidence: Decimal | None
    subject_scheme: str | None
    object_scheme: str | None


@dataclass(frozen=True, slots=True)
class _Locality:
    scheme: str
    area: str
    code: str | None


def closed(store: Store, lives: Mapping[str, tuple[date | None, date | None]], day: date) -> set[str]:
    """Those mappings that lead no further on `day`. `lives`: from when to when (excluded) each is valid."""
    crossings = rows_of(store, "lineage-mappings", _Crossing, lives)
    rows = [row for found in crossings.values() for row in found]
    places = _places(store, (one for row in rows for one in (row.subject_scheme, row.object_scheme) if one))
    return {
        iri
        for iri, (start, end) in lives.items()
        if (start or day) > day or (end is not None and end <= day) or _foreign(crossings[iri], places)
    }


def _places(store: Store, schemes: Iterable[str]) -> dict[str, set[str]]:
    """The administrative units to which each of `schemes` belongs, and their codes: a unit of before and the one that
    took its code over are one locality."""
    return {
        iri: {one for row in rows for one in (row.area, row.code) if one}
        for iri, rows in rows_of(store, "scheme-localities", _Locality, schemes).items()
    }


def _foreign(rows: list[_Crossing], places: Mapping[str, set[str]]) -> bool:
    """Whether the object of a mapping is a code of another locality than its subject."""
    there = {place for row in rows if row.object_scheme for place in places[row.object_scheme]}
    here = {place for row in rows if row.subject_scheme for place in places[row.subject_scheme]}
    return bool(there) and not there & here


def reviews(store: Store, mappings: Iterable[str], language: str) -> dict[str, Review]:
    """Who accepted each of `mappings`."""
    found = {iri: rows for iri, rows in rows_of(store, "lineage-mappings", _Crossing, mappings).items() if rows}
    said = [row for rows in found.values() for row in rows]
    people = {row.reviewer: row.reviewer for row in said if row.reviewer}
    things = [name for name in people if ":" in name and " " not in name]
    named = references(store, [*(row.relation for row in said), *things], language)
    return {
        iri: Review(
            named[rows[0].relation],
            [named.get(name, Reference(name, label=name)) for name in dict.fromkeys(r.reviewer for r in rows) if name],
            rows[0].reviewed,
            rows[0].confidence,
        )
        for iri, rows in found.items()
    }
