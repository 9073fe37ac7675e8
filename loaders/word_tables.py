"""The tables of a DOCX file, as agencies send annexes: merged cells, one table per page, texts in ABC fonts."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from catalogue.errors import Invalid, LimitReached
from catalogue.settings import Settings
from loaders.table_text import clean
from loaders.tables import Cell, Grid, check_size

_UNPACKED = 16
"""How many times CHISO_TABLE_BYTES the parts of a document may take together, unpacked."""


def grids(file: str, content: bytes, settings: Settings) -> list[Grid]:
    """One grid per table of the document's body, in their order. Call it in a process of its own.

    Raises `Invalid` for a damaged document and one without tables, `LimitReached` for one that unpacks to too much.
    """
    _look(file, content, settings)
    import docx

    try:
        document = docx.Document(io.BytesIO(content))
        found = [_grid(number, table, file, settings) for number, table in enumerate(document.tables, 1)]
    except LimitReached:
        raise
    except (ValueError, KeyError, AttributeError, TypeError, SyntaxError, zipfile.BadZipFile):
        raise _damaged(file) from None
    if not found:
        raise Invalid(
            f"{file}: văn bản không có bảng nào. Có lẽ danh mục là ảnh chụp, hoặc nằm ở tệp phụ lục khác.",
            f"{file}: the document has no table. Perhaps the list is a picture, or in another file.",
            details={"file": file},
        )
    return found


def _look(file: str, content: bytes, settings: Settings) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(part.file_size for part in archive.infolist())
            main = archive.read("word/document.xml") if size <= settings.table_bytes * _UNPACKED else b""
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError, ValueError):
        raise _damaged(file) from None
    if size > settings.table_bytes * _UNPACKED:
        raise LimitReached(
            f"{file}: giải nén ra {size} byte, nhiều nhất được {settings.table_bytes * _UNPACKED} (16 lần CHISO_TABLE_BYTES).",
            f"{file}: it unpacks to {size} bytes, at most {settings.table_bytes * _UNPACKED} are read (16 times CHISO_TABLE_BYTES).",
            details={"limit": "CHISO_TABLE_BYTES", "value": settings.table_bytes},
        )
    if b"<!DOCTYPE" in main or b"<!ENTITY" in main:
        raise Invalid(
            f"{file}: phần văn bản có DTD; tệp DOCX thật không có. Không đọc.",
            f"{file}: its text has a DTD, which no DOCX has. It is not read.",
            details={"file": file},
        )


def _grid(number: int, table: Any, file: str, settings: Settings) -> Grid:
    rows: list[list[Cell]] = []
    above: dict[int, Any] = {}
    for row in table.rows:
        cells: list[Cell] = [None] * row.grid_cols_before
        for place, cell, first in _cells(row, above):
            cells += [None] * (place - len(cells))
            cells.append((clean(" ".join(cell.text.split("\n"))) or None) if first else None)
        check_size(len(rows) + 1, len(cells), file, settings)
        rows.append(cells)
    return Grid(f"{number}", rows)


def _cells(row: Any, above: dict[int, Any]) -> Iterator[tuple[int, Any, bool]]:
    """(place, cell, whether it begins here): a merged cell is said once, where it begins."""
    place = row.grid_cols_before
    before = None
    for cell in row.cells:
        element = cell._tc
        first = element is not before and above.get(place) is not element
        yield place, cell, first
        above[place] = before = element
        place += 1


def _damaged(file: str) -> Invalid:
    return Invalid(
        f"{file}: không phải tệp DOCX đọc được (hỏng, hoặc có mật khẩu). Hãy mở bằng Word rồi lưu lại.",
        f"{file}: this is no readable DOCX file (damaged, or with a password). Open it in Word and save it again.",
        details={"file": file},
    )
