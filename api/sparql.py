"""`/sparql`: the query operation of the SPARQL 1.1 Protocol, the service description, and a page for people.

The text of a query is looked at here, and parsed and answered in a process of its own (`workers.pool`). A whole answer
is there before the status goes out.
"""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from pyoxigraph import DefaultGraph, Quad
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api import asking, negotiation, solutions, sparql_request
from api.asking import ClientGone
from api.documents import content_type, serialised
from api.negotiation import DATA, HTML
from api.pages import editor, results
from api.pages.render import Pages
from api.problems import PAGE_VARY, on_page
from api.service import Service
from api.sparql_request import Asked
from api.validators import STATE_HEADER, validators
from catalogue import labels, library, service_description
from catalogue.errors import BadRequest, CatalogueError, NotAcceptable
from catalogue.permission import may
from catalogue.service_description import Holdings
from catalogue.sparql_text import Reading
from catalogue.store.embedded import open_read_only
from catalogue.store.port import Store
from workers.task import Task

DEFAULT_QUERY = """PREFIX chiso: <https://w3id.org/chiso/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?indicator ?name
WHERE {
  ?indicator a chiso:Indicator .
  ?indicator skos:prefLabel ?name .
}
LIMIT 20"""
"""What stands in the form of the page before anything is asked."""


