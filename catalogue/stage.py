"""The stage: where a change is tried out, checked, and then made to last or taken back.

A data folder tries it on its public store, which nobody reads live. A store that is authority and public at once (memory,
a remote endpoint) tries it on a copy in memory, unless it is new, so that nobody reads it yet.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Protocol

from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple

from catalogue import manifest as manifests
from catalogue import publication
from catalogue.errors import CatalogueError
from catalogue.graphs import default_graph
from catalogue.store.authority import Authority
from catalogue.store.embedded import Embedded, open_memory
from catalogue.store.folder import StateRecord
from catalogue.store.port import Change, Store

REQUEST_QUADS = 20_000
"""Quads in one update of a remote store. A change up to this size is one request, so all of it happens or nothing."""

Graphs = Mapping[NamedNode, set[Triple]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is made to last: the new content of the source graphs, and the manifest's part.

    `keys`: the sources concerned. `records`: the manifest's records after it. `derived`: a change of what is derived that
    no source graph caused; there is a new state after it even if the records are as before. `before`: what the authority
    holds of the graphs, where it was read already.
    """

    graphs: Graphs
    manifest: Change
    keys: Collection[str]
    records: Mapping[NamedNode, manifests.Held]
    derived: Change | None = None
    before: Graphs = field(default_factory=dict)


class Stage(Protocol):
    """Where one change is tried out. `tried` is the store that holds it, with all that is derived, while it is tried."""

    fresh: bool

    @property
    def tried(self) -> Store:
        """The store on which changes are rehearsed and checked."""

    def source(self, graph: NamedNode) -> list[Triple]:
        """What the authority holds of a source graph, by its name in the published state."""

    @property
    def records(self) -> Store:
        """The store that holds the manifest."""

    def before(self) -> Store | None:
        """What readers see now, None where nobody reads yet. Closed by `withdraw` and `settle`."""

    def rehearse(self, change: Change) -> None:
        """Carry out `change` where nobody sees it."""

    def withdraw(self) -> None:
        """Take back all that was rehearsed and not settled."""

    def settle(self, outcome: Outcome) -> str:
        """Make what was rehearsed last, and publish it. Gives the name of the state that is published then."""


@dataclass(slots=True)
class FolderStage:
    """The stage of a data folder. `fresh`: a first build in a folder aside."""

    authority: Authority
    base: str
    fresh: bool = False
    _before: Embedded | None = None

    @property
    def tried(self) -> Embedded:
        """The public store."""
        return self.authority.public

    @property
    def records(self) -> Embedded:
        """The authority."""
        return self.authority.stored

    def source(self, graph: NamedNode) -> list[Triple]:
        """What the authority holds of a source graph."""
        return self.authority.stored.graph(None if graph == default_graph(self.base) else graph)

    def before(self) -> Store | None:
        """The published state; None for a first build, or where its files are damaged."""
        if self._before is None and not self.fresh:
            try:
                self._before = self.authority.folder.open_published()
            except CatalogueError:
                return None
        return self._before

    def rehearse(self, change: Change) -> None:
        """Carry out `change` on the public store, written down in the journal first."""
        if self.fresh:
            replay(self.authority.public, change)
        else:
            self.authority.journal.step(change)

    def withdraw(self) -> None:
        """Take back what the journal holds."""
        self._close()
        if not self.fresh:
            self.authority.withdraw()

    def settle(self, outcome: Outcome) -> str:
        """Put the source graphs and the manifest into the authority and publish."""
        self._close()
        now = datetime.now(UTC)
        digest = manifests.digest(outcome.records, self.base)
        folder = self.authority.folder
        present = folder.state()
        known = folder.record(present)
        # Compared with what is published, not with what was done just now: its files may have been damaged.
        state, made = present, None
        if known is None or outcome.derived is not None or known.digest != digest:
            previous = present if folder.holds(present) else None
            state = manifests.state_name(digest, now)
            moment = now.isoformat(timespec="milliseconds")
            made = StateRecord(state, moment, digest, manifests.statements(outcome.records, self.base), previous)
        secured = f"{state}.{manifests.moment_name(now)}"
        change = self._authored(outcome)
        if self.fresh:
            assert made is not None  # noqa: S101 - nothing was published in a new folder
            self.authority.fill(change.add)
            self.authority.publish_whole(made, secured)
        elif change or made is not None:
            self.authority.accept(change, made, secured)
        assert state is not None  # noqa: S101 - where nothing was published there is a new state
        return state

    def _authored(self, outcome: Outcome) -> Change:
        """The difference that the outcome makes in the authority."""
        add, remove = list(outcome.manifest.add), list(outcome.manifest.remove)
        for name, triples in outcome.graphs.items():
            graph = DefaultGraph() if name == default_graph(self.base) else name
            old = outcome.before[name] if name in outcome.before else set(self.source(name))
            add += _quads(triples - old, graph)
            remove += _quads(old - triples, graph)
        return Change(add=add, remove=remove)

    def _close(self) -> None:
        if self._before is not None:
            self._before.close()
            self._before = None


