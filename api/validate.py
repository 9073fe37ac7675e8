"""`/validate`: RDF that somebody posts, judged by SHACL under our shapes or posted ones, in a disposable process.

The answer is a validation report (SHACL 3.6): 200 whether the data conforms or not. A browser gets a form and a page.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import PurePath

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool

from api import asking, bodies, negotiation, verdicts
from api.documents import content_type
from api.negotiation import BY_SUFFIX, HTML, JSON
from api.pages.render import Pages
from api.problems import PAGE_VARY
from api.service import Service
from catalogue import rdf
from catalogue.errors import BadRequest, UnsupportedMedia
from workers.departure import ClientGone, unless_gone
from workers.judgement import Posted
from workers.judges import Judges

_REPORTS = {BY_SUFFIX[suffix].media_types[0]: suffix for suffix in ("ttl", "jsonld", "rdf", "nt")}
OFFERS = (*_REPORTS, JSON, HTML)
"""Media types of a report, the preferred one first."""

_READ = {
    "text/turtle": "ttl",
    "application/x-turtle": "ttl",
    "application/n-triples": "nt",
    "application/n-quads": "nq",
    "application/trig": "trig",
    "application/x-trig": "trig",
    "application/rdf+xml": "rdf",
    "application/xml": "rdf",
    "text/xml": "rdf",
    "application/ld+json": "jsonld",
    "application/json": "jsonld",
}
_WITHOUT_FORMAT = ("", "text/plain", "application/octet-stream")
"""Media types of a field that say nothing of its format: the file's name does, else it is read as Turtle."""

_PARAMETERS = ("lang",)
_FIELDS = ("data", "shapes", "data-format", "shapes-format")


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    media_type: str
    content: bytes
    suffix: str = ""
    """Of the file's name; empty where it says nothing of a format."""


