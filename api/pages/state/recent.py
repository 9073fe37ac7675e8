"""`/recent`: what changed lately, day by day: which source brought, changed or took away which things."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request, Response

from api import surveys
from api.pages.answering import answered, tabled
from api.pages.render import Messages, Pages
from api.parameters import AsOf
from api.service import Reading, Service
from catalogue.changes import Entry, Feed
from catalogue.changes import Page as FeedPage
from catalogue.clock import VIETNAM
from catalogue.graphs import Mark
from catalogue.labels import Reference, references
from catalogue.proofs import graph_marks
from catalogue.survey.recent import Summary, Touched

MOST_GRAPHS = 30
"""Sources of one change that are told; the rest is counted."""

PageNumber = Annotated[int | None, Query(ge=1, le=100_000_000)]
Form = Annotated[Literal["html", "csv"], Query(alias="format")]


@dataclass(frozen=True, slots=True)
class About:
    """What a change did in one graph: its source (by name, else the graph's address), its mark, the numbers, the things."""

    source: Reference
    mark: Mark | None
    touched: Touched
    things: list[tuple[Reference, str]]


@dataclass(frozen=True, slots=True)
class Change:
    """One published change with what it was about; `summary` is None while that is not known."""

    entry: Entry
    day: date
    time: str
    summary: Summary | None
    about: list[About]

    @property
    def more(self) -> int:
        """Sources beyond those that are told."""
        return len(self.summary.graphs) - len(self.about) if self.summary else 0


def router(service: Service, pages: Pages, feed: Feed | None) -> APIRouter:
    """The routes, over `service`; `feed` is None where there is no data folder."""
    routes = APIRouter()

    @routes.get("/recent", include_in_schema=False)
    async def read_recent(
        request: Request, page: PageNumber = None, as_of: AsOf = None, form: Form = "html"
    ) -> Response:
        """The newest changes, the newest first."""
        service.require_folder()
        assert feed is not None  # noqa: S101 - it came with the folder
        reading = service.reading(request, as_of, page=True)

        def answer() -> Response:
            found = feed.page(page)
            changes = _changes(service, found, reading.language)
            # Which of them are known rises without a new state.
            known = sum(one.summary is not None for one in changes)
            about, moment = (str(found.number), str(len(changes)), str(known)), found.moment

            def written(reading: Reading) -> list[list[str]]:
                return _table(service, changes, pages.words(reading.language))

            def make(_reading: Reading) -> dict[str, Any]:
                return {"found": found, "days": _by_day(changes)}

            if form == "csv":
                return tabled(service, request, as_of, "recent", written, dated=False, about=about, moment=moment)
            shown = "state/recent.html"
            return answered(service, pages, request, as_of, shown, make, dated=False, about=about, moment=moment)

        return await run_sync(answer)

    return routes


def _changes(service: Service, found: FeedPage, language: str) -> list[Change]:
    summaries = {one.state: surveys.change(service, one.state) for one in found.entries}
    shown = {
        state: sorted(summary.graphs.items(), key=lambda pair: -pair[1].gained - pair[1].lost)[:MOST_GRAPHS]
        for state, summary in summaries.items()
        if summary
    }
    marks = graph_marks(service.store, {graph for graphs in shown.values() for graph, _ in graphs})
    iris = {one.source for one in marks.values()} | {
        iri for graphs in shown.values() for _, touched in graphs for iri in touched.things
    }
    named = references(service.store, iris, language)
    made = []
    for entry in reversed(found.entries):
        about = []
        for graph, touched in shown.get(entry.state, []):
            said = marks.get(graph)
            source = named[said.source] if said else Reference(graph)
            things = [(_called(named[iri], touched), kind) for iri, kind in touched.things.items()]
            about.append(About(source, said.mark if said else None, touched, things))
        local = entry.moment.astimezone(VIETNAM)
        made.append(Change(entry, local.date(), local.strftime("%H:%M"), summaries[entry.state], about))
    return made


def _called(thing: Reference, touched: Touched) -> Reference:
    """The thing by the name it has, else by the one it went with."""
    name = None if thing.label else touched.names.get(thing.iri)
    return Reference(thing.iri, thing.kind, name, "vi") if name else thing


def _by_day(changes: list[Change]) -> dict[date, list[Change]]:
    found: dict[date, list[Change]] = {}
    for one in changes:
        found.setdefault(one.day, []).append(one)
    return found


def _table(service: Service, changes: list[Change], words: Messages) -> list[list[str]]:
    names = ("day", "time", "source", "mark", "came", "changed", "went", "gained", "lost", "state")
    rows = [[words[f"state.column.{name}"] for name in names]]
    for one in changes:
        for about in one.about:
            touched = about.touched
            numbers = (touched.came, touched.changed, touched.went, touched.gained, touched.lost)
            mark = words[f"marks.{about.mark}"] if about.mark else ""
            source = service.title(about.source)
            rows.append([one.day.isoformat(), one.time, source, mark, *map(str, numbers), one.entry.state])
    return rows
