"""`/overview`: how many indicators there are, led, mapped and confirmed, by locality, publisher and set; and the lists behind."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from api import surveys
from api.pages.answering import answered, tabled
from api.pages.render import Messages, Pages
from api.pages.state.keys import chosen
from api.parameters import LONGEST_THING, AsOf
from api.service import Reading, Service
from catalogue.graphs import MARKS
from catalogue.iri import curie
from catalogue.labels import Reference, references
from catalogue.leads import LEAD_STATES
from catalogue.mapping.review.standing import CENTRAL, MAPPED, STATES
from catalogue.survey.indicators import Indicator
from catalogue.survey.overview import LED, UNKNOWN, Counts, Row, by_locality, by_publisher, sums, total

MOST_ROWS = 500
PAGE = 50

By = Annotated[Literal["locality", "publisher", "set"], Query(description="A row for each of these.")]
Name = Annotated[str, Query(max_length=LONGEST_THING)]
Form = Annotated[Literal["html", "csv"], Query(alias="format", description="`csv`: a table for Excel.")]
PageNumber = Annotated[int, Query(ge=1, le=100_000)]
Lead = Literal["", "led", "unled", "own", "inherited", "several", "ended", "without"]
Mapping = Annotated[str, Query(max_length=40)]
Mark = Literal["", "confirmed", "unconfirmed", "inferred", "unverified"]

_LEADS: dict[str, Sequence[str]] = {
    "led": LED,
    "unled": ("ended", "without"),
    **{one: (one,) for one in LEAD_STATES},
}
_MAPPINGS: dict[str, Sequence[str]] = {
    "mapped": MAPPED,
    "unmapped": STATES[len(MAPPED) :],
    "open": ("candidate", "obsolete", "nothing"),
    **{one: (one,) for one in STATES},
}
_MARKS: dict[str, Sequence[str]] = {
    "unconfirmed": ("inferred", "unverified"),
    **{one: (one,) for one in MARKS},
}

_WORDS = (None, CENTRAL, UNKNOWN)
"""What a filter may be that is no thing."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: what it is about (None: a word for `central` or `unknown`), how many sets, the numbers."""

    key: str
    thing: Reference | None
    word: str
    sets: int
    counts: Counts
    row: Row | None = None


