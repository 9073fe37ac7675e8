"""What must be true of the catalogue: the shapes, asked of a store as queries, and the judge that can be called for any data.

`check` is what the build uses: every constraint is one query (see `shacl`), and every failure is told to the sources
that state it. `report` is SHACL as the standard describes it, by pySHACL, slower and complete.
"""

import threading
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, RdfFormat, Triple

from catalogue import rdf
from catalogue.errors import Invalid
from catalogue.graphs import VOCABULARY_GRAPH
from catalogue.iri import PREFIXES
from catalogue.reach import Affected, Reach, affected, reaches
from catalogue.shacl import Check, Severity, Shapes, Target, screened
from catalogue.shipped import ONTOLOGY, SHAPES
from catalogue.store.port import NODES_PER_QUERY, Change, Pattern, Store, Term, batches

if TYPE_CHECKING:
    from rdflib import Graph

_TYPE = NamedNode(PREFIXES["rdf"] + "type")

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
    told: tuple[Term | None, ...] = ()


def check(
    store: Store, *, graphs: Mapping[NamedNode, str], nodes: Collection[NamedNode | BlankNode] | None = None
) -> list[Violation]:
    """All failures in `store`, each told to the sources of the graphs that state it; with `nodes`, only the failures of
    these nodes (and of the words by which they are described), at a cost that follows their number.

    `graphs` maps a named graph to the key of its source. The default graph must be the union of all data, the vocabulary
    included. Sorted by source, shape and focus; the same for the same data.
    """
    failed = failures(store, nodes)
    stated = _statements(store, {one.focus for one in failed}, graphs)
    found = set()
    for one in failed:
        places: list[NamedNode] = (
            _places(one, stated) if one.focus != VOCABULARY_GRAPH else _users(store, one.value, graphs)
        )
        told: list[NamedNode | None] = [*places] or [None]
        for graph in told:
            source = graphs[graph] if graph else None
            vi, en = message(one, "vi"), message(one, "en")
            rule = one.check
            found.add(Violation(source, graph, one.focus, rule.path, one.value, rule.shape, rule.severity, vi, en))
    return sorted(found, key=lambda v: (v.source or "", v.shape.value, str(v.focus), str(v.value), str(v.graph)))


def failures(
    store: Store,
    nodes: Collection[NamedNode | BlankNode] | None = None,
    *,
    about: NamedNode | None = None,
    severities: Collection[Severity] = ("Violation", "Warning", "Info"),
) -> list[Failure]:
    """Every row of every check, without repetition; with `nodes`, of what these nodes are checked for; with `about` (a
    class), of the checks of its members alone; of these `severities`."""
    checks = _checks(
        frozenset((above, below) for above, all_below in _classes_below(store).items() for below in all_below)
    )
    if about is not None:
        checks = [one for one in checks if about in one.target.classes]
    checks = [one for one in checks if one.severity in severities]
    focused = None if nodes is None else _Focused(store, nodes, checks)
    found: dict[tuple[NamedNode, Term, Term | None], Failure] = {}
    for one in checks:
        before = len(found)
        for query in [one.query] if focused is None else focused.queries(one):
            for row in store.select(query).rows:
                focus, value = row[0], row[1] if len(row) > 1 else None
                if focus is not None and (focused is None or focused.covers(one, focus)):
                    failure = Failure(one, focus, value, tuple(row[2:]))
                    key = one.shape, focus, value
                    # Of several rows about the same the first in order is told, whatever the order of the engine.
                    if key not in found or str(failure.told) < str(found[key].told):
                        found[key] = failure
            if one.most is not None and len(found) - before >= one.most:
                break
    return list(found.values())


def changed_nodes(store: Store, change: Change, base: str) -> Affected | None:
    """The nodes that `check` must look at again in `store` after `change`, which `publication.plan` made and which has
    been carried out; None where everything is to be checked.

    Every failure that the change brought about is then found: a test breaks each constraint through another node.
    """
    return affected(store, change, _shipped_reaches(), base)


@cache
def _shipped_reaches() -> list[Reach]:
    return reaches(shipped_shapes().graph)


