"""SSSOM/TSV and SSSOM/CSV: a mapping set as a table under a block of YAML, read within bounds and written canonically.

A value that cannot be read costs its row, not the document: the set that is read lists the problems with their rows.
"""

import codecs
import csv
import io
import textwrap
from collections.abc import Iterator

from catalogue import spreadsheets
from catalogue.errors import Invalid, LimitReached
from catalogue.mapping.exchange import sssom_header, sssom_text, sssom_yaml
from catalogue.mapping.exchange.sssom import (
    MAPPING_SLOTS,
    MOST_PROBLEMS,
    MappingSet,
    Problem,
    Record,
    Slot,
    Value,
    lacking,
    missing,
    property_of,
)
from catalogue.mapping.exchange.sssom_text import Contraction, Unreadable
from catalogue.mapping.exchange.sssom_yaml import refused

MOST_COLUMNS = 200


def read(data: bytes, *, most: int, place: str = "body", metadata: bytes | None = None) -> MappingSet:
    """The mapping set of a document, as sent. The separator (tab, comma or semicolon) is told by the line of column names.

    `most`: rows it may have (`CHISO_MAPPING_ROWS`). `metadata`: the YAML of a separate file, where the document has none.
    Raises `Invalid` for a document that cannot be read at all (encoding, YAML, no columns), `LimitReached`.
    """
    start, block = _block(data, place)
    if metadata is not None:
        _refuse_encoding(metadata[:1000], place)
        block = _decoded(metadata.removeprefix(codecs.BOM_UTF8), place, 0)
    rows = _rows(data, start, place, block.count("\n") if metadata is None else 0)
    found = MappingSet()
    prefixes = sssom_header.fill(found, sssom_yaml.read(block, place))
    columns: list[tuple[str, Slot]] | None = None
    count = 0
    for line, cells in rows:
        if columns is None:
            columns = _columns(found, cells, place, line)
            continue
        if not any(cells):
            continue
        count += 1
        if count > most:
            raise LimitReached(
                f"{place}: có hơn {most} dòng ánh xạ (CHISO_MAPPING_ROWS). Hãy chia thành nhiều tệp.",
                f"{place}: there are more than {most} mappings (CHISO_MAPPING_ROWS). Split the file.",
                details={"limit": "CHISO_MAPPING_ROWS", "value": most},
            )
        _record(found, columns, cells, line, prefixes)
        if len(found.problems) > MOST_PROBLEMS:
            break
    if columns is None:
        raise refused(
            place,
            None,
            "không có dòng tên cột (subject_id, predicate_id, …)",
            "there is no line of column names (subject_id, predicate_id, …)",
        )
    return found.settle()


def _block(data: bytes, place: str) -> tuple[int, str]:
    """Where the table begins, and the YAML before it without its `#`."""
    _refuse_encoding(data[:1000], place)
    at = 3 if data.startswith(codecs.BOM_UTF8) else 0
    lines: list[str] = []
    while data[at : at + 1] == b"#" or data[at : at + 2] == b'"#':
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end + 1
        lines.append(_decoded(data[at:end], place, len(lines)).rstrip("\r\n"))
        at = end
        if at > sssom_yaml.MOST_BYTES * 2:
            break
    # A spreadsheet fills every line up with empty cells; a line alone that ends in a comma is a text that does.
    padded = all(line.endswith(("\t", ",", ";")) for line in lines)
    return at, textwrap.dedent("\n".join(_unframed(line, padded) for line in lines) + "\n") if lines else ""


def _unframed(line: str, padded: bool) -> str:
    """A line of the block without `#`, and without what a spreadsheet adds to it: quotes, separators for empty cells."""
    if line.startswith('"'):
        line = next(csv.reader([line], delimiter="\t" if "\t" in line else ","))[0]
    return line[1:].rstrip(line[-1]) if padded and line.endswith(("\t", ",", ";")) else line[1:]


def _refuse_encoding(head: bytes, place: str) -> None:
    if head.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        raise refused(
            place,
            None,
            "đây là tệp nén hoặc XLSX. Hãy lưu bảng thành TSV hoặc CSV (UTF-8)",
            "this is a packed file or XLSX. Save the table as TSV or CSV (UTF-8)",
        )
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or head.count(0) > len(head) // 4:
        raise refused(
            place,
            None,
            "tệp là UTF-16 (“Unicode Text” của Excel). SSSOM là UTF-8: trong Excel hãy lưu lại bằng “CSV UTF-8”",
            "the file is UTF-16 (Excel's “Unicode Text”). SSSOM is UTF-8: save it again in Excel as “CSV UTF-8”",
        )


def _decoded(data: bytes, place: str, lines_before: int) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf8(place, lines_before + data[: error.start].count(b"\n") + 1) from None


def _not_utf8(place: str, line: int) -> Invalid:
    return refused(
        place,
        line,
        "không phải UTF-8; có lẽ là TCVN3 (ABC), VNI hoặc Windows-1258. Hãy lưu lại dạng UTF-8",
        "not UTF-8; perhaps it is TCVN3 (ABC), VNI or Windows-1258. Save it as UTF-8",
    )


