"""`chiso map suggest`: what the codes of a thing, a list or a file could be in another list; nothing is ever accepted."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.language import LANGUAGE, text
from cli.options import Call, command
from cli.outcome import DONE, NO, WrongUsage
from cli.output import print_json, print_table, progress
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
        typer.Option("--output", "-o", metavar="FILE", help=text("ghi SSSOM vào tệp", "write SSSOM to FILE")),
    ] = None,
    as_of: AsOf = None,
    *,
    call: Call,
) -> int:
    """The most probable codes first, "no counterpart" at its rank; exit status 1 where none has a code to suggest.

    `--output FILE` (or `--format sssom`) writes SSSOM with the status `candidate`: change the status of each row, then
    `chiso map import FILE`.
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
        sought = _of_file(store, Path(thing), str(column), name, sheet, own, call)
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
    else:
        titles = [text(vi, en) for vi, en in (("Mã", "Code"), ("Tên", "Name"), ("Gợi ý", "Suggestion"))]
        titles += [text("Tên gợi ý", "Suggested name"), "%", text("Lý do", "Reasons")]
        print_table(titles, (row for proposal in listed for row in _rows(proposal)))
    return DONE if any(line.target for proposal in listed for line in proposal.candidates) else NO


def _format(given: str | None, output: Path | None, call: Call) -> str:
    if given is not None and given not in FORMATS:
        raise WrongUsage(f"--format là {', '.join(FORMATS)}.", f"--format is one of {', '.join(FORMATS)}.")
    chosen = given or ("sssom" if output else "json" if call.as_json else "table")
    if output and chosen != "sssom":
        raise WrongUsage("--output ghi SSSOM; bỏ --format.", "--output writes SSSOM; leave --format out.")
    return chosen


def _of_file(
    store: "Store", path: Path, column: str, name: str | None, sheet: str | None, own: str | None, call: Call
) -> "list[Term]":
    """The codes of a file: those of the list `own` as the catalogue has them, others by their names alone."""
    from catalogue.mapping.candidates import suggestions
    from catalogue.mapping.candidates.terms import Term
    from loaders.tables import text as shown
    from workers import tables

    table = tables.read(path, call.settings, sheet=sheet)
    codes, known = table.codes(table.column(column)), dict[str, Term]()
    place = table.column(name) if name else None
    if own is not None:
        for term in suggestions.terms(store, suggestions.codes(store, own), None).values():
            known.setdefault(term.code or term.key, term)
            known.setdefault(term.key, term)
    found: dict[str, Term] = {}
    for row, code in zip(table.rows, codes, strict=True):
        said = (shown(row.cells[place]) if place is not None else "") or code
        if code and code not in found and any(letter.isalpha() for letter in said):
            found[code] = known.get(code) or Term(code, said, code=code if place is not None else None)
        elif code and code in known:
            found.setdefault(code, known[code])
    if not found:
        raise WrongUsage(
            f"{table.where()}: cột “{column}” không có tên hoặc mã nào để so sánh.",
            f"{table.where('en')}: column “{column}” has no names or codes to compare.",
        )
    return list(found.values())


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
                "relation": line.relation,
                "status": "candidate",
                "rejected": line.refused,
                "reasons": line.reasons,
            }
            for line in proposal.candidates
        ],
    }


def _write(proposals: "Iterator[Proposal]", target: "Target", output: Path | None, call: Call) -> int:
    """Write the SSSOM; what the catalogue does not have as a thing cannot be mapped and is left out, with a word."""
    import sys

    from catalogue.clock import today
    from catalogue.iri import is_absolute
    from catalogue.mapping.candidates import proposals as proposed
    from catalogue.mapping.exchange import sssom_tsv

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
    content = sssom_tsv.write(made)
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
    else:
        part = output.with_name(output.name + ".part")
        part.write_bytes(content)
        part.replace(output)
        said = text(
            f"Đã ghi {len(made.mappings)} gợi ý vào {output}.", f"Wrote {len(made.mappings)} suggestions to {output}."
        )
        print(said, file=sys.stderr)
    if unknown:
        shown = ", ".join(unknown[:5])
        print(
            text(
                f"{len(unknown)} mã chưa có trong kho nên không ghi được vào SSSOM ({shown}…). Hãy nạp danh mục của chúng"
                " (chiso load FILE --as …) và nêu --from.",
                f"{len(unknown)} codes are not in the store and could not be written to SSSOM ({shown}…). Load their list"
                " (chiso load FILE --as …) and give --from.",
            ),
            file=sys.stderr,
        )
    return DONE if made.mappings else NO
