"""The update operation of the SPARQL 1.1 Protocol, on a real server over a real folder."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import httpx2
import pytest

from catalogue.settings import Settings
from tests import serving

BASE = serving.BASE
DIRECT = {"Content-Type": "application/sparql-update"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Updates:
    """A client that writes with a token that may write everything."""

    def __init__(self, client: httpx2.Client, settings: Settings) -> None:
        self.client = client
        self.settings = settings
        self.token = serving.bearer(serving.token(settings))

    def post(self, content: str | bytes, headers: dict[str, str] = DIRECT, query: str = "") -> httpx2.Response:
        body = content.encode() if isinstance(content, str) else content
        return self.client.post("/update" + query, content=body, headers={**self.token, **headers})

    def graph(self, iri: str) -> list[str]:
        """The triples of a graph, none where there is no graph."""
        address = "/graphs?graph=" + quote(iri, safe="")
        answer = self.client.get(address, headers={"Accept": "application/n-triples"})
        return sorted(answer.text.splitlines()) if answer.status_code == 200 else []


@pytest.fixture(scope="module")
def updates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Updates]:
    settings = serving.folder(tmp_path_factory.mktemp("update"))
    with serving.serving_folder(settings) as client:
        yield Updates(client, settings)


def test_direct_and_by_form(updates: Updates) -> None:
    direct = updates.post("CLEAR SILENT GRAPH <urn:g> ; INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 'ệ' } }")
    assert (direct.status_code, direct.content) == (204, b"")
    assert direct.headers["Chiso-State"]
    assert updates.graph("urn:g") == ['<urn:a> <urn:b> "ệ" .']
    by_form = updates.post(urlencode({"update": "DELETE DATA { GRAPH <urn:g> { <urn:a> <urn:b> 'ệ' } }"}), FORM)
    assert by_form.status_code == 204
    assert updates.graph("urn:g") == []
    charset = {"Content-Type": "application/sparql-update; charset=UTF-8"}
    assert updates.post("INSERT DATA { <urn:d> <urn:b> 1 }", charset).status_code == 204
    assert any("<urn:d>" in line for line in updates.graph(BASE + "graph/default"))


def test_the_base_of_the_request_resolves(updates: Updates) -> None:
    text = "BASE <http://example.org/> INSERT DATA { GRAPH <based> { <a> <b> <c> } }"
    assert updates.post(text).status_code == 204
    assert updates.graph("http://example.org/based") == [
        "<http://example.org/a> <http://example.org/b> <http://example.org/c> ."
    ]


def dataset(**given: Any) -> str:
    return urlencode({name.replace("_", "-"): iris for name, iris in given.items()}, doseq=True)


@pytest.mark.parametrize("as_form", [False, True])
def test_the_dataset_of_the_protocol(updates: Updates, as_form: bool) -> None:
    a, b, out = "urn:ds/a", "urn:ds/b", "urn:ds/out"
    fill = f"DROP SILENT GRAPH <{out}> ; CREATE SILENT GRAPH <{a}> ; INSERT DATA {{ GRAPH <{a}> {{ <urn:a> <urn:p> 1 }} GRAPH <{b}> {{ <urn:b> <urn:p> 1 }} }}"
    assert updates.post(fill).status_code == 204

    def send(text: str, fields: str) -> None:
        answer = (
            updates.post(fields + "&" + urlencode({"update": text}), FORM)
            if as_form
            else updates.post(text, query="?" + fields)
        )
        assert answer.status_code == 204, answer.text

    copy = f"INSERT {{ GRAPH <{out}> {{ ?s <urn:p> <urn:%s> }} }} WHERE {{ ?s <urn:p> ?o }}"
    named = f"INSERT {{ GRAPH <{out}> {{ ?s <urn:p> <urn:%s> }} }} WHERE {{ GRAPH ?g {{ ?s <urn:p> ?o }} }}"
    send(copy % "default", dataset(using_graph_uri=a))
    send(copy % "defaults", dataset(using_graph_uri=[a, b]))
    send(named % "named", dataset(using_named_graph_uri=b))
    send(named % "full", dataset(using_graph_uri=a, using_named_graph_uri=[a, b]))
    assert updates.graph(out) == sorted(
        [
            "<urn:a> <urn:p> <urn:default> .",
            "<urn:a> <urn:p> <urn:defaults> .",
            "<urn:b> <urn:p> <urn:defaults> .",
            "<urn:b> <urn:p> <urn:named> .",
            "<urn:a> <urn:p> <urn:full> .",
            "<urn:b> <urn:p> <urn:full> .",
        ]
    )


@pytest.mark.parametrize(
    ("content", "headers", "query", "status"),
    [
        ("update=CLEAR+NAMED", {}, "", 415),
        ("CLEAR NAMED", {"Content-Type": "text/plain"}, "", 415),
        ("CLEAR NAMED", {"Content-Type": "application/sparql-query"}, "", 415),
        ("", FORM, "", 400),
        ("other=x", FORM, "", 400),
        ("update=CLEAR+NAMED&update=CLEAR+DEFAULT", FORM, "", 400),
        ("update=CLEAR+NAMED&query=ASK+%7B%7D", FORM, "", 400),
        ("CLEAR NAMED", DIRECT, "?update=CLEAR+NAMED", 400),
        ("ASK { }", DIRECT, "", 400),
        ("SELECT * WHERE { ?s ?p ?o }", DIRECT, "", 400),
        ("CLEAR XYZ", DIRECT, "", 400),
        (b"INSERT DATA { <urn:a> <urn:b> '\xff' }", DIRECT, "", 400),
        (b"update=INSERT+DATA+%7B+%3Curn:a%3E+%3Curn:b%3E+%27%FF%27+%7D", FORM, "", 400),
        ("CLEAR NAMED".encode("utf-16"), {"Content-Type": "application/sparql-update; charset=utf-16"}, "", 415),
        ("INSERT { <urn:a> <urn:b> 1 } USING <urn:x> WHERE { ?s ?p ?o }", DIRECT, "?using-graph-uri=urn:y", 400),
        (
            "INSERT { <urn:a> <urn:b> 1 } USING NAMED <urn:x> WHERE { ?s ?p ?o }",
            DIRECT,
            "?using-named-graph-uri=urn:y",
            400,
        ),
        ("WITH <urn:x> INSERT { <urn:a> <urn:b> 1 } WHERE { ?s ?p ?o }", DIRECT, "?using-graph-uri=urn:y", 400),
        ("INSERT { <urn:a> <urn:b> 1 } WHERE { }", DIRECT, "?using-graph-uri=relative", 400),
        ("LOAD <http://127.0.0.1:9/a.ttl>", DIRECT, "", 403),
        ("INSERT { <urn:a> ?p 1 } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", DIRECT, "", 403),
        ("INSERT DATA { GRAPH <https://synthetic.example/graph/derived> { <urn:a> <urn:b> 1 } }", DIRECT, "", 403),
        ("INSERT { <urn:a> <urn:b> 1 } WHERE { " + "{" * 3_000 + "}" * 3_000 + " }", DIRECT, "", 422),
    ],
)
def test_bad_updates_are_refused_and_change_nothing(
    updates: Updates, content: str | bytes, headers: dict[str, str], query: str, status: int
) -> None:
    before = updates.client.get("/graphs?graph=" + quote(BASE + "graph/thu.confirmed")).headers["ETag"]
    answer = updates.post(content, {"Content-Type": "", **headers}, query)
    assert answer.status_code == status, answer.text
    assert updates.client.get("/graphs?graph=" + quote(BASE + "graph/thu.confirmed")).headers["ETag"] == before


def test_a_malformed_update_is_told_with_line_and_column(updates: Updates) -> None:
    problem = updates.post("INSERT DATA {\n  <urn:a> <urn:b> }").json()
    assert (problem["line"], problem["column"] > 0) == (2, True)
    assert str(updates.settings.data) not in str(problem), "where the data lies is nobody's business"
    problem = updates.post("INSERT DATA { <urn:a> x:b 1 }", {**DIRECT, "Accept-Language": "en"}).json()
    assert (problem["line"], problem["column"], "“x:”" in problem["detail"]) == (1, 23, True)
    problem = updates.post("HELLO {}").json()
    assert (problem["status"], problem["line"], problem["column"]) == (400, 1, 1)


def test_graphs_are_made_and_dropped_without_statements(updates: Updates) -> None:
    def read(iri: str) -> int:
        return updates.client.get("/graphs?graph=" + quote(iri, safe=""), headers={"Accept": "text/turtle"}).status_code

    def steps(*several: tuple[str, int]) -> None:
        for text, status in several:
            assert updates.post(text).status_code == status, text

    steps(("CREATE GRAPH <urn:made>", 204), ("CREATE GRAPH <urn:made>", 409), ("CREATE SILENT GRAPH <urn:made>", 204))
    assert read("urn:made") == 200
    assert updates.post("CREATE GRAPH <urn:two> ; CREATE GRAPH <urn:made>").status_code == 409
    assert read("urn:two") == 404, "all or nothing"
    steps(("CLEAR GRAPH <urn:made>", 204), ("CLEAR GRAPH <urn:made>", 204), ("DROP GRAPH <urn:made>", 204))
    assert read("urn:made") == 404
    steps(("DROP GRAPH <urn:made>", 409), ("CLEAR GRAPH <urn:made>", 409), ("DROP SILENT GRAPH <urn:made>", 204))
    steps(("CREATE GRAPH <urn:made> ; INSERT DATA { GRAPH <urn:made> { <urn:a> <urn:b> 1 } }", 204))
    steps(("CREATE GRAPH <urn:made>", 409), ("CREATE GRAPH <urn:moved>", 204), ("MOVE <urn:made> TO <urn:moved>", 204))
    assert (read("urn:made"), updates.graph("urn:moved")[0].startswith("<urn:a>")) == (404, True)
    steps(("DELETE WHERE { GRAPH <urn:moved> { ?s ?p ?o } }", 204), ("DROP GRAPH <urn:moved>", 409))
    assert read("urn:moved") == 404
    steps(("BASE <urn:> CREATE GRAPH <based>", 204), ("DROP GRAPH <urn:based>", 204))


def test_who_makes_and_drops_empty_graphs(updates: Updates) -> None:
    own = serving.bearer(serving.token(updates.settings, graphs=("urn:own:*",)))
    for text, status in (
        ("CREATE GRAPH <urn:own:a>", 204),
        ("CREATE GRAPH <urn:theirs>", 403),
        (f"CREATE GRAPH <{BASE}internal/made>", 403),
        (f"CREATE GRAPH <{BASE}graph/derived>", 403),
    ):
        assert updates.post(text, {**DIRECT, **own}).status_code == status, text
    assert updates.post("CREATE GRAPH <urn:theirs>").status_code == 204
    assert updates.post("DROP GRAPH <urn:theirs>", {**DIRECT, **own}).status_code == 403
    assert updates.post("DROP GRAPH <urn:theirs>").status_code == 204
    assert updates.post("DROP GRAPH <urn:own:a>", {**DIRECT, **own}).status_code == 204


@pytest.mark.parametrize("text", ["", "  # nothing\n", "PREFIX a: <urn:a#>", "BASE <urn:a>\nPREFIX a: <b>"])
def test_a_request_without_an_operation_does_nothing(updates: Updates, text: str) -> None:
    before = updates.client.get("/sparql").headers["Chiso-State"]
    for answer in (updates.post(text), updates.post(urlencode({"update": text}), FORM)):
        assert (answer.status_code, answer.headers["Chiso-State"]) == (204, before)
    assert updates.client.post("/update", content=text, headers=DIRECT).status_code == 401


def test_load_is_told_the_way(updates: Updates) -> None:
    problem = updates.post("LOAD <http://127.0.0.1:9/a.ttl>", {**DIRECT, "Accept-Language": "en"}).json()
    assert "/graphs" in problem["detail"] and "chiso load" in problem["detail"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_updates_are_posted(updates: Updates, method: str) -> None:
    answer = updates.client.request(method, "/update?update=CLEAR%20ALL", headers=updates.token)
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_a_request_is_all_or_nothing(updates: Updates) -> None:
    invalid = f"<{BASE}id/indicator/x> a <https://w3id.org/chiso/ns#Indicator>"
    for second in (
        f"INSERT DATA {{ GRAPH <urn:two> {{ {invalid} }} }}",
        "INSERT DATA { oops }",
        "DROP GRAPH <urn:none>",
    ):
        answer = updates.post(f"INSERT DATA {{ GRAPH <urn:one> {{ <urn:a> <urn:b> 1 }} }} ; {second}")
        assert answer.status_code in (400, 409, 422), answer.text
        assert updates.graph("urn:one") == []


def test_who_may_write_what(updates: Updates) -> None:
    narrow = serving.bearer(serving.token(updates.settings, graphs=("urn:mine", BASE + "graph/team-*")))
    reader = serving.bearer(serving.token(updates.settings, "analyst", graphs=()))

    def send(text: str, who: dict[str, str]) -> httpx2.Response:
        return updates.client.post("/update", content=text, headers={**DIRECT, **who})

    triple = "<urn:a> <urn:b> 1"
    anonymous = send(f"INSERT DATA {{ {triple} }}", {})
    assert (anonymous.status_code, anonymous.headers["WWW-Authenticate"][:6]) == (401, "Bearer")
    assert send(f"INSERT DATA {{ {triple} }}", serving.bearer("chiso_wrong")).status_code == 401
    assert send(f"INSERT DATA {{ {triple} }}", {"Authorization": "Basic YTpi"}).status_code == 401
    assert send(f"INSERT DATA {{ {triple} }}", reader).status_code == 403
    assert send(f"INSERT DATA {{ GRAPH <urn:mine> {{ {triple} }} }}", narrow).status_code == 204
    assert send(f"INSERT DATA {{ GRAPH <{BASE}graph/team-a> {{ {triple} }} }}", narrow).status_code == 204
    for text in (
        f"INSERT DATA {{ {triple} }}",
        f"INSERT DATA {{ GRAPH <urn:mine> {{ {triple} }} GRAPH <urn:mine2> {{ {triple} }} }}",
        "CLEAR ALL",
        f"COPY <urn:mine> TO <{BASE}graph/thu.confirmed>",
        f"MOVE <{BASE}graph/thu.unverified> TO <urn:mine>",
        "DELETE WHERE { GRAPH ?g { ?s ?p ?o } }",
    ):
        refused = send(text, narrow)
        assert refused.status_code == 403, text
    assert updates.graph("urn:mine") == ['<urn:a> <urn:b> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .']
    assert len(updates.graph(BASE + "graph/thu.unverified")) > 1


def test_internal_graphs_stay_internal(updates: Updates) -> None:
    inside = BASE + "internal/a"
    keeper = serving.bearer(serving.token(updates.settings, "write", "internal", graphs=("*", BASE + "internal/*")))
    send = lambda text, who: updates.client.post("/update", content=text, headers={**DIRECT, **who}).status_code  # noqa: E731
    assert send(f"INSERT DATA {{ GRAPH <{inside}> {{ <urn:secret> <urn:b> 1 }} }}", keeper) == 204
    assert send(f"INSERT DATA {{ GRAPH <{inside}> {{ <urn:secret> <urn:b> 2 }} }}", updates.token) == 403
    assert (
        send(
            "INSERT { GRAPH <urn:leak> { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o FILTER(?s = <urn:secret>) } }",
            updates.token,
        )
        == 204
    )
    assert updates.graph("urn:leak") == [], "an update carried an internal statement into a public graph"
