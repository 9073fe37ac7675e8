"""Which nodes are to be checked again after a change: those that it describes, and those whose shapes look at these.

Most constraints read statements of the focus node alone. Others look further: at the class of what it refers to, at
another that bears the same code, along a chain. What they look at is read from the shapes: class and nested shapes by
their paths; a SPARQL constraint says it itself, by `shape:recheck` (see `shapes/README.md`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Triple

from catalogue.errors import Defect
from catalogue.graphs import VOCABULARY_GRAPH, made_here
from catalogue.iri import PREFIXES
from catalogue.shapes_graph import ShapesGraph
from catalogue.store.port import Change, Store, Term

MOST_NODES = 100_000
"""Nodes worth checking one by one; with more of them everything is checked."""

_BATCH = 400
Node = NamedNode | BlankNode
_TYPE = NamedNode(PREFIXES["rdf"] + "type")


@dataclass(frozen=True, slots=True)
class Reach:
    """What a constraint reads away from its focus node: when a statement `when` came or went, the pattern `find` binds
    `?this` to the focus nodes for which that matters, from its `?subject` or its `?object`. `on`: from each of these, as
    `?subject`, the pattern leads to further ones, up to `times` times. `words`: it is a constraint on the words by which
    things are described."""

    when: frozenset[NamedNode]
    find: str
    prologue: str = ""
    words: bool = False
    on: str = ""
    times: int = 0

    @property
    def start(self) -> str:
        """Where the pattern starts: at the subject or at the object."""
        return "object" if "?object" in self.find else "subject"

    def query(self, bound: str) -> str:
        """The focus nodes; `bound` is the pattern that binds the start."""
        return f"{self.prologue}SELECT DISTINCT ?this WHERE {{ {bound} {self.find} }} LIMIT {MOST_NODES + 1}"


class Affected(frozenset[Node]):
    """The nodes to be checked again, and what is known of the reason.

    `own`: of the nodes that are only affected by statements of their own, the properties of these. `users`: nodes that
    use, all together, every word of the change.
    """

    own: Mapping[Node, frozenset[str]]
    users: frozenset[Node]


def affected(store: Store, change: Change, reaches: Iterable[Reach], base: str) -> Affected | None:
    """The nodes to be checked again in `store`, which `change` (made by `publication.plan`) has been carried out on.

    None: check everything, because the vocabulary changed or more than `MOST_NODES` are affected.
    """
    quads = [*change.remove, *change.add]
    if any(quad.graph_name == VOCABULARY_GRAPH for quad in quads):
        return None
    made: Collection[object] = made_here(base)
    stated = {quad.triple for quad in quads if quad.graph_name != DefaultGraph() and quad.graph_name not in made}
    changed = {quad.triple for quad in quads if quad.graph_name == DefaultGraph()} & stated
    own: dict[Node, set[str]] = {}
    users: dict[object, Node] = {}
    by_property: dict[NamedNode, list[Triple]] = {}
    things = f"{base}id/"
    for triple in changed:
        by_property.setdefault(triple.predicate, []).append(triple)
        subject, value = triple.subject, triple.object
        if isinstance(subject, NamedNode | BlankNode):
            own.setdefault(subject, set()).add(triple.predicate.value)
            users.setdefault(triple.predicate, subject)
            if isinstance(value, NamedNode) and not value.value.startswith(things):
                users.setdefault(value, subject)
    found: set[Node] = set()
    for reach in reaches:
        touched = [triple for name in reach.when for triple in by_property.get(name, ())]
        starts = {triple.object if reach.start == "object" else triple.subject for triple in touched}
        if reach.start == "object":
            found |= {term for term in starts if isinstance(term, BlankNode)}
        for node in _reached(store, reach, starts):
            found.add(node)
            if reach.words:
                users.setdefault(node, node)
            if len(own) + len(found) > 2 * MOST_NODES:
                return None
    nodes = Affected(own.keys() | found)
    if len(nodes) > MOST_NODES:
        return None
    nodes.own = {node: frozenset(names) for node, names in own.items() if node not in found}
    nodes.users = frozenset(users.values())
    return nodes


def _reached(store: Store, reach: Reach, starts: Collection[object]) -> Iterator[Node]:
    """The focus nodes to which a reach leads, each once."""
    seen: set[Node] = set()
    step = reach
    for _ in range(reach.times + 1):
        new: set[Node] = set()
        for query in _queries(step, starts):
            more = {node for (node,) in store.select(query).rows if isinstance(node, NamedNode | BlankNode)} - seen
            yield from more
            seen |= more
            new |= more
        step, starts = replace(reach, find=reach.on), new


def _queries(reach: Reach, starts: Collection[object]) -> Iterator[str]:
    named = iter(sorted(str(term) for term in starts if isinstance(term, NamedNode)))
    while batch := list(islice(named, _BATCH)):
        yield reach.query(f"VALUES ?{reach.start} {{ {' '.join(batch)} }}")
    if reach.start == "subject" and any(isinstance(term, BlankNode) for term in starts):
        yield reach.query("FILTER(isBlank(?subject))")


def reaches(graph: ShapesGraph) -> list[Reach]:
    """What the constraints of `graph` read away from their focus nodes.

    Raises `Defect` for a SPARQL constraint that says neither by `shape:recheck` nor by `shape:local` how far it looks.
    """
    walk = _Walk(graph)
    for shape in graph.names():
        if any(graph.all(shape, name) for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")):
            walk.node(shape, ())
            for name in graph.all(shape, "targetObjectsOf"):
                walk.declared.append(Reach(frozenset({_iri(name)}), "BIND(?object AS ?this)"))
    return walk.found()


class _Walk:
    """The constraints one after the other, each with the path from the focus node to where it reads."""

    def __init__(self, graph: ShapesGraph) -> None:
        self._graph = graph
        self._read: dict[str, set[NamedNode]] = {}
        self.declared: list[Reach] = []

    def found(self) -> list[Reach]:
        """One reach for all paths over which the same properties are read."""
        finds: dict[frozenset[NamedNode], list[str]] = {}
        for find, names in self._read.items():
            finds.setdefault(frozenset(names), []).append(find)
        together = []
        for read, paths in finds.items():
            links = sorted(path for path in paths if path.startswith("<"))
            if links:
                together.append(Reach(read, f"?this ?link ?subject . FILTER(?link IN ({', '.join(links)}))"))
            together += [Reach(read, path) for path in sorted(set(paths) - set(links))]
        return together + list(dict.fromkeys(self.declared))

    def node(self, shape: Term, way: tuple[str, ...]) -> None:
        """Constraints on a node at the end of `way`."""
        if self._graph.all(shape, "class"):
            self._note(_TYPE, way)
        for name in ("node", "property"):
            for member in self._graph.all(shape, name):
                self._member(member, way)
        for head in self._graph.all(shape, "or"):
            for member in self._graph.items(head):
                self._member(member, way)
        for constraint in self._graph.all(shape, "sparql"):
            self._constraint(constraint)

    def _member(self, shape: Term, way: tuple[str, ...]) -> None:
        path = self._graph.one(shape, "path")
        if path is None:
            self.node(shape, way)
            return
        for name in ("lessThan", "disjoint"):
            for other in self._graph.all(shape, name):
                self._note(_iri(other), way)
        self.node(shape, self._along(path, way))

    def _along(self, path: Term, way: tuple[str, ...]) -> tuple[str, ...]:
        """Note what is read along `path`, and give the way to its end."""
        graph = self._graph
        alternatives, inverse = graph.one(path, "alternativePath"), graph.one(path, "inversePath")
        repeated = graph.one(path, "zeroOrMorePath")
        if isinstance(path, NamedNode):
            self._note(path, way)
        elif alternatives is not None:
            for one in graph.items(alternatives):
                self._along(one, way)
        elif inverse is not None:
            self._note(_iri(inverse), way, near="?object")
        elif repeated is not None:
            self._note(_iri(repeated), (*way, graph.path(path)))
        else:
            for step in graph.items(path):
                way = self._along(step, way)
            return way
        return (*way, graph.path(path))

    def _note(self, name: NamedNode, way: tuple[str, ...], near: str = "?subject") -> None:
        if not way:
            if near == "?object":
                self._read.setdefault("BIND(?object AS ?this)", set()).add(name)
            return  # a statement of the focus node itself
        path = "/".join(way)
        single = near == "?subject" and len(way) == 1 and path.startswith("<") and path.endswith(">")
        self._read.setdefault(path if single else f"?this {path} {near}", set()).add(name)

    def _constraint(self, constraint: Term) -> None:
        graph = self._graph
        declared = graph.own(constraint, "recheck")
        if not declared and not graph.own(constraint, "local"):
            raise Defect(
                f"{constraint} chưa nói bằng shape:recheck hay shape:local nó đọc những phát biểu nào.",
                f"{constraint} does not say, by shape:recheck or shape:local, which statements it looks at.",
            )
        for one in declared:
            find = graph.own(one, "find")[0]
            assert isinstance(find, Literal)  # noqa: S101 - a test reads every shape
            when = frozenset(_iri(name) for name in graph.own(one, "when"))
            words = bool(graph.own(constraint, "each"))
            on, times = graph.own(one, "on"), graph.own(one, "times")
            further = (str(on[0].value), int(times[0].value)) if on and times else ("", 0)
            self.declared.append(Reach(when, find.value, graph.prologue(constraint), words, *further))


def _iri(term: Term) -> NamedNode:
    if not isinstance(term, NamedNode):
        raise Defect(f"{term} cần là một thuộc tính có tên.", f"{term} needs to be a property with a name.")
    return term
