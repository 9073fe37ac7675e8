"""Statistical lists in the seven columns of the annexes: STT; mã số; nhóm, tên chỉ tiêu; phân tổ chủ yếu; kỳ công bố; cơ quan
chịu trách nhiệm thu thập, tổng hợp; mã số ở hệ thống cấp trên.

The layout of 05/2023/QĐ-TTg and its predecessors, as agencies send it: titles above, a row that numbers the columns, groups
as rows of their own, names that run over several rows and pages, footnotes, codes that lost their leading zero.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from catalogue.folding import fold
from catalogue.settings import Settings
from loaders.annex_cells import agencies, codes, frequencies, is_code, whole_code
from loaders.grids import grids
from loaders.lists import Duty, Entry, Fault, Listing, Scheme, check, missing_columns, placed, row
from loaders.table_text import clean, unfonted
from loaders.tables import Cell, Grid, text

_CALLED = {
    "stt": "STT",
    "code": "Mã số",
    "name": "Nhóm, tên chỉ tiêu",
    "disaggregation": "Phân tổ chủ yếu",
    "period": "Kỳ công bố",
    "agency": "Cơ quan chịu trách nhiệm thu thập, tổng hợp",
    "higher": "Mã số ở hệ thống cấp trên",
}
_CONTENT = ("disaggregation", "period", "agency", "higher")
# Folded words of the headers; the first that fits names the column. “Mã số” alone is the list's own code.
_HEADERS = (
    ("higher", re.compile(r"\bma\b.*\b(?:cap tren|quoc gia|tuong ung|cap tinh|he thong|htctt\w*)\b")),
    ("stt", re.compile(r"(?:s|so )?tt\b|so thu tu")),
    ("code", re.compile(r"ma(?: so)?(?: chi tieu(?: thong ke)?)?")),
    ("name", re.compile(r".*\bten\b.*\bchi tieu\b.*|chi tieu(?: thong ke)?")),
    ("disaggregation", re.compile(r".*\bphan to\b.*")),
    ("period", re.compile(r".*\b(?:ki|lo trinh) (?:cong bo|bao cao|thu thap)\b.*")),
    ("agency", re.compile(r".*\bco quan\b.*|.*\bdon vi (?:chiu trach nhiem|thuc hien|thu thap)\b.*")),
)
_GROUP_CODE = re.compile(r"\d{1,2}|[IVX]{1,5}")
_GROUP_LINE = re.compile(r"(\d{1,2}|[IVX]{1,5})\s*[.)-]\s*(\D.*)")
_GROUP_NUMBER = re.compile(r"0\d|[IVX]{1,5}")
_FOOTNOTE = re.compile(r"\*|\(\d+\)|\[\d+\]|ghi chú|chú thích|nguồn\s*:", re.IGNORECASE)
_ADDED = re.compile(r"\s*\(\s*(bổ sung|mới|sửa đổi|thay thế)\s*\)", re.IGNORECASE)
_MARKED = re.compile(r"(?<=\D)\s*(?:\(\*+\)|\*+)$")
_DASHES = re.compile(r"[-–—_.…\s]+")
_NUMBERED = re.compile(r"\(?(?:\d{1,2}|[A-Ga-g])\)?")


@dataclass(slots=True)
class _Line:
    """One entry while its rows come in: the texts of its columns, and where it begins."""

    cells: dict[str, str]
    place: tuple[str, str]
    group: bool = False


@dataclass(slots=True)
class _Reader:
    """Goes through the rows of all tables of a file; an entry can go on in the next table."""

    lines: list[_Line] = field(default_factory=list)
    columns: dict[str, int] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    rows: int = 0
    headed: bool = False
    closed: bool = False
    """After a footnote or an empty row no text belongs to the last entry."""

    def take(self, grid: Grid, *, table: int, sheet: str, goes_on: bool) -> None:
        """The rows of one table. `goes_on`: one without a header goes on with the one before, if it is as wide."""
        cells = [[_plain(cell) for cell in one] for one in _unfonted(grid.rows)]
        below = _below(cells, grid.merged)
        above, self.columns = self.columns, {}
        place = 0
        while place < len(cells):
            header, taken = _header(cells[place : place + 4])
            if header:
                self.columns, self.closed, place = header, False, place + taken
                self.headed = True
                continue
            if len(self.seen) < 30:
                self.seen += [cell for cell in cells[place] if cell]
            if goes_on and not self.columns and above and len(cells[place]) > max(above.values()):
                self.columns = above
            if not any(cells[place]):
                self.closed = True
            elif self.columns and not _numbers_columns(cells[place]):
                self.rows += 1
                self._row(cells[place], below.get(place, {}), _place(place + 1, table, sheet))
            place += 1
        self.columns = self.columns or above

    def _row(self, cells: list[str], below: dict[int, str], place: tuple[str, str]) -> None:
        said = {name: cells[at] if at < len(cells) else "" for name, at in self.columns.items()}
        told = [cell for cell in cells if cell]
        code, number = said["code"], said.get("stt", "")
        group = _GROUP_LINE.fullmatch(told[0]) if len(set(told)) == 1 and not code else None
        bare = said["name"] and not any(said.get(name) for name in _CONTENT)
        if group:
            self._begin({"code": group[1], "name": group[2]}, place, group=True)
        elif bare and _GROUP_CODE.fullmatch(code):
            self._begin(said, place, group=True)
        elif bare and not code and _GROUP_NUMBER.fullmatch(number):
            self._begin({**said, "code": number}, place, group=True)
        elif code or (said["name"] and number.isdigit()):
            # What is merged over several indicators holds for each of them.
            held = {name: below[at] for name, at in self.columns.items() if name in _CONTENT and at in below}
            self._begin({**said, **held}, place)
        elif _FOOTNOTE.match(told[0]):
            self.closed = True
        elif self.lines and not self.closed and said["name"] != number:
            self._goes_on(said)

    def _begin(self, said: dict[str, str], place: tuple[str, str], *, group: bool = False) -> None:
        self.lines.append(_Line(said, place, group))
        self.closed = False

    def _goes_on(self, said: dict[str, str]) -> None:
        last = self.lines[-1].cells
        for name, more in said.items():
            if more and name != "stt":
                last[name] = f"{last.get(name, '')} {more}".strip()


def read(files: Sequence[tuple[str, bytes]], settings: Settings) -> Listing:
    """The list in `files` (name, content): CSV, XLSX or DOCX.

    Raises `Invalid` naming file, row and column: without the columns of the layout (says what was found instead), for a
    code that stands twice, has white space, or has no name. What the last column says that is no code is left out, and said.
    """
    listing = Listing(schemes=[Scheme()])
    entries = listing.schemes[0].entries
    for file, content in files:
        found = grids(file, content, settings)
        pages = file.lower().endswith(".docx")
        reader = _Reader()
        for number, grid in enumerate(found, 1):
            sheet = "" if pages or len(found) == 1 else grid.sheet or ""
            reader.take(grid, table=number if pages else 0, sheet=sheet, goes_on=pages)
        if not reader.lines and not reader.headed:
            raise missing_columns(file, ["Mã số + Tên chỉ tiêu"], dict.fromkeys(reader.seen))
        listing.rows += reader.rows
        read_here = list(_entries(reader.lines, listing))
        entries += placed(read_here, file, file) if len(files) > 1 else read_here
    check(", ".join(file for file, _ in files), listing.schemes)
    return listing


def _entries(lines: Sequence[_Line], listing: Listing) -> Iterator[Entry]:
    group = ""
    for line in lines:
        cells, (vi, en) = line.cells, line.place
        code = whole_code(cells["code"])
        name, added = _name(cells.get("name", ""))
        place_vi, place_en = f"{vi}, cột “{_CALLED['code']}”", f"{en}, column “{_CALLED['code']}”"
        if line.group:
            group = code
            yield Entry(code, "group", {"vi": name} if name else {}, place_vi=place_vi, place_en=place_en)
            continue
        texts = [("chiso:note", f"Nguồn ghi “({added})”.", "vi")] if added else []
        for column, property_ in (("disaggregation", "chiso:disaggregation"), ("period", "chiso:releasePeriod")):
            if cells.get(column):
                texts.append((property_, _sentence(cells[column]), "vi"))
        higher, strange = codes(cells.get("higher", ""))
        for word in strange:
            listing.left_out.append(
                Fault(
                    f"{vi}, cột “{_CALLED['higher']}”",
                    f"{en}, column “{_CALLED['higher']}”",
                    f"“{word[:60]}” không phải là mã; bỏ qua.",
                    f"“{word[:60]}” is no code; left out.",
                )
            )
        yield Entry(
            code,
            "indicator",
            {"vi": name} if name else {},
            groups=(group,) if group else (),
            texts=tuple(texts),
            place_vi=place_vi,
            place_en=place_en,
            frequencies=frequencies(cells.get("period", "")),
            higher=tuple(higher),
            duties=tuple(Duty(agency, role, words) for agency, role, words in agencies(cells.get("agency", ""))),
        )


def _place(number: int, table: int, sheet: str) -> tuple[str, str]:
    vi, en = row(number, table=table)
    return (f"trang “{sheet}”, {vi}", f"sheet “{sheet}”, {en}") if sheet else (vi, en)


def _name(said: str) -> tuple[str, str]:
    """A name without what the annex notes beside it, and that note: “(Bổ sung)”."""
    found = _ADDED.search(said)
    name = _MARKED.sub("", _ADDED.sub("", said)).strip()
    return name, found[1].capitalize() if found else ""


def _sentence(said: str) -> str:
    """Items of a list as they are read aloud: “- Loại đất; - Huyện” → “Loại đất; Huyện”."""
    items = [item.strip(" ;.-–—+•") for item in re.split(r"(?:^|[;\s])[-–—+•]\s+|;", said)]
    return "; ".join(item for item in items if item) or said


def _plain(cell: Cell) -> str:
    # Workbooks keep every number as a float.
    whole = int(cell) if isinstance(cell, float) and cell.is_integer() else cell
    said = " ".join(clean(text(whole)).split())
    return "" if _DASHES.fullmatch(said) else said


def _unfonted(rows: list[list[Cell]]) -> list[list[Cell]]:
    """The cells with what the ABC fonts show. Before anything is tidied: their ư is a soft hyphen to everybody else."""
    width = max((len(one) for one in rows), default=0)
    columns = [[cell for one in rows if len(one) > at and isinstance(cell := one[at], str)] for at in range(width)]
    meant, count = unfonted(columns)
    if not count:
        return rows
    return [
        [meant[at].get(cell, cell) if isinstance(cell, str) else cell for at, cell in enumerate(one)] for one in rows
    ]


def _header(rows: list[list[str]]) -> tuple[dict[str, int], int]:
    """Which column is where, and how many rows the header takes; none where the first row begins no header."""
    best: dict[str, int] = {}
    most = 0
    for taken in (1, 2, 3, 4):
        # Words of one cell can stand in several rows; a row that numbers the columns or has a code is none of them.
        some = rows[:taken]
        if len(some) < taken or not any(some[-1]) or _numbers_columns(some[-1]) or _holds_data(some[-1]):
            break
        joined = [
            " ".join(dict.fromkeys(one[place] for one in some if place < len(one) and one[place]))
            for place in range(max(map(len, some)))
        ]
        found = _named(joined)
        if "code" in found and "name" in found and len(found) > len(best):
            best, most = found, taken
    return best, most


def _named(cells: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        words = fold(cell)
        if len(words) > 120:
            continue
        named = next(
            (name for name, fits in _HEADERS if (fits.search if name == "higher" else fits.fullmatch)(words)), ""
        )
        if named and named not in found:
            found[named] = place
    return found


def _holds_data(cells: Sequence[str]) -> bool:
    return any(is_code(cell) for cell in cells) and not _numbers_columns(cells)


def _below(cells: list[list[str]], merged: Iterable[tuple[int, int, int, int]]) -> dict[int, dict[int, str]]:
    """row → column → what a cell that is merged downwards says there."""
    found: dict[int, dict[int, str]] = {}
    for top, left, bottom, _ in merged:
        if top < len(cells) and left < len(cells[top]):
            for place in range(top + 1, min(bottom, len(cells) - 1) + 1):
                found.setdefault(place, {})[left] = cells[top][left]
    return found


def _numbers_columns(cells: Sequence[str]) -> bool:
    """The row below the header: A B 1 2 3, (1) (2) (3)."""
    said = [cell for cell in cells if cell]
    numbers = [int(one.strip("()")) for one in said if one.strip("()").isdigit()]
    return (
        len(said) > 2
        and all(_NUMBERED.fullmatch(one) for one in said)
        and numbers == list(range(min(numbers, default=1), min(numbers, default=1) + len(numbers)))
    )
