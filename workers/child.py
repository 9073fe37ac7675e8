"""A child process as the service sees it: a module that is run, with a socket to talk to it (`workers.channel`)."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterable, Sequence

_PASSED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR", "LANG")
"""What a child is told of the environment; whatever else stands there (passwords of other programs) is not its business."""


class Child:
    """A running process. Its first argument is the descriptor of its end of the socket, the others are `descriptors`."""

    def __init__(self, module: str, *, descriptors: Sequence[int] = (), tells: bool = False) -> None:
        """Start it; this blocks for some milliseconds. It ends with the thread that started it.

        `tells`: what it writes to standard error goes where ours goes, otherwise nowhere.
        """
        self.connection, theirs = socket.socketpair()
        self.connection.setblocking(False)
        passed = [theirs.fileno(), *descriptors]
        try:
            self._process = subprocess.Popen(
                # -P: not with a package of the same name in the working directory.
                [sys.executable, "-P", "-m", module, *map(str, passed)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=None if tells else subprocess.DEVNULL,
                pass_fds=passed,
                env={name: value for name, value in os.environ.items() if name in _PASSED_ON},
            )
        except BaseException:
            self.connection.close()
            raise
        finally:
            theirs.close()

    @property
    def number(self) -> int:
        """The process number."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End it at once; `reap` must follow."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    def close(self) -> None:
        """Let it end by itself: it has nobody left to serve."""
        self.connection.close()

    def reap(self, patience: float | None = None) -> int:
        """Wait for its end and close the socket, from which nobody may be reading any more; this blocks."""
        try:
            return self.wait(patience)
        finally:
            with contextlib.suppress(OSError):
                self.connection.close()

    def wait(self, patience: float | None = None) -> int:
        """Wait for its end, at most `patience` seconds before it is killed; this blocks. The status is negative for a
        signal."""
        try:
            return self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


async def end_all(children: Iterable[Child]) -> None:
    """Kill them and wait for their end. Who still reads from one is told `Closed`."""
    ending = list(children)
    for child in ending:
        child.kill()
    await asyncio.to_thread(lambda: [child.wait() for child in ending])
    # The event loop forgets who reads from a socket that is closed: first it has to see that the other end is gone.
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    for child in ending:
        child.close()