class _Focused:
    """Some nodes, sorted by what they are checked for."""

    def __init__(self, store: Store, nodes: Collection[NamedNode | BlankNode], checks: Sequence[Check]) -> None:
        self._nodes = frozenset(nodes)
        self._users = nodes.users if isinstance(nodes, Affected) else self._nodes
        # Nodes of which the same properties changed; under None those that may be affected in any way.
        self._by_change: defaultdict[frozenset[str] | None, set[NamedNode | BlankNode]] = defaultdict(set)
        own = nodes.own if isinstance(nodes, Affected) else {}
        for node in self._nodes:
            self._by_change[own.get(node)].add(node)
        self._known: dict[tuple[Target, frozenset[str] | None], frozenset[NamedNode | BlankNode]] = {}
        targets = {one.target for one in checks}
        union = DefaultGraph()
        self._by_class: defaultdict[Term, set[NamedNode | BlankNode]] = defaultdict(set)
        self._by_property: defaultdict[tuple[str, NamedNode], set[NamedNode | BlankNode]] = defaultdict(set)
        subjects_of = frozenset[NamedNode]().union(*(target.subjects_of for target in targets)) | {_TYPE}
        for said in _said(store, self._nodes, subjects_of):
            if said.predicate == _TYPE:
                self._by_class[said.object].add(said.subject)  # type: ignore[arg-type,index]
            else:
                self._by_property["of", said.predicate].add(said.subject)  # type: ignore[arg-type]
        self._by_property["of", _TYPE] = {node for held in self._by_class.values() for node in held}
        objects_of = frozenset[NamedNode]().union(*(target.objects_of for target in targets))
        for quad in store.match(Pattern(None, name, node, union) for name in objects_of for node in self._nodes):
            self._by_property["to", quad.predicate].add(quad.object)  # type: ignore[arg-type]

        self._failing = self._screened(store, checks)

    def queries(self, one: Check) -> Iterator[str]:
        """The queries by which these nodes are checked: none where the check is not about any of them."""
        about = self._users if one.each is not None else self._about(one)
        named = _named(about if one.test is None else about & self._failing)
        for at in range(0, len(named), NODES_PER_QUERY):
            yield one.among(named[at : at + NODES_PER_QUERY])
        if any(isinstance(node, BlankNode) for node in about):
            yield one.among_nameless()

    def _screened(self, store: Store, checks: Iterable[Check]) -> set[NamedNode | BlankNode]:
        """The nodes that fail a check which has a test: all tests of the same nodes are asked for at once."""
        tests: defaultdict[frozenset[NamedNode | BlankNode], list[str]] = defaultdict(list)
        for one in checks:
            if one.test is not None and (about := self._about(one)):
                tests[about].append(one.test)
        failing: set[NamedNode | BlankNode] = set()
        for about, several in tests.items():
            named = _named(about)
            for at in range(0, len(named), NODES_PER_QUERY):
                rows = store.select(screened(several, named[at : at + NODES_PER_QUERY])).rows
                failing.update(node for (node,) in rows if isinstance(node, NamedNode))
        return failing

    def _about(self, one: Check) -> frozenset[NamedNode | BlankNode]:
        """The nodes that are to be checked by `one`."""
        key = one.target, one.reads
        if key not in self._known:
            held, reads = self._held(one.target), one.reads
            self._known[key] = (
                held
                if reads is None
                else frozenset().union(
                    *(held & nodes for names, nodes in self._by_change.items() if names is None or names & reads)
                )
            )
        return self._known[key]

    def covers(self, one: Check, focus: Term) -> bool:
        """Whether a failure of `focus` was asked for: a question about all blank nodes finds others too."""
        return one.each is not None or focus in self._nodes

    def _held(self, target: Target) -> frozenset[NamedNode | BlankNode]:
        return frozenset().union(
            self._nodes & target.nodes,
            *(self._by_class[one] for one in target.classes),
            *(self._by_property["of", name] for name in target.subjects_of),
            *(self._by_property["to", name] for name in target.objects_of),
        )


def _said(
    store: Store, nodes: Collection[NamedNode | BlankNode], properties: Collection[NamedNode]
) -> Iterator[Triple]:
    """What the union says of `nodes` by `properties`: read node by node and not statement by statement."""
    wanted = ", ".join(sorted(map(str, properties)))
    for named in batches(nodes):
        query = f"SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {named} }} ?s ?p ?o FILTER(?p IN ({wanted})) }}"
        yield from (Triple(s, p, o) for s, p, o in store.select(query).rows)  # type: ignore[arg-type]
    nameless = [node for node in nodes if isinstance(node, BlankNode)]
    for quad in store.match(Pattern(node, name, None, DefaultGraph()) for node in nameless for name in properties):
        yield quad.triple


def _named(nodes: Iterable[NamedNode | BlankNode]) -> list[str]:
    """Those of `nodes` that have a name, as SPARQL writes it, sorted."""
    return sorted(str(node) for node in nodes if isinstance(node, NamedNode))


@lru_cache(maxsize=4)
def _checks(below: frozenset[tuple[str, str]]) -> list[Check]:
    """The shipped shapes as queries, under pairs of a class and one below it."""
    subclasses: defaultdict[str, set[str]] = defaultdict(set)
    for above, one in below:
        subclasses[above].add(one)
    return shipped_shapes().checks(subclasses)


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
    for quad in store.match(Pattern(node) for node in nodes if not isinstance(node, Literal)):
        graph, node, value = quad.graph_name, quad.subject, quad.object
        if isinstance(graph, NamedNode) and graph in graphs and not isinstance(node, Triple):
            found[node].append((graph, quad.predicate, None if isinstance(value, Triple) else value))
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


def message(failure: Failure, language: str) -> str:
    """What the rule says of a failure in a language, with the terms of its row."""
    messages = failure.check.messages
    text = messages.get(language) or messages.get("en") or f"{failure.check.shape.value}"
    told = zip(failure.check.told, failure.told, strict=True)
    for name, term in (("this", failure.focus), ("value", failure.value), *told):
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


@cache
def graph_class() -> "type[Graph]":
    """An rdflib graph that reads the text of a query once: pySHACL sends the same text for every node that it looks at,
    and reading takes longer than answering."""
    import rdflib
    from rdflib.plugins.sparql import prepareQuery

    namespaces = dict(rdflib.Graph().namespaces())
    prepared = lru_cache(maxsize=1000)(lambda text: prepareQuery(text, initNs=namespaces))

    class Remembering(rdflib.Graph):
        def query(self, query_object: Any, *given: Any, **named: Any) -> Any:
            return super().query(
                prepared(query_object) if isinstance(query_object, str) else query_object, *given, **named
            )

    return Remembering


def _parse(turtle: str | bytes, place: str) -> "Graph":
    """Turtle as an rdflib graph, read by our parser: its errors say line and column, and no document makes it stumble."""
    given = turtle.encode() if isinstance(turtle, str) else turtle
    triples = [quad.triple for quad in rdf.parse(given, RdfFormat.TURTLE, place)]
    return graph_class()().parse(data=rdf.serialise(triples, RdfFormat.N_TRIPLES), format="nt")


def _parse_all(paths: Iterable[Path]) -> "Graph":
    import rdflib

    graph = rdflib.Graph()
    for path in sorted(paths):
        graph.parse(path, format="turtle")
    return graph
