"""Values of slots as RDF terms, there and back (SSSOM/RDF, Representation of slot values)."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from catalogue.iri import is_absolute
from catalogue.mapping.exchange import sssom_text
from catalogue.mapping.exchange.sssom import (
    BUILT_IN,
    Extension,
    MappingSet,
    Slot,
    Value,
    holds_references,
    property_of,
    written,
)
from catalogue.mapping.exchange.sssom_text import Unreadable

Term = NamedNode | Literal | BlankNode
About = dict[NamedNode, list[Term]]
"""What is said of one node, by property."""

_XSD = BUILT_IN["xsd"]
DOUBLE, DECIMAL = NamedNode(_XSD + "double"), NamedNode(_XSD + "decimal")
_DATE = NamedNode(_XSD + "date")


def said_of(given: Iterable[Triple]) -> dict[Term, About]:
    """What triples say of each node, in their order."""
    found: dict[Term, About] = {}
    for triple in given:
        if not isinstance(triple.subject, Triple) and not isinstance(triple.object, Triple):
            found.setdefault(triple.subject, {}).setdefault(triple.predicate, []).append(triple.object)
    return found


def first(about: About, said: NamedNode) -> Term | None:
    """One value of a property, None where there is none."""
    return next(iter(about.get(said, ())), None)


def terms(slot: Slot, value: Value, numbers: NamedNode) -> list[Term]:
    """The terms of a value, one for each of several; `numbers` is the type of numbers."""
    values = value if isinstance(value, tuple) else (value,)
    return [_term(slot, one, numbers) for one in values]


def _term(slot: Slot, value: str | Decimal | date, numbers: NamedNode) -> Term:
    if isinstance(value, Decimal):
        return Literal(written(value), datatype=numbers)
    if isinstance(value, date):
        return Literal(value.isoformat(), datatype=_DATE)
    if slot.kind == "enum":
        meaning = slot.values.get(value)
        return NamedNode(meaning) if meaning else Literal(value)
    # A plain code, which only a text form can hold, is no IRI.
    return NamedNode(value) if slot.kind in ("reference", "uri") and ":" in value else Literal(value)


def value(slot: Slot, found: Iterable[Term], prefixes: Mapping[str, str]) -> Value | None:
    """The value that terms hold. Literals are taken where IRIs are expected: earlier forms wrote CURIEs and addresses so.

    Raises `Unreadable`.
    """
    texts = [_text(slot, term) for term in found]
    if len(texts) > 1 and not slot.many:
        raise Unreadable(
            f"{slot.name} có {len(texts)} giá trị, chỉ được một. Hãy bỏ bớt.",
            f"{slot.name} has {len(texts)} values, and may have one. Take the others out.",
        )
    if slot.many:
        return sssom_text.several(slot, texts, prefixes)
    return sssom_text.one(slot, texts[0], prefixes) if texts else None


def _text(slot: Slot, term: Term) -> str:
    if isinstance(term, BlankNode):
        raise Unreadable(
            f"{slot.name} là nút trống. Hãy viết một IRI hoặc một chữ.",
            f"{slot.name} is a blank node. Write an IRI or a text.",
        )
    return str(term.value)


def extension_terms(mapping_set: MappingSet, name: str, value: Value) -> list[Term]:
    """The terms of an extension slot: IRIs, or literals of the type that its definition hints at."""
    definition = mapping_set.extensions.get(name)
    text = sssom_text.shown(value)
    if holds_references(definition):
        return [NamedNode(text)]
    hint = definition.type_hint if definition else None
    return [Literal(text, datatype=NamedNode(hint)) if hint and hint.startswith(_XSD) else Literal(text)]


def extension_triples(node: NamedNode | BlankNode, mapping_set: MappingSet, slots: Mapping[str, Value]) -> list[Triple]:
    """What the extension slots of one thing say."""
    return [
        Triple(node, NamedNode(property_of(mapping_set, name)), term)
        for name, value in slots.items()
        for term in extension_terms(mapping_set, name, value)
    ]


def definition(name: Term | None, property_: Term | None, type_hint: Term | None) -> Extension | None:
    """The definition that three terms make, None where they make none."""
    if not isinstance(name, Literal):
        return None
    iris = [
        str(one.value) if one is not None and not isinstance(one, BlankNode) else None for one in (property_, type_hint)
    ]
    if any(iri is not None and not is_absolute(iri) for iri in iris):
        return None
    return Extension(name.value, iris[0], iris[1])
