"""`chiso map suggest`: what the codes of a thing, a list or a file could be in another list; nothing is ever accepted."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import map_files
from cli.language import LANGUAGE, text
from cli.options import Call, command
from cli.outcome import DONE, NO, WrongUsage
from cli.output import keep, print_json, print_table, progress, say, wrapped
from cli.terms import AsOf, as_of_date, one, reader

if TYPE_CHECKING:
    from catalogue.mapping.candidates.proposals import Proposal
    from catalogue.mapping.candidates.ranking import Candidate
    from catalogue.mapping.candidates.suggestions import Target
    from catalogue.mapping.candidates.terms import Term
    from catalogue.store.port import Store

EXAMPLE = "chiso map suggest indicator:quoc-gia-2010.0205 --to tinh-2023"
SUMMARY = text(
    "Gợi ý mã tương ứng trong danh mục khác, kèm lý do; người quyết định.",
    "Suggest counterparts in another list, with reasons; people decide.",
)
FORMATS = ("table", "json", "sssom")
MOST_LINES = 60
LEAST = 0.02
"""Less probable codes are not listed, except the first: a thousand codes with three improbable lines hide the others."""


@command
def suggest(
    thing: Annotated[
        str | None,
        typer.Argument(
            metavar="THING|FILE",
            help=text("một mã, hoặc tệp CSV/XLSX cùng --column", "one code, or a CSV/XLSX file together with --column"),
        ),
    ] = None,
    to: Annotated[
        str, typer.Option("--to", metavar="SCHEME", help=text("tìm trong danh mục này", "seek in this list"))
    ] = "",
    from_: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="SCHEME",
            help=text("danh mục của các mã; một mình: mọi mã của nó", "the list of the codes; alone: all its codes"),
        ),
    ] = None,
    column: Annotated[
        str | None,
        typer.Option(
            "--column", metavar="COLUMN", help=text("cột có mã hoặc tên", "the column that has codes or names")
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option("--name", metavar="COLUMN", help=text("cột có tên chỉ số", "the column that has names")),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", metavar="SHEET", help=text("trang của tệp XLSX", "sheet of an XLSX file"))
    ] = None,
    limit: Annotated[
        int,
        typer.Option(
            "--limit", metavar="N", help=text("số gợi ý của mỗi mã (mặc định 3)", "suggestions per code (default 3)")
        ),
    ] = 3,
    mapped: Annotated[
        bool,
        typer.Option(
            "--all", help=text("cả mã đã có ánh xạ được chấp nhận", "codes that have an accepted mapping, too")
        ),
    ] = False,
    format_: Annotated[
        str | None, typer.Option("--format", metavar="|".join(FORMATS), help=text("dạng kết quả", "form of the result"))
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help=text(
                "ghi vào tệp .xlsx để quyết định, hoặc .sssom.tsv, .csv",
                "write an .xlsx to decide in, or .sssom.tsv, .csv",
            ),
        ),
    ] = None,
    as_of: AsOf = None,
    *,
    call: Call,
) -> int:
    """The most probable codes first, "no counterpart" at its rank; exit status 1 where none has a code to suggest.

    `--output FILE.xlsx` writes a workbook in which people decide; `FILE.sssom.tsv` and `FILE.csv` are the same as SSSOM, all
    with the status `candidate`. Then: `chiso map check FILE`, `chiso map import FILE`.
    """
    chosen = _format(format_, output, call)
    if not to:
        raise WrongUsage("Thiếu --to SCHEME: tìm trong danh mục nào.", "--to SCHEME is missing: seek in which list.")
    if not 1 <= limit <= MOST_LINES:
        raise WrongUsage(f"--limit là số từ 1 đến {MOST_LINES}.", f"--limit is a number from 1 to {MOST_LINES}.")
    if thing is None and from_ is None:
        raise WrongUsage(
            "Cần THING, hoặc FILE và --column, hoặc --from SCHEME.",
            "Give THING, or FILE and --column, or --from SCHEME.",
        )
    if thing is not None and column is None and Path(thing).suffix.lower() in (".csv", ".xlsx", ".tsv"):
        raise WrongUsage("Tệp cần --column: cột có mã hoặc tên.", "A file needs --column: the one with codes or names.")
    day = as_of_date(as_of)
    from catalogue.mapping import codebook
    from catalogue.mapping.candidates import suggestions
    from catalogue.mapping.candidates.proposals import Proposal

    store = reader(call)
    scheme = codebook.scheme(store, to, language=call.language)
    own = codebook.scheme(store, from_, language=call.language) if from_ else None
    progress(text("Đang đọc danh mục…", "Reading the list…"))
    target = suggestions.target(store, scheme, day)
    if thing is not None and column is None:
        found = suggestions.of(store, one(store, thing, day, call).value, scheme, as_of=day, limit=limit)
        if chosen == "json":
            print_json(found)
            return DONE if any(line.target for line in found.candidates) else NO
        sought = list(suggestions.terms(store, [found.of.iri], None).values())
    elif thing is not None:
        sought, own = _of_file(store, Path(thing), str(column), name, sheet, own, call)
    else:
        sought = list(suggestions.terms(store, suggestions.codes(store, str(own)), day).values())
        if not mapped:
            sought = [term for term in sought if not target.decided(term.key)]
    proposals = (Proposal(term, own, _likely(target.suggest(term, limit))) for term in _told(sought))
    if chosen == "sssom":
        return _write(proposals, target, output, call)
    listed = list(proposals)
    if chosen == "json":
        print_json({"to": scheme, "asOf": day, "suggestions": [_plain(proposal) for proposal in listed]})
    elif not listed:
        print(
            text(
                f"Mọi mã của {_key(own)} đã có quyết định trong {_key(scheme)}; --all xem cả chúng.",
                f"Every code of {_key(own)} is decided toward {_key(scheme)}; --all shows them, too.",
            )
        )
    elif sys.stdout.isatty():
        for proposal in listed:
            for line in _told_of(proposal):
                say(line)
    else:
        titles = [text(vi, en) for vi, en in (("mã", "code"), ("tên", "name"), ("gợi ý", "suggestion"))]
        titles += [text("tên gợi ý", "suggested name"), "%", text("lý do", "reasons")]
        print_table(titles, [titles, *(row for proposal in listed for row in _rows(proposal))])
    return DONE if any(line.target for proposal in listed for line in proposal.candidates) else NO


def _format(given: str | None, output: Path | None, call: Call) -> str:
    if given is not None and given not in FORMATS:
        raise WrongUsage(f"--format là {', '.join(FORMATS)}.", f"--format is one of {', '.join(FORMATS)}.")
    chosen = given or ("sssom" if output else "json" if call.as_json else "table")
    if output and chosen != "sssom":
        raise WrongUsage("--output ghi SSSOM; bỏ --format.", "--output writes SSSOM; leave --format out.")
    if output and output.exists():
        raise WrongUsage(
            f"Không ghi đè {output.name}: có thể ai đó đã quyết định trong tệp ấy. Hãy chọn tên khác, hoặc xóa nó.",
            f"{output.name} is not overwritten: somebody may have decided in it. Choose another name, or delete it.",
        )
    if output:
        map_files.form_of(None, output.name)
    return chosen


def _of_file(
    store: "Store", path: Path, column: str, name: str | None, sheet: str | None, own: str | None, call: Call
) -> "tuple[list[Term], str | None]":
    """The codes of a file: those of the list `own` as the catalogue has them, others by their names alone; and the list,
    told from the codes where neither it nor a column of names was given."""
    from catalogue.mapping import codebook
    from catalogue.mapping.candidates import suggestions
    from catalogue.mapping.candidates.terms import Term
    from loaders.tables import text as shown
    from workers import tables

    table = tables.read(path, call.settings, sheet=sheet)
    where = table.column(column)
    map_files.tell(codebook.headless(store, table.headers[where], table.header_row))
    codes, known = table.codes(where), dict[str, Term]()
    place = table.column(name) if name else None
    if own is None and place is None:
        own = _list_of(store, {code for code in codes if code})
    if own is not None:
        for term in suggestions.terms(store, suggestions.codes(store, own), None).values():
            known.setdefault(term.code or term.key, term)
            known.setdefault(term.key, term)
    found: dict[str, Term] = {}
    nameless: list[str] = []
    for row, code in zip(table.rows, codes, strict=True):
        said = (shown(row.cells[place]) if place is not None else "") or code
        if code and code not in found and any(letter.isalpha() for letter in said):
            found[code] = known.get(code) or Term(code, said, code=code if place is not None else None)
        elif code and code in known:
            found.setdefault(code, known[code])
        elif code:
            nameless.append(code)
    here = (table.where(), table.where("en"))
    hint = (
        "Hãy thêm --name CỘT (cột tên chỉ số) hoặc --from SCHEME (danh mục của các mã).",
        "Add --name COLUMN (the column of names) or --from SCHEME (the list of the codes).",
    )
    if not found:
        raise WrongUsage(
            f"{here[0]}: cột “{column}” không có tên nào, và không danh mục nào có các mã của nó. {hint[0]}",
            f"{here[1]}: column “{column}” has no names, and no list has its codes. {hint[1]}",
        )
    if nameless:
        some = ", ".join(dict.fromkeys(nameless[:5]))
        say(
            text(
                f"{here[0]}: bỏ qua {len(nameless)} dòng, mã không có tên để so sánh ({some}). {hint[0]}",
                f"{here[1]}: {len(nameless)} rows left out, their codes have no name to compare ({some}). {hint[1]}",
            ),
            sys.stderr,
        )
    return list(found.values()), own


def _list_of(store: "Store", codes: set[str]) -> str | None:
    """The one list that has most of these codes, at least half of them; None where no list has. Raises `WrongUsage` where
    several have as many."""
    from catalogue.mapping import codebook

    held = codebook.lists_with(store, codes)
    most = max(held.values(), default=0)
    if 2 * most < len(codes):
        return None
    best = sorted(scheme for scheme, count in held.items() if count == most)
    if len(best) > 1:
        names = ", ".join(map(_key, best[:8]))
        raise WrongUsage(
            f"Các mã này có trong nhiều danh mục: {names}. Hãy nêu --from một trong số đó, hoặc --name CỘT.",
            f"Several lists have these codes: {names}. Say --from which of them, or --name COLUMN.",
        )
    say(
        text(
            f"{most} trong {len(codes)} mã là của {_key(best[0])}; đọc chúng theo danh mục ấy (--from {_key(best[0])}).",
            f"{most} of the {len(codes)} codes are of {_key(best[0])}; they are read as its codes (--from {_key(best[0])}).",
        ),
        sys.stderr,
    )
    return best[0]


def _key(scheme: str | None) -> str:
    """The key of a list, as a person types it."""
    return (scheme or "?").rpartition("/")[2]


def _likely(found: "list[Candidate]") -> "tuple[Candidate, ...]":
    """The candidates worth a line: "no counterpart", the most probable code, and the others down to `LEAST`."""
    first = next((one for one in found if one.target), None)
    return tuple(one for one in found if one.target is None or one is first or one.probability >= LEAST)


def _told(sought: "list[Term]") -> "Iterator[Term]":
    """The terms one after another, with a line of progress for each thousand."""
    for number, term in enumerate(sought, 1):
        yield term
        if number % 1_000 == 0:
            progress(text(f"{number}/{len(sought)} mã…", f"{number}/{len(sought)} codes…"))


def _rows(proposal: "Proposal") -> Iterator[list[str]]:
    for line in proposal.candidates:
        target = line.target
        yield [
            proposal.term.code or proposal.term.key,
            proposal.term.name,
            (target.code or target.key) if target else text("(không có)", "(none)"),
            target.name if target else text("không có mã tương ứng", "no counterpart"),
            f"{line.probability:.0%}",
            "; ".join(reason.en if LANGUAGE == "en" else reason.vi for reason in line.reasons),
        ]


def _told_of(proposal: "Proposal") -> Iterator[str]:
    """A code and below it what it could be, as a person reads it."""
    yield ""
    code = proposal.term.code if proposal.term.code != proposal.term.name else None
    yield wrapped(" ".join(part for part in (code, proposal.term.name) if part))
    for line in proposal.candidates:
        said = text("không có mã tương ứng", "no counterpart")
        if line.target:
            said = " ".join(part for part in (line.target.code, line.target.name) if part)
        yield wrapped(f"{line.probability:>4.0%}  {said}", 2)
        reasons = "; ".join(reason.en if LANGUAGE == "en" else reason.vi for reason in line.reasons)
        if reasons:
            yield wrapped(reasons, 8)


def _plain(proposal: "Proposal") -> dict[str, Any]:
    return {
        "of": proposal.term.key,
        "code": proposal.term.code,
        "name": proposal.term.name,
        "candidates": [
            {
                "target": line.target.key if line.target else None,
                "code": line.target.code if line.target else None,
                "name": line.target.name if line.target else None,
                "probability": round(line.probability, 4),
                "match": line.match,
                "status": "candidate",
                "rejected": line.refused,
                "reasons": line.reasons,
            }
            for line in proposal.candidates
        ],
    }


def _write(proposals: "Iterator[Proposal]", target: "Target", output: Path | None, call: Call) -> int:
    """Write the SSSOM; what the catalogue does not have as a thing cannot be mapped and is left out, with a word."""
    from catalogue.clock import today
    from catalogue.iri import is_absolute
    from catalogue.mapping.candidates import proposals as proposed

    listed, unknown = list["Proposal"](), list[str]()
    for proposal in proposals:
        if is_absolute(proposal.term.key):
            listed.append(proposal)
        else:
            unknown.append(proposal.term.key)
    key, day = target.scheme.rpartition("/")[2], today()
    made = proposed.mapping_set(
        listed,
        iri=f"{call.settings.base_iri}id/mapping-set/goi-y-{key}-{day.isoformat()}",
        title=text(f"Gợi ý ánh xạ vào {key}", f"Suggested mappings to {key}"),
        to=target.scheme,
        day=day,
        base=call.settings.base_iri,
        language=call.language,
    )
    content = map_files.written(made, map_files.form_of(None, output.name if output else None))
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
    else:
        keep(output, content)
        said = text(
            f"Đã ghi {len(made.mappings)} gợi ý vào {output}. Quyết định từng dòng, rồi: chiso map check {output}; chiso map import {output}",
            f"Wrote {len(made.mappings)} suggestions to {output}. Decide each row, then: chiso map check {output}; chiso map import {output}",
        )
        say(said, sys.stderr)
    if unknown:
        shown = ", ".join(unknown[:5])
        say(
            text(
                f"{len(unknown)} mã chưa có trong kho nên không ghi được vào SSSOM ({shown}…). Hãy nạp danh mục của chúng"
                " (chiso load FILE --as …) và nêu --from.",
                f"{len(unknown)} codes are not in the store and could not be written to SSSOM ({shown}…). Load their list"
                " (chiso load FILE --as …) and give --from.",
            ),
            sys.stderr,
        )
    return DONE if made.mappings else NO
