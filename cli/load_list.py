"""`chiso load FILE… --as FORM`: bring a list of indicators or codes into the store from files of a known form."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from catalogue.graphs import MARKS
from catalogue.iri import is_absolute
from catalogue.mapping.relations import MATCHES
from cli.building import spoken
from cli.language import LANGUAGE, text
from cli.options import Call
from cli.outcome import DONE, NO, WrongUsage
from cli.output import print_json, progress, say
from loaders.lists import FORMS, Fault, Form

if TYPE_CHECKING:
    from catalogue.build import BuildReport
    from loaders.list_plan import ListReport, Plan

LEVELS = {"national": "quoc-gia", "provincial": "tinh", "district": "huyen", "commune": "xa"}
_LISTS = text("Danh mục chỉ số, mã", "Lists of indicators and codes")
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_KEY = 60
_SAID = 20


def option(name: str, metavar: str, vi: str, en: str) -> Any:
    """An option of `chiso load` that goes with `--as`."""
    return typer.Option(name, metavar=metavar, help=text(vi, en), rich_help_panel=_LISTS)


AS = option("--as", "|".join(FORMS), "tệp là một danh mục dạng này", "the file is a list of this form")
SET = option("--set", "KEY", "khóa của bộ, ví dụ tinh-2026", "key of the list, such as tinh-2026")
TITLE = option("--title", "TEXT", "tên tiếng Việt của bộ", "Vietnamese name of the list")
SOURCE = option("--source", "URL|TEXT", "tệp lấy ở đâu", "where the file is from")
LICENCE = option("--licence", "IRI", "giấy phép của tệp", "licence of the file")
RETRIEVED = option("--retrieved", "DATE", "ngày lấy tệp về", "day on which the file was fetched")
MARK = option("--mark", "|".join(MARKS), "mức xác minh (mặc định confirmed)", "verification mark (default confirmed)")
DECISION = option("--decision", "DECISION", "văn bản ban hành: số, CURIE, IRI", "the document that issues it")
LEVEL = option("--level", "|".join(LEVELS), "cấp hành chính", "level of government")
TO = option("--to", "SCHEME", "annex: bộ có các mã ở cột cuối", "annex: the list whose codes the last column has")
MATCH = option(
    "--match",
    "|".join(MATCHES),
    "annex: quan hệ ấy (mặc định closeMatch)",
    "annex: how they match (default closeMatch)",
)


@dataclass(frozen=True, slots=True)
class ListOptions:
    """The options of one call as they were typed, by their names."""

    as_: str | None = None
    set: str | None = None
    title: str | None = None
    source: str | None = None
    licence: str | None = None
    retrieved: str | None = None
    mark: str | None = None
    decision: str | None = None
    level: str | None = None
    to: str | None = None
    match: str | None = None

    def typed(self) -> list[str]:
        """Which were typed."""
        return [f"--{one.name.rstrip('_')}" for one in fields(self) if getattr(self, one.name) is not None]


def load(sources: Sequence[str], options: ListOptions, *, dry_run: bool, call: Call) -> int:
    """Read the files, load what they say, and tell both; exit status 1 when the store refused it."""
    from catalogue import build

    form = checked(options)
    planned = _planned(form, sources, options, call)
    report = build.carry_out(
        call.settings, planned.work, say=lambda line: progress(spoken(line)), check=None, dry_run=dry_run
    )
    _tell(planned.report, report, dry_run=dry_run, as_json=call.as_json)
    return DONE if not report.refused else NO


def checked(options: ListOptions) -> Form:
    """The form. Raises `WrongUsage` for options that are missing, are none of those there are, or exclude each other."""
    form = next((one for one in FORMS if one == options.as_), None)
    if form is None:
        raise _one_of("--as", options.as_ or "", FORMS)
    needed = ("set", "source", "title") if form == "annex" else ("set", "source")
    missing = ", ".join(f"--{name}" for name in needed if not (getattr(options, name) or "").strip())
    if missing:
        raise WrongUsage(f"--as {form} cần thêm {missing}.", f"--as {form} also needs {missing}.")
    if not _KEY.fullmatch(options.set or "") or len(options.set or "") > _LONGEST_KEY:
        raise WrongUsage(
            f"--set chỉ gồm a-z, 0-9 và dấu gạch nối, dài nhất {_LONGEST_KEY} ký tự; nhận được “{options.set}”.",
            f"--set has a-z, 0-9 and hyphens only, at most {_LONGEST_KEY} of them; got “{options.set}”.",
        )
    known: tuple[tuple[str, str | None, Iterable[str]], ...] = (
        ("--mark", options.mark, MARKS),
        ("--level", options.level, LEVELS),
        ("--match", options.match, MATCHES),
    )
    for name, value, values in known:
        if value is not None and value not in values:
            raise _one_of(name, value, values)
    if form != "annex" and (options.to or options.match):
        raise WrongUsage("--to và --match chỉ dùng với --as annex.", "--to and --match go with --as annex only.")
    if options.match and not options.to:
        raise WrongUsage("--match cần thêm --to.", "--match also needs --to.")
    if options.licence and not is_absolute(options.licence):
        raise WrongUsage("--licence phải là một IRI đầy đủ.", "--licence must be a whole IRI.")
    return form


def _one_of(name: str, value: str, values: Iterable[str]) -> WrongUsage:
    known = ", ".join(values)
    return WrongUsage(f"{name} là một trong {known}; nhận được “{value}”.", f"{name} is one of {known}; got “{value}”.")


def _planned(form: Form, sources: Sequence[str], options: ListOptions, call: Call) -> "Plan":
    from cli.building import reader
    from cli.terms import as_of_date
    from loaders.list_graph import Provenance
    from loaders.list_plan import Asked, plan
    from workers import lists

    given = Provenance(
        options.set or "",
        (options.source or "").strip(),
        options.title,
        next((one for one in MARKS if one == options.mark), "confirmed"),
        options.licence,
        as_of_date(options.retrieved).isoformat() if options.retrieved else None,
        "vi" if form == "annex" else "en",
    )
    asked = Asked(options.decision, LEVELS.get(options.level or ""), options.to, options.match or "closeMatch")
    store = reader(call.settings)  # first: nothing is read where nothing can be loaded
    try:
        progress(text("Đang đọc tệp…", "Reading the files…"))
        listing = lists.read(form, [Path(source) for source in sources], call.settings)
        return plan(store, form, listing, given, asked, base=call.settings.base_iri, language=call.language)
    finally:
        store.close()


def _tell(read: "ListReport", report: "BuildReport", *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        told = asdict(read)
        for name in ("left_out", "remarks"):
            told[name] = [{"vi": fault.told()[0], "en": fault.told()[1]} for fault in getattr(read, name)]
        print_json({"read": {_json_name(name): value for name, value in told.items()}, "load": report})
        return
    from cli.build_prose import problems, summary

    for titles, lines in (
        (("Bỏ qua", "Left out"), list(map(_sentence, read.left_out))),
        (("Lưu ý", "Note"), list(map(_sentence, read.remarks))),
        (("Chưa nhận ra cơ quan, giữ nguyên lời", "Body not recognised, kept as text"), read.unresolved),
    ):
        for line in lines[:_SAID]:
            say(f"{text(*titles)}: {line}")
        if len(lines) > _SAID:
            print(text(f"… và {len(lines) - _SAID} dòng nữa (--json)", f"… and {len(lines) - _SAID} more (--json)"))
    print(", ".join(_counts(read)) + ".")
    for problem in problems(report):
        say(problem)
    print(summary(report) + (text(" (chỉ thử, không ghi)", " (a trial, nothing written)") if dry_run else ""))


def _counts(read: "ListReport") -> list[str]:
    counted = [
        (read.rows, "dòng", "rows"),
        (read.groups, "nhóm", "groups"),
        (read.indicators, "chỉ số", "indicators"),
        (read.codes, "mã", "codes"),
        (read.responsibilities, "trách nhiệm", "responsibilities"),
        (read.mappings, "ánh xạ", "mappings"),
        (read.candidates, "ánh xạ mới là đề xuất", "of them candidates"),
        (read.kept, "ánh xạ giữ quyết định đã có", "mappings stay as they were decided"),
    ]
    return [f"{count} {text(vi, en)}" for count, vi, en in counted if count]


def _sentence(fault: Fault) -> str:
    vi, en = fault.told()
    return en if LANGUAGE == "en" else vi


def _json_name(name: str) -> str:
    from cli.output import json_name

    return json_name(name)
