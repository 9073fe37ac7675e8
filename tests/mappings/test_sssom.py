"""SSSOM in and out: the official samples, sets made at random, the official schema and shapes."""

import json
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue import rdf
from catalogue.iri import thing
from catalogue.mapping.exchange import sssom, sssom_graph, sssom_rdf, sssom_text, sssom_tsv
from catalogue.mapping.exchange.sssom import (
    BUILT_IN,
    MAPPING_SLOTS,
    OURS,
    SET_SLOTS,
    Extension,
    MappingSet,
    Record,
    Slot,
    Value,
)
from tests.mappings.import_world import SAMPLES, SHARED

BASE = "https://synthetic.example/"
needs_samples = pytest.mark.skipif(not SAMPLES, reason="the official samples (../shared/standards/sssom) are not here")


def through_tsv(given: MappingSet, *, csv: bool = False) -> MappingSet:
    written = sssom_tsv.write(given, separator=",", guarded=True) if csv else sssom_tsv.write(given)
    found = sssom_tsv.read(written, most=1_000)
    assert found.problems == [], written.decode()
    return found


def through_rdf(given: MappingSet, form: str) -> MappingSet:
    document = sssom_rdf.turtle(given) if form == "ttl" else sssom_rdf.json_ld(given)
    parser = pyoxigraph.parse(document, rdf.FORMATS[form])
    triples = [quad.triple for quad in parser]
    found = sssom_rdf.read(triples, parser.prefixes, most=1_000)
    assert found.problems == []
    return found


def through_graph(given: MappingSet) -> MappingSet:
    triples = rdf.canonical(sssom_graph.triples(given, BASE, "thu"))
    assert not any(isinstance(t.subject, pyoxigraph.BlankNode) for t in triples)
    return sssom_graph.read(triples, thing(BASE, "mapping-set", "thu"))


@needs_samples
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_every_official_sample_goes_in_and_out_unchanged(path: Path) -> None:
    found = sssom_tsv.read(path.read_bytes(), most=1_000, place=path.name)
    assert found.problems == [] and found.mappings
    assert through_tsv(found) == found
    assert through_tsv(found, csv=True) == found
    assert through_rdf(found, "ttl") == found
    assert through_rdf(found, "jsonld") == found
    assert through_graph(found) == found
    assert sssom_tsv.write(through_rdf(found, "ttl")) == sssom_tsv.write(found), "prefixes included"


@needs_samples
def test_turtle_and_json_ld_say_the_same() -> None:
    for path in SAMPLES:
        found = sssom_tsv.read(path.read_bytes(), most=1_000)
        graphs = []
        for document, form in ((sssom_rdf.turtle(found), "ttl"), (sssom_rdf.json_ld(found), "jsonld")):
            graph = pyoxigraph.Dataset(pyoxigraph.parse(document, rdf.FORMATS[form]))
            graph.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
            graphs.append(graph)
        assert graphs[0] == graphs[1], path.name


