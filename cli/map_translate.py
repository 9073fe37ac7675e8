"""`chiso map translate`: a column of codes in a CSV or XLSX file, in another scheme; as columns added to a copy of the file."""

import gc
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from catalogue.errors import printable
from cli import map_files
from cli.language import text
from cli.options import Call, command
from cli.outcome import DONE, NO, WrongUsage
from cli.output import keep, print_json, progress, say
from cli.terms import AsOf, as_of_date, reader

if TYPE_CHECKING:
    from catalogue.mapping.chains.crosswalk import Crosswalk
    from loaders.tables import Note, Records, Table

EXAMPLE = "chiso map translate bieu.xlsx --column Mã --from truoc-2025-07-01 --to area-scheme:2025-07-01"
SUMMARY = text(
    "Chuyển một cột mã trong tệp CSV hoặc XLSX sang hệ mã khác, thêm cột vào một bản sao.",
    "Translate a column of codes in a CSV or XLSX file to another scheme, as columns added to a copy.",
)
_SHOWN = 5  # codes of each reason that the summary names


@dataclass(frozen=True, slots=True)
class Reasoned:
    """One reason why codes have no counterpart: how many rows and codes, and some of them."""

    kind: str
    rows: int
    codes: int
    examples: list[str]


@dataclass(frozen=True, slots=True)
class Summary:
    """What was done: rows by outcome, distinct codes, why some have none, what reading and writing changed."""

    file: str
    sheet: str | None
    column: str
    to: str
    output: str
    rows: int
    translated: int
    several: int
    none: int
    blank: int
    codes: int
    reasons: list[Reasoned]
    notes: list[str]


@command
def translate(
    file: Annotated[Path, typer.Argument(help=text("tệp CSV hoặc XLSX", "a CSV or XLSX file"))],
    column: Annotated[
        str, typer.Option("--column", metavar="NAME|LETTER", help=text("cột chứa mã", "the column of codes"))
    ],
    to: Annotated[str, typer.Option("--to", metavar="SCHEME", help=text("hệ mã đích", "the scheme to translate to"))],
    source: Annotated[
        str | None,
        typer.Option("--from", metavar="SCHEME", help=text("hệ mã của cột", "the scheme of the column")),
    ] = None,
    as_of: AsOf = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help=text("tệp kết quả (.csv, .xlsx)", "the result (.csv, .xlsx)")
        ),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option(metavar="NAME|N", help=text("trang tính", "the sheet of a workbook"))
    ] = None,
    header: Annotated[
        int | None,
        typer.Option(metavar="ROW", min=1, help=text("dòng cuối của tiêu đề", "the last row of the header")),
    ] = None,
    expand: Annotated[
        bool,
        typer.Option("--expand", help=text("mỗi kết quả một dòng", "one row for each answer")),
    ] = False,
    *,
    call: Call,
) -> int:
    """The file itself is never changed; exit status 1 when a code has no counterpart."""
    gc.disable()  # millions of cells, none of them in a cycle, and the process ends with the command

    from catalogue.errors import Invalid
    from catalogue.mapping import codebook
    from catalogue.mapping.chains import crosswalk, crosswalk_lines
    from workers import tables as reading

    content = reading.contents(file, call.settings)
    is_workbook = reading.is_workbook(content, file.name)
    store = reader(call)
    target = codebook.scheme(store, to, language=call.language)
    place = output or file.with_name(f"{file.stem}.{target.rpartition('/')[2]}{'.xlsx' if is_workbook else '.csv'}")
    _check(file, place, chosen=output is not None)
    records, table = _read(content, printable(file.name), sheet, header, call, is_workbook=is_workbook)
    where = table.column(column)
    map_files.tell(codebook.headless(store, table.headers[where], table.header_row))
    codes = table.codes(where)
    distinct = list(dict.fromkeys(code for code in codes if code))
    if not distinct:
        raise Invalid(
            f"{table.where()}: cột “{column}” không có mã nào.",
            f"{table.where('en')}: the column “{column}” holds no code.",
        )
    progress(
        text(f"{len(codes)} dòng, {len(distinct)} mã khác nhau…", f"{len(codes)} rows, {len(distinct)} distinct codes…")
    )
    found = dict(
        zip(
            distinct,
            crosswalk.translate(
                store,
                distinct,
                to=target,
                source=source,
                as_of=as_of_date(as_of),
                steps=call.settings.crosswalk_steps,
                language=call.language,
            ),
            strict=True,
        )
    )
    rows = {one: crosswalk_lines.rows_of(answer, call.language) for one, answer in found.items()}
    if not expand:
        rows = {one: [crosswalk_lines.one_row(answer, call.language)] for one, answer in found.items()}
    titles = crosswalk_lines.headers(target, call.language)
    if place.suffix.lower() == ".csv":
        from catalogue.spreadsheets import guarded

        rows = {one: [[guarded(str(cell)) for cell in cells] for cells in answers] for one, answers in rows.items()}
    nothing: list[list[str | int]] = [[""] * len(titles)]
    added = {row.number: rows.get(code, nothing) for row, code in zip(table.rows, codes, strict=True)}
    written, lost = _written(content, records, table, titles, added, place.suffix.lower(), expand=expand)
    keep(place, written)
    notes = [note.en if call.language == "en" else note.vi for note in (*table.notes, *lost)]
    summary = _summary(file, table, column, target, place, codes, found, notes)
    if call.as_json:
        print_json(summary)
    else:
        _print(summary)
    return NO if summary.none else DONE


