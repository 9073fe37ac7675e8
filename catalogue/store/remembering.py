"""A published state that remembers what was read from it.

A published state never changes, so what was once read of a thing (its label, its holder, the mark of a graph) holds as
long as the state is open. The memory is bounded.
"""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

from pyoxigraph import NamedNode, Quad, Triple

from catalogue.errors import Defect
from catalogue.store.port import Change, Solutions, Store

MOST = 400_000
"""Most rows remembered, over all look-ups: some 150 MB of short strings when it is full."""


class Remembering:
    """A read-only `Store` over an immutable one, with a memory that `catalogue.lookup` fills.

    The memory has two generations: what is recalled stays young; when the young ones are half of what may be kept they
    become the old ones, and the old ones that nobody recalled are forgotten.
    """

    def __init__(self, store: Store, most: int = MOST) -> None:
        self._store = store
        self._half = most // 2
        self._young: dict[Hashable, list[Any]] = {}
        self._old: dict[Hashable, list[Any]] = {}
        self._held = 0

    def recall(self, key: Hashable) -> list[Any] | None:
        """The rows remembered under a key, None where there are none or they were forgotten."""
        rows = self._young.get(key)
        if rows is None:
            rows = self._old.get(key)
            if rows is not None:
                self._keep(key, rows)
        return rows

    def remember(self, found: Mapping[Hashable, list[Any]]) -> None:
        """Keep the rows that were found."""
        for key, rows in found.items():
            self._keep(key, rows)

    def _keep(self, key: Hashable, rows: list[Any]) -> None:
        self._young[key] = rows
        self._held += 1 + len(rows)
        if self._held > self._half:
            self._old, self._young, self._held = self._young, {}, 0

    def select(self, query: str) -> Solutions:
        """The solutions of a SELECT query."""
        return self._store.select(query)

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

    def apply(self, change: Change) -> None:  # noqa: ARG002 - the port's name
        """Never: a published state does not change. Raises `Defect`."""
        raise Defect("Trạng thái đã công bố không thay đổi được.", "A published state does not change.")

    def load(self, quads: Iterable[Quad]) -> None:  # noqa: ARG002 - the port's name
        """Never: a published state does not change. Raises `Defect`."""
        raise Defect("Trạng thái đã công bố không thay đổi được.", "A published state does not change.")

    def close(self) -> None:
        """Close the state and forget it."""
        self._young, self._old, self._held = {}, {}, 0
        self._store.close()
