"""Bodies that arrive: how much of them may be in memory before anybody looks at it."""

from collections import Counter

from catalogue.errors import Busy
from catalogue.settings import MEGABYTE

AT_ONCE = 4
"""How many largest bodies one visitor may send at the same time."""
ALWAYS = 32 * MEGABYTE
"""Bytes that one visitor may have under way in any case."""


class Arriving:
    """The bytes of bodies that are being read, by visitor: many slow ones together would fill the memory."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: Counter[str] = Counter()

    def add(self, visitor: str, size: int, limit: int) -> None:
        """Count `size` more bytes of a body that may have `limit`. Raises `Busy`; `leave` must follow."""
        self._held[visitor] += size
        most = max(AT_ONCE * limit, ALWAYS)
        if self._held[visitor] > most or self._held.total() > self._most:
            raise Busy(
                "Đang nhận quá nhiều nội dung cùng lúc. Hãy gửi lần lượt, hoặc gửi lại sau ít giây.",
                "Too much is being sent at the same time. Send one after the other, or again in a few seconds.",
                details={"retryAfter": 5},
            )

    def leave(self, visitor: str, size: int) -> None:
        """Forget a body of `size` bytes: it is read, or refused."""
        self._held[visitor] -= size
        if self._held[visitor] <= 0:
            del self._held[visitor]
