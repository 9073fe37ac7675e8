"""`/queries`: the library of example queries, to read, to fill in, and to run by name.

A query runs as `/queries/{name}?indicator=…`, in the same processes and under the same limits as `/sparql`.
"""

import json
from collections.abc import Iterable
from datetime import datetime, time
from functools import partial

from fastapi import APIRouter
from pyoxigraph import Quad
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api import asking, bodies, negotiation, solutions, sparql_request
from api.asking import ClientGone
from api.documents import content_type, serialised
from api.negotiation import DATA, HTML, JSON
from api.pages import editor, results
from api.pages.render import Pages
from api.problems import PAGE_VARY, on_page
from api.service import Reading, Service
from api.validators import validators
from catalogue import clock, labels, library
from catalogue.errors import CatalogueError, Invalid, NotAcceptable, NotFound
from catalogue.library import Example
from workers.task import Task

_OWN = ("format", "output", "excel", "state", "timeout", "lang")
"""Parameters of the address itself; the others belong to the query."""

_LIST_TYPES = [JSON, *(kind for form in DATA for kind in form.media_types if kind != JSON), HTML]


def router(service: Service, pages: Pages) -> APIRouter:
    """The routes, over `service`."""
    routes = APIRouter()
    known = library.examples()

    @routes.get("/queries", response_class=Response, tags=["linked data"])
    async def read_queries(request: Request) -> Response:
        """The library of example queries: page, JSON, or RDF in which each is a `sh:SPARQLExecutable`."""
        return await listed(request, known.values(), "queries.html")

    @routes.get("/queries/{name}", response_class=Response, tags=["linked data"])
    async def read_query(request: Request, name: str) -> Response:
        """Run a query of the library: its parameters by name, the answer as JSON, or as `/sparql` gives it. A browser gets the page with its form; the forms of RDF that cannot be its answer describe it."""
        example = known.get(name)
        if example is None:
            raise NotFound(
                f"Thư viện không có truy vấn “{name[:80]}”. Danh sách ở /queries.",
                f"The library has no query “{name[:80]}”. The list is at /queries.",
                details={"queries": list(known)},
            )
        try:
            return await asked(request, example)
        except ClientGone:
            return asking.nobody()

    async def listed(request: Request, found: Iterable[Example], template: str) -> Response:
        chosen = negotiation.choose(request.headers.get("accept"), _LIST_TYPES)
        given = request.query_params.get("format")
        if given:
            form = negotiation.BY_SUFFIX.get(given)
            chosen = JSON if given == "json" else form.media_types[0] if form else None
        if chosen is None:
            raise _not_acceptable(_LIST_TYPES)
        reading = service.reading(request, page=chosen == HTML)
        language, vary = (reading.language, PAGE_VARY) if chosen == HTML else ("", "Accept")
        about = (service.version, chosen, language, *(looks(request) if chosen == HTML else ()))
        headers = validators(request, service.state, service.published, *about, vary=vary, lasting=True)
        if service.unchanged(request, headers, exists=True):
            return Response(status_code=304, headers=headers)
        if chosen == HTML:
            topics = library.by_topic(found)
            body = await run_in_threadpool(
                pages.html, template, request, reading.language, queries=list(found), topics=topics
            )
            return Response(body, media_type=f"{HTML}; charset=utf-8", headers=headers)
        if chosen == JSON:
            record = json.dumps([_told(one) for one in found], ensure_ascii=False).encode()
            return Response(record, media_type=JSON, headers=headers)
        form = next(form for form in DATA if chosen in form.media_types)
        assert form.rdf is not None  # noqa: S101 - pages are made above
        quads: list[Quad] = [quad for one in found for quad in one.quads]
        return Response(serialised(quads, form.rdf), media_type=content_type(form), headers=headers)

    async def asked(request: Request, example: Example) -> Response:
        fields = bodies.query_parameters(request)
        own = {name: value for name, value in fields if name in _OWN}
        given = {name: value for name, value in fields if name not in _OWN}
        _refuse_repeated(fields)
        alias, excel = sparql_request.form([own.get("format", "")], [own.get("output", "")], [own.get("excel", "")])
        accept = request.headers.get("accept")
        media_type = _media_type(example, accept, alias, given)
        if media_type is None:
            return await listed(request, [example], "query.html")
        shown = media_type == HTML
        reading = service.reading(request, page=shown)
        if shown and not given and any(not one.optional for one in example.parameters):
            return await page(request, example, given, reading)
        try:
            return await answered(request, example, given, own, media_type, excel, reading)
        except CatalogueError as error:
            if not shown:
                raise
            return await page(request, example, given, reading, error=error)

    async def answered(
        request: Request,
        example: Example,
        given: dict[str, str],
        own: dict[str, str],
        media_type: str,
        excel: bool,
        reading: Reading,
    ) -> Response:
        service.require_pool()
        name, moment, directory = await asking.state(service, own.get("state") or None)
        shown = media_type == HTML
        today = any(
            one.datatype == "date" and one.default is None and one.name not in given for one in example.parameters
        )
        if today:
            moment = max(moment, datetime.combine(reading.as_of, time(), clock.VIETNAM))
        dated = str(reading.as_of) if today else ""
        language, vary = (reading.language, PAGE_VARY) if shown else ("", "Accept")
        about = (service.version, media_type, dated, language, *(looks(request) if shown else ()))
        headers = validators(request, name, moment, *about, vary=vary)
        if service.unchanged(request, headers):
            return Response(status_code=304, headers=headers)
        text = await run_in_threadpool(example.bound, given, lambda words: service.thing(words, reading), reading.as_of)
        read = await asking.read(service, request, text)
        task = Task(
            directory=directory,
            query=text,
            form=read.form,
            media_type=results.MEDIA_TYPES[example.form] if shown else solutions.inner(example.form, media_type),
            default_graphs=None,
            named_graphs=None,
            limits=asking.limits(service, request, sparql_request.seconds([own.get("timeout", "")])),
            base=service.base,
        )
        answer = await asking.answer(service, request, task)
        if service.unchanged(request, headers, exists=True):
            return Response(status_code=304, headers=headers)
        if shown:
            called = partial(labels.references, service.store, language=reading.language)
            table = await run_in_threadpool(results.table, example.form, answer, service.address, called)
            return await page(
                request, example, given, reading, table=table, text=text, seconds=answer.seconds, headers=headers
            )
        body = answer.body
        if excel:
            body = await run_in_threadpool(solutions.excel, body)
            headers["Content-Disposition"] = f'attachment; filename="{example.name}.csv"'
        return asking.Sent(body, solutions.content_type(media_type), headers, answer)

    async def page(
        request: Request,
        example: Example,
        given: dict[str, str],
        reading: Reading,
        *,
        table: results.Table | None = None,
        text: str = "",
        seconds: float | None = None,
        error: CatalogueError | None = None,
        headers: dict[str, str] | None = None,
    ) -> Response:
        language = reading.language
        told, status, sent = None, 200, headers or {"Vary": PAGE_VARY, "Cache-Control": "no-store"}
        if error is not None:
            told, status, sent = on_page(error, language)
        body = await run_in_threadpool(
            pages.html,
            "query.html",
            request,
            language,
            queries=[example],
            given=editor.values(example, given),
            kinds=editor.kinds(example),
            table=table,
            text=text or example.text,
            seconds=seconds,
            error=told,
            most=results.MOST_ROWS,
            block=editor.block(service, pages, language),
            forms=solutions.links(request, f"/queries/{example.name}", example.form) if table is not None else [],
        )
        return Response(body, status_code=status, media_type=f"{HTML}; charset=utf-8", headers=sent)

    def looks(request: Request) -> tuple[str, ...]:
        return service.look, request.cookies.get("theme", "")

    return routes


