"""How long until the service answers: a cold build of the real graph, the second start, opening a large store."""

import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.ports import free_port


@dataclass(frozen=True, slots=True)
class Starts:
    """Seconds from the command to the line that names the address."""

    cold: float
    second: float


def chiso_serve() -> Starts:
    """`chiso serve` on an empty directory, then three times again."""
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch) / "data"
        cold = _until_ready(data)
        return Starts(cold, statistics.median(_until_ready(data) for _ in range(3)))


def _until_ready(data: Path) -> float:
    command = [str(Path(sys.executable).with_name("chiso")), "serve", "--data", str(data), "--port", str(free_port())]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            if "http://" in line:
                taken = time.perf_counter() - began
                break
        else:
            raise AssertionError("chiso serve ended before it served")
        process.terminate()
    process.wait(timeout=30)
    return taken


def opening(published: Path) -> float:
    """Milliseconds to open a checkpoint and answer the first question, in a new process."""
    program = (
        "import sys, time, pyoxigraph\n"
        "began = time.perf_counter()\n"
        "pyoxigraph.Store.read_only(sys.argv[1]).query('ASK { ?s ?p ?o }')\n"
        "print((time.perf_counter() - began) * 1000)"
    )
    taken = [
        float(subprocess.run([sys.executable, "-c", program, str(published)], capture_output=True, check=True).stdout)
        for _ in range(3)
    ]
    return statistics.median(taken)
