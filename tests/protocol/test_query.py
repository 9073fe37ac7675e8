"""The query operation of the SPARQL 1.1 Protocol, clause by clause (section 2.1), on a real server with its workers."""

import json
import re
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import httpx2
import pytest

from tests.serving import BASE, folder, serving_folder

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
JSON = "application/sparql-results+json"
ASK = "ASK { ?s ?p ?o }"
FIRST, SECOND, THIRD = (f"{BASE}graph/data{number}.confirmed" for number in (1, 2, 3))
EXTRA = "".join(
    f"""<{BASE}graph/data{number}.confirmed> {{
        <{BASE}graph/data{number}.confirmed> a <https://w3id.org/chiso/ns#SourceGraph> .
        <urn:thing:{number}> <urn:in> "{number}" .
    }}\n"""
    for number in (1, 2, 3)
)
IN = "SELECT ?n WHERE { ?s <urn:in> ?n } ORDER BY ?n"
IN_NAMED = "SELECT ?g ?n WHERE { GRAPH ?g { ?s <urn:in> ?n } } ORDER BY ?g"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """A client of a server over the small catalogue and three small graphs."""
    with serving_folder(folder(tmp_path_factory.mktemp("query"), EXTRA)) as found:
        yield found


@pytest.fixture(params=["get", "form", "direct"])
def ask(request: pytest.FixtureRequest, client: httpx2.Client):  # type: ignore[no-untyped-def]
    """A query with parameters, sent in one of the three ways of the protocol."""

    def send(query: str, *parameters: tuple[str, str], **headers: str) -> httpx2.Response:
        if request.param == "get":
            return client.get("/sparql?" + urlencode([("query", query), *parameters]), headers=headers)
        if request.param == "form":
            body = urlencode([("query", query), *parameters])
            return client.post("/sparql", content=body, headers={"Content-Type": FORM, **headers})
        return client.post(
            "/sparql?" + urlencode(parameters), content=query.encode(), headers={"Content-Type": DIRECT, **headers}
        )

    return send


def values(answer: httpx2.Response) -> list[str]:
    """What the first column of the last variable holds."""
    assert answer.status_code == 200, answer.text
    found = answer.json()
    return [row[found["head"]["vars"][-1]]["value"] for row in found["results"]["bindings"]]


def test_a_query_is_answered_in_each_of_the_three_ways(ask) -> None:  # type: ignore[no-untyped-def]
    answer = ask(ASK)
    assert (answer.status_code, answer.headers["content-type"]) == (200, JSON)
    assert answer.json()["boolean"] is True


def test_the_default_graph_of_the_request(ask) -> None:  # type: ignore[no-untyped-def]
    assert values(ask(IN, ("default-graph-uri", FIRST))) == ["1"]


def test_several_default_graphs_are_merged(ask) -> None:  # type: ignore[no-untyped-def]
    assert values(ask(IN, ("default-graph-uri", FIRST), ("default-graph-uri", SECOND))) == ["1", "2"]


def test_named_graphs_alone_leave_the_default_graph_empty(ask) -> None:  # type: ignore[no-untyped-def]
    named = [("named-graph-uri", FIRST), ("named-graph-uri", THIRD)]
    assert values(ask(IN_NAMED, *named)) == ["1", "3"]
    assert values(ask(IN, *named)) == []


def test_default_and_named_graphs_together(ask) -> None:  # type: ignore[no-untyped-def]
    dataset = [("default-graph-uri", FIRST), ("named-graph-uri", SECOND), ("named-graph-uri", THIRD)]
    assert values(ask(IN, *dataset)) == ["1"]
    assert values(ask(IN_NAMED, *dataset)) == ["2", "3"]


def test_the_dataset_of_the_request_goes_before_that_of_the_query(ask) -> None:  # type: ignore[no-untyped-def]
    within = IN.replace("WHERE", f"FROM <{FIRST}> FROM NAMED <{FIRST}> WHERE")
    assert values(ask(within)) == ["1"]
    assert values(ask(within, ("default-graph-uri", SECOND))) == ["2"]


