"""The model of SSSOM 1.0 and 1.1: mapping sets and mappings as slots with values, however they were written down.

A reference to a thing is a whole IRI here, or a plain code where no prefix was written; CURIEs belong to the text forms.
A slot of several values holds them sorted, without repetition: their order means nothing (SSSOM/RDF, multi-valued slots).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from catalogue.iri import PREFIXES, VOCABULARY

Kind = Literal["text", "reference", "uri", "number", "date", "enum"]
Value = str | Decimal | date | tuple[str, ...]

BUILT_IN: dict[str, str] = {
    "dcterms": "http://purl.org/dc/terms/",
    "linkml": "https://w3id.org/linkml/",
    "oboInOwl": "http://www.geneontology.org/formats/oboInOwl#",
    "owl": PREFIXES["owl"],
    "pav": "http://purl.org/pav/",
    "prov": PREFIXES["prov"],
    "rdf": PREFIXES["rdf"],
    "rdfs": PREFIXES["rdfs"],
    "semapv": PREFIXES["semapv"],
    "skos": PREFIXES["skos"],
    "sssom": PREFIXES["sssom"],
    "xsd": PREFIXES["xsd"],
}
"""Prefixes that need no declaration and may be declared as nothing else (SSSOM, IRI prefixes)."""

SSSOM = BUILT_IN["sssom"]
NO_TERM = SSSOM + "NoTermFound"
UNDECLARED = "http://sssom.invalid/"
"""Where the property of an extension slot lies that no definition names one for."""

_ENTITY_TYPES = {
    "owl class": "owl:Class",
    "owl object property": "owl:ObjectProperty",
    "owl data property": "owl:DataProperty",
    "owl annotation property": "owl:AnnotationProperty",
    "owl named individual": "owl:NamedIndividual",
    "skos concept": "skos:Concept",
    "rdfs resource": "rdfs:Resource",
    "rdfs class": "rdfs:Class",
    "rdfs literal": "rdfs:Literal",
    "rdfs datatype": "rdfs:Datatype",
    "rdf property": "rdf:Property",
    "composed entity expression": "sssom:ComposedEntityExpression",
}
LITERAL_TYPE = "rdfs literal"

JUSTIFICATIONS = tuple(
    BUILT_IN["semapv"] + name
    for name in (
        "LexicalMatching",
        "LogicalReasoning",
        "CompositeMatching",
        "UnspecifiedMatching",
        "SemanticSimilarityThresholdMatching",
        "LexicalSimilarityThresholdMatching",
        "MappingChaining",
        "MappingReview",
        "ManualMappingCuration",
        "MappingInversion",
        "StructuralMatching",
        "InstanceBasedMatching",
        "BackgroundKnowledgeBasedMatching",
    )
)
"""The justifications that SSSOM allows."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot: its kind, whether it holds several values, whether a set hands it down to its mappings, the property by
    which the RDF form writes it, and, for an enumeration, each value with the IRI that stands for it (None: the text)."""

    name: str
    kind: Kind = "text"
    many: bool = False
    propagated: bool = False
    property: str = ""
    values: dict[str, str | None] = field(default_factory=dict)
    least: int = 0


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_REFERENCES = _names(
    "author_id creator_id curation_rule issue_tracker_item mapping_justification mapping_source mapping_tool_id object_id"
    " object_match_field object_preprocessing object_source predicate_id record_id reviewer_id subject_id"
    " subject_match_field subject_preprocessing subject_source"
)
_URIS = _names("issue_tracker license mapping_provider mapping_set_id mapping_set_source see_also")
_NUMBERS = _names("confidence mapping_set_confidence reviewer_agreement similarity_score")
_DATES = _names("mapping_date publication_date review_date")
_MANY = _names(
    "author_id author_label cardinality_scope creator_id creator_label curation_rule curation_rule_text"
    " mapping_set_source match_string object_match_field object_preprocessing reviewer_id reviewer_label see_also"
    " subject_match_field subject_preprocessing"
)
_PROPAGATED = _names(
    "subject_type subject_source subject_source_version object_type object_source object_source_version predicate_type"
    " mapping_provider cardinality_scope mapping_tool mapping_tool_id mapping_tool_version mapping_date"
    " subject_match_field object_match_field subject_preprocessing object_preprocessing similarity_measure curation_rule"
    " curation_rule_text"
)
_PROPERTIES = {
    "author_id": "pav:authoredBy",
    "comment": "rdfs:comment",
    "creator_id": "dcterms:creator",
    "license": "dcterms:license",
    "mapping_date": "dcterms:created",
    "mapping_set_description": "dcterms:description",
    "mapping_set_source": "prov:wasDerivedFrom",
    "mapping_set_title": "dcterms:title",
    "mapping_set_version": "owl:versionInfo",
    "object_id": "owl:annotatedTarget",
    "predicate_id": "owl:annotatedProperty",
    "publication_date": "dcterms:issued",
    "see_also": "rdfs:seeAlso",
    "subject_id": "owl:annotatedSource",
}
_ENUMS: dict[str, dict[str, str | None]] = {
    "mapping_cardinality": dict.fromkeys(("1:1", "1:n", "n:1", "n:n", "1:0", "0:1", "0:0")),
    "predicate_modifier": {"Not": "sssom:NegatedPredicate"},
    "sssom_version": {"1.0": "sssom:version1.0", "1.1": "sssom:version1.1"},
    "subject_type": dict(_ENTITY_TYPES),
    "object_type": dict(_ENTITY_TYPES),
    "predicate_type": dict(_ENTITY_TYPES),
}


def _whole(curie: str) -> str:
    prefix, _, rest = curie.partition(":")
    return BUILT_IN[prefix] + rest


def _slot(name: str) -> Slot:
    kinds: tuple[tuple[Kind, tuple[str, ...]], ...] = (
        ("reference", _REFERENCES),
        ("uri", _URIS),
        ("number", _NUMBERS),
        ("date", _DATES),
        ("enum", tuple(_ENUMS)),
    )
    return Slot(
        name,
        next((kind for kind, names in kinds if name in names), "text"),
        name in _MANY,
        name in _PROPAGATED,
        _whole(_PROPERTIES.get(name, f"sssom:{name}")),
        {value: meaning and _whole(meaning) for value, meaning in _ENUMS.get(name, {}).items()},
        -1 if name == "reviewer_agreement" else 0,
    )


SET_SLOTS: dict[str, Slot] = {
    name: _slot(name)
    for name in _names(
        "sssom_version mapping_set_id mapping_set_version mapping_set_source mapping_set_title mapping_set_description"
        " mapping_set_confidence creator_id creator_label license subject_type subject_source subject_source_version"
        " object_type object_source object_source_version predicate_type mapping_provider cardinality_scope mapping_tool"
        " mapping_tool_id mapping_tool_version mapping_date publication_date subject_match_field object_match_field"
        " subject_preprocessing object_preprocessing similarity_measure curation_rule curation_rule_text see_also"
        " issue_tracker other comment"
    )
}
"""The slots of a mapping set, in the order of the specification; `curie_map`, `mappings` and `extension_definitions` are
attributes of `MappingSet`."""

MAPPING_SLOTS: dict[str, Slot] = {
    name: _slot(name)
    for name in _names(
        "record_id subject_id subject_label subject_category predicate_id predicate_label predicate_modifier object_id"
        " object_label object_category mapping_justification author_id author_label reviewer_id reviewer_label creator_id"
        " creator_label license subject_type subject_source subject_source_version object_type object_source"
        " object_source_version predicate_type mapping_provider mapping_source mapping_cardinality cardinality_scope"
        " mapping_tool mapping_tool_id mapping_tool_version mapping_date publication_date review_date confidence"
        " reviewer_agreement curation_rule curation_rule_text subject_match_field object_match_field match_string"
        " subject_preprocessing object_preprocessing similarity_score similarity_measure see_also issue_tracker_item other"
        " comment"
    )
}
"""The slots of a mapping, in the order of the specification, which is the order of the columns."""

SINCE_1_1 = frozenset(
    _names(
        "cardinality_scope mapping_set_confidence mapping_tool_id predicate_type record_id review_date reviewer_agreement"
        " sssom_version"
    )
)
"""Slots that SSSOM 1.0 does not know; a set that has one of them says that it is of version 1.1."""


MOST_PROBLEMS = 1_000
"""Problems that are told one by one; after that reading stops."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something was not taken: the row (the line of a text, the number of a record in RDF; None: the whole document),
    the slot, and a sentence in both languages that also says what to do."""

    row: int | None
    slot: str | None
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Extension:
    """The definition of a slot that is not one of SSSOM: the IRIs of its property and of the type of its values."""

    name: str
    property: str | None = None
    type_hint: str | None = None


def holds_references(extension: Extension | None) -> bool:
    """Whether the values of an extension slot are IRIs (`linkml:uriorcurie`)."""
    return extension is not None and (extension.type_hint or "").lower() == BUILT_IN["linkml"] + "uriorcurie"


OURS: dict[str, Extension] = {
    "mapping_status": Extension("mapping_status", VOCABULARY + "status"),
    "valid_from": Extension("valid_from", VOCABULARY + "validFrom", PREFIXES["xsd"] + "date"),
    "valid_to": Extension("valid_to", VOCABULARY + "validTo", PREFIXES["xsd"] + "date"),
}
"""The extension slots of this catalogue: what was decided, and for which time it holds (`valid_to` excluded)."""


@dataclass(slots=True)
class Record:
    """One mapping: the values of its slots. `row`: where it stood, no part of what it says."""

    slots: dict[str, Value]
    row: int = field(default=0, compare=False)


@dataclass(slots=True)
class MappingSet:
    """A mapping set: its own slots, the definitions of its extension slots, and its mappings, sorted by their slots.

    `prefixes` (without the built-in ones) are how its CURIEs were written, no part of what it says. `problems`: what could
    not be read; the rows that they name lack the slot, or are not among the mappings.
    """

    slots: dict[str, Value] = field(default_factory=dict)
    mappings: list[Record] = field(default_factory=list)
    extensions: dict[str, Extension] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=dict, compare=False)
    problems: list[Problem] = field(default_factory=list, compare=False)

    def settle(self) -> "MappingSet":
        """Bring it into the one form in which equal sets are equal, and return it: slots handed down to the mappings,
        the slots of this catalogue defined, no definition of a slot that nothing uses, the mappings in their order."""
        self._propagate()
        used = {name for record in self.mappings for name in record.slots} | self.slots.keys()
        self._adopt(used)
        self.extensions = {name: one for name, one in sorted(self.extensions.items()) if name in used}
        self.mappings.sort(key=_order)
        return self

    def condensed(self) -> tuple[dict[str, Value], frozenset[str]]:
        """The slots of the set with those that all its mappings share, and the names of these, as a text form writes them.

        A slot is shared where every mapping has the same value and the set has none (SSSOM/TSV, Condensation).
        """
        slots = dict(self.slots)
        shared = set()
        for name in _PROPAGATED if self.mappings else ():
            first = self.mappings[0].slots.get(name)
            if first is None or name in slots:
                continue
            if all(record.slots.get(name) == first for record in self.mappings):
                slots[name] = first
                shared.add(name)
        return slots, frozenset(shared)

    def _propagate(self) -> None:
        for name in _PROPAGATED:
            value = self.slots.get(name)
            if value is None or not self.mappings:
                continue
            own = {record.slots.get(name) for record in self.mappings}
            if own == {None}:
                for record in self.mappings:
                    record.slots[name] = value
            if own in ({None}, {value}):
                del self.slots[name]

    def _adopt(self, used: Iterable[str]) -> None:
        """Slots that are this catalogue's by their property get its names; those of its names get its definition."""
        renamed = {
            name: own.name
            for name, one in self.extensions.items()
            for own in OURS.values()
            if one.property == own.property and name != own.name and own.name not in self.extensions
        }
        if renamed:
            self.extensions = {renamed.get(name, name): one for name, one in self.extensions.items()}
            for record in self.mappings:
                record.slots = {renamed.get(name, name): value for name, value in record.slots.items()}
        for name in {*used, *renamed.values()} & OURS.keys():
            found = self.extensions.get(name)
            if found is None or found.property in (None, OURS[name].property):
                self.extensions[name] = OURS[name]


