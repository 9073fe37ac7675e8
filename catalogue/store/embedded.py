"""The embedded adapter: pyoxigraph in memory or on disk.

One writer: a lock around every change in this process, the engine's directory lock between processes. A change on disk
is one SPARQL Update request, which the engine commits as one transaction, and is flushed before `apply` returns: the
engine itself syncs nothing on an update.

An answer of the engine may be dropped only by the thread that asked. So no frame keeps one: a frame can outlive its call
in the traceback of an error, and then any thread may be the one that collects it. Hence `del`, and no comprehension
over an answer.
"""

import os
from collections.abc import Callable, Collection, Iterable, Iterator
from operator import attrgetter
from pathlib import Path
from threading import Lock
from typing import TypeVar, cast

import pyoxigraph
from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    Triple,
)

from catalogue.errors import CatalogueError, Defect, Invalid, Unavailable
from catalogue.sparql_faults import malformed
from catalogue.store.bare import bare_rows
from catalogue.store.hold import Hold
from catalogue.store.port import Change, Pattern, Solutions, Term
from catalogue.store.updates import update_text

_Answer = TypeVar("_Answer")

BULK_QUADS = 30_000
"""From this number on, quads are added by bulk load: a transaction of 100,000 takes three times as long, one of 20,000 not."""


