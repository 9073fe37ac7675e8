"""What must be true of the catalogue: the shapes, asked of a store as queries, and the judge that can be called for any data.

`check` is what the build uses: every constraint is one query (see `shacl`), and every failure is told to the sources
that state it. `report` is SHACL as the standard describes it, by pySHACL, slower and complete.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode, RdfFormat

from catalogue import rdf
from catalogue.errors import Invalid
from catalogue.graphs import VOCABULARY_GRAPH
from catalogue.shacl import Check, Severity, Shapes, Term
from catalogue.shipped import ONTOLOGY, SHAPES
from catalogue.store.port import Store

if TYPE_CHECKING:
    from rdflib import Graph

_SUBCLASSES = """SELECT ?below ?above WHERE { ?below <http://www.w3.org/2000/01/rdf-schema#subClassOf> ?above }"""


@dataclass(frozen=True, slots=True)
class Violation:
    """One failure, told to one source.

    `source` and `graph` say where the failing statements stand (None: in no graph that was given). `focus` is the thing
    that fails, `path` the property and `value` the value, where there is one. `shape` names the rule, `severity` how
    grave it is: only a Violation keeps a source out.
    """

    source: str | None
    graph: NamedNode | None
    focus: Term
    path: NamedNode | None
    value: Term | None
    shape: NamedNode
    severity: Severity
    message_vi: str
    message_en: str


@dataclass(frozen=True, slots=True)
class Failure:
    """One row of a check, before it is told to a source."""

    check: Check
    focus: Term
    value: Term | None


def check(store: Store, *, graphs: Mapping[NamedNode, str]) -> list[Violation]:
    """All failures in `store`, each told to the sources of the graphs that state it.

    `graphs` maps a named graph to the key of its source. The default graph must be the union of all data, the vocabulary
    included. Sorted by source, shape and focus; the same for the same data.
    """
    failed = failures(store)
    stated = _statements(store, {one.focus for one in failed}, graphs)
    found = set()
    for one in failed:
        places: list[NamedNode] = (
            _places(one, stated) if one.focus != VOCABULARY_GRAPH else _users(store, one.value, graphs)
        )
        told: list[NamedNode | None] = [*places] or [None]
        for graph in told:
            source = graphs[graph] if graph else None
            vi, en = _message(one, "vi"), _message(one, "en")
            rule = one.check
            found.add(Violation(source, graph, one.focus, rule.path, one.value, rule.shape, rule.severity, vi, en))
    return sorted(found, key=lambda v: (v.source or "", v.shape.value, str(v.focus), str(v.value), str(v.graph)))


def failures(store: Store) -> list[Failure]:
    """Every row of every check, without repetition."""
    found: dict[tuple[NamedNode, Term, Term | None], Failure] = {}
    for one in shipped_shapes().checks(_classes_below(store)):
        solutions = store.select(one.query)
        for row in solutions.rows:
            focus, value = row[0], row[1] if len(row) > 1 else None
            if focus is not None:
                found.setdefault((one.shape, focus, value), Failure(one, focus, value))
    return list(found.values())


@cache
def shipped_shapes() -> Shapes:
    """The shapes that ship with the package."""
    return Shapes(sorted(SHAPES.glob("*.ttl")))


def _classes_below(store: Store) -> dict[str, set[str]]:
    direct: defaultdict[str, set[str]] = defaultdict(set)
    for below, above in store.select(_SUBCLASSES).rows:
        if isinstance(below, NamedNode) and isinstance(above, NamedNode):
            direct[above.value].add(below.value)

    def reach(name: str, seen: set[str]) -> set[str]:
        for below in direct.get(name, set()) - seen:
            seen.add(below)
            reach(below, seen)
        return seen

    return {name: reach(name, set()) for name in list(direct)}


_Stated = Mapping[Term, list[tuple[NamedNode, Term | None, Term | None]]]


def _statements(store: Store, nodes: Iterable[Term], graphs: Mapping[NamedNode, str]) -> _Stated:
    """For each node the graph, property and value of every statement about it."""
    found: defaultdict[Term, list[tuple[NamedNode, Term | None, Term | None]]] = defaultdict(list)
    named = sorted(str(node) for node in nodes if isinstance(node, NamedNode))
    blocks = [f"VALUES ?node {{ {' '.join(named[at : at + 500])} }}" for at in range(0, len(named), 500)]
    if any(isinstance(node, BlankNode) for node in nodes):
        # A blank node cannot be asked for by name: it is found among all of them.
        blocks.append("FILTER(isBlank(?node))")
    for block in blocks:
        query = f"SELECT ?node ?graph ?property ?value WHERE {{ {block} GRAPH ?graph {{ ?node ?property ?value }} }}"
        for node, graph, name, value in store.select(query).rows:
            if isinstance(graph, NamedNode) and graph in graphs and node is not None:
                found[node].append((graph, name, value))
    return found


def _places(failure: Failure, stated: _Stated) -> list[NamedNode]:
    """The graphs to which a failure is told: those with the very statement, else with its property, else with its node."""
    about = stated.get(failure.focus, [])
    path, value = failure.check.path, failure.value
    exact = [graph for graph, name, given in about if path is not None and name == path and given == value]
    same = [graph for graph, name, _ in about if path is not None and name == path]
    return sorted(set(exact or same or [graph for graph, _, _ in about]), key=lambda graph: graph.value)


def _users(store: Store, term: Term | None, graphs: Mapping[NamedNode, str]) -> list[NamedNode]:
    """The graphs that use a word of the vocabulary as a property, a class or a code."""
    if not isinstance(term, NamedNode):
        return []
    query = f"SELECT DISTINCT ?graph WHERE {{ GRAPH ?graph {{ {{ ?a {term} ?b }} UNION {{ ?a ?b {term} }} }} }}"
    found = [graph for (graph,) in store.select(query).rows if isinstance(graph, NamedNode) and graph in graphs]
    return sorted(found, key=lambda graph: graph.value)


def _message(failure: Failure, language: str) -> str:
    messages = failure.check.messages
    text = messages.get(language) or messages.get("en") or f"{failure.check.shape.value}"
    for name, term in (("this", failure.focus), ("value", failure.value)):
        written = "" if term is None else str(term.value)
        text = text.replace(f"{{${name}}}", written).replace(f"{{?{name}}}", written)
    return text


# --- the judge

# pySHACL and this module switch a flag of rdflib for the whole process; one report at a time, and the flag goes back.
_FLAG = threading.Lock()


@dataclass(frozen=True, slots=True)
class Report:
    """A SHACL validation report: whether the data conforms, the report graph, and the report as text for people."""

    conforms: bool
    graph: "Graph"
    text: str


def report(data: "Graph | str | bytes", shapes: "Graph | str | bytes | None" = None) -> Report:
    """The standard's report on `data` (an rdflib graph, or Turtle) by pySHACL, under the shipped or the given `shapes`.

    With the shipped shapes the vocabulary is added to the data. Give Turtle rather than a graph where dates matter:
    rdflib drops the zone of a date when it parses, and here it does not. Raises `Invalid` for Turtle that cannot be
    parsed and for shapes that pySHACL refuses.
    """
    import pyshacl  # slow to import, and used on this path alone
    import rdflib

    with _FLAG:
        normalize = rdflib.NORMALIZE_LITERALS
        rdflib.NORMALIZE_LITERALS = False
        try:
            read = data if isinstance(data, rdflib.Graph) else _parse(data, "data")
            if shapes is None:
                rules, vocabulary = _shipped_graphs()
                read = read + vocabulary
            else:
                rules = shapes if isinstance(shapes, rdflib.Graph) else _parse(shapes, "shapes")
            conforms, graph, text = pyshacl.validate(
                read, shacl_graph=rules, inference="none", inplace=read is not data
            )
        except (ValueError, RecursionError, pyshacl.errors.ReportableRuntimeError) as error:
            raise _refused(error) from error
        finally:
            rdflib.NORMALIZE_LITERALS = normalize
    if not isinstance(graph, rdflib.Graph):
        raise _refused(graph)
    return Report(bool(conforms), graph, str(text))


@cache
def _shipped_graphs() -> "tuple[Graph, Graph]":
    """The shapes and the vocabulary for pySHACL; read with the flag off, like the data."""
    return _parse_all(SHAPES.glob("*.ttl")), _parse_all(ONTOLOGY.rglob("*.ttl"))


def _refused(error: object) -> Invalid:
    return Invalid(f"pySHACL không kiểm tra được: {error}", f"pySHACL could not validate: {error}")


def _parse(turtle: str | bytes, place: str) -> "Graph":
    """Turtle as an rdflib graph, read by our parser: its errors say line and column, and no document makes it stumble."""
    import rdflib

    given = turtle.encode() if isinstance(turtle, str) else turtle
    triples = [quad.triple for quad in rdf.parse(given, RdfFormat.TURTLE, place)]
    return rdflib.Graph().parse(data=rdf.serialise(triples, RdfFormat.N_TRIPLES), format="nt")


def _parse_all(paths: Iterable[Path]) -> "Graph":
    import rdflib

    graph = rdflib.Graph()
    for path in sorted(paths):
        graph.parse(path, format="turtle")
    return graph
