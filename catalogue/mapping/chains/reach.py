"""The closest match of very many codes with a scheme, over chains: what a crosswalk would say, without its chains.

A crosswalk follows the chains of one code; to count, they are followed backwards, from the codes of the scheme, for all
at once. That comes to the same because the table of composition is associative and no chain is closer than a part of it;
the cost grows with the number of mappings and not with the number of chains.
"""

from collections.abc import Collection, Iterable

from catalogue.mapping.chains import composition
from catalogue.mapping.chains.walking import Edges
from catalogue.mapping.relations import MATCHES
from catalogue.store.port import Store

STEPS = 6
"""Most mappings in a chain."""


def closest(
    store: Store, starts: Collection[str], *, targets: Iterable[str], edges: Edges, steps: int = STEPS
) -> dict[str, str]:
    """The closest match of each of the codes `starts` with one of `targets` (IRIs); no entry where no chain leads there. `edges` are those
    of the day asked about, and may have been walked before."""
    lines, ends = composition.table(store), frozenset(targets)
    met = _around(edges, starts, ends, steps)
    reached: dict[str, frozenset[str]] = {code: frozenset(("exactMatch",)) for code in met & ends}
    changed = met & ends
    into: dict[str, list[tuple[str, str]]] = {}
    for code in met - ends:
        for edge in edges.of(code):
            into.setdefault(edge.end, []).append((code, edge.match))
    for _ in range(steps):
        further: dict[str, set[str]] = {}
        for end in changed:
            for code, match in into.get(end, ()):
                composed = (lines[match, rest].composed for rest in reached[end])
                further.setdefault(code, set()).update(one for one in composed if one is not None)
        changed = {code for code, matches in further.items() if not matches <= reached.get(code, frozenset())}
        reached |= {code: reached.get(code, frozenset()) | further[code] for code in changed}
    return {code: min(reached[code], key=MATCHES.index) for code in starts if reached.get(code)}


def _around(edges: Edges, starts: Collection[str], ends: frozenset[str], steps: int) -> set[str]:
    """The codes that chains from `starts` can touch; a chain ends at the first code of `ends`."""
    frontier, met = set(starts), set(starts)
    for _ in range(steps):
        edges.load(frontier)
        frontier = {edge.end for code in frontier - ends for edge in edges.of(code)} - met
        met |= frontier
        if not frontier:
            break
    edges.load(frontier)
    return met
