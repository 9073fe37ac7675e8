"""`/id`, `/doc` and `/ns`: redirects, every form, negotiation."""

import json

import httpx2
import pytest
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, parse

FORMS = {
    "ttl": ("text/turtle", RdfFormat.TURTLE),
    "jsonld": ("application/ld+json", RdfFormat.JSON_LD),
    "rdf": ("application/rdf+xml", RdfFormat.RDF_XML),
    "nt": ("application/n-triples", RdfFormat.N_TRIPLES),
    "trig": ("application/trig", RdfFormat.TRIG),
    "nq": ("application/n-quads", RdfFormat.N_QUADS),
}


def test_a_thing_leads_to_its_document(client: httpx2.Client) -> None:
    answer = client.get("/id/agency/thu.ubnd")
    assert (answer.status_code, answer.headers["location"]) == (303, "/doc/agency/thu.ubnd")
    assert client.get("/id/agency/thu.ubnd.ttl").headers["location"] == "/doc/agency/thu.ubnd.ttl"
    kept = client.get("/id/agency/thu.ubnd?asOf=2024-06-30").headers["location"]
    assert kept == "/doc/agency/thu.ubnd?asOf=2024-06-30"


@pytest.mark.parametrize("suffix", FORMS)
def test_every_form_by_suffix_and_by_accept_says_the_same(client: httpx2.Client, suffix: str) -> None:
    media_type, form = FORMS[suffix]
    by_suffix = client.get(f"/doc/indicator/thu.1.{suffix}")
    by_accept = client.get("/doc/indicator/thu.1", headers={"Accept": media_type})
    assert by_suffix.headers["content-type"].startswith(media_type)
    assert by_accept.content == by_suffix.content
    triples = {quad.triple for quad in parse(by_suffix.content, form)}
    turtle = {quad.triple for quad in parse(client.get("/doc/indicator/thu.1.ttl").content, RdfFormat.TURTLE)}
    assert triples == turtle
    assert len(triples) >= 6


def test_a_document_says_which_graphs_it_is_from_and_how_sure_each_is(client: httpx2.Client) -> None:
    quads = list(parse(client.get("/doc/indicator/thu.1.trig").content, RdfFormat.TRIG))
    document = NamedNode("https://synthetic.example/doc/indicator/thu.1")
    about = {(q.subject, q.predicate.value.rpartition("/")[2].rpartition("#")[2]): q.object for q in quads}
    assert about[document, "primaryTopic"] == NamedNode("https://synthetic.example/id/indicator/thu.1")
    marked = {q.graph_name for q in quads if not isinstance(q.graph_name, DefaultGraph)}
    named = {q.object for q in quads if q.subject == document and q.predicate.value.endswith("terms/source")}
    assert named == marked and len(marked) == 2
    marks = set()
    for graph in marked:
        assert isinstance(graph, NamedNode)
        source, mark = about[graph, "source"], about[graph, "verification"]
        assert isinstance(source, NamedNode) and "/id/source/" in source.value
        assert isinstance(mark, NamedNode) and graph.value.endswith("." + mark.value.rpartition("/")[2])
        marks.add(mark.value.rpartition("/")[2])
    assert marks == {"confirmed", "unverified"}
    stated = {q.triple for q in quads if q.graph_name in marked}
    assert all(t.subject != document for t in stated)
    turtle = client.get("/doc/indicator/thu.1.ttl").text
    assert "foaf:primaryTopic" in turtle and "chiso:verification" in turtle


def test_quality_values_decide(client: httpx2.Client) -> None:
    def sent(accept: str) -> str:
        return str(client.get("/doc/indicator/thu.1", headers={"Accept": accept}).headers["content-type"])

    assert sent("text/html;q=0.4, text/turtle;q=0.9").startswith("text/turtle")
    assert sent("application/*").startswith("application/ld+json")
    assert sent("*/*").startswith("text/html")
    assert sent("text/html;q=0, */*;q=0.1").startswith("text/turtle")


def test_a_form_that_does_not_exist_is_406(client: httpx2.Client) -> None:
    for path in ("/doc/indicator/thu.1", "/ns"):
        answer = client.get(path, headers={"Accept": "image/png"})
        assert answer.status_code == 406
        assert "text/turtle" in answer.json()["available"]


def test_links_and_vary(client: httpx2.Client) -> None:
    answer = client.get("/doc/indicator/thu.1", headers={"Accept": "text/turtle"})
    assert answer.headers["vary"] == "Accept, Accept-Encoding"
    assert answer.headers["content-location"] == "/doc/indicator/thu.1.ttl"
    links = answer.headers["link"]
    assert '</doc/indicator/thu.1>; rel="canonical"' in links
    assert '</doc/indicator/thu.1.jsonld>; rel="alternate"; type="application/ld+json"' in links
    assert '<https://synthetic.example/id/indicator/thu.1>; rel="describes"' in links
    by_suffix = client.get("/doc/indicator/thu.1.ttl").headers
    assert by_suffix["vary"] == "Accept-Encoding" and "content-location" not in by_suffix


def test_keys_in_vietnamese(client: httpx2.Client) -> None:
    address = "/id/indicator/thu.ch%E1%BB%89-s%E1%BB%91"
    answer = client.get(address)
    assert answer.headers["location"] == address.replace("/id/", "/doc/")
    page = client.get(answer.headers["location"], headers={"Accept": "text/html"})
    assert "Chỉ số có khóa tiếng Việt" in page.text
    assert client.get(answer.headers["location"] + ".nt").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/id/agency/none", "/id/nothing/x", "/doc/agency/none.ttl", "/doc/agency/%00%ff", "/doc/a%20b/%3Cx%3E", "/ns.exe"],
)
def test_what_is_not_there_is_404(client: httpx2.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_vocabulary_in_every_form(client: httpx2.Client) -> None:
    page = client.get("/ns", headers={"Accept": "text/html"})
    assert 'id="Indicator"' in page.text
    assert 'id="code-role.chu-tri"' in page.text
    for suffix, (media_type, form) in FORMS.items():
        answer = client.get(f"/ns.{suffix}")
        assert answer.headers["content-type"].startswith(media_type)
        assert sum(1 for _ in parse(answer.content, form)) > 100


def test_json_ld_is_compact_and_needs_no_context_from_elsewhere(client: httpx2.Client) -> None:
    document = json.loads(client.get("/doc/indicator/thu.1.jsonld").content)
    assert set(document) == {"@context", "@graph"}
    assert all(isinstance(value, str) for value in document["@context"].values())
    thing = next(node for node in document["@graph"] if node["@id"].endswith("/thu.1"))
    assert thing["@type"] == "chiso:Indicator"
    assert thing["skos:notation"] == "T1"
