"""How an answer leaves: the headers that all bear, its coding, its tag, without a body for HEAD."""

import zlib
from collections.abc import Iterable

from anyio.to_thread import run_sync
from starlette.types import Message, Send

from api import coding
from api.preconditions import http_moment, refuse_unmet
from api.prepared import Answer, Headers

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

HEAD = "chiso.head"
"""Set in the scope of a HEAD request, which the application sees as GET: no file needs to be read for it."""

NO_BODY: Message = {"type": "http.response.body", "body": b""}

ALLOWED_HEADERS = (
    b"Accept, Accept-Language, Authorization, Cache-Control, Content-Encoding, Content-Language, Content-Type, "
    b"If-Match, If-Modified-Since, If-None-Match, If-Range, If-Unmodified-Since, Last-Event-ID, Link, Pragma, Range, "
    b"Slug, X-Requested-With"
)
"""What a page of another origin may send. A list, because `*` does not cover Authorization (Fetch, 3.3.5)."""

_SAFETY: Headers = [
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
]

# Everything here is public and no cookie opens anything, so every origin may read; credentials are never allowed.
_ORIGINS: Headers = [
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"Accept-Ranges, Allow, Chiso-State, Content-Disposition, Content-Language, Content-Location, Content-Range, "
        b"ETag, Last-Modified, Link, Location, Repr-Digest, Retry-After, Vary, WWW-Authenticate",
    ),
]

_EVERYWHERE: Headers = [*_SAFETY, *_ORIGINS]
_EVERYWHERE_NAMES = frozenset(name for name, _ in _EVERYWHERE)


def everywhere(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """The headers of an answer with those that every answer bears; what the answer says itself goes before them."""
    found = [(name.lower(), value) for name, value in headers]
    said = {name for name, _ in found} & _EVERYWHERE_NAMES
    if b"content-security-policy" in said:
        said.add(b"x-frame-options")  # an answer with a policy of its own says in it who may frame it
    return [*found, *(one for one in _EVERYWHERE if one[0] not in said)] if said else found + _EVERYWHERE


class Sending:
    """The `send` of one request. Sees the answer pass, packs it where `packs`, and keeps it where `keeps`.

    `packed_tag`: the tag of a packed form that the caller named in its condition. `whole`: the answer, when it came in
    one piece, is a success, and is to be kept. `cookie`: the one cookie that such an answer may set, since everybody who
    asks for it is to get it. `condition`: what the caller wants to find (`preconditions.given`).
    """

    def __init__(
        self,
        send: Send,
        *,
        head: bool,
        packs: bool,
        packed_tag: bytes | None,
        keeps: bool,
        cookie: bytes = b"",
        condition: tuple[bytes | None, bytes | None] | None = None,
    ) -> None:
        self._send = send
        self._head = head
        self._packs = packs
        self._packed_tag = packed_tag
        self._keeps = keeps
        self._cookie = cookie
        self._condition = condition
        self._start: Message | None = None
        self._stream: zlib._Compress | None = None
        self.started = False
        self.status = 500
        self.whole: Answer | None = None

    async def __call__(self, message: Message) -> None:
        """Send one message on. Raises `Unmet` before anything is sent where the answer is not the one that is wanted."""
        if message["type"] == "http.response.start":
            refuse_unmet(self._condition, message["status"], message.get("headers", ()))
            self._start = message  # held back until it is known whether the body comes in one piece
            self.status = message["status"]
        elif message["type"] == "http.response.body" and self._start is not None:
            start, self._start = self._start, None
            await self._begin(start, message)
        elif message["type"] == "http.response.body":
            await self._continue(message)
        else:
            await self._send(message)

    async def _begin(self, start: Message, message: Message) -> None:
        headers = everywhere(start.get("headers", ()))
        named = dict(headers)
        status, body, more = start["status"], message.get("body", b""), message.get("more_body", False)
        textual = coding.worth_packing(named.get(b"content-type", b"")) and b"content-encoding" not in named
        textual = textual and status not in (204, 206, 304)
        if textual or status == 304:
            headers = coding.varying(headers)
        if status == 304 and self._packed_tag is not None:
            headers = [(name, self._packed_tag if name == b"etag" else value) for name, value in headers]
        worth = textual and (more or len(body) >= coding.SMALLEST)
        # Who gets any other cookie gets an answer of his own.
        shared = all(value == self._cookie for name, value in headers if name == b"set-cookie")
        if not more and self._keeps and status in (200, 303) and shared:
            self.whole = Answer(status, headers, body, worth, named.get(b"etag", b""))
        if worth and self._packs:
            if more:
                self._stream = coding.stream()
                headers = coding.tagged(headers)
                body = await self._packed(body)
            else:
                body = coding.packed(body) if len(body) <= coding.AT_ONCE else await run_sync(coding.packed, body)
                headers = [*coding.tagged(headers), (b"content-length", b"%d" % len(body))]
                if self.whole is not None:
                    self.whole.packed = body
        self.started = True
        await self._send({"type": "http.response.start", "status": status, "headers": headers})
        await self._send({"type": "http.response.body", "body": b"" if self._head else body, "more_body": more})

    async def _continue(self, message: Message) -> None:
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._stream is not None:
            body = await self._packed(body, end=not more)
        await self._send({"type": "http.response.body", "body": b"" if self._head else body, "more_body": more})

    async def _packed(self, body: bytes, *, end: bool = False) -> bytes:
        assert self._stream is not None  # noqa: S101 - only then it is asked
        small = len(body) <= coding.AT_ONCE
        found = self._stream.compress(body) if small else await run_sync(self._stream.compress, body)
        return found + self._stream.flush() if end else found


def unchanged_by(kept: Answer, headers: dict[bytes, bytes]) -> bytes | None:
    """The tag of the form of a kept answer that the caller holds already; None where it holds none of them."""
    given = headers.get(b"if-none-match")
    if kept.status != 200 or not kept.tag:
        return None
    if given is not None:
        packed = kept.tag[:-1] + coding.MARK + b'"'
        for one in given.split(b","):
            tag = one.strip().removeprefix(b"W/")
            if tag in (kept.tag, packed):
                return tag
            if tag == b"*":
                return kept.tag
        return None
    since = headers.get(b"if-modified-since")
    modified = next((value for name, value in kept.headers if name == b"last-modified"), None)
    if since is not None and modified is not None and not_later(modified.decode(), since.decode("latin-1")):
        return kept.tag
    return None


def not_later(modified: str, since: str) -> bool:
    """Whether what was last changed at `modified` is unchanged for who has it from `since`; false for no HTTP date.

    >>> not_later("Sun, 01 Mar 2026 05:00:00 GMT", "Sun, 01 Mar 2026 05:00:01 GMT")
    True
    """
    changed, held = http_moment(modified), http_moment(since)
    return changed is not None and held is not None and changed <= held
