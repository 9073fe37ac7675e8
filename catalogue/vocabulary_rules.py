"""What the shapes ask of the things of each class, in words: the rules that a page about a class or property shows."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from catalogue.iri import CODES
from catalogue.shacl import KNOWN
from catalogue.shapes_graph import ShapesGraph, Term

_LIST = re.compile(r"\^" + re.escape(re.escape(CODES)).replace(r"\\\-", r"\-") + r"([a-z-]+)/")

_NAMED = re.compile(r"\{[$?]\w+\}")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: of which classes (by IRI), about which property (None for one about several), its sentence by language.

    `least` and `most` count values (SHACL 4.2), None where nothing is asked; `values` are the classes, code lists or
    datatypes of which a value must be one, by IRI; `severity` is that of SHACL (`Violation`, `Warning`, `Info`).
    """

    shape: str
    classes: tuple[str, ...]
    property: str | None
    severity: str
    messages: Mapping[str, str]
    least: int | None = None
    most: int | None = None
    values: tuple[str, ...] = ()

    def message(self, language: str) -> str:
        """Its sentence, in Vietnamese where the language has none, with “…” for what a finding would name."""
        return _NAMED.sub("…", self.messages.get(language) or self.messages.get("vi") or "")


def rules(files: Iterable[Path]) -> list[Rule]:
    """The rules of the shapes in `files`, in the order of their names. Raises `Defect` for SHACL that is not understood."""
    shapes = ShapesGraph(files, KNOWN)
    found: list[Rule] = []
    for shape in shapes.names():
        classes = tuple(sorted(_iris(shapes.all(shape, "targetClass"))))
        if not classes and not shapes.all(shape, "targetSubjectsOf"):
            continue
        for part in (shape, *shapes.all(shape, "property"), *shapes.all(shape, "sparql")):
            found += _rule(shapes, shape, part, classes)
    return found


def _rule(shapes: ShapesGraph, shape: NamedNode, part: Term, classes: tuple[str, ...]) -> Iterator[Rule]:
    messages = {one.language or "vi": one.value for one in shapes.all(part, "message") if isinstance(one, Literal)}
    if not messages:
        return
    path = shapes.one(part, "path")
    severity = shapes.one(part, "severity") or shapes.one(shape, "severity")
    # A node shape that offers several ways about one property: the value, or that it was not found.
    single = {one.value for one in _paths(shapes, part)} if path is None else set()
    yield Rule(
        part.value if isinstance(part, NamedNode) else shape.value,
        classes,
        path.value if isinstance(path, NamedNode) else next(iter(single)) if len(single) == 1 else None,
        severity.value.rpartition("#")[2] if severity is not None else "Violation",
        messages,
        _number(shapes.one(part, "minCount")),
        _number(shapes.one(part, "maxCount")),
        tuple(_values(shapes, part)),
    )


def _paths(shapes: ShapesGraph, part: Term) -> Iterator[NamedNode]:
    """The properties of the first of several ways that `sh:or` offers."""
    for head in shapes.all(part, "or"):
        path = shapes.one(shapes.items(head)[0], "path")
        if isinstance(path, NamedNode):
            yield path


def _values(shapes: ShapesGraph, part: Term) -> Iterator[str]:
    if shapes.one(part, "path") is None:
        return
    yield from _iris([*shapes.all(part, "class"), *shapes.all(part, "datatype")])
    for head in shapes.all(part, "or"):
        for one in shapes.items(head):
            yield from _iris([*shapes.all(one, "class"), *shapes.all(one, "datatype")])
    for pattern in shapes.all(part, "pattern"):
        if found := _LIST.match(pattern.value):
            yield CODES + found[1]


def _iris(terms: Iterable[Term]) -> list[str]:
    return [one.value for one in terms if isinstance(one, NamedNode)]


def _number(term: Term | None) -> int | None:
    return int(term.value) if isinstance(term, Literal) else None
