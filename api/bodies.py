"""Bodies of requests: read within bounds, unpacked within bounds, taken apart into fields and parts.

Nothing here parses RDF or SPARQL: that happens in the processes beside the service.
"""

import asyncio
import re
import zlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from api.arriving import Arriving
from api.visitors import visitor_of
from catalogue.errors import BadRequest, TooLarge, TooSlow, UnsupportedMedia

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"

IDLE_SECONDS = 15.0
"""Longest silence within a body."""
BODY_SECONDS = 300.0
"""Longest time in which a whole body must have come."""
MOST_CODINGS = 3
"""Content codings laid over one another."""
MOST_MEMBERS = 10_000
"""Members of a gzip body: an empty one costs 20 bytes to send."""
MOST_FIELDS = 200
"""Fields of a form or of a query string, and parts of a multipart body."""
LONGEST_HEADER = 4_096
"""Bytes of one header of a part."""

AT_ONCE = 16_384
"""Bytes of a form that are read on the event loop, in a few milliseconds at most."""

_SLICE = 262_144
"""Most bytes that are unpacked at once before others get their turn."""


@dataclass(frozen=True, slots=True)
class MediaType:
    """A Content-Type: `name` in lower case (empty where the header is missing), and its parameters."""

    name: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def charset(self) -> str:
        """The declared charset in lower case, empty where none is declared."""
        return self.parameters.get("charset", "").lower()

    def require_utf8(self) -> None:
        """Raise `UnsupportedMedia` where another charset than UTF-8 is declared (SPARQL and RDF texts are UTF-8)."""
        if self.charset not in ("", "utf-8", "utf8", "us-ascii"):
            raise UnsupportedMedia(
                f"Chỉ đọc được UTF-8, tiêu đề Content-Type khai báo “{self.charset[:40]}”.",
                f"Only UTF-8 is read here; the Content-Type declares “{self.charset[:40]}”.",
                details={"charset": self.charset[:40]},
            )


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart body: the field's name, the file's name (None for a plain field), its type and content."""

    name: str
    file_name: str | None
    media_type: MediaType
    content: bytes


_PARAMETER = re.compile(r';\s*([\w!#$&^.+-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))\s*')


def media_type(header: str | None) -> MediaType:
    """Read a Content-Type header (RFC 9110, section 8.3.1).

    >>> media_type('Text/Turtle; Charset="UTF-8"')
    MediaType(name='text/turtle', parameters={'charset': 'UTF-8'})
    >>> media_type(None).name
    ''
    """
    name, _, rest = (header or "")[:1_000].partition(";")
    found = {
        match[1].lower(): re.sub(r"\\(.)", r"\1", match[2]) if match[2] is not None else match[3]
        for match in _PARAMETER.finditer(";" + rest)
    }
    return MediaType(name.strip().lower(), found)


def of(request: Request) -> MediaType:
    """The media type of a request's body."""
    return media_type(request.headers.get("content-type"))


async def read_body(request: Request, limit: int, *, setting: str = "CHISO_UPLOAD_BYTES") -> bytes:
    """The body, unpacked. `limit` holds for what is sent and for what it unpacks to; `setting` is where it is set.

    Raises `TooLarge` (before a byte is read where Content-Length says so), `UnsupportedMedia` for a content coding that
    is not read here, `BadRequest` for a body that breaks off or cannot be unpacked, `TooSlow`.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > limit:
        raise _too_large(limit, setting)
    unpackers = _unpackers(request.headers.get("content-encoding", ""))
    whole = bytearray()
    sent = 0
    visitor = visitor_of(request.client.host) if request.client else "unknown"
    arriving: Arriving = request.app.state.arriving
    try:
        async for chunk in _chunks(request):
            sent += len(chunk)
            if sent > limit:
                raise _too_large(limit, setting)
            async for piece in _unpacked(chunk, unpackers, _too_large(limit, setting)):
                if len(whole) + len(piece) > limit:
                    raise _too_large(limit, setting)
                whole += piece
                arriving.add(visitor, len(piece), limit)
    finally:
        arriving.leave(visitor, len(whole))
    if any(not unpacker.complete for unpacker in unpackers):
        raise _broken_coding()
    return bytes(whole)


def parameters(text: bytes | str) -> list[tuple[str, str]]:
    """The fields of a query string or of a form, in their order. Raises `BadRequest` for what is not UTF-8 or too many.

    >>> parameters(b"query=ASK+%7B%7D&x=")
    [('query', 'ASK {}'), ('x', '')]
    """
    try:
        decoded = text if isinstance(text, str) else text.decode("utf-8")
        return parse_qsl(decoded, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except UnicodeDecodeError:
        raise BadRequest(
            "Tham số không phải UTF-8. Hãy mã hóa phần trăm (percent-encoding) các byte UTF-8.",
            "The parameters are not UTF-8. Percent-encode the bytes of UTF-8.",
        ) from None
    except ValueError:
        raise BadRequest(
            f"Có hơn {MOST_FIELDS} tham số. Hãy gửi ít hơn.",
            f"There are more than {MOST_FIELDS} parameters. Send fewer.",
            details={"limit": MOST_FIELDS},
        ) from None


async def fields(form: bytes) -> list[tuple[str, str]]:
    """The fields of a form, as `parameters` reads them; a long one in a thread, so that others get their turn."""
    return parameters(form) if len(form) <= AT_ONCE else await run_in_threadpool(parameters, form)


def query_parameters(request: Request) -> list[tuple[str, str]]:
    """The fields of the address's query string, as `parameters` reads them."""
    return parameters(request.scope.get("query_string", b""))


