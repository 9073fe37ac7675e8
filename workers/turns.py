"""Turns at the processes: visitors take them in rotation, so that one who asks much waits for the own queries alone."""

import asyncio
import contextlib
import math
import time
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator
from dataclasses import dataclass

from catalogue.errors import Busy
from catalogue.settings import Settings

_LONGEST_RETRY = 60


class Turns:
    """`CHISO_QUERY_WORKERS` turns at once. At most `CHISO_QUERY_WAITING` wait, and nobody longer than `CHISO_QUERY_SECONDS`.

    Long ones, those of analysts, never hold all turns where there are two or more.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._free = settings.query_workers
        self._free_for_long = max(1, settings.query_workers - 1)
        self._waiting: OrderedDict[str, deque[_Place]] = OrderedDict()
        self._asked: Counter[str] = Counter()
        self._usual = 0.0

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(map(len, self._waiting.values()))

    @contextlib.asynccontextmanager
    async def turn(self, visitor: str, *, long: bool = False) -> AsyncIterator[None]:
        """Wait for a turn and hold it. Raises `Busy`."""
        most = self._settings.query_per_visitor
        if self._asked[visitor] >= most:
            raise self.busy("CHISO_QUERY_PER_VISITOR", most)
        self._asked[visitor] += 1
        try:
            await self._wait(visitor, long=long)
            begun = time.monotonic()
            try:
                yield
            finally:
                self._usual += (time.monotonic() - begun - self._usual) / 8
                self._pass_on(long=long)
        finally:
            self._asked[visitor] -= 1
            if not self._asked[visitor]:
                del self._asked[visitor]

    def busy(self, limit: str, value: float) -> Busy:
        """The error for a query that finds no place; `limit` names the setting."""
        turns = (self.waiting + 1) / self._settings.query_workers
        retry = min(_LONGEST_RETRY, max(1, math.ceil(turns * self._usual)))
        return Busy(
            f"Đang có quá nhiều truy vấn ({limit} = {value:g}). Hãy hỏi lại sau {retry} giây.",
            f"There are too many queries at the moment ({limit} = {value:g}). Ask again in {retry} seconds.",
            details={"limit": limit, "value": value, "retryAfter": retry},
        )

    async def _wait(self, visitor: str, *, long: bool) -> None:
        if self._free and self._may(long=long):
            self._take(long=long)
            return
        if self.waiting >= self._settings.query_waiting:
            raise self.busy("CHISO_QUERY_WAITING", self._settings.query_waiting)
        mine = _Place(asyncio.get_running_loop().create_future(), long)
        self._waiting.setdefault(visitor, deque()).append(mine)
        try:
            async with asyncio.timeout(self._settings.query_seconds):
                await mine.comes
        except BaseException as error:
            if mine.comes.done() and not mine.comes.cancelled():
                self._pass_on(long=long)  # the turn came in the moment in which it was no longer wanted
            else:
                self._leave(visitor, mine)
            if isinstance(error, TimeoutError):
                raise self.busy("CHISO_QUERY_SECONDS", self._settings.query_seconds) from None
            raise

    def _may(self, *, long: bool) -> bool:
        return not long or self._free_for_long > 0

    def _take(self, *, long: bool) -> None:
        self._free -= 1
        self._free_for_long -= long

    def _leave(self, visitor: str, mine: "_Place") -> None:
        line = self._waiting.get(visitor)
        if line and mine in line:
            line.remove(mine)
            if not line:
                del self._waiting[visitor]

    def _pass_on(self, *, long: bool) -> None:
        self._free += 1
        self._free_for_long += long
        for visitor, line in list(self._waiting.items()):
            while line and line[0].comes.done():
                line.popleft()
            first = next((place for place in line if self._may(long=place.long)), None)
            if first is not None:
                line.remove(first)
                self._waiting.move_to_end(visitor)  # the others come first
                self._take(long=first.long)
                first.comes.set_result(None)
            if not line:
                del self._waiting[visitor]
            if first is not None:
                return


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """A place in a line: what comes when it is its turn, and whether the turn will be a long one."""

    comes: asyncio.Future[None]
    long: bool
