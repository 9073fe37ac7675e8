"""The home page, the help pages of errors, the style sheet."""

import hashlib

from fastapi import APIRouter, Request, Response

from api.pages.render import HERE, Pages
from api.parameters import AsOf
from api.problems import STATUSES
from api.service import Service
from catalogue.errors import NotFound

_TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


def router(service: Service, pages: Pages) -> APIRouter:
    """The routes, over `service`."""
    routes = APIRouter()
    files = {path.name: path.read_bytes() for path in (HERE / "static").iterdir() if path.suffix in _TYPES}

    def page(template: str, request: Request, as_of: str | None = None, **context: object) -> Response:
        reading = service.reading(request, as_of, page=True)
        headers = service.validators(request, reading, "html", dated=True, vary="Accept-Language, Cookie")
        if service.unchanged(request, headers, exists=True):
            return Response(status_code=304, headers=headers)
        body = pages.html(template, request, reading.language, reading=reading, **context)
        return Response(body, media_type="text/html; charset=utf-8", headers=headers)

    @routes.get("/", include_in_schema=False)
    def read_home(request: Request, as_of: AsOf = None) -> Response:
        """What this is, a search box, three questions."""
        return page("home.html", request, as_of, state=service.state, published=service.published)

    @routes.get("/help/errors", include_in_schema=False)
    def read_help(request: Request) -> Response:
        """All kinds of errors."""
        return page("help.html", request, kinds=STATUSES)

    @routes.get("/help/errors/{kind}", include_in_schema=False)
    def read_help_of(request: Request, kind: str) -> Response:
        """When an error occurs and what to do."""
        if kind not in STATUSES:
            raise NotFound(f"Không có trang trợ giúp “{kind[:60]}”.", f"There is no help page “{kind[:60]}”.")
        return page("help.html", request, kinds={kind: STATUSES[kind]})

    @routes.get("/static/{name}", include_in_schema=False)
    def read_file(request: Request, name: str) -> Response:
        """The style sheet and the mark of the site."""
        if name not in files:
            raise NotFound(f"Không có tệp “{name[:60]}”.", f"There is no file “{name[:60]}”.")
        body = files[name]
        headers = {
            "ETag": f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"',
            "Cache-Control": "public, max-age=3600",
        }
        if service.unchanged(request, headers, exists=True):
            return Response(status_code=304, headers=headers)
        return Response(body, media_type=_TYPES[name[name.rindex(".") :]], headers=headers)

    return routes
