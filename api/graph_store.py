"""`/graphs`: the SPARQL 1.1 Graph Store HTTP Protocol. Everybody reads public graphs; who may write, writes.

A graph is read as it is published; internal graphs are read from the authority, by callers who may. What is sent is
parsed in the writing process, never here.
"""

import re
import uuid
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api import asking, bodies, graph_address, negotiation, writes
from api.asking import ClientGone
from api.documents import content_type
from api.graph_address import Identified, identified
from api.negotiation import DATA, Form
from api.preconditions import http_moment
from api.service import Service
from api.validators import STATE_HEADER, http_date
from catalogue.errors import BadRequest, Forbidden, LimitReached, NotFound, UnsupportedMedia
from catalogue.graphs import is_internal
from catalogue.permission import may, require_write
from workers import fingerprint
from workers.empty_graphs import EmptyGraphs
from workers.task import Answer, Task
from workers.writer import Condition, Document

METHODS = ["GET", "PUT", "POST", "DELETE"]

MOST_TRIPLES = 100_000_000
"""A graph is limited by the bytes and the seconds of its answer, not by its triples."""
MOST_REMEMBERED = 10_000
"""Fingerprints of graphs that are kept with a published state."""

_ALL = "CONSTRUCT WHERE { ?subject ?predicate ?object }"
_BY_TYPE = {media_type: form for form in DATA for media_type in form.media_types}
_BY_SUFFIX = {f".{form.suffix}": form for form in DATA}


def router(service: Service) -> APIRouter:
    """The routes, over `service`."""
    routes = APIRouter()

    async def graph_store(request: Request) -> Response:
        """The graph that the address or the parameter names, by the method of the request."""
        service.require_folder()
        match request.method:
            case "GET":
                graph = identified(request, service.base)
                if graph is None:
                    return await _names(service, request)
                try:
                    if is_internal(graph.name, service.base):
                        return await _read_internal(service, request, graph)
                    return await _Reader(service, request, graph).read()
                except ClientGone:
                    return asking.nobody()
            case "DELETE":
                return await _delete(service, request)
            case _:
                return await _store(service, request)

    for path in ("/graphs", "/graphs/{path:path}", "/graph/{path:path}"):
        # One route for all methods, so that Allow names them all; several methods of one route have no place in OpenAPI.
        routes.add_api_route(path, graph_store, methods=METHODS, include_in_schema=False, response_class=Response)
    return routes


async def _store(service: Service, request: Request) -> Response:
    """PUT and POST (sections 5.3 and 5.5)."""
    writer, caller = writes.admitted(service, request)
    graph = identified(request, service.base)
    if graph is None:
        if request.method == "PUT":
            raise _nothing_named()
        new = f"{service.base}graphs/{uuid.uuid4()}"
        graph = Identified(new, new)
    require_write(caller, graph.iri, service.base)
    if request.headers.get("content-range") is not None:
        raise BadRequest(
            "Không nhận một phần của đồ thị (Content-Range). Hãy gửi cả đồ thị, hoặc dùng POST để thêm.",
            "A part of a graph (Content-Range) is not taken. Send the whole graph, or add to it by POST.",
        )
    kind = bodies.of(request)
    if kind.name != bodies.MULTIPART:
        _form(kind, "")  # refused before the body is read
    body = await bodies.read_body(request, service.settings.upload_bytes)
    documents = await _documents(kind, body)
    put_or_post = writer.put if request.method == "PUT" else writer.post
    written = await put_or_post(graph.iri, documents, base=graph.name, condition=_condition(request))
    headers = await writes.published(service, written)
    if not written.created:
        return Response(status_code=204, headers=headers)
    headers["Location"] = graph_address.address(request, graph, service.base)
    return Response(status_code=201, headers=headers)


async def _delete(service: Service, request: Request) -> Response:
    """DELETE (section 5.4)."""
    writer, caller = writes.admitted(service, request)
    graph = identified(request, service.base)
    if graph is None:
        raise _nothing_named()
    require_write(caller, graph.iri, service.base)
    written = await writer.delete(graph.iri, condition=_condition(request))
    return Response(status_code=204, headers=await writes.published(service, written))


class _Reader:
    """One request for a graph of the published state (section 5.2)."""

    def __init__(self, service: Service, request: Request, graph: Identified) -> None:
        self._service = service
        self._request = request
        self._graph = graph
        self._form = negotiation.form(request.headers.get("accept"), data=True)
        limits = asking.limits(service, request)
        self._limits = replace(limits, rows=max(limits.rows, MOST_TRIPLES))

    async def read(self) -> Response:
        service, graph = self._service, self._graph
        known: dict[str, str] = service.once("graph fingerprints", dict)
        lines: Answer | None = None
        if (mark := known.get(graph.name)) is None:
            try:
                lines = await self._answer("application/n-triples")
            except LimitReached:  # too long in this form; the name of the state does as well, until the next one
                mark = service.state
            else:
                if not lines.rows and graph.iri is not None and not await self._empty(graph.iri):
                    raise _missing(graph)
                mark = await run_in_threadpool(lambda body: fingerprint.of(body.split(b"\n")), lines.body)
            if mark != fingerprint.EMPTY:
                if len(known) >= MOST_REMEMBERED:
                    known.clear()
                known[graph.name] = mark
        headers = _headers(service, mark, self._form)
        if service.unchanged(self._request, headers, exists=True):
            return Response(status_code=304, headers=headers)
        media_type = self._form.media_types[0]
        answer = lines if lines and media_type == "application/n-triples" else await self._answer(media_type)
        return asking.Sent(answer.body, content_type(self._form), headers, answer)

    async def _answer(self, media_type: str) -> Answer:
        service = self._service
        assert service.directory is not None  # noqa: S101 - there is a folder
        graphs = (self._graph.name,)
        task = Task(
            service.directory, _ALL, "construct", media_type, graphs, (), self._limits, self._graph.iri or service.base
        )
        return await asking.answer(service, self._request, task)

    async def _empty(self, iri: str) -> bool:
        folder = self._service.require_folder()
        return await run_in_threadpool(lambda: iri in EmptyGraphs(folder))


