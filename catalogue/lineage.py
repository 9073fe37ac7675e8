"""Lineage: what a thing rests on, what rests on it, and how two things are tied, each edge with its proof.

A property is an edge of lineage if and only if the ontology declares it under `chiso:restsOn` (up) or `chiso:grounds`
(down); the walk knows no property by name. Issuers and parent units are no lineage: they are hubs that tie everything
to everything. A lapsed basis is shown as lapsed, never dropped.

The walk goes over the lineage graph that publication makes: one look-up gives all steps from a thing, each with the
graph that states it. Names and days are asked for at the end, all at once. Only a mapping is asked at once whether it is
valid: what is not the same any more ties nothing, so the walk shows a mapping that has lapsed and ends there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pyoxigraph import NamedNode

from catalogue import crossings
from catalogue.crossings import Review
from catalogue.errors import Invalid
from catalogue.gaps import Gap, searched_in_vain
from catalogue.graphs import MARKS, Mark, read_edge
from catalogue.labels import Reference, days_of, kind_of, references
from catalogue.lookup import rows_of
from catalogue.proofs import GraphMark, SourceReference, graph_marks, sources, strongest
from catalogue.store.port import Store

Direction = Literal["up", "down", "both"]

DEPTH = 12
LIMIT = 5_000


@dataclass(frozen=True, slots=True)
class Node:
    """A thing met on the walk.

    `distance`: steps from the thing asked about, negative upward. `verification`: the weakest mark along the best path
    to it. `lapsed`: its validity ended on or before the date asked for; `upcoming`: it begins, or its document was issued,
    after that date. `review`: of a mapping, who accepted it and when.
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
    review: Review | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """One statement of lineage: `start` rests on or grounds `end` by `relation`, as the graph states it.

    `sources`: who says so, best proof first. `verification`: the mark of the best of them. The validity is the time in
    which both ends are valid; `lapsed` and `upcoming` as of its ends.
    """

    start: str
    end: str
    relation: Reference
    sources: list[SourceReference]
    valid_from: date | None
    valid_to: date | None
    lapsed: bool
    upcoming: bool
    verification: Mark


@dataclass(frozen=True, slots=True)
class Lineage:
    """Everything above or below a thing, nearest first. `truncated`: a limit was reached and there is more.

    `gaps`: what was looked for in vain about the thing itself, its legal basis for instance.
    """

    of: Reference
    as_of: date
    direction: Direction
    nodes: list[Node]
    edges: list[Edge]
    gaps: list[Gap]
    truncated: bool


Statement = tuple[str, str, str]
"""Subject, relation and object of one statement of lineage, as its graphs have it."""


@dataclass(frozen=True, slots=True)
class Stated:
    """The pair (dependent, ground) that one statement ties, and the graphs that state it."""

    dependent: str
    ground: str
    graphs: list[str]


@dataclass(frozen=True, slots=True)
class Reach:
    """Who was met at which distance, and the statements walked over. `truncated`: a limit was reached."""

    distances: dict[str, int]
    statements: dict[Statement, Stated]
    truncated: bool

    @property
    def pairs(self) -> set[tuple[str, str]]:
        """The pairs (dependent, ground) that the statements tie."""
        return {(one.dependent, one.ground) for one in self.statements.values()}


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
    distances, statements, truncated = walk(
        store, thing.value, direction=direction, as_of=as_of, depth=depth, limit=limit
    )
    nodes, edges = describe(store, thing.value, distances, statements, as_of=as_of, language=language)
    of = next(node for node in nodes if node.iri == thing.value)
    return Lineage(
        Reference(of.iri, of.kind, of.label, of.language),
        as_of,
        direction,
        nodes,
        edges,
        searched_in_vain(store, [thing.value], language=language),
        truncated,
    )


def walk(
    store: Store, start: str, *, direction: Direction, as_of: date, depth: int = DEPTH, limit: int = LIMIT
) -> tuple[dict[str, int], dict[Statement, Stated], bool]:
    """What is above `start` (distance below zero), below it, or both; the statements; whether a limit was reached."""
    distances: dict[str, int] = {start: 0}
    statements: dict[Statement, Stated] = {}
    truncated = False
    for one in ("up", "down") if direction == "both" else (direction,):
        found = reach(store, start, up=one == "up", as_of=as_of, depth=depth, limit=limit)
        truncated = truncated or found.truncated
        statements |= found.statements
        for iri, steps in found.distances.items():
            distances.setdefault(iri, -steps if one == "up" else steps)
    return distances, statements, truncated


