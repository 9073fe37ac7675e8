"""The pages: what the server takes for one, what a browser fetches for it, and when the first of it is seen.

    python -m benchmarks.pages [--size 1] [--rounds 5]

Server: every thing once, of a server that was never asked about it (first touch), then again. Browser: Chromium with an
empty cache and a processor that is slowed down four times; bytes are those that came over the wire.
"""

import argparse
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks import stores
from benchmarks.browsers import slowed
from benchmarks.http_client import Times, Visitor
from benchmarks.over_http import RUN_IN, serving
from benchmarks.questions import Asked
from catalogue.settings import DEFAULT_BASE

SERVER_TARGET, BYTES_TARGET, PAINT_TARGET = 15.0, 100.0, 1000.0
"""Milliseconds of the median; kB (1,000 bytes) over the wire; milliseconds to the first contentful paint."""

REAL = {
    "home": "/",
    "indicator set": "/doc/indicator-set/hanoi-chi-dao",
    "indicator": "/doc/indicator/tinh-2023.0501",
    "decision": "/doc/decision/ttg.quyet-dinh.2024-09-20.1012-qd-ttg",
    "agency": "/doc/agency/hanoi.so-khcn.2025-03-01",
    "search": "/search?q=chuyen+doi+so",
    "lineage": "/lineage?of=indicator-set:hanoi-chi-dao",
}
"""Pages over the graph that ships with the package, where there is a data folder of it (`--real`)."""


@dataclass(frozen=True, slots=True)
class Kind:
    """The pages of one kind in the synthetic store: first touch and warm."""

    cold: Times
    warm: Times


def paths(asked: Asked, kind: str) -> list[str]:
    """The addresses of the pages of the things of a kind that the store is asked about."""
    found = dict.fromkeys(
        urlsplit(thing).path.replace("/id/", "/doc/", 1) + ".html"
        for things in asked.things.values()
        for thing in things
        if f"/id/{kind}/" in thing
    )
    return list(found)


def timed(visitor: Visitor, addresses: list[str]) -> Times:
    """How long the pages took, each asked once."""
    began = visitor.worked()
    took = [visitor.time(address) for address in addresses]
    return Times.of(took, visitor.worked() - began)


def on_the_server(visitor: Visitor, asked: Asked) -> dict[str, Kind]:
    """Home, then every kind of thing there is enough of."""
    found = {}
    for kind in ("indicator", "agency", "decision", "task"):
        addresses = paths(asked, kind)
        if len(addresses) < 10:
            continue
        visitor.connect()
        for address in addresses[:RUN_IN]:  # templates and queries are read once
            visitor.get(address)
        found[kind] = Kind(timed(visitor, addresses[RUN_IN:]), timed(visitor, addresses[RUN_IN:]))
    visitor.connect()
    visitor.get("/")
    home = timed(visitor, ["/"] * 100)
    return {"home": Kind(home, home), **found}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="1")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--real", type=Path, help="a data folder that `chiso serve` made, for the second table too")
    given = parser.parse_args()
    made = stores.synthetic_store(given.size)
    shown: dict[str, Any] = {}
    with serving("--data", str(made.data), "--base", made.asked.base) as visitor:
        kinds = on_the_server(visitor, made.asked)
        first = {kind: paths(made.asked, kind)[0] for kind in kinds if kind != "home"}
        shown = slowed(f"http://127.0.0.1:{visitor.port}", {"home": "/", **first}, given.rounds)
    print(f"\n### Pages at {given.size} million triples (target: {SERVER_TARGET:.0f} ms at the median)\n")
    print("| page | first touch: median | p99 | server cpu | again: median | p99 |\n|---|---:|---:|---:|---:|---:|")
    for name, kind in kinds.items():
        cold, warm = kind.cold, kind.warm
        print(
            f"| {name} ({cold.count}) | {cold.median:.1f} ms | {cold.p99:.1f} | {cold.cpu:.1f} | {warm.median:.1f} | {warm.p99:.1f} |"
        )
    _print_shown("in Chromium, processor slowed four times", shown)
    if given.real:
        with serving("--data", str(given.real), "--base", DEFAULT_BASE) as visitor:
            _print_shown("the real graph, likewise", slowed(f"http://127.0.0.1:{visitor.port}", REAL, given.rounds))


def _print_shown(title: str, shown: dict[str, Any]) -> None:
    print(f"\n### Pages {title} (targets: {BYTES_TARGET:.0f} kB, {PAINT_TARGET:.0f} ms)\n")
    print("| page | over the wire | requests | first contentful paint, median | slowest |\n|---|---:|---:|---:|---:|")
    for name, views in shown.items():
        paints = [view.paint for view in views]
        print(
            f"| {name} | {views[0].bytes / 1000:.1f} kB | {views[0].requests} | {statistics.median(paints):.0f} ms | {max(paints):.0f} |"
        )


if __name__ == "__main__":
    main()
