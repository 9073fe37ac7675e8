"""The child process that answers visitors' queries over one published state, one after the other.

It opens the state read-only, evaluates and serialises in one function (an answer of the engine belongs to its thread),
and hands over whole answers. Whatever it cannot take (stack, memory, time) ends this process and no other.
"""

import io
import os
import re
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any, cast

import pyoxigraph
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat

from catalogue import xml_form
from catalogue.errors import NotAcceptable, told
from catalogue.iri import PREFIXES
from catalogue.store.hold import Hold
from workers import sandbox
from workers.channel import Closed, Head, receive, send

SOLUTIONS: dict[str, QueryResultsFormat] = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
GRAPHS: dict[str, RdfFormat] = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/trig": RdfFormat.TRIG,
    "application/n-quads": RdfFormat.N_QUADS,
}
_XML = {
    "application/sparql-results+xml": xml_form.SOLUTION_FORMS,
    "application/rdf+xml": xml_form.GRAPH_FORMS,
}
"""What is written in XML, and what can be had where XML cannot hold the answer."""
_WITH_PREFIXES = (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.RDF_XML)


class TooMany(Exception):
    """An answer of more rows or bytes than it may have; `limit` is `rows` or `bytes`."""

    def __init__(self, limit: str) -> None:
        super().__init__(limit)
        self.limit = limit


class Sink(io.RawIOBase):
    """Keeps what is written to it, at most `most` bytes. Raises `TooMany`."""

    def __init__(self, most: int) -> None:
        self.body = bytearray()
        self._most = most

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data: Any) -> int:
        """Keep `data`."""
        if len(self.body) + len(data) > self._most:
            raise TooMany("bytes")
        self.body += data
        return len(data)


def main() -> None:
    """Serve the socket whose descriptor is the first argument, until its other end closes."""
    sandbox.end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C goes to both; the service decides
    network = sandbox.leave_network()
    connection = socket.socket(fileno=int(sys.argv[1]))
    sandbox.restrict()
    engine = pyoxigraph.Store()
    try:
        while True:
            head, text = receive(connection)
            if "open" in head:
                _hold = Hold(Path(head["open"]))  # for as long as this engine is asked
                engine = pyoxigraph.Store.read_only(head["open"])
                send(connection, {"network": network, "resident": sandbox.resident_memory()})
            else:
                send(connection, *answer(engine, text.decode("utf-8", "surrogatepass"), head))
    except Closed:
        pass
    # Not through the interpreter's end: the engine's memory need not be given back piece by piece.
    os._exit(0)


def answer(engine: pyoxigraph.Store, query: str, task: Head) -> tuple[Head, bytearray]:
    """The head and the body of the answer to one query, or a head with `error` and an empty body."""
    limits = task["limits"]
    sandbox.limit_memory(limits["memory"])
    sandbox.limit_processor(limits["seconds"])
    begun = time.perf_counter()
    try:
        body, rows = _evaluate(engine, query, task)
    except TooMany as error:
        return {"error": "limit", "limit": error.limit}, bytearray()
    except NotAcceptable as error:
        return {"error": "form", "told": told(error)}, bytearray()
    except SyntaxError as error:
        return {"error": "syntax", "message": error.msg}, bytearray()
    except MemoryError:
        return {"error": "limit", "limit": "memory"}, bytearray()
    except BaseException as error:  # the engine's panics are no `Exception`
        return {"error": "failed", "message": f"{type(error).__name__}: {error}"[:500]}, bytearray()
    seconds = time.perf_counter() - begun
    return {"rows": rows, "seconds": seconds, "resident": sandbox.resident_memory()}, body


def _evaluate(engine: pyoxigraph.Store, query: str, task: Head) -> tuple[bytearray, int]:
    media, limits = task["media"], task["limits"]
    sink = Sink(limits["bytes"])
    output = cast(IO[bytes], sink)
    found = engine.query(
        query,
        base_iri=task["base"],
        default_graph=_graphs(task["default"], or_empty=True),
        named_graphs=_graphs(task["named"], or_empty=False),
    )
    try:
        if isinstance(found, QueryBoolean):
            found.serialize(output, SOLUTIONS[media])
            return sink.body, 1
        if isinstance(found, QuerySolutions):
            found.serialize(output, SOLUTIONS[media])
            rows = COUNTS[media](sink.body)
            if rows > limits["rows"]:
                raise TooMany("rows")
            return _readable(sink.body, media, limits["bytes"]), rows
        triples = _distinct(found, limits["rows"])
    finally:
        del found
    form = GRAPHS[media]
    try:
        pyoxigraph.serialize(triples, output, form, prefixes=PREFIXES if form in _WITH_PREFIXES else None)
    except OSError:
        if form == RdfFormat.RDF_XML:  # a predicate with a name that RDF/XML keeps for itself, such as rdf:li
            raise xml_form.no_name("") from None
        raise
    return _readable(sink.body, media, limits["bytes"]), len(triples)


def _readable(body: bytearray, media: str, most: int) -> bytearray:
    if media not in _XML:
        return body
    found = bytearray(xml_form.readable(body, _XML[media]))
    if len(found) > most:
        raise TooMany("bytes")
    return found


def _distinct(found: Iterable[pyoxigraph.Triple], most: int) -> dict[pyoxigraph.Triple, None]:
    triples: dict[pyoxigraph.Triple, None] = {}
    for triple in found:
        triples[triple] = None
        if len(triples) > most:
            raise TooMany("rows")
    return triples


def _graphs(names: list[str] | None, *, or_empty: bool) -> list[Any] | None:
    if names is None:
        return None
    if not names and or_empty:
        # A dataset with named graphs alone has an empty default graph (SPARQL 1.1 Query, section 13.2).
        return [BlankNode()]
    return [DefaultGraph() if name == "" else NamedNode(name) for name in names]


def rows_of_json(body: bytes | bytearray) -> int:
    """The rows of a SPARQL 1.1 Query Results JSON document as the engine writes it.

    >>> rows_of_json(b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"uri","value":"}},{"}},{}]}}')
    2
    """
    if body.endswith(b"[]}}"):
        return 0
    if b"{}" not in body:
        # Within a string a bare quotation mark can only end it, and what follows an end is , or } or :
        return 1 + sum(1 for _ in re.finditer(rb'\}\},\{"[^",}\]:]', body))
    return 1 + re.sub(rb'"(?:[^"\\]|\\.)*"', b"", body).count(b"},{")


def rows_of_csv(body: bytes | bytearray) -> int:
    r"""The rows of a SPARQL 1.1 CSV document, without its line of names.

    >>> rows_of_csv(b'x\r\n"a\r\n""b"\r\nc\r\n')
    2
    """
    return (re.sub(rb'"[^"]*"', b"", body) if b'"' in body else body).count(b"\r\n") - 1


COUNTS: dict[str, Callable[[bytearray], int]] = {
    "application/sparql-results+json": rows_of_json,
    "application/sparql-results+xml": lambda body: body.count(b"<result>"),
    "text/csv": rows_of_csv,
    "text/tab-separated-values": lambda body: body.count(b"\n") - 1,
}


if __name__ == "__main__":
    main()
