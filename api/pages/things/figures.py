"""Figures for a page: by place and period, those that contradict each other side by side, and a chart where they make a
series."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from api.pages.naming import day
from api.pages.things.chart import Chart, chart
from catalogue.labels import Reference
from catalogue.observations import Figure

MOST = 200
"""Figures that one page shows."""


@dataclass(frozen=True, slots=True)
class Row:
    """The figures for one indicator, place, period and unit; `differ`: their sources say different numbers."""

    indicator: Reference
    area: Reference
    period: str
    figures: list[Figure]
    differ: bool


@dataclass(frozen=True, slots=True)
class Table:
    """The rows, the newest period of each place first; how many figures there are in all, None where they were not
    counted; and a chart of the longest series."""

    rows: list[Row]
    total: int | None
    chart: Chart | None


def table(figures: Iterable[Figure], language: str, *, total: int | None = None) -> Table:
    """The figures as a table; `total`: how many there are where not all are given."""
    listed = list(figures)
    found: dict[tuple[str, str, str, str], list[Figure]] = {}
    for one in listed:
        key = (one.indicator.iri, one.area.iri, one.period, one.unit.iri if one.unit else "")
        found.setdefault(key, []).append(one)
    rows = [
        Row(
            group[0].indicator,
            group[0].area,
            when(group[0].period, language),
            group,
            len({one.value for one in group if one.value is not None}) > 1,
        )
        for group in found.values()
    ]
    # Two sorts: the newest first within each place, places by name.
    rows.sort(key=lambda row: row.figures[0].period, reverse=True)
    rows.sort(key=lambda row: (row.indicator.label or row.indicator.iri, row.area.label or row.area.iri))
    return Table(rows, len(listed) if total is None else total, chart(listed))


def when(period: str, language: str) -> str:
    """A period as people write it.

    >>> when("2022-05-31", "vi"), when("2024", "vi"), when("2024-03", "vi")
    ('31/5/2022', '2024', '3/2024')
    """
    try:
        return day(date.fromisoformat(period), language)
    except ValueError:
        year, _, month = period.partition("-")
        return f"{int(month)}/{year}" if len(year) == 4 and month.isdigit() else period


def number(value: Decimal, decimals: int | None, language: str) -> str:
    """A number as people write it, with as many decimals as were published.

    >>> number(Decimal("748438.5"), 1, "vi"), number(Decimal("748438.5"), None, "en")
    ('748.438,5', '748,438.5')
    """
    written = f"{value:,.{decimals}f}" if decimals is not None and 0 <= decimals <= 12 else f"{value:,f}"
    return written.translate(str.maketrans(",.", ".,")) if language != "en" else written