class Embedded:
    """A `Store` inside this process. Made by `open_memory`, `open_disk` and `open_read_only`.

    `place` is the directory on disk, None in memory.
    """

    def __init__(
        self, engine: pyoxigraph.Store, place: Path | None = None, *, writable: bool = True, hold: Hold | None = None
    ) -> None:
        self._engine: pyoxigraph.Store | None = engine
        self._hold = hold
        self._writing = Lock()
        self.place = place
        self.writable = writable

    @property
    def engine(self) -> pyoxigraph.Store:
        """The engine itself, for the store package and for processes that walk through everything. Raises `Unavailable` after `close`."""
        if self._engine is None:
            raise Unavailable("Kho dữ liệu đã đóng.", "The store is closed.")
        return self._engine

    def select(self, query: str) -> Solutions:
        """The solutions of a SELECT query, complete. Raises `Invalid` for a malformed query or another form of query."""

        def ask(engine: pyoxigraph.Store) -> Solutions:
            answer = engine.query(query)
            try:
                if not isinstance(answer, QuerySolutions):
                    raise _wrong_form("SELECT")
                variables = tuple(variable.value for variable in answer.variables)
                # No query of ours binds a triple term, the one kind of value that `Term` leaves out.
                return Solutions(variables, cast("list[tuple[Term | None, ...]]", list(map(tuple, answer))))
            finally:
                del answer

        return self._do(ask)

    def texts(self, query: str) -> Iterator[list[str]]:
        """The solutions of a SELECT query as bare texts, empty where unbound. The engine writes them all down without the
        interpreter's lock. Raises `Invalid` as `select` does."""

        def ask(engine: pyoxigraph.Store) -> bytes:
            answer = engine.query(query)
            try:
                if not isinstance(answer, QuerySolutions):
                    raise _wrong_form("SELECT")
                return cast(bytes, answer.serialize(format=QueryResultsFormat.TSV))
            finally:
                del answer

        return bare_rows(self._do(ask))

    def ask(self, query: str) -> bool:
        """The answer of an ASK query. Raises `Invalid` for a malformed query or another form of query."""

        def ask(engine: pyoxigraph.Store) -> bool:
            answer = engine.query(query)
            try:
                if not isinstance(answer, QueryBoolean):
                    raise _wrong_form("ASK")
                return bool(answer)
            finally:
                del answer

        return self._do(ask)

    def construct(self, query: str) -> list[Triple]:
        """The triples of a CONSTRUCT query, without repetition. Raises `Invalid` as `select` does."""

        def ask(engine: pyoxigraph.Store) -> list[Triple]:
            answer = engine.query(query)
            try:
                if not isinstance(answer, QueryTriples):
                    raise _wrong_form("CONSTRUCT")
                return list(dict.fromkeys(answer))
            finally:
                del answer

        return self._do(ask)

    def graph_names(self, among: Iterable[NamedNode] | None = None) -> list[NamedNode]:
        """The named graphs (those of `among`, where given) that hold at least one triple, sorted; the engine remembers
        empty ones too."""

        def ask(engine: pyoxigraph.Store) -> list[NamedNode]:
            named = [name for name in engine.named_graphs() if isinstance(name, NamedNode)] if among is None else among
            held = [name for name in named if next(engine.quads_for_pattern(None, None, None, name), None) is not None]
            return sorted(held, key=lambda name: name.value)

        return self._do(ask)

    def graph(self, name: NamedNode | None) -> list[Triple]:
        """All triples of one graph; None is the default graph."""
        wanted = DefaultGraph() if name is None else name
        return self._do(
            lambda engine: list(map(attrgetter("triple"), engine.quads_for_pattern(None, None, None, wanted))),
        )

    def match(self, patterns: Iterable[Pattern]) -> list[Quad]:
        """The quads that fit one of `patterns`, without repetition."""

        def ask(engine: pyoxigraph.Store) -> list[Quad]:
            found: dict[Quad, None] = {}
            for pattern in patterns:
                found.update(dict.fromkeys(engine.quads_for_pattern(*pattern)))
            return list(found)

        return self._do(ask)

    def apply(self, change: Change) -> None:
        """Carry out `change` in one transaction; on disk it is flushed when this returns."""
        if not change:
            return
        text = update_text(change)

        def write(engine: pyoxigraph.Store) -> None:
            try:
                engine.update(text)
            except SyntaxError as error:
                raise Defect(
                    "Không viết được thay đổi thành SPARQL Update.",
                    f"The change could not be written as SPARQL Update: {error}",
                ) from error
            if self.place is not None:
                engine.flush()

        with self._writing:
            self._do(write)

    def exchange(self, change: Change) -> None:
        """Carry out `change` quad by quad, fast, with blank nodes: not atomic, not flushed. For the journal, which can
        do it again.
        """

        def write(engine: pyoxigraph.Store) -> None:
            for quad in change.remove:
                engine.remove(quad)
            if len(change.add) < BULK_QUADS:
                engine.extend(change.add)
            else:
                engine.bulk_extend(change.add)

        with self._writing:
            self._do(write)

    def update(self, text: str, base: str | None = None) -> None:
        """Carry out a SPARQL Update request of somebody else. Raises `Invalid` for a malformed one, with line and column."""

        def write(engine: pyoxigraph.Store) -> None:
            try:
                engine.update(text, base_iri=base)
            except SyntaxError as error:
                raise malformed(error.msg, text) from error

        with self._writing:
            self._do(write)

    def drop(self, name: NamedNode) -> None:
        """Take a named graph away, wholly."""
        with self._writing:
            self._do(lambda engine: engine.remove_graph(name))

    def name_empty(self, empty: Collection[NamedNode], among: Iterable[NamedNode] | None = None) -> None:
        """Let `empty`, and of all other names (those of `among`, where given) only what holds triples, be named graphs."""

        def write(engine: pyoxigraph.Store) -> None:
            for name in _empty(engine, among) - set(empty):
                engine.remove_graph(name)
            for name in empty:
                engine.add_graph(name)

        with self._writing:
            self._do(write)

    def empty_graphs(self, among: Iterable[NamedNode] | None = None) -> set[NamedNode]:
        """The named graphs (those of `among`, where given) that hold no triple."""
        return self._do(lambda engine: _empty(engine, among))

    def held(self, quads: Iterable[Quad]) -> set[Quad]:
        """Those of `quads` that are in the store."""
        return self._do(lambda engine: {quad for quad in quads if quad in engine})

    def flush(self) -> None:
        """Make everything that was written durable."""
        if self.place is not None:
            self._do(lambda engine: engine.flush())

    def load(self, quads: Iterable[Quad]) -> None:
        """Add many quads by bulk load: not atomic, synced at the end."""
        with self._writing:
            self._do(lambda engine: engine.bulk_extend(quads))

    def checkpoint(self, target: Path) -> None:
        """Make an immutable copy of a disk store in the new directory `target`: hard links, a fraction of a second.

        Raises `Invalid` when `target` exists.
        """
        if target.exists():
            raise Invalid(f"Thư mục {target} đã tồn tại.", f"The folder {target} exists already.")
        self._do(lambda engine: engine.backup(target))

    def copy(self) -> "Embedded":
        """The same content as a memory store of its own."""
        return self._do(lambda engine: open_memory(engine))

    def optimize(self) -> None:
        """Compact a disk store after a bulk load: joins become 2 to 5 times faster, the disk space halves."""
        self._do(lambda engine: engine.optimize())

    def close(self) -> None:
        """Release the directory. A second call does nothing."""
        self._engine = None
        if self._hold is not None:
            self._hold.release()

    def _do(self, action: Callable[[pyoxigraph.Store], _Answer]) -> _Answer:
        try:
            return action(self.engine)
        except CatalogueError:
            raise
        except (OSError, SyntaxError, ValueError, RuntimeError) as error:
            raise translated(error, self.place) from error


