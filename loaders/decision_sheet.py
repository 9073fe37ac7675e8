"""Mappings as a workbook in which people decide: a row each, the decision chosen from a list, and back to SSSOM.

The first sheet holds the mappings, its titles in words with the slot in brackets; the sheet `SSSOM` holds what the head of
an SSSOM document says, a slot a row. What is read back is SSSOM/TSV whose lines have the numbers of the rows in the workbook.
"""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from catalogue.clock import parse_date
from catalogue.errors import Invalid
from catalogue.folding import fold
from catalogue.mapping.exchange import sssom_yaml
from catalogue.mapping.exchange.sssom import MAPPING_SLOTS, OURS
from catalogue.mapping.relations import WORDS
from loaders.tables import Cell, Table, text

HEAD = "SSSOM"
"""Name of the sheet that holds the head."""

STATUSES = {
    "candidate": ("đề xuất", "candidate"),
    "accepted": ("chấp nhận", "accepted"),
    "rejected": ("từ chối", "rejected"),
    "withdrawn": ("rút lại", "withdrawn"),
}
MATCHES = {f"skos:{match}": words for match, words in WORDS.items()}
NONE = {"sssom:NoTermFound": ("(không có)", "(none)")}
_NO_MATCH = "—"
_WORDS = {"mapping_status": STATUSES, "predicate_id": MATCHES, "object_id": NONE, "subject_id": NONE}

_TITLES = {
    "subject_id": ("Mã", "Code", 28),
    "subject_label": ("Tên", "Name", 36),
    "predicate_id": ("Quan hệ", "Match", 16),
    "object_id": ("Mã tương ứng", "Counterpart", 28),
    "object_label": ("Tên mã tương ứng", "Name of the counterpart", 36),
    "confidence": ("Độ tin cậy", "Confidence", 10),
    "comment": ("Lý do, ghi chú", "Reasons, notes", 40),
    "mapping_status": ("Quyết định", "Decision", 14),
    "reviewer_label": ("Người duyệt", "Reviewed by", 18),
    "review_date": ("Ngày duyệt", "Reviewed on", 13),
    "valid_from": ("Từ ngày", "Valid from", 13),
    "valid_to": ("Đến trước ngày", "Valid until (excluded)", 13),
}
_DATES = {"valid_from", "valid_to", *(name for name, slot in MAPPING_SLOTS.items() if slot.kind == "date")}
_BRACKETED = re.compile(r"\(([a-z][a-z_0-9]*)\)$")
_ROWS = 20_000  # rows down to which a choice is offered


def workbook(document: bytes, language: str) -> bytes:
    """An SSSOM/TSV document as a workbook; the likeliest mapping of each code first."""
    import xlsxwriter

    vi = language != "en"
    lines = document.decode().splitlines(keepends=True)
    block = "".join(line[1:] for line in lines if line.startswith("#"))
    names, *rows = csv.reader(lines[block.count("\n") :], delimiter="\t")
    table = [dict(zip(names, row, strict=True)) for row in rows]
    table.sort(key=lambda row: (row.get("subject_id", ""), -float(row.get("confidence") or 0)))
    order = [*_TITLES, *(name for name in names if name not in _TITLES)]
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet("Ánh xạ" if vi else "Mappings")
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        open_ = book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#FFF8DC"})
        day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "bg_color": "#FFF8DC"})
        page.write_string(
            0,
            0,
            "Mỗi dòng một ánh xạ. Chọn Quyết định, ghi Người duyệt và Ngày duyệt, lưu lại, rồi: chiso map check TỆP; "
            "chiso map import TỆP. Dòng để “đề xuất” thì chưa ai quyết định."
            if vi
            else "A mapping each row. Choose the Decision, say who reviewed it and when, save, then: chiso map check FILE; "
            "chiso map import FILE. A row left as “candidate” is decided by nobody.",
        )
        for place, name in enumerate(order):
            said = _TITLES.get(name)
            title = f"{said[0] if vi else said[1]} ({name})" if said else name
            decided = name in ("mapping_status", "reviewer_label", "review_date", "valid_from", "valid_to")
            page.set_column(
                place, place, said[2] if said else 18, day if name in _DATES else open_ if decided else wrap
            )
            page.write_string(1, place, title, bold)
            if name in ("mapping_status", "predicate_id"):
                choice = [words[0] if vi else words[1] for words in _WORDS[name].values()]
                page.data_validation(
                    2, place, _ROWS, place, {"validate": "list", "source": choice, "ignore_blank": True}
                )
        for number, row in enumerate(table, 2):
            for place, name in enumerate(order):
                cell = row.get(name, "")
                nothing = name == "predicate_id" and row.get("object_id") in NONE
                _write(page, number, place, name, _NO_MATCH if nothing else cell, vi, day)
        page.freeze_panes(2, 2)
        page.autofilter(1, 0, max(2, len(table) + 1), len(order) - 1)
        head = book.add_worksheet(HEAD)
        head.set_column(0, 0, 24)
        head.set_column(1, 1, 100)
        head.write_row(0, 0, ["slot", "value"], bold)
        for number, (name, node) in enumerate(sssom_yaml.read(block, HEAD).items(), 1):
            head.write_string(number, 0, name)
            head.write_string(number, 1, json.dumps(node, ensure_ascii=False))
    return kept.getvalue()


