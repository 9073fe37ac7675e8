"""The child process that owns the authority and the public store while the service runs: one request after the other.

What strangers send is parsed here. A request that takes too long or too much ends this process; the journal of the data
folder then makes the change whole or undoes it, when the next process opens the folder.
"""

import logging
import os
import signal
import socket
import sys
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Triple

from catalogue import permission, rdf, sparql_text
from catalogue.errors import (
    BadRequest,
    CatalogueError,
    Defect,
    Invalid,
    LimitReached,
    NotFound,
    PreconditionFailed,
    told,
)
from catalogue.graphs import default_graph
from catalogue.settings import Settings
from catalogue.store.folder import Folder, WriterLock
from catalogue.writing import Writer, Written
from workers import fingerprint, imports, sandbox
from workers.channel import Closed, Head, receive, send
from workers.empty_graphs import EmptyGraphs

log = logging.getLogger("chiso.workers")


def main() -> None:
    """Serve the socket whose descriptor is the first argument, under the lock whose descriptor is the second."""
    sandbox.end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C goes to both; the service decides
    sandbox.leave_network()
    connection = socket.socket(fileno=int(sys.argv[1]))
    sandbox.restrict(writes=True)
    try:
        head, _ = receive(connection)
        settings = Settings.read(head["settings"])
        desk = Desk(settings, WriterLock.inherited(int(sys.argv[2])))
        try:
            while True:
                asked, sent = receive(connection)
                send(connection, {"taken": True})  # from here on, nobody but this process may carry it out
                answer, body = desk.answer(asked, sent)
                send(connection, answer, body)
        finally:
            desk.close()
    except Closed:
        return


class Desk:
    """Takes requests as the service passes them on, and answers each with a head and a body."""

    def __init__(self, settings: Settings, lock: WriterLock | None) -> None:
        self._settings = settings
        self._lock = lock
        self._writer: Writer | None = None
        self._empty = EmptyGraphs(settings.data)

    def close(self) -> None:
        """Close the stores."""
        if self._writer is not None:
            self._writer.close()

    def answer(self, head: Head, body: bytes | bytearray) -> tuple[Head, bytes]:
        """What is to be sent back: what was done, a graph, or the error in its place."""
        try:
            match head["do"]:
                case "put" | "post":
                    return _done(self._store(head, bytes(body))), b""
                case "delete":
                    return _done(self._delete(head)), b""
                case "update":
                    return _done(self._update(head, body.decode("utf-8"))), b""
                case "import":
                    return self._import(head, bytes(body)), b""
                case "read":
                    return self._read(head)
            raise Defect("Yêu cầu lạ.", f"An unknown request: {head['do']}.")
        except CatalogueError as error:
            return told(error), b""
        except MemoryError:
            return told(too_much_memory(self._settings)), b""
        except Exception as error:
            log.exception("a write failed")
            return told(Defect(f"Lỗi khi ghi: {type(error).__name__}.", f"A write failed: {error!r}")), b""

    @property
    def _open(self) -> Writer:
        # At the first request and not before it: an error of opening is then an answer.
        if self._writer is None:
            self._writer = Writer(self._settings, self._lock)
            sandbox.limit_memory(self._settings.write_memory)  # beside what the stores themselves take
        return self._writer

    def _store(self, head: Head, body: bytes) -> Written:
        _ = self._open  # before anything is read: from here on memory is limited
        graph, name = self._graph(head)
        triples = self._triples(head, body, graph)
        self._check_preconditions(head, graph)
        if head["do"] == "put":
            written = self._open.put(graph, triples)
            created = written.created or (not triples and not written.changed)
        else:
            before = bool(triples) or bool(self._open.graph(graph))
            written = self._open.post(graph, triples)
            created = written.created or not before
        if graph is None:
            return Written(written.state, created=False, changed=written.changed)  # there always is one
        created = created and name not in self._empty
        if triples:
            self._empty.forget(name)
        elif head["do"] == "put" or created:
            self._empty.add(name)
        return Written(written.state, created, written.changed)

    def _delete(self, head: Head) -> Written:
        graph, name = self._graph(head)
        self._check_preconditions(head, graph)
        try:
            written = self._open.delete(graph)
        except NotFound:
            if graph is None or name not in self._empty:
                raise
            written = Written(Folder(self._settings.data).state() or "", created=False, changed=True)
        self._empty.forget(name)
        return written

    def _update(self, head: Head, text: str) -> Written:
        caller = _caller(head["caller"])
        base = self._settings.base_iri
        _ = self._open  # likewise
        sparql_text.read_update(text, self._settings)
        written = self._open.update(
            text,
            base=head["base"],
            using=tuple(head["using"]),
            using_named=tuple(head["usingNamed"]),
            internal=permission.may(caller, "read", f"{base}internal/", base),  # all of them, or none is seen
            may_write=lambda graph: permission.require_write(caller, graph, base),
            empty=frozenset(self._empty.names()),
            may_be_empty=self._empty.refuse_too_many,
        )
        self._empty.replace(written.empty)
        return written

    def _import(self, head: Head, body: bytes) -> Head:
        caller = _caller(head["caller"])
        base = self._settings.base_iri
        writer = self._open  # likewise
        imported = imports.take(
            writer,
            self._settings,
            imports.Import.read(head["import"], body),
            lambda graph: permission.require_write(caller, graph, base),
        )
        if imported.written.created and not imported.report["dryRun"]:
            self._empty.forget(imported.report["graph"])
        return {**_done(imported.written), "report": imported.report}

    def _read(self, head: Head) -> tuple[Head, bytes]:
        """A graph of the authority, internal ones too, with its fingerprint."""
        graph, name = self._graph(head)
        triples = self._open.graph(graph)
        found = bool(triples) or graph is None or name in self._empty
        lines = rdf.serialise(triples, RdfFormat.N_TRIPLES)
        form = rdf.FORMATS[head["form"]]
        body = lines if form == RdfFormat.N_TRIPLES else rdf.serialise(triples, form)
        if len(body) > head["most"]:
            raise LimitReached(
                f"Đồ thị này lớn hơn {head['most']} byte (CHISO_UPLOAD_BYTES). Hãy lấy từng phần bằng SPARQL.",
                f"The graph is larger than {head['most']} bytes (CHISO_UPLOAD_BYTES). Take it in parts with SPARQL.",
                details={"limit": "CHISO_UPLOAD_BYTES", "value": head["most"]},
            )
        return {"found": found, "fingerprint": fingerprint.of(lines.split(b"\n"))}, body

    def _graph(self, head: Head) -> tuple[NamedNode | None, str]:
        name = head["graph"]
        return (None if name is None else NamedNode(name)), name or default_graph(self._settings.base_iri).value

    def _triples(self, head: Head, body: bytes, graph: NamedNode | None) -> set[Triple]:
        """The triples of all documents; blank nodes of one are none of another's, nor of what is there."""
        found: set[Triple] = set()
        start = 0
        for form, length, place in head["documents"]:
            document = body[start : start + length]
            start += length
            try:
                quads = rdf.parse(document, rdf.FORMATS[form], place, base=head["base"])
            except Invalid as error:
                raise BadRequest(error.vi, error.en, details=error.details) from None
            found |= set(_into(graph, quads, place))
        return found

    def _check_preconditions(self, head: Head, graph: NamedNode | None) -> None:
        """`If-Match`, `If-Unmodified-Since` and `If-None-Match` (RFC 9110, 13.2.2). Raises `PreconditionFailed`.

        A graph was last modified, as reading it says, when the state was published that holds it.
        """
        match, none_match = head["match"], head["noneMatch"]
        since = head["unmodifiedSince"] if match is None else None
        if match is None and none_match is None and since is None:
            return
        triples = self._open.graph(graph)
        exists = bool(triples) or (graph is not None and graph.value in self._empty)
        present = fingerprint.of(rdf.serialise(triples, RdfFormat.N_TRIPLES).split(b"\n"))

        def fits(tags: list[str]) -> bool:
            return exists and ("*" in tags or present in tags)

        changed = exists and since is not None and self._published() > since
        if changed or (match is not None and not fits(match)) or (none_match is not None and fits(none_match)):
            raise PreconditionFailed(
                "Đồ thị hiện có không phải bản mà If-Match, If-None-Match hay If-Unmodified-Since nêu; không có gì được ghi. Hãy đọc lại đồ thị rồi gửi lại.",
                "The graph is not in the version that If-Match, If-None-Match or If-Unmodified-Since names; nothing was written. Read the graph again, then send it again.",
            )

    def _published(self) -> int:
        """When the present state was published, in whole POSIX seconds, as HTTP dates count."""
        folder = Folder(self._settings.data)
        record = folder.record(folder.state())
        return int(datetime.fromisoformat(record.time).timestamp()) if record else 0


