"""Mapping sets as the catalogue holds them: `sssom:Mapping` and `sssom:MappingSet` nodes with names, every slot a property
of its own name. There and back without loss; what the catalogue makes of a set beside it is `importing`.
"""

import hashlib
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from catalogue.iri import CODES, VOCABULARY, thing
from catalogue.mapping.exchange import sssom_terms
from catalogue.mapping.exchange.sssom import (
    BUILT_IN,
    MAPPING_SLOTS,
    OURS,
    SET_SLOTS,
    SSSOM,
    UNDECLARED,
    MappingSet,
    Problem,
    Record,
    Slot,
    Value,
    property_of,
)
from catalogue.mapping.exchange.sssom_terms import DECIMAL, About, Term
from catalogue.mapping.exchange.sssom_text import Unreadable, shown

TYPE = NamedNode(BUILT_IN["rdf"] + "type")
MAPPING = NamedNode(SSSOM + "Mapping")
MAPPING_SET = NamedNode(SSSOM + "MappingSet")
MAPPINGS = NamedNode(SSSOM + "mappings")
STATUS = NamedNode(VOCABULARY + "status")
STATUS_CODES = CODES + "mapping-status/"
_PREFIX, CURIE_MAP = NamedNode(SSSOM + "Prefix"), NamedNode(SSSOM + "curie_map")
_DEFINITION, _DEFINITIONS = NamedNode(SSSOM + "ExtensionDefinition"), NamedNode(SSSOM + "extension_definitions")
_PREFIX_PARTS = [NamedNode(SSSOM + name) for name in ("prefix_name", "prefix_url")]
_PARTS = [NamedNode(SSSOM + name) for name in ("slot_name", "property", "type_hint")]
_ANY_URI = NamedNode(BUILT_IN["xsd"] + "anyURI")
_DATED = (OURS["valid_from"].property, OURS["valid_to"].property)


def key(slots: Mapping[str, Value]) -> str:
    """What names a mapping within its set: a hash of what it says is what, and since when, never of what was decided."""
    names = ("subject_id", "predicate_id", "predicate_modifier", "object_id", "valid_from")
    told = [shown(slots[name]) if name in slots else "" for name in names]
    for side in ("subject", "object"):  # a literal mapping has a label in the place of a thing
        if f"{side}_id" not in slots and f"{side}_label" in slots:
            told.append(f"{side} {shown(slots[f'{side}_label'])}")
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:20]


def triples(mapping_set: MappingSet, base: str, set_key: str) -> list[Triple]:
    """The set as nodes of this catalogue. Mappings that say the same of the same are told apart by a number."""
    node = thing(base, "mapping-set", set_key)
    found = [Triple(node, TYPE, MAPPING_SET), *_slots(node, mapping_set, mapping_set.slots, SET_SLOTS)]
    for name, start in mapping_set.prefixes.items():
        prefix = NamedNode(f"{node.value}#prefix-{quote(name, safe='')}")
        found += [Triple(node, CURIE_MAP, prefix), Triple(prefix, TYPE, _PREFIX)]
        parts = (Literal(name), Literal(start, datatype=_ANY_URI))
        found += [Triple(prefix, part, term) for part, term in zip(_PREFIX_PARTS, parts, strict=True)]
    for one in mapping_set.extensions.values():
        if one == OURS.get(one.name):
            continue
        definition = NamedNode(f"{node.value}#extension-{quote(one.name, safe='')}")
        found += [Triple(node, _DEFINITIONS, definition), Triple(definition, TYPE, _DEFINITION)]
        terms = (
            Literal(one.name),
            one.property and NamedNode(one.property),
            one.type_hint and NamedNode(one.type_hint),
        )
        found += [Triple(definition, part, term) for part, term in zip(_PARTS, terms, strict=True) if term]
    seen: dict[str, int] = {}
    for record in mapping_set.mappings:
        name = key(record.slots)
        seen[name] = seen.get(name, 0) + 1
        mapping = thing(base, "mapping", f"{set_key}.{name}" + (f"-{seen[name]}" if seen[name] > 1 else ""))
        found += [Triple(node, MAPPINGS, mapping), *mapping_triples(mapping, mapping_set, record.slots)]
    return found


