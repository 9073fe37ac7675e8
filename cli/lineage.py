"""`chiso lineage`: what a thing rests on, what rests on it, and how two things are tied."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli.language import text
from cli.options import Call, command
from cli.outcome import DONE, NO, WrongUsage
from cli.output import print_json
from cli.terms import AsOf, Thing, as_of_date, one, reader

if TYPE_CHECKING:
    from catalogue.store.port import Store

EXAMPLE = 'chiso lineage "165/KH-UBND" --up'
SUMMARY = text(
    "THING dựa vào văn bản nào, những gì dựa vào nó, hoặc hai thứ liên hệ thế nào.",
    "What THING rests on, what rests on it, or how two things are tied.",
)


@command
def lineage(
    thing: Thing,
    up: Annotated[bool, typer.Option("--up", help=text("những gì THING dựa vào", "what THING rests on"))] = False,
    down: Annotated[bool, typer.Option("--down", help=text("những gì dựa vào THING", "what rests on THING"))] = False,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="THING", help=text("đường nối tới thứ này", "the path to this thing")),
    ] = None,
    as_of: AsOf = None,
    depth: Annotated[int, typer.Option(min=1, max=50, metavar="N", help=text("số bước tối đa", "most steps"))] = 12,
    *,
    call: Call,
) -> int:
    """Without --up and --down: both. Exit status 1 when there is no lineage or no path."""
    if to is not None and (up or down):
        raise WrongUsage("--to không đi cùng --up hay --down.", "--to does not go with --up or --down.")
    date = as_of_date(as_of)
    from catalogue import lineage as walking
    from cli import lineage_prose

    store = reader(call)
    start = one(store, thing, date, call)
    if to is not None:
        from catalogue import paths

        path = paths.between(store, start, one(store, to, date, call), as_of=date, language=call.language)
        if call.as_json:
            print_json(path)
        else:
            print("\n".join(lineage_prose.path_lines(path)))
        return DONE if path.found else NO
    found = walking.around(
        store,
        start,
        direction="up" if up and not down else "down" if down and not up else "both",
        as_of=date,
        depth=depth,
        language=call.language,
    )
    if call.as_json:
        print_json(found)
    else:
        print("\n".join(lineage_prose.tree_lines(found, _grounding(store))))
    return DONE if found.edges else NO


def _grounding(store: "Store") -> set[str]:
    """The lineage properties whose object rests on their subject, as the ontology declares them."""
    from catalogue.query import Query

    solutions = store.select(Query.named("lineage-grounding").bind())
    return {prop.value for (prop,) in solutions.rows if prop is not None}
