"""The gate every request passes: HEAD, headers for safety, the length of the address, counting. Plain ASGI, one layer."""

import logging
import time
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.metrics import Metrics
from api.service import Service

log = logging.getLogger("chiso.api")

LONGEST_ADDRESS = 8_000
"""Most bytes of path and query together."""

_SAFETY: tuple[tuple[bytes, bytes], ...] = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        b"frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)


class Gate:
    """Wraps the application. `too_long` answers a request whose address is too long, `failed` one that met a defect."""

    def __init__(
        self,
        app: ASGIApp,
        service: Service,
        metrics: Metrics,
        too_long: Callable[[Request], Response],
        failed: Callable[[Request], Response],
    ) -> None:
        self._app = app
        self._service = service
        self._metrics = metrics
        self._too_long = too_long
        self._failed = failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        method = scope["method"]
        head = method == "HEAD"
        if head:
            # Every address that answers GET answers HEAD, with the same headers and no body (RFC 9110, 9.3.2).
            scope = {**scope, "method": "GET"}
        status = 500
        started = False

        async def sending(message: Message) -> None:
            nonlocal status, started
            if message["type"] == "http.response.start":
                started = True
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), *_SAFETY]
            elif head and message["type"] == "http.response.body":
                message = {"type": "http.response.body", "body": b"", "more_body": message.get("more_body", False)}
            await send(message)

        try:
            if len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"") > LONGEST_ADDRESS:
                await self._too_long(Request(scope, receive))(scope, receive, sending)
            else:
                with self._service.holding():
                    await self._app(scope, receive, sending)
        except Exception:
            if started:
                raise
            # Not raised further: the server would close the connection under the next request of the same client.
            log.exception("%s %s", method, scope["path"][:500])
            await self._failed(Request(scope, receive))(scope, receive, sending)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            known = method if method in _METHODS else "other"
            self._metrics.count(route, known, status, time.perf_counter() - began)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
