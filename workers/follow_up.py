"""What follows a publication: a child process of low priority makes something of the state that was published last.

One child at a time for each thing to be made (the dumps, the search index), a moment after a publication (so that a burst of changes makes one), and with a rest after each that
grows with the time it took.
"""

import asyncio
import contextlib
import logging
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from anyio.to_thread import run_sync

from catalogue import clock

log = logging.getLogger("chiso.workers")

DELAY = 1.0
"""Seconds without another publication before it is begun."""
SHORT = 5.0
"""Seconds that it may take without a rest after it."""
REST = 4
"""Times as long as a longer one took, nothing is done after it; at most `LONGEST_REST` seconds."""
LONGEST_REST = 600.0


class FollowUp:
    """Keeps what `module` makes in the data folder `folder` up to date, from `start` to `stop`.

    `module` is run with folder, state and base; `made` is the file, `{state}` in its name, that says that it was. With
    `{day}` in its name it is made anew each day, from midnight in Viet Nam on.
    """

    def __init__(self, folder: Path, base: str, module: str, made: str, *, delay: float = DELAY) -> None:
        self._folder = folder
        self._base = base
        self._module = module
        self._made = made
        self._delay = delay
        self._wanted: str | None = None
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._child: subprocess.Popen[bytes] | None = None

    def renew(self, state: str) -> None:
        """A state became current."""
        self._wanted = state
        self._news.set()

    async def start(self) -> None:
        """Begin to look out for what `renew` tells."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End, with the child; what it had begun is thrown away by the next one."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        child = self._child
        if child is not None:
            child.kill()
            await run_sync(child.wait)

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), _until_midnight() if "{day}" in self._made else None)
            while self._news.is_set():
                self._news.clear()
                await asyncio.sleep(self._delay)
            state = self._wanted
            if state is None or (self._folder / self._made.format(state=state, day=clock.today())).exists():
                continue
            began = time.monotonic()
            # Started here and not in a thread of the pool: the child ends with the thread that started it.
            self._child = subprocess.Popen(
                [sys.executable, "-P", "-m", self._module, str(self._folder), state, self._base],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
            _, said = await run_sync(self._child.communicate, abandon_on_cancel=True)
            code, self._child = self._child.returncode, None
            if code:
                last = said.decode(errors="replace").strip().splitlines()[-1:] or ["?"]
                log.error("%s failed for %s (%s): %s", self._module, state, code, last[0])
            took = time.monotonic() - began
            await asyncio.sleep(0 if took < SHORT else min(REST * took, LONGEST_REST))


def _until_midnight() -> float:
    """Seconds until the next day begins in Viet Nam, and a second more."""
    now = clock.system_clock().astimezone(clock.VIETNAM)
    return (datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), clock.VIETNAM) - now).seconds + 1.0
