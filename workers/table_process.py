"""The child process that reads one table: `python -m workers.table_process DESCRIPTOR`.

Damaged workbooks end the process that reads them, or take all the memory it may have.
"""

import gc
import json
import signal
import socket
import sys
from datetime import date
from typing import Any

from catalogue.errors import CatalogueError, Invalid, told
from catalogue.settings import Settings
from loaders import tables, workbook
from loaders.tables import Note, Table
from workers import sandbox
from workers.channel import Closed, Head, receive, send

OUT_OF_MEMORY = 77


def main() -> int:
    """Read what comes over the socket whose descriptor is the first argument, answer, end."""
    sandbox.end_with_parent()
    gc.disable()  # millions of cells, none of them in a cycle, and a short life
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sandbox.leave_network()
    connection = socket.socket(fileno=int(sys.argv[1]))
    sandbox.restrict(files=64)
    try:
        head, content = receive(connection)
        settings = Settings.read(head["settings"])
        sandbox.limit_memory(settings.table_memory)
        sandbox.limit_processor(settings.table_seconds)
        try:
            table = read(bytes(content), head, settings)
            send(connection, {}, json.dumps(plain(table), ensure_ascii=False, default=_day).encode())
        except CatalogueError as error:
            send(connection, told(error))
    except MemoryError:
        return OUT_OF_MEMORY
    except Closed:
        return 1
    return 0


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
