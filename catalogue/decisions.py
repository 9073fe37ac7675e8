"""Decisions as the legal proof of a step: number, day, issuer, validity, and the provision in them."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from catalogue.graphs import Mark
from catalogue.labels import Reference, decisions_of, references
from catalogue.lookup import rows_of
from catalogue.proofs import graph_marks, strongest
from catalogue.store.port import Store


@dataclass(frozen=True, slots=True)
class DecisionReference:
    """A law, decree, decision, plan …: identified by type, number, day and issuer together.

    `number` and `date` are None where no source gives them. `in_force`: on the date asked for, as far as the graph
    knows; a document is not in force before the day it bears, whatever else is unknown. `period_over`: the period that the plan itself names, with the years for which it
    gives orientation (“định hướng đến năm 2030”), has ended by then; nothing ends by that alone.
    """

    iri: str
    label: str | None
    number: str | None
    date: datetime.date | None
    issuer: Reference | None
    title: str | None
    valid_from: datetime.date | None
    valid_to: datetime.date | None
    in_force: bool
    period_over: bool
    verification: Mark


@dataclass(frozen=True, slots=True)
class _Row:
    decision: str
    graph: str
    number: str | None
    date: datetime.date | None
    issuer: str | None
    title: str | None
    valid_from: datetime.date | None
    valid_to: datetime.date | None
    period_to: str | None
    orientation_to: str | None


def of_bases(
    store: Store, bases: Iterable[str], *, as_of: datetime.date, language: str = "vi"
) -> dict[str, DecisionReference]:
    """For each basis (a provision, or a decision itself) the decision that it is part of. Unknown bases are absent."""
    # Many bases are provisions of few decisions, and what is known of a decision is read once.
    parts = decisions_of(store, bases)
    known = rows_of(store, "decisions", _Row, parts.values())
    grouped = {iri: known[decision] for iri, decision in parts.items() if known[decision]}
    rows = [row for group in known.values() for row in group]
    marks = graph_marks(store, (row.graph for row in rows))
    named = references(store, [i for row in rows for i in (row.decision, row.issuer) if i], language)
    found = {}
    for basis, group in grouped.items():
        proofs = strongest(marks[row.graph] for row in group if row.graph in marks)
        if not proofs:
            continue
        first = group[0]
        ends = [row.valid_to for row in group if row.valid_to]
        begins = [row.valid_from for row in group if row.valid_from]
        valid_from, valid_to = min(begins, default=None), min(ends, default=None)
        found[basis] = DecisionReference(
            first.decision,
            named[first.decision].label,
            first.number,
            first.date,
            named[first.issuer] if first.issuer else None,
            first.title,
            valid_from,
            valid_to,
            in_force=((valid_from or first.date or as_of) <= as_of) and (valid_to is None or valid_to > as_of),
            period_over=_is_over(first, as_of),
            verification=proofs[0].mark,
        )
    return found


def _is_over(row: _Row, as_of: datetime.date) -> bool:
    years = [int(year[:4]) for year in (row.period_to, row.orientation_to) if year]
    return bool(years) and max(years) < as_of.year
