"""The library: every query reads, speaks both languages, and answers its example on the real graph within the limits."""

import time
from collections.abc import Iterator
from datetime import date

import httpx2
import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from catalogue import library, resolve, sparql_text
from catalogue.errors import Defect, Invalid, NotFound
from catalogue.iri import thing
from catalogue.settings import DEFAULT_BASE, Settings
from catalogue.shipped import LIBRARY, ONTOLOGY
from catalogue.store.embedded import Embedded, open_memory
from catalogue.store.port import Store
from tests.serving import folder, serving_folder

TODAY = date(2026, 3, 1)
EMPTY = {
    "assessments": "no source states an assessment yet",
    "crosswalk": "no source states an accepted mapping yet",
    "explanations": "no source states a request for explanation yet",
}
"""Queries whose things the real graph does not hold yet; they are asked of a synthetic catalogue instead."""

NOT_IN_SPARQL = {
    "18": "what changed is told by the change feed; a published state holds no history",
    "19": "a simulation, not a question about what is stated",
}
SYNTHETIC = """
@prefix chiso: <https://w3id.org/chiso/ns#> .
@prefix alert: <https://w3id.org/chiso/code/alert/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix sssom: <https://w3id.org/sssom/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<urn:old> chiso:indicator <urn:i> ; a chiso:Assessment ; chiso:alert alert:xanh ; prov:generatedAtTime "2025-01-01T00:00:00Z"^^xsd:dateTime .
<urn:new> chiso:indicator <urn:i> ; a chiso:Assessment ; chiso:alert alert:do ; prov:generatedAtTime "2025-05-01T00:00:00Z"^^xsd:dateTime .
<urn:late> a chiso:ExplanationRequest ; chiso:askedOf <urn:a> ; chiso:due "2025-05-10"^^xsd:date .
<urn:done> a chiso:ExplanationRequest ; chiso:askedOf <urn:a> ; chiso:due "2025-05-11"^^xsd:date .
<urn:answer> chiso:ofRequest <urn:done> ; <http://purl.org/dc/terms/date> "2025-05-09"^^xsd:date .
<urn:m> a sssom:Mapping ; sssom:subject_id <urn:n> ; sssom:object_id <urn:i> ; sssom:predicate_id skos:narrowMatch ;
  chiso:status <https://w3id.org/chiso/code/mapping-status/candidate> .
<urn:n> skos:notation "0101" .
"""

BROAD = "http://www.w3.org/2004/02/skos/core#broadMatch"
EXAMPLES = library.examples()


def asked(store: Store, name: str, **given: str) -> list[tuple[str | None, ...]]:
    """The rows of an example (a graph has its triples, ASK has one row where it is true)."""
    example = EXAMPLES[name]
    text = example.bound(given, lambda words: resolve.one(store, words, base=DEFAULT_BASE, as_of=TODAY), TODAY)
    if example.form == "ask":
        return [("true",)] if store.ask(text) else []
    if example.form == "construct":
        return [(str(one.subject), str(one.predicate), str(one.object)) for one in store.construct(text)]
    return [tuple(getattr(term, "value", None) for term in row) for row in store.select(text).rows]


def example_values(name: str) -> dict[str, str]:
    return {one.name: one.example for one in EXAMPLES[name].parameters}