def _told(example: Example) -> dict[str, object]:
    """One query as plain data."""
    return {
        "name": example.name,
        "iri": example.iri,
        "address": f"/queries/{example.name}",
        "form": example.form,
        "topic": example.topic,
        "label": dict(example.label),
        "comment": dict(example.comment),
        "questions": list(example.questions),
        "parameters": [
            {
                "name": one.name,
                "description": dict(one.description),
                "datatype": one.datatype,
                "required": not one.optional,
                "default": one.default,
                "example": one.example,
            }
            for one in example.parameters
        ],
        "query": example.text,
    }


def _media_type(example: Example, accept: str | None, alias: str | None, given: dict[str, str]) -> str | None:
    """What to send; None where the query itself is asked for, in a form of RDF that cannot be its answer."""
    try:
        return solutions.choose(example.form, accept, alias)
    except NotAcceptable:
        if not given and (alias in negotiation.BY_SUFFIX or negotiation.choose(accept, _LIST_TYPES) is not None):
            return None
        raise


def _refuse_repeated(fields: list[tuple[str, str]]) -> None:
    names = [name for name, _ in fields]
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated is not None:
        raise Invalid(
            f"Tham số {repeated[:60]} có nhiều hơn một lần. Chỉ gửi một.",
            f"The parameter {repeated[:60]} is there more than once. Send it once.",
            details={"errors": [{"in": "query", "name": repeated[:60], "message": "repeated"}]},
        )


def _not_acceptable(offers: list[str]) -> NotAcceptable:
    return NotAcceptable(
        f"Không có dạng nào đã yêu cầu. Các dạng có thể lấy: {', '.join(offers)}.",
        f"None of the forms asked for exists here. Forms to be had: {', '.join(offers)}.",
        details={"available": offers},
    )
