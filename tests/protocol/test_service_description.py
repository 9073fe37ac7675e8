"""The service description: negotiated, of one schema, true."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from catalogue import service_description
from catalogue.iri import PREFIXES
from catalogue.service_description import SD
from catalogue.settings import Settings
from catalogue.store.embedded import open_memory
from tests.api.conftest import small_catalogue
from tests.serving import BASE, folder, serving_folder

SCHEMA = Path(__file__).resolve().parents[3] / "shared/standards/w3c/sparql-service-description.ttl"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
FORMS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/trig": RdfFormat.TRIG,
    "application/n-quads": RdfFormat.N_QUADS,
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A folder with the small catalogue."""
    return folder(tmp_path_factory.mktemp("description"))


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[httpx2.Client]:
    """A client of a server over it."""
    with serving_folder(settings) as found:
        yield found


def triples(answer: httpx2.Response, form: RdfFormat = RdfFormat.TURTLE) -> set[tuple[object, str, object]]:
    """The statements of an answer."""
    assert answer.status_code == 200, answer.text
    return {(q.subject, q.predicate.value, q.object) for q in parse(answer.content, form)}


@pytest.mark.parametrize("media_type", FORMS)
def test_a_get_without_a_query_returns_rdf(client: httpx2.Client, media_type: str) -> None:
    answer = client.get("/sparql", headers={"Accept": media_type})
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert triples(answer, FORMS[media_type]) == triples(client.get("/sparql"))


def test_it_has_the_endpoint_and_what_the_endpoint_does(client: httpx2.Client) -> None:
    answer = client.get("/sparql")
    said = triples(answer)
    # The address that was asked, which a client can call, wherever the service is found.
    (service,) = [s for s, p, o in said if p == f"{SD}endpoint" and o == NamedNode(str(answer.url))]
    assert (service, TYPE.value, NamedNode(f"{SD}Service")) in said
    assert (service, f"{SD}supportedLanguage", NamedNode(f"{SD}SPARQL11Query")) in said
    features = {o for s, p, o in said if p == f"{SD}feature"}
    assert features == {NamedNode(f"{SD}UnionDefaultGraph")}
    assert not [s for s, p, o in said if p == f"{SD}extensionFunction"]
    (updating,) = [s for s, p, o in said if o == NamedNode(f"{SD}SPARQL11Update")]
    assert (updating, f"{SD}endpoint", NamedNode(str(answer.url).replace("/sparql", "/update"))) in said


def test_every_result_format_that_it_names_can_be_had(client: httpx2.Client) -> None:
    named = {o.value.rpartition("/")[2] for _, p, o in triples(client.get("/sparql")) if p == f"{SD}resultFormat"}
    solutions = {
        "SPARQL_Results_JSON": "json",
        "SPARQL_Results_XML": "xml",
        "SPARQL_Results_CSV": "csv",
        "SPARQL_Results_TSV": "tsv",
    }
    graphs = {
        "Turtle": "ttl",
        "N-Triples": "nt",
        "RDF_XML": "rdf",
        "JSON-LD": "jsonld",
        "TriG": "trig",
        "N-Quads": "nq",
    }
    assert named == solutions.keys() | graphs.keys()
    for query, names in (("SELECT * {}", solutions), ("CONSTRUCT { <urn:a> <urn:b> 1 } {}", graphs)):
        for alias in names.values():
            assert client.get("/sparql", params={"query": query, "format": alias}).status_code == 200


def test_the_graphs_and_their_counts_are_true(client: httpx2.Client) -> None:
    said = triples(client.get("/sparql"))
    about = {(s, p): o for s, p, o in said}
    named = {}
    for subject, predicate, name in said:
        if predicate == f"{SD}name":
            count = about[about[subject, f"{SD}graph"], PREFIXES["void"] + "triples"]
            assert isinstance(name, NamedNode) and isinstance(count, Literal)
            named[name.value] = int(count.value)
    query = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    rows = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    assert named == {row["g"]["value"]: int(row["n"]["value"]) for row in rows}
    assert len(named) >= 3 and not [name for name in named if name.startswith(f"{BASE}internal/")]
    whole = client.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}).json()
    default = next(o for s, p, o in said if p == f"{SD}defaultGraph")
    count = about[default, PREFIXES["void"] + "triples"]
    assert isinstance(count, Literal)
    assert count.value == whole["results"]["bindings"][0]["n"]["value"]


def test_it_has_validators_and_a_page_for_browsers(client: httpx2.Client) -> None:
    answer = client.get("/sparql")
    assert client.get("/sparql", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert client.head("/sparql").headers["content-type"] == answer.headers["content-type"]
    assert client.get("/sparql", headers={"Accept": "text/html"}).headers["content-type"].startswith("text/html")
    assert client.get("/sparql?format=rdf").headers["content-type"] == "application/rdf+xml"


def test_a_read_only_service_describes_no_update(tmp_path: Path) -> None:
    with serving_folder(folder(tmp_path, read_only=True)) as client:
        assert "SPARQL11Update" not in client.get("/sparql").text


def test_a_large_state_names_its_graphs_without_counting_them() -> None:
    held = service_description.holdings(small_catalogue(), service_description.MOST_COUNTED + 1)
    assert held.default is None and held.graphs
    said = service_description.describe(BASE, held, updates=True)
    assert not [one for one in said if one.predicate.value.endswith("#triples")]


@pytest.mark.skipif(not SCHEMA.exists(), reason=f"the W3C schema is not at hand ({SCHEMA.parent.name}/{SCHEMA.name})")
def test_it_conforms_to_the_schema_of_the_w3c() -> None:
    schema = open_memory(parse(SCHEMA.read_bytes(), RdfFormat.TURTLE))
    held = service_description.holdings(open_memory(), None)
    graph = NamedNode(f"{BASE}graph/a")
    held = service_description.Holdings([(graph, 1)], held.default)
    said = service_description.describe(BASE, held, updates=True)
    types: dict[object, set[str]] = {}
    for one in said:
        if one.predicate == TYPE and isinstance(one.object, NamedNode):
            types.setdefault(one.subject, set()).add(one.object.value)
    for one in said:
        for term in (one.predicate, one.object):
            if isinstance(term, NamedNode) and term.value.startswith(SD):
                assert schema.ask(f"ASK {{ {term} ?p ?o }}"), f"{term} is not defined"
        if not one.predicate.value.startswith(SD):
            continue
        for side, term in (("domain", one.subject), ("range", one.object)):
            wanted = schema.select(
                f"SELECT ?c {{ {one.predicate} <http://www.w3.org/2000/01/rdf-schema#{side}> ?c FILTER(isIRI(?c)) }}"
            ).rows
            for row in wanted:
                known = types.get(term, set())
                if not known or not isinstance(row[0], NamedNode) or not row[0].value.startswith(SD):
                    continue
                assert any(
                    schema.ask(f"ASK {{ <{kind}> <http://www.w3.org/2000/01/rdf-schema#subClassOf>* {row[0]} }}")
                    for kind in known
                ), (one, row[0])
