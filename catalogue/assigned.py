"""What assignments say, each statement with the graph that states it: read once to name, to prove and to list them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from sys import intern

from pyoxigraph import Literal, NamedNode

from catalogue.errors import Defect
from catalogue.iri import PREFIXES, VOCABULARY
from catalogue.query import Query
from catalogue.store.port import NODES_PER_QUERY, Store, Term
from catalogue.store.remembering import Remembering

_ROLE, _NAMED = PREFIXES["cv"] + "role", PREFIXES["cv"] + "hasParticipant"
_OBJECT, _BASIS = VOCABULARY + "for", VOCABULARY + "basis"
_FROM, _TO = VOCABULARY + "validFrom", VOCABULARY + "validTo"
_QUOTATION = PREFIXES["prov"] + "wasDerivedFrom"
_MARKED = frozenset((_ROLE, _NAMED, _OBJECT, _BASIS))


@dataclass(frozen=True, slots=True)
class Assigned:
    """What one assignment says; the shapes want one role, unit, object and basis.

    `begins`: first days, each with the graph that gives it. `stated`: which graph states a role, a unit, an object or a
    basis (property, graph): the weakest of these is the mark of the assignment, its days bear marks of their own.
    """

    roles: tuple[str, ...]
    named: tuple[str, ...]
    objects: tuple[str, ...]
    bases: tuple[str, ...]
    begins: tuple[tuple[date, str], ...]
    ends: tuple[date, ...]
    quotations: tuple[str, ...]
    stated: tuple[tuple[str, str], ...]


def assigned(store: Store, responsibilities: Iterable[str]) -> dict[str, Assigned]:
    """The assignments `responsibilities` (IRIs) that have a role, a unit and an object. A published state remembers them."""
    wanted = list(dict.fromkeys(responsibilities))
    known: dict[str, list[Assigned]] = {}
    if isinstance(store, Remembering):
        kept = {iri: store.memory.get(("assigned", iri)) for iri in wanted}
        known = {iri: found for iri, found in kept.items() if found is not None}
    missing = [iri for iri in wanted if iri not in known]
    for at in range(0, len(missing), NODES_PER_QUERY):
        fresh = _read(store, missing[at : at + NODES_PER_QUERY])
        if isinstance(store, Remembering):
            store.remember({("assigned", iri): found for iri, found in fresh.items()})
        known |= fresh
    return {iri: known[iri][0] for iri in wanted if known[iri]}


def _read(store: Store, iris: list[str]) -> dict[str, list[Assigned]]:
    query = Query.named("assigned")
    said: dict[str, list[tuple[str, Term, str]]] = {iri: [] for iri in iris}
    for one, property_, value, graph in store.select(query.bind(found=[NamedNode(iri) for iri in iris])).rows:
        if isinstance(one, NamedNode) and isinstance(property_, NamedNode) and isinstance(graph, NamedNode) and value:
            said[one.value].append((intern(property_.value), value, intern(graph.value)))
    return {iri: _put_together(iri, statements) for iri, statements in said.items()}


def _put_together(iri: str, statements: list[tuple[str, Term, str]]) -> list[Assigned]:
    found: dict[str, dict[str, None]] = {}
    begins: dict[tuple[date, str], None] = {}
    ends: dict[date, None] = {}
    stated: dict[tuple[str, str], None] = {}
    for property_, value, graph in statements:
        if property_ == _FROM:
            begins[_day(iri, value), graph] = None
        elif property_ == _TO:
            ends[_day(iri, value)] = None
        else:
            found.setdefault(property_, {})[intern(value.value)] = None
            if property_ in _MARKED:
                stated[property_, graph] = None
    if not (_ROLE in found and _NAMED in found and _OBJECT in found):
        return []
    roles, named, objects, bases, quotations = (
        tuple(found.get(one, ())) for one in (_ROLE, _NAMED, _OBJECT, _BASIS, _QUOTATION)
    )
    return [Assigned(roles, named, objects, bases, tuple(begins), tuple(ends), quotations, tuple(stated))]


def _day(iri: str, value: Term) -> date:
    try:
        return date.fromisoformat(value.value if isinstance(value, Literal) else "")
    except ValueError as error:
        raise Defect(f"Ngày của {iri}: {value}", f"A day of {iri}: {value}") from error
