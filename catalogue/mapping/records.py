"""Mappings as the catalogue holds them: one record each, with who decided it, when, and for which time it holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from pyoxigraph import DefaultGraph, Literal, NamedNode

from catalogue.clock import holds
from catalogue.graphs import Mark
from catalogue.iri import CODES, PREFIXES
from catalogue.proofs import graph_marks
from catalogue.query import Query
from catalogue.rows import records
from catalogue.store.port import NODES_PER_QUERY, Pattern, Store

STATUS = f"{CODES}mapping-status/"
STATUSES = ("candidate", "accepted", "rejected", "withdrawn")
"""The codes of the list mapping-status, in the order in which a mapping may go through them."""

NO_TERM = f"{PREFIXES['sssom']}NoTermFound"
"""The object of a mapping that says: looked for, and there is none."""

_SSSOM = PREFIXES["sssom"]
_TYPE = NamedNode(PREFIXES["rdf"] + "type")


@dataclass(frozen=True, slots=True)
class Mapping:
    """One mapping as stored. IRIs are whole; `status` is a code of `STATUSES`; `valid_to` is the first day that no longer
    counts; `authors` and `reviewers` are IRIs or names; `verification` is the mark of the graph that says it.
    """

    iri: str
    subject: str
    predicate: str
    object: str
    status: str
    negated: bool = False
    justification: str | None = None
    confidence: Decimal | None = None
    authors: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    mapping_date: date | None = None
    review_date: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    comment: str | None = None
    object_source: str | None = None
    set: str | None = None
    graph: str | None = None
    verification: Mark | None = None

    @property
    def relation(self) -> str:
        """The local name of the predicate, `exactMatch`."""
        return self.predicate.rpartition("#")[2].rpartition("/")[2]

    @property
    def says_none(self) -> bool:
        """Whether it says that one side has no counterpart (`sssom:NoTermFound`)."""
        return NO_TERM in (self.subject, self.object)

    def valid_on(self, day: date) -> bool:
        """Whether it is accepted and its time holds `day`; a mapping with neither bound always holds."""
        return self.status == "accepted" and holds(day, self.valid_from, self.valid_to)


def of(store: Store, thing: str) -> list[Mapping]:
    """Every mapping, of whatever status, that has `thing` (an IRI) as subject or object."""
    return of_all(store, [thing])


def of_all(store: Store, things: Iterable[str]) -> list[Mapping]:
    """Every mapping that has one of `things` (IRIs) as subject or object, each once, by their IRIs."""
    found: dict[str, Mapping] = {}
    for some in _batches(dict.fromkeys(things)):
        for one in _read(store, "records-of", things=some):
            found.setdefault(one.iri, one)
    people: list[_PersonRow] = []
    for some in _batches(found):
        people += _people(store, "records-people", mappings=some)
    return _with_people(found.values(), people)


def named(store: Store, mappings: Iterable[str]) -> list[Mapping]:
    """Those of `mappings` (IRIs) that there are, each once, by their IRIs."""
    found: dict[str, Mapping] = {}
    for some in _batches(dict.fromkeys(mappings)):
        for one in _read(store, "records-named", mappings=some):
            found[one.iri] = one
    people: list[_PersonRow] = []
    for some in _batches(found):
        people += _people(store, "records-people", mappings=some)
    return _with_people(found.values(), people)


def accepted(store: Store) -> list[Mapping]:
    """All accepted mappings at once, whatever their time."""
    return by_status(store, "accepted")


def by_status(store: Store, *statuses: str) -> list[Mapping]:
    """All mappings that have one of `statuses` (codes of the list mapping-status), by their IRIs."""
    nodes = [NamedNode(STATUS + status) for status in statuses]
    found = _read(store, "records-by-status", statuses=nodes)
    return _with_people(found, _people(store, "records-people-by-status", statuses=nodes))


def everything(store: Store) -> list[Mapping]:
    """All mappings of whatever status, by their IRIs: property by property, five times as fast as a query for whom
    thousands of codes are one question."""
    said: dict[str, dict[str, list[str]]] = {}
    for name, prefix in _BULK:
        for quad in store.match([Pattern(None, NamedNode(PREFIXES[prefix] + name), None, DefaultGraph())]):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
                said.setdefault(name, {}).setdefault(quad.subject.value, []).append(quad.object.value)
    of_set: dict[str, str] = {}
    for quad in store.match([Pattern(None, NamedNode(f"{_SSSOM}mappings"), None, DefaultGraph())]):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            known = of_set.setdefault(quad.object.value, quad.subject.value)
            of_set[quad.object.value] = min(known, quad.subject.value)
    graphs: dict[str, str] = {}
    for quad in store.match([Pattern(None, _TYPE, NamedNode(f"{_SSSOM}Mapping"))]):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.graph_name, NamedNode):
            known = graphs.setdefault(quad.subject.value, quad.graph_name.value)
            graphs[quad.subject.value] = min(known, quad.graph_name.value)
    marks = graph_marks(store, set(graphs.values()))

    def first(name: str, iri: str) -> str | None:
        values = said.get(name, {}).get(iri)
        return min(values) if values else None

    def day(name: str, iri: str) -> date | None:
        value = first(name, iri)
        return date.fromisoformat(value) if value else None

    found = []
    for iri, graph in sorted(graphs.items()):
        subject, predicate, other, status = (
            first(name, iri) for name in ("subject_id", "predicate_id", "object_id", "status")
        )
        if subject is None or predicate is None or other is None or status is None:
            continue
        confidence = first("confidence", iri)
        found.append(
            Mapping(
                iri=iri,
                subject=subject,
                predicate=predicate,
                object=other,
                status=status.removeprefix(STATUS),
                negated=first("predicate_modifier", iri) is not None,
                justification=first("mapping_justification", iri),
                confidence=Decimal(confidence) if confidence else None,
                authors=_named(said, iri, "author_id", "author_label"),
                reviewers=_named(said, iri, "reviewer_id", "reviewer_label"),
                mapping_date=day("mapping_date", iri),
                review_date=day("review_date", iri),
                valid_from=day("validFrom", iri),
                valid_to=day("validTo", iri),
                comment=first("comment", iri),
                set=of_set.get(iri),
                graph=graph,
                verification=marks[graph].mark if graph in marks else None,
            )
        )
    return found


def _named(said: dict[str, dict[str, list[str]]], iri: str, *names: str) -> tuple[str, ...]:
    return tuple(person for name in names for person in sorted(said.get(name, {}).get(iri, ())))


_BULK = (
    *((name, "chiso") for name in ("status", "validFrom", "validTo")),
    *(
        (name, "sssom")
        for name in (
            *("subject_id", "predicate_id", "object_id", "predicate_modifier", "mapping_justification", "confidence"),
            *("author_id", "author_label", "reviewer_id", "reviewer_label", "mapping_date", "review_date", "comment"),
        )
    ),
)


@dataclass(frozen=True, slots=True)
class _Row:
    mapping: str
    subject: str
    predicate: str
    object: str
    status: str
    graph: str
    modifier: str | None
    justification: str | None
    confidence: Decimal | None
    mapping_date: date | None
    review_date: date | None
    valid_from: date | None
    valid_to: date | None
    comment: str | None
    object_source: str | None
    set: str | None


@dataclass(frozen=True, slots=True)
class _PersonRow:
    mapping: str
    property: str
    person: str


def _read(store: Store, name: str, **values: Sequence[NamedNode]) -> list[Mapping]:
    """The mappings that a query gives, each once: what several graphs say of one is taken from the first."""
    rows: dict[str, _Row] = {}
    for row in records(_Row, store.select(Query.named(name).bind(**values)), name):
        rows.setdefault(row.mapping, row)
    marks = graph_marks(store, {row.graph for row in rows.values()})
    return [
        Mapping(
            iri=row.mapping,
            subject=row.subject,
            predicate=row.predicate,
            object=row.object,
            status=row.status.removeprefix(STATUS),
            negated=row.modifier is not None,
            justification=row.justification,
            confidence=row.confidence,
            mapping_date=row.mapping_date,
            review_date=row.review_date,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            comment=row.comment,
            object_source=row.object_source,
            set=row.set,
            graph=row.graph,
            verification=marks[row.graph].mark if row.graph in marks else None,
        )
        for row in rows.values()
    ]


def _people(store: Store, name: str, **values: Sequence[NamedNode]) -> list[_PersonRow]:
    return records(_PersonRow, store.select(Query.named(name).bind(**values)), name)


def _with_people(mappings: Iterable[Mapping], people: Iterable[_PersonRow]) -> list[Mapping]:
    named: dict[tuple[str, bool], list[str]] = {}
    for row in people:
        named.setdefault((row.mapping, row.property.startswith(f"{_SSSOM}author_")), []).append(row.person)
    return [
        replace(one, authors=tuple(named.get((one.iri, True), ())), reviewers=tuple(named.get((one.iri, False), ())))
        for one in sorted(mappings, key=lambda one: one.iri)
    ]


def _batches(iris: Iterable[str]) -> Iterable[list[NamedNode]]:
    nodes = [NamedNode(iri) for iri in sorted(iris)]
    for at in range(0, len(nodes), NODES_PER_QUERY):
        yield nodes[at : at + NODES_PER_QUERY]
