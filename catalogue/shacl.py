"""From shapes to queries: each constraint of the SHACL subset that `shapes/` uses becomes one SPARQL query.

The engine then checks the whole catalogue in seconds, where a general SHACL processor walks node by node. Whatever of
SHACL this module does not know it refuses, so no constraint is silently ignored; pySHACL remains the judge of the rest
(a test compares the two). Clauses: https://www.w3.org/TR/shacl/#core-components and #sparql-constraints.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Literal as OneOf

from pyoxigraph import Literal, NamedNode

from catalogue.errors import Defect
from catalogue.iri import PREFIXES
from catalogue.shapes_graph import ShapesGraph, Term

Severity = OneOf["Violation", "Warning", "Info"]
_SEVERITIES: tuple[Severity, ...] = ("Violation", "Warning", "Info")
_SH = PREFIXES["sh"]
_XSD = PREFIXES["xsd"]
_TYPE = PREFIXES["rdf"] + "type"

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

MOST_FAILURES = 10_000
"""Failures of one SPARQL constraint that are told: where two things exclude each other, they are more than the things."""

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


# Where a query is confined: at its beginning, and inside of the SELECT of a SPARQL constraint, which sees nothing outside.
_TARGET = "\x01"
_INSIDE = "\x02"


@dataclass(frozen=True, slots=True)
class Target:
    """Which nodes a shape is about: members of classes, nodes by name, subjects and objects of properties."""

    classes: frozenset[NamedNode] = frozenset()
    nodes: frozenset[NamedNode] = frozenset()
    subjects_of: frozenset[NamedNode] = frozenset()
    objects_of: frozenset[NamedNode] = frozenset()

    def pattern(self) -> str:
        """The pattern that binds `?this` to each of them, once."""
        patterns = [f"VALUES ?this {{ {node} }}" for node in _sorted(self.nodes)]
        patterns += [f"?this a {name}" for name in _sorted(self.classes)]
        patterns += [f"?this {name} ?other" for name in _sorted(self.subjects_of)]
        patterns += [f"?other {name} ?this" for name in _sorted(self.objects_of)]
        if len(patterns) == 1 and not (self.subjects_of or self.objects_of):
            return patterns[0] + " . "
        return "{ SELECT DISTINCT ?this WHERE { " + " UNION ".join(f"{{ {p} }}" for p in patterns) + " } } "


@dataclass(frozen=True)
class Check:
    """One constraint as a query whose rows are failures: `?this` is the focus node, `?value` (where there is one) the
    offending value.

    `shape` names the shape or the SPARQL constraint. `path` is the property, where the path is a single one. `messages`
    holds one sentence per language, in which `{?value}`, `{$this}` and the variables `told` stand for the terms of the
    row. `each`: the variable of the things that a constraint on the whole catalogue goes through; None where they are
    the focus nodes. `test`: for a core constraint, an expression that is true where `?this` fails. `most`: rows that one
    query gives at most.
    """

    text: str
    target: Target
    shape: NamedNode
    severity: Severity
    path: NamedNode | None = None
    messages: Mapping[str, str] = field(default_factory=dict)
    each: str | None = None
    test: str | None = None
    told: tuple[str, ...] = ()
    most: int | None = None

    @property
    def query(self) -> str:
        """The query for the whole catalogue."""
        return self._written(self.target.pattern(), "")

    def among(self, nodes: Iterable[str]) -> str:
        """The query for `nodes` (IRIs as SPARQL writes them), all of which the target covers (or, with `each`, for what is said of `nodes`)."""
        values = f"VALUES ?{self.each or 'this'} {{ {' '.join(nodes)} }} "
        if self.each is not None:
            return self._written(self.target.pattern(), values)
        return self._written("" if _INSIDE in self.text else values, values)

    @cached_property
    def reads(self) -> frozenset[str] | None:
        """The IRIs of all properties that are read of a focus node, among others; None where any may be."""
        written = _HEAD.sub("", self.text)
        if self.each is not None or _ANY_PROPERTY.search(written):
            return None
        prefixes = {found[1]: found[2] for found in _PREFIX.finditer(self.text)}
        found = {iri[1] for iri in _IRI.finditer(written)}
        found |= {prefixes[name[1]] + name[2] for name in _NAME.finditer(written) if name[1] in prefixes}
        return frozenset(found | {_TYPE} | {name.value for name in self.target.subjects_of})

    def among_nameless(self) -> str:
        """The query for blank nodes, none of which can be asked for by name."""
        nameless = f"FILTER(isBlank(?{self.each or 'this'})) "
        return self._written(self.target.pattern() + ("" if self.each else nameless), nameless)

    def _written(self, target: str, inside: str) -> str:
        limit = f" LIMIT {self.most}" if self.most is not None else ""
        return self.text.replace(_TARGET, target).replace(_INSIDE, inside) + limit


_HEAD = re.compile(r"PREFIX\s+\S+\s+<[^>]*>|SELECT\b[^{]*?WHERE")
_PREFIX = re.compile(r"PREFIX\s+([\w-]*):\s+<([^>]*)>")
_IRI = re.compile(r"<([^<>\s]*)>")
_NAME = re.compile(r"([\w-]*):([\w.-]*\w)")
# A variable between two terms stands for the property.
_ANY_PROPERTY = re.compile(r"(?:[?$]\w+|>|[\w-]*:[\w-]+)\s+[?$]\w+\s+(?:[?$<]|[\w-]*:\w)|[?$]\w+\s+[?$]\w+")


class Shapes:
    """The checks that a shapes graph stands for. Raises `Defect` for SHACL that this module does not know."""

    def __init__(self, turtles: Iterable[Path]) -> None:
        self.graph = ShapesGraph(turtles, KNOWN)
        self._fresh = count()

    def names(self) -> list[NamedNode]:
        """All named node shapes, property shapes and SPARQL constraints."""
        return self.graph.names()

    def checks(self, subclasses: Mapping[str, Iterable[str]]) -> list[Check]:
        """One `Check` per constraint of every shape that has a target; `subclasses` maps a class to those below it."""
        found: list[Check] = []
        for shape in self.names():
            target = self._target(shape, subclasses)
            if target == Target():
                continue
            found += self._node_checks(shape, target, subclasses)
            for member in self.graph.all(shape, "property"):
                found += self._property_checks(_named(member), target, subclasses)
        return found

    def _severity(self, shape: Term) -> Severity:
        given = self.graph.one(shape, "severity")
        name = "Violation" if given is None else str(given.value).removeprefix(_SH)
        for severity in _SEVERITIES:
            if name == severity:
                return severity
        raise Defect(f"{shape}: sh:severity {name} không có.", f"{shape}: there is no sh:severity {name}.")

    def _messages(self, node: Term) -> dict[str, str]:
        return {m.language or "": m.value for m in self.graph.all(node, "message") if isinstance(m, Literal)}

    def _variable(self) -> str:
        return f"?v{next(self._fresh)}"

    def _target(self, shape: Term, subclasses: Mapping[str, Iterable[str]]) -> Target:
        classes: set[NamedNode] = set()
        for target in self._iris(shape, "targetClass"):
            classes |= {target, *map(NamedNode, subclasses.get(target.value, ()))}
        nodes, subjects, objects = (
            frozenset(self._iris(shape, name)) for name in ("targetNode", "targetSubjectsOf", "targetObjectsOf")
        )
        return Target(frozenset(classes), nodes, subjects, objects)

    def _iris(self, shape: Term, name: str) -> list[NamedNode]:
        return [_named(term) for term in self.graph.all(shape, name)]

    # --- constraints

    def _node_checks(self, shape: NamedNode, target: Target, subclasses: Mapping[str, Iterable[str]]) -> list[Check]:
        severity, messages = self._severity(shape), self._messages(shape)
        found = []
        wrong = [e for name, e in self._wrong(shape, "?this", subclasses) if name != "property"]
        if wrong:
            test = f"({' || '.join(wrong)})"
            query = f"SELECT DISTINCT ?this WHERE {{ {_TARGET}FILTER{test} }}"
            found.append(Check(query, target, shape, severity, None, messages, test=test))
        for constraint in self.graph.all(shape, "sparql"):
            name, said = _named(constraint), self._messages(constraint) or messages
            each = next((str(given.value) for given in self.graph.own(constraint, "each")), None)
            query, told = self._embed(constraint)
            found.append(Check(query, target, name, severity, None, said, each, told=told, most=MOST_FAILURES))
        return found

    def _property_checks(
        self, shape: NamedNode, target: Target, subclasses: Mapping[str, Iterable[str]]
    ) -> list[Check]:
        if self.graph.all(shape, "sparql"):
            raise Defect(f"{shape}: sh:sparql chỉ dùng ở luật cho nút.", f"{shape}: sh:sparql belongs on node shapes.")
        path = self.graph.one(shape, "path")
        single = path if isinstance(path, NamedNode) else None
        rest = (target, shape, self._severity(shape), single, self._messages(shape))
        queries = []
        wrong = [expression for _, expression in self._wrong(shape, "?value", subclasses)]
        if wrong:
            pattern = f"{self._step(shape, '?this', '?value')}FILTER({' || '.join(wrong)})"
            queries.append((f"SELECT DISTINCT ?this ?value WHERE {{ {_TARGET}{pattern} }}", f"EXISTS {{ {pattern} }}"))
        queries += [
            (f"SELECT DISTINCT ?this WHERE {{ {_TARGET}{pattern} }}", f"!({_no_solution(pattern)})")
            for pattern in self._wrong_set(shape, "?this")
        ]
        return [Check(query, *rest, test=test) for query, test in queries]

    def _step(self, shape: Term, focus: str, value: str) -> str:
        path = self.graph.one(shape, "path")
        if path is None:
            raise Defect(f"{shape} thiếu sh:path.", f"{shape} has no sh:path.")
        return f"{focus} {self.graph.path(path)} {value} . "

    def _wrong(self, shape: Term, value: str, subclasses: Mapping[str, Iterable[str]]) -> list[tuple[str, str]]:
        """Expressions that are true when the node in the variable `value` breaks a constraint of `shape`."""
        found: list[tuple[str, str]] = []
        for name in sorted(_PER_VALUE):
            for given in self.graph.all(shape, name):
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
                return f"COALESCE({value} NOT IN ({', '.join(str(t) for t in self.graph.items(given))}), true)"
            case "pattern":
                return f"COALESCE(!REGEX(STR({value}), {given}), true)"
            case "languageIn":
                tags = " || ".join(f"LANGMATCHES(LANG({value}), {tag})" for tag in self.graph.items(given))
                return f"COALESCE(LANG({value}) = '' || !({tags}), true)"
            case "maxLength":
                return f"COALESCE(STRLEN(STR({value})) > {given}, true)"
            case "minInclusive":
                return f"!COALESCE({value} >= {given}, false)"
            case "maxInclusive":
                return f"!COALESCE({value} <= {given}, false)"
            case "or":
                return f"!({' || '.join(self._conforms(m, value, subclasses) for m in self.graph.items(given))})"
            case "node" | "property":
                return f"!{self._conforms(given, value, subclasses)}"
        raise Defect(f"{shape}: sh:{name} chưa được hỗ trợ.", f"{shape}: sh:{name} is not understood.")

    def _wrong_set(self, shape: Term, focus: str) -> list[str]:
        """Patterns that have a solution when the values of `focus` as a set break a constraint of a property shape."""
        value, other = self._variable(), self._variable()
        step = self._step(shape, focus, value)
        found = []
        for name in sorted(_PER_FOCUS):
            for given in self.graph.all(shape, name):
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
        if self.graph.all(shape, "sparql"):
            raise Defect(f"{shape}: sh:sparql không lồng được.", f"{shape}: sh:sparql cannot be nested.")
        if self.graph.one(shape, "path") is None:
            parts = [f"!{expression}" for _, expression in self._wrong(shape, focus, subclasses)]
        else:
            value = self._variable()
            step = self._step(shape, focus, value)
            parts = [f"NOT EXISTS {{ {step}FILTER({e}) }}" for _, e in self._wrong(shape, value, subclasses)]
            parts += map(_no_solution, self._wrong_set(shape, focus))
        if not parts:
            raise Defect(f"{shape} không nêu điều kiện nào.", f"{shape} states no constraint.")
        return "(" + " && ".join(parts) + ")"

    def _embed(self, constraint: Term) -> tuple[str, tuple[str, ...]]:
        """The SELECT of a SPARQL constraint, joined with the target, and what it gives besides `$this` and `?value`.

        It must bind `$this` by a pattern of its own, and name its variables without expressions.
        """
        text = self.graph.one(constraint, "select")
        if not isinstance(text, Literal):
            raise Defect(f"{constraint} thiếu sh:select.", f"{constraint} has no sh:select.")
        body = re.sub(r"[$]this\b", "?this", text.value)
        given = re.findall(r"[?](\w+)", body.partition("{")[0])
        told = tuple(name for name in given if name not in ("this", "value"))
        # The value has its column where there is more to tell, so that it is always the second.
        variables = " ".join(f"?{name}" for name in ("this", *(["value"] if "value" in given or told else []), *told))
        # Each SELECT that hands `$this` on can be confined to some nodes, the innermost too.
        body = re.sub(r"(SELECT\b[^{]*[?]this\b[^{]*WHERE\s*\{)", rf"\1 {_INSIDE}", body)
        return f"{self.graph.prologue(constraint)}SELECT DISTINCT {variables} WHERE {{ {_TARGET}{{ {body} }} }}", told


def _no_solution(pattern: str) -> str:
    """An expression that is true when a pattern of `_wrong_set` has no solution."""
    required = re.fullmatch(r"FILTER NOT EXISTS (\{.*\}) ", pattern, re.DOTALL)
    return f"EXISTS {required[1]}" if required else f"NOT EXISTS {{ {pattern}}}"


def screened(tests: Iterable[str], nodes: Iterable[str]) -> str:
    """The query for those of `nodes` (IRIs as SPARQL writes them) for which one of the `tests` of some checks is true."""
    return f"SELECT ?this WHERE {{ VALUES ?this {{ {' '.join(nodes)} }} FILTER({' || '.join(tests)}) }}"


def _sorted(terms: Iterable[NamedNode]) -> list[NamedNode]:
    return sorted(terms, key=lambda term: term.value)


def _named(node: Term) -> NamedNode:
    if not isinstance(node, NamedNode):
        raise Defect(f"Luật {node} cần có tên.", f"The shape {node} needs a name.")
    return node