@dataclass(slots=True)
class SingleStage:
    """The stage of a store that is authority and public at once."""

    store: Store
    base: str
    fresh: bool = False
    _copy: Embedded | None = field(default=None)

    @property
    def tried(self) -> Embedded:
        """A copy in memory; the store itself while nobody reads it."""
        if self._copy is None:
            whole = self.fresh and isinstance(self.store, Embedded)
            self._copy = self.store if whole and isinstance(self.store, Embedded) else copy_of(self.store)
        return self._copy

    @property
    def records(self) -> Store:
        """The store itself."""
        return self.store

    def source(self, graph: NamedNode) -> list[Triple]:
        """What the store holds of a graph."""
        return self.store.graph(graph)

    def before(self) -> Store | None:
        """The store itself, which is not changed before the end."""
        return None if self.fresh else self.store

    def rehearse(self, change: Change) -> None:
        """Carry out `change` on the copy."""
        replay(self.tried, change)

    def withdraw(self) -> None:
        """Forget the copy. What a first build tried stays, as it is nobody's yet."""
        if self._copy is not None and self._copy is not self.store:
            self._copy.close()
        self._copy = None

    def settle(self, outcome: Outcome) -> str:
        """Carry out the change on the store itself: planned anew, for the store may be another's too."""
        change = outcome.derived or Change()
        if outcome.graphs and not self.fresh:
            change = publication.plan(self.store, outcome.graphs, self.base)
        self.withdraw()
        if change or outcome.manifest:
            commit(
                self.store, change, outcome.manifest, manifests.begun(outcome.keys, publication.DERIVATION, self.base)
            )
        return manifests.state_now(outcome.records, self.base)


def replay(store: Embedded, change: Change) -> None:
    """Carry out `change` on a store that nobody reads: the large half by bulk load."""
    store.exchange(Change(remove=change.remove))
    store.load(change.add)


def commit(store: Store, change: Change, last: Change, begun: Change) -> None:
    """Carry out `change` and then `last` (the manifest), on an embedded store as one.

    A remote store gets a large change in several requests: first `begun`, by which the manifest says what is under way,
    and `last` in the final one. When it breaks off in between, the next start knows and carries on.
    """
    whole = Change(add=[*change.add, *last.add], remove=[*change.remove, *last.remove])
    if isinstance(store, Embedded) or len(whole.add) + len(whole.remove) <= REQUEST_QUADS:
        store.apply(whole)
        return
    store.apply(begun)
    for part in _parts(change.remove):
        store.apply(Change(remove=part))
    for part in _parts(change.add):
        store.apply(Change(add=part))
    added = set(begun.add) - set(last.add)
    store.apply(Change(add=[*last.add, *begun.remove], remove=[*last.remove, *added]))


def copy_of(store: Store) -> Embedded:
    """A memory copy of any store, to try a change on."""
    if isinstance(store, Embedded):
        return store.copy()
    copy = open_memory()
    for name in [None, *store.graph_names()]:
        copy.load(_quads(store.graph(name), DefaultGraph() if name is None else name))
    return copy


def _quads(triples: Iterable[Triple], graph: NamedNode | DefaultGraph) -> Iterable[Quad]:
    return (Quad(t.subject, t.predicate, t.object, graph) for t in triples)


def _parts(quads: Sequence[Quad]) -> Iterable[list[Quad]]:
    rest = iter(quads)
    while part := list(islice(rest, REQUEST_QUADS)):
        yield part
