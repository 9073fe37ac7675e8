"""`chiso query`: a SPARQL query on the published state, read only, in a child process that can be stopped."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from catalogue import sparql_text
from catalogue.errors import BadRequest, Forbidden, Invalid, LimitReached, TimedOut
from catalogue.settings import Settings
from catalogue.sparql_hints import hints
from cli.language import text
from cli.options import Call, command
from cli.outcome import DONE, NO, WrongUsage
from cli.output import print_table
from cli.query_request import Answer, Request

EXAMPLE = "chiso query 'SELECT DISTINCT ?class { ?thing a ?class } ORDER BY ?class'"
SUMMARY = text("Hỏi bằng SPARQL trên trạng thái đã công bố.", "Ask the published state in SPARQL.")

SOLUTIONS = ("table", "csv", "tsv", "json", "xml")
GRAPHS = ("turtle", "nquads", "trig", "jsonld", "rdfxml")


@command
def query(
    source: Annotated[
        str,
        typer.Argument(
            metavar="QUERY", help=text("câu truy vấn, tệp .rq, hoặc - (đầu vào chuẩn)", "the query, a .rq file, or -")
        ),
    ],
    format_: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="|".join((*SOLUTIONS, *GRAPHS)), help=text("định dạng kết quả", "format of the answer")
        ),
    ] = None,
    *,
    call: Call,
) -> int:
    """Rows beyond --rows are cut off, and that is said. ASK answers true (status 0) or false (status 1)."""
    asked = _text(source)
    kind = _form(asked, call.settings)
    chosen = format_ or ("json" if call.as_json and kind != "construct" else "jsonld" if call.as_json else None)
    allowed = GRAPHS if kind == "construct" else SOLUTIONS
    if chosen is not None and chosen not in allowed:
        raise WrongUsage(
            f"Kết quả của truy vấn này có các định dạng {', '.join(allowed)}, không có “{chosen}”.",
            f"The answer to this query comes as {', '.join(allowed)}, not as “{chosen}”.",
        )
    answer = _ask(asked, kind, chosen or ("turtle" if kind == "construct" else "table"), call)
    if answer.cut:
        print(
            text(
                f"Chỉ hiện {call.settings.rows} dòng đầu; --rows N để lấy nhiều hơn.",
                f"Only the first {call.settings.rows} rows are shown; --rows N for more.",
            ),
            file=sys.stderr,
        )
    if answer.table is not None:
        print_table(answer.variables, answer.table)
    else:
        sys.stdout.write(answer.document or "")
    return NO if answer.boolean is False else DONE


def _text(source: str) -> str:
    if source == "-":
        return sys.stdin.read()
    if source.endswith(".rq") or (len(source) < 1000 and "{" not in source and Path(source).is_file()):
        try:
            return Path(source).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise Invalid(f"{source} không phải văn bản UTF-8.", f"{source} is not UTF-8 text.") from None
    return source


def _form(asked: str, settings: Settings) -> str:
    """`select`, `ask` or `construct`, which DESCRIBE is too: it gives triples."""
    try:
        form = sparql_text.read(asked, settings).form
    except BadRequest as error:
        if error.details.get("form") == "update":
            raise Forbidden(
                "chiso query chỉ đọc, không sửa. Để nạp dữ liệu, dùng chiso load.",
                "chiso query reads and never changes. To bring data in, use chiso load.",
            ) from None
        raise
    return "construct" if form == "describe" else form


def _ask(asked: str, kind: str, chosen: str, call: Call) -> "Answer":
    request = Request(asked, kind, chosen, call.settings)
    child = subprocess.run(
        [sys.executable, "-P", "-m", "cli.query_worker"],
        input=request.to_json(),
        capture_output=True,
        text=True,
        check=False,
    )
    if child.returncode == -signal.SIGALRM:
        advice_vi, advice_en = (" ".join(sentences) for sentences in zip(*hints(asked) or [_ASK_FOR_LESS], strict=True))
        raise TimedOut(
            f"Truy vấn chạy quá {call.settings.timeout:g} giây nên đã bị dừng. {advice_vi} Cần lâu hơn: --timeout SECONDS.",
            f"The query ran longer than {call.settings.timeout:g} seconds and was stopped. {advice_en} For longer: --timeout SECONDS.",
            details={"timeout": call.settings.timeout},
        )
    if child.returncode != 0:
        raise LimitReached(
            "Truy vấn làm tiến trình trả lời ngừng đột ngột: quá sâu hoặc cần quá nhiều bộ nhớ. Hãy viết đơn giản hơn.",
            "The query made the answering process stop: it is nested too deeply or needs too much memory. Write it simpler.",
            details={"status": child.returncode},
        )
    return Answer.from_json(child.stdout)


_ASK_FOR_LESS = ("Hãy hỏi hẹp hơn.", "Ask for less.")
