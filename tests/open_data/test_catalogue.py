"""The catalogue as DCAT-AP: complete, by the official shapes, in every form, safe in pages."""

import json
import re
from pathlib import Path

import httpx2
import pyshacl
import pytest
import rdflib
from pyoxigraph import RdfFormat, parse
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, SH

from catalogue import rdf
from tests.serving import BASE

STANDARDS = Path(__file__).resolve().parents[2].parent / "shared/standards/dcat-ap-3.0.1"
SHAPES = {
    "profile": ("shacl/dcat-ap-SHACL.ttl",),
    "ranges": ("shacl/ranges.ttl", "shacl/dcat-ap-SHACL.ttl"),
    "constraints": ("html-shacl/shapes.ttl", "html-shacl/range.ttl"),
    "vocabularies": ("html-shacl/mdr-vocabularies.shape.ttl",),
    "deprecated": ("html-shacl/deprecateduris.ttl",),
}
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
VOID = rdflib.Namespace("http://rdfs.org/ns/void#")


@pytest.fixture(scope="module")
def graph(client: httpx2.Client) -> rdflib.Graph:
    """The catalogue."""
    return rdflib.Graph().parse(data=client.get("/catalog.ttl").text, format="turtle")


def results(data: rdflib.Graph, files: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """What a validation says, without the details of other results: severity, focus node, path."""
    shapes = rdflib.Graph()
    for name in files:
        shapes.parse(STANDARDS / name, format="turtle")
    for subject, _, value in list(shapes.triples((None, SH.property, None))):
        if (value, SH.path, None) not in shapes:
            shapes.remove((subject, SH.property, value))  # dangling in the official files
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes)
    assert isinstance(report, rdflib.Graph)
    return [
        (str(report.value(one, SH.resultSeverity)), str(report.value(one, SH.focusNode)), str(report.value(one, SH.resultPath)))
        for one in report.objects(None, SH.result)
    ]  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_it_passes_the_official_shapes(graph: rdflib.Graph, name: str) -> None:
    if not STANDARDS.exists():
        pytest.skip(f"the official shapes are not at {STANDARDS}")
    found = results(graph, SHAPES[name])
    assert [one for one in found if one[0] == str(SH.Violation)] == []
    # What warns: publishers are Vietnamese, so they are not in the EU's list of corporate bodies.
    assert {one[2] for one in found} <= {str(DCTERMS.publisher)}


def test_the_shapes_would_notice_a_fault(graph: rdflib.Graph) -> None:
    if not STANDARDS.exists():
        pytest.skip(f"the official shapes are not at {STANDARDS}")
    broken = rdflib.Graph() + graph
    broken.remove((None, DCAT.accessURL, None))
    assert results(broken, SHAPES["profile"])


def test_what_is_only_recommended_is_given_where_it_is_known(graph: rdflib.Graph) -> None:
    if not STANDARDS.exists():
        pytest.skip(f"the official shapes are not at {STANDARDS}")
    missing = {
        one[2].rpartition("/")[2].rpartition("#")[2] for one in results(graph, ("html-shacl/shapes_recommended.ttl",))
    }
    # Not known: who answers letters, how long files stay, which period, the first day, what is not said by sources.
    assert missing <= {"contactPoint", "availability", "temporal", "type", "license", "distribution", "publisher", "issued", "bbox", "centroid"}  # fmt: skip


def test_every_published_graph_is_in_the_catalogue_and_every_data_set_says_what_it_must(
    client: httpx2.Client, graph: rdflib.Graph
) -> None:
    catalogue = rdflib.URIRef(f"{BASE}catalog")
    named = {str(graph.value(one, DCTERMS.description)) for one in graph.subjects(RDF.type, DCAT.Distribution)}
    for file in client.get("/dumps/").json()["sets"][0]["files"]:
        if file["graph"]:
            assert any(file["graph"] in text for text in named)
    for one in graph.objects(catalogue, DCAT.dataset):
        assert {t.language for t in graph.objects(one, DCTERMS.description)} >= {"vi", "en"}
        assert list(graph.objects(one, DCTERMS.title))
        if "/catalog/" in str(one):
            path = str(one).replace(BASE, "/")
            assert client.get(path, headers={"Accept": "text/turtle"}).status_code == 200
            for language in ("vi", "en"):
                accept = {"Accept": "text/html", "Accept-Language": language}
                page = client.get(path, headers=accept)
                assert (page.status_code, page.headers["content-language"]) == (200, language)


