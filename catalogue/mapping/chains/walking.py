"""The edges that a crosswalk walks: accepted mappings in both directions, and what became of a code.

A code that was replaced leads on to its successors. How the old and the new code match follows from the change: alone
and undivided it is the same area (an indicator of a new edition: nearly the same), joined with others it is a part of the
new one, divided it is more than each part; where parts of several went together, the two are only related.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pyoxigraph import NamedNode

from catalogue.graphs import MARKS, Mark, weakest
from catalogue.mapping import records
from catalogue.mapping.records import Mapping
from catalogue.mapping.relations import MATCHES, inverse
from catalogue.proofs import graph_marks
from catalogue.query import Query
from catalogue.rows import records as rows_to_records
from catalogue.store.port import NODES_PER_QUERY, Store

MANY = 1_000
"""So many codes at once are served by reading all mappings instead of asking for those of each."""


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """One step from a code to another: `match` as it is walked; either a mapping or a change (an IRI, or None where the
    catalogue says only that one replaces the other)."""

    start: str
    end: str
    match: str
    kind: Literal["mapping", "succession"]
    inverted: bool
    mark: Mark
    record: str | None
    mapping: Mapping | None
    since: date | None
    split: bool


@dataclass(frozen=True, slots=True)
class _SuccessionRow:
    before: str
    after: str
    change: str | None
    date: date | None
    graph: str
    after_graph: str | None


class Edges:
    """The edges around codes, read when they are asked for and kept; valid on `day`."""

    def __init__(self, store: Store, day: date) -> None:
        self._store, self._day = store, day
        self._loaded: set[str] = set()
        self._everything = False
        self._mappings: dict[str, list[Mapping]] = {}
        self._rows: dict[tuple[str, str], list[_SuccessionRow]] = {}
        self._after: dict[str, set[str]] = {}
        self._before: dict[str, set[str]] = {}
        self._marks: dict[str, Mark] = {}
        self._made: dict[str, list[Edge]] = {}

    def load(self, codes: Collection[str]) -> None:
        """Read what is around `codes`, those of them that were not read yet."""
        if self._everything:
            return
        new = set(codes) - self._loaded
        if not new:
            return
        if len(new) + len(self._loaded) > MANY:
            self._everything = True
            self._mappings.clear()
            self._made.clear()
            self._keep(records.everything(self._store), None)
            self._successions(None)
            return
        self._loaded |= new
        self._keep(records.of_all(self._store, new), new)
        ends = self._successions(new)
        # How an old and a new code match depends on what else went into the one and came out of the other.
        self._successions(ends - self._loaded)

    def of(self, code: str) -> list[Edge]:
        """The edges that may be walked from `code`, which was loaded."""
        made = self._made.get(code)
        if made is None:
            made = self._made[code] = [*self._by_mappings(code), *self._by_successions(code)]
        return made

    def mappings(self, code: str) -> list[Mapping]:
        """Every mapping of `code`, of whatever status and time."""
        return self._mappings.get(code, [])

    def replaced(self, code: str) -> bool:
        """Whether something had taken the place of `code` by the day."""
        return any(self._happened(code, after) for after in self._after.get(code, ()))

    def _by_mappings(self, code: str) -> Iterator[Edge]:
        for one in self._mappings.get(code, ()):
            if not one.valid_on(self._day) or one.negated or one.says_none or one.relation not in MATCHES:
                continue
            if one.subject == one.object:
                continue
            inverted = one.object == code
            match, end = (inverse(one.relation), one.subject) if inverted else (one.relation, one.object)
            mark = one.verification or "unverified"
            yield Edge(code, end, match, "mapping", inverted, mark, one.iri, one, None, False)

    def _by_successions(self, code: str) -> Iterator[Edge]:
        for after in sorted(self._after.get(code, ())):
            yield from self._succession(code, after, inverted=False)
        for before in sorted(self._before.get(code, ())):
            yield from self._succession(before, code, inverted=True)

    def _succession(self, before: str, after: str, *, inverted: bool) -> Iterator[Edge]:
        rows = [row for row in self._rows[before, after] if row.date is None or row.date <= self._day]
        if not rows:
            return
        joined = sum(self._happened(other, after) for other in self._before[after]) > 1
        divided = sum(self._happened(before, other) for other in self._after[before]) > 1
        if joined and divided:
            match = "relatedMatch"
        elif joined or divided:
            match = "broadMatch" if joined else "narrowMatch"
        else:
            match = "exactMatch" if rows[0].change else "closeMatch"
        best = min(rows, key=lambda row: MARKS.index(self._mark(row)))
        start, end = (after, before) if inverted else (before, after)
        yield Edge(
            start,
            end,
            inverse(match) if inverted else match,
            "succession",
            inverted,
            self._mark(best),
            best.change,
            None,
            best.date,
            joined if inverted else divided,
        )

    def _happened(self, before: str, after: str) -> bool:
        return any(row.date is None or row.date <= self._day for row in self._rows[before, after])

    def _mark(self, row: _SuccessionRow) -> Mark:
        graphs = [graph for graph in (row.graph, row.after_graph) if graph]
        return weakest(*(self._marks.get(graph, "unverified") for graph in graphs))

    def _keep(self, mappings: Iterable[Mapping], around: Collection[str] | None) -> None:
        for one in mappings:
            for end in {one.subject, one.object}:
                if around is None or end in around:
                    self._mappings.setdefault(end, []).append(one)

    def _successions(self, around: Collection[str] | None) -> set[str]:
        """Read the successions around these codes, or all; the codes at their ends."""
        query = Query.named("succession-all" if around is None else "succession-edges")
        if around is None:
            texts = [query.bind()]
        else:
            nodes = [NamedNode(iri) for iri in sorted(around)]
            texts = [
                query.bind(things=nodes[at : at + NODES_PER_QUERY]) for at in range(0, len(nodes), NODES_PER_QUERY)
            ]
        ends: set[str] = set()
        for text in texts:
            rows = rows_to_records(_SuccessionRow, self._store.select(text), query.name)
            graphs = {graph for row in rows for graph in (row.graph, row.after_graph) if graph}
            self._marks |= {graph: one.mark for graph, one in graph_marks(self._store, graphs).items()}
            for row in rows:
                if row.before == row.after:
                    continue
                known = self._rows.setdefault((row.before, row.after), [])
                if row not in known:
                    known.append(row)
                self._after.setdefault(row.before, set()).add(row.after)
                self._before.setdefault(row.after, set()).add(row.before)
                ends |= {row.before, row.after}
        return ends
