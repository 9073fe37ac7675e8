"""Answers kept as they were sent, for one published state: bytes and headers, in both codings."""

from collections import OrderedDict
from dataclasses import dataclass

OVERHEAD = 1_500
"""Bytes that a kept answer is counted with beside its bodies: headers, key, and what the language needs for them."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it is sent. `headers` are complete but for those of the coding; `packed` is the body in gzip, None
    where it is not worth it. `tag` is the ETag without quotes, empty where the answer has none."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    packed: bytes | None = None
    tag: bytes = b""
    route: str = "other"

    @property
    def size(self) -> int:
        """Bytes of memory that it is counted with."""
        return OVERHEAD + len(self.body) + len(self.packed or b"")


Key = tuple[bytes, bytes, str, str]
"""Path, query, form, language: all that a kept answer depends on beside the state."""


class Prepared:
    """The answers of one state, at most `most` bytes; the one that nobody asked for the longest goes first.

    Belongs to the event loop: no lock.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = 0
        self._answers: OrderedDict[Key, Answer] = OrderedDict()

    def get(self, key: Key) -> Answer | None:
        """The answer kept under `key`."""
        found = self._answers.get(key)
        if found is not None:
            self._answers.move_to_end(key)
        return found

    def keep(self, key: Key, answer: Answer) -> None:
        """Keep an answer; one that would take more than a sixteenth of the memory is not kept."""
        if answer.size > self._most // 16:
            return
        replaced = self._answers.pop(key, None)
        self._held += answer.size - (replaced.size if replaced else 0)
        self._answers[key] = answer
        while self._held > self._most:
            _, gone = self._answers.popitem(last=False)
            self._held -= gone.size

    def clear(self) -> None:
        """Forget everything: the state is no longer the current one."""
        self._answers.clear()
        self._held = 0

    def __len__(self) -> int:
        return len(self._answers)
