"""`chiso load`: bring sources into the store, validated first, each wholly or not at all."""

from pathlib import Path
from typing import Annotated

import typer

from cli.building import spoken
from cli.language import text
from cli.options import Call, command
from cli.outcome import DONE, NO, WrongUsage
from cli.output import print_json, progress

EXAMPLE = "chiso load graph/legal --dry-run"
SUMMARY = text(
    "Nạp tệp hoặc thư mục RDF vào kho, kiểm tra trước khi nạp.",
    "Load RDF files or folders into the store, validated first.",
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
    *,
    call: Call,
) -> int:
    """Exit status 1 when some source was refused; the others went in."""
    if call.settings.store == "memory":
        raise WrongUsage(
            "Kho trong bộ nhớ mất khi lệnh kết thúc; hãy nạp vào kho disk hoặc remote (CHISO_STORE).",
            "A memory store ends with the command; load into a disk or remote store (CHISO_STORE).",
        )
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
