"""Answers on standard output, JSON for programs, tables and text for people; and whole files."""

import json
import os
import re
import secrets
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

from catalogue.errors import printable

_UNDERSCORE = re.compile(r"_+([a-z0-9])")


def plain(value: Any) -> Any:
    """A record as plain data, names in camelCase as the HTTP interface has them.

    >>> plain({"a": [date(2025, 3, 1), None, Decimal("2.50")]})
    {'a': ['2025-03-01', None, '2.50']}
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {json_name(f.name): plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal | Path):
        return str(value)
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return getattr(value, "value", str(value))


def json_name(name: str) -> str:
    """The name of a field as the HTTP interface writes it.

    >>> json_name("as_of"), json_name("start"), json_name("end")
    ('asOf', 'from', 'to')
    """
    ends = {"start": "from", "end": "to"}
    return ends.get(name) or _UNDERSCORE.sub(lambda found: found[1].upper(), name)


def print_json(value: Any) -> None:
    """One JSON document."""
    print(json.dumps(plain(value), ensure_ascii=False, indent=2))


def say(line: str, file: TextIO | None = None) -> None:
    """One line for a person, in which texts of strangers stand: nothing in it moves the cursor or colours the screen."""
    print(printable(line, keep="\n\t"), file=file or sys.stdout)


def keep(place: Path, content: bytes) -> None:
    """Write a file wholly or not at all: under a name beside it that nobody can have foreseen, then into its place.

    Raises `OSError` with the name of the file that was meant.
    """
    beside = place.with_name(f".chiso-{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as file:
            try:
                file.write(content)
                file.flush()
                beside.replace(place)
            except BaseException:
                beside.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(place)) from None


def print_table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table: drawn for a person at a terminal, tab-separated lines for a pipe."""
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(" ".join(cell.split()) for cell in row))
        return
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    table = Table(box=SIMPLE, header_style="bold")
    for title in titles:
        table.add_column(title, overflow="fold")  # an IRI that is cut off names nothing
    for row in rows:
        table.add_row(*(printable(cell, keep="\n").replace("[", "\\[") for cell in row))
    Console().print(table)


def aligned(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table as lines that fit the width of the terminal (80 where there is none): the first column takes what is left
    and is cut where it is too long; the others are numbers or short words.

    >>> aligned(["list", "codes"], [["tinh-2023", "18"], ["b", "-"]])
    ['list          codes', 'tinh-2023        18', 'b                 -']
    """
    table = [list(titles), *(list(row) for row in rows)]
    widths = [max(len(row[place]) for row in table) for place in range(len(titles))]
    widths[0] = max(12, min(widths[0], width() - sum(one + 2 for one in widths[1:])))
    return [
        "  ".join(
            [
                shortened(row[0], widths[0]).ljust(widths[0]),
                *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)),
            ]
        )
        for row in table
    ]


def shortened(line: str, most: int) -> str:
    """A text in at most so many characters, the end cut off with a mark."""
    return line if len(line) <= most else f"{line[: most - 1]}…"


def wrapped(line: str, indent: int = 0) -> str:
    """A paragraph in the width of the terminal, every line but the first indented two more than `indent`."""
    first, rest = " " * indent, " " * (indent + 2)
    return textwrap.fill(
        line, width(), initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )


def width() -> int:
    """Characters of a line: of the terminal, or as COLUMNS says, else 80."""
    return max(40, shutil.get_terminal_size((80, 24)).columns)


def progress(line: str) -> None:
    """One line about long work, on standard error, only while a person is watching."""
    if sys.stderr.isatty():
        print(line, file=sys.stderr, flush=True)
