"""The child process that builds for `chiso serve`: what it tells, how it fails, how it ends."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from catalogue.build import BuildReport
from catalogue.errors import Conflict, Unavailable
from catalogue.settings import Settings
from catalogue.sources import Problem
from cli import build_worker, building
from tests.cli.running import CHISO, Serving, clean_environment, free_port


def test_settings_and_report_go_there_and_back() -> None:
    import json
    from dataclasses import asdict

    settings = Settings(data=Path("somewhere"), timeout=3.5)
    assert Settings.read(json.loads(build_worker.request(settings))) == settings
    report = BuildReport(loaded=("a", "b"), rejected=(Problem("c", "sai", "wrong"),), triples=3, seconds=1.5, state="s")
    assert build_worker.report_of(json.loads(json.dumps(asdict(report)))) == report


def test_an_error_of_the_child_is_an_error_here(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").write_text("years of work")
    with pytest.raises(Conflict, match=r"thesis\.odt"):
        building.bring_up(Settings(data=tmp_path), say=lambda _: None)


def test_a_child_that_stops_abruptly_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "WORKER", (sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"))
    with pytest.raises(Unavailable, match="-9"):
        building.bring_up(Settings(data=tmp_path), say=lambda _: None)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends the child at once on Linux alone")
def test_the_child_ends_with_its_parent(tmp_path: Path) -> None:
    command = [CHISO, "serve", "--data", str(tmp_path / "data"), "--port", str(free_port())]
    with Serving(command, env=clean_environment()) as server:
        server.wait_for("Đang nạp")
        pid = server.process.pid
        (child,) = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        server.stop(signal.SIGKILL)
    until = time.monotonic() + 2
    while time.monotonic() < until and _runs(child):
        time.sleep(0.02)
    assert not _runs(child)


def _runs(pid: str) -> bool:
    done = subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, text=True, check=False)
    return bool(done.stdout.strip()) and not done.stdout.startswith("Z")
