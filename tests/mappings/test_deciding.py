"""Deciding in a workbook: what `chiso map suggest` and `export` write for Excel comes back as the decisions somebody made."""

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from catalogue.clock import today
from catalogue.settings import Settings
from tests.cli.running import chiso
from tests.mappings.test_candidates_faces import lists
from tests.serving import BASE, folder


@pytest.fixture
def options(tmp_path: Path) -> tuple[str, ...]:
    settings: Settings = folder(tmp_path, lists())
    return "--data", str(settings.data), "--base-iri", BASE


@pytest.fixture
def written(tmp_path: Path, options: tuple[str, ...]) -> Path:
    """The suggestions as a workbook."""
    path = tmp_path / "goi-y.xlsx"
    done = chiso("map", "suggest", "--from", "tinh-thu", "--to", "nuoc-thu", "-o", str(path), *options)
    assert done.returncode == 0 and "chiso map check" in done.stderr, done.stderr
    return path


def sheet_of(path: Path) -> tuple[Worksheet, dict[str, int]]:
    """The first sheet of a workbook, and the column of each slot."""
    sheet = load_workbook(path).worksheets[0]
    titles = [str(cell.value) for cell in sheet[2]]
    return sheet, {title.rpartition("(")[2].rstrip(")"): place for place, title in enumerate(titles, 1)}


def decide(path: Path, cells: dict[int, dict[str, object]]) -> None:
    """Write into rows of the first sheet, by slot."""
    sheet, columns = sheet_of(path)
    for row, values in cells.items():
        for slot, value in values.items():
            sheet.cell(row, columns[slot], value)  # type: ignore[call-overload]
    assert sheet.parent is not None
    sheet.parent.save(path)


def row_of(path: Path, subject: str, target: str) -> int:
    """The row of a pair, by the ends of its codes."""
    sheet, columns = sheet_of(path)
    return next(
        row
        for row in range(3, sheet.max_row + 1)
        if str(sheet.cell(row, columns["subject_id"]).value).endswith(subject)
        and str(sheet.cell(row, columns["object_id"]).value).endswith(target)
    )


def test_decisions_in_words_and_days_as_excel_has_them_come_back(written: Path, options: tuple[str, ...]) -> None:
    sheet, columns = sheet_of(written)
    assert sheet.cell(2, columns["mapping_status"]).value == "Quyết định (mapping_status)"
    assert sheet.cell(3, columns["mapping_status"]).value == "đề xuất"
    spoken = f"{today().day}/{today().month}/{today().year}"
    decided = {"reviewer_label": "Trần B", "review_date": today()}
    first, second = row_of(written, "D1", "0211"), row_of(written, "D1", "0210")
    none = row_of(written, "D3", "(không có)")
    decide(
        written,
        {
            first: {"mapping_status": "Chấp nhận", "predicate_id": "trùng", **decided},
            second: {"mapping_status": "bác bỏ", **decided},
            none: {"mapping_status": "chấp nhận", **decided, "review_date": spoken},
        },
    )
    checked = chiso("map", "check", str(written), *options)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    taken = chiso("map", "import", str(written), *options)
    assert taken.returncode == 0, taken.stdout + taken.stderr
    listed = chiso("map", "list", "tinh-thu.D1", *options)
    assert "trùng: nuoc-thu 0211" in listed.stdout and f"từ chối bởi Trần B ngày {spoken}" in listed.stdout
    nothing = chiso("map", "list", "tinh-thu D3", *options)
    assert f"không có mã tương ứng [chấp nhận bởi Trần B ngày {spoken}" in nothing.stdout


def test_what_is_wrong_is_told_with_the_row_of_the_workbook(written: Path, options: tuple[str, ...]) -> None:
    one, other = row_of(written, "D1", "0211"), row_of(written, "D3", "(không có)")
    early = row_of(written, "D2", "0601")
    decide(
        written,
        {
            one: {"mapping_status": "chấp nhận"},
            other: {"mapping_status": "đồng ý", "reviewer_label": "Trần B", "review_date": "2026-08"},
            early: {"mapping_status": "từ chối", "reviewer_label": "Trần B", "review_date": "1/2/2026"},
        },
    )
    done = chiso("map", "check", str(written), *options)
    assert done.returncode == 1
    assert f"goi-y.xlsx, dòng {one}, reviewer_id: " in done.stdout
    assert f"goi-y.xlsx, dòng {other}, review_date: " in done.stdout
    assert f"goi-y.xlsx, dòng {early}, review_date: Ngày duyệt 2026-02-01 trước ngày" in done.stdout


def test_a_workbook_somebody_decided_in_is_never_written_over(written: Path, options: tuple[str, ...]) -> None:
    before = written.read_bytes()
    again = chiso("map", "suggest", "--from", "tinh-thu", "--to", "nuoc-thu", "-o", str(written), *options)
    assert again.returncode == 2 and "Không ghi đè" in again.stderr
    assert written.read_bytes() == before


