"""The values of properties: what things say of themselves, who leads on a day, what they are mapped to."""

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pyoxigraph import Literal, NamedNode

from catalogue import areas, responsibility
from catalogue.errors import Invalid, NotFound
from catalogue.iri import CODES, PREFIXES, VOCABULARY
from catalogue.labels import kind_of, references
from catalogue.lookup import rows_of
from catalogue.mapping import records
from catalogue.mapping.relations import inverse
from catalogue.organisations import agencies, holders
from catalogue.reconciliation.property import Property
from catalogue.store.port import Store

_SKOS = PREFIXES["skos"]
_VALIDITY = (VOCABULARY + "validFrom", VOCABULARY + "validTo")
_LABEL = PREFIXES["skos"] + "prefLabel"
_NOTATION = PREFIXES["skos"] + "notation"
_NUMBER = PREFIXES["eli"] + "number"


@dataclass(frozen=True, slots=True)
class Value:
    """One value: a thing or a code by `iri`, else `text` with its language, a `day`, or a `number`."""

    iri: str | None = None
    text: str | None = None
    language: str | None = None
    day: date | None = None
    number: float | None = None


@dataclass(frozen=True, slots=True)
class _Fact:
    thing: str
    property: str
    value: Any


COMPOSED = ("decision", "provision", "responsibility", "mapping", "mapping-review")
"""Kinds that are called by a name which is put together from what is said of them."""

Facts = Mapping[str, Mapping[str, list[Any]]]
"""Thing → predicate → terms."""


def stated(store: Store, things: Iterable[str]) -> Facts:
    """What `things` say of themselves by the predicates of our properties."""
    found: dict[str, dict[str, list[Any]]] = {}
    for thing, rows in rows_of(store, "reconciliation-facts", _Fact, things).items():
        said = found.setdefault(thing, {})
        for row in rows:
            said.setdefault(row.property, []).append(row.value)
    return found


def life(said: Mapping[str, list[Any]]) -> tuple[date | None, date | None]:
    """The validity (from, to exclusive) that a thing states of itself."""
    days = ([day for term in said.get(word, []) if (day := _day(term))] for word in _VALIDITY)
    begin, end = (min(some, default=None) for some in days)
    return begin, end


def _day(term: Any) -> date | None:
    try:
        return date.fromisoformat(term.value)
    except ValueError:
        return None  # a month or a year


def codes_of(store: Store, things: Iterable[str], said: Facts, as_of: date) -> dict[str, list[str]]:
    """The codes and numbers of things: those in their own list, then the dated ones that are valid on `as_of`."""
    listed = list(things)
    dated = agencies(store, [thing for thing in listed if "/id/agency/" in thing], as_of=as_of)
    found = {}
    for thing in listed:
        own = [term.value for word in (_NOTATION, _NUMBER) for term in said.get(thing, {}).get(word, [])]
        code = dated[thing].code if thing in dated else None
        found[thing] = list(dict.fromkeys([*own, *([code] if code else [])]))
    return found


def values(
    store: Store, property: Property, things: Iterable[str], *, as_of: date, language: str | None = "vi"
) -> dict[str, list[Value]]:
    """The values of one property of each of `things` on `as_of`. Text in `language` where there is some in it; None
    gives every language."""
    listed = list(dict.fromkeys(things))
    match property.source:
        case "stated" | "name":
            said = stated(store, listed)
            return {thing: _read(property, said.get(thing, {}), language) for thing in listed}
        case "code":
            codes = codes_of(store, listed, stated(store, listed), as_of)
            return {thing: [Value(text=code) for code in codes[thing]] for thing in listed}
        case "member":
            rows = rows_of(store, "reconciliation-members", _Fact, listed)
            return {thing: sorted((Value(iri=row.value.value) for row in rows[thing]), key=_order) for thing in listed}
        case "mapping" | "mapped-code":
            return _mapped(store, property, listed, as_of)
        case "responsible":
            return {thing: _responsible(store, property.words[0], thing, as_of) for thing in listed}
        case "holder":
            return {thing: [Value(iri=one) for one in some] for thing, some in took_over(store, listed, as_of).items()}
        case _:
            return {thing: [] for thing in listed}


