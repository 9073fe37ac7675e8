"""Errors to HTTP: RFC 9457 `application/problem+json` for programs, a page for people. Statuses stand here alone.

`type` is the address of a help page that says when the error occurs and what to do. An answer of 500 and above says
nothing of what is inside; the log does.
"""

import json
import logging
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match

from api import negotiation
from api.pages.render import Pages
from catalogue.errors import Busy, CatalogueError, Forbidden, Unauthorized, Unavailable, UnsupportedMedia, Withdrawn
from catalogue.iri import as_uri

log = logging.getLogger("chiso.api")

PAGE_VARY = "Accept, Accept-Language, Cookie"
"""The request headers that choose between a page and its other forms."""

STATUSES: dict[str, int] = {
    "bad-request": 400,
    "unauthorized": 401,
    "forbidden": 403,
    "not-found": 404,
    "method-not-allowed": 405,
    "not-acceptable": 406,
    "too-slow": 408,
    "conflict": 409,
    "ambiguous": 409,
    "withdrawn": 410,
    "precondition-failed": 412,
    "too-large": 413,
    "address-too-long": 414,
    "unsupported-media": 415,
    "invalid": 422,
    "limit-reached": 422,
    "busy": 429,
    "defect": 500,
    "not-offered": 501,
    "unavailable": 503,
    "timed-out": 504,
}
"""Kind of error → HTTP status. Every kind has a help page; the rest of HTTP is mapped onto these."""

_BY_STATUS = {status: kind for kind, status in reversed(STATUSES.items()) if status < 500}
_OWN_MEMBERS = frozenset({"type", "title", "status", "detail", "instance"})
_INNER_MEMBERS = frozenset({"place"})
"""Details for the log and the command line alone: where on this machine something lies."""

_WRITTEN = ("/update", "/graphs", "/graph/")
"""Where a service that writes is written to."""

Handler = Callable[[Request, Exception], Awaitable[Response]]


