"""`/api/v1/lineage` and `/api/v1/path`: what a thing rests on, what rests on it, how two things are tied."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from api import answers
from api.parameters import AsOf, Thing, resource
from api.service import Service
from catalogue import lineage, paths
from catalogue.lineage import Lineage
from catalogue.paths import Path

Direction = Annotated[
    Literal["up", "down", "both"],
    Query(description="`up`: what makes us do it; `down`: what it touches."),
]
Depth = Annotated[int, Query(ge=1, le=30, description="Most steps from the thing.")]
Nodes = Annotated[int, Query(ge=1, le=lineage.LIMIT, description="Most nodes of the answer.")]
From = Annotated[str, Query(alias="from", min_length=1, max_length=500, description="The thing the path starts at.")]
To = Annotated[str, Query(min_length=1, max_length=500, description="The thing the path ends at.")]


def router(service: Service) -> APIRouter:
    """The routes, over `service`."""
    routes = resource("/api/v1")

    @routes.get("/lineage", response_model=answers.model(Lineage), tags=["questions"])
    def read_lineage(
        request: Request,
        of: Thing,
        direction: Direction = "both",
        as_of: AsOf = None,
        depth: Depth = lineage.DEPTH,
        limit: Nodes = lineage.LIMIT,
    ) -> Response:
        """Everything above or below a thing, nearest first, each edge with its proof."""
        reading = service.reading(request, as_of)

        def make() -> Lineage:
            return lineage.around(
                service.store,
                service.thing(of, reading),
                direction=direction,
                as_of=reading.as_of,
                depth=depth,
                limit=limit,
                language=reading.language,
            )

        return service.json(request, reading, make)

    @routes.get("/path", response_model=answers.model(Path), tags=["questions"])
    def read_path(request: Request, start: From, to: To, as_of: AsOf = None) -> Response:
        """How two things are tied: the surest chain of statements between them."""
        reading = service.reading(request, as_of)

        def make() -> Path:
            return paths.between(
                service.store,
                service.thing(start, reading),
                service.thing(to, reading),
                as_of=reading.as_of,
                language=reading.language,
            )

        return service.json(request, reading, make)

    return routes
