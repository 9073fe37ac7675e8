"""`/responsibility`: who is responsible for a thing on a day, with the proof, as a page to read aloud."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.pages.answering import answered
from api.pages.render import Pages
from api.pages.things.sections import LEAD, by_role, leaders
from api.pages.typed import typed
from api.parameters import LONGEST_THING, AsOf
from api.service import Reading, Service
from catalogue import codes, responsibility

MOST_LISTED = 200
"""Assignments in roles other than the lead that are listed; the interface for programs has them all."""

Of = Annotated[str, Query(max_length=LONGEST_THING)]
Role = Annotated[str | None, Query(max_length=60)]


def router(service: Service, pages: Pages) -> APIRouter:
    """The route, over `service`."""
    routes = APIRouter()

    @routes.get("/responsibility", include_in_schema=False)
    def read_responsibility(request: Request, of: Of = "", as_of: AsOf = None, role: Role = None) -> Response:
        """Who leads first, with the proof in sight; then every other role, what is not known, and what has ended."""

        def make(reading: Reading) -> dict[str, Any]:
            if not of.strip():
                return {"of": "", "answer": None, "role": ""}
            answer = responsibility.of(
                service.store,
                service.thing(of, reading),
                as_of=reading.as_of,
                role=codes.notation(service.store, "role", role) if role else None,
                language=reading.language,
            )
            leads = leaders(answer)
            others = [one for one in answer.responsibilities if one.role.notation != LEAD]
            return {
                "of": typed(service, reading, of, answer.of),
                "role": role or "",
                "answer": answer,
                "leads": leads[:MOST_LISTED],
                "others": by_role(others[:MOST_LISTED]),
                "number_others": len(others),
                "cut": len(others) > MOST_LISTED or len(leads) > MOST_LISTED or len(answer.ended) > MOST_LISTED,
                "ended": answer.ended[:MOST_LISTED],
            }

        return answered(service, pages, request, as_of, "responsibility.html", make)

    return routes
