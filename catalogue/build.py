"""Build: bring a store up from the shipped sources, keep it up to date, load what users bring.

A first build happens aside and is moved into place when it is whole, so a process killed at any moment leaves either no
store or a finished one. Once it stands the store is the authority: a shipped source is loaded again only when its
bytes changed and its stored content is still what was loaded; else both stay as they are and the conflict is told.
A source that cannot be read or violates a shape stays out, wholly; the rest goes in.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from catalogue import manifest, publication
from catalogue.comparison import Work, compare, set_aside_the_unchanged
from catalogue.graphs import is_internal, manifest_graph
from catalogue.intake import Admission, Check, Judge, admit, content, grounds_of_verdict, owners, shipped_judge, updated
from catalogue.settings import Settings
from catalogue.shipped import GRAPH, ONTOLOGY
from catalogue.sources import Problem, Provider, scan
from catalogue.stage import FolderStage, Outcome, SingleStage, Stage
from catalogue.store.authority import Authority, open_authority
from catalogue.store.connect import open_single
from catalogue.store.embedded import Embedded, translated
from catalogue.store.folder import Folder, WriterLock
from catalogue.store.port import Change, Store

Say = Callable[[str], None]


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
    with _opened(settings, memory) as stage:
        known = _known(stage, settings.base_iri)
        work = compare(stage, known.entries, known.records, [*shipped, *extra_sources], problems, settings.base_iri)
        return _carry_out(stage, known, work, settings, check, say, started)


def carry_out(settings: Settings, work: Work, *, say: Say, check: Check | None, dry_run: bool) -> BuildReport:
    """Put `work` into the store that `settings` name, which must have been built, and publish it."""
    started = time.monotonic()
    with _opened(settings, existing=True) as stage:
        known = _known(stage, settings.base_iri)
        set_aside_the_unchanged(stage, known.entries, work)
        return _carry_out(stage, known, work, settings, check, say, started, dry_run=dry_run)


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
def _opened(settings: Settings, memory: Store | None = None, *, existing: bool = False) -> Iterator[Stage]:
    """The stage for writing: over the finished store, or over a new one aside that is moved into place at the end."""
    base = settings.base_iri
    if settings.store != "disk":
        store = open_single(settings, memory)
        single = SingleStage(store, base, fresh=isinstance(store, Embedded) and not store.graph_names())
        try:
            yield single
        finally:
            single.withdraw()
            if settings.store == "remote":
                store.close()
        return
    folder = Folder(settings.data)
    folder.refuse_foreign_content()
    lock = WriterLock(folder.path)
    try:
        folder.recover()
        if folder.finished or existing:
            with _at_work(FolderStage(open_authority(settings, lock), base)) as stage:
                yield stage
            return
        new = Folder(folder.building)
        with _at_work(FolderStage(Authority(new, settings), base, fresh=True)) as stage:
            yield stage
        try:
            new.mark_finished(base)
            folder.move_build_into_place()
            folder.recover()
        except OSError as error:
            raise translated(error, folder.path) from error
    finally:
        lock.release()


@contextmanager
def _at_work(stage: FolderStage) -> Iterator[FolderStage]:
    try:
        yield stage
    finally:
        try:
            stage.withdraw()
        finally:
            stage.authority.close()


@dataclass(frozen=True, slots=True)
class _Known:
    """What the manifest says: of the sources that were loaded, and of the graphs that are held."""

    entries: Mapping[str, manifest.Entry]
    records: Mapping[NamedNode, manifest.Held]


def _known(stage: Stage, base: str) -> _Known:
    entries = manifest.read(stage.records, base)
    records = manifest.held_graphs(stage.records, base)
    if isinstance(stage, SingleStage):  # an older program, which kept no records, may have filled it
        missing = {name for entry in entries.values() for name in entry.graphs} - records.keys()
        records.update({name: manifest.held(name, stage.source(name)) for name in missing})
    return _Known(entries, records)


def _derive_anew(stage: Stage, known: _Known, base: str, say: Say) -> None:
    """Bring derived statements up to date that an older version of the rules made, or a change that broke off."""
    if manifest.derivation(stage.records, base) == publication.DERIVATION:
        return
    if not stage.records.graph(manifest_graph(base)):
        return  # nothing was ever loaded here
    say("Đang suy ra lại… / Deriving anew…")
    change = publication.rederived(stage.tried if isinstance(stage, FolderStage) else stage.records, base)
    if isinstance(stage, FolderStage):
        stage.rehearse(change)
    last = manifest.change(stage.records, base, publication.DERIVATION)
    stage.settle(Outcome({}, last, (), known.records, derived=change))


def _carry_out(
    stage: Stage,
    known: _Known,
    work: Work,
    settings: Settings,
    check: Check | None,
    say: Say,
    started: float,
    *,
    dry_run: bool = False,
) -> BuildReport:
    base = settings.base_iri
    entries, records = dict(known.entries), dict(known.records)
    admission = Admission({})
    refused: manifest.Rejected | None = None
    whole: dict[NamedNode, set[Triple]] = {}
    _refuse_what_cannot_be_kept(stage, work, base)
    if not dry_run:
        _derive_anew(stage, known, base, say)
    if work.incoming:
        say(f"Đang nạp và kiểm tra {len(work.incoming)} nguồn… / Loading and checking {len(work.incoming)} sources…")
        judge = Judge(check) if check else shipped_judge()
        admission = admit(stage, work.incoming, owners(known.entries, records, base), judge, base)
        work.rejected.extend(admission.rejected)
        now = datetime.now(UTC)
        for key, graphs in admission.admitted.items():
            held = content(stage, graphs, base)
            whole.update(held)
            entries.pop(key, None)
            filled = {name: triples for name, triples in held.items() if triples}
            if filled:
                entries[key] = manifest.entry(key, work.digests.get(key), filled, now)
        records = updated(records, whole)
        if work.shipped is not None:
            refused = manifest.Rejected(
                grounds_of_verdict(work.shipped, records),
                tuple((problem.source, problem.vi, problem.en) for problem in admission.rejected),
            )
    state: str | None = None
    if dry_run:
        records = dict(known.records)
        state = Folder(settings.data).state() if settings.store == "disk" else None
    else:
        if whole:
            say("Đang ghi và công bố… / Writing and publishing…")
        said = bool(whole) or (refused is not None and bool(refused.sentences))
        last = _said(stage, entries, records, refused, base) if said else Change()
        state = stage.settle(Outcome(whole, last, tuple(admission.admitted), records))
    return BuildReport(
        loaded=tuple(key for key in admission.admitted if key not in work.removed),
        unchanged=tuple(work.unchanged),
        removed=tuple(key for key in work.removed if key in admission.admitted),
        rejected=tuple(work.rejected),
        conflicts=tuple(work.conflicts),
        warnings=admission.warnings,
        triples=sum(record.statements for record in records.values()),
        state=state,
        seconds=time.monotonic() - started,
    )


def _said(
    stage: Stage,
    entries: Mapping[str, manifest.Entry],
    records: Mapping[NamedNode, manifest.Held],
    refused: manifest.Rejected | None,
    base: str,
) -> Change:
    version = publication.DERIVATION
    return manifest.change(stage.records, base, version, entries=entries, records=records, refused=refused)


def _refuse_what_cannot_be_kept(stage: Stage, work: Work, base: str) -> None:
    """An internal graph needs an authority of its own: elsewhere, whoever may ask the store could ask for it."""
    if isinstance(stage, FolderStage):
        return
    for key, graphs in list(work.incoming.items()):
        for name in sorted(name.value for name in graphs if is_internal(name.value, base)):
            work.incoming.pop(key, None)
            work.rejected.append(
                Problem(
                    key,
                    f"{key}: đồ thị nội bộ {name} chỉ giữ được trong kho trên đĩa (CHISO_STORE=disk).",
                    f"{key}: the internal graph {name} can only be kept in a disk store (CHISO_STORE=disk).",
                )
            )
