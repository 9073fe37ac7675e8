"""In which form an answer comes, for how long it holds, of which state it is, and what a browser gets."""

import csv
import io
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

import httpx2
import pytest
from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from catalogue.settings import Settings
from catalogue.writing import Writer
from tests.api.test_pages import HTML, Page
from tests.serving import BASE, bearer, folder, serving_folder, token

ROW = 'SELECT ("=1+1" AS ?a) ("-5" AS ?b) ("chủ trì, \\"x\\"" AS ?c) (<urn:x> AS ?d) ("a\\nb"@vi AS ?e) (0.5 AS ?f) {}'
SOLUTIONS = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "application/xml": QueryResultsFormat.XML,
    "text/xml": QueryResultsFormat.XML,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
GRAPHS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/json": RdfFormat.JSON_LD,
    "application/trig": RdfFormat.TRIG,
    "application/n-quads": RdfFormat.N_QUADS,
}
CONSTRUCT = 'CONSTRUCT { <urn:s> <urn:p#q> ?x } WHERE { VALUES ?x { "chủ trì"@vi 1 <urn:o> } }'


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A folder with the small catalogue."""
    return folder(tmp_path_factory.mktemp("forms"), query_rows=3_000)


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[httpx2.Client]:
    """A client of a server over it."""
    with serving_folder(settings) as found:
        yield found


def get(client: httpx2.Client, query: str, accept: str = "*/*", **parameters: str) -> httpx2.Response:
    return client.get("/sparql", params={"query": query, **parameters}, headers={"Accept": accept})


def sent(client: httpx2.Client, query: str, accept: str) -> str:
    answer = get(client, query, accept)
    assert answer.status_code == 200, answer.text
    return str(answer.headers["content-type"].partition(";")[0])


@pytest.mark.parametrize("media_type", SOLUTIONS)
def test_every_form_of_solutions_says_the_same(client: httpx2.Client, media_type: str) -> None:
    answer = get(client, ROW, media_type)
    assert answer.headers["content-type"].partition(";")[0] == media_type
    found = parse_query_results(answer.content, SOLUTIONS[media_type])
    rows = [list(row) for row in found]  # type: ignore[union-attr]
    assert [term.value for term in rows[0]] == ["=1+1", "-5", 'chủ trì, "x"', "urn:x", "a\nb", "0.5"]
    assert rows[0][4].language == "vi"
    del found


@pytest.mark.parametrize("media_type", SOLUTIONS)
def test_ask_in_every_form(client: httpx2.Client, media_type: str) -> None:
    found = parse_query_results(get(client, "ASK { ?s ?p ?o }", media_type).content, SOLUTIONS[media_type])
    assert isinstance(found, QueryBoolean) and bool(found)


@pytest.mark.parametrize("media_type", GRAPHS)
@pytest.mark.parametrize("query", [CONSTRUCT, f"DESCRIBE <{BASE}id/agency/thu.ubnd>"])
def test_every_form_of_graphs_says_the_same(client: httpx2.Client, media_type: str, query: str) -> None:
    answer = get(client, query, media_type)
    assert answer.headers["content-type"].partition(";")[0] == media_type
    reference = {quad.triple for quad in parse(get(client, query, "text/turtle").content, RdfFormat.TURTLE)}
    assert {quad.triple for quad in parse(answer.content, GRAPHS[media_type])} == reference
    assert len(reference) >= 3


@pytest.mark.parametrize(
    ("accept", "solutions", "graph"),
    [
        ("*/*", "application/sparql-results+json", "text/turtle"),
        ("", "application/sparql-results+json", "text/turtle"),
        ("text/csv;q=0.5, application/sparql-results+xml", "application/sparql-results+xml", None),
        ("text/csv;q=0.9, application/sparql-results+xml;q=0.1, text/turtle;q=0.3", "text/csv", "text/turtle"),
        ("application/sparql-results+json;q=0, */*;q=0.1", "application/json", "text/turtle"),
        ("text/*;q=0.8, application/*;q=0.2", "text/xml", "text/turtle"),
        ("application/ld+json, text/tab-separated-values", "text/tab-separated-values", "application/ld+json"),
        ("APPLICATION/N-TRIPLES, Text/CSV", "text/csv", "application/n-triples"),
        (HTML["Accept"], "text/html", "text/html"),
    ],
)
def test_quality_values_decide(client: httpx2.Client, accept: str, solutions: str, graph: str | None) -> None:
    assert sent(client, ROW, accept) == solutions
    if graph is None:
        assert get(client, CONSTRUCT, accept).status_code == 406
    else:
        assert sent(client, CONSTRUCT, accept) == graph


def test_what_fits_nobody_is_406_with_the_list(client: httpx2.Client) -> None:
    for query, accept in ((ROW, "image/png"), (ROW, "text/turtle"), (CONSTRUCT, "text/csv"), (ROW, "*/*;q=0")):
        answer = get(client, query, accept)
        assert answer.status_code == 406
        assert len(answer.json()["available"]) >= 6
    assert client.get("/sparql", headers={"Accept": "text/csv"}).status_code == 406


@pytest.mark.parametrize(
    ("name", "solutions", "graph"),
    [
        ("json", "application/sparql-results+json", "application/ld+json"),
        ("xml", "application/sparql-results+xml", "application/rdf+xml"),
        ("csv", "text/csv", None),
        ("tsv", "text/tab-separated-values", None),
        ("ttl", None, "text/turtle"),
        ("turtle", None, "text/turtle"),
        ("nt", None, "application/n-triples"),
        ("rdf+xml", None, "application/rdf+xml"),
        ("json-ld", None, "application/ld+json"),
    ],
)
def test_a_form_by_its_name_goes_before_accept(
    client: httpx2.Client, name: str, solutions: str | None, graph: str | None
) -> None:
    for query, media_type in ((ROW, solutions), (CONSTRUCT, graph)):
        for parameter in ("format", "output"):
            answer = get(client, query, "application/n-quads, text/html", **{parameter: name})
            if media_type is None:
                assert answer.status_code == 406
            else:
                assert answer.headers["content-type"].partition(";")[0] == media_type


def test_csv_stays_as_the_standard_says_and_the_excel_form_is_guarded(client: httpx2.Client) -> None:
    plain = get(client, ROW, "text/csv")
    assert plain.content.startswith(b"a,b,c,d,e,f\r\n=1+1,-5,")
    assert list(csv.reader(io.StringIO(plain.text, newline="")))[1][2:5] == ['chủ trì, "x"', "urn:x", "a\nb"]
    excel = get(client, ROW, excel="1")
    assert excel.content.startswith(b"\xef\xbb\xbf")
    assert excel.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert "attachment" in excel.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(excel.content.decode("utf-8-sig"), newline="")))
    assert rows == [["a", "b", "c", "d", "e", "f"], ["'=1+1", "-5", 'chủ trì, "x"', "urn:x", "a\nb", "0.5"]]
    harmful = ["@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "=a,b", '="x"', "\t=1", "\r=1"]
    quoted = " ".join('"' + one.replace('"', '\\"').replace("\t", "\\t").replace("\r", "\\r") + '"' for one in harmful)
    guarded = get(client, f"SELECT ?x {{ VALUES ?x {{ {quoted} }} }}", excel="1").content.decode("utf-8-sig")
    assert [row[0] for row in list(csv.reader(io.StringIO(guarded, newline="")))[1:]] == ["'" + one for one in harmful]


def test_a_cache_is_told_when_an_answer_still_holds(client: httpx2.Client) -> None:
    answer = get(client, ROW)
    assert "Accept" in answer.headers["vary"]
    assert parsedate_to_datetime(answer.headers["last-modified"])
    again = client.get("/sparql", params={"query": ROW}, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"].strip('"').removesuffix("-gzip") == answer.headers["etag"].strip('"')
    other = client.get(
        "/sparql", params={"query": ROW}, headers={"If-None-Match": answer.headers["etag"], "Accept": "text/csv"}
    )
    assert other.status_code == 200
    assert get(client, ROW + " ").headers["etag"] != answer.headers["etag"]
    since = client.get("/sparql", params={"query": ROW}, headers={"If-Modified-Since": answer.headers["last-modified"]})
    assert since.status_code == 304


def test_304_costs_no_query(client: httpx2.Client) -> None:
    slow = {"query": "SELECT (COUNT(*) AS ?n) { ?a a ?b . ?c a ?d FILTER(?a != ?c) }"}
    begun = time.perf_counter()
    whole = client.get("/sparql", params=slow)
    took = time.perf_counter() - begun
    assert whole.status_code == 200
    quickest = took
    for _ in range(5):  # the machine may be busy in one moment, hardly in five
        begun = time.perf_counter()
        again = client.get("/sparql", params=slow, headers={"If-None-Match": whole.headers["etag"]})
        assert again.status_code == 304
        quickest = min(quickest, time.perf_counter() - begun)
    assert quickest < took / 5


@pytest.mark.parametrize("call", ["NOW()", "RAND()", "UUID()", "STRUUID()"])
def test_what_is_new_every_time_is_not_kept(client: httpx2.Client, call: str) -> None:
    answer = get(client, f"SELECT ({call} AS ?x) {{}}")
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


def test_an_error_is_not_kept_and_never_a_200(client: httpx2.Client) -> None:
    many = get(client, "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 3001")
    assert many.status_code == 422
    assert (many.json()["limit"], many.json()["value"]) == ("CHISO_QUERY_ROWS", 3_000)
    assert many.headers["cache-control"] == "no-store"


def test_analysts_have_limits_of_their_own(client: httpx2.Client, settings: Settings) -> None:
    query = {"query": "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 3001"}
    analyst = client.get("/sparql", params=query, headers=bearer(token(settings, "analyst")))
    assert len(analyst.json()["results"]["bindings"]) == 3_001
    assert client.get("/sparql", params=query, headers=bearer("chiso_wrong")).status_code == 401
    assert client.get("/sparql", params=query, headers=bearer(token(settings, "write"))).status_code == 422


def test_an_earlier_state_can_be_asked_and_an_unknown_one_names_those_kept(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    settings = folder(tmp_path_factory.mktemp("states"))
    graph = NamedNode(f"{BASE}graph/state.confirmed")
    writer = Writer(settings)
    try:
        states = [
            writer.put(
                graph,
                [
                    Triple(graph, NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), NamedNode("urn:x")),
                    Triple(NamedNode("urn:thing"), NamedNode("urn:is"), Literal(word)),
                ],
            ).state
            for word in ("first", "second")
        ]
    finally:
        writer.close()
    query = {"query": "SELECT ?x { <urn:thing> <urn:is> ?x }"}
    with serving_folder(settings) as client:

        def said(**parameters: str) -> str:
            answer = client.get("/sparql", params={**query, **parameters})
            return str(answer.json()["results"]["bindings"][0]["x"]["value"])

        assert (said(), said(state=states[1]), said(state=states[0])) == ("second", "second", "first")
        older = client.get("/sparql", params={**query, "state": states[0]})
        assert older.headers["etag"] != client.get("/sparql", params=query).headers["etag"]
        described = client.get("/sparql", params={"state": states[0]})
        assert described.headers["etag"] != client.get("/sparql").headers["etag"] and graph.value in described.text
        assert client.get("/sparql", params={"state": "none"}).status_code == 404
        named = {"default-graph-uri": graph.value, "state": states[0]}
        assert said(**named) == "first"
        for unknown in ("none", "..", "../store", "current"):
            answer = client.get("/sparql", params={**query, "state": unknown})
            assert answer.status_code == 404, unknown
            assert set(states) <= set(answer.json()["states"])


def test_the_page_with_its_form_and_with_the_answer(client: httpx2.Client) -> None:
    empty = client.get("/sparql", headers=HTML)
    assert empty.headers["content-type"] == "text/html; charset=utf-8"
    assert "<textarea" in empty.text and 'href="/queries"' in empty.text
    answer = get(client, f"SELECT * {{ <{BASE}id/agency/thu.ubnd> ?p ?o }} ORDER BY ?o", HTML["Accept"])
    assert "<table" in answer.text and 'href="/doc/' in answer.text
    assert "excel=1" in answer.text and "format=csv" in answer.text
    for language, words in (("vi", "Kết quả"), ("en", "Results")):
        assert words in get(client, ROW, HTML["Accept"], lang=language).text
    Page(answer.text)
    graph = get(client, CONSTRUCT, HTML["Accept"]).text
    assert "urn:o" in graph and "chủ trì" in graph
    assert "Đúng." in get(client, "ASK {}", HTML["Accept"]).text
    for nothing in (
        "SELECT * {}",
        "SELECT ?x { ?x <urn:none> ?y }",
        "CONSTRUCT { ?x <urn:none> ?y } { ?x <urn:none> ?y }",
    ):
        assert get(client, nothing, HTML["Accept"]).status_code == 200


def test_the_page_shows_the_first_rows_and_says_how_many_there_are(client: httpx2.Client) -> None:
    page = get(client, "SELECT * { ?a ?b ?c } LIMIT 1500", HTML["Accept"]).text
    assert page.count("<tr>") == 1_001
    assert "1500" in page and "1000" in page
    graph = get(client, "CONSTRUCT { ?a ?b ?c } { ?a ?b ?c } LIMIT 1500", HTML["Accept"]).text
    assert graph.count("<tr>") == 1_001


def test_the_page_keeps_the_query_and_says_what_is_wrong_with_it(client: httpx2.Client) -> None:
    answer = get(client, 'SELECT "<script>alert(1)</script>', HTML["Accept"])
    assert answer.status_code == 400
    assert "&lt;script&gt;" in answer.text and "<script>" not in answer.text
    assert 'role="alert"' in answer.text
    assert get(client, "ASK { SERVICE <http://x/> {} }", HTML["Accept"]).status_code == 403
    value = get(client, 'SELECT ("<img src=x>" AS ?x) (<javascript:alert(1)> AS ?y) {}', HTML["Accept"]).text
    assert "<img src=x>" not in value and 'href="javascript:' not in value


def test_a_store_without_a_folder_says_where_to_ask(tmp_path_factory: pytest.TempPathFactory) -> None:
    from tests.api.conftest import serving, small_catalogue

    with serving(small_catalogue()) as client:
        assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 501
        assert client.get("/queries/overview").status_code == 501
        assert client.get("/queries", headers={"Accept": "text/html"}).status_code == 200
