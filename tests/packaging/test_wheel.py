"""The wheel: complete, and `chiso serve` works from it in a clean environment."""

import json
import os
import subprocess
import sys
import sysconfig
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.cli.running import Serving, free_port

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without network from the present tree."""
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--quiet", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (built,) = out.glob("chiso-*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment that holds the wheel; its dependencies come from the environment of the tests."""
    place = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    python = place / "bin" / "python"
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "--python",
            str(python),
            "install",
            "--quiet",
            "--no-deps",
            "--no-index",
            "--disable-pip-version-check",
            str(wheel),
        ],
        check=True,
    )
    packages = next((place / "lib").glob("python3*")) / "site-packages"
    # A path line, not a site folder: the editable install of the project in there is not followed.
    (packages / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    return place


def test_it_holds_everything_that_is_needed_to_run(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    for folder, suffixes in {
        "ontology": {".ttl", ".jsonld"},
        "shapes": {".ttl"},
        "graph": {".ttl"},
        "library": {".ttl"},
        "catalogue": {".rq", ".json"},
        "api/pages/messages": {".json"},
        "api/pages/templates": {".html"},
        "api/pages/assets": {".css", ".js", ".svg", ".woff2", ".json", ".txt"},
        "loaders": {".csv"},
    }.items():
        shipped = {str(path.relative_to(ROOT)) for path in (ROOT / folder).rglob("*") if path.suffix in suffixes}
        assert shipped, f"nothing in {folder}"
        assert shipped - held == set()
    assert any(name.endswith("licenses/LICENSE") for name in held)
    assert not [name for name in held if name.startswith(("tests/", "benchmarks/", "evaluation/", "data/"))]


def test_chiso_serve_works_from_it(installed: Path, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("CHISO_", "PYTHON"))}
    where = subprocess.run(
        [installed / "bin" / "python", "-c", "import catalogue; print(catalogue.__file__)"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(installed) in where.stdout
    port = free_port()
    with Serving(
        [str(installed / "bin" / "chiso"), "serve", "--port", str(port)], cwd=tmp_path, env=environment
    ) as server:
        server.wait_until_ready()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=30) as answer:
            assert json.load(answer)["status"] == "ready"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
            assert page.status == 200
        assert (tmp_path / "data" / "format.json").is_file()
