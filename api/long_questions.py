"""Questions whose cost grows with the catalogue: they read whole lists, in a thread of the interpreter that answers all.

One at a time, so that planners' questions beside them stay quick and no visitor holds the threads or the memory; the
others stand in line, each visitor in turn, and who finds no place is told when to come again.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response

from api.asking import ClientGone, departure, nobody
from api.parameters import StrictRoute
from api.service import Service
from workers.departure import unless_gone


def long_resource(prefix: str, service: Service) -> APIRouter:
    """A router of such questions, all of them GET: as `parameters.resource`, but each is answered at its turn.

    Whoever goes away while waiting loses the place. Raises `Busy` where there is none.
    """

    class LongRoute(StrictRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            answer = super().get_route_handler()

            async def at_its_turn(request: Request) -> Response:
                async with service.long_questions.turn(service.visitor(request)):
                    return await answer(request)

            async def handle(request: Request) -> Response:
                try:
                    async with departure(request) as gone:
                        return await unless_gone(at_its_turn(request), gone)
                except ClientGone:
                    return nobody()

            return handle

    return APIRouter(prefix=prefix, route_class=LongRoute)
