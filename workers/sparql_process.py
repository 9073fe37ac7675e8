"""One child process that answers queries, as the service sees it."""

import asyncio
from pathlib import Path

from workers.channel import Head, receive_soon, send_soon
from workers.child import Child
from workers.task import Task


class SparqlProcess(Child):
    """A running process. `directory`: the published state it is over, None before `open`.

    `begun`: the last query reached it whole. `growth`: bytes of memory beyond those it had when it opened the state.
    `answers`: how many it gave. `network`: `none` where the kernel lets it be cut off, otherwise `open`.
    """

    def __init__(self) -> None:
        super().__init__("workers.sparql_worker")
        self.directory: Path | None = None
        self.begun = False
        self.growth = 0
        self.answers = 0
        self.network = ""
        self._resident = 0

    async def open(self, directory: Path) -> None:
        """Let it serve the state in `directory`. Raises `Closed` when it ends instead."""
        self.directory = directory
        await send_soon(self.connection, {"open": str(directory)})
        head, _ = await receive_soon(self.connection, most=0)
        self.network = head["network"]
        self._resident = head["resident"] or 0

    async def ask(self, task: Task) -> tuple[Head, bytearray]:
        """The head and the body of its answer. Raises `Closed` when it ends instead, `TimeoutError` after the task's seconds."""
        limits = task.limits
        head: Head = {
            "media": task.media_type,
            "default": task.default_graphs,
            "named": task.named_graphs,
            "base": task.base,
            "limits": {name: getattr(limits, name) for name in ("seconds", "memory", "rows", "bytes")},
        }
        self.begun = False
        async with asyncio.timeout(limits.seconds):
            await send_soon(self.connection, head, task.query.encode())
            self.begun = True
            head, body = await receive_soon(self.connection, most=limits.bytes)
        self.answers += 1
        self.growth = (head.get("resident") or 0) - self._resident
        return head, body
