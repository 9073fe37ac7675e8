"""`/api/v1/mappings/candidates`: what a code could be in another list, with reasons; never accepted by itself."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api import answers
from api.long_questions import long_resource
from api.parameters import LONGEST_THING, AsOf, Thing
from api.service import Service
from catalogue.mapping import codebook
from catalogue.mapping.candidates import suggestions
from catalogue.mapping.candidates.suggestions import Suggestions

MOST_LINES = 60

Scheme = Annotated[
    str,
    Query(
        min_length=1,
        max_length=LONGEST_THING,
        description="The list in which a counterpart is sought: IRI, CURIE or name.",
        examples=["indicator-set:tinh-2023"],
    ),
]
Lines = Annotated[int, Query(ge=1, le=MOST_LINES, description="Most codes given; “no counterpart” comes in addition.")]


def router(service: Service) -> APIRouter:
    """The route, over `service`."""
    routes = long_resource("/api/v1", service)

    @routes.get("/mappings/candidates", response_model=answers.model(Suggestions), tags=["mappings"])
    def read_candidates(request: Request, of: Thing, to: Scheme, as_of: AsOf = None, limit: Lines = 10) -> Response:
        """The most probable counterparts of a thing in a list, “no counterpart” among them, each with its reasons."""
        reading = service.reading(request, as_of)

        def make() -> Suggestions:
            return suggestions.of(
                service.store,
                service.thing(of, reading).value,
                codebook.scheme(service.store, to, language=reading.language),
                as_of=reading.as_of,
                limit=limit,
                language=reading.language,
            )

        return service.json(request, reading, make)

    return routes
