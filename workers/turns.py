"""Turns at the processes: visitors take them in rotation, so that one who asks much waits for the own queries alone."""

import asyncio
import contextlib
import math
import time
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator

from catalogue.errors import Busy
from catalogue.settings import Settings

_LONGEST_RETRY = 60


class Turns:
    """`CHISO_QUERY_WORKERS` turns at once. At most `CHISO_QUERY_WAITING` wait, and nobody longer than `CHISO_QUERY_SECONDS`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._free = settings.query_workers
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()
        self._asked: Counter[str] = Counter()
        self._usual = 0.0

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(map(len, self._waiting.values()))

    @contextlib.asynccontextmanager
    async def turn(self, visitor: str) -> AsyncIterator[None]:
        """Wait for a turn and hold it. Raises `Busy`."""
        most = self._settings.query_per_visitor
        if self._asked[visitor] >= most:
            raise self.busy("CHISO_QUERY_PER_VISITOR", most)
        self._asked[visitor] += 1
        try:
            await self._wait(visitor)
            begun = time.monotonic()
            try:
                yield
            finally:
                self._usual += (time.monotonic() - begun - self._usual) / 8
                self._pass_on()
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

    async def _wait(self, visitor: str) -> None:
        if self._free:
            self._free -= 1
            return
        if self.waiting >= self._settings.query_waiting:
            raise self.busy("CHISO_QUERY_WAITING", self._settings.query_waiting)
        mine = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(visitor, deque()).append(mine)
        try:
            async with asyncio.timeout(self._settings.query_seconds):
                await mine
        except BaseException as error:
            if mine.done() and not mine.cancelled():
                self._pass_on()  # the turn came in the moment in which it was no longer wanted
            else:
                self._leave(visitor, mine)
            if isinstance(error, TimeoutError):
                raise self.busy("CHISO_QUERY_SECONDS", self._settings.query_seconds) from None
            raise

    def _leave(self, visitor: str, mine: asyncio.Future[None]) -> None:
        line = self._waiting.get(visitor)
        if line and mine in line:
            line.remove(mine)
            if not line:
                del self._waiting[visitor]

    def _pass_on(self) -> None:
        while self._waiting:
            visitor, line = self._waiting.popitem(last=False)
            first = line.popleft()
            if line:
                self._waiting[visitor] = line  # to the end: the others come first
            if not first.done():
                first.set_result(None)
                return
        self._free += 1
