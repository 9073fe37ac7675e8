"""Look-ups: one query that says the same few things of many things, answered per thing.

A look-up query has one list of things as parameter (and perhaps `$most`, its LIMIT), and its first variable is the
thing. On a published state what was read of a thing is remembered, so a label or a mark is asked for once and not once
per request.
"""

from collections.abc import Iterable
from typing import TypeVar

from pyoxigraph import NamedNode

from catalogue.query import Query, Value
from catalogue.rows import records
from catalogue.store.port import NODES_PER_QUERY, Store
from catalogue.store.remembering import Remembering

Record = TypeVar("Record")


def rows_of(
    store: Store, name: str, record: type[Record], things: Iterable[str], *, most: int | None = None
) -> dict[str, list[Record]]:
    """For each of `things` (IRIs) the records that the look-up query `name` gives; every thing asked for is a key.

    `most`: for queries with a LIMIT, the most rows of all things together; an answer that reaches it may lack rows of
    any thing, and is not remembered.
    """
    wanted = list(dict.fromkeys(things))
    found: dict[str, list[Record]] = {}
    if isinstance(store, Remembering):
        memory = store.memory
        for iri in wanted:
            known = memory.get((name, iri))
            if known is not None:
                found[iri] = known
    missing = [iri for iri in wanted if iri not in found]
    if missing:
        fresh = ask(store, name, record, missing, most)
        if isinstance(store, Remembering) and (most is None or sum(map(len, fresh.values())) < most):
            store.remember({(name, iri): rows for iri, rows in fresh.items()})
        found |= fresh
    return {iri: found[iri] for iri in wanted}


def ask(
    store: Store, name: str, record: type[Record], things: list[str], most: int | None = None, **more: Value
) -> dict[str, list[Record]]:
    """The same without memory: for rows from which something smaller is made and remembered. `more`: further parameters.

    Without `most`, many things are asked for in several queries: beside a thousand of them the engine takes the other
    patterns of a query for the shorter list, and reads all of the catalogue.
    """
    if most is None and len(things) > NODES_PER_QUERY:
        together: dict[str, list[Record]] = {}
        for at in range(0, len(things), NODES_PER_QUERY):
            together |= ask(store, name, record, things[at : at + NODES_PER_QUERY], None, **more)
        return together
    query = Query.named(name)
    (parameter,) = query.parameters - {"most"} - more.keys()
    limit = {} if most is None else {"most": most}
    solutions = store.select(query.bind(**{parameter: [NamedNode(iri) for iri in things]}, **limit, **more))
    rows = records(record, solutions, name)
    found: dict[str, list[Record]] = {iri: [] for iri in things}
    for solution, row in zip(solutions.rows, rows, strict=True):
        thing = solution[0]
        if isinstance(thing, NamedNode):
            found[thing.value].append(row)
    return found
