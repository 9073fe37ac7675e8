"""Lineage: what a thing rests on, what rests on it, and how two things are tied, each edge with its proof.

A property is an edge of lineage if and only if the ontology declares it under `chiso:restsOn` (up) or `chiso:grounds`
(down); the walk knows no property by name. Issuers and parent units are no lineage: they are hubs that tie everything
to everything. A lapsed basis is shown as lapsed, never dropped.

The walk first reaches along the derived `chiso:restsOn` edges, then asks for the statements behind the edges found:
reach and describe in one query was a thousand times slower.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pyoxigraph import NamedNode

from catalogue.errors import Invalid
from catalogue.graphs import MARKS, Mark
from catalogue.iri import VOCABULARY
from catalogue.labels import Reference, references
from catalogue.lookup import rows_of
from catalogue.proofs import GraphMark, SourceReference, graph_marks, sources, strongest
from catalogue.query import Query
from catalogue.store.port import Store

Direction = Literal["up", "down", "both"]

DEPTH = 12
LIMIT = 5_000


@dataclass(frozen=True, slots=True)
class Node:
    """A thing met on the walk.

    `distance`: steps from the thing asked about, negative upward. `verification`: the weakest mark along the best path
    to it. `lapsed`: its validity ended on or before the date asked for; `upcoming`: it begins after that date.
    """

    iri: str
    kind: str | None
    label: str | None
    language: str | None
    level: str | None
    valid_from: date | None
    valid_to: date | None
    lapsed: bool
    upcoming: bool
    verification: Mark
    distance: int


@dataclass(frozen=True, slots=True)
class Edge:
    """One statement of lineage: `start` rests on or grounds `end` by `relation`, as the graph states it.

    `sources`: who says so, best proof first. `verification`: the mark of the best of them. The validity is the time in
    which both ends are valid.
    """

    start: str
    end: str
    relation: Reference
    sources: list[SourceReference]
    valid_from: date | None
    valid_to: date | None
    lapsed: bool
    verification: Mark


@dataclass(frozen=True, slots=True)
class Lineage:
    """Everything above or below a thing, nearest first. `truncated`: a limit was reached and there is more."""

    of: Reference
    as_of: date
    direction: Direction
    nodes: list[Node]
    edges: list[Edge]
    truncated: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """Who was met at which distance, and the pairs (dependent, ground) between them."""

    distances: dict[str, int]
    pairs: dict[tuple[str, str], None]
    truncated: bool


def around(
    store: Store,
    thing: NamedNode,
    *,
    direction: Direction,
    as_of: date,
    depth: int = DEPTH,
    limit: int = LIMIT,
    language: str = "vi",
) -> Lineage:
    """The lineage of `thing`: what makes us do it (up), what it touches (down), or both.

    `depth`: most steps; `limit`: most nodes. Raises `Invalid` for a direction that does not exist.
    """
    if direction not in ("up", "down", "both"):
        raise Invalid(
            f"Chiều “{direction}” không có; hãy dùng up, down hoặc both.",
            f"There is no direction “{direction}”; use up, down or both.",
        )
    distances: dict[str, int] = {thing.value: 0}
    pairs: dict[tuple[str, str], None] = {}
    truncated = False
    for one in ("up", "down") if direction == "both" else (direction,):
        found = reach(store, thing.value, up=one == "up", depth=depth, limit=limit)
        truncated = truncated or found.truncated
        pairs |= found.pairs
        for iri, steps in found.distances.items():
            distances.setdefault(iri, -steps if one == "up" else steps)
    nodes, edges = describe(store, thing.value, distances, pairs, as_of=as_of, language=language)
    of = next(node for node in nodes if node.iri == thing.value)
    return Lineage(Reference(of.iri, of.kind, of.label, of.language), as_of, direction, nodes, edges, truncated)


def reach(
    store: Store, start: str, *, up: bool, depth: int = DEPTH, limit: int = LIMIT, end: str | None = None
) -> Reach:
    """Walk from `start` in one direction, step by step, until nothing new is met, `end` is met, or a limit is reached."""
    query = Query.named("lineage-up" if up else "lineage-down")
    distances = {start: 0}
    pairs: dict[tuple[str, str], None] = {}
    frontier = [start]
    for step in range(1, depth + 1):
        rows = store.select(query.bind(frontier=[NamedNode(iri) for iri in frontier])).rows
        met: dict[str, None] = {}
        for dependent, ground in rows:
            if not (isinstance(dependent, NamedNode) and isinstance(ground, NamedNode)):
                continue
            other = ground.value if up else dependent.value
            if other not in distances and other not in met:
                if len(distances) + len(met) >= limit:
                    return Reach(distances | dict.fromkeys(met, step), pairs, truncated=True)
                met[other] = None
            pairs[dependent.value, ground.value] = None
        distances |= dict.fromkeys(met, step)
        frontier = list(met)
        if not frontier or (end is not None and end in met):
            return Reach(distances, pairs, truncated=False)
    return Reach(distances, pairs, truncated=bool(frontier))


@dataclass(frozen=True, slots=True)
class _Life:
    thing: str
    valid_from: date | None
    valid_to: date | None


def lives(store: Store, things: Iterable[str]) -> dict[str, tuple[date | None, date | None]]:
    """The validity (from, to exclusive) of each of `things`."""
    return {
        iri: (rows[0].valid_from, rows[0].valid_to) for iri, rows in rows_of(store, "validity", _Life, things).items()
    }


def describe(
    store: Store,
    start: str,
    distances: dict[str, int],
    pairs: Iterable[tuple[str, str]],
    *,
    as_of: date,
    language: str,
) -> tuple[list[Node], list[Edge]]:
    """Nodes and edges in full, nearest first: labels, validity, level, and the proof of every edge."""
    life = lives(store, distances)
    stated = _statements(store, [pair for pair in pairs if pair[0] in distances and pair[1] in distances])
    edges = _edges(store, stated, life, as_of, language)
    marks = _best_marks(start, stated, up=False) | _best_marks(start, stated, up=True)
    named = references(store, distances, language)
    levels = levels_of(store, [iri for iri in distances if named[iri].kind in ("decision", "provision", "agency")])
    nodes = []
    for iri, distance in distances.items():
        valid_from, valid_to = life.get(iri, (None, None))
        nodes.append(
            Node(
                iri,
                named[iri].kind,
                named[iri].label,
                named[iri].language,
                levels.get(iri),
                valid_from,
                valid_to,
                lapsed=valid_to is not None and valid_to <= as_of,
                upcoming=valid_from is not None and valid_from > as_of,
                verification=marks.get(iri, "unverified"),
                distance=distance,
            )
        )
    nodes.sort(key=lambda node: (abs(node.distance), node.distance, node.iri))
    order = {node.iri: number for number, node in enumerate(nodes)}
    edges.sort(key=lambda edge: (max(order[edge.start], order[edge.end]), edge.relation.iri, edge.start, edge.end))
    return nodes, edges


@dataclass(frozen=True, slots=True)
class _Stated:
    """The proofs of one statement, best first, and the pair (dependent, ground) that it ties."""

    dependent: str
    ground: str
    proofs: list[GraphMark]


def _edges(
    store: Store,
    stated: dict[tuple[str, str, str], _Stated],
    life: dict[str, tuple[date | None, date | None]],
    as_of: date,
    language: str,
) -> list[Edge]:
    documents = sources(store, (proof.source for one in stated.values() for proof in one.proofs))
    relations = references(store, (relation for _, relation, _ in stated), language)
    edges = []
    for (subject, relation, target), one in stated.items():
        begins = [day for day in (life[subject][0], life[target][0]) if day]
        ends = [day for day in (life[subject][1], life[target][1]) if day]
        valid_to = min(ends, default=None)
        edges.append(
            Edge(
                subject,
                target,
                relations[relation],
                [documents[proof.source] for proof in one.proofs],
                max(begins, default=None),
                valid_to,
                lapsed=valid_to is not None and valid_to <= as_of,
                verification=one.proofs[0].mark,
            )
        )
    return edges


@dataclass(frozen=True, slots=True)
class _Pointing:
    direction: str
    property: str


def _statements(store: Store, pairs: list[tuple[str, str]]) -> dict[tuple[str, str, str], _Stated]:
    """The authored statements (subject, relation, object) behind pairs (dependent, ground), with their proofs."""
    if not pairs:
        return {}
    pointing = rows_of(store, "lineage-properties", _Pointing, [VOCABULARY + "restsOn", VOCABULARY + "grounds"])
    directions = {row.property: row.direction == VOCABULARY + "restsOn" for rows in pointing.values() for row in rows}
    both_ways = [(NamedNode(a), NamedNode(b)) for a, b in pairs] + [(NamedNode(b), NamedNode(a)) for a, b in pairs]
    wanted = set(pairs)
    said: dict[tuple[str, str, str], list[str]] = {}
    for row in store.select(Query.named("lineage-proof").bind(pairs=both_ways)).rows:
        subject, relation, target, graph = (term.value if term is not None else "" for term in row)
        rests = directions.get(relation)
        if rests is not None and ((subject, target) if rests else (target, subject)) in wanted:
            said.setdefault((subject, relation, target), []).append(graph)
    marks = graph_marks(store, (graph for graphs in said.values() for graph in graphs))
    proved = {}
    for (subject, relation, target), graphs in said.items():
        proofs = strongest(marks[graph] for graph in graphs if graph in marks)
        if proofs:
            dependent, ground = (subject, target) if directions[relation] else (target, subject)
            proved[subject, relation, target] = _Stated(dependent, ground, proofs)
    return proved


def marks_above(store: Store, thing: NamedNode, *, limit: int = LIMIT) -> dict[str, tuple[int, Mark]]:
    """Everything that `thing` rests on, with the number of steps and the mark of the best path: lineage without words."""
    found = reach(store, thing.value, up=True, limit=limit)
    marks = _best_marks(thing.value, _statements(store, list(found.pairs)), up=True)
    return {iri: (steps, marks[iri]) for iri, steps in found.distances.items() if steps and iri in marks}


def _best_marks(start: str, stated: dict[tuple[str, str, str], _Stated], *, up: bool) -> dict[str, Mark]:
    """For each node the mark of the best path to it: first over confirmed edges alone, then admitting weaker ones."""
    by_mark: dict[Mark, list[tuple[str, str]]] = {mark: [] for mark in MARKS}
    for one in stated.values():
        pair = (one.dependent, one.ground) if up else (one.ground, one.dependent)
        by_mark[one.proofs[0].mark].append(pair)
    found: dict[str, Mark] = {start: "confirmed"}
    neighbours: dict[str, list[str]] = {}
    for mark in MARKS:
        for a, b in by_mark[mark]:
            neighbours.setdefault(a, []).append(b)
        frontier = list(found)
        while frontier:
            following = []
            for iri in frontier:
                for other in neighbours.get(iri, ()):
                    if other not in found:
                        found[other] = mark
                        following.append(other)
            frontier = following
    return found


@dataclass(frozen=True, slots=True)
class _Level:
    thing: str
    level: str


def levels_of(store: Store, things: Iterable[str]) -> dict[str, str]:
    """The level of government (`quoc-gia`, `tinh`, …) of decisions by their issuer, of agencies by themselves."""
    found = rows_of(store, "levels", _Level, things)
    return {iri: rows[0].level.rpartition("/")[2] for iri, rows in found.items() if rows}
