"""Build: bring a store up from the shipped sources, keep it up to date, load what users bring.

A first build happens aside and is moved into place when it is whole, so a process killed at any moment leaves either no
store or a finished one. Once it stands the store is the authority: a shipped source is loaded again only when its
bytes changed and its stored content is still what was loaded; else both stay as they are and the conflict is told.
A source that cannot be read or violates a shape stays out, wholly; the rest goes in.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from catalogue import manifest, publication
from catalogue.errors import CatalogueError
from catalogue.graphs import manifest_graph
from catalogue.intake import Check, Graphs, admit, candidate_of, commit
from catalogue.rdf import canonical
from catalogue.settings import Settings
from catalogue.shipped import GRAPH, ONTOLOGY
from catalogue.sources import Problem, Provider, content, scan
from catalogue.store.connect import open_authority, open_writer
from catalogue.store.embedded import Embedded, open_disk, translated
from catalogue.store.folder import Folder, WriterLock
from catalogue.store.port import Change, Store

Say = Callable[[str], None]

LOADER = "loader:"
"""Before the digest of a source that a loader gave: unlike a file, it is not missed when nobody passes it in."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    `loaded`, `unchanged`, `removed`: keys of sources. `rejected`: why sources stayed out, one sentence per reason.
    `conflicts`: shipped sources whose stored content was changed locally. `warnings`: findings that keep nothing out.
    `triples`: statements in all source graphs. `state`: the published state. `seconds`: how long it took.
    """

    loaded: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    rejected: tuple[Problem, ...] = ()
    conflicts: tuple[Problem, ...] = ()
    warnings: int = 0
    triples: int = 0
    seconds: float = 0.0
    state: str | None = None

    @property
    def refused(self) -> tuple[str, ...]:
        """The keys of the sources that stayed out."""
        return tuple(dict.fromkeys(problem.source for problem in self.rejected))


@dataclass(slots=True)
class Target:
    """The store being built: `fresh` while nobody reads it, `folder` where it lies on disk."""

    store: Store
    fresh: bool = False
    folder: Folder | None = None


@dataclass(slots=True)
class Work:
    """What is to be done: new contents by source, what is left alone, and why."""

    incoming: dict[str, Graphs] = field(default_factory=dict)
    digests: dict[str, str | None] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    rejected: list[Problem] = field(default_factory=list)
    conflicts: list[Problem] = field(default_factory=list)


def bring_up(
    settings: Settings,
    *,
    memory: Store | None = None,
    extra_sources: Iterable[Provider] = (),
    say: Say = print,
    check: Check | None = None,
    graph: Path = GRAPH,
    ontology: Path = ONTOLOGY,
) -> BuildReport:
    """Make the store that `settings` name, or bring it up to date with the shipped sources, and publish it.

    `memory`: the store to fill where the settings name a memory store. `extra_sources` come from loaders. Raises `Unavailable` (locked, full disk, endpoint), `TimedOut`, and `Conflict`
    for a folder of another format, of another base IRI, or with foreign content.
    """
    started = time.monotonic()
    shipped, problems = scan(graph, ontology)
    with _opened(settings, memory) as target:
        entries = manifest.read(target.store, settings.base_iri)
        work = _compare(target, entries, [*shipped, *extra_sources], problems, settings.base_iri)
        return _carry_out(target, entries, work, settings, check, say, started)


def carry_out(settings: Settings, work: Work, *, say: Say, check: Check | None, dry_run: bool) -> BuildReport:
    """Put `work` into the store that `settings` name, which must have been built, and publish it."""
    started = time.monotonic()
    with _opened(settings, existing=True) as target:
        entries = manifest.read(target.store, settings.base_iri)
        return _carry_out(target, entries, work, settings, check, say, started, dry_run=dry_run)


def load(
    settings: Settings,
    paths: Sequence[Path],
    *,
    graph: str | None = None,
    format: str | None = None,
    dry_run: bool = False,
    say: Say = print,
    check: Check | None = None,
) -> BuildReport:
    """Load files of the user: see `catalogue.arrivals` for which file goes into which graph.

    Each named graph is replaced wholly. With `dry_run` everything is checked and nothing written. Raises `Invalid` with
    file, line and column for what cannot be read, and what `bring_up` raises.
    """
    from catalogue.arrivals import arrivals

    found = arrivals(paths, settings.base_iri, graph=graph, format=format)
    work = Work(incoming=dict(found.contents), digests=dict(found.digests))
    return carry_out(settings, work, say=say, check=check, dry_run=dry_run)


@contextmanager
def _opened(settings: Settings, memory: Store | None = None, *, existing: bool = False) -> Iterator[Target]:
    """The store for writing: the finished one, or a new one aside that is moved into place at the end."""
    if settings.store != "disk":
        store = open_writer(settings, memory)
        fresh = isinstance(store, Embedded) and not store.graph_names()
        yield Target(store, fresh)
        if settings.store == "remote":
            store.close()
        return
    folder = Folder(settings.data)
    folder.refuse_foreign_content()
    lock = WriterLock(folder.path)
    try:
        folder.recover()
        if folder.finished or existing:
            authority = open_authority(settings, lock)
            try:
                yield Target(authority, folder=folder)
            finally:
                authority.close()
            return
        new = open_disk(folder.building / "store")
        try:
            yield Target(new, fresh=True, folder=Folder(folder.building))
        finally:
            new.close()
        try:
            Folder(folder.building).mark_finished(settings.base_iri)
            folder.move_build_into_place()
            folder.recover()
        except OSError as error:
            raise translated(error, folder.path) from error
    finally:
        lock.release()


def _compare(
    target: Target,
    entries: Mapping[str, manifest.Entry],
    providers: Iterable[Provider],
    problems: Iterable[Problem],
    base: str,
) -> Work:
    """Which sources changed, by the digests of their bytes; only those are read."""
    work = Work(rejected=list(problems))
    seen = {problem.source for problem in work.rejected}
    broken_off = manifest.unfinished(target.store, base)
    for provider in providers:
        key = provider.key
        seen.add(key)
        entry = entries.get(key)
        try:
            digest = _digest_of(provider)
            if entry is not None and entry.files == digest:
                work.unchanged.append(key)
                continue
            graphs = content(provider, base)
        except CatalogueError as error:
            work.rejected.append(Problem.of(key, error))
            continue
        if not target.fresh:
            graphs = {name: canonical(triples) for name, triples in graphs.items()}
        if key not in broken_off and _changed_locally(target.store, entry, graphs):
            work.conflicts.append(_conflict(key))
            continue
        for name in entry.graphs if entry else ():
            graphs.setdefault(name, set())
        work.incoming[key], work.digests[key] = graphs, digest
    for key, entry in entries.items():
        if key in seen or entry.files is None or entry.files.startswith(LOADER):
            continue
        if _stored(target.store, entry.graphs) != entry.content:
            work.conflicts.append(_conflict(key))
        else:
            work.incoming[key] = {name: set() for name in entry.graphs}
            work.removed.append(key)
    return work


def _digest_of(provider: Provider) -> str:
    from catalogue.sources import Files

    digest = provider.digest()
    return digest if isinstance(provider, Files) else LOADER + digest


def _changed_locally(store: Store, entry: manifest.Entry | None, graphs: Graphs) -> bool:
    """Whether the store holds something else in these graphs than what was loaded from the shipped source."""
    if entry is not None and entry.shipped:
        return _stored(store, entry.graphs) != entry.content
    # Never loaded from here: what lies there is a load that broke off, or somebody's own.
    return any(not canonical(store.graph(name)) <= triples for name, triples in graphs.items())


def _stored(store: Store, graphs: Iterable[NamedNode]) -> str:
    return manifest.content_digest({name: canonical(store.graph(name)) for name in graphs})


def _conflict(key: str) -> Problem:
    return Problem(
        key,
        f"Nguồn {key}: bản đi kèm đã thay đổi, nhưng nội dung trong kho đã được sửa tại chỗ; kho giữ nguyên. Để lấy bản đi kèm, hãy chạy chiso load với các tệp của nguồn này.",
        f"Source {key}: the shipped version changed, but its content in the store was changed locally; the store keeps its own. To take the shipped version, run chiso load with the files of this source.",
    )


def _derive_anew(target: Target, base: str, say: Say) -> bool:
    """Bring derived statements up to date that an older version of the rules made, or a change that broke off."""
    if manifest.derivation(target.store, base) == publication.DERIVATION:
        return False
    if not target.store.graph(manifest_graph(base)):
        return False  # nothing was ever loaded here
    say("Đang suy ra lại… / Deriving anew…")
    _commit(target.store, publication.rederived(target.store, base), None, (), base)
    return True


def _commit(
    store: Store, change: Change, entries: Mapping[str, manifest.Entry] | None, keys: Iterable[str], base: str
) -> None:
    last = _manifest_change(store, entries, base)
    commit(store, change, last, manifest.begun(keys, publication.DERIVATION, base))


def _carry_out(
    target: Target,
    entries: Mapping[str, manifest.Entry],
    work: Work,
    settings: Settings,
    check: Check | None,
    say: Say,
    started: float,
    *,
    dry_run: bool = False,
) -> BuildReport:
    base = settings.base_iri
    kept = dict(entries)
    admitted: dict[str, Graphs] = {}
    warnings = 0
    anew = not dry_run and _derive_anew(target, base, say)
    if work.incoming:
        say(f"Đang nạp và kiểm tra {len(work.incoming)} nguồn… / Loading and checking {len(work.incoming)} sources…")
        candidate = _candidate(target)
        try:
            before = None if target.fresh else target.store
            owners = {name: key for key, entry in entries.items() for name in entry.graphs}
            admission = admit(candidate, work.incoming, before, owners, check or _shipped_check(), base)
            work.rejected.extend(admission.rejected)
            admitted, warnings = admission.admitted, admission.warnings
            now = datetime.now(UTC)
            for key, graphs in admitted.items():
                held = {name: set(candidate.graph(name)) for name in graphs}
                whole = {name: triples for name, triples in held.items() if triples}
                kept.pop(key, None)
                if whole:
                    kept[key] = manifest.entry(key, work.digests.get(key), whole, now)
        finally:
            _discard(candidate, target)
    if admitted and not dry_run:
        say("Đang ghi và công bố… / Writing and publishing…")
        joined = {name: triples for graphs in admitted.values() for name, triples in graphs.items()}
        change = Change() if target.fresh else publication.plan(target.store, joined, base)
        _commit(target.store, change, kept, admitted, base)
    return BuildReport(
        loaded=tuple(key for key in admitted if key not in work.removed),
        unchanged=tuple(work.unchanged),
        removed=tuple(key for key in work.removed if key in admitted),
        rejected=tuple(work.rejected),
        conflicts=tuple(work.conflicts),
        warnings=warnings,
        triples=sum(entry.statements for entry in kept.values()),
        state=_publish(target, entries if dry_run else kept, anew=anew),
        seconds=time.monotonic() - started,
    )


def _candidate(target: Target) -> Embedded:
    if isinstance(target.store, Embedded) and target.fresh:
        return target.store
    if isinstance(target.store, Embedded) and target.folder is not None:
        target.store.checkpoint(target.folder.candidate)
        return open_disk(target.folder.candidate)
    return candidate_of(target.store)


def _discard(candidate: Embedded, target: Target) -> None:
    if candidate is not target.store:
        candidate.close()
        if target.folder is not None:
            target.folder.discard_candidate()


def _manifest_change(store: Store, entries: Mapping[str, manifest.Entry] | None, base: str) -> Change:
    """The change that makes the manifest say `entries` (None: as before) and the present version of the rules."""
    graph = manifest_graph(base)
    old = {Quad(t.subject, t.predicate, t.object, graph) for t in store.graph(graph)}
    if entries is None:
        entries = manifest.read(store, base)
    new = {quad for entry in entries.values() for quad in manifest.quads(entry, base)}
    new.add(manifest.derivation_quad(publication.DERIVATION, base))
    return Change(add=list(new - old), remove=list(old - new))


def _publish(target: Target, entries: Mapping[str, manifest.Entry], *, anew: bool) -> str | None:
    state = manifest.state_now(entries.values())
    if target.folder is None or not isinstance(target.store, Embedded):
        return state
    present = target.folder.state()
    # Compared with what is stored, not with what was done just now: a process may have been killed before it published.
    if present is not None and not anew and present.rpartition("-")[2] == state.rpartition("-")[2]:
        return present
    if target.fresh:
        target.store.optimize()
    target.folder.publish(target.store, state)
    return state


def _shipped_check() -> Check:
    from catalogue.validation import check  # the shapes are compiled only when something is to be checked

    return check
