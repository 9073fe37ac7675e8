"""`/changes` and `/states`: what each published change took away and brought, and the states that can still be asked.

A page of the list has its address for good; the newest stands at `/changes` too. As RDF the list is an event stream of
TREE nodes (LDES), so a harvester of those can follow it.
"""

import gzip
import hashlib
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request, Response
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad
from starlette.responses import StreamingResponse

from api import coding, negotiation
from api.documents import content_type, serialised
from api.dumps import JSON_OR_PAGE, SentFile
from api.negotiation import DATA, HTML, JSON, Form
from api.pages.render import Pages
from api.problems import PAGE_VARY
from api.service import Service
from api.validators import http_date
from catalogue import changes
from catalogue.catalogued import address
from catalogue.changes import Entry, Feed, Page
from catalogue.dumps import Sets
from catalogue.iri import PREFIXES
from catalogue.subjects import EVERYTHING

PATCH = "application/rdf-patch"

_LDES, _TREE = "https://w3id.org/ldes#", "https://w3id.org/tree#"
_RDF_FORMS = {form.media_types[0]: form for form in DATA}
_OFFERS = [JSON, HTML, *_RDF_FORMS]
_CHUNK = 65_536

PageNumber = Annotated[int | None, Query(ge=1, le=100_000_000, description="The page; the newest where none is named.")]


def router(service: Service, pages: Pages, feed: Feed | None, sets: Sets) -> APIRouter:
    """The routes, over `service`; `feed` is None where there is no data folder."""
    routes = APIRouter()

    @routes.get("/changes", response_class=Response, tags=["open data"])
    async def read_changes(request: Request, page: PageNumber = None) -> Response:
        """The published changes, page by page, the oldest first: JSON, a page, or RDF (LDES)."""
        service.require_folder()
        assert feed is not None  # noqa: S101 - it came with the folder
        kind = negotiation.required(request.headers.get("accept"), _OFFERS)
        found = await run_sync(feed.page, page)
        reading = service.reading(request, page=kind == HTML)
        vary = PAGE_VARY if kind == HTML else "Accept"
        headers = service.validators(request, reading, kind, dated=False, vary=vary, moment=found.moment)
        if kind != HTML:
            del headers["Content-Language"]
        looks = (reading.language, service.look, request.cookies.get("theme", "")) if kind == HTML else ()
        headers["ETag"] = _tag(found, kind, request, service.version, *looks)
        headers["Link"] = ", ".join(_links(found))
        if service.unchanged(request, headers, exists=True):
            return Response(status_code=304, headers=headers)
        if kind == HTML:
            body = await run_sync(partial(pages.html, "changes.html", request, reading.language, found=found))
            return Response(body, media_type="text/html; charset=utf-8", headers=headers)
        if kind == JSON:
            record = await run_sync(lambda: json.dumps(_record(found, service.base), ensure_ascii=False).encode())
            return Response(record, media_type=JSON, headers=headers)
        form: Form = _RDF_FORMS[kind]
        assert form.rdf is not None  # noqa: S101 - those alone are offered
        rdf = form.rdf
        body = await run_sync(lambda: serialised(_events(found, service.base), rdf))
        return Response(body, media_type=content_type(form), headers=headers)

    @routes.get(
        "/changes/{state}",
        response_class=Response,
        tags=["open data"],
        responses={200: {"description": "The patch.", "content": {PATCH: {}}}},
    )
    async def read_patch(request: Request, state: str) -> Response:
        """The RDF Patch that led to a state; gzip where the caller takes it. 410 for one that is no longer kept."""
        folder = service.require_folder()
        assert feed is not None  # noqa: S101 - likewise
        negotiation.required(request.headers.get("accept"), [PATCH])
        known = (folder / "published" / f"{state}.json").exists if "/" not in state else lambda: False
        entry = await run_sync(feed.entry, state, lambda _name: known())
        packed = coding.takes_gzip(request.headers.get("accept-encoding", "").encode("latin-1"))
        headers = {
            "ETag": f'"{entry.state}"',
            "Last-Modified": http_date(entry.moment),
            "Cache-Control": "public, max-age=31536000, immutable",
            "Vary": "Accept, Accept-Encoding",
            "Link": f'</changes?page={entry.page}>; rel="collection"',
        }
        if service.unchanged(request, headers, exists=True):
            return Response(status_code=304, headers=headers)
        if packed:
            headers["ETag"] = f'"{entry.state}{coding.MARK.decode()}"'
            headers["Content-Encoding"] = "gzip"
            return SentFile(entry.path, media_type=PATCH, headers=headers)
        return StreamingResponse(_unpacked(entry.path), media_type=PATCH, headers=headers)

    @routes.get("/states", response_class=Response, tags=["open data"])
    async def read_states(request: Request) -> Response:
        """The published states that can still be asked (`/sparql?state=…`): id, time, digest, statements; JSON or a page."""
        service.require_folder()
        kind = negotiation.required(request.headers.get("accept"), JSON_OR_PAGE)
        found = list((await run_sync(lambda: service.states)).values())
        held = {one.state for one in await run_sync(sets.all)}
        reading = service.reading(request, page=kind == HTML)
        named = (*(one.name for one in found), *sorted(held))
        vary = PAGE_VARY
        headers = service.validators(request, reading, kind, *named, dated=False, vary=vary)
        if service.unchanged(request, headers, exists=True):
            return Response(status_code=304, headers=headers)
        if kind == HTML:
            made = partial(
                pages.html, "states.html", request, reading.language, states=found, current=service.state, held=held
            )
            return Response(await run_sync(made), media_type="text/html; charset=utf-8", headers=headers)
        record = {
            "current": service.state,
            "states": [
                {
                    "state": one.name,
                    "time": one.moment.isoformat(timespec="milliseconds"),
                    "digest": one.digest or None,
                    "statements": one.statements,
                    "previous": one.previous,
                    "current": one.name == service.state,
                    "sparql": f"{service.base}sparql?state={one.name}",
                    "dumps": f"{service.base}dumps/{one.name}/" if one.name in held else None,
                }
                for one in found
            ],
        }
        return Response(json.dumps(record, ensure_ascii=False).encode(), media_type=JSON, headers=headers)

    return routes