def router(service: Service, pages: Pages) -> APIRouter:
    """The routes, over `service`."""
    routes = APIRouter()

    @routes.get("/overview", include_in_schema=False)
    async def read_overview(
        request: Request,
        by: By = "locality",
        locality: Name = "",
        publisher: Name = "",
        as_of: AsOf = None,
        form: Form = "html",
    ) -> Response:
        """The numbers of the day, as a page or as a table for Excel."""
        reading = service.reading(request, as_of, page=True)

        def make(reading: Reading) -> dict[str, Any]:
            found = surveys.overview(service, reading.as_of)
            place = chosen(service.base, locality, _keys(found.rows, by_locality))
            who = chosen(service.base, publisher, _keys(found.rows, by_publisher))
            rows = found.chosen(locality=place, publisher=who)
            lines = _lines(service, rows, by, reading.language)
            named = references(service.store, [one for one in (place, who) if one not in _WORDS], reading.language)
            empty = [one for one in lines if not one.counts.indicators]
            full = [one for one in lines if one.counts.indicators]
            return {
                "by": by,
                "lines": full[:MOST_ROWS],
                "empty": empty[:MOST_ROWS],
                "more": max(0, len(full) - MOST_ROWS),
                "all": lines,
                "total": total(rows),
                "sets": len(rows),
                "filters": {"locality": locality or None, "publisher": publisher or None},
                "named": {"locality": _named(place, named), "publisher": _named(who, named)},
                "key": partial(curie, service.base),
            }

        def written(reading: Reading) -> list[list[str]]:
            words = pages.words(reading.language)
            return [_header(words, by), *(_cells(one, words) for one in make(reading)["all"])]

        def answer() -> Response:
            if form == "csv":
                return tabled(service, request, as_of, "overview", written)
            return answered(service, pages, request, as_of, "state/overview.html", make)

        return await surveys.at_turn(service, request, answer, long=not surveys.ready(service, reading.as_of))

    @routes.get("/overview/indicators", include_in_schema=False)
    async def read_indicators(
        request: Request,
        set: Name = "",
        locality: Name = "",
        publisher: Name = "",
        lead: Lead = "",
        mapping: Mapping = "",
        mark: Mark = "",
        page: PageNumber = 1,
        as_of: AsOf = None,
        form: Form = "html",
    ) -> Response:
        """Which indicators stand behind a number."""

        def find(reading: Reading) -> tuple[list[Indicator], dict[str, Row], dict[str, str | None]]:
            found = surveys.overview(service, reading.as_of)
            asked = {
                "set": chosen(service.base, set, [row.scheme for row in found.rows]),
                "locality": chosen(service.base, locality, _keys(found.rows, by_locality)),
                "publisher": chosen(service.base, publisher, _keys(found.rows, by_publisher)),
            }
            rows = found.chosen(scheme=asked["set"], locality=asked["locality"], publisher=asked["publisher"])
            by_set = {row.scheme: row for row in rows}
            wanted = [
                one
                for one in surveys.listed(service, by_set, reading.as_of)
                if (not lead or one.lead in _LEADS[lead])
                and (not mapping or one.mapping in _MAPPINGS.get(mapping, ()))
                and (not mark or one.mark in _MARKS[mark])
            ]
            return wanted, by_set, asked

        def make(reading: Reading) -> dict[str, Any]:
            wanted, by_set, asked = find(reading)
            shown = wanted[(page - 1) * PAGE : page * PAGE]
            iris = {iri for one in shown for iri in (one.iri, one.scheme, *one.units)} | {
                iri for iri in asked.values() if iri not in _WORDS
            }
            named = references(service.store, iris, reading.language)
            filters = {
                "set": set,
                "locality": locality,
                "publisher": publisher,
                "lead": lead,
                "mapping": mapping if mapping in _MAPPINGS else "",
                "mark": mark,
            }
            return {
                "listed": shown,
                "number": len(wanted),
                "page": page,
                "last": max(1, -(-len(wanted) // PAGE)),
                "named": named,
                "asked_for": {name: _named(iri, named) for name, iri in asked.items()},
                "filters": {name: value for name, value in filters.items() if value},
                "sets": by_set,
            }

        def written(reading: Reading) -> list[list[str]]:
            wanted, _, _ = find(reading)
            words = pages.words(reading.language)
            iris = {iri for one in wanted for iri in (one.iri, one.scheme, *one.units)}
            named = references(service.store, iris, reading.language)
            head = [words[f"state.column.{name}"] for name in ("indicator", "set", "lead", "units", "mapping", "mark")]
            return [[*head, "IRI"]] + [
                [
                    service.title(named[one.iri]),
                    service.title(named[one.scheme]),
                    words[f"state.lead.{one.lead}"],
                    "; ".join(service.title(named[unit]) for unit in one.units),
                    words[f"state.mapping.{one.mapping}"],
                    words[f"marks.{one.mark}"],
                    one.iri,
                ]
                for one in wanted
            ]

        def answer() -> Response:
            if form == "csv":
                return tabled(service, request, as_of, "indicators", written)
            return answered(service, pages, request, as_of, "state/indicators.html", make)

        return await surveys.at_turn(service, request, answer, long=True)

    return routes


def _keys(rows: Iterable[Row], by: Callable[[Row], list[str]]) -> list[str]:
    return list(dict.fromkeys(one for row in rows for one in by(row)))


def _named(iri: str | None, named: dict[str, Reference]) -> Reference | str | None:
    return iri if iri in _WORDS else named[iri]


def _lines(service: Service, rows: Sequence[Row], by: str, language: str) -> list[Line]:
    if by == "set":
        ordered = sorted(rows, key=lambda row: (-row.counts.indicators, row.scheme))
        named = references(service.store, {iri for row in rows for iri in (row.scheme, row.fixer) if iri}, language)
        return [Line(row.scheme, named[row.scheme], "", 1, row.counts, row) for row in ordered]
    found = sums(rows, by_locality if by == "locality" else by_publisher)
    named = references(service.store, [one.key for one in found if one.key not in _WORDS], language)
    return [
        Line(one.key, named.get(one.key), "" if one.key in named else f"{by}.{one.key}", one.sets, one.counts)
        for one in found
    ]


def _header(words: Messages, by: str) -> list[str]:
    fixed = [words[f"state.by.{by}"], *(words[f"state.column.{name}"] for name in ("sets", "indicators"))]
    return [
        *fixed,
        *(words[f"state.lead.{one}"] for one in LEAD_STATES),
        *(words[f"state.mapping.{one}"] for one in STATES),
        *(words[f"marks.{one}"] for one in ("confirmed", "inferred", "unverified")),
        "IRI",
    ]


def _cells(one: Line, words: Messages) -> list[str]:
    name = (one.thing.label or one.thing.iri) if one.thing else words[f"state.{one.word}"]
    numbers = (one.sets, one.counts.indicators, *one.counts.lead.values(), *one.counts.mapping.values())
    marks = one.counts.mark.values()
    return [name, *map(str, (*numbers, *marks)), one.thing.iri if one.thing else ""]
