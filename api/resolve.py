"""`/api/v1/resolve`: any code, document number or name to the things that bear it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api import answers
from api.parameters import resource
from api.service import Service
from catalogue import resolve
from catalogue.errors import NotFound
from catalogue.resolve import Match

Code = Annotated[
    str,
    Query(min_length=1, max_length=500, description="A code, document number, name, IRI or CURIE.", examples=["H26"]),
]
Scheme = Annotated[
    str | None, Query(max_length=500, description="Only codes of this scheme (IRI, CURIE, key or name of the scheme).")
]


@dataclass(frozen=True, slots=True)
class Matches:
    """What bears `code`; more than one where a code or number was given twice (1012/QĐ-TTg, ward codes)."""

    code: str
    scheme: str | None
    matches: list[Match]


def router(service: Service) -> APIRouter:
    """The route, over `service`."""
    routes = resource("/api/v1")

    @routes.get("/resolve", response_model=answers.model(Matches), tags=["questions"])
    def read_matches(request: Request, code: Code, scheme: Scheme = None) -> Response:
        """The thing or things that bear a code or document number. 404 where there is none."""
        reading = service.reading(request)

        def make() -> Matches:
            found = resolve.find(
                service.store, code, base=service.base, scheme=scheme or None, language=reading.language
            )
            if not found:
                raise NotFound(
                    f"Không có gì mang mã, số hiệu hoặc tên “{code[:200]}”.",
                    f"Nothing bears the code, number or name “{code[:200]}”.",
                    details={"code": code[:200]},
                )
            return Matches(code, scheme or None, found)

        return service.json(request, reading, make, dated=False)

    return routes
