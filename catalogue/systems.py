"""Which systems exchange data for a regime, an indicator or with another system, in which direction, in which state?"""

from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode

from catalogue.codes import CodeReference, codes
from catalogue.graphs import Mark
from catalogue.labels import Reference, references
from catalogue.lookup import rows_of
from catalogue.proofs import SourceReference, graph_marks, sources, strongest
from catalogue.query import Query
from catalogue.store.port import Store


@dataclass(frozen=True, slots=True)
class Exchange:
    """Data that goes from `source` to `target`; `what`: the regimes, groups or indicators it is for, as far as stated."""

    iri: str
    label: str | None
    language: str | None
    source: Reference
    target: Reference
    what: list[Reference]
    state: CodeReference | None
    basis: Reference | None
    valid_from: date | None
    valid_to: date | None
    document: SourceReference | None
    verification: Mark


@dataclass(frozen=True, slots=True)
class _Row:
    exchange: str
    source: str
    target: str
    state: str | None
    what: str | None
    basis: str | None
    valid_from: date | None
    valid_to: date | None
    graph: str


def exchanges(store: Store, *, of: NamedNode | None = None, as_of: date, language: str = "vi") -> list[Exchange]:
    """The exchanges that stand on `as_of`; `of`: only those from, to or for that thing."""
    query = Query.named("exchanges-all").bind() if of is None else Query.named("exchanges-around").bind(thing=of)
    iris = [row[0].value for row in store.select(query).rows if isinstance(row[0], NamedNode)]
    grouped = {iri: rows for iri, rows in rows_of(store, "exchange-facts", _Row, iris).items() if rows}
    rows = [row for group in grouped.values() for row in group]
    marks = graph_marks(store, (row.graph for row in rows))
    documents = sources(store, (mark.source for mark in marks.values()))
    mentioned = [i for row in rows for i in (row.exchange, row.source, row.target, row.what, row.basis) if i]
    named = references(store, mentioned, language)
    states = codes(store, (row.state for row in rows if row.state), language)
    found = []
    for iri, group in grouped.items():
        first = group[0]
        proofs = strongest(marks[row.graph] for row in group if row.graph in marks)
        begun = first.valid_from is None or first.valid_from <= as_of
        over = first.valid_to is not None and first.valid_to <= as_of
        if not begun or over:
            continue
        found.append(
            Exchange(
                iri,
                named[iri].label,
                named[iri].language,
                named[first.source],
                named[first.target],
                [named[what] for what in sorted({row.what for row in group if row.what})],
                states[first.state] if first.state else None,
                named[first.basis] if first.basis else None,
                first.valid_from,
                first.valid_to,
                documents[proofs[0].source] if proofs else None,
                proofs[0].mark if proofs else "unverified",
            )
        )
    return found
