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

from pyoxigraph import Quad

from catalogue import manifest, publication
from catalogue.comparison import Work, compare, set_aside_the_unchanged
from catalogue.graphs import manifest_graph
from catalogue.intake import Check, Graphs, admit, candidate_of, commit, grounds_of_verdict
from catalogue.settings import Settings
from catalogue.shipped import GRAPH, ONTOLOGY
from catalogue.sources import Problem, Provider, scan
from catalogue.store.connect import open_authority, open_writer
from catalogue.store.embedded import Embedded, open_disk, translated
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


@dataclass(slots=True)
class Target:
    """The store being built: `fresh` while nobody reads it, `folder` where it lies on disk."""

    store: Store
    fresh: bool = False
    folder: Folder | None = None


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
        work = compare(
            target.store, entries, [*shipped, *extra_sources], problems, settings.base_iri, fresh=target.fresh
        )
        return _carry_out(target, entries, work, settings, check, say, started)


def carry_out(settings: Settings, work: Work, *, say: Say, check: Check | None, dry_run: bool) -> BuildReport:
    """Put `work` into the store that `settings` name, which must have been built, and publish it."""
    started = time.monotonic()
    with _opened(settings, existing=True) as target:
        entries = manifest.read(target.store, settings.base_iri)
        set_aside_the_unchanged(target.store, entries, work)
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


def _derive_anew(target: Target, base: str, say: Say) -> bool:
    """Bring derived statements up to date that an older version of the rules made, or a change that broke off."""
    if manifest.derivation(target.store, base) == publication.DERIVATION:
        return False
    if not target.store.graph(manifest_graph(base)):
        return False  # nothing was ever loaded here
    say("Đang suy ra lại… / Deriving anew…")
    _commit(target.store, publication.rederived(target.store, base), None, None, (), base)
    return True


def _commit(
    store: Store,
    change: Change,
    entries: Mapping[str, manifest.Entry] | None,
    rejected: manifest.Rejected | None,
    keys: Iterable[str],
    base: str,
) -> None:
    last = _manifest_change(store, entries, rejected, base)
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
    refused: manifest.Rejected | None = None
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
            if work.shipped is not None:
                refused = manifest.Rejected(
                    grounds_of_verdict(work.shipped, kept.values()),
                    tuple((problem.source, problem.vi, problem.en) for problem in admission.rejected),
                )
        finally:
            _discard(candidate, target)
    if admitted and not dry_run:
        say("Đang ghi và công bố… / Writing and publishing…")
        joined = {name: triples for graphs in admitted.values() for name, triples in graphs.items()}
        change = Change() if target.fresh else publication.plan(target.store, joined, base)
        _commit(target.store, change, kept, refused, admitted, base)
    elif refused is not None and refused.sentences and not dry_run:
        _commit(target.store, Change(), None, refused, (), base)
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


def _manifest_change(
    store: Store, entries: Mapping[str, manifest.Entry] | None, rejected: manifest.Rejected | None, base: str
) -> Change:
    """The change that makes the manifest say `entries` and `rejected` (None: as before) and the present version of the rules."""
    graph = manifest_graph(base)
    old = {Quad(t.subject, t.predicate, t.object, graph) for t in store.graph(graph)}
    if entries is None:
        entries = manifest.read(store, base)
    new = {quad for entry in entries.values() for quad in manifest.quads(entry, base)}
    new.add(manifest.derivation_quad(publication.DERIVATION, base))
    new.update(manifest.rejected_quads(manifest.rejected(store, base) if rejected is None else rejected, base))
    return Change(add=list(new - old), remove=list(old - new))


def _publish(target: Target, entries: Mapping[str, manifest.Entry], *, anew: bool) -> str | None:
    state = manifest.state_now(entries.values())
    if target.folder is None or not isinstance(target.store, Embedded):
        return state
    present = target.folder.state()
    # Compared with what is stored, not with what was done just now: a process may have been killed before it published.
    if (
        present is not None
        and target.folder.holds(present)
        and not anew
        and present.rpartition("-")[2] == state.rpartition("-")[2]
    ):
        return present
    if target.fresh:
        target.store.optimize()
    target.folder.publish(target.store, state)
    return state


def _shipped_check() -> Check:
    from catalogue.validation import check  # the shapes are compiled only when something is to be checked

    return check
