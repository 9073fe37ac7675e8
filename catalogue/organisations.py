"""Agencies in time: their names and codes, the changes they went through, and who holds what was given to them."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from catalogue.clock import holds
from catalogue.codes import CodeReference, codes
from catalogue.graphs import Mark
from catalogue.labels import Reference, references
from catalogue.lookup import rows_of
from catalogue.proofs import graph_marks, strongest
from catalogue.store.port import Store


@dataclass(frozen=True, slots=True)
class AgencyReference:
    """A body, post or group of addressees by name; `code` is its agency code under 20/2020/QĐ-TTg, None where unknown."""

    iri: str
    kind: str | None
    label: str | None
    language: str | None
    code: str | None


@dataclass(frozen=True, slots=True)
class ChangeEvent:
    """One reorganisation: who existed before it, who after it, on which day, on which legal basis."""

    iri: str
    kind: CodeReference
    date: datetime.date
    originals: list[Reference]
    results: list[Reference]
    basis: Reference | None
    verification: Mark


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds on a date what was given to a unit.

    `held`: `agency` holds it, by itself or after the `events`, since `since` (None where its beginning is not known). `to-be-decided`: a split, an abolition or a missing
    document leaves it open; `candidates` are the bodies that the events name, and `agency` is None.
    """

    named: str
    state: Literal["held", "to-be-decided"]
    agency: str | None
    candidates: list[str]
    events: list[str]
    since: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class _HoldingRow:
    named: str
    holder: str | None
    candidate: str | None
    valid_from: datetime.date | None
    valid_to: datetime.date | None
    event: str | None


def holders(store: Store, named: Iterable[str], *, as_of: datetime.date) -> dict[str, Holder]:
    """Who holds on `as_of` what was given to each of `named`, read from the holding intervals made at publication.

    Posts and groups of addressees have no intervals: they hold what they were given. An agency that has intervals but
    none on that date (before its first day, or in a gap) is to be decided, without candidates.
    """
    found = {}
    for unit, held in rows_of(store, "holdings", _HoldingRow, named).items():
        if not held:
            found[unit] = Holder(unit, "held", unit, [], [])
            continue
        rows = [row for row in held if holds(as_of, row.valid_from, row.valid_to)]
        bodies = sorted({row.holder for row in rows if row.holder})
        candidates = sorted({row.candidate for row in rows if row.candidate})
        events = sorted({row.event for row in rows if row.event})
        if len(bodies) == 1 and not candidates:
            found[unit] = Holder(unit, "held", bodies[0], [], events, rows[0].valid_from)
        else:
            found[unit] = Holder(unit, "to-be-decided", None, sorted({*bodies, *candidates}), events)
    return found


@dataclass(frozen=True, slots=True)
class _EventRow:
    event: str
    kind: str
    date: datetime.date
    original: str | None
    result: str | None
    basis: str | None
    graph: str


def events(store: Store, iris: Iterable[str], *, language: str = "vi") -> dict[str, ChangeEvent]:
    """The change events `iris` in full."""
    grouped = {iri: rows for iri, rows in rows_of(store, "events", _EventRow, iris).items() if rows}
    rows = [row for group in grouped.values() for row in group]
    named = references(store, [i for row in rows for i in (row.original, row.result, row.basis) if i], language)
    kinds = codes(store, (row.kind for row in rows), language)
    marks = graph_marks(store, (row.graph for row in rows))
    found = {}
    for event, group in grouped.items():
        proofs = strongest(marks[row.graph] for row in group if row.graph in marks)
        basis = next((row.basis for row in group if row.basis), None)
        found[event] = ChangeEvent(
            event,
            kinds[group[0].kind],
            group[0].date,
            [named[iri] for iri in sorted({row.original for row in group if row.original})],
            [named[iri] for iri in sorted({row.result for row in group if row.result})],
            named[basis] if basis else None,
            proofs[0].mark if proofs else "unverified",
        )
    return found


@dataclass(frozen=True, slots=True)
class _CodeRow:
    agency: str
    code: str
    scheme: str | None
    valid_from: datetime.date | None
    valid_to: datetime.date | None


def agencies(
    store: Store, iris: Iterable[str], *, as_of: datetime.date, language: str = "vi"
) -> dict[str, AgencyReference]:
    """Bodies by name, each with the code it bears on `as_of`; every IRI asked for is a key of the answer."""
    borne = rows_of(store, "agency-codes", _CodeRow, iris)
    rows = [row for group in borne.values() for row in group]
    current: dict[str, str] = {}
    # The codes of 20/2020/QĐ-TTg before those of QCVN 102:2016 that they replaced (same code, reversed order).
    for row in sorted(rows, key=lambda row: ("qcvn" in (row.scheme or ""), row.code)):
        if holds(as_of, row.valid_from, row.valid_to):
            current.setdefault(row.agency, row.code)
    return {
        iri: AgencyReference(iri, named.kind, named.label, named.language, current.get(iri))
        for iri, named in references(store, borne, language).items()
    }


@dataclass(frozen=True, slots=True)
class Career:
    """What a unit came from and what became of it, through every change known: `before` and `after` in the order of days.

    `truncated`: a limit was reached and there is more.
    """

    before: list[ChangeEvent]
    after: list[ChangeEvent]
    truncated: bool


@dataclass(frozen=True, slots=True)
class _SideRow:
    agency: str
    event: str
    side: str


MOST_CHANGES = 40
"""Changes in one direction that a career tells."""


def career(store: Store, agency: str, *, language: str = "vi") -> Career:
    """The changes that led to `agency`, and those that followed from it, step by step."""
    before, cut_before = _walk(store, agency, back=True)
    after, cut_after = _walk(store, agency, back=False)
    told = events(store, [*before, *after], language=language)
    order = sorted(told.values(), key=lambda change: (change.date, change.iri))
    return Career(
        [change for change in order if change.iri in before],
        [change for change in order if change.iri in after and change.iri not in before],
        cut_before or cut_after,
    )


def _walk(store: Store, agency: str, *, back: bool) -> tuple[dict[str, None], bool]:
    """The changes met from `agency` on in one direction of time. Who lives on after a change is on both of its sides: for
    its past only what it resulted from counts, for its future only what it went into."""
    here, there = ("resultingOrganization", "originalOrganization")[:: 1 if back else -1]
    met, frontier = dict[str, None](), {agency}
    seen = {agency}
    while frontier:
        sides = rows_of(store, "agency-changes", _SideRow, sorted(frontier))
        fresh = [
            row.event for rows in sides.values() for row in rows if row.side.endswith(here) and row.event not in met
        ]
        if len(met) + len(fresh) > MOST_CHANGES:
            return met | dict.fromkeys(fresh[: MOST_CHANGES - len(met)]), True
        met |= dict.fromkeys(fresh)
        ends = {
            row.original if there == "originalOrganization" else row.result
            for rows in rows_of(store, "events", _EventRow, fresh).values()
            for row in rows
        }
        frontier = {end for end in ends if end} - seen
        seen |= frontier
    return met, False