def test_data_sets_are_by_publisher_and_subject(graph: rdflib.Graph) -> None:
    legal = rdflib.URIRef(f"{BASE}catalog/legal.bao-thu")
    assert graph.value(graph.value(legal, DCTERMS.publisher), FOAF.name) == rdflib.Literal("Báo Thử")
    licences = {
        str(graph.value(one, DCTERMS.license) or graph.value(one, DCTERMS.rights))
        for one in graph.objects(legal, DCAT.distribution)
    }
    assert licences == {f"{BASE}catalog#licence-mit", f"{BASE}catalog#rights-no-licence-found"}
    # A publisher that is called as one single agency is that agency.
    committee = rdflib.URIRef(f"{BASE}catalog/legal.ubnd-tinh-thu")
    assert graph.value(committee, DCTERMS.publisher) == rdflib.URIRef(f"{BASE}id/agency/thu.ubnd")
    assert graph.value(rdflib.URIRef(f"{BASE}catalog/statistics.khong-ro"), DCTERMS.publisher) is None


def test_described_data_sets_are_listed_with_what_is_known(graph: rdflib.Graph) -> None:
    figures, outside = rdflib.URIRef(f"{BASE}id/dataset/so-lieu"), rdflib.URIRef(f"{BASE}id/dataset/ngoai")
    assert str(graph.value(figures, DCTERMS.accrualPeriodicity)).endswith("/MONTHLY")
    assert list(graph.objects(figures, DCAT.distribution))
    assert not list(graph.objects(outside, DCAT.distribution))
    assert graph.value(outside, DCAT.landingPage) == rdflib.URIRef("https://elsewhere.example/kho")


def test_distributions_tell_of_files_as_they_are(client: httpx2.Client, graph: rdflib.Graph) -> None:
    dumps = {one["url"]: one for one in client.get("/dumps/").json()["sets"][0]["files"]}
    seen = set()
    for one in graph.subjects(DCAT.downloadURL, None):
        file = dumps[str(graph.value(one, DCAT.downloadURL))]
        assert int(str(graph.value(one, DCAT.byteSize))) == file["bytes"]
        checksum = graph.value(one, SPDX.checksum)
        assert str(graph.value(checksum, SPDX.checksumValue)).lower() == file["sha256"]
        seen.add(file["url"])
    assert seen == dumps.keys()


def test_services_say_where_and_by_which_standard(graph: rdflib.Graph) -> None:
    found = {str(graph.value(one, DCAT.endpointURL)) for one in graph.subjects(RDF.type, DCAT.DataService)}
    assert found == {f"{BASE}sparql", f"{BASE}api/v1", f"{BASE}graphs"}
    for one in graph.subjects(RDF.type, DCAT.DataService):
        assert list(graph.objects(one, DCTERMS.conformsTo))
        assert list(graph.objects(one, DCAT.servesDataset))


@pytest.mark.parametrize(
    ("accept", "suffix", "form"),
    [
        ("text/turtle", "ttl", RdfFormat.TURTLE),
        ("application/ld+json", "jsonld", RdfFormat.JSON_LD),
        ("application/rdf+xml", "rdf", RdfFormat.RDF_XML),
        ("application/n-triples", "nt", RdfFormat.N_TRIPLES),
    ],
)
@pytest.mark.parametrize("path", ["/catalog", "/catalog/legal.bao-thu", "/.well-known/void"])
def test_every_form_says_the_same(client: httpx2.Client, path: str, accept: str, suffix: str, form: RdfFormat) -> None:
    negotiated, named = client.get(path, headers={"Accept": accept}), client.get(f"{path}.{suffix}")
    assert negotiated.headers["content-type"].startswith(accept)
    assert "Accept" in negotiated.headers["vary"]
    assert negotiated.content == named.content
    turtle = client.get(f"{path}.ttl").content
    assert rdf.canonical(q.triple for q in parse(named.content, form)) == rdf.canonical(
        q.triple for q in parse(turtle, RdfFormat.TURTLE)
    )
    kept = client.get(path, headers={"Accept": accept, "If-None-Match": negotiated.headers["etag"]})
    assert kept.status_code == 304
    assert client.head(path, headers={"Accept": accept}).headers["etag"] == negotiated.headers["etag"]