def _order(record: Record) -> tuple[str, ...]:
    extra = sorted(record.slots.keys() - MAPPING_SLOTS.keys())
    return tuple(str(record.slots.get(name, "")) for name in (*MAPPING_SLOTS, *extra)) + tuple(extra)


def missing(slots: Mapping[str, Value], shared: Mapping[str, Value]) -> list[str]:
    """The slots that a mapping needs and has not; of a thing that is a mere text, its label (SSSOM, literal mappings)."""
    wanted = ["predicate_id", "mapping_justification"]
    for side in ("subject", "object"):
        kind = slots.get(f"{side}_type", shared.get(f"{side}_type"))
        wanted.append(f"{side}_label" if kind == LITERAL_TYPE else f"{side}_id")
    return [name for name in wanted if name not in slots]


def lacking(row: int, name: str) -> Problem:
    """The problem of a mapping that lacks a slot."""
    return Problem(row, name, f"Thiếu {name}. Hãy điền ô này.", f"{name} is missing. Fill it in.")


def property_of(mapping_set: MappingSet, name: str) -> str:
    """The property of an extension slot, as the RDF forms write it."""
    found = mapping_set.extensions.get(name)
    return (found and found.property) or UNDECLARED + name


_RESERVED = (*(BUILT_IN[name] for name in _names("dcterms owl pav prov rdf rdfs skos sssom")), VOCABULARY)


