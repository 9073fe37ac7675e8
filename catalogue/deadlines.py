"""Reporting periods and their days: until which day figures count, and by which day the report must be sent.

Decree 09/2019/NĐ-CP, Article 12: figures count from the day after the cut-off of the period before up to the cut-off in
the last month of the period; Article 13: the day of sending stands in that month too. A day that falls on a day off is not moved
here: the decree does not say that it moves.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

_LENGTHS = {"thang": 1, "quy": 3, "6-thang": 6, "6-thang-dau-nam": 6, "6-thang-cuoi-nam": 6, "9-thang": 9, "nam": 12}
_LAST_MONTHS = {
    "thang": tuple(range(1, 13)),
    "quy": (3, 6, 9, 12),
    "6-thang": (6, 12),
    "6-thang-dau-nam": (6,),
    "6-thang-cuoi-nam": (12,),
    "9-thang": (9,),
    "nam": (12,),
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """One report of a `frequency` (its notation): the period ends with `month` of `year`; figures count from `first` to
    `cutoff`, the report is sent by `due`. A day is None where the rule does not give it."""

    frequency: str
    year: int
    month: int
    first: date | None
    cutoff: date | None
    due: date | None

    @property
    def deadline_day(self) -> date | None:
        """The day by which something must be done: that of sending, else that of the cut-off."""
        return self.due or self.cutoff


def following(
    frequency: str, *, cutoff_day: int | None, due_day: int | None, as_of: date, number: int = 1
) -> list[Deadline]:
    """The next `number` reports of a frequency that are still to be sent on `as_of`.

    None for a frequency without months (each day, each week, every few years), for a rule without any day, and where the
    day of sending lies before the cut-off, so that its month is not known. A number that is no day of a month counts as
    not given.

    >>> one = following("quy", cutoff_day=14, due_day=25, as_of=date(2026, 11, 22))[0]
    >>> one.first.isoformat(), one.cutoff.isoformat(), one.due.isoformat()
    ('2026-09-15', '2026-12-14', '2026-12-25')
    """
    cutoff_day, due_day = _possible(cutoff_day), _possible(due_day)
    unclear = due_day is not None and cutoff_day is not None and due_day <= cutoff_day
    if frequency not in _LENGTHS or (cutoff_day is None and due_day is None) or unclear:
        return []
    found: list[Deadline] = []
    year, month = as_of.year, as_of.month
    while len(found) < number:
        if month in _LAST_MONTHS[frequency]:
            cutoff, due = _day(year, month, cutoff_day), _day(year, month, due_day)
            last = due or cutoff
            if last is not None and last >= as_of:
                before = _day(*_earlier(year, month, _LENGTHS[frequency]), cutoff_day)
                first = before + timedelta(days=1) if before else None
                found.append(Deadline(frequency, year, month, first, cutoff, due))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return found


def _earlier(year: int, month: int, months: int) -> tuple[int, int]:
    place = year * 12 + month - 1 - months
    return place // 12, place % 12 + 1


def _possible(day: int | None) -> int | None:
    return day if day is not None and 1 <= day <= 31 else None


def _day(year: int, month: int, day: int | None) -> date | None:
    """The day of a month, or its last day where the month is shorter."""
    if day is None:
        return None
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
