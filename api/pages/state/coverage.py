"""`/coverage`: which codes have a counterpart, scheme by scheme, group by group, locality by locality, in both directions."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from api import surveys
from api.pages.answering import answered, tabled
from api.pages.render import Messages, Pages
from api.parameters import LONGEST_THING, AsOf, Cursor
from api.service import Reading, Service
from catalogue.gaps import Gap
from catalogue.iri import curie
from catalogue.labels import Reference, references
from catalogue.mapping import codebook
from catalogue.mapping.review import conflicts, coverage, coverage_codes, tables, worklist
from catalogue.mapping.review.coverage import count_name
from catalogue.mapping.review.standing import CENTRAL, MAPPED, STATES, UNMAPPED, indicator_sets
from catalogue.survey.overview import UNKNOWN, Overview, by_locality, sums

MOST_ROWS = 400
PAGE = 50

Name = Annotated[str, Query(max_length=LONGEST_THING)]
By = Annotated[Literal["scheme", "group", "locality"], Query(description="A row for each of these.")]
Form = Annotated[Literal["html", "csv"], Query(alias="format")]


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the codes of `scheme` (of `group`) against `against` (None: any other), or all sets of a `locality` (a thing,
    `central`, `unknown`). `side`: whose codes they are, where two schemes are asked about. `chains`: codes reached
    through several mappings alone."""

    side: str
    scheme: Reference | None
    against: Reference | None
    group: Reference | str | None
    locality: Reference | str | None
    codes: int
    states: dict[str, int]
    chains: int | None = None

    @property
    def mapped(self) -> int:
        """Codes with a counterpart."""
        return sum(self.states[state] for state in MAPPED)

    @property
    def open(self) -> int:
        """Codes about which something is still to be decided."""
        return sum(self.states[state] for state in ("candidate", "obsolete", "nothing"))


def router(service: Service, pages: Pages) -> APIRouter:
    """The routes, over `service`."""
    routes = APIRouter()

    def scheme_of(text: str, reading: Reading) -> str | None:
        return codebook.scheme(service.store, text, language=reading.language) if text.strip() else None

    @routes.get("/coverage", include_in_schema=False)
    async def read_coverage(
        request: Request, scheme: Name = "", to: Name = "", by: By = "scheme", as_of: AsOf = None, form: Form = "html"
    ) -> Response:
        """How many codes have a counterpart; between two schemes in both directions."""
        reading = service.reading(request, as_of, page=True)

        def make(reading: Reading) -> dict[str, Any]:
            own, other = scheme_of(scheme, reading), scheme_of(to, reading)
            sets = indicator_sets(service.store)
            named = references(service.store, [*sets, *(one for one in (own, other) if one)], reading.language)
            gaps: list[Gap] = []
            # Toward any other scheme the numbers of every indicator set are there; other schemes and pairs are asked.
            if other is None and (own is None or own in sets):
                lines = _prepared(service, surveys.overview(service, reading.as_of), own, by, reading.language)
            else:
                lines, gaps = _asked(service, own, other, by, reading)
            if own is None:
                lines = [one for one in lines if one.codes]
            return {
                "by": by,
                "lines": lines[:MOST_ROWS],
                "more": max(0, len(lines) - MOST_ROWS),
                "all": lines,
                "gaps": gaps,
                "scheme": named[own] if own else None,
                "to_scheme": named[other] if other else None,
                "own": curie(service.base, own) if own else None,
                "other": curie(service.base, other) if other else None,
                "choices": sorted(((curie(service.base, one), service.title(named[one])) for one in sets), key=_name),
                "key": partial(curie, service.base),
                "states": STATES,
            }

        def written(reading: Reading) -> list[list[str]]:
            words = pages.words(reading.language)
            return [_head(words), *(_cells(one, words, service) for one in make(reading)["all"])]

        def answer() -> Response:
            if form == "csv":
                return tabled(service, request, as_of, "coverage", written)
            return answered(service, pages, request, as_of, "state/coverage.html", make)

        long = bool(to.strip() or scheme.strip()) or not surveys.ready(service, reading.as_of)
        return await surveys.at_turn(service, request, answer, long=long)

    @routes.get("/coverage/codes", include_in_schema=False)
    async def read_codes(
        request: Request,
        scheme: Name = "",
        to: Name = "",
        side: Literal["", "scheme", "to"] = "",
        state: Annotated[str, Query(max_length=200)] = "",
        group: Name = "",
        locality: Name = "",
        cursor: Cursor = None,
        as_of: AsOf = None,
        form: Form = "html",
    ) -> Response:
        """The codes behind a number of the coverage, each with what was proposed or decided about it."""

        def find(reading: Reading, most: int) -> coverage_codes.CodeList:
            def thing(text: str, *words: str) -> str | None:
                return None if not text else text if text in words else service.thing(text, reading).value

            states = [one for one in state.split(",") if one in STATES]
            return coverage_codes.codes(
                service.store,
                scheme=scheme_of(scheme, reading),
                to=scheme_of(to, reading),
                side=side or None,
                states=states or UNMAPPED,
                group=thing(group, UNKNOWN),
                locality=thing(locality, CENTRAL, UNKNOWN),
                as_of=reading.as_of,
                limit=most,
                cursor=cursor,
                language=reading.language,
            )

        def make(reading: Reading) -> dict[str, Any]:
            chosen = {"scheme": scheme, "to": to, "side": side, "state": state, "group": group, "locality": locality}
            ends = [one for one in (scheme_of(scheme, reading), scheme_of(to, reading)) if one]
            named = references(service.store, ends, reading.language)
            return {
                "found": find(reading, PAGE),
                "filters": {name: value for name, value in chosen.items() if value},
                "ends": [named[one] for one in ends],
                "first": cursor is None,
                "known_states": STATES,
            }

        def written(reading: Reading) -> list[list[str]]:
            return tables.codes(find(reading, 1_000), reading.language)

        def answer() -> Response:
            if form == "csv":
                return tabled(service, request, as_of, "codes", written)
            return answered(service, pages, request, as_of, "state/codes.html", make)

        return await surveys.at_turn(service, request, answer, long=True)

    @routes.get("/coverage/work", include_in_schema=False)
    async def read_work(
        request: Request, scheme: Name, to: Name, cursor: Cursor = None, as_of: AsOf = None
    ) -> Response:
        """What is to be decided next between two schemes, with the candidates."""

        def make(reading: Reading) -> dict[str, Any]:
            ends = str(scheme_of(scheme, reading)), str(scheme_of(to, reading))
            named = references(service.store, ends, reading.language)
            work = worklist.work(
                service.store,
                scheme=ends[0],
                to=ends[1],
                as_of=reading.as_of,
                limit=PAGE,
                cursor=cursor,
                language=reading.language,
            )
            return {"work": work, "scheme": named[ends[0]], "to_scheme": named[ends[1]], "ends": (scheme, to)}

        def answer() -> Response:
            return answered(service, pages, request, as_of, "state/work.html", make)

        return await surveys.at_turn(service, request, answer, long=True)

    @routes.get("/coverage/conflicts", include_in_schema=False)
    async def read_conflicts(request: Request, cursor: Cursor = None, as_of: AsOf = None) -> Response:
        """Which mappings contradict each other or are stale, and what to do."""

        def make(reading: Reading) -> dict[str, Any]:
            found = conflicts.conflicts(
                service.store, as_of=reading.as_of, limit=PAGE, cursor=cursor, language=reading.language
            )
            return {"found": found}

        def answer() -> Response:
            return answered(service, pages, request, as_of, "state/conflicts.html", make)

        return await surveys.at_turn(service, request, answer, long=True)

    return routes


