"""What the data makes of a class or a property: the things of the one, page by page; statements with the other."""

from pyoxigraph import NamedNode

from catalogue.query import Query
from catalogue.store.port import Store, Term

SORTED = 2_000
"""Most things of a class that are put in order; a longer list stands as the store holds it."""


def things(store: Store, kind: str, *, skip: int, most: int, total: int | None) -> list[str]:
    """At most `most` things (IRIs) of the class `kind` after the first `skip`. `total`: how many there are, None where that
    is not known; up to `SORTED` they are in order."""
    ordered = in_order(total)
    query = Query.named("vocabulary-uses-things")
    bound = query.bind(kind=NamedNode(kind), offset=0 if ordered else skip, limit=SORTED if ordered else most)
    found = [row[0].value for row in store.select(bound).rows if isinstance(row[0], NamedNode)]
    # The engine would read every name anew for each comparison: a hundred times as long.
    return sorted(found)[skip : skip + most] if ordered else found


def in_order(total: int | None) -> bool:
    """Whether a list of so many things is put in order."""
    return total is not None and total <= SORTED


def statements(store: Store, property_: str, *, most: int) -> list[tuple[Term | None, Term | None]]:
    """Subject and object of at most `most` statements with a property."""
    query = Query.named("vocabulary-uses-statements")
    rows = store.select(query.bind(property=NamedNode(property_), limit=most)).rows
    return [(subject, value) for subject, value in rows]


def is_used(store: Store, iri: str, *, as_class: bool) -> bool:
    """Whether anything is of the class `iri`, or bears it as a property. Raises `ValueError` for what is no IRI."""
    found = things(store, iri, skip=0, most=1, total=None) if as_class else statements(store, iri, most=1)
    return bool(found)
