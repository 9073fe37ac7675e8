"""Writing: one change of the catalogue at a time, checked, then published, or refused wholly.

What is written here is the user's own: blank nodes are allowed, nothing is added to a graph, and a shipped source that
was changed so is not overwritten by its next release (see `build`).
"""

import gc
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from catalogue import build, manifest, update_request
from catalogue.errors import BadRequest, Conflict, Defect, Forbidden, Invalid, LimitReached, NotFound
from catalogue.graphs import default_graph, is_internal, key_of, made_here, manifest_graph
from catalogue.intake import Check, Judge, Violated, admit, owners, shipped_judge, updated
from catalogue.rdf import canonical
from catalogue.settings import Settings
from catalogue.shipped import ONTOLOGY
from catalogue.sparql_faults import unfulfilled
from catalogue.stage import FolderStage, Outcome
from catalogue.store.authority import open_authority
from catalogue.store.embedded import Embedded, open_disk
from catalogue.store.folder import WriterLock

MayWrite = Callable[[str | None], None]
"""Is called with the IRI of a graph, or None for the default graph, and raises `Forbidden` where it may not be written."""

TRIPLES_PER_SECOND = 2_500
"""Changed triples that a write gets through in a second, where much is derived from them and another process is busy."""

_HERE = ""
"""The key of what is being written, beside the keys of sources."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What the manifest says, kept from one write to the next: reading it grows with the number of graphs."""

    records: Mapping[NamedNode, manifest.Held]
    owners: Mapping[NamedNode, str]


@dataclass(frozen=True, slots=True)
class Written:
    """What a write did: the state that is published now, whether the graph is new, and whether anything changed.

    `empty`, of an update: the graphs that exist and hold nothing; where they are remembered is not known here.
    """

    state: str
    created: bool
    changed: bool
    empty: frozenset[str] = frozenset()


