"""Writing: one change of the catalogue at a time, checked, then published, or refused wholly."""

import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Triple

from catalogue import build, manifest
from catalogue.arrivals import key_of
from catalogue.comparison import Work
from catalogue.errors import Forbidden, Invalid, NotFound, NotOffered
from catalogue.graphs import default_graph, made_here
from catalogue.rdf import canonical
from catalogue.settings import Settings
from catalogue.shipped import ONTOLOGY
from catalogue.store.connect import open_authority
from catalogue.store.folder import WriterLock

MayWrite = Callable[[str | None], None]


@dataclass(frozen=True, slots=True)
class Written:
    """What a write did: the state that is published now, whether the graph is new, and whether anything changed."""

    state: str
    created: bool
    changed: bool


class Writer:
    """The one writer of a data folder."""

    def __init__(self, settings: Settings, lock: WriterLock | None = None) -> None:
        self._settings = settings

    def put(self, graph: NamedNode | None, triples: Collection[Triple]) -> Written:
        """Replace the content of a graph; None is the default graph."""
        return self._write(graph, canonical(triples))

    def post(self, graph: NamedNode | None, triples: Collection[Triple]) -> Written:
        """Add to a graph."""
        return self._write(graph, canonical(triples) | set(self.graph(graph)))

    def delete(self, graph: NamedNode | None) -> Written:
        """Take a graph away. Raises `NotFound` where there is none."""
        if graph is not None and not self.graph(graph):
            raise NotFound(f"Không có đồ thị {graph.value}.", f"There is no graph {graph.value}.")
        return self._write(graph, set())

    def update(
        self,
        text: str,
        *,
        base: str | None = None,
        using: Collection[str] = (),
        using_named: Collection[str] = (),
        may_write: MayWrite = lambda _graph: None,
    ) -> Written:
        """Carry out a SPARQL Update request."""
        raise NotOffered("Chưa có.", "Not yet.")

    def graph(self, graph: NamedNode | None) -> list[Triple]:
        """What the authority holds of one graph."""
        store = open_authority(self._settings)
        try:
            return store.graph(self._named(graph))
        finally:
            store.close()

    def close(self) -> None:
        """Release the folder."""

    def _named(self, graph: NamedNode | None) -> NamedNode:
        name = graph or default_graph(self._settings.base_iri)
        if name in made_here(self._settings.base_iri):
            raise Forbidden(f"Danh mục tự tạo đồ thị {name.value}.", f"The catalogue makes the graph {name.value} itself.")
        return name

    def _write(self, graph: NamedNode | None, triples: set[Triple]) -> Written:
        name = self._named(graph)
        before = set(self.graph(name))
        work = Work(incoming={key_of(name, self._settings.base_iri): {name: triples}})
        report = build.carry_out(self._settings, work, say=lambda _line: None, check=None, dry_run=False)
        if report.rejected:
            raise Invalid(report.rejected[0].vi, report.rejected[0].en)
        return Written(report.state or "", not before and bool(triples), before != triples)


@dataclass(frozen=True, slots=True)
class _Given:
    """Graphs that a caller gives, as a source."""

    key: str
    graphs: Mapping[NamedNode, Collection[Triple]]

    def digest(self) -> str:
        return manifest.content_digest(self.graphs)

    def quads(self, base: str) -> Iterator[Quad]:  # noqa: ARG002 - they are given for this base
        for name, triples in self.graphs.items():
            yield from (Quad(t.subject, t.predicate, t.object, name) for t in triples)


def make(settings: Settings, graphs: Mapping[NamedNode, Collection[Triple]]) -> str:
    """Make a finished data folder that holds `graphs` and the vocabulary, unchecked. Gives the name of the state."""
    sources: dict[str, dict[NamedNode, Collection[Triple]]] = {}
    for name, triples in graphs.items():
        sources.setdefault(key_of(name, settings.base_iri), {})[name] = triples
    with tempfile.TemporaryDirectory() as empty:
        report = build.bring_up(
            settings,
            extra_sources=[_Given(key, held) for key, held in sources.items()],
            say=lambda _line: None,
            check=lambda *_, **__: [],
            graph=Path(empty),
            ontology=ONTOLOGY,
        )
    if report.rejected:
        raise Invalid(report.rejected[0].vi, report.rejected[0].en)
    return report.state or ""
