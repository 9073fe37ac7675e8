"""Queries in files: parameters are terms, never pieces of text."""

from datetime import date
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from catalogue.errors import Defect
from catalogue.query import Query, write
from catalogue.shipped import QUERIES

FILES = sorted(QUERIES.glob("*.rq"))
CODE = [
    path.read_text(encoding="utf-8")
    for folder in ("catalogue", "api", "cli", "loaders", "benchmarks", "tests")
    for path in Path(QUERIES.parent.parent / folder).rglob("*.py")
]


def sample(name: str) -> object:
    """A value for each parameter name that our files use."""
    if name in ("limit", "offset", "most"):
        return 1
    if name in ("after", "text"):
        return ""
    if name in ("asOf", "on", "date", "from", "to"):
        return date(2025, 3, 1)
    if name in ("pairs", "filters"):
        return [(NamedNode("urn:a"), NamedNode("urn:b"))]
    if name in ("keys", "key", "code", "codes", "notation", "number"):
        return [Literal("x")] if name.endswith("s") else Literal("x")
    return NamedNode("urn:a")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_parses_once_bound_and_has_its_sentence(path: Path) -> None:
    query = Query.read(path)
    assert path.read_text(encoding="utf-8").startswith("# "), "the first line says what it answers"
    assert query.sentence.endswith(("?", ".", ")")), query.sentence
    text = query.bind(**{name: sample(name) for name in query.parameters})  # type: ignore[arg-type]
    pyoxigraph.Store().query(text)
    assert "DESCRIBE" not in text


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_is_used(path: Path) -> None:
    assert any(f'"{path.stem}"' in code for code in CODE), f"nobody asks {path.name}"


def test_a_parameter_inside_a_string_an_iri_or_a_comment_is_left_alone() -> None:
    query = Query("SELECT * { <http://e/$a> ?p \"$b\" , '$c' , '''$d''' , $e } # $f")
    assert query.parameters == {"e"}
    assert query.bind(e=1) == "SELECT * { <http://e/$a> ?p \"$b\" , '$c' , '''$d''' , 1 } # $f"


def test_a_wrong_name_names_both_lists() -> None:
    with pytest.raises(Defect, match=r"takes \['thing'\], got \['things'\]"):
        Query("ASK { $thing ?p ?o }").bind(things=[])


@given(st.text())
def test_any_text_comes_back_as_it_was(text: str) -> None:
    if any(0xD800 <= ord(letter) <= 0xDFFF for letter in text):
        return
    solutions = pyoxigraph.Store().query(Query("SELECT (?x AS ?y) { VALUES ?x { $x } }").bind(x=text))
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    (row,) = solutions
    assert row["y"] == Literal(text)


def test_a_list_becomes_terms_side_by_side() -> None:
    assert write([NamedNode("urn:a"), NamedNode("urn:b")]) == "<urn:a> <urn:b>"
    assert write([]) == ""
