"""The library of example queries: `library/*.ttl`, one SHACL `sh:SPARQLExecutable` per file, with its parameters.

A parameter stands in the text as `$name` and is bound as one RDF term, by the tokenizer of `catalogue.query`; it is
described by a `sh:Parameter` (SHACL 1.0, 5.2.1 and 6.1: the name is the last part of `sh:path`). The library is read
from files and not from the store: it is the same whatever a catalogue holds.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Literal as Choice
from typing import get_args

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from catalogue import clock
from catalogue.errors import Defect, Invalid
from catalogue.iri import PREFIXES
from catalogue.query import Query
from catalogue.rdf import parse
from catalogue.shipped import LIBRARY

NAMESPACE = "https://w3id.org/chiso/query/"

Form = Choice["select", "ask", "construct"]
Topic = Choice["duties", "grounds", "reporting", "codes", "figures", "changes", "systems", "evidence", "catalogue"]
TOPICS: tuple[Topic, ...] = get_args(Topic)
"""What queries are about, in the order in which they are listed; a file says it as its `dcat:keyword`."""

_SH = PREFIXES["sh"]
_XSD = PREFIXES["xsd"]
_FORMS: dict[str, Form] = {
    f"{_SH}SPARQLSelectExecutable": "select",
    f"{_SH}SPARQLAskExecutable": "ask",
    f"{_SH}SPARQLConstructExecutable": "construct",
}
_PREFIX_LINE = re.compile(r"\s*PREFIX\s", re.IGNORECASE)

LONGEST = 500
"""Most characters of a value for a parameter."""

LARGEST = 1_000_000
"""Largest whole number for a parameter."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. `datatype` is the local name of an XSD type, None where a thing (an IRI) is wanted.

    `optional` without a `default` is said of `asOf` alone: then it is today.
    """

    name: str
    description: Mapping[str, str]
    datatype: str | None
    kind: str | None
    optional: bool
    default: str | None
    pattern: str | None
    example: str
    order: int


@dataclass(frozen=True, slots=True)
class Example:
    """One query: its name in addresses, what it is about, title and explanation by language, parameters in order, text with `$name`."""

    name: str
    form: Form
    topic: Topic
    label: Mapping[str, str]
    comment: Mapping[str, str]
    questions: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    text: str
    quads: tuple[Quad, ...] = field(repr=False)

    @property
    def iri(self) -> str:
        """What names the query; its document is `/queries/{name}`."""
        return NAMESPACE + self.name

    @property
    def body(self) -> str:
        """The text without its PREFIX lines."""
        return "\n".join(line for line in self.text.splitlines() if not _PREFIX_LINE.match(line))

    def bound(self, given: Mapping[str, str], thing: Callable[[str], NamedNode], today: date) -> str:
        """The SPARQL text with every parameter in its place.

        `given`: what the caller wrote, by name; `thing` finds what an IRI, CURIE, code, number or name means and raises
        `NotFound` or `Ambiguous`. Raises `Invalid` with `details["errors"]`, one entry per parameter that is unknown,
        missing or not of its type.
        """
        wrong: list[tuple[str, str, str]] = []
        known = {one.name for one in self.parameters}
        names = ", ".join(one.name for one in self.parameters) or "–"
        for name in given:
            if name not in known:
                wrong.append(
                    (
                        name[:100],
                        f"không có tham số này; các tham số: {names}",
                        f"there is no such parameter; the parameters: {names}",
                    )
                )
        values: dict[str, NamedNode | Literal | int] = {}
        for one in self.parameters:
            text = given.get(one.name, "").strip()
            try:
                found = _value(one, text, thing, today)
            except _Unfit as unfit:
                wrong.append((one.name, unfit.vi, unfit.en))
            else:
                if found is None:
                    vi, en = one.description["vi"], one.description["en"]
                    wrong.append((one.name, f"thiếu tham số này ({vi})", f"this parameter is missing ({en})"))
                else:
                    values[one.name] = found
        if wrong:
            raise _unfit(self.name, wrong)
        return Query(self.text, self.name).bind(**values)


class _Unfit(Exception):
    """A value that is not what its parameter takes."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.vi, self.en = vi, en


@cache
def examples(folder: Path = LIBRARY) -> dict[str, Example]:
    """All examples by name, in the order of their names. Raises `Defect` for a file that breaks the rules."""
    found = [_read(path) for path in sorted(folder.glob("*.ttl"))]
    return {one.name: one for one in found}


def by_topic(found: Iterable[Example]) -> list[tuple[Topic, list[Example]]]:
    """The examples topic by topic, in the order of `TOPICS`; a topic without any is left out."""
    listed = list(found)
    grouped = [(topic, [one for one in listed if one.topic == topic]) for topic in TOPICS]
    return [(topic, inside) for topic, inside in grouped if inside]