class Writer:
    """The one writer of a data folder, from its making to `close`. Not for several threads at once.

    Every write is checked by the shapes, and is durable and published when it returns. Each raises `Invalid` with the
    `violations` in its details for data that violates a shape, `Forbidden` for a graph that the catalogue makes itself,
    and `Unavailable` for a full or failing disk; nothing was changed then.
    """

    def __init__(self, settings: Settings, lock: WriterLock | None = None, *, check: Check | None = None) -> None:
        """Open the folder for writing. `lock` is passed by a process that holds it already.

        Raises `Unavailable` where nothing was built yet or somebody else writes, `Conflict` for a folder of another
        format or base IRI.
        """
        self._settings = settings
        self._base = settings.base_iri
        self._judge = Judge(check) if check else shipped_judge()
        self._authority = open_authority(settings, lock)
        self._known: _Known | None = None

    def put(self, graph: NamedNode | None, triples: Collection[Triple], *, dry_run: bool = False) -> Written:
        """Replace the content of a graph; None is the default graph. Without triples there is no graph afterwards.

        `dry_run`: everything is checked and nothing is written; the answer is what it would be, with the state of now.
        """
        return self._write(graph, _own(triples), dry_run=dry_run)

    def post(self, graph: NamedNode | None, triples: Collection[Triple]) -> Written:
        """Add to a graph, as an RDF merge: blank nodes of `triples` are new ones."""
        return self._write(graph, _own(triples) | set(self.graph(graph)))

    def delete(self, graph: NamedNode | None) -> Written:
        """Take a graph away, or empty the default graph. Raises `NotFound` where there is no such graph."""
        self._refuse_made_here(graph or default_graph(self._base))
        if graph is not None and not self.graph(graph):
            raise NotFound(
                f"Không có đồ thị {graph.value}.",
                f"There is no graph {graph.value}.",
                details={"graph": graph.value},
            )
        return self._write(graph, set())

    def update(
        self,
        text: str,
        *,
        base: str | None = None,
        using: Sequence[str] = (),
        using_named: Sequence[str] = (),
        may_write: MayWrite = lambda _graph: None,
        internal: bool = True,
        empty: frozenset[str] = frozenset(),
        may_be_empty: Callable[[frozenset[str]], None] = lambda _graphs: None,
    ) -> Written:
        """Carry out a SPARQL 1.1 Update request, as a whole or not at all.

        It is evaluated on a copy of the authority: its default graph is what was written to the default graph itself, not
        the union that queries see. `base` resolves relative IRIs; `using` and `using_named` are the protocol's
        parameters. `may_write` is called for each graph that would change, before anything is written. Without
        `internal` the request sees no internal graph and may change none. `empty`: the graphs that exist and hold
        nothing; `may_be_empty` is called with those that will, before anything is written, and may raise.

        Raises `BadRequest` for a malformed request (line and column in the details) and for what the protocol forbids,
        `Forbidden` for LOAD, SERVICE and graphs that may not be written.
        """
        request = update_request.read(text, using, using_named)
        alias = default_graph(self._base).value
        if request.graphs is not None and alias in request.graphs:
            raise BadRequest(
                f"Trong yêu cầu cập nhật, đồ thị mặc định được viết mà không có GRAPH; không dùng tên {alias}.",
                f"In an update the default graph is written without GRAPH; do not use its name {alias}.",
                details={"graph": alias},
            )
        self._authority.recover()
        among = None if request.graphs is None else [NamedNode(iri) for iri in sorted(request.graphs)]
        seen = {
            iri
            for iri in empty
            if (request.graphs is None or iri in request.graphs) and (internal or not is_internal(iri, self._base))
        }
        with self._copy(internal=internal) as copy:
            copy.name_empty([NamedNode(iri) for iri in seen], among)
            _evaluate(copy, request.text, base)
            replaced = self._differences(copy, request.graphs, internal=internal)
            left = {name.value for name in copy.empty_graphs(among)}
        if not request.creates:
            left &= seen  # what was emptied by taking its statements away is no graph any more
        for name in {*replaced, *map(NamedNode, seen ^ left)}:
            self._refuse_made_here(name)
            may_write(None if name.value == alias else name.value)
        now = empty - seen | left
        may_be_empty(now)
        written = self._replace(replaced)
        return Written(written.state, written.created, written.changed, now)

    def graph(self, graph: NamedNode | None) -> list[Triple]:
        """What the authority holds of one graph, internal ones too; None is the default graph."""
        name = graph or default_graph(self._base)
        return [] if name == manifest_graph(self._base) else self._stage().source(name)

    def graph_names(self) -> list[NamedNode]:
        """The named graphs of the authority that hold anything, sorted; without those that the catalogue makes itself."""
        return [name for name in self._authority.stored.graph_names() if name not in made_here(self._base)]

    def close(self) -> None:
        """Release the folder and its lock."""
        self._authority.close()

    def _stage(self) -> FolderStage:
        return FolderStage(self._authority, self._base)

    def _write(self, graph: NamedNode | None, triples: set[Triple], *, dry_run: bool = False) -> Written:
        name = graph or default_graph(self._base)
        self._refuse_made_here(name)
        return self._replace({name: triples}, dry_run=dry_run)

    def _replace(self, replaced: Mapping[NamedNode, set[Triple]], *, dry_run: bool = False) -> Written:
        """Put the whole new content of graphs, canonical, in their place."""
        self._authority.recover()
        stage = self._stage()
        before = {name: set(stage.source(name)) for name in replaced}
        replaced = {name: triples for name, triples in replaced.items() if triples != before[name]}
        if not replaced:
            return Written(self._authority.folder.state() or "", created=False, changed=False)
        self._refuse_too_much(sum(len(triples ^ before[name]) for name, triples in replaced.items()))
        created = any(triples and not before[name] for name, triples in replaced.items())
        known = self._known or self._read_manifest()
        self._known = None  # a write that fails may have got through all the same
        try:
            with without_collector():
                admission = admit(stage, {_HERE: replaced}, known.owners, self._judge, self._base, before=before)
                if admission.violations:
                    raise _violating(admission.violations)
                if dry_run:
                    return Written(self._authority.folder.state() or "", created=created, changed=True)
                after = updated(known.records, replaced)
                last = manifest.renewed(known.records, after, replaced, self._base)
                state = stage.settle(Outcome(replaced, last, (_HERE,), after, before=before))
        finally:
            stage.withdraw()
        self._known = _Known(
            after,
            owners({}, {name: after[name] for name in replaced if name in after}, self._base) | dict(known.owners),
        )
        return Written(state, created=created, changed=True)

    def _read_manifest(self) -> _Known:
        stored = self._authority.stored
        records = manifest.held_graphs(stored, self._base)
        return _Known(records, owners(manifest.read(stored, self._base), records, self._base))

    def _refuse_too_much(self, changed: int) -> None:
        """Refuse at once what would be stopped after a long time."""
        most = int(self._settings.write_seconds * TRIPLES_PER_SECOND)
        if changed > most:
            raise LimitReached(
                f"Lần ghi này thay đổi {changed} bộ ba; trong {self._settings.write_seconds:g} giây (CHISO_WRITE_SECONDS) chỉ ghi được khoảng {most}. Không có gì được ghi. Hãy dừng dịch vụ và dùng chiso load, hoặc gửi thành nhiều phần.",
                f"This write changes {changed} triples; about {most} can be written in {self._settings.write_seconds:g} seconds (CHISO_WRITE_SECONDS). Nothing was written. Stop the service and use chiso load, or send it in parts.",
                details={"limit": "CHISO_WRITE_SECONDS", "value": self._settings.write_seconds, "found": changed},
            )

    def _refuse_made_here(self, name: NamedNode) -> None:
        if name in made_here(self._base):
            raise Forbidden(
                f"Đồ thị {name.value} do danh mục tự tạo khi công bố; không ghi vào đó được.",
                f"The graph {name.value} is made by the catalogue at publication; it cannot be written.",
                details={"graph": name.value},
            )

    def _copy(self, *, internal: bool) -> "_Copy":
        return _Copy(self._authority.stored, self._authority.folder.candidate, self._base, internal=internal)

    def _differences(
        self, copy: Embedded, graphs: frozenset[str] | None, *, internal: bool
    ) -> dict[NamedNode, set[Triple]]:
        """The new content of the graphs that an update changed, by their names in the published state."""
        stored = self._authority.stored
        hidden = manifest_graph(self._base)
        named = None if graphs is None else [NamedNode(iri) for iri in graphs]
        here, there = set(stored.graph_names(named)), set(copy.graph_names(named))
        found: dict[NamedNode, set[Triple]] = {}
        for name in [None, *sorted(here | there, key=lambda one: one.value)]:
            if name == hidden and name not in there:
                continue
            if name is not None and not internal and is_internal(name.value, self._base):
                if name in there:
                    raise Forbidden(
                        f"Không được ghi đồ thị nội bộ {name.value}.",
                        f"The internal graph {name.value} may not be written.",
                        details={"graph": name.value},
                    )
                continue
            new = set(copy.graph(name))
            if new != set(stored.graph(name)):
                found[name or default_graph(self._base)] = new
        return found


