"""The one writer, as the service sees it: a child process behind a queue, started at the first write.

A write that takes too long ends the process; so does a long time without any. The next write gets a new one. Whatever
ends it, a change is wholly in or wholly out (see `catalogue.writing`). Runs on the event loop of the service.
"""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from catalogue.errors import Busy, TimedOut, Unavailable, raised
from catalogue.permission import Caller
from catalogue.settings import Settings
from catalogue.store.folder import WriterLock
from catalogue.writing import Written
from workers.channel import Closed, Head, receive_soon, send_soon
from workers.child import Child
from workers.imports import Import, Imported
from workers.writer_process import too_much_memory

log = logging.getLogger("chiso.workers")

IDLE_SECONDS = 300.0
"""After this long without a write the process is ended."""
STOP_SECONDS = 10.0
"""How long a write under way may take when the service is told to stop."""


@dataclass(frozen=True, slots=True)
class Document:
    """RDF as it was sent: the suffix of its format, its bytes, and what errors call it."""

    form: str
    content: bytes
    place: str


@dataclass(frozen=True, slots=True)
class Condition:
    """What a write expects to find: fingerprints of the graph (`*`: any), by If-Match and If-None-Match, and the moment
    (POSIX seconds) since which nothing was published, by If-Unmodified-Since; None: anything.
    """

    match: tuple[str, ...] | None = None
    none_match: tuple[str, ...] | None = None
    unmodified_since: float | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """A graph of the authority: its serialisation (None where there is no such graph), and its fingerprint."""

    body: bytes | None
    fingerprint: str


ANYTHING = Condition()