@dataclass(frozen=True, slots=True)
class _Step:
    dependent: str
    edge: str
    ground: str


def reach(
    store: Store, start: str, *, up: bool, as_of: date, depth: int = DEPTH, limit: int = LIMIT, end: str | None = None
) -> Reach:
    """Walk from `start` in one direction, step by step, until nothing new is met, `end` is met, or a limit is reached.

    Mappings are crossed as they are valid on `as_of`.
    """
    distances = {start: 0}
    statements: dict[Statement, Stated] = {}
    frontier = [start]
    most = 10 * limit
    for step in range(1, depth + 1):
        rows = rows_of(store, "lineage-up" if up else "lineage-down", _Step, frontier, most=most)
        met: dict[str, None] = {}
        count = 0
        for found in rows.values():
            count += len(found)
            for one in found:
                other = one.ground if up else one.dependent
                if other not in distances and other not in met:
                    if len(distances) + len(met) >= limit:
                        return Reach(distances | dict.fromkeys(met, step), statements, truncated=True)
                    met[other] = None
                _add(statements, one)
        distances |= dict.fromkeys(met, step)
        mappings = [iri for iri in met if kind_of(iri) == "mapping"]
        ended = crossings.closed(store, lives(store, mappings), as_of) if mappings else set()
        frontier = [iri for iri in met if iri not in ended]
        if count >= most:
            return Reach(distances, statements, truncated=True)
        if not frontier or (end is not None and end in met):
            return Reach(distances, statements, truncated=False)
    return Reach(distances, statements, truncated=bool(frontier))


def beside(store: Store, things: Sequence[str], most: int) -> tuple[dict[Statement, Stated], bool]:
    """The statements that tie any of `things` to something, and whether `most` rows in one direction cut them."""
    statements: dict[Statement, Stated] = {}
    cut = False
    for name in ("lineage-up", "lineage-down"):
        found = rows_of(store, name, _Step, things, most=most)
        cut = cut or sum(map(len, found.values())) >= most
        for rows in found.values():
            for row in rows:
                _add(statements, row)
    return statements, cut


def _add(statements: dict[Statement, Stated], step: _Step) -> None:
    graph, relation, rests_on = read_edge(step.edge)
    ends = (step.dependent, step.ground) if rests_on else (step.ground, step.dependent)
    known = statements.get((ends[0], relation, ends[1]))
    if known is None:
        statements[ends[0], relation, ends[1]] = Stated(step.dependent, step.ground, [graph])
    elif graph not in known.graphs:
        known.graphs.append(graph)


@dataclass(frozen=True, slots=True)
class _Life:
    thing: str
    valid_from: date | None
    valid_to: date | None


def lives(store: Store, things: Iterable[str]) -> dict[str, tuple[date | None, date | None]]:
    """The validity (from, to exclusive) of each of `things`."""
    return {
        iri: (rows[0].valid_from, rows[0].valid_to) if rows else (None, None)
        for iri, rows in rows_of(store, "validity", _Life, things).items()
    }


def describe(
    store: Store,
    start: str,
    distances: dict[str, int],
    statements: dict[Statement, Stated],
    *,
    as_of: date,
    language: str,
) -> tuple[list[Node], list[Edge]]:
    """Nodes and edges in full, nearest first: labels, validity, level, and the proof of every edge."""
    life = lives(store, distances)
    inside = {key: one for key, one in statements.items() if one.dependent in distances and one.ground in distances}
    proofs = _proofs(store, inside)
    named = references(store, distances, language)
    issued = days_of(store, [iri for iri in distances if named[iri].kind == "decision"])
    upcoming = {iri for iri in distances if (life[iri][0] or issued.get(iri) or as_of) > as_of}
    edges = _edges(store, proofs, life, upcoming, as_of, language)
    marks: dict[str, Mark] = {}
    for up in (True, False):
        if any(distance < 0 if up else distance > 0 for distance in distances.values()):
            marks |= _best_marks(start, inside, proofs, up=up)
    marks[start] = "confirmed"
    levels = levels_of(store, [iri for iri in distances if named[iri].kind in ("decision", "provision", "agency")])
    decided = crossings.reviews(store, (iri for iri in distances if named[iri].kind == "mapping"), language)
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
                upcoming=iri in upcoming,
                verification=marks.get(iri, "unverified"),
                distance=distance,
                review=decided.get(iri),
            )
        )
    nodes.sort(key=lambda node: (abs(node.distance), node.distance, node.iri))
    order = {node.iri: number for number, node in enumerate(nodes)}
    edges.sort(key=lambda edge: (max(order[edge.start], order[edge.end]), edge.relation.iri, edge.start, edge.end))
    return nodes, edges


