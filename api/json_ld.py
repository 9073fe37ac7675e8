"""Triples as compact JSON-LD 1.1: names with prefixes, a context in the document, nothing to be fetched.

Each subject stands on one line: the writer of the standard library is many times slower when it indents.
"""

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from catalogue.iri import PREFIXES

_TYPE = PREFIXES["rdf"] + "type"
_STRING = PREFIXES["xsd"] + "string"
_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_write = json.JSONEncoder(ensure_ascii=False).encode


def written(triples: Iterable[Triple]) -> bytes:
    """The document: one object per subject, in the order of their first triples."""
    used: set[str] = set()
    nodes: dict[str, dict[str, Any]] = {}
    for triple in triples:
        subject, value = triple.subject, triple.object
        if isinstance(subject, Triple) or isinstance(value, Triple):
            continue  # the catalogue holds no triple terms, and JSON-LD 1.1 has none
        name = _id(subject)
        node = nodes.get(name)
        if node is None:
            node = nodes[name] = {"@id": name}
        predicate = triple.predicate.value
        if isinstance(value, Literal):
            _add(node, _name(predicate, used), _literal(value, used))
        elif predicate == _TYPE and isinstance(value, NamedNode):
            _add(node, "@type", _name(value.value, used))
        else:
            _add(node, _name(predicate, used), {"@id": _id(value)})
    context = _write({prefix: PREFIXES[prefix] for prefix in sorted(used)})
    graph = ",\n".join(map(_write, nodes.values()))
    return f'{{"@context": {context},\n"@graph": [\n{graph}\n]}}\n'.encode()


def _id(node: NamedNode | BlankNode) -> str:
    return node.value if isinstance(node, NamedNode) else f"_:{node.value}"


def _add(node: dict[str, Any], name: str, value: Any) -> None:
    if name not in node:
        node[name] = value
    elif isinstance(node[name], list):
        node[name].append(value)
    else:
        node[name] = [node[name], value]


def _literal(value: Literal, used: set[str]) -> Any:
    if value.language:
        return {"@value": value.value, "@language": value.language}
    datatype = value.datatype.value
    if datatype == _STRING:
        return value.value
    return {"@value": value.value, "@type": _name(datatype, used)}


def _name(iri: str, used: set[str]) -> str:
    """The IRI with a prefix where it has one; the prefix then stands in the context."""
    prefix, name = _compact(iri)
    if prefix:
        used.add(prefix)
    return name


@lru_cache(maxsize=4_096)
def _compact(iri: str) -> tuple[str, str]:
    """The prefix of a property, class or datatype, empty where it has none, and its name."""
    for prefix, start in PREFIXES.items():
        if iri.startswith(start) and _LOCAL.fullmatch(iri, len(start)):
            return prefix, f"{prefix}:{iri[len(start) :]}"
    return "", iri
