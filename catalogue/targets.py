"""Which targets does a plan set, by when, how strong, and what figures are known that they could be measured by?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pyoxigraph import NamedNode

from catalogue.codes import CodeReference, codes
from catalogue.gaps import Gap, searched_in_vain
from catalogue.graphs import Mark
from catalogue.iri import PREFIXES, VOCABULARY
from catalogue.labels import Reference, references
from catalogue.lookup import rows_of
from catalogue.observations import Figure, figures
from catalogue.proofs import weakest_of
from catalogue.query import Query
from catalogue.store.port import Store


@dataclass(frozen=True, slots=True)
class Target:
    """One target. A qualitative one has a `statement` and no `value`; `due` is None where the plan names no day.

    `upper_value`: the other end of a range, of which `value` is the lower one. `verification`: the weakest mark of
    indicator, operator, value, unit and day. `overdue`: the day is past; whether the target was met is for the `figures` to say.
    """

    iri: str
    label: str | None
    language: str | None
    indicator: Reference | None
    area: Reference | None
    operator: str | None
    value: Decimal | None
    upper_value: Decimal | None
    statement: str | None
    unit: CodeReference | None
    due: date | None
    overdue: bool
    strength: CodeReference | None
    provision: Reference | None
    verification: Mark
    figures: list[Figure]


@dataclass(frozen=True, slots=True)
class TargetList:
    """The targets of a plan, and what was looked for in vain (days, numbers). `next_cursor`: where they were cut into pages."""

    plan: Reference
    as_of: date
    targets: list[Target]
    gaps: list[Gap]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    target: str
    basis: str | None
    indicator: str | None
    area: str | None
    operator: str | None
    value: Decimal | None
    upper_value: Decimal | None
    statement: str | None
    unit: str | None
    due: date | None
    strength: str | None


_MARKED = (
    VOCABULARY + "indicator",
    VOCABULARY + "operator",
    VOCABULARY + "value",
    VOCABULARY + "upperValue",
    VOCABULARY + "statement",
    VOCABULARY + "due",
    PREFIXES["sdmx-a"] + "unitMeasure",
)


def of_plan(store: Store, plan: NamedNode, *, as_of: date, language: str = "vi") -> TargetList:
    """The targets that a plan (a decision or provision) sets, or those of an indicator set, in the order of their keys."""
    reached = store.select(Query.named("targets-reach").bind(plan=plan)).rows
    iris = sorted(row[0].value for row in reached if row[0] is not None)
    targets = known(store, iris, as_of=as_of, plan=plan.value, language=language)
    return TargetList(
        references(store, [plan.value], language)[plan.value],
        as_of,
        targets,
        searched_in_vain(store, [plan.value, *(target.iri for target in targets)], language=language),
    )


def known(
    store: Store,
    iris: Iterable[str],
    *,
    as_of: date,
    plan: str | None = None,
    measured: bool = True,
    language: str = "vi",
) -> list[Target]:
    """The targets `iris` in this order. `plan`: where they are read, which is not named again as their provision;
    `measured`: with the figures of their indicators."""
    found = rows_of(store, "targets", _Row, iris)
    rows = [group[0] for group in found.values() if group]
    marks = weakest_of(store, found, _MARKED)
    named = references(store, [i for r in rows for i in (r.target, r.basis, r.indicator, r.area) if i], language)
    listed = codes(store, [i for r in rows for i in (r.unit, r.strength) if i], language)
    figured: dict[str, list[Figure]] = {}
    for figure in figures(store, [r.indicator for r in rows if r.indicator] if measured else [], language=language):
        figured.setdefault(figure.indicator.iri, []).append(figure)
    return [
        Target(
            row.target,
            named[row.target].label,
            named[row.target].language,
            named[row.indicator] if row.indicator else None,
            named[row.area] if row.area else None,
            row.operator,
            row.value,
            row.upper_value,
            row.statement,
            listed[row.unit] if row.unit else None,
            row.due,
            row.due is not None and row.due < as_of,
            listed[row.strength] if row.strength else None,
            named[row.basis] if row.basis and row.basis != plan else None,
            marks[row.target].mark if row.target in marks else "unverified",
            figured.get(row.indicator or "", []),
        )
        for row in rows
    ]
