"""What strangers do to connections themselves: heads without end, silence, and answers that nobody takes."""

import contextlib
import socket
import time
from collections.abc import Iterator

import httpx2
import pytest

from api import connections
from tests.serving import folder, serving_folder


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    with serving_folder(folder(tmp_path_factory.mktemp("connections"))) as client:
        yield client


@pytest.fixture(autouse=True)
def the_next_request_is_served(client: httpx2.Client) -> Iterator[None]:
    yield
    assert client.get("/health/live").status_code == 200


def connected(client: httpx2.Client) -> socket.socket:
    return socket.create_connection((client.base_url.host, client.base_url.port or 80), timeout=10)


START = b"GET /health/live HTTP/1.1\r\nHost: x\r\n"
HEADS = {
    "an address": (b"GET /", b"a" * 65_536),
    "a header": (START + b"X: ", b"a" * 65_536),
    "the name of a header": (START, b"a" * 65_536),
    "headers": (START, b"a: b\r\n" * 10_000),
    "cookies": (START, b"Cookie: lang=en\r\n" * 4_000),
    "a trailer": (START.replace(b"GET", b"POST") + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX: ", b"a" * 65_536),
    "a chunk extension": (START.replace(b"GET", b"POST") + b"Transfer-Encoding: chunked\r\n\r\n1;", b"a" * 65_536),
}


@pytest.mark.parametrize("name", HEADS)
def test_a_head_without_end_is_cut_off(client: httpx2.Client, name: str) -> None:
    start, more = HEADS[name]
    with connected(client) as endless:
        endless.sendall(start)
        sent = 0
        answer = b""
        with contextlib.suppress(ConnectionError, TimeoutError):
            while sent < 64 << 20:
                endless.sendall(more)
                sent += len(more)
        assert sent < 32 << 20  # what the buffers of the system hold on the way
        with contextlib.suppress(ConnectionError):
            answer = endless.recv(65_536)
        assert not answer or answer.split()[1] in (b"431", b"400", b"405", b"200")


def test_a_long_head_is_told_the_limit(client: httpx2.Client) -> None:
    with connected(client) as long:
        long.sendall(START + b"X: " + b"a" * 110_000 + b"\r\n\r\n")
        answer = long.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert str(connections.LONGEST_HEAD).encode() in answer
    with connected(client) as fitting:
        fitting.sendall(START + b"X: " + b"a" * 60_000 + b"\r\nConnection: close\r\n\r\n")
        assert fitting.recv(65_536).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("sent", [b"", b"\r\n", b"GET", START, START + b"\r\n" + START])
def test_silence_ends_a_connection(client: httpx2.Client, sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.3)
    with connected(client) as silent:
        silent.sendall(sent)
        begun = time.monotonic()
        with contextlib.suppress(ConnectionResetError):
            while silent.recv(65_536):
                pass
        assert time.monotonic() - begun < 8  # the rest of an answer is waited for by the time of kept connections


def test_who_takes_no_answer_is_let_go(client: httpx2.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "LOOK_SECONDS", 0.2)
    with socket.socket() as stuck:
        stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
        stuck.settimeout(10)
        stuck.connect((client.base_url.host, client.base_url.port or 80))
        stuck.sendall(b"GET /ns HTTP/1.1\r\nHost: x\r\nAccept: text/turtle\r\n\r\n" * 100)
        begun = time.monotonic()
        with pytest.raises(ConnectionError):
            while time.monotonic() - begun < 8:
                stuck.sendall(b"\r\n")
                time.sleep(0.05)  # nothing but the end of the connection is to come


def test_silent_connections_make_room_for_new_ones(tmp_path_factory: pytest.TempPathFactory) -> None:
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.ExitStack() as stack,
        serving_folder(folder(tmp_path_factory.mktemp("crowd"))) as client,
    ):
        patch.setattr(connections.Bounded, "most_connections", 50)
        for _ in range(200):
            stack.enter_context(connected(client))
        with connected(client) as one:
            one.sendall(START + b"Connection: close\r\n\r\n")
            assert one.recv(65_536).startswith(b"HTTP/1.1 200 ")


