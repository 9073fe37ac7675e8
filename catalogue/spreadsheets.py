"""Texts on their way into a spreadsheet: none that Excel takes for a formula, and CSV as Excel opens it."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?%?")


def guarded(cell: str) -> str:
    """A text that no spreadsheet takes for a formula; a negative number stays as it is. `unguarded` gives it back.

    >>> guarded("=HYPERLINK()"), guarded("0101"), guarded("-5"), guarded("-5+A1")
    ("'=HYPERLINK()", '0101', '-5', "'-5+A1")
    """
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def unguarded(cell: str) -> str:
    """The text that was guarded.

    >>> unguarded("'=1"), unguarded(guarded("'=1")), unguarded("'tis")
    ('=1', "'=1", "'tis")
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def csv_bytes(rows: Iterable[Sequence[str]], *, delimiter: str = ",") -> bytes:
    """Rows as CSV in UTF-8 with the mark by which spreadsheets know it; lines end in CR LF (RFC 4180).

    The cells are taken as they are: `guarded` is for those that a formula may stand in.
    """
    kept = io.StringIO(newline="")
    csv.writer(kept, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return b"\xef\xbb\xbf" + kept.getvalue().encode()


def table(rows: Iterable[Iterable[str]]) -> bytes:
    """Rows of texts as CSV, as `csv_bytes` writes it; no cell is a formula."""
    return csv_bytes([guarded(cell) for cell in row] for row in rows)
