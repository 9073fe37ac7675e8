"""Files of mappings on the command line: found, read within bounds, and what is wrong with their rows told."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from catalogue.errors import NotFound, printable
from catalogue.settings import Settings
from cli.language import LANGUAGE, text
from cli.outcome import WrongUsage
from cli.output import say

if TYPE_CHECKING:
    from catalogue.graphs import Mark
    from catalogue.mapping.exchange.documents import Form
    from catalogue.mapping.exchange.sssom import MappingSet

FORMATS = ("tsv", "csv", "xlsx", "ttl", "jsonld")
SHOWN = 50
"""Refused rows that are shown to a person; `--json` has them all."""

Files = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE…", help=text("tệp SSSOM (.sssom.tsv, .csv, .xlsx, .ttl, .jsonld) hoặc -", "SSSOM files, or -")
    ),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format", metavar="|".join(FORMATS), help=text("khi đuôi tệp không nói", "when the suffix does not say")
    ),
]
Set = Annotated[
    str | None,
    typer.Option("--set", metavar="KEY", help=text("khóa của bộ ánh xạ trong danh mục", "key of the mapping set here")),
]
Marked = Annotated[
    str,
    typer.Option(
        "--mark",
        metavar="confirmed|inferred|unverified",
        help=text("mức xác minh của nguồn", "how sure the source is"),
    ),
]
Metadata = Annotated[
    Path | None,
    typer.Option(
        "--metadata",
        metavar="FILE",
        help=text("phần khai báo YAML ở tệp riêng (mặc định: FILE.sssom.yml nếu có)", "the YAML in a file of its own"),
    ),
]


@dataclass(frozen=True, slots=True)
class Document:
    """A file of mappings: its name, its bytes, its form, and the YAML beside it."""

    place: str
    content: bytes
    form: "Form"
    metadata: bytes | None


def read(name: str, given: str | None, metadata: Path | None, settings: Settings) -> Document:
    """The file `name`, or standard input. Raises `NotFound`, `TooLarge`, `Invalid` for an unknown suffix, `WrongUsage`."""
    form = form_of(given, None if name == "-" else name)
    if form == "xlsx":
        return _workbook(Path(name), metadata, settings)
    if name == "-":
        from workers import reading

        content = sys.stdin.buffer.read(settings.upload_bytes + 1)
        if len(content) > settings.upload_bytes:
            raise reading.too_large("-", settings.upload_bytes, "CHISO_UPLOAD_BYTES")
        return Document("-", content, form, _beside(metadata, settings))
    path = Path(name)
    content = _file(path, settings)
    if metadata is None and form in ("tsv", "csv") and not content.lstrip(b'\xef\xbb\xbf"').startswith(b"#"):
        stem = path.name.removesuffix(path.suffix).removesuffix(".sssom")
        beside = [path.with_name(stem + end) for end in (".sssom.yml", ".sssom.yaml", ".yml", ".yaml")]
        metadata = next((one for one in beside if one.is_file()), None)
    return Document(printable(path.name), content, form, _beside(metadata, settings))


def form_of(given: str | None, name: str | None) -> "Form | Literal['xlsx']":
    """The form that was named, else the one of the file `name` by its suffix, else TSV. Raises `WrongUsage`, `Invalid`."""
    from catalogue.mapping.exchange import documents

    if given is not None and given not in FORMATS:
        raise WrongUsage(
            f"--format là một trong {', '.join(FORMATS)}, nhận được “{given}”.",
            f"--format is one of {', '.join(FORMATS)}, got “{given}”.",
        )
    if given == "xlsx" or (given is None and name is not None and name.lower().endswith(".xlsx")):
        return "xlsx"
    return given or (documents.form_of(name) if name else "tsv")  # type: ignore[return-value]


def written(mapping_set: "MappingSet", form: "Form | Literal['xlsx']") -> bytes:
    """The set as a document, or as a workbook in which people decide."""
    from catalogue.mapping.exchange import documents

    if form != "xlsx":
        return documents.write(mapping_set, form)
    from loaders import decision_sheet

    return decision_sheet.workbook(documents.write(mapping_set, "tsv"), LANGUAGE)


def _workbook(path: Path, metadata: Path | None, settings: Settings) -> Document:
    """A workbook in which somebody decided, as the SSSOM that it says."""
    from loaders import decision_sheet
    from workers import tables

    content = _file(path, settings)
    name = printable(path.name)
    mappings = tables.of_bytes(content, name, settings)
    try:
        head = tables.of_bytes(content, name, settings, sheet=decision_sheet.HEAD, header=1)
    except NotFound:
        head = None
    document, block = decision_sheet.document(mappings, head)
    return Document(name, document, "tsv", _beside(metadata, settings) or block)


def _beside(path: Path | None, settings: Settings) -> bytes | None:
    return None if path is None else _file(path, settings)


def _file(path: Path, settings: Settings) -> bytes:
    from workers import reading

    return reading.contents(path, settings.upload_bytes, "CHISO_UPLOAD_BYTES")


def tell(note: tuple[str, str] | None) -> None:
    """Something that a person may not have meant, on standard error."""
    if note:
        say(text(*note), sys.stderr)


def mark_of(given: str) -> "Mark":
    """The mark that was named. Raises `WrongUsage`."""
    from catalogue.graphs import MARKS

    for mark in MARKS:
        if given == mark:
            return mark
    raise WrongUsage(
        f"--mark là một trong {', '.join(MARKS)}, nhận được “{given}”.",
        f"--mark is one of {', '.join(MARKS)}, got “{given}”.",
    )


def show_refused(place: str, problems: list[dict[str, Any]]) -> None:
    """The refused rows of a file, one line each."""
    for one in problems[:SHOWN]:
        said = one["en"] if LANGUAGE == "en" else one["vi"]
        row = text(f"dòng {one['row']}", f"row {one['row']}") if one["row"] is not None else text("đầu tệp", "head")
        slot = f", {one['slot']}" if one["slot"] else ""
        say(f"{place}, {row}{slot}: {said}")
    if len(problems) > SHOWN:
        print(text(f"… và {len(problems) - SHOWN} lỗi nữa (--json).", f"… and {len(problems) - SHOWN} more (--json)."))
