"""What things are called: one label per thing, in the language asked for, with a fallback to Vietnamese.

Decisions and provisions are called as lawyers call them: by type, number and day, because a title alone does not tell
two decisions of one number apart (1012/QĐ-TTg exists in 2015 and in 2024). Mappings, assignments and most changes of
administrative units have no names; they are called by what they say.
"""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from pyoxigraph import Literal

from catalogue.assigned import assigned
from catalogue.clock import written
from catalogue.iri import CODES, KINDS, PREFIXES
from catalogue.legal import Legal, legal
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
    legal = [iri for iri in wanted if kind_of(iri) in _LEGAL]
    names = _legal_names(store, legal, language) if legal else {}
    duties = [iri for iri in wanted if kind_of(iri) == "responsibility"]
    if duties:
        names |= _duty_names(store, duties, language)
    mappings = [iri for iri in wanted if kind_of(iri) == "mapping"]
    if mappings:
        names |= _mapping_names(store, mappings, language)
    reviews = [iri for iri in wanted if kind_of(iri) == "mapping-review"]
    if reviews:
        names |= _review_names(store, reviews, language)
    labels: dict[str, Literal] = {}
    for iri, rows in rows_of(store, "labels", _Label, (iri for iri in wanted if iri not in names)).items():
        if rows:
            best = min(
                (row.label for row in rows), key=lambda label: (_preference(label.language, language), label.value)
            )
            labels[iri] = best
    changes = [iri for iri in wanted if iri not in labels and kind_of(iri) == "area-change"]
    if changes:
        names |= _change_names(store, changes, language)
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


def decisions_of(store: Store, bases: Iterable[str]) -> dict[str, str]:
    """The decision that each of `bases` is part of, or itself is; what is no decision is absent."""
    return {iri: one.decision for iri, one in legal(store, bases).items()}


def days_of(store: Store, decisions: Iterable[str]) -> dict[str, datetime.date]:
    """The day that each of `decisions` bears; those without a known day are absent."""
    return {iri: one.date for iri, one in legal(store, decisions).items() if one.date}


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
class Duty:
    """Whom an assignment (`thing`) gives which role about what."""

    thing: str
    role: str
    unit: str
    object: str


def duties_of(store: Store, responsibilities: Iterable[str]) -> dict[str, list[Duty]]:
    """What each assignment says: a row for each unit that it names."""
    wanted = list(responsibilities)
    found = assigned(store, wanted)
    return {
        iri: [Duty(iri, *said) for said in product(found[iri].roles, found[iri].named, found[iri].objects)]
        if iri in found
        else []
        for iri in wanted
    }


def _duty_names(store: Store, duties: list[str], language: str) -> dict[str, str]:
    """An assignment is called by what it says: unit, role, object."""
    found = duties_of(store, duties)
    parts = {iri: (rows[0].role, rows[0].unit, rows[0].object) for iri, rows in found.items() if rows}
    named = references(store, (iri for three in parts.values() for iri in three), language)
    return {
        duty: f"{named[unit].label or unit}: {named[role].label or role} — {named[what].label or what}"
        for duty, (role, unit, what) in parts.items()
    }


@dataclass(frozen=True, slots=True)
class _ChangeName:
    thing: str
    property: str
    value: str


def _change_names(store: Store, changes: list[str], language: str) -> dict[str, str]:
    """A change of administrative units without a name is called by what became what."""
    found = rows_of(store, "label-area-changes", _ChangeName, changes)
    named = references(store, (row.value for rows in found.values() for row in rows), language)
    names = {}
    for iri, rows in found.items():
        said = {
            name: [row.value for row in rows if row.property == PREFIXES[prefix] + name] for prefix, name in _CHANGE
        }
        kind, before, after = (_joined(named[one] for one in said[name]) for _, name in _CHANGE)
        if before or after:
            names[iri] = f"{kind}: {before or '…'} → {after or '…'}".removeprefix(": ")
    return names


_CHANGE = (("dct", "type"), ("prov", "used"), ("prov", "generated"))


def _joined(references: Iterable[Reference]) -> str:
    """The names of at most three, with a sign where there are more."""
    names = [one.label or one.iri for one in references]
    return " + ".join([*names[:3], *(["…"] if len(names) > 3 else [])])


SIGNS = {"exactMatch": "=", "closeMatch": "≈", "broadMatch": "⊂", "narrowMatch": "⊃", "relatedMatch": "~"}
"""How a match is written between two codes: the first is the same, nearly the same, a part of the second, …"""
_NO_TERM = PREFIXES["sssom"] + "NoTermFound"


