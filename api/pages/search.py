"""The page `/search`: results grouped by kind, facets as links, and help where nothing is found."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api import searching, texts
from api.pages.answering import answered
from api.pages.render import Pages
from api.parameters import AsOf, Cursor
from api.searching import Given
from api.service import Reading, Service
from catalogue.beside import beside
from catalogue.labels import Reference, references
from catalogue.search.filters import EVERYTHING, Filters
from catalogue.search.index import LONGEST, KindGroup, SearchIndex, SearchPage

_EACH = 5
"""Results of one kind, where all kinds stand together."""

_PAGE = 20
_NEAR = 5

Words = Annotated[str, Query(max_length=60_000)]


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A filter that is set: its parameter, the value in the address, and both in words."""

    name: str
    value: str
    facet: str
    label: str


def router(service: Service, pages: Pages) -> APIRouter:
    """The route, over `service`."""
    routes = APIRouter()

    @routes.get("/search", include_in_schema=False)
    def read_search(
        request: Request,
        given: Given,
        q: Words = "",
        cursor: Cursor = None,
        as_of: AsOf = None,
    ) -> Response:
        """Things by name, code or number, narrowed by facets."""
        typed = " ".join(q.split())

        def make(reading: Reading) -> dict[str, Any]:
            found = _found(service, pages, typed[:LONGEST], given.filters(service), cursor, reading)
            return {"typed": typed, "longest": LONGEST, **found}

        return answered(service, pages, request, as_of, "search.html", make)

    return routes


def _found(
    service: Service, pages: Pages, text: str, narrow: Filters, cursor: str | None, reading: Reading
) -> dict[str, Any]:
    words = pages.words(reading.language)
    chosen = _chosen(service, pages, narrow, reading)
    found: dict[str, Any] = {"q": text, "meant": text, "chosen": chosen, "answer": None, "help": None}
    narrow.check()
    if not text:
        return found
    index = service.search_index()
    page, groups = _answer(index, text, narrow, cursor, reading)
    helping = None if page.total else _help(service, index, text, narrow, reading)
    if helping and helping.texts:  # a typing error: who typed it sees what was meant at once
        text = helping.texts[0][0]
        page, groups = _answer(index, text, narrow, None, reading)
    facets = searching.choices(service, words, page.facets)
    shown = [choice for choice in facets if len(choice.values) > 1 or any(one.name == choice.name for one in chosen)]
    return {
        **found,
        "meant": text,
        "answer": page,
        "groups": groups,
        "choices": shown,
        "help": helping,
        "notes": _notes(pages, page, reading),
        "beside": beside(service.store, _unclear(page), reading.language),
    }


def _answer(
    index: SearchIndex, text: str, narrow: Filters, cursor: str | None, reading: Reading
) -> tuple[SearchPage, list[KindGroup]]:
    """Results, a few of each kind; of one kind alone, or from a cursor on, a list with pages."""
    groups: list[KindGroup] = []
    if not (narrow.kind or cursor):
        page, groups = index.by_kind(text, narrow, as_of=reading.as_of, each=_EACH, language=reading.language)
    if narrow.kind or cursor or (len(groups) == 1 and page.total == groups[0].count > _EACH):
        page = index.search(text, narrow, as_of=reading.as_of, limit=_PAGE, cursor=cursor, language=reading.language)
        return page, []
    return page, groups


def _unclear(page: SearchPage) -> list[str]:
    """Documents, called by their number, and administrative units, of which many bear one name."""
    return [
        one.iri for one in page.items if one.kind == "area" or (one.kind == "decision" and "“" not in (one.label or ""))
    ]


def _notes(pages: Pages, page: SearchPage, reading: Reading) -> dict[str, str]:
    words = pages.words(reading.language)
    told = {one.iri: searching.note(words, one) for one in page.items}
    return {iri: note for iri, note in told.items() if note}


def _chosen(service: Service, pages: Pages, narrow: Filters, reading: Reading) -> list[_Chosen]:
    words = pages.words(reading.language)
    nodes = [value for name, value in narrow.chosen.items() if name in ("level", "group", "lead")]
    named = references(service.store, nodes, reading.language) if nodes else {}
    told = []
    for name, value in narrow.chosen.items():
        label = named[value].label if value in named else None
        plain = searching.short(service, name, value)
        try:
            label = label or searching.label(words, name, value)
        except KeyError:  # no such kind, mark or validity: said by the check that follows
            label = value
        told.append(_Chosen(name, plain, words[f"search.facet.{name}"], texts.line(label) or "–"))
    return told


@dataclass(frozen=True, slots=True)
class _Help:
    """What to try where nothing is found: how many there are without the filters, other texts with their numbers, and
    things whose names share words with the text."""

    without_filters: int
    texts: list[tuple[str, int]]
    near: list[Reference]


def _help(service: Service, index: SearchIndex, text: str, narrow: Filters, reading: Reading) -> _Help:
    def total(other: str, narrow: Filters) -> int:
        return index.search(other, narrow, as_of=reading.as_of, limit=1, language=reading.language).total

    everything = total(text, EVERYTHING) if narrow.chosen else 0
    texts = [] if everything else [(other, count) for other in index.corrected(text) if (count := total(other, narrow))]
    near = [] if everything or texts else [one.iri for one in index.nearest(text, limit=_NEAR)]
    named = references(service.store, near, reading.language) if near else {}
    return _Help(everything, texts, [one for one in named.values() if one.label][:_NEAR])
