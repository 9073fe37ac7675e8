"""One thing, whole: every statement about it with mark and source, and what refers to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from catalogue.clock import VIETNAM
from catalogue.errors import NotFound
from catalogue.graphs import MARK_PREFIX, Mark
from catalogue.iri import PREFIXES, VOCABULARY
from catalogue.labels import Reference, references
from catalogue.proofs import GraphMark, SourceReference, graph_marks, sources
from catalogue.query import Query
from catalogue.store.port import Store

_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_SOURCE = NamedNode(PREFIXES["dct"] + "source")
_DOCUMENT = NamedNode(PREFIXES["foaf"] + "Document")
_TOPIC = NamedNode(PREFIXES["foaf"] + "primaryTopic")
_SOURCE_GRAPH = NamedNode(VOCABULARY + "SourceGraph")
_VERIFICATION = NamedNode(VOCABULARY + "verification")
_HAVING = (NamedNode(PREFIXES["adms"] + "identifier"), NamedNode(PREFIXES["prov"] + "wasDerivedFrom"))
# Made at publication for the machine's sake; people are shown what they are made from.
_MACHINERY = frozenset(
    VOCABULARY + name for name in ("lookupKey", "restsOn", "grounds", "named", "holder", "candidate")
)


@dataclass(frozen=True, slots=True)
class Value:
    """A literal: its text, its language or else its datatype."""

    value: str
    language: str | None
    datatype: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement with its proof; `verification` and `source` are None for what the catalogue says of itself."""

    subject: Reference
    predicate: Reference
    object: Reference | Value
    verification: Mark | None
    source: SourceReference | None


@dataclass(frozen=True, slots=True)
class Cut:
    """A property with more values, or more things that refer by it, than are told; `total`: how many, None where they
    were not counted."""

    property: Reference
    total: int | None


@dataclass(frozen=True, slots=True)
class Thing:
    """What is said about a thing and what refers to it, each up to a limit; `cut` and `incoming_cut` say what was left out."""

    iri: str
    kind: str | None
    label: str | None
    language: str | None
    classes: list[Reference]
    statements: list[Statement]
    incoming: list[Statement]
    incoming_truncated: bool
    cut: list[Cut]
    incoming_cut: list[Cut]


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """When a thing ceased to be described (the earliest moment that is stated), and what sources say replaced it."""

    iri: str
    at: datetime
    replaced_by: list[Reference]


def withdrawn(store: Store, thing: NamedNode, *, language: str = "vi") -> Withdrawal | None:
    """The withdrawal of a thing that was once described and is no more; None for every other."""
    rows = store.select(Query.named("thing-withdrawn").bind(thing=thing)).rows
    moments = [moment for at, _ in rows if (moment := _moment(at)) is not None]
    if not moments:
        return None
    by = [one.value for _, one in rows if isinstance(one, NamedNode)]
    return Withdrawal(thing.value, min(moments), list(references(store, by, language).values()))


def _moment(term: object) -> datetime | None:
    """A point in time; one without a zone is in Vietnam's."""
    if not isinstance(term, Literal):
        return None
    try:
        found = datetime.fromisoformat(term.value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=VIETNAM)


MOST_SAID = 5_000
"""Statements about a thing that are read at once; of a thing with more, each property is read for itself."""


def describe(store: Store, thing: NamedNode, *, language: str = "vi", incoming: int = 100, each: int = 1_000) -> Thing:
    """The thing, whole. `incoming`: most statements read that refer to it; `each`: most values of one property, and most
    things that refer by one property, that are told.

    Raises `NotFound` where nothing is said of it.
    """
    said, cut = _said(store, thing, each)
    referring = store.select(Query.named("thing-incoming").bind(thing=thing, limit=incoming + 1)).rows
    if not said and not referring:
        raise NotFound(
            f"Danh mục không nói gì về {thing.value}.",
            f"The catalogue says nothing about {thing.value}.",
            details={"iri": thing.value},
        )
    truncated = len(referring) > incoming
    kept, left = _first(((p, s, g) for s, p, g in referring[:incoming] if _shown(p)), each)
    about = [(thing, p, o, g) for p, o, g in said]
    towards = [(s, p, thing, g) for p, s, g in kept]
    context = _Context.read(store, [*about, *towards], language)
    own = context.references[thing.value]
    return Thing(
        thing.value,
        own.kind,
        own.label,
        own.language,
        [context.references[o.value] for _, p, o, _ in about if p == _TYPE and isinstance(o, NamedNode)],
        sorted((context.statement(*row) for row in about if row[1] != _TYPE), key=_order),
        sorted((context.statement(*row) for row in towards), key=_order),
        truncated,
        [Cut(context.references[iri], total) for iri, total in cut.items()],
        [Cut(context.references[iri], None if truncated else total) for iri, total in left.items()],
    )


