"""Writing the dumps of a published state: sorted, the same bytes for the same content, in bounded memory.

A graph that did not change since the last set is not read again: its files are linked.
"""

import gzip
import hashlib
import heapq
import io
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any, TypeVar, cast
from urllib.parse import urlsplit

import pyoxigraph
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat

from catalogue import dumps
from catalogue.dumps import INDEX, KEPT_SETS, SUMS, WHOLE, Counted, File, Set, Statistics
from catalogue.graphs import is_internal, made_here, manifest_graph
from catalogue.iri import PREFIXES, VOCABULARY
from catalogue.store.durable import sync_folder, write_durably

_Key = TypeVar("_Key", str, tuple[str, str])

N_QUADS = "application/n-quads"
TURTLE = "text/turtle"

_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_LINKS = frozenset(
    NamedNode(iri)
    for iri in (
        PREFIXES["owl"] + "sameAs",
        *(PREFIXES["skos"] + f"{name}Match" for name in ("exact", "close", "broad", "narrow", "related")),
    )
)
_MOST = 200
"""Most rows of each statistic."""
_CHUNK = 200_000
"""Statements that are sorted in memory at once."""


def write(folder: Path, state: str, base: str, *, unchanged: Callable[[str], Collection[str]] | None = None) -> Set:
    """Make the dumps of `state` of the data folder `folder`, and forget all but the last sets.

    `unchanged`: given the state of an earlier set, the graphs that hold the same in both. Raises `OSError`.
    """
    known = dumps.read(folder, state)
    if known is not None:
        return known
    place = folder / "dumps"
    place.mkdir(exist_ok=True)
    for left in place.glob(".*"):
        shutil.rmtree(left, ignore_errors=True)
    half = place / f".{state}"
    (half / "graphs").mkdir(parents=True)
    checkpoint = place / ".checkpoint"
    # Links of its own: the writer forgets old states while this goes on.
    shutil.copytree(folder / "published" / state, checkpoint, copy_function=os.link)
    engine = pyoxigraph.Store.read_only(str(checkpoint))
    graphs = sorted(
        name.value
        for name in engine.named_graphs()
        if isinstance(name, NamedNode)
        and not is_internal(name.value, base)
        and name != manifest_graph(base)
        and next(engine.quads_for_pattern(None, None, None, name), None) is not None
    )
    made = {name.value for name in made_here(base)}
    before = dumps.latest(folder)
    same = frozenset(unchanged(before.state)) - made if before is not None and unchanged is not None else frozenset()
    files: list[File] = []
    counted: list[Counted] = []
    for graph, name in dumps.names(graphs, base).items():
        linked = _linked(place, half, before, graph, name) if before is not None and graph in same else None
        if linked is None:
            linked = _graph(engine, half, graph, name)
        files += linked[0]
        counted.append(linked[1])
    files.insert(0, _joined(half, [file for file in files if file.media_type == N_QUADS and file.graph not in made]))
    found = Set(state, datetime.now(UTC), tuple(files), tuple(counted), statistics(engine, base))
    (half / SUMS).write_text("".join(f"{one.sha256}  {one.path}\n" for one in found.files), encoding="utf-8")
    write_durably(half / INDEX, dumps.written(found))
    half.rename(place / state)
    sync_folder(place)
    del engine
    shutil.rmtree(checkpoint, ignore_errors=True)
    for old in dumps.states(folder)[KEPT_SETS:]:
        shutil.rmtree(place / old, ignore_errors=True)
    return found


def statistics(engine: pyoxigraph.Store, base: str) -> Statistics:
    """Numbers about the default graph, the union, in one walk in the order of its subjects."""
    statements = subjects = 0
    last: object = None
    classes: Counter[str] = Counter()
    properties: Counter[str] = Counter()
    links: Counter[tuple[str, str]] = Counter()
    for quad in engine.quads_for_pattern(None, None, None, DefaultGraph()):
        statements += 1
        if quad.subject != last:
            last = quad.subject
            subjects += 1
        predicate, value = quad.predicate, quad.object
        properties[predicate.value] += 1
        if not isinstance(value, NamedNode):
            continue
        if predicate == _TYPE:
            classes[value.value] += 1
        elif predicate in _LINKS and not value.value.startswith((base, VOCABULARY)):
            parts = urlsplit(value.value)
            if parts.netloc:
                links[predicate.value, f"{parts.scheme}://{parts.netloc}/"] += 1
    return Statistics(
        statements,
        subjects,
        tuple(_largest(classes)),
        tuple(_largest(properties)),
        tuple((iri, site, number) for (iri, site), number in _largest(links)),
    )


