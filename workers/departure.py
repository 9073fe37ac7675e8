"""Work that ends when nobody waits for its outcome any more."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

_Outcome = TypeVar("_Outcome")


class ClientGone(Exception):
    """The visitor went away before the answer was there: nobody is left to be told."""


async def unless_gone(work: Coroutine[Any, Any, _Outcome], gone: asyncio.Event) -> _Outcome:
    """The outcome of `work`. Raises `ClientGone`, and cancels it, when `gone` is set before; so does who is cancelled."""
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(gone.wait())
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientGone
        return working.result()
    finally:
        leaving.cancel()
        working.cancel()
        await asyncio.wait((working, leaving))