def too_much_memory(settings: Settings) -> LimitReached:
    """The error for a write that needs more memory than it may have."""
    return LimitReached(
        f"Lần ghi này cần nhiều bộ nhớ hơn {settings.write_memory} byte (CHISO_WRITE_MEMORY); không có gì được ghi. Hãy gửi thành nhiều phần.",
        f"This write needs more memory than {settings.write_memory} bytes (CHISO_WRITE_MEMORY); nothing was written. Send it in parts.",
        details={"limit": "CHISO_WRITE_MEMORY", "value": settings.write_memory},
    )


def _caller(told: Head) -> permission.Caller:
    return permission.Caller(told["name"], frozenset(told["scopes"]), tuple(told["graphs"]))


def _done(written: Written) -> Head:
    return {"state": written.state, "created": written.created, "changed": written.changed}


def _into(graph: NamedNode | None, quads: Iterable[Quad], place: str) -> Iterable[Triple]:
    """The quads as triples of one graph. Raises `BadRequest` where one belongs to another graph."""
    fresh: dict[BlankNode, BlankNode] = {}

    def own(term: Any) -> Any:
        if isinstance(term, BlankNode):
            if term not in fresh:
                fresh[term] = BlankNode()
            return fresh[term]
        return term

    for quad in quads:
        if not isinstance(quad.graph_name, DefaultGraph) and quad.graph_name != graph:
            raise BadRequest(
                f"{place}: có phát biểu thuộc đồ thị {quad.graph_name}, nhưng yêu cầu này ghi một đồ thị khác. Hãy gửi mỗi đồ thị một lần, hoặc dùng /update.",
                f"{place}: a statement belongs to the graph {quad.graph_name}, but this request writes another one. Send each graph by itself, or use /update.",
                details={"file": place, "graph": str(quad.graph_name)[:500]},
            )
        yield Triple(own(quad.subject), quad.predicate, own(quad.object))


if __name__ == "__main__":
    main()
    os._exit(0)  # the stores are closed; nothing is left to be tidied
