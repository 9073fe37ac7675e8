"""Which scenarios watch an indicator, and who acts when they trigger?"""

from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode

from catalogue.gaps import Gap
from catalogue.graphs import Mark
from catalogue.labels import Reference, references
from catalogue.proofs import graph_marks, strongest
from catalogue.query import Query
from catalogue.responsibility import Assignment
from catalogue.responsibility import of as responsibility_of
from catalogue.rows import records
from catalogue.store.port import Store


@dataclass(frozen=True, slots=True)
class Watch:
    """A scenario (or a group of scenarios) with what it watches, its triggers and who acts; each list may be empty."""

    scenario: Reference
    watches: list[Reference]
    triggers: list[str]
    basis: Reference | None
    actors: list[Assignment]
    verification: Mark


@dataclass(frozen=True, slots=True)
class Watching:
    """The scenarios that watch a thing, and what the sources leave open."""

    of: Reference | None
    as_of: date
    scenarios: list[Watch]
    gaps: list[Gap]


@dataclass(frozen=True, slots=True)
class _Row:
    scenario: str
    watched: str | None
    trigger: str | None
    basis: str | None
    graph: str


def watching(store: Store, thing: NamedNode | None = None, *, as_of: date, language: str = "vi") -> Watching:
    """The scenarios that watch `thing`, its groups or its set; None: all scenarios."""
    query = Query.named("scenarios")
    grouped: dict[str, list[_Row]] = {}
    for row in records(_Row, store.select(query.bind()), query.name):
        grouped.setdefault(row.scenario, []).append(row)
    if thing is not None:
        wholes = store.select(Query.named("groups-and-set").bind(thing=thing)).rows
        wanted = {thing.value} | {row[0].value for row in wholes if row[0] is not None}
        grouped = {iri: rows for iri, rows in grouped.items() if any(row.watched in wanted for row in rows)}
    rows = [row for group in grouped.values() for row in group]
    marks = graph_marks(store, (row.graph for row in rows))
    mentioned = [iri for row in rows for iri in (row.scenario, row.watched, row.basis) if iri]
    named = references(store, [*mentioned, *([thing.value] if thing else [])], language)
    found = []
    for iri, group in grouped.items():
        proofs = strongest(marks[row.graph] for row in group if row.graph in marks)
        basis = next((row.basis for row in group if row.basis), None)
        found.append(
            Watch(
                named[iri],
                [named[i] for i in sorted({row.watched for row in group if row.watched})],
                sorted({row.trigger for row in group if row.trigger}),
                named[basis] if basis else None,
                responsibility_of(store, NamedNode(iri), as_of=as_of, language=language).responsibilities,
                proofs[0].mark if proofs else "unverified",
            )
        )
    return Watching(named[thing.value] if thing else None, as_of, found, _gaps(found, thing))


def _gaps(found: list[Watch], thing: NamedNode | None) -> list[Gap]:
    gaps = []
    if thing is not None and not found:
        gaps.append(
            Gap(
                "no-scenario",
                "Không nguồn nào nói kịch bản nào theo dõi chỉ số hoặc nhóm này.",
                "No source says that a scenario watches this indicator or group.",
            )
        )
    if any(not watch.actors for watch in found):
        gaps.append(
            Gap(
                "no-actor",
                "Không nguồn nào nói đơn vị nào hành động khi kịch bản được kích hoạt.",
                "No source says which unit acts when the scenario triggers.",
            )
        )
    return gaps
