"""`/mappings`: mappings between codes as SSSOM. Everybody takes them, whole or in part; who may write sends decisions.

What is sent is read and planned in the writing process, never here.
"""

from typing import Annotated, Any, Literal
from urllib.parse import unquote

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from api import bodies, negotiation, writes
from api.long_questions import long_resource
from api.pages.render import Pages
from api.parameters import LONGEST_THING, AsOf, resource
from api.problems import PAGE_VARY
from api.service import Service
from catalogue import clock
from catalogue.errors import NotFound, UnsupportedMedia
from catalogue.labels import references
from catalogue.mapping.exchange import documents, exporting
from catalogue.mapping.exchange.documents import FORMS, Form
from catalogue.mapping.exchange.exporting import Wanted
from workers.imports import Import

_BY_TYPE: dict[str, Form] = {media_type: form for form, media in FORMS.items() for media_type in media.types}
_OFFERS = [media.types[0] for media in FORMS.values()]
_CHARSET: dict[Form, str] = {"tsv": "; charset=utf-8", "csv": "; charset=utf-8", "ttl": "; charset=utf-8", "jsonld": ""}

Set = Annotated[
    str | None,
    Query(max_length=LONGEST_THING, description="A mapping set: its key or its IRI.", examples=["phu-luc-tinh-2023"]),
]
Scheme = Annotated[
    str | None, Query(max_length=LONGEST_THING, description="Only mappings with a code of this scheme at either end.")
]
To = Annotated[
    str | None, Query(max_length=LONGEST_THING, description="Only mappings whose object is a code of this scheme.")
]
Status = Annotated[
    list[str] | None,
    Query(description="Only with this status: `candidate`, `accepted`, `rejected`, `withdrawn`; several by comma."),
]
Mark = Annotated[
    Literal["confirmed", "inferred", "unverified"],
    Query(description="How sure the document is: the mark of the graph that receives it."),
]
Mode = Annotated[
    Literal["merge", "replace"],
    Query(description="`merge` updates mappings and leaves the others; `replace` takes the others away."),
]


def router(service: Service, pages: Pages) -> APIRouter:
    """The routes, over `service`."""
    routes, long = resource(""), long_resource("", service)
    about: dict[int | str, dict[str, Any]] = {
        200: {"content": {one: {} for one in _OFFERS}, "description": "The mappings as SSSOM."}
    }

    @long.get("/mappings", response_class=Response, tags=["mappings"], responses=about)
    def export(
        request: Request,
        set: Set = None,
        scheme: Scheme = None,
        to: To = None,
        status: Status = None,
        as_of: AsOf = None,
    ) -> Response:
        """Mappings as SSSOM/TSV, SSSOM/CSV (for Excel), or SSSOM/RDF (Turtle, JSON-LD), by Accept; a page that lists the sets."""
        chosen = negotiation.required(request.headers.get("accept"), [*_BY_TYPE, negotiation.HTML])
        if chosen == negotiation.HTML:
            return _page(service, pages, request)
        return _export(service, request, _BY_TYPE[chosen], _wanted(service, request, set, scheme, to, status, as_of))

    @long.get("/mappings.{suffix}", response_class=Response, tags=["mappings"], responses=about)
    def export_as(
        request: Request,
        suffix: Annotated[str, Path(max_length=20, description="`tsv`, `csv`, `ttl` or `jsonld`.")],
        set: Set = None,
        scheme: Scheme = None,
        to: To = None,
        status: Status = None,
        as_of: AsOf = None,
    ) -> Response:
        """The same in the form that the suffix names."""
        for form in FORMS:
            if form == suffix:
                return _export(service, request, form, _wanted(service, request, set, scheme, to, status, as_of))
        raise NotFound(
            f"Không có dạng “.{suffix}”. Các đuôi: {', '.join(FORMS)}.",
            f"There is no form “.{suffix}”. The suffixes: {', '.join(FORMS)}.",
        )

    @routes.post("/mappings", tags=["write"], response_class=JSONResponse)
    async def take(
        request: Request,
        set: Set = None,
        mark: Mark = "confirmed",
        mode: Mode = "merge",
        partial: Annotated[bool, Query(description="Take the good rows though others are refused.")] = False,
        dry_run: Annotated[bool, Query(alias="dryRun", description="Check everything, write nothing.")] = False,
    ) -> Response:
        """Take a mapping set in: SSSOM/TSV, SSSOM/CSV, or SSSOM/RDF. Needs a token with the scope `write` for its graph.

        All of it or nothing: where rows are refused, the error lists them with their reasons under `refused`, unless `partial`. A row
        without `mapping_status` is a candidate. The same document twice changes nothing.
        """
        writer, caller = writes.admitted(service, request)
        kind = bodies.of(request)
        form = _BY_TYPE.get(kind.name)
        if form is None:
            raise UnsupportedMedia(
                f"Không đọc được kiểu nội dung “{kind.name[:80] or '(không có)'}”. Các kiểu đọc được: {', '.join(_OFFERS)}.",
                f"The media type “{kind.name[:80] or '(none)'}” is not read here. Types read here: {', '.join(_OFFERS)}.",
                details={"contentType": kind.name[:80], "available": _OFFERS},
            )
        kind.require_utf8()
        body = await bodies.read_body(request, service.settings.upload_bytes)
        today = clock.today(service.clock)
        given = Import(body, form, "body", today, set, mark, mode, partial, dry_run)
        imported = await writer.take(given, caller=caller)
        return JSONResponse(imported.report, headers=await writes.published(service, imported.written))

    routes.include_router(long)
    return routes


def _page(service: Service, pages: Pages, request: Request) -> Response:
    """What a person sees who follows a link here: the sets, and where each is to be had."""
    reading = service.reading(request, page=True)
    headers = service.validators(request, reading, "html", dated=False, vary=PAGE_VARY)
    if service.unchanged(request, headers, exists=True):
        return Response(status_code=304, headers=headers)
    sets = exporting.sets(service.store)
    named = references(service.store, [one.set for one in sets], reading.language)
    start = f"{service.base}id/mapping-set/"
    rows = [(one, named[one.set].label or one.set, unquote(one.set.removeprefix(start))) for one in sets]
    body = pages.html("mappings.html", request, reading.language, sets=rows, forms=list(FORMS))
    return Response(body, media_type="text/html; charset=utf-8", headers=headers)


def _wanted(
    service: Service,
    request: Request,
    set: str | None,
    scheme: str | None,
    to: str | None,
    status: list[str] | None,
    as_of: str | None,
) -> Wanted:
    reading = service.reading(request, as_of)
    statuses = tuple(one.strip() for said in status or [] for one in said.split(",") if one.strip())
    return Wanted(set, scheme, to, statuses, reading.as_of if reading.given else None)


def _export(service: Service, request: Request, form: Form, wanted: Wanted) -> Response:
    reading = service.reading(request)
    headers = service.validators(request, reading, form, dated=False, vary="Accept, Accept-Language")
    if service.unchanged(request, headers):
        return Response(status_code=304, headers=headers)
    body = documents.write(exporting.export(service.store, service.base, wanted), form)
    if service.unchanged(request, headers, exists=True):
        return Response(status_code=304, headers=headers)
    name = f"{wanted.set if wanted.set and ':' not in wanted.set else 'mappings'}.sssom.{form}"
    if name.isascii() and '"' not in name and "\\" not in name and name.isprintable():
        headers["Content-Disposition"] = f'inline; filename="{name}"'
    return Response(body, media_type=FORMS[form].types[0] + _CHARSET[form], headers=headers)
