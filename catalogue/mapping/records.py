"""Mappings as the catalogue holds them: one record each, with who decided it, when, and for which time it holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from pyoxigraph import NamedNode

from catalogue.graphs import Mark
from catalogue.iri import CODES, PREFIXES
from catalogue.proofs import graph_marks
from catalogue.query import Query
from catalogue.rows import records
from catalogue.store.port import NODES_PER_QUERY, Store

STATUS = f"{CODES}mapping-status/"
STATUSES = ("candidate", "accepted", "rejected", "withdrawn")
"""The codes of the list mapping-status, in the order in which a mapping may go through them."""

NO_TERM = f"{PREFIXES['sssom']}NoTermFound"
"""The object of a mapping that says: looked for, and there is none."""

_SSSOM = PREFIXES["sssom"]


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
        return (
            self.status == "accepted"
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_to is None or day < self.valid_to)
        )


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
