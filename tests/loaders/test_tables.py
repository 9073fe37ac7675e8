"""Tables as agencies send them, and files made to harm."""

import csv
import datetime
import io
import unicodedata
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from catalogue.errors import CatalogueError, Invalid, LimitReached, NotFound, TooLarge
from catalogue.settings import Settings
from loaders.tables import Table, day
from workers import tables

SETTINGS = Settings()
TEXT = "STT;Mã;Tên chỉ tiêu\n1;0101;Tổng sản phẩm trên địa bàn\n2;0102;Diện tích, dân số\n"
ABC = "STT;M· sè;Tªn chØ tiªu\n1;0101;Tæng s¶n phÈm trªn ®Þa bµn\n2;0102;DiÖn tÝch, d©n sè\n"


def read(content: bytes, file: str = "bieu.csv", **given: object) -> Table:
    """The table in these bytes."""
    return tables.of_bytes(content, file, SETTINGS, **given)  # type: ignore[arg-type]


def workbook(book: openpyxl.Workbook) -> bytes:
    """A workbook's bytes."""
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def windows_1258(said: str) -> bytes:
    """Text as Windows-1258 has it: letters with their shape, tone marks behind them."""
    apart = ""
    for letter in said:
        parts = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323")
        apart += unicodedata.normalize("NFC", "".join(part for part in parts if part not in tone)) + tone
    return apart.encode("cp1258")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (TEXT.encode(), None),
        (TEXT.encode("utf-8-sig"), None),
        (TEXT.encode("utf-16"), None),
        (TEXT.encode("utf-16-be"), None),
        (unicodedata.normalize("NFD", TEXT).encode(), None),
        (TEXT.replace(";", "\t").encode(), None),
        (TEXT.replace("Diện tích, dân số", '"Diện tích, dân số"').replace(";", ",").encode(), None),
        (("sep=;\r\n" + TEXT.replace("\n", "\r\n")).encode(), None),
        (TEXT.replace("sản phẩm", "\u200bsản\u00a0phẩm\u00a0").replace("0101", " 0101\u00a0").encode(), None),
        (windows_1258(TEXT), "Windows-1258"),
    ],
)
def test_every_usual_coding_gives_the_same_table(content: bytes, said: str | None) -> None:
    table = read(content)
    assert table.headers == ("STT", "Mã", "Tên chỉ tiêu")
    assert [row.cells[1:] for row in table.rows] == [
        ("0101", table.rows[0].cells[2]),
        ("0102", "Diện tích, dân số"),
    ]
    assert " ".join(str(table.rows[0].cells[2]).split()) == "Tổng sản phẩm trên địa bàn"
    assert [said in note.en for note in table.notes] == ([True] if said else [])


def test_tcvn3_is_recognised_in_a_csv_file() -> None:
    table = read(ABC.encode("latin-1"))
    assert table.headers == ("STT", "Mã số", "Tên chỉ tiêu")
    assert [row.cells[2] for row in table.rows] == ["Tổng sản phẩm trên địa bàn", "Diện tích, dân số"]
    assert "TCVN3" in table.notes[0].vi


def test_tcvn3_is_recognised_in_some_cells_of_a_workbook_and_nothing_else_is_touched() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ("Mã", "Tên cũ", "Tên mới", "Đơn vị"),
        ("1", "D©n sè", "Xã, phường", "m²"),
        ("2", "X·", "Xã Đông Anh", "‰ ± 2"),
        ("3", "Qu¶n lý", "Mật độ", "°C"),
    ):
        sheet.append(row)
    table = read(workbook(book), "a.xlsx")
    assert [row.cells for row in table.rows] == [
        ("1", "Dân số", "Xã, phường", "m²"),
        ("2", "Xã", "Xã Đông Anh", "‰ ± 2"),
        ("3", "Quản lý", "Mật độ", "°C"),
    ]
    assert ["3 ô" in note.vi for note in table.notes] == [True]


