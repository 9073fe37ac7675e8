"""`/api/v1/systems/exchanges`, `/api/v1/areas/{code}/successors`, `/api/v1/datasets`: what goes where, what became what."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pyoxigraph import NamedNode

from api import answers, paging
from api.parameters import AsOf, Cursor, Limit, resource
from api.service import Reading, Service
from catalogue import areas, clock, datasets, iri, scenarios, systems
from catalogue.areas import Became
from catalogue.datasets import Dataset
from catalogue.scenarios import Watching
from catalogue.systems import Exchange

Of = Annotated[
    str | None, Query(max_length=500, description="Only what concerns this thing (a THING); all where absent.")
]
Code = Annotated[str, Path(max_length=100, description="An area code, a key as `01.2025-07-01`, or a name.")]
On = Annotated[str | None, Query(max_length=40, description="The day by which it had become that; today where absent.")]


@dataclass(frozen=True, slots=True)
class Exchanges:
    """The exchanges of data that stand on `as_of`."""

    as_of: date
    items: list[Exchange]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Datasets:
    """All data sets, those with a known licence first."""

    items: list[Dataset]
    next_cursor: str | None


def router(service: Service) -> APIRouter:
    """The routes, over `service`. Registered before the lists: `exchanges` is no key of a system."""
    routes = resource("/api/v1")

    @routes.get("/systems/exchanges", response_model=answers.model(Exchanges), tags=["questions"])
    def read_exchanges(
        request: Request, of: Of = None, as_of: AsOf = None, limit: Limit = 100, cursor: Cursor = None
    ) -> Response:
        """Which systems exchange data, for what, in which direction, in which state."""
        reading = service.reading(request, as_of)

        def make() -> Exchanges:
            node = service.thing(of, reading) if of else None
            found = systems.exchanges(service.store, of=node, as_of=reading.as_of, language=reading.language)
            return Exchanges(reading.as_of, *paging.page(found, lambda one: one.iri, limit=limit, cursor=cursor))

        return service.json(request, reading, make)

    @routes.get("/scenarios/watching", response_model=answers.model(Watching), tags=["questions"])
    def read_watching(request: Request, of: Of = None, as_of: AsOf = None) -> Response:
        """Which scenarios watch a thing, and who acts when they trigger."""
        reading = service.reading(request, as_of)

        def make() -> Watching:
            node = service.thing(of, reading) if of else None
            return scenarios.watching(service.store, node, as_of=reading.as_of, language=reading.language)

        return service.json(request, reading, make)

    @routes.get("/areas/{code}/successors", response_model=answers.model(Became), tags=["questions"])
    def read_successors(request: Request, code: Code, as_of: AsOf = None, on: On = None) -> Response:
        """What an administrative unit became. `asOf` is a day on which it bore the code, `on` the day looked back from."""
        reading = service.reading(request, as_of)

        def make() -> Became:
            day = clock.parse_date(on) if on else clock.today(service.clock)
            meant = _area(service, code, reading)
            borne = reading.as_of if reading.given else None
            return areas.became(service.store, meant, as_of=borne, on=day, language=reading.language)

        return service.json(request, Reading(reading.language, clock.today(service.clock), on is not None), make)

    @routes.get("/datasets", response_model=answers.model(Datasets), tags=["lists"])
    def read_datasets(request: Request, limit: Limit = 100, cursor: Cursor = None) -> Response:
        """Which data sets may be published, under which licence, and where."""
        reading = service.reading(request)

        def make() -> Datasets:
            found = datasets.publishable(service.store, language=reading.language)
            return Datasets(*paging.page(found, lambda one: one.dataset.iri, limit=limit, cursor=cursor))

        return service.json(request, reading, make, dated=False)

    return routes


def _area(service: Service, code: str, reading: Reading) -> NamedNode | str:
    """The IRI for a key or a name, the code itself for what only looks like a code."""
    node = iri.thing(service.base, "area", code)
    if service.known(node):
        return node
    return code if code.isdigit() else service.thing(code, reading)
