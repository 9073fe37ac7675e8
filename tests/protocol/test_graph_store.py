"""SPARQL 1.1 Graph Store HTTP Protocol, on a real server over a real folder."""

import gzip
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse

from catalogue.settings import Settings
from tests import serving

BASE = serving.BASE
TURTLE = "text/turtle"


class Store:
    """A client that writes with a token that may write everything."""

    def __init__(self, client: httpx2.Client, settings: Settings) -> None:
        self.client = client
        self.settings = settings
        self._token = serving.bearer(serving.token(settings))

    def __call__(
        self, method: str, address: str, content: str | bytes | None = None, **options: Any
    ) -> httpx2.Response:
        headers = {
            **self._token,
            **({"Content-Type": TURTLE} if content is not None else {}),
            **options.pop("headers", {}),
        }
        body = content.encode() if isinstance(content, str) else content
        return self.client.request(method, address, content=body, headers=headers, **options)

    def read(self, address: str) -> str:
        """A graph in canonical N-Triples: equal for isomorphic graphs."""
        answer = self.client.get(address, headers={"Accept": "application/n-triples"})
        assert answer.status_code == 200, answer.text
        return canonical(answer.text)


def canonical(text: str, form: RdfFormat = RdfFormat.TURTLE, base: str | None = None) -> str:
    """RDF as sorted N-Triples with canonical blank nodes."""
    dataset = Dataset(Quad(q.subject, q.predicate, q.object) for q in parse(text, form, base_iri=base))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return "\n".join(sorted(str(quad) for quad in dataset))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    settings = serving.folder(tmp_path_factory.mktemp("graph-store"))
    with serving.serving_folder(settings) as client:
        yield Store(client, settings)


JOHN = """@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix v: <http://www.w3.org/2006/vcard/ns#> .
<person/1> a foaf:Person ; foaf:businessCard [ a v:VCard ; v:fn "John Doe" ] ."""
JANE = JOHN.replace("John", "Jane")


def test_the_story_of_a_graph(store: Store) -> None:
    graph = "/graphs/person/1.ttl"
    base = BASE + "graphs/person/1.ttl"
    put = store("PUT", graph, JOHN)
    assert put.status_code == 201
    assert put.headers["Chiso-State"]
    assert store("HEAD", graph).status_code == 200
    assert store.read(graph) == canonical(JOHN, base=base)

    assert store("PUT", graph, JANE).status_code == 204
    assert store.read(graph) == canonical(JANE, base=base)

    mismatched = store("PUT", graph, JOHN, headers={"Content-Type": "application/rdf+xml"})
    assert mismatched.status_code == 400
    assert store.read(graph) == canonical(JANE, base=base), "a refused document changed the graph"

    assert store("POST", graph, '<a> <urn:b> "c" .').status_code in (200, 204)
    merged = store.read(graph)
    assert set(canonical('<a> <urn:b> "c" .', base=base).split("\n")) < set(merged.split("\n"))

    assert store("POST", graph, "").status_code in (200, 204)
    assert store.read(graph) == merged

    assert store("DELETE", graph).status_code in (200, 204)
    assert store("GET", graph).status_code == 404
    assert store("HEAD", graph).status_code == 404
    assert store("DELETE", graph).status_code == 404


def test_an_empty_graph_is_a_graph(store: Store) -> None:
    graph = "/graphs/empty"
    assert store("PUT", graph, "\n").status_code == 201
    read = store("GET", graph, headers={"Accept": TURTLE})
    assert (read.status_code, read.headers["Content-Type"].split(";")[0]) == (200, TURTLE)
    assert store.read(graph) == ""
    assert store("PUT", graph, "\n").status_code == 204
    assert store("PUT", graph, JOHN).status_code == 204
    assert store.read(graph) == canonical(JOHN, base=BASE + "graphs/empty")
    assert store("DELETE", graph).status_code == 204
    assert store("GET", graph).status_code == 404


def test_the_default_graph(store: Store) -> None:
    assert store("PUT", "/graphs?default", "<urn:default> <urn:b> 1 .").status_code == 204
    assert store.read("/graphs?default") == canonical("<urn:default> <urn:b> 1 .")
    named = "/graphs?graph=" + quote(BASE + "graph/default")
    assert store.read(named) == store.read("/graphs?default") == store.read("/graph/default")
    assert store("POST", "/graphs?default=", "<urn:default> <urn:b> 2 .").status_code == 204
    assert len(store.read("/graphs?default").split("\n")) == 2
    assert store("DELETE", "/graphs?default").status_code == 204
    assert store.read("/graphs?default") == "", "the default graph is there also when it holds nothing"