@needs_samples
def test_what_is_written_is_valid_by_the_official_json_schema() -> None:
    import jsonschema

    schema = json.loads((SHARED / "standards/sssom/sssom_schema.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft201909Validator({**schema["$defs"]["MappingSet"], "$defs": schema["$defs"]})
    checked = 0
    for path in SAMPLES:
        found = sssom_tsv.read(sssom_tsv.write(sssom_tsv.read(path.read_bytes(), most=1_000)), most=1_000)
        if path.name in ("version.sssom.tsv", "extension-slots.sssom.tsv"):
            continue  # one has no mapping_set_id; the other has slots that the schema, being closed, cannot know
        errors = [f"{path.name}: {one.message}" for one in validator.iter_errors(_plain(found))]
        assert errors == []
        checked += 1
    assert checked == len(SAMPLES) - 2


def _plain(found: MappingSet) -> dict[str, Any]:
    contract = sssom_text.Contraction(found.prefixes)

    def told(slots: dict[str, Value]) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        for name, value in slots.items():
            slot = MAPPING_SLOTS.get(name) or SET_SLOTS[name]
            chosen = contract if slot.kind == "reference" else None
            if isinstance(value, tuple):
                plain[name] = [sssom_text.shown(one, chosen) for one in value]
            else:
                plain[name] = float(value) if isinstance(value, Decimal) else sssom_text.shown(value, chosen)
        return plain

    return {**told(found.slots), "mappings": [told(record.slots) for record in found.mappings]}


@cache
def _official_shapes() -> Any:
    """The official shapes, as far as they agree with the text of the specification.

    They are generated, and take an entity reference for a literal of the datatype `rdfs:Resource` and an address for a
    literal, where the specification (SSSOM/RDF, Representation of slot values) writes IRIs; they demand a
    `mapping_set_id` beside the IRI that it is; and their list of justifications is one of empty shapes.
    """
    import rdflib
    from rdflib.namespace import RDFS, SH

    graph = rdflib.Graph().parse(SHARED / "domain/vocab/sssom_schema.shacl.ttl")
    names = rdflib.Namespace(sssom.SSSOM)
    addresses = {
        rdflib.URIRef(slot.property) for slot in (*SET_SLOTS.values(), *MAPPING_SLOTS.values()) if slot.kind == "uri"
    }
    for shape, path in list(graph.subject_objects(SH.path)):
        if (
            (shape, SH.datatype, RDFS.Resource) in graph
            or path in addresses
            or path in (names.property, names.type_hint)
        ):
            graph.remove((shape, SH.datatype, None))
            graph.set((shape, SH.nodeKind, SH.IRI))
        if path == names.mapping_justification:
            graph.remove((shape, SH["or"], None))
        if path == names.mapping_set_id:
            graph.remove((shape, SH.minCount, None))
    return graph


@needs_samples
def test_the_rdf_is_valid_by_the_official_shapes() -> None:
    import pyshacl
    import rdflib
    from rdflib.namespace import SH

    data = rdflib.Graph()
    for path in SAMPLES:
        if path.name == "extension-slots.sssom.tsv":
            continue  # the shapes are closed
        data.parse(sssom_rdf.turtle(sssom_tsv.read(path.read_bytes(), most=1_000)), format="turtle")
    # Sets of one id in several samples are one node there.
    ones = set(data.subjects(rdflib.RDF.type, rdflib.URIRef(sssom.SSSOM + "MappingSet")))
    repeated = {
        one
        for one in ones
        for said in set(data.predicates(one))
        if len(list(data.objects(one, said))) > 1 and str(said).endswith(("description", "comment"))
    }
    _conforms, report, text = pyshacl.validate(data, shacl_graph=_official_shapes(), inference="none")
    assert isinstance(report, rdflib.Graph)
    bad = set(report.objects(None, SH.focusNode)) - repeated
    assert not bad, text
    wrong = rdflib.Graph().parse(
        data=sssom_rdf.turtle(sssom_tsv.read(SAMPLES[0].read_bytes(), most=10)), format="turtle"
    )
    axiom = next(iter(wrong.subjects(rdflib.RDF.type, rdflib.OWL.Axiom)))
    wrong.remove((axiom, rdflib.OWL.annotatedProperty, None))
    assert not pyshacl.validate(wrong, shacl_graph=_official_shapes())[0], "the shapes can fail"


def test_slots_are_those_of_the_official_schema_and_context() -> None:
    if not SAMPLES:
        pytest.skip("the official schema (../shared/standards/sssom) is not here")
    schema = json.loads((SHARED / "standards/sssom/sssom_schema.schema.json").read_text(encoding="utf-8"))["$defs"]
    context = json.loads((SHARED / "domain/vocab/sssom_schema.context.jsonld").read_text(encoding="utf-8"))["@context"]
    for known, name in ((MAPPING_SLOTS, "Mapping"), (SET_SLOTS, "MappingSet")):
        official = schema[name]["properties"]
        assert known.keys() == official.keys() - {"mappings", "curie_map", "extension_definitions"}
        for slot in known.values():
            assert slot.many == ("array" in official[slot.name].get("type", "")), slot.name
            iri = context[slot.name]["@id"]
            prefix, _, rest = iri.partition(":")
            assert slot.property == (BUILT_IN[prefix] + rest if rest else sssom.SSSOM + iri), slot.name
            enum = schema.get(official[slot.name].get("$ref", "").rpartition("/")[2], {}).get("enum")
            assert list(slot.values) == (enum or []), slot.name


_TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\t\n|\\\"'=#,;: "),
    min_size=1,
    max_size=12,
).filter(lambda text: bool(text.strip()))
_IRI = st.sampled_from(["https://a.example/x#", "https://b.example/", "urn:thu:", "https://a.example/x"]).flatmap(
    lambda start: st.text(st.sampled_from("abcđ0._-~()'"), min_size=1, max_size=6).map(lambda rest: start + rest)
)
_DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))
_NUMBERS = st.integers(0, 10**6).map(lambda number: sssom.plain(Decimal(number) / 10**6))


