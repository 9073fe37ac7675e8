"""The gate every request passes, in plain ASGI: one published state for the whole request, answers kept ready, HEAD,
cross-origin reading, content codings, headers for safety, the length of the address, counting.
"""

import logging
import re
import time
from collections.abc import Callable
from functools import lru_cache

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import coding, negotiation
from api.metrics import Metrics
from api.pages.render import theme
from api.preconditions import Unmet, given
from api.prepared import PREPARABLE, PREPARABLE_PAGE, Answer, Key, View
from api.published import State
from api.sending import ALLOWED_HEADERS, HEAD, METHODS, NO_BODY, Sending, everywhere, unchanged_by
from api.service import Service
from catalogue.clock import Clock, today
from catalogue.errors import CatalogueError, NotAcceptable

log = logging.getLogger("chiso.api")

LONGEST_ADDRESS = 8_000
"""Most bytes of path and query together."""

_LONG = (b"/sparql", b"/search")  # a page of the text that somebody pasted says more than an error
LONGEST_QUERY_ADDRESS = 60_000
"""The same for `/sparql`, where the query stands in the address; the server's parser ends at 65,535. POST takes more."""

_ALL_METHODS = ", ".join(METHODS).encode()

_PAGES = (b"/", b"/about")
"""Pages that are kept beside those about things."""

_HOST = re.compile(rb"[A-Za-z0-9._~%!$&'()*+,;=\-]*(:[0-9]*)?|\[[0-9A-Fa-f:.]+\](:[0-9]*)?")


