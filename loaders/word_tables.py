"""The tables of a DOCX file, as agencies send annexes: merged cells, one table per page, texts in ABC fonts."""

import io
import re
import zipfile
from typing import Any

from catalogue.errors import Invalid, LimitReached
from catalogue.settings import Settings
from loaders.tables import Cell, Grid, check_size

_UNPACKED = 16
"""How many times CHISO_TABLE_BYTES the parts of a document may take together, unpacked."""


_DTD = re.compile(rb"<\x00?!\x00?(?:D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E|E\x00?N\x00?T\x00?I\x00?T\x00?Y)")
"""In UTF-8 or UTF-16."""


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
            fits = size <= settings.table_bytes * _UNPACKED
            archive.getinfo("word/document.xml")
            # Whatever its name: the library reads each part that a relationship names as XML. Pictures have no DTD either.
            has_dtd = fits and any(_DTD.search(archive.read(part)) for part in archive.infolist())
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError, ValueError):
        raise _damaged(file) from None
    if not fits:
        raise LimitReached(
            f"{file}: giải nén ra {size} byte, nhiều nhất được {settings.table_bytes * _UNPACKED} (16 lần CHISO_TABLE_BYTES).",
            f"{file}: it unpacks to {size} bytes, at most {settings.table_bytes * _UNPACKED} are read (16 times CHISO_TABLE_BYTES).",
            details={"limit": "CHISO_TABLE_BYTES", "value": settings.table_bytes},
        )
    if has_dtd:
        raise Invalid(
            f"{file}: các phần có DTD; tệp DOCX thật không có. Không đọc.",
            f"{file}: its parts have a DTD, which no DOCX has. It is not read.",
            details={"file": file},
        )


def _grid(number: int, table: Any, file: str, settings: Settings) -> Grid:
    rows: list[list[Cell]] = []
    regions: dict[Any, list[int]] = {}  # element of a cell → first row, first column, last row, last column
    for at, row in enumerate(table.rows):
        cells: list[Cell] = [None] * row.grid_cols_before
        for cell in row.cells:  # a merged cell once for each of its places
            region = regions.setdefault(cell._tc, [at, len(cells), at, len(cells)])
            first = region[:2] == [at, len(cells)]
            region[2:] = [max(region[2], at), max(region[3], len(cells))]
            cells.append((" ".join(cell.text.split("\n")) or None) if first else None)
        check_size(len(rows) + 1, len(cells), file, settings)
        rows.append(cells)
    merged = tuple(
        (top, left, bottom, right) for top, left, bottom, right in regions.values() if (top, left) != (bottom, right)
    )
    return Grid(f"{number}", rows, merged)


def _damaged(file: str) -> Invalid:
    return Invalid(
        f"{file}: không phải tệp DOCX đọc được (hỏng, hoặc có mật khẩu). Hãy mở bằng Word rồi lưu lại.",
        f"{file}: this is no readable DOCX file (damaged, or with a password). Open it in Word and save it again.",
        details={"file": file},
    )
