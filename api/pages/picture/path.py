"""`/path` and `/path.svg`: how two things are tied, as sentences, as a picture, with the proof of each step."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from api.pages.answering import answered, sent
from api.pages.picture import drawing
from api.pages.picture.drawing import Drawing
from api.pages.picture.grouping import Box, Line, View
from api.pages.picture.page import SVG, file, file_words, page_words
from api.pages.picture.pens import FilePen, PagePen
from api.pages.render import Pages
from api.pages.typed import typed
from api.parameters import AsOf
from api.service import Reading, Service
from catalogue import neighbourhood, paths
from catalogue.errors import Invalid
from catalogue.iri import curie
from catalogue.lineage import Node
from catalogue.neighbourhood import Tie
from catalogue.paths import Path

From = Annotated[str, Query(alias="from", max_length=500)]
To = Annotated[str, Query(max_length=500)]


@dataclass(frozen=True, slots=True)
class Way:
    """A path as it is drawn: its things in order and, between each two of them, the tie."""

    path: Path
    nodes: list[Node]
    ties: list[Tie]


def router(service: Service, pages: Pages) -> APIRouter:
    """The routes, over `service`."""
    routes = APIRouter()

    @routes.get("/path", include_in_schema=False)
    def read_path(request: Request, start: From = "", to: To = "", as_of: AsOf = None) -> Response:
        """How two things are tied."""

        def make(reading: Reading) -> dict[str, Any]:
            context: dict[str, Any] = {"way": None, "start": start, "end": to}
            if start.strip() and to.strip():
                way = _way(service, reading, start, to)
                context |= {
                    "way": way,
                    "start": typed(service, reading, start, way.path.start),
                    "end": typed(service, reading, to, way.path.end),
                    "names": {node.iri: node for node in way.nodes},
                    "picture": _picture(service, reading, way),
                    "file": "/path.svg?" + urlencode({"from": start, "to": to}),
                    "swapped": "/path?" + urlencode({"from": to, "to": start}),
                    "centre_key": curie(service.base, way.path.start.iri),
                }
            return context

        return answered(service, pages, request, as_of, "path.html", make)

    @routes.get("/path.svg", include_in_schema=False)
    def read_file(request: Request, start: From, to: To, as_of: AsOf = None) -> Response:
        """The same picture as a file of its own."""
        if not start.strip() or not to.strip():
            raise Invalid("Hãy cho biết hai đầu (from=…&to=…).", "Say both ends (from=…&to=…).")

        def make(reading: Reading) -> bytes:
            way = _way(service, reading, start, to)
            words, pen = file_words(service, pages, reading), FilePen()
            drawn = drawing.chained(_view(service, way), words, pen)
            title = f"{service.title(way.path.start)} – {service.title(way.path.end)}"
            return file(drawn, words, pen, title, reading)

        return sent(service, request, as_of, "svg", make, SVG)

    return routes


def _way(service: Service, reading: Reading, start: str, end: str) -> Way:
    path = paths.between(
        service.store,
        service.thing(start, reading),
        service.thing(end, reading),
        as_of=reading.as_of,
        language=reading.language,
    )
    nodes, ties = neighbourhood.folded(
        service.store,
        path.nodes,
        path.edges,
        {(edge.start, edge.relation.iri, edge.end): edge.end for edge in path.edges},
        keep={path.start.iri, path.end.iri},
        language=reading.language,
    )
    return Way(path, nodes, ties)


def _view(service: Service, way: Way) -> View:
    key = partial(curie, service.base)
    place = {node.iri: number for number, node in enumerate(way.nodes)}
    boxes = [Box(key(node.iri), (node,), group=False) for node in way.nodes]
    lines = []
    for tie in way.ties:
        first, second = sorted((tie.start, tie.end), key=place.__getitem__)
        lines.append(Line(key(first), key(second), (tie,)))
    return View(boxes, lines, key(way.path.start.iri), 0)


def _picture(service: Service, reading: Reading, way: Way) -> Callable[..., Drawing] | None:
    if not way.nodes:
        return None

    def picture(t: Callable[..., str], to: Callable[[str], str | None]) -> Drawing:
        order = {id(tie): number for number, tie in enumerate(way.ties, 1)}
        words = page_words(service, reading, t, to, turn=None, row=lambda tie: f"#tie-{order[id(tie)]}")
        return drawing.chained(_view(service, way), words, PagePen())

    return picture
