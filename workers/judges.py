"""The processes that judge visitors' data, seen from the service: a bounded number, one kept warm, an end to every judgement.

Everything here runs on the event loop of the service; processes are started and reaped in a thread.
"""

import asyncio
import logging
import signal
from collections import Counter
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass

from catalogue.errors import Busy, CatalogueError, Defect, LimitReached, TimedOut, Unavailable, raised
from catalogue.settings import Settings
from workers.channel import Closed, Head, receive_soon, send_soon
from workers.child import Child, end_all
from workers.judgement import Posted

log = logging.getLogger("chiso.workers")

AT_ONCE = 2
"""Judgements under way."""
WAITING = 8
"""Judgements that may wait for their turn."""
PER_VISITOR = 2
"""Judgements that one visitor may have under way or waiting."""
LOADING_SECONDS = 60.0
"""Longest time in which a process must have loaded pySHACL and the shapes."""
GRACE_SECONDS = 5.0
"""What the process may take beyond the limit to tell that its fork was ended."""
IDLE_SECONDS = 300.0
"""After this long without a judgement the warm process is ended."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the data conforms; the report in the form asked for, or, where none was asked for, its results as JSON."""

    conforms: bool
    body: bytes


class Judges:
    """At most `AT_ONCE` judgements at once. Made by `create_app`; starts by itself, to be stopped with the service."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._visitors: Counter[str] = Counter()
        self._idle: list[Child] = []
        self._all: set[Child] = set()
        self._ends: asyncio.TimerHandle | None = None
        # A child ends with the thread that started it, so this thread lives as long as the judges.
        self._thread: ThreadPoolExecutor | None = ThreadPoolExecutor(1, thread_name_prefix="chiso-judges")

    async def stop(self) -> None:
        """Kill what runs and wait for its end. Nothing is left behind."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._forget_timer()
        self._idle.clear()
        await end_all(self._all)
        self._all.clear()
        thread.shutdown(wait=True)

    async def judge(self, data: Posted, shapes: Posted | None, *, answer: str | None, visitor: str) -> Verdict:
        """Judge `data` under the shipped shapes or under `shapes`; `answer`: suffix of the report's format, None for its results.

        When the caller is cancelled, so is the judgement. Raises what `judgement.judge` raises, `TimedOut`,
        `LimitReached`, `Busy`.
        """
        limits = self._settings
        head = {
            "dataFormat": data.form,
            "dataSize": len(data.content),
            "shapesFormat": shapes.form if shapes is not None else None,
            "answerFormat": answer,
            "settings": limits.told(),
            "seconds": limits.validate_seconds,
            "memory": limits.validate_memory,
            "bytes": limits.query_bytes,
        }
        content = data.content + (shapes.content if shapes is not None else b"")
        async with self._turn(visitor), self._process() as process:
            told, body = await self._ask(process, head, content)
        if "died" in told:
            raise self._died(told["died"])
        if "defect" in told:
            log.error("SHACL worker: %s", told["defect"])
            raise Defect("Tiến trình kiểm tra SHACL gặp lỗi.", "The SHACL worker met a defect.")
        if "error" in told:
            raise raised(told)
        return Verdict(bool(told["conforms"]), bytes(body))

    async def _ask(self, process: Child, head: Head, content: bytes) -> tuple[Head, bytearray]:
        seconds = self._settings.validate_seconds
        try:
            async with asyncio.timeout(seconds + GRACE_SECONDS):
                await send_soon(process.connection, head, content)
                return await receive_soon(process.connection, most=self._settings.query_bytes)
        except TimeoutError:
            raise self._timed_out() from None
        except Closed:
            raise self._died(0) from None

    @asynccontextmanager
    async def _turn(self, visitor: str) -> AsyncIterator[None]:
        if self._visitors[visitor] >= PER_VISITOR or self._visitors.total() >= AT_ONCE + WAITING:
            raise Busy(
                "Đang có quá nhiều lượt kiểm tra SHACL. Hãy gửi lại sau ít giây.",
                "Too many SHACL validations are under way. Send it again in a few seconds.",
                details={"retryAfter": 5},
            )
        self._visitors[visitor] += 1
        try:
            async with self._turns:
                yield
        finally:
            self._visitors[visitor] -= 1
            if not self._visitors[visitor]:
                del self._visitors[visitor]

    @asynccontextmanager
    async def _process(self) -> AsyncIterator[Child]:
        """A loaded process; it is kept when the judgement came to its end, and killed otherwise."""
        self._forget_timer()
        process = self._idle.pop() if self._idle else await self._started()
        try:
            yield process
        except BaseException:
            await self._end(process)
            raise
        if self._idle or self._thread is None:
            await self._end(process)
        else:
            self._idle.append(process)
            self._ends = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._end_idle)

    async def _started(self) -> Child:
        if self._thread is None:
            raise _stopped()
        thread = self._thread
        starting = asyncio.get_running_loop().run_in_executor(thread, Child, "workers.shacl_worker")
        try:
            process = await asyncio.shield(starting)
        except asyncio.CancelledError:
            starting.add_done_callback(lambda done: None if done.exception() else thread.submit(_end_of, done.result()))
            raise
        self._all.add(process)
        try:
            async with asyncio.timeout(LOADING_SECONDS):
                await receive_soon(process.connection, most=0)
        except (TimeoutError, Closed):
            await self._end(process)
            raise _stopped() from None
        except BaseException:
            await self._end(process)
            raise
        return process

    async def _end(self, process: Child) -> None:
        process.kill()  # at once, even where the caller is cancelled again while the thread reaps
        if self._thread is not None:
            await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._thread, _end_of, process))
            self._all.discard(process)

    def _end_idle(self) -> None:
        for process in self._idle:
            process.kill()
            self._all.discard(process)
            if self._thread is not None:
                self._thread.submit(_end_of, process)
        self._idle.clear()

    def _forget_timer(self) -> None:
        if self._ends is not None:
            self._ends.cancel()
            self._ends = None

    def _died(self, cause: object) -> CatalogueError:
        if cause == signal.SIGALRM:
            return self._timed_out()
        limit = self._settings.validate_memory
        return LimitReached(
            f"Kiểm tra SHACL này cần nhiều hơn {limit} byte bộ nhớ (CHISO_VALIDATE_MEMORY) hoặc lồng quá sâu. Hãy gửi ít dữ liệu hơn hoặc viết shapes đơn giản hơn.",
            f"This validation needs more than {limit} bytes of memory (CHISO_VALIDATE_MEMORY), or is nested too deeply. Send less data, or simpler shapes.",
            details={"limit": "CHISO_VALIDATE_MEMORY", "value": limit},
        )

    def _timed_out(self) -> TimedOut:
        limit = self._settings.validate_seconds
        return TimedOut(
            f"Kiểm tra SHACL này lâu hơn {limit:g} giây (CHISO_VALIDATE_SECONDS) nên đã bị dừng. Hãy gửi ít dữ liệu hơn, hoặc bỏ các sh:sparql và sh:pattern chạy lâu.",
            f"This validation took longer than {limit:g} seconds (CHISO_VALIDATE_SECONDS) and was stopped. Send less data, or leave out slow sh:sparql and sh:pattern.",
            details={"limit": "CHISO_VALIDATE_SECONDS", "value": limit},
        )


def _end_of(process: Child) -> None:
    """End it, with its fork, and wait until it is gone."""
    process.kill()
    process.reap()


def _stopped() -> Unavailable:
    return Unavailable(
        "Dịch vụ đang dừng hoặc tiến trình kiểm tra không khởi động được.",
        "The service is stopping, or the validating process did not start.",
    )
