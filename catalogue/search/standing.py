"""What things are filtered by: level, sets and groups, lead units, marks, publishers, validity; and what units became.

All of it is read in whole columns of the graph (`catalogue.search.columns`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from pyoxigraph import NamedNode

from catalogue.graphs import MARKS, Mark, mark_of
from catalogue.names import composed
from catalogue.query import Query
from catalogue.search.columns import Columns

QUESTIONS = (
    "search-sets",
    "search-levels",
    "search-parts",
    "search-groups",
    "search-begun",
    "search-ended",
    "search-successors",
    "search-leads",
)
"""The columns that are read."""

_Pairs = Callable[[str], Iterator[tuple[str, str]]]

_MOST_STEPS = 5
"""Most reorganisations that are followed from a unit of today back to its former names."""


@dataclass(slots=True)
class Standing:
    """The columns, by IRI; what is not known of a thing is absent.

    `ends`, `begins`: first and last day (excluded) as numbers, 20250701. `became`: the next units after a
    reorganisation, `origins`: all that went into a unit, the nearest first.
    """

    levels: dict[str, str]
    groups: dict[str, list[str]]
    leads: dict[str, list[str]]
    marks: dict[str, Mark]
    publishers: dict[str, list[str]]
    begins: dict[str, int]
    ends: dict[str, int]
    became: dict[str, list[str]]
    _came_from: dict[str, list[str]]

    def origins(self, iri: str) -> list[str]:
        """The units that went into `iri`, directly or over units between, the nearest first."""
        found: dict[str, None] = {}
        step = self._came_from.get(iri, ())
        for _ in range(_MOST_STEPS):
            step = [before for before in dict.fromkeys(step) if before not in found and before != iri]
            found |= dict.fromkeys(step)
            step = [earlier for before in step for earlier in self._came_from.get(before, ())]
            if not step:
                break
        return list(found)


def read(columns: Columns) -> Standing:
    """All columns, `QUESTIONS` of which were asked for."""

    def pairs(question: str) -> Iterator[tuple[str, str]]:
        return ((thing, columns.same(value)) for thing, value in columns.pairs(question))

    parts = dict(pairs("search-parts"))
    sets = dict(pairs("search-sets"))
    groups = _gathered(chain(pairs("search-groups"), sets.items()))
    begins, ends = dict(_days(pairs("search-begun"))), dict(_days(pairs("search-ended")))
    for iri, whole in parts.items():
        if iri not in ends and whole in ends:  # a provision ends with its document
            ends[iri] = ends[whole]
    marks, publishers = _stated(columns)
    came_from: dict[str, list[str]] = defaultdict(list)
    became: dict[str, list[str]] = defaultdict(list)
    for before, after in pairs("search-successors"):
        if before != after:
            became[before].append(after)
            came_from[after].append(before)
    return Standing(
        _levels(pairs, parts, sets), groups, _leads(pairs, groups), marks, publishers, begins, ends, became, came_from
    )


def _gathered(found: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    gathered: dict[str, list[str]] = {}
    alone: dict[str, list[str]] = {}  # most things have one value, and share its list
    for iri, value in found:
        known = gathered.get(iri)
        if known is None:
            gathered[iri] = alone.setdefault(value, [value])
        elif value not in known:
            gathered[iri] = [*known, value]
    return gathered


def _days(found: Iterable[tuple[str, str]]) -> Iterator[tuple[str, int]]:
    for iri, value in found:
        digits = value[:10].replace("-", "")
        if len(digits) == 8 and digits.isdigit():
            yield iri, int(digits)


def _levels(pairs: _Pairs, parts: dict[str, str], sets: dict[str, str]) -> dict[str, str]:
    """Its own level, that of its issuer or its type of area, else that of the whole it is part of or of its set."""
    levels = dict(pairs("search-levels"))
    for iri, whole in (*parts.items(), *sets.items()):
        if iri not in levels and whole in levels:
            levels[iri] = levels[whole]
    return levels


def _leads(pairs: _Pairs, groups: dict[str, list[str]]) -> dict[str, list[str]]:
    """Who leads a thing: as said of itself or of a task about it, else of its group, else of its set."""
    leads = _gathered(pairs("search-leads"))
    for iri, within in groups.items():
        if iri not in leads:
            nearest = next((leads[group] for group in within if group in leads), None)
            if nearest is not None:
                leads[iri] = nearest
    return leads


def _stated(columns: Columns) -> tuple[dict[str, Mark], dict[str, list[str]]]:
    """The strongest mark under which each thing is said to be, and who published the sources that say so."""
    sources: dict[NamedNode, tuple[Mark, list[str]]] = {}
    for graph, mark, publisher in columns.store.select(Query.named("search-graphs").bind()).rows:
        if isinstance(graph, NamedNode) and mark is not None:
            _, names = sources.setdefault(graph, (mark_of(mark.value), []))
            if publisher is not None:
                names.append(composed(publisher.value))
    marks: dict[str, Mark] = {}
    publishers: dict[str, list[str]] = {}
    # Graph by graph: to tell the graph in each of a million rows takes as long as to tell the thing.
    for graph, things in columns.things("search-stated", sorted(sources, key=lambda one: MARKS.index(sources[one][0]))):
        strength, names = sources[graph]
        for iri in things:
            marks.setdefault(iri, strength)
            if names:
                known = publishers.get(iri)
                if known is None:
                    publishers[iri] = names  # shared by all that one source says
                elif any(name not in known for name in names):
                    publishers[iri] = [*known, *(name for name in names if name not in known)]
    return marks, publishers
