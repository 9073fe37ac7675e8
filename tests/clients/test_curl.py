"""curl, with the lines of the documentation."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.clients.conftest import NAMES, Endpoint

CURL = shutil.which("curl")
pytestmark = pytest.mark.skipif(CURL is None, reason="curl is not installed: its lines are not tested")


def curl(*arguments: str, status: int = 200) -> str:
    """The body of the answer, whose status must be the one given."""
    assert CURL is not None
    done = subprocess.run(
        [CURL, "--silent", "--show-error", "--max-time", "60", "--write-out", "\n%{http_code}", *arguments],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    body, _, code = done.stdout.rpartition("\n")
    assert int(code) == status, done.stdout
    return body


def test_asking(endpoint: Endpoint, tmp_path: Path) -> None:
    assert "Đất" in curl("-G", endpoint.query, "--data-urlencode", f"query={NAMES}")
    assert "Đất" in curl(endpoint.query, "--data-urlencode", f"query={NAMES}", "-H", "Accept: text/csv")
    file = tmp_path / "query.rq"
    file.write_text(NAMES, encoding="utf-8")
    told = curl(endpoint.query, "-H", "Content-Type: application/sparql-query", "-H", "Accept: text/tab-separated-values", "--data-binary", f"@{file}")  # fmt: skip
    assert told.splitlines()[0] == "?thing\t?name"
    assert curl("--compressed", "-G", endpoint.query, "--data-urlencode", f"query={NAMES}").startswith("{")
    assert curl("--head", "-G", endpoint.query, "--data-urlencode", f"query={NAMES}").startswith("HTTP/1.1 200")


def test_a_graph_comes_and_goes(endpoint: Endpoint, tmp_path: Path) -> None:
    file = tmp_path / "data.ttl"
    file.write_text('<urn:c> <urn:p> "từ curl" .', encoding="utf-8")
    graph = f"{endpoint.address}/graphs?graph=http://clients.example/curl"
    put = ("-T", str(file), "-H", "Content-Type: text/turtle", graph)
    curl(*put, status=401)
    with_token = ("-H", f"Authorization: Bearer {endpoint.token}")
    curl(*put, *with_token, status=201)
    assert "từ curl" in curl(graph, "-H", "Accept: application/n-triples")
    added = ("-X", "POST", "-F", f"file=@{file};type=text/turtle", graph)
    curl(*added, *with_token, status=204)
    curl("-X", "DELETE", graph, *with_token, status=204)
    curl(graph, status=404)


def test_validating(endpoint: Endpoint, tmp_path: Path) -> None:
    data, shapes = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    data.write_text("<urn:a> <urn:p> 1 .")
    shapes.write_text("@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:s> a sh:NodeShape ; sh:targetSubjectsOf <urn:p> ; sh:nodeKind sh:BlankNode .")  # fmt: skip
    told = curl("-F", f"data=@{data}", "-F", f"shapes=@{shapes}", f"{endpoint.address}/validate")
    assert "sh:conforms false" in told
