"""How a page is sent: what the visitor asks for, 304 before any work, then the template with what the room makes."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from api.negotiation import TABLE
from api.pages.render import Pages
from api.service import Reading, Service
from catalogue import spreadsheets

HTML = "text/html; charset=utf-8"
VARY = "Accept-Language, Cookie"


def answered(
    service: Service,
    pages: Pages,
    request: Request,
    as_of: str | None,
    template: str,
    make: Callable[[Reading], dict[str, Any]],
    *,
    dated: bool = True,
    about: tuple[str, ...] = (),
    moment: datetime | None = None,
) -> Response:
    """The page `template` with the context that `make` gives. `dated`: it depends on the day; `about` and `moment`: as in
    `Service.validators`."""
    return sent(
        service,
        request,
        as_of,
        "html",
        lambda reading: pages.html(template, request, reading.language, reading=reading, **make(reading)),
        HTML,
        dated=dated,
        about=about,
        moment=moment,
    )


def sent(
    service: Service,
    request: Request,
    as_of: str | None,
    form: str,
    make: Callable[[Reading], bytes],
    media_type: str,
    *,
    dated: bool = True,
    about: tuple[str, ...] = (),
    moment: datetime | None = None,
    file: str | None = None,
) -> Response:
    """What `make` writes, in one `form`, with its validators. `file`: under which name it is saved (ASCII)."""
    reading = service.reading(request, as_of, page=True)
    headers = service.validators(request, reading, form, *about, dated=dated, vary=VARY, moment=moment)
    if service.unchanged(request, headers):
        return Response(status_code=304, headers=headers)
    body = make(reading)
    if service.unchanged(request, headers, exists=True):
        return Response(status_code=304, headers=headers)
    if file is not None:
        headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return Response(body, media_type=media_type, headers=headers)


def tabled(
    service: Service,
    request: Request,
    as_of: str | None,
    name: str,
    make: Callable[[Reading], Iterable[Iterable[str]]],
    *,
    dated: bool = True,
    about: tuple[str, ...] = (),
    moment: datetime | None = None,
) -> Response:
    """The rows that `make` gives as a table for spreadsheets, saved as `name`.csv."""
    return sent(
        service,
        request,
        as_of,
        "csv",
        lambda reading: spreadsheets.table(make(reading)),
        TABLE,
        dated=dated,
        about=about,
        moment=moment,
        file=f"{name}.csv",
    )