def _largest(counts: Counter[_Key]) -> list[tuple[_Key, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST]


def _graph(engine: pyoxigraph.Store, half: Path, graph: str, name: str) -> tuple[list[File], Counted]:
    quads, turtle = f"graphs/{name}.nq.gz", f"graphs/{name}.ttl.gz"
    statements = subjects = 0
    last = ""
    with ExitStack() as held:
        end = f" <{graph}> .\n"
        lines = _sorted(engine, NamedNode(graph), held)
        with _packed(half / quads) as file:
            for line in lines:
                statements += 1
                subject = line.partition(" ")[0]
                if subject != last:
                    subjects, last = subjects + 1, subject
                file.write((line + end).encode())
    with gzip.open(half / quads) as source, _packed(half / turtle) as target:
        read = pyoxigraph.parse(cast("IO[bytes]", source), RdfFormat.N_QUADS)
        triples = (quad.triple for quad in read)
        headed = _Headed(target)
        pyoxigraph.serialize(triples, cast("IO[bytes]", headed), format=RdfFormat.TURTLE, prefixes=PREFIXES)
        headed.finish()
    files = [_file(half, quads, N_QUADS, graph), _file(half, turtle, TURTLE, graph)]
    return files, Counted(graph, statements, subjects)


def _sorted(engine: pyoxigraph.Store, graph: NamedNode, held: ExitStack) -> Iterator[str]:
    """The statements of a graph as sorted lines, without more than a part of them in memory."""
    lines = (str(quad.triple) for quad in engine.quads_for_pattern(None, None, None, graph))
    part = sorted(islice(lines, _CHUNK))
    if len(part) < _CHUNK:
        return iter(part)
    parts: list[Iterator[str]] = []
    while part:
        file = held.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n"))  # noqa: SIM115 - `held` closes it
        file.writelines(f"{line}\n" for line in part)
        file.seek(0)
        parts.append(line.rstrip("\n") for line in file)
        part = sorted(islice(lines, _CHUNK))
    return heapq.merge(*parts)


def _joined(half: Path, parts: list[File]) -> File:
    """The source graphs in one file: members of gzip one after another are gzip (RFC 1952, 2.2)."""
    with (half / WHOLE).open("wb") as target:
        for part in parts:
            with (half / part.path).open("rb") as source:
                shutil.copyfileobj(source, target, 1 << 20)
        if not parts:
            target.write(gzip.compress(b"", mtime=0))
    return _file(half, WHOLE, N_QUADS, None)


def _linked(place: Path, half: Path, before: Set, graph: str, name: str) -> tuple[list[File], Counted] | None:
    """The files of an earlier set once more; None where they cannot be had under the same names."""
    files = before.of_graph(graph)
    counted = next((one for one in before.graphs if one.graph == graph), None)
    if counted is None or {file.path for file in files} != {f"graphs/{name}.nq.gz", f"graphs/{name}.ttl.gz"}:
        return None
    try:
        for file in files:
            os.link(place / before.state / file.path, half / file.path)
    except OSError:
        return None
    return files, counted


class _Headed(io.RawIOBase):
    """Passes Turtle on with its prefixes in order: the engine writes them in another order each time."""

    def __init__(self, target: gzip.GzipFile) -> None:
        self._target = target
        self._head: bytearray | None = bytearray()

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data: Any) -> int:
        """Write a piece."""
        if self._head is None:
            self._target.write(data)
            return len(data)
        self._head += data
        lines = self._head.splitlines(keepends=True)
        rest = next(
            (n for n, line in enumerate(lines) if line.endswith(b"\n") and not line.startswith(b"@prefix")), None
        )
        if rest is not None:
            self._head = None
            self._target.write(b"".join([*sorted(lines[:rest]), *lines[rest:]]))
        return len(data)

    def finish(self) -> None:
        """Write what is still held back: a document of prefixes alone."""
        if self._head:
            self._target.write(b"".join(sorted(self._head.splitlines(keepends=True))))
        self._head = None


@contextmanager
def _packed(path: Path) -> Iterator[gzip.GzipFile]:
    """A gzip file without name and time in its head: the same content gives the same bytes."""
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
        yield packed


def _file(half: Path, path: str, media_type: str, graph: str | None) -> File:
    with (half / path).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
    return File(path, media_type, size, digest, graph)