def _empty(engine: pyoxigraph.Store, among: Iterable[NamedNode] | None) -> set[NamedNode]:
    named = engine.named_graphs() if among is None else filter(engine.contains_named_graph, among)
    return {
        name
        for name in named
        if isinstance(name, NamedNode) and next(engine.quads_for_pattern(None, None, None, name), None) is None
    }


def open_memory(quads: Iterable[Quad] = ()) -> Embedded:
    """A store in memory, holding `quads`."""
    store = Embedded(pyoxigraph.Store())
    store.load(quads)
    return store


def open_disk(path: Path) -> Embedded:
    """The store in the directory `path`, for reading and writing; made when absent.

    Raises `Unavailable` when another process holds it, the disk is full, or the files are damaged.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return Embedded(pyoxigraph.Store(path), path)
    except (OSError, ValueError, RuntimeError) as error:
        raise translated(error, path) from error


def open_read_only(path: Path) -> Embedded:
    """A checkpoint that nobody writes to, for reading; it is held, so that it stays until the store is closed.

    Never the directory of a living writer: the engine leaves that undefined. Raises `Unavailable` for one that is gone
    or damaged.
    """
    try:
        hold = Hold(path)
        return Embedded(pyoxigraph.Store.read_only(str(path)), path, writable=False, hold=hold)
    except (OSError, ValueError, RuntimeError) as error:
        raise translated(error, path) from error


def translated(error: Exception, place: Path | None) -> CatalogueError:
    """The engine's or the system's `error` as one of ours, with the directory named and the remedy said."""
    text = str(error)
    where = str(place) if place else "bộ nhớ"
    details = {"place": str(place) if place else "memory"}
    if isinstance(error, SyntaxError):
        return malformed(error.msg, details=details)
    if isinstance(error, NotADirectoryError | FileExistsError):
        return Unavailable(
            f"{where} nằm trong một tệp hoặc chính là một tệp, không phải thư mục. Hãy chọn thư mục dữ liệu khác bằng --data.",
            f"{where} is a file, or lies in one, and not a folder. Choose another data folder with --data.",
            details=details,
        )
    if not isinstance(error, OSError) and "orrupt" not in text:
        return Defect(f"Kho dữ liệu {where} báo lỗi: {text}", f"The store {where} failed: {text}", details=details)
    if "lock" in text.lower():
        return locked(place, "tiến trình này" if "current process" in text else None)
    if any(sign in text for sign in ("No space left", "File too large", "quota exceeded")):
        return Unavailable(
            f"Hết dung lượng đĩa tại {where}. Thay đổi này chưa được ghi. Hãy giải phóng dung lượng rồi khởi động lại.",
            f"The disk is full at {where}. This change was not written. Free some space, then start again.",
            details=details,
        )
    if isinstance(error, PermissionError) or "ermission denied" in text or "ead-only file system" in text:
        return Unavailable(
            f"Không có quyền đọc hoặc ghi {where}. Hãy cấp quyền cho người dùng đang chạy chiso.",
            f"No permission to read or write {where}. Give it to the user who runs chiso.",
            details=details,
        )
    # What the system says is for people, what the engine says (paths and numbers of its own files) is for its developers.
    why = f" ({error.strerror})" if isinstance(error, OSError) and error.strerror else ""
    return Unavailable(
        f"Không mở hoặc đọc được kho dữ liệu {where}{why}: có tệp bị hỏng hoặc bị thiếu. Hãy dời thư mục đi rồi chạy chiso restore từ bản sao lưu.",
        f"The store {where} cannot be opened or read{why}: files are damaged or missing. Move the folder away and run chiso restore from a backup.",
        details=details | {"reason": text[:500]},
    )


def locked(place: Path | None, holder: str | None = None) -> Unavailable:
    """The error for a directory that somebody else writes to. `holder` names them, when known."""
    who_vi = holder or "một tiến trình khác"
    who_en = "this process" if holder == "tiến trình này" else (holder or "another process")
    return Unavailable(
        f"Kho dữ liệu {place} đang do {who_vi} giữ để ghi. Hãy dừng “chiso serve” (hoặc lệnh đang ghi) rồi chạy lại, hoặc chọn thư mục khác bằng --data. Tra cứu thì không cần dừng.",
        f"The store {place} is held for writing by {who_en}. Stop “chiso serve” (or the command that writes) and try again, or choose another folder with --data. Looking things up needs no stop.",
        details={"place": str(place), "holder": holder, "pid": os.getpid() if who_en == "this process" else None},
    )


def _wrong_form(form: str) -> Invalid:
    return Invalid(f"Ở đây cần một truy vấn {form}.", f"A {form} query is needed here.")