def _said(store: Store, thing: NamedNode, each: int) -> tuple[list[tuple[Any, Any, Any]], dict[str, int | None]]:
    """Property, value and graph of what is said about a thing, at most `each` values of a property; and of which there
    are more."""
    rows = store.select(Query.named("thing-said").bind(thing=thing, limit=MOST_SAID + 1)).rows
    if len(rows) <= MOST_SAID:
        return _first(((p, o, g) for p, o, g in rows if _shown(p)), each)
    found: list[tuple[Any, Any, Any]] = []
    cut: dict[str, int | None] = {}
    for (one,) in store.select(Query.named("thing-properties").bind(thing=thing)).rows:
        if isinstance(one, NamedNode) and _shown(one):
            values = store.select(Query.named("thing-values").bind(thing=thing, property=one, limit=each + 1)).rows
            found += [(one, value, graph) for value, graph in values[:each]]
            if len(values) > each:
                cut[one.value] = None
    return found, cut


def _first(rows: Iterable[tuple[Any, Any, Any]], each: int) -> tuple[list[tuple[Any, Any, Any]], dict[str, int | None]]:
    """The rows (property, other end, graph) of the first `each` other ends of every property, and how many ends those
    properties have that have more."""
    ends: dict[str, dict[Any, list[tuple[Any, Any, Any]]]] = {}
    for row in rows:
        ends.setdefault(row[0].value, {}).setdefault(row[1], []).append(row)
    kept: list[tuple[Any, Any, Any]] = []
    cut: dict[str, int | None] = {}
    for name, found in ends.items():
        first = list(found)
        if len(first) > each:
            cut[name] = len(first)
            first = sorted(first, key=str)[:each]
        kept += [row for end in first for row in found[end]]
    return kept, cut


def document(store: Store, thing: NamedNode, address: NamedNode) -> list[Quad]:
    """The thing as data: its statements and those of its codes and quotations, each in the graph that states it.

    In the default graph stands what the document at `address` is about, which graphs it is taken from, and the mark and
    source of each. What was made for the machine is left out.
    """
    rows = store.select(Query.named("thing-statements").bind(thing=thing)).rows
    if any(row[0] in _HAVING for row in rows):
        parts = store.select(Query.named("thing-parts").bind(thing=thing)).rows
    else:
        parts = []
    told = dict.fromkeys([*((thing, *row) for row in rows), *parts])
    said = [Quad(*row) for row in told if _shown(row[1])]  # type: ignore[arg-type]
    graphs = graph_marks(
        store, sorted({quad.graph_name.value for quad in said if isinstance(quad.graph_name, NamedNode)})
    )
    about = [(address, _TYPE, _DOCUMENT), (address, _TOPIC, thing)]
    for iri, found in graphs.items():
        graph = NamedNode(iri)
        about += [
            (address, _SOURCE, graph),
            (graph, _TYPE, _SOURCE_GRAPH),
            (graph, _SOURCE, NamedNode(found.source)),
            (graph, _VERIFICATION, NamedNode(MARK_PREFIX + found.mark)),
        ]
    return [*said, *(Quad(*statement, DefaultGraph()) for statement in about)]


def _shown(predicate: Any) -> bool:
    return isinstance(predicate, NamedNode) and predicate.value not in _MACHINERY


def _order(statement: Statement) -> tuple[str, str, str]:
    value = statement.object
    text = value.value if isinstance(value, Value) else value.label or value.iri
    return statement.predicate.iri, text, statement.subject.label or statement.subject.iri


@dataclass(frozen=True, slots=True)
class _Context:
    """Names, marks and sources of everything that a page of statements mentions."""

    references: dict[str, Reference]
    marks: dict[str, GraphMark]
    sources: dict[str, SourceReference]

    @staticmethod
    def read(store: Store, rows: list[tuple[Any, ...]], language: str) -> "_Context":
        marks = graph_marks(store, {row[3].value for row in rows})
        iris = [term.value for row in rows for term in row[:3] if isinstance(term, NamedNode)]
        return _Context(
            references(store, iris, language), marks, sources(store, (mark.source for mark in marks.values()))
        )

    def statement(self, subject: Any, predicate: Any, value: Any, graph: Any) -> Statement:
        mark = self.marks.get(graph.value)
        return Statement(
            self.references[subject.value],
            self.references[predicate.value],
            self._object(value),
            mark.mark if mark else None,
            self.sources[mark.source] if mark else None,
        )

    def _object(self, value: Any) -> Reference | Value:
        if isinstance(value, Literal):
            return Value(value.value, value.language, None if value.language else value.datatype.value)
        return self.references.get(value.value, Reference(value.value))