def test_there_are_many_and_each_file_is_one() -> None:
    assert len(EXAMPLES) >= 16
    assert list(EXAMPLES) == sorted(path.stem for path in LIBRARY.glob("*.ttl"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_speaks_both_languages_and_describes_its_parameters(name: str) -> None:
    example = EXAMPLES[name]
    for words in (example.label, example.comment, *(one.description for one in example.parameters)):
        assert set(words) == {"vi", "en"} and all(words.values())
        assert words["vi"] != words["en"]
    assert [one.order for one in example.parameters] == list(range(len(example.parameters)))
    assert all(one.example for one in example.parameters)
    assert not example.text.startswith("\n") and "\t" not in example.text


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_answers_its_example_on_the_real_graph_in_time(real_store: Embedded, name: str) -> None:
    if name in EMPTY:
        assert asked(real_store, name, **example_values(name)) == [], (
            "the graph holds such things now: take the query out of EMPTY"
        )
        return
    begun = time.process_time()
    assert asked(real_store, name, **example_values(name))
    assert time.process_time() - begun < 2
    required = {one.name: one.example for one in EXAMPLES[name].parameters if not one.optional}
    assert asked(real_store, name, **required)


def test_what_the_real_graph_does_not_hold_yet_is_found_where_it_is_held() -> None:
    store = open_memory(parse(SYNTHETIC, RdfFormat.TURTLE))
    ((indicator, _, alert, *_),) = asked(store, "assessments")
    assert (indicator, alert) == ("urn:i", "https://w3id.org/chiso/code/alert/do")
    assert {row[0]: row[-1] for row in asked(store, "explanations")} == {"urn:late": "true", "urn:done": "false"}
    text = EXAMPLES["mappings"].bound({"indicator": "x"}, lambda _: NamedNode("urn:i"), TODAY)
    ((mapping, match, _, other, code, *_),) = store.select(text).rows
    assert [term and term.value for term in (mapping, match, other, code)] == ["urn:m", BROAD, "urn:n", "0101"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_stays_within_the_limits_of_visitors(name: str) -> None:
    given = example_values(name)
    text = EXAMPLES[name].bound(given, lambda _: thing(DEFAULT_BASE, "agency", "x"), TODAY)
    read = sparql_text.read(text, Settings())
    assert read.form == EXAMPLES[name].form
    assert read.deterministic


def test_every_competency_question_that_sparql_can_ask_has_a_query() -> None:
    questions = {
        quad.object.value
        for quad in parse((ONTOLOGY / "questions.ttl").read_bytes(), RdfFormat.TURTLE)
        if quad.predicate.value.endswith("#notation")
    }
    covered = {number for one in EXAMPLES.values() for number in one.questions}
    assert questions - covered == NOT_IN_SPARQL.keys()
    assert covered <= questions


def test_the_answers_are_the_known_ones(real_store: Embedded) -> None:
    leads = {
        row[2]
        for row in asked(real_store, "responsible", thing="indicator-set:hanoi-chi-dao", asOf="2026-03-01")
        if row[0] and row[0].endswith("/chu-tri")
    }
    assert {"Sở Khoa học và Công nghệ Hà Nội", "Công an thành phố Hà Nội"} <= leads
    then_now = asked(real_store, "then-and-now", thing="Kế hoạch 165/KH-UBND", then="30/6/2024")
    assert ("Sở Thông tin và Truyền thông Hà Nội", "Sở Khoa học và Công nghệ Hà Nội") in {
        (r[3], r[5]) for r in then_now
    }
    assert {row[6] for row in asked(real_store, "area-became", code="00016")} == {"Phường Ba Đình", "Phường Ngọc Hà"}
    assert "1012/QĐ-TTg" in {row[1] for row in asked(real_store, "why-reported", thing="indicator-set:hanoi-chi-dao")}
    assert len(asked(real_store, "targets-of-plan", plan="165/KH-UBND")) == 13
    income = [row for row in asked(real_store, "conflicting-figures") if row[0] and "grdp" in row[0]]
    assert income and income[0][-1] in ("689", "689.0")


@pytest.mark.parametrize(
    ("name", "given", "named"),
    [
        ("responsible", {}, "thing"),
        ("responsible", {"thing": "x", "thign": "y"}, "thign"),
        ("responsible", {"thing": "x", "asOf": "31/2/2024"}, "asOf"),
        ("touched-by", {"decision": "x", "most": "many"}, "most"),
        ("touched-by", {"decision": "x", "most": "-1"}, "most"),
        ("touched-by", {"decision": "x", "most": "10 } DROP ALL"}, "most"),
        ("unconfirmed", {"mark": "confirmed"}, "mark"),
        ("find", {"words": "x" * 501}, "words"),
    ],
)
def test_a_wrong_parameter_is_named(name: str, given: dict[str, str], named: str) -> None:
    with pytest.raises(Invalid) as caught:
        EXAMPLES[name].bound(given, lambda _: NamedNode("urn:x"), TODAY)
    assert [one["name"] for one in caught.value.details["errors"]] == [named]
    assert named in caught.value.vi and named in caught.value.en


def test_a_value_is_bound_as_one_term(real_store: Embedded) -> None:
    harmful = '") || true || ("'
    assert asked(real_store, "find", words=harmful) == []
    with pytest.raises(NotFound):
        asked(real_store, "names", thing="urn:x> ?p ?o . ?s ?p ?o . <urn:y")


def test_a_file_that_breaks_the_rules_is_a_defect(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "other.ttl").write_text((LIBRARY / "overview.ttl").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(Defect):
        library.examples(tmp_path)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """A client of a server over the small catalogue."""
    with serving_folder(folder(tmp_path_factory.mktemp("library"))) as found:
        yield found


def test_the_list_in_every_form(client: httpx2.Client) -> None:
    told = client.get("/queries").json()
    assert [one["name"] for one in told] == list(EXAMPLES)
    assert all(set(one["label"]) == {"vi", "en"} and one["query"] for one in told)
    for accept, form in (("text/turtle", RdfFormat.TURTLE), ("application/ld+json", RdfFormat.JSON_LD)):
        quads = list(parse(client.get("/queries", headers={"Accept": accept}).content, form))
        assert sum(
            quad.object.value.endswith("Executable") for quad in quads if isinstance(quad.object, NamedNode)
        ) == len(EXAMPLES)
    page = client.get("/queries", headers={"Accept": "text/html"}).text
    assert all(f'href="/queries/{name}"' in page for name in EXAMPLES)
    assert client.get("/queries", headers={"Accept": "text/csv"}).status_code == 406


def test_a_query_by_name_in_every_form(client: httpx2.Client) -> None:
    address = "/queries/responsible?thing=indicator-set:thu"
    answer = client.get(address)
    assert answer.headers["content-type"] == "application/sparql-results+json"
    assert answer.json()["results"]["bindings"]
    for form, media_type in {
        "csv": "text/csv",
        "tsv": "text/tab-separated-values",
        "xml": "application/sparql-results+xml",
    }.items():
        assert client.get(f"{address}&format={form}").headers["content-type"].partition(";")[0] == media_type
    assert client.get(f"{address}&excel=1").content.startswith(b"\xef\xbb\xbf")
    assert client.get(address, headers={"Accept": "text/csv"}).headers["content-type"].startswith("text/csv")
    assert client.get("/queries/proof?thing=agency:thu.ubnd").headers["content-type"].startswith("text/turtle")
    assert client.get("/queries/lead-confirmed?thing=indicator-set:thu").json()["boolean"] in (True, False)
    again = client.get(address, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    by_name = client.get("/queries/names", params={"thing": "Ủy ban nhân dân tỉnh Thử"})
    assert "Z99" in by_name.text
    assert client.get("/queries/names", params={"thing": "Z99"}).json() == by_name.json()


def test_errors_by_name(client: httpx2.Client) -> None:
    assert client.get("/queries/none").status_code == 404
    missing = client.get("/queries/responsible")
    assert (missing.status_code, missing.json()["errors"][0]["name"]) == (422, "thing")
    assert client.get("/queries/responsible?thing=none-of-this").status_code == 404
    assert client.get("/queries/responsible?thing=7/QĐ-TTg").status_code == 409
    assert client.get("/queries/responsible?thing=a&thing=b").status_code == 422
    assert client.get("/queries/overview?format=none").status_code == 400
    assert client.get("/queries/overview?state=none").status_code == 404
    assert client.get("/queries/overview", headers={"Accept": "image/png"}).status_code == 406
    assert client.post("/queries/overview").status_code == 405


def test_a_browser_gets_the_form_then_the_answer(client: httpx2.Client) -> None:
    html = {"Accept": "text/html"}
    form = client.get("/queries/responsible", headers=html)
    assert form.status_code == 200 and 'name="thing"' in form.text and "SELECT" in form.text
    answer = client.get("/queries/responsible?thing=indicator-set:thu", headers=html)
    assert "<table" in answer.text and "format=csv" in answer.text
    wrong = client.get("/queries/responsible?thing=none-of-this", headers=html)
    assert wrong.status_code == 404 and 'role="alert"' in wrong.text and 'value="none-of-this"' in wrong.text
    described = client.get("/queries/responsible", headers={"Accept": "text/turtle"})
    assert "SPARQLSelectExecutable" in described.text
