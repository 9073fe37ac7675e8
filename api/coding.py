"""Content codings: whether a caller takes gzip, what is worth packing, and packing (RFC 9110, 8.4 and 12.5.3)."""

import zlib
from collections.abc import Iterable
from functools import lru_cache

SMALLEST = 1_000
"""Bytes below which packing saves nothing: such an answer is one packet either way."""

AT_ONCE = 32_768
"""Bytes that are packed on the event loop, in less than a millisecond; more goes to a thread."""

LEVEL = 5
"""Effort of packing: beyond it the size of RDF hardly falls while the time doubles."""

MARK = b"-gzip"
"""What the ETag of the packed form of an answer ends in: the two are different bytes, so they need different tags."""

_TEXTUAL = (b"application/json", b"application/xml", b"application/javascript", b"application/n-triples")
_ALSO = (b"application/n-quads", b"application/trig", b"application/sparql-query", b"application/sparql-update")


@lru_cache(maxsize=512)
def takes_gzip(accept: bytes) -> bool:
    """Whether an Accept-Encoding header asks for gzip, and not for the plain form before it.

    >>> takes_gzip(b"gzip, deflate, br"), takes_gzip(b"gzip;q=0, *"), takes_gzip(b"identity, gzip;q=0.5")
    (True, False, False)
    >>> takes_gzip(b"*;q=0.1"), takes_gzip(b"")
    (True, False)
    """
    qualities: dict[str, float] = {}
    for piece in accept[:1_000].decode("latin-1").split(","):
        name, *parameters = (part.strip().lower() for part in piece.split(";"))
        quality = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    quality = float(parameter[2:])
                except ValueError:
                    quality = 0.0
        qualities[name] = quality
    packed = qualities.get("gzip", qualities.get("x-gzip", qualities.get("*", 0.0)))
    return packed > 0 and packed >= qualities.get("identity", 0.0)


def worth_packing(content_type: bytes) -> bool:
    """Whether a media type is text, which packing makes several times smaller.

    >>> worth_packing(b"text/turtle; charset=utf-8"), worth_packing(b"application/gzip")
    (True, False)
    """
    name = content_type.partition(b";")[0].strip().lower()
    return name.startswith(b"text/") or name.endswith((b"+json", b"+xml")) or name in _TEXTUAL or name in _ALSO


def packed(body: bytes) -> bytes:
    """The body in gzip: the same bytes for the same body, without a time in them."""
    packer = stream()
    return packer.compress(body) + packer.flush()


def stream() -> "zlib._Compress":
    """Something that packs a body piece by piece."""
    return zlib.compressobj(LEVEL, zlib.DEFLATED, 31)


def tagged(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of the packed form: the coding, a tag of its own, and no length."""
    found = []
    for name, value in headers:
        if name == b"etag":
            value = value[:-1] + MARK + b'"'
        if name != b"content-length":
            found.append((name, value))
    found.append((b"content-encoding", b"gzip"))
    return found


def varying(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers, with Accept-Encoding among what the answer depends on."""
    rest = [(name, value) for name, value in headers if name != b"vary"]
    named = [value for name, value in headers if name == b"vary"]
    if not any(b"accept-encoding" in value.lower() or value.strip() == b"*" for value in named):
        named.append(b"Accept-Encoding")
    return [*rest, (b"vary", b", ".join(named))]
