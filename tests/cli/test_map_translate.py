"""`chiso map translate` as people run it: on the files of an office, whatever their coding, formats and mistakes."""

import csv
import datetime
import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill

from tests.cli.running import chiso
from tests.mappings.crosswalk_world import trig
from tests.serving import BASE, folder

TO = ("--to", "nuoc", "--from", "xa")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The settings of a data folder with three schemes."""
    settings = folder(tmp_path_factory.mktemp("translate"), trig())
    return {"CHISO_DATA": str(settings.data), "CHISO_BASE_IRI": BASE}


def read_csv(path: Path, delimiter: str = ",") -> list[list[str]]:
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def form() -> openpyxl.Workbook:
    """A form with a title, formats, a formula, a comment, merged cells, a second sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Biểu"
    sheet["A1"] = "BIỂU SỐ 1"
    sheet.merge_cells("A1:D1")
    for cell, value in {"A3": "STT", "B3": "Mã", "C3": "Chỉ tiêu", "D3": "Ngày"}.items():
        sheet[cell] = value
        sheet[cell].font = Font(bold=True)
        sheet[cell].fill = PatternFill("solid", fgColor="FFFF00")
    for number, code in enumerate((101, "0102", "0103", None, "9999"), 4):
        sheet.cell(number, 1, number - 3)
        sheet.cell(number, 2, code)
        sheet.cell(number, 3, "=A4+1" if number == 4 else "Tên")
        sheet.cell(number, 4, datetime.date(2025, 1, number)).number_format = "dd/mm/yyyy"
    sheet["B4"].number_format = "0000"
    sheet["B4"].font = Font(italic=True)
    sheet.column_dimensions["C"].width = 40
    book.create_sheet("Ghi chú")["A1"] = "giữ nguyên"
    return book


def test_a_workbook_gets_columns_and_keeps_everything_else(tmp_path: Path, data: dict[str, str]) -> None:
    source, result = tmp_path / "bieu.xlsx", tmp_path / "ket-qua.xlsx"
    form().save(source)
    before = source.read_bytes()
    done = chiso("map", "translate", str(source), "--column", "Mã", *TO, "-o", str(result), **data)
    assert done.returncode == 1, done.stderr
    assert "5 dòng (4 mã): 1 có một kết quả, 1 có nhiều, 2 không có, 1 ô trống" in done.stdout
    assert "9999" in done.stdout and "0103" in done.stdout
    assert source.read_bytes() == before
    old, new = openpyxl.load_workbook(source), openpyxl.load_workbook(result)
    assert new.sheetnames == old.sheetnames
    for name in old.sheetnames:
        for row in old[name].iter_rows():
            for cell in row:
                if not isinstance(cell, openpyxl.cell.MergedCell):
                    copy = new[name][cell.coordinate]
                    assert (copy.value, copy.number_format, copy.font.b, copy.font.i, copy.fill.fgColor.rgb) == (
                        cell.value,
                        cell.number_format,
                        cell.font.b,
                        cell.font.i,
                        cell.fill.fgColor.rgb,
                    )
        assert new[name].merged_cells.ranges == old[name].merged_cells.ranges
    sheet = new["Biểu"]
    assert sheet.column_dimensions["C"].width == 40
    assert [sheet.cell(3, place).value for place in (5, 6)] == ["nuoc: mã", "nuoc: tên"]
    assert sheet["E3"].font.b
    assert [sheet.cell(row, 5).value for row in range(4, 9)] == ["1001", "1002; 1003", None, None, None]
    assert [sheet.cell(row, 8).value for row in range(4, 9)] == [1, 2, 0, None, 0]
    assert sheet["J4"].value == "[xa] 0101 = [tinh] T1 ⊂ [nuoc] 1001"
    assert "đề xuất" in sheet["K6"].value
    assert sheet.dimensions == "A1:K8"
    with zipfile.ZipFile(result) as archive:
        assert archive.testzip() is None


