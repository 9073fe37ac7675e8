"""An XLSX file: looked at before it is read, because one cell in the last row of an empty sheet takes all memory.

`look` reads the ZIP and scans the sheets; `grid` has calamine read one of them, for a process that may be lost.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import ParseError, XMLParser

from catalogue.errors import CatalogueError, Invalid, LimitReached, NotFound
from catalogue.settings import Settings
from loaders.tables import Grid, check_size, place_of

_ENTRIES = 5_000
_CHUNK = 4 * 1_048_576
_FAR_COLUMN = re.compile(rb'r="([A-Z]{2,})[0-9]')
_FAR_ROW = re.compile(rb'r="[A-Z]{0,9}([0-9]{6,})"')
_EXTENT = re.compile(rb'\bref="[A-Z]+[0-9]+:([A-Z]+)([0-9]+)"')
_ZEROS = re.compile(r"0{2,}")
_CELL = re.compile(rb'<(?:\w+:)?c\b(?=[^>]*?\br="([A-Z]+)([0-9]+)")(?=[^>]*?\bs="([0-9]+)")[^>]*>')


@dataclass(frozen=True, slots=True)
class Part:
    """A sheet: its name, its file in the ZIP, and whether people see it."""

    name: str
    path: str
    seen: bool


def look(content: bytes, file: str, settings: Settings) -> zipfile.ZipFile:
    """The opened ZIP of an XLSX file that is small enough to read.

    Raises `Invalid` for any other kind of file, saying what to do, and `LimitReached` for one that is too large.
    """
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Invalid(
                f"{file}: tệp có mật khẩu. Hãy bỏ mật khẩu trong Excel (Tệp → Thông tin → Bảo vệ sổ làm việc) rồi gửi lại.",
                f"{file}: the file has a password. Take it off in Excel (File → Info → Protect Workbook) and try again.",
            )
        raise Invalid(
            f"{file}: đây là tệp Excel đời cũ (.xls). Hãy mở và lưu lại thành .xlsx hoặc CSV UTF-8.",
            f"{file}: this is an old Excel file (.xls). Open it and save it as .xlsx or CSV UTF-8.",
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise _damaged(file) from None
    size, most = sum(entry.file_size for entry in entries), settings.table_memory // 4
    if len(entries) > _ENTRIES or size > most:
        raise LimitReached(
            f"{file}: khi giải nén có {len(entries)} tệp, {size:,} byte; nhiều nhất được {_ENTRIES} tệp, {most:,} byte (một phần tư CHISO_TABLE_MEMORY).",
            f"{file}: it unpacks to {len(entries)} files, {size:,} bytes; at most {_ENTRIES} files, {most:,} bytes (a quarter of CHISO_TABLE_MEMORY) are read.",
            details={"limit": "CHISO_TABLE_MEMORY", "value": most},
        )
    if "xl/workbook.xml" not in archive.namelist():
        raise Invalid(
            f"{file}: không phải là sổ tính XLSX. Hãy lưu lại thành .xlsx hoặc CSV UTF-8.",
            f"{file}: this is no XLSX workbook. Save it as .xlsx or CSV UTF-8.",
        )
    return archive


def parts(archive: zipfile.ZipFile, file: str) -> list[Part]:
    """The sheets of a workbook, in their order. Raises `Invalid` for a damaged one."""
    try:
        book = _xml(archive.read("xl/workbook.xml"))
        related = _xml(archive.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ParseError, ValueError, zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        raise _damaged(file) from None
    targets = {one.get("Id"): one.get("Target", "") for one in related.iter() if _local(one) == "Relationship"}
    found = []
    for sheet in book.iter():
        if _local(sheet) != "sheet":
            continue
        target = targets.get(next((value for name, value in sheet.items() if name.endswith("}id")), ""), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if path in archive.namelist() and "worksheets" in path:
            found.append(Part(sheet.get("name", ""), path, sheet.get("state", "visible") == "visible"))
    if not found:
        raise _damaged(file)
    return found


def chosen(archive: zipfile.ZipFile, file: str, sheet: str | None) -> list[Part]:
    """The sheet of that name (or number, from 1); all that people see, where none is named. Raises `NotFound`."""
    there = parts(archive, file)
    if sheet is None:
        return [part for part in there if part.seen] or there
    named = [part for part in there if part.name == sheet]
    if not named and sheet.isdigit() and 1 <= int(sheet) <= len(there):
        named = [there[int(sheet) - 1]]
    if not named:
        names = "; ".join(part.name for part in there)[:500]
        raise NotFound(
            f"{file}: không có trang “{sheet[:80]}”. Các trang: {names}.",
            f"{file}: there is no sheet “{sheet[:80]}”. The sheets: {names}.",
            details={"sheets": [part.name for part in there]},
        )
    return named


def check(archive: zipfile.ZipFile, part: Part, file: str, settings: Settings) -> None:
    """Raise `LimitReached` where a cell of the sheet, wherever it is, lies beyond the rows and columns that are read."""
    tail = b""
    try:
        with archive.open(part.path) as stream:
            while chunk := stream.read(_CHUNK):
                piece = tail + chunk
                extents = set(_EXTENT.findall(piece))
                columns = {name for name, _ in extents}.union(_FAR_COLUMN.findall(piece))
                rows = {number for _, number in extents}.union(_FAR_ROW.findall(piece))
                far = max((place_of(name[:4].decode()) + 1 for name in columns), default=0)
                low = max((int(number[:12]) for number in rows), default=0)
                check_size(low, far, f"{file}, {part.name}", settings)
                tail = piece[-64:]
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError):
        raise _damaged(file) from None


def grid(content: bytes, archive: zipfile.ZipFile, part: Part, file: str, settings: Settings) -> Grid:
    """The cells of a sheet. Call it in a process of its own: damaged files can end it.

    Raises `Invalid` and `LimitReached`.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    check(archive, part, file, settings)
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(part.name)
        check_size(sheet.total_height, sheet.total_width, f"{file}, {part.name}", settings)
        rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
        merged = tuple((*start, *end) for start, end in sheet.merged_cell_ranges or ())
    except CatalogueError:
        raise
    except (CalamineError, OSError, ValueError) as error:
        raise _damaged(file, str(error)[:120]) from None
    for row, column, width in _with_zeros(archive, part):
        if row < len(rows) and column < len(rows[row]) and type(cell := rows[row][column]) in (int, float):
            rows[row][column] = f"{int(cell):0{width}d}" if cell == int(cell) else cell
    return Grid(part.name, rows, merged)


