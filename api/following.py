"""Following what is published: a state that became current on disk is opened beside the old one and takes its place."""

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable
from pathlib import Path

from anyio.to_thread import run_sync

from api.published import State
from catalogue.errors import CatalogueError

log = logging.getLogger("chiso.api")

INTERVAL = 0.5
"""Seconds between two looks at `published/current`; this server's own writes are told at once."""


class Follower:
    """Keeps the service at the state that `published/current` of a data folder names.

    `opened` opens a state (in a thread), `current` tells the state that is served, `taken` puts a new one in its place.
    """

    def __init__(
        self,
        folder: Path,
        opened: Callable[[str], State | None],
        current: Callable[[], State],
        taken: Callable[[State], None],
    ) -> None:
        self._pointer = folder / "published" / "current"
        self._opened = opened
        self._current = current
        self._taken = taken
        self._seen: tuple[int, int, int] | None = None
        self._failed: str | None = None
        self._lock = asyncio.Lock()

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await asyncio.sleep(INTERVAL)
            if self._stamp() != self._seen:
                await self.look()

    async def look(self) -> None:
        """Serve the state that is current now. What cannot be opened is logged; the state before it stays."""
        async with self._lock:
            seen = self._stamp()
            try:
                name = (await run_sync(self._pointer.read_text)).strip()
                state = None if name == self._current().name else await run_sync(self._opened, name)
            except (OSError, UnicodeDecodeError, CatalogueError) as error:
                if self._failed != str(error):  # said once, however often it is tried again
                    self._failed = str(error)
                    log.error("the published state cannot be opened: %s", error)
                return
            self._seen, self._failed = seen, None
            if state is not None:
                self._taken(state)

    def _stamp(self) -> tuple[int, int, int] | None:
        with contextlib.suppress(OSError):
            found = os.stat(self._pointer)  # noqa: PTH116 - on the event loop: one call of the system
            return found.st_mtime_ns, found.st_ino, found.st_size
        return None
