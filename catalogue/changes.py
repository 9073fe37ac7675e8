"""The change feed: what each published change took away and brought, as the writer left it in `changes/`.

Entries are numbered without gaps from the first on, and pages hold a fixed count of them: a page that is full never
changes, so it can be kept by whoever read it. The oldest files go when there are more than are kept.
"""

import gzip
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path

from pyoxigraph import RdfFormat, parse

from catalogue.errors import NotFound, Withdrawn
from catalogue.store.patches import NAME

PAGE = 100
"""Entries of a page."""

_MOMENT = re.compile(r"(\d{8}T\d{6})(\d{3})Z")
_PREVIOUS = re.compile(rb"H prev <urn:chiso:state:([\w.-]+)> \.\n")


@dataclass(frozen=True, slots=True)
class Entry:
    """One published change: its number, the state it led to, when, and its file with the size in bytes (gzip)."""

    number: int
    state: str
    moment: datetime
    path: Path
    size: int

    @property
    def page(self) -> int:
        """The page it stands on, counted from 1."""
        return (self.number - 1) // PAGE + 1


@dataclass(frozen=True, slots=True)
class Page:
    """A page of entries, the oldest first. `full`: it will never change any more, but for entries no longer kept."""

    number: int
    entries: tuple[Entry, ...]
    first: int
    last: int

    @property
    def full(self) -> bool:
        """Whether later changes stand on later pages."""
        return self.number < self.last

    @property
    def previous(self) -> int | None:
        """The page before it that is still kept."""
        return self.number - 1 if self.number > self.first else None

    @property
    def following(self) -> int | None:
        """The page after it."""
        return self.number + 1 if self.number < self.last else None

    @property
    def moment(self) -> datetime | None:
        """When its last entry was published."""
        return self.entries[-1].moment if self.entries else None


class Feed:
    """The entries of a data folder, read once and again when the folder changed."""

    def __init__(self, folder: Path) -> None:
        self._place = folder / "changes"
        self._stamp = 0
        self._entries: tuple[Entry, ...] = ()
        self._by_state: dict[str, Entry] = {}

    def entries(self) -> tuple[Entry, ...]:
        """All entries that are kept, the oldest first."""
        try:
            stamp = self._place.stat().st_mtime_ns
        except OSError:
            return ()
        if stamp != self._stamp:
            found = tuple(sorted(_read(self._place), key=lambda one: one.number))
            self._by_state = {one.state: one for one in found}
            self._entries, self._stamp = found, stamp
        return self._entries

    def page(self, number: int | None) -> Page:
        """A page, the newest where none is named. Raises `NotFound` for one that is not yet, `Withdrawn` for one that
        is no longer kept.
        """
        entries = self.entries()
        last = entries[-1].page if entries else 1
        first = entries[0].page if entries else 1
        wanted = last if number is None else number
        if wanted < first:
            raise _gone(f"trang {wanted}", f"page {wanted}")
        if wanted > last:
            raise NotFound(
                f"Chưa có trang {wanted} trong danh sách thay đổi: trang mới nhất là {last}.",
                f"There is no page {wanted} of the changes yet: the newest is {last}.",
                details={"last": last},
            )
        return Page(wanted, tuple(one for one in entries if one.page == wanted), first, last)

    def entry(self, state: str, known: Callable[[str], bool]) -> Entry:
        """The change that led to `state`. Raises `Withdrawn` for one that is no longer kept (its name is older than all
        that are, and is that of a state), `NotFound` for any other; `known`: whether there is a state of that name.
        """
        entries = self.entries()
        found = self._by_state.get(state)
        if found is not None:
            return found
        if _MOMENT.match(state) and entries and entries[0].number > 1 and state < entries[0].state:
            raise _gone(f"thay đổi dẫn đến {state[:80]}", f"the change that led to {state[:80]}")
        if known(state):
            raise NotFound(
                f"Trạng thái {state} không có tệp thay đổi: đó là lần dựng đầu tiên. Hãy lấy toàn bộ tại /dumps/.",
                f"The state {state} has no patch: it is the first build. Take the whole from /dumps/.",
            )
        raise NotFound(
            f"Không có thay đổi nào dẫn đến trạng thái “{state[:80]}”. Danh sách ở /changes.",
            f"No change led to a state “{state[:80]}”. The list is at /changes.",
        )


@lru_cache(maxsize=1_000)
def previous_of(path: Path) -> str | None:
    """The state that a patch applies to, as its header says it; None where it does not."""
    try:
        with gzip.open(path) as file:
            for line in islice(file, 20):
                found = _PREVIOUS.fullmatch(line)
                if found:
                    return found[1].decode()
                if not line.startswith(b"H "):
                    break
    except OSError:
        pass
    return None


def touched(folder: Path, since: str, until: str) -> frozenset[str] | None:
    """The graphs that the changes after state `since` up to `until` touch; None where a link of the chain is missing."""
    by_state = {one.state: one for one in Feed(folder).entries()}
    graphs: set[str] = set()
    state = until
    for _step in range(len(by_state) + 1):
        if state == since:
            return frozenset(graphs)
        entry = by_state.get(state)
        if entry is None:
            return None
        previous = previous_of(entry.path)
        if previous is None:
            return None
        with gzip.open(entry.path) as file:
            graphs.update(_graph(line) for line in file if line.startswith((b"A ", b"D ")))
        state = previous
    return None


def _graph(line: bytes) -> str:
    """The graph of a line of a patch.

    >>> _graph(b'A <urn:s> <urn:p> "a > <urn:x> ." <urn:g> .')
    'urn:g'
    """
    end = line.rstrip()
    if end.endswith(b"> ."):
        # An IRI has no space and no `<` inside, and what stands before the last term ends in a space.
        return end[:-3].rpartition(b" <")[2].decode()
    return next(str(quad.graph_name) for quad in parse(line[2:], RdfFormat.N_QUADS))


def _read(place: Path) -> Iterator[Entry]:
    for path in place.iterdir():
        name = NAME.fullmatch(path.name)
        if name is None:
            continue
        try:
            about = path.stat()
        except OSError:  # it was removed meanwhile
            continue
        yield Entry(int(name[1]), name[2], moment_of(name[2], about.st_mtime), path, about.st_size)


def moment_of(state: str, otherwise: float) -> datetime:
    """When a state was published: its name begins with that moment, else a time of the system.

    >>> moment_of("20260102T030405678Z-e3b0c44298fc", 0).isoformat()
    '2026-01-02T03:04:05.678000+00:00'
    """
    found = _MOMENT.match(state)
    if found is None:
        return datetime.fromtimestamp(otherwise, UTC)
    return datetime.strptime(f"{found[1]}{found[2]}000+0000", "%Y%m%dT%H%M%S%f%z")


def _gone(vi: str, en: str) -> Withdrawn:
    return Withdrawn(
        f"Không còn giữ {vi} của danh sách thay đổi (CHISO_KEPT_CHANGES). Hãy lấy lại toàn bộ tại /dumps/, rồi theo tiếp từ /changes.",
        f"The feed no longer keeps {en} (CHISO_KEPT_CHANGES). Take the whole again from /dumps/, then follow on from /changes.",
        details={"dumps": "/dumps/", "changes": "/changes"},
    )
