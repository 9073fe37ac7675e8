"""Publishing a change of one source of some 10,000 triples, with readers asking all the time.

    python -m benchmarks.publishing [--size 1,10] [--rounds 5]

First over HTTP: a PUT of the changed graph, until it is answered and the new state is served; readers ask planners'
questions and look for a mix of old and new. Then the same change by the writer in this process, split into its parts.
Target: under 2 s at 10 million. The graph is put back in the end, so the store may be used again.
"""

import argparse
import functools
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyoxigraph
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from benchmarks import stores
from benchmarks.crowd import Crowd, Ledger, Request, Visitor, p99, sparql
from benchmarks.over_http import serving
from benchmarks.runaway import planners
from catalogue import intake, publication, rdf
from catalogue.permission import Tokens
from catalogue.settings import Settings
from catalogue.store.authority import Authority
from catalogue.store.folder import Folder
from catalogue.store.journal import Journal
from catalogue.writing import Writer

TARGET = 2.0
WANTED = 10_000
"""Triples of the graph that is changed; the synthetic graph that comes closest is taken."""

_MARK = " (bản {})"
_DECIMAL = "http://www.w3.org/2001/XMLSchema#decimal"


def chosen(published: Path) -> tuple[NamedNode, list[Triple]]:
    """The source graph whose size comes closest to `WANTED`, and what it says."""
    engine = pyoxigraph.Store.read_only(str(published))
    sizes = {}
    for graph in engine.named_graphs():
        if (
            isinstance(graph, NamedNode)
            and "/graph/" in graph.value
            and not graph.value.endswith(("/derived", "/withdrawn"))
        ):
            sizes[graph] = sum(1 for _ in engine.quads_for_pattern(None, None, None, graph))
    name = min(sizes, key=lambda graph: abs(sizes[graph] - WANTED))
    return name, [quad.triple for quad in engine.quads_for_pattern(None, None, None, name)]


def version(triples: Sequence[Triple], number: int) -> list[Triple]:
    """The same graph in which every figure is larger by `number`, and every text in Vietnamese says its version."""

    def changed(value: Any) -> Any:
        if not isinstance(value, Literal):
            return value
        if value.language == "vi":
            return Literal(value.value + _MARK.format(number), language="vi")
        if value.datatype.value == _DECIMAL:
            return Literal(str(Decimal(value.value) + number), datatype=value.datatype)
        return value

    return [Triple(t.subject, t.predicate, changed(t.object)) for t in triples]


def total(triples: Sequence[Triple]) -> Decimal:
    """The sum of all figures: different for each version, and for a mix of two."""
    return sum(
        (
            Decimal(t.object.value)
            for t in triples
            if isinstance(t.object, Literal) and t.object.datatype.value == _DECIMAL
        ),
        Decimal(0),
    )


def mixes(known: Sequence[Decimal], ledger: Ledger) -> Callable[[int, bytes], None]:
    """What notes an answer whose sum is that of no version."""

    def look(status: int, body: bytes) -> None:
        if status == 200 and not any(
            abs(Decimal(body.decode().splitlines()[1]) - one) < Decimal("0.001") for one in known
        ):
            ledger.note("mix", 500, 0)

    return look


