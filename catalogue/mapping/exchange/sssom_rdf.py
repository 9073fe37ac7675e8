"""SSSOM/RDF: a mapping set as the specification writes it in RDF (`owl:Axiom`), as Turtle and as JSON-LD, there and back.

Read are also the forms from before the specification: IRIs as `xsd:anyURI` literals, CURIEs as literals, sets without a
name, enumerations as texts.
"""

import json
from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from catalogue.errors import LimitReached
from catalogue.mapping.exchange import sssom_terms, sssom_text
from catalogue.mapping.exchange.sssom import (
    BUILT_IN,
    MAPPING_SLOTS,
    MOST_PROBLEMS,
    SET_SLOTS,
    SSSOM,
    UNDECLARED,
    Extension,
    MappingSet,
    Problem,
    Record,
    Slot,
    Value,
    holds_references,
    lacking,
    missing,
    property_of,
    refusal,
    written,
)
from catalogue.mapping.exchange.sssom_header import NAME
from catalogue.mapping.exchange.sssom_terms import DOUBLE, About, Term
from catalogue.mapping.exchange.sssom_text import Contraction, Unreadable
from catalogue.mapping.exchange.sssom_yaml import refused

Node = NamedNode | BlankNode

_TYPE = NamedNode(BUILT_IN["rdf"] + "type")
_AXIOM = NamedNode(BUILT_IN["owl"] + "Axiom")
_SET = NamedNode(SSSOM + "MappingSet")
_MAPPINGS = NamedNode(SSSOM + "mappings")
_DEFINITIONS = NamedNode(SSSOM + "extension_definitions")
_DEFINITION = NamedNode(SSSOM + "ExtensionDefinition")
_PARTS = [NamedNode(SSSOM + name) for name in ("slot_name", "property", "type_hint")]
_SLOTS_OF_SET = {slot.property: slot for slot in SET_SLOTS.values()}
_SLOTS_OF_MAPPING = {
    **{slot.property: slot for slot in MAPPING_SLOTS.values()},
    BUILT_IN["pav"] + "authoredOn": MAPPING_SLOTS["mapping_date"],  # the property of earlier versions
}


def triples(mapping_set: MappingSet) -> list[Triple]:
    """The set in the form of the specification, with every slot handed down to the mappings.

    What has no name is numbered, so that the same set is always the same bytes.
    """
    unnamed = (BlankNode(f"n{number}") for number in count(1))
    name = mapping_set.slots.get("mapping_set_id")
    node: Node = NamedNode(str(name)) if name else next(unnamed)
    found = [Triple(node, _TYPE, _SET), *_slots(node, mapping_set, mapping_set.slots, SET_SLOTS, "mapping_set_id")]
    for one in mapping_set.extensions.values():
        definition = next(unnamed)
        found += [Triple(node, _DEFINITIONS, definition), Triple(definition, _TYPE, _DEFINITION)]
        parts: list[Term | None] = [
            Literal(one.name),
            *((iri and NamedNode(iri)) or None for iri in (one.property, one.type_hint)),
        ]
        found += [Triple(definition, part, term) for part, term in zip(_PARTS, parts, strict=True) if term is not None]
    for record in mapping_set.mappings:
        identified = record.slots.get("record_id")
        axiom: Node = NamedNode(str(identified)) if identified else next(unnamed)
        found += [Triple(node, _MAPPINGS, axiom), Triple(axiom, _TYPE, _AXIOM)]
        found += _slots(axiom, mapping_set, record.slots, MAPPING_SLOTS, "record_id")
    return found


def _slots(
    node: Node, mapping_set: MappingSet, slots: Mapping[str, Value], known: Mapping[str, Slot], name: str
) -> list[Triple]:
    """What slots say; the slot `name` is the node's own name."""
    found = [
        Triple(node, NamedNode(known[slot].property), term)
        for slot, value in slots.items()
        if slot in known and slot != name
        for term in sssom_terms.terms(known[slot], value, DOUBLE)
    ]
    extra = {slot: value for slot, value in slots.items() if slot not in known}
    return found + sssom_terms.extension_triples(node, mapping_set, extra)


def turtle(mapping_set: MappingSet) -> bytes:
    """The set as Turtle, with the prefixes that its CURIEs need, so that it can become SSSOM/TSV again."""
    return serialize(triples(mapping_set), format=RdfFormat.TURTLE, prefixes=_prefixes(mapping_set)) or b""


def _prefixes(mapping_set: MappingSet) -> dict[str, str]:
    contract = Contraction(mapping_set.prefixes)
    for triple in triples(mapping_set):
        for term in (triple.predicate, triple.object):
            if isinstance(term, NamedNode):
                contract.curie(term.value)
    return dict(sorted(contract.used.items()))