async def _read_internal(service: Service, request: Request, graph: Identified) -> Response:
    """An internal graph, from the authority, for callers who may read it; nobody else learns whether there is one."""
    caller = writes.known(service, request)
    if not may(caller, "read", graph.iri, service.base):
        raise Forbidden(
            "Thẻ này không được đọc đồ thị nội bộ này. Hãy xin người quản trị một thẻ có quyền internal cho đồ thị ấy.",
            "This token may not read this internal graph. Ask the administrator for a token with the scope “internal” for it.",
            details={"error": "insufficient_scope"},
        )
    form = negotiation.form(request.headers.get("accept"), data=True)
    content = await service.require_writer().read(graph.iri, form.suffix)
    if content.body is None:
        raise _missing(graph)
    headers = _headers(service, content.fingerprint, form)
    headers["Cache-Control"] = "private, no-store"
    if service.unchanged(request, headers, exists=True):
        return Response(status_code=304, headers=headers)
    return Response(content.body, media_type=content_type(form), headers=headers)


async def _names(service: Service, request: Request) -> Response:
    """The graphs there are, for who asks for JSON by name; the protocol says nothing of the graph store itself."""
    if negotiation.choose(request.headers.get("accept"), ["text/turtle", negotiation.JSON]) != negotiation.JSON:
        raise _nothing_named()
    names = await run_in_threadpool(service.once, "graph names", service.store.graph_names)
    found = [
        {"iri": name.value, "address": graph_address.address(request, Identified(name.value, name.value), service.base)}
        for name in names
    ]
    headers = {"Cache-Control": "public, no-cache", "Vary": "Accept"}
    return JSONResponse({"state": service.state, "graphs": found}, headers=headers)


async def _documents(kind: bodies.MediaType, body: bytes) -> Sequence[Document]:
    """The RDF documents of a body: one, or the parts of a multipart body, each in its own format."""
    if kind.name != bodies.MULTIPART:
        return [Document(_form(kind, "").suffix, body, "body")]
    parts = await run_in_threadpool(bodies.parts, body, kind)
    return [
        Document(_form(part.media_type, part.file_name or "").suffix, part.content, (part.file_name or part.name)[:200])
        for part in parts
    ]


def _form(kind: bodies.MediaType, file_name: str) -> Form:
    """The format of a document, by its media type, else by the suffix of its name. Raises `UnsupportedMedia`."""
    kind.require_utf8()
    form = _BY_TYPE.get(kind.name)
    if form is None and kind.name in ("", "application/octet-stream", "text/plain"):
        form = _BY_SUFFIX.get(PurePath(file_name).suffix.lower())
    if form is None:
        known = ", ".join(_BY_TYPE)
        raise UnsupportedMedia(
            f"Không đọc được kiểu nội dung “{kind.name[:80] or '(không có)'}”. Các kiểu đọc được: {known}.",
            f"The media type “{kind.name[:80] or '(none)'}” is not read here. Types read here: {known}.",
            details={"contentType": kind.name[:80], "available": list(_BY_TYPE)},
        )
    return form


def _headers(service: Service, mark: str, form: Form) -> dict[str, str]:
    return {
        STATE_HEADER: service.state,
        "ETag": f'"{mark}-{form.suffix}"',
        "Last-Modified": http_date(service.published),
        "Cache-Control": "public, no-cache",
        "Vary": "Accept",
    }


_TAG = re.compile(r'\*|(W/)?"([^"]*)"')


def _condition(request: Request) -> Condition:
    """`If-Match` and `If-None-Match` as fingerprints: an ETag is one for each form of the same content; and
    `If-Unmodified-Since`, where it is a date. A weak tag never fits `If-Match` (RFC 9110, 13.1.1)."""

    def tags(header: str) -> tuple[str, ...] | None:
        given = request.headers.get(header)
        if given is None:
            return None
        found = [one for one in _TAG.finditer(given[:4_000]) if not one[1] or header != "if-match"]
        return tuple("*" if one[0] == "*" else one[2].partition("-")[0] for one in found)

    since = http_moment(request.headers.get("if-unmodified-since", ""))
    return Condition(tags("if-match"), tags("if-none-match"), since.timestamp() if since else None)


def _missing(graph: Identified) -> NotFound:
    return NotFound(
        f"Không có đồ thị {graph.name[:300]}.",
        f"There is no graph {graph.name[:300]}.",
        details={"graph": graph.name[:300]},
    )


def _nothing_named() -> BadRequest:
    return BadRequest(
        "Hãy nêu đồ thị: /graphs?graph=IRI hoặc /graphs?default. Danh sách đồ thị: gửi Accept: application/json.",
        "Name a graph: /graphs?graph=IRI or /graphs?default. For the list of graphs, send Accept: application/json.",
        details={"parameter": "graph"},
    )