def test_many_slow_bodies_together_are_bounded(client: httpx2.Client) -> None:
    size = 4_900_000
    head = f"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: text/turtle\r\nContent-Length: {size}\r\n\r\n"
    statuses = []
    with contextlib.ExitStack() as stack:
        slow = [stack.enter_context(connected(client)) for _ in range(12)]
        for one in slow:
            with contextlib.suppress(ConnectionError):
                one.sendall(head.encode() + b"#" * (size - 10))
        for one in slow:
            one.settimeout(0.5)
            with contextlib.suppress(TimeoutError, ConnectionError):
                statuses.append(one.recv(1_000).split()[1])
        assert set(statuses) == {b"429"}
        assert len(statuses) >= 3  # the others wait for the rest of their bodies
    ask = {"content": "ASK {}", "headers": {"Content-Type": "application/sparql-query"}}
    assert client.post("/sparql", **ask).status_code == 200


def told(client: httpx2.Client, request: bytes) -> bytes:
    with connected(client) as connection:
        connection.sendall(request)
        found = b""
        while part := connection.recv(65_536):
            found += part
        return found


def test_the_host_of_an_absolute_target_goes_before_the_header(client: httpx2.Client) -> None:
    described = (
        b"GET http://example.org:99/sparql HTTP/1.1\r\nHost: other\r\nAccept: text/turtle\r\nConnection: close\r\n\r\n"
    )
    answer = told(client, described)
    assert b"<http://example.org:99/sparql>" in answer and b"http://other/" not in answer
    for target in (b"http://example.org", b"http://example.org?x=1", b"HTTP://[::1]:8/"):
        page = b"GET %s HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n" % target
        assert told(client, page).startswith(b"HTTP/1.1 200")
    without = b"GET http://example.org/health/live HTTP/1.1\r\nConnection: close\r\n\r\n"
    assert told(client, without).startswith(b"HTTP/1.1 200")


def test_the_server_itself_is_asked_for_its_methods_alone(client: httpx2.Client) -> None:
    for target in (b"*", b"http://x"):
        answer = told(client, b"OPTIONS %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % target)
        assert answer.startswith(b"HTTP/1.1 204") and b"allow: GET, HEAD, POST" in answer
    assert told(client, b"GET * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 4")


def test_a_target_that_cannot_be_taken_apart_is_414(client: httpx2.Client) -> None:
    for length in (60_000, 66_000, 90_000):
        request = b"GET /sparql?query=%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % (b"a" * length)
        assert told(client, request).startswith(b"HTTP/1.1 414")


@pytest.mark.parametrize(("coding", "status"), [(b"gzip, chunked", 501), (b"chunked, gzip", 400), (b"foo", 400)])
def test_a_body_in_another_transfer_coding_is_refused(client: httpx2.Client, coding: bytes, status: int) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nConnection: close\r\n"
    answer = told(client, head + b"Transfer-Encoding: %s\r\n\r\n5\r\nASK{}\r\n0\r\n\r\n" % coding)
    assert answer.startswith(b"HTTP/1.1 %d" % status) and b"\r\ndate: " in answer
    chunked = told(client, head + b"Transfer-Encoding: Chunked\r\n\r\n5\r\nASK{}\r\n0\r\n\r\n")
    assert chunked.startswith(b"HTTP/1.1 200")


def test_only_who_speaks_http_1_1_is_told_to_continue(client: httpx2.Client) -> None:
    rest = b"Host: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 5\r\nExpect: 100-continue\r\n"
    for version, first in ((b"1.0", b"HTTP/1.1 200"), (b"1.1", b"HTTP/1.1 100")):
        answer = told(client, b"POST /sparql HTTP/%s\r\n%sConnection: close\r\n\r\nASK{}" % (version, rest))
        assert answer.startswith(first)
