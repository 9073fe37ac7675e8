"""The answer to a query as a table that people read: the first rows, each value with its link and language."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)

from api.pages.naming import web_address
from catalogue.iri import PREFIXES, short
from catalogue.labels import Reference
from workers.task import Answer

MOST_ROWS = 1_000
"""Rows that a page shows; all of them are in the other forms."""

MOST_NAMED = 300
"""IRIs of a page that are shown by name; the others are shown as they are written."""

_STRING = PREFIXES["xsd"] + "string"

Names = Callable[[Iterable[str]], Mapping[str, Reference]]


@dataclass(frozen=True, slots=True)
class Cell:
    """A value: what is shown, where it leads, its language, its datatype where it is worth saying. `iri` is the whole
    address of a thing, `name` what it is called where that is known, in the language of `language`."""

    text: str
    link: str | None = None
    outside: bool = False
    language: str | None = None
    datatype: str | None = None
    iri: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """`total`: rows of the answer, of which `rows` are the first. `boolean`: what ASK answered, else None."""

    columns: tuple[str, ...]
    rows: list[list[Cell]]
    total: int
    boolean: bool | None = None


MEDIA_TYPES = {
    "select": "text/tab-separated-values",
    "ask": "text/tab-separated-values",
    "construct": "application/n-triples",
    "describe": "application/n-triples",
}
"""In which form the answer to each form of query is asked for: one row per line, so that the first ones can be cut off."""


def table(form: str, answer: Answer, address: Callable[[str], str | None], names: Names) -> Table:
    """The first rows of an answer made as `MEDIA_TYPES` says. `address`: where in this service an IRI is shown; `names`:
    what IRIs are called."""
    if form == "ask":
        return Table((), [], 1, boolean=answer.body.strip() == b"true")
    lines = answer.body.split(b"\n", MOST_ROWS + (form == "select"))
    first = b"".join(line + b"\n" for line in lines[:-1])  # what stands behind the last newline is nothing, or the rest
    if form == "select":
        columns, terms = _solutions(first)
    else:
        columns = ("subject", "predicate", "object")
        terms = [(one.subject, one.predicate, one.object) for one in parse(first, RdfFormat.N_TRIPLES)]
    met = dict.fromkeys(term.value for row in terms for term in row if isinstance(term, NamedNode))
    named = names(list(met)[:MOST_NAMED])
    return Table(columns, [[_cell(term, address, named) for term in row] for row in terms], answer.rows)


def _solutions(first: bytes) -> tuple[tuple[str, ...], Sequence[tuple[object, ...]]]:
    found = parse_query_results(first, QueryResultsFormat.TSV)
    try:
        assert isinstance(found, QuerySolutions)  # noqa: S101 - TSV of a SELECT
        return tuple(variable.value for variable in found.variables), list(map(tuple, found))
    finally:
        del found  # it belongs to this thread, and a traceback would carry it into another


def _cell(term: object, address: Callable[[str], str | None], named: Mapping[str, Reference]) -> Cell:
    match term:
        case None:
            return Cell("")
        case NamedNode():
            inside, known = address(term.value), named.get(term.value)
            return Cell(
                short(term.value),
                inside or web_address(term.value),
                outside=inside is None,
                language=known.language if known else None,
                iri=term.value,
                name=known.label if known else None,
            )
        case Literal():
            plain = term.language or term.datatype.value == _STRING
            return Cell(term.value, language=term.language, datatype=None if plain else short(term.datatype.value))
        case BlankNode():
            return Cell(f"_:{term.value}")
        case _:
            return Cell(str(term))
