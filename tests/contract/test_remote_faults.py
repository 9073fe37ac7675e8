"""What a remote endpoint can do wrong, played by a little server: each fault is an error that names the endpoint."""

import contextlib
import socket
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from catalogue.errors import CatalogueError, Defect, Invalid, TimedOut, Unavailable
from catalogue.settings import Settings
from catalogue.store.port import Change
from catalogue.store.remote import Remote, open_remote, shown
from tests.conftest import SparqlServer, free_port

Play = Callable[[BaseHTTPRequestHandler], None]
WHOLE = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"https://chiso.example/a"}}]}}'
SELECT = "SELECT ?s WHERE { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
A = NamedNode("https://chiso.example/a")
CHANGE = Change(add=[Quad(A, A, Literal("x"), A)])


class Faulty:
    """A server that answers every POST with `play`, and remembers what it was sent."""

    def __init__(self) -> None:
        self.play: Play = answer(WHOLE)
        self.headers: list[dict[str, str]] = []
        faulty = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                faulty.headers.append(dict(self.headers))
                with contextlib.suppress(
                    BrokenPipeError, ConnectionResetError
                ):  # the client has given up, as it should
                    faulty.play(self)
                self.close_connection = True

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        Thread(target=self.server.serve_forever, daemon=True).start()

    def store(self, timeout: float = 5.0) -> Remote:
        address = f"http://anh:bi%20mat@127.0.0.1:{self.port}/sparql?key=bi-mat"
        return open_remote(
            Settings(store="remote", query_endpoint=address, update_endpoint=address, timeout=timeout),
        )


@pytest.fixture
def faulty() -> Iterator[Faulty]:
    server = Faulty()
    yield server
    server.server.shutdown()
    server.server.server_close()


