"""The page of one thing: the answer first, then what its kind has to say, then every statement with its mark and source.

A kind with a page of its own has a module beside this one, which gives the context, and a template in
`templates/things/` which extends `thing.html`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from markupsafe import Markup
from pyoxigraph import NamedNode
from starlette.requests import Request

from api import schema_org
from api.pages.render import Pages
from api.pages.things.subject import Subject
from api.service import Reading, Service
from api.shelf import shelf
from catalogue import portfolio, responsibility, things
from catalogue.codes import CodeReference
from catalogue.dcat import Offer
from catalogue.labels import Reference
from catalogue.portfolio import PortfolioItem
from catalogue.responsibility import Assignment, Responsibilities
from catalogue.things import Statement

# Kinds about which “who is responsible?” is a question.
ASSIGNABLE = frozenset(
    {
        "indicator",
        "indicator-group",
        "indicator-set",
        "task",
        "regime",
        "system",
        "decision",
        "scenario",
        "scenario-group",
    }
)
MOST_INCOMING = 200

Room = Callable[[Subject], dict[str, Any]]

ROOMS: Mapping[str, tuple[str, Room]] = {}
"""Kind → the template of its page and what gives it its context."""

Given = TypeVar("Given", Assignment, PortfolioItem)


@dataclass(frozen=True, slots=True)
class Group:
    """The statements of one property."""

    predicate: Reference
    statements: list[Statement]


def page(service: Service, pages: Pages, request: Request, reading: Reading, node: NamedNode) -> bytes:
    """The page about `node`, in HTML."""
    thing = things.describe(service.store, node, language=reading.language, incoming=MOST_INCOMING)
    template, room = ROOMS.get(thing.kind or "", ("thing.html", None))
    more = room(Subject(service, reading, node, thing)) if room else {}
    found = None
    if thing.kind in ASSIGNABLE:
        found = responsibility.of(service.store, node, as_of=reading.as_of, language=reading.language)
    held = None
    if thing.kind == "agency":
        held = portfolio.of(service.store, node, as_of=reading.as_of, language=reading.language)
    return pages.html(
        template,
        request,
        reading.language,
        thing=thing,
        name=service.title(Reference(thing.iri, thing.kind, thing.label, thing.language)),
        reading=reading,
        classes=list({one.iri: one for one in thing.classes}.values()),
        groups=grouped(thing.statements),
        incoming=grouped(thing.incoming),
        responsibilities=found,
        leaders=leaders(found) if found else [],
        portfolio=held,
        roles=by_role(held.items) if held else [],
        document=request.url.path.removesuffix(".html"),
        structured=_structured(service, node, reading) if thing.kind == "dataset" else None,
        **more,
    )


def _structured(service: Service, node: NamedNode, reading: Reading) -> Markup | None:
    """A data set as schema.org; its files are left to the catalogue of open data, since they come later than a state."""
    listed = shelf(service).by_iri.get(node.value)
    if listed is None:
        return None
    offered = Offer(service.base, service.state, service.published, service.folder is not None)
    return schema_org.data_block(schema_org.dataset(listed, offered, reading.language))


def leaders(found: Responsibilities) -> list[Assignment]:
    """Who leads on the date asked for: what the sentence at the top of a page says."""
    return [one for one in found.responsibilities if one.role.notation == "chu-tri"]


def by_role(given: Iterable[Given]) -> list[tuple[CodeReference, list[Given]]]:
    """What is assigned, role by role, in the order given."""
    found: dict[str, tuple[CodeReference, list[Given]]] = {}
    for item in given:
        found.setdefault(item.role.iri, (item.role, []))[1].append(item)
    return list(found.values())


def grouped(statements: Iterable[Statement]) -> list[Group]:
    """Statements by property, properties in the order of their first statement, names before the rest."""
    groups: dict[str, list[Statement]] = {}
    for statement in statements:
        groups.setdefault(statement.predicate.iri, []).append(statement)
    ordered = sorted(groups.values(), key=lambda group: (_rank(group[0]), group[0].predicate.label or ""))
    return [Group(group[0].predicate, _merged(group)) for group in ordered]


def _merged(group: list[Statement]) -> list[Statement]:
    """One row per fact and source."""
    return list(dict.fromkeys(group))


_FIRST = ("prefLabel", "title", "altLabel", "type_document", "number", "notation", "date_document", "passed_by")


def _rank(statement: Statement) -> int:
    name = statement.predicate.iri.replace("#", "/").rpartition("/")[2]
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)
