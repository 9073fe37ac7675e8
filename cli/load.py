"""`chiso load`: bring sources into the store, validated first, each wholly or not at all."""

from pathlib import Path
from typing import Annotated

import typer

from cli import load_list
from cli.building import spoken
from cli.language import text
from cli.options import Call, command
from cli.outcome import DONE, NO, WrongUsage
from cli.output import print_json, progress

EXAMPLE = "chiso load graph/legal --dry-run"
SUMMARY = text(
    "Nạp tệp, thư mục RDF hoặc danh mục chỉ số (--as) vào kho, kiểm tra trước khi nạp.",
    "Load RDF files, folders, or lists of indicators (--as) into the store, validated first.",
)

Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE…", help=text("tệp, thư mục hoặc - (đầu vào chuẩn)", "files, folders or - (standard input)")
    ),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="ttl|nt|nq|trig|rdf|jsonld",
        help=text("khi đuôi tệp không nói", "when the suffix does not say"),
    ),
]


@command
def load(
    sources: Sources,
    graph: Annotated[
        str | None, typer.Option(metavar="IRI", help=text("đồ thị nhận dữ liệu", "the named graph that receives it"))
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=text("chỉ kiểm tra, không ghi", "check only, write nothing"))
    ] = False,
    format_: Format = None,
    as_: Annotated[str | None, load_list.AS] = None,
    set_: Annotated[str | None, load_list.SET] = None,
    title: Annotated[str | None, load_list.TITLE] = None,
    source: Annotated[str | None, load_list.SOURCE] = None,
    licence: Annotated[str | None, load_list.LICENCE] = None,
    retrieved: Annotated[str | None, load_list.RETRIEVED] = None,
    mark: Annotated[str | None, load_list.MARK] = None,
    decision: Annotated[str | None, load_list.DECISION] = None,
    level: Annotated[str | None, load_list.LEVEL] = None,
    to: Annotated[str | None, load_list.TO] = None,
    match: Annotated[str | None, load_list.MATCH] = None,
    *,
    call: Call,
) -> int:
    """Exit status 1 when some source was refused; the others went in."""
    options = load_list.ListOptions(as_, set_, title, source, licence, retrieved, mark, decision, level, to, match)
    if as_ is None and options.typed():
        named = ", ".join(options.typed())
        raise WrongUsage(f"{named} chỉ dùng cùng --as.", f"{named} only goes with --as.")
    if as_ is not None and (graph or format_):
        raise WrongUsage("--graph và --format không dùng cùng --as.", "--graph and --format do not go with --as.")
    if call.settings.store == "memory":
        raise WrongUsage(
            "Kho trong bộ nhớ mất khi lệnh kết thúc; hãy nạp vào kho disk hoặc remote (CHISO_STORE).",
            "A memory store ends with the command; load into a disk or remote store (CHISO_STORE).",
        )
    if as_ is not None:
        return load_list.load(sources, options, dry_run=dry_run, call=call)
    from catalogue import build

    report = build.load(
        call.settings,
        [Path(source) for source in sources],
        graph=graph,
        format=format_,
        dry_run=dry_run,
        say=lambda line: progress(spoken(line)),
    )
    if call.as_json:
        print_json(report)
    else:
        from cli.build_prose import problems, summary

        for problem in problems(report):
            print(problem)
        print(summary(report) + (text(" (chỉ thử, không ghi)", " (a trial, nothing written)") if dry_run else ""))
    return DONE if not report.refused else NO
