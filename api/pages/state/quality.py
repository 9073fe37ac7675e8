"""`/quality`: what is to be mended, by whom, and where: leads, mappings, warnings of the shapes, what is not confirmed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from api import surveys
from api.pages.answering import answered, tabled
from api.pages.naming import shown
from api.pages.render import Messages, Pages
from api.pages.state import warnings
from api.pages.things.figures import when
from api.parameters import LONGEST_THING, AsOf, Cursor
from api.service import Reading, Service
from catalogue import statements
from catalogue.iri import PREFIXES, curie, of_curie
from catalogue.labels import Reference, references
from catalogue.survey.examination import Examination, Source
from catalogue.survey.overview import UNKNOWN, Counts, Row, by_publisher, total
from catalogue.things import Value

MOST_PUBLISHERS = 200
MOST_SOURCES = 60
PAGE = 50

Form = Annotated[Literal["html", "csv"], Query(alias="format")]
Name = Annotated[str, Query(max_length=LONGEST_THING)]
PageNumber = Annotated[int, Query(ge=1, le=10_000)]
_WEB = ("http://", "https://")
_DECIMAL = PREFIXES["xsd"] + "decimal"


@dataclass(frozen=True, slots=True)
class Publisher:
    """One publisher of indicator sets and what is open in them. `fixer`: the unit that has its duties on the day."""

    key: str
    publisher: Reference | None
    fixer: Reference | None
    counts: Counts

    @property
    def open(self) -> int:
        """Indicators about whose mapping something is to be decided."""
        return sum(self.counts.mapping[state] for state in ("candidate", "obsolete", "nothing"))


@dataclass(frozen=True, slots=True)
class Said:
    """What one publisher of sources says that is not confirmed: statements of all its sources, those with the most first."""

    publisher: Reference | str | None
    inferred: int
    unverified: int
    sources: list[tuple[Reference, Source]]


def router(service: Service, pages: Pages) -> APIRouter:
    """The routes, over `service`."""
    routes = APIRouter()

    @routes.get("/quality", include_in_schema=False)
    async def read_quality(request: Request, as_of: AsOf = None, form: Form = "html") -> Response:
        """What is to be mended, by publisher."""
        reading = service.reading(request, as_of, page=True)

        def make(reading: Reading) -> dict[str, Any]:
            found = surveys.overview(service, reading.as_of)
            examined = surveys.examination(service)
            context: dict[str, Any] = {
                "publishers": _publishers(service, found.rows, reading.language),
                "total": total(found.rows),
                "examined": examined,
                "key": partial(curie, service.base),
            }
            if examined is not None:
                context |= _examined(service, examined, reading.language)
                context["told"] = warnings.told(service, context["named"])
                context["when"] = when
                context["amount"] = lambda text: shown(Value(text, None, _DECIMAL), reading.language)
            return context

        def written(reading: Reading) -> list[list[str]]:
            return _table(service, make(reading), pages.words(reading.language))

        def answer() -> Response:
            if form == "csv":
                return tabled(service, request, as_of, "quality", written)
            # Until the examination is there, the page must not be taken for the last word on this state.
            examined = surveys.examination(service) is not None
            answered_now = answered(service, pages, request, as_of, "state/quality.html", make)
            if not examined:
                del answered_now.headers["ETag"]
                answered_now.headers["Cache-Control"] = "no-store"
            return answered_now

        return await surveys.at_turn(service, request, answer, long=not surveys.ready(service, reading.as_of))

    @routes.get("/quality/warnings", include_in_schema=False)
    def read_warnings(
        request: Request,
        shape: Name = "",
        source: Name = "",
        publisher: Name = "",
        by: warnings.By = "shape",
        page: PageNumber = 1,
    ) -> Response:
        """What the shapes warn of, by rule or by publisher; narrowed to one of them, thing by thing."""
        asked = {"shape": shape, "source": source, "publisher": publisher}
        filters = {name: value for name, value in asked.items() if value}

        def make(reading: Reading) -> dict[str, Any]:
            examined = surveys.examination(service)
            context: dict[str, Any] = {"filters": filters, "by": by, "examined": examined}
            if examined is None:
                return context
            number = sum(one.number for one in examined.rules)
            if not filters:
                return context | {"number": number} | warnings.grouped(service, examined, by, reading.language)
            wanted = warnings.wanted(service, examined, filters)
            shown = wanted[(page - 1) * PAGE : page * PAGE]
            iris = {iri for one in shown for iri in (one.focus, one.source, one.path) if iri and iri.startswith(_WEB)}
            about = {name: of_curie(service.base, filters[name]) for name in ("source", "publisher") if name in filters}
            iris |= {iri for iri in about.values() if iri.startswith(_WEB)}
            named = references(service.store, iris, reading.language)
            return context | {
                "listed": shown,
                "number": len(wanted),
                "most": len(examined.warnings) if number > len(examined.warnings) else None,
                "named": named,
                "about": {name: named.get(iri) for name, iri in about.items()},
                "told": warnings.told(service, named),
                "page": page,
                "last": max(1, -(-len(wanted) // PAGE)),
            }

        return answered(service, pages, request, None, "state/warnings.html", make, dated=False)

    @routes.get("/quality/unconfirmed", include_in_schema=False)
    def read_unconfirmed(
        request: Request,
        mark: Literal["inferred", "unverified"] = "inferred",
        source: Name = "",
        cursor: Cursor = None,
    ) -> Response:
        """Statements that no source says outright, and what would confirm them."""

        def make(reading: Reading) -> dict[str, Any]:
            of = service.thing(source, reading).value if source.strip() else None
            found = statements.unconfirmed(
                service.store, mark=mark, source=of, limit=PAGE, cursor=cursor, language=reading.language
            )
            named = references(service.store, [of] if of else [], reading.language)
            return {"found": found, "mark": mark, "source": source, "of": named.get(of or ""), "first": cursor is None}

        return answered(service, pages, request, None, "state/unconfirmed.html", make, dated=False)

    return routes


def _publishers(service: Service, rows: Iterable[Row], language: str) -> list[Publisher]:
    grouped: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[by_publisher(row)[0]].append(row)
    iris = {iri for held in grouped.values() for row in held for iri in (row.publisher, row.fixer) if iri}
    named = references(service.store, iris, language)
    found = [
        Publisher(name, named.get(name), named.get(held[0].fixer or ""), total(held)) for name, held in grouped.items()
    ]
    with_work = [one for one in found if one.counts.indicators]
    return sorted(with_work, key=lambda one: (one.key == UNKNOWN, -one.counts.lead["without"], -one.open, one.key))[
        :MOST_PUBLISHERS
    ]


def _examined(service: Service, found: Examination, language: str) -> dict[str, Any]:
    iris = {one.source for one in found.sources} | {one.source for one in found.rules if one.source}
    iris |= {iri for one in found.figures for iri in (one.indicator, one.area, one.first, one.second, *one.sources)}
    iris |= {iri for one in found.rules for iri in warnings.named_in(one.vi)}
    iris |= {one.publisher for one in found.sources if one.publisher and one.publisher.startswith(_WEB)}
    named = references(service.store, iris, language)
    publisher_of = {one.source: one.publisher for one in found.sources}
    grouped: defaultdict[str, list[Source]] = defaultdict(list)
    for one in found.sources:
        if one.statements["inferred"] or one.statements["unverified"]:
            grouped[one.publisher or ""].append(one)
    said = [
        Said(
            named.get(name) or name or None,
            sum(one.statements["inferred"] for one in held),
            sum(one.statements["unverified"] for one in held),
            [(named[one.source], one) for one in sorted(held, key=_open, reverse=True)],
        )
        for name, held in grouped.items()
    ]
    return {
        "named": named,
        "said": sorted(said, key=lambda one: -one.inferred - one.unverified)[:MOST_PUBLISHERS],
        "most_sources": MOST_SOURCES,
        "publisher_of": {iri: named.get(who or "") or who for iri, who in publisher_of.items()},
        "marks": {mark: sum(one.statements[mark] for one in found.sources) for mark in ("inferred", "unverified")},
        "warned": {severity: sum(one.number for one in found.rules if one.severity == severity) for severity in _GRAVE},
    }


_GRAVE = ("Violation", "Warning", "Info")


def _open(one: Source) -> int:
    return one.statements["inferred"] + one.statements["unverified"]


def _table(service: Service, made: dict[str, Any], words: Messages) -> list[list[str]]:
    """Everything of the page in one table: what kind, whose, who mends it, how many, where."""

    def called(one: Reference | str | None) -> str:
        return one if isinstance(one, str) else service.title(one) if one else words["state.publisher.unknown"]

    table = [[words[f"state.column.{name}"] for name in ("finding", "publisher", "fixer", "number", "source")]]
    for one in made["publishers"]:
        numbers = {
            "without": one.counts.lead["without"],
            "several": one.counts.lead["several"],
            "ended": one.counts.lead["ended"],
            "open": one.open,
        }
        fixer = service.title(one.fixer) if one.fixer else words["state.fix.editor"]
        table += [
            [words[f"state.finding.{name}"], called(one.publisher), fixer, str(number), ""]
            for name, number in numbers.items()
            if number
        ]
    vietnamese = words["state.language"] == "vi"
    for rule in made["examined"].rules if made["examined"] else []:
        source = called(made["named"].get(rule.source or ""))
        who = called(made["publisher_of"].get(rule.source))
        table.append([rule.vi if vietnamese else rule.en, who, words["state.fix.editor"], str(rule.number), source])
    for held in made.get("said", []):
        for name, source in held.sources:
            for mark in ("inferred", "unverified"):
                if source.statements[mark]:
                    finding = words[f"state.finding.{mark}"]
                    number = str(source.statements[mark])
                    table.append(
                        [finding, called(held.publisher), words["state.fix.editor"], number, service.title(name)]
                    )
    return table
