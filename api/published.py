"""One published state as the service holds it: its store, and what is kept for as long as it is held.

A state never changes, so whatever was once made from it (the search index, the vocabulary, documents as they were sent)
holds as long as the state does, and goes with it.
"""

import asyncio
import contextlib
import ctypes
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeVar, cast

from api.prepared import Prepared
from catalogue.search.documents import complete
from catalogue.search.index import SearchIndex, open_index
from catalogue.store.embedded import open_read_only
from catalogue.store.folder import Folder
from catalogue.store.port import Store
from catalogue.store.remembering import Remembering
from workers import index_process

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Kept:
    """A published state that lies in a data folder and can be opened.

    `digest`: SHA-256 of its content in hexadecimal, empty where it was not written down. `statements`: how many it
    holds, where that is known.
    """

    name: str
    moment: datetime
    directory: Path
    digest: str = ""
    statements: int | None = None
    previous: str | None = None


def kept(folder: Path, name: str) -> Kept | None:
    """The state `name` of the data folder `folder`, None where there is none of that name."""
    place = Folder(folder)
    if not place.holds(name):
        return None
    directory, record = place.published / name, place.record(name)
    with contextlib.suppress(ValueError, TypeError):  # a damaged record is as good as none
        if record is not None:
            moment = datetime.fromisoformat(record.time).astimezone(UTC)
            return Kept(name, moment, directory, record.digest, record.statements, record.previous)
    try:
        return Kept(name, datetime.fromtimestamp(directory.stat().st_mtime, UTC), directory)
    except OSError:  # it was removed meanwhile
        return None


def all_kept(folder: Path) -> dict[str, Kept]:
    """Every state of the data folder that can be opened, by name, the youngest first."""
    try:
        names = [entry.name for entry in (folder / "published").iterdir()]
    except OSError:
        return {}
    found = [one for name in names if (one := kept(folder, name)) is not None]
    return {one.name: one for one in sorted(found, key=lambda one: (one.moment, one.name), reverse=True)}


class State:
    """A state that is open. `directory`: its checkpoint on disk, None where it has none.

    `prepared`: answers as they were sent; touched by the event loop alone.
    """

    def __init__(
        self,
        store: Store,
        name: str,
        moment: datetime,
        *,
        digest: str = "",
        directory: Path | None = None,
        search_directory: Path | None = None,
        prepared_bytes: int = 0,
    ) -> None:
        self.store = store
        self.name = name
        self.moment = moment
        self.digest = digest
        self.directory = directory
        self.search_directory = search_directory
        self.prepared = Prepared(prepared_bytes)
        self._indexes = _Indexes()
        self._made: dict[str, Any] = {}
        self._making: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """What `make` makes of this state, made by the first who asks for `name` and kept; it may take its time."""
        if name not in self._made:
            with self._lock:
                making = self._making.setdefault(name, threading.Lock())
            with making:
                if name not in self._made:
                    self._made[name] = make()
        return cast("Made", self._made[name])

    def retire(self) -> None:
        """Give back, in a thread and without waiting for it, what is remembered of a state that is no longer the current
        one; requests under way keep the state."""
        prepared, self.prepared = self.prepared, Prepared(0)
        asyncio.get_running_loop().run_in_executor(None, _forget, prepared, self.store)

    def search_index(self) -> SearchIndex:
        """The search index: its own where it is made; meanwhile that of a state before it, over what this one says.

        Where there is neither, who needs it makes it, and all others wait for that one.
        """
        directory = self.search_directory
        if "search index" in self._made or directory is None or complete(directory):
            own = self.once("search index", lambda: open_index(directory, self.store))
            self._indexes.latest = own
            return own
        with self._indexes.making:
            if self._indexes.latest is None:
                if self.directory is not None:
                    index_process.run(self.directory.parent.parent, self.name)
                self._indexes.latest = self.once("search index", lambda: open_index(directory, self.store))
            return self._indexes.latest.over(self.store)

    def search_meanwhile(self, before: "State") -> None:
        """Search in the index of the state `before` until this one has its own: to make one takes seconds."""
        self._indexes = before._indexes
        if (latest := self._indexes.latest) is not None:
            self._indexes.latest = latest.over(self.store)  # which lets go of the state before


class _Indexes:
    """What the states of one service share: the youngest search index that was opened, and the turn to make the first."""

    def __init__(self) -> None:
        self.latest: SearchIndex | None = None
        self.making = threading.Lock()


def _forget(prepared: Prepared, store: Store) -> None:
    # To free a hundred thousand records at once would hold the interpreter for a tenth of a second.
    rest = chain(prepared.forget(), store.forget() if isinstance(store, Remembering) else ())
    while any(True for _ in islice(rest, 500)):
        time.sleep(0.001)
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # other C libraries than glibc have no such function
            ctypes.CDLL(None).malloc_trim(0)  # else the freed memory stays with this process


def open_state(folder: Path, name: str, *, prepared_bytes: int) -> State | None:
    """The state `name` of a data folder, opened; None where it is gone. Raises `Unavailable` for a damaged one."""
    found = kept(folder, name)
    if found is None:
        return None
    return State(
        Remembering(open_read_only(found.directory)),
        found.name,
        found.moment,
        digest=found.digest,
        directory=found.directory,
        search_directory=folder / "search" / name,
        prepared_bytes=prepared_bytes,
    )
