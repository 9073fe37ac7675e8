"""`/id/{kind}/{key}` and `/doc/{kind}/{key}`: what identifies a thing, and the documents about it.

An IRI names the thing itself, which no server can send; so `/id` answers 303 See Other with the address of the document
(Cool URIs for the Semantic Web, 4.2), and `/doc` sends the form that the caller takes.
"""

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Request, Response
from pyoxigraph import NamedNode, Quad, RdfFormat

from api import json_ld, negotiation
from api.negotiation import BY_SUFFIX, FORMS, Form
from api.pages.render import Pages
from api.pages.thing import page
from api.parameters import AsOf
from api.service import Service, missing
from catalogue import iri, rdf, things

_FORMS_OF_A_THING: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The thing in the form asked for.",
        "content": {form.media_types[0]: {} for form in FORMS},
    }
}


def router(service: Service, pages: Pages) -> APIRouter:
    """The routes, over `service`."""
    routes = APIRouter()

    @routes.get("/id/{kind}/{key:path}", status_code=303, response_class=Response, tags=["linked data"])
    def identify(request: Request, kind: str, key: str = Path(max_length=500)) -> Response:
        """The thing itself: 303 to the document about it. A suffix (`.ttl`) is kept."""
        name, form = _cut(key)
        if kind not in iri.KINDS or not service.known(iri.thing(service.base, kind, name)):
            raise missing(kind, name)
        target = _document(kind, name) + (f".{form.suffix}" if form else "")
        if request.url.query:
            target += f"?{request.url.query}"
        return Response(status_code=303, headers={"Location": target, "Vary": "Accept", "Cache-Control": "no-cache"})

    @routes.get("/doc/{kind}/{key:path}", response_class=Response, responses=_FORMS_OF_A_THING, tags=["linked data"])
    def document(request: Request, kind: str, key: str = Path(max_length=500), as_of: AsOf = None) -> Response:
        """The document about a thing: page, Turtle, JSON-LD, RDF/XML, N-Triples, or TriG and N-Quads, in which every statement stands in the graph that names its source and mark; by Accept or by suffix."""
        name, form = _cut(key)
        if kind not in iri.KINDS:
            raise missing(kind, name)
        negotiated = form is None
        if form is None:
            form = negotiation.form(request.headers.get("accept"))
        shown_as_page = form.rdf is None
        reading = service.reading(request, as_of, page=shown_as_page)
        node = iri.thing(service.base, kind, name)
        if not service.known(node):
            raise missing(kind, name)
        vary = (["Accept"] if negotiated else []) + (["Accept-Language", "Cookie"] if shown_as_page else [])
        headers = service.validators(request, reading, form.suffix, dated=shown_as_page, vary=", ".join(vary))
        if not vary:
            del headers["Vary"]
        if not shown_as_page:
            del headers["Content-Language"]  # data carries every language, each text with its tag
        headers["Link"] = links(_document(kind, name), form, about=node.value)
        if service.unchanged(request, headers, exists=True):
            return Response(status_code=304, headers=headers)
        if form.rdf is None:
            body = page(service, pages, request, reading, node)
        else:
            address = NamedNode(service.base.rstrip("/") + _document(kind, name))
            body = serialised(things.document(service.store, node, address), form.rdf)
        return Response(body, media_type=content_type(form), headers=headers)

    return routes


def serialised(quads: list[Quad], form: RdfFormat) -> bytes:
    """A document in one of the forms of RDF; a form without graphs holds each statement once."""
    if form.supports_datasets and form != RdfFormat.JSON_LD:
        return rdf.serialise(quads, form)
    triples = list(dict.fromkeys(quad.triple for quad in quads))
    if form == RdfFormat.JSON_LD:
        return json_ld.written(triples)
    return rdf.serialise(triples, form)


def content_type(form: Form) -> str:
    """The Content-Type of a form; all but text types are UTF-8 by definition, text types say so."""
    first = form.media_types[0]
    return f"{first}; charset=utf-8" if first.startswith("text/") else first


def links(document: str, shown: Form, *, about: str) -> str:
    """The Link header: the canonical address, the other forms, and the thing that the document is about."""
    found = [f'<{document}>; rel="canonical"', f'<{about}>; rel="describes"']
    found += [
        f'<{document}.{form.suffix}>; rel="alternate"; type="{form.media_types[0]}"'
        for form in FORMS
        if form is not shown
    ]
    return ", ".join(found)


def _cut(key: str) -> tuple[str, Form | None]:
    """A key and the form that its suffix asks for.

    >>> _cut("hanoi.ubnd.ttl")[0], _cut("hanoi.ubnd")
    ('hanoi.ubnd', ('hanoi.ubnd', None))
    """
    name, dot, suffix = key.rpartition(".")
    form = BY_SUFFIX.get(suffix) if dot and name else None
    return (name, form) if form else (key, None)


def _document(kind: str, key: str) -> str:
    return f"/doc/{quote(kind, safe='')}/{quote(key, safe='.-_~')}"
