"""What follows from a chain of matches: the table `match-composition` of the vocabulary, read from the graph.

SPARQL queries, the interface and this module read the same 25 lines; each says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from catalogue.errors import Defect
from catalogue.iri import PREFIXES
from catalogue.mapping.relations import MATCHES
from catalogue.query import Query
from catalogue.rows import records
from catalogue.store.port import Store
from catalogue.store.remembering import Remembering

_SKOS = PREFIXES["skos"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: `first`, then `second`, gives `composed` (None: no conclusion), and why."""

    first: str
    second: str
    composed: str | None
    vi: str
    en: str


Table = Mapping[tuple[str, str], Line]


def table(store: Store) -> Table:
    """The table of the graph, by the local names of the two matches.

    Raises `Defect` where the vocabulary in the store does not state every pair once.
    """
    if isinstance(store, Remembering):
        known = store.memory.get(("composition",))
        if known is not None:
            return {(line.first, line.second): line for line in known}
    query = Query.named("composition-table")
    read = [
        replace(
            line,
            first=line.first.removeprefix(_SKOS),
            second=line.second.removeprefix(_SKOS),
            composed=line.composed and line.composed.removeprefix(_SKOS),
        )
        for line in records(Line, store.select(query.bind()), query.name)
    ]
    found = {(line.first, line.second): line for line in read}
    missing = [f"{one}-{two}" for one in MATCHES for two in MATCHES if (one, two) not in found]
    if missing or len(read) != len(MATCHES) ** 2:
        raise Defect(
            f"Bảng ghép ánh xạ (match-composition) trong kho thiếu hoặc lặp: {', '.join(missing) or len(read)}.",
            f"The composition table (match-composition) of the store lacks or repeats: {', '.join(missing) or len(read)}.",
        )
    if isinstance(store, Remembering):
        store.remember({("composition",): read})
    return found


def composed(lines: Table, matches: Sequence[str]) -> str | None:
    """What follows from `matches`, in their order; None where nothing does. No match at all is the code itself."""
    result = "exactMatch"
    for match in matches:
        following = lines[result, match].composed
        if following is None:
            return None
        result = following
    return result
