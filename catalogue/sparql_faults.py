"""What is wrong with a SPARQL text, told to who wrote it: the place, and the reason where there is one to tell.

The engine names what its grammar would have taken. That list holds words that are refused here and expressions of its
own, so only reasons that are known leave this module.
"""

import re
from collections.abc import Mapping
from typing import Any

from catalogue.errors import BadRequest, CatalogueError, Conflict, Invalid
from catalogue.sparql_text import place, tokens

MOST_CHARACTERS = 10_000
"""A longer text is not searched for undeclared prefixes: this runs where the service answers."""

_GRAPH_THERE_OR_NOT = re.compile(r"The graph (<[^>]*>) (does not exist|already exists)")
_UNKNOWN_FUNCTION = re.compile(r"The custom (?:aggregate )?function (<[^>]*>) is not supported")

_REASONS = {
    "Prefix not found": ("tiền tố chưa được khai báo bằng PREFIX", "a prefix is not declared with PREFIX"),
    "Duplicated variable name": ("SELECT đặt hai lần cùng một biến", "SELECT names a variable twice"),
    "variable that is unbound": (
        "SELECT có biến không nằm trong GROUP BY và không được gộp",
        "SELECT has a variable that is neither in GROUP BY nor aggregated",
    ),
    "SELECT * is not authorized": ("không dùng SELECT * với GROUP BY", "SELECT * cannot go with GROUP BY"),
    "IRI parsing failed": ("IRI không hợp lệ", "an IRI is not valid"),
    "language tag parsing failed": ("thẻ ngôn ngữ không hợp lệ", "a language tag is not valid"),
    "Variables are not allowed": ("không dùng biến ở đây", "variables are not allowed here"),
    "lank nodes are not allowed": ("không dùng nút trống ở đây", "blank nodes are not allowed here"),
    "cannot be shared": (
        "một nút trống không được dùng ở hai phần khác nhau",
        "a blank node may not stand in two different parts",
    ),
}


def malformed(message: str, text: str = "", details: Mapping[str, Any] | None = None) -> Invalid:
    """The error for `text` that the engine cannot read; `message` is what the engine says.

    >>> malformed("error at 1:21: expected OPTIONAL", "SELECT ?x { ?x a c:x }").en
    'The SPARQL text is malformed at line 1, column 18: the prefix “c:” is not declared with PREFIX.'
    >>> malformed("error at 2:10: expected one of LATERAL, ['%'], [_]").en
    'The SPARQL text is malformed at line 2, column 10.'
    """
    found = re.match(r"error at (\d+):(\d+): ", message)
    line, column = (int(found[1]), int(found[2])) if found else (1, 1)
    reason = next((told for sign, told in _REASONS.items() if sign in message), None)
    if (missing := _undeclared(text)) is not None:
        prefix, start = missing
        line, column = place(text, start)
        reason = (
            f"tiền tố “{prefix[:80]}” chưa được khai báo bằng PREFIX",
            f"the prefix “{prefix[:80]}” is not declared with PREFIX",
        )
    vi, en = (f": {reason[0]}", f": {reason[1]}") if reason else ("", "")
    return Invalid(
        f"Câu SPARQL sai cú pháp ở dòng {line}, cột {column}{vi}.",
        f"The SPARQL text is malformed at line {line}, column {column}{en}.",
        details={**(details or {}), "line": line, "column": column},
    )


def unfulfilled(message: str) -> CatalogueError | None:
    """The error for a text that the engine could read and not carry out; None where `message` tells of a fault.

    SPARQL 1.1 Update, section 3.2, lets operations on graphs fail.
    """
    if found := _GRAPH_THERE_OR_NOT.search(message):
        there = found[2] == "already exists"
        return Conflict(
            f"Đồ thị {found[1]} {'đã có' if there else 'không có'}; không có gì được ghi. Hãy dùng SILENT nếu điều đó không quan trọng.",
            f"The graph {found[1]} {found[2]}; nothing was written. Use SILENT where that does not matter.",
            details={"graph": found[1][1:-1]},
        )
    if found := _UNKNOWN_FUNCTION.search(message):
        return BadRequest(
            f"Không có hàm {found[1]} ở đây. Hãy dùng các hàm của SPARQL 1.1.",
            f"There is no function {found[1]} here. Use the functions of SPARQL 1.1.",
            details={"function": found[1]},
        )
    return None


def _undeclared(text: str) -> tuple[str, int] | None:
    """The first prefix that is used and declared nowhere, and where it stands."""
    if len(text) > MOST_CHARACTERS:
        return None
    declared: set[str] = set()
    used: dict[str, int] = {}
    before = ""
    for token in tokens(text):
        if token.kind == "name":
            prefix = token.text.partition(":")[0] + ":"
            if before == "PREFIX":
                declared.add(prefix)
            else:
                used.setdefault(prefix, token.start)
        before = token.text.upper()
    return next((one for one in used.items() if one[0] not in declared), None)
