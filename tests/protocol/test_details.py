"""Small print of HTTP, of bearer tokens and of the names of graphs, on a real server over a real folder."""

from collections.abc import Iterator
from dataclasses import replace

import httpx2
import pytest
from pyoxigraph import RdfFormat, parse

from catalogue.settings import Settings
from tests import serving
from tests.open_data.waiting import dumped

BASE = serving.BASE
TURTLE = {"Content-Type": "text/turtle"}
GONE = f"""
<{BASE}graph/src.details.confirmed> {{
  <{BASE}id/system/cu> <https://w3id.org/chiso/ns#withdrawn> "2025-01-01T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> .
}}
"""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return serving.folder(tmp_path_factory.mktemp("details"), GONE)


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[httpx2.Client]:
    with serving.serving_folder(settings) as client:
        yield client


def test_the_address_of_a_graph_names_it_in_every_parameter(client: httpx2.Client, settings: Settings) -> None:
    may = serving.bearer(serving.token(settings))
    own = f"{client.base_url}".rstrip("/") + "/graphs/own"
    assert client.put(own, content="<urn:a> <urn:b> 1 .", headers={**TURTLE, **may}).status_code == 201
    asked = {"query": "SELECT * { ?s ?p ?o }", "default-graph-uri": own}
    assert len(client.get("/sparql", params=asked).json()["results"]["bindings"]) == 1
    named = {"query": "SELECT ?g { GRAPH ?g { ?s ?p ?o } }", "named-graph-uri": own}
    for answer in (client.get("/sparql", params=named), client.post("/sparql", data=named)):
        assert [row["g"]["value"] for row in answer.json()["results"]["bindings"]] == [f"{BASE}graphs/own"]
    for name, pattern in (("using-graph-uri", "?s ?p ?o"), ("using-named-graph-uri", "GRAPH ?g { ?s ?p ?o }")):
        update = f"INSERT {{ GRAPH <urn:{name}> {{ ?s ?p ?o }} }} WHERE {{ {pattern} }}"
        assert client.post("/update", data={"update": update, name: own}, headers=may).status_code == 204
        assert client.get(f"/graphs?graph=urn:{name}").status_code == 200


def test_what_a_refusal_says_of_the_token(client: httpx2.Client, settings: Settings) -> None:
    def refused(headers: dict[str, str], graph: str = "urn:g") -> tuple[int, str | None]:
        answer = client.put(f"/graphs?graph={graph}", content="", headers={**TURTLE, **headers})
        return answer.status_code, answer.headers.get("www-authenticate")

    assert refused({}) == (401, 'Bearer realm="chiso"')
    assert refused(serving.bearer("chiso_none")) == (401, 'Bearer realm="chiso", error="invalid_token"')
    scope = 'Bearer realm="chiso", error="insufficient_scope"'
    assert refused(serving.bearer(serving.token(settings, graphs=("urn:other",)))) == (403, scope)
    assert refused(serving.bearer(serving.token(settings, "analyst"))) == (403, scope)
    assert refused(serving.bearer(serving.token(settings)), f"{BASE}graph/derived")[1] is None


def test_an_unknown_coding_is_told_those_that_are_taken(client: httpx2.Client, settings: Settings) -> None:
    may = serving.bearer(serving.token(settings))
    answer = client.put("/graphs?graph=urn:g", content=b"x", headers={**TURTLE, **may, "Content-Encoding": "zstd"})
    assert (answer.status_code, answer.headers["accept-encoding"]) == (415, "gzip, deflate, identity")


def test_a_slash_too_many_leads_to_the_address(client: httpx2.Client) -> None:
    answer = client.get("/catalog/?x=1")
    assert (answer.status_code, answer.headers["location"]) == (308, "/catalog?x=1")
    assert client.get("/ns/").headers["location"] == "/ns"
    assert client.get("/nowhere/").status_code == 404


def test_ranges_that_cannot_be_sent(client: httpx2.Client) -> None:
    path = f"/dumps/{dumped(client)['latest']}/SHA256SUMS"
    size = len(client.get(path).content)
    assert client.get(path, headers={"Range": "bytes=5-2"}).status_code == 200, "no valid header: ignored"
    beyond = client.get(path, headers={"Range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    assert beyond.headers["content-type"] == "application/problem+json"
    assert (beyond.json()["status"], beyond.json()["size"]) == (416, size)


@pytest.mark.parametrize("place", ["id", "doc"])
def test_what_was_withdrawn_is_gone_in_every_form(client: httpx2.Client, place: str) -> None:
    for kind, form in (("text/turtle", RdfFormat.TURTLE), ("application/ld+json", RdfFormat.JSON_LD)):
        for query in ("", "?lang=en"):
            answer = client.get(f"/{place}/system/cu{query}", headers={"Accept": kind})
            assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (410, kind)
            assert len(list(parse(answer.content, form))) == 1
    for accept in ("image/png", "application/problem+json", "text/html", "*/*"):
        for query in ("", "?lang=en"):
            assert client.get(f"/{place}/system/cu{query}", headers={"Accept": accept}).status_code == 410
    assert client.get("/doc/system/khac", headers={"Accept": "image/png"}).status_code == 406


def test_a_parameter_that_validation_does_not_know_is_told(client: httpx2.Client) -> None:
    answer = client.post("/validate?shapes=http://elsewhere.example/", content="", headers=TURTLE)
    assert (answer.status_code, answer.json()["parameter"]) == (400, "shapes")


def test_a_read_only_service_allows_reading_alone(settings: Settings) -> None:
    with serving.serving_folder(replace(settings, read_only=True)) as client:
        assert client.request("OPTIONS", "/graphs").headers["allow"] == "GET, HEAD, OPTIONS"
        assert client.request("OPTIONS", "/graph/x").headers["allow"] == "GET, HEAD, OPTIONS"
        assert client.request("OPTIONS", "/update").headers["allow"] == "OPTIONS"
        assert "POST" in client.request("OPTIONS", "/sparql").headers["allow"]
        assert client.put("/graphs?graph=urn:g", content="", headers=TURTLE).status_code == 403
