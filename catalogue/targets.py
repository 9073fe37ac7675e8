"""Which targets does a plan set, by when, how strong, and what figures are known that they could be measured by?"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pyoxigraph import NamedNode

from catalogue.codes import CodeReference, codes
from catalogue.gaps import Gap, searched_in_vain
from catalogue.graphs import MARKS, Mark
from catalogue.labels import Reference, references
from catalogue.observations import Figure, figures
from catalogue.proofs import graph_marks
from catalogue.query import Query
from catalogue.rows import records
from catalogue.store.port import Store


@dataclass(frozen=True, slots=True)
class Target:
    """One target. A qualitative one has a `statement` and no `value`; `due` is None where the plan names no day.

    `overdue`: the day is past; whether the target was met is for the `figures` to say.
    """

    iri: str
    label: str | None
    language: str | None
    indicator: Reference | None
    area: Reference | None
    operator: str | None
    value: Decimal | None
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
    """The targets of a plan, and what was looked for in vain (days, numbers)."""

    plan: Reference
    as_of: date
    targets: list[Target]
    gaps: list[Gap]


@dataclass(frozen=True, slots=True)
class _Row:
    target: str
    basis: str
    graph: str
    indicator: str | None
    area: str | None
    operator: str | None
    value: Decimal | None
    statement: str | None
    unit: str | None
    due: date | None
    strength: str | None


def of_plan(store: Store, plan: NamedNode, *, as_of: date, language: str = "vi") -> TargetList:
    """The targets that a plan (a decision or provision) sets, in the order of their keys."""
    query = Query.named("targets-of-plan")
    rows = records(_Row, store.select(query.bind(plan=plan)), query.name)
    marks = {graph: mark.mark for graph, mark in graph_marks(store, (row.graph for row in rows)).items()}
    best: dict[str, _Row] = {}
    for row in sorted(rows, key=lambda row: (MARKS.index(marks.get(row.graph, "unverified")), row.graph)):
        best.setdefault(row.target, row)
    mentioned = [i for r in best.values() for i in (r.target, r.basis, r.indicator, r.area) if i]
    named = references(store, [plan.value, *mentioned], language)
    listed = codes(store, [i for r in best.values() for i in (r.unit, r.strength) if i], language)
    known: dict[str, list[Figure]] = {}
    for figure in figures(store, [r.indicator for r in best.values() if r.indicator], language=language):
        known.setdefault(figure.indicator.iri, []).append(figure)
    targets = [
        Target(
            row.target,
            named[row.target].label,
            named[row.target].language,
            named[row.indicator] if row.indicator else None,
            named[row.area] if row.area else None,
            row.operator,
            row.value,
            row.statement,
            listed[row.unit] if row.unit else None,
            row.due,
            row.due is not None and row.due < as_of,
            listed[row.strength] if row.strength else None,
            None if row.basis == plan.value else named[row.basis],
            marks.get(row.graph, "unverified"),
            known.get(row.indicator or "", []),
        )
        for row in sorted(best.values(), key=lambda row: row.target)
    ]
    return TargetList(
        named[plan.value],
        as_of,
        targets,
        searched_in_vain(store, [plan.value, *(target.iri for target in targets)], language=language),
    )