def _name(choice: tuple[str, str]) -> str:
    return choice[1].casefold()


def _prepared(service: Service, found: Overview, own: str | None, by: str, language: str) -> list[Line]:
    """The lines toward any other scheme, from the numbers that are there."""
    rows = sorted(found.chosen(scheme=own), key=lambda row: (-row.counts.indicators, row.scheme))
    if by == "locality":
        added = sums(rows, by_locality)
        places = references(service.store, [one.key for one in added if one.key not in (CENTRAL, UNKNOWN)], language)
        return [
            Line("scheme", None, None, None, places.get(one.key, one.key), one.counts.indicators, one.counts.mapping)
            for one in added
        ]
    iris = {iri for row in rows for iri in (row.scheme, *(part.group for part in row.parts)) if iri}
    named = references(service.store, iris, language)
    if by == "scheme":
        return [
            Line("scheme", named[row.scheme], None, None, None, row.counts.indicators, row.counts.mapping)
            for row in rows
        ]
    lines = []
    for row in rows:
        for part in row.parts:
            group = named[part.group] if part.group else UNKNOWN
            lines.append(Line("scheme", named[row.scheme], None, group, None, sum(part.mapping.values()), part.mapping))
        if not row.parts:
            lines.append(
                Line("scheme", named[row.scheme], None, UNKNOWN, None, row.counts.indicators, row.counts.mapping)
            )
    return lines


def _asked(
    service: Service, own: str | None, other: str | None, by: coverage.By, reading: Reading
) -> tuple[list[Line], list[Gap]]:
    found = coverage.coverage(
        service.store, scheme=own, to=other, by=by, as_of=reading.as_of, language=reading.language
    )
    lines = []
    for row in found.rows:
        place = row.locality
        lines.append(
            Line(
                row.side,
                row.scheme,
                row.against,
                row.group or (UNKNOWN if row.unknown_group else None),
                None if place is None else place.area or place.kind,
                row.direct.codes,
                {state: getattr(row.direct, count_name(state)) for state in STATES},
                row.chains.codes if row.chains else None,
            )
        )
    return lines, found.gaps


def _head(words: Messages) -> list[str]:
    names = ("scheme", "against", "group", "locality", "codes", "mapped")
    return [
        *(words[f"state.coverage.{name}"] for name in names),
        *(words[f"state.mapping.{state}"] for state in STATES),
        words["state.coverage.chains"],
    ]


def _cells(one: Line, words: Messages, service: Service) -> list[str]:
    def said(value: Reference | str | None, kind: str) -> str:
        if value is None:
            return ""
        return words[f"state.{kind}.{value}"] if isinstance(value, str) else service.title(value)

    ends = (
        said(one.scheme, "set"),
        said(one.against, "set") or words["state.coverage.any"],
        said(one.group, "group"),
        said(one.locality, "locality"),
    )
    numbers = (one.codes, one.mapped, *(one.states[state] for state in STATES))
    return [*ends, *map(str, numbers), "" if one.chains is None else str(one.chains)]
