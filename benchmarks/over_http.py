"""The questions over HTTP, warm, and the same bytes from a bare route: in turns, so that both meet the same machine."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.http_client import Times, Visitor
from benchmarks.ports import free_port
from benchmarks.questions import NAMES, Questions

ROUNDS = 5
WARM = 30
COUNTS = {"responsibility": 100, "lineage": 100, "resolve": 100, "portfolio": 100, "impact": 10}
"""Requests of each question in each round."""


@dataclass(frozen=True, slots=True)
class Answered:
    """How long one question took, how long a bare route took to return the same bytes, and how many bytes."""

    median: float
    p99: float
    bare_median: float
    bytes: int

    @property
    def ratio(self) -> float:
        """How many times longer than the bare route."""
        return self.median / self.bare_median


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


def measure(data: Path, questions: Questions) -> tuple[dict[str, Answered], Memory]:
    """Every question against the store in `data`."""
    with serving("--data", str(data), "--base", questions.base) as (ours, pid), tempfile.TemporaryDirectory() as bodies:
        sizes = {}
        for name in NAMES:
            status, body = ours.get(questions.paths(name)[0])
            assert status == 200, (name, status, body[:500])
            (Path(bodies) / name).write_bytes(body)
            sizes[name] = len(body)
        with serving("--bare", bodies) as (bare, _):
            answered = {name: _in_turns(ours, bare, questions, name, sizes[name]) for name in NAMES}
        return answered, memory(pid)


def _in_turns(ours: Visitor, bare: Visitor, questions: Questions, name: str, size: int) -> Answered:
    paths, count = questions.paths(name), COUNTS[name]
    ours.times(paths, min(WARM, count * 3))
    bare.times([f"/{name}"], WARM)
    our_times: list[float] = []
    bare_times: list[float] = []
    for turn in range(ROUNDS):
        start = turn * count % len(paths)
        our_times += ours.times(paths[start:] + paths[:start], count).milliseconds
        bare_times += bare.times([f"/{name}"], max(count, 50)).milliseconds
    found = Times(our_times)
    return Answered(found.median, found.p99, Times(bare_times).median, size)


def memory(pid: int) -> Memory:
    """What the kernel says of a process, in megabytes."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    sizes = {
        line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines if line.startswith("Rss") or "VmRSS" in line
    }
    return Memory(sizes["VmRSS"], sizes["RssAnon"])


def wait_a_moment() -> None:
    """Let the machine finish what the last step left behind."""
    time.sleep(1)
