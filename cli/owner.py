"""`chiso owner`: who is responsible for a thing on a date, with the proof."""

from typing import Annotated

import typer

from catalogue.errors import Invalid
from cli.language import text
from cli.options import Call, command
from cli.outcome import DONE, NO, WrongUsage
from cli.output import print_json
from cli.terms import AsOf, Thing, as_of_date, one, reader

EXAMPLE = 'chiso owner "165/KH-UBND" --as-of 30/6/2024 --role chu-tri'
SUMMARY = text(
    "Ai chịu trách nhiệm về THING tại một ngày, theo văn bản nào.",
    "Who is responsible for THING on a date, and under which document.",
)


@command
def owner(
    thing: Thing,
    as_of: AsOf = None,
    role: Annotated[
        str | None,
        typer.Option(
            metavar="ROLE", help=text("chỉ vai trò này: chu-tri, phoi-hop…", "this role only: chu-tri, phoi-hop…")
        ),
    ] = None,
    *,
    call: Call,
) -> int:
    """Answer with the unit, its role, the provision, the quotation, the succession and the gaps; 1 when nobody is named."""
    date = as_of_date(as_of)
    from catalogue import codes, responsibility

    store = reader(call)
    if role is not None:
        try:
            role = codes.notation(store, "role", role)
        except Invalid as error:
            raise WrongUsage(error.vi, error.en, details=error.details) from None
    answer = responsibility.of(store, one(store, thing, date, call), as_of=date, role=role, language=call.language)
    if call.as_json:
        print_json(answer)
    else:
        from cli.owner_prose import lines

        print("\n".join(lines(answer)))
    return DONE if answer.responsibilities else NO