def took_over(store: Store, things: Iterable[str], as_of: date) -> dict[str, list[str]]:
    """Who holds on `as_of` what bodies held, and what administrative units have become by then; themselves where they are
    still there, several where that is to be decided or a unit was divided, [] for anything else."""
    found: dict[str, list[str]] = {thing: [] for thing in things}
    for unit, one in holders(store, [thing for thing in found if kind_of(thing) == "agency"], as_of=as_of).items():
        found[unit] = [one.agency] if one.agency else one.candidates
    for thing in [one for one in found if kind_of(one) == "area"]:
        with contextlib.suppress(NotFound, Invalid):  # it is not described, or did not exist yet
            after = areas.became(store, NamedNode(thing), on=as_of)
            found[thing] = [thing] if after.outcome == "in-force" else [one.iri for one in after.successors]
    return found


def _read(property: Property, said: Mapping[str, list[Any]], language: str | None) -> list[Value]:
    terms = [term for word in property.words for term in said.get(word, [])]
    if property.values == "text":
        texts = [term for term in terms if isinstance(term, Literal)]
        preferred = [term for term in texts if language and term.language == language]
        fallback = [term for term in texts if term.language in ("vi", None)]
        chosen = texts if language is None else preferred or fallback or texts
        return sorted((Value(text=term.value, language=term.language) for term in chosen), key=_order)
    return sorted((one for term in terms if (one := _value(property, term)) is not None), key=_order)


def _value(property: Property, term: Any) -> Value | None:
    if isinstance(term, NamedNode):
        return Value(iri=term.value)
    if not isinstance(term, Literal):
        return None
    try:
        if property.values == "date":
            return Value(day=date.fromisoformat(term.value))
        if property.values == "number":
            return Value(number=float(term.value))
    except ValueError:
        pass  # as stated: a month, a year
    return Value(text=term.value, language=term.language)


def _mapped(store: Store, property: Property, things: list[str], as_of: date) -> dict[str, list[Value]]:
    [wanted] = property.words
    found: dict[str, list[str]] = {thing: [] for thing in things}
    mirrored = _SKOS + inverse(wanted.removeprefix(_SKOS))
    for one in records.of_all(store, things):
        if one.negated or one.says_none or not one.valid_on(as_of):
            continue
        if one.subject in found and one.predicate == wanted:
            found[one.subject].append(one.object)
        if one.object in found and one.predicate == mirrored:
            found[one.object].append(one.subject)
    if property.source == "mapping":
        return {thing: [Value(iri=iri) for iri in sorted(set(ends))] for thing, ends in found.items()}
    ends = sorted({iri for some in found.values() for iri in some})
    codes = codes_of(store, ends, stated(store, ends), as_of)
    # What another catalogue describes has no code here; its IRI ends in it.
    return {
        thing: [Value(text=code) for iri in sorted(set(some)) for code in codes[iri] or [_last(iri)]]
        for thing, some in found.items()
    }


def _responsible(store: Store, role: str, thing: str, as_of: date) -> list[Value]:
    answer = responsibility.of(store, NamedNode(thing), as_of=as_of, role=role)
    units = [one.agency.iri for one in answer.responsibilities if one.agency]
    return [Value(iri=iri) for iri in dict.fromkeys(units)]


def names(store: Store, iris: Iterable[str], language: str, said: Facts | None = None) -> dict[str, str]:
    """What things and codes are called; the last part of the IRI, or a code, for what has no name. `said`: facts that were
    read already."""
    listed = list(dict.fromkeys(iris))
    simple = (iri for iri in listed if kind_of(iri) not in COMPOSED)
    found = {iri: name for iri in simple if (name := _preferred((said or {}).get(iri, {}), language))}
    named = references(store, [iri for iri in listed if iri not in found], language)
    without = [iri for iri, one in named.items() if one.label is None and not iri.startswith(CODES)]
    known = stated(store, without) if without else {}
    for iri, one in named.items():
        codes = [term.value for word in (_NOTATION, _NUMBER) for term in known.get(iri, {}).get(word, [])]
        found[iri] = one.label or next(iter(codes), None) or _last(iri)
    return found


def _preferred(said: Mapping[str, list[Any]], language: str) -> str | None:
    """The preferred label as `catalogue.labels` chooses it; None where there is none in the language or in Vietnamese."""
    texts = {term.language: term.value for term in said.get(_LABEL, []) if isinstance(term, Literal)}
    return texts.get(language) or texts.get("vi")


def _last(iri: str) -> str:
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2] or iri


def _order(value: Value) -> tuple[str, str, str, float]:
    return (
        value.iri or "",
        value.text or "",
        value.day.isoformat() if value.day else "",
        value.number if value.number is not None else 0.0,
    )
