"""A visitor's query on its way to the processes that answer: the limits that hold for them, the state asked, and a
client that goes away before the answer is there."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.service import Service
from catalogue import sparql_text
from catalogue.errors import NotFound
from catalogue.permission import may
from catalogue.sparql_text import Reading
from workers.pool import ClientGone
from workers.task import Answer, Limits, Task

_PIECE = 262_144
_PIECE_SECONDS = 30.0
_SLOWEST = 262_144
"""How long a client may leave a piece of its answer untaken, and the bytes of a whole answer that it takes in a second at
the least after that: others wait for the memory."""

AT_ONCE = 2_000
"""Characters of a query that are looked at on the event loop, in a millisecond or two."""

CLIENT_GONE = 499
"""The status that nobody receives; it stands in the counts alone."""


def limits(service: Service, request: Request, seconds: float | None = None) -> Limits:
    """What this caller's query may cost: as a visitor or as an analyst, and at most `seconds`. Raises `Unauthorized`."""
    analyst = may(service.caller(request), "analyse", None, service.base)
    found = Limits.of_analysts(service.settings) if analyst else Limits.of_visitors(service.settings)
    return found if seconds is None else replace(found, seconds=min(seconds, found.seconds))


async def state(service: Service, name: str | None) -> tuple[str, datetime, Path]:
    """The published state asked: its name, its time and its checkpoint; None is the one that this request sees.

    Raises `NotFound`, with the states that are kept, for any other name.
    """
    directory = service.directory
    if name is None or name == service.state:
        assert directory is not None  # noqa: S101 - the caller required the folder
        return service.state, service.published, directory
    found = await run_in_threadpool(service.kept_state, name)
    if found is None:
        kept = list(await run_in_threadpool(lambda: service.states))
        raise NotFound(
            f"Không còn giữ trạng thái “{name[:80]}”. Các trạng thái còn hỏi được: {', '.join(kept)}.",
            f"The state “{name[:80]}” is not kept. States that can be asked: {', '.join(kept)}.",
            details={"state": name[:80], "states": kept},
        )
    return found.name, found.moment, found.directory


async def read(service: Service, request: Request, query: str) -> Reading:
    """What a query is. A long one is looked at in a thread, and waits for its turn. Raises as `sparql_text.read` does, and
    `Busy`.
    """
    if len(query) <= AT_ONCE:
        return sparql_text.read(query, service.settings)
    # Several at once would leave the event loop a small part of the interpreter.
    async with service.long_texts.turn(service.visitor(request)):
        return await run_in_threadpool(sparql_text.read, query, service.settings)


async def answer(service: Service, request: Request, task: Task) -> Answer:
    """The whole answer of the pool. Raises what the pool raises; `ClientGone` when nobody waits for it any more."""
    pool = service.require_pool()
    async with departure(request) as gone:
        return await pool.answer(task, visitor=service.visitor(request), gone=gone)


class Sent(Response):
    """A response that keeps the pool's answer for as long as its body is being sent, so that its bytes are counted.

    A long body leaves piece by piece, and the connection ends when the client does not take a piece in time.
    """

    def __init__(self, body: bytes, media_type: str, headers: dict[str, str], answer: Answer) -> None:
        super().__init__(body, headers={**headers, "Content-Type": media_type})
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it. Raises `TimeoutError` when a piece is not taken in time."""
        if len(self.body) <= _PIECE:
            await super().__call__(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async with asyncio.timeout(_PIECE_SECONDS + len(self.body) / _SLOWEST):
            for start in range(0, len(self.body), _PIECE):
                piece, more = bytes(self.body[start : start + _PIECE]), start + _PIECE < len(self.body)
                async with asyncio.timeout(_PIECE_SECONDS):
                    await send({"type": "http.response.body", "body": piece, "more_body": more})


def nobody() -> Response:
    """The response to a client that went away."""
    return Response(status_code=CLIENT_GONE)


@asynccontextmanager
async def departure(request: Request) -> AsyncIterator[asyncio.Event]:
    """An event that is set when the client goes away. The body must have been read."""
    gone = asyncio.Event()

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        gone.set()

    watching = asyncio.create_task(watch())
    try:
        yield gone
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching


__all__ = [
    "CLIENT_GONE",
    "ClientGone",
    "Sent",
    "answer",
    "departure",
    "limits",
    "nobody",
    "read",
    "state",
]
