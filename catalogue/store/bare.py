"""Rows of a table of results (SPARQL 1.1 TSV) as bare texts: no language, no datatype, IRIs without brackets."""

import io
import re
from collections.abc import Iterator

_ESCAPED = re.compile(r"\\(.)")
_MEANT = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


def bare_rows(table: bytes) -> Iterator[list[str]]:
    """The rows of `table` but for its head, one at a time: a million rows are never in memory as objects.

    >>> list(bare_rows(b'?a\\t?b\\n<https://a.example/1>\\t"H\\xc3\\xa0 N\\xe1\\xbb\\x99i"@vi\\n<https://a.example/2>\\t5\\n'))
    [['https://a.example/1', 'Hà Nội'], ['https://a.example/2', '5']]
    """
    lines = io.TextIOWrapper(io.BytesIO(table), encoding="utf-8", newline="\n")
    next(lines, None)
    for line in lines:
        yield list(map(_bare, line[:-1].split("\t")))


def _bare(term: str) -> str:
    mark = term[:1]
    if mark == "<":
        return term[1:-1]
    if mark == '"':
        text = term[1 : term.rindex('"')]
        return _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), text) if "\\" in text else text
    return term[2:] if mark == "_" else term
