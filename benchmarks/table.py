"""The measurements as Markdown tables, each figure beside its target."""

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.questions import QUESTIONS, Question

MEMORY = 400
"""Megabytes that the server may hold at one million triples."""


def lines(results: Mapping[str, Any]) -> Iterator[str]:
    """The whole report."""
    sizes: Mapping[str, Any] = results["sizes"]
    yield f"{results['when']}, Python {results['python']}, {results['machine']}; load before {results['load']}"
    for size, found in sizes.items():
        yield from _questions(size, found)
        if "engines" in found:
            yield from _engines(found["engines"])
    if "1" in sizes and "10" in sizes:
        yield from _growth(sizes["1"], sizes["10"])
    yield from _starts(results)


def _questions(size: str, found: Mapping[str, Any]) -> Iterator[str]:
    targets = size == "1"
    yield ""
    yield f"### {size} million triples ({found['triples']:,} authored, {found['quads']:,} quads with all that is derived)"
    yield ""
    yield "| Over HTTP, ms | things | first touch: median | p99 | warm: median | p99 | target | bare route | warm ÷ bare | aim | server cpu: first, warm, bare | bytes |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    for question in QUESTIONS:
        one = found["http"][question.name]
        cold, warm, bare = one["cold"], one["warm"], one["bare"]
        target = f"{question.target:g}" if targets and question.target else ""
        aim = f"{question.aim:g}" if question.aim else ""
        yield (
            f"| {question.title} | {one['things']} | {cold['median']:.2f} | {cold['p99']:.2f} | {warm['median']:.2f} | {warm['p99']:.2f} "
            f"| {target} | {bare['median']:.2f} | {warm['median'] / bare['median']:.1f} | {aim} | {cold['cpu']:.2f}, {warm['cpu']:.2f}, {bare['cpu']:.2f} | {one['bytes']:,} |"
        )
    memory, limit = found["memory"], f" (target {MEMORY} MB)" if targets else ""
    yield ""
    yield (
        f"Server memory after all questions: {memory['resident']:.0f} MB resident{limit}, of it {memory['own']:.0f} MB its own. "
        f"Opening the store: {found['opening']:.0f} ms. Making it: {found['seconds']:.0f} s."
    )


def _engines(engines: Mapping[str, Any]) -> Iterator[str]:
    ours, theirs = engines["chiso"], engines["rdflib"]
    yield ""
    yield "| Without HTTP and without memory, ms | chiso | rdflib in memory | ratio | answers |"
    yield "|---|---:|---:|---:|---|"
    for question in QUESTIONS:
        mine, other = ours[question.name], theirs[question.name]
        both = mine["median"] is not None and other["median"] is not None
        ratio = f"{other['median'] / mine['median']:,.0f} ×" if both else ""
        alike = ("the same" if mine["answers"] == other["answers"] else "DIFFERENT") if both else ""
        yield f"| {question.title} | {_told(mine)} | {_told(other)} | {ratio} | {alike} |"
    yield f"| opening, loading | {_told(ours['load'])} | {_told(theirs['load'])} | | |"


def _told(outcome: Mapping[str, Any]) -> str:
    return str(outcome["trouble"]) if outcome["median"] is None else f"{outcome['median']:,.1f}"


def _growth(one: Mapping[str, Any], ten: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield "### From 1 to 10 million"
    yield ""
    yield "| Median at 10 M ÷ at 1 M | first touch | warm | target |"
    yield "|---|---:|---:|---:|"

    def ratio(question: Question, kind: str) -> str:
        grown, before = (found["http"][question.name][kind]["median"] for found in (ten, one))
        return f"{grown / before:.2f}"

    for question in QUESTIONS:
        target = f"{question.growth:g}" if question.growth else ""
        yield f"| {question.title} | {ratio(question, 'cold')} | {ratio(question, 'warm')} | {target} |"


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