def test_void_is_data_but_for_who_prefers_a_page(client: httpx2.Client) -> None:
    for accept, kind in (("*/*", "text/turtle"), ("", "text/turtle"), ("text/html,*/*;q=0.8", "text/html")):
        answer = client.get("/.well-known/void", headers={"Accept": accept})
        assert answer.headers["content-type"].startswith(kind)


@pytest.mark.parametrize("path", ["/catalog", "/.well-known/void", "/changes", "/dumps/", "/states"])
def test_a_form_that_does_not_exist_is_not_acceptable(client: httpx2.Client, path: str) -> None:
    assert client.get(path, headers={"Accept": "application/pdf"}).status_code == 406


@pytest.mark.parametrize("path", ["/catalog/khong.co", "/catalog.pdf", "/catalog?page=2", "/.well-known/void.pdf", "/sitemap/indicator-9.xml"])  # fmt: skip
def test_what_is_not_there_is_not_found(client: httpx2.Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/catalog", "DataCatalog"),
        ("/catalog/statistics.khong-ro", "Dataset"),
        ("/catalog/statistics.khong-ro?lang=en", "Dataset"),
        ("/doc/dataset/so-lieu", "Dataset"),
    ],
)
def test_pages_carry_schema_org_that_cannot_break_out(client: httpx2.Client, path: str, kind: str) -> None:
    page = client.get(path, headers={"Accept": "text/html"}).text
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert len(blocks) == 1
    assert json.loads(blocks[0])["@type"] == kind
    assert page.count("<script") == page.count("</script>") == 2  # the other one loads what every page loads
    assert "<script>alert" not in page


def test_void_counts_and_links(client: httpx2.Client) -> None:
    void = rdflib.Graph().parse(data=client.get("/.well-known/void.ttl").text, format="turtle")
    whole = rdflib.URIRef(f"{BASE}catalog/everything")
    assert (whole, RDF.type, VOID.Dataset) in void
    partitions = {
        str(void.value(one, VOID.property)): int(str(void.value(one, VOID.triples)))
        for one in void.objects(whole, VOID.propertyPartition)
    }
    assert sum(partitions.values()) == int(str(void.value(whole, VOID.triples)))
    answer = client.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}, headers={"Accept": "application/sparql-results+json"})  # fmt: skip
    assert int(answer.json()["results"]["bindings"][0]["n"]["value"]) == int(str(void.value(whole, VOID.triples)))
    linkset = next(void.subjects(VOID.linkPredicate, rdflib.OWL.sameAs))
    assert str(void.value(void.value(linkset, VOID.objectsTarget), VOID.uriSpace)) == "https://elsewhere.example/"
    assert void.value(whole, VOID.sparqlEndpoint) == rdflib.URIRef(f"{BASE}sparql")
    assert list(void.objects(whole, VOID.exampleResource))
    subsets = {str(one) for one in void.objects(whole, VOID.subset)}
    assert "https://anywhere.example/g" in subsets
    assert f"{BASE}graph/ubnd.confirmed" in subsets


def test_the_map_lists_the_pages_of_things_and_robots_lead_to_it(client: httpx2.Client) -> None:
    robots = client.get("/robots.txt").text
    assert f"Sitemap: {BASE}sitemap.xml" in robots
    assert "Disallow: /sparql?" in robots
    index = client.get("/sitemap.xml")
    assert index.headers["content-type"].startswith("application/xml")
    files = re.findall(r"<loc>([^<]*)</loc>", index.text)
    pages = [
        one for file in files for one in re.findall(r"<loc>([^<]*)</loc>", client.get(file.replace(BASE, "/")).text)
    ]
    assert f"{BASE}doc/decision/thu-ubnd.ke-hoach.2020-02-03.5-kh-ubnd" in pages
    assert len(pages) == len(set(pages))
    assert all(client.head(one.replace(BASE, "/"), headers={"Accept": "text/html"}).status_code == 200 for one in pages)
