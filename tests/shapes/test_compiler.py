"""The compiler of shapes refuses what it does not understand, and no shape that is written stands idle."""

from pathlib import Path

import pytest
import rdflib
from rdflib import RDF, SH

from catalogue.errors import Defect, Invalid
from catalogue.shacl import Shapes
from catalogue.shipped import SHAPES
from catalogue.validation import report, shipped_shapes

HEAD = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX test: <https://chiso.example/synthetic/>
"""


def checks(tmp_path: Path, turtle: str) -> list[str]:
    """The queries of some shapes."""
    path = tmp_path / "shapes.ttl"
    path.write_text(HEAD + turtle, encoding="utf-8")
    return [one.query for one in Shapes([path]).checks({})]


@pytest.mark.parametrize(
    "turtle",
    [
        "test:a a sh:NodeShape ; sh:targetClass skos:Concept ; sh:closed true .",
        "test:a a sh:NodeShape ; sh:targetClass skos:Concept ; sh:nodeKindd sh:IRI .",
        "test:a a sh:NodeShape ; sh:targetClass skos:Concept ; sh:property test:b . "
        "test:b a sh:PropertyShape ; sh:path skos:notation ; sh:minCount 2 .",
        "test:a a sh:NodeShape ; sh:targetClass skos:Concept ; sh:property test:b . "
        "test:b a sh:PropertyShape ; sh:path skos:notation ; sh:maxCount 5 .",
        "test:a a sh:NodeShape ; sh:targetClass skos:Concept ; sh:property [ sh:path skos:notation ; sh:minCount 1 ] .",
        "test:a a sh:NodeShape ; sh:targetClass skos:Concept ; sh:property test:b . test:b sh:minCount 1 .",
        "test:a a sh:NodeShape ; sh:targetClass skos:Concept ; sh:severity test:Grave ; sh:nodeKind sh:IRI .",
        "test:a a sh:NodeShape ; sh:targetClass skos:Concept ; sh:or ( test:b ) . test:b a sh:NodeShape .",
        "test:a a sh:NodeShape ; sh:targetClass skos:Concept ; sh:or ( test:b ) . test:b sh:sparql test:c .",
        "test:a a sh:NodeShape ; sh:targetClass skos:Concept ; sh:property test:b . "
        "test:b a sh:PropertyShape ; sh:path skos:notation ; sh:sparql test:c .",
        "test:a a sh:NodeShape ; sh:targetClass skos:Concept ; sh:sparql test:c . test:c a sh:SPARQLConstraint .",
        "test:a a sh:NodeShape ; sh:targetClass skos:Concept ; sh:property test:b . "
        "test:b a sh:PropertyShape ; sh:path skos:notation , skos:prefLabel ; sh:minCount 1 .",
    ],
)
def test_what_is_not_understood_is_refused(tmp_path: Path, turtle: str) -> None:
    with pytest.raises(Defect):
        checks(tmp_path, turtle)


def test_a_shape_without_target_asks_nothing(tmp_path: Path) -> None:
    assert checks(tmp_path, "test:a a sh:NodeShape ; sh:nodeKind sh:IRI .") == []


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("[ sh:inversePath skos:member ]", "^<http://www.w3.org/2004/02/skos/core#member>"),
        ("( skos:member skos:notation )", "core#member>/<http"),
        ("[ sh:zeroOrMorePath skos:broader ]", "(<http://www.w3.org/2004/02/skos/core#broader>)*"),
    ],
)
def test_paths_are_written_as_sparql_paths(tmp_path: Path, path: str, written: str) -> None:
    turtle = f"""test:a a sh:NodeShape ; sh:targetNode test:x ; sh:property test:b .
    test:b a sh:PropertyShape ; sh:path {path} ; sh:minCount 1 ."""
    (query,) = checks(tmp_path, turtle)
    assert written in query


def test_no_shape_stands_idle() -> None:
    rules = rdflib.Graph()
    for path in SHAPES.glob("*.ttl"):
        rules.parse(path)
    targeted = {
        shape
        for target in (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
        for shape in rules.subjects(target, None)
    }
    reached, waiting = set(targeted), list(targeted)
    while waiting:
        for found in rules.objects(waiting.pop(), None):
            if found not in reached:
                reached.add(found)
                waiting.append(found)
    written = {
        s for kind in (SH.NodeShape, SH.PropertyShape, SH.SPARQLConstraint) for s in rules.subjects(RDF.type, kind)
    }
    assert sorted(str(shape) for shape in written - reached) == []
    assert {name.value for name in shipped_shapes().names()} == {str(shape) for shape in written}


def test_every_message_is_in_both_languages() -> None:
    for one in shipped_shapes().checks({}):
        assert set(one.messages) == {"vi", "en"}, one.shape


def test_malformed_turtle_is_refused_with_its_place() -> None:
    with pytest.raises(Invalid, match="line 2"):
        report("@prefix a: <urn:a> .\na:b a:c", "")


def test_shapes_that_pyshacl_refuses_are_invalid() -> None:
    shapes = HEAD + "test:a a sh:NodeShape ; sh:targetNode test:x ; sh:property [ sh:minCount 1 ] ."
    with pytest.raises(Invalid):
        report(HEAD + "test:x a skos:Concept .", shapes)


def test_given_shapes_judge_given_data() -> None:
    shapes = (
        HEAD
        + "test:a a sh:NodeShape ; sh:targetClass skos:Concept ; sh:property [ sh:path skos:notation ; sh:minCount 1 ] ."
    )
    assert not report(HEAD + "test:x a skos:Concept .", shapes).conforms
    assert report(HEAD + 'test:x a skos:Concept ; skos:notation "1" .', shapes).conforms
