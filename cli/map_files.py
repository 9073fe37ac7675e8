"""Files of mappings on the command line: found, read within bounds, and what is wrong with their rows told."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from catalogue.errors import NotFound, TooLarge
from catalogue.settings import Settings
from cli.language import LANGUAGE, text
from cli.outcome import WrongUsage

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
        content = sys.stdin.buffer.read(settings.upload_bytes + 1)
        return Document("-", _bounded("-", content, settings), form, _beside(metadata, settings))
    path = Path(name)
    content = _file(path, settings)
    if metadata is None and form in ("tsv", "csv") and not content.lstrip(b'\xef\xbb\xbf"').startswith(b"#"):
        stem = path.name.removesuffix(path.suffix).removesuffix(".sssom")
        beside = [path.with_name(stem + end) for end in (".sssom.yml", ".sssom.yaml", ".yml", ".yaml")]
        metadata = next((one for one in beside if one.is_file()), None)
    return Document(path.name, content, form, _beside(metadata, settings))


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


def keep(place: Path, content: bytes) -> None:
    """Write a file wholly or not at all."""
    part = place.with_name(place.name + ".part")
    try:
        part.write_bytes(content)
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)


def _workbook(path: Path, metadata: Path | None, settings: Settings) -> Document:
    """A workbook in which somebody decided, as the SSSOM that it says."""
    from loaders import decision_sheet
    from workers import tables

    content = _file(path, settings)
    mappings = tables.of_bytes(content, path.name, settings)
    try:
        head = tables.of_bytes(content, path.name, settings, sheet=decision_sheet.HEAD, header=1)
    except NotFound:
        head = None
    document, block = decision_sheet.document(mappings, head)
    return Document(path.name, document, "tsv", _beside(metadata, settings) or block)


def _beside(path: Path | None, settings: Settings) -> bytes | None:
    return None if path is None else _file(path, settings)


def _file(path: Path, settings: Settings) -> bytes:
    if not path.is_file():
        raise NotFound(f"Không có tệp {path}.", f"There is no file {path}.", details={"file": str(path)})
    with path.open("rb") as stream:
        return _bounded(str(path), stream.read(settings.upload_bytes + 1), settings)


def _bounded(name: str, content: bytes, settings: Settings) -> bytes:
    if len(content) > settings.upload_bytes:
        raise TooLarge(
            f"{name} lớn hơn {settings.upload_bytes} byte (CHISO_UPLOAD_BYTES). Hãy chia thành nhiều tệp.",
            f"{name} is larger than {settings.upload_bytes} bytes (CHISO_UPLOAD_BYTES). Split it.",
            details={"limit": "CHISO_UPLOAD_BYTES", "value": settings.upload_bytes},
        )
    return content


def tell(note: tuple[str, str] | None) -> None:
    """Something that a person may not have meant, on standard error."""
    if note:
        print(text(*note), file=sys.stderr)


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
        print(f"{place}, {row}{slot}: {said}")
    if len(problems) > SHOWN:
        print(text(f"… và {len(problems) - SHOWN} lỗi nữa (--json).", f"… and {len(problems) - SHOWN} more (--json)."))
