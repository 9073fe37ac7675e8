"""The responsibility sheet as a workbook: a row for each assignment, ready for filtering and for printing on A4.

Texts come from sources, so every one is written as a text: none of them can begin a formula or a link.
"""

import io
import re
from collections.abc import Mapping
from datetime import datetime

from api.pages.naming import day
from catalogue.portfolio import Portfolio, PortfolioItem

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
_LONGEST = 32_767  # characters of a cell in XLSX
_WIDTHS = (5, 26, 14, 48, 42, 16, 14, 15, 26, 44)


def workbook(held: Portfolio, words: Mapping[str, str], language: str, moment: datetime, *, most: int) -> bytes:
    """The portfolio as XLSX. `moment`: when the state was published, which the file bears as its day of making, so that one
    state makes one file. `most`: rows that are written; a line says so where there are more."""
    import xlsxwriter

    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": words["sheet.title"], "created": moment.replace(tzinfo=None)})
        page = book.add_worksheet(words["sheet.tab"])
        title = book.add_format({"bold": True, "font_size": 14})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": "#E2EFF4"})
        cell = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        page.write_string(0, 0, words["sheet.title"], title)
        page.write_string(1, 0, _plain(held.agency.label or held.agency.iri), title)
        page.write_string(2, 0, words["sheet.on"].format(day=day(held.as_of, language)))
        if held.subunits:
            page.write_string(3, 0, words["sheet.with_subunits"].format(number=len(held.subunits)))
        columns = [words[f"sheet.column.{name}"] for name in _COLUMNS]
        for place, (name, width) in enumerate(zip(columns, _WIDTHS, strict=True)):
            page.set_column(place, place, width)
            page.write_string(5, place, name, head)
        written = [*((one, False) for one in held.items), *((one, True) for one in held.undecided)]
        for number, (one, undecided) in enumerate(written[:most], 1):
            page.write_number(5 + number, 0, number, cell)
            for place, text in enumerate(_cells(one, words, language, undecided=undecided), 1):
                page.write_string(5 + number, place, _plain(text), cell)
        last = 5 + min(len(written), most)
        page.autofilter(5, 0, max(last, 6), len(columns) - 1)
        page.freeze_panes(6, 0)
        page.repeat_rows(5)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.set_footer("&R&P/&N")
        line = last + 2
        for text in (
            *([words["sheet.cut"].format(shown=most, number=len(written))] if len(written) > most else []),
            *(f"{words[f'marks.{mark}']}: {words[f'marks.{mark}.meaning']}" for mark in _MARKS),
        ):
            page.write_string(line, 0, text)
            line += 1
        page.write_string(line + 1, 1, words["sheet.drawn_up"], book.add_format({"bold": True}))
        page.write_string(line + 1, 4, words["sheet.head"], book.add_format({"bold": True}))
        page.write_string(line + 2, 1, words["sheet.sign"])
        page.write_string(line + 2, 4, words["sheet.sign"])
    return kept.getvalue()


_COLUMNS = ("number", "unit", "role", "work", "decision", "provision", "due", "mark", "note", "address")
_MARKS = ("confirmed", "inferred", "unverified")


def _cells(one: PortfolioItem, words: Mapping[str, str], language: str, *, undecided: bool) -> list[str]:
    decision = one.decision
    notes = []
    if undecided:
        notes.append(words["sheet.undecided.note"].format(unit=one.named.label or one.named.iri))
    elif one.inherited:
        notes.append(words["sheet.inherited"].format(unit=one.named.label or one.named.iri))
    if decision is not None and decision.period_over:
        notes.append(words["assignment.period_over"])
    said = (decision.label or decision.number or decision.iri) if decision else words["assignment.no_decision"]
    if decision is not None and decision.title and decision.number:
        said = f"{said} – {decision.title}"
    return [
        one.unit.label or one.unit.iri,
        one.role.label or one.role.notation,
        one.object.label or one.object.iri,
        said,
        (one.provision.label or "").partition(", ")[0] if one.provision else "",
        due(one, words, language),
        words[f"marks.{one.verification}"],
        "; ".join(notes),
        one.object.iri,
    ]


def due(one: PortfolioItem, words: Mapping[str, str], language: str) -> str:
    """By when: a day, or the day of the month under the rules of a reporting regime; empty where nothing says it."""
    if one.due is not None:
        return day(one.due, language)
    said = []
    if one.due_day is not None:
        said.append(words["sheet.due_day"].format(day=one.due_day))
    if one.cutoff_day is not None:
        said.append(words["sheet.cutoff_day"].format(day=one.cutoff_day))
    return "; ".join(said)


def _plain(text: str) -> str:
    return _NOT_XML.sub("", text)[:_LONGEST]