def form() -> openpyxl.Workbook:
    """A form with a title, a header of two rows, numbered columns, merged cells, dates and codes in three shapes."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Biểu 01"
    sheet["A1"] = "BIỂU TỔNG HỢP CHỈ TIÊU"
    sheet.merge_cells("A1:E1")
    sheet["A2"] = "(Kèm theo Công văn số 12)"
    for cell, value in {"A4": "STT", "B4": "Mã", "C4": "Chỉ tiêu", "C5": "Tên", "D5": "Đơn vị", "E4": "Ngày"}.items():
        sheet[cell] = value
    for merged in ("A4:A5", "B4:B5", "C4:D4", "E4:E5"):
        sheet.merge_cells(merged)
    sheet.append(["A", "B", 1, 2, 3])
    sheet.append([1, 101, "Dân số", "Người", datetime.date(2025, 1, 2)])
    sheet["B7"].number_format = "0000"
    sheet.append([2, "0102", unicodedata.normalize("NFD", "Mật độ"), "Người/km²", "31/12/2024"])
    sheet.append([3, 103, "Sinh", None, None])
    sheet.append([None, None, "Sinh, nữ", None, None])
    sheet.merge_cells("A9:A10")
    sheet.merge_cells("B9:B10")
    return book


def test_a_form_with_titles_and_merged_cells() -> None:
    table = read(workbook(form()), "bieu.xlsx")
    assert table.sheet == "Biểu 01"
    assert table.headers == ("STT", "Mã", "Chỉ tiêu / Tên", "Chỉ tiêu / Đơn vị", "Ngày")
    assert (table.first_row, table.header_row) == (4, 5)
    assert [row.number for row in table.rows] == [7, 8, 9, 10]
    assert [row.cells[1] for row in table.rows] == ["0101", "0102", 103, 103]
    assert table.codes(1) == ["0101", "0102", "0103", "0103"]
    assert [row.cells[2] for row in table.rows] == ["Dân số", "Mật độ", "Sinh", "Sinh, nữ"]
    assert [day(row.cells[4]) for row in table.rows[:2]] == [datetime.date(2025, 1, 2), datetime.date(2024, 12, 31)]


def test_columns_are_found_by_header_and_by_letter() -> None:
    table = read(workbook(form()), "bieu.xlsx")
    assert [table.column(name) for name in ("Mã", "ma", "B", "chi tieu / ten", "e")] == [1, 1, 1, 2, 4]
    with pytest.raises(NotFound, match="B = Mã") as caught:
        table.column("Code")
    assert "bieu.xlsx, trang “Biểu 01”" in caught.value.vi
    twice = read("Mã,Tên,Mã\n1,a,2\n".encode())
    with pytest.raises(Invalid, match="A, C"):
        twice.column("Mã")


def test_the_sheet_is_the_one_named_else_the_first_with_a_table() -> None:
    book = openpyxl.Workbook()
    book.active.title = "Bìa"
    for name, code in (("Một", "1"), ("Hai", "2")):
        sheet = book.create_sheet(name)
        sheet.append(["Mã", "Tên"])
        sheet.append([code, "a"])
    content = workbook(book)
    assert read(content, "a.xlsx").sheet == "Một"
    assert "Hai" in read(content, "a.xlsx").notes[0].vi
    assert read(content, "a.xlsx", sheet="Hai").rows[0].cells[0] == "2"
    assert read(content, "a.xlsx", sheet="3").sheet == "Hai"
    with pytest.raises(NotFound, match="Bìa; Một; Hai"):
        read(content, "a.xlsx", sheet="Bốn")


def test_csv_quotation_marks_line_ends_in_cells_and_short_rows() -> None:
    table = read('Mã,Tên,Ghi chú\r\n1,"a\r\nb","nói ""thế"""\r\n\r\n2,c\r\n'.encode())
    assert [tuple(row) for row in table.rows] == [(2, ("1", "a\r\nb", 'nói "thế"')), (4, ("2", "c", None))]


# --- hostile -----------------------------------------------------------------------------------------------------------


def far_away() -> bytes:
    """One cell in the last row and column of a sheet."""
    book = openpyxl.Workbook()
    book.active["A1"] = "Mã"
    book.active["XFD1048576"] = "x"
    return workbook(book)


