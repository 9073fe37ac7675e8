"""The reports: what pySHACL says directly, what the recommendation says, and the same in every form."""

import json

import httpx2
import pytest
import rdflib
from pyoxigraph import RdfFormat
from rdflib import RDF, SH

from catalogue import rdf, validation
from tests.shapes.cases import INVALID, WORLD
from tests.validate.cases import CASES, COMPONENT, PREFIXES, Case

Result = tuple[str, str | None, str | None, str]


def results(graph: rdflib.Graph) -> list[Result]:
    """Focus node, path, value and component of every result, sorted; blank nodes are all alike."""
    found = []
    for one in graph.objects(None, SH.result):
        focus, path, value, component = (
            graph.value(one, term) for term in (SH.focusNode, SH.resultPath, SH.value, SH.sourceConstraintComponent)
        )
        told = [
            None if term is None else "blank" if isinstance(term, rdflib.BNode) else str(term)
            for term in (focus, path, value)
        ]
        found.append((str(told[0]), told[1], told[2], str(component)))
    return sorted(found, key=str)


def sent(validator: httpx2.Client, accept: str = "text/turtle", **fields: str) -> httpx2.Response:
    """The answer to a form, which must be a 200."""
    answer = validator.post("/validate", data=fields, headers={"Accept": accept})
    assert answer.status_code == 200, answer.text
    return answer


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_every_component_of_shacl(validator: httpx2.Client, case: Case) -> None:
    _, shape, data, expected = case
    answer = sent(validator, data=PREFIXES + data, shapes=f"{PREFIXES} :S a sh:NodeShape ; {shape} .")
    graph = rdflib.Graph().parse(data=answer.text, format="turtle")
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(report, SH.conforms).toPython() is (not expected)  # type: ignore[union-attr]
    found = [(focus.rpartition("/")[2], component.rpartition("#")[2]) for focus, _, _, component in results(graph)]
    assert found == [(focus, f"{component}ConstraintComponent") for focus, component in expected]


def test_a_component_that_the_shapes_declare_speaks_for_itself(validator: httpx2.Client) -> None:
    answer = sent(validator, "application/json", data=PREFIXES + ':a :p "abc" .', shapes=PREFIXES + COMPONENT)
    (result,) = answer.json()["results"]
    assert result["component"] == "http://example.org/Longest"
    assert "dài quá 2" in result["messages"]["vi"]


def test_under_our_shapes_the_report_is_that_of_pyshacl(validator: httpx2.Client) -> None:
    # In one document: what takes its time is the vocabulary, which is judged along each time.
    turtle = "\n".join(path.read_text(encoding="utf-8") for path in (WORLD, *INVALID[::7]))
    answer = validator.post("/validate", content=turtle.encode(), headers={"Content-Type": "text/turtle"})
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    ours = results(rdflib.Graph().parse(data=answer.text, format="turtle"))
    assert len(ours) >= len(INVALID[::7])
    assert ours == results(validation.report(turtle).graph)


TWO = PREFIXES + ":a :p 1, 2 ."
ONE_OF_THEM = PREFIXES + ":S a sh:NodeShape ; sh:targetNode :a ; sh:property [ sh:path :p ; sh:maxCount 1 ] ."


@pytest.mark.parametrize(
    ("media_type", "form"),
    [("text/turtle", RdfFormat.TURTLE), ("application/n-triples", RdfFormat.N_TRIPLES), ("application/rdf+xml", RdfFormat.RDF_XML), ("application/ld+json", RdfFormat.JSON_LD)],
)  # fmt: skip
def test_the_same_report_in_every_form(validator: httpx2.Client, media_type: str, form: RdfFormat) -> None:
    answer = sent(validator, media_type, data=TWO, shapes=ONE_OF_THEM)
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert "Accept" in answer.headers["vary"]
    # By our own parser: rdflib's of JSON-LD warns of its own deprecated classes.
    triples = [quad.triple for quad in rdf.parse(answer.content, form, "report")]
    graph = rdflib.Graph().parse(data=rdf.serialise(triples, RdfFormat.N_TRIPLES), format="nt")
    assert results(graph) == [
        ("http://example.org/a", "http://example.org/p", None, str(SH.MaxCountConstraintComponent))
    ]


def test_the_summary_speaks_both_languages(validator: httpx2.Client) -> None:
    told = sent(validator, "application/json", data=TWO, shapes=ONE_OF_THEM).json()
    assert (told["conforms"], told["total"], told["severities"]) == (False, 1, {"Violation": 1})
    (result,) = told["results"]
    assert result["focusNode"] == {"type": "uri", "value": "http://example.org/a"}
    assert result["messages"] == {
        "vi": "Thuộc tính http://example.org/p chỉ được có nhiều nhất 1 giá trị.",
        "en": "http://example.org/p must have at most 1 value(s).",
    }