def json_ld(mapping_set: MappingSet) -> bytes:
    """The set as JSON-LD under the names of its slots, with its context inside: the same triples as in Turtle."""
    prefixes = _prefixes(mapping_set)
    contract = Contraction(prefixes)
    # A prefix may end in any character only where the context says that it is one (JSON-LD 1.1, 4.4 Compact IRIs).
    starts = {name: {"@id": start, "@prefix": True} for name, start in {**BUILT_IN, **prefixes}.items()}
    context: dict[str, Any] = {**starts, "mappings": {"@id": "sssom:mappings", "@type": "@id"}}
    context |= {
        "extension_definitions": {"@id": "sssom:extension_definitions", "@type": "@id"},
        "slot_name": "sssom:slot_name",
        "property": {"@id": "sssom:property", "@type": "@id"},
        "type_hint": {"@id": "sssom:type_hint", "@type": "@id"},
    }

    def described(slots: Mapping[str, Value], known: Mapping[str, Slot], name: str) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for slot_name in [*(one for one in known if one in slots), *sorted(slots.keys() - known.keys())]:
            value = slots[slot_name]
            slot = known.get(slot_name)
            if slot_name == name:
                continue
            context[slot_name] = _in_context(mapping_set, slot_name, slot)
            values = [_told(slot, one, contract) for one in (value if isinstance(value, tuple) else (value,))]
            told[slot_name] = values if slot is not None and slot.many else values[0]
        return told

    body: dict[str, Any] = {"@type": "sssom:MappingSet"}
    if name := mapping_set.slots.get("mapping_set_id"):
        body["@id"] = str(name)
    body |= described(mapping_set.slots, SET_SLOTS, "mapping_set_id")
    if mapping_set.extensions:
        body["extension_definitions"] = [
            {"@type": "sssom:ExtensionDefinition", "slot_name": one.name}
            | ({"property": one.property} if one.property else {})
            | ({"type_hint": one.type_hint} if one.type_hint else {})
            for one in mapping_set.extensions.values()
        ]
    body["mappings"] = [
        {"@type": "owl:Axiom"}
        | ({"@id": str(record.slots["record_id"])} if "record_id" in record.slots else {})
        | described(record.slots, MAPPING_SLOTS, "record_id")
        for record in mapping_set.mappings
    ]
    return json.dumps({"@context": context, **body}, ensure_ascii=False, indent=1).encode()


def _in_context(mapping_set: MappingSet, name: str, slot: Slot | None) -> dict[str, str]:
    if slot is None:
        definition = mapping_set.extensions.get(name)
        hint = definition.type_hint if definition else None
        kind = "@id" if holds_references(definition) else hint if hint and hint.startswith(BUILT_IN["xsd"]) else None
        return {"@id": property_of(mapping_set, name)} | ({"@type": kind} if kind else {})
    kinds = {"reference": "@id", "uri": "@id", "number": "xsd:double", "date": "xsd:date"}
    meant = "@id" if slot.kind == "enum" and any(slot.values.values()) else kinds.get(slot.kind)
    return {"@id": slot.property} | ({"@type": meant} if meant else {})


def _told(slot: Slot | None, value: Any, contract: Contraction) -> Any:
    if slot is None:
        return sssom_text.shown(value)
    if slot.kind == "enum":
        return slot.values.get(value) or value
    if slot.kind == "reference" and ":" not in value:
        return {"@value": value}
    if slot.kind in ("reference", "uri"):
        return contract.curie(value) if slot.kind == "reference" else value
    return written(value) if slot.kind == "number" else sssom_text.shown(value)


