"""`/catalog` and `/.well-known/void`: the catalogue of open data (DCAT-AP 3), its data sets, and the description as VoID."""

from collections.abc import Callable
from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pyoxigraph import Literal, NamedNode, Triple

from api import negotiation, schema_org
from api.documents import alternates, content_type
from api.negotiation import BY_SUFFIX, DATA_FIRST, FORMS, Form
from api.pages.render import Pages
from api.service import Service
from api.shelf import Shelf, offer, shelf
from catalogue import catalogued, dcat, void
from catalogue.catalogued import Listed
from catalogue.dcat import Offer
from catalogue.dumps import Sets
from catalogue.errors import NotFound
from catalogue.iri import PREFIXES

_HYDRA = "http://www.w3.org/ns/hydra/core#"
_VOID = f"/{void.ADDRESS}"
_LONGEST_KEY = 300

PageNumber = Annotated[int, Query(ge=1, le=1_000_000, description="The page, counted from 1.")]
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The catalogue.", "content": {form.media_types[0]: {} for form in FORMS}}
}


def router(service: Service, pages: Pages, sets: Sets) -> APIRouter:
    """The routes, over `service`."""
    routes = APIRouter()

    def answer(
        request: Request,
        path: str,
        given: Form | None,
        name: str,
        make: Callable[[Shelf, Offer], list[Triple]],
        show: Callable[[Shelf, Offer, str], bytes],
        more_links: Callable[[Shelf], list[str]] = lambda _shelf: [],
    ) -> Response:
        first = DATA_FIRST if path == _VOID else FORMS
        form = given or negotiation.form(request.headers.get("accept"), first=first)
        page = form.rdf is None
        reading = service.reading(request, page=page)
        offered = offer(service, sets)
        vary = ([] if given else ["Accept"]) + (["Accept-Language", "Cookie"] if page else [])
        # It tells about the dumps too, and they become ready later than the state.
        kept, ready = (offered.held.state, offered.held.made) if offered.held else ("", service.published)
        headers = service.validators(
            request,
            reading,
            form.suffix,
            kept,
            dated=False,
            vary=", ".join(vary),
            moment=max(service.published, ready),
        )
        if not page:
            del headers["Content-Language"]
        if service.unchanged(request, headers):
            return Response(status_code=304, headers=headers)
        held = shelf(service)
        links = [f'<{path}>; rel="canonical"', *more_links(held), alternates(path, form)]
        headers["Link"] = ", ".join(links)
        if service.unchanged(request, headers, exists=True):
            return Response(status_code=304, headers=headers)
        if page:
            body = show(held, offered, reading.language)
        else:
            body = held.document(name, form, kept, lambda: make(held, offered))
        return Response(body, media_type=content_type(form), headers=headers)

    def read_page(request: Request, given: Form | None, number: int) -> Response:
        def make(held: Shelf, offered: Offer) -> list[Triple]:
            first = [held.whole] if number == 1 else []
            made = dcat.catalogue(held.page(number), offered, whole=first)
            return made + (_view(held, number, service.base) if held.pages > 1 else [])

        def show(held: Shelf, offered: Offer, language: str) -> bytes:
            listed = held.page(number)
            groups = [(about, list(of)) for about, of in groupby(listed, key=lambda one: one.subject)]
            return pages.html(
                "catalog.html",
                request,
                language,
                groups=groups,
                number=number,
                shelf=held,
                offered=offered,
                called=dcat.TITLE[language],
                about=dcat.ABOUT[language],
                structured=schema_org.data_block(schema_org.catalogue(listed, offered, language)),
            )

        def links(held: Shelf) -> list[str]:
            if number > held.pages:
                raise NotFound(
                    f"Danh mục chỉ có {held.pages} trang, không có trang {number}.",
                    f"The catalogue has {held.pages} pages, there is no page {number}.",
                    details={"last": held.pages},
                )
            found = [("first", 1), ("last", held.pages)]
            found += [("prev", number - 1)] if number > 1 else []
            found += [("next", number + 1)] if number < held.pages else []
            return [f'<{_path(n)}>; rel="{rel}"' for rel, n in found] if held.pages > 1 else []

        return answer(request, "/catalog", given, f"catalog {number}", make, show, links)

    @routes.get("/catalog", response_class=Response, responses=_ANSWERS, tags=["open data"])
    def read_catalogue(request: Request, page: PageNumber = 1) -> Response:
        """The catalogue of everything published as DCAT-AP 3: page, Turtle, JSON-LD, RDF/XML, N-Triples, by Accept."""
        return read_page(request, None, page)

    @routes.get("/catalog.{suffix}", response_class=Response, responses=_ANSWERS, tags=["open data"])
    def read_catalogue_as(request: Request, suffix: str, page: PageNumber = 1) -> Response:
        """The catalogue in the form that the suffix names."""
        return read_page(request, negotiation.form_of(suffix), page)

    @routes.get("/catalog/{key}", response_class=Response, responses=_ANSWERS, tags=["open data"])
    def read_dataset(request: Request, key: str) -> Response:
        """One data set of the catalogue, with its distributions; a suffix (`.ttl`) names the form."""
        name, dot, suffix = key[:_LONGEST_KEY].rpartition(".")
        given = BY_SUFFIX.get(suffix) if dot else None
        name = name if given else key[:_LONGEST_KEY]
        iri = catalogued.address(service.base, name)

        def found(held: Shelf) -> Listed:
            if iri not in held.by_iri:
                raise NotFound(
                    f"Danh mục không có bộ dữ liệu “{name[:120]}”. Danh sách ở /catalog.",
                    f"The catalogue has no data set “{name[:120]}”. The list is at /catalog.",
                )
            return held.by_iri[iri]

        def show(held: Shelf, offered: Offer, language: str) -> bytes:
            one = found(held)
            return pages.html(
                "dataset.html",
                request,
                language,
                one=one,
                path=f"/catalog/{name}",
                forms=dcat.distributions(one, offered),
                structured=schema_org.data_block(schema_org.dataset(one, offered, language)),
            )

        def links(held: Shelf) -> list[str]:
            found(held)
            return ['</catalog>; rel="collection"']

        def make(held: Shelf, offered: Offer) -> list[Triple]:
            return dcat.dataset(found(held), offered)

        return answer(request, f"/catalog/{name}", given, f"dataset {name}", make, show, links)

    def read_void_as(request: Request, given: Form | None) -> Response:
        def make(held: Shelf, offered: Offer) -> list[Triple]:
            kept = service.kept_state(service.state)
            return void.description(service.store, held.whole, offered, statements=kept.statements if kept else None)

        def show(held: Shelf, offered: Offer, language: str) -> bytes:
            return pages.html("void.html", request, language, whole=held.whole, offered=offered, path=_VOID)

        return answer(request, _VOID, given, "void", make, show)

    @routes.get(_VOID, response_class=Response, tags=["open data"])
    def read_void(request: Request) -> Response:
        """The VoID description: endpoints, dumps, vocabularies, numbers, subsets, links elsewhere; by Accept."""
        return read_void_as(request, None)

    @routes.get(_VOID + ".{suffix}", response_class=Response, tags=["open data"])
    def read_void_by_suffix(request: Request, suffix: str) -> Response:
        """The VoID description in the form that the suffix names."""
        return read_void_as(request, negotiation.form_of(suffix))

    return routes


def _path(number: int) -> str:
    return "/catalog" if number == 1 else f"/catalog?page={number}"


def _view(held: Shelf, number: int, base: str) -> list[Triple]:
    """Where a page stands among the others (Hydra, 5.1)."""
    here = NamedNode(base.rstrip("/") + _path(number))
    other = [("first", 1), ("last", held.pages)]
    other += [("previous", number - 1)] if number > 1 else []
    other += [("next", number + 1)] if number < held.pages else []
    total = Literal(str(len(held.listed)), datatype=NamedNode(PREFIXES["xsd"] + "integer"))
    return [
        Triple(here, NamedNode(PREFIXES["rdf"] + "type"), NamedNode(_HYDRA + "PartialCollectionView")),
        Triple(NamedNode(f"{base}catalog"), NamedNode(_HYDRA + "view"), here),
        Triple(NamedNode(f"{base}catalog"), NamedNode(_HYDRA + "totalItems"), total),
        *(Triple(here, NamedNode(_HYDRA + name), NamedNode(base.rstrip("/") + _path(n))) for name, n in other),
    ]
