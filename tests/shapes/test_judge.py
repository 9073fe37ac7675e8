"""pySHACL is the judge: the queries that the build runs and the standard's processor find the same failures."""

from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from pyoxigraph import RdfFormat
from rdflib import RDF, SH, URIRef

from catalogue.shacl import KNOWN
from catalogue.shipped import GRAPH, SHAPES
from catalogue.validation import Violation, check, report
from tests.shapes.cases import GRAPH as CASE
from tests.shapes.cases import INVALID, VALID, WORLD, name, read, store, violations, vocabulary

Found = tuple[str, str, str]
"""Focus node, shape or SPARQL constraint, severity."""


def asked(found: list[Violation]) -> set[Found]:
    """What `check` found, comparable; blank nodes are all alike."""
    return {(_focus(v.focus), v.shape.value, v.severity) for v in found}


def judged(turtle: bytes) -> set[Found]:
    """What pySHACL found, comparable."""
    graph = report(turtle).graph
    found = set()
    for result in graph.subjects(RDF.type, SH.ValidationResult):
        focus = graph.value(result, SH.focusNode)
        rule = graph.value(result, SH.sourceConstraint) or graph.value(result, SH.sourceShape)
        severity = str(graph.value(result, SH.resultSeverity)).removeprefix(str(SH))
        found.add((str(focus) if isinstance(focus, URIRef) else "blank", str(rule), severity))
    return found


def _focus(term: object) -> str:
    return term.value if isinstance(term, pyoxigraph.NamedNode) else "blank"


def _turtle(paths: list[Path]) -> bytes:
    triples = [quad.triple for quad in read(paths, CASE)]
    text = pyoxigraph.serialize(triples, format=RdfFormat.N_TRIPLES)
    assert text is not None
    return text


def test_both_find_nothing_in_the_valid_cases() -> None:
    assert asked(violations(*VALID)) == judged(_turtle([WORLD, *VALID])) == set()


def test_both_find_the_same_in_the_invalid_cases() -> None:
    assert asked(violations(*INVALID)) == judged(_turtle([WORLD, *INVALID]))


@pytest.mark.slow
def test_both_find_the_same_in_the_catalogue_without_the_loaded_units() -> None:
    paths = sorted(GRAPH.rglob("*.ttl"))
    quads = [*vocabulary(), *read(paths, CASE)]
    assert asked(check(store(quads), graphs={CASE: "all"})) == judged(_turtle(paths))


def test_the_judge_sees_a_zone_in_a_date_and_leaves_rdflib_as_it_was() -> None:
    (case,) = [c for c in INVALID if name(c) == "interval/invalid.zone"]
    before = rdflib.NORMALIZE_LITERALS
    found = report((WORLD.read_text() + case.read_text()).encode())
    assert not found.conforms
    assert "interval-from" in found.text
    assert before == rdflib.NORMALIZE_LITERALS


def test_every_word_of_shacl_that_the_shapes_use_exists() -> None:
    # rdflib's namespace of SHACL is closed: a word that SHACL does not have raises.
    used = {
        str(term).removeprefix(str(SH))
        for path in SHAPES.glob("*.ttl")
        for triple in rdflib.Graph().parse(path)
        for term in triple
        if str(term).startswith(str(SH))
    }
    assert [word for word in sorted(used) if SH[word] not in SH] == []
    assert [word for word in sorted(KNOWN) if SH[word] not in SH] == []
