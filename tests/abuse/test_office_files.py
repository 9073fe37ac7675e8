"""Workbooks and documents made to exhaust, read by the real child: refused or read within the limits, and no child is left."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
import xlsxwriter

from catalogue.errors import CatalogueError, Invalid, LimitReached
from catalogue.settings import Settings
from workers import lists, tables

SETTINGS = Settings(table_memory=256 << 20, table_seconds=10)
LAUGHS = (
    b'<!DOCTYPE a [<!ENTITY b "'
    + b"b" * 1_000
    + b'">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(1, 9))
    + b"]>"
)


def workbook(sheets: int = 1, cell: str | None = None) -> bytes:
    """Sheets of which the last has a table as well; its texts are in the part of shared texts, as Excel has them."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept) as book:
        there = [book.add_worksheet(f"s{number}") for number in range(sheets)]
        for sheet in (there[0], there[-1]):
            sheet.write_row(0, 0, ["Mã", "Tên"])
            sheet.write_row(1, 0, ["0101", "một"])
        if cell:
            there[0].write(cell, "x")
    return kept.getvalue()


def document() -> bytes:
    made = docx.Document()
    made.add_table(2, 2).cell(0, 0).text = "Mã số"
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def changed(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as read, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as written:
        assert part in read.namelist()
        for name in read.namelist():
            written.writestr(name, change(read.read(name)) if name == part else read.read(name))
    return kept.getvalue()


def laughing(content: bytes) -> bytes:
    """The part with entities that multiply to a hundred gigabytes, one of them in its text."""
    head, _, rest = content.partition(b"?>")
    root, _, inner = rest.partition(b">")
    return head + b"?>" + LAUGHS + root + b">&i;" + inner if not root.endswith(b"/") else content


@pytest.fixture(autouse=True)
def no_child_is_left() -> object:
    before = children()
    yield
    assert children() <= before


def children() -> set[str]:
    """Our child processes, zombies too."""
    return {n for task in Path("/proc/self/task").iterdir() for n in (task / "children").read_text().split()}


SHARED_STRINGS = "xl/sharedStrings.xml"
BOOKS: dict[str, tuple[Callable[[], bytes], type[CatalogueError]]] = {
    "last cell": (lambda: workbook(cell="XFD1048576"), LimitReached),
    "texts that unpack to 70 MB": (
        lambda: changed(workbook(), SHARED_STRINGS, lambda old: old.replace(b"</sst>", b" " * 70_000_000 + b"</sst>")),
        LimitReached,
    ),
}


@pytest.mark.parametrize("name", BOOKS)
def test_a_workbook_made_to_exhaust_is_refused(name: str) -> None:
    made, error = BOOKS[name]
    with pytest.raises(error, match=r"b\.xlsx"):
        tables.of_bytes(made(), "b.xlsx", SETTINGS)


def test_a_workbook_of_a_thousand_sheets_or_of_texts_that_nothing_uses_is_read() -> None:
    many = changed(
        workbook(), SHARED_STRINGS, lambda old: old.replace(b"</sst>", b"<si><t>x</t></si>" * 3_500_000 + b"</sst>")
    )
    for content in (workbook(1_000), many):
        table = tables.of_bytes(content, "b.xlsx", SETTINGS)
        assert [row.cells for row in table.rows] == [("0101", "một")]
        assert all(len(note.en) < 1_000 for note in table.notes)


@pytest.mark.parametrize("part", [SHARED_STRINGS, "xl/styles.xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_entities_in_a_workbook_do_not_multiply(part: str) -> None:
    try:
        table = tables.of_bytes(changed(workbook(), part, laughing), "b.xlsx", SETTINGS)
    except (Invalid, LimitReached) as refused:
        assert "b.xlsx" in refused.en
    else:
        assert len(str(table.rows)) < 1_000


@pytest.mark.parametrize(
    "part",
    [
        "word/document.xml",
        "word/styles.xml",
        "word/numbering.xml",
        "word/_rels/document.xml.rels",
        "[Content_Types].xml",
    ],
)
def test_entities_in_a_document_are_refused(tmp_path: Path, part: str) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(changed(document(), part, laughing))
    with pytest.raises(Invalid, match=r"a\.docx: its parts have a DTD"):
        lists.read("annex", [path], SETTINGS)


def test_what_a_document_names_elsewhere_is_not_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("bí mật")
    link = (
        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="%s" TargetMode="External"/></Relationships>'
        % secret.as_uri().encode()
    )
    path = tmp_path / "a.docx"
    path.write_bytes(
        changed(document(), "word/_rels/document.xml.rels", lambda old: old.replace(b"</Relationships>", link))
    )
    with pytest.raises(Invalid) as refused:  # no annex, but read
        lists.read("annex", [path], SETTINGS)
    assert "bí mật" not in refused.value.vi and "DTD" not in refused.value.en
