"""Pages about units and what is given to them, over the small catalogue: the sheet, its workbook, documents in time."""

import io
import re
from dataclasses import replace
from datetime import date

import httpx2
import openpyxl
import pytest
from pyoxigraph import NamedNode

from api.pages import sheet_workbook
from api.pages.render import messages
from catalogue import mandates, organisations, portfolio
from catalogue.labels import Reference
from catalogue.store.port import Store
from tests.api.conftest import BASE, MOMENT

HTML = {"Accept": "text/html"}
SHEET = "/sheet?agency=agency:thu.so-b"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_sheet_names_unit_day_work_and_document(client: httpx2.Client, language: str) -> None:
    text = client.get(f"{SHEET}&asOf=2026-01-31&lang={language}", headers=HTML).text
    said = {
        "vi": ("Phiếu trách nhiệm", "31/1/2026", "Bộ chỉ số thử", "Thủ trưởng đơn vị", "kế thừa"),
        "en": ("Responsibility sheet", "31 January 2026", "Test indicator set", "Head of the unit", "inherited"),
    }[language]
    assert [words for words in (*said, "5/KH-UBND") if words not in text] == []
    assert re.search(rf'href="/sheet\.xlsx\?asOf=2026-01-31&amp;lang={language}&amp;agency=agency%3Athu\.so-b"', text)


def test_the_sheet_has_the_units_below_on_request_alone(client: httpx2.Client) -> None:
    alone = client.get("/sheet?agency=Z99", headers=HTML).text
    together = client.get("/sheet?agency=Z99&subunits=true", headers=HTML).text
    assert "Bộ chỉ số thử" not in alone
    assert "Bộ chỉ số thử" in together
    assert "Sở Khoa học và Công nghệ Thử – Chủ trì" in together


def test_a_sheet_is_made_for_units_only(client: httpx2.Client) -> None:
    answer = client.get("/sheet?agency=indicator:thu.1", headers=HTML)
    assert answer.status_code == 422
    assert "Phiếu trách nhiệm lập cho cơ quan" in answer.text


def test_the_workbook_holds_texts_and_no_formulas(client: httpx2.Client) -> None:
    answer = client.get("/sheet.xlsx?agency=agency:thu.so-b&asOf=2026-01-31")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="phieu-trach-nhiem.thu.so-b.xlsx"'
    page = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = [[cell for cell in row if cell is not None] for row in page.iter_rows(values_only=True)]
    header = next(number for number, row in enumerate(rows) if row and row[0] == "TT")
    assert [rows[header + 1][place] for place in (0, 2, 3)] == [1, "Chủ trì", "Bộ chỉ số thử"]
    assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n"}
    again = client.get("/sheet.xlsx?agency=agency:thu.so-b&asOf=2026-01-31")
    assert again.content == answer.content, "one state makes one file"


def test_a_formula_in_a_name_stays_a_text(small: Store) -> None:
    held = portfolio.of(small, NamedNode(f"{BASE}id/agency/thu.so-b"), as_of=MOMENT.date())
    evil = replace(held.items[0], object=Reference("urn:x", label="=cmd|' /C calc'!A0\x00\x1b"))
    written = sheet_workbook.workbook(
        replace(held, agency=replace(held.agency, label="@SUM(1)"), items=[evil]), messages("vi"), "vi", MOMENT, most=10
    )
    page = openpyxl.load_workbook(io.BytesIO(written)).worksheets[0]
    cells = {cell.value: cell.data_type for row in page.iter_rows() for cell in row if cell.value is not None}
    assert cells["=cmd|' /C calc'!A0"] == "s"
    assert cells["@SUM(1)"] == "s"


def test_a_workbook_that_is_cut_says_so(small: Store) -> None:
    held = portfolio.of(small, NamedNode(f"{BASE}id/agency/thu.so-b"), as_of=MOMENT.date())
    written = sheet_workbook.workbook(replace(held, items=held.items * 5), messages("vi"), "vi", MOMENT, most=3)
    page = openpyxl.load_workbook(io.BytesIO(written)).worksheets[0]
    assert "Chỉ ghi 3 trong 5 dòng." in {cell.value for row in page.iter_rows() for cell in row}


def test_a_unit_that_ended_says_what_came_after_it(client: httpx2.Client) -> None:
    text = client.get("/doc/agency/thu.so-a", headers=HTML).text
    assert re.search(r"kết thúc hoạt động từ ngày 1/3/2025.*Sau đó là.*Sở Khoa học và Công nghệ Thử", text, re.DOTALL)
    before = client.get("/doc/agency/thu.so-a?asOf=2024-06-30", headers=HTML).text
    assert "kết thúc hoạt động" not in before
    assert "Chủ trì 1 việc" in before


def test_a_career_runs_through_all_changes(small: Store) -> None:
    late, early = (organisations.career(small, f"{BASE}id/agency/{key}") for key in ("thu.so-b", "thu.so-a"))
    assert [change.iri for change in late.before] == [change.iri for change in early.after]
    assert (late.after, early.before) == ([], [])


def test_a_document_says_whether_it_is_in_force_and_what_rests_on_it(client: httpx2.Client, small: Store) -> None:
    plan = "/doc/decision/thu-ubnd.ke-hoach.2020-02-03.5-kh-ubnd"
    now = client.get(plan, headers=HTML).text
    assert re.search(r"Đang có hiệu lực</span> từ ngày 3/2/2020", now)
    assert re.search(r"Sở Khoa học và Công nghệ Thử.*Chủ trì.*Bộ chỉ số thử", now, re.DOTALL)
    assert "Chưa có hiệu lực" in client.get(f"{plan}?asOf=2019-12-31", headers=HTML).text
    national = mandates.of(
        small,
        NamedNode(f"{BASE}id/decision/thu-ttg.quyet-dinh.2019-01-02.7-qd-ttg"),
        as_of=date(2026, 3, 1),
    )
    assert [(one.relation, one.subject.label) for one in national.touching] == [
        ("based_on", "Kế hoạch 5/KH-UBND ngày 3/2/2020")
    ]
