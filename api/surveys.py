"""What is known of the state of the catalogue on a day (`catalogue.survey`), as requests see it.

The process beside the service has made the overview of today before anybody asks; that of another day is made by the first
who asks for it, in a process of its own, at a turn of the long questions.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable
from datetime import date
from pathlib import Path
from threading import Lock
from typing import TypeVar, cast

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response

from api.service import Service
from catalogue.errors import LimitReached, Unavailable
from catalogue.survey import examination as examining
from catalogue.survey import overview as overviews
from catalogue.survey import records
from catalogue.survey.examination import Examination
from catalogue.survey.indicators import Indicator, indicators
from catalogue.survey.overview import Overview
from catalogue.survey.recent import Summary
from workers import survey_process

MOST_LISTED = 20_000
"""Indicators that are looked at for one list."""
_KEPT = 8

Made = TypeVar("Made")


class _Lately:
    """The last few things that were made of one state, by what they are about."""

    def __init__(self) -> None:
        self._made: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = Lock()

    def held(self, about: Hashable) -> object | None:
        """What was made about `about`, if it is still kept."""
        return self._made.get(about)

    def given(self, about: Hashable, make: Callable[[], Made]) -> Made:
        """What was made about `about`, else what `make` makes."""
        with self._lock:
            if about in self._made:
                self._made.move_to_end(about)
                return cast("Made", self._made[about])
        made = make()
        with self._lock:
            self._made[about] = made
            while len(self._made) > _KEPT:
                self._made.popitem(last=False)
        return made


def ready(service: Service, day: date) -> bool:
    """Whether the overview of a day is there, so that nobody waits for it."""
    return _lately(service).held(day) is not None or (
        service.folder is not None and _file(service, service.folder, day).exists()
    )


def overview(service: Service, day: date) -> Overview:
    """The overview of a day. Raises `Unavailable` where it cannot be made."""

    def made() -> Overview:
        if service.folder is None:
            return overviews.take(service.store, day)
        found = records.overview(service.folder, service.state, day)
        if found is None:
            survey_process.run(service.folder, service.state, service.base, day)
            found = records.overview(service.folder, service.state, day)
        if found is None:
            raise Unavailable(
                "Chưa tính được hiện trạng của ngày này. Hãy thử lại sau ít phút; nếu vẫn vậy, người vận hành xem nhật ký của dịch vụ.",
                "The state of that day could not be worked out. Try again in a few minutes; if it stays so, the operator finds the reason in the log.",
            )
        return found

    return _lately(service).given(day, made)


def examination(service: Service) -> Examination | None:
    """What is to be mended in the state that this request sees; None while that is still being looked for."""
    folder = service.folder
    if folder is None:
        return service.once("examination", lambda: examining.examine(service.store))
    if (known := _lately(service).held("examination")) is not None:
        return cast("Examination", known)
    found = records.examination(folder, service.state)
    return None if found is None else _lately(service).given("examination", lambda: found)


def change(service: Service, state: str) -> Summary | None:
    """What the change that led to `state` was about; None while that is not known."""
    return None if service.folder is None else records.change(service.folder, state)


def listed(service: Service, schemes: Collection[str], day: date) -> list[Indicator]:
    """Every indicator of `schemes` on a day. Raises `LimitReached` where there are more than `MOST_LISTED`."""
    wanted = frozenset(schemes)
    number = sum(row.counts.indicators for row in overview(service, day).rows if row.scheme in wanted)
    if number > MOST_LISTED:
        raise LimitReached(
            f"Danh sách này có {number} chỉ số; mỗi lần xem được nhiều nhất {MOST_LISTED}. Hãy chọn một địa phương, một cơ quan hoặc một bộ chỉ số.",
            f"That list has {number} indicators; at most {MOST_LISTED} are shown at a time. Choose a locality, a publisher or an indicator set.",
            details={"limit": "indicators", "value": MOST_LISTED},
        )
    return _lately(service).given((day, wanted), lambda: indicators(service.store, wanted, day).indicators)


async def at_turn(service: Service, request: Request, answer: Callable[[], Response], *, long: bool) -> Response:
    """The answer, made in a thread; a `long` one at a turn of the long questions. Raises `Busy` where there is none."""
    if not long:
        return await run_sync(answer)
    async with service.long_questions.turn(service.visitor(request)):
        return await run_sync(answer)


def _file(service: Service, folder: Path, day: date) -> Path:
    return folder / records.OVERVIEW.format(state=service.state, day=day.isoformat())


def _lately(service: Service) -> _Lately:
    return service.once("surveys", _Lately)
