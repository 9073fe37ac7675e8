"""`chiso map export`: mappings as SSSOM."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.language import text
from cli.map_files import FORMATS
from cli.options import Call, command
from cli.outcome import DONE, WrongUsage
from cli.output import print_json
from cli.terms import AsOf, as_of_date, reader

if TYPE_CHECKING:
    from catalogue.mapping.exchange.documents import Form

EXAMPLE = "chiso map export --status accepted -o anh-xa.sssom.tsv"
SUMMARY = text("Xuất ánh xạ ra SSSOM.", "Write mappings as SSSOM.")


@command
def export(
    set_: Annotated[
        str | None, typer.Option("--set", metavar="KEY", help=text("chỉ bộ ánh xạ này", "this mapping set only"))
    ] = None,
    scheme: Annotated[
        str | None,
        typer.Option(
            "--scheme", metavar="SCHEME", help=text("có mã của hệ này ở một đầu", "with a code of this scheme")
        ),
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="SCHEME", help=text("mã đích thuộc hệ này", "object in this scheme"))
    ] = None,
    status: Annotated[
        list[str] | None,
        typer.Option(
            "--status",
            metavar="candidate|accepted|rejected|withdrawn",
            help=text("chỉ trạng thái này; nhắc lại được", "with this status only; may be repeated"),
        ),
    ] = None,
    as_of: AsOf = None,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="|".join(FORMATS), help=text("định dạng (mặc định: theo -o, hoặc tsv)", "format")
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help=text("ghi vào tệp", "write to a file"))
    ] = None,
    *,
    call: Call,
) -> int:
    """One set comes out as it went in. Several come out as one, in which each mapping names its set. Without --as-of, of any time."""
    if call.as_json and output is None:
        raise WrongUsage("--json cần -o FILE: SSSOM đi vào tệp.", "--json needs -o FILE: the SSSOM goes to the file.")
    if format_ not in (None, *FORMATS):
        raise WrongUsage(
            f"--format là một trong {', '.join(FORMATS)}, nhận được “{format_}”.",
            f"--format is one of {', '.join(FORMATS)}, got “{format_}”.",
        )
    from catalogue.mapping.exchange import documents, exporting

    form: Form = format_ or (documents.form_of(output.name) if output else "tsv")  # type: ignore[assignment]
    day = as_of_date(as_of) if as_of else None
    wanted = exporting.Wanted(set_, scheme, to, tuple(status or ()), day)
    found = exporting.export(reader(call), call.settings.base_iri, wanted)
    document = documents.write(found, form)
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(document)
        sys.stdout.buffer.flush()
        return DONE
    written = output.with_name(output.name + ".part")
    try:
        written.write_bytes(document)
        written.replace(output)
    finally:
        written.unlink(missing_ok=True)
    if call.as_json:
        print_json({"file": output, "mappings": len(found.mappings)})
    else:
        print(
            text(
                f"Đã viết {len(found.mappings)} ánh xạ vào {output}.",
                f"Wrote {len(found.mappings)} mappings to {output}.",
            )
        )
    return DONE
