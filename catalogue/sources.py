"""The shipped sources: the folders `graph/` and `ontology/` as providers of named graphs.

A provider names itself, says cheaply whether it changed (a digest of bytes, nothing parsed), and gives its quads when
asked. `graph/{folder}/{source}.{mark}.ttl` is one source document and one verification mark; all files of one source
are replaced together or not at all. `graph/{folder}/sources.ttl` describes the folder's sources.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple

from catalogue.errors import CatalogueError, Invalid, Unavailable
from catalogue.graphs import MARK_PREFIX, MARKS, VOCABULARY_GRAPH, Mark, register_graph, source_graph
from catalogue.iri import PREFIXES, thing
from catalogue.rdf import parse, rebased, without_blank_nodes

VOCABULARY_KEY = "vocabulary"
"""The key of ontology, alignment and code lists together."""

_NAME = re.compile(r"(?P<source>[a-z0-9]+(?:-[a-z0-9]+)*)\.(?P<mark>[^.]+)\.ttl")

_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_SOURCE_GRAPH = NamedNode(PREFIXES["chiso"] + "SourceGraph")
_SOURCE = NamedNode(PREFIXES["dct"] + "source")
_VERIFICATION = NamedNode(PREFIXES["chiso"] + "verification")


class Provider(Protocol):
    """A source that can be loaded: files of `graph/`, the vocabulary, or a loader passed in by whoever composes."""

    @property
    def key(self) -> str:
        """The key of the source, unique in the catalogue."""

    def digest(self) -> str:
        """Changes whenever the quads may change. Cheap."""

    def quads(self, base: str) -> Iterable[Quad]:
        """All quads, each in its named graph, for a catalogue whose IRIs start with `base`.

        Raises `Invalid` naming file, line and column.
        """


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a source is not taken, or not replaced: one sentence in each language."""

    source: str
    vi: str
    en: str

    @staticmethod
    def of(source: str, error: CatalogueError) -> "Problem":
        """The sentences of `error`, about `source`."""
        return Problem(source, error.vi, error.en)


@dataclass(frozen=True, slots=True)
class Files:
    """A source made of Turtle files, each going into one named graph, given for a base IRI by `graph_of`."""

    key: str
    files: tuple[tuple[Path, Mark | None], ...]
    folder: str = ""
    root: Path = field(default=Path(), compare=False)

    def digest(self) -> str:
        """SHA-256 over the names and bytes of the files."""
        found = hashlib.sha256()
        for path, mark in self.files:
            data = path.read_bytes()
            found.update(f"{path.name};{mark};{len(data)};".encode() + data)
        return found.hexdigest()

    def quads(self, base: str) -> Iterator[Quad]:
        """The quads of all files, moved under `base`. Raises `Invalid` naming file, line and column."""
        for path, mark in self.files:
            place = _place(path, self.root)
            try:
                data = path.read_bytes()
            except OSError as error:
                raise Unavailable(
                    f"Không đọc được {place}: {error.strerror}.", f"{place} cannot be read: {error.strerror}."
                ) from error
            graph = self._graph(base, mark)
            parsed = parse(data, RdfFormat.TURTLE, place, base=base)
            for quad in rebased(without_blank_nodes(parsed, place), base):
                yield Quad(quad.subject, quad.predicate, quad.object, graph)

    def _graph(self, base: str, mark: Mark | None) -> NamedNode:
        if mark is not None:
            return source_graph(base, self.key, mark)
        return VOCABULARY_GRAPH if self.key == VOCABULARY_KEY else register_graph(base, self.folder)


def scan(graph: Path, ontology: Path) -> tuple[list[Provider], list[Problem]]:
    """The sources in the two folders, and what is wrong with file names. A source with a wrong file name is left out."""
    found: dict[str, list[tuple[Path, Mark]]] = {}
    folders: dict[str, str] = {}
    registers: list[Provider] = []
    problems: list[Problem] = []
    for path in sorted(graph.rglob("*.ttl")):
        place = _place(path, graph)
        folder = path.parent.relative_to(graph).as_posix().replace("/", "-")
        if path.name == "sources.ttl" and folder != ".":
            registers.append(Files(f"sources.{folder}", ((path, None),), folder, graph))
            continue
        name = _NAME.fullmatch(path.name)
        key = path.name.partition(".")[0]
        if folder == "." or name is None:
            problems.append(_misnamed(key, place))
            continue
        mark = next((m for m in MARKS if m == name["mark"]), None)
        if mark is None:
            problems.append(_unknown_mark(key, place, name["mark"]))
        elif folders.setdefault(key, folder) != folder:
            problems.append(_in_two_folders(key, place, folders[key]))
        else:
            found.setdefault(key, []).append((path, mark))
    refused = {problem.source for problem in problems}
    sources: list[Provider] = [Files(k, tuple(v), folders[k], graph) for k, v in found.items() if k not in refused]
    words = tuple((path, None) for path in sorted(ontology.rglob("*.ttl")))
    vocabulary: list[Provider] = [Files(VOCABULARY_KEY, words, root=ontology)] if words else []
    return [*vocabulary, *registers, *sources], problems


