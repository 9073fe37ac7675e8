"""Graphs that exist and hold nothing: a store keeps triples only, so their names are kept beside it.

SPARQL 1.1 Graph Store HTTP Protocol lets a client put an empty graph and read it back.
"""

import json
from collections.abc import Collection
from pathlib import Path

from catalogue.errors import LimitReached
from catalogue.store.durable import write_durably

MOST = 10_000
"""Empty graphs that are remembered."""


class EmptyGraphs:
    """The names of the empty graphs of a data folder. Changed by the writer alone; read by anybody."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "empty-graphs.json"

    def __contains__(self, name: object) -> bool:
        return name in self.names()

    def names(self) -> set[str]:
        """All of them; none where the file cannot be read."""
        try:
            return set(json.loads(self._path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return set()

    def add(self, name: str) -> None:
        """Remember one. Raises `LimitReached` where there are too many."""
        names = self.names() | {name}
        self.refuse_too_many(names)
        self.replace(names)

    def refuse_too_many(self, names: Collection[str]) -> None:
        """Raise `LimitReached` where `names` are more than there were and more than may be."""
        if len(names) > max(MOST, len(self.names())):
            raise LimitReached(
                f"Đã có {MOST} đồ thị trống; hãy xóa bớt.",
                f"There are {MOST} empty graphs already; delete some.",
                details={"limit": "emptyGraphs", "value": MOST},
            )

    def replace(self, names: Collection[str]) -> None:
        """These are all of them now."""
        if set(names) != self.names():
            self._write(set(names))

    def forget(self, *names: str) -> None:
        """They hold something now, or are gone."""
        known = self.names()
        if known & set(names):
            self._write(known - set(names))

    def _write(self, names: set[str]) -> None:
        write_durably(self._path, json.dumps(sorted(names), ensure_ascii=False) + "\n")
