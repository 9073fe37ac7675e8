"""What is to be mended whatever the day: warnings of the shapes, statements that are not confirmed, figures that disagree.

Each is told with the source that says it and who publishes that source. Taken by a process beside the service, since to
ask every shape of a large catalogue takes long. Competency question 20.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pyoxigraph import NamedNode

from catalogue import observations
from catalogue.graphs import MARKS, Mark, mark_of
from catalogue.query import Query
from catalogue.rows import records
from catalogue.store.port import Store
from catalogue.validation import check

MOST_WARNINGS = 5_000
"""Warnings that are kept with their words; all are counted."""
MOST_FIGURES = 1_000

Severity = Literal["Warning", "Info"]


@dataclass(frozen=True, slots=True)
class Warned:
    """One thing that a shape warns of: `shape` by its name, `path` the property by IRI, `value` as text, and the words."""

    source: str | None
    focus: str
    path: str | None
    value: str | None
    shape: str
    severity: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Rule:
    """How often a shape warns about what a source says."""

    source: str | None
    shape: str
    severity: str
    number: int
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Source:
    """A source (by IRI), who publishes it, and how many statements of it bear which mark."""

    source: str
    publisher: str | None
    statements: dict[str, int]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two figures (by IRI) for one indicator, area and period that differ; `difference` is second minus first."""

    indicator: str
    area: str
    period: str
    first: str
    second: str
    values: list[str]
    sources: list[str]
    difference: str


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found in one state. `warnings` holds at most `MOST_WARNINGS` of those that `rules` counts."""

    sources: list[Source]
    rules: list[Rule]
    warnings: list[Warned]
    figures: list[Disagreement]


@dataclass(frozen=True, slots=True)
class _Graph:
    graph: str
    mark: str
    source: str
    publisher: str | None


def examine(store: Store) -> Examination:
    """Ask everything of the whole `store`; this may take minutes for a large one."""
    query = Query.named("survey-sources")
    graphs = records(_Graph, store.select(query.bind()), query.name)
    owners = {NamedNode(one.graph): one.source for one in graphs}
    warned = [
        Warned(
            one.source,
            str(getattr(one.focus, "value", one.focus)),
            one.path.value if one.path else None,
            None if one.value is None else str(getattr(one.value, "value", one.value)),
            one.shape.value.rpartition("#")[2] or one.shape.value,
            one.severity,
            one.message_vi,
            one.message_en,
        )
        for one in check(store, graphs=owners)
    ]
    return Examination(_sources(store, graphs), _rules(warned), _distinct(warned)[:MOST_WARNINGS], _figures(store))


def _sources(store: Store, graphs: Iterable[_Graph]) -> list[Source]:
    publishers: dict[str, str | None] = {}
    counted: dict[str, Counter[Mark]] = {}
    seen = set()
    for one in graphs:
        if publishers.get(one.source) is None:
            publishers[one.source] = one.publisher
        if one.graph in seen:  # a source with two publishers stands twice
            continue
        seen.add(one.graph)
        rows = store.select(Query.named("survey-size").bind(graph=NamedNode(one.graph))).rows
        number = rows[0][0] if rows else None
        counted.setdefault(one.source, Counter())[mark_of(one.mark)] += int(str(getattr(number, "value", 0)))
    return [
        Source(source, publishers[source], {mark: marks[mark] for mark in MARKS})
        for source, marks in sorted(counted.items())
    ]


def _distinct(warned: list[Warned]) -> list[Warned]:
    """Each warning once, though several graphs of its source state it; the grave ones first, then in order of kind."""
    rank = {"Violation": 0, "Warning": 1, "Info": 2}
    return sorted(
        dict.fromkeys(warned), key=lambda one: (rank.get(one.severity, 3), one.shape, one.source or "", one.focus)
    )


def _rules(warned: list[Warned]) -> list[Rule]:
    counted: Counter[tuple[str | None, str, str]] = Counter()
    words: dict[str, tuple[str, str]] = {}
    for one in _distinct(warned):
        counted[one.source, one.shape, one.severity] += 1
        words.setdefault(one.shape, (one.vi, one.en))
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0][1], pair[0][0] or ""))
    return [Rule(source, shape, severity, number, *words[shape]) for (source, shape, severity), number in ordered]


def _figures(store: Store) -> list[Disagreement]:
    return [
        Disagreement(
            one.indicator.iri,
            one.first.area.iri,
            one.first.period,
            one.first.iri,
            one.second.iri,
            [str(one.first.value), str(one.second.value)],
            [one.first.source.iri, one.second.source.iri],
            str(one.difference),
        )
        for one in observations.conflicts(store, limit=MOST_FIGURES)
    ]
