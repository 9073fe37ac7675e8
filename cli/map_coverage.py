"""`chiso map coverage`, `chiso map conflicts`, `chiso map list`: what is mapped, what is wrong, who decided what."""

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, cast

import typer

from cli import map_prose
from cli.language import text
from cli.options import Call, command
from cli.outcome import DONE, NO, WrongUsage
from cli.output import print_json
from cli.terms import AsOf, Thing, as_of_date, one, reader

if TYPE_CHECKING:
    from catalogue.mapping.review.coverage import By
    from catalogue.mapping.review.tables import Table

COVERAGE_EXAMPLE = "chiso map coverage tinh-2023 --to quoc-gia-2021 --by group"
COVERAGE_SUMMARY = text(
    "Bao nhiêu mã của SCHEME đã có mã tương ứng, bao nhiêu chưa, theo cả hai chiều.",
    "How many codes of SCHEME have a counterpart and how many have none, in both directions.",
)
CONFLICTS_EXAMPLE = "chiso map conflicts --scheme tinh-2023"
CONFLICTS_SUMMARY = text(
    "Ánh xạ mâu thuẫn hoặc đã cũ, và việc cần làm.", "Mappings that contradict each other or are stale, and what to do."
)
LIST_EXAMPLE = "chiso map list indicator:tinh-2023.T0501"
LIST_SUMMARY = text(
    "Mọi ánh xạ của THING theo cả hai chiều: khớp đến đâu, ai duyệt, ngày nào.",
    "Every mapping of THING in both directions: how exactly, reviewed by whom and when.",
)
GROUPINGS = ("scheme", "group", "locality")

Csv = Annotated[bool, typer.Option("--csv", help=text("bảng CSV mở được bằng Excel", "a CSV table for Excel"))]
To = Annotated[
    str | None,
    typer.Option(
        "--to", metavar="SCHEME", help=text("tới danh mục này (mặc định: mọi danh mục khác)", "toward this list")
    ),
]
Limit = Annotated[int, typer.Option(min=1, max=1_000, metavar="N", help=text("số dòng tối đa", "most lines"))]


@command
def coverage(
    scheme: Annotated[
        str | None,
        typer.Argument(metavar="SCHEME", help=text("danh mục: IRI, khóa hoặc tên", "the list: IRI, key or name")),
    ] = None,
    to: To = None,
    by: Annotated[
        str, typer.Option("--by", metavar="|".join(GROUPINGS), help=text("mỗi dòng là gì", "what a row is"))
    ] = "scheme",
    as_of: AsOf = None,
    csv: Csv = False,
    unmapped: Annotated[
        bool, typer.Option("--unmapped", help=text("liệt kê các mã chưa có mã tương ứng", "list the codes without one"))
    ] = False,
    limit: Limit = 1_000,
    *,
    call: Call,
) -> int:
    """Without SCHEME: of every indicator set. What the catalogue knows in part is said at the end; programs take --csv or --json."""
    if by not in GROUPINGS:
        raise WrongUsage(
            f"--by là {', '.join(GROUPINGS)}, nhận được “{by}”.", f"--by is {', '.join(GROUPINGS)}, got “{by}”."
        )
    day = as_of_date(as_of)
    from catalogue.mapping import codebook
    from catalogue.mapping.review import coverage as counting
    from catalogue.mapping.review import coverage_codes, tables

    store = reader(call)
    source = codebook.scheme(store, scheme, language=call.language) if scheme else None
    target = codebook.scheme(store, to, language=call.language) if to else None
    if unmapped:
        listed = coverage_codes.codes(store, scheme=source, to=target, as_of=day, limit=limit, language=call.language)
        _show(call, listed, tables.codes(listed, call.language), map_prose.codes(listed), csv=csv)
        _say_rest(listed.total, len(listed.items))
        return DONE
    found = counting.coverage(store, scheme=source, to=target, by=cast("By", by), as_of=day, language=call.language)
    _show(call, found, tables.coverage(found, call.language), map_prose.coverage(found), csv=csv)
    if csv and not call.as_json:
        for gap in found.gaps:
            print(text(gap.vi, gap.en), file=sys.stderr)
    return DONE


@command
def conflicts(
    scheme: Annotated[
        str | None,
        typer.Option(
            "--scheme", metavar="SCHEME", help=text("chỉ ánh xạ của danh mục này", "only mappings of this list")
        ),
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="KIND", help=text("chỉ loại này", "this kind only"))
    ] = None,
    days: Annotated[
        int,
        typer.Option(
            "--days",
            min=1,
            max=36_500,
            metavar="N",
            help=text(
                "đề xuất chưa quyết định sau bao nhiêu ngày là cũ", "days after which an undecided candidate is stale"
            ),
        ),
    ] = 90,
    everything: Annotated[
        bool,
        typer.Option(
            "--all",
            help=text(
                "hỏi cả các quy tắc mà mọi thay đổi đã phải qua (lâu)",
                "ask also the rules that every change had to pass (takes long)",
            ),
        ),
    ] = False,
    as_of: AsOf = None,
    csv: Csv = False,
    limit: Limit = 1_000,
    *,
    call: Call,
) -> int:
    """Exit status 1 where there is a conflict or a stale mapping."""
    day = as_of_date(as_of)
    from catalogue.mapping import codebook
    from catalogue.mapping.review import conflicts as finding
    from catalogue.mapping.review import tables

    store = reader(call)
    found = finding.conflicts(
        store,
        as_of=day,
        scheme=codebook.scheme(store, scheme, language=call.language) if scheme else None,
        kind=kind,
        waiting_days=days,
        limit=limit,
        every_rule=everything,
        language=call.language,
    )
    _show(call, found, tables.conflicts(found, call.language), map_prose.conflicts(found), csv=csv)
    _say_rest(found.total, len(found.items))
    return NO if found.total else DONE


@command
def list_(thing: Thing, as_of: AsOf = None, csv: Csv = False, *, call: Call) -> int:
    """Exit status 1 where it has no mapping."""
    day = as_of_date(as_of)
    from catalogue.mapping import entries
    from catalogue.mapping.review import tables

    store = reader(call)
    found = entries.of(store, one(store, thing, day, call), as_of=day, language=call.language)
    _show(call, found, tables.mappings(found, call.language), map_prose.mappings(found), csv=csv)
    return DONE if found.counterparts else NO


def _show(call: Call, found: object, table: "Table", prose: Iterable[str], *, csv: bool) -> None:
    if call.as_json:
        print_json(found)
    elif csv:
        from catalogue import spreadsheets

        sys.stdout.flush()
        sys.stdout.buffer.write(spreadsheets.table(table))
        sys.stdout.buffer.flush()
    else:
        for line in prose:
            print(line)


def _say_rest(total: int, shown: int) -> None:
    if total > shown:
        print(
            text(f"Còn {total - shown} dòng nữa; dùng --limit.", f"{total - shown} more; use --limit."), file=sys.stderr
        )