def _check(file: Path, place: Path, *, chosen: bool) -> None:
    if place.suffix.lower() not in (".csv", ".xlsx", ".xlsm"):
        raise WrongUsage(
            f"Tệp kết quả phải là .csv hoặc .xlsx, nhận được “{place.name}”.",
            f"The result must be a .csv or .xlsx file, got “{place.name}”.",
        )
    if place.exists() and (place.samefile(file) or not chosen):
        raise WrongUsage(
            f"Không ghi đè {place.name}. Hãy chọn tên khác bằng -o.",
            f"{place.name} is not overwritten. Choose another name with -o.",
        )


def _read(
    content: bytes, name: str, sheet: str | None, header: int | None, call: Call, *, is_workbook: bool
) -> tuple["Records | None", "Table"]:
    from loaders import tables
    from workers import tables as reading

    if is_workbook or not content:
        return None, reading.of_bytes(content, name, call.settings, sheet=sheet, header=header)
    records = tables.records(content, name, call.settings)
    return records, tables.of_records(records, name, header=header)


def _written(
    content: bytes,
    records: "Records | None",
    table: "Table",
    titles: list[str],
    added: dict[int, list[list[str | int]]],
    suffix: str,
    *,
    expand: bool,
) -> tuple[bytes, list["Note"]]:
    """The result, and what of the input it lacks."""
    from catalogue import spreadsheets
    from loaders import table_writing, workbook
    from loaders.tables import Note

    if records is None and suffix != ".csv" and not expand:
        import io
        import zipfile

        archive = zipfile.ZipFile(io.BytesIO(content))
        (part,) = workbook.chosen(archive, table.file, table.sheet)
        cells = {number: rows[0] for number, rows in added.items()}
        written, first = table_writing.with_columns(archive, part, {table.header_row: titles, **cells}, table.file)
        return written, [
            Note(
                f"Các cột mới bắt đầu ở cột {first}; mọi thứ khác của tệp được giữ nguyên.",
                f"The new columns begin at column {first}; everything else in the file is as it was.",
            )
        ]
    lost: list[Note] = []
    if records is not None:
        width = max(len(table.headers), max(map(len, records.rows), default=0))
        rows: list[list[Any]] = []
        for number, row in enumerate(records.rows, 1):
            own = [*row, *[""] * (width - len(row))]
            if number == table.header_row:
                rows.append([*own, *titles])
            elif number in added:
                rows += [[*own, *cells] for cells in added[number]]
            else:
                rows.append(row)
        if suffix == ".csv":
            return spreadsheets.csv_bytes(rows, delimiter=records.delimiter), lost
        return table_writing.xlsx_bytes(rows, None), lost
    lost.append(
        Note(
            "Chỉ giá trị của bảng được ghi: định dạng, công thức, các dòng trên tiêu đề và các trang khác không có trong tệp "
            "kết quả. Muốn giữ nguyên tệp, hãy ghi ra .xlsx và không dùng --expand.",
            "Only the values of the table were written: formats, formulas, rows above the header and other sheets are not in "
            "the result. To keep the file as it is, write .xlsx and leave out --expand.",
        )
    )
    from catalogue.spreadsheets import guarded
    from loaders.tables import text as plain

    whole: list[list[Any]] = [[*table.headers, *titles]]
    if suffix == ".csv":
        whole = [[guarded(title) for title in whole[0]]]
    for line in table.rows:
        values: list[Any] = list(line.cells)
        if suffix == ".csv":  # a text of a workbook, "=1+1", would come to life there
            values = [guarded(cell) if isinstance(cell, str) else plain(cell) for cell in values]
        whole += [[*values, *cells] for cells in added[line.number]]
    if suffix == ".csv":
        return spreadsheets.csv_bytes(whole), lost
    return table_writing.xlsx_bytes(whole, table.sheet), lost