def router(service: Service, pages: Pages) -> APIRouter:
    """The route, over `service`."""
    routes = APIRouter()

    told: dict[str, Any] = {
        "response_class": Response,
        "tags": ["linked data"],
        "openapi_extra": _DESCRIBED,
        "responses": {200: {"description": "The answer.", "content": {kind: {} for kind in _CONTENT}}},
    }

    @routes.post("/sparql", **told)
    @routes.get("/sparql", **told)
    async def sparql(request: Request) -> Response:
        """SPARQL 1.1 Protocol: `query` by GET, by POST of a form, or as the body of a POST; a GET without `query` describes the service."""
        service.require_pool()
        asked = await sparql_request.read(request, service.settings.query_length, service.base)
        if asked.query is None:
            return await described(request, asked)
        try:
            return await answered(request, asked, asked.query)
        except ClientGone:
            return asking.nobody()

    async def answered(request: Request, asked: Asked, query: str) -> Response:
        try:
            text = await asking.read(service, request, query)
        except CatalogueError as error:
            if solutions.choose("select", request.headers.get("accept"), asked.alias) == HTML:
                return await page_of_error(request, query, error)
            raise
        media_type = solutions.choose(text.form, request.headers.get("accept"), asked.alias)
        if media_type == HTML:
            return await page(request, asked, query, text)
        name, moment, directory = await asking.state(service, asked.state)
        headers = headers_of(request, text, name, moment, media_type)
        if request.method == "GET" and "ETag" in headers and service.unchanged(request, headers):
            return Response(status_code=304, headers=headers)
        task = await asked_of_pool(request, asked, query, text, directory, solutions.inner(text.form, media_type))
        answer = await asking.answer(service, request, task)
        if request.method == "GET" and "ETag" in headers and service.unchanged(request, headers, exists=True):
            return Response(status_code=304, headers=headers)
        body = answer.body
        if asked.excel:
            body = await run_in_threadpool(solutions.excel, body)
            headers["Content-Disposition"] = 'attachment; filename="sparql.csv"'
        return asking.Sent(body, solutions.content_type(media_type), headers, answer)

    async def asked_of_pool(
        request: Request, asked: Asked, query: str, text: Reading, directory: Path, media_type: str
    ) -> Task:
        await refuse_missing_graphs(request, asked, directory)
        return Task(
            directory=directory,
            query=query,
            form=text.form,
            media_type=media_type,
            default_graphs=asked.default_graphs,
            named_graphs=asked.named_graphs,
            limits=asking.limits(service, request, asked.seconds),
            base=service.base,
        )

    async def refuse_missing_graphs(request: Request, asked: Asked, directory: Path) -> None:
        """Raise `BadRequest` for a graph that is not there, unless this caller may make it: then it is an empty one."""
        named = [*(asked.default_graphs or ()), *(asked.named_graphs or ())]
        if not named:
            return

        def missing() -> list[str]:
            store = service.store if directory == service.directory else open_read_only(directory)
            return [iri for iri in named if not store.ask(f"ASK {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}")]

        caller = service.caller(request)
        absent = [iri for iri in await run_in_threadpool(missing) if not may(caller, "write", iri, service.base)]
        if absent:
            raise BadRequest(
                f"Không có đồ thị {absent[0][:300]} trong trạng thái này. Danh sách đồ thị: {service.base}graphs và mô tả dịch vụ (GET /sparql không kèm query).",
                f"There is no graph {absent[0][:300]} in this state. The list of graphs: {service.base}graphs and the service description (GET /sparql without a query).",
                details={"missing": [iri[:300] for iri in absent], "graphs": f"{service.base}graphs"},
            )

    async def page(request: Request, asked: Asked, query: str, text: Reading) -> Response:
        """The answer as a page; an error on the same page, with the query still in the form."""
        try:
            name, moment, directory = await asking.state(service, asked.state)
            headers = headers_of(request, text, name, moment, HTML)
            reading = service.reading(request, page=True)
            if request.method == "GET" and "ETag" in headers and service.unchanged(request, headers):
                return Response(status_code=304, headers=headers)
            task = await asked_of_pool(request, asked, query, text, directory, results.MEDIA_TYPES[text.form])
            answer = await asking.answer(service, request, task)
            called = partial(labels.references, service.store, language=reading.language)
            found = await run_in_threadpool(results.table, text.form, answer, service.address, called)
        except CatalogueError as error:
            return await page_of_error(request, query, error)
        shown = await run_in_threadpool(
            html,
            request,
            reading.language,
            query=query,
            table=found,
            form=text.form,
            state=name,
            seconds=answer.seconds,
            forms=solutions.links(request, "/sparql", text.form) if request.method == "GET" else [],
        )
        return Response(shown, media_type=f"{HTML}; charset=utf-8", headers=headers)

    async def page_of_error(request: Request, query: str, error: CatalogueError) -> Response:
        language = negotiation.language(request, cookie=True)
        told, status, headers = on_page(error, language)
        body = await run_in_threadpool(html, request, language, query=query, error=told, state=service.state)
        return Response(body, status_code=status, media_type=f"{HTML}; charset=utf-8", headers=headers)

    def html(request: Request, language: str, **shown: Any) -> bytes:
        """The page, with what is on it beside the empty form."""
        empty: dict[str, Any] = {
            "table": None,
            "error": None,
            "form": "",
            "forms": [],
            "example": None,
            "given": {},
            "seconds": None,
        }
        return pages.html(
            "sparql.html",
            request,
            language,
            **empty | shown,
            most=results.MOST_ROWS,
            kinds=editor.kinds(shown.get("example")),
            topics=library.by_topic(library.examples().values()),
            examples=len(library.examples()),
            block=editor.block(service, pages, language),
        )

    def headers_of(request: Request, text: Reading, name: str, moment: datetime, media_type: str) -> dict[str, str]:
        return _headers(request, text, name, moment, media_type, looks(request) if media_type == HTML else ())

    def looks(request: Request) -> tuple[str, ...]:
        return service.version, service.look, request.cookies.get("theme", "")

    async def described(request: Request, asked: Asked) -> Response:
        """The service description in a form of RDF, or the page with the empty form for a browser."""
        accept = request.headers.get("accept")
        media_type = _description_type(accept, asked.alias)
        name, moment, directory = await asking.state(service, asked.state)
        if media_type == HTML:
            reading = service.reading(request, page=True)
            about = (reading.language, str(reading.as_of), *looks(request))
            headers = validators(request, name, moment, HTML, *about, vary=PAGE_VARY)
            if service.unchanged(request, headers, exists=True):
                return Response(status_code=304, headers=headers)
            shown = await run_in_threadpool(editor.chosen, service, request.query_params, reading)
            error, status = shown.pop("error"), 200
            if error is not None:
                shown["error"], status, headers = on_page(error, reading.language)
            forms = [(form.suffix, f"/sparql?format={form.suffix}") for form in DATA]
            body = await run_in_threadpool(
                html, request, reading.language, **{"query": DEFAULT_QUERY, "state": name, "forms": forms} | shown
            )
            return Response(body, status_code=status, media_type=f"{HTML}; charset=utf-8", headers=headers)
        form = next(form for form in DATA if media_type in form.media_types)
        at = f"{request.url.scheme}://{request.url.netloc}/"
        headers = validators(request, name, moment, form.suffix, service.version, at, vary="Accept")
        if service.unchanged(request, headers, exists=True):
            return Response(status_code=304, headers=headers)
        body = await run_in_threadpool(written, form, at, name, directory)
        return Response(body, media_type=content_type(form), headers=headers)

    def written(form: negotiation.Form, at: str, name: str, directory: Path) -> bytes:
        """The description of a state, as found `at` an address; what the present state holds is counted once."""
        if name == service.state:
            held = service.once("service description", lambda: holdings(name, service.store))
        else:
            held = holdings(name, open_read_only(directory))
        triples = service_description.describe(service.base, held, updates=service.writer is not None, at=at)
        assert form.rdf is not None  # noqa: S101 - pages are made elsewhere
        quads = [Quad(one.subject, one.predicate, one.object, DefaultGraph()) for one in triples]
        return serialised(quads, form.rdf)

    def holdings(name: str, store: Store) -> Holdings:
        kept = service.kept_state(name)
        return service_description.holdings(store, kept.statements if kept else None)

    return routes


