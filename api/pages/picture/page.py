"""`/lineage` and `/lineage.svg`: what a thing rests on and what rests on it, as a picture, as a table, as a file."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response

from api.pages.answering import answered, sent
from api.pages.naming import day
from api.pages.picture import asked as asking
from api.pages.picture import columns, drawing, grouping
from api.pages.picture.asked import Asked, Given
from api.pages.picture.drawing import Drawing, Words
from api.pages.picture.grouping import View
from api.pages.picture.pens import FilePen, PagePen
from api.pages.render import Pages
from api.pages.typed import typed
from api.parameters import AsOf
from api.service import Reading, Service
from catalogue import neighbourhood
from catalogue.errors import Invalid
from catalogue.iri import curie, of_curie
from catalogue.labels import Reference
from catalogue.lineage import Node
from catalogue.neighbourhood import Neighbourhood, Tie

MOST_LOOKED_AT = 500
MOST_ROWS = 300
SVG = "image/svg+xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation of the neighbourhood: how many ties it has, whether they are hidden, and the address that turns it."""

    reference: Reference
    count: int
    hidden: bool
    address: str


@dataclass(frozen=True, slots=True)
class Turned:
    """A box that was opened or closed by hand, and the address that takes it back; `kind`: of a group, what it holds."""

    kind: str | None
    name: str
    closed: bool
    address: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What was found, whole and as asked for, and the boxes that show it."""

    whole: Neighbourhood
    found: Neighbourhood
    view: View


def shown(service: Service, reading: Reading, what: Asked) -> Shown:
    """The picture that is asked for. Raises `NotFound` and `Ambiguous` for what `of` does not name."""
    base = service.base
    opened = [of_curie(base, key) for key in sorted(what.open) if "@" not in key]
    whole = neighbourhood.around(
        service.store,
        service.thing(what.of, reading),
        direction=what.direction,
        as_of=reading.as_of,
        depth=what.depth,
        limit=MOST_LOOKED_AT,
        opened=opened,
        language=reading.language,
    )
    hidden = {tie.relation.iri for tie in whole.ties if asking.relation_key(tie.relation.iri) in what.hide}
    closed = {of_curie(base, key) for key in what.close} - {whole.of.iri}
    found = neighbourhood.narrowed(whole, without=hidden, valid=what.valid, closed=closed)
    view = grouping.view(found, partial(curie, base), most=what.boxes, opened=what.open, closed=what.close)
    return Shown(whole, found, view)


def router(service: Service, pages: Pages) -> APIRouter:
    """The routes, over `service`."""
    routes = APIRouter()

    @routes.get("/lineage", include_in_schema=False)
    def read_lineage(request: Request, what: Given, as_of: AsOf = None) -> Response:
        """What a thing rests on and what rests on it, as a picture and as a table."""

        def make(reading: Reading) -> dict[str, Any]:
            return {"what": what, **(_context(service, reading, what) if what.of else {"drawn": None})}

        return answered(service, pages, request, as_of, "lineage.html", make)

    @routes.get("/lineage.svg", include_in_schema=False)
    def read_file(request: Request, what: Given, as_of: AsOf = None) -> Response:
        """The same picture as a file of its own."""
        if not what.of:
            raise Invalid("Hãy cho biết vật cần vẽ (of=…).", "Say what to draw (of=…).")

        def make(reading: Reading) -> bytes:
            found = shown(service, reading, what)
            words, pen = file_words(service, pages, reading), FilePen()
            drawn = drawing.drawn(found.view, words, pen)
            return file(drawn, words, pen, service.title(found.found.of), reading)

        return sent(service, request, as_of, "svg", make, SVG)

    return routes


def file_words(service: Service, pages: Pages, reading: Reading) -> Words:
    """What a file says: no links."""
    said = pages.words(reading.language)

    def t(key: str, **values: Any) -> str:
        return said[key].format(**values) if values else said[key]

    return Words(t, _title(service), lambda value: day(value, reading.language))


def file(drawn: Drawing, words: Words, pen: FilePen, title: str, reading: Reading) -> bytes:
    """A picture as a file: with its title, its day, and how to read it."""
    return drawing.standalone(
        drawn,
        pen,
        title=title,
        subtitle=words.t("picture.file.on", day=words.day(reading.as_of), name=words.t("site.name")),
        legend=[words.t("picture.legend.lines"), words.t("picture.legend.arrows")],
    ).encode()


def page_words(
    service: Service,
    reading: Reading,
    t: Callable[..., str],
    to: Callable[[str], str | None],
    *,
    turn: Callable[[str, str], str] | None,
    row: Callable[[Tie], str],
) -> Words:
    """What a picture in a page says, with the links of the page."""
    return Words(t, _title(service), lambda value: day(value, reading.language), to, turn, row)


def _context(service: Service, reading: Reading, what: Asked) -> dict[str, Any]:
    found = shown(service, reading, what)
    rows = {id(tie): number for number, tie in enumerate(found.found.ties[:MOST_ROWS], 1)}

    def picture(t: Callable[..., str], to: Callable[[str], str | None], link: Callable[[str], str]) -> Drawing:
        def turn(key: str, name: str) -> str:
            return link(what.turned(key, name).address(at=key))

        def row(tie: Tie) -> str:
            return f"#tie-{rows[id(tie)]}" if id(tie) in rows else "#ties"

        words = page_words(service, reading, t, to, turn=turn, row=row)
        return drawing.drawn(found.view, words, PagePen())

    return {
        "drawn": found,
        "picture": picture,
        "typed": typed(service, reading, what.of, found.found.of),
        "names": {node.iri: node for node in found.found.nodes},
        "relations": _relations(found.whole, what),
        "turned": _turned(service, found, what),
        "rows": found.found.ties[:MOST_ROWS],
        "wider": replace(what, boxes=asking.WIDE if what.boxes < asking.WIDE else asking.WIDEST).address(),
        "narrower": replace(what, boxes=asking.USUAL).address(),
        "usual": asking.USUAL,
        "limit": MOST_LOOKED_AT,
        "only_valid": replace(what, valid=not what.valid).address(),
        "unhidden": replace(what, hide=frozenset()).address(),
        "file": what.address("/lineage.svg"),
        "file_name": "chiso-" + curie(service.base, found.found.of.iri).replace(":", "-")[:80],
        "centre_key": found.view.centre,
    }


def _relations(whole: Neighbourhood, what: Asked) -> list[Relation]:
    counts = Counter(tie.relation.iri for tie in whole.ties)
    references = {tie.relation.iri: tie.relation for tie in whole.ties}
    return [
        Relation(references[iri], count, (key := asking.relation_key(iri)) in what.hide, what.switched(key).address())
        for iri, count in counts.most_common()
    ]


def _turned(service: Service, found: Shown, what: Asked) -> list[Turned]:
    names = {curie(service.base, node.iri): _title(service)(node) for node in found.whole.nodes}
    turned = []
    for closed, keys in ((False, what.open), (True, what.close)):
        for key in sorted(keys):
            kind, _, parent = key.rpartition("@")
            held = columns.known(kind.partition("@")[0].partition(".")[0]) if kind else None
            turned.append(Turned(held, names.get(parent, parent[:80]), closed, what.without(key).address()))
    return turned


def _title(service: Service) -> Callable[[Reference | Node], str]:
    def title(named: Reference | Node) -> str:
        return service.title(Reference(named.iri, named.kind, named.label, named.language))

    return title