class Writer:
    """The front of the writer. `lock`: the folder's lock, where somebody holds it already for this process.

    Every method raises `Busy` where too many wait, `TimedOut` and `LimitReached` where a write costs too much,
    `Unavailable` where the process ended by itself, and what `catalogue.writing.Writer` raises.
    """

    def __init__(self, settings: Settings, lock: WriterLock | None = None) -> None:
        self._settings = settings
        self._given = lock
        self._lock: WriterLock | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._under_way: set[asyncio.Task[tuple[Head, bytearray]]] = set()
        self._process: Child | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._thread: ThreadPoolExecutor | None = None

    async def start(self) -> None:
        """Hold the folder's lock from now on. Raises `Unavailable` where another process writes to the folder."""
        # A child ends with the thread that started it, so this thread lives as long as the writer.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="chiso-writer")
        self._lock = self._given or await asyncio.to_thread(WriterLock, self._settings.data)

    async def stop(self) -> None:
        """Let the write under way come to its end for some seconds, then end the process and give the lock back."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=STOP_SECONDS)
        self._forget_timer()
        if self._process is not None:
            self._process.close()
            await asyncio.get_running_loop().run_in_executor(thread, self._process.reap, STOP_SECONDS)
            self._process = None
        thread.shutdown(wait=True)
        if self._lock is not None and self._given is None:
            self._lock.release()
        self._lock = None

    @property
    def number(self) -> int | None:
        """The number of the process, None where there is none."""
        return None if self._process is None else self._process.number

    async def put(
        self, graph: str | None, documents: Sequence[Document], *, base: str, condition: Condition = ANYTHING
    ) -> Written:
        """Replace the content of a graph (None: the default graph). `base` resolves relative IRIs in the documents."""
        return await self._store("put", graph, documents, base, condition)

    async def post(
        self, graph: str | None, documents: Sequence[Document], *, base: str, condition: Condition = ANYTHING
    ) -> Written:
        """Add to a graph."""
        return await self._store("post", graph, documents, base, condition)

    async def delete(self, graph: str | None, *, condition: Condition = ANYTHING) -> Written:
        """Take a graph away, or empty the default graph."""
        return _written(await self._ask({"do": "delete", "graph": graph, **_plain(condition)}))

    async def update(
        self, text: str, *, caller: Caller, base: str, using: Sequence[str] = (), using_named: Sequence[str] = ()
    ) -> Written:
        """Carry out a SPARQL Update request, wholly or not at all, where `caller` may write to all that changes."""
        head: Head = {
            "do": "update",
            "caller": _told(caller),
            "base": base,
            "using": tuple(using),
            "usingNamed": tuple(using_named),
        }
        return _written(await self._ask(head, text.encode()))

    async def take(self, given: Import, *, caller: Caller) -> Imported:
        """Take mappings in, wholly or not at all, where `caller` may write to the graph of their set."""
        answer = await self._ask({"do": "import", "caller": _told(caller), "import": given.told()}, given.content)
        return Imported(_written(answer), answer[0]["report"])

    async def read(self, graph: str | None, form: str) -> Content:
        """A graph of the authority, internal ones too, as a document of the format with the suffix `form`."""
        most = self._settings.upload_bytes
        head, body = await self._ask({"do": "read", "graph": graph, "form": form, "most": most}, most=most)
        return Content(bytes(body) if head["found"] else None, head["fingerprint"])

    async def _store(
        self, do: str, graph: str | None, documents: Sequence[Document], base: str, condition: Condition
    ) -> Written:
        head: Head = {
            "do": do,
            "graph": graph,
            "base": base,
            "documents": [(one.form, len(one.content), one.place) for one in documents],
            **_plain(condition),
        }
        return _written(await self._ask(head, b"".join(one.content for one in documents)))

    async def _ask(self, head: Head, body: bytes = b"", *, most: int = 0) -> tuple[Head, bytearray]:
        if self._thread is None:
            raise _stopping()
        if self._waiting > self._settings.write_waiting:
            raise Busy(
                f"Đã có {self._settings.write_waiting} lần ghi đang chờ (CHISO_WRITE_WAITING). Hãy gửi lại sau.",
                f"{self._settings.write_waiting} writes are waiting already (CHISO_WRITE_WAITING). Send it again later.",
                details={"limit": "CHISO_WRITE_WAITING", "value": self._settings.write_waiting, "retryAfter": 2},
            )
        self._waiting += 1
        # Shielded: a write that has begun comes to its end though nobody waits for the answer any more.
        work = asyncio.ensure_future(self._in_turn(head, body, most))
        self._under_way.add(work)
        work.add_done_callback(self._under_way.discard)
        answer, content = await asyncio.shield(work)
        if "error" in answer:
            raise raised(answer)
        return answer, content

    async def _in_turn(self, head: Head, body: bytes, most: int) -> tuple[Head, bytearray]:
        try:
            async with self._turn:
                self._forget_timer()
                try:
                    return await self._exchange(head, body, most)
                finally:
                    if self._thread is not None:
                        self._idle = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._end_idle)
        finally:
            self._waiting -= 1

    async def _exchange(self, head: Head, body: bytes, most: int) -> tuple[Head, bytearray]:
        try:
            async with asyncio.timeout(self._settings.write_seconds):
                for last in (False, True):
                    process = await self._running()
                    try:
                        await send_soon(process.connection, head, body)
                        await receive_soon(process.connection, most=0)
                        break
                    except Closed:  # it had ended before it took this request
                        await self._end(process)
                        if last:
                            raise _ended() from None
                return await receive_soon(process.connection, most=most)
        except TimeoutError:
            if self._process is not None:
                await self._end(self._process)
            seconds = self._settings.write_seconds
            raise TimedOut(
                f"Lần ghi này mất hơn {seconds:g} giây (CHISO_WRITE_SECONDS) nên đã bị dừng. Hãy gửi thành nhiều phần, hoặc dùng chiso load.",
                f"This write took more than {seconds:g} seconds (CHISO_WRITE_SECONDS) and was stopped. Send it in parts, or use chiso load.",
                details={"limit": "CHISO_WRITE_SECONDS", "value": seconds},
            ) from None
        except Closed:
            status = await self._end(process)
            log.error("the writer ended with status %s", status)
            if status == -signal.SIGABRT:  # the engine could not allocate
                raise too_much_memory(self._settings) from None
            raise _ended() from None

    async def _running(self) -> Child:
        """The process, started where there is none that runs."""
        if self._process is not None and not self._process.alive:
            await self._end(self._process)
        if self._process is None:
            if self._thread is None or self._lock is None:
                raise _stopping()
            loop = asyncio.get_running_loop()
            passed = (self._lock.descriptor,)
            start = partial(Child, "workers.writer_process", descriptors=passed, tells=True)
            self._process = await loop.run_in_executor(self._thread, start)
            with contextlib.suppress(Closed):  # the next message tells
                await send_soon(self._process.connection, {"settings": self._settings.told()})
        return self._process

    async def _end(self, process: Child) -> int:
        if self._process is process:
            self._process = None
        process.kill()
        return await asyncio.get_running_loop().run_in_executor(self._thread, process.reap, None)

    def _end_idle(self) -> None:
        self._idle = None
        if self._process is not None and self._thread is not None and not self._turn.locked():
            process, self._process = self._process, None
            process.close()
            self._thread.submit(process.reap, STOP_SECONDS)

    def _forget_timer(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None


def _plain(condition: Condition) -> Head:
    return {
        "match": condition.match,
        "noneMatch": condition.none_match,
        "unmodifiedSince": condition.unmodified_since,
    }


def _told(caller: Caller) -> Head:
    return {"name": caller.name, "scopes": sorted(caller.scopes), "graphs": caller.graphs}


def _written(answer: tuple[Head, bytearray]) -> Written:
    head = answer[0]
    return Written(head["state"], head["created"], head["changed"])


def _ended() -> Unavailable:
    return Unavailable(
        "Tiến trình ghi dừng giữa chừng. Thay đổi này được ghi trọn vẹn hoặc không được ghi gì: hãy đọc lại rồi gửi lại nếu cần.",
        "The writing process ended midway. The change is in wholly or not at all: read it back, and send it again if need be.",
    )


def _stopping() -> Unavailable:
    return Unavailable("Dịch vụ đang dừng.", "The service is stopping.")
