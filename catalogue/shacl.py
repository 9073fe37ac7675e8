"""From shapes to queries: each constraint of the SHACL subset that `shapes/` uses becomes one SPARQL query.

The engine then checks the whole catalogue in seconds, where a general SHACL processor walks node by node. Whatever of
SHACL this module does not know it refuses, so no constraint is silently ignored; pySHACL remains the judge of the rest
(a test compares the two). Clauses: https://www.w3.org/TR/shacl/#core-components and #sparql-constraints.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Literal as OneOf

from pyoxigraph import BlankNode, Literal, NamedNode, parse

from catalogue.errors import Defect
from catalogue.iri import PREFIXES

Severity = OneOf["Violation", "Warning", "Info"]
_SEVERITIES: tuple[Severity, ...] = ("Violation", "Warning", "Info")
Term = NamedNode | BlankNode | Literal

_SH = PREFIXES["sh"]
_RDF = PREFIXES["rdf"]
_XSD = PREFIXES["xsd"]

# Constraints on each value, on the set of values of a property, and what describes a shape without constraining.
_PER_VALUE = {
    *("class", "datatype", "nodeKind", "in", "pattern", "languageIn", "maxLength", "node", "or"),
    *("minInclusive", "maxInclusive", "property"),
}
_PER_FOCUS = {"minCount", "maxCount", "uniqueLang", "lessThan", "disjoint", "hasValue"}
_ABOUT = {"path", "message", "severity", "sparql"}
_TARGETS = {"targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf"}
_ELSEWHERE = {
    "declare",
    "prefix",
    "namespace",
    "prefixes",
    "select",
    "alternativePath",
    "inversePath",
    "zeroOrMorePath",
}
KNOWN = frozenset(_PER_VALUE | _PER_FOCUS | _ABOUT | _TARGETS | _ELSEWHERE)
"""The local names of all SHACL properties that are understood."""

_NODE_KINDS = {"IRI": "isIRI", "Literal": "isLiteral", "BlankNode": "isBlank"}

# A literal whose text its datatype does not allow fails sh:datatype too (SHACL 4.1.2); the engine keeps such literals.
_LEXICAL = {
    "date": r"^-?[0-9]{4,}-[0-9]{2}-[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})?$",
    "gYear": r"^-?[0-9]{4,}(Z|[+-][0-9]{2}:[0-9]{2})?$",
    "gYearMonth": r"^-?[0-9]{4,}-[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})?$",
    "integer": r"^[+-]?[0-9]+$",
    "decimal": r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$",
    "boolean": r"^(true|false|1|0)$",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One query whose rows are failures: `?this` is the focus node, `?value` (where there is one) the offending value.

    `shape` names the shape or the SPARQL constraint. `path` is the property, where the path is a single one. `messages`
    holds one sentence per language, in which `{?value}` and `{$this}` stand for the terms of the row.
    """

    query: str
    shape: NamedNode
    severity: Severity
    path: NamedNode | None = None
    messages: Mapping[str, str] = field(default_factory=dict)


