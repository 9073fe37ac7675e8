"""`/api/v1/quality/…`: what is missing, contradictory or not confirmed."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from api import answers, paging
from api.parameters import AsOf, Cursor, Limit, resource
from api.service import Service
from catalogue import leads, observations, statements
from catalogue.leads import LeadReview
from catalogue.observations import FigureConflict
from catalogue.statements import Unconfirmed

Scope = Annotated[
    str | None, Query(max_length=500, description="Only the things of this set, group or agency; all where absent.")
]
MarkName = Annotated[Literal["inferred", "unverified"], Query(description="The mark that the statements bear.")]
SourceThing = Annotated[str | None, Query(max_length=500, description="Only statements of this source (a THING).")]


_MOST_CONFLICTS = 10_000


@dataclass(frozen=True, slots=True)
class FigureConflicts:
    """Figures about one thing, area and period in which two sources disagree; both stay."""

    items: list[FigureConflict]
    next_cursor: str | None


def router(service: Service) -> APIRouter:
    """The routes, over `service`."""
    routes = resource("/api/v1")

    @routes.get("/quality/leads", response_model=answers.model(LeadReview), tags=["quality"])
    def read_leads(request: Request, scope: Scope = None, as_of: AsOf = None, limit: Limit = 1000) -> Response:
        """Which things have no lead unit, several, or one that exists no longer."""
        reading = service.reading(request, as_of)

        def make() -> LeadReview:
            return leads.review(
                service.store,
                scope=service.thing(scope, reading) if scope else None,
                as_of=reading.as_of,
                language=reading.language,
                limit=limit,
            )

        return service.json(request, reading, make)

    @routes.get("/quality/unconfirmed", response_model=answers.model(Unconfirmed), tags=["quality"])
    def read_unconfirmed(
        request: Request,
        mark: MarkName = "inferred",
        source: SourceThing = None,
        limit: Limit = 100,
        cursor: Cursor = None,
    ) -> Response:
        """Which statements are inferred or unverified, and in which source they stand."""
        reading = service.reading(request)

        def make() -> Unconfirmed:
            return statements.unconfirmed(
                service.store,
                mark=mark,
                source=service.thing(source, reading).value if source else None,
                limit=limit,
                cursor=cursor,
                language=reading.language,
            )

        return service.json(request, reading, make, dated=False)

    @routes.get("/quality/figures", response_model=answers.model(FigureConflicts), tags=["quality"])
    def read_figures(request: Request, limit: Limit = 100, cursor: Cursor = None) -> Response:
        """About which figures do two sources disagree, by how much, and what is the status of each."""
        reading = service.reading(request)

        def make() -> FigureConflicts:
            found = observations.conflicts(service.store, limit=_MOST_CONFLICTS, language=reading.language)
            return FigureConflicts(
                *paging.page(found, lambda one: f"{one.first.iri} {one.second.iri}", limit=limit, cursor=cursor)
            )

        return service.json(request, reading, make, dated=False)

    return routes
