"""The parameters of the interface: named, bounded, described once for every resource."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

LONGEST_THING = 500
MOST = 1_000

Thing = Annotated[
    str,
    Query(
        min_length=1,
        max_length=LONGEST_THING,
        description="A thing: IRI, CURIE (`agency:hanoi.ubnd`), code, document number or name.",
        examples=["indicator-set:hanoi-chi-dao"],
    ),
]
AsOf = Annotated[
    str | None,
    Query(
        alias="asOf",
        max_length=40,
        description="The date asked about, 2024-06-30 or 30/6/2024; today in Viet Nam where absent.",
        examples=["2024-06-30"],
    ),
]
Key = Annotated[str, Path(max_length=LONGEST_THING, description="The key, as in the address of the thing.")]
Limit = Annotated[int, Query(ge=1, le=MOST, description="Most items of one page.")]
Cursor = Annotated[str | None, Query(max_length=400, description="`nextCursor` of the page before.")]


LANGUAGE: dict[str, Any] = {
    "name": "lang",
    "in": "query",
    "required": False,
    "description": "`vi` or `en`; goes before the header Accept-Language. Vietnamese where neither names one of them.",
    "schema": {"type": "string", "enum": ["vi", "en"]},
}
"""Taken by every route, read by `api.negotiation`, and written into the OpenAPI description in one place."""


class StrictRoute(APIRoute):
    """A route that refuses a parameter it does not know: `asof=` for `asOf=` would silently answer for today."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, after the names of the parameters were looked at."""
        answer = super().get_route_handler()
        known = {parameter.alias for parameter in self.dependant.query_params} | {LANGUAGE["name"]}

        async def handle(request: Request) -> Response:
            given = [name for name, _ in request.query_params.multi_items()]
            if given:
                wrong = [_error("unknown", name, known) for name in dict.fromkeys(given) if name not in known]
                wrong += [_error("repeated", name, known) for name in known if given.count(name) > 1]
                if wrong:
                    raise RequestValidationError(wrong)
            return await answer(request)

        return handle


def _error(kind: str, name: str, known: set[str]) -> dict[str, Any]:
    return {"type": kind, "loc": ("query", name[:100]), "msg": kind, "ctx": {"expected": ", ".join(sorted(known))}}


def resource(prefix: str) -> APIRouter:
    """A router whose routes refuse unknown parameters."""
    return APIRouter(prefix=prefix, route_class=StrictRoute)
