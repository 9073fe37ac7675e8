"""The questions over HTTP, at first touch and warm, and the same bytes from a bare route.

First touch: every thing once, of a server that has answered others but never anything about these, so that nothing of
the answer is remembered. Warm: the same things again, in rounds. The bare route is asked between the rounds, so that
both meet the same machine.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.http_client import Times, Visitor
from benchmarks.ports import free_port
from benchmarks.questions import LARGE, MANY, QUESTIONS, Asked

ROUNDS = 4
"""How often each thing is asked about warm."""

LARGE_ROUND = 25
"""Requests about a large thing in one round."""

FRESH = 10
"""Servers started anew to ask for the large things at first touch: the data hold one of each."""

BARE = 200
"""Requests to the bare route in each round."""

RUN_IN = 10
"""Requests on a new connection before the watch starts."""


@dataclass(frozen=True, slots=True)
class Answered:
    """How long one question took, how long a bare route took to return as many bytes, and how many bytes (median)."""

    cold: Times
    warm: Times
    bare: Times
    bytes: int


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes of the server after all questions: resident (with mapped files), and its own (anonymous)."""

    resident: float
    own: float


@contextmanager
def serving(*arguments: str) -> Iterator[Visitor]:
    """A server of `benchmarks.server`; gives its visitor."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.server", *arguments, "--port", str(port)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "http://" in line, line
        visitor = Visitor(port, process.pid)
        yield visitor
        visitor.close()
    finally:
        process.terminate()
        process.wait(timeout=30)
        if process.stdout:
            process.stdout.close()


def measure(data: Path, asked: Asked) -> tuple[dict[str, Answered], Memory]:
    """Every question against the store in `data`."""
    server = ("--data", str(data), "--base", asked.base)
    cold = {question.name: _Stopwatch() for question in QUESTIONS}
    for question in MANY:
        with serving(*server) as ours:
            _run_in(ours, asked)
            cold[question.name].ask(ours, asked.paths(question.name))
    for _ in range(FRESH):
        with serving(*server) as ours:
            _run_in(ours, asked)
            for question in LARGE:
                cold[question.name].ask(ours, asked.paths(question.name))

    with serving(*server) as ours, tempfile.TemporaryDirectory() as bodies:
        sizes = {}
        for question in QUESTIONS:
            found = sorted((ours.get(path) for path in asked.paths(question.name)), key=len)
            sizes[question.name] = len(found[len(found) // 2])
            (Path(bodies) / question.name).write_bytes(found[len(found) // 2])
        with serving("--bare", bodies) as bare:
            warm = {question.name: _in_turns(ours, bare, asked, question.name) for question in QUESTIONS}
        answered = {name: Answered(cold[name].times(), *warm[name], sizes[name]) for name in sizes}
        return answered, memory(ours.pid)


class _Stopwatch:
    """What the requests of one kind took."""

    def __init__(self) -> None:
        self._milliseconds: list[float] = []
        self._worked = 0.0

    def ask(self, visitor: Visitor, paths: Sequence[str]) -> None:
        """Time some requests."""
        before = visitor.worked()
        self._milliseconds += [visitor.time(path) for path in paths]
        self._worked += visitor.worked() - before

    def times(self) -> Times:
        """All of them summed up."""
        return Times.of(self._milliseconds, self._worked)


def _run_in(ours: Visitor, asked: Asked) -> None:
    """Ask each question about things that are not in the samples: the program is loaded then, the answers are not."""
    others = {
        "responsibility": "indicator/tac-dong.0001",
        "lineage": "indicator/quoc-gia-gia-lap.0001",
        "resolve": "indicator/quoc-gia-gia-lap.0002",
        "portfolio": "agency/tac-dong.co-quan-1",
        "impact": "indicator/tac-dong.0003",
    }
    run_in = Asked({name: [f"{asked.base}id/{key}"] for name, key in others.items()}, asked.base, asked.as_of)
    for name in others:
        for path in run_in.paths(name) * 3:
            ours.get(path)


def _in_turns(ours: Visitor, bare: Visitor, asked: Asked, name: str) -> tuple[Times, Times]:
    paths, plain = asked.paths(name), [f"/{name}"]
    warm, beside = _Stopwatch(), _Stopwatch()
    for _ in range(ROUNDS):
        for visitor, watch, round_of in (
            (ours, warm, paths * (LARGE_ROUND if len(paths) == 1 else 1)),
            (bare, beside, plain * BARE),
        ):
            visitor.connect()
            for _ in range(RUN_IN):
                visitor.get(round_of[0])
            watch.ask(visitor, round_of)
    return warm.times(), beside.times()


def memory(pid: int) -> Memory:
    """What the kernel says of a process, in megabytes."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    sizes = {
        line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines if line.startswith("Rss") or "VmRSS" in line
    }
    return Memory(sizes["VmRSS"], sizes["RssAnon"])
