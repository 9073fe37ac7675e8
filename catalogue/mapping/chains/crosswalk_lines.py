"""Answers of a crosswalk as cells beside a code: for a spreadsheet, where people read, and for CSV, where programs do."""

from collections.abc import Iterable
from urllib.parse import unquote

from catalogue.labels import SIGNS
from catalogue.mapping.chains.crosswalk import Answer, Chain, Crosswalk
from catalogue.mapping.entries import Code
from catalogue.mapping.relations import WORDS

Cell = str | int

COLUMNS = ("code", "name", "match", "answers", "certainty", "chain", "note")
"""What is said of one code: the code in the other scheme, its name, how they match, how many answers there are, the
weakest link, the chain, and why there is no answer or what else is to be known."""

_HEADERS = {
    "vi": ("mã", "tên", "khớp", "số kết quả", "độ chắc chắn", "chuỗi", "ghi chú"),
    "en": ("code", "name", "match", "answers", "certainty", "chain", "note"),
}


def headers(to: str, language: str = "vi") -> list[str]:
    """The headers of the columns. `to`: the IRI of the scheme, of which the key begins each.

    >>> headers("https://chiso.example/id/area-scheme/2025-07-01")[:2]
    ['2025-07-01: mã', '2025-07-01: tên']
    """
    return [f"{_key(to)}: {name}" for name in _HEADERS["en" if language == "en" else "vi"]]


def one_row(found: Crosswalk, language: str = "vi") -> list[Cell]:
    """All answers in one row, several of them joined by “; ” in every column."""
    rows = rows_of(found, language)
    if len(rows) == 1:
        return rows[0]
    number = COLUMNS.index("answers")
    cells: list[Cell] = ["; ".join(str(row[place]) for row in rows) for place in range(len(COLUMNS))]
    cells[number] = len(rows)
    cells[-1] = "; ".join(dict.fromkeys(str(row[-1]) for row in rows if row[-1]))
    return cells


def rows_of(found: Crosswalk, language: str = "vi") -> list[list[Cell]]:
    """One row for each answer; one that says why, where there is none."""
    if not found.answers:
        reasons = " ".join(reason.en if language == "en" else reason.vi for reason in found.reasons)
        return [["", "", "", 0, "", "", reasons]]
    return [_row(answer, len(found.answers), language) for answer in found.answers]


def _row(answer: Answer, count: int, language: str) -> list[Cell]:
    weakest, target = answer.chain.weakest, answer.target
    english = language == "en"
    certainty = "" if weakest is None else weakest.en if english else weakest.vi
    return [
        target.notation or (target.thing.iri if target.thing else ""),
        (target.thing.label if target.thing else None) or "",
        WORDS[answer.match][1 if english else 0],
        count,
        certainty,
        _chain(answer.chain),
        " ".join(_notes(answer, english=english)),
    ]


def _notes(answer: Answer, *, english: bool) -> Iterable[str]:
    if answer.split:
        yield "A code on the way was divided." if english else "Mã trên đường đi đã được chia tách."
    if answer.ended and answer.target.valid_to:
        day = answer.target.valid_to
        yield f"No longer valid since {day}." if english else f"Hết hiệu lực từ {day.day}/{day.month}/{day.year}."
    differing = {chain.match for chain in answer.others} - {answer.match}
    if differing:
        told = ", ".join(sorted(differing))
        yield f"Other chains say: {told}." if english else f"Chuỗi khác cho: {told}."


def _chain(chain: Chain) -> str:
    """[xa] X1 = [tinh] T1 ⊂ [nuoc] 0101"""
    if not chain.steps:
        return ""
    told = _short(chain.steps[0].start)
    for step in chain.steps:
        told += f" {SIGNS[step.match]} {_short(step.end)}"
    return told


def _short(code: Code) -> str:
    name = code.notation or (_key(code.thing.iri) if code.thing else "")
    return f"[{_key(code.scheme.iri)}] {name}" if code.scheme else name


def _key(iri: str) -> str:
    return unquote(iri.rstrip("/#").rpartition("/")[2])
