"""The locks: hashed, without a registry's address, and never with the other `catalogue`."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-bootstrap.lock")


def pinned(lock: str) -> list[str]:
    """The entries of a lock: each name with its version, its marker and its hashes, on one line."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_and_hashed(lock: str) -> None:
    entries = pinned(lock)
    assert entries
    loose = [
        entry[:60]
        for entry in entries
        if not re.match(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==\S+.*--hash=sha256:[0-9a-f]{64}", entry)
    ]
    assert loose == []


@pytest.mark.parametrize("lock", LOCKS)
def test_the_unrelated_catalogue_of_pypi_stays_out(lock: str) -> None:
    """PyPI has a package `catalogue` that would shadow ours."""
    names = {re.split(r"[=\[ ]", entry)[0].lower() for entry in pinned(lock)}
    assert "catalogue" not in names
    assert not names & {"api", "cli", "loaders", "ontology", "shapes", "graph"}


def test_no_committed_file_names_a_registry() -> None:
    """Not even as the page of a project: a source is cited at its own address."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    address = re.compile(
        rb"://[^\s\"'<>)]*(py"
        rb"pi\.(org|python)|pythonho"
        rb"sted|registry\.n"
        rb"pmjs|npm"
        rb"js\.com|crat"
        rb"es\.io|/sim"
        rb"ple(/|\b)|artif"
        rb"actory|nex"
        rb"us/repository)"
        rb"|^\s*(--)?(extra-)?index-u"
        rb"rl[ =]",
        re.MULTILINE | re.IGNORECASE,
    )
    found = []
    for name in listed.decode().split("\0"):
        path = ROOT / name
        if name and path.is_file() and (hit := address.search(path.read_bytes())):
            found.append(f"{name}: {hit[0]!r}")
    assert found == []


def test_what_the_project_needs_is_locked() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    locked = {re.split(r"[=\[ ]", entry)[0].lower().replace("_", "-") for entry in pinned("requirements.lock")}
    missing = [need for need in wanted if re.split(r"[<>=;\[ ]", need)[0].lower().replace("_", "-") not in locked]
    assert missing == []