def _tag(found: Page, kind: str, request: Request, *looks: str) -> str:
    """A tag that changes with the page alone: a page that is full keeps it while others are added."""
    around = (found.previous, found.following, found.first, found.last if not found.full else None)
    about = (*looks, kind, request.url.path, request.url.query, around, [one.state for one in found.entries])
    return f'"{hashlib.blake2b(repr(about).encode(), digest_size=12).hexdigest()}"'


def _links(found: Page) -> Iterator[str]:
    yield f'</changes?page={found.number}>; rel="canonical"'
    yield f'</changes?page={found.first}>; rel="first"'
    yield '</changes>; rel="last"'
    if found.previous is not None:
        yield f'</changes?page={found.previous}>; rel="prev"'
    if found.following is not None:
        yield f'</changes?page={found.following}>; rel="next"'


def _record(found: Page, base: str) -> dict[str, Any]:
    def place(number: int | None) -> str | None:
        return None if number is None else f"{base}changes?page={number}"

    return {
        "page": found.number,
        "self": place(found.number),
        "first": place(found.first),
        "prev": place(found.previous),
        "next": place(found.following),
        "last": f"{base}changes",
        "dumps": f"{base}dumps/",
        "changes": [_entry(one, base) for one in found.entries],
    }


def _entry(one: Entry, base: str) -> dict[str, Any]:
    return {
        "number": one.number,
        "state": one.state,
        "previous": changes.previous_of(one.path),
        "time": one.moment.isoformat(timespec="milliseconds"),
        "patch": f"{base}changes/{one.state}",
        "bytes": one.size,
    }


def _events(found: Page, base: str) -> list[Quad]:
    """A page as a node of TREE, its entries as members of the event stream."""
    stream, here = NamedNode(f"{base}changes"), NamedNode(f"{base}changes?page={found.number}")
    made: list[Quad] = []

    def say(subject: NamedNode, predicate: str, value: NamedNode | Literal) -> None:
        made.append(Quad(subject, NamedNode(predicate), value, DefaultGraph()))

    rdf, dct, prov = PREFIXES["rdf"], PREFIXES["dct"], PREFIXES["prov"]
    say(stream, rdf + "type", NamedNode(_LDES + "EventStream"))
    say(stream, _LDES + "timestampPath", NamedNode(dct + "issued"))
    say(stream, _LDES + "versionOfPath", NamedNode(dct + "isVersionOf"))
    say(stream, _TREE + "view", here)
    say(here, rdf + "type", NamedNode(_TREE + "Node"))
    for name, kind, number, nearest in (
        ("before", "LessThanRelation", found.previous, found.entries[:1]),
        ("after", "GreaterThanRelation", found.following, found.entries[-1:]),
    ):
        if number is not None and nearest:
            relation = NamedNode(f"{here.value}#{name}")
            say(here, _TREE + "relation", relation)
            say(relation, rdf + "type", NamedNode(_TREE + kind))
            say(relation, _TREE + "node", NamedNode(f"{base}changes?page={number}"))
            say(relation, _TREE + "path", NamedNode(dct + "issued"))
            say(relation, _TREE + "value", _moment(nearest[0]))
    for one in found.entries:
        member = NamedNode(f"{base}changes/{one.state}")
        say(stream, _TREE + "member", member)
        say(member, rdf + "type", NamedNode(prov + "Entity"))
        say(member, dct + "identifier", Literal(one.state))
        say(member, dct + "isVersionOf", NamedNode(address(base, EVERYTHING.key)))
        say(member, dct + "issued", _moment(one))
        say(member, dct + "format", Literal(PATCH))
        before = changes.previous_of(one.path)
        if before is not None:
            say(member, dct + "replaces", NamedNode(f"{base}changes/{before}"))
    return made


def _moment(one: Entry) -> Literal:
    text = one.moment.isoformat(timespec="milliseconds")
    return Literal(text, datatype=NamedNode(PREFIXES["xsd"] + "dateTime"))


def _unpacked(path: Path) -> Iterator[bytes]:
    with gzip.open(path) as file:
        while piece := file.read(_CHUNK):
            yield piece
