"""A small chart of one series of figures, drawn on the server: points over time, joined by a line."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from catalogue.labels import Reference
from catalogue.observations import Figure

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 70, 24, 28, 34
FEWEST, MOST = 3, 60
"""Points that make a series, and points that still can be told apart."""


@dataclass(frozen=True, slots=True)
class Point:
    """A figure in its place; `anchor`: how its period is written below (start, middle, end), empty where it is not."""

    x: float
    y: float
    figure: Figure
    anchor: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The points of one place from left to right, the line through them, and where the least and greatest value lie."""

    area: Reference
    unit: str | None
    points: list[Point]
    line: str
    least: Decimal
    greatest: Decimal


def chart(figures: Iterable[Figure]) -> Chart | None:
    """The longest series of one indicator, place and unit with one value for each period; None where none is long enough."""
    series: dict[tuple[str, str, str], dict[str, Figure]] = {}
    unsure: set[tuple[str, str, str]] = set()
    for one in figures:
        if one.value is None:
            continue
        key = (one.indicator.iri, one.area.iri, one.unit.iri if one.unit else "")
        before = series.setdefault(key, {}).setdefault(one.period, one)
        if before.value != one.value:
            unsure.add(key)
    fit = [
        sorted(found.items())
        for key, found in series.items()
        if key not in unsure and len(found) >= FEWEST and len({len(period) for period in found}) == 1
    ]
    if not fit:
        return None
    longest = [one for _, one in max(fit, key=len)][-MOST:]
    return _drawn(longest)


def _drawn(series: list[Figure]) -> Chart:
    values = [one.value for one in series if one.value is not None]
    least, greatest = min(values), max(values)
    span = float(greatest - least) or 1.0
    moments = [_moment(one.period) for one in series]
    time = (moments[-1] - moments[0]) or 1.0
    places = [round(LEFT + (WIDTH - LEFT - RIGHT) * (moment - moments[0]) / time, 1) for moment in moments]
    named = _named(places)
    points = [
        Point(
            places[place],
            round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * float(value - least) / span, 1),
            one,
            named.get(place, ""),
        )
        for place, (one, value) in enumerate(zip(series, values, strict=True))
    ]
    unit = series[0].unit.label if series[0].unit else None
    line = " ".join(f"{point.x},{point.y}" for point in points)
    return Chart(series[0].area, unit, points, line, least, greatest)


_ROOM = 110
"""Room that the period of a point takes."""


def _named(places: list[float]) -> dict[int, str]:
    """Below which points the period is written, and how: the first, the last, and those between that have room."""
    found = {0: "start", len(places) - 1: "end"}
    before = places[0] + _ROOM / 2
    for number, place in enumerate(places[1:-1], 1):
        if place - before >= _ROOM / 2 + 10 and places[-1] - place >= 1.5 * _ROOM + 10:
            found[number] = "middle"
            before = place + _ROOM / 2
    return found


def _moment(period: str) -> float:
    """A period as a point in time, in years.

    >>> _moment("2024"), _moment("2024-07")
    (2024.0, 2024.5)
    """
    year, month, day = (*(int(part) for part in period.split("-") if part.isdigit()), 1, 1)[:3]
    return year + (month - 1) / 12 + (day - 1) / 372