def _read(path: Path) -> Example:
    quads = parse(path.read_bytes(), RdfFormat.TURTLE, path.name)
    said: dict[str, dict[str, list[NamedNode | Literal]]] = {}
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            said.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, []).append(quad.object)
    subject = NAMESPACE + path.stem
    about = said.get(subject, {})
    kinds = [_FORMS[kind.value] for kind in about.get(PREFIXES["rdf"] + "type", []) if kind.value in _FORMS]
    if len(kinds) != 1:
        raise Defect(f"library/{path.name} không mô tả {subject}.", f"library/{path.name} does not describe {subject}.")
    topics = [topic for topic in TOPICS if topic in {one.value for one in about.get(f"{PREFIXES['dcat']}keyword", [])}]
    if len(topics) != 1:
        raise Defect(
            f"library/{path.name}: dcat:keyword phải là một trong {', '.join(TOPICS)}.",
            f"library/{path.name}: dcat:keyword must be one of {', '.join(TOPICS)}.",
        )
    parameters = [_parameter(said[node.value]) for node in about.get(f"{_SH}parameter", [])]
    example = Example(
        path.stem,
        kinds[0],
        topics[0],
        _words(about[PREFIXES["rdfs"] + "label"]),
        _words(about[PREFIXES["rdfs"] + "comment"]),
        tuple(
            sorted((node.value.rpartition("/")[2] for node in about.get(PREFIXES["chiso"] + "answers", [])), key=int)
        ),
        tuple(sorted(parameters, key=lambda one: one.order)),
        about[_SH + kinds[0]][0].value,
        tuple(quads),
    )
    used, declared = Query(example.text).parameters, {one.name for one in parameters}
    if used != declared:
        raise Defect(
            f"library/{path.name}: tham số {sorted(used)} trong truy vấn, {sorted(declared)} được mô tả.",
            f"library/{path.name}: the query uses {sorted(used)}, described are {sorted(declared)}.",
        )
    return example


def _parameter(said: Mapping[str, list[NamedNode | Literal]]) -> Parameter:
    def one(name: str) -> str | None:
        values = said.get(_SH + name)
        return values[0].value if values else None

    datatype, order = one("datatype"), one("order")
    return Parameter(
        (one("path") or "").rpartition("/")[2],
        _words(said[f"{_SH}description"]),
        datatype.removeprefix(_XSD) if datatype else None,
        one("class"),
        one("optional") == "true",
        one("defaultValue"),
        one("pattern"),
        said[PREFIXES["skos"] + "example"][0].value,
        int(order or 0),
    )


def _words(values: list[NamedNode | Literal]) -> dict[str, str]:
    return {value.language or "": value.value for value in values if isinstance(value, Literal)}


def _value(
    parameter: Parameter, text: str, thing: Callable[[str], NamedNode], today: date
) -> NamedNode | Literal | int | None:
    """The term that `text` means; None where it is missing and has no default."""
    if not text:
        if parameter.default is not None:
            text = parameter.default
        elif parameter.optional:
            text = today.isoformat()
        else:
            return None
    if len(text) > LONGEST:
        raise _Unfit(f"dài quá {LONGEST} ký tự", f"longer than {LONGEST} characters")
    if parameter.pattern is not None and not re.search(parameter.pattern, text):
        raise _Unfit(
            f"“{text[:60]}” không khớp {parameter.pattern}", f"“{text[:60]}” does not match {parameter.pattern}"
        )
    if parameter.datatype is None:
        return thing(text)
    lexical = _lexical(parameter.datatype, text)
    if parameter.datatype == "integer":
        return int(lexical)  # a bare number: it may stand behind LIMIT
    return Literal(lexical, datatype=NamedNode(_XSD + parameter.datatype))


def _lexical(datatype: str, text: str) -> str:
    """The text as it is written in a literal of the datatype. Raises `_Unfit` where it is none."""
    match datatype:
        case "string":
            return text
        case "date":
            try:
                return clock.parse_date(text).isoformat()
            except Invalid as error:
                raise _Unfit(error.vi, error.en) from None
        case "integer":
            if not re.fullmatch(r"[0-9]{1,7}", text) or int(text) > LARGEST:
                raise _Unfit(
                    f"“{text[:60]}” không phải số nguyên từ 0 đến {LARGEST}",
                    f"“{text[:60]}” is not a whole number from 0 to {LARGEST}",
                )
            return str(int(text))
        case "decimal":
            try:
                number = Decimal(text)
            except InvalidOperation:
                number = Decimal("NaN")
            if not number.is_finite() or len(text) > 30:
                raise _Unfit(f"“{text[:60]}” không phải số thập phân", f"“{text[:60]}” is not a decimal number")
            return f"{number:f}"
        case "boolean":
            if text.lower() not in ("true", "false", "1", "0"):
                raise _Unfit(f"“{text[:60]}” không phải true hay false", f"“{text[:60]}” is neither true nor false")
            return "true" if text.lower() in ("true", "1") else "false"
    raise Defect(f"Không có kiểu tham số xsd:{datatype}.", f"Parameters of type xsd:{datatype} are not read here.")


def _unfit(name: str, wrong: list[tuple[str, str, str]]) -> Invalid:
    vi = "; ".join(f"{parameter}: {said}" for parameter, said, _ in wrong)
    en = "; ".join(f"{parameter}: {said}" for parameter, _, said in wrong)
    return Invalid(
        f"Truy vấn {name}: {vi}.",
        f"Query {name}: {en}.",
        details={"errors": [{"in": "query", "name": parameter, "message": said} for parameter, _, said in wrong]},
    )
