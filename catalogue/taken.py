"""What was taken from a source document: the things it describes, kind by kind, with the best mark of each."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from catalogue.graphs import MARKS, Mark, mark_of
from catalogue.iri import KINDS
from catalogue.labels import Reference, kind_of, references
from catalogue.query import Query
from catalogue.rows import records
from catalogue.store.port import Store

MOST = 600
"""Statements of a class that are read; a source may describe tens of thousands of things."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The things of one kind that a source describes."""

    kind: str
    things: list[tuple[Reference, Mark]]


@dataclass(frozen=True, slots=True)
class _Row:
    thing: str
    mark: str


def of(store: Store, source: NamedNode, *, language: str = "vi") -> tuple[list[Taken], bool]:
    """What `source` describes, in the order of kinds, quotations left out; whether there is more than was read."""
    query = Query.named("source-things")
    rows = records(_Row, store.select(query.bind(source=source, limit=MOST + 1)), query.name)
    marks: dict[str, Mark] = {}
    for row in rows[:MOST]:
        mark = mark_of(row.mark)
        known = marks.get(row.thing)
        if known is None or MARKS.index(mark) < MARKS.index(known):
            marks[row.thing] = mark
    kinds: dict[str, list[str]] = {}
    for iri in marks:
        kind = kind_of(iri)
        if kind is not None and kind != "quote" and "#" not in iri:
            kinds.setdefault(kind, []).append(iri)
    named = references(store, (iri for iris in kinds.values() for iri in iris), language)
    order = list(KINDS)
    found = [
        Taken(kind, [(named[iri], marks[iri]) for iri in sorted(iris, key=lambda iri: named[iri].label or iri)])
        for kind, iris in sorted(kinds.items(), key=lambda one: order.index(one[0]) if one[0] in order else len(order))
    ]
    return found, len(rows) > MOST
