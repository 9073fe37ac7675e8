"""Today, where the catalogue is at home: a date in Asia/Ho_Chi_Minh, from a clock that is passed in."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

from catalogue.errors import Invalid

# Vietnam has kept UTC+7 without summer time since 13 June 1975; a fixed offset needs no time-zone data on the machine.
VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The present moment, with its zone."""
    return datetime.now(UTC)


def today(clock: Clock = system_clock) -> date:
    """The date in Vietnam at the moment that `clock` tells.

    >>> today(lambda: datetime(2025, 2, 28, 17, 0, tzinfo=UTC))
    datetime.date(2025, 3, 1)
    """
    return clock().astimezone(VIETNAM).date()


def holds(day: date, first: date | None, end: date | None) -> bool:
    """Whether a period holds a day. `end` is the first day after it; a bound that is not known is no bound.

    >>> holds(date(2025, 3, 1), date(2025, 3, 1), None), holds(date(2025, 3, 1), None, date(2025, 3, 1))
    (True, False)
    """
    return (first is None or first <= day) and (end is None or day < end)


# Before the Declaration of Independence no body of today's state existed: a date before it is a slip, not a question.
EARLIEST = date(1945, 9, 2)
LATEST = date(2100, 12, 31)


def parse_date(text: str) -> date:
    """Read a date as people write it: 2024-06-30, 30/6/2024, 30-06-2024 or 30.6.2024.

    >>> parse_date("30/6/2024")
    datetime.date(2024, 6, 30)

    Raises `Invalid` for an impossible date and for one outside 2/9/1945 to 31/12/2100.
    """
    import re  # used on this path alone

    cleaned = text.strip()
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", cleaned, re.ASCII)
    spoken = re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", cleaned, re.ASCII)
    try:
        if iso:
            found = date(int(iso[1]), int(iso[2]), int(iso[3]))
        elif spoken:
            found = date(int(spoken[3]), int(spoken[2]), int(spoken[1]))
        else:
            raise ValueError("neither year-month-day nor day/month/year")
    except ValueError:
        raise Invalid(
            f"“{cleaned[:40]}” không phải là một ngày. Hãy viết năm-tháng-ngày (2024-06-30) hoặc ngày/tháng/năm (30/6/2024).",
            f"“{cleaned[:40]}” is not a date. Write year-month-day (2024-06-30) or day/month/year (30/6/2024).",
            details={"value": cleaned[:40]},
        ) from None
    if not EARLIEST <= found <= LATEST:
        raise Invalid(
            f"Ngày {found.isoformat()} nằm ngoài phạm vi danh mục có thể biết ({EARLIEST} đến {LATEST}).",
            f"The date {found.isoformat()} lies outside what the catalogue can know ({EARLIEST} to {LATEST}).",
            details={"value": found.isoformat()},
        )
    return found


def written(day: date, language: str) -> str:
    """A day as people write it, so that names, sentences and tables agree.

    >>> written(date(2024, 6, 30), "vi"), written(date(2024, 6, 30), "en")
    ('30/6/2024', '30 June 2024')
    """
    if language == "en":
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day.day}/{day.month}/{day.year}"


# Not strftime: its names are those of the machine's language.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
