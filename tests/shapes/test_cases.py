"""Every shape has cases that pass and cases that fail; each failing case has an approved report.

After a change of shapes or messages, read the new reports with `APPROVE=1 .venv/bin/pytest tests/shapes` and `git diff`.
"""

import os
from pathlib import Path

import pytest

from catalogue.shipped import SHAPES
from catalogue.validation import shipped_shapes
from tests.shapes.cases import CASES, INVALID, VALID, WORLD, line, name, violations

SHAPE_FILES = sorted(path.stem for path in SHAPES.glob("*.ttl"))


def test_the_world_around_the_cases_is_valid() -> None:
    assert [line(v) for v in violations()] == []
    assert WORLD.exists()


@pytest.mark.parametrize("case", VALID, ids=name)
def test_a_valid_case_passes(case: Path) -> None:
    assert [line(v) for v in violations(case)] == []


@pytest.mark.parametrize("case", INVALID, ids=name)
def test_an_invalid_case_fails_as_approved(case: Path) -> None:
    found = violations(case)
    text = "".join(sorted({line(v) + "\n" for v in found}))
    approved = case.with_suffix(".report.txt")
    if os.environ.get("APPROVE"):
        approved.write_text(text, encoding="utf-8")
    assert text, "an invalid case must fail"
    assert text == approved.read_text(encoding="utf-8")
    assert all(v.message_vi and v.message_en for v in found)


@pytest.mark.parametrize("shape", [s for s in SHAPE_FILES if s != "prefixes"])
def test_every_shape_file_has_cases_of_both_kinds(shape: str) -> None:
    kinds = {case.name.partition(".")[0] for case in CASES if case.parent.name == shape}
    assert kinds == {"valid", "invalid"}


def test_every_shape_fires_in_some_case() -> None:
    fired = {v.shape for case in INVALID for v in violations(case)}
    declared = {one.shape for one in shipped_shapes().checks({})}
    assert sorted(short.value for short in declared - fired) == []


def test_a_failure_is_told_to_the_source_that_states_it() -> None:
    (case,) = [c for c in INVALID if name(c) == "responsibility/invalid.namesake"]
    assert {v.source for v in violations(case)} == {"case"}


def test_a_misspelt_word_is_told_to_the_source_that_uses_it() -> None:
    (case,) = [c for c in INVALID if name(c) == "terms/invalid.misspelt"]
    assert {(v.source, v.shape.value.partition("#")[2]) for v in violations(case)} == {
        ("case", "unknown-class"),
        ("case", "unknown-code"),
        ("case", "unknown-property"),
    }