def over_http(made: stores.Made, rounds: int) -> None:
    """Change the graph by PUT while others read."""
    name, triples = chosen(made.published)
    changed = len(set(version(triples, 1)) - set(triples))
    known = [total(version(triples, number)) for number in range(4)]
    secret, _ = Tokens(made.data).create("benchmark", ("write",), ("*",), lifetime=timedelta(hours=2))
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/n-triples"}
    address = "/graphs?graph=" + quote(name.value, safe="")

    def put(content: Sequence[Triple]) -> Request:
        return Request("put", address, "PUT", rdf.serialise(content, RdfFormat.N_TRIPLES), headers)

    check = f"SELECT (SUM(?o) AS ?sum) {{ GRAPH {name} {{ ?s ?p ?o FILTER(DATATYPE(?o) = <{_DECIMAL}>) }} }}"
    readers, writes = Ledger(), Ledger()
    with serving("--data", str(made.data), "--base", made.asked.base) as server:
        writer = Visitor(server.port, writes)
        status, body = writer.ask(put(version(triples, 1)))
        if status not in (201, 204):
            raise SystemExit(f"PUT was answered with {status}: {body[:500].decode()}")
        crowd = Crowd(server.port, readers)
        try:
            crowd.send(planners(made.asked), source="127.0.1.1", pause=0.005)
            look = sparql("look for a mix", check)
            crowd.send(
                [Request(look.kind, look.path, "POST", look.body, {**look.headers, "Accept": "text/csv"})],
                source="127.0.1.2",
                pause=0.05,
                look=mixes(known, readers),
            )
            for number in range(rounds):
                writer.ask(put(version(triples, 2 + number % 2)))
                time.sleep(1)
        finally:
            crowd.stop()
            writer.ask(put(triples))
    took = writes.milliseconds("put")[1:-1]
    print(f"\n{name.value}: {len(triples):,} triples, {changed:,} of them changed")
    print(
        f"PUT until it is served: median {statistics.median(took):,.0f} ms, most {max(took):,.0f} ms (target {TARGET * 1000:,.0f})"
    )
    print(
        f"statuses of the writes: {writes.statuses('put')}; first write with the start of its process: {writes.milliseconds('put')[0]:,.0f} ms"
    )
    print(
        f"readers: {sum(map(len, readers.told.values()))} answers, errors {readers.count(lambda s: s != 200)}, mixes {len(readers.told.get('mix', ()))}"
    )
    print(*readers.lines(), sep="\n")


@contextmanager
def watched(spent: defaultdict[str, list[float]]) -> Iterator[None]:
    """Time the parts of a write. What one part spends inside of another is told in both."""
    places: list[tuple[Any, str, str]] = [
        (publication, "plan", "plan"),
        (intake, "admit", "plan and check"),
        (Journal, "step", "write: candidate"),
        (Authority, "accept", "write: authority, checkpoints, swap"),
        (Folder, "secure", "checkpoint of the authority"),
        (Folder, "publish", "checkpoint of the public store, swap"),
    ]
    from catalogue import writing

    places.append((writing, "admit", "plan and check"))
    kept = [(owner, name, getattr(owner, name)) for owner, name, _ in places]
    for (owner, name, title), (_, _, function) in zip(places, kept, strict=True):

        def timed(*given: Any, _function: Any = function, _title: str = title, **named: Any) -> Any:
            began = time.perf_counter()
            try:
                return _function(*given, **named)
            finally:
                spent[_title].append((time.perf_counter() - began) * 1000)

        setattr(owner, name, functools.wraps(function)(timed))
    try:
        yield
    finally:
        for owner, name, function in kept:
            setattr(owner, name, function)


def in_parts(made: stores.Made, rounds: int) -> None:
    """The same change by the writer itself."""
    name, triples = chosen(made.published)
    spent: defaultdict[str, list[float]] = defaultdict(list)
    writer = Writer(Settings(data=made.data, base_iri=made.asked.base))
    try:
        writer.put(name, version(triples, 1))
        with watched(spent):
            for number in range(rounds):
                before = {title: len(several) for title, several in spent.items()}
                began = time.perf_counter()
                writer.put(name, version(triples, 2 + number % 2))
                spent["whole"].append((time.perf_counter() - began) * 1000)
                for title, several in spent.items():
                    several[before.get(title, 0) :] = [sum(several[before.get(title, 0) :])]
        writer.put(name, triples)
    finally:
        writer.close()
    print("\n| part (inner parts are told in the outer ones too) | median ms | most |\n|---|---:|---:|")
    for title, several in spent.items():
        print(f"| {title} | {statistics.median(several):,.0f} | {p99(several):,.0f} |")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="1,10", help="millions of triples, with commas")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    for size in given.size.split(","):
        made = stores.synthetic_store(size)
        print(f"\n### {size} million triples")
        over_http(made, given.rounds)
        in_parts(made, given.rounds)


if __name__ == "__main__":
    main()
