"""`/api/v1/search`: things by name or code, with facets; `/api/v1/suggest`: the best few of them while somebody types."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api import answers
from api.pages.render import Pages
from api.parameters import Cursor, Limit, resource
from api.service import Service
from catalogue.errors import Invalid
from catalogue.iri import KINDS
from catalogue.search import LONGEST, SearchPage

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
Kind = Annotated[str | None, Query(max_length=40, description="Only things of this kind, as `agency`.")]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing that somebody may mean: its name and its kind in the language asked for, its code or number, the address
    of its page, and its validity, which alone tells two bodies of one name apart."""

    iri: str
    kind: str | None
    kind_label: str | None
    label: str | None
    language: str | None
    notation: str | None
    page: str | None
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What a text that is still being typed may mean, the best first."""

    query: str
    items: list[Suggestion]


def router(service: Service, pages: Pages) -> APIRouter:
    """The routes, over `service`."""
    routes = resource("/api/v1")

    @routes.get("/search", response_model=answers.model(SearchPage), tags=["questions"])
    def read_results(
        request: Request, q: Words, kind: Kind = None, limit: Limit = 20, cursor: Cursor = None
    ) -> Response:
        """Things whose name, abbreviation, code or number fits, the best first, with counts by kind."""
        reading = service.reading(request)

        def make() -> SearchPage:
            return service.search_index().search(
                q, kind=kind or None, limit=limit, cursor=cursor, language=reading.language
            )

        return service.json(request, reading, make, dated=False)

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
                        one.label,
                        one.language,
                        one.notation,
                        service.address(one.iri),
                        one.valid_from,
                        one.valid_to,
                    )
                    for one in found
                ],
            )

        return service.json(request, reading, make, dated=False)

    return routes
