"""What things are called: one label per thing, in the language asked for, with a fallback to Vietnamese.

Decisions and provisions are called as lawyers call them: by type, number and day, because a title alone does not tell
two decisions of one number apart (1012/QĐ-TTg exists in 2015 and in 2024).
"""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal

from catalogue.iri import CODES, KINDS
from catalogue.lookup import rows_of
from catalogue.store.port import Store
from catalogue.store.remembering import Remembering

_KIND = re.compile(r"/id/([a-z-]+)/[^/]+$")
_LEGAL = ("decision", "provision")


@dataclass(frozen=True, slots=True)
class Reference:
    """A thing by name: its IRI, its kind as in its address (`decision`, `agency`, … or None), its label and the label's
    language. `label` is None where the graph has no name for it."""

    iri: str
    kind: str | None = None
    label: str | None = None
    language: str | None = None


def kind_of(iri: str) -> str | None:
    """The kind that an IRI of any catalogue shows.

    >>> kind_of("https://chiso.example/id/agency/hanoi.ubnd"), kind_of("https://w3id.org/chiso/code/role/chu-tri")
    ('agency', 'concept')
    """
    found = _KIND.search(iri)
    if found and found[1] in KINDS:
        return found[1]
    return "concept" if iri.startswith(CODES) else None


def references(store: Store, iris: Iterable[str], language: str = "vi") -> dict[str, Reference]:
    """The references of `iris`; every IRI asked for is a key of the answer. A published state remembers them."""
    wanted = list(dict.fromkeys(iris))
    if not isinstance(store, Remembering):
        return _read(store, wanted, language)
    found: dict[str, Reference] = {}
    for iri in wanted:
        known = store.memory.get(("reference", language, iri))
        if known is not None:
            found[iri] = known[0]
    missing = [iri for iri in wanted if iri not in found]
    if missing:
        fresh = _read(store, missing, language)
        store.remember({("reference", language, iri): [reference] for iri, reference in fresh.items()})
        found |= fresh
    return found


def _read(store: Store, wanted: list[str], language: str) -> dict[str, Reference]:
    if not wanted:
        return {}
    labels = {}
    for iri, rows in rows_of(store, "labels", _Label, wanted).items():
        if rows:
            best = min(
                (row.label for row in rows), key=lambda label: (_preference(label.language, language), label.value)
            )
            labels[iri] = best
    legal = [iri for iri in wanted if kind_of(iri) in _LEGAL]
    names = _legal_names(store, legal, language) if legal else {}
    duties = [iri for iri in wanted if kind_of(iri) == "responsibility"]
    if duties:
        names |= _duty_names(store, duties, language)
    found = {}
    for iri in wanted:
        kind = kind_of(iri)
        if iri in names:
            found[iri] = Reference(iri, kind, names[iri], language)
        elif iri in labels:
            found[iri] = Reference(iri, kind, labels[iri].value, labels[iri].language)
        else:
            found[iri] = Reference(iri, kind)
    return found


def days_of(store: Store, decisions: Iterable[str]) -> dict[str, datetime.date]:
    """The day that each of `decisions` bears; those without a known day are absent."""
    found = rows_of(store, "label-decisions", _LegalName, decisions)
    days = {iri: rows[0].date for iri, rows in found.items() if rows}
    return {iri: day for iri, day in days.items() if day}


def _preference(tag: str | None, language: str) -> int:
    """0 for the language asked for, then Vietnamese, then any other, then untagged text."""
    if tag == language:
        return 0
    return 1 if tag == "vi" else 2 if tag else 3


@dataclass(frozen=True, slots=True)
class _Label:
    thing: str
    label: Literal


@dataclass(frozen=True, slots=True)
class _Duty:
    thing: str
    role: str
    unit: str
    object: str


def _duty_names(store: Store, duties: list[str], language: str) -> dict[str, str]:
    """An assignment is called by what it says: unit, role, object."""
    found = rows_of(store, "label-responsibilities", _Duty, duties)
    parts = {iri: (rows[0].role, rows[0].unit, rows[0].object) for iri, rows in found.items() if rows}
    named = references(store, (iri for three in parts.values() for iri in three), language)
    return {
        duty: f"{named[unit].label or unit}: {named[role].label or role} — {named[what].label or what}"
        for duty, (role, unit, what) in parts.items()
    }


@dataclass(frozen=True, slots=True)
class _LegalName:
    thing: str
    decision: str
    type_label: Literal
    number: str | None
    date: datetime.date | None
    month: str | None
    part: str | None
    title: str | None


def _legal_names(store: Store, things: list[str], language: str) -> dict[str, str]:
    best = {
        iri: min(rows, key=lambda row: _preference(row.type_label.language, language))
        for iri, rows in rows_of(store, "label-decisions", _LegalName, things).items()
        if rows
    }
    return {iri: _legal_name(row, language) for iri, row in best.items()}


def _legal_name(row: _LegalName, language: str) -> str:
    vietnamese = language != "en"
    if row.date:
        day = f"{row.date.day}/{row.date.month}/{row.date.year}"
        when = f" ngày {day}" if vietnamese else f" of {row.date.isoformat()}"
    elif row.month:
        year, _, month = row.month.partition("-")
        stated = f"{int(month)}/{year}" if month else year
        when = f" {'tháng' if vietnamese and month else 'năm' if vietnamese else 'of'} {stated}"
    else:
        when = ""
    if row.number:
        name = f"{row.type_label.value} {row.number}{when}"
    else:
        unknown = "chưa rõ số" if vietnamese else "number unknown"
        name = f"{row.type_label.value}{when} ({unknown}){_called(row.title)}"
    return f"{row.part}, {name}" if row.part else name


def _called(title: str | None) -> str:
    """A title, in quotation marks, at most 90 characters of it: what tells documents without a number apart."""
    if not title:
        return ""
    short = title if len(title) <= 90 else title[:88].rsplit(" ", 1)[0] + "…"
    return f" “{short}”"