def _summary(
    file: Path,
    table: "Table",
    column: str,
    target: str,
    place: Path,
    codes: list[str],
    found: dict[str, "Crosswalk"],
    notes: list[str],
) -> Summary:
    outcomes = Counter(found[code].outcome if code else "blank" for code in codes)
    rows, examples = Counter[str](), dict[str, list[str]]()
    counts = Counter(codes)
    for code, one in found.items():
        if one.outcome == "none":
            kind = one.reasons[0].kind if one.reasons else "nothing"
            rows[kind] += counts[code]
            examples.setdefault(kind, []).append(code)
    reasons = [
        Reasoned(kind, count, len(examples[kind]), examples[kind][:_SHOWN]) for kind, count in rows.most_common()
    ]
    return Summary(
        str(file),
        table.sheet,
        column,
        target,
        str(place),
        len(codes),
        outcomes["translated"],
        outcomes["several"],
        outcomes["none"],
        outcomes["blank"],
        len(found),
        reasons,
        notes,
    )


_KINDS = {
    "not-found": ("không có mã này", "no such code"),
    "ambiguous": ("mã có thể là nhiều thứ; hãy nêu --from", "the code may be several; say --from"),
    "decided-none": ("đã quyết định là không có mã tương ứng", "decided to have no counterpart"),
    "expired": ("ánh xạ đã hết hiệu lực", "the mapping no longer holds"),
    "not-yet": ("ánh xạ chưa có hiệu lực", "the mapping does not hold yet"),
    "candidates": ("chỉ có đề xuất chưa quyết định", "only proposed, not decided"),
    "rejected": ("ánh xạ đã bị bác bỏ", "the mapping was rejected"),
    "withdrawn": ("ánh xạ đã rút lại", "the mapping was withdrawn"),
    "no-conclusion": ("có chuỗi nhưng không kết luận được", "a chain, but nothing follows from it"),
    "elsewhere": ("ánh xạ dẫn tới hệ mã khác", "mappings lead to other schemes"),
    "nothing": ("chưa có ánh xạ", "no mapping yet"),
}


def _print(summary: Summary) -> None:
    print(
        text(
            f"{summary.rows} dòng ({summary.codes} mã): {summary.translated} có một kết quả, {summary.several} có nhiều, "
            f"{summary.none} không có, {summary.blank} ô trống.",
            f"{summary.rows} rows ({summary.codes} codes): {summary.translated} with one answer, {summary.several} with "
            f"several, {summary.none} with none, {summary.blank} blank.",
        )
    )
    for reason in summary.reasons:
        told = ", ".join(reason.examples) + (", …" if reason.codes > len(reason.examples) else "")
        vi, en = _KINDS.get(reason.kind, (reason.kind, reason.kind))
        say(f"  {reason.rows}: {text(vi, en)} ({told})")
    for note in summary.notes:
        say(note)
    say(text(f"Đã ghi {summary.output}.", f"Wrote {summary.output}."))
