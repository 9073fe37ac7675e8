"""Triples as compact JSON-LD 1.1: names with prefixes, a context in the document, nothing to be fetched."""

import json
import re
from collections.abc import Iterable
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from catalogue.iri import PREFIXES

_TYPE = PREFIXES["rdf"] + "type"
_STRING = PREFIXES["xsd"] + "string"
_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def written(triples: Iterable[Triple]) -> bytes:
    """The document: one object per subject, in the order of their first triples."""
    used: dict[str, str] = {}
    nodes: dict[str, dict[str, Any]] = {}
    for triple in triples:
        subject, value = triple.subject, triple.object
        if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode | Literal):
            continue  # the catalogue holds neither blank nodes nor triple terms
        node = nodes.setdefault(subject.value, {"@id": subject.value})
        if triple.predicate.value == _TYPE and isinstance(value, NamedNode):
            _add(node, "@type", _name(value.value, used))
        elif isinstance(value, NamedNode):
            _add(node, _name(triple.predicate.value, used), {"@id": value.value})
        else:
            _add(node, _name(triple.predicate.value, used), _literal(value, used))
    document = {"@context": dict(sorted(used.items())), "@graph": list(nodes.values())}
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _add(node: dict[str, Any], name: str, value: Any) -> None:
    if name not in node:
        node[name] = value
    elif isinstance(node[name], list):
        node[name].append(value)
    else:
        node[name] = [node[name], value]


def _literal(value: Literal, used: dict[str, str]) -> Any:
    if value.language:
        return {"@value": value.value, "@language": value.language}
    if value.datatype.value == _STRING:
        return value.value
    return {"@value": value.value, "@type": _name(value.datatype.value, used)}


def _name(iri: str, used: dict[str, str]) -> str:
    """The IRI with a prefix where it has one; the prefix then stands in the context."""
    for prefix, start in PREFIXES.items():
        if iri.startswith(start) and _LOCAL.fullmatch(iri, len(start)):
            used[prefix] = start
            return f"{prefix}:{iri[len(start) :]}"
    return iri
