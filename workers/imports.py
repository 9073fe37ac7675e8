"""Mapping sets into the catalogue: read, planned, and put in the place of the set's graph, wholly or not at all.

Runs where the writer runs: in the writing process of the service, under its limits, or in a command that holds the lock.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from catalogue.errors import Invalid
from catalogue.mapping.exchange import documents, importing
from catalogue.mapping.exchange.documents import Form
from catalogue.mapping.exchange.importing import Options, Plan
from catalogue.mapping.exchange.sssom import MOST_PROBLEMS, Problem
from catalogue.settings import Settings
from catalogue.store.connect import open_reader
from catalogue.store.folder import Folder
from catalogue.writing import Writer, Written, without_collector

Head = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Import:
    """A document of mappings and how it is to be taken: see `importing.Options`. `metadata`: YAML beside a table;
    `dry_run`: everything is checked and nothing written."""

    content: bytes
    form: Form
    place: str
    today: date
    set: str | None = None
    mark: str = "confirmed"
    mode: str = "merge"
    partial: bool = False
    dry_run: bool = False
    metadata: bytes | None = None

    def told(self) -> Head:
        """What stands beside the content, as plain data for another process."""
        told = asdict(self)
        return {**told, "today": self.today.isoformat()} | {"content": None, "metadata": None}

    @classmethod
    def read(cls, told: Head, content: bytes) -> "Import":
        """What `told` told about."""
        return cls(**{**told, "content": content, "today": date.fromisoformat(told["today"])})


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: how it was written (as it is now, where nothing was), and its report as plain data."""

    written: Written
    report: Head


def take(writer: Writer, settings: Settings, given: Import, may_write: Callable[[str], None]) -> Imported:
    """Take mappings in. `may_write` is called with the IRI of the graph, and raises `Forbidden`.

    Raises `Invalid` with `details["refused"]`, the rows with their reasons, where rows are refused and `partial` is not
    asked for, or where the set cannot be read or violates the shapes; `Conflict`, `LimitReached`.
    """
    with without_collector():
        return _taken(writer, settings, given, may_write)


def _taken(writer: Writer, settings: Settings, given: Import, may_write: Callable[[str], None]) -> Imported:
    mapping_set = documents.read(
        given.content, given.form, most=settings.mapping_rows, place=given.place, metadata=given.metadata
    )
    options = Options(settings.base_iri, given.today, given.set, given.mark, given.mode, given.partial)  # type: ignore[arg-type]
    goal = importing.target(mapping_set, options)
    may_write(goal.graph.value)
    store = open_reader(settings)
    try:
        plan = importing.plan(store, writer.graph(goal.graph), mapping_set, options)
    finally:
        store.close()
    if plan.triples is None and plan.refused and not _took_some(plan):
        raise refused(plan, given.place)
    if plan.triples is None:
        written = Written(Folder(settings.data).state() or "", created=False, changed=False)
    else:
        written = writer.put(goal.graph, plan.triples, dry_run=given.dry_run)
    return Imported(written, report(plan, dry_run=given.dry_run, changed=written.changed))


def _took_some(plan: Plan) -> bool:
    return bool(plan.added or plan.updated or plan.unchanged or plan.decided)


def report(plan: Plan, *, dry_run: bool, changed: bool) -> Head:
    """What a plan did, as plain data."""
    return {
        "set": plan.target.node.value,
        "graph": plan.target.graph.value,
        "dryRun": dry_run,
        "changed": changed,
        "rows": plan.rows,
        "added": plan.added,
        "updated": plan.updated,
        "unchanged": plan.unchanged,
        "decided": plan.decided,
        "removed": plan.removed,
        **listed(plan.refused),
    }


def listed(problems: list[Problem]) -> Head:
    """Problems as plain data: how many rows, and the first thousand one by one."""
    return {
        "refusedRows": len({problem.row for problem in problems if problem.row is not None}),
        "problems": len(problems),
        "refused": [asdict(problem) for problem in problems[:MOST_PROBLEMS]],
    }


def refused(plan: Plan, place: str) -> Invalid:
    """The error for a document of which nothing is taken."""
    first = plan.refused[0]
    at_vi = f"dòng {first.row}" if first.row is not None else "đầu tệp"
    at_en = f"row {first.row}" if first.row is not None else "the head of the file"
    return Invalid(
        f"{place}: {len(plan.refused)} lỗi, không có gì được ghi. Lỗi đầu tiên, {at_vi}: {first.vi} Danh sách đầy đủ ở “refused”; nhận riêng các dòng đúng bằng partial (--partial).",
        f"{place}: {len(plan.refused)} problems, nothing was written. The first, {at_en}: {first.en} All of them are listed under “refused”; take the good rows alone by partial (--partial).",
        details={"file": place, "rows": plan.rows, "set": plan.target.node.value, **listed(plan.refused)},
    )
