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
    foreign: bool


def closed(store: Store, lives: Mapping[str, tuple[date | None, date | None]], day: date) -> set[str]:
    """Those mappings that lead no further on `day`. `lives`: from when to when (excluded) each is valid."""
    crossings = rows_of(store, "lineage-mappings", _Crossing, lives)
    return {
        iri
        for iri, (start, end) in lives.items()
        if (start or day) > day or (end is not None and end <= day) or any(row.foreign for row in crossings[iri])
    }


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