def test_an_export_of_one_set_comes_back_into_that_set(tmp_path: Path, written: Path, options: tuple[str, ...]) -> None:
    assert chiso("map", "import", str(written), *options).returncode == 0
    out = tmp_path / "de-xuat.xlsx"
    done = chiso("map", "export", "--scheme", "tinh-thu", "--status", "candidate", "-o", str(out), *options)
    assert done.returncode == 0, done.stderr
    again = chiso("map", "import", str(out), "--dry-run", *options)
    assert again.returncode == 0 and "thêm 0, đổi 0" in again.stdout, again.stdout


def test_a_workbook_that_is_no_list_of_mappings_is_refused_with_what_to_do(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    for line in (["Mã", "Tên"], ["D1", "Dân số"], ["D2", "Diện tích"]):
        book.active.append(line)
    book.save(tmp_path / "khac.xlsx")
    done = chiso("map", "import", str(tmp_path / "khac.xlsx"), *options)
    assert done.returncode == 1 and "predicate_id" in done.stderr and "-o TỆP.xlsx" in done.stderr


def test_codes_without_names_are_read_by_the_one_list_that_has_them(tmp_path: Path, options: tuple[str, ...]) -> None:
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    for line in (["Mã số", "Giá trị"], ["D1", 1], ["D2", 2], ["ZZ9", 3]):
        book.active.append(line)
    book.save(tmp_path / "ma.xlsx")
    file = (str(tmp_path / "ma.xlsx"), "--column", "Mã số", "--to", "nuoc-thu")
    done = chiso("map", "suggest", *file, *options)
    assert done.returncode == 0, done.stderr
    assert "2 trong 3 mã là của tinh-thu" in done.stderr
    assert "0601" in done.stdout and done.stdout.startswith("mã\t")


def test_numbers_of_no_list_are_answered_with_what_to_add(tmp_path: Path, options: tuple[str, ...]) -> None:
    (tmp_path / "ma.csv").write_text("Mã số,Giá trị\n7001,1\n7002,2\n", encoding="utf-8")
    done = chiso("map", "suggest", str(tmp_path / "ma.csv"), "--column", "Mã số", "--to", "nuoc-thu", *options)
    assert done.returncode == 2 and "--name" in done.stderr and "--from" in done.stderr


def test_files_that_are_not_there_or_are_locks_of_excel_and_lists_misspelt(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    gone = chiso("map", "translate", str(tmp_path / "x.xlsx"), "--column", "A", "--to", "nuoc-thu", *options)
    assert gone.returncode == 1 and "Không có tệp" in gone.stderr
    (tmp_path / "~$x.xlsx").write_bytes(b"\x05Tran B")
    lock = chiso("map", "translate", str(tmp_path / "~$x.xlsx"), "--column", "A", "--to", "nuoc-thu", *options)
    assert lock.returncode == 1 and "Hãy nêu x.xlsx" in lock.stderr
    (tmp_path / "m.csv").write_text("D1,a\nD2,b\nD3,c\n", encoding="utf-8")
    wrong = chiso("map", "translate", str(tmp_path / "m.csv"), "--column", "A", "--to", "nuocthu", *options)
    assert wrong.returncode == 1 and "Có phải nuoc-thu?" in wrong.stderr
    bare = chiso("map", "translate", str(tmp_path / "m.csv"), "--column", "A", "--to", "nuoc-thu", *options)
    assert "hãy thêm một dòng tiêu đề" in bare.stderr


def test_a_csv_as_a_vietnamese_excel_saves_it_says_the_same(
    tmp_path: Path, written: Path, options: tuple[str, ...]
) -> None:
    assert chiso("map", "import", str(written), *options).returncode == 0
    out, saved = tmp_path / "ra.csv", tmp_path / "luu.csv"
    assert chiso("map", "export", "--scheme", "tinh-thu", "-o", str(out), *options).returncode == 0
    with out.open(encoding="utf-8-sig", newline="") as stream:
        head, *rows = [row for row in csv.reader(stream) if not row[0].startswith("#")]
    block = [line for line in out.read_text(encoding="utf-8-sig").splitlines() if line.startswith("#")]
    confidence, status = head.index("confidence"), head.index("mapping_status")
    for row in rows:
        row[confidence], row[status] = row[confidence].replace(".", ","), "Đề xuất"
    with saved.open("w", encoding="utf-8-sig", newline="") as stream:
        stream.writelines(f"{line}{';' * (len(head) - 1)}\r\n" for line in block)
        csv.writer(stream, delimiter=";").writerows([head, *rows])
    again = chiso("map", "import", str(saved), "--dry-run", *options)
    assert again.returncode == 0 and f"giữ nguyên {len(rows)}" in again.stdout, again.stdout + again.stderr
