"""The processes that answer visitors' queries: a few warm ones, turns before them, and an end to every query.

A process that answered well answers again; one that ran over a limit, grew, or whose visitor went away is killed, and
another is started in its place. A whole answer is here before any of it is handed over.

All of this runs on the event loop of the service; processes are started and reaped in threads of the pool's own.
"""

import asyncio
import logging
import weakref
from collections import Counter
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from catalogue.errors import Unavailable
from catalogue.settings import MEGABYTE, Settings
from workers import outcome
from workers.channel import Closed, Head
from workers.child import end_all
from workers.departure import ClientGone, unless_gone
from workers.sparql_process import SparqlProcess
from workers.task import Answer, Limits, Task
from workers.turns import Turns

__all__ = ["Answer", "ClientGone", "Limits", "Pool", "Task"]

log = logging.getLogger("chiso.workers")

MOST_ANSWERS = 1_000
"""After how many answers a process is replaced."""

MOST_GROWTH = 128 * MEGABYTE
"""By how much memory a process may have grown before it is replaced."""

START_SECONDS = 30.0
"""How long a process may take to start and open a state."""


class Pool:
    """At most `CHISO_QUERY_WORKERS` queries at once. Started and stopped with the service, in its event loop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._turns = Turns(settings)
        self._threads: ThreadPoolExecutor | None = None
        self._current: Path | None = None
        self._processes: set[SparqlProcess] = set()
        self._idle: list[SparqlProcess] = []
        self._lent: set[SparqlProcess] = set()
        self._coming: dict[asyncio.Task[SparqlProcess], Path] = {}
        self._held: Counter[str] = Counter()

    async def start(self, directory: Path | None = None) -> None:
        """Begin. With `directory`, the current published state, the processes are started over it."""
        # A child ends with the thread that started it, so these threads live as long as the pool.
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="sparql")
        if directory is not None:
            self.renew(directory)

    async def stop(self) -> None:
        """Kill what runs, wait for its end and close everything; whoever still waits is told `Unavailable`."""
        threads, self._threads = self._threads, None
        if threads is None:
            return
        coming = list(self._coming)
        for task in coming:
            task.cancel()
        for process in list(self._processes):
            process.kill()
        await asyncio.gather(*coming, return_exceptions=True)
        await asyncio.to_thread(threads.shutdown)  # after this, nobody starts another one
        await end_all(self._processes)
        self._processes.clear()
        self._idle.clear()

    def renew(self, directory: Path) -> None:
        """Another state is the current one: idle processes move to it, the others are replaced when they are done."""
        if self._threads is None or directory == self._current:
            return
        self._current = directory
        moving, self._idle = self._idle, []
        for process in moving:
            self._expect(self._opened(process, directory), directory)
        self._fill()

    @property
    def processes(self) -> list[int]:
        """The numbers of the processes there are."""
        return [process.number for process in list(self._processes)]

    async def answer(self, task: Task, *, visitor: str, gone: asyncio.Event | None = None) -> Answer:
        """The whole answer. `visitor`: whose turn it takes. `gone`: is set when they go away.

        Raises `BadRequest` (malformed: `line` and `column`), `LimitReached` (`limit`, `value`, what to do), `TimedOut`,
        `Busy` (`retryAfter`), `Unavailable` (stopping), `ClientGone`.
        """
        if self._threads is None:
            raise _stopping()
        self._refuse_to_hold_more(task.limits, visitor)
        work = self._answer(task, visitor)
        return await (work if gone is None else unless_gone(work, gone))

    async def _answer(self, task: Task, visitor: str) -> Answer:
        async with self._turns.turn(visitor, long=task.limits.settings == "CHISO_ANALYST"):
            head, body = await self._ask(task)
        if "error" in head:
            raise outcome.refused(head, task)
        answer = Answer(bytes(body), head["rows"], head["seconds"])
        self._held[visitor] += len(body)
        weakref.finalize(answer, self._let_go, visitor, len(body)).atexit = False
        return answer

    async def _ask(self, task: Task) -> tuple[Head, bytearray]:
        while True:
            process = await self._borrow(task.directory)
            well = False
            try:
                head, body = await process.ask(task)
                well = "error" not in head or head["error"] in ("syntax", "form")
                return head, body
            except Closed:
                if self._threads is None:
                    raise _stopping() from None
                if process.begun:
                    raise outcome.ended(await self._end_of(process), task) from None
                # It had ended before this query came: another one takes it.
            except TimeoutError:
                raise outcome.timed_out(task) from None
            finally:
                self._give_back(process, well=well)

    async def _borrow(self, directory: Path) -> SparqlProcess:
        process = await self._found(directory)
        self._lent.add(process)
        return process

    async def _found(self, directory: Path) -> SparqlProcess:
        if directory != self._current:
            return await self._started(directory)
        while self._idle:
            process = self._idle.pop()
            if process.alive:
                return process
            self._discard(process)
        coming = next((task for task, where in self._coming.items() if where == directory), None)
        if coming is None:
            return await self._started(directory)
        del self._coming[coming]
        try:
            return await asyncio.shield(coming)
        except asyncio.CancelledError:
            if self._threads is None:
                raise _stopping() from None
            self._coming[coming] = directory
            if coming.done():
                self._arrived(coming)
            raise

    def _give_back(self, process: SparqlProcess, *, well: bool) -> None:
        self._lent.discard(process)
        fresh = process.answers < MOST_ANSWERS and process.growth < MOST_GROWTH
        if well and fresh and process.directory == self._current and self._threads is not None:
            self._idle.append(process)
        else:
            self._discard(process)
        self._fill()

    def _fill(self) -> None:
        """Start as many as are missing."""
        if self._current is None or self._threads is None:
            return
        coming = sum(where == self._current for where in self._coming.values())
        lent = sum(process.directory == self._current for process in self._lent)
        for _ in range(self._settings.query_workers - len(self._idle) - coming - lent):
            self._expect(self._started(self._current), self._current)

    def _expect(self, process: Coroutine[Any, Any, SparqlProcess], directory: Path) -> None:
        coming = asyncio.ensure_future(process)
        self._coming[coming] = directory
        coming.add_done_callback(self._arrived)

    def _arrived(self, coming: asyncio.Task[SparqlProcess]) -> None:
        if self._coming.pop(coming, None) is None:
            return  # somebody waited for it
        if coming.cancelled():
            return
        error = coming.exception()
        if error is not None:
            log.error("a process for queries did not start: %s", error)
        elif coming.result().directory == self._current and self._threads is not None:
            self._idle.append(coming.result())
        else:
            self._discard(coming.result())

    async def _started(self, directory: Path) -> SparqlProcess:
        if self._threads is None:
            raise _stopping()
        starting = asyncio.get_running_loop().run_in_executor(self._threads, self._start)
        try:
            process = await asyncio.shield(starting)
        except asyncio.CancelledError:
            starting.add_done_callback(lambda done: None if done.exception() else self._discard(done.result()))
            raise
        return await self._opened(process, directory)

    def _start(self) -> SparqlProcess:
        process = SparqlProcess()
        self._processes.add(process)
        return process

    async def _opened(self, process: SparqlProcess, directory: Path) -> SparqlProcess:
        try:
            async with asyncio.timeout(START_SECONDS):
                await process.open(directory)
        except BaseException as error:
            self._discard(process)
            if isinstance(error, Closed | TimeoutError):
                raise Unavailable(
                    "Chưa mở được trạng thái dữ liệu để trả lời truy vấn. Hãy hỏi lại sau.",
                    "The state of the data could not be opened for queries. Ask again later.",
                ) from error
            raise
        return process

    def _discard(self, process: SparqlProcess) -> None:
        process.kill()
        if self._threads is not None:
            asyncio.get_running_loop().run_in_executor(self._threads, self._reap, process)

    async def _end_of(self, process: SparqlProcess) -> int:
        process.kill()  # does nothing to one that has ended
        return await asyncio.to_thread(process.reap)

    def _reap(self, process: SparqlProcess) -> None:
        process.reap()
        self._processes.discard(process)

    def _refuse_to_hold_more(self, limits: Limits, visitor: str) -> None:
        # One who takes the own answers slowly waits for that alone; only many of them together are felt by others.
        if (
            self._held[visitor] > limits.bytes
            or self._held.total() > self._settings.query_workers * self._settings.analyst_bytes
        ):
            raise self._turns.busy(f"{limits.settings}_BYTES", limits.bytes)
        self._held += Counter()  # forgets those who hold nothing

    def _let_go(self, visitor: str, size: int) -> None:
        self._held[visitor] -= size


def _stopping() -> Unavailable:
    return Unavailable("Dịch vụ đang dừng. Hãy hỏi lại sau.", "The service is stopping. Ask again later.")
