"""What is attached to things: who refers to them by a few properties, property by property and kind by kind."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from catalogue.iri import node
from catalogue.labels import kind_of
from catalogue.lookup import rows_of
from catalogue.query import Query
from catalogue.store.port import Store

MOST = 6_000
"""Most references that are read."""

MOST_EACH = 300
"""Most members that are read of each group, where all of them together are too many."""


@dataclass(frozen=True, slots=True)
class Attached:
    """The things that refer to others; `truncated`: there are more than were read."""

    rows: list[tuple[str, str, str]]
    truncated: bool

    def by(self, *properties: str, kind: str, to: str | None = None) -> list[str]:
        """The IRIs of one kind that refer by one of `properties` (`chiso:indicator`), sorted; `to`: to this thing only."""
        wanted = {node(name).value for name in properties}
        return sorted(
            {
                thing
                for whole, property_, thing in self.rows
                if property_ in wanted and kind_of(thing) == kind and (to is None or whole == to)
            }
        )


@dataclass(frozen=True, slots=True)
class _Member:
    group: str
    member: str


@dataclass(frozen=True, slots=True)
class Members:
    """What is in a group, by IRI, sorted; `truncated`: there are more than were read."""

    iris: list[str]
    truncated: bool = False


def members(store: Store, groups: Iterable[str]) -> dict[str, Members]:
    """What is in each of `groups` (IRIs): all of it, where that is less than `MOST` together, else `MOST_EACH` of each."""
    wanted = list(dict.fromkeys(groups))
    found = rows_of(store, "attached-members", _Member, wanted, most=MOST)
    if sum(map(len, found.values())) < MOST:
        return {group: Members(sorted({row.member for row in rows})) for group, rows in found.items()}
    # Asked for one by one, so that a large group leaves something to be read of the others.
    read = {group: rows_of(store, "attached-members", _Member, [group], most=MOST_EACH + 1)[group] for group in wanted}
    return {
        group: Members(sorted({row.member for row in rows})[:MOST_EACH], truncated=len(rows) > MOST_EACH)
        for group, rows in read.items()
    }


def attached(store: Store, things: Collection[str], properties: Iterable[str]) -> Attached:
    """What refers to `things` (IRIs) by `properties` (as `chiso:indicator`); at most `MOST` references are read."""
    query = Query.named("attached")
    pairs = [(node(name), NamedNode(iri)) for name in properties for iri in things]
    found = store.select(query.bind(pairs=pairs, most=MOST + 1)).rows
    rows = [
        (w.value, p.value, t.value) for w, p, t in found[:MOST] if w is not None and p is not None and t is not None
    ]
    return Attached(rows, len(found) > MOST)
