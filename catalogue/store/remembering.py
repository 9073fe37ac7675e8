"""A published state that remembers what was read from it.

A published state never changes, so what was once read of a thing (its label, its holder, the mark of a graph) holds as
long as the state is open. The memory is bounded.
"""

import contextlib
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any

from pyoxigraph import NamedNode, Quad, Triple

from catalogue.errors import Defect
from catalogue.store.port import Change, Pattern, Solutions, Store

MOST = 200_000
"""Most rows remembered, over all look-ups: some 100 MB of short strings when it is full."""


class Remembering:
    """A read-only `Store` over an immutable one, with a `memory` that `catalogue.lookup` fills."""

    def __init__(self, store: Store, most: int = MOST) -> None:
        self._store = store
        self._most = most
        self._held = 0
        self.memory: dict[Hashable, list[Any]] = {}

    def remember(self, found: Mapping[Hashable, list[Any]]) -> None:
        """Keep the rows that were found; at the limit everything is forgotten, and what is in use is soon back."""
        self._held += sum(1 + len(rows) for rows in found.values())
        if self._held > self._most:
            self.memory.clear()
            self._held = sum(1 + len(rows) for rows in found.values())
        self.memory.update(found)

    def forget(self) -> Iterator[None]:
        """Forget everything, one look-up at a time; who still asks is answered as before."""
        while self.memory:
            with contextlib.suppress(KeyError):
                self.memory.popitem()
            yield

    def select(self, query: str) -> Solutions:
        """The solutions of a SELECT query."""
        return self._store.select(query)

    def texts(self, query: str) -> Iterator[list[str]]:
        """The solutions of a SELECT query as bare texts, empty where unbound."""
        return self._store.texts(query)

    def ask(self, query: str) -> bool:
        """The answer of an ASK query."""
        return self._store.ask(query)

    def construct(self, query: str) -> list[Triple]:
        """The triples of a CONSTRUCT query."""
        return self._store.construct(query)

    def graph_names(self) -> list[NamedNode]:
        """The named graphs, sorted."""
        return self._store.graph_names()

    def graph(self, name: NamedNode | None) -> list[Triple]:
        """All triples of one graph."""
        return self._store.graph(name)

    def match(self, patterns: Iterable[Pattern]) -> list[Quad]:
        """The quads that fit one of `patterns`."""
        return self._store.match(patterns)

    def apply(self, change: Change) -> None:  # noqa: ARG002 - the port's name
        """Never: a published state does not change. Raises `Defect`."""
        raise Defect("Trạng thái đã công bố không thay đổi được.", "A published state does not change.")

    def load(self, quads: Iterable[Quad]) -> None:  # noqa: ARG002 - the port's name
        """Never: a published state does not change. Raises `Defect`."""
        raise Defect("Trạng thái đã công bố không thay đổi được.", "A published state does not change.")

    def close(self) -> None:
        """Close the state and forget it."""
        self.memory.clear()
        self._store.close()
