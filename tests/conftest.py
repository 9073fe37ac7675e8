"""What several test folders share: the three stores, and a real SPARQL server for the remote one."""

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from catalogue.settings import Settings
from catalogue.store.embedded import Embedded, open_disk, open_memory
from catalogue.store.port import Store
from catalogue.store.remote import open_remote
from loaders.administrative_units import AdministrativeUnits
from tests import shipped
from tests.browser import chromium


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class SparqlServer:
    """A running `oxigraph serve`, in memory."""

    address: str

    def settings(self, **others: object) -> Settings:
        """Settings of a remote store on this server."""
        return Settings(
            store="remote",
            query_endpoint=f"{self.address}/query",
            update_endpoint=f"{self.address}/update",
            **others,  # type: ignore[arg-type]
        )

    def clear(self) -> None:
        """Forget everything."""
        headers = {"Content-Type": "application/sparql-update"}
        request = urllib.request.Request(f"{self.address}/update", b"DROP ALL", headers)
        urllib.request.urlopen(request, timeout=10).close()


@pytest.fixture(scope="session")
def sparql_server() -> Iterator[SparqlServer]:
    """`oxigraph serve` from the package `oxigraph`, on a free loopback port."""
    port = free_port()
    program = Path(sys.executable).with_name("oxigraph")
    process = subprocess.Popen(
        [program, "serve", "--bind", f"127.0.0.1:{port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _attempt in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield SparqlServer(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture(scope="session")
def real_store() -> Embedded:
    """Vocabulary, every source of `graph/`, and the administrative units, as publication makes them; nobody writes to it."""
    return shipped.published(AdministrativeUnits())


@pytest.fixture(params=["memory", "disk", "remote"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store; a test that takes it runs once per adapter."""
    opened: Store
    if request.param == "memory":
        opened = open_memory()
    elif request.param == "disk":
        opened = open_disk(tmp_path / "store")
    else:
        server: SparqlServer = request.getfixturevalue("sparql_server")
        server.clear()
        opened = open_remote(server.settings())
    yield opened
    opened.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say plainly that no page was looked at, where there is no browser."""
    left_out = any(one.nodeid.startswith("tests/browser/") for one in terminalreporter.stats.get("skipped", ()))
    if left_out and chromium.program() is None:
        terminalreporter.write_line(
            "NO BROWSER: the tests in tests/browser were left out. Install Chromium (Debian: apt install chromium) "
            "or name one in CHISO_CHROMIUM, then: make browser",
            yellow=True,
        )
