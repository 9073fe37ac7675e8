"""Queries, exports, loads, backups: what goes out comes in again."""

import json
from pathlib import Path

import pyoxigraph
import pytest

from tests.cli.running import chiso

BARE = """@prefix agency: <https://chiso.example/id/agency/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix cv: <http://data.europa.eu/m8g/> .
agency:thu-nghiem a cv:PublicOrganisation ; skos:prefLabel "Cơ quan thử nghiệm"@vi .
"""


@pytest.fixture(scope="module")
def backup(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the built store."""
    target = tmp_path_factory.mktemp("backup") / "copy"
    done = chiso("backup", str(target), "--data", str(data))
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture(scope="module")
def own(backup: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory of its own, restored from the backup: to be written to."""
    place = tmp_path_factory.mktemp("own") / "data"
    done = chiso("restore", str(backup), "--data", str(place))
    assert done.returncode == 0, done.stderr
    return place


@pytest.mark.parametrize(
    ("chosen", "start"),
    [("csv", "n\n"), ("tsv", "?n\n"), ("json", '{"head"'), ("xml", "<?xml"), ("table", "")],
)
def test_solutions_in_every_format(data: Path, chosen: str, start: str) -> None:
    done = chiso("query", "SELECT (COUNT(*) AS ?n) { ?s a ?c }", "--format", chosen, "--data", str(data))
    assert done.returncode == 0
    assert done.stdout.startswith(start)


def test_graphs_and_booleans(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "ask.rq"
    file.write_text("CONSTRUCT { ?s a ?c } WHERE { ?s a ?c } LIMIT 3", encoding="utf-8")
    turtle = chiso("query", str(file), "--data", str(data))
    assert len(list(pyoxigraph.parse(turtle.stdout.encode(), pyoxigraph.RdfFormat.TURTLE))) == 3
    assert chiso("query", "ASK { ?s ?p ?o }", "--data", str(data)).stdout == "true\n"
    assert chiso("query", "ASK { <urn:none> ?p ?o }", "--data", str(data)).returncode == 1


def test_rows_beyond_the_limit_are_cut_and_that_is_said(data: Path) -> None:
    done = chiso("query", "SELECT ?s { ?s ?p ?o }", "--rows", "5", "--data", str(data))
    assert len(done.stdout.splitlines()) == 5
    assert "5 dòng" in done.stderr


def test_two_exports_of_one_state_are_the_same_and_can_be_read(data: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "a.nq", tmp_path / "b.nq"
    for file in (first, second):
        done = chiso("export", "--format", "nquads", "-o", str(file), "--json", "--data", str(data))
        assert done.returncode == 0, done.stderr
    assert first.read_bytes() == second.read_bytes()
    quads = list(pyoxigraph.parse(path=str(first)))
    assert len(quads) == json.loads(done.stdout)["triples"]


@pytest.mark.parametrize("chosen", ["trig", "turtle", "jsonld", "nquads"])
def test_one_graph_in_every_format(data: Path, chosen: str) -> None:
    graph = "https://chiso.example/graph/hanoi-bo-chi-so-2025.confirmed"
    done = chiso("export", "--graph", graph, "--format", chosen, "--data", str(data))
    assert done.returncode == 0
    assert "1012/QĐ-TTg" in done.stdout
    assert chiso("export", "--graph", "urn:none", "--data", str(data)).returncode == 1


def test_a_backup_refuses_to_overwrite(backup: Path, data: Path) -> None:
    done = chiso("backup", str(backup), "--data", str(data))
    assert done.returncode == 1
    done = chiso("restore", str(backup), "--data", str(data))
    assert done.returncode == 1


def test_what_was_restored_answers(own: Path) -> None:
    done = chiso("owner", "165/KH-UBND", "--as-of", "2024-06-30", "--data", str(own))
    assert done.returncode == 0
    assert "Sở Thông tin và Truyền thông Hà Nội" in done.stdout


def test_load_and_dry_run(own: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.ttl"
    more.write_text(BARE, encoding="utf-8")
    trial = chiso("load", str(more), "--dry-run", "--data", str(own))
    assert trial.returncode == 0, trial.stdout + trial.stderr
    assert chiso("resolve", "Cơ quan thử nghiệm", "--data", str(own)).returncode == 1
    assert chiso("load", str(more), "--data", str(own)).returncode == 0
    assert chiso("resolve", "co quan thu nghiem", "--data", str(own)).returncode == 0
    piped = chiso("load", "-", "--format", "ttl", "--json", "--data", str(own), stdin=BARE)
    assert piped.returncode == 0, piped.stderr
    assert json.loads(piped.stdout)["loaded"]


def test_validate_needs_no_data_directory(tmp_path: Path) -> None:
    more = tmp_path / "more.ttl"
    more.write_text(BARE, encoding="utf-8")
    done = chiso("validate", str(more), cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (tmp_path / "data").exists()
