"""The routes `/id/{kind}/{key}` and `/doc/{kind}/{key}`. What they do stands in `api.documents`; pages are added here."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from api.documents import LONGEST_KEY, Address, Documents, content_type
from api.negotiation import FORMS
from api.pages.answering import tabled
from api.pages.render import Pages
from api.pages.things.page import page
from api.pages.things.table import filename, table
from api.parameters import AsOf
from api.prepared import PREPARABLE_PAGE
from api.service import Reading, Service
from catalogue import things

_FORMS_OF_A_THING: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The thing in the form asked for.",
        "content": {form.media_types[0]: {} for form in FORMS},
    }
}

TableForm = Annotated[
    Literal["csv"] | None,
    Query(alias="format", description="`csv`: what is said about the thing, for spreadsheets, one row per statement."),
]


def router(service: Service, pages: Pages, documents: Documents) -> APIRouter:
    """The routes, over `service`."""
    routes = APIRouter()

    @routes.get("/id/{kind}/{key:path}", status_code=303, response_class=Response, tags=["linked data"])
    def identify(request: Request, kind: str, key: str = Path(max_length=LONGEST_KEY)) -> Response:
        """The thing itself: 303 to the document about it, 410 for what was withdrawn. A suffix (`.ttl`) is kept."""
        return documents.identify(request, Address.of(kind, key))

    @routes.get("/doc/{kind}/{key:path}", response_class=Response, responses=_FORMS_OF_A_THING, tags=["linked data"])
    def document(
        request: Request,
        kind: str,
        key: str = Path(max_length=LONGEST_KEY),
        as_of: AsOf = None,
        table_form: TableForm = None,
    ) -> Response:
        """The document about a thing: page, Turtle, JSON-LD, RDF/XML, N-Triples, or TriG and N-Quads, in which every statement stands in the graph that names its source and mark; by Accept or by suffix. With `format=csv` a table for spreadsheets."""
        address = Address.of(kind, key)
        if table_form:
            return csv(request, address)
        form = documents.form(request, address)
        reading = service.reading(request, as_of, page=form.rdf is None)
        if form.rdf is not None:
            headers = documents.data_headers(request, address, form)
            if service.unchanged(request, headers):
                return Response(status_code=304, headers=headers)
            return documents.data(request, address, form, headers)
        headers = documents.headers(request, address, form, reading)
        if service.unchanged(request, headers):
            return Response(status_code=304, headers=headers)
        node = documents.known(address)
        if service.unchanged(request, headers, exists=True):
            return Response(status_code=304, headers=headers)
        body = page(service, pages, request, reading, node)
        request.scope[PREPARABLE_PAGE] = True
        return Response(body, media_type=content_type(form), headers=headers)

    def csv(request: Request, address: Address) -> Response:
        def make(reading: Reading) -> list[list[str]]:
            thing = things.describe(service.store, documents.known(address), language=reading.language, incoming=0)
            return table(thing, pages.words(reading.language))

        return tabled(service, request, None, filename(address.key), make, dated=False)

    return routes