def _values(slot: Slot) -> st.SearchStrategy[Value]:
    kinds: dict[str, st.SearchStrategy[Value]] = {
        "reference": _IRI,
        "uri": _IRI,
        "number": _NUMBERS,
        "date": _DAYS,
        "text": _TEXT,
    }
    one = st.sampled_from(list(slot.values)) if slot.kind == "enum" else kinds[slot.kind]
    if slot.name == "mapping_justification":
        return st.sampled_from(sssom.JUSTIFICATIONS)
    if not slot.many:
        return one
    return st.sets(one, min_size=1, max_size=3).map(lambda values: tuple(sorted(map(str, values))))


def _some(known: dict[str, Slot], needed: tuple[str, ...]) -> st.SearchStrategy[dict[str, Value]]:
    free = {name: _values(slot) for name, slot in known.items() if name not in (*needed, "record_id")}
    return st.fixed_dictionaries({name: _values(known[name]) for name in needed}, optional=free)


_EXTENSIONS = {
    "ext_text": Extension("ext_text", "https://ext.example/text"),
    "ext_ref": Extension("ext_ref", "https://ext.example/ref", BUILT_IN["linkml"] + "Uriorcurie"),
    "ext_number": Extension("ext_number", "https://ext.example/number", BUILT_IN["xsd"] + "integer"),
    "mapping_status": OURS["mapping_status"],
    "valid_from": OURS["valid_from"],
}
_EXTRA = st.fixed_dictionaries(
    {},
    optional={
        "ext_text": _TEXT,
        "ext_ref": _IRI,
        "ext_number": st.sampled_from(["1", "007", "-3"]),
        "ext_undeclared": _TEXT,
        "mapping_status": st.sampled_from(["candidate", "accepted"]),
        "valid_from": _DAYS.map(date.isoformat),
    },
)


@st.composite
def sets(draw: st.DrawFn) -> MappingSet:
    needed = ("subject_id", "predicate_id", "object_id", "mapping_justification")
    rows = draw(st.lists(st.tuples(_some(MAPPING_SLOTS, needed), _EXTRA), max_size=4))
    records = [Record({**slots, **extra}) for slots, extra in rows]
    for record in records:
        for side in ("subject", "object"):
            if record.slots.get(f"{side}_type") == sssom.LITERAL_TYPE:
                record.slots[f"{side}_label"] = "chữ"
    whole = draw(_some(SET_SLOTS, ("mapping_set_id", "license")))
    whole = {name: value for name, value in whole.items() if not name.endswith("_type") or value != sssom.LITERAL_TYPE}
    return MappingSet(whole, records, dict(_EXTENSIONS), {"b": "https://b.example/"}).settle()


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(sets())
def test_any_set_survives_every_form(made: MappingSet) -> None:
    assert through_tsv(made) == made
    assert through_tsv(made, csv=True) == made
    assert through_rdf(made, "ttl") == made
    assert through_rdf(made, "jsonld") == made
    assert through_graph(made) == made


@settings(max_examples=200, deadline=None)
@given(st.lists(_TEXT, min_size=1, max_size=4))
def test_lists_of_texts_survive_a_cell(values: list[str]) -> None:
    assert sssom_text.split(sssom_text.joined(tuple(values))) == values