def test_direct_and_indirect_names_are_one_graph(store: Store) -> None:
    assert store("PUT", "/graphs/same", "<> <urn:b> <c> .").status_code == 201
    expected = canonical(f"<{BASE}graphs/same> <urn:b> <{BASE}graphs/c> .")
    own_address = f"{store.client.base_url}".rstrip("/") + "/graphs/same"
    for address in (
        "/graphs/same",
        "/graphs?graph=" + quote(BASE + "graphs/same"),
        "/graphs?graph=" + quote(own_address),
    ):
        assert store.read(address) == expected, address
    assert store("PUT", "/graph/a.confirmed", "<> <urn:b> 1 .").status_code == 201
    assert store.read("/graphs?graph=" + quote(BASE + "graph/a.confirmed")) == canonical(
        f"<{BASE}graph/a.confirmed> <urn:b> 1 ."
    )


def test_a_new_graph_gets_an_address(store: Store) -> None:
    made = store("POST", "/graphs", "<> <urn:b> [] .")
    assert made.status_code == 201
    path = httpx2.URL(made.headers["Location"]).path
    assert path.startswith("/graphs/")
    assert store.read(made.headers["Location"]) == canonical(f"<{BASE}{path[1:]}> <urn:b> [] .")


def test_several_documents_in_one_request(store: Store) -> None:
    files = [
        ("a", ("a.ttl", b"_:x <urn:b> 1 .", TURTLE)),
        ("b", ("b.nt", b'_:x <urn:b> "2" .', "application/n-triples")),
        ("c", ("c.jsonld", json.dumps({"@id": "urn:c", "urn:b": [{"@id": "urn:d"}]}).encode(), None)),
    ]
    parts = b"".join(
        b'--B0\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\n%s\r\n%s\r\n'
        % (name.encode(), file.encode(), f"Content-Type: {kind}\r\n".encode() if kind else b"", content)
        for name, (file, content, kind) in files
    )
    sent = store(
        "POST", "/graphs/parts", parts + b"--B0--\r\n", headers={"Content-Type": "multipart/form-data; boundary=B0"}
    )
    assert sent.status_code == 201, sent.text
    assert store.read("/graphs/parts") == canonical('_:x <urn:b> 1 . _:y <urn:b> "2" . <urn:c> <urn:b> <urn:d> .')


@pytest.mark.parametrize(
    "graph",
    [
        "http://example.org/đồ-thị/số 1".replace(" ", "%20"),
        "http://example.org/%C4%91",
        "urn:a?b=c&d=e#f",
        "http://example.org/{}".replace("{}", "'--"),
    ],
)
def test_the_name_of_a_graph_is_taken_as_it_is_written(store: Store, graph: str) -> None:
    address = "/graphs?graph=" + quote(graph, safe="")
    assert store("PUT", address, "<urn:a> <urn:b> 1 .").status_code == 201
    assert store.read(address) == canonical("<urn:a> <urn:b> 1 .")
    listed = store("GET", "/graphs", headers={"Accept": "application/json"}).json()["graphs"]
    mine = [one for one in listed if one["iri"] == graph]
    assert len(mine) == 1
    assert store.read(mine[0]["address"]) == canonical("<urn:a> <urn:b> 1 .")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?graph=",
        "?graph=relative",
        "?graph=/graphs/a",
        "?default&graph=urn:a",
        "?graph=urn:a&graph=urn:b",
        "?graph=" + quote("urn:a> { } } ; DROP ALL #"),
        "?graph=" + quote("http://example.org/a b"),
        "?graph=" + quote("http://example.org/a\r\nX: y"),
        "?graph=http://example.org/a/../b",
        "?graph=%ff",
        "?graph=urn:" + "a" * 3_000,
        "/x?default",
        "/a?graph=urn:a",
    ],
)
def test_a_request_names_one_graph_by_an_absolute_iri(store: Store, query: str) -> None:
    for method, body in (("GET", None), ("PUT", "<urn:a> <urn:b> 1 ."), ("DELETE", None)):
        assert store(method, "/graphs" + query, body).status_code == 400, method


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("text/turtle; charset=UTF-8", "<urn:a> <urn:b> 'ệ' ."),
        ("application/n-triples", '<urn:a> <urn:b> "ệ" .'),
        (
            "application/rdf+xml",
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="urn:"><rdf:Description rdf:about="urn:a"><u:b>ệ</u:b></rdf:Description></rdf:RDF>',
        ),
        ("application/ld+json", '{"@id": "urn:a", "urn:b": "ệ"}'),
        ("application/json", '{"@id": "urn:a", "urn:b": "ệ"}'),
        ("application/trig", "GRAPH <https://synthetic.example/graphs/typed> { <urn:a> <urn:b> 'ệ' }"),
        ("application/n-quads", '<urn:a> <urn:b> "ệ" .'),
    ],
)
def test_every_format_is_read_and_written(store: Store, media_type: str, body: str) -> None:
    assert store("PUT", "/graphs/typed", body, headers={"Content-Type": media_type}).status_code in (201, 204)
    assert store.read("/graphs/typed") == canonical('<urn:a> <urn:b> "ệ" .')
    name = media_type.partition(";")[0]
    answer = store("GET", "/graphs/typed", headers={"Accept": f"{name}, text/html;q=0.1"})
    sent = "application/ld+json" if name == "application/json" else name
    assert answer.headers["Content-Type"].partition(";")[0] == sent
    assert "Accept" in answer.headers["Vary"]
    form = RdfFormat.from_media_type(sent)
    assert form is not None
    assert canonical(answer.text, form) == canonical('<urn:a> <urn:b> "ệ" .')


