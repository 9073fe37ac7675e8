"""What every answer passes: codings, tags, cross-origin reading, HEAD, hosts, lengths."""

import gzip
import socket
import time
from email.utils import parsedate_to_datetime

import httpx2
import pytest

THING = "/doc/indicator/thu.1"
TURTLE = {"Accept": "text/turtle"}
PLAIN = {"Accept-Encoding": "identity"}


@pytest.mark.parametrize("path", [THING, THING + ".jsonld", "/ns.ttl", "/api/v1/indicators/thu.1", "/", "/shapes"])
def test_the_packed_form_is_the_same_and_has_a_tag_of_its_own(client: httpx2.Client, path: str) -> None:
    for _ in range(2):  # made, then kept
        plain = client.get(path, headers={**TURTLE, **PLAIN})
        with client.stream("GET", path, headers={**TURTLE, "Accept-Encoding": "gzip"}) as packed:
            raw = b"".join(packed.iter_raw())
        assert packed.headers["content-encoding"] == "gzip"
        assert int(packed.headers["content-length"]) == len(raw) < len(plain.content)
        assert gzip.decompress(raw) == plain.content
        assert "content-encoding" not in plain.headers
        assert packed.headers["etag"] == plain.headers["etag"][:-1] + '-gzip"'
        for answer in (plain, packed):
            assert "accept-encoding" in answer.headers["vary"].lower()
        for tag in (plain.headers["etag"], packed.headers["etag"], "W/" + packed.headers["etag"]):
            again = client.get(path, headers={**TURTLE, "If-None-Match": f'"other", {tag}'})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == tag.removeprefix("W/")
            assert "accept-encoding" in again.headers["vary"].lower()
        assert client.get(path, headers={**TURTLE, "If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("accepted", ["gzip;q=0", "identity, gzip;q=0.5", "br", "*;q=0", "gzip;q=nothing"])
def test_who_does_not_want_gzip_does_not_get_it(client: httpx2.Client, accepted: str) -> None:
    assert "content-encoding" not in client.get(THING, headers={**TURTLE, "Accept-Encoding": accepted}).headers


def test_a_small_answer_is_not_packed(client: httpx2.Client) -> None:
    answer = client.get("/health/live", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in answer.headers
    assert "accept-encoding" in answer.headers["vary"].lower()


@pytest.mark.parametrize(
    "path", [THING, THING + ".ttl", "/id/indicator/thu.1", "/api/v1/indicators", "/ns", "/doc/agency/none"]
)
@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_head_is_get_without_the_body(client: httpx2.Client, path: str, coding: str) -> None:
    for _ in range(2):
        asked = {**TURTLE, "Accept-Encoding": coding}
        head, get = client.head(path, headers=asked), client.get(path, headers=asked)
        assert (head.status_code, head.content) == (get.status_code, b"")
        assert {**head.headers, "date": ""} == {**get.headers, "date": ""}


def test_a_date_is_a_condition_too(client: httpx2.Client) -> None:
    modified = client.get(THING, headers=TURTLE).headers["last-modified"]
    for _ in range(2):
        assert client.get(THING, headers={**TURTLE, "If-Modified-Since": modified}).status_code == 304
        earlier = {**TURTLE, "If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"}
        assert client.get(THING, headers=earlier).status_code == 200
        assert client.get(THING, headers={**TURTLE, "If-Modified-Since": "yesterday"}).status_code == 200
        of_old = time.strftime("%a %b %d %H:%M:%S %Y", time.gmtime(parsedate_to_datetime(modified).timestamp()))
        assert client.get(THING, headers={**TURTLE, "If-Modified-Since": of_old}).status_code == 304
        # A tag goes before a date (RFC 9110, 13.1.3).
        both = {**TURTLE, "If-Modified-Since": modified, "If-None-Match": '"other"'}
        assert client.get(THING, headers=both).status_code == 200


def test_an_answer_without_a_date_fits_none(client: httpx2.Client) -> None:
    later = {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    assert client.get("/openapi.json", headers=later).status_code == 200


def test_pages_of_every_origin_may_read(client: httpx2.Client) -> None:
    for path in (THING, "/id/indicator/thu.1", "/ns", "/api/v1/search?q=a", "/doc/agency/none"):
        answer = client.get(path, headers={"Origin": "https://other.example"})
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
        shown = answer.headers["access-control-expose-headers"]
        assert all(name in shown for name in ("ETag", "Link", "Location", "Retry-After", "WWW-Authenticate"))


@pytest.mark.parametrize(
    ("path", "method"), [("/sparql", "POST"), ("/graphs", "PUT"), ("/update", "POST"), ("/api/v1/search", "GET")]
)
def test_a_browser_may_ask_before_it_sends(client: httpx2.Client, path: str, method: str) -> None:
    asked = {
        "Origin": "https://other.example",
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization, content-type",
    }
    answer = client.options(path, headers=asked)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert method in answer.headers["access-control-allow-methods"]
    allowed = answer.headers["access-control-allow-headers"].lower()
    assert "authorization" in allowed and "content-type" in allowed
    plain = client.options(path)
    assert plain.status_code == 204 and method in plain.headers["allow"]
    assert "access-control-allow-methods" not in plain.headers


def _raw(client: httpx2.Client, request: bytes) -> bytes:
    with socket.create_connection((client.base_url.host, client.base_url.port or 80), timeout=5) as connection:
        connection.sendall(request)
        found = b""
        while part := connection.recv(65_536):
            found += part
        return found


@pytest.mark.parametrize("host", [b"[", b"a/b?c", b'"><script>', b"a b", b"x\r\nHost: y"])
def test_an_impossible_host_is_refused(client: httpx2.Client, host: bytes) -> None:
    for path in (b"/doc/indicator/thu.1", b"/", b"/nowhere"):
        request = b"GET %s HTTP/1.1\r\nHost: %s\r\nAccept: text/html\r\nConnection: close\r\n\r\n" % (path, host)
        answer = _raw(client, request)
        assert answer.startswith(b"HTTP/1.1 400")
        assert b"<script>" not in answer


def test_a_request_of_http_1_1_names_a_host_and_one_of_1_0_need_not(client: httpx2.Client) -> None:
    for path in (b"/id/indicator/thu.1", b"/health/live", b"/", b"/nowhere"):
        assert _raw(client, b"GET %s HTTP/1.1\r\nConnection: close\r\n\r\n" % path).startswith(b"HTTP/1.1 400")
    assert _raw(client, b"GET /health/live HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200")


def test_what_stands_in_an_address_reaches_headers_and_bodies_escaped(client: httpx2.Client) -> None:
    sent = _raw(
        client,
        b'GET /id/indicator/thu.1?x="><script>alert(1)</script> HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    )
    assert b"<script>" not in sent
    folded = client.get("/id/indicator/thu.1?x=%0d%0aSet-Cookie:%20a=b")
    assert "set-cookie" not in folded.headers
    page = client.get("/doc/agency/%3Cscript%3E%0d%0aX:1?lang=en", headers={"Accept": "text/html"})
    assert page.status_code == 404 and "<script>" not in page.text


def test_a_query_in_the_address_may_be_longer(client: httpx2.Client) -> None:
    assert client.get("/sparql?query=" + "a" * 50_000).status_code != 414
    assert client.get("/sparql?query=" + "a" * 60_000).status_code == 414
    assert client.get("/ns?x=" + "a" * 8_000).status_code == 414
