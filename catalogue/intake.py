"""Admission: sources are tried out on a stage, checked, and refused wholly or admitted wholly."""

import hashlib
import importlib.metadata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from pyoxigraph import Literal, NamedNode, Triple

from catalogue import publication
from catalogue.graphs import is_internal, key_of
from catalogue.manifest import Entry, Held, held
from catalogue.rdf import canonical
from catalogue.shipped import SHAPES
from catalogue.sources import Problem
from catalogue.stage import Graphs, Stage
from catalogue.store.port import Change, Store

SAID_PER_SOURCE = 20
"""Violations told per source; the rest is counted."""


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
    """A validation of a store: `graphs` says which source each named graph belongs to, `nodes` what is to be checked
    (None: everything)."""

    def __call__(
        self, store: Store, *, graphs: Mapping[NamedNode, str], nodes: Collection[Any] | None = None
    ) -> Sequence[Violated]: ...


class Changed(Protocol):
    """Which nodes are to be checked again after a change that was carried out on a store; None: all of them."""

    def __call__(self, store: Store, change: Change, base: str) -> Collection[Any] | None: ...


@dataclass(frozen=True, slots=True)
class Judge:
    """A validation, and how to tell what a change can have broken; without that, everything is checked each time."""

    check: Check
    changed: Changed | None = None


def shipped_judge() -> Judge:
    """The shipped shapes."""
    from catalogue import validation  # the shapes are read only when something is to be checked

    return Judge(validation.check, validation.changed_nodes)


@dataclass(slots=True)
class Admission:
    """What came of it: the sources admitted with their content, the problems of the others and the violations behind
    them, and how many warnings there are."""

    admitted: dict[str, Graphs]
    rejected: list[Problem] = field(default_factory=list)
    violations: list[Violated] = field(default_factory=list)
    warnings: int = 0


def admit(
    stage: Stage,
    incoming: Mapping[str, Graphs],
    owners: Mapping[NamedNode, str],
    judge: Judge,
    base: str,
    *,
    before: Graphs | None = None,
) -> Admission:
    """Rehearse `incoming` on `stage`, and take out again every source that violates a shape, until nothing does.

    `owners` says which source each graph belongs to that is there already; `before` what these graphs hold, where the
    caller has read it. Afterwards the stage holds exactly what was
    admitted. Internal graphs are admitted as they are: nothing is derived from them, and no shape looks at them.
    """
    graphs_of = {name: key for key, graphs in incoming.items() for name in graphs}
    known: set[tuple[str, str, str]] | None = None
    tried, nodes = _rehearsed(stage, _joined(incoming.values()), judge, base, old=before)
    admission = Admission(dict(incoming))
    fallen: list[str] = []
    while True:
        found = list(judge.check(stage.tried, graphs={**owners, **graphs_of}, nodes=nodes))
        grave = [v for v in found if v.severity == "Violation"]
        if known is None and any(v.source not in admission.admitted for v in grave):
            seen = stage.before()
            known = {_identity(v) for v in judge.check(seen, graphs=owners, nodes=nodes)} if seen is not None else None
        blamed = _blamed(grave, admission.admitted, known or set())
        if not blamed:
            admission.warnings = len(found) - len(grave)
            return admission
        for key, violations in sorted(blamed.items()):
            admission.rejected.extend(_told(key, violations, fallen))
            admission.violations.extend(violations)
        names = [name for key in blamed for name in admission.admitted[key]]
        back = {name: set() if stage.fresh else set(stage.source(name)) for name in names}
        _, more = _rehearsed(stage, back, judge, base, undoing=tried)
        nodes = None if nodes is None or more is None else frozenset(nodes) | frozenset(more)
        for key in blamed:
            del admission.admitted[key]
        fallen.extend(sorted(blamed))


def _rehearsed(
    stage: Stage,
    replaced: Graphs,
    judge: Judge,
    base: str,
    *,
    undoing: Change | None = None,
    old: Graphs | None = None,
) -> tuple[Change, Collection[Any] | None]:
    """Rehearse the replacement of graphs: the change, and what is to be checked afterwards (None: everything)."""
    public = {name: triples for name, triples in replaced.items() if not is_internal(name.value, base)}
    change = publication.plan(stage.tried, public, base, undoing=undoing, old=old)
    stage.rehearse(change)
    return change, None if stage.fresh or judge.changed is None else judge.changed(stage.tried, change, base)


def owners(entries: Mapping[str, Entry], records: Mapping[NamedNode, Held], base: str) -> dict[NamedNode, str]:
    """Which source each graph belongs to: the one that it was loaded from, else the one that its name tells."""
    named = {name: key_of(name, base) for name in records}
    return named | {name: key for key, entry in entries.items() for name in entry.graphs}


def content(stage: Stage, graphs: Graphs, base: str) -> dict[NamedNode, set[Triple]]:
    """What admitted graphs hold, as the engine gives it back."""
    return {
        name: canonical(triples) if is_internal(name.value, base) else set(stage.tried.graph(name))
        for name, triples in graphs.items()
    }


def updated(records: Mapping[NamedNode, Held], graphs: Graphs) -> dict[NamedNode, Held]:
    """The records after `graphs` were replaced; a graph that holds nothing does not exist."""
    after = dict(records)
    for name, triples in graphs.items():
        after.pop(name, None)
        if triples:
            after[name] = held(name, triples)
    return after


def grounds_of_verdict(digests: Mapping[str, str], records: Mapping[NamedNode, Held]) -> str:
    """A digest of all that a refusal depends on: the shipped sources, what the store holds, the shapes, this program."""
    found = hashlib.sha256(importlib.metadata.version("chiso").encode())
    for path in sorted(SHAPES.glob("*.ttl")):
        found.update(path.read_bytes())
    for key, digest in sorted(digests.items()):
        found.update(f"\n{key} {digest}".encode())
    for name, record in sorted(records.items(), key=lambda one: one[0].value):
        found.update(f"\n{name.value} {record.digest}".encode())
    return found.hexdigest()


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