def read(given: Iterable[Triple], prefixes: Mapping[str, str], *, most: int, place: str = "body") -> MappingSet:
    """The one mapping set of a document. `prefixes` as the document declared them; `most`: mappings it may have.

    Raises `Invalid` for a document without mappings or with two sets, `LimitReached`.
    """
    said = sssom_terms.said_of(given)
    sets = [node for node, about in said.items() if _SET in about.get(_TYPE, ()) or _MAPPINGS in about]
    axioms: dict[Term, None] = {node: None for node, about in said.items() if _AXIOM in about.get(_TYPE, ())}
    axioms |= {node: None for one in sets for node in said[one].get(_MAPPINGS, ()) if node in said}
    if len(sets) > 1 or not (sets or axioms):
        raise refused(
            place,
            None,
            f"cần đúng một bộ ánh xạ (sssom:MappingSet với các owl:Axiom), đọc được {len(sets)}",
            f"one mapping set is needed (a sssom:MappingSet with its owl:Axioms); found {len(sets)}",
        )
    if len(axioms) > most:
        raise too_many(place, len(axioms), most)
    found = MappingSet()
    for name, start in prefixes.items():
        if name not in BUILT_IN and _usable(name, start):
            found.prefixes[name] = start
    reader = _Reader(found, {**prefixes, **BUILT_IN})
    if sets:
        about = said[sets[0]]
        reader.definitions([said[node] for node in about.get(_DEFINITIONS, ()) if node in said])
        found.slots = reader.slots(about, _SLOTS_OF_SET, None)
        if isinstance(sets[0], NamedNode):
            found.slots.setdefault("mapping_set_id", sets[0].value)
    for row, axiom in enumerate(axioms, 1):
        before = len(found.problems)
        slots = reader.slots(said[axiom], _SLOTS_OF_MAPPING, row)
        if isinstance(axiom, NamedNode):
            slots.setdefault("record_id", axiom.value)
        found.problems += [lacking(row, name) for name in missing(slots, found.slots)]
        if len(found.problems) == before:
            found.mappings.append(Record(slots, row))
        if len(found.problems) > MOST_PROBLEMS:
            break
    return found.settle()


def too_many(place: str, found: int, most: int) -> LimitReached:
    """The error for a document of more mappings than one may have."""
    return LimitReached(
        f"{place}: có {found} ánh xạ, nhiều nhất là {most} (CHISO_MAPPING_ROWS). Hãy chia thành nhiều tệp.",
        f"{place}: there are {found} mappings, at most {most} are taken (CHISO_MAPPING_ROWS). Split the file.",
        details={"limit": "CHISO_MAPPING_ROWS", "value": most},
    )


def _usable(name: str, start: str) -> bool:
    try:
        sssom_text.prefix(name, start)
    except Unreadable:
        return False
    return True


class _Reader:
    """Reads what nodes say into the slots of a set; what cannot be read becomes its problems."""

    def __init__(self, found: MappingSet, prefixes: Mapping[str, str]) -> None:
        self._found = found
        self._prefixes = prefixes
        self._extensions: dict[str, str] = {}

    def definitions(self, nodes: list[About]) -> None:
        for about in nodes:
            parts = [sssom_terms.first(about, part) for part in _PARTS]
            one = sssom_terms.definition(*parts)
            if one is None or not NAME.fullmatch(one.name) or one.name in MAPPING_SLOTS or one.name in SET_SLOTS:
                continue
            problem = refusal(one, self._found.extensions.values())
            if problem is not None:
                self._found.problems.append(problem)
                continue
            self._found.extensions[one.name] = one
            if one.property is not None:
                self._extensions[one.property] = one.name

    def slots(self, about: About, known: Mapping[str, Slot], row: int | None) -> dict[str, Value]:
        slots: dict[str, Value] = {}
        for said, terms in about.items():
            if said in (_TYPE, _MAPPINGS, _DEFINITIONS, NamedNode(SSSOM + "curie_map")):
                continue
            slot = known.get(said.value) or self._extension(said.value, terms)
            try:
                value = sssom_terms.value(slot, terms, self._prefixes)
            except Unreadable as error:
                self._found.problems.append(Problem(row, slot.name, error.vi, error.en))
            else:
                if value is not None:
                    slots[slot.name] = value
        return slots

    def _extension(self, said: str, terms: list[Term]) -> Slot:
        """The extension slot of a property; one that nothing defines is named after the property and defined here."""
        name = self._extensions.get(said)
        if name is None and said.startswith(UNDECLARED) and NAME.fullmatch(said[len(UNDECLARED) :]):
            name = said[len(UNDECLARED) :]
        if name is None:
            local = said.replace("#", "/").rstrip("/").rpartition("/")[2]
            wanted = (
                local
                if NAME.fullmatch(local) and local not in {**MAPPING_SLOTS, **SET_SLOTS}
                else f"ext_{len(self._extensions) + 1}"
            )
            name = wanted if wanted not in self._found.extensions else f"{wanted}_{len(self._extensions) + 1}"
            term = terms[0]
            kind = term.datatype.value if isinstance(term, Literal) else BUILT_IN["linkml"] + "Uriorcurie"
            one = Extension(name, said, None if kind == BUILT_IN["xsd"] + "string" else kind)
            problem = refusal(one, self._found.extensions.values())
            if problem is not None:
                self._found.problems.append(problem)
            self._found.extensions[name] = one
            self._extensions[said] = name
        return Slot(name, "reference" if holds_references(self._found.extensions.get(name)) else "text")