def test_without_a_dataset_the_whole_state_is_asked(ask) -> None:  # type: ignore[no-untyped-def]
    assert values(ask(IN)) == ["1", "2", "3"]
    assert values(ask(IN_NAMED)) == ["1", "2", "3"]


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
def test_a_relative_graph_and_one_that_is_not_there(ask, name: str) -> None:  # type: ignore[no-untyped-def]
    for relative in ("data1", "/graph/x", "", "http://a b/", "<urn:x>", "urn:a> } DROP ALL"):
        assert ask(ASK, (name, relative)).status_code == 400, relative
    missing = ask(ASK, (name, FIRST), (name, f"{BASE}graph/none"))
    assert missing.status_code == 400
    assert missing.json()["missing"] == [f"{BASE}graph/none"]
    assert missing.json()["graphs"] == f"{BASE}graphs"
    assert ask(ASK, (name, f"{BASE}internal/notes")).json()["missing"]


def test_malformed_queries_name_the_place(ask) -> None:  # type: ignore[no-untyped-def]
    answer = ask("SELECT *\nWHERE { ?s ?p")
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert (answer.json()["line"], answer.json()["column"] >= 13) == (2, True)
    for text, line, column in (
        ("", 1, 1),
        ("   ", 1, 1),
        ("# nothing", 1, 1),
        ("SELEC * {}", 1, 1),
        ("PREFIX a: <urn:a>\n HELLO", 2, 2),
        ("SELECT", 1, 7),
        ("SELECT * WHERE { ?s ?p ?o } }", 1, 30),
        ("ASK { ?s foaf:name ?o }", 1, 10),
        ("PREFIX a: <urn:a>\nASK { ?x a c:x ; a:b 'c:y' }", 2, 12),
        ("SELECT ?x ?x {}", 1, 16),
        ("ASK { 'open }", 1, 7),
    ):
        problem = ask(text).json()
        assert (problem["status"], problem["line"], problem["column"]) == (400, line, column), text
        assert not re.search(r"LATERAL|expected|\[|SERVICE", problem["detail"]), "nothing of the grammar"
    assert "“c:”" in ask("PREFIX a: <urn:a> ASK { ?x a c:x }").json()["detail"]


@pytest.mark.parametrize("text", ["INSERT DATA { <urn:a> <urn:b> 1 }", "DROP ALL", "CLEAR DEFAULT"])
def test_an_update_is_no_query(ask, text: str) -> None:  # type: ignore[no-untyped-def]
    assert ask(text).status_code == 400


def test_one_query_and_no_update(client: httpx2.Client) -> None:
    def get(*fields: tuple[str, str]) -> httpx2.Response:
        return client.get("/sparql?" + urlencode(fields))

    def post(kind: str, body: str, *fields: tuple[str, str]) -> httpx2.Response:
        return client.post("/sparql?" + urlencode(fields), content=body, headers={"Content-Type": kind})

    twice = [("query", ASK), ("query", ASK)]
    assert get(*twice).status_code == 400
    assert get(("default-graph-uri", FIRST)).status_code == 400
    assert get(("query", ASK), ("update", "DROP ALL")).status_code == 400
    assert get(("update", "DROP ALL")).status_code == 400
    assert post(FORM, urlencode(twice)).status_code == 400
    assert post(FORM, urlencode(twice[:1]), *twice[:1]).status_code == 400
    assert post(FORM, "").status_code == 400
    assert post(FORM, urlencode({"update": "DROP ALL"})).status_code == 400
    assert post(DIRECT, ASK, *twice[:1]).status_code == 400
    assert post(DIRECT, "").status_code == 400


@pytest.mark.parametrize(
    "kind",
    [
        None,
        "",
        "text/plain",
        "application/sparql-update",
        "application/json",
        "multipart/form-data; boundary=x",
        f"{DIRECT}; charset=utf-16",
        f"{FORM}; charset=ISO-8859-1",
    ],
)
def test_other_media_types_are_refused(client: httpx2.Client, kind: str | None) -> None:
    headers = {} if kind is None else {"Content-Type": kind}
    answer = client.post("/sparql", content=ASK.encode(), headers=headers)
    assert answer.status_code == 415
    if not kind or "charset" not in kind:
        assert answer.headers["accept"] == f"{DIRECT}, {FORM}"
    assert client.post("/sparql", content=urlencode({"query": ASK}).encode(), headers=headers).status_code == 415


