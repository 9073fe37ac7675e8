"""`/api/v1/responsibility`: who is responsible, with the proof."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api import answers
from api.parameters import AsOf, Thing, resource
from api.service import Service
from catalogue import codes, responsibility
from catalogue.responsibility import Responsibilities

Role = Annotated[str | None, Query(max_length=60, description="Notation of one role, as `chu-tri`; all where absent.")]


def router(service: Service) -> APIRouter:
    """The route, over `service`."""
    routes = resource("/api/v1")

    @routes.get("/responsibility", response_model=answers.model(Responsibilities), tags=["questions"])
    def read_responsibility(request: Request, of: Thing, as_of: AsOf = None, role: Role = None) -> Response:
        """Who is responsible for a thing on a date: unit, role, decision, proof, and the reorganisations between."""
        reading = service.reading(request, as_of)

        def make() -> Responsibilities:
            return responsibility.of(
                service.store,
                service.thing(of, reading),
                as_of=reading.as_of,
                role=codes.notation(service.store, "role", role) if role else None,
                language=reading.language,
            )

        return service.json(request, reading, make)

    return routes
