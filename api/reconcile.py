"""`/reconcile`: the Reconciliation Service API 0.2, as OpenRefine and others speak it.

Batches are answered in a thread, one at a time, so that planners' questions beside them stay quick; what does not find
a place in the line is told when to come again. JSONP is not offered: the standard asks for CORS, and a script of ours
in somebody's page is nobody's wish.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api import bodies, negotiation, reconciling
from api.pages.render import Messages, Pages
from api.service import Reading, Service
from catalogue import clock
from catalogue.errors import BadRequest, NotFound, UnsupportedMedia
from catalogue.folding import fold
from catalogue.iri import KINDS
from catalogue.reconciliation import candidates, extension, reading, summary
from catalogue.reconciliation.identity import identifier, kinds_of, known_id
from catalogue.reconciliation.properties import BY_ID, proposed
from catalogue.reconciliation.property import Property
from catalogue.reconciliation.property_table import PROPERTIES
from catalogue.reconciliation.summary import Summary
from catalogue.search.index import DEEPEST, LONGEST, MOST
from workers.turns import Turns

SUGGESTIONS = 10
"""Suggestions of one answer; `cursor` leads on."""

_BYTES_OF_A_CHARACTER = 12
"""Bytes that a letter may take in a form: é is %C3%A9, in JSON perhaps \\u00e9; and room for what stands around it."""

_STYLE = (
    "body{font:14px/1.4 sans-serif;margin:8px;color:#1a1a1a;background:#fff}h1{font-size:16px;margin:0 0 4px}"
    "p{margin:0 0 4px}a{color:#0b4a8f}.of{color:#555}"
)

_FIELDS = {
    "queries": "A batch of queries, as JSON: key → query.",
    "extend": "A data extension, as JSON: ids and properties.",
}
_ASKED = [
    {"name": name, "in": "query", "required": False, "description": told, "schema": {"type": "string"}}
    for name, told in _FIELDS.items()
]
_FORM = {
    "type": "object",
    "properties": {name: {"type": "string", "description": told} for name, told in _FIELDS.items()},
}
_BODY = {
    "required": True,
    "content": {bodies.FORM: {"schema": _FORM}, bodies.MULTIPART: {"schema": _FORM}, negotiation.JSON: {}},
}

Language = Annotated[Literal["vi", "en"], Path(description="Language of the answer.")]
What = Literal["entity", "type", "property"]
Id = Annotated[str, Query(max_length=LONGEST * 2, description="The identifier, as `agency/hanoi.ubnd`.")]
_TYPE = Query(max_length=200, description="Only for things of this type, as `agency`.")
Type = Annotated[str | None, _TYPE]


def router(service: Service, pages: Pages) -> APIRouter:
    """The routes, over `service`."""
    routes = APIRouter(tags=["reconciliation"])
    # One at a time: two would share the interpreter, and leave the half of it to everybody else.
    turns = Turns(replace(service.settings, query_workers=1))
    settings, base = service.settings, service.base

    def spoken(language: str) -> Reading:
        return Reading(language, clock.today(service.clock), False)

    def told(request: Request, read: Reading, make: Callable[[Messages], Any], *, dated: bool = False) -> Response:
        # The addresses in an answer are those at which it was asked for.
        headers = service.validators(request, read, "json", _here(request), dated=dated)
        if service.unchanged(request, headers):
            return Response(status_code=304, headers=headers)
        return _json(make(pages.words(read.language)), headers)

    @routes.get("/reconcile", response_model=dict[str, Any], openapi_extra={"parameters": _ASKED})
    async def read_manifest(request: Request) -> Response:
        """The service manifest; with `queries` or `extend` (JSON) in the address, the answer to these."""
        read = service.reading(request)
        given = [one for one in bodies.query_parameters(request) if one[0] != "lang"]
        if given:
            return await answered(request, read, given)
        here, version = _here(request), service.version
        return told(request, read, lambda words: reconciling.manifest(here, settings, version, words, read.language))

    @routes.post("/reconcile", response_model=dict[str, Any], openapi_extra={"requestBody": _BODY})
    async def read_candidates(request: Request) -> Response:
        """A batch of queries (form field `queries`) or a data extension (`extend`); both as JSON, in a form or by themselves."""
        read = service.reading(request)
        kind = bodies.of(request)
        kind.require_utf8()
        most = _BYTES_OF_A_CHARACTER * settings.reconcile_queries * (settings.reconcile_length + 1_000)
        body = await bodies.read_body(
            request, min(most, settings.upload_bytes), setting="CHISO_RECONCILE_QUERIES × CHISO_RECONCILE_LENGTH"
        )
        if kind.name == bodies.FORM:
            given = await bodies.fields(body)
        elif kind.name == bodies.MULTIPART:
            parts = await run_in_threadpool(bodies.parts, body, kind)
            given = [(part.name, bodies.text_of(part.content)) for part in parts]
        elif kind.name == negotiation.JSON:
            given = [("", bodies.text_of(body))]
        else:
            raise _unsupported(kind.name)
        return await answered(request, read, given)

    async def answered(request: Request, read: Reading, given: list[tuple[str, str]]) -> Response:
        name, text = _one(given)
        async with turns.turn(service.visitor(request)):
            found = await run_in_threadpool(worked_out, read, name, text)
        headers = {"Content-Language": read.language, "Vary": "Accept-Language", "Cache-Control": "no-cache"}
        return Response(found, media_type=negotiation.JSON, headers=headers)

    def worked_out(read: Reading, name: str, text: str) -> bytes:
        value = reading.parsed(text, name or "JSON")
        if not name:
            if not isinstance(value, dict) or len(value) != 1 or not value.keys() <= {"queries", "extend"}:
                raise _nothing_asked()
            [(name, value)] = value.items()
        words = pages.words(read.language)
        if name == "extend":
            asked = reading.extension(value, settings)
            fetched = extension.fetch(service.store, asked, base=base, today=read.as_of, language=read.language)
            return _written(reconciling.extended(fetched, read.language))
        queries = reading.batch(value, settings)
        found = candidates.answer(
            service.store, service.search_index(), queries, base=base, today=read.as_of, language=read.language
        )
        return _written(reconciling.results(found, base, words, read.language))

    @routes.get("/reconcile/{language}/suggest/{what}", response_model=dict[str, Any])
    def suggest(
        request: Request,
        language: Language,
        what: What,
        prefix: Annotated[str, Query(max_length=1_000, description="What was typed so far.")] = "",
        cursor: Annotated[int, Query(ge=0, le=DEEPEST, description="How many suggestions to skip.")] = 0,
        type: Type = None,
    ) -> Response:
        """Entities, types or properties whose name or identifier begins with what was typed, the best first."""
        read = spoken(language)

        def make(words: Messages) -> dict[str, Any]:
            if what == "entity":
                found = entities(read, words, prefix, cursor, type)
            elif what == "type":
                every = reconciling.types(words)
                found = [one for one in every if _begins(prefix, one["id"], one["name"])]
            else:
                kinds = kinds_of([type]) if type else ()
                every = [
                    reconciling.property_of(one, language)
                    for one in PROPERTIES
                    if one.fits(kinds) and _begins(prefix, one.id, one.vi, one.en)
                ]
                found = every
            return {"result": found if what == "entity" else found[cursor : cursor + 50]}

        return told(request, read, make)

    def entities(read: Reading, words: Messages, prefix: str, cursor: int, type: str | None) -> list[dict[str, Any]]:
        kinds = kinds_of([type]) if type else ()
        found: list[dict[str, Any]] = []
        node = known_id(base, prefix).node
        if node is not None and cursor == 0:
            one = summary.of(service.store, node, today=read.as_of, language=read.language)
            if one is not None and (not kinds or one.kind in kinds):
                found.append(_suggested(one, base, words, read.language))
        most = min(cursor + SUGGESTIONS, MOST)
        index = service.search_index()
        fitting = index.suggest(prefix, kinds=kinds, limit=most, language=read.language)
        for item in fitting[cursor:most]:
            described = reconciling.description(
                words,
                read.language,
                kind=item.kind,
                code=item.notation,
                within=None,
                valid_from=item.valid_from,
                valid_to=item.valid_to,
            )
            notable = [reconciling.type_of(item.kind, words)] if item.kind else []
            entity = {"id": identifier(base, item.iri), "name": item.label, "description": described}
            found.append({**entity, "notable": notable})
        return found

    def summed_up(read: Reading, id: str) -> Summary:
        node = known_id(base, id).node
        found = summary.of(service.store, node, today=read.as_of, language=read.language) if node else None
        if found is None:
            raise _unknown(id)
        return found

    def shown(request: Request, read: Reading, found: Summary, *, whole: bool) -> str:
        words = pages.words(read.language)
        address = service.address(found.iri)
        return pages.html(
            "reconcile_preview.html",
            request,
            read.language,
            found=found,
            whole=whole,
            style=_STYLE,
            href=f"{_here(request)}{address}?lang={read.language}" if address else found.iri,
            described=reconciling.description(
                words,
                read.language,
                kind=found.kind,
                code=", ".join(found.codes),
                within=found.within,
                valid_from=found.valid_from,
                valid_to=found.valid_to,
            ),
        ).decode()

    @routes.get("/reconcile/{language}/flyout/{what}", response_model=dict[str, str])
    def flyout(request: Request, language: Language, what: What, id: Id) -> Response:
        """A few lines of HTML about a suggested entity, type or property, every text in it escaped."""
        read = spoken(language)

        def make(words: Messages) -> dict[str, str]:
            if what == "entity":
                return {"id": id, "html": shown(request, read, summed_up(read, id), whole=False)}
            found = Summary("", None, *_named(what, id, words, language), None, None)
            return {"id": id, "html": shown(request, read, found, whole=False)}

        return told(request, read, make, dated=True)

    @routes.get("/reconcile/{language}/preview", response_class=Response)
    def preview(request: Request, language: Language, id: Id) -> Response:
        """A small page about an entity, to be shown in a frame of another page."""
        read = spoken(language)
        headers = service.validators(request, read, "html-preview", _here(request), dated=True)
        headers["Content-Security-Policy"] = _framed()
        if service.unchanged(request, headers):
            return Response(status_code=304, headers=headers)
        body = shown(request, read, summed_up(read, id), whole=True)
        return Response(body, media_type=negotiation.HTML, headers=headers)

    @routes.get("/reconcile/{language}/view", status_code=303, response_class=Response)
    def view(language: Language, id: Id) -> Response:
        """From an identifier to the page about the thing."""
        node = known_id(base, id).node
        address = service.address(node.value) if node else None
        if node is None or address is None or not service.known(node):
            raise _unknown(id)
        headers = {"Location": f"{address}?lang={language}", "Cache-Control": "no-cache"}
        return Response(status_code=303, headers=headers)

    @routes.get("/reconcile/{language}/properties", response_model=dict[str, Any])
    def propose(
        request: Request,
        language: Language,
        type: Type = None,
        limit: Annotated[int | None, Query(ge=0, le=1_000, description="Most properties; 0 for all.")] = None,
    ) -> Response:
        """The properties that can be fetched for things of a type."""
        kinds = kinds_of([type]) if type else ()

        def make(_words: Messages) -> dict[str, Any]:
            found = [reconciling.property_of(one, language) for one in proposed(kinds, limit or None)]
            asked: dict[str, Any] = {"limit": limit} if limit else {}
            return {"type": type or "", "properties": found, **asked}

        return told(request, spoken(language), make)

    return routes


def _here(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _one(given: list[tuple[str, str]]) -> tuple[str, str]:
    """The one thing that is asked. Raises `BadRequest` for a callback, anything unknown, and several or none."""
    names = [name for name, _ in given]
    if "callback" in names:
        raise BadRequest(
            "Dịch vụ này không trả JSONP (callback); trình duyệt đọc được trực tiếp nhờ CORS. Hãy bỏ callback.",
            "This service does not send JSONP (callback); browsers may read it directly thanks to CORS. Leave callback out.",
            details={"parameter": "callback"},
        )
    unknown = [name for name in names if name not in ("", "queries", "extend", "lang")]
    asked = [one for one in given if one[0] != "lang"]
    if unknown or len(asked) != 1:
        raise _nothing_asked(unknown[:5])
    return asked[0]


def _nothing_asked(unknown: list[str] | None = None) -> BadRequest:
    names = ", ".join(name[:40] for name in unknown or [])
    return BadRequest(
        f"Cần đúng một tham số: queries (một lô truy vấn) hoặc extend (lấy thêm dữ liệu), là JSON{f'; không có tham số {names}' if names else ''}.",
        f"Exactly one parameter is needed: queries (a batch) or extend (a data extension), as JSON{f'; there is no parameter {names}' if names else ''}.",
        details={"parameters": ["queries", "extend"]},
    )


def _unsupported(name: str) -> UnsupportedMedia:
    known = [bodies.FORM, bodies.MULTIPART, negotiation.JSON]
    return UnsupportedMedia(
        f"Không đọc được kiểu nội dung “{name[:80] or '(không có)'}”. Các kiểu đọc được: {', '.join(known)}.",
        f"The media type “{name[:80] or '(none)'}” is not read here. Types read here: {', '.join(known)}.",
        details={"contentType": name[:80], "available": known},
    )


def _unknown(id: str) -> NotFound:
    return NotFound(
        f"Danh mục không có “{id[:120]}”. Định danh có dạng loại/khóa, như agency/hanoi.ubnd.",
        f"The catalogue has no “{id[:120]}”. Identifiers look like kind/key, as agency/hanoi.ubnd.",
        details={"id": id[:120]},
    )


def _begins(prefix: str, *names: str) -> bool:
    """Whether one of the names, or a word in it, begins with what was typed."""
    typed = fold(prefix)
    return not typed or any(fold(name).startswith(typed) or f" {typed}" in f" {fold(name)}" for name in names)


def _named(what: str, id: str, words: Messages, language: str) -> tuple[str, list[str], None, str | None]:
    """Name, code and description of a type or a property. Raises `NotFound`."""
    if what == "type" and id in KINDS:
        return words[f"kind.{id}"], [id], None, None
    found: Property | None = BY_ID.get(id) if what == "property" else None
    if found is None:
        raise _unknown(id)
    return found.name(language), [id], None, found.about(language)


def _suggested(one: Summary, base: str, words: Messages, language: str) -> dict[str, Any]:
    described = reconciling.description(
        words,
        language,
        kind=one.kind,
        code=next(iter(one.codes), None),
        within=one.within,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
    )
    notable = [reconciling.type_of(one.kind, words)] if one.kind else []
    return {"id": identifier(base, one.iri), "name": one.name, "description": described, "notable": notable}


@cache
def _framed() -> str:
    """The policy of a preview: any page may frame it, nothing in it runs, and its links open beside it."""
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors *; "
        "sandbox allow-popups allow-popups-to-escape-sandbox"
    )


def _written(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _json(value: Any, headers: dict[str, str]) -> Response:
    return Response(_written(value), media_type=negotiation.JSON, headers=headers)
