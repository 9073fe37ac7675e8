"""The measurements as a Markdown table, each beside its target."""

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.questions import NAMES, TITLES

TARGETS = {"responsibility": 4.0, "lineage": 4.0, "resolve": 4.0, "portfolio": 10.0, "impact": 60.0}
"""Milliseconds that the median may take at one million triples."""

FIRST_THREE = ("responsibility", "lineage", "resolve")


def lines(results: Mapping[str, Any]) -> Iterator[str]:
    """The whole report."""
    sizes: Mapping[str, Any] = results["sizes"]
    for size, found in sizes.items():
        yield from _questions(size, found)
    if "1" in sizes and "10" in sizes:
        yield from _growth(sizes["1"], sizes["10"])
    yield from _starts(results)


def _questions(size: str, found: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield f"### {size} million triples ({found['triples']:,} as authored; {found['quads']:,} quads with all that is derived)"
    yield ""
    yield "| Question over HTTP | median ms | p99 ms | target ms | × bare route | aim | rdflib in memory ÷ ours |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for name in NAMES:
        one = found["http"][name]
        target = f"{TARGETS[name]:g}" if size == "1" else ""
        aim = "5" if name in FIRST_THREE else ""
        ratio = one["median"] / one["bare_median"]
        rdflib = _rdflib(found.get("engines"), name)
        yield f"| {TITLES[name]} ({one['bytes']:,} bytes) | {one['median']:.2f} | {one['p99']:.2f} | {target} | {ratio:.1f} | {aim} | {rdflib} |"
    limit = ", target 400 MB" if size == "1" else ""
    yield ""
    yield f"Server memory: {found['memory']['resident']:.0f} MB resident, of it {found['memory']['own']:.0f} MB its own{limit}. Opening the store: {found['opening']:.0f} ms."


def _rdflib(engines: Mapping[str, Any] | None, name: str) -> str:
    if engines is None:
        return "not asked"
    ours, theirs = engines["chiso"][name], engines["rdflib"][name]
    if ours is None:
        return "—"
    return "no answer in time" if theirs is None else f"{theirs / ours:,.0f} ×"


def _growth(one: Mapping[str, Any], ten: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield "### From 1 to 10 million"
    yield ""
    yield "| Question | median at 10 M ÷ at 1 M | target |"
    yield "|---|---:|---:|"
    for name in NAMES:
        ratio = ten["http"][name]["median"] / one["http"][name]["median"]
        yield f"| {TITLES[name]} | {ratio:.2f} | {'2' if name in FIRST_THREE else ''} |"


def _starts(results: Mapping[str, Any]) -> Iterator[str]:
    if "starts" not in results:
        return
    starts = results["starts"]
    yield ""
    yield "### Starting (the real graph)"
    yield ""
    yield "| | seconds | target |"
    yield "|---|---:|---:|"
    yield f"| `chiso serve` on an empty directory | {starts['cold']:.1f} | |"
    yield f"| `chiso serve` again | {starts['second']:.2f} | 3 |"
