"""A real server over a real data folder, as `chiso serve` runs it; with workers, writer and tokens."""

import atexit
import functools
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from pyoxigraph import NamedNode, RdfFormat, Triple

from api.app import create_app
from catalogue import rdf, writing
from catalogue.clock import Clock
from catalogue.permission import Tokens
from catalogue.settings import Settings
from catalogue.store.connect import open_reader
from catalogue.store.folder import Folder
from cli.serve import configuration

BASE = "https://synthetic.example/"
MOMENT = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)
SMALL = Path(__file__).parent / "api/small.trig"


def graphs_of(trig: str) -> dict[NamedNode, set[Triple]]:
    """The named graphs of a TriG text, as the engine gives them back."""
    contents: dict[NamedNode, set[Triple]] = {}
    for quad in rdf.parse(trig.encode(), RdfFormat.TRIG, "test.trig"):
        assert isinstance(quad.graph_name, NamedNode)
        contents.setdefault(quad.graph_name, set()).add(quad.triple)
    return {name: rdf.canonical(triples) for name, triples in contents.items()}


@functools.cache
def _made(extra: str, base: str) -> Path:
    """A finished data folder that is only ever copied: making one takes longer than copying it."""
    place = Path(tempfile.mkdtemp(prefix="chiso-test-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    contents = graphs_of(SMALL.read_text(encoding="utf-8"))
    for name, triples in graphs_of(extra).items():
        contents[name] = contents.get(name, set()) | triples
    writing.make(Settings(data=place / "data", base_iri=base), contents)
    return place / "data"


def folder(tmp_path: Path, extra: str = "", *, base: str = BASE, **settings: Any) -> Settings:
    """The settings of a new data folder with `small.trig`, the vocabulary, and the graphs of `extra` (TriG)."""
    data = tmp_path / "data"
    shutil.copytree(_made(extra, base), data)
    return Settings(data=data, base_iri=base, **settings)


@contextmanager
def serving_folder(settings: Settings, *, clock: Clock = lambda: MOMENT, **options: Any) -> Iterator[httpx2.Client]:
    """A client of a real server over the folder, with its lifespan; redirects are not followed."""
    state = Folder(settings.data).state()
    assert state is not None
    app = create_app(open_reader(settings), settings, clock=clock, state=state, folder=settings.data, **options)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    config = configuration(app)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        until = time.monotonic() + 20
        while not server.started:
            assert thread.is_alive() and time.monotonic() < until, "the server did not start"
            time.sleep(0.01)
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        listener.close()
        assert not thread.is_alive(), "the server did not stop"


def token(settings: Settings, *scopes: str, graphs: tuple[str, ...] = ("*",), days: float = 1) -> str:
    """A new token of the folder: the text that goes behind `Authorization: Bearer`."""
    secret, _ = Tokens(settings.data).create("test", scopes or ("write",), graphs, lifetime=timedelta(days=days))
    return secret


def bearer(secret: str) -> dict[str, str]:
    """The header that shows a token."""
    return {"Authorization": f"Bearer {secret}"}
