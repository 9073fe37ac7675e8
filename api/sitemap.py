"""`/sitemap.xml` and `/robots.txt`: the pages of all things, for search engines.

A page of the map holds the things of one kind in the order in which the engine keeps them, which is the same as long as
the state is; nothing is sorted. When a thing changed is not known, so nothing is said of it.
"""

from xml.sax.saxutils import escape

from fastapi import APIRouter, Request, Response
from pyoxigraph import Literal, NamedNode

from api.service import Service
from catalogue.dumps import Sets
from catalogue.errors import NotFound
from catalogue.iri import KINDS, kind_and_key
from catalogue.query import Query

PAGE = 50_000
"""Most addresses of a file (https://www.sitemaps.org/protocol.html)."""

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_OWN = ("", "catalog", "ns", "responsibility", "lineage", "api/docs")
_COSTLY = ("/sparql?", "/queries/", "/search?", "/update", "/graphs?", "/validate", "/dumps/", "/changes/", "/metrics")


def router(service: Service, sets: Sets) -> APIRouter:
    """The routes, over `service`."""
    routes = APIRouter()

    def counted() -> dict[str, int]:
        """How many things of each kind there are; of two kinds with one class, both get all."""
        held = sets.of(service.state)
        known = dict(held.statistics.classes) if held else {}
        found: dict[str, int] = {}
        for kind, name in KINDS.items():
            number = known.get(name)
            if number is None:
                query = Query.named("sitemap-count").bind(kind=NamedNode(name))
                (value,) = service.store.select(query).rows[0]
                number = int(value.value) if isinstance(value, Literal) else 0
            found[kind] = number
        return {kind: number for kind, number in found.items() if number}

    def answer(request: Request, body: str) -> Response:
        reading = service.reading(request)
        headers = service.validators(request, reading, "xml", dated=False, vary="")
        del headers["Content-Language"]
        if service.unchanged(request, headers, exists=True):
            return Response(status_code=304, headers=headers)
        return Response(body.encode(), media_type="application/xml", headers=headers)

    @routes.get("/sitemap.xml", include_in_schema=False)
    def read_index(request: Request) -> Response:
        """The list of the files of the map."""
        counts = service.once("sitemap counts", counted)
        names = ["pages-1"]
        names += [f"{kind}-{n}" for kind, number in counts.items() for n in range(1, -(-number // PAGE) + 1)]
        listed = "".join(f"<sitemap><loc>{escape(service.base)}sitemap/{name}.xml</loc></sitemap>\n" for name in names)
        return answer(request, f'{_HEAD}<sitemapindex xmlns="{_NAMESPACE}">\n{listed}</sitemapindex>\n')

    @routes.get("/sitemap/{name}.xml", include_in_schema=False)
    def read_page(request: Request, name: str) -> Response:
        """One file of the map: at most 50,000 pages."""
        kind, _, digits = name.rpartition("-")
        number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 8 else 0
        counts = service.once("sitemap counts", counted)
        pages = 1 if kind == "pages" else -(-counts.get(kind, 0) // PAGE)
        if not 1 <= number <= pages:
            raise NotFound(f"Không có sơ đồ “{name[:60]}”.", f"There is no sitemap “{name[:60]}”.")
        found = [service.base + path for path in _OWN] if kind == "pages" else _things(service, kind, number)
        listed = "".join(f"<url><loc>{escape(one)}</loc></url>\n" for one in found)
        return answer(request, f'{_HEAD}<urlset xmlns="{_NAMESPACE}">\n{listed}</urlset>\n')

    @routes.get("/robots.txt", include_in_schema=False)
    def read_robots() -> Response:
        """What search engines may read: pages, not questions that cost something."""
        refused = "".join(f"Disallow: {path}\n" for path in _COSTLY)
        text = f"User-agent: *\n{refused}Allow: /\n\nSitemap: {service.base}sitemap.xml\n"
        headers = {"Cache-Control": "public, max-age=3600"}
        return Response(text.encode(), media_type="text/plain; charset=utf-8", headers=headers)

    return routes


_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def _things(service: Service, kind: str, number: int) -> list[str]:
    """The addresses of the pages of the things of a kind."""
    query = Query.named("sitemap-page").bind(kind=NamedNode(KINDS[kind]), limit=PAGE, offset=(number - 1) * PAGE)
    found = []
    for (thing,) in service.store.select(query).rows:
        if not isinstance(thing, NamedNode):
            continue
        named = kind_and_key(service.base, thing.value)
        address = service.address(thing.value) if named is not None and named[0] == kind else None
        if address is not None:
            found.append(service.base + address.lstrip("/"))
    return found
