"""Proofs: which source says a statement, how sure we are of it, and the words it says it with."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from catalogue.graphs import MARKS, Mark, mark_of
from catalogue.query import Query
from catalogue.rows import records
from catalogue.store.port import Store


@dataclass(frozen=True, slots=True)
class SourceReference:
    """A source document: its title, the words quoted from it, the place in it, and the address where it can be read.

    `address` is a web address, or the text by which the source was recorded where no address is known.
    """

    iri: str
    document: str | None = None
    quotation: str | None = None
    place: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class GraphMark:
    """What a named graph says of itself: its mark and its source."""

    graph: str
    mark: Mark
    source: str


@dataclass(frozen=True, slots=True)
class _MarkRow:
    graph: str
    mark: str
    source: str


def graph_marks(store: Store, graphs: Iterable[str]) -> dict[str, GraphMark]:
    """Mark and source of each of `graphs`; graphs that bear no mark (the catalogue's own) are absent."""
    wanted = [NamedNode(graph) for graph in dict.fromkeys(graphs)]
    if not wanted:
        return {}
    query = Query.named("graph-marks")
    found = records(_MarkRow, store.select(query.bind(graphs=wanted)), query.name)
    return {row.graph: GraphMark(row.graph, mark_of(row.mark), row.source) for row in found}


def strongest(marks: Iterable[GraphMark]) -> list[GraphMark]:
    """Several graphs that say one thing, best proof first: confirmed before inferred before unverified."""
    return sorted(marks, key=lambda one: (MARKS.index(one.mark), one.graph))


@dataclass(frozen=True, slots=True)
class _SourceRow:
    source: str
    title: str | None
    page: str | None
    identifier: str | None


def sources(store: Store, iris: Iterable[str]) -> dict[str, SourceReference]:
    """The source documents `iris` by IRI; every IRI asked for is a key of the answer."""
    wanted = list(dict.fromkeys(iris))
    if not wanted:
        return {}
    query = Query.named("sources")
    found: dict[str, SourceReference] = {}
    for row in records(_SourceRow, store.select(query.bind(sources=[NamedNode(i) for i in wanted])), query.name):
        found.setdefault(row.source, SourceReference(row.source, row.title, address=row.page or row.identifier))
    return found


@dataclass(frozen=True, slots=True)
class _QuotationRow:
    quotation: str
    text: str
    source: str
    place: str | None


def quotations(store: Store, iris: Iterable[str]) -> dict[str, SourceReference]:
    """The quotations `iris` by IRI, each with the source it was taken from. An IRI that is itself a source is kept."""
    wanted = list(dict.fromkeys(iris))
    if not wanted:
        return {}
    query = Query.named("quotations")
    rows = records(_QuotationRow, store.select(query.bind(quotations=[NamedNode(i) for i in wanted])), query.name)
    quoted = {row.quotation: row for row in rows}
    documents = sources(store, [*(row.source for row in rows), *(iri for iri in wanted if iri not in quoted)])
    found = {}
    for iri in wanted:
        if iri in quoted:
            row = quoted[iri]
            found[iri] = replace(documents[row.source], quotation=row.text, place=row.place)
        else:
            found[iri] = documents[iri]
    return found
