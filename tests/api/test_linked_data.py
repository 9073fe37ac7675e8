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


@pytest.mark.parametrize(
    ("key", "status"),
    [
        ("thu.ch%e1%bb%89-s%e1%bb%91", 303),  # lower-case escapes
        ("thu.chi%CC%89-so%CC%82%CC%81", 303),  # decomposed letters (NFD)
        ("thu.ch%25E1%25BB%2589-s%25E1%25BB%2591", 404),  # escaped twice: another key
        ("..%2f..%2fetc%2fpasswd", 404),
        ("%2e%2e%2fthu.1", 404),
        ("thu.1%00", 404),
        ("thu.1%2Fx", 404),
        ("%EF%BF%BD%ff", 404),
        ("x" * 600, 422),
    ],
)
def test_keys_however_they_are_written(client: httpx2.Client, key: str, status: int) -> None:
    assert client.get(f"/id/indicator/{key}").status_code == status
    expected = 200 if status == 303 else status
    assert client.get(f"/doc/indicator/{key}", headers={"Accept": "text/turtle"}).status_code == expected


@pytest.mark.parametrize(
    ("accept", "sent"),
    [
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted, x;q=0"', "application/ld+json"),
        ("text/turtle;version=1.2;q=0.5, text/html;q=0.4", "text/turtle"),
        ("TEXT/TURTLE ; Q=1", "text/turtle"),
        ("text/turtle;q=0, application/n-triples;q=0.001", "application/n-triples"),
        ("text/turtle," + "a/b," * 5_000, "text/turtle"),
        ("*", "text/html"),
        ("*/*;q=0", None),
        ("text/turtle;q=0", None),
    ],
)
def test_odd_accept_headers(client: httpx2.Client, accept: str, sent: str | None) -> None:
    for _ in range(2):
        answer = client.get("/doc/indicator/thu.1", headers={"Accept": accept})
        assert answer.status_code == (406 if sent is None else 200)
        assert sent is None or answer.headers["content-type"].startswith(sent)


def test_the_way_from_a_thing_names_every_form(client: httpx2.Client) -> None:
    for answer in (client.get("/id/indicator/thu.1"), client.head("/id/indicator/thu.1")):
        assert (answer.status_code, answer.headers["vary"]) == (303, "Accept")
        assert '</doc/indicator/thu.1>; rel="describedby"' in answer.headers["link"]
        assert answer.headers["link"].count('rel="alternate"') == 7
    page = client.get("/doc/indicator/thu.1", headers={"Accept": "text/html"}).headers
    assert '</doc/indicator/thu.1.ttl>; rel="describedby"; type="text/turtle"' in page["link"]
    assert {"accept", "accept-language", "cookie"} <= {one.strip() for one in page["vary"].lower().split(",")}


def test_terms_codes_and_shapes_have_addresses(client: httpx2.Client) -> None:
    assert client.get("/ns/Indicator").headers["location"] == "/ns#Indicator"
    assert client.get("/ns/code/role/chu-tri").headers["location"] == "/ns#code-role.chu-tri"
    assert client.get("/ns/Nothing").status_code == 404
    shapes = client.get("/shapes", headers={"Accept": "text/html, */*;q=0.1"})
    assert shapes.headers["content-type"].startswith("text/turtle")
    assert any(
        quad.object == NamedNode("http://www.w3.org/ns/shacl#NodeShape")
        for quad in parse(shapes.content, RdfFormat.TURTLE)
    )
    assert client.get("/shapes.html").status_code == 404
