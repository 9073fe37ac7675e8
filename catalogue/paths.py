"""How are two things tied? The best chain of statements between them, as edges with proof and as sentences.

A chain that runs in one direction (every step rests on the next) is looked for first; failing that, one over a common
ground, and last one over a common dependent. Among the chains of one kind the surest wins: a confirmed step counts 1,
an inferred one 2, an unverified one 4, and one that has lapsed 1 more.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from pyoxigraph import NamedNode

from catalogue.graphs import Mark, weakest
from catalogue.labels import Reference, kind_of, references
from catalogue.lineage import Edge, Node, Reach, Stated, Statement, describe, reach
from catalogue.store.port import Store

HUBS = frozenset({"agency", "post", "addressee", "event", "area"})
"""Kinds that have something to do with everything: what only shares one of these is not tied by it."""

LIMIT = 3_000
"""Most things looked at on each side of a chain that has no single direction."""

_COST: dict[Mark, int] = {"confirmed": 1, "inferred": 2, "unverified": 4}


@dataclass(frozen=True, slots=True)
class Path:
    """The chain from `start` to `end`: nodes in order, edges in order, one sentence per edge.

    `verification`: the weakest mark along it, None where no chain was `found`. `truncated`: a limit was reached while
    looking, so that “not found” means “not found within it”.
    """

    start: Reference
    end: Reference
    as_of: date
    found: bool
    nodes: list[Node]
    edges: list[Edge]
    verification: Mark | None
    sentences: list[str]
    truncated: bool


def warm() -> None:
    """Import what looks for paths: it takes a second, which nobody who asks for one should wait."""
    import networkx  # noqa: F401


def between(store: Store, start: NamedNode, end: NamedNode, *, as_of: date, language: str = "vi") -> Path:
    """The surest chain between two things."""
    truncated = False
    if start == end:
        itself = references(store, [start.value], language)[start.value]
        return Path(itself, itself, as_of, True, [], [], None, [], False)
    for statements, cut in _candidates(store, start.value, end.value, as_of):
        truncated = truncated or cut
        if statements:
            return _best(store, start.value, end.value, statements, as_of, language, truncated)
    named = references(store, [start.value, end.value], language)
    return Path(named[start.value], named[end.value], as_of, False, [], [], None, [], truncated)


def _candidates(store: Store, start: str, end: str, as_of: date) -> Iterator[tuple[dict[Statement, Stated], bool]]:
    """Statements among which there is a chain, the most telling kind of chain first, and whether a limit cut them."""
    above = {iri: reach(store, iri, up=True, as_of=as_of, limit=LIMIT) for iri in (start, end)}
    for lower, upper in ((start, end), (end, start)):
        if upper in above[lower].distances:
            yield _directed(above[lower], lower, upper), above[lower].truncated
    for up in (True, False):
        sides = above if up else {iri: reach(store, iri, up=False, as_of=as_of, limit=LIMIT) for iri in (start, end)}
        cut = any(side.truncated for side in sides.values())
        statements = _without_hubs(sides[start].statements | sides[end].statements, start, end)
        met = [
            {iri for one in statements.values() for iri in (one.dependent, one.ground)} & side.distances.keys()
            for side in sides.values()
        ]
        yield (statements if set.intersection(*met) else {}), cut


def _without_hubs(statements: dict[Statement, Stated], start: str, end: str) -> dict[Statement, Stated]:
    """The statements that touch no hub but the two things themselves."""
    return {
        key: one
        for key, one in statements.items()
        if all(iri in (start, end) or kind_of(iri) not in HUBS for iri in (one.dependent, one.ground))
    }


def _directed(found: Reach, lower: str, upper: str) -> dict[Statement, Stated]:
    """The statements that lie on some chain from `lower` up to `upper`."""
    import networkx  # slow to import, and only this question needs it

    graph = networkx.DiGraph(list(found.pairs))
    on_a_chain = (networkx.descendants(graph, lower) | {lower}) & (networkx.ancestors(graph, upper) | {upper})
    return {
        key: one for key, one in found.statements.items() if one.dependent in on_a_chain and one.ground in on_a_chain
    }


def _best(
    store: Store,
    start: str,
    end: str,
    statements: dict[Statement, Stated],
    as_of: date,
    language: str,
    truncated: bool,
) -> Path:
    import networkx

    ends = {iri for one in statements.values() for iri in (one.dependent, one.ground)}
    nodes, edges = describe(
        store, start, dict.fromkeys([start, *sorted(ends)], 0), statements, as_of=as_of, language=language
    )
    graph = networkx.Graph()
    for edge in edges:
        cost = _COST[edge.verification] + edge.lapsed
        known = graph.get_edge_data(edge.start, edge.end)
        if known is None or cost < known["weight"]:
            graph.add_edge(edge.start, edge.end, weight=cost, edge=edge)
    try:
        chain: list[str] = networkx.shortest_path(graph, start, end, weight="weight")
    except (networkx.NetworkXNoPath, networkx.NodeNotFound):
        chain = []
    by_iri = {node.iri: node for node in nodes}
    steps: list[Edge] = [graph.edges[a, b]["edge"] for a, b in itertools.pairwise(chain)]
    met = [by_iri[iri] for iri in chain[:1]]
    for iri, step in zip(chain[1:], steps, strict=True):
        met.append(replace(by_iri[iri], verification=weakest(met[-1].verification, step.verification)))
    named = references(store, [start, end], language)
    return Path(
        named[start],
        named[end],
        as_of,
        bool(steps),
        met,
        steps,
        met[-1].verification if met else None,
        [_sentence(step, by_iri) for step in steps],
        truncated,
    )


def _sentence(edge: Edge, nodes: dict[str, Node]) -> str:
    """One step as people would say it: “A — căn cứ → B”."""
    start, end = (nodes[iri].label or iri for iri in (edge.start, edge.end))
    return f"{start} — {edge.relation.label or edge.relation.iri} → {end}"