def test_the_charset_utf_8_may_be_said_and_other_bytes_are_refused(client: httpx2.Client) -> None:
    query = 'SELECT ("chủ trì" AS ?x) {}'
    for kind in (DIRECT, f"{DIRECT}; charset=UTF-8", f'{DIRECT};charset="utf-8"'):
        assert values(client.post("/sparql", content=query.encode(), headers={"Content-Type": kind})) == ["chủ trì"]
    wrong = client.post("/sparql", content=query.encode("utf-16"), headers={"Content-Type": DIRECT})
    assert wrong.status_code == 400
    assert client.get("/sparql?query=ASK%7B%3Fs%20%3Fp%20%22%FF%22%7D").status_code == 400
    assert values(client.get("/sparql?query=" + quote(query))) == ["chủ trì"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_allowed(client: httpx2.Client, method: str) -> None:
    answer = client.request(method, "/sparql", params={"query": ASK})
    assert answer.status_code == 405
    assert {one.strip() for one in answer.headers["allow"].split(",")} == {"GET", "HEAD", "OPTIONS", "POST"}


def test_options_and_head(client: httpx2.Client) -> None:
    options = client.request("OPTIONS", "/sparql")
    assert options.status_code in (200, 204)
    assert "POST" in options.headers["allow"]
    whole = client.get("/sparql", params={"query": IN})
    head = client.head("/sparql", params={"query": IN})
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "content-length", "etag", "vary"):
        assert head.headers[name] == whole.headers[name]


def test_pages_of_other_sites_may_ask(client: httpx2.Client) -> None:
    answer = client.get("/sparql", params={"query": ASK}, headers={"Origin": "https://elsewhere.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    asked = {
        "Origin": "https://elsewhere.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    preflight = client.request("OPTIONS", "/sparql", headers=asked)
    assert preflight.status_code in (200, 204)
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert "content-type" in preflight.headers["access-control-allow-headers"].lower()


def test_a_packed_body_is_unpacked(client: httpx2.Client) -> None:
    import gzip

    headers = {"Content-Type": DIRECT, "Content-Encoding": "gzip"}
    assert client.post("/sparql", content=gzip.compress(ASK.encode()), headers=headers).json()["boolean"] is True


def test_relative_iris_in_a_query_are_resolved_by_the_base_of_the_catalogue(client: httpx2.Client) -> None:
    assert values(client.get("/sparql", params={"query": "SELECT (STR(<id/x>) AS ?x) {}"})) == [f"{BASE}id/x"]


def test_the_parameters_of_our_own(client: httpx2.Client) -> None:
    def status(**parameters: str) -> int:
        return int(client.get("/sparql", params={"query": ASK, **parameters}).status_code)

    assert status(timeout="5") == status(timeout="0.5") == 200
    assert status(timeout="0") == status(timeout="-1") == status(timeout="soon") == status(timeout="nan") == 400
    assert status(format="nothing") == status(format="json", output="csv") == status(excel="2") == 400
    assert status(excel="1", format="xml") == 400
    assert client.get(f"/sparql?query={quote(ASK)}&timeout=1&timeout=2").status_code == 400


def test_the_timeout_narrows_the_time(client: httpx2.Client) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    answer = client.get("/sparql", params={"query": endless, "timeout": "0.3"})
    assert answer.status_code == 504
    assert json.loads(client.get("/sparql", params={"query": ASK}).content)["boolean"] is True


def test_a_query_ends_when_its_client_goes_away(tmp_path_factory: pytest.TempPathFactory) -> None:
    endless = {"query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"}
    settings = folder(tmp_path_factory.mktemp("gone"), query_workers=1, query_seconds=60.0)
    with serving_folder(settings) as client:
        address = str(client.base_url.join("/sparql"))
        for method in ("GET", "POST"):
            with pytest.raises(httpx2.ReadTimeout):
                if method == "GET":
                    httpx2.get(address, params=endless, timeout=0.5)
                else:
                    httpx2.post(address, data=endless, timeout=0.5)
            # The only process is free again long before the minute is over.
            assert client.get("/sparql", params={"query": ASK}, timeout=15).json()["boolean"] is True
