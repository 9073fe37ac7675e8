"""The same questions, the same `.rq` files, the same data: our engine and rdflib in memory, without HTTP.

    python -m benchmarks.beside_rdflib --data DIR --questions FILE --engine chiso|rdflib

Prints one JSON line per question as soon as it is known, so that what was slow does not hide what was not.
"""

import argparse
import json
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from types import FrameType

import pyoxigraph

from benchmarks.questions import NAMES, Questions
from benchmarks.rdflib_store import RdflibStore
from catalogue import lineage, portfolio, resolve, responsibility
from catalogue.settings import Settings
from catalogue.store.connect import open_reader
from catalogue.store.folder import Folder
from catalogue.store.port import Store

PATIENCE = 60
"""Seconds that one answer may take before it counts as none."""

REPEATS = {"chiso": 50, "rdflib": 5}


def ask(store: Store, name: str, thing: str, questions: Questions) -> object:
    """Ask one question, as the API does."""
    day = date.fromisoformat(questions.as_of)
    node = pyoxigraph.NamedNode(thing) if name != "resolve" else None
    match name:
        case "responsibility":
            assert node
            return responsibility.of(store, node, as_of=day)
        case "lineage":
            assert node
            return lineage.around(store, node, direction="up", as_of=day)
        case "resolve":
            return resolve.find(store, thing, base=questions.base)
        case "portfolio":
            assert node
            return portfolio.of(store, node, as_of=day)
        case _:
            assert node
            return lineage.around(store, node, direction="down", as_of=day)


def times(data: Path, questions: Path, engine: str, patience: float) -> dict[str, float | None]:
    """Question → median milliseconds, None where no answer came in time. Runs in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.beside_rdflib", "--data", str(data), "--questions", str(questions)]
    found: dict[str, float | None] = dict.fromkeys((*NAMES, "load"))
    process = subprocess.Popen([*command, "--engine", engine], stdout=subprocess.PIPE, text=True)
    signal.signal(signal.SIGALRM, lambda _signal, _frame: process.kill())
    signal.alarm(int(patience))
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            found |= json.loads(line)
    signal.alarm(0)
    process.wait()
    return found


class _TooSlow(Exception):
    """The answer did not come in time."""


def _alarm(_signal: int, _frame: FrameType | None) -> None:
    raise _TooSlow


def _median(action: Callable[[str], object], things: list[str], count: int) -> float | None:
    taken = []
    signal.signal(signal.SIGALRM, _alarm)
    try:
        for number in range(count):
            signal.alarm(PATIENCE)
            began = time.perf_counter()
            action(things[number % len(things)])
            taken.append((time.perf_counter() - began) * 1000)
            signal.alarm(0)
    except _TooSlow:
        return None
    return statistics.median(taken)


def _quads(data: Path) -> Iterator[pyoxigraph.Quad]:
    folder = Folder(data)
    return iter(pyoxigraph.Store.read_only(str(folder.published / str(folder.state()))))


def main() -> None:
    """Measure one engine."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--engine", choices=["chiso", "rdflib"], required=True)
    given = parser.parse_args()
    questions = Questions.read(given.questions)
    began = time.perf_counter()
    store: Store
    if given.engine == "rdflib":
        store = RdflibStore()
        store.load(_quads(given.data))
    else:
        store = open_reader(Settings(data=given.data, base_iri=questions.base))
    print(json.dumps({"load": (time.perf_counter() - began) * 1000}), flush=True)
    for name in NAMES:

        def action(thing: str, name: str = name) -> object:
            return ask(store, name, thing, questions)

        median = _median(action, getattr(questions, name), REPEATS[given.engine])
        print(json.dumps({name: median}), flush=True)


if __name__ == "__main__":
    main()