def mapping_triples(mapping: NamedNode, mapping_set: MappingSet, slots: Mapping[str, Value]) -> list[Triple]:
    """One mapping as a node."""
    return [Triple(mapping, TYPE, MAPPING), *_slots(mapping, mapping_set, slots, MAPPING_SLOTS)]


def _slots(
    node: NamedNode, mapping_set: MappingSet, slots: Mapping[str, Value], known: Mapping[str, Slot]
) -> list[Triple]:
    found = [
        Triple(node, NamedNode(SSSOM + name), term)
        for name, value in slots.items()
        if name in known
        for term in sssom_terms.terms(known[name], value, DECIMAL)
    ]
    for name, value in slots.items():
        if name in known:
            continue
        said = NamedNode(property_of(mapping_set, name))
        if said == STATUS:
            found.append(Triple(node, said, NamedNode(STATUS_CODES + quote(shown(value), safe=""))))
        elif said.value in _DATED:
            found += [Triple(node, said, term) for term in sssom_terms.extension_terms(mapping_set, name, value)]
        else:
            # The engine writes typed values in a form of its own ("01" becomes 1), so texts keep what was written.
            term = sssom_terms.extension_terms(mapping_set, name, value)[0]
            found.append(Triple(node, said, Literal(term.value) if isinstance(term, Literal) else term))
    return found


def read(given: Iterable[Triple], node: NamedNode) -> MappingSet:
    """The set `node` as the triples say it. What is said beside its slots (titles, sources, earlier decisions) is left out."""
    return read_from(sssom_terms.said_of(given), node)


def read_from(said: Mapping[Term, About], node: NamedNode) -> MappingSet:
    """The same from what is said of each node: for several sets of one graph."""
    about = said.get(node, {})
    found = MappingSet()
    for prefix in about.get(CURIE_MAP, ()):
        parts = [sssom_terms.first(said.get(prefix, {}), part) for part in _PREFIX_PARTS]
        if all(isinstance(part, Literal) for part in parts):
            found.prefixes[str(parts[0].value)] = str(parts[1].value)  # type: ignore[union-attr]
    for definition in about.get(_DEFINITIONS, ()):
        one = sssom_terms.definition(*(sssom_terms.first(said.get(definition, {}), part) for part in _PARTS))
        if one is not None:
            found.extensions[one.name] = one
    found.extensions |= OURS
    names = {property_of(found, name): name for name in found.extensions}
    found.slots = _values(found, about, SET_SLOTS, names)
    for number, mapping in enumerate(about.get(MAPPINGS, ()), 1):
        found.mappings.append(Record(_values(found, said.get(mapping, {}), MAPPING_SLOTS, names), number))
    return found.settle()


def _values(found: MappingSet, about: About, known: Mapping[str, Slot], names: Mapping[str, str]) -> dict[str, Value]:
    slots: dict[str, Value] = {}
    for said, terms in about.items():
        local = said.value.removeprefix(SSSOM)
        name = local if said.value.startswith(SSSOM) and local in known else names.get(said.value)
        if name is None and said.value.startswith(UNDECLARED):
            name = said.value.removeprefix(UNDECLARED)
        if name is None:
            continue
        if said == STATUS:
            slots[name] = str(terms[0].value).removeprefix(STATUS_CODES)
            continue
        try:
            value = sssom_terms.value(known.get(name) or Slot(name), terms, {})
        except Unreadable as error:
            found.problems.append(Problem(None, name, error.vi, error.en))
        else:
            if value is not None:
                slots[name] = value
    return slots
