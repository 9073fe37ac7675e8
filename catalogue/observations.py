"""Figures: what is known of an indicator, and where two sources disagree. Conflicting figures both stay."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from catalogue.codes import CodeReference, codes
from catalogue.graphs import Mark
from catalogue.iri import PREFIXES, VOCABULARY
from catalogue.labels import Reference, references
from catalogue.lookup import rows_of
from catalogue.proofs import SourceReference, sources, weakest_of
from catalogue.query import Query
from catalogue.store.port import Store


@dataclass(frozen=True, slots=True)
class Figure:
    """One observation. `value` is None where the source gives a range or a rank only; `decimals`: digits as published.

    `verification`: the weakest mark of indicator, area, period, value and unit.
    """

    iri: str
    indicator: Reference
    area: Reference
    period: str
    value: Decimal | None
    decimals: int | None
    unit: CodeReference | None
    status: CodeReference | None
    dataset: Reference
    source: SourceReference
    verification: Mark


@dataclass(frozen=True, slots=True)
class FigureConflict:
    """Two figures for one indicator, area, period and unit; `difference` is second minus first."""

    indicator: Reference
    first: Figure
    second: Figure
    difference: Decimal


_MARKED = (
    VOCABULARY + "indicator",
    PREFIXES["sdmx-a"] + "unitMeasure",
    PREFIXES["sdmx-d"] + "refArea",
    PREFIXES["sdmx-d"] + "refPeriod",
    PREFIXES["sdmx-m"] + "obsValue",
)


@dataclass(frozen=True, slots=True)
class _Row:
    indicator: str
    observation: str
    area: str
    period: str
    value: Decimal | None
    decimals: int | None
    unit: str | None
    status: str | None
    dataset: str


@dataclass(frozen=True, slots=True)
class _Known:
    observation: str
    indicator: str
    area: str
    period: str
    value: Decimal | None
    decimals: int | None
    unit: str | None
    status: str | None
    dataset: str


def figures(store: Store, indicators: Iterable[str], *, language: str = "vi") -> list[Figure]:
    """The figures of `indicators`, by indicator, area and period."""
    grouped = rows_of(store, "figures", _Row, indicators)
    return _figures(store, [row for group in grouped.values() for row in group], language)


def known(store: Store, observations: Iterable[str], *, language: str = "vi") -> list[Figure]:
    """The figures `observations` (IRIs), by indicator, area and period; what is no whole observation is left out."""
    grouped = rows_of(store, "observations", _Known, observations)
    rows = [
        _Row(
            one.indicator,
            one.observation,
            one.area,
            one.period,
            one.value,
            one.decimals,
            one.unit,
            one.status,
            one.dataset,
        )
        for group in grouped.values()
        for one in group
    ]
    return _figures(store, sorted(rows, key=lambda row: (row.indicator, row.area, row.period, row.dataset)), language)


def _figures(store: Store, rows: list[_Row], language: str) -> list[Figure]:
    marks = weakest_of(store, (row.observation for row in rows), _MARKED)
    documents = sources(store, (mark.source for mark in marks.values()))
    named = references(store, (i for r in rows for i in (r.indicator, r.area, r.dataset)), language)
    listed = codes(store, (i for row in rows for i in (row.unit, row.status) if i), language)
    return [
        Figure(
            row.observation,
            named[row.indicator],
            named[row.area],
            row.period,
            row.value,
            row.decimals,
            listed[row.unit] if row.unit else None,
            listed[row.status] if row.status else None,
            named[row.dataset],
            documents[marks[row.observation].source],
            marks[row.observation].mark,
        )
        for row in {row.observation: row for row in rows}.values()
        if row.observation in marks
    ]


def conflicts(store: Store, *, limit: int = 100, language: str = "vi") -> list[FigureConflict]:
    """Where two data sets disagree, at most `limit` pairs."""
    rows = store.select(Query.named("figure-conflicts").bind(limit=limit)).rows
    pairs = [(i.value, a.value, b.value) for i, a, b in rows if i is not None and a is not None and b is not None]
    known = {
        figure.iri: figure for figure in figures(store, (indicator for indicator, _, _ in pairs), language=language)
    }
    found = []
    for _, one, other in pairs:
        first, second = known.get(one), known.get(other)
        if first and second and first.value is not None and second.value is not None:
            found.append(FigureConflict(first.indicator, first, second, second.value - first.value))
    return sorted(found, key=lambda conflict: (conflict.first.iri, conflict.second.iri))
