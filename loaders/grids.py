"""The cells of a file that a list comes in, whatever its form: CSV, the sheets of a workbook, the tables of a document.

Workbooks and documents are archives that a stranger made: read them in a process of its own (`workers.list_process`).
"""

from collections.abc import Iterator, Sequence

from catalogue.errors import Invalid
from catalogue.folding import fold
from catalogue.settings import Settings
from loaders import tables
from loaders.lists import missing_columns
from loaders.table_text import clean
from loaders.tables import Grid


def grids(file: str, content: bytes, settings: Settings) -> list[Grid]:
    """One grid per sheet that people see, or per table. Raises `Invalid` and `LimitReached` naming the file."""
    if len(content) > settings.table_bytes:
        raise too_large(file, settings)
    if not content.strip():
        raise Invalid(f"{file}: tệp trống.", f"{file}: the file is empty.", details={"file": file})
    suffix = file.rpartition(".")[2].lower()
    if suffix == "docx":
        from loaders.word_tables import grids as of_document

        return of_document(file, content, settings)
    if suffix in ("xlsx", "xlsm"):
        from loaders import workbook

        with workbook.look(content, file, settings) as archive:
            found = []
            for part in workbook.chosen(archive, file, None):
                workbook.check(archive, part, file, settings)
                found.append(workbook.grid(content, archive, part, file, settings))
            return found
    if content.startswith(b"PK\x03\x04") or suffix in ("xls", "doc", "pdf", "ods", "odt"):
        raise Invalid(
            f"{file}: không đọc được dạng tệp này. Hãy lưu thành CSV, XLSX hoặc DOCX, với đúng đuôi tệp.",
            f"{file}: this kind of file is not read. Save it as CSV, XLSX or DOCX, with the suffix that it then has.",
            details={"file": file},
        )
    read = tables.records(content, file, settings)
    return [Grid(None, [list(one) for one in read.rows], notes=read.notes)]


def named_rows(
    file: str, content: bytes, columns: Sequence[str], settings: Settings
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a table whose first row names its columns: (number in the file, column → text).

    `columns` must all be there, however they are cased or spaced; the others come under the names that the file gives
    them. Raises `Invalid` with the columns that were found.
    """
    grid = grids(file, content, settings)[0]
    if not grid.rows:
        raise Invalid(f"{file}: tệp trống.", f"{file}: the file is empty.", details={"file": file})
    known = {fold(column): column for column in columns}
    headers = [clean(tables.text(cell)) for cell in grid.rows[0]]
    names = [known.get(fold(header), header) for header in headers]
    missing = [column for column in columns if column not in names]
    if missing:
        raise missing_columns(file, missing, headers)
    for number, cells in enumerate(grid.rows[1:], 2):
        said = [clean(tables.text(cell)) for cell in cells]
        if any(said):
            padded = [*said, *[""] * (len(names) - len(said))]
            yield number, {name: cell for name, cell in zip(names, padded, strict=False) if name}


def too_large(file: str, settings: Settings) -> Invalid:
    """The error for a file larger than CHISO_TABLE_BYTES."""
    most = settings.table_bytes // 1024**2
    return Invalid(
        f"{file} lớn hơn {most} MB (CHISO_TABLE_BYTES). Hãy chia nhỏ tệp.",
        f"{file} is larger than {most} MB (CHISO_TABLE_BYTES). Split it.",
        details={"file": file, "limit": settings.table_bytes},
    )
