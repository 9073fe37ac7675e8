"""`chiso map export`: mappings as SSSOM."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from cli import map_files
from cli.language import text
from cli.map_files import FORMATS
from cli.options import Call, command
from cli.outcome import DONE, WrongUsage
from cli.output import keep, print_json, say
from cli.terms import AsOf, as_of_date, reader

EXAMPLE = "chiso map export --status accepted -o anh-xa.sssom.tsv"
SUMMARY = text("Xuất ánh xạ ra SSSOM, hoặc ra XLSX để quyết định.", "Write mappings as SSSOM, or as XLSX to decide in.")


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
    from catalogue.mapping.exchange import exporting

    form = map_files.form_of(format_, output.name if output else None)
    if form == "xlsx" and output is None and sys.stdout.isatty():
        raise WrongUsage("XLSX cần -o FILE.xlsx.", "XLSX needs -o FILE.xlsx.")
    day = as_of_date(as_of) if as_of else None
    wanted = exporting.Wanted(set_, scheme, to, tuple(status or ()), day)
    found = exporting.export(reader(call), call.settings.base_iri, wanted)
    document = map_files.written(found, form)
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(document)
        sys.stdout.buffer.flush()
        return DONE
    keep(output, document)
    sets = sorted({str(one.slots["mapping_source"]) for one in found.mappings if "mapping_source" in one.slots})
    if form == "xlsx" and len(sets) > 1:
        names = ", ".join(one.rpartition("/")[2] for one in sets)
        print(
            text(
                f"Tệp gồm {len(sets)} bộ ánh xạ ({names}); nhập lại sẽ thành một bộ mới. Để quyết định, hãy xuất từng bộ bằng --set.",
                f"The file has {len(sets)} mapping sets ({names}) and would come back as a new one. To decide, export each by --set.",
            ),
            file=sys.stderr,
        )
    if call.as_json:
        print_json({"file": output, "mappings": len(found.mappings)})
    else:
        say(
            text(
                f"Đã viết {len(found.mappings)} ánh xạ vào {output}.",
                f"Wrote {len(found.mappings)} mappings to {output}.",
            )
        )
    return DONE
