"""The neighbourhood of a thing as people draw it: lineage in which an assignment is a tie, “unit — leads → task”.

The graph keeps an assignment as a thing of its own, between unit, object and decision. In a picture it would be a box
between every two boxes that matter; here it becomes the tie it stands for, with its role, its mark and its proof.
"""

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from pyoxigraph import NamedNode

from catalogue.gaps import Gap, searched_in_vain
from catalogue.graphs import MARKS, Mark, weakest
from catalogue.iri import PREFIXES, VOCABULARY
from catalogue.labels import Reference, duties_of, kind_of, references
from catalogue.lineage import Direction, Edge, Node, Stated, Statement, beside, describe, walk
from catalogue.lookup import rows_of
from catalogue.proofs import SourceReference
from catalogue.store.port import Store

ASSIGNMENT = "responsibility"
MOST_BESIDE = 2_000
"""Most statements looked at around a thing that is opened, in one direction."""

_SCHEMES = frozenset({"area-scheme", "code-scheme"})
"""Lists of thousands of codes, which nobody opens in a picture."""

_FOR, _BASIS, _UNIT = VOCABULARY + "for", VOCABULARY + "basis", PREFIXES["cv"] + "hasParticipant"


@dataclass(frozen=True, slots=True)
class Tie:
    """One tie as it is said: `start` — `relation` → `end`; `ground`: the one of the two that the other rests on.

    `assignment`: the IRI of the assignment that it stands for. `verification`: the weakest of the statements that it is
    made of. `lapsed`, `upcoming`: as of the day asked about.
    """

    start: str
    end: str
    ground: str
    relation: Reference
    sources: list[SourceReference]
    verification: Mark
    lapsed: bool
    upcoming: bool
    assignment: str | None = None

    @property
    def dependent(self) -> str:
        """The end that rests on the other."""
        return self.start if self.ground == self.end else self.end


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Things and ties around `of`. `beyond`: how many more things each of them is tied to, without all that a limit cut
    off. `truncated`: a limit was reached. A node bears the weakest mark along the best way to it.
    """

    of: Reference
    as_of: date
    nodes: list[Node]
    ties: list[Tie]
    beyond: dict[str, int]
    gaps: list[Gap]
    truncated: bool


def around(
    store: Store,
    thing: NamedNode,
    *,
    direction: Direction,
    as_of: date,
    depth: int,
    limit: int,
    opened: Iterable[str] = (),
    language: str = "vi",
) -> Neighbourhood:
    """The lineage of `thing`, and what the things `opened` (IRIs) are tied to beside it."""
    centre = thing.value
    distances, statements, truncated = walk(store, centre, direction=direction, as_of=as_of, depth=depth, limit=limit)
    for iri in opened:
        if iri in distances:
            truncated = _open(store, iri, distances, statements, limit) or truncated
    nodes, edges = describe(store, centre, distances, statements, as_of=as_of, language=language)
    grounds = {key: one.ground for key, one in statements.items()}
    nodes, ties = folded(store, nodes, edges, grounds, keep={centre}, language=language)
    marks = marks_along(centre, ties)
    nodes = [replace(node, verification=marks.get(node.iri, node.verification)) for node in nodes]
    of = next(node for node in nodes if node.iri == centre)
    return Neighbourhood(
        Reference(of.iri, of.kind, of.label, of.language),
        as_of,
        nodes,
        ties,
        _beyond(store, nodes, statements.values()),
        searched_in_vain(store, [centre], language=language),
        truncated,
    )


def _open(store: Store, iri: str, distances: dict[str, int], statements: dict[Statement, Stated], limit: int) -> bool:
    """Add what `iri` is tied to, through an assignment too. Returns whether something was left out."""
    step = abs(distances[iri])
    frontier = [iri]
    for further in (1, 2):
        found, cut = beside(store, frontier, MOST_BESIDE)
        statements |= found
        met = list(dict.fromkeys(end for one in found.values() for end in (one.dependent, one.ground)))
        fresh = [end for end in met if end not in distances]
        room = max(0, limit - len(distances))
        distances |= dict.fromkeys(fresh[:room], step + further)
        if cut or len(fresh) > room:
            return True
        # An assignment that was met before may have been seen from one of its three sides alone.
        frontier = [end for end in met if kind_of(end) == ASSIGNMENT]
        if not frontier:
            break
    return False


@dataclass(frozen=True, slots=True)
class _Degree:
    thing: str
    others: int


def _beyond(store: Store, nodes: list[Node], statements: Collection[Stated]) -> dict[str, int]:
    """How many things each node is tied to that the walk did not meet."""
    counted = [node.iri for node in nodes if node.kind not in _SCHEMES]
    met: dict[str, set[str]] = {iri: set() for iri in counted}
    for one in statements:
        for here, there in ((one.dependent, one.ground), (one.ground, one.dependent)):
            if here in met:
                met[here].add(there)
    degrees = rows_of(store, "lineage-degree", _Degree, counted)
    left = {iri: rows[0].others - len(met[iri]) for iri, rows in degrees.items() if rows}
    return {iri: count for iri, count in left.items() if count > 0}


def folded(
    store: Store,
    nodes: list[Node],
    edges: list[Edge],
    grounds: Mapping[Statement, str],
    *,
    keep: Collection[str],
    language: str,
) -> tuple[list[Node], list[Tie]]:
    """Things and ties, with every assignment but those to `keep` as a tie between unit and object.

    `grounds`: of each statement, which of its ends the other rests on.
    """
    away = {node.iri for node in nodes if node.kind == ASSIGNMENT and node.iri not in keep}
    ties: dict[tuple[str, str, str], Tie] = {}
    parts: dict[str, list[Edge]] = {}
    for edge in edges:
        if edge.start in away:
            parts.setdefault(edge.start, []).append(edge)
        elif edge.end not in away:
            key = (edge.start, edge.relation.iri, edge.end)
            ties[key] = Tie(
                edge.start,
                edge.end,
                grounds[key],
                edge.relation,
                edge.sources,
                edge.verification,
                edge.lapsed,
                edge.upcoming,
            )
    duties = duties_of(store, parts)
    roles = references(store, {row.role for rows in duties.values() for row in rows}, language)
    tied = {frozenset((tie.start, tie.end)) for tie in ties.values()}
    for iri, own in parts.items():
        said = {(row.unit, roles[row.role].iri): roles[row.role] for row in duties[iri]}
        for tie in _assigned(iri, own, said, tied):
            ties.setdefault((tie.start, tie.relation.iri, tie.end), tie)
    met = {end for tie in ties.values() for end in (tie.start, tie.end)} | set(keep)
    order = {node.iri: number for number, node in enumerate(nodes)}
    return (
        [node for node in nodes if node.iri in met],
        sorted(ties.values(), key=lambda tie: (max(order[tie.start], order[tie.end]), tie.relation.iri, tie.start)),
    )


def _assigned(
    iri: str, own: list[Edge], roles: Mapping[tuple[str, str], Reference], tied: Collection[frozenset[str]]
) -> list[Tie]:
    """The ties that one assignment stands for: unit with object, and object with decision where nothing else says so."""
    about = [edge for edge in own if edge.relation.iri == _FOR]
    units = [edge for edge in own if edge.relation.iri == _UNIT]
    bases = [edge for edge in own if edge.relation.iri == _BASIS]

    def tie(start: str, end: str, relation: Reference, edges: tuple[Edge, Edge]) -> Tie:
        first = edges[0]
        return Tie(
            start,
            end,
            end,
            relation,
            first.sources,
            weakest(*(edge.verification for edge in edges)),
            any(edge.lapsed for edge in edges),
            any(edge.upcoming for edge in edges),
            iri,
        )

    found = []
    for unit in units:
        for what in about or bases:
            found += [
                tie(unit.end, what.end, role if about else _under(role), (unit, what))
                for (holder, _), role in roles.items()
                if holder == unit.end and unit.end != what.end
            ]
    for what in about:
        found += [
            tie(what.end, base.end, base.relation, (base, what))
            for base in bases
            if what.end != base.end and frozenset((what.end, base.end)) not in tied
        ]
    return found


def _under(role: Reference) -> Reference:
    """A role in what a decision asks for, where the picture holds the decision and not what it is about."""
    if not role.label:
        return role
    said = f"{role.label} việc theo" if role.language == "vi" else f"{role.label}, for work under"
    return replace(role, label=said)


def marks_along(start: str, ties: Iterable[Tie]) -> dict[str, Mark]:
    """For each thing the weakest mark along the best way to it from `start`."""
    by_mark: dict[Mark, dict[str, list[str]]] = {mark: {} for mark in MARKS}
    for tie in ties:
        for here, there in ((tie.start, tie.end), (tie.end, tie.start)):
            by_mark[tie.verification].setdefault(here, []).append(there)
    found: dict[str, Mark] = {start: "confirmed"}
    for number, mark in enumerate(MARKS):
        frontier = deque(found)
        while frontier:
            here = frontier.popleft()
            for admitted in MARKS[: number + 1]:
                for there in by_mark[admitted].get(here, ()):
                    if there not in found:
                        found[there] = mark
                        frontier.append(there)
    return found


def narrowed(
    found: Neighbourhood, *, without: Collection[str] = (), valid: bool = False, closed: Collection[str] = ()
) -> Neighbourhood:
    """What is left without the relations `without` (IRIs), without what is not `valid` on the day, and beyond the things
    `closed`; what is no longer tied to the centre goes too. A closed thing counts what it hides in `beyond`."""
    centre = found.of.iri
    out = {node.iri for node in found.nodes if valid and node.iri != centre and (node.lapsed or node.upcoming)}
    ties = [
        tie
        for tie in found.ties
        if tie.relation.iri not in without
        and not (valid and (tie.lapsed or tie.upcoming))
        and tie.start not in out
        and tie.end not in out
    ]
    neighbours = neighbours_of(ties)
    reached = _reached(centre, neighbours, frozenset())
    left = _reached(centre, neighbours, closed) if closed else reached
    beyond = dict(found.beyond)
    for iri in closed:
        if iri in left:
            beyond[iri] = beyond.get(iri, 0) + sum(1 for other in neighbours.get(iri, ()) if other not in left)
    return replace(
        found,
        nodes=[node for node in found.nodes if node.iri in left],
        ties=[tie for tie in ties if tie.start in left and tie.end in left],
        beyond=beyond,
    )


def neighbours_of(ties: Iterable[Tie]) -> dict[str, list[str]]:
    """Who is tied to whom, in either direction, each once."""
    found: dict[str, dict[str, None]] = {}
    for tie in ties:
        found.setdefault(tie.start, {})[tie.end] = None
        found.setdefault(tie.end, {})[tie.start] = None
    return {iri: list(others) for iri, others in found.items()}


def _reached(centre: str, neighbours: Mapping[str, list[str]], closed: Collection[str]) -> set[str]:
    reached = {centre}
    frontier = deque([centre])
    while frontier:
        here = frontier.popleft()
        if here in closed:
            continue
        for there in neighbours.get(here, ()):
            if there not in reached:
                reached.add(there)
                frontier.append(there)
    return reached
