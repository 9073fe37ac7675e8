"""Search at a million labels: how long the index takes to make, and how long an answer takes.

    python -m benchmarks.search [--labels 1000000] [--rounds 200]

The labels are synthetic: indicators of 400 sets, in a namespace that says so, with codes, levels, groups, lead units,
validity and marks, so that every facet counts something. Every word of a name is common, which is harder than real
names are. Each question is another one, asked in the measuring process, without HTTP: half a name without marks, a
whole name, a name with two letters swapped, a code; a page of results with all facets; the same narrowed by two filters;
suggestions letter by letter. Targets: index under 60 s, median of search under 40 ms, suggestions under 50 ms.
"""

import argparse
import gc
import random
import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from benchmarks.crowd import p99
from benchmarks.reconcile import BASE, spoilt, synthetic_names
from catalogue.folding import fold
from catalogue.iri import CODES, VOCABULARY, node
from catalogue.search import documents
from catalogue.search.filters import Filters
from catalogue.search.index import open_index
from catalogue.store.embedded import open_disk, open_read_only
from catalogue.store.remembering import Remembering

FOLDER = Path(__file__).parent / "data" / "search"
SETS = 400
TODAY = date(2026, 3, 2)
_DAY = NamedNode("http://www.w3.org/2001/XMLSchema#date")
_MARKS = ("confirmed", "inferred", "unverified")


def _thing(kind: str, key: object) -> NamedNode:
    return NamedNode(f"{BASE}id/{kind}/{key}")


def _statements(names: list[str]) -> Iterator[tuple[NamedNode, NamedNode, NamedNode | Literal, NamedNode]]:
    graphs = [NamedNode(f"{BASE}graph/synthetic-{mark}.{mark}") for mark in _MARKS]
    kind, label, verification = node("rdf:type"), node("skos:prefLabel"), node("chiso:verification")
    for number, (graph, mark) in enumerate(zip(graphs, _MARKS, strict=True)):
        source = _thing("source", f"synthetic-{number}")
        yield graph, node("dct:source"), source, graph
        yield graph, verification, NamedNode(f"{CODES}verification/{mark}"), graph
        yield source, node("dct:publisher"), Literal(f"Bên phát hành tổng hợp {number}"), graph
    for number in range(SETS):
        whole, unit, duty = (
            _thing(one, f"synthetic-{number}") for one in ("indicator-set", "agency", "responsibility")
        )
        yield whole, kind, NamedNode(VOCABULARY + "IndicatorSet"), graphs[0]
        yield whole, label, Literal(f"Bộ tổng hợp {number}", language="vi"), graphs[0]
        yield unit, kind, node("cv:PublicOrganisation"), graphs[0]
        yield unit, label, Literal(f"Đơn vị tổng hợp {number}", language="vi"), graphs[0]
        yield duty, node("cv:role"), NamedNode(CODES + "role/chu-tri"), graphs[0]
        yield duty, node("cv:hasParticipant"), unit, graphs[0]
        yield duty, node("chiso:for"), whole, graphs[0]
    levels = [NamedNode(f"{CODES}level/{one}") for one in ("quoc-gia", "tinh", "huyen", "xa")]
    for number, name in enumerate(names):
        thing, graph = _thing("indicator", f"synthetic.{number}"), graphs[number % 3]
        yield thing, kind, NamedNode(VOCABULARY + "Indicator"), graph
        yield thing, label, Literal(name, language="vi"), graph
        yield thing, node("skos:notation"), Literal(f"SYN{number}"), graph
        yield thing, node("skos:inScheme"), _thing("indicator-set", f"synthetic-{number % SETS}"), graph
        yield thing, node("chiso:level"), levels[number % 4], graph
        if number % 10 == 0:
            yield thing, node("chiso:validTo"), Literal("2025-07-01", datatype=_DAY), graph


def made(names: list[str]) -> Path:
    """A compact store that holds one indicator for each name, published statements and their graphs."""
    place = FOLDER / str(len(names))
    if not (place / "compact").exists():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        store = open_disk(place / "store")
        store.load(
            Quad(subject, predicate, value, graph)
            for subject, predicate, value, source in _statements(names)
            for graph in (source, DefaultGraph())
        )
        store.optimize()  # as a first build leaves what it publishes
        store.close()
        (place / "compact").touch()
    return place


def _timed(asked: list[Callable[[], object]]) -> list[float]:
    times = []
    for ask in asked:
        began = time.perf_counter()
        ask()
        times.append((time.perf_counter() - began) * 1000)
    return times


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--labels", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=200)
    given = parser.parse_args()
    names = synthetic_names(given.labels)
    place = made(names)
    store = Remembering(open_read_only(place / "store"))
    shutil.rmtree(place / "search", ignore_errors=True)
    gc.disable()  # as the process does that makes the index
    began, worked = time.perf_counter(), time.process_time()
    documents.build(store, place / "search" / "index")
    gc.enable()
    took, cpu = time.perf_counter() - began, time.process_time() - worked
    print(f"index of {given.labels:,} labels: {took:.1f} s, of which cpu {cpu:.1f} s (target 60)\n", flush=True)
    index = open_index(place / "search" / "index", store)
    chance = random.Random(7)
    order = iter(chance.sample(range(len(names)), min(len(names), given.rounds * 12)))

    def some(change: Callable[[str], str]) -> list[str]:
        return [change(names[next(order)]) for _ in range(given.rounds)]

    def half(name: str) -> str:
        return fold(" ".join(name.split()[: chance.randrange(3, 7)]))

    texts = {
        "half a name, without marks": some(half),
        "a whole name": some(lambda name: name),
        "two letters swapped": some(lambda name: spoilt(name, 2, chance)),
        "a code": [f"SYN{next(order)}" for _ in range(given.rounds)],
        "two common words": ["ty le ho ngheo", "so doanh nghiep", "tong dien tich rung", "von dau tu"] * 5,
    }
    narrow = Filters(kind="indicator", verification="confirmed", validity="current")
    print("| what | questions | median ms | p99 ms | target ms |")
    print("|---|---:|---:|---:|---:|")

    def row(what: str, asked: list[Callable[[], object]], target: int) -> None:
        times = _timed(asked)
        print(f"| {what} | {len(times)} | {statistics.median(times):.1f} | {p99(times):.1f} | {target} |", flush=True)

    for what, asked in texts.items():
        row(f"search: {what}", [lambda text=text: index.search(text, as_of=TODAY) for text in asked], 40)  # type: ignore[misc]
    halves = texts["half a name, without marks"]
    row("search, by kind", [lambda text=text: index.by_kind(text, as_of=TODAY) for text in halves], 40)  # type: ignore[misc]
    row("search, three filters", [lambda text=text: index.search(text, narrow, as_of=TODAY) for text in halves], 40)  # type: ignore[misc]
    for letters in (1, 2, 3, 6, 10, 16):
        begun = some(lambda name, letters=letters: name[:letters])  # type: ignore[misc]
        row(f"suggest after {letters} letters", [lambda text=text: index.suggest(text) for text in begun], 50)  # type: ignore[misc]


if __name__ == "__main__":
    main()
