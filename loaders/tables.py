"""A table as agencies send it (CSV or XLSX): its header found by content, its rows with the numbers they have in the file.

A value is what the file says, tidied: text in NFC with ordinary spaces, ABC fonts read as what they show, numbers and
dates as such, a number shown with leading zeros as the text that is shown. `workers.tables` reads one within limits.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from catalogue.errors import Invalid, LimitReached, NotFound
from catalogue.folding import fold
from catalogue.settings import Settings
from loaders.table_text import clean, decoded, unfonted

Cell = str | int | float | bool | date | datetime | None
"""None for an empty cell; never an empty text."""


class Row(NamedTuple):
    """A row and the number it has in the file, counted from 1. It has as many cells as the table has headers."""

    number: int
    cells: tuple[Cell, ...]


class Note(NamedTuple):
    """Something that reading the file changed or left out."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Grid:
    """All cells of a sheet as they are in the file (empty ones may be empty texts), and its merged regions (first row, first column, last row, last
    column, from 0)."""

    sheet: str | None
    rows: list[list[Cell]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `first_row` and `header_row`: numbers of the first and the last row of its header; empty rows are left out."""

    file: str
    sheet: str | None
    headers: tuple[str, ...]
    first_row: int
    header_row: int
    rows: list[Row] = field(repr=False)
    notes: tuple[Note, ...] = ()

    def column(self, name: str) -> int:
        """The place of a column, from 0: by its header, else by its letter (A, B, … AA), else by the header without marks.

        Raises `NotFound` with the columns there are, `Invalid` where two have this header.
        """
        wanted = fold(name)
        found = [place for place, header in enumerate(self.headers) if header == clean(name)]
        if not found and re.fullmatch(r"[A-Z]{1,3}", name) and (place := place_of(name)) < len(self.headers):
            return place
        found = found or [place for place, header in enumerate(self.headers) if wanted and fold(header) == wanted]
        if len(found) > 1:
            letters = ", ".join(letter(place) for place in found)
            raise Invalid(
                f"{self.where()}: các cột {letters} cùng có tên “{name}”; hãy nêu chữ cái của cột.",
                f"{self.where('en')}: the columns {letters} are all called “{name}”; give the letter of the column.",
                details={"columns": [letter(place) for place in found]},
            )
        if found:
            return found[0]
        if re.fullmatch(r"[A-Za-z]{1,3}", name) and (place := place_of(name)) < len(self.headers):
            return place
        known = "; ".join(f"{letter(place)} = {header or '(trống)'}" for place, header in enumerate(self.headers))[:500]
        raise NotFound(
            f"{self.where()}: không có cột “{name[:80]}”. Các cột ở dòng {self.header_row}: {known}.",
            f"{self.where('en')}: there is no column “{name[:80]}”. The columns in row {self.header_row}: {known}.",
            details={"columns": list(self.headers)},
        )

    def codes(self, column: int) -> list[str]:
        """The cells of a column as codes, "" for none: a number as its digits, with the leading zeros that the other
        codes of the column show to be missing (101 beside 0102)."""
        cells = [row.cells[column] for row in self.rows]
        widths = {len(cell) for cell in cells if isinstance(cell, str) and cell.isdigit()}
        width = max(widths) if any(isinstance(c, str) and c.isdigit() and c.startswith("0") for c in cells) else 0
        written = {cell: text(cell) for cell in set(cells)}
        if len(widths) != 1 or width == 0:
            return [written[cell] for cell in cells]
        return [written[cell].zfill(width) if type(cell) is int else written[cell] for cell in cells]

    def where(self, language: str = "vi") -> str:
        """File and sheet, as a sentence begins with them."""
        if self.sheet is None:
            return self.file
        return f"{self.file}, trang “{self.sheet}”" if language == "vi" else f"{self.file}, sheet “{self.sheet}”"


def text(cell: Cell) -> str:
    """A cell as text: whole numbers without a point, days as 2025-07-01.

    >>> text(101), text(2.5), text(None), text(date(2025, 7, 1))
    ('101', '2.5', '', '2025-07-01')
    """
    match cell:
        case None:
            return ""
        case str():
            return cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case datetime():
            return cell.isoformat(sep=" ")
        case date():
            return cell.isoformat()
        case _:
            return repr(cell)


def day(cell: Cell) -> date | None:
    """The day that a cell says, also as Vietnamese text, day first; None where it says none.

    >>> day("1/7/2025"), day("ngày 01-07-2025"), day("2025-07-01"), day("31/02/2025")
    (datetime.date(2025, 7, 1), datetime.date(2025, 7, 1), datetime.date(2025, 7, 1), None)
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if not isinstance(cell, str):
        return None
    read = re.fullmatch(r"(?:ngày\s+)?(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", cell.strip(), re.IGNORECASE)
    order = [2, 1, 0]
    if read is None:
        read, order = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?", cell.strip()), [0, 1, 2]
    try:
        return date(*(int(read.groups()[place]) for place in order)) if read else None
    except ValueError:
        return None


def letter(place: int) -> str:
    """The letter of a column.

    >>> letter(0), letter(27)
    ('A', 'AB')
    """
    name, rest = "", place + 1
    while rest:
        rest, one = divmod(rest - 1, 26)
        name = chr(65 + one) + name
    return name


def place_of(name: str) -> int:
    """The place, from 0, of a column's letter."""
    place = 0
    for one in name.upper():
        place = place * 26 + ord(one) - 64
    return place - 1


# What the header of a table of codes says, folded; a row with such words is more likely its header.
_WORDS = re.compile(
    r"\b(?:stt|tt|so thu tu|ma|ma so|code|id|ten|name|title|chi tieu|indicator|don vi|unit|nhom|group|phan to|ki cong bo|ki bao cao|"
    r"lo trinh|co quan|description|ghi chu|note|source|label|series|goal|target)\b"
)
_COUNTED = re.compile(r"\(?(?:\d{1,2}|[A-Z])\)?")
_LOOKED_AT = 60  # rows among which the header is looked for


def of_grid(grid: Grid, file: str, *, header: int | None = None) -> Table:
    """The table in a sheet. `header`: number of its header's last row, where it is not to be looked for.

    Raises `Invalid` where the sheet has no table.
    """
    place_vi = f"{file}, trang “{grid.sheet}”" if grid.sheet else file
    place_en = f"{file}, sheet “{grid.sheet}”" if grid.sheet else file
    width = max((len(row) for row in grid.rows), default=0)
    rows: list[list[Cell]] = [[*map(_tidy, row), *([None] * (width - len(row)))] for row in grid.rows]
    while width and all(row[width - 1] is None for row in rows):
        width -= 1
    if width == 0 or (header is not None and not 1 <= header <= len(rows)):
        raise Invalid(
            f"{place_vi}: không có bảng nào" + (f" ở dòng {header}." if header else "; trang này trống."),
            f"{place_en}: there is no table" + (f" in row {header}." if header else "; this sheet is empty."),
        )
    notes = list(grid.notes)
    columns = [[cell for row in rows if isinstance(cell := row[place], str)] for place in range(width)]
    meant, count = unfonted(columns)
    if count:
        rows = [
            [meant[place].get(cell, cell) if isinstance(cell, str) else cell for place, cell in enumerate(row[:width])]
            for row in rows
        ]
        notes.append(
            Note(
                f"{place_vi}: {count} ô viết bằng phông ABC (TCVN3) đã được đọc thành Unicode.",
                f"{place_en}: {count} cells in an ABC font (TCVN3) were read as Unicode.",
            )
        )
    first, last = _header(rows, grid.merged, header)
    _fill(rows, grid.merged, first, last)
    headers = tuple(
        " / ".join(dict.fromkeys(" ".join(text(row[place]).split()) for row in rows[first : last + 1] if row[place]))
        for place in range(width)
    )
    start = last + 1
    while start < len(rows) and _counts_columns(rows[start]):
        start += 1
    found = [
        Row(number, tuple(row[:width]))
        for number, row in enumerate(rows[start:], start + 1)
        if any(cell is not None for cell in row)
    ]
    return Table(file, grid.sheet, headers, first + 1, last + 1, found, tuple(notes))


def _tidy(cell: Cell | time | timedelta) -> Cell:
    if type(cell) is str:
        return clean(cell) or None
    if type(cell) is float and cell.is_integer() and abs(cell) < 1e15:
        return int(cell)
    return str(cell) if isinstance(cell, time | timedelta) else cell


def _header(rows: list[list[Cell]], merged: Iterable[tuple[int, int, int, int]], given: int | None) -> tuple[int, int]:
    """The first and the last row of the header, from 0."""
    if given is not None:
        return given - 1, given - 1
    below: Counter[int] = Counter()
    for row in rows[: _LOOKED_AT * 4]:
        below.update(place for place, cell in enumerate(row) if cell is not None)
    usual = {place for place, count in below.items() if count * 4 >= max(below.values())}
    before, best, chosen = (
        0,
        0.0,
        next(number for number, row in enumerate(rows) if any(cell is not None for cell in row)),
    )
    for number, row in enumerate(rows[:_LOOKED_AT]):
        said = [(place, cell) for place, cell in enumerate(row) if cell is not None]
        texts = [cell for _, cell in said if isinstance(cell, str)]
        if not texts or _counts_columns(row):
            continue
        words = sum(bool(_WORDS.search(fold(cell[:80]))) for cell in texts if len(cell) < 80)
        score = len(usual & {place for place, _ in said}) + 2.0 * words - 2.0 * (len(said) - len(texts))
        score -= len(texts) - len(set(texts)) + number / 100 + (3.0 if len(said) == 1 < len(usual) else 0.0)
        # Rows of data can be all words, too: of rows that could be a header, the first one has the better claim.
        score -= 2.0 * before
        before += len(texts) == len(set(texts)) == len(said) and len(said) * 5 >= len(usual) * 3
        if score > best:
            best, chosen = score, number
    first = last = chosen
    for top, left, bottom, right in merged:
        if top == chosen and (bottom > chosen or right > left):
            last = max(last, bottom if bottom > top else min(chosen + 1, len(rows) - 1))
        elif top < chosen <= bottom:
            first = min(first, top)
    # A merged cell of the header reaches over the rows below it; a row of figures is no header, whatever lies beside it.
    while last > chosen and (_counts_columns(rows[last]) or any(isinstance(c, int | float) for c in rows[last])):
        last -= 1
    return first, min(last, first + 4)


def _fill(rows: list[list[Cell]], merged: Iterable[tuple[int, int, int, int]], first: int, last: int) -> None:
    """What a merged region says, in each of its rows; in the header also in each of its columns. A title that lies
    across the columns of the table stays one cell."""
    for top, left, bottom, right in merged:
        if top >= len(rows) or left >= len(rows[top]) or rows[top][left] is None:
            continue
        across = right if first <= top <= last else left
        for row in rows[top : bottom + 1]:
            for place in range(left, min(across, len(row) - 1) + 1):
                row[place] = rows[top][left]


def _counts_columns(row: Sequence[Cell]) -> bool:
    """A row below the header that numbers the columns: A B 1 2 3, (1) (2) (3)."""
    said = [text(cell) for cell in row if cell is not None]
    numbers = [int(one.strip("()")) for one in said if one.strip("()").isdigit()]
    letters = [one.strip("()") for one in said if one.strip("()").isalpha()]
    return (
        len(said) > 1
        and all(_COUNTED.fullmatch(one) for one in said)
        and numbers == list(range(numbers[0] if numbers else 1, (numbers[0] if numbers else 1) + len(numbers)))
        and (not numbers or numbers[0] in (1, 2, 3))
        and letters == [letter(place) for place in range(len(letters))]
    )


class Records(NamedTuple):
    """The records of a CSV file as they are in it, what separates their fields, and the coding they were in."""

    rows: list[list[str]]
    delimiter: str
    coding: str
    notes: tuple[Note, ...]


def records(content: bytes, file: str, settings: Settings) -> Records:
    """Read a CSV file: comma, semicolon or tab; UTF-8, UTF-16, Windows-1258 or TCVN3.

    Raises `Invalid` with the row, and `LimitReached` for one with more rows or columns than CHISO_TABLE_… allows.
    """
    said, coding = decoded(content, file)
    delimiter = _delimiter(said)
    lines = io.StringIO(said, newline="")
    if re.match(r"sep=.\r?\n", said):
        lines.readline()
    rows: list[list[str]] = []
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        for row in reader:
            check_size(len(rows) + 1, len(row), file, settings)
            rows.append(row)
    except csv.Error as error:
        raise Invalid(
            f"{file}, dòng {len(rows) + 1}: không đọc được CSV ({error}). Hãy kiểm tra dấu nháy kép của dòng này.",
            f"{file}, row {len(rows) + 1}: this is no readable CSV ({error}). Check the quotation marks of this row.",
            details={"row": len(rows) + 1},
        ) from None
    notes: tuple[Note, ...] = ()
    if coding in ("tcvn3", "windows-1258"):
        named = {"tcvn3": "TCVN3 (ABC)", "windows-1258": "Windows-1258"}[coding]
        notes = (Note(f"{file}: mã hoá {named}, đã đọc thành Unicode.", f"{file}: coded in {named}, read as Unicode."),)
    return Records(rows, delimiter, coding, notes)


def of_records(read: Records, file: str, *, header: int | None = None) -> Table:
    """The table in the records of a CSV file. Raises `Invalid` where there is none."""
    return of_grid(Grid(None, [list(row) for row in read.rows], notes=read.notes), file, header=header)


def check_size(rows: int, columns: int, file: str, settings: Settings) -> None:
    """Raise `LimitReached` for more rows or columns than CHISO_TABLE_ROWS and CHISO_TABLE_COLUMNS allow."""
    for name, value, most, vi, en in (
        ("CHISO_TABLE_ROWS", rows, settings.table_rows, "dòng", "rows"),
        ("CHISO_TABLE_COLUMNS", columns, settings.table_columns, "cột", "columns"),
    ):
        if value > most:
            raise LimitReached(
                f"{file}: có {value} {vi} trở lên, nhiều nhất được {most} ({name}). Hãy chia nhỏ tệp hoặc xoá phần thừa.",
                f"{file}: there are {value} {en} or more, at most {most} are read ({name}). Split the file or delete the rest.",
                details={"limit": name, "value": most},
            )


def _delimiter(said: str) -> str:
    named = re.match(r"sep=(.)\r?\n", said)
    if named:
        return named[1]
    sample = said[:200_000].splitlines(keepends=True)[:100]

    def fit(delimiter: str) -> tuple[int, int]:
        try:
            widths = Counter(len(row) for row in csv.reader(sample, delimiter=delimiter) if len(row) > 1)
        except csv.Error:
            return 0, 0
        return max(((count, width) for width, count in widths.items()), default=(0, 0))

    return max(",;\t", key=fit)