def source_files(path: Path) -> Files | None:
    """The source that a file belongs to by its name, with all its files in the same folder; None for any other file."""
    folder = path.resolve().parent
    if path.name == "sources.ttl":
        return Files(f"sources.{folder.name}", ((folder / path.name, None),), folder.name, folder.parent)
    name = _NAME.fullmatch(path.name)
    if name is None or name["mark"] not in MARKS:
        return None
    beside = [(folder / f"{name['source']}.{mark}.ttl", mark) for mark in sorted(MARKS)]
    return Files(name["source"], tuple(pair for pair in beside if pair[0].exists()), folder.name, folder.parent)


def content(provider: Provider, base: str) -> dict[NamedNode, set[Triple]]:
    """What a provider's graphs hold, with each graph's description of itself: its source and its mark.

    Raises `Invalid` for quads outside of named graphs, and what the provider raises.
    """
    graphs: dict[NamedNode, set[Triple]] = {}
    for quad in provider.quads(base):
        if not isinstance(quad.graph_name, NamedNode):
            raise Invalid(
                f"Nguồn {provider.key} có phát biểu không thuộc đồ thị nào: {quad.triple}",
                f"The source {provider.key} has a statement in no named graph: {quad.triple}",
            )
        graphs.setdefault(quad.graph_name, set()).add(quad.triple)
    for name, triples in graphs.items():
        triples.update(self_description(name, base))
    return graphs


def self_description(graph: NamedNode, base: str) -> set[Triple]:
    """What a source graph says of itself; nothing for the vocabulary and the registers, which bear no mark.

    >>> len(self_description(source_graph("https://chiso.example/", "a", "inferred"), "https://chiso.example/"))
    3
    """
    source, dot, name = graph.value.removeprefix(f"{base}graph/").rpartition(".")
    mark = next((m for m in MARKS if m == name), None)
    if not dot or mark is None or not graph.value.startswith(f"{base}graph/"):
        return set()
    return {
        Triple(graph, _TYPE, _SOURCE_GRAPH),
        Triple(graph, _SOURCE, thing(base, "source", source)),
        Triple(graph, _VERIFICATION, NamedNode(MARK_PREFIX + mark)),
    }


def _place(path: Path, root: Path) -> str:
    """A file as people know it: from the folder that ships on, `graph/legal/x.confirmed.ttl`."""
    return f"{root.name}/{path.relative_to(root).as_posix()}" if path.is_relative_to(root) else str(path)


def _misnamed(key: str, place: str) -> Problem:
    return Problem(
        key,
        f"{place}: tên tệp không đúng. Hãy đặt graph/{{thư mục}}/{{nguồn}}.{{mức}}.ttl, nguồn chỉ gồm a-z, 0-9 và dấu gạch nối, mức là confirmed, inferred hoặc unverified; hoặc graph/{{thư mục}}/sources.ttl.",
        f"{place}: the file name does not fit. Name it graph/{{folder}}/{{source}}.{{mark}}.ttl, the source in a-z, 0-9 and hyphens, the mark confirmed, inferred or unverified; or graph/{{folder}}/sources.ttl.",
    )


def _unknown_mark(key: str, place: str, mark: str) -> Problem:
    return Problem(
        key,
        f"{place}: không có mức xác minh “{mark}”. Các mức: {', '.join(MARKS)}.",
        f"{place}: there is no verification mark “{mark}”. The marks: {', '.join(MARKS)}.",
    )


def _in_two_folders(key: str, place: str, other: str) -> Problem:
    return Problem(
        key,
        f"{place}: nguồn “{key}” đã có trong thư mục graph/{other}. Mỗi nguồn ở một thư mục.",
        f"{place}: the source “{key}” stands in graph/{other} already. Each source has one folder.",
    )
