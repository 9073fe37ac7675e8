"""`/api/v1/search`: things by name or code, with facets; `/api/v1/suggest`: the best few of them while somebody types."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api import answers, searching, texts
from api.pages.render import Messages, Pages
from api.parameters import AsOf, Cursor, Limit, resource
from api.searching import Choice, Given
from api.service import Service
from catalogue.errors import Invalid
from catalogue.iri import KINDS
from catalogue.search.index import LONGEST, Found

MOST_SUGGESTED = 20
"""Most suggestions of one answer."""

Words = Annotated[
    str,
    Query(
        max_length=LONGEST,
        description="What to look for: name, abbreviation, code or number, with or without diacritics.",
        examples=["so khcn ha noi"],
    ),
]


@dataclass(frozen=True, slots=True)
class Results:
    """One page of results, the best first. `total` and `facets` count all results, whatever the page; each facet is counted
    over what the other filters leave. `did_you_mean`: other texts to try, where nothing was found."""

    query: str
    as_of: date
    total: int
    items: list[Found]
    facets: list[Choice]
    did_you_mean: list[str]
    next_cursor: str | None


LONGEST_CODE = 60
"""Characters of a code or number beside a name that is suggested."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing that somebody may mean: its name and its kind in the language asked for, its code or number, the address
    of its page, and its validity, which alone tells two bodies of one name apart.

    `note`: what tells it apart, in words: its validity, a former name by which it was found, what it became.
    """

    iri: str
    kind: str | None
    kind_label: str | None
    label: str | None
    language: str | None
    notation: str | None
    page: str | None
    valid_from: date | None
    valid_to: date | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What a text that is still being typed may mean, the best first."""

    query: str
    items: list[Suggestion]


def router(service: Service, pages: Pages) -> APIRouter:
    """The routes, over `service`."""
    routes = resource("/api/v1")

    @routes.get("/search", response_model=answers.model(Results), tags=["questions"])
    def read_results(
        request: Request,
        q: Words,
        given: Given,
        limit: Limit = 20,
        cursor: Cursor = None,
        as_of: AsOf = None,
    ) -> Response:
        """Things whose name, abbreviation, code or number fits, the best first, with counts by facet; all filters must hold."""
        reading = service.reading(request, as_of)

        def make() -> Results:
            narrow = given.filters(service)
            index = service.search_index()
            page = index.search(q, narrow, as_of=reading.as_of, limit=limit, cursor=cursor, language=reading.language)
            other = [] if page.total or cursor else index.corrected(q)
            facets = searching.choices(service, pages.words(reading.language), page.facets)
            return Results(page.query, page.as_of, page.total, page.items, facets, other, page.next_cursor)

        return service.json(request, reading, make)

    @routes.get("/suggest", response_model=answers.model(Suggestions), tags=["questions"])
    def read_suggestions(
        request: Request,
        q: Words,
        kind: Annotated[
            str | None, Query(max_length=200, description="Only things of these kinds, joined by commas.")
        ] = None,
        limit: Annotated[int, Query(ge=1, le=MOST_SUGGESTED, description="Most suggestions.")] = 8,
    ) -> Response:
        """The few things that a text may mean which is still being typed."""
        reading = service.reading(request)
        kinds = tuple(one for one in (kind or "").split(",") if one)
        for one in kinds:
            if one not in KINDS:
                raise Invalid(
                    f"Không có loại “{one[:40]}”.", f"There is no kind “{one[:40]}”.", details={"kinds": list(KINDS)}
                )

        def make() -> Suggestions:
            words = pages.words(reading.language)
            found = service.search_index().suggest(q, kinds=kinds, limit=limit, language=reading.language)
            return Suggestions(
                q,
                [
                    Suggestion(
                        one.iri,
                        one.kind,
                        words[f"kind.{one.kind}"] if one.kind else None,
                        texts.line(one.label or "") or None,
                        one.language,
                        texts.line(one.notation or "", LONGEST_CODE) or None,
                        service.address(one.iri),
                        one.valid_from,
                        one.valid_to,
                        _note(words, one, reading.language),
                    )
                    for one in found
                ],
            )

        return service.json(request, reading, make, dated=False)

    return routes


def _note(words: Messages, found: Found, language: str) -> str | None:
    said = (searching.period(words, found, language), searching.note(words, found))
    return " · ".join(part for part in said if part) or None
