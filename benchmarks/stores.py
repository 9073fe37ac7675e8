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
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from benchmarks import derivation, questions, statements, synthetic
from catalogue import manifest, publication, sources
from catalogue.graphs import made_here
from catalogue.settings import Settings
from catalogue.shipped import GRAPH, ONTOLOGY
from catalogue.store.authority import Authority
from catalogue.store.embedded import Embedded, open_memory
from catalogue.store.folder import FORMAT, Folder, StateRecord

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
    settings = Settings(data=data, base_iri=statements.BASE)
    authority = Authority(Folder(data), settings)
    authored = fill(authority.public, triples)
    quads = len(authority.public.engine)
    records = _records(authority)
    manifested = [
        *(quad for name, held in records.items() for quad in manifest.record_quads(name, held, statements.BASE)),
        manifest.derivation_quad(publication.DERIVATION, statements.BASE),
    ]
    with _without_collector():
        authority.fill(chain(_authored(authority), manifested))
    now = datetime.now(UTC)
    digest = manifest.digest(records, statements.BASE)
    made = StateRecord("synthetic", now.isoformat(), digest, manifest.statements(records, statements.BASE), None)
    authority.publish_whole(made, "synthetic.0")
    authority.close()
    authority.folder.mark_finished(statements.BASE)
    told = {"generator": fingerprint, "triples": authored, "quads": quads, "seconds": time.perf_counter() - began}
    counts.write_text(json.dumps(told))
    print(f"  {quads:,} quads in {told['seconds']:.0f} s", flush=True)


def _authored(authority: Authority) -> Iterator[Quad]:
    """What the public store holds that is not made by the catalogue: what the authority is filled with."""
    hidden = made_here(statements.BASE)
    for name in authority.public.graph_names():
        if name not in hidden:
            yield from (Quad(t.subject, t.predicate, t.object, name) for t in authority.public.graph(name))


def _records(authority: Authority) -> dict[NamedNode, manifest.Held]:
    hidden = made_here(statements.BASE)
    names = [name for name in authority.public.graph_names() if name not in hidden]
    return {name: manifest.held(name, authority.public.graph(name)) for name in names}


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
    return hashlib.sha256("\n".join([f"format {FORMAT}", *said]).encode()).hexdigest()
