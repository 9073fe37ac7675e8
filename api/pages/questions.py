"""The pages that answer: `/responsibility`, `/lineage`, `/search`. An ambiguous thing is asked back with the candidates."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from api.pages import drawing
from api.pages.render import Pages
from api.pages.things import page as thing
from api.parameters import AsOf, Cursor
from api.service import Reading, Service
from catalogue import codes, lineage, responsibility
from catalogue.search import LONGEST

_MOST_DRAWN = 60
_MOST_LISTED = 500

Of = Annotated[str, Query(max_length=500)]
Words = Annotated[str, Query(max_length=LONGEST)]


def router(service: Service, pages: Pages) -> APIRouter:
    """The routes, over `service`."""
    routes = APIRouter()

    def page(
        template: str,
        request: Request,
        as_of: str | None,
        make: Callable[[Reading], dict[str, Any]],
        *,
        dated: bool = True,
    ) -> Response:
        reading = service.reading(request, as_of, page=True)
        headers = service.validators(request, reading, "html", dated=dated, vary="Accept-Language, Cookie")
        if service.unchanged(request, headers):
            return Response(status_code=304, headers=headers)
        body = pages.html(template, request, reading.language, reading=reading, **make(reading))
        if service.unchanged(request, headers, exists=True):
            return Response(status_code=304, headers=headers)
        return Response(body, media_type="text/html; charset=utf-8", headers=headers)

    @routes.get("/responsibility", include_in_schema=False)
    def read_responsibility(
        request: Request,
        of: Of = "",
        as_of: AsOf = None,
        role: Annotated[str | None, Query(max_length=60)] = None,
    ) -> Response:
        """Who is responsible, with the proof, as a page to read aloud."""

        def make(reading: Reading) -> dict[str, Any]:
            if not of.strip():
                return {"of": "", "answer": None}
            answer = responsibility.of(
                service.store,
                service.thing(of, reading),
                as_of=reading.as_of,
                role=codes.notation(service.store, "role", role) if role else None,
                language=reading.language,
            )
            leads = thing.leaders(answer)
            others = thing.by_role(one for one in answer.responsibilities if one not in leads)
            return {"of": of, "answer": answer, "leads": leads, "others": others}

        return page("responsibility.html", request, as_of, make)

    @routes.get("/lineage", include_in_schema=False)
    def read_lineage(
        request: Request,
        of: Of = "",
        direction: Literal["up", "down", "both"] = "both",
        depth: Annotated[int, Query(ge=1, le=30)] = lineage.DEPTH,
        as_of: AsOf = None,
    ) -> Response:
        """What a thing rests on and what rests on it, as a picture and as a table."""

        def make(reading: Reading) -> dict[str, Any]:
            if not of.strip():
                return {"of": "", "answer": None, "direction": direction, "picture": None, "names": {}}
            answer = lineage.around(
                service.store,
                service.thing(of, reading),
                direction=direction,
                as_of=reading.as_of,
                depth=depth,
                limit=_MOST_LISTED,
                language=reading.language,
            )
            names = {node.iri: node for node in answer.nodes}
            picture = drawing.layout(answer, _MOST_DRAWN)
            return {"of": of, "answer": answer, "direction": direction, "picture": picture, "names": names}

        return page("lineage.html", request, as_of, make)

    @routes.get("/search", include_in_schema=False)
    def read_search(
        request: Request,
        q: Words = "",
        kind: Annotated[str | None, Query(max_length=40)] = None,
        cursor: Cursor = None,
        as_of: AsOf = None,
    ) -> Response:
        """Things by name, code or number."""

        def make(reading: Reading) -> dict[str, Any]:
            found = None
            if q.strip():
                found = service.search_index().search(
                    q, kind=kind or None, limit=20, cursor=cursor, language=reading.language
                )
            return {"q": q, "kind": kind or "", "answer": found}

        return page("search.html", request, as_of, make, dated=False)

    return routes