def text_of(body: bytes) -> str:
    """A body that must be UTF-8. Raises `BadRequest` at the first byte that is not."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(
            f"Nội dung không phải UTF-8 (byte thứ {error.start + 1}).",
            f"The body is not UTF-8 (byte {error.start + 1}).",
            details={"byte": error.start + 1},
        ) from None


def parts(body: bytes, kind: MediaType) -> list[Part]:
    """The parts of a multipart/form-data body (RFC 7578). Raises `BadRequest` where it is malformed or has too many.

    Takes its time with a large body: not for the event loop.
    """
    boundary = kind.parameters.get("boundary", "")
    if not boundary or len(boundary) > 200:
        raise BadRequest(
            "Content-Type của nội dung nhiều phần không nêu ranh giới (boundary).",
            "The Content-Type of the multipart body names no boundary.",
        )
    reader = _PartReader()
    try:
        parser = MultipartParser(boundary.encode("latin-1", "replace"), reader.callbacks())
        parser.write(body)
        parser.finalize()
    except MultipartParseError:
        raise _malformed_multipart() from None
    if not reader.ended:
        raise _malformed_multipart()
    return reader.found


class _PartReader:
    """Collects what the parser of python-multipart calls out."""

    def __init__(self) -> None:
        self.found: list[Part] = []
        self.ended = False
        self._headers: dict[str, str] = {}
        self._name, self._value = bytearray(), bytearray()
        self._content = bytearray()

    def callbacks(self) -> "MultipartCallbacks":
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._grow(self._name, data[start:end]),
            "on_header_value": lambda data, start, end: self._grow(self._value, data[start:end]),
            "on_header_end": self._header,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._finish,
        }

    def _begin(self) -> None:
        if len(self.found) >= MOST_FIELDS:
            raise BadRequest(
                f"Nội dung có hơn {MOST_FIELDS} phần. Hãy gửi ít hơn.",
                f"The body has more than {MOST_FIELDS} parts. Send fewer.",
                details={"limit": MOST_FIELDS},
            )
        self._headers, self._content = {}, bytearray()

    @staticmethod
    def _grow(what: bytearray, piece: bytes) -> None:
        if len(what) + len(piece) > LONGEST_HEADER:
            raise _malformed_multipart()
        what += piece

    def _header(self) -> None:
        self._headers[self._name.decode("latin-1").lower()] = self._value.decode("utf-8", "replace")
        self._name.clear()
        self._value.clear()

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._content += memoryview(data)[start:end]

    def _end(self) -> None:
        disposition = media_type(self._headers.get("content-disposition"))
        transfer = self._headers.get("content-transfer-encoding", "binary").strip().lower()
        if disposition.name != "form-data" or transfer not in ("binary", "8bit", "7bit"):
            raise _malformed_multipart()
        self.found.append(
            Part(
                disposition.parameters.get("name", ""),
                disposition.parameters.get("filename"),
                media_type(self._headers.get("content-type")),
                bytes(self._content),
            )
        )

    def _finish(self) -> None:
        self.ended = True


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    """What arrives, within the time that a body may take."""
    ends = asyncio.get_running_loop().time() + BODY_SECONDS
    stream = request.stream().__aiter__()
    while True:
        try:
            left = ends - asyncio.get_running_loop().time()
            async with asyncio.timeout(min(IDLE_SECONDS, max(0.0, left))):
                chunk = await anext(stream)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise TooSlow(
                f"Nội dung đến quá chậm: im lặng quá {IDLE_SECONDS:g} giây, hoặc lâu hơn {BODY_SECONDS:g} giây tất cả.",
                f"The body came too slowly: silence of {IDLE_SECONDS:g} seconds, or more than {BODY_SECONDS:g} seconds in all.",
            ) from None
        except ClientDisconnect:
            raise BadRequest("Nội dung bị ngắt giữa chừng.", "The body broke off.") from None
        if chunk:
            yield chunk


class _Unpacker:
    """One content coding: gzip (with several members), or deflate as zlib or, as some clients send it, bare."""

    def __init__(self, coding: str) -> None:
        self._gzip = coding == "gzip"
        self._engine = zlib.decompressobj(zlib.MAX_WBITS | (16 if self._gzip else 0))
        self._head: bytes | None = None if self._gzip else b""
        self._members = 1
        self.given = 0
        """Bytes that came out so far."""

    @property
    def complete(self) -> bool:
        """Whether the packed content came to its end."""
        return self._engine.eof

    def unpack(self, data: bytes) -> tuple[bytes, bytes]:
        """At most `_SLICE` unpacked bytes, and what of `data` is left for the next call."""
        if self._head is not None:
            data = self._head + data
            if len(data) < 2:  # the two bytes of a zlib header tell zlib from bare deflate
                self._head = data
                return b"", b""
            self._head = None
            if data[0] & 15 != 8 or int.from_bytes(data[:2], "big") % 31:
                self._engine = zlib.decompressobj(-zlib.MAX_WBITS)
        if self._engine.eof:
            self._members += 1
            if not self._gzip or self._members > MOST_MEMBERS:
                raise _broken_coding()
            self._engine = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            out = self._engine.decompress(data, _SLICE)
        except zlib.error:
            raise _broken_coding() from None
        self.given += len(out)
        return out, self._engine.unused_data if self._engine.eof else self._engine.unconsumed_tail


async def _unpacked(data: bytes, unpackers: list[_Unpacker], too_large: TooLarge) -> AsyncIterator[bytes]:
    """`data` through the codings, in slices; others get their turn between two slices.

    Raises `too_large` where one coding gives more than the limit, however little the next one makes of it.
    """
    if not unpackers:
        yield data
        return
    first, *rest = unpackers
    full = False
    while data or full:
        out, data = first.unpack(data)
        full = len(out) == _SLICE and not first.complete  # more may wait inside the engine
        if first.given > too_large.details["value"]:
            raise too_large
        async for piece in _unpacked(out, rest, too_large):
            yield piece
        await asyncio.sleep(0)


def _unpackers(header: str) -> list[_Unpacker]:
    """The codings to undo, the outermost first (RFC 9110, section 8.4: they are listed as they were applied)."""
    codings = [coding.strip().lower().removeprefix("x-") for coding in header.split(",")]
    codings = [coding for coding in codings if coding and coding != "identity"]
    unknown = [coding for coding in codings if coding not in ("gzip", "deflate")]
    if unknown or len(codings) > MOST_CODINGS:
        raise UnsupportedMedia(
            f"Không đọc được Content-Encoding “{header[:80]}”. Các mã đọc được: gzip, deflate, identity.",
            f"The Content-Encoding “{header[:80]}” is not read here. Codings read here: gzip, deflate, identity.",
            details={"contentEncoding": header[:80], "available": ["gzip", "deflate", "identity"]},
        )
    return [_Unpacker(coding) for coding in reversed(codings)]


def _too_large(limit: int, setting: str) -> TooLarge:
    return TooLarge(
        f"Nội dung, khi gửi hoặc sau khi giải nén, lớn hơn giới hạn {limit} byte ({setting}). Hãy gửi thành nhiều phần.",
        f"The body, as sent or unpacked, is larger than the limit of {limit} bytes ({setting}). Send it in parts.",
        details={"limit": setting, "value": limit},
    )


def _broken_coding() -> BadRequest:
    return BadRequest(
        "Không giải nén được nội dung theo Content-Encoding đã khai báo.",
        "The body cannot be unpacked as its Content-Encoding declares.",
    )


def _malformed_multipart() -> BadRequest:
    return BadRequest(
        "Nội dung nhiều phần (multipart/form-data) không đúng quy cách: hãy xem ranh giới, tiêu đề của từng phần và đoạn kết.",
        "The multipart/form-data body is malformed: look at its boundary, the headers of each part, and its end.",
    )