@pytest.mark.parametrize(
    ("media_type", "body", "status"),
    [
        ("text/plain", "<urn:a> <urn:b> 1 .", 415),
        ("text/html", "<p>", 415),
        ("", "<urn:a> <urn:b> 1 .", 415),
        ("text/turtle; charset=utf-16", "<urn:a> <urn:b> 1 .", 415),
        ("multipart/form-data", "--x--", 400),
        (TURTLE, "<urn:a> <urn:b> ", 400),
        (TURTLE, b"<urn:a> <urn:b> '\xff' .", 400),
        ("application/trig", "GRAPH <urn:other> { <urn:a> <urn:b> 1 }", 400),
        ("application/ld+json", '{"@context": "http://127.0.0.1:9/context", "@id": "urn:a"}', 400),
        ("application/ld+json", "[" * 5_000 + "]" * 5_000, 400),
        ("application/rdf+xml", '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><x>&c;</x>', 400),
        (TURTLE, "<urn:a> <urn:b> <<( <urn:c> <urn:d> 1 )>> .", 400),
    ],
)
def test_what_cannot_be_read_is_refused_and_changes_nothing(
    store: Store, media_type: str, body: str | bytes, status: int
) -> None:
    refused = store("PUT", "/graphs/unread", body, headers={"Content-Type": media_type})
    assert refused.status_code == status, refused.text
    assert store("GET", "/graphs/unread").status_code == 404


def test_a_malformed_document_is_told_with_its_line(store: Store) -> None:
    problem = store("PUT", "/graphs/unread", "<urn:a> <urn:b> 1 .\n<urn:a> <urn:b .\n").json()
    assert (problem["status"], problem["line"]) == (400, 2)


def test_data_that_violates_a_shape_is_refused_with_the_violations(store: Store) -> None:
    body = f"<{BASE}id/indicator/x> a <https://w3id.org/chiso/ns#Indicator> ."
    refused = store("PUT", "/graphs/invalid", body)
    assert refused.status_code == 422
    violation = refused.json()["violations"][0]
    assert violation["focus"] == BASE + "id/indicator/x"
    assert violation["vi"] and violation["en"]
    assert store("GET", "/graphs/invalid").status_code == 404


def test_bodies_are_unpacked_within_the_limit(store: Store) -> None:
    packed = gzip.compress(b"<urn:a> <urn:b> 'packed' .")
    assert store("PUT", "/graphs/packed", packed, headers={"Content-Encoding": "gzip"}).status_code == 201
    assert "packed" in store.read("/graphs/packed")
    assert store("PUT", "/graphs/packed", packed, headers={"Content-Encoding": "br"}).status_code == 415
    assert store("PUT", "/graphs/packed", packed[:-4], headers={"Content-Encoding": "gzip"}).status_code == 400
    bomb = gzip.compress(b" " * (store.settings.upload_bytes + 1), 9)
    assert len(bomb) < 100_000
    refused = store("PUT", "/graphs/packed", bomb, headers={"Content-Encoding": "gzip"})
    assert (refused.status_code, refused.json()["limit"]) == (413, "CHISO_UPLOAD_BYTES")


def test_a_body_that_is_declared_too_large_is_refused_before_it_is_sent(store: Store) -> None:
    authorization = store._token["Authorization"]
    with socket.create_connection((store.client.base_url.host, store.client.base_url.port or 80), timeout=20) as line:
        head = f"PUT /graphs/large HTTP/1.1\r\nHost: localhost\r\nAuthorization: {authorization}\r\n"
        line.sendall((head + "Content-Type: text/turtle\r\nContent-Length: 99999999999\r\n\r\n").encode())
        assert line.recv(64).startswith(b"HTTP/1.1 413")


