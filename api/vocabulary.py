"""`/ns`: the vocabulary (ontology, alignment and code lists), negotiated as every other document."""

from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple

from api import negotiation
from api.counting import counts, dating
from api.documents import content_type, links, serialised
from api.negotiation import BY_SUFFIX, DATA, FORMS, Form
from api.pages.render import Pages
from api.pages.vocabulary import pages as words
from api.prepared import PREPARABLE
from api.service import Service
from catalogue import rdf
from catalogue.errors import NotFound
from catalogue.graphs import VOCABULARY_GRAPH
from catalogue.iri import CODES, SHAPES_NAMESPACE, VOCABULARY
from catalogue.shipped import SHAPES


def router(service: Service, pages: Pages) -> APIRouter:
    """The routes, over `service`."""
    routes = APIRouter()

    def vocabulary() -> list[Triple]:
        """The vocabulary of this published state, read once."""
        return service.once("vocabulary", lambda: service.store.graph(VOCABULARY_GRAPH))

    def document(suffix: str) -> bytes:
        return service.once(f"vocabulary.{suffix}", lambda: _document(vocabulary(), suffix))

    def answer(request: Request, given: Form | None) -> Response:
        form = given or negotiation.form(request.headers.get("accept"))
        shown_as_page = form.rdf is None
        reading = service.reading(request, page=shown_as_page)
        vary = ", ".join(([] if given else ["Accept"]) + (["Accept-Language", "Cookie"] if shown_as_page else []))
        if shown_as_page:
            counted = counts(service)
            state, moment = dating(service, counted)
            headers = service.validators(request, reading, "html", state, dated=False, vary=vary, moment=moment)
        else:
            headers = service.validators(request, reading, form.suffix, dated=False, vary=vary)
            del headers["Content-Language"]
        if not given:
            headers["Content-Location"] = f"/ns.{form.suffix}"
        headers["Link"] = links("/ns", form, about=VOCABULARY_GRAPH.value)
        if service.unchanged(request, headers, exists=True):
            return Response(status_code=304, headers=headers)
        if shown_as_page:
            shown = words.overview(service, counted, reading.language)
            context = {**words.frame(service, reading, counted), **shown}
            body = pages.html("vocabulary/overview.html", request, reading.language, **context)
        else:
            request.scope[PREPARABLE] = True
            body = document(form.suffix)
        return Response(body, media_type=content_type(form), headers=headers)

    @routes.get(
        "/ns",
        response_class=Response,
        tags=["linked data"],
        responses={200: {"description": "The vocabulary.", "content": {f.media_types[0]: {} for f in FORMS}}},
    )
    def read_vocabulary(request: Request) -> Response:
        """The vocabulary: page, Turtle, JSON-LD, RDF/XML, N-Triples, TriG or N-Quads, by Accept. Its terms lead here."""
        return answer(request, None)

    @routes.get("/ns.{suffix}", response_class=Response, tags=["linked data"])
    def read_vocabulary_as(request: Request, suffix: str) -> Response:
        """The vocabulary in the form that the suffix names."""
        return answer(request, negotiation.form_of(suffix))

    @routes.get("/ns/{term:path}", status_code=303, response_class=Response, tags=["linked data"])
    def read_term(request: Request, term: str) -> Response:
        """One term (`Indicator`) or code (`code/role/chu-tri`): 303 to its place in the vocabulary."""
        if not term:
            return Response(status_code=308, headers={"Location": "/ns", "Cache-Control": "no-cache"})
        start, name = (CODES, term.removeprefix("code/")) if term.startswith("code/") else (VOCABULARY, term)
        known = service.once("vocabulary.terms", lambda: {t.subject for t in vocabulary()})
        target = service.address(start + name)
        if target is None or NamedNode(start + quote(name, safe="/.-_~")) not in known:
            raise NotFound(
                f"Bộ từ vựng không có “{term[:100]}”. Toàn bộ từ vựng ở /ns.",
                f"The vocabulary has no “{term[:100]}”. All of it is at /ns.",
            )
        request.scope[PREPARABLE] = True
        links = f'</ns>; rel="describedby", <{start}{quote(name, safe="/.-_~")}>; rel="canonical"'
        headers = {"Location": target, "Vary": "Accept", "Cache-Control": "no-cache", "Link": links}
        return Response(status_code=303, headers=headers)

    def shapes(suffix: str) -> bytes:
        form = BY_SUFFIX[suffix].rdf
        assert form is not None  # noqa: S101 - the caller offers forms of data alone
        return service.once(f"shapes.{suffix}", lambda: serialised(_shapes(), form))

    def answer_shapes(request: Request, given: Form | None) -> Response:
        accept = request.headers.get("accept")
        data = [kind for one in DATA for kind in one.media_types]
        if negotiation.choose(accept, [negotiation.HTML]) and negotiation.choose(accept, data) is None:
            accept = "text/turtle"  # there is no page; who takes pages can read Turtle
        form = given or negotiation.form(accept, data=True)
        vary = "" if given else "Accept"
        headers = service.validators(request, service.reading(request), form.suffix, dated=False, vary=vary)
        del headers["Content-Language"]
        if not given:
            headers["Content-Location"] = f"/shapes.{form.suffix}"
        others = [f'</shapes.{f.suffix}>; rel="alternate"; type="{f.media_types[0]}"' for f in DATA]
        headers["Link"] = ", ".join(['</shapes>; rel="canonical"', *others])
        if service.unchanged(request, headers, exists=True):
            return Response(status_code=304, headers=headers)
        return Response(shapes(form.suffix), media_type=content_type(form), headers=headers)

    @routes.get("/shapes", response_class=Response, tags=["linked data"])
    def read_shapes(request: Request) -> Response:
        """The SHACL shapes by which everything published is checked, in every form of RDF, by Accept."""
        return answer_shapes(request, None)

    @routes.get("/shapes.{suffix}", response_class=Response, tags=["linked data"])
    def read_shapes_as(request: Request, suffix: str) -> Response:
        """The shapes in the form that the suffix names."""
        return answer_shapes(request, negotiation.form_of(suffix, data=True))

    return routes


def _shapes() -> list[Quad]:
    """The shapes that ship with the package, in one graph."""
    files = sorted(SHAPES.glob("*.ttl"))
    found = [quad for path in files for quad in rdf.parse(path.read_bytes(), RdfFormat.TURTLE, path.name)]
    graph = NamedNode(SHAPES_NAMESPACE.rstrip("#"))
    return [Quad(quad.subject, quad.predicate, quad.object, graph) for quad in found]


def _document(triples: list[Triple], suffix: str) -> bytes:
    form = BY_SUFFIX[suffix].rdf
    quads = [Quad(t.subject, t.predicate, t.object, VOCABULARY_GRAPH) for t in triples]
    return serialised(quads, form) if form is not None else b""
