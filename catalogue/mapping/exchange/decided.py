"""The decided mappings that those that come in meet: at one of their codes, or on the way up from one of them.

Reading all that was ever decided would cost each import more than the one before it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode

from catalogue.mapping.exchange.contradictions import LONGEST, Claim, circular, steps_up
from catalogue.mapping.records import NO_TERM, STATUS
from catalogue.query import Query
from catalogue.rows import records
from catalogue.store.port import NODES_PER_QUERY, Store


@dataclass(frozen=True, slots=True)
class _Row:
    mapping: str
    subject: str
    predicate: str
    object: str
    status: str
    modifier: str | None
    review_date: date | None
    valid_from: date | None
    valid_to: date | None
    object_source: str | None


def around(store: Store, claims: Sequence[Claim]) -> list[Claim]:
    """What the catalogue holds that can contradict one of `claims` or close a circle with them, by their IRIs."""
    found: dict[str, Claim] = {}
    read = {end for claim in claims for end in (claim.subject, claim.object)} - {NO_TERM}
    found |= _of(store, read)
    starts = {claim.object if claim.relation == "broadMatch" else claim.subject for claim in claims if circular(claim)}
    up: dict[str, set[str]] = {}
    _note(up, [*claims, *found.values()])
    reached = set(starts)
    for _ in range(LONGEST):
        further = {above for one in starts for above in up.get(one, ())} - reached
        if not further:
            break
        new = _of(store, further - read)
        read |= further
        reached |= further
        _note(up, [claim for iri, claim in new.items() if iri not in found])
        found |= new
        starts = further
    return [claim for _, claim in sorted(found.items())]


def _note(up: dict[str, set[str]], claims: Iterable[Claim]) -> None:
    for claim in claims:
        for below, above in steps_up(claim):
            up.setdefault(below, set()).add(above)


def _of(store: Store, things: Iterable[str]) -> dict[str, Claim]:
    """The decided mappings of things, but for those to what lies below them."""
    query = Query.named("decided-around")
    nodes = [NamedNode(one) for one in sorted(things)]
    found: dict[str, Claim] = {}
    for at in range(0, len(nodes), NODES_PER_QUERY):
        for row in records(_Row, store.select(query.bind(things=nodes[at : at + NODES_PER_QUERY])), query.name):
            found.setdefault(
                row.mapping,
                Claim(
                    row.subject,
                    row.predicate.rpartition("#")[2].rpartition("/")[2],
                    row.object,
                    row.status.removeprefix(STATUS),
                    row.modifier is not None,
                    row.valid_from,
                    row.valid_to,
                    row.review_date,
                    iri=row.mapping,
                    scheme=row.object_source,
                ),
            )
    return found
