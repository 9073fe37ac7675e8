"""What XML cannot hold, and names with Vietnamese letters, from the writing to every address that tells of them."""

from collections.abc import Iterator
from urllib.parse import quote
from xml.etree import ElementTree

import httpx2
import pytest
from pyoxigraph import Literal, RdfFormat, parse

from tests import serving

BASE = serving.BASE
RDF_XML = {"Accept": "application/rdf+xml"}
GRAPH = f"{BASE}graph/src.xml.confirmed"
RAW = f"{BASE}id/system/khóa-đặc-biệt"
EXTRA = f"""
<{GRAPH}> {{
  <urn:whole> <urn:says> "a\\r\\nb\\rc" .
  <urn:named> <http://e/1> 1 .
  <urn:typed> a <http://e/1> .
  <urn:control> <urn:says> "a\\u0001b" .
  <{RAW}> <http://www.w3.org/2000/01/rdf-schema#label> "Khóa"@vi .
}}
<{BASE}graph/đồ-thị> {{
  <{BASE}id/system/đã-đổi> <https://w3id.org/chiso/ns#withdrawn> "2025-01-01T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> ;
    <http://purl.org/dc/terms/isReplacedBy> <{RAW}> .
}}
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    settings = serving.folder(tmp_path_factory.mktemp("xml"), EXTRA)
    with serving.serving_folder(settings) as client:
        client.headers.update(serving.bearer(serving.token(settings)))
        yield client


def ask(client: httpx2.Client, query: str, form: str) -> httpx2.Response:
    return client.get("/sparql", params={"query": query, "format": form})


@pytest.mark.parametrize(
    ("subject", "word"), [("named", "<http://e/1>"), ("typed", "<http://e/1>"), ("control", "U+0001")]
)
def test_a_graph_that_xml_cannot_hold_is_406_and_says_why(client: httpx2.Client, subject: str, word: str) -> None:
    query = f"CONSTRUCT WHERE {{ <urn:{subject}> ?p ?o }}"
    answer = ask(client, query, "rdf")
    assert answer.status_code == 406 and word in answer.json()["detail"]
    assert "text/turtle" in answer.json()["available"]
    for form, kind in (("ttl", RdfFormat.TURTLE), ("jsonld", RdfFormat.JSON_LD)):
        assert len(list(parse(ask(client, query, form).content, kind))) == 1
    assert client.get(f"/graphs?graph={GRAPH}", headers=RDF_XML).status_code == 406
    assert client.get(f"/graphs?graph={GRAPH}", headers={"Accept": "text/turtle"}).status_code == 200


def test_names_that_rdf_xml_keeps_for_itself_are_406(client: httpx2.Client) -> None:
    own = "http://www.w3.org/1999/02/22-rdf-syntax-ns#Description"
    answer = ask(client, f"CONSTRUCT {{ <urn:a> <{own}> 1 }} WHERE {{}}", "rdf")
    assert answer.status_code == 406


def test_solutions_that_xml_cannot_hold_are_406(client: httpx2.Client) -> None:
    answer = ask(client, r"SELECT ('a\u0001b' AS ?x) {}", "xml")
    assert answer.status_code == 406 and "text/csv" in answer.json()["available"]
    assert ask(client, r"SELECT ('a\u0001b' AS ?x) {}", "json").status_code == 200
    assert ask(client, r"SELECT ('a\uFFFEb' AS ?x) {}", "xml").status_code == 406


def test_carriage_returns_come_through_xml(client: httpx2.Client) -> None:
    found = ask(client, "CONSTRUCT WHERE { <urn:whole> ?p ?o }", "rdf")
    assert [quad.object for quad in parse(found.content, RdfFormat.RDF_XML)] == [Literal("a\r\nb\rc")]
    rows = ElementTree.fromstring(ask(client, r"SELECT ('a\r\nb\rc' AS ?x) {}", "xml").content)  # noqa: S314 - our own
    assert [cell.text for cell in rows.iter("{http://www.w3.org/2005/sparql-results#}literal")] == ["a\r\nb\rc"]


def test_a_document_that_xml_cannot_hold_is_406(client: httpx2.Client) -> None:
    thing = f"{BASE}id/system/xml"
    put = client.put(
        "/graphs?graph=urn:xml", content=f"<{thing}> <http://e/1> 1 .", headers={"Content-Type": "text/turtle"}
    )
    assert put.status_code == 201, put.text
    assert client.get("/doc/system/xml.rdf").status_code == 406
    assert client.get("/doc/system/xml.ttl").status_code == 200


@pytest.mark.parametrize("letters", ["khóa-đặc-biệt", quote("khóa-đặc-biệt")])
def test_keys_stored_in_letters_are_found(client: httpx2.Client, letters: str) -> None:
    answer = client.get(f"/id/system/{letters}")
    assert answer.status_code == 303
    assert quote("khóa-đặc-biệt") in answer.headers["link"] and answer.headers["link"].isascii()
    for suffix in ("ttl", "jsonld", "rdf", "nt", "html"):
        assert client.get(f"{answer.headers['location']}.{suffix}").status_code == 200


@pytest.mark.parametrize("place", ["id", "doc"])
def test_a_successor_named_in_letters_is_told(client: httpx2.Client, place: str) -> None:
    for suffix in ("", ".ttl", ".html"):
        answer = client.get(f"/{place}/system/đã-đổi{suffix}")
        assert answer.status_code == 410
        assert f'<{BASE}id/system/{quote("khóa-đặc-biệt")}>; rel="successor-version"' in answer.headers["link"]


def test_a_graph_named_in_letters_is_found_where_its_location_says(client: httpx2.Client) -> None:
    iri = f"{BASE}graph/đồ-thị-mới"
    turtle = {"Content-Type": "text/turtle"}
    made = client.put(f"/graphs?graph={quote(iri, safe='')}", content="<urn:a> <urn:b> 1 .", headers=turtle)
    assert made.status_code == 201
    assert made.headers["location"].isascii()
    assert client.get(made.headers["location"], headers={"Accept": "text/turtle"}).status_code == 200
    listed = client.get("/graphs", headers={"Accept": "application/json"}).json()["graphs"]
    addresses = {one["iri"]: one["address"] for one in listed}
    assert client.get(addresses[iri], headers={"Accept": "text/turtle"}).status_code == 200
