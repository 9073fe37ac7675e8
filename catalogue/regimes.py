"""Reporting regimes: how often they ask, until which day figures count, and what is due next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from catalogue.codes import CodeReference, codes
from catalogue.deadlines import Deadline, following
from catalogue.graphs import Mark
from catalogue.iri import PREFIXES, VOCABULARY
from catalogue.labels import Reference, references
from catalogue.lookup import rows_of
from catalogue.proofs import weakest_of
from catalogue.store.port import Store


@dataclass(frozen=True, slots=True)
class Due:
    """A report that is due next: how often it is made, and its days."""

    frequency: CodeReference
    deadline: Deadline


@dataclass(frozen=True, slots=True)
class Regime:
    """A regime with what is `due` next, soonest first; `over`: it has ended by the day asked for. `verification`: the
    weakest mark of the frequency and the days, None where none is stated."""

    regime: Reference
    frequencies: list[CodeReference]
    cutoff_day: int | None
    due_day: int | None
    reporters: list[Reference]
    recipients: list[Reference]
    valid_from: date | None
    valid_to: date | None
    over: bool
    due: list[Due]
    verification: Mark | None


@dataclass(frozen=True, slots=True)
class _Row:
    regime: str
    property: str
    value: str


_FREQUENCY = PREFIXES["dct"] + "accrualPeriodicity"
_DUE, _CUTOFF = VOCABULARY + "dueDay", VOCABULARY + "cutoffDay"
_MARKED = (_FREQUENCY, _DUE, _CUTOFF)


def regimes(store: Store, iris: Iterable[str], *, as_of: date, language: str = "vi", number: int = 1) -> list[Regime]:
    """The regimes `iris` in this order, each with the next `number` reports of every frequency from `as_of` on, within
    a year."""
    found = rows_of(store, "regime-terms", _Row, iris)
    marks = weakest_of(store, found, _MARKED)
    said = {iri: _values(rows) for iri, rows in found.items()}
    bodies = [
        one
        for values in said.values()
        for name in ("reporter", "recipient")
        for one in values.get(VOCABULARY + name, ())
    ]
    named = references(store, [*found, *bodies], language)
    listed = codes(store, (one for values in said.values() for one in values.get(_FREQUENCY, ())), language)
    return [
        _regime(iri, values, named, listed, as_of, number, marks[iri].mark if iri in marks else None)
        for iri, values in said.items()
    ]


def _values(rows: list[_Row]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: (row.property, row.value)):
        found.setdefault(row.property, []).append(row.value)
    return found


def _regime(
    iri: str,
    values: dict[str, list[str]],
    named: dict[str, Reference],
    listed: dict[str, CodeReference],
    as_of: date,
    number: int,
    mark: Mark | None,
) -> Regime:
    cutoff, due = _number(values.get(_CUTOFF)), _number(values.get(_DUE))
    first, last = _day(values.get(VOCABULARY + "validFrom")), _day(values.get(VOCABULARY + "validTo"))
    over = last is not None and last <= as_of
    # Of what comes every month the next two tell more than of what comes every year.
    soon = as_of.year * 12 + as_of.month + 12
    frequencies = [listed[one] for one in values.get(_FREQUENCY, ())]
    coming = [
        Due(frequency, one)
        for frequency in frequencies
        for one in following(
            frequency.notation, cutoff_day=cutoff, due_day=due, as_of=max(as_of, first or as_of), number=number
        )
        if (last is None or (one.deadline_day or as_of) < last) and one.year * 12 + one.month <= soon
    ]
    return Regime(
        named[iri],
        frequencies,
        cutoff,
        due,
        [named[one] for one in values.get(VOCABULARY + "reporter", ())],
        [named[one] for one in values.get(VOCABULARY + "recipient", ())],
        first,
        last,
        over,
        sorted(coming, key=lambda one: (one.deadline.deadline_day or date.max, one.frequency.notation)),
        mark,
    )


def _number(values: list[str] | None) -> int | None:
    """The one number that is stated; several contradict each other, and then none counts."""
    return int(values[0]) if values and len(values) == 1 and values[0].isdigit() else None


def _day(values: list[str] | None) -> date | None:
    try:
        return date.fromisoformat(values[0]) if values else None
    except ValueError:
        return None
