"""Answers kept as they were sent, for one published state: bytes and headers, in both codings."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from api.coding import tagged

OVERHEAD = 3_000
"""Bytes that a kept answer is counted with beside its bodies: headers, key, and what the language needs for them."""

Headers = list[tuple[bytes, bytes]]

PREPARABLE = "chiso.preparable"
"""Set in the scope by who answers: the answer depends on nothing but the state, the address, the form and the language."""

PREPARABLE_PAGE = "chiso.preparable page"
"""The same, set for a page: the answer depends on what a `View` tells too, and on nothing else."""

_OF_A_BODY = frozenset((b"content-type", b"content-length", b"content-encoding"))


@dataclass(slots=True)
class Answer:
    """An answer as it is sent. `body` is plain and `headers` are those of the plain form; `packs`: it may be sent in gzip
    too, made when it is first asked for. `tag` is the ETag as it stands in the header, empty where there is none."""

    status: int
    headers: Headers
    body: bytes
    packs: bool = False
    tag: bytes = b""
    route: str = "other"
    _packed: bytes | None = None
    packed_headers: Headers = field(default_factory=list)

    @property
    def packed(self) -> bytes | None:
        """The body in gzip, None as long as nobody asked for it."""
        return self._packed

    @packed.setter
    def packed(self, body: bytes) -> None:
        self._packed = body
        self.packed_headers = [*tagged(self.headers), (b"content-length", b"%d" % len(body))]

    def unchanged(self, tag: bytes) -> Headers:
        """The headers of a 304 for the form that bears `tag`."""
        return [(name, tag if name == b"etag" else value) for name, value in self.headers if name not in _OF_A_BODY]

    @property
    def size(self) -> int:
        """Bytes of memory that it is counted with; text packs to a third and less."""
        return OVERHEAD + len(self.body) * (4 if self.packs else 3) // 3


class View(NamedTuple):
    """What pages depend on and data does not: the address of the service as the visitor wrote it (it stands in citations),
    the theme, and the day, which is today's for all pages alike."""

    scheme: str
    host: bytes
    theme: str
    day: str


class Key(NamedTuple):
    """All that a kept answer depends on beside the state. `view` is None where no page is kept under it."""

    path: bytes
    query: bytes
    form: str
    language: str
    view: View | None = None


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

    def forget(self) -> Iterator[None]:
        """Forget everything, one answer at a time; for what the event loop has put aside."""
        while self._answers:
            self._answers.popitem()
            yield

    def __len__(self) -> int:
        return len(self._answers)