def router(service: Service, pages: Pages) -> APIRouter:
    """The routes; the processes that judge stop with the application."""
    judges = Judges(service.settings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await judges.stop()

    routes = APIRouter(lifespan=lifespan)

    @routes.get("/validate", response_class=Response, tags=["linked data"], responses={200: {"content": {HTML: {}}}})
    def read_form(request: Request) -> Response:
        """A form for people: paste RDF, choose its format, read the report."""
        negotiation.required(request.headers.get("accept"), [HTML])
        reading = service.reading(request, page=True)
        headers = service.validators(request, reading, "html", dated=False, vary=PAGE_VARY)
        if service.unchanged(request, headers, exists=True):
            return Response(status_code=304, headers=headers)
        body = pages.html("validate.html", request, reading.language, verdict=None, limits=service.settings)
        return Response(body, media_type=HTML, headers=headers)

    @routes.post(
        "/validate",
        response_class=Response,
        tags=["linked data"],
        responses={200: {"description": "A SHACL validation report.", "content": {one: {} for one in OFFERS}}},
        openapi_extra={
            "requestBody": {"required": True, "content": {one: {} for one in (*_READ, bodies.FORM, bodies.MULTIPART)}}
        },
    )
    async def validate(request: Request) -> Response:
        """The SHACL validation report on posted RDF: under the shapes of this catalogue, its vocabulary added, or under posted ones. The body is RDF, or a form with the fields `data`, `shapes`, `data-format`, `shapes-format`. 200 whether the data conforms or not."""
        chosen = negotiation.required(request.headers.get("accept"), OFFERS)
        reading = service.reading(request, page=chosen == HTML)
        for name, _ in bodies.query_parameters(request):
            if name not in _PARAMETERS:
                raise BadRequest(
                    f"Không có tham số “{name[:40]}” trong địa chỉ. Hãy gửi các trường {', '.join(_FIELDS)} trong nội dung.",
                    f"The address takes no parameter “{name[:40]}”. Send the fields {', '.join(_FIELDS)} in the body.",
                    details={"parameter": name[:40], "allowed": list(_PARAMETERS)},
                )
        kind = bodies.of(request)
        if kind.name not in _READ and kind.name not in (bodies.FORM, bodies.MULTIPART):
            raise _unsupported(kind.name)
        body = await bodies.read_body(request, service.settings.validate_bytes, setting="CHISO_VALIDATE_BYTES")
        data, shapes = await run_in_threadpool(posted, kind, body)
        judging = judges.judge(data, shapes, answer=_REPORTS.get(chosen), visitor=service.visitor(request))
        try:
            async with asking.departure(request) as gone:
                verdict = await unless_gone(judging, gone)
        except ClientGone:
            return asking.nobody()
        headers = {"Vary": "Accept", "Cache-Control": "no-store"}
        if chosen in _REPORTS:
            return Response(verdict.body, media_type=content_type(BY_SUFFIX[_REPORTS[chosen]]), headers=headers)
        told = await run_in_threadpool(
            verdicts.told, verdict.conforms, verdict.body, {name: pages.words(name) for name in negotiation.LANGUAGES}
        )
        if chosen == JSON:
            written = await run_in_threadpool(json.dumps, told, ensure_ascii=False)
            return Response(written.encode(), media_type=JSON, headers=headers)
        headers |= {"Vary": PAGE_VARY, "Content-Language": reading.language}
        page = await run_in_threadpool(
            pages.html, "validate.html", request, reading.language, verdict=told, limits=service.settings
        )
        return Response(page, media_type=HTML, headers=headers)

    return routes


def posted(kind: bodies.MediaType, body: bytes) -> tuple[Posted, Posted | None]:
    """The data and, where they were sent, the shapes. Raises `BadRequest`, `UnsupportedMedia`."""
    kind.require_utf8()
    if kind.name in _READ:
        return Posted("data", body, _READ[kind.name]), None
    fields = _fields(kind, body)
    for one in fields:
        if one.name not in _FIELDS:
            raise BadRequest(
                f"Không có trường “{one.name[:40]}”. Các trường: {', '.join(_FIELDS)}.",
                f"There is no field “{one.name[:40]}”. The fields: {', '.join(_FIELDS)}.",
                details={"parameter": one.name[:40], "allowed": list(_FIELDS)},
            )
    data, shapes = _document(fields, "data"), _document(fields, "shapes")
    if data is None:
        raise BadRequest(
            "Thiếu trường “data”: dữ liệu RDF cần kiểm tra.",
            "The field “data” is missing: the RDF to be validated.",
            details={"parameter": "data"},
        )
    return data, shapes


def _fields(kind: bodies.MediaType, body: bytes) -> list[_Field]:
    if kind.name == bodies.FORM:
        return [_Field(name, "", value.encode()) for name, value in bodies.parameters(body)]
    found = []
    for part in bodies.parts(body, kind):
        part.media_type.require_utf8()
        suffix = PurePath(part.file_name or "").suffix.lower().lstrip(".")
        known = suffix if suffix in rdf.FORMATS else ""
        found.append(_Field(part.name, part.media_type.name, part.content, known))
    return found


def _document(fields: list[_Field], name: str) -> Posted | None:
    """The document in a field; an empty one counts as not sent, as browsers send what nobody filled in."""
    filled = [field for field in fields if field.name == name and field.content.strip()]
    if len(filled) > 1:
        raise _twice(name)
    if not filled:
        return None
    named = [one for one in _texts(fields, f"{name}-format") if one]
    if len(named) > 1:
        raise _twice(f"{name}-format")
    if named:
        return Posted(name, filled[0].content, _suffix(named[0], f"{name}-format"))
    if filled[0].media_type in _WITHOUT_FORMAT:
        return Posted(name, filled[0].content, filled[0].suffix or "ttl")
    if filled[0].media_type not in _READ:
        raise _unsupported(filled[0].media_type)
    return Posted(name, filled[0].content, _READ[filled[0].media_type])


def _texts(fields: list[_Field], name: str) -> list[str]:
    return [bodies.text_of(field.content).strip().lower() for field in fields if field.name == name]


def _suffix(given: str, field: str) -> str:
    """The suffix of a format that is named by its suffix or its media type."""
    found = given if given in rdf.FORMATS else _READ.get(given.partition(";")[0].strip())
    if found is None:
        known = ", ".join(rdf.FORMATS)
        raise BadRequest(
            f"Không có định dạng “{given[:40]}” ({field}). Các định dạng: {known}, hoặc kiểu phương tiện của chúng.",
            f"There is no format “{given[:40]}” ({field}). The formats: {known}, or their media types.",
            details={"parameter": field, "allowed": list(rdf.FORMATS)},
        )
    return found


def _twice(name: str) -> BadRequest:
    return BadRequest(
        f"Trường “{name}” có hai giá trị. Hãy gửi một.",
        f"The field “{name}” was sent twice. Send one.",
        details={"parameter": name},
    )


def _unsupported(given: str) -> UnsupportedMedia:
    known = ", ".join((*_READ, bodies.FORM, bodies.MULTIPART))
    return UnsupportedMedia(
        f"Không đọc được kiểu “{given[:80]}”. Các kiểu đọc được: {known}.",
        f"The type “{given[:80]}” is not read here. Types read here: {known}.",
        details={"contentType": given[:80], "available": [*_READ, bodies.FORM, bodies.MULTIPART]},
    )
