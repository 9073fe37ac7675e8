"""Annexes as agencies send them: one list in every form and with every blemish gives one graph."""

import csv
import io
import unicodedata
from typing import Any

import pytest

from catalogue.errors import Invalid, LimitReached
from catalogue.settings import Settings
from loaders.list_graph import Setting
from loaders.lists import Listing
from loaders.table_text import _TCVN3
from tests.loaders.given_lists import BASE, SETTINGS, SMALL, golden, graph, small, text, values
from workers.list_process import read

SETTING = Setting(f"{BASE}id/decision/thu", "2026-01-01", None, "tinh", {"Bộ Thử": f"{BASE}id/agency/bo-thu"})
HEADER = "STT,Mã số,Tên chỉ tiêu,Phân tổ chủ yếu,Kỳ công bố,Cơ quan chịu trách nhiệm,Mã số quốc gia\n"


def rows() -> list[list[str]]:
    return list(csv.reader((SMALL / "annex.csv").read_text(encoding="utf-8").splitlines()))


def entries(listing: Listing) -> list[Any]:
    """What was read, without where it stood."""
    return [
        (e.code, e.kind, e.names, e.groups, e.texts, e.frequencies, e.higher, e.duties)
        for e in listing.schemes[0].entries
    ]


def workbook(cells: list[list[str]]) -> bytes:
    """The annex as a workbook: titles merged across, codes as numbers, the name that goes on merged with nothing."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    for cells_ in cells:
        sheet.append([int(cell) if cell.isdigit() else cell or None for cell in cells_])
    sheet.merge_cells("A1:G1")
    sheet.merge_cells("A2:G2")
    sheet.merge_cells("B7:B8")
    sheet.merge_cells("F7:F8")
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def document(*tables: list[list[str]]) -> bytes:
    """The annex as a document, one table per page."""
    import docx

    made = docx.Document()
    made.add_paragraph("Phụ lục")
    for cells in tables:
        table = made.add_table(rows=0, cols=7)
        for cells_ in cells:
            for cell, said in zip(table.add_row().cells, cells_, strict=True):
                cell.text = said
        made.add_paragraph("")
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def test_the_graph_of_an_annex_is_the_approved_one() -> None:
    quads = graph(small("annex", "annex.csv"), "annex", SETTING, title="Danh mục thử", source="lập ra để thử")
    assert quads == golden("annex")


def test_what_the_rows_say() -> None:
    listing = small("annex", "annex.csv")
    codes = [(entry.code, entry.kind, entry.groups) for entry in listing.schemes[0].entries]
    assert codes == [
        ("01", "group", ()),
        ("0101", "indicator", ("01",)),
        ("0102", "indicator", ("01",)),
        ("T0103", "indicator", ("01",)),
        ("02", "group", ()),
        ("0201", "indicator", ("02",)),
    ]
    population = listing.schemes[0].entries[2]
    assert population.names == {"vi": "Dân số thử, mật độ dân số thử"}
    assert ("chiso:note", "Nguồn ghi “(Bổ sung)”.", "vi") in population.texts
    assert ("chiso:disaggregation", "Giới tính nhóm tuổi", "vi") in population.texts
    assert population.frequencies == ("nam", "5-nam")
    assert population.higher == ("0102", "0201")
    assert [(duty.agency, duty.role) for duty in population.duties] == [("Bộ Thử", "chu-tri"), ("Sở Thử", "phoi-hop")]
    assert listing.schemes[0].entries[5].names == {"vi": "Lực lượng lao động thử"}
    assert [fault.told()[1] for fault in listing.left_out] == [
        "row 12, column “Mã số ở hệ thống cấp trên”: “xem phụ lục” is no code; left out."
    ]


def test_a_responsibility_needs_the_decision_that_gives_it_and_a_known_body() -> None:
    known = graph(small("annex", "annex.csv"), "annex", SETTING)
    given = {q.subject.value for q in known if "/responsibility/" in str(q.subject)}
    assert {iri.rpartition("/")[2] for iri in given} == {"annex.0101.thu-thap-tong-hop.1", "annex.0102.chu-tri.1"}
    assert values(known, "indicator/annex.T0103", "chiso", "note") == {"Cơ quan chịu trách nhiệm như nguồn ghi: Sở Thử"}
    unknown = graph(small("annex", "annex.csv"), "annex", Setting(parties=SETTING.parties))
    assert not [q for q in unknown if "/responsibility/" in str(q.subject)]


def test_a_workbook_with_merged_cells_and_numbers_says_the_same() -> None:
    listing = read("annex", [("annex.xlsx", workbook(rows()))], SETTINGS)
    assert entries(listing) == entries(small("annex", "annex.csv"))


def test_a_document_with_a_table_per_page_says_the_same() -> None:
    cells = rows()[2:]
    pages = document(cells[:5], cells[5:7], cells[7:])
    assert entries(read("annex", [("annex.docx", pages)], SETTINGS)) == entries(small("annex", "annex.csv"))


def test_a_document_in_abc_fonts_says_the_same() -> None:
    fonts = {ord(letter): chr(code) for code, letter in _TCVN3.items()}
    cells = [[cell.replace("–", "-").lower().translate(fonts) for cell in one] for one in rows()[2:]]
    names = [names for _, _, names, *_ in entries(read("annex", [("annex.docx", document(cells))], SETTINGS))]
    assert names == [{"vi": e.names["vi"].lower()} for e in small("annex", "annex.csv").schemes[0].entries]


def test_a_cell_merged_over_several_indicators_holds_for_each() -> None:
    import docx

    made = docx.Document()
    table = made.add_table(rows=4, cols=7)
    for number, cells in enumerate(
        csv.reader((HEADER + ",01,Nhóm,,,,\n1,0101,A,,Năm,Bộ Thử,\n2,0102,B,,,,\n").splitlines())
    ):
        for cell, said in zip(table.rows[number].cells, cells, strict=True):
            cell.text = said
    table.cell(2, 5).merge(table.cell(3, 5))
    content = io.BytesIO()
    made.save(content)
    listing = read("annex", [("annex.docx", content.getvalue())], SETTINGS)
    assert [[duty.agency for duty in entry.duties] for entry in listing.schemes[0].entries] == [
        [],
        ["Bộ Thử"],
        ["Bộ Thử"],
    ]


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16", "cp1258", "tcvn3", "nfd"])
def test_every_usual_coding_says_the_same(coding: str) -> None:
    said = (SMALL / "annex.csv").read_text(encoding="utf-8").replace("–", "-")
    if coding == "nfd":
        content = unicodedata.normalize("NFD", said).encode()
    elif coding == "tcvn3":
        content = said.lower().translate({ord(letter): code for code, letter in _TCVN3.items()}).encode("latin-1")
    elif coding == "cp1258":
        # Windows-1258 has the letters with their shapes, and the tones as signs of their own.
        tones = "\u0300\u0301\u0303\u0309\u0323"
        parts = (unicodedata.normalize("NFD", letter) for letter in unicodedata.normalize("NFC", said))
        apart = "".join(
            unicodedata.normalize("NFC", "".join(one for one in part if one not in tones))
            + "".join(one for one in part if one in tones)
            for part in parts
        )
        content = apart.encode("cp1258")
    else:
        content = said.encode(coding)
    listing = read("annex", [("annex.csv", content)], SETTINGS)
    expected = entries(small("annex", "annex.csv"))
    if coding == "tcvn3":
        assert [name for _, _, names, *_ in entries(listing) for name in names.values()] == [
            name.lower() for _, _, names, *_ in expected for name in names.values()
        ]
    else:
        assert entries(listing) == expected


def test_only_the_sheets_that_hold_the_layout_are_read_and_faults_name_the_sheet() -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Hướng dẫn"
    book.active.append(["1", "Điền", "mã", "và", "tên", "chỉ", "tiêu"])
    for title, code in (("Tỉnh", "0101"), ("Thêm", "0101")):
        sheet = book.create_sheet(title)
        for cells in csv.reader((HEADER + f"1,{code},A,,,,\n").splitlines()):
            sheet.append(cells)
    other = book.create_sheet("Khác")
    other.append(["1", "0999", "Không phải chỉ tiêu", "", "", "", ""])
    content = io.BytesIO()
    book.save(content)
    with pytest.raises(
        Invalid, match="sheet “Thêm”, row 2, column “Mã số”: the code 0101 stands in sheet “Tỉnh”, row 2"
    ):
        read("annex", [("a.xlsx", content.getvalue())], SETTINGS)
    del book["Thêm"]
    content = io.BytesIO()
    book.save(content)
    listing = read("annex", [("a.xlsx", content.getvalue())], SETTINGS)
    assert [entry.code for entry in listing.schemes[0].entries] == ["0101"]


def test_a_national_list_has_no_last_column() -> None:
    listing = text("annex", "a.csv", "STT,Mã số,Tên chỉ tiêu,Kỳ công bố\n,01,Nhóm,\n1,0101,A,Quý\n")
    assert [(e.code, e.frequencies, e.higher) for e in listing.schemes[0].entries] == [
        ("01", (), ()),
        ("0101", ("quy",), ()),
    ]


def test_what_follows_the_table_belongs_to_nothing() -> None:
    listing = text(
        "annex", "a.csv", HEADER + "1,0101,A,,Năm,,\n,,,,,,\n,,TM. ỦY BAN NHÂN DÂN,,,,\n,,Ghi chú: B,,,,\nC,,,,,,\n"
    )
    assert [entry.names["vi"] for entry in listing.schemes[0].entries] == ["A"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Tên,Giá trị\nA,1\n", "a.csv: the column Mã số + Tên chỉ tiêu is missing. Columns found: Tên, Giá trị"),
        (HEADER, "a.csv: there is no indicator and no code"),
        (HEADER + "1,0101,A,,,,\n2,101,B,,,,\n", "row 3, column “Mã số”: the code 0101 stands in row 2"),
        (HEADER + "1,T 0101,A,,,,\n", "row 2, column “Mã số”: the code “T 0101” has white space"),
        (HEADER + "1,,A,,Năm,,\n", "row 2, column “Mã số”: there is no code"),
        (HEADER + "1,0101,,,Năm,,\n", "row 2, column “Mã số”: the code 0101 has no name"),
    ],
)
def test_what_is_no_annex_is_refused_with_file_row_and_column(content: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        text("annex", "a.csv", content)
    assert said in refused.value.en


def test_documents_that_are_none_or_too_much_are_refused() -> None:
    import zipfile

    with pytest.raises(Invalid, match="no readable DOCX"):
        read("annex", [("a.docx", b"PK\x03\x04 broken")], SETTINGS)
    with pytest.raises(Invalid, match="has no table"):
        read("annex", [("a.docx", document())], SETTINGS)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 20_000_000)
    with pytest.raises(LimitReached, match="unpacks to 20000000 bytes"):
        read("annex", [("a.docx", bomb.getvalue())], Settings(table_bytes=1_000_000))