def _write(page: object, number: int, place: int, name: str, cell: str, vi: bool, day: object) -> None:
    words = _WORDS.get(name, {}).get(cell)
    if words:
        page.write_string(number, place, words[0] if vi else words[1])  # type: ignore[attr-defined]
    elif name in _DATES and re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell):
        page.write_datetime(number, place, datetime.fromisoformat(cell), day)  # type: ignore[attr-defined]
    elif name == "confidence" and cell:
        page.write_number(number, place, float(cell))  # type: ignore[attr-defined]
    elif cell:
        page.write_string(number, place, cell)  # type: ignore[attr-defined]


def document(mappings: Table, head: Table | None) -> tuple[bytes, bytes | None]:
    """SSSOM/TSV of what somebody decided in the sheet `mappings`, and its head where that has no room above the titles: line
    n is row n of the sheet.

    Raises `Invalid` where the sheet has no column `predicate_id`.
    """
    said = {} if head is None else {text(row.cells[0]): _value(row.cells) for row in head.rows if text(row.cells[0])}
    slots = [_slot(title, said) for title in mappings.headers]
    if "predicate_id" not in slots:
        raise Invalid(
            f"{mappings.where()}: không có cột predicate_id trong dòng {mappings.header_row}. Sổ tính để quyết định là do "
            "chiso map suggest … -o TỆP.xlsx hoặc chiso map export … -o TỆP.xlsx ghi ra; đừng sửa dòng tiêu đề.",
            f"{mappings.where('en')}: there is no column predicate_id in row {mappings.header_row}. A workbook to decide in "
            "is written by chiso map suggest … -o FILE.xlsx or chiso map export … -o FILE.xlsx; leave its titles alone.",
        )
    kept = [place for place, slot in enumerate(slots) if slot]
    out = io.StringIO(newline="")
    block = json.dumps(said, ensure_ascii=False) if said else ""  # YAML in flow style, of which JSON is a part
    above = mappings.header_row - 1
    out.write("".join(f"#{line}\n" for line in [block, *[""] * above][:above]))
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow([slots[place] for place in kept])
    line = mappings.header_row
    for row in mappings.rows:
        out.write("\n" * (row.number - line - 1))
        writer.writerow([_read(str(slots[place]), row.cells[place]) for place in kept])
        line = row.number
    return out.getvalue().encode(), block.encode() if said and not above else None


def _slot(title: str, head: Mapping[str, object]) -> str | None:
    """The slot that a title names; None for a column that somebody added for himself."""
    found = _BRACKETED.search(title.strip())
    if found:
        return found[1]
    defined = json.dumps(head.get("extension_definitions", ""))
    known = title in MAPPING_SLOTS or title in OURS or f'"{title}"' in defined
    return title if known else None


def _value(cells: Sequence[Cell]) -> object:
    said = text(cells[1]) if len(cells) > 1 else ""
    try:
        return json.loads(said)
    except ValueError:
        return said


def _read(slot: str, cell: Cell) -> str:
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    said = " ".join(text(cell).split())
    if not said:
        return ""
    if slot == "predicate_id" and said == _NO_MATCH:
        return "skos:exactMatch"  # to sssom:NoTermFound, as SSSOM writes that there is none
    for value, words in _WORDS.get(slot, {}).items():
        if fold(said) in map(fold, words):
            return value
    if slot in _DATES:
        try:
            return parse_date(said).isoformat()
        except Invalid:
            return said  # refused with its row and its slot
    return said
