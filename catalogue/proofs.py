"""Proofs: which source says a statement, how sure we are of it, and the words it says it with."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from catalogue.graphs import MARKS, Mark, mark_of
from catalogue.lookup import ask, rows_of
from catalogue.store.port import Store
from catalogue.store.remembering import Remembering


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
    found = rows_of(store, "graph-marks", _MarkRow, graphs)
    return {graph: GraphMark(graph, mark_of(rows[0].mark), rows[0].source) for graph, rows in found.items() if rows}


def strongest(marks: Iterable[GraphMark]) -> list[GraphMark]:
    """Several graphs that say one thing, best proof first: confirmed before inferred before unverified."""
    return sorted(marks, key=lambda one: (MARKS.index(one.mark), one.graph))


@dataclass(frozen=True, slots=True)
class _GraphRow:
    thing: str
    graph: str


@dataclass(frozen=True, slots=True)
class _PropertyRow:
    thing: str
    property: str
    graph: str


def weakest_of(store: Store, things: Iterable[str], properties: Iterable[str]) -> dict[str, GraphMark]:
    """For each of `things` the weakest proof among those of its `properties`, each by the best graph that states it.

    A figure whose value is confirmed and whose period is inferred is inferred. Things without any of them are absent.
    """
    counted = frozenset(properties)
    wanted = list(dict.fromkeys(things))
    known: dict[str, list[GraphMark]] = {}
    if isinstance(store, Remembering):
        kept = {iri: store.memory.get(("weakest", counted, iri)) for iri in wanted}
        known = {iri: marks for iri, marks in kept.items() if marks is not None}
    missing = [iri for iri in wanted if iri not in known]
    if missing:
        fresh = _weakest(store, missing, counted)
        if isinstance(store, Remembering):
            store.remember({("weakest", counted, iri): marks for iri, marks in fresh.items()})
        known |= fresh
    return {iri: known[iri][0] for iri in wanted if known[iri]}


def _weakest(store: Store, things: list[str], counted: frozenset[str]) -> dict[str, list[GraphMark]]:
    """One mark for each thing, none where no graph with a mark states any of the properties."""
    properties = frozenset(map(NamedNode, counted))
    graphs = ask(store, "stating-graphs", _GraphRow, things, properties=properties)
    # Mostly one graph states all of them; only of what several state does it matter which states what.
    several = [thing for thing, rows in graphs.items() if len(rows) > 1]
    stated = {thing: [("", row.graph) for row in rows] for thing, rows in graphs.items()}
    if several:
        rows_of_several = ask(store, "property-graphs", _PropertyRow, several, properties=properties)
        stated |= {thing: [(row.property, row.graph) for row in rows] for thing, rows in rows_of_several.items()}
    weakest = weakest_stated(store, stated)
    return {thing: [weakest[thing]] if thing in weakest else [] for thing in things}


def weakest_stated(store: Store, stated: Mapping[str, Collection[tuple[str, str]]]) -> dict[str, GraphMark]:
    """The same of what was read already: of each thing the properties and the graphs that state them, side by side."""
    marks = graph_marks(store, (graph for pairs in stated.values() for _, graph in pairs))
    found: dict[str, GraphMark] = {}
    for thing, pairs in stated.items():
        proofs: dict[str, list[GraphMark]] = {}
        for property_, graph in pairs:
            if graph in marks:
                proofs.setdefault(property_, []).append(marks[graph])
        if proofs:
            found[thing] = strongest(strongest(one)[0] for one in proofs.values())[-1]
    return found


@dataclass(frozen=True, slots=True)
class _SourceRow:
    source: str
    title: str | None
    page: str | None
    identifier: str | None


def sources(store: Store, iris: Iterable[str]) -> dict[str, SourceReference]:
    """The source documents `iris` by IRI; every IRI asked for is a key of the answer."""
    return {
        iri: SourceReference(iri, rows[0].title, address=rows[0].page or rows[0].identifier)
        if rows
        else SourceReference(iri)
        for iri, rows in rows_of(store, "sources", _SourceRow, iris).items()
    }


@dataclass(frozen=True, slots=True)
class _QuotationRow:
    quotation: str
    text: str
    source: str
    place: str | None


def quotations(store: Store, iris: Iterable[str]) -> dict[str, SourceReference]:
    """The quotations `iris` by IRI, each with the source it was taken from. An IRI that is itself a source is kept."""
    quoted = rows_of(store, "quotations", _QuotationRow, iris)
    documents = sources(store, (rows[0].source if rows else iri for iri, rows in quoted.items()))
    return {
        iri: replace(documents[rows[0].source], quotation=rows[0].text, place=rows[0].place) if rows else documents[iri]
        for iri, rows in quoted.items()
    }
