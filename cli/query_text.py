"""What a SPARQL query is, read from its words alone: its form, and whether it stays inside this machine.

The words are those outside strings, IRIs and comments. An escape like `\\u0053ERVICE` is decoded first, because the
grammar allows it anywhere.
"""

import re
from typing import Literal

from catalogue.errors import Forbidden, Invalid

Form = Literal["select", "ask", "construct"]

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_SKIPPED = re.compile(
    r"<[^<>\"{}|^`\\\s]*>"
    r'|"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'(?:[^'\\\n]|\\.)*'"
    r"|#[^\n]*",
    re.DOTALL,
)
_WORD = re.compile(r"(?<![\w?$:@.-])([A-Za-z]+)(?![\w:-])")

_FORMS: dict[str, Form] = {"SELECT": "select", "ASK": "ask", "CONSTRUCT": "construct", "DESCRIBE": "construct"}
_UPDATES = {"INSERT", "DELETE", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"}


def form(query: str) -> Form:
    """The form of a query.

    >>> form("PREFIX select: <urn:ask> # ask\\nCONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    'construct'

    Raises `Forbidden` for a query that would call another server (SERVICE, LOAD) or change the store, `Invalid` for text
    that is no query.
    """
    words = [word.upper() for word in _words(query)]
    for word in words:
        if word in ("SERVICE", "LOAD"):
            raise Forbidden(
                f"Truy vấn không được gọi ra ngoài ({word}). Hãy bỏ phần đó, hoặc nạp dữ liệu bằng chiso load.",
                f"A query may not call other servers ({word}). Leave that part out, or bring the data in with chiso load.",
                details={"word": word},
            )
    first = next((word for word in words if word not in ("BASE", "PREFIX", "VERSION")), None)
    if first in _UPDATES:
        raise Forbidden(
            f"chiso query chỉ đọc, không sửa ({first}). Để nạp dữ liệu, dùng chiso load.",
            f"chiso query reads and never changes ({first}). To bring data in, use chiso load.",
            details={"word": first},
        )
    if first not in _FORMS:
        raise Invalid(
            "Đây không phải truy vấn SPARQL: cần SELECT, ASK, CONSTRUCT hoặc DESCRIBE.",
            "This is no SPARQL query: SELECT, ASK, CONSTRUCT or DESCRIBE is needed.",
        )
    return _FORMS[first]


def _words(query: str) -> list[str]:
    decoded = _ESCAPE.sub(lambda found: _character(int(found[1] or found[2], 16)), query)
    # Read twice: an escape inside a string may decode to its end, and then the two readings differ.
    return [word for reading in (query, decoded) for word in _WORD.findall(_SKIPPED.sub(" ", reading))]


def _character(code: int) -> str:
    return chr(code) if code < 0x110000 else ""
