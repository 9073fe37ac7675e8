"""Mappings as people and programs read them: both ends by name and code, how they match, who decided it and when.

Competency question 6 is answered here, from either end.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pyoxigraph import NamedNode

from catalogue.graphs import Mark
from catalogue.iri import is_absolute
from catalogue.labels import Reference, references
from catalogue.lookup import rows_of
from catalogue.mapping import records
from catalogue.mapping.records import NO_TERM, Mapping
from catalogue.store.port import Store

_OPPOSITE = {"broadMatch": "narrowMatch", "narrowMatch": "broadMatch"}


@dataclass(frozen=True, slots=True)
class Person:
    """Who proposed or reviewed a mapping: by IRI where the record has one, and by name."""

    name: str
    iri: str | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """One end of a mapping: the thing, its code (`notation`) and the scheme it is in; no thing where none was found."""

    thing: Reference | None
    notation: str | None
    scheme: Reference | None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One mapping. `relation` is the local name of its predicate, from subject to object; `valid` says whether it counts on
    the day asked about; `confidence` is from 0 to 1; `valid_to` is the first day that no longer counts."""

    iri: str
    subject: Code
    relation: str
    negated: bool
    object: Code
    status: str
    valid: bool
    confidence: Decimal | None
    justification: str | None
    authors: list[Person]
    reviewers: list[Person]
    mapping_date: date | None
    review_date: date | None
    valid_from: date | None
    valid_to: date | None
    comment: str | None
    mapping_set: Reference | None
    verification: Mark | None


@dataclass(frozen=True, slots=True)
class Counterpart:
    """A mapping seen from one of its ends: `match` is how `other` relates to it (`broadMatch`: the other is the wider)."""

    other: Code
    match: str
    mapping: Entry


@dataclass(frozen=True, slots=True)
class Mappings:
    """All mappings of `of`, those that count on `as_of` first. `none`: a decision that counts says it has no counterpart."""

    of: Code
    as_of: date
    none: bool
    counterparts: list[Counterpart]


@dataclass(frozen=True, slots=True)
class _CodeRow:
    thing: str
    notation: str | None
    scheme: str | None
    valid_from: date | None
    valid_to: date | None


def codes(store: Store, iris: Iterable[str], language: str = "vi") -> dict[str, Code]:
    """Each of `iris` with name, code and scheme; `sssom:NoTermFound` is a code without a thing."""
    wanted = sorted(set(iris) - {NO_TERM})
    rows = rows_of(store, "entries-codes", _CodeRow, wanted)
    schemes = {row.scheme for found in rows.values() for row in found if row.scheme}
    named = references(store, [*wanted, *sorted(schemes)], language)
    found = {NO_TERM: Code(None, None, None)}
    for iri in wanted:
        said = rows[iri][0] if rows[iri] else _CodeRow(iri, None, None, None, None)
        scheme = named[said.scheme] if said.scheme else None
        found[iri] = Code(named[iri], said.notation, scheme, said.valid_from, said.valid_to)
    return found


def described(store: Store, mappings: Iterable[Mapping], *, as_of: date, language: str = "vi") -> list[Entry]:
    """`mappings` in the same order, with names."""
    found = list(mappings)
    ends = codes(store, (iri for one in found for iri in (one.subject, one.object)), language)
    person = people(store, {who for one in found for who in (*one.authors, *one.reviewers)}, language)
    named = references(store, sorted({one.set for one in found if one.set}), language)
    return [
        Entry(
            one.iri,
            ends[one.subject],
            one.relation,
            one.negated,
            ends[one.object],
            one.status,
            one.valid_on(as_of),
            one.confidence,
            one.justification,
            [person[who] for who in one.authors],
            [person[who] for who in one.reviewers],
            one.mapping_date,
            one.review_date,
            one.valid_from,
            one.valid_to,
            one.comment,
            named[one.set] if one.set else None,
            one.verification,
        )
        for one in found
    ]


def people(store: Store, who: Iterable[str], language: str = "vi") -> dict[str, Person]:
    """The people that records name by an IRI or by their name."""
    wanted = sorted(set(who))
    named = references(store, (one for one in wanted if is_absolute(one)), language)
    return {one: Person(named[one].label or one, one) if one in named else Person(one) for one in wanted}


def of(store: Store, thing: NamedNode, *, as_of: date, language: str = "vi") -> Mappings:
    """Every mapping of `thing`, from either end, of whatever status: what counts first, then by code."""
    entries = described(store, records.of(store, thing.value), as_of=as_of, language=language)
    seen = [from_end(entry, thing.value) for entry in entries]
    seen.sort(key=lambda one: (not one.mapping.valid, one.other.notation or "", one.mapping.iri))
    here = codes(store, [thing.value], language)[thing.value]
    return Mappings(here, as_of, any(one.other.thing is None and one.mapping.valid for one in seen), seen)


def from_end(entry: Entry, thing: str) -> Counterpart:
    """A mapping as the end `thing` sees it."""
    if entry.subject.thing is not None and entry.subject.thing.iri == thing:
        return Counterpart(entry.object, entry.relation, entry)
    return Counterpart(entry.subject, _OPPOSITE.get(entry.relation, entry.relation), entry)