def test_messages_of_the_shapes_come_in_their_languages_also_from_sparql(validator: httpx2.Client) -> None:
    shapes = (
        PREFIXES
        + """:S a sh:NodeShape ; sh:targetNode :a ; sh:sparql [
        sh:message "thừa {?value}"@vi, "{?value} is too many"@en ;
        sh:select "SELECT $this ?value WHERE { $this <http://example.org/p> ?value FILTER(?value > 1) }" ] ."""
    )
    (result,) = sent(validator, "application/json", data=TWO, shapes=shapes).json()["results"]
    assert result["messages"] == {"vi": "thừa 2", "en": "2 is too many"}
    report = sent(validator, data=TWO, shapes=shapes).text
    assert '"thừa 2"@vi' in report
    assert '"2 is too many"@en' in report


@pytest.mark.parametrize(
    "media_type",
    [
        "text/turtle",
        "application/n-triples",
        "application/rdf+xml",
        "application/ld+json",
        "application/trig",
        "application/n-quads",
    ],
)
def test_data_in_every_format(validator: httpx2.Client, media_type: str) -> None:
    form = RdfFormat.from_media_type(media_type)
    assert form is not None
    quads = rdf.parse(b"@prefix : <http://example.org/> . :g1 { :a :p 1 } :g2 { :a :p 2 }", RdfFormat.TRIG, "test")
    written = rdf.serialise(quads if media_type.endswith(("trig", "quads")) else [q.triple for q in quads], form)
    parts = {"data": ("file", written, media_type), "shapes": ("", ONE_OF_THEM, "text/turtle")}
    answer = validator.post("/validate", files=parts, headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["total"] == 1


def test_formats_are_known_by_field_and_by_name_of_the_file(validator: httpx2.Client) -> None:
    data = json.dumps({"@id": "http://example.org/a", "http://example.org/p": [1, 2]})
    by_field = {"data": data, "data-format": "jsonld", "shapes": ONE_OF_THEM, "shapes-format": "text/turtle"}
    assert sent(validator, "application/json", **by_field).json()["total"] == 1
    by_name = {
        "data": ("a.jsonld", data, "application/octet-stream"),
        "shapes": ("s.ttl", ONE_OF_THEM, "application/octet-stream"),
    }
    assert validator.post("/validate", files=by_name, headers={"Accept": "application/json"}).json()["total"] == 1


def test_relative_iris_have_a_base_and_nothing_conforms_to_everything(validator: httpx2.Client) -> None:
    answer = sent(
        validator,
        "application/json",
        data="<#a> <#p> 1 .",
        shapes=PREFIXES + ":S a sh:NodeShape ; sh:targetSubjectsOf <#p> ; sh:nodeKind sh:Literal .",
    )
    assert answer.json()["results"][0]["focusNode"]["value"].endswith("/validate#a")
    empty = validator.post(
        "/validate", content=b"", headers={"Content-Type": "text/turtle", "Accept": "application/json"}
    )
    assert empty.json() == {"conforms": True, "total": 0, "severities": {}, "truncated": False, "results": []}


def test_blank_nodes_of_data_and_shapes_do_not_meet(validator: httpx2.Client) -> None:
    shapes = PREFIXES + "_:x a sh:NodeShape ; sh:targetClass :C ; sh:nodeKind sh:IRI ."
    told = sent(validator, "application/json", data=PREFIXES + "_:x a :C .", shapes=shapes).json()
    assert told["results"][0]["focusNode"] == {"type": "bnode", "value": "x"}


def test_imports_are_not_followed(validator: httpx2.Client) -> None:
    shapes = (
        ONE_OF_THEM
        + " <http://example.org/> a <http://www.w3.org/2002/07/owl#Ontology> ; <http://www.w3.org/2002/07/owl#imports> <http://127.0.0.1:9/none> ."
    )
    assert sent(validator, "application/json", data=TWO, shapes=shapes).json()["total"] == 1


def test_people_get_a_form_and_a_page(validator: httpx2.Client) -> None:
    browser = {"Accept": "text/html,*/*;q=0.8"}
    form = validator.get("/validate", headers=browser | {"Accept-Language": "vi"})
    assert form.status_code == 200
    assert '<textarea id="data-text" name="data"' in form.text
    assert "Kiểm tra dữ liệu theo SHACL" in form.text
    fields = {"data": ("", ""), "shapes": ("", ONE_OF_THEM), "data-format": ("", "")}
    parts = [*fields.items(), ("data", ("a.ttl", TWO + ' :a :q "<script>" .', "application/octet-stream"))]
    page = validator.post("/validate?lang=en", files=parts, headers=browser)
    assert page.headers["content-type"].startswith("text/html")
    assert "The data does not conform." in page.text
    assert "must have at most 1 value(s)" in page.text
    plain = validator.post("/validate?lang=vi", data={"data": TWO}, headers=browser)
    assert "Dữ liệu đạt yêu cầu." in plain.text


def test_the_form_is_html_alone(validator: httpx2.Client) -> None:
    assert validator.get("/validate", headers={"Accept": "text/turtle"}).status_code == 406
    assert validator.head("/validate").status_code == 200
