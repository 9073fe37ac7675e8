"""Connections: what a client may send, and how long it may take, before there is a request; and who takes no answer.

The server's own protocol waits without end and keeps whatever comes: one connection could fill the memory with headers,
or a thousand silent ones could use up the file descriptors. This one has an end to everything.
"""

import asyncio
import json
from email.utils import formatdate
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LONGEST_HEAD = 98_304
"""Bytes of a request line and all headers together; the longest address and the longest single header fit."""
LONGEST_TARGET = 65_535
"""Bytes of a request target that the server can take apart; `api.gate` asks for less."""
HEAD_SECONDS = 20.0
"""From the beginning of a connection, or of a request on it, until its headers must be there."""
LOOK_SECONDS = 15.0
"""How often it is looked whether an answer is being taken."""
SLOWEST = 1_024
"""Bytes of an answer that a client takes in a second, at the least."""


_TOO_LONG = (
    431,
    "Request Header Fields Too Large",
    f"Địa chỉ và các tiêu đề của yêu cầu dài hơn {LONGEST_HEAD} byte. Hãy gửi ít tiêu đề hơn, hoặc dùng POST.",
    f"The address and the headers of the request are longer than {LONGEST_HEAD} bytes. Send fewer headers, or use POST.",
)
_FAR = (
    414,
    "URI Too Long",
    f"Địa chỉ dài hơn {LONGEST_TARGET} byte. Hãy dùng POST.",
    f"The address is longer than {LONGEST_TARGET} bytes. Use POST.",
)
_MALFORMED = (
    400,
    "Bad Request",
    "Đây không phải yêu cầu HTTP đúng quy cách.",
    "This is no well-formed HTTP request.",
)
_CODED = (
    501,
    "Not Implemented",
    "Transfer-Encoding chỉ nhận chunked. Hãy nén nội dung bằng Content-Encoding.",
    "Of Transfer-Encoding only chunked is taken. Compress the body by Content-Encoding.",
)


class Bounded(HttpToolsProtocol):
    """One connection, with an end to long heads, to silence, and to answers that nobody takes.

    `most_connections`: beyond it, a new connection takes the place of one that only waits.
    """

    most_connections = 10_000

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        self._head = self._unnoticed = self._unsent = 0
        self._refusal = _MALFORMED
        self._taken = False
        super().connection_made(transport)
        self._patience: asyncio.TimerHandle | None = self.loop.call_later(HEAD_SECONDS, transport.abort)
        self._looking = self.loop.call_later(LOOK_SECONDS, self._look)
        if len(self.connections) > self.most_connections:
            waiting = (one for one in self.connections if one is not self and not _busy(one))
            next(waiting, self).transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers."""
        self._forget_patience()
        self._looking.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read what came. A head that is too long is refused, however it comes."""
        self._unnoticed += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._unnoticed > LONGEST_HEAD:
            self._refusal = _TOO_LONG
            self.send_400_response("")
        elif self._patience is None and not _busy(self):
            self._patience = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def on_message_begin(self) -> None:
        """A request begins."""
        self._head = self._unnoticed = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """A piece of the address."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header, or a trailer of a chunked body."""
        self._count(len(name) + len(value) + 4)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """A request is there. What RFC 9112 wants of a server, and its own protocol leaves out, is done here."""
        self._forget_patience()
        if len(self.url) > LONGEST_TARGET:
            self._refusal = _FAR  # RFC 9112, 3
            raise httptools.HttpParserError("the target is too long")
        self._refuse_codings()
        if self.parser.get_http_version() == "1.0":
            self.expect_100_continue = False  # RFC 9110, 10.1.1
        if not self.url.startswith(b"/"):
            self._take_absolute()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of a body; `api.bodies` counts and times those."""
        self._unnoticed = 0
        super().on_body(body)

    def on_response_complete(self) -> None:
        """An answer is written."""
        self._taken = True
        super().on_response_complete()

    def resume_writing(self) -> None:
        """The client took what was waiting."""
        self._taken = True
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the server's own words are not passed on
        """Refuse what is no request, or one whose head is too long, and close."""
        if _busy(self):
            self.transport.abort()  # in the midst of another answer nothing can be said
            return
        status, reason, vi, en = self._refusal
        problem = {"type": "/help/errors/bad-request", "title": reason, "status": status, "detail": f"{vi} {en}"}
        body = json.dumps(problem, ensure_ascii=False).encode()
        head = (
            f"HTTP/1.1 {status} {reason}\r\ndate: {formatdate(usegmt=True)}\r\ncontent-type: application/problem+json\r\n"
            f"content-length: {len(body)}\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()

    def _count(self, size: int) -> None:
        self._unnoticed = 0
        self._head += size
        if self._head > LONGEST_HEAD:
            self._refusal = _TOO_LONG
            raise httptools.HttpParserError("the head is too long")

    def _refuse_codings(self) -> None:
        """Of a body in any other transfer coding than `chunked` neither end nor content is known (RFC 9112, 6.1 and 6.3)."""
        given = [value.strip().lower() for name, value in self.headers if name == b"transfer-encoding"]
        codings = [one.strip() for one in b",".join(given).split(b",")] if given else []
        if codings not in ([], [b"chunked"]):
            self._refusal = _CODED if codings[-1] == b"chunked" else _MALFORMED
            raise httptools.HttpParserError("another transfer coding than chunked")

    def _take_absolute(self) -> None:
        """A target in absolute form (RFC 9112, 3.2.2): its host counts, whatever the header Host says."""
        target = httptools.parse_url(self.url)
        if target.host is None:
            return
        literal = b"[" + target.host + b"]" if b":" in target.host else target.host
        host = literal if target.port is None else b"%b:%d" % (literal, target.port)
        self.headers[:] = [(b"host", host), *(one for one in self.headers if one[0] != b"host")]
        if target.path is None:
            whole = b"*" if self.parser.get_method() == b"OPTIONS" and target.query is None else b"/"
            self.url = whole if target.query is None else b"/?" + target.query

    def _forget_patience(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _look(self) -> None:
        # The size of what waits falls while a client takes it, or reaches the mark at which more is written.
        unsent = self.transport.get_write_buffer_size()
        if unsent and not self._taken and unsent > self._unsent - LOOK_SECONDS * SLOWEST and self._unsent:
            self.transport.abort()
            return
        self._unsent, self._taken = unsent, False
        self._looking = self.loop.call_later(LOOK_SECONDS, self._look)


def bounded(most_connections: int) -> type[Bounded]:
    """The protocol for a server that may have so many connections at once."""
    return type("Bounded", (Bounded,), {"most_connections": most_connections})


def _busy(connection: Any) -> bool:
    """Whether a request is being answered."""
    return connection.cycle is not None and not connection.cycle.response_complete
