"""Admission: sources are tried out on a candidate store, checked, and refused wholly or admitted wholly.

The candidate is a copy of the store (a checkpoint of a disk store, a memory copy of the others) or, for a first build, the
new store itself, which nobody reads yet.
"""

import hashlib
import importlib.metadata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple

from catalogue import publication
from catalogue.manifest import Entry
from catalogue.shipped import SHAPES
from catalogue.sources import Problem
from catalogue.store.embedded import Embedded, open_memory
from catalogue.store.port import Change, Store

Graphs = Mapping[NamedNode, set[Triple]]

SAID_PER_SOURCE = 20
"""Violations told per source; the rest is counted."""

REQUEST_QUADS = 20_000
"""Quads in one update of a remote store. A change up to this size is one request, so all of it happens or nothing."""


class Violated(Protocol):
    """What the intake reads of a violation; `catalogue.validation.Violation` has it."""

    @property
    def source(self) -> str | None: ...
    @property
    def focus(self) -> Any: ...
    @property
    def path(self) -> Any: ...
    @property
    def value(self) -> Any: ...
    @property
    def shape(self) -> Any: ...
    @property
    def severity(self) -> str: ...
    @property
    def message_vi(self) -> str: ...
    @property
    def message_en(self) -> str: ...


class Check(Protocol):
    """A validation of a candidate store: `graphs` says which source each named graph belongs to."""

    def __call__(self, store: Store, *, graphs: Mapping[NamedNode, str]) -> Sequence[Violated]: ...


@dataclass(slots=True)
class Admission:
    """What came of it: the sources admitted with their content, the problems of the others, warnings counted."""

    admitted: dict[str, Graphs]
    rejected: list[Problem] = field(default_factory=list)
    warnings: int = 0


def admit(
    candidate: Embedded,
    incoming: Mapping[str, Graphs],
    store: Store | None,
    owners: Mapping[NamedNode, str],
    check: Check,
    base: str,
) -> Admission:
    """Put `incoming` into `candidate`, and take out again every source that violates a shape, until nothing does.

    `store` is what readers have now (None for a first build); `owners` says which source each of its graphs belongs to.
    Afterwards the candidate holds exactly what was admitted.
    """
    graphs_of = {name: key for key, graphs in incoming.items() for name in graphs}
    known: set[tuple[str, str, str]] | None = None
    rehearse(candidate, publication.plan(candidate, _joined(incoming.values()), base))
    admission = Admission(dict(incoming))
    fallen: list[str] = []
    while True:
        found = list(check(candidate, graphs={**owners, **graphs_of}))
        grave = [v for v in found if v.severity == "Violation"]
        if known is None and store is not None and any(v.source not in admission.admitted for v in grave):
            known = {_identity(v) for v in check(store, graphs=owners)}  # violated already: no newcomer's fault
        blamed = _blamed(grave, admission.admitted, known or set())
        if not blamed:
            admission.warnings = len(found) - len(grave)
            return admission
        for key, violations in sorted(blamed.items()):
            admission.rejected.extend(_told(key, violations, fallen))
        back = {n: set(store.graph(n)) if store else set() for key in blamed for n in admission.admitted[key]}
        rehearse(candidate, publication.plan(candidate, back, base))
        for key in blamed:
            del admission.admitted[key]
        fallen.extend(sorted(blamed))


def grounds_of_verdict(digests: Mapping[str, str], entries: Iterable[Entry]) -> str:
    """A digest of all that a refusal depends on: the shipped sources, what the store holds, the shapes, this program."""
    found = hashlib.sha256(importlib.metadata.version("chiso").encode())
    for path in sorted(SHAPES.glob("*.ttl")):
        found.update(path.read_bytes())
    for key, digest in sorted(digests.items()):
        found.update(f"\n{key} {digest}".encode())
    for entry in sorted(entries, key=lambda one: one.key):
        found.update(f"\n{entry.key} {entry.content}".encode())
    return found.hexdigest()


def rehearse(candidate: Embedded, change: Change) -> None:
    """Carry out `change` on a store that nobody reads: the large half by bulk load."""
    candidate.apply(Change(remove=change.remove))
    candidate.load(change.add)


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


def candidate_of(store: Store) -> Embedded:
    """A memory copy of any store, to try a change on."""
    if isinstance(store, Embedded):
        return store.copy()
    copy = open_memory()
    for name in [None, *store.graph_names()]:
        graph = DefaultGraph() if name is None else name
        copy.load(Quad(t.subject, t.predicate, t.object, graph) for t in store.graph(name))
    return copy


def _joined(contents: Iterable[Graphs]) -> dict[NamedNode, set[Triple]]:
    return {name: triples for graphs in contents for name, triples in graphs.items()}


def _identity(violation: Violated) -> tuple[str, str, str]:
    return str(violation.focus), str(violation.shape), str(violation.value)


def _blamed(
    violations: Iterable[Violated], admitted: Mapping[str, Graphs], known: set[tuple[str, str, str]]
) -> dict[str, list[Violated]]:
    """Which admitted source each violation is held against: the one that states it, else those that speak of its focus."""
    blamed: dict[str, list[Violated]] = {}
    elsewhere = []
    for violation in violations:
        if violation.source is not None and violation.source in admitted:
            blamed.setdefault(violation.source, []).append(violation)
        elif _identity(violation) not in known:
            elsewhere.append(violation)
    # A newcomer can make an older source fail, for instance by bearing the same code. Looked at when nothing else is left:
    # most such failures go away with the source that is to blame directly.
    for violation in elsewhere if not blamed else ():
        for key, graphs in admitted.items():
            if any(violation.focus in (t.subject, t.object) for triples in graphs.values() for t in triples):
                blamed.setdefault(key, []).append(violation)
    return blamed


def _told(key: str, violations: Sequence[Violated], fallen: Sequence[str]) -> list[Problem]:
    after_vi = f" (sau khi nguồn {', '.join(fallen)} bị loại)" if fallen else ""
    after_en = f" (after {', '.join(fallen)} was refused)" if fallen else ""
    told = []
    for violation in violations[:SAID_PER_SOURCE]:
        about = _short(violation.focus) + (f", {_short(violation.path)}" if violation.path is not None else "")
        told.append(
            Problem(
                key,
                f"{key}: {about}: {violation.message_vi}{after_vi}",
                f"{key}: {about}: {violation.message_en}{after_en}",
            )
        )
    rest = len(violations) - len(told)
    if rest > 0:
        told.append(Problem(key, f"{key}: còn {rest} lỗi nữa.", f"{key}: {rest} more violations."))
    return told


def _short(term: object) -> str:
    if isinstance(term, NamedNode):
        return term.value.partition("/id/")[2] or term.value.replace("https://w3id.org/chiso/ns#", "chiso:")
    return term.value if isinstance(term, Literal) else str(term)


def _parts(quads: Sequence[Quad]) -> Iterable[list[Quad]]:
    rest = iter(quads)
    while part := list(islice(rest, REQUEST_QUADS)):
        yield part
