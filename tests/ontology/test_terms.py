"""Only words that exist: own terms and codes in every file that uses them, and the list of what counts as lineage."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from catalogue.iri import CODES, KINDS, PREFIXES, VOCABULARY
from catalogue.shipped import GRAPH, ONTOLOGY, QUERIES, SHAPES
from tests.shapes.cases import vocabulary

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
CONTEXT = ONTOLOGY / "context.jsonld"

# The two super-properties and what the design puts under them; a change of lineage is a change of this list.
UP = [
    "chiso:basis",
    "chiso:for",
    "chiso:concerns",
    "chiso:indicator",
    "chiso:watches",
    "chiso:exchanges",
    "chiso:fromSystem",
    "chiso:parentTask",
    "chiso:ofRequest",
    "eli:based_on",
    "eli:is_part_of",
    "eli:implements",
    "eli:amends",
    "eli:repeals",
    "skos:inScheme",
    "sssom:object_id",
    "org:originalOrganization",
    "prov:used",
    "qb:dataSet",
]
DOWN = [
    "chiso:requires",
    "chiso:toSystem",
    "chiso:feature",
    "skos:member",
    "cv:hasParticipant",
    "org:resultingOrganization",
    "prov:generated",
    "sssom:subject_id",
    "dcat:servesDataset",
]


@cache
def known() -> frozenset[str]:
    """Every IRI that the vocabulary describes."""
    return frozenset(quad.subject.value for quad in vocabulary() if isinstance(quad.subject, NamedNode))


def ours(iri: str) -> bool:
    """Whether an IRI claims to be a term or a code of ours."""
    return iri.startswith((VOCABULARY, CODES))


def in_turtle(path: Path) -> set[str]:
    """Our terms and codes in a Turtle file, also those inside the queries of shapes."""
    found = set()
    for quad in parse(path=path):
        for term in (quad.subject, quad.predicate, quad.object):
            if isinstance(term, NamedNode):
                found.add(term.value)
            elif isinstance(term, Literal) and quad.predicate.value == PREFIXES["sh"] + "select":
                found |= in_text(term.value)
    return {iri for iri in found if ours(iri)}


def in_text(text: str) -> set[str]:
    """Our terms and codes in SPARQL: whole IRIs and prefixed names."""
    text = re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)
    whole = set(re.findall(r"<(https://w3id\.org/chiso/(?:ns#|code/)[^<>{}\s]+)>", text))
    prefixes = dict(re.findall(r"PREFIX\s+([\w-]*):\s*<([^>]*)>", text))
    prefixes.setdefault("chiso", VOCABULARY)
    named = {
        prefixes[prefix] + local
        for prefix, local in re.findall(r"(?<![\w:/<-])([A-Za-z][\w-]*):([\w-]+)", text)
        if ours(prefixes.get(prefix, ""))
    }
    # A namespace that is only declared ends where its local names would begin.
    return {iri for iri in whole | named if not iri.endswith(("/", "#"))}


def in_python(text: str) -> set[str]:
    """Our terms in Python: what is added to the namespace, `VOCABULARY + "…"` and `{VOCABULARY}…` in query texts."""
    added = re.findall(r"(?:VOCABULARY|PREFIXES\[\"chiso\"\]) \+ f?\"(\w+)\"", text)
    return {VOCABULARY + name for name in (*added, *re.findall(r"\{VOCABULARY\}(\w+)", text))}


TURTLE = [path for folder in (ONTOLOGY, SHAPES, GRAPH) for path in sorted(folder.rglob("*.ttl"))]


@pytest.mark.parametrize("path", TURTLE, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_turtle_uses_only_known_terms(path: Path) -> None:
    assert sorted(in_turtle(path) - known()) == []


@pytest.mark.parametrize("path", sorted(QUERIES.glob("*.rq")), ids=lambda path: path.stem)
def test_a_query_uses_only_known_terms(path: Path) -> None:
    assert sorted(in_text(path.read_text(encoding="utf-8")) - known()) == []


def test_python_uses_only_known_terms() -> None:
    used = {
        (path.name, iri)
        for folder in ("catalogue", "api", "cli", "loaders")
        for path in (REPOSITORY / folder).rglob("*.py")
        for iri in in_python(path.read_text(encoding="utf-8"))
    }
    assert sorted((name, iri) for name, iri in used if iri not in known()) == []


def test_every_kind_of_thing_has_a_known_class() -> None:
    assert sorted(name for name in KINDS.values() if name not in known()) == []


def test_lineage_is_exactly_what_the_design_says() -> None:
    declared: dict[str, set[str]] = {"restsOn": set(), "grounds": set()}
    for quad in vocabulary():
        if quad.predicate.value == PREFIXES["rdfs"] + "subPropertyOf" and isinstance(quad.object, NamedNode):
            assert isinstance(quad.subject, NamedNode)
            declared[quad.object.value.removeprefix(VOCABULARY)].add(quad.subject.value)
    assert declared == {"restsOn": {_whole(name) for name in UP}, "grounds": {_whole(name) for name in DOWN}}


def test_every_property_of_ours_has_a_name_in_the_json_context() -> None:
    terms = json.loads(CONTEXT.read_text(encoding="utf-8"))["@context"]
    named = {_whole(t["@id"] if isinstance(t, dict) else t) for t in terms.values() if t and ":" in str(t)}
    properties = {
        quad.subject.value
        for quad in vocabulary()
        if isinstance(quad.object, NamedNode)
        and quad.object.value in (PREFIXES["owl"] + "ObjectProperty", PREFIXES["owl"] + "DatatypeProperty")
        and isinstance(quad.subject, NamedNode)
        and quad.subject.value.startswith(VOCABULARY)
    }
    assert sorted(properties - named) == []


DOCUMENT = {
    "id": "https://chiso.example/synthetic/target",
    "type": "Target",
    "prefLabel": {"vi": "Chỉ tiêu giả lập", "en": "Synthetic target"},
    "basis": "https://chiso.example/synthetic/plan",
    "due": "2025-12-31",
    "strength": "code:strength/dat-ra",
    "statedSize": 4,
    "unitMeasure": "code:unit/phan-tram",
    "number": "12",
}
EXPECTED = {
    ("rdf:type", f"<{VOCABULARY}Target>"),
    ("skos:prefLabel", '"Chỉ tiêu giả lập"@vi'),
    ("skos:prefLabel", '"Synthetic target"@en'),
    ("chiso:basis", "<https://chiso.example/synthetic/plan>"),
    ("chiso:due", f'"2025-12-31"^^<{PREFIXES["xsd"]}date>'),
    ("chiso:strength", f"<{CODES}strength/dat-ra>"),
    ("chiso:statedSize", f'"4"^^<{PREFIXES["xsd"]}integer>'),
    ("sdmx-a:unitMeasure", f"<{CODES}unit/phan-tram>"),
    ("eli:number", '"12"'),
}


# rdflib's own JSON-LD parser uses what rdflib calls deprecated.
@pytest.mark.filterwarnings("ignore:Dataset.default_context:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_a_json_document_means_what_the_context_says() -> None:
    text = json.dumps({**json.loads(CONTEXT.read_text(encoding="utf-8")), **DOCUMENT})
    meant = {(_whole(name), value) for name, value in EXPECTED}
    engine = {(q.predicate.value, str(q.object)) for q in parse(text, format=RdfFormat.JSON_LD)}
    assert engine == meant
    read = rdflib.Dataset().parse(data=text, format="json-ld")
    assert {(str(p), o.n3()) for _, p, o, _ in read.quads()} == meant


def _whole(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local if prefix in PREFIXES else name
