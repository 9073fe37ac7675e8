"""Tables that people send, read in a process of their own within CHISO_TABLE_BYTES, …_SECONDS and …_MEMORY; this blocks."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from catalogue.errors import Invalid, printable
from catalogue.settings import Settings
from loaders.tables import Note, Row, Table
from workers import reading

_WORKBOOKS = (b"PK", b"\xd0\xcf\x11\xe0")


def read(path: Path, settings: Settings, *, sheet: str | None = None, header: int | None = None) -> Table:
    """The table in a CSV or XLSX file. `sheet`: name or number, from 1; else the first that has a table. `header`:
    number of the header's last row, else it is looked for.

    Raises `Invalid`, `NotFound`, `TooLarge`, `LimitReached` and `TimedOut`, each with what to do; `OSError` for a file
    that cannot be opened.
    """
    return of_bytes(contents(path, settings), printable(path.name), settings, sheet=sheet, header=header)


def contents(path: Path, settings: Settings) -> bytes:
    """The bytes of a file. Raises `NotFound`, `TooLarge`, and `Invalid` for what Excel leaves beside an open workbook."""
    if path.name.startswith("~$"):
        raise Invalid(
            f"{path.name}: đây là tệp tạm mà Excel để lại khi đang mở {path.name[2:]}. Hãy nêu {path.name[2:]}.",
            f"{path.name}: this is what Excel leaves there while {path.name[2:]} is open. Name {path.name[2:]}.",
        )
    return reading.contents(path, settings.table_bytes, "CHISO_TABLE_BYTES")


def is_workbook(content: bytes, file: str) -> bool:
    """Whether this is meant as a workbook: by its first bytes, or by its name where they say nothing."""
    return content.startswith(_WORKBOOKS) or file.lower().endswith((".xlsx", ".xlsm", ".xls", ".ods"))


def of_bytes(
    content: bytes, file: str, settings: Settings, *, sheet: str | None = None, header: int | None = None
) -> Table:
    """The same for a file that is already in memory; `file` is what it is called in errors."""
    if not content:
        raise Invalid(f"{file}: tệp trống.", f"{file}: the file is empty.")
    head = {
        "file": file,
        "workbook": is_workbook(content, file),
        "sheet": sheet,
        "header": header,
    }
    body = reading.asked("workers.table_process", head, content, file, settings)
    return _table(json.loads(body, object_hook=_day))


def _table(told: list[Any]) -> Table:
    file, sheet, headers, first, last, rows, notes = told
    return Table(
        file,
        sheet,
        tuple(headers),
        first,
        last,
        [Row(row[0], tuple(row[1:])) for row in rows],
        tuple(Note(*note) for note in notes),
    )


def _day(told: dict[str, str]) -> date:
    value = told["day"]
    return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