def test_what_the_engine_makes_of_literals_is_as_documented(store: Store) -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    document = (Path(__file__).parents[2] / "docs/writing.md").read_text(encoding="utf-8")
    for sent, kept, row in (
        (f'"5"^^<{xsd}nonNegativeInteger>', f'"5"^^<{xsd}integer>', "Datatypes derived from `xsd:integer`"),
        (f'"2.50"^^<{xsd}decimal>', f'"2.5"^^<{xsd}decimal>', "Literals"),
        ('"a"@vi-VN', '"a"@vi-vn', "Language tags"),
    ):
        assert store("PUT", "/graphs/literal", f"<urn:a> <urn:b> {sent} .").status_code in (201, 204)
        assert store.read("/graphs/literal") == canonical(f"<urn:a> <urn:b> {kept} .")
        assert f"| {row} |" in document


def test_the_store_itself_may_be_named_with_a_slash(store: Store) -> None:
    made = store("POST", "/graphs/", "<> <urn:b> 1 .")
    assert made.status_code == 201
    assert store("GET", made.headers["Location"]).status_code == 200
    assert store("GET", "/graphs/?default").status_code == 200


def test_conditional_requests(store: Store) -> None:
    graph = "/graphs/conditional"
    once = {"If-None-Match": "*"}
    assert store("PUT", graph, "<urn:a> <urn:b> 1 .", headers={"If-Match": "*"}).status_code == 412
    assert store("PUT", graph, "<urn:a> <urn:b> 1 .", headers=once).status_code == 201
    assert store("PUT", graph, "<urn:a> <urn:b> 2 .", headers=once).status_code == 412
    first = store("GET", graph, headers={"Accept-Encoding": "identity"})
    tag = first.headers["ETag"]
    assert store("GET", graph, headers={"If-None-Match": tag}).status_code == 304
    assert store("GET", graph, headers={"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 304
    jsonld = store("GET", graph, headers={"Accept": "application/ld+json"})
    assert jsonld.headers["ETag"] != tag
    assert store("PUT", "/graphs/other", "<urn:x> <urn:b> 1 .").status_code == 201
    assert store("GET", graph, headers={"If-None-Match": tag}).status_code == 304, "another graph changed, not this one"
    assert store("PUT", graph, "<urn:a> <urn:b> 3 .", headers={"If-Match": jsonld.headers["ETag"]}).status_code == 204
    assert store("DELETE", graph, headers={"If-Match": tag}).status_code == 412, "an update would have been lost"
    assert store("GET", graph, headers={"If-None-Match": tag}).status_code == 200


def test_forms_and_methods(store: Store) -> None:
    graph = "/graph/thu.confirmed"
    assert store("GET", graph, headers={"Accept": "image/png"}).status_code == 406
    preferred = store("GET", graph, headers={"Accept": "text/turtle;q=0.5, application/n-triples"})
    assert preferred.headers["Content-Type"].startswith("application/n-triples")
    whole, head = store("GET", graph), store("HEAD", graph)
    assert (head.status_code, head.content, head.headers["ETag"]) == (200, b"", whole.headers["ETag"])
    patched = store("PATCH", graph, "")
    assert patched.status_code == 405
    assert {"GET", "HEAD", "PUT", "POST", "DELETE"} <= set(patched.headers["Allow"].split(", "))
    assert store("PUT", graph, "", headers={"Content-Range": "bytes 0-1/2"}).status_code == 400


@pytest.mark.parametrize("name", ["derived", "withdrawn", "manifest"])
def test_graphs_that_the_catalogue_makes_are_written_by_nobody(store: Store, name: str) -> None:
    for method, body in (("PUT", "<urn:a> <urn:b> 1 ."), ("POST", "<urn:a> <urn:b> 1 ."), ("DELETE", None)):
        assert store(method, f"/graph/{name}", body).status_code == 403


def test_internal_graphs_are_read_by_callers_who_may(store: Store) -> None:
    graph = "/graphs?graph=" + quote(BASE + "internal/notes")
    writer = serving.bearer(serving.token(store.settings, "write", "internal", graphs=(BASE + "internal/*",)))
    assert store("PUT", graph, "<urn:secret> <urn:b> 1 .").status_code == 403, "`*` covers public graphs alone"
    assert store("PUT", graph, "<urn:secret> <urn:b> 1 .", headers=writer).status_code == 201
    read = store("GET", graph, headers={**writer, "Accept": "application/n-triples"})
    assert (read.status_code, canonical(read.text)) == (200, canonical("<urn:secret> <urn:b> 1 ."))
    assert "no-store" in read.headers["Cache-Control"]
    assert store.client.get(graph).status_code == 401
    assert store("GET", graph).status_code == 403
    listed = store("GET", "/graphs", headers={"Accept": "application/json"}).text
    assert "internal" not in listed
