"""`chiso map import`: mapping sets into the store, each wholly or not at all."""

from typing import Annotated, Any

import typer

from catalogue import clock
from catalogue.errors import CatalogueError, Invalid
from cli import map_files
from cli.language import LANGUAGE, text
from cli.map_files import Files, Format, Marked, Metadata, Set
from cli.options import Call, command
from cli.outcome import DONE, NO, WrongUsage
from cli.output import print_json, progress, say

EXAMPLE = "chiso map import anh-xa.sssom.tsv --dry-run"
SUMMARY = text(
    "Nhập ánh xạ SSSOM vào kho, kiểm tra từng dòng.", "Take SSSOM mappings into the store, row by row checked."
)


@command
def import_(
    files: Files,
    set_: Set = None,
    mark: Marked = "confirmed",
    replace: Annotated[
        bool,
        typer.Option("--replace", help=text("bỏ các ánh xạ không có trong tệp", "drop mappings that the file lacks")),
    ] = False,
    partial: Annotated[
        bool,
        typer.Option(
            "--partial", help=text("nhận các dòng đúng, báo các dòng sai", "take the good rows, report the others")
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=text("chỉ kiểm tra, không ghi", "check only, write nothing"))
    ] = False,
    metadata: Metadata = None,
    format_: Format = None,
    *,
    call: Call,
) -> int:
    """A row without mapping_status is a candidate. Exit status 1 when a row or a file was refused; the other files go in."""
    if call.settings.store != "disk":
        raise WrongUsage(
            "Nhập ánh xạ cần kho trên đĩa (CHISO_STORE=disk).",
            "Mappings are taken into a disk store (CHISO_STORE=disk).",
        )
    map_files.mark_of(mark)
    documents = [map_files.read(name, format_, metadata, call.settings) for name in files]
    from catalogue.writing import Writer
    from workers.imports import Import, take

    told: list[dict[str, Any]] = []
    bad = False
    writer = Writer(call.settings)
    try:
        for one in documents:
            progress(text(f"Đang nhập {one.place}…", f"Taking in {one.place}…"))
            mode = "replace" if replace else "merge"
            given = Import(
                one.content, one.form, one.place, clock.today(), set_, mark, mode, partial, dry_run, one.metadata
            )
            try:
                report = take(writer, call.settings, given, lambda _graph: None).report
            except Invalid as error:
                bad = True
                told.append({"file": one.place, "error": {"vi": error.vi, "en": error.en}, **error.details})
                if not call.as_json:
                    _show_error(error, one.place)
                continue
            bad = bad or bool(report["problems"])
            told.append({"file": one.place, **report})
            if not call.as_json:
                _show(report, one.place)
    finally:
        writer.close()
    if call.as_json:
        print_json(told)
    return NO if bad else DONE


def _show_error(error: CatalogueError, place: str) -> None:
    refused = error.details.get("refused")
    if refused is None:
        say(error.en if LANGUAGE == "en" else error.vi)
        for line in error.details.get("violations", []):
            say(f"  {text(line['vi'], line['en']) if isinstance(line, dict) else line}")
        return
    map_files.show_refused(place, refused)
    print(
        text(
            f"{place}: {error.details['problems']} lỗi, không có gì được ghi (--partial để nhận các dòng đúng).",
            f"{place}: {error.details['problems']} problems, nothing was written (--partial takes the good rows).",
        )
    )


def _show(report: dict[str, Any], place: str) -> None:
    map_files.show_refused(place, report["refused"])
    trial = text(" (chỉ thử, không ghi)", " (a trial, nothing written)") if report["dryRun"] else ""
    print(
        text(
            f"{place} → {report['graph']}: {report['rows']} dòng; thêm {report['added']}, đổi {report['updated']}, giữ nguyên {report['unchanged']}, đã quyết định từ trước {report['decided']}, bỏ {report['removed']}, từ chối {report['refusedRows']}{trial}.",
            f"{place} → {report['graph']}: {report['rows']} rows; {report['added']} added, {report['updated']} updated, {report['unchanged']} unchanged, {report['decided']} decided before, {report['removed']} removed, {report['refusedRows']} refused{trial}.",
        )
    )
