"""What is slow to import and not needed by everybody is imported a moment after the start, beside the first answers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from catalogue import paths

WARM_AFTER = 3.0
"""Seconds after the start: readiness does not wait for it."""


@asynccontextmanager
async def warming() -> AsyncIterator[None]:
    """From start to stop of the service."""
    task = asyncio.create_task(_warm())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _warm() -> None:
    await asyncio.sleep(WARM_AFTER)
    await asyncio.to_thread(paths.warm)
