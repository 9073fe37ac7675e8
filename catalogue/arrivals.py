"""What users load: which file becomes which source, and which graph receives it.

- With a graph named, everything goes there.
- `{source}.{mark}.ttl` and `sources.ttl` are sources as in `graph/`: all files of the source beside the given one come too.
- Quads that name their graph (TriG, N-Quads) stay in it; what the catalogue derives itself is left out, so that an
  export can be loaded again.
- All else goes into the graph of a source of its own, `local-{file name}`, unverified.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple

from catalogue.errors import Invalid, NotFound
from catalogue.folding import slug
from catalogue.graphs import key_of, made_here, source_graph
from catalogue.iri import PREFIXES, VOCABULARY, thing
from catalogue.rdf import FORMATS, canonical, format_of, parse, rebased, without_blank_nodes
from catalogue.shipped import GRAPH, ONTOLOGY
from catalogue.sources import Files, scan, self_description, source_files

LARGEST = 256 * 1024 * 1024
"""Bytes of one document; larger ones are split before they are loaded."""

Contents = dict[str, dict[NamedNode, set[Triple]]]


@dataclass(slots=True)
class Arrivals:
    """New contents by source key, and the shipped digest of those that are exactly what ships."""

    contents: Contents = field(default_factory=dict)
    digests: dict[str, str | None] = field(default_factory=dict)

    def add(self, key: str, quads: Sequence[Quad], base: str) -> None:
        """Put quads, each in a named graph, under a source key."""
        graphs = self.contents.setdefault(key, {})
        for quad in quads:
            if isinstance(quad.graph_name, NamedNode):
                graphs.setdefault(quad.graph_name, set()).add(quad.triple)
        for name, triples in graphs.items():
            graphs[name] = canonical(triples | self_description(name, base))
        self.digests.setdefault(key, None)


def arrivals(paths: Sequence[Path], base: str, *, graph: str | None = None, format: str | None = None) -> Arrivals:
    """Read `paths` (files, folders, `-` for standard input).

    Raises `NotFound` for a missing path, `Invalid` for what cannot be read, naming file, line and column.
    """
    target = _named(graph, base)
    found = Arrivals()
    plain: list[Path] = []
    sources: dict[str, Files] = {}
    for path in _files(paths, format):
        source = source_files(path) if target is None and format is None else None
        if source is None:
            plain.append(path)
        else:
            sources[source.key] = source
    shipped = {p.key: p.digest() for p in scan(GRAPH, ONTOLOGY)[0]} if sources else {}
    for key, source in sources.items():
        found.add(key, list(source.quads(base)), base)
        digest = source.digest()
        found.digests[key] = digest if shipped.get(key) == digest else None
    for path in plain:
        _read(path, base, target, format, found)
    return found


def _read(path: Path, base: str, target: NamedNode | None, format: str | None, found: Arrivals) -> None:
    name = "-" if str(path) == "-" else path.name
    form = format_of(name, format)
    quads = list(rebased(without_blank_nodes(parse(_bytes(path), form, name, base=base), name), base))
    if target is not None:
        found.add(f"local-{slug(target.value)}", [_moved(quad, target) for quad in quads], base)
        return
    made = made_here(base)
    named = [q for q in quads if isinstance(q.graph_name, NamedNode) and q.graph_name not in made]
    for name_of_graph in dict.fromkeys(q.graph_name for q in named):
        assert isinstance(name_of_graph, NamedNode)  # noqa: S101 - chosen so
        key = key_of(name_of_graph, base)
        found.add(key, [q for q in named if q.graph_name == name_of_graph], base)
    # An export holds the default graph too: the union of its graphs and of what is derived.
    known = {q.triple for q in quads if isinstance(q.graph_name, NamedNode)}
    loose = [q for q in quads if isinstance(q.graph_name, DefaultGraph) and q.triple not in known]
    if loose or not quads:
        key = f"local-{slug('stdin' if name == '-' else path.stem) or 'file'}"
        graph = source_graph(base, key, "unverified")
        described = [Quad(t.subject, t.predicate, t.object, graph) for t in _description(key, name, base)]
        found.add(key, [*(_moved(quad, graph) for quad in loose), *described], base)


def _description(key: str, name: str, base: str) -> list[Triple]:
    """The least that is known of a file that a user brought."""
    source = thing(base, "source", key)
    not_found = NamedNode(VOCABULARY + "notFound")
    return [
        Triple(source, NamedNode(PREFIXES["rdf"] + "type"), NamedNode(VOCABULARY + "Source")),
        Triple(source, NamedNode(PREFIXES["dct"] + "title"), Literal(f"Tệp {name}", language="vi")),
        Triple(source, NamedNode(PREFIXES["dct"] + "identifier"), Literal(name)),
        Triple(source, not_found, NamedNode(VOCABULARY + "retrieved")),
        Triple(source, not_found, NamedNode(PREFIXES["dct"] + "license")),
    ]


def _named(graph: str | None, base: str) -> NamedNode | None:
    if graph is None:
        return None
    try:
        name = NamedNode(graph)
    except ValueError:
        raise Invalid(f"“{graph}” không phải là IRI.", f"“{graph}” is not an IRI.") from None
    if name in made_here(base):
        raise Invalid(
            f"Đồ thị {graph} do danh mục tự tạo khi công bố; không nạp vào đó được.",
            f"The graph {graph} is made by the catalogue at publication; nothing can be loaded into it.",
        )
    return name


def _moved(quad: Quad, graph: NamedNode) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object, graph)


def _files(paths: Sequence[Path], format: str | None) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if str(path) == "-":
            if format is None:
                raise Invalid("Đọc từ đầu vào chuẩn thì cần --format.", "Reading from standard input needs --format.")
            found.append(path)
        elif path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lstrip(".").lower() in FORMATS)
            if not inside:
                raise NotFound(f"Thư mục {path} không có tệp RDF nào.", f"The folder {path} holds no RDF file.")
            found.extend(inside)
        elif path.is_file():
            found.append(path)
        else:
            raise NotFound(f"Không có tệp hoặc thư mục {path}.", f"There is no file or folder {path}.")
    return found


def _bytes(path: Path) -> bytes:
    if str(path) == "-":
        data = sys.stdin.buffer.read(LARGEST + 1)
    else:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Invalid(
            f"{path} lớn hơn {LARGEST // 1024**2} MB. Hãy chia nhỏ trước khi nạp.",
            f"{path} is larger than {LARGEST // 1024**2} MB. Split it before loading.",
            details={"file": str(path), "limit": LARGEST},
        )
    return data
