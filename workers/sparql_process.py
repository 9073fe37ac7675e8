"""One child process that answers queries, as the service sees it."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from pathlib import Path

from workers.channel import Head, receive_soon, send_soon
from workers.task import Task

COMMAND = (sys.executable, "-P", "-m", "workers.sparql_worker")
"""`-P`: not with a package of the same name in the working directory."""

_PASSED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SYSTEMROOT")


class SparqlProcess:
    """A running process. `directory`: the published state it is over, None before `open`.

    `begun`: the last query reached it whole. `growth`: bytes of memory beyond those it had when it opened the state.
    `answers`: how many it gave. `network`: `none` where the kernel lets it be cut off, otherwise `open`.
    """

    def __init__(self) -> None:
        """Start it; this blocks for some milliseconds. It ends with the thread that started it."""
        self.directory: Path | None = None
        self.begun = False
        self.growth = 0
        self.answers = 0
        self.network = ""
        self._resident = 0
        self._connection, theirs = socket.socketpair()
        self._connection.setblocking(False)
        try:
            self._child = subprocess.Popen(
                [*COMMAND, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={name: value for name, value in os.environ.items() if name in _PASSED_ON},
            )
        except BaseException:
            self._connection.close()
            raise
        finally:
            theirs.close()

    @property
    def number(self) -> int:
        """The process number."""
        return self._child.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._child.poll() is None

    async def open(self, directory: Path) -> None:
        """Let it serve the state in `directory`. Raises `Closed` when it ends instead."""
        self.directory = directory
        await send_soon(self._connection, {"open": str(directory)})
        head, _ = await receive_soon(self._connection, most=0)
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
            await send_soon(self._connection, head, task.query.encode())
            self.begun = True
            head, body = await receive_soon(self._connection, most=limits.bytes)
        self.answers += 1
        self.growth = (head.get("resident") or 0) - self._resident
        return head, body

    def kill(self) -> None:
        """End it at once; `reap` must follow."""
        self._child.kill()

    def reap(self) -> int:
        """Wait for its end and close what belongs to it; this blocks. The status is negative for a signal."""
        status = self._child.wait()
        with contextlib.suppress(OSError):
            self._connection.close()
        return status