def test_a_csv_file_stays_as_it_was_but_for_its_coding(tmp_path: Path, data: dict[str, str]) -> None:
    source, result = tmp_path / "bieu.csv", tmp_path / "ket-qua.csv"
    source.write_bytes(
        'Báo cáo;;\r\nMã;Tên;Số\r\n101;" có dấu cách ";=1+1\r\n0106;"hai\r\ndòng";"1,5"\r\n;x\r\n'.encode("utf-16")
    )
    done = chiso("map", "translate", str(source), "--column", "mã", *TO, "-o", str(result), **data)
    assert done.returncode == 0, done.stderr + done.stdout
    rows = read_csv(result, ";")
    assert rows[0] == ["Báo cáo", "", ""]
    assert [row[:3] for row in rows[1:]] == [
        ["Mã", "Tên", "Số"],
        ["101", " có dấu cách ", "=1+1"],
        ["0106", "hai\r\ndòng", "1,5"],
        ["", "x", ""],
    ]
    assert [row[3] for row in rows[1:]] == ["nuoc: mã", "1001", "1003", ""]
    # Only what comes from the catalogue is guarded: the file's own cells stay as they were.
    assert rows[3][4].startswith("'=HYPERLINK")


def test_each_answer_may_have_a_row_of_its_own(tmp_path: Path, data: dict[str, str]) -> None:
    source = tmp_path / "bieu.csv"
    source.write_text("Mã,Tên\n0102,a\n0101,b\n0105,c\n", encoding="utf-8")
    done = chiso("map", "translate", str(source), "--column", "A", *TO, "--expand", **data)
    assert done.returncode == 1
    rows = read_csv(tmp_path / "bieu.nuoc.csv")
    assert [row[:3] for row in rows[1:]] == [
        ["0102", "a", "1002"],
        ["0102", "a", "1003"],
        ["0101", "b", "1001"],
        ["0105", "c", ""],
    ]


@pytest.mark.parametrize(("source", "target"), [("csv", "xlsx"), ("xlsx", "csv"), ("xlsx", "xlsx")])
def test_other_forms_and_expanded_workbooks_hold_the_values(
    tmp_path: Path, data: dict[str, str], source: str, target: str
) -> None:
    given = tmp_path / f"bieu.{source}"
    if source == "csv":
        given.write_text("STT,Mã,Chỉ tiêu,Ngày\n1,0102,=x,2025-01-05\n", encoding="utf-8")
    else:
        form().save(given)
    result = tmp_path / f"ket-qua.{target}"
    options = ("--expand", "--json") if source != "csv" else ("--json",)
    done = chiso("map", "translate", str(given), "--column", "Mã", *TO, "-o", str(result), *options, **data)
    summary = json.loads(done.stdout)
    assert (summary["several"], summary["output"]) == (1, str(result))
    if target == "csv":
        assert [row[4] for row in read_csv(result)] == ["nuoc: mã", "1001", "1002", "1003", "", "", ""]
        assert any("định dạng" in note for note in summary["notes"])
        return
    sheet = openpyxl.load_workbook(result).active
    said = [cell.value for cell in sheet["E"]]
    assert said == (
        ["nuoc: mã", "1002; 1003"] if source == "csv" else ["nuoc: mã", "1001", "1002", "1003", None, None, None]
    )
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (("{file}", "--column", "Mã", *TO, "-o", "{file}"), 2, "Không ghi đè"),
        (("{file}", "--column", "Mã", *TO, "-o", "x.pdf"), 2, ".xlsx"),
        (("{file}", "--column", "Không có", *TO, "-o", "x.csv"), 1, "A = Mã"),
        (("{file}", "--column", "Mã", "--to", "khong-co", "-o", "x.csv"), 1, "khong-co"),
        (("{file}", "--column", "Tên", *TO, "-o", "x.csv"), 1, "không có mã nào"),
        (("khong-co.csv", "--column", "Mã", *TO), 1, "khong-co.csv"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    tmp_path: Path, data: dict[str, str], arguments: tuple[str, ...], status: int, told: str
) -> None:
    file = tmp_path / "bieu.csv"
    file.write_text("Mã,Tên\n0101,\n", encoding="utf-8")
    done = chiso("map", "translate", *(one.format(file=file) for one in arguments), cwd=tmp_path, **data)
    assert (done.returncode, told in done.stderr) == (status, True), done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["bieu.csv"]


def test_codes_that_may_be_several_are_not_guessed(tmp_path: Path, data: dict[str, str]) -> None:
    """T1 is a code of two schemes: without --from it is not translated, and the row says which two."""
    source = tmp_path / "bieu.csv"
    source.write_text("Mã\n0101\nT1\n", encoding="utf-8")
    done = chiso("map", "translate", str(source), "--column", "Mã", "--to", "nuoc", "--lang", "en", **data)
    assert done.returncode == 1
    assert "2 rows (2 codes): 1 with one answer, 0 with several, 1 with none" in done.stdout
    assert "say --from (T1)" in done.stdout
    assert "Bộ tinh" in read_csv(tmp_path / "bieu.nuoc.csv")[2][-1]