@dataclass(frozen=True, slots=True)
class _MappingName:
    thing: str
    subject: str | None
    object: str | None
    relation: str
    modifier: str | None
    subject_code: str | None
    object_code: str | None
    subject_label: str | None
    object_label: str | None


def _mapping_names(store: Store, mappings: list[str], language: str) -> dict[str, str]:
    """A mapping is called by its two codes and how they match: T0101 Diện tích ≈ 0101 Diện tích đất."""
    rows = {iri: found[0] for iri, found in rows_of(store, "label-mappings", _MappingName, mappings).items() if found}
    ends = references(store, (end for row in rows.values() for end in (row.subject, row.object) if end), language)
    vietnamese = language != "en"
    names = {}
    for iri, row in rows.items():
        sign = SIGNS.get(row.relation.rpartition("#")[2], row.relation)
        if row.modifier:
            sign = "≠" if sign == "=" else f"{'không' if vietnamese else 'not'} {sign}"
        start = _end(row.subject, row.subject_code, row.subject_label, ends)
        end = _end(row.object, row.object_code, row.object_label, ends)
        none = "không có mã tương ứng" if vietnamese else "no counterpart"
        if row.object == _NO_TERM:
            names[iri] = f"{start}: {none}"
        elif row.subject == _NO_TERM:
            names[iri] = f"{end}: {none}"
        else:
            names[iri] = f"{start} {sign} {end}"
    return names


def _end(iri: str | None, code: str | None, stated: str | None, named: dict[str, Reference]) -> str:
    """One end of a mapping: its code and its name as the catalogue has them, else as the record states them."""
    name = (named[iri].label if iri else None) or stated
    parts = [part for part in (code, _shortened(name, 60)) if part]
    return " ".join(parts) or (iri or "?")


@dataclass(frozen=True, slots=True)
class _ReviewName:
    thing: str
    mapping: str
    status: str | None
    date: datetime.date | None


def _review_names(store: Store, reviews: list[str], language: str) -> dict[str, str]:
    """An earlier decision about a mapping is called by what was decided on which day about which mapping."""
    rows = {iri: found[0] for iri, found in rows_of(store, "label-reviews", _ReviewName, reviews).items() if found}
    named = references(store, (iri for row in rows.values() for iri in (row.mapping, row.status) if iri), language)
    names = {}
    for iri, row in rows.items():
        status = named[row.status].label if row.status else None
        when = written(row.date, language) if row.date else None
        said = " ".join(part for part in (status, when) if part)
        mapping = named[row.mapping].label or row.mapping
        names[iri] = f"{said}: {mapping}" if said else mapping
    return names


def _legal_names(store: Store, things: list[str], language: str) -> dict[str, str]:
    rows = legal(store, things)
    types = references(store, (row.type for row in rows.values()), language)
    return {iri: _legal_name(row, called, language) for iri, row in rows.items() if (called := types[row.type].label)}


def _legal_name(row: Legal, called: str, language: str) -> str:
    vietnamese = language != "en"
    if row.date:
        when = f" {'ngày' if vietnamese else 'of'} {written(row.date, language)}"
    elif row.month:
        year, _, month = row.month.partition("-")
        stated = f"{int(month)}/{year}" if month else year
        if month and not vietnamese and 1 <= int(month) <= 12:
            stated = f"{datetime.date(1, int(month), 1):%B} {year}"
        when = f" {'tháng' if vietnamese and month else 'năm' if vietnamese else 'of'} {stated}"
    else:
        when = ""
    if row.number:
        name = f"{called} {row.number}{when}"
    else:
        unknown = "chưa rõ số" if vietnamese else "number unknown"
        name = f"{called}{when} ({unknown}){_called(row.title)}"
    if not row.part:
        return name
    return f"{row.part if vietnamese else _PART.sub(lambda found: _PARTS[found[0]], row.part)}, {name}"


_PARTS = {"Điều": "Article", "khoản": "clause", "điểm": "point", "Phụ lục": "Appendix", "Chương": "Chapter"}
"""How parts of documents are numbered, and what English says."""
_PART = re.compile("|".join(rf"\b{word}\b" for word in _PARTS))


def _called(title: str | None) -> str:
    """A title in quotation marks: what tells documents without a number apart."""
    return f" “{_shortened(title, 90)}”" if title else ""


def _shortened(text: str | None, most: int) -> str | None:
    """At most `most` characters of a text, in whole words."""
    return text if text is None or len(text) <= most else text[: most - 2].rsplit(" ", 1)[0] + "…"
