"""The child process that reads one table: `python -m workers.table_process DESCRIPTOR`.

Damaged workbooks end the process that reads them, or take all the memory it may have.
"""

import gc
import json
import sys
from datetime import date
from typing import Any

from catalogue.errors import Invalid
from catalogue.settings import Settings
from loaders import tables, workbook
from loaders.tables import Note, Table
from workers.channel import Head
from workers.reading_process import answer


def main() -> int:
    """Read the file, answer with its table, end."""
    gc.disable()  # millions of cells, none of them in a cycle, and a short life
    return answer(_told)


def _told(content: bytes, head: Head, settings: Settings) -> bytes:
    return json.dumps(plain(read(content, head, settings)), ensure_ascii=False, default=_day).encode()


def read(content: bytes, head: Head, settings: Settings) -> Table:
    """The table in a file: of the sheet that is named, else of the first that has one."""
    file, header = head["file"], head["header"]
    if not head["workbook"]:
        return tables.of_records(tables.records(content, file, settings), file, header=header)
    archive = workbook.look(content, file, settings)
    there = workbook.chosen(archive, file, head["sheet"])
    first: Invalid | None = None
    for number, part in enumerate(there):
        try:
            table = tables.of_grid(workbook.grid(content, archive, part, file, settings), file, header=header)
        except Invalid as error:
            first = first or error
            continue
        if table.rows or number == len(there) - 1:
            return _with_note(table, [other.name for other in there if other is not part])
    raise first or Invalid(f"{file}: không có bảng nào.", f"{file}: there is no table.")


def _with_note(table: Table, others: list[str]) -> Table:
    if not others:
        return table
    names = "; ".join(others)[:300]
    note = Note(
        f"{table.where()}: chỉ đọc trang này; các trang khác: {names}.",
        f"{table.where('en')}: only this sheet was read; the others: {names}.",
    )
    return Table(
        table.file, table.sheet, table.headers, table.first_row, table.header_row, table.rows, (*table.notes, note)
    )


def plain(table: Table) -> list[Any]:
    """A table as plain data."""
    rows = [[row.number, *row.cells] for row in table.rows]
    return [table.file, table.sheet, table.headers, table.first_row, table.header_row, rows, table.notes]


def _day(value: date) -> dict[str, str]:
    return {"day": value.isoformat()}


if __name__ == "__main__":
    sys.exit(main())
