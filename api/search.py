"""`/api/v1/search`: things by name or code, with facets."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api import answers
from api.parameters import Cursor, Limit, resource
from api.service import Service
from catalogue.search import LONGEST, SearchPage

Words = Annotated[
    str,
    Query(
        max_length=LONGEST,
        description="What to look for: name, abbreviation, code or number, with or without diacritics.",
        examples=["so khcn ha noi"],
    ),
]
Kind = Annotated[str | None, Query(max_length=40, description="Only things of this kind, as `agency`.")]


def router(service: Service) -> APIRouter:
    """The route, over `service`."""
    routes = resource("/api/v1")

    @routes.get("/search", response_model=answers.model(SearchPage), tags=["questions"])
    def read_results(
        request: Request, q: Words, kind: Kind = None, limit: Limit = 20, cursor: Cursor = None
    ) -> Response:
        """Things whose name, abbreviation, code or number fits, the best first, with counts by kind."""
        reading = service.reading(request)

        def make() -> SearchPage:
            return service.search_index().search(
                q, kind=kind or None, limit=limit, cursor=cursor, language=reading.language
            )

        return service.json(request, reading, make, dated=False)

    return routes
