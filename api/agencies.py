"""`/api/v1/agencies/{key}/portfolio`: what a unit owns, coordinates, reports."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api import answers
from api.parameters import AsOf, Key, resource
from api.service import Service
from catalogue import portfolio
from catalogue.portfolio import Portfolio

Subunits = Annotated[bool, Query(description="Also what the units below it hold.")]


def router(service: Service) -> APIRouter:
    """The route, over `service`."""
    routes = resource("/api/v1")

    @routes.get("/agencies/{key}/portfolio", response_model=answers.model(Portfolio), tags=["questions"])
    def read_portfolio(request: Request, key: Key, as_of: AsOf = None, subunits: Subunits = False) -> Response:
        """What a unit leads, coordinates and reports on a date, with deadlines and what is undecided."""
        reading = service.reading(request, as_of)

        def make() -> Portfolio:
            return portfolio.of(
                service.store,
                service.keyed("agency", key, reading),
                as_of=reading.as_of,
                subunits=subunits,
                language=reading.language,
            )

        return service.json(request, reading, make)

    return routes
