"""Behind a reverse proxy with TLS: forwarded headers are believed from trusted addresses alone."""

import http.server
import socket
import ssl
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest
import trustme
import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse

from api.published import State
from api.service import Service
from catalogue.errors import Invalid
from catalogue.settings import Settings
from catalogue.store.embedded import open_memory
from cli.serve import configuration
from tests.api.conftest import MOMENT


@contextmanager
def told(trusted: str) -> Iterator[int]:
    """The port of a server, run as `chiso serve` runs it, that tells who visits it and how."""
    service = Service(State(open_memory(), "s", MOMENT), Settings(store="memory"), lambda: MOMENT, "0")

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            while (message := await receive())["type"] != "lifespan.shutdown":
                await send({"type": f"{message['type']}.complete"})
            await send({"type": "lifespan.shutdown.complete"})
            return
        request = Request(scope, receive)
        await JSONResponse([request.url.scheme, service.visitor(request)])(scope, receive, send)

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    server = uvicorn.Server(configuration(app, trusted))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join(timeout=10)
    listener.close()


@contextmanager
def proxy(port: int, authority: trustme.CA) -> Iterator[str]:
    """The address of a small TLS proxy in front of `port`, which adds the visitor to X-Forwarded-For."""

    class Passing(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            before = self.headers.get("X-Forwarded-For")
            visitor = "203.0.113.7"  # who really called, as far as the proxy is concerned
            headers = {
                "X-Forwarded-For": f"{before}, {visitor}" if before else visitor,
                "X-Forwarded-Proto": "https",
            }
            asked = urllib.request.Request(f"http://127.0.0.1:{port}{self.path}", headers=headers)
            with urllib.request.urlopen(asked, timeout=5) as answer:
                body = answer.read()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Passing)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(timeout=10)
    server.server_close()


@pytest.mark.parametrize(
    ("trusted", "expected"),
    [
        ("127.0.0.1", ["https", "203.0.113.7"]),
        ("10.0.0.0/8, 127.0.0.0/24", ["https", "203.0.113.7"]),
        ("", ["http", "127.0.0.1"]),
        ("10.1.2.3", ["http", "127.0.0.1"]),
    ],
)
def test_forwarded_headers_are_believed_from_trusted_addresses_alone(
    trusted: str, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")  # the server's own setting opens nothing
    authority = trustme.CA()
    context = ssl.create_default_context()
    authority.configure_trust(context)
    with told(trusted) as port, proxy(port, authority) as address, httpx2.Client(verify=context) as client:
        assert client.get(address).json() == expected
        spoofed = client.get(address, headers={"X-Forwarded-For": "198.51.100.1", "X-Forwarded-Proto": "ftp"})
        assert spoofed.json() == expected


@pytest.mark.parametrize("trusted", ["*", "proxy.example", "10.0.0.0/99"])
def test_a_proxy_is_named_by_its_address(trusted: str) -> None:
    with pytest.raises(Invalid, match="CHISO_TRUSTED_PROXIES"):
        configuration(None, trusted)  # type: ignore[arg-type]