def lying() -> bytes:
    """A small sheet that says it is small and has a cell far below, at the edge of what is read."""
    book = openpyxl.Workbook()
    book.active["A1"] = "Mã"
    book.active["SF1000000"] = "x"
    return workbook(book).replace(b"A1:SF1000000", b"A1:B1")


def bomb() -> bytes:
    """A workbook whose sheet unpacks to a gigabyte."""
    kept, plain = io.BytesIO(), workbook(form())
    with zipfile.ZipFile(io.BytesIO(plain)) as read, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as written:
        for name in read.namelist():
            if name == "xl/worksheets/sheet1.xml":
                with written.open(name, "w") as stream:
                    for _ in range(600):
                        stream.write(b" " * 1_048_576)
            else:
                written.writestr(name, read.read(name))
    return kept.getvalue()


def entities() -> bytes:
    """A workbook with entities that multiply."""
    kept, plain = io.BytesIO(), workbook(form())
    with zipfile.ZipFile(io.BytesIO(plain)) as read, zipfile.ZipFile(kept, "w") as written:
        for name in read.namelist():
            content = read.read(name)
            if name == "xl/workbook.xml":
                content = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;">]>' + content
            written.writestr(name, content)
    return kept.getvalue()


def rich(rows: int) -> bytes:
    """A CSV file of many rows."""
    return b"a,b\n" + b"1,2\n" * rows


HOSTILE = {
    "far away": (far_away, LimitReached, "CHISO_TABLE_ROWS"),
    "lying": (lying, LimitReached, "CHISO_TABLE_MEMORY"),
    "bomb": (bomb, LimitReached, "CHISO_TABLE_MEMORY"),
    "entities": (entities, Invalid, "LibreOffice"),
    "no zip": (lambda: b"PK\x03\x04 nothing", Invalid, "LibreOffice"),
    "half a zip": (lambda: workbook(form())[:3000], Invalid, "LibreOffice"),
    "another zip": (lambda: _zip({"a.txt": b"a"}), Invalid, "no XLSX"),
    "old": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Invalid, r"\.xls"),
    "locked": (lambda: b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le") * 2, Invalid, "password"),
    "empty": (lambda: b"", Invalid, "empty"),
    "zeros": (lambda: b"a,b\n\x00\x00", Invalid, "zero bytes"),
    "no sheet": (lambda: workbook(openpyxl.Workbook()), Invalid, "no table"),
    "a million rows": (lambda: rich(1_000_000), LimitReached, "CHISO_TABLE_ROWS"),
    "wide": (lambda: b"a," * 600, LimitReached, "CHISO_TABLE_COLUMNS"),
    "open quotation": (lambda: b'a,b\n1,"' + b"x" * 200_000, Invalid, "row 2"),
}


def _zip(files: dict[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as written:
        for name, content in files.items():
            written.writestr(name, content)
    return kept.getvalue()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_with_what_to_do(name: str) -> None:
    made, error, told = HOSTILE[name]
    content = made()  # type: ignore[no-untyped-call]
    file = "tep.csv" if name in ("zeros", "a million rows", "wide", "open quotation") else "tep.xlsx"
    with pytest.raises(error, match=told) as caught:
        read(content, file)
    refused = caught.value
    assert isinstance(refused, CatalogueError)
    assert "tep." in refused.vi
    assert "tep." in refused.en


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "to.csv"
    path.write_bytes(rich(1_000))
    with pytest.raises(TooLarge, match="CHISO_TABLE_BYTES"):
        tables.read(path, replace(SETTINGS, table_bytes=1_000))


def test_the_real_lists_of_areas_are_read() -> None:
    from loaders import administrative_units

    path = administrative_units.CORRECTIONS
    with path.open(encoding="utf-8", newline="") as stream:
        expected = list(csv.reader(stream))
    table = tables.read(path, SETTINGS)
    assert list(table.headers) == expected[0]
    assert len(table.rows) == len(expected) - 1
