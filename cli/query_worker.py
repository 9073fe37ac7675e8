"""The child process of `chiso query`: one query, one answer, killed by its alarm when the time is up.

A query cannot be cancelled inside the engine, and one nested deeply enough ends the process that parses it; both happen
here, where nothing is lost.
"""

import json
import signal
import sys
from collections.abc import Sequence
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, RdfFormat, parse_query_results

from catalogue.errors import CatalogueError, told
from catalogue.store.port import Solutions, Store
from cli import building
from cli.query_request import Answer, Request
from workers import sandbox

MEMORY = 4 * 1024**3
"""Bytes of memory one query may take."""

_SOLUTIONS = {
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
}
_GRAPHS = {
    "turtle": RdfFormat.TURTLE,
    "nquads": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
}


def main() -> None:
    """Read a `Request` from standard input, write an `Answer` or an error to standard output."""
    sandbox.end_with_parent()
    request = Request.from_json(sys.stdin.read())
    try:
        if request.settings.store == "disk":
            sandbox.leave_network()
        store = building.reader(request.settings)
        sandbox.limit_memory(MEMORY)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, request.settings.timeout)
        print(answer(store, request).to_json())
    except CatalogueError as error:
        print(json.dumps(told(error)))


def answer(store: Store, request: Request) -> Answer:
    """The answer in the format asked for."""
    if request.form == "ask":
        found = store.ask(request.query)
        if request.format == "table":
            return Answer(["ask"], table=[["true" if found else "false"]], boolean=found)
        return Answer([], document=_document({"head": {}, "boolean": found}, request.format), boolean=found)
    if request.form == "construct":
        from catalogue import rdf

        triples = store.construct(request.query)
        cut = len(triples) > request.settings.rows
        graph = rdf.serialise(triples[: request.settings.rows], _GRAPHS[request.format])
        return Answer([], document=graph.decode(), cut=cut)
    solutions = store.select(request.query)
    cut = len(solutions.rows) > request.settings.rows
    rows = solutions.rows[: request.settings.rows]
    variables = list(solutions.variables)
    if request.format == "table":
        table = [["" if term is None else getattr(term, "value", str(term)) for term in row] for row in rows]
        return Answer(variables, table=table, cut=cut)
    document = _document(_results(Solutions(solutions.variables, rows)), request.format)
    return Answer(variables, document=document, cut=cut)


def _results(solutions: Solutions) -> dict[str, Any]:
    """SPARQL 1.1 Query Results JSON Format, section 3.2."""
    bindings = [
        {name: _term(term) for name, term in zip(solutions.variables, row, strict=True) if term is not None}
        for row in solutions.rows
    ]
    return {"head": {"vars": list(solutions.variables)}, "results": {"bindings": bindings}}


def _term(term: Any) -> dict[str, Any]:
    match term:
        case NamedNode():
            return {"type": "uri", "value": term.value}
        case BlankNode():
            return {"type": "bnode", "value": term.value}
        case Literal():
            plain: dict[str, Any] = {"type": "literal", "value": term.value}
            if term.language:
                return plain | {"xml:lang": term.language}
            return plain if _is_string(term) else plain | {"datatype": term.datatype.value}
        case _:
            parts: Sequence[tuple[str, Any]] = (
                ("subject", term.subject),
                ("predicate", term.predicate),
                ("object", term.object),
            )
            return {"type": "triple", "value": {name: _term(part) for name, part in parts}}


def _is_string(term: Literal) -> bool:
    return term.datatype.value == "http://www.w3.org/2001/XMLSchema#string"


def _document(results: dict[str, Any], chosen: str) -> str:
    text = json.dumps(results, ensure_ascii=False)
    if chosen == "json":
        return text + "\n"
    read = parse_query_results(text, QueryResultsFormat.JSON)
    return (read.serialize(format=_SOLUTIONS[chosen]) or b"").decode()


if __name__ == "__main__":
    main()