class Shapes:
    """A shapes graph, read once. Raises `Defect` for SHACL that this module does not know."""

    def __init__(self, turtles: Iterable[Path]) -> None:
        self._objects: dict[Term, dict[str, list[Term]]] = {}
        self._fresh = count()
        for path in turtles:
            for quad in parse(path=path):
                if isinstance(quad.subject, NamedNode | BlankNode) and isinstance(
                    quad.object, NamedNode | BlankNode | Literal
                ):
                    # Blank nodes of two files never share an identifier: the parser draws them at random.
                    self._objects.setdefault(quad.subject, {}).setdefault(quad.predicate.value, []).append(quad.object)
        used = {name for properties in self._objects.values() for name in properties if name.startswith(_SH)}
        unknown = sorted(used - {_SH + name for name in KNOWN})
        if unknown:
            raise Defect(
                f"Các luật dùng SHACL chưa được hỗ trợ: {', '.join(unknown)}.",
                f"The shapes use SHACL that is not understood: {', '.join(unknown)}.",
            )

    def names(self) -> list[NamedNode]:
        """All named node shapes, property shapes and SPARQL constraints."""
        kinds = {_SH + "NodeShape", _SH + "PropertyShape", _SH + "SPARQLConstraint"}
        return sorted(
            (
                node
                for node, properties in self._objects.items()
                if isinstance(node, NamedNode)
                and any(isinstance(k, NamedNode) and k.value in kinds for k in properties.get(_RDF + "type", ()))
            ),
            key=lambda node: node.value,
        )

    def checks(self, subclasses: Mapping[str, Iterable[str]]) -> list[Check]:
        """One `Check` per constraint of every shape that has a target; `subclasses` maps a class to those below it."""
        found: list[Check] = []
        for shape in self.names():
            target = self._target(shape, subclasses)
            if target is None:
                continue
            found += self._node_checks(shape, target, subclasses)
            for member in self._all(shape, "property"):
                found += self._property_checks(_named(member), target, subclasses)
        return found

    # --- reading

    def _all(self, node: Term, name: str) -> list[Term]:
        return self._objects.get(node, {}).get(_SH + name, [])

    def _one(self, node: Term, name: str) -> Term | None:
        values = self._all(node, name)
        if len(values) > 1:
            raise Defect(f"{node}: sh:{name} chỉ được có một giá trị.", f"{node}: sh:{name} may have one value.")
        return values[0] if values else None

    def _list(self, head: Term) -> list[Term]:
        items: list[Term] = []
        while head != NamedNode(_RDF + "nil"):
            properties = self._objects[head]
            items += properties[_RDF + "first"]
            head = properties[_RDF + "rest"][0]
        return items

    def _severity(self, shape: Term) -> Severity:
        given = self._one(shape, "severity")
        name = "Violation" if given is None else str(given.value).removeprefix(_SH)
        for severity in _SEVERITIES:
            if name == severity:
                return severity
        raise Defect(f"{shape}: sh:severity {name} không có.", f"{shape}: there is no sh:severity {name}.")

    def _messages(self, node: Term) -> dict[str, str]:
        return {m.language or "": m.value for m in self._all(node, "message") if isinstance(m, Literal)}

    def _variable(self) -> str:
        return f"?v{next(self._fresh)}"

    # --- targets and paths

    def _target(self, shape: Term, subclasses: Mapping[str, Iterable[str]]) -> str | None:
        patterns = [f"VALUES ?this {{ {node} }}" for node in self._all(shape, "targetNode")]
        for target in self._all(shape, "targetClass"):
            classes = {str(target.value), *subclasses.get(str(target.value), ())}
            patterns += [f"?this a <{name}>" for name in sorted(classes)]
        patterns += [f"?this {name} {self._variable()}" for name in self._all(shape, "targetSubjectsOf")]
        patterns += [f"{self._variable()} {name} ?this" for name in self._all(shape, "targetObjectsOf")]
        if not patterns:
            return None
        if len(patterns) == 1:
            return patterns[0] + " . "
        return "{ SELECT DISTINCT ?this WHERE { " + " UNION ".join(f"{{ {p} }}" for p in patterns) + " } } "

    def _path(self, path: Term) -> str:
        if isinstance(path, NamedNode):
            return str(path)
        alternatives, inverse = self._one(path, "alternativePath"), self._one(path, "inversePath")
        repeated = self._one(path, "zeroOrMorePath")
        if alternatives is not None:
            return "(" + "|".join(self._path(p) for p in self._list(alternatives)) + ")"
        if inverse is not None:
            return f"^{self._path(inverse)}"
        if repeated is not None:
            return f"({self._path(repeated)})*"
        return "(" + "/".join(self._path(p) for p in self._list(path)) + ")"

    # --- constraints

    def _node_checks(self, shape: NamedNode, target: str, subclasses: Mapping[str, Iterable[str]]) -> list[Check]:
        severity, messages = self._severity(shape), self._messages(shape)
        found = []
        wrong = [e for name, e in self._wrong(shape, "?this", subclasses) if name != "property"]
        if wrong:
            query = f"SELECT DISTINCT ?this WHERE {{ {target}FILTER({' || '.join(wrong)}) }}"
            found.append(Check(query, shape, severity, None, messages))
        for constraint in self._all(shape, "sparql"):
            query = self._embed(constraint, target)
            found.append(Check(query, _named(constraint), severity, None, self._messages(constraint) or messages))
        return found

    def _property_checks(self, shape: NamedNode, target: str, subclasses: Mapping[str, Iterable[str]]) -> list[Check]:
        if self._all(shape, "sparql"):
            raise Defect(f"{shape}: sh:sparql chỉ dùng ở luật cho nút.", f"{shape}: sh:sparql belongs on node shapes.")
        path = self._one(shape, "path")
        single = path if isinstance(path, NamedNode) else None
        rest = (shape, self._severity(shape), single, self._messages(shape))
        queries = []
        wrong = [expression for _, expression in self._wrong(shape, "?value", subclasses)]
        if wrong:
            step = self._step(shape, "?this", "?value")
            queries.append(f"SELECT DISTINCT ?this ?value WHERE {{ {target}{step}FILTER({' || '.join(wrong)}) }}")
        queries += [
            f"SELECT DISTINCT ?this WHERE {{ {target}{pattern} }}" for pattern in self._wrong_set(shape, "?this")
        ]
        return [Check(query, *rest) for query in queries]

    def _step(self, shape: Term, focus: str, value: str) -> str:
        path = self._one(shape, "path")
        if path is None:
            raise Defect(f"{shape} thiếu sh:path.", f"{shape} has no sh:path.")
        return f"{focus} {self._path(path)} {value} . "

    def _wrong(self, shape: Term, value: str, subclasses: Mapping[str, Iterable[str]]) -> list[tuple[str, str]]:
        """Expressions that are true when the node in the variable `value` breaks a constraint of `shape`."""
        found: list[tuple[str, str]] = []
        for name in sorted(_PER_VALUE):
            for given in self._all(shape, name):
                found.append((name, self._wrong_value(shape, name, given, value, subclasses)))
        return found

    def _wrong_value(
        self, shape: Term, name: str, given: Term, value: str, subclasses: Mapping[str, Iterable[str]]
    ) -> str:
        match name:
            case "class":
                classes = {str(given.value), *subclasses.get(str(given.value), ())}
                held = " || ".join(f"EXISTS {{ {value} a <{one}> }}" for one in sorted(classes))
                return f"(isLiteral({value}) || !({held}))"
            case "datatype":
                lexical = _LEXICAL.get(str(given.value).removeprefix(_XSD))
                malformed = f" || !REGEX(STR({value}), {Literal(lexical)})" if lexical else ""
                return f"COALESCE(DATATYPE({value}) != {given}{malformed}, true)"
            case "nodeKind":
                return f"!{_NODE_KINDS[str(given.value).removeprefix(_SH)]}({value})"
            case "in":
                return f"COALESCE({value} NOT IN ({', '.join(str(t) for t in self._list(given))}), true)"
            case "pattern":
                return f"COALESCE(!REGEX(STR({value}), {given}), true)"
            case "languageIn":
                tags = " || ".join(f"LANGMATCHES(LANG({value}), {tag})" for tag in self._list(given))
                return f"COALESCE(LANG({value}) = '' || !({tags}), true)"
            case "maxLength":
                return f"COALESCE(STRLEN(STR({value})) > {given}, true)"
            case "minInclusive":
                return f"!COALESCE({value} >= {given}, false)"
            case "maxInclusive":
                return f"!COALESCE({value} <= {given}, false)"
            case "or":
                return f"!({' || '.join(self._conforms(m, value, subclasses) for m in self._list(given))})"
            case "node" | "property":
                return f"!{self._conforms(given, value, subclasses)}"
        raise Defect(f"{shape}: sh:{name} chưa được hỗ trợ.", f"{shape}: sh:{name} is not understood.")

    def _wrong_set(self, shape: Term, focus: str) -> list[str]:
        """Patterns that have a solution when the values of `focus` as a set break a constraint of a property shape."""
        value, other = self._variable(), self._variable()
        step = self._step(shape, focus, value)
        found = []
        for name in sorted(_PER_FOCUS):
            for given in self._all(shape, name):
                match name:
                    case "minCount":
                        if str(given.value) != "1":
                            raise Defect(f"{shape}: sh:minCount chỉ là 1.", f"{shape}: sh:minCount may only be 1.")
                        found.append(f"FILTER NOT EXISTS {{ {step}}} ")
                    case "maxCount":
                        second = self._step(shape, focus, other)
                        if str(given.value) == "0":
                            found.append(step)
                        elif str(given.value) == "1":
                            found.append(f"{step}{second}FILTER(!sameTerm({value}, {other})) ")
                        else:
                            raise Defect(f"{shape}: sh:maxCount chỉ là 0, 1.", f"{shape}: sh:maxCount may be 0 or 1.")
                    case "uniqueLang":
                        second = self._step(shape, focus, other)
                        same = f"LANG({value}) != '' && LCASE(LANG({value})) = LCASE(LANG({other}))"
                        found.append(f"{step}{second}FILTER(!sameTerm({value}, {other}) && {same}) ")
                    case "lessThan":
                        found.append(f"{step}{focus} {given} {other} . FILTER(!COALESCE({value} < {other}, false)) ")
                    case "disjoint":
                        found.append(f"{step}{focus} {given} {value} . ")
                    case "hasValue":
                        found.append(f"FILTER NOT EXISTS {{ {self._step(shape, focus, str(given))}}} ")
        return found

    def _conforms(self, shape: Term, focus: str, subclasses: Mapping[str, Iterable[str]]) -> str:
        """An expression that is true when the node in the variable `focus` satisfies `shape`."""
        if self._all(shape, "sparql"):
            raise Defect(f"{shape}: sh:sparql không lồng được.", f"{shape}: sh:sparql cannot be nested.")
        if self._one(shape, "path") is None:
            parts = [f"!{expression}" for _, expression in self._wrong(shape, focus, subclasses)]
        else:
            value = self._variable()
            step = self._step(shape, focus, value)
            parts = [f"NOT EXISTS {{ {step}FILTER({e}) }}" for _, e in self._wrong(shape, value, subclasses)]
            for pattern in self._wrong_set(shape, focus):
                required = re.fullmatch(r"FILTER NOT EXISTS (\{.*\}) ", pattern, re.DOTALL)
                parts.append(f"EXISTS {required[1]}" if required else f"NOT EXISTS {{ {pattern}}}")
        if not parts:
            raise Defect(f"{shape} không nêu điều kiện nào.", f"{shape} states no constraint.")
        return "(" + " && ".join(parts) + ")"

    def _embed(self, constraint: Term, target: str) -> str:
        """The SELECT of a SPARQL constraint, joined with the target. It must bind `$this` by a pattern of its own."""
        text = self._one(constraint, "select")
        if not isinstance(text, Literal):
            raise Defect(f"{constraint} thiếu sh:select.", f"{constraint} has no sh:select.")
        prologue = ""
        for graph in self._all(constraint, "prefixes"):
            for declared in self._all(graph, "declare"):
                prefix, namespace = self._one(declared, "prefix"), self._one(declared, "namespace")
                if prefix is None or namespace is None:
                    raise Defect(f"{declared} chưa đầy đủ.", f"{declared} is incomplete.")
                prologue += f"PREFIX {prefix.value}: <{namespace.value}>\n"
        body = re.sub(r"[$]this\b", "?this", text.value)
        variables = "?this ?value" if re.match(r"\s*SELECT[^{]*[?]value\b", body) else "?this"
        return f"{prologue}SELECT DISTINCT {variables} WHERE {{ {target}{{ {body} }} }}"


def _named(node: Term) -> NamedNode:
    if not isinstance(node, NamedNode):
        raise Defect(f"Luật {node} cần có tên.", f"The shape {node} needs a name.")
    return node