def _rows(data: bytes, start: int, place: str, lines_before: int) -> Iterator[tuple[int, list[str]]]:
    """The rows of the table, each with the line at which it ends, read as they are asked for."""
    stream = io.BytesIO(data)
    stream.seek(start)
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    line = 0
    try:
        head = text.readline(1_000_000)
        comma = "," if head.count(",") >= head.count(";") else ";"
        reader = csv.reader(_after(head, text), delimiter="\t" if "\t" in head else comma, strict=True)
        guarded = "\t" not in head
        for row in reader:
            line = reader.line_num
            yield lines_before + line, [spreadsheets.unguarded(cell) for cell in row] if guarded else row
    except UnicodeDecodeError:
        raise _not_utf8(place, lines_before + line + 1) from None
    except csv.Error as error:
        raise refused(
            place,
            lines_before + line + 1,
            f"không đọc được các ô ({error}). Ô mở đầu bằng dấu ngoặc kép phải đóng lại, và ngoặc kép bên trong viết hai lần",
            f"the cells cannot be read ({error}). A cell that begins with a double quote must end with one, and quotes within it are written twice",
        ) from None


def _after(head: str, rest: io.TextIOWrapper) -> Iterator[str]:
    yield head
    yield from rest


def _columns(found: MappingSet, cells: list[str], place: str, line: int) -> list[tuple[str, Slot]]:
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if "predicate_id" not in names:
        shown = ", ".join(name[:40] for name in names[:8])
        raise refused(
            place,
            line,
            f"dòng đầu tiên dưới phần khai báo phải là tên cột và có predicate_id; đọc được: {shown or '(trống)'}",
            f"the first line under the metadata must be the names of the columns, predicate_id among them; found: {shown or '(nothing)'}",
        )
    if len(names) > MOST_COLUMNS or len(set(names)) < len(names):
        twice = next((name for name in names if names.count(name) > 1), "")[:80]
        raise refused(
            place,
            line,
            f"có hơn {MOST_COLUMNS} cột, hoặc cột “{twice}” có hai lần",
            f"there are more than {MOST_COLUMNS} columns, or the column “{twice}” is there twice",
        )
    columns = []
    for name in names:
        if name not in MAPPING_SLOTS and not sssom_header.NAME.fullmatch(name):
            raise refused(place, line, f"“{name[:80]}” không phải tên cột", f"“{name[:80]}” is no name of a column")
        columns.append((name, MAPPING_SLOTS.get(name) or sssom_header.extension_slot(found, name)))
    return columns


def _record(
    found: MappingSet, columns: list[tuple[str, Slot]], cells: list[str], line: int, prefixes: dict[str, str]
) -> None:
    # Fewer cells than columns are the empty ones at the end, left out as the official samples leave them out.
    while len(cells) > len(columns) and not cells[-1]:
        cells.pop()
    if len(cells) > len(columns):
        found.problems.append(
            Problem(
                line,
                None,
                f"Dòng có {len(cells)} ô, bảng có {len(columns)} cột. Hãy sửa dấu phân cách của dòng này.",
                f"The row has {len(cells)} cells, the table has {len(columns)} columns. Mend the separators of this row.",
            )
        )
        return
    slots: dict[str, Value] = {}
    before = len(found.problems)
    for (name, slot), cell in zip(columns, cells, strict=False):
        try:
            value = sssom_text.value(slot, cell, prefixes) if cell else None
        except Unreadable as error:
            found.problems.append(Problem(line, name, error.vi, error.en))
        else:
            if value is not None:
                slots[name] = value
    for name in missing(slots, found.slots) if len(found.problems) == before else ():
        found.problems.append(lacking(line, name))
    if len(found.problems) == before:
        found.mappings.append(Record(slots, line))


def write(mapping_set: MappingSet, *, separator: str = "\t", guarded: bool = False) -> bytes:
    """The set in the canonical form: slots and mappings in their order, what all mappings share in the head.

    Numbers keep all their digits, where the canonical form rounds to three. `separator`: a comma makes it SSSOM/CSV;
    `guarded`: cells that Excel would take for formulas begin with an apostrophe, which `read` takes away again.
    """
    contract = Contraction(mapping_set.prefixes)
    slots, shared = mapping_set.condensed()
    table = [_cells(mapping_set, record, shared, contract) for record in mapping_set.mappings]
    used = {name for row in table for name in row}
    extra = sorted(used - MAPPING_SLOTS.keys(), key=lambda name: (property_of(mapping_set, name), name))
    names = [name for name in MAPPING_SLOTS if name in used or (name in _ALWAYS and not table)] + extra
    lines = sorted([row.get(name, "") for name in names] for row in table)
    head = sssom_header.lines(mapping_set, slots, contract)
    out = io.StringIO(newline="")
    rows = csv.writer(out, delimiter=separator, lineterminator="\n")
    for line in head:
        if guarded and any(spreadsheets.guarded(cell) != cell for cell in line.split(separator)[1:]):
            rows.writerow([f"#{line}"])  # in quotes, or the separator in it would begin a cell
        else:
            out.write(f"#{line}\n")
    rows.writerow(names)
    # The writer does not see that a carriage return alone ends a row for most readers.
    quoted = csv.writer(out, delimiter=separator, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for cells in lines:
        writer = quoted if any("\r" in cell for cell in cells) else rows
        writer.writerow([spreadsheets.guarded(cell) for cell in cells] if guarded else cells)
    return out.getvalue().encode("utf-8-sig" if guarded else "utf-8")


_ALWAYS = ("subject_id", "predicate_id", "object_id", "mapping_justification")


def _cells(mapping_set: MappingSet, record: Record, shared: frozenset[str], contract: Contraction) -> dict[str, str]:
    return {
        name: _text(sssom_header.slot_of(mapping_set, name), value, contract)
        for name, value in record.slots.items()
        if name not in shared
    }


def _text(slot: Slot, value: Value, contract: Contraction) -> str:
    chosen = contract if slot.kind == "reference" else None
    if isinstance(value, tuple):
        return sssom_text.joined(tuple(sssom_text.shown(one, chosen) for one in value))
    return sssom_text.shown(value, chosen)