def _with_zeros(archive: zipfile.ZipFile, part: Part) -> Iterator[tuple[int, int, int]]:
    """The cells whose format shows leading zeros (0000): row and column, from 0, and how many digits are shown."""
    try:
        styles = _xml(archive.read("xl/styles.xml"))
    except (KeyError, ParseError, ValueError):
        return
    formats = {
        one.get("numFmtId"): len(one.get("formatCode", ""))
        for one in styles.iter()
        if _local(one) == "numFmt" and _ZEROS.fullmatch(one.get("formatCode", ""))
    }
    cells = next((one for one in styles.iter() if _local(one) == "cellXfs"), ())
    widths = {str(place).encode(): formats.get(one.get("numFmtId"), 0) for place, one in enumerate(cells)}
    if not any(widths.values()):
        return
    for found in _CELL.finditer(archive.read(part.path)):
        width = widths.get(found[3], 0)
        if width:
            yield int(found[2]) - 1, place_of(found[1].decode()), width


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _xml(content: bytes) -> Any:
    """A small XML document. Raises `ValueError` for one with a DTD: a workbook has none, and entities multiply."""
    if b"<!DOCTYPE" in content or b"<!\x00D" in content:
        raise ValueError("a DTD")
    parser = XMLParser()  # noqa: S314 - without a DTD there are no entities
    parser.feed(content)
    return parser.close()


def _damaged(file: str, reason: str = "") -> Invalid:
    told = f" ({reason})" if reason else ""
    return Invalid(
        f"{file}: không đọc được như một sổ tính XLSX{told}. Hãy mở bằng Excel hoặc LibreOffice và lưu lại thành .xlsx.",
        f"{file}: this cannot be read as an XLSX workbook{told}. Open it in Excel or LibreOffice and save it as .xlsx.",
    )
