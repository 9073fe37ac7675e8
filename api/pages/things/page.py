"""The page of one thing: the answer first, then what its kind has to say, then every statement with its mark and source.

A kind with a page of its own has a module beside this one, which gives the context, and a template in
`templates/things/` which extends `thing.html`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from pyoxigraph import NamedNode
from starlette.requests import Request

from api import schema_org
from api.pages.naming import day
from api.pages.render import Pages
from api.pages.things import (
    agency,
    area,
    decision,
    evidence,
    indicator,
    indicator_set,
    mapping,
    plain,
    regime,
    reorganisation,
    system,
)
from api.pages.things.sections import leaders
from api.pages.things.subject import Subject
from api.service import Reading, Service
from api.shelf import shelf
from catalogue import responsibility, things
from catalogue.clock import VIETNAM
from catalogue.dcat import Offer
from catalogue.labels import Reference, kind_of
from catalogue.things import Cut, Statement

# Kinds about which “who is responsible?” is a question.
ASSIGNABLE = frozenset(
    {
        "indicator",
        "indicator-group",
        "indicator-set",
        "task",
        "regime",
        "system",
        "scenario",
        "scenario-group",
    }
)
MOST_INCOMING = 1_000
"""Statements that refer to a thing and are looked at."""
OF_A_PLACE = 200
"""The same of a place: countless figures refer to it, and its page asks for what it lists property by property."""
EACH = 50
"""Values of one property, and things that refer by one property, that are shown."""

_EVERYTHING = "SELECT ?subject ?property\nWHERE {{ ?subject ?property {node} }}\nLIMIT 1000"

Room = Callable[[Subject], dict[str, Any]]

ROOMS: Mapping[str, tuple[str, Room]] = {
    "indicator": ("things/indicator.html", indicator.room),
    **dict.fromkeys(("indicator-set", "indicator-group"), ("things/indicator_set.html", indicator_set.room)),
    "regime": ("things/regime.html", regime.room),
    **dict.fromkeys(plain.KINDS, ("things/plain.html", plain.room)),
    **dict.fromkeys(("agency", "post", "addressee"), ("things/agency.html", agency.room)),
    **dict.fromkeys(("decision", "provision"), ("things/decision.html", decision.room)),
    "area": ("things/area.html", area.room),
    **dict.fromkeys(("system", "exchange"), ("things/system.html", system.room)),
    "feature": ("things/feature.html", system.feature),
    "event": ("things/change.html", reorganisation.event),
    "area-change": ("things/change.html", reorganisation.area_change),
    "source": ("things/source.html", evidence.source),
    "quote": ("things/quote.html", evidence.quote),
    "code": ("things/code.html", evidence.code),
    "mapping": ("things/mapping.html", mapping.room),
    "mapping-set": ("things/mapping_set.html", mapping.mapping_set),
    "mapping-review": ("things/mapping.html", mapping.review),
}
"""Kind → the template of its page and what gives it its context."""


@dataclass(frozen=True, slots=True)
class Group:
    """The statements of one property; `total`: how many there are, None where they were not counted."""

    predicate: Reference
    statements: list[Statement]
    total: int | None


def page(service: Service, pages: Pages, request: Request, reading: Reading, node: NamedNode) -> bytes:
    """The page about `node`, in HTML."""
    incoming_most = OF_A_PLACE if kind_of(node.value) == "area" else MOST_INCOMING
    thing = things.describe(service.store, node, language=reading.language, incoming=incoming_most, each=EACH)
    found = None
    if thing.kind in ASSIGNABLE:
        found = responsibility.of(service.store, node, as_of=reading.as_of, language=reading.language)
    template, room = ROOMS.get(thing.kind or "", ("thing.html", None))
    more = room(Subject(service, reading, node, thing, found, request.query_params)) if room else {}
    name = more.get("name") or service.title(Reference(thing.iri, thing.kind, thing.label, thing.language))
    said, incoming = grouped(thing.statements, thing.cut), grouped(_once(thing.incoming), thing.incoming_cut)
    document = request.url.path.removesuffix(".html")
    context = {
        "thing": thing,
        "name": name,
        "reading": reading,
        "classes": list({one.iri: one for one in thing.classes}.values()),
        "groups": said,
        "statements": sum(len(group.statements) for group in said),
        "incoming": incoming,
        "everything": _EVERYTHING.format(node=node),
        "responsibilities": found,
        "leaders": leaders(found),
        "document": document,
        "structured": _structured(service, node, reading) if thing.kind == "dataset" else None,
        "folded": room is not None,
        "citation": _citation(service, pages, request, reading, thing.iri, name, document),
    } | more
    context["sections"] = [
        *more.get("sections", ()),
        *([("said", "thing.said")] if said else ()),
        *([("incoming", "thing.incoming")] if incoming else ()),
        ("forms", "thing.forms"),
    ]
    return pages.html(template, request, reading.language, **context)


def _citation(
    service: Service, pages: Pages, request: Request, reading: Reading, iri: str, name: str, document: str
) -> str:
    """How the page is cited: what it is about, on which day, from which state of the data, where."""
    dated = f"?asOf={reading.as_of.isoformat()}" if reading.given else ""
    return pages.words(reading.language)["thing.citation"].format(
        name=name,
        iri=iri,
        day=day(reading.as_of, reading.language),
        published=day(service.published.astimezone(VIETNAM).date(), reading.language),
        address=f"{request.base_url}".rstrip("/") + document + dated,
    )


def _structured(service: Service, node: NamedNode, reading: Reading) -> Markup | None:
    """A data set as schema.org; its files are left to the catalogue of open data, since they come later than a state."""
    listed = shelf(service).by_iri.get(node.value)
    if listed is None:
        return None
    offered = Offer(service.base, service.state, service.published, service.folder is not None)
    return schema_org.data_block(schema_org.dataset(listed, offered, reading.language))


def grouped(statements: Iterable[Statement], cut: Iterable[Cut] = ()) -> list[Group]:
    """Statements by property, properties in the order of their first statement, names before the rest.

    `cut`: the properties of which not all values are given.
    """
    groups: dict[str, list[Statement]] = {}
    for statement in dict.fromkeys(statements):
        groups.setdefault(statement.predicate.iri, []).append(statement)
    ordered = sorted(groups.values(), key=lambda group: (_rank(group[0]), group[0].predicate.label or ""))
    totals = {one.property.iri: one.total for one in cut}
    return [Group(group[0].predicate, group, totals.get(group[0].predicate.iri, len(group))) for group in ordered]


def _once(incoming: Iterable[Statement]) -> list[Statement]:
    """Each thing that refers by a property once, however many sources say so."""
    return list({(one.predicate.iri, one.subject.iri): one for one in incoming}.values())


_FIRST = ("prefLabel", "title", "altLabel", "type_document", "number", "notation", "date_document", "passed_by")


def _rank(statement: Statement) -> int:
    name = statement.predicate.iri.replace("#", "/").rpartition("/")[2]
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)