def refusal(one: Extension, others: Iterable[Extension]) -> Problem | None:
    """Why the property of an extension slot cannot be taken: it means something else already, or another slot has it."""
    said = one.property
    if said is None:
        return None
    own = any(said == known.property for known in OURS.values())
    taken = any(said == other.property and one.name != other.name for other in others)
    if not taken and (own or not said.startswith(_RESERVED)):
        return None
    return Problem(
        None,
        one.name,
        f"Khe bổ sung {one.name} không thể dùng thuộc tính {said[:200]}: thuộc tính ấy đã có nghĩa khác. Hãy chọn một IRI khác.",
        f"The extension slot {one.name} cannot have the property {said[:200]}: it means something else already. Choose another IRI.",
    )


def number(text: str) -> Decimal:
    """A number as SSSOM counts (a double), at most 15 digits after the point. Raises `ValueError`.

    >>> number("0.30000000000000004"), number("1.0")
    (Decimal('0.3'), Decimal('1'))
    """
    found = float(text)
    if not -1e9 < found < 1e9 or "_" in text:
        raise ValueError(text)
    return plain(Decimal(repr(round(found, 15))))


def plain(value: Decimal) -> Decimal:
    """The same number without zeros that say nothing."""
    return Decimal(written(value))


def written(value: Decimal) -> str:
    """A number without exponent and without zeros that say nothing.

    >>> written(Decimal("1E-7")), written(Decimal("10.50")), written(Decimal("-0"))
    ('0.0000001', '10.5', '0')
    """
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
