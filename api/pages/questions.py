"""The pages that answer: `/responsibility`. An ambiguous thing is asked back with the candidates."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.pages.render import Pages
from api.pages.things import page as thing
from api.parameters import AsOf
from api.service import Reading, Service
from catalogue import codes, responsibility

Of = Annotated[str, Query(max_length=500)]


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

    return routes
