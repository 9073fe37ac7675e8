"""Whole columns of a graph, two of them read at a time, while what was read before is put in its place.

Asked thing by thing it would take a hundred times as long. The engine needs most of the time, and not the interpreter.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from pyoxigraph import NamedNode

from catalogue.query import Query
from catalogue.store.port import Store

_AT_A_TIME = 2


class Columns:
    """The columns of `store`, by the names of their queries."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._readers = ThreadPoolExecutor(_AT_A_TIME)
        self._asked: dict[str, Future[Iterator[list[str]]]] = {}
        self._same: dict[str, str] = {}  # the same things stand in every column: each text is kept once

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._readers.shutdown(cancel_futures=True)

    def ask(self, *questions: str) -> None:
        """Begin to read these columns, in this order."""
        for question in questions:
            self._asked[question] = self._readers.submit(self.store.texts, Query.named(question).bind())

    def pairs(self, question: str) -> Iterator[tuple[str, str]]:
        """The rows of a column that was asked for: a thing and its value, where there are both."""
        same = self._same.setdefault
        for thing, value in self._asked.pop(question).result():
            if thing and value:
                yield same(thing, thing), value

    def things(self, question: str, graphs: Iterable[NamedNode]) -> Iterator[tuple[NamedNode, Iterator[str]]]:
        """The things that a question asked of each graph names."""
        asked = Query.named(question)
        found = self._readers.map(self.store.texts, (asked.bind(graph=graph) for graph in graphs))
        for graph, rows in zip(graphs, found, strict=True):
            yield graph, (self.same(thing) for (thing,) in rows)

    def same(self, text: str) -> str:
        """The text as it was read first."""
        return self._same.setdefault(text, text)
