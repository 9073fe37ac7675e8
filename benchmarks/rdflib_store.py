"""The store port over an rdflib `Dataset` in memory, so that the very same `.rq` files can be asked there.

For comparison only: it loads and reads, and does not write.
"""

from collections.abc import Iterable, Iterator
from typing import Any, cast

import rdflib
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import Query
from rdflib.term import Variable

from catalogue.errors import Defect
from catalogue.store.port import Change, Pattern, Solutions, Term


class RdflibStore:
    """A `Store` whose engine is rdflib."""

    def __init__(self) -> None:
        self._dataset = rdflib.Dataset(default_union=False)

    def load(self, quads: Iterable[Quad]) -> None:
        """Add quads."""
        default = self._dataset.graph(DATASET_DEFAULT_GRAPH_ID)
        graphs: dict[str, Any] = {}

        def converted() -> Iterable[Any]:
            for quad in quads:
                if isinstance(quad.graph_name, DefaultGraph):
                    graph: Any = default
                else:
                    name = cast(NamedNode, quad.graph_name).value
                    graph = graphs.get(name)
                    if graph is None:
                        graph = graphs[name] = self._dataset.graph(rdflib.URIRef(name))
                yield _to(quad.subject), _to(quad.predicate), _to(quad.object), graph

        self._dataset.addN(converted())

    def select(self, query: str) -> Solutions:
        """The solutions of a SELECT query."""
        answer = self._dataset.query(_prepared(query))
        variables = tuple(str(variable) for variable in answer.vars or ())
        return Solutions(variables, [tuple(_from(term) for term in cast(Any, row)) for row in answer])

    def texts(self, query: str) -> Iterator[list[str]]:
        """The solutions of a SELECT query as bare texts."""
        return iter([["" if term is None else term.value for term in row] for row in self.select(query).rows])

    def ask(self, query: str) -> bool:
        """The answer of an ASK query."""
        return bool(self._dataset.query(_prepared(query)).askAnswer)

    def construct(self, query: str) -> list[Triple]:
        """The triples of a CONSTRUCT query."""
        return [_triple(row) for row in self._dataset.query(_prepared(query))]

    def graph_names(self) -> list[NamedNode]:
        """The named graphs."""
        found = (graph.identifier for graph in self._dataset.graphs())
        return sorted((NamedNode(str(name)) for name in found if name != DATASET_DEFAULT_GRAPH_ID), key=str)

    def graph(self, name: NamedNode | None) -> list[Triple]:
        """All triples of one graph."""
        found = self._dataset.graph(DATASET_DEFAULT_GRAPH_ID if name is None else rdflib.URIRef(name.value))
        return [_triple(row) for row in found]

    def match(self, patterns: Iterable[Pattern]) -> list[Quad]:
        """The quads that fit one of `patterns`."""
        found: dict[Quad, None] = {}
        for pattern in patterns:
            graph = _graph_id(pattern.graph)
            wanted = (None if term is None else _to(term) for term in pattern[:3])
            for *row, name in self._dataset.quads((*wanted, graph)):
                default = name is None or name == DATASET_DEFAULT_GRAPH_ID
                triple = _triple(row)
                inside = DefaultGraph() if default else NamedNode(str(name))
                found[Quad(triple.subject, triple.predicate, triple.object, inside)] = None
        return list(found)

    def apply(self, change: Change) -> None:  # noqa: ARG002 - the port's name
        """Not here."""
        raise Defect("Kho này chỉ để đọc.", "This store is for reading.")

    def close(self) -> None:
        """Nothing is held."""


def _prepared(query: str) -> Query:
    """The query, with the variables of its VALUES blocks made known to rdflib.

    rdflib overlooks them, and then drops a row of VALUES that an OPTIONAL does not fit, as soon as it fits any other
    thing (RDFLib/rdflib#2332). It also reads the whole store to find that out, so this makes rdflib quicker, too.
    """
    prepared = prepareQuery(query)
    _make_known(prepared.algebra)
    return prepared


def _make_known(part: Any) -> set[Variable]:
    """Add the variables of VALUES blocks below `part` to those that rdflib knows of it."""
    if isinstance(part, list | tuple):
        return set().union(*map(_make_known, part))
    if not isinstance(part, CompValue):
        return set()
    if part.name == "values":
        found = {variable for row in part.res for variable in row}
    else:
        found = set().union(*(_make_known(below) for key, below in part.items() if key != "_vars"))
    if "_vars" in part:
        part["_vars"] = part["_vars"] | found
    return set() if part.name == "SubSelect" else found


def _graph_id(graph: NamedNode | DefaultGraph | None) -> Any:
    if graph is None:
        return None
    return DATASET_DEFAULT_GRAPH_ID if isinstance(graph, DefaultGraph) else rdflib.URIRef(graph.value)


def _triple(row: Any) -> Triple:
    subject, predicate, value = (_from(term) for term in row)
    return Triple(cast(Any, subject), cast(Any, predicate), cast(Any, value))


def _to(term: Any) -> Any:
    match term:
        case NamedNode():
            return rdflib.URIRef(term.value)
        case BlankNode():
            return rdflib.BNode(term.value)
        case _ if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        case _ if term.datatype.value == "http://www.w3.org/2001/XMLSchema#string":
            return rdflib.Literal(term.value)
        case _:
            return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value))


def _from(term: Any) -> Term | None:
    match term:
        case None:
            return None
        case rdflib.URIRef():
            return NamedNode(str(term))
        case rdflib.BNode():
            return BlankNode(str(term))
        case _ if term.language:
            return Literal(str(term), language=term.language)
        case _ if term.datatype:
            return Literal(str(term), datatype=NamedNode(str(term.datatype)))
        case _:
            return Literal(str(term))
