"""Where the time of an answer goes: query by query at first touch, and what is left for Python.

    python -m benchmarks.breakdown [--size 1] [--things 100]

Runs in this process, without HTTP, over a state that remembers as the served one does; milliseconds of processor time
per answer.
"""

import argparse
import gc
import time
from collections import defaultdict
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import TypeVar

from pyoxigraph import Triple

from api import answers
from benchmarks import stores
from benchmarks.beside_rdflib import ask
from benchmarks.questions import QUESTIONS, Question
from catalogue.settings import Settings
from catalogue.store.connect import open_reader
from catalogue.store.port import Solutions, Store
from catalogue.store.remembering import Remembering

Answer = TypeVar("Answer")

SHOWN = 12
"""Queries shown: those that take longest."""


@dataclass(slots=True)
class Spent:
    """What was spent on one query: how often it was asked, for how many milliseconds, with how many rows."""

    times: int = 0
    milliseconds: float = 0.0
    rows: int = 0


class Watched(Remembering):
    """A state that notes how long each of its queries takes."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.spent: dict[str, Spent] = defaultdict(Spent)
        """By the first line of the query."""

    def select(self, query: str) -> Solutions:
        """The solutions of a SELECT query."""
        return self._watched(query, super().select, lambda answer: len(answer.rows))

    def construct(self, query: str) -> list[Triple]:
        """The triples of a CONSTRUCT query."""
        return self._watched(query, super().construct, len)

    def _watched(self, query: str, answer: Callable[[str], Answer], size: Callable[[Answer], int]) -> Answer:
        began = time.thread_time()
        found = answer(query)
        noted = self.spent[query.partition("\n")[0]]
        noted.times += 1
        noted.milliseconds += (time.thread_time() - began) * 1000
        noted.rows += size(found)
        return found


def main() -> None:
    """Print a table per question."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", default="1")
    parser.add_argument("--things", type=int, default=100)
    given = parser.parse_args()
    gc.set_threshold(100_000, 20, 100)  # as the service has it
    made = stores.synthetic_store(given.size)
    for question in QUESTIONS:
        _show(made, question, given.things)


def _show(made: stores.Made, question: Question, count: int) -> None:
    store = Watched(open_reader(Settings(data=made.data, base_iri=made.asked.base)))
    things = made.asked.things[question.name][-count:]

    def answer() -> list[object]:
        return [ask(store, question.name, thing, made.asked) for thing in things]

    gc.collect()
    found, first = _timed(answer)
    queries = sorted(((name, copy(spent)) for name, spent in store.spent.items()), key=lambda one: -one[1].milliseconds)
    asked = sum(spent.milliseconds for _, spent in queries)
    _, json = _timed(
        lambda: [answers.written(one) for each in found for one in (each if isinstance(each, list) else [each])]
    )
    _, warm = _timed(answer)
    title = f"{question.title}: {len(things)} things"
    print(
        f"\n### {title}, {(first + json) / len(things):.2f} ms each at first touch, {(warm + json) / len(things):.2f} warm\n"
    )
    print("| per answer | queries | ms | rows |\n|---|---:|---:|---:|")
    for name, spent in queries[:SHOWN]:
        figures = (spent.times, spent.milliseconds, spent.rows)
        print(f"| {name[:110]} | " + " | ".join(f"{figure / len(things):.2f}" for figure in figures) + " |")
    print(f"| Python | | {(first - asked) / len(things):.2f} | |")
    print(f"| writing JSON | | {json / len(things):.2f} | |")


def _timed(action: Callable[[], Answer]) -> tuple[Answer, float]:
    began = time.thread_time()
    return action(), (time.thread_time() - began) * 1000


if __name__ == "__main__":
    main()