class Gate:
    """Wraps the application. `too_long` answers a request whose address is too long, `refused` one with an impossible
    Host, `failed` one that met a defect, `unmet` one that asks for another version than there is."""

    def __init__(
        self,
        app: ASGIApp,
        service: Service,
        metrics: Metrics,
        too_long: Callable[[Request], Response],
        refused: Callable[[Request], Response],
        failed: Callable[[Request], Response],
        unmet: Callable[[Request], Response],
    ) -> None:
        self._app = app
        self._service = service
        self._metrics = metrics
        self._too_long = too_long
        self._refused = refused
        self._failed = failed
        self._unmet = unmet

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or answer it with what was kept."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        method = scope["method"]
        state = self._service.current
        scope, headers = _combined(scope)
        if method == "OPTIONS" and scope.get("raw_path") == b"*":
            await send(
                {"type": "http.response.start", "status": 204, "headers": everywhere([(b"allow", _ALL_METHODS)])}
            )
            await send(NO_BODY)
            return
        key = prepared_key(scope, headers, self._service.clock) if method in ("GET", "HEAD") else None
        condition = given(headers) if method in ("GET", "HEAD") else None
        kept = state.prepared.get(key) if key is not None and condition is None else None
        if kept is not None and _HOST.fullmatch(headers.get(b"host", b"")):
            status = await self._send_kept(kept, headers, send, head=method == "HEAD")
            self._metrics.count(kept.route, method, status, time.perf_counter() - began)
            return
        if method == "OPTIONS" and b"origin" in headers and b"access-control-request-method" in headers:
            await self._preflight(scope, receive, send)
            self._metrics.count("preflight", method, 204, time.perf_counter() - began)
            return
        if method == "HEAD":
            # Every address that answers GET answers HEAD, with the same headers and no body (RFC 9110, 9.3.2).
            scope = {**scope, "method": "GET", HEAD: True}
        scope, packed_tag = _plain_tags(scope, headers)
        sending = Sending(
            send,
            head=method == "HEAD",
            packs=coding.takes_gzip(headers.get(b"accept-encoding", b"")),
            packed_tag=packed_tag,
            keeps=key is not None,
            cookie=_cookie(key),
            condition=condition,
        )
        try:
            if too_long(scope):
                await self._too_long(Request(scope, receive))(scope, receive, sending)
            elif not _HOST.fullmatch(headers.get(b"host", b"")):
                scope = _without_host(scope)
                await self._refused(Request(scope, receive))(scope, receive, sending)
            else:
                with self._service.holding(state):
                    await self._app(scope, receive, sending)
        except Unmet:
            await self._unmet(Request(scope, receive))(scope, receive, sending)
        except Exception:
            if sending.started:
                raise
            # Not raised further: the server would close the connection under the next request of the same client.
            log.exception("%s %r", method, scope["path"][:500])  # a line break in a path forges no line of the log
            await self._failed(Request(scope, receive))(scope, receive, sending)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            known = method if method in METHODS else "other"
            self._metrics.count(route, known, sending.status, time.perf_counter() - began)
        preparable = PREPARABLE in scope or (PREPARABLE_PAGE in scope and key is not None and key.view is not None)
        if key is not None and sending.whole is not None and preparable:
            self._keep(state, key, sending.whole, route)

    def _keep(self, state: State, key: Key, whole: Answer, route: str) -> None:
        if state is self._service.current:
            whole.route = route
            state.prepared.keep(key, whole)

    async def _send_kept(self, kept: Answer, headers: dict[bytes, bytes], send: Send, *, head: bool) -> int:
        tag = unchanged_by(kept, headers)
        if tag is not None:
            await send({"type": "http.response.start", "status": 304, "headers": kept.unchanged(tag)})
            await send(NO_BODY)
            return 304
        body, sent = kept.body, kept.headers
        if kept.packs and coding.takes_gzip(headers.get(b"accept-encoding", b"")):
            packed = kept.packed
            if packed is None:
                small = len(body) <= coding.AT_ONCE
                packed = kept.packed = coding.packed(body) if small else await run_sync(coding.packed, body)
            body, sent = packed, kept.packed_headers
        await send({"type": "http.response.start", "status": kept.status, "headers": sent})
        await send(NO_BODY if head else {"type": "http.response.body", "body": body})
        return kept.status

    async def _preflight(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What a browser asks before it sends what is not a plain read: the methods of this address, any origin."""
        allowed: list[bytes] = []

        async def listening(message: Message) -> None:
            if message["type"] == "http.response.start":
                allowed.extend(value for name, value in message["headers"] if name.lower() == b"allow")

        if not too_long(scope) and _HOST.fullmatch(dict(scope["headers"]).get(b"host", b"")):
            try:
                with self._service.holding():
                    await self._app(scope, receive, listening)
            except CatalogueError:
                pass  # the request itself will be told
        methods = allowed[0] if allowed else _ALL_METHODS
        headers = [
            (b"access-control-allow-methods", methods),
            (b"access-control-allow-headers", ALLOWED_HEADERS),
            (b"access-control-max-age", b"86400"),
            (b"allow", methods),
            (b"vary", b"Access-Control-Request-Method, Access-Control-Request-Headers"),
        ]
        await send({"type": "http.response.start", "status": 204, "headers": everywhere(headers)})
        await send(NO_BODY)


def prepared_key(scope: Scope, headers: dict[bytes, bytes], clock: Clock) -> Key | None:
    """Under what the answer to a request would be kept; None where no such answer is kept."""
    path: bytes = scope.get("raw_path") or b""
    query: bytes = scope["query_string"]
    if path.startswith(b"/api/v1/"):
        return Key(path, query, "", _language(headers.get(b"accept-language", b"")))
    if path.startswith(b"/id/"):
        return Key(path, query, "", "")
    if path.startswith((b"/doc/", b"/ns")):
        form = _form(headers.get(b"accept", b""))
        suffix = path.rpartition(b".")[2].decode("latin-1")
        if path.startswith(b"/ns") or (suffix if suffix in negotiation.BY_SUFFIX else form) != "html":
            return Key(path, query, form, "")
    elif path in _PAGES:
        form = ""
    else:
        return None
    if b"host" not in headers:  # then a page tells the address of this machine
        return None
    request = Request(scope)
    if b"lang=" in query:
        language = negotiation.language(request, cookie=True)
    else:
        language = negotiation.language_kept(request) or _language(headers.get(b"accept-language", b""))
    view = View(scope["scheme"], headers[b"host"], theme(request), today(clock).isoformat())
    return Key(path, query, form, language, view)


def _cookie(key: Key | None) -> bytes:
    """The cookie that an answer kept under `key` may set: the language in its address, the same for whoever asks."""
    asked = key is not None and key.view is not None and b"lang=" in key.query
    return negotiation.language_cookie(key.language).encode() if key is not None and asked else b""


@lru_cache(maxsize=512)
def _form(accept: bytes) -> str:
    """The suffix of the form that is preferred, empty where there is none."""
    try:
        return negotiation.form(accept.decode("latin-1")).suffix
    except NotAcceptable:
        return ""


@lru_cache(maxsize=512)
def _language(header: bytes) -> str:
    return negotiation.preferred_language(header.decode("latin-1"))


def too_long(scope: Scope) -> bool:
    """Whether path and query together are longer than they may be."""
    path: bytes = scope.get("raw_path") or b""
    most = LONGEST_QUERY_ADDRESS if path in _LONG else LONGEST_ADDRESS
    return len(path) + len(scope.get("query_string") or b"") > most


def _combined(scope: Scope) -> tuple[Scope, dict[bytes, bytes]]:
    """The request with several headers of one name made one list (RFC 9110, 5.3), and its headers by name."""
    given = scope["headers"]
    headers = dict(given)
    if b"host" not in headers and scope.get("http_version") == "1.1":
        headers[b"host"] = b"/"  # refused, as for two of them
        return scope, headers
    if len(headers) == len(given):
        return scope, headers
    if sum(name == b"host" for name, _ in given) > 1:
        headers[b"host"] = b"/"  # refused, as RFC 9112, 3.2 demands
    for name in _LISTS & headers.keys():
        headers[name] = b", ".join(value for other, value in given if other == name)
    rest = [one for one in given if one[0] not in _LISTS]
    return {**scope, "headers": [*rest, *((name, headers[name]) for name in _LISTS & headers.keys())]}, headers


_LISTS = frozenset((b"accept", b"accept-encoding", b"accept-language", b"if-match", b"if-none-match"))


def _plain_tags(scope: Scope, headers: dict[bytes, bytes]) -> tuple[Scope, bytes | None]:
    """The request with the tags of packed forms turned into those of the plain ones, which is all that answers know of;
    and the first such tag."""
    for name in (b"if-none-match", b"if-match"):
        value = headers.get(name, b"")
        if coding.MARK + b'"' in value:
            tag = next(one.strip() for one in value.split(b",") if one.strip().endswith(coding.MARK + b'"'))
            plain = (name, value.replace(coding.MARK + b'"', b'"'))
            rest = [one for one in scope["headers"] if one[0] != name]
            return {**scope, "headers": [*rest, plain]}, tag.removeprefix(b"W/")
    return scope, None


def _without_host(scope: Scope) -> Scope:
    return {**scope, "headers": [one for one in scope["headers"] if one[0] != b"host"]}
