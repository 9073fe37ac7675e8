"""Queries in files: read a `.rq`, put RDF terms in the place of its `$parameters`.

A parameter is a token of the query, never a piece of its text: the tokenizer knows strings, IRIs and comments, so a
`$` inside them is left alone, and a value is always written as one whole term.
"""

import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode

from catalogue.errors import Defect
from catalogue.shipped import QUERIES

Value = NamedNode | Literal | date | int | str | tuple[NamedNode | Literal, ...] | frozenset[NamedNode]
"""What may stand for a parameter: a term, a date (xsd:date), a whole number, a text (a plain literal), a tuple of terms,
which becomes one row of a VALUES block over several variables, or a frozenset of nodes, which becomes the list of IN."""

_XSD = "http://www.w3.org/2001/XMLSchema#"

# IRI, long strings, short strings, comment, then the parameter itself; whatever matches first is one token.
_TOKEN = re.compile(
    r"<[^<>\"{}|^`\\\s]*>"
    r'|"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'(?:[^'\\\n]|\\.)*'"
    r"|#[^\n]*"
    r"|\$(?P<parameter>[A-Za-z_][A-Za-z0-9_]*)",
    re.DOTALL,
)


class Query:
    """One question: the text of a `.rq` file, cut at its parameters."""

    def __init__(self, text: str, name: str = "query") -> None:
        self.name = name
        self.text = text
        self._pieces: list[str] = []
        self._parameters: list[str] = []
        end = 0
        for token in _TOKEN.finditer(text):
            parameter = token["parameter"]
            if parameter is None:
                continue
            self._pieces.append(text[end : token.start()])
            self._parameters.append(parameter)
            end = token.end()
        self._pieces.append(text[end:])

    @staticmethod
    @cache
    def named(name: str) -> "Query":
        """The query `name` of the folder `queries/`, read once."""
        return Query.read(QUERIES / f"{name}.rq")

    @staticmethod
    def read(path: Path) -> "Query":
        """The query in a file."""
        return Query(path.read_text(encoding="utf-8"), path.stem)

    @property
    def parameters(self) -> frozenset[str]:
        """The names of its parameters, without `$`."""
        return frozenset(self._parameters)

    @property
    def sentence(self) -> str:
        """What it answers: the first line, a comment."""
        return self.text.partition("\n")[0].lstrip("# ").strip()

    def bind(self, **values: Value | Iterable[Value]) -> str:
        """The SPARQL text with every parameter in its place; a list becomes terms side by side, for VALUES.

        >>> Query('SELECT * { ?s ?p $o } # $o is a parameter').bind(o="a \\"b\\"")
        'SELECT * { ?s ?p "a \\\\"b\\\\"" } # $o is a parameter'

        Raises `Defect` when the names given are not exactly the names of the parameters.
        """
        if values.keys() != self.parameters:
            raise Defect(
                f"Truy vấn {self.name} cần tham số {sorted(self.parameters)}, nhận được {sorted(values)}.",
                f"Query {self.name} takes {sorted(self.parameters)}, got {sorted(values)}.",
            )
        written = {name: write(value) for name, value in values.items()}
        parts = [self._pieces[0]]
        for parameter, piece in zip(self._parameters, self._pieces[1:], strict=True):
            parts += (written[parameter], piece)
        return "".join(parts)


def write(value: Value | Iterable[Value]) -> str:
    """A term, or several side by side, in the syntax of SPARQL.

    >>> write(date(2025, 3, 1)), write([1, NamedNode("urn:a")])
    ('"2025-03-01"^^<http://www.w3.org/2001/XMLSchema#date>', '1 <urn:a>')
    >>> write([(NamedNode("urn:a"), NamedNode("urn:b"))])
    '(<urn:a> <urn:b>)'
    """
    match value:
        case NamedNode() | Literal():
            return str(value)
        case BlankNode():
            raise Defect("Nút trống không thể là tham số.", "A blank node cannot be a parameter.")
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case date():
            return f'"{value.isoformat()}"^^<{_XSD}date>'
        case str():
            return str(Literal(value))
        case tuple():
            return f"({' '.join(write(one) for one in value)})"
        case frozenset():
            return ", ".join(sorted(write(one) for one in value))
        case _:
            return " ".join(write(one) for one in value)
