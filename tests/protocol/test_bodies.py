"""Bodies of requests are read and unpacked within bounds."""

import asyncio
import gzip
import zlib
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from starlette.requests import Request

from api import bodies
from api.arriving import Arriving
from catalogue.errors import BadRequest, TooLarge, TooSlow, UnsupportedMedia

CONTENT = bytes(range(256)) * 4_000
APP = {"app": SimpleNamespace(state=SimpleNamespace(arriving=Arriving(1 << 30)))}


def read(data: bytes, coding: str = "", *, limit: int = 2_000_000, chunk: int = 1_000) -> bytes:
    """What `read_body` makes of a body that comes in chunks."""
    pieces: Iterator[bytes] = iter([data[at : at + chunk] for at in range(0, len(data), chunk)] or [b""])
    left = max(1, -(-len(data) // chunk))

    async def receive() -> dict[str, object]:
        nonlocal left
        left -= 1
        return {"type": "http.request", "body": next(pieces), "more_body": left > 0}

    headers = [(b"content-encoding", coding.encode())] if coding else []
    request = Request(
        {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers, **APP}, receive
    )
    return asyncio.run(bodies.read_body(request, limit))


def raw_deflate(data: bytes) -> bytes:
    engine = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return engine.compress(data) + engine.flush()


@pytest.mark.parametrize("chunk", [1, 1_000, 10_000_000])
@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("", CONTENT),
        ("identity", CONTENT),
        ("gzip", gzip.compress(CONTENT, mtime=0)),
        ("X-GZip", gzip.compress(CONTENT[:9], mtime=0) + gzip.compress(CONTENT[9:], mtime=0)),
        ("deflate", zlib.compress(CONTENT)),
        ("deflate", raw_deflate(CONTENT)),
        ("deflate, gzip", gzip.compress(zlib.compress(CONTENT), mtime=0)),
    ],
)
def test_codings(coding: str, packed: bytes, chunk: int) -> None:
    if chunk == 1 and len(packed) > 100_000:
        chunk = 37
    assert read(packed, coding, chunk=chunk) == CONTENT


@pytest.mark.parametrize("size", [262_143, 262_144, 262_145, 1_048_576])
def test_what_unpacks_to_a_whole_slice_is_whole(size: int) -> None:
    assert len(read(gzip.compress(bytes(size), mtime=0), "gzip")) == size


@pytest.mark.parametrize(
    ("data", "coding", "error"),
    [
        (bytes(2_000_001), "", TooLarge),
        (gzip.compress(bytes(2_000_001), mtime=0), "gzip", TooLarge),
        (gzip.compress(gzip.compress(bytes(50_000_000), mtime=0)), "gzip, gzip", TooLarge),
        (gzip.compress(b"x", mtime=0)[:-1], "gzip", BadRequest),
        (b"x", "gzip", BadRequest),
        (b"", "gzip", BadRequest),
        (zlib.compress(b"x") + b"more", "deflate", BadRequest),
        (b"x", "br", UnsupportedMedia),
        (b"x", "gzip, gzip, gzip, gzip", UnsupportedMedia),
    ],
)
def test_what_is_refused(data: bytes, coding: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(data, coding)


def test_a_silent_client_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "IDLE_SECONDS", 0.05)

    async def receive() -> dict[str, object]:
        await asyncio.Event().wait()
        raise AssertionError

    request = Request(
        {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": [], **APP}, receive
    )
    with pytest.raises(TooSlow):
        asyncio.run(bodies.read_body(request, 10))


def test_multipart() -> None:
    kind = bodies.media_type('multipart/form-data; boundary="B 0"')
    body = (
        b'--B 0\r\nContent-Disposition: form-data; name="a"; filename="t\xe1\xbb\x87p.ttl"\r\n'
        b"Content-Type: text/turtle; charset=UTF-8\r\n\r\n<a>\r\n--B\r\n\r\n--B 0\r\n"
        b'Content-Disposition: form-data; name="b"\r\n\r\n\r\n--B 0--\r\n'
    )
    first, second = bodies.parts(body, kind)
    assert (first.name, first.file_name, first.media_type.name, first.content) == (
        "a",
        "tệp.ttl",
        "text/turtle",
        b"<a>\r\n--B\r\n",
    )
    assert (second.name, second.file_name, second.content) == ("b", None, b"")


@pytest.mark.parametrize(
    ("header", "body"),
    [
        ("multipart/form-data", b"--B--\r\n"),
        ("multipart/form-data; boundary=B", b""),
        ("multipart/form-data; boundary=B", b"--C--\r\n"),
        ("multipart/form-data; boundary=B", b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\nx'),
        ("multipart/form-data; boundary=B", b"--B\r\n\r\nx\r\n--B--\r\n"),
        ("multipart/form-data; boundary=B", b"--B\r\nX: " + b"y" * 9_000 + b"\r\n\r\nx\r\n--B--\r\n"),
        (
            "multipart/form-data; boundary=B",
            b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n' * 300 + b"--B--\r\n",
        ),
    ],
)
def test_malformed_multipart_is_refused(header: str, body: bytes) -> None:
    with pytest.raises(BadRequest):
        bodies.parts(body, bodies.media_type(header))


def test_parameters_are_utf8_and_few() -> None:
    assert bodies.parameters(b"a=%E1%BB%87&a=+&b") == [("a", "ệ"), ("a", " "), ("b", "")]
    for text in (b"a=%ff", b"\xff=a", b"&".join(b"a=1" for _ in range(1_000))):
        with pytest.raises(BadRequest):
            bodies.parameters(text)
