"""No folder of tests is left out by a name that the test runner passes by."""

from fnmatch import fnmatch
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]


def test_the_runner_goes_into_every_folder_with_tests(pytestconfig: pytest.Config) -> None:
    passed_by = pytestconfig.getini("norecursedirs")
    folders = {path.parent.relative_to(TESTS) for path in TESTS.rglob("test_*.py")}
    assert len(folders) > 10
    left_out = [
        folder for folder in folders if any(fnmatch(part, pattern) for part in folder.parts for pattern in passed_by)
    ]
    assert left_out == []
