"""Comparison: what is to be loaded anew, what is as it was, what was refused before, and what was changed locally."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from catalogue import manifest
from catalogue.errors import CatalogueError
from catalogue.intake import grounds_of_verdict
from catalogue.rdf import canonical
from catalogue.sources import Files, Problem, Provider, content
from catalogue.stage import Graphs, Stage

LOADER = "loader:"
"""Before the digest of a source that a loader gave: unlike a file, it is not missed when nobody passes it in."""


@dataclass(slots=True)
class Work:
    """What is to be done: new contents by source, what is left alone, and why.

    `shipped`: the digests of all shipped sources, whatever becomes of them; None where only what a user brings is loaded.
    """

    incoming: dict[str, Graphs] = field(default_factory=dict)
    digests: dict[str, str | None] = field(default_factory=dict)
    shipped: dict[str, str] | None = None
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    rejected: list[Problem] = field(default_factory=list)
    conflicts: list[Problem] = field(default_factory=list)


def compare(
    stage: Stage,
    entries: Mapping[str, manifest.Entry],
    records: Mapping[NamedNode, manifest.Held],
    providers: Iterable[Provider],
    problems: Iterable[Problem],
    base: str,
) -> Work:
    """Which shipped sources changed, by the digests of their bytes; only those are read."""
    work = Work(rejected=list(problems))
    seen = {problem.source for problem in work.rejected}
    broken_off = manifest.unfinished(stage.records, base)
    given: list[tuple[Provider, str]] = []
    for provider in providers:
        seen.add(provider.key)
        try:
            given.append((provider, _digest_of(provider)))
        except CatalogueError as error:
            work.rejected.append(Problem.of(provider.key, error))
    work.shipped = {provider.key: digest for provider, digest in given}
    remembered = _refused_before(stage, records, work.shipped, base)
    for provider, digest in given:
        key = provider.key
        entry = entries.get(key)
        if entry is not None and entry.files == digest:
            work.unchanged.append(key)
            continue
        if key in remembered:
            work.rejected.extend(remembered[key])
            continue
        try:
            graphs = content(provider, base)
        except CatalogueError as error:
            work.rejected.append(Problem.of(key, error))
            continue
        if not stage.fresh:
            graphs = {name: canonical(triples) for name, triples in graphs.items()}
        if key not in broken_off and _changed_locally(stage, entry, graphs):
            work.conflicts.append(_conflict(key))
            continue
        for name in entry.graphs if entry else ():
            graphs.setdefault(name, set())
        work.incoming[key], work.digests[key] = graphs, digest
    for key, entry in entries.items():
        if key in seen or entry.files is None or entry.files.startswith(LOADER):
            continue
        if _stored(stage, entry.graphs) != entry.content:
            work.conflicts.append(_conflict(key))
        else:
            work.incoming[key] = {name: set() for name in entry.graphs}
            work.removed.append(key)
    return work


def _refused_before(
    stage: Stage, records: Mapping[NamedNode, manifest.Held], digests: Mapping[str, str], base: str
) -> dict[str, list[Problem]]:
    """The problems of the sources that the last check refused, as long as nothing changed that it depended on."""
    last = manifest.rejected(stage.records, base)
    found: dict[str, list[Problem]] = {}
    if last.sentences and last.under == grounds_of_verdict(digests, records):
        for source, vi, en in last.sentences:
            found.setdefault(source, []).append(Problem(source, vi, en))
    return found


def _digest_of(provider: Provider) -> str:
    digest = provider.digest()
    return digest if isinstance(provider, Files) else LOADER + digest


def _changed_locally(stage: Stage, entry: manifest.Entry | None, graphs: Graphs) -> bool:
    """Whether the store holds something else in these graphs than what was loaded from the shipped source."""
    if entry is not None and entry.shipped:
        return _stored(stage, entry.graphs) != entry.content
    # Never loaded from here: what lies there is a load that broke off, or somebody's own.
    return any(not canonical(stage.source(name)) <= triples for name, triples in graphs.items())


def _stored(stage: Stage, graphs: Iterable[NamedNode]) -> str:
    return manifest.content_digest({name: canonical(stage.source(name)) for name in graphs})


def _conflict(key: str) -> Problem:
    return Problem(
        key,
        f"Nguồn {key}: bản đi kèm đã thay đổi, nhưng nội dung trong kho đã được sửa tại chỗ; kho giữ nguyên. Để lấy bản đi kèm, hãy chạy chiso load với các tệp của nguồn này.",
        f"Source {key}: the shipped version changed, but its content in the store was changed locally; the store keeps its own. To take the shipped version, run chiso load with the files of this source.",
    )


def set_aside_the_unchanged(stage: Stage, entries: Mapping[str, manifest.Entry], work: Work) -> None:
    """What a user brings that the store holds already, word for word, needs no checking and no new state."""
    for key, graphs in list(work.incoming.items()):
        entry, given = entries.get(key), {name: triples for name, triples in graphs.items() if triples}
        if entry is None or set(entry.graphs) != given.keys() or work.digests.get(key) not in (None, entry.files):
            continue
        if entry.content == manifest.content_digest(given) == _stored(stage, entry.graphs):
            del work.incoming[key]
            work.unchanged.append(key)
