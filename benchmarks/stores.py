"""Synthetic stores on disk, made once per size and kept in `benchmarks/data/`.

What is in them is what a build makes: the vocabulary, the named graphs, and all that publication derives. It is written
in batches, so that ten million triples fit in memory.
"""

import gc
import hashlib
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pyoxigraph import Quad

from benchmarks import derivation, questions, statements, synthetic
from catalogue import sources
from catalogue.shipped import GRAPH, ONTOLOGY
from catalogue.store.embedded import Embedded, open_disk, open_memory
from catalogue.store.folder import Folder

HOME = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Made:
    """A synthetic store: its folder, what to ask of it, how many triples were authored, how many quads there are, and
    how many seconds it took to make it."""

    data: Path
    asked: questions.Asked
    asked_file: Path
    triples: int
    quads: int
    seconds: float

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
    asked.write(data / "asked.json")
    return Made(data, asked, data / "asked.json", found["triples"], found["quads"], found["seconds"])


def _make(data: Path, triples: int, counts: Path, fingerprint: str) -> None:
    began = time.perf_counter()
    print(f"making a store of {triples:,} triples in {data} …", flush=True)
    folder = Folder(data)
    store = open_disk(folder.store)
    authored = fill(store, triples)
    store.optimize()
    quads = len(store.engine)
    folder.publish(store, "synthetic")
    store.close()
    folder.mark_finished(statements.BASE)
    told = {"generator": fingerprint, "triples": authored, "quads": quads, "seconds": time.perf_counter() - began}
    counts.write_text(json.dumps(told))
    print(f"  {quads:,} quads in {told['seconds']:.0f} s", flush=True)


def fill(store: Embedded, triples: int) -> int:
    """Load synthetic data of about `triples` triples with all that is derived; the number of triples authored."""
    vocabulary = [quad for provider in _vocabulary() for quad in provider.quads(statements.BASE)]
    deriving = derivation.Derivation(vocabulary, statements.BASE)
    authored = 0

    def quads() -> Iterator[Quad]:
        nonlocal authored
        for part in chain([vocabulary], synthetic.parts(triples)):
            authored += len(part)
            yield from deriving.part(part)
        yield from deriving.rest()

    with _without_collector():
        store.load(quads())
    return authored


@contextmanager
def _without_collector() -> Iterator[None]:
    """Millions of living terms, none of them in a cycle: looking through them again and again took a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _vocabulary() -> list[sources.Provider]:
    found, _ = sources.scan(GRAPH, ONTOLOGY)
    return [provider for provider in found if provider.key == sources.VOCABULARY_KEY]


def _fingerprint() -> str:
    """Changes whenever a store would come out otherwise: the digest of what the smallest one says of synthetic things.

    What the vocabulary says in words may be older in a store that is kept: it does not change what is measured.
    """
    smallest = open_memory()
    fill(smallest, 0)
    said = sorted(str(quad) for quad in smallest.engine if str(quad.subject).startswith(f"<{statements.BASE}"))
    return hashlib.sha256("\n".join(said).encode()).hexdigest()
