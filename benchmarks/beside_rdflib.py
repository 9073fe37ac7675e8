"""The same questions, the same `.rq` files, the same data: our engine and rdflib in memory, without HTTP.

    python -m benchmarks.beside_rdflib --data DIR --asked FILE --engine chiso|rdflib

Prints one JSON line per question as soon as it is known, so that what was slow does not hide what was not. Neither
side remembers earlier answers.
"""

import argparse
import hashlib
import json
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from types import FrameType

import pyoxigraph

from benchmarks.questions import QUESTIONS, Asked
from benchmarks.rdflib_store import RdflibStore
from catalogue import lineage, portfolio, resolve, responsibility
from catalogue.settings import Settings
from catalogue.store.connect import open_reader
from catalogue.store.folder import Folder
from catalogue.store.port import Store

PATIENCE = 60
"""Seconds that one answer may take before it counts as none."""

THINGS = 5
"""The things each question is asked about: the first of the samples. Their answers are compared, too."""

ROUNDS = {"chiso": 10, "rdflib": 1}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Median milliseconds, or the `trouble` there was instead. `answers`: a digest of each of the first answers."""

    median: float | None = None
    trouble: str | None = None
    answers: tuple[str, ...] = ()


def outcomes(data: Path, asked: Path, engine: str, patience: float) -> dict[str, Outcome]:
    """What became of each question, asked in a process of its own that may take `patience` seconds in all."""
    command = [sys.executable, "-m", "benchmarks.beside_rdflib", "--data", str(data), "--asked", str(asked)]
    found: dict[str, Outcome] = {}
    process = subprocess.Popen([*command, "--engine", engine], stdout=subprocess.PIPE, text=True)
    signal.signal(signal.SIGALRM, lambda _signal, _frame: process.kill())
    signal.alarm(int(patience))
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            told = json.loads(line)
            found[told.pop("name")] = Outcome(told["median"], told["trouble"], tuple(told["answers"]))
    signal.alarm(0)
    code = process.wait()
    rest = f"not reached in {patience:.0f} s" if code == -signal.SIGKILL else f"the process ended with code {code}"
    return {question.name: found.get(question.name, Outcome(trouble=rest)) for question in QUESTIONS} | {
        "load": found.get("load", Outcome(trouble=rest))
    }


def ask(store: Store, name: str, thing: str, asked: Asked) -> object:
    """Ask one question, as the API does."""
    day, node = date.fromisoformat(asked.as_of), pyoxigraph.NamedNode(thing) if thing.startswith("http") else None
    if name == "resolve":
        return resolve.find(store, thing, base=asked.base)
    assert node, thing
    match name:
        case "responsibility":
            return responsibility.of(store, node, as_of=day)
        case "lineage":
            return lineage.around(store, node, direction="up", as_of=day)
        case "portfolio" | "large-portfolio":
            return portfolio.of(store, node, as_of=day)
        case _:
            return lineage.around(store, node, direction="down", as_of=day)


class _TooSlow(Exception):
    """The answer did not come in time."""


@contextmanager
def _patience() -> Iterator[None]:
    def too_slow(_signal: int, _frame: FrameType | None) -> None:
        raise _TooSlow

    signal.signal(signal.SIGALRM, too_slow)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)


def _outcome(store: Store, name: str, things: list[str], asked: Asked, rounds: int) -> Outcome:
    taken: list[float] = []
    answers: list[str] = []
    try:
        for thing in things * rounds:
            with _patience():
                began = time.perf_counter()
                answer = ask(store, name, thing, asked)
                taken.append((time.perf_counter() - began) * 1000)
            if len(answers) < len(things):
                answers.append(_digest(answer))
    except _TooSlow:
        return Outcome(trouble=f"no answer in {PATIENCE} s")
    except Exception as error:  # whatever it is, it is told in the table and does not hide the other questions
        return Outcome(trouble=f"crashed: {type(error).__name__}: {error}"[:200])
    return Outcome(statistics.median(taken), None, tuple(answers))


def _digest(answer: object) -> str:
    """What an answer says; the engines may give rows in another order where the query states none."""

    def plain(value: object) -> object:
        match value:
            case dict():
                return {str(key): plain(one) for key, one in value.items()}
            case list() | tuple():
                return sorted((plain(one) for one in value), key=lambda one: json.dumps(one, sort_keys=True))
            case _:
                return str(value)

    whole = [asdict(one) for one in answer] if isinstance(answer, list) else asdict(answer)  # type: ignore[call-overload]
    return hashlib.sha256(json.dumps(plain(whole), sort_keys=True).encode()).hexdigest()[:16]


def _quads(data: Path) -> Iterator[pyoxigraph.Quad]:
    folder = Folder(data)
    return iter(pyoxigraph.Store.read_only(str(folder.published / str(folder.state()))))


def _tell(name: str, outcome: Outcome) -> None:
    print(json.dumps({"name": name} | asdict(outcome)), flush=True)


def main() -> None:
    """Measure one engine."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--asked", type=Path, required=True)
    parser.add_argument("--engine", choices=["chiso", "rdflib"], required=True)
    given = parser.parse_args()
    asked = Asked.read(given.asked)
    began = time.perf_counter()
    store: Store
    if given.engine == "rdflib":
        store = RdflibStore()
        store.load(_quads(given.data))
    else:
        store = open_reader(Settings(data=given.data, base_iri=asked.base))
    _tell("load", Outcome((time.perf_counter() - began) * 1000))
    for question in QUESTIONS:
        things = asked.things[question.name][:THINGS]
        _tell(question.name, _outcome(store, question.name, things, asked, ROUNDS[given.engine]))


if __name__ == "__main__":
    main()