def _proofs(store: Store, statements: dict[Statement, Stated]) -> dict[Statement, list[GraphMark]]:
    """The graphs with a mark that state each statement, best first; statements without any are absent."""
    marks = graph_marks(store, (graph for one in statements.values() for graph in one.graphs))
    # Few combinations of graphs state thousands of edges: each is ranked once.
    ranked: dict[tuple[str, ...], list[GraphMark]] = {}
    found = {}
    for key, one in statements.items():
        graphs = tuple(one.graphs)
        if graphs not in ranked:
            ranked[graphs] = strongest(marks[graph] for graph in graphs if graph in marks)
        if ranked[graphs]:
            found[key] = ranked[graphs]
    return found


def _edges(
    store: Store,
    proved: dict[Statement, list[GraphMark]],
    life: dict[str, tuple[date | None, date | None]],
    upcoming: set[str],
    as_of: date,
    language: str,
) -> list[Edge]:
    combinations = {id(proofs): proofs for proofs in proved.values()}
    documents = sources(store, (proof.source for proofs in combinations.values() for proof in proofs))
    said_by = {number: [documents[proof.source] for proof in proofs] for number, proofs in combinations.items()}
    relations = references(store, {relation for _, relation, _ in proved}, language)
    edges = []
    for (subject, relation, target), proofs in proved.items():
        (from_one, to_one), (from_other, to_other) = life[subject], life[target]
        valid_from = max(from_one, from_other) if from_one and from_other else from_one or from_other
        valid_to = min(to_one, to_other) if to_one and to_other else to_one or to_other
        edges.append(
            Edge(
                subject,
                target,
                relations[relation],
                said_by[id(proofs)],
                valid_from,
                valid_to,
                lapsed=valid_to is not None and valid_to <= as_of,
                upcoming=subject in upcoming or target in upcoming,
                verification=proofs[0].mark,
            )
        )
    return edges


def marks_above(store: Store, thing: NamedNode, *, as_of: date, limit: int = LIMIT) -> dict[str, tuple[int, Mark]]:
    """Everything that `thing` rests on, with the number of steps and the mark of the best path: lineage without words."""
    found = reach(store, thing.value, up=True, as_of=as_of, limit=limit)
    marks = _best_marks(thing.value, found.statements, _proofs(store, found.statements), up=True)
    return {iri: (steps, marks[iri]) for iri, steps in found.distances.items() if steps and iri in marks}


def ties(store: Store, things: Iterable[str], relation: str) -> dict[tuple[str, str], Mark]:
    """What each of `things` rests on directly by `relation`: (thing, ground) → mark of the best graph that states it."""
    statements: dict[Statement, Stated] = {}
    for rows in rows_of(store, "lineage-up", _Step, things, most=10 * LIMIT).values():
        for row in rows:
            _add(statements, row)
    named = {key: one for key, one in statements.items() if key[1] == relation}
    return {(named[key].dependent, named[key].ground): proofs[0].mark for key, proofs in _proofs(store, named).items()}


def _best_marks(
    start: str, statements: dict[Statement, Stated], proved: dict[Statement, list[GraphMark]], *, up: bool
) -> dict[str, Mark]:
    """For each node the mark of the best path to it: first over confirmed edges alone, then admitting weaker ones."""
    by_mark: dict[Mark, list[tuple[str, str]]] = {mark: [] for mark in MARKS}
    for key, proofs in proved.items():
        one = statements[key]
        by_mark[proofs[0].mark].append((one.dependent, one.ground) if up else (one.ground, one.dependent))
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