def _headers(
    request: Request, text: Reading, state: str, moment: datetime, media_type: str, looks: tuple[str, ...]
) -> dict[str, str]:
    """Validators where the same question always has the same answer, none where it has not (NOW, RAND, UUID)."""
    vary = PAGE_VARY if media_type == HTML else "Accept"
    if request.method != "GET" or not text.deterministic:
        return {"Vary": vary, STATE_HEADER: state, "Cache-Control": "no-store"}
    language = negotiation.language(request, cookie=True) if media_type == HTML else ""
    return validators(request, state, moment, media_type, language, *looks, vary=vary)


def _description_type(accept: str | None, alias: str | None) -> str:
    """The media type of the service description: RDF for programs, the page for who prefers HTML."""
    offers = [media_type for form in DATA for media_type in form.media_types]
    if alias == "html":
        return HTML
    if alias is not None:
        chosen: str | None = {"json": "application/ld+json", "xml": "application/rdf+xml"}.get(alias) or next(
            (form.media_types[0] for form in DATA if form.suffix == alias), None
        )
    else:
        chosen = negotiation.choose(accept, [*offers, HTML])
    if chosen is None:
        raise NotAcceptable(
            f"Mô tả dịch vụ không có ở dạng đã yêu cầu. Các dạng có thể lấy: {', '.join(offers)}.",
            f"The service description does not exist in the form asked for. Forms to be had: {', '.join(offers)}.",
            details={"available": [*offers, HTML]},
        )
    return chosen


def _parameter(name: str, about: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": about, "schema": schema}


_TEXT = {"type": "string"}
_IRIS = {"type": "array", "items": {"type": "string", "format": "uri"}}
_CONTENT = (solutions.JSON, solutions.XML, solutions.CSV, solutions.TSV, *(form.media_types[0] for form in DATA), HTML)
_DESCRIBED: dict[str, Any] = {
    "parameters": [
        _parameter("query", "The query; without it, the service description.", _TEXT),
        _parameter("default-graph-uri", "Graphs that make up the default graph; goes before FROM.", _IRIS),
        _parameter("named-graph-uri", "Graphs that can be named; goes before FROM NAMED.", _IRIS),
        _parameter("state", "An earlier published state; the current one where absent.", _TEXT),
        _parameter("timeout", "Seconds it may take, at most the limit of the service.", {"type": "number"}),
        _parameter(
            "format",
            "Goes before the header Accept; `output` is the same.",
            {
                "type": "string",
                "enum": ["json", "xml", "csv", "tsv", "ttl", "nt", "rdf", "jsonld", "trig", "nq", "html"],
            },
        ),
        _parameter(
            "excel", "1: CSV with a byte order mark, guarded against formulas.", {"type": "string", "enum": ["0", "1"]}
        ),
    ],
    "requestBody": {
        "required": False,
        "content": {
            "application/sparql-query": {"schema": _TEXT},
            "application/x-www-form-urlencoded": {"schema": {"type": "object"}},
        },
    },
}
