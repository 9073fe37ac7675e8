"""Tables written: as a new XLSX of values, or as columns added to an XLSX file that otherwise stays as it is.

What is added comes from the catalogue, so no cell of it may begin a formula: every text is stored as one.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from catalogue.errors import Invalid
from loaders.tables import Cell, letter, place_of, text
from loaders.workbook import Part

_ROW = re.compile(rb"<((?:\w+:)?)row\b([^>]*)>")
_NUMBER = re.compile(rb'\br="([0-9]+)"')
_SPANS = re.compile(rb'\s+spans="[^"]*"')
_PLACE = re.compile(rb'\br="([A-Z]+)[0-9]+"')
_STYLE = re.compile(rb'\bs="([0-9]+)"')
_DIMENSION = re.compile(rb'(<(?:\w+:)?dimension\b[^>]*\bref=")[^"]*(")')
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
_LONGEST = 32_767  # characters of a cell in XLSX
_LEVEL = 3  # of deflate: half the time of the usual 6, a tenth more bytes


def xlsx_bytes(rows: Iterable[Sequence[Cell]], sheet: str | None) -> bytes:
    """Rows as a new XLSX file: values alone, the first row in bold; texts that look like formulas or links stay texts."""
    import xlsxwriter

    kept = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(kept, options) as book:
        page = book.add_worksheet((re.sub(r"[\[\]:*?/\\]", " ", sheet or "") or "Sheet1")[:31])
        bold = book.add_format({"bold": True})
        days = {
            datetime: book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
            date: book.add_format({"num_format": "dd/mm/yyyy"}),
        }
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                shape = bold if number == 0 else None
                if isinstance(cell, date):
                    page.write_datetime(number, place, cell, days[type(cell)])
                elif isinstance(cell, bool):
                    page.write_boolean(number, place, cell, shape)
                elif isinstance(cell, int | float) and abs(cell) < 1e15:
                    page.write_number(number, place, cell, shape)
                elif cell is not None and cell != "":
                    page.write_string(number, place, _NOT_XML.sub("", text(cell))[:_LONGEST], shape)
    return kept.getvalue()


def with_columns(
    archive: zipfile.ZipFile, part: Part, added: Mapping[int, Sequence[str | int]], file: str
) -> tuple[bytes, str]:
    """The workbook with more cells at the right of one sheet, by the number of the row; the letter of the first column.

    All else is copied: formats, formulas and their values, other sheets, comments, macros. A new cell looks like the last
    one of its row. Raises `Invalid` for a sheet that is not in UTF-8.
    """
    content = archive.read(part.path)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"<" not in content[:10]:
        raise Invalid(
            f"{file}, trang “{part.name}”: không phải UTF-8. Hãy mở bằng Excel và lưu lại.",
            f"{file}, sheet “{part.name}”: not in UTF-8. Open it in Excel and save it again.",
        )
    rows, width = _rows(content)
    first = width
    pieces: list[bytes] = []
    made: dict[tuple[int, bytes], list[tuple[bytes, bytes, bool]]] = {}  # the cells of one code, but for their row
    end = number = 0
    for number, head, body, stop in rows:
        cells = added.get(number)
        if not cells:
            continue
        match = _ROW.match(content, head)
        assert match is not None  # noqa: S101 - found by the same pattern
        prefix, attributes = match[1], match[2]
        closed = attributes.endswith(b"/")
        style = b""
        if not closed and (last := _last_cell(content, body, stop)) and (styled := _STYLE.search(last)):
            style = b' s="' + styled[1] + b'"'
        attributes = _SPANS.sub(b"", attributes.rstrip(b"/"))
        pieces += (content[end:head], b"<", prefix, b"row", attributes, b">", b"" if closed else content[body:stop])
        parts = made.get((id(cells), prefix))
        if parts is None:
            parts = made[id(cells), prefix] = [_cell(prefix, letter(first + at), cell) for at, cell in enumerate(cells)]
        said = str(number).encode()
        for before, after, styles in parts:
            pieces += (before, said, b'"', style if styles else b"", after)
        pieces += (b"</", prefix, b"row>")
        end = stop if closed else stop + len(prefix) + len(b"</row>")
    pieces.append(content[end:])
    most = max((len(cells) for cells in added.values()), default=0)
    corner = f"A1:{letter(first + most - 1)}{number}".encode()
    written = _DIMENSION.sub(lambda found: found[1] + corner + found[2], b"".join(pieces), count=1)
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as out:
        for entry in archive.infolist():
            out.writestr(entry.filename, written if entry.filename == part.path else archive.read(entry))
    return kept.getvalue(), letter(first)


def _rows(content: bytes) -> tuple[list[tuple[int, int, int, int]], int]:
    """Number, start, and start and end of what is in it, of every row; and how many columns have cells."""
    rows, widest, number, at = [], "", 0, 0
    while found := _ROW.search(content, at):
        said = _NUMBER.search(found[2])
        number = int(said[1]) if said else number + 1
        body = stop = at = found.end()
        if not found[2].endswith(b"/"):
            closing = b"</" + found[1] + b"row>"
            stop = content.find(closing, body)
            if stop < 0:
                break
            at = stop + len(closing)
            last = _last_cell(content, body, stop)
            place = _PLACE.search(last) if last else None
            if place:
                widest = max(widest, place[1].decode(), key=lambda name: (len(name), name))
        rows.append((number, found.start(), body, stop))
    return rows, place_of(widest) + 1 if widest else 0


def _last_cell(content: bytes, start: int, stop: int) -> bytes | None:
    """The attributes of the last cell of a row."""
    at = max(content.rfind(b"<c ", start, stop), content.rfind(b":c ", start, stop))
    if at < 0:
        return None
    end = content.find(b">", at, stop)
    return content[at:end] if end > 0 else None


def _cell(prefix: bytes, column: str, cell: str | int) -> tuple[bytes, bytes, bool]:
    """A cell but for the number of its row and its style: what stands before and behind them, and whether it takes one.

    A number takes none: the style may be one of days, and the number would be shown as a day.
    """
    p = prefix.decode()
    before = f'<{p}c r="{column}'.encode()
    if cell == "":
        return before, b"/>", True
    if isinstance(cell, int):
        return before, f"><{p}v>{cell}</{p}v></{p}c>".encode(), False
    said = _NOT_XML.sub("", cell)[:_LONGEST].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    inner = f'<{p}is><{p}t xml:space="preserve">{said}</{p}t></{p}is>'
    return before, f' t="inlineStr">{inner}</{p}c>'.encode(), True