class Problems:
    """The handlers of every error, given the pages that show them to people."""

    def __init__(self, pages: Pages, *, read_only: bool = False) -> None:
        self._pages = pages
        self._read_only = read_only

    def handlers(self) -> dict[Any, Handler]:
        """What to register with the application."""
        return {
            CatalogueError: self.catalogue,
            RequestValidationError: self.validation,
            HTTPException: self.http,
        }

    async def catalogue(self, request: Request, error: Exception) -> Response:
        """An error of the catalogue."""
        assert isinstance(error, CatalogueError)  # noqa: S101 - registered for this type alone
        status = STATUSES.get(error.kind, 500)
        if status >= 500 and not _told(error.details):  # which limit a visitor reached is no news
            # A trace helps with a defect; that a store is away or slow is one line, however often it is asked.
            log.error("%s: %s", error.kind, error, exc_info=error if status == 500 else None)
        language = negotiation.language(request)
        detail = error.vi if language == "vi" else error.en
        return self.answer(request, error.kind, detail, error.details, headers=said_by_headers(error))

    async def validation(self, request: Request, error: Exception) -> Response:
        """A parameter that is missing, unknown, too long or not of its kind."""
        assert isinstance(error, RequestValidationError)  # noqa: S101 - likewise
        words = self._pages.words(negotiation.language(request))
        found = []
        for one in error.errors():
            place, *path = one["loc"]
            name = ".".join(str(part) for part in path)
            limit = next((str(v) for k, v in one.get("ctx", {}).items() if k in _LIMITS), "")
            if one["type"] == "literal_error":
                limit = ", ".join(re.findall(r"'([^']*)'", limit))  # the framework says 'a', 'b' or 'c', in English
            message = words.get(f"validation.{one['type']}", words["validation.other"])
            found.append({"in": str(place), "name": name, "message": message.format(name=name, limit=limit)})
        return self.answer(request, "invalid", " ".join(one["message"] for one in found), {"errors": found})

    async def http(self, request: Request, error: Exception) -> Response:
        """404 and 405 of the routing, and what the framework itself refuses; OPTIONS is told what the address takes."""
        assert isinstance(error, HTTPException)  # noqa: S101 - likewise
        headers = dict(error.headers or {})
        if error.status_code == 405:
            # The gate answers HEAD wherever GET is answered, and this method OPTIONS.
            # The framework names the methods of the first route of this address alone.
            taken = set(_methods(request.app.routes, request))
            if self._read_only and request.url.path.startswith(_WRITTEN):
                taken &= {"GET"}
            headers["Allow"] = ", ".join(sorted(taken | {"OPTIONS"} | ({"HEAD"} if "GET" in taken else set())))
            if request.method == "OPTIONS":
                return Response(status_code=204, headers={"Allow": headers["Allow"]})
        if error.status_code == 404 and (shorter := _without_slash(request)) is not None:
            return Response(status_code=308, headers={"Location": shorter, "Cache-Control": "no-cache"})
        kind = _BY_STATUS.get(error.status_code, "defect" if error.status_code >= 500 else "bad-request")
        words = self._pages.words(negotiation.language(request))
        detail = words[f"errors.{kind}.detail"].format(path=request.url.path[:200], method=request.method[:20])
        return self.answer(request, kind, detail, {}, headers=headers)

    def unforeseen(self, request: Request) -> Response:
        """A defect of this program; the server's log has the trace."""
        return self.answer(request, "defect", "", {})

    def refused(self, request: Request) -> Response:
        """A request that cannot be understood: an impossible Host."""
        words = self._pages.words(negotiation.language(request))
        return self.answer(request, "bad-request", words["errors.bad-request.detail"], {})

    def unmet(self, request: Request) -> Response:
        """A request for another version than the one there is (`If-Match`, `If-Unmodified-Since`)."""
        words = self._pages.words(negotiation.language(request))
        return self.answer(request, "precondition-failed", words["errors.precondition-failed.detail"], {})

    def too_long(self, request: Request) -> Response:
        """An address longer than the gate lets through."""
        words = self._pages.words(negotiation.language(request))
        return self.answer(request, "address-too-long", words["errors.address-too-long.detail"], {})

    def answer(
        self,
        request: Request,
        kind: str,
        detail: str,
        details: dict[str, Any],
        *,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """The problem, as JSON or as a page."""
        status = STATUSES.get(kind, 500)
        kind = kind if kind in STATUSES else "defect"
        pages = negotiation.language(request, cookie=True)
        wants_page = self._wants_page(request)
        language = pages if wants_page else negotiation.language(request)
        words = self._pages.words(language)
        if status >= 500 and kind != "not-offered" and not _told(details):
            detail, details = words[f"errors.{kind}.detail"], {}
        sent = {
            **(headers or {}),
            "Content-Language": language,
            "Vary": "Accept, Accept-Language" + (", Cookie" if wants_page else ""),
            "Cache-Control": "no-store",
        }
        if kind == "unavailable":
            sent.setdefault("Retry-After", "10")
        instance = quote(request.url.path, safe="/:@!$&'()*+,;=~-._")
        problem = {
            "type": f"/help/errors/{kind}",
            "title": words[f"errors.{kind}.title"],
            "status": status,
            "detail": detail,
            "instance": (instance + (f"?{request.url.query}" if request.url.query else ""))[:2_000],
            **{name: value for name, value in details.items() if name not in _OWN_MEMBERS | _INNER_MEMBERS},
        }
        if wants_page:
            reason = HTTPStatus(status).phrase
            body = self._pages.html(
                "error.html",
                request,
                language,
                problem=problem,
                kind=kind,
                reason=reason,
                status=status,
                missing=words.get(f"kind.{details.get('kind')}"),
                choose=lambda iri: _again(request, iri),
            )
            return Response(body, status_code=status, media_type=negotiation.HTML, headers=sent)
        body = json.dumps(problem, ensure_ascii=False, default=str).encode()
        return Response(body, status_code=status, media_type=negotiation.PROBLEM, headers=sent)

    @staticmethod
    def _wants_page(request: Request) -> bool:
        """Browsers name text/html; programs name JSON or take anything."""
        offers = [negotiation.PROBLEM, negotiation.JSON, negotiation.HTML]
        return negotiation.choose(request.headers.get("accept"), offers) == negotiation.HTML


def _told(details: Mapping[str, Any]) -> bool:
    """Whether an error of 500 and above is nothing inner: a limit that was reached, or something that is not ready yet."""
    return "limit" in details or "retryAfter" in details


def on_page(error: CatalogueError, language: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    """An error that is told on the page of the form that was sent: what the page says of it, the status, the headers.

    Raises the error itself where the fault is the service's own: those have a page of their own.
    """
    status = STATUSES.get(error.kind, 500)
    if status >= 500 and error.kind != "timed-out":
        raise error
    told = {**error.details, "detail": error.vi if language == "vi" else error.en, "kind": error.kind}
    headers = {"Vary": PAGE_VARY, "Cache-Control": "no-store", **said_by_headers(error)}
    return told, status, headers


def said_by_headers(error: CatalogueError) -> dict[str, str]:
    """What an error says in headers, where HTTP has one for it (RFC 9110, 10.2.3 and 11.6.1; RFC 5829, 3.4)."""
    match error:
        case Busy() | Unavailable(details={"retryAfter": _}):
            return {"Retry-After": str(max(1, round(error.details.get("retryAfter", 1))))}
        case Unauthorized() | Forbidden(details={"error": _}):
            code = error.details.get("error")  # RFC 6750, section 3.1; none where no token was shown
            return {"WWW-Authenticate": 'Bearer realm="chiso"' + (f', error="{code}"' if code else "")}
        case UnsupportedMedia(details={"contentEncoding": _}):
            return {"Accept-Encoding": ", ".join(error.details["available"])}
        case UnsupportedMedia(details={"available": _}):  # RFC 9110, 15.5.16
            return {"Accept": ", ".join(error.details["available"])}
        case Withdrawn():
            successors = [f'<{as_uri(iri)}>; rel="successor-version"' for iri in error.details.get("replacedBy", ())]
            return {"Link": ", ".join(successors)} if successors else {}
    return {}


_LIMITS = frozenset({"max_length", "min_length", "le", "ge", "lt", "gt", "expected"})


def _again(request: Request, iri: str) -> str | None:
    """The same question about one of the candidates, where the question was about `of`."""
    given = dict(request.query_params)
    return f"{request.url.path}?{urlencode({**given, 'of': iri})}" if "of" in given else None


def _without_slash(request: Request) -> str | None:
    """The address without the slash at its end, where that one is there."""
    path = request.url.path.rstrip("/")
    if not path or path == request.url.path or path.startswith("//"):
        return None
    if not set(_methods(request.app.routes, Request({**request.scope, "path": path}))):
        return None
    return quote(path, safe="/:@!$&'()*+,;=~-._") + (f"?{request.url.query}" if request.url.query else "")


def _methods(routes: Iterable[BaseRoute], request: Request) -> Iterator[str]:
    """The methods that the routes of this address take; the framework keeps routes in the routers that were included."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _methods(inner.routes, request)
        elif route.matches(request.scope)[0] is not Match.NONE:
            yield from getattr(route, "methods", None) or ()
