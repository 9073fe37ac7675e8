"""The store port: what every adapter promises, and nothing else.

Three adapters form a closed set: memory and disk (`embedded`) and any SPARQL 1.1 endpoint (`remote`). All speak
pyoxigraph terms, are synchronous and return whole lists: an answer never belongs to the thread that asked for it.

Errors of every adapter: `Unavailable` (lock, disk, endpoint), `TimedOut` (remote endpoint), `Invalid` (malformed query),
`Defect` (anything else).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

Term = NamedNode | Literal | BlankNode
"""What a solution can bind."""


class Pattern(NamedTuple):
    """Which quads are wanted; None stands for any term, as `graph` for the default graph and every named one."""

    subject: NamedNode | BlankNode | None = None
    predicate: NamedNode | None = None
    object: Term | None = None
    graph: NamedNode | DefaultGraph | None = None


NODES_PER_QUERY = 500
"""Nodes in one VALUES block."""


def batches(nodes: Iterable[object]) -> Iterator[str]:
    """Those of `nodes` that have a name, as the inside of VALUES blocks, each of a size that every engine takes."""
    named = sorted(str(node) for node in nodes if isinstance(node, NamedNode))
    for at in range(0, len(named), NODES_PER_QUERY):
        yield " ".join(named[at : at + NODES_PER_QUERY])


@dataclass(frozen=True, slots=True)
class Solutions:
    """The answer to a SELECT: the variables in their order, and one tuple of terms per row (None where unbound)."""

    variables: tuple[str, ...]
    rows: list[tuple[Term | None, ...]]


@dataclass(frozen=True, slots=True)
class Change:
    """Quads that go and quads that come, in one step: all of it happens or nothing.

    `clear` names graphs that lose all their triples first; then `remove`, then `add`.
    """

    add: Sequence[Quad] = ()
    remove: Sequence[Quad] = ()
    clear: Sequence[NamedNode] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.add or self.remove or self.clear)


class Store(Protocol):
    """A place that holds named graphs and a default graph, and answers SPARQL 1.1."""

    def select(self, query: str) -> Solutions:
        """The solutions of a SELECT query."""

    def texts(self, query: str) -> Iterator[list[str]]:
        """The solutions of a SELECT query as bare texts, empty where unbound: for whole columns, at less than the cost of
        terms, while other threads go on."""

    def ask(self, query: str) -> bool:
        """The answer of an ASK query."""

    def construct(self, query: str) -> list[Triple]:
        """The triples of a CONSTRUCT query, without repetition."""

    def graph_names(self) -> list[NamedNode]:
        """The named graphs that hold at least one triple, sorted."""

    def graph(self, name: NamedNode | None) -> list[Triple]:
        """All triples of one graph; None is the default graph. Empty where there is no such graph."""

    def match(self, patterns: Iterable[Pattern]) -> list[Quad]:
        """The quads that fit one of `patterns`, without repetition: for each pattern one look-up, none of which scans.

        Blank nodes that the store itself gave out are found again in a store of this process; an endpoint knows none.
        """

    def apply(self, change: Change) -> None:
        """Carry out `change` atomically; it is durable when this returns. Readers see the state before or after it."""

    def load(self, quads: Iterable[Quad]) -> None:
        """Add many quads, fast. Not atomic: only for a store that nobody reads yet."""

    def close(self) -> None:
        """Release what is held; further use is an error."""