def answer(
    body: bytes, status: int = 200, kind: str = "application/sparql-results+json", length: int | None = None
) -> Play:
    def play(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        handler.end_headers()
        handler.wfile.write(body)

    return play


def say_nothing(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(1)


def chunked(*chunks: bytes, finished: bool, pause: float = 0) -> Play:
    def play(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/n-triples")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for chunk in chunks:
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            handler.wfile.flush()
            time.sleep(pause)
        if finished:
            handler.wfile.write(b"0\r\n\r\n")

    return play


def test_a_whole_answer_is_read_and_the_name_and_password_are_sent(faulty: Faulty) -> None:
    assert faulty.store().select(SELECT).rows == [(A,)]
    assert faulty.headers[0]["Authorization"] == "Basic YW5oOmJpIG1hdA=="


@pytest.mark.parametrize(
    ("play", "error"),
    [
        (answer(WHOLE[:-20], length=len(WHOLE)), Unavailable),  # cut off below the promised length
        (answer(WHOLE[:-20]), Unavailable),  # cut off, the length fits: Oxigraph's answer at its time limit
        (answer(b""), Unavailable),
        (answer(b"<!DOCTYPE html><title>Welcome</title>", kind="text/html"), Unavailable),
        (answer(b"<!DOCTYPE html><title>502</title>", status=502, kind="text/html"), Unavailable),
        (answer(b"inner text", status=500), Unavailable),
        (answer(b"no", status=401), Unavailable),
        (answer(b"no", status=403), Unavailable),
        (answer(b"no", status=404), Unavailable),
        (answer(b"no", status=414), Unavailable),
        (answer(b"wait", status=503), Unavailable),
        (answer(b"late", status=504), TimedOut),
        (answer(b"late", status=408), TimedOut),
        (answer(b"expected WHERE", status=400), Invalid),
        (lambda handler: handler.connection.shutdown(socket.SHUT_RDWR), Unavailable),
        (say_nothing, TimedOut),
    ],
)
def test_a_faulty_answer_is_an_error_that_names_the_endpoint_without_secrets(
    faulty: Faulty, play: Play, error: type[Exception]
) -> None:
    faulty.play = play
    with pytest.raises(error) as caught:
        faulty.store(timeout=0.5).select(SELECT)
    for sentence in (caught.value.vi, caught.value.en):  # type: ignore[attr-defined]
        assert f"http://127.0.0.1:{faulty.port}/sparql" in sentence
        assert "bi" + "%20mat" not in sentence and "bi mat" not in sentence and "key=" not in sentence
        assert "inner text" not in sentence


@pytest.mark.parametrize(
    "play",
    [
        chunked(b"<http://e/a> <http://e/b> <http://e/c> .\n", finished=False),
        answer(b"<http://e/a> <http://e/b> <http://e/c> .\n", kind="application/n-triples", length=90),
        answer(b"<http://e/a> <http://e/b> <http://", kind="application/n-triples"),
    ],
)
def test_triples_that_are_cut_off_are_an_error_not_a_short_answer(faulty: Faulty, play: Play) -> None:
    faulty.play = play
    with pytest.raises(Unavailable):
        faulty.store().construct(CONSTRUCT)


def test_an_error_may_be_collected_by_another_thread(faulty: Faulty) -> None:
    """An answer cut off in the middle must not live on in the traceback: only its own thread may drop it."""
    cut = WHOLE[:-4] + b","
    caught: list[Exception] = []
    for play in (answer(cut), answer(b"<http://e/a> <http://e/b> 1 .\nx", kind="application/n-triples")):
        faulty.play = play
        for ask in (faulty.store().select, faulty.store().construct):
            try:
                ask(SELECT)
            except CatalogueError as error:
                caught.append(error)
    assert len(caught) == 4
    thread = Thread(target=caught.clear)  # pytest turns what the engine would say into a failure
    thread.start()
    thread.join()


def test_an_answer_without_a_stated_end_is_refused(faulty: Faulty) -> None:
    def play(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"<http://e/a> <http://e/b> <http://e/c> .\n")

    faulty.play = play
    with pytest.raises(Unavailable):
        faulty.store().construct(CONSTRUCT)


def test_chunked_triples_that_end_are_read(faulty: Faulty) -> None:
    faulty.play = chunked(b"<http://e/a> <http://e/b> <http://e/c> .\n", b"", finished=True)
    faulty.play = chunked(b"<http://e/a> <http://e/b> <http://e/c> .\n", finished=True)
    assert len(faulty.store().construct(CONSTRUCT)) == 1


def test_an_answer_that_drips_runs_out_of_time(faulty: Faulty) -> None:
    faulty.play = chunked(*[b"<http://e/a> <http://e/b> <http://e/c> .\n"] * 50, finished=True, pause=0.1)
    start = time.monotonic()
    with pytest.raises(TimedOut):
        faulty.store(timeout=0.5).construct(CONSTRUCT)
    assert time.monotonic() - start < 3


def test_nobody_listens() -> None:
    address = f"http://127.0.0.1:{free_port()}/query"
    with pytest.raises(Unavailable, match="cannot be reached") as caught:
        open_remote(Settings(store="remote", query_endpoint=address)).ask("ASK { ?s ?p ?o }")
    assert address in caught.value.vi


def test_an_unknown_host() -> None:
    store = open_remote(Settings(store="remote", query_endpoint="http://khong-co.invalid/query"))
    with pytest.raises(Unavailable, match=r"khong-co\.invalid"):
        store.ask("ASK { ?s ?p ?o }")


@pytest.mark.parametrize(("play", "error"), [(answer(b"", status=500), Unavailable), (say_nothing, TimedOut)])
def test_a_change_without_an_answer_says_that_its_fate_is_unknown(
    faulty: Faulty, play: Play, error: type[Exception]
) -> None:
    faulty.play = play
    with pytest.raises(error, match="not known whether"):
        faulty.store(timeout=0.5).apply(CHANGE)


def test_a_refused_change_is_a_defect(faulty: Faulty) -> None:
    faulty.play = answer(b"expected INSERT", status=400)
    with pytest.raises(Defect):
        faulty.store().apply(CHANGE)


def test_writing_needs_an_address() -> None:
    store = open_remote(Settings(store="remote", query_endpoint="http://127.0.0.1:9/query"))
    with pytest.raises(Unavailable, match="CHISO_UPDATE_ENDPOINT"):
        store.apply(CHANGE)


def test_bulk_load_goes_through_the_graph_store_endpoint(sparql_server: SparqlServer) -> None:
    sparql_server.clear()
    store = open_remote(sparql_server.settings(graph_store_endpoint=f"{sparql_server.address}/store"))
    store.load([*CHANGE.add, Quad(A, A, Literal("y", language="vi"))])
    assert store.graph(A) == [CHANGE.add[0].triple]
    assert len(store.graph(None)) == 1


def test_an_address_is_shown_without_secrets() -> None:
    assert shown("https://user:secret@db.example/sparql?key=secret#x") == "https://db.example/sparql"
