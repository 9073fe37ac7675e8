"""Running `chiso` as people do: a process of its own."""

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

CHISO = str(Path(sys.executable).with_name("chiso"))


def clean_environment(**settings: str) -> dict[str, str]:
    """The environment without settings of the developer's machine, in Vietnamese, with `settings`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CHISO_", "LC_", "LANG"))}
    return {**kept, "LANG": "C.UTF-8", "COLUMNS": "100", **settings}


def chiso(
    *arguments: str, stdin: str | None = None, cwd: Path | None = None, timeout: float = 240, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end. No traceback ever reaches the person who typed it."""
    done = subprocess.run(
        [CHISO, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        cwd=cwd,
        env=clean_environment(**settings),
        timeout=timeout,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Serving:
    """`chiso serve` while it runs; told to stop at the end."""

    command: Sequence[str]
    cwd: Path | None = None
    env: Mapping[str, str] | None = None

    def __enter__(self) -> Self:
        self.said: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        self.process = subprocess.Popen(
            self.command,
            cwd=self.cwd,
            env=dict(self.env) if self.env is not None else clean_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def wait_for(self, words: str, timeout: float = 240) -> str:
        """The line that holds `words`. Fails when the process ends or the time is over before it is said."""
        until = time.monotonic() + timeout
        while (left := until - time.monotonic()) > 0:
            try:
                line = self._lines.get(timeout=left)
            except queue.Empty:
                break
            if line is None:
                break
            self.said.append(line)
            if words in line:
                return line
        raise AssertionError(f"“{words}” was never said, only: {self.said}")

    def wait_until_ready(self) -> str:
        """The line that names the address."""
        return self.wait_for("http://")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait; returns the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(timeout=30)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=30)
        if self.process.stdout:
            self.process.stdout.close()