@contextmanager
def without_collector() -> Iterator[None]:
    """For a large write. Many living terms and no cycle among them: looking through them again and again took a third of a large write."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class _Copy:
    """A copy of the authority for one update, removed at the end of the `with` block."""

    def __init__(self, stored: Embedded, place: Path, base: str, *, internal: bool) -> None:
        self._stored = stored
        self._place = place
        self._base = base
        self._internal = internal

    def __enter__(self) -> Embedded:
        shutil.rmtree(self._place, ignore_errors=True)
        self._stored.checkpoint(self._place)
        self._copy = open_disk(self._place)
        self._copy.drop(manifest_graph(self._base))
        for name in self._copy.graph_names() if not self._internal else ():
            if is_internal(name.value, self._base):
                self._copy.drop(name)
        return self._copy

    def __exit__(self, *_: object) -> None:
        self._copy.close()
        shutil.rmtree(self._place, ignore_errors=True)


def _evaluate(copy: Embedded, text: str, base: str | None) -> None:
    try:
        copy.update(text, base)
    except Invalid as error:
        told = {name: value for name, value in error.details.items() if name != "place"}
        raise BadRequest(error.vi, error.en, details=told) from error
    except Defect as error:
        raise unfulfilled(error.en) or error from error


def _own(triples: Iterable[Triple]) -> set[Triple]:
    """The triples as the engine gives them back, their blank nodes told from all others.

    Raises `BadRequest` for a triple about a triple, which is not RDF 1.1.
    """
    fresh: dict[BlankNode, BlankNode] = {}
    found = []
    for triple in triples:
        subject, value = triple.subject, triple.object
        if isinstance(subject, Triple) or isinstance(value, Triple):
            raise BadRequest(
                f"Bộ ba nói về bộ ba khác (RDF 1.2) không ghi được: {triple}",
                f"A triple about another triple (RDF 1.2) cannot be written: {triple}",
            )
        if isinstance(subject, BlankNode):
            subject = fresh.setdefault(subject, BlankNode())
        if isinstance(value, BlankNode):
            value = fresh.setdefault(value, BlankNode())
        found.append(Triple(subject, triple.predicate, value))
    return canonical(found)


def _violating(violations: Sequence[Violated]) -> Invalid:
    first = violations[0]
    return Invalid(
        f"Dữ liệu vi phạm {len(violations)} quy tắc, ví dụ: {first.focus}: {first.message_vi} Không có gì được ghi.",
        f"The data violates {len(violations)} rules, for example: {first.focus}: {first.message_en} Nothing was written.",
        details={"violations": [_told(one) for one in violations[:1000]]},
    )


def _told(violation: Violated) -> dict[str, str | None]:
    def text(term: object) -> str | None:
        return None if term is None else str(getattr(term, "value", term))

    return {
        "focus": text(violation.focus),
        "path": text(violation.path),
        "value": text(violation.value),
        "shape": text(violation.shape),
        "severity": violation.severity,
        "vi": violation.message_vi,
        "en": violation.message_en,
    }


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
    """Make a finished data folder that holds `graphs` and the shipped vocabulary, unchecked. Gives the name of the state.

    Raises `Conflict` where something is built already, and what `build.bring_up` raises.
    """
    if (settings.data / "format.json").exists():
        raise Conflict(f"Thư mục {settings.data} đã có kho.", f"The folder {settings.data} holds a store already.")
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
    assert report.state is not None  # noqa: S101 - a first build publishes
    return report.state
