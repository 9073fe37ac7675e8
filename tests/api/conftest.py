"""A real server on a loopback port, over a small synthetic catalogue in a memory store, on a fixed day."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
import uvicorn
from pyoxigraph import NamedNode, RdfFormat, Triple

from api.app import create_app
from catalogue import publication, rdf
from catalogue.graphs import VOCABULARY_GRAPH
from catalogue.settings import Settings
from catalogue.shipped import ONTOLOGY
from catalogue.store.embedded import open_memory
from catalogue.store.port import Store

BASE = "https://synthetic.example/"
MOMENT = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)

Served = Callable[..., httpx2.Client]


def small_catalogue() -> Store:
    """The store of `small.trig` and the shipped vocabulary, as publication makes it."""
    contents: dict[NamedNode, set[Triple]] = {}
    text = (Path(__file__).parent / "small.trig").read_bytes()
    for quad in rdf.parse(text, RdfFormat.TRIG, "small.trig"):
        assert isinstance(quad.graph_name, NamedNode)
        contents.setdefault(quad.graph_name, set()).add(quad.triple)
    vocabulary = [
        quad.triple
        for path in sorted(ONTOLOGY.rglob("*.ttl"))
        for quad in rdf.parse(path.read_bytes(), RdfFormat.TURTLE, path.name)
    ]
    contents[VOCABULARY_GRAPH] = rdf.canonical(vocabulary)
    store = open_memory()
    store.apply(publication.plan(store, {name: rdf.canonical(t) for name, t in contents.items()}, BASE))
    return store


@contextmanager
def serving(store: Store, *, base: str = BASE, settings: Settings | None = None) -> Iterator[httpx2.Client]:
    """A client of a real server over `store`; redirects are not followed."""
    settings = settings or Settings(store="memory", base_iri=base)
    app = create_app(store, settings, clock=lambda: MOMENT, state="s1", published=MOMENT)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    for _attempt in range(200):
        if server.started:
            break
        time.sleep(0.02)
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
        yield client
    server.should_exit = True
    thread.join(timeout=10)
    listener.close()


@pytest.fixture(scope="session")
def small() -> Store:
    """The small catalogue; nobody writes to it."""
    return small_catalogue()


@pytest.fixture(autouse=True)
def without_cookies(request: pytest.FixtureRequest) -> Iterator[None]:
    """The language that one test chose is no other test's."""
    yield
    if "client" in request.fixturenames:
        request.getfixturevalue("client").cookies.clear()


@pytest.fixture(scope="session")
def client(small: Store) -> Iterator[httpx2.Client]:
    """A client of the server over the small catalogue."""
    with serving(small) as found:
        yield found
