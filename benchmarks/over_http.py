"""The questions over HTTP, at first touch and warm, and the same bytes from a bare route.

First touch: every thing once, of a server that has answered others but never anything about these, so that nothing of
the answer is remembered. Warm: the same things again, in rounds. The bare route is asked between the rounds, so that
both meet the same machine.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
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

BARE = 100
"""Requests to the bare route in each round."""


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
def serving(*arguments: str) -> Iterator[tuple[Visitor, int]]:
    """A server of `benchmarks.server`; gives a visitor and the process id."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.server", *arguments, "--port", str(port)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "http://" in line, line
        visitor = Visitor(port)
        yield visitor, process.pid
        visitor.close()
    finally:
        process.terminate()
        process.wait(timeout=30)
        if process.stdout:
            process.stdout.close()


def measure(data: Path, asked: Asked) -> tuple[dict[str, Answered], Memory]:
    """Every question against the store in `data`."""
    server = ("--data", str(data), "--base", asked.base)
    cold: dict[str, list[float]] = {question.name: [] for question in QUESTIONS}
    for question in MANY:
        with serving(*server) as (ours, _):
            _run_in(ours, asked)
            cold[question.name] = [ours.time(path) for path in asked.paths(question.name)]
    for _ in range(FRESH):
        with serving(*server) as (ours, _):
            _run_in(ours, asked)
            for question in LARGE:
                cold[question.name] += [ours.time(path) for path in asked.paths(question.name)]

    with serving(*server) as (ours, pid), tempfile.TemporaryDirectory() as bodies:
        sizes = {}
        for question in QUESTIONS:
            found = sorted((ours.get(path) for path in asked.paths(question.name)), key=len)
            sizes[question.name] = len(found[len(found) // 2])
            (Path(bodies) / question.name).write_bytes(found[len(found) // 2])
        with serving("--bare", bodies) as (bare, _):
            warm = {question.name: _in_turns(ours, bare, asked, question.name) for question in QUESTIONS}
        answered = {name: Answered(Times.of(cold[name]), *warm[name], sizes[name]) for name in sizes}
        return answered, memory(pid)


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
    paths = asked.paths(name)
    ours_took: list[float] = []
    bare_took: list[float] = []
    for visitor, path in ((ours, paths[0]), (bare, f"/{name}")):
        visitor.connect()
        for _ in range(20):
            visitor.get(path)
    for _ in range(ROUNDS):
        ours_took += [ours.time(path) for path in paths * (LARGE_ROUND if len(paths) == 1 else 1)]
        bare.connect()
        bare_took += [bare.time(f"/{name}") for _ in range(BARE)]
        ours.connect()
    return Times.of(ours_took), Times.of(bare_took)


def memory(pid: int) -> Memory:
    """What the kernel says of a process, in megabytes."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    sizes = {
        line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines if line.startswith("Rss") or "VmRSS" in line
    }
    return Memory(sizes["VmRSS"], sizes["RssAnon"])
