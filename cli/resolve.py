"""`chiso resolve`: which thing a name, code, number or IRI means."""

from typing import Annotated

import typer

from cli.language import text
from cli.options import Call, command
from cli.outcome import DONE, NO
from cli.output import print_json, print_table
from cli.terms import Thing, reader

EXAMPLE = 'chiso resolve "1012/QĐ-TTg"'
SUMMARY = text(
    "Tìm thứ mang một IRI, CURIE, mã, số văn bản hoặc tên.",
    "Find the things that bear an IRI, CURIE, code, document number or name.",
)


@command
def resolve(
    thing: Thing,
    scheme: Annotated[
        str | None,
        typer.Option(metavar="IRI", help=text("chỉ tìm mã trong hệ mã này", "codes of this scheme only")),
    ] = None,
    *,
    call: Call,
) -> int:
    """List every thing that fits; exit status 1 when nothing does."""
    from catalogue import resolve as resolving

    found = resolving.find(reader(call), thing, base=call.settings.base_iri, scheme=scheme, language=call.language)
    if call.as_json:
        print_json({"text": thing, "matches": found})
    elif not found:
        print(text(f"Không có gì mang tên, mã hay số “{thing}”.", f"Nothing bears the name, code or number “{thing}”."))
    else:
        rows = [
            (match.thing.label or "—", match.thing.kind or "—", f"{match.by}: {match.value}", match.thing.iri)
            for match in found
        ]
        print_table(
            (text("Tên", "Name"), text("Loại", "Kind"), text("Khớp theo", "Found by"), "IRI"),
            rows,
        )
    return DONE if found else NO
