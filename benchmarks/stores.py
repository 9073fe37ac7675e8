"""Synthetic stores on disk, made once per size and kept in `benchmarks/data/`.

What is in them is what a build makes: the vocabulary, the named graphs, the derived graph (lineage edges, look-up keys,
holdings) and the de-duplicated default graph. It is written in batches, so that ten million triples fit in memory.
"""

import hashlib
import json
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from pyoxigraph import DefaultGraph, Quad, Triple

from benchmarks import questions, statements, synthetic, synthetic_agencies, synthetic_city, synthetic_fixed
from catalogue import holdings, publication, sources
from catalogue.graphs import derived_graph
from catalogue.shipped import GRAPH, ONTOLOGY
from catalogue.store.embedded import Embedded, open_disk
from catalogue.store.folder import Folder

HOME = Path(__file__).parent / "data"
BATCH = 200_000


@dataclass(frozen=True, slots=True)
class Made:
    """A synthetic store: its folder, what to ask of it, how many triples were authored and how many quads there are."""

    data: Path
    questions: questions.Questions
    questions_file: Path
    triples: int
    quads: int

    @property
    def published(self) -> Path:
        """The checkpoint that readers open."""
        folder = Folder(self.data)
        return folder.published / str(folder.state())


def synthetic_store(size: str) -> Made:
    """The store of `size` million triples, made when it is not there or the generator has changed."""
    data = HOME / size
    counts = data / "counts.json"
    fingerprint = _fingerprint()
    if not counts.exists() or json.loads(counts.read_text())["generator"] != fingerprint:
        shutil.rmtree(data, ignore_errors=True)
        _make(data, round(float(size) * 1_000_000), counts, fingerprint)
    found = json.loads(counts.read_text())
    asked = questions.of(round(float(size) * 1_000_000))
    asked.write(data / "questions.json")
    return Made(data, asked, data / "questions.json", found["triples"], found["quads"])


def _make(data: Path, triples: int, counts: Path, fingerprint: str) -> None:
    began = time.perf_counter()
    print(f"making a store of {triples:,} triples in {data} …", flush=True)
    folder = Folder(data)
    store = open_disk(folder.store)
    authored, quads = _fill(store, triples)
    store.optimize()
    folder.publish(store, "synthetic")
    store.close()
    folder.mark_finished(statements.BASE)
    told = {"generator": fingerprint, "triples": authored, "quads": quads, "seconds": time.perf_counter() - began}
    counts.write_text(json.dumps(told))
    print(f"  {quads:,} quads in {told['seconds']:.0f} s", flush=True)


def _fill(store: Embedded, triples: int) -> tuple[int, int]:
    vocabulary = [quad for provider in _vocabulary() for quad in provider.quads(statements.BASE)]
    lineage = publication.Lineage((quad.triple for quad in vocabulary), statements.BASE)
    classes = set(holdings.CLASSES)
    bodies: set[Triple] = set()
    subjects: set[object] = set()
    authored = quads = 0
    for batch in _batches(chain(vocabulary, synthetic.generate(triples))):
        plain = {quad.triple for quad in batch}
        derived = lineage.edges(plain) | publication.keys(plain, statements.BASE)
        subjects |= {t.subject for t in plain if t.predicate == holdings.TYPE and t.object in classes}
        bodies |= {t for t in plain if t.subject in subjects}
        authored += len(batch)
        quads += _load(store, batch, plain, derived)
    derived = holdings.derived(bodies)
    quads += _load(store, [], set(), derived)
    return authored, quads


def _load(store: Embedded, batch: list[Quad], plain: set[Triple], derived: set[Triple]) -> int:
    graph = derived_graph(statements.BASE)
    default = plain | derived
    store.load(
        chain(
            batch,
            (Quad(t.subject, t.predicate, t.object, graph) for t in derived),
            (Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in default),
        )
    )
    return len(batch) + len(derived) + len(default)


def _vocabulary() -> list[sources.Provider]:
    found, _ = sources.scan(GRAPH, ONTOLOGY)
    return [provider for provider in found if provider.key == sources.VOCABULARY_KEY]


def _batches(quads: Iterable[Quad]) -> Iterator[list[Quad]]:
    rest = iter(quads)
    while part := list(islice(rest, BATCH)):
        yield part


def _fingerprint() -> str:
    """Changes whenever a store would come out otherwise."""
    found = hashlib.sha256()
    for module in (synthetic, synthetic_agencies, synthetic_city, synthetic_fixed, statements, publication, holdings):
        found.update(Path(str(module.__file__)).read_bytes())
    for provider in _vocabulary():
        found.update(provider.digest().encode())
    return found.hexdigest()
