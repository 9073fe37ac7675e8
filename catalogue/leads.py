"""Which things have no lead unit, several, or one that no longer exists?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pyoxigraph import NamedNode

from catalogue.decisions import of_bases
from catalogue.labels import Reference, references
from catalogue.lookup import ask
from catalogue.organisations import AgencyReference, Holder, agencies, holders
from catalogue.query import Query
from catalogue.store.port import Store

LeadState = Literal["own", "inherited", "several", "ended", "without"]
LEAD_STATES: tuple[LeadState, ...] = ("own", "inherited", "several", "ended", "without")

EXAMINED = 20_000
"""Most things that one review looks at."""


@dataclass(frozen=True, slots=True)
class LeadConflict:
    """A thing and the units concerned: the several that lead, or the one named that no longer exists."""

    thing: Reference
    leads: list[AgencyReference]


@dataclass(frozen=True, slots=True)
class LeadReview:
    """Things `without` a lead, with `several` on one and the same object, and whose lead has `ended` undecided.

    `inherited`: things led only through their group or set. Each list holds at most the limit asked for. `checked`: how many
    things were looked at; `truncated`: a list was cut, or there are more things than can be looked at in one go.
    """

    as_of: date
    scope: Reference | None
    checked: int
    without: list[Reference]
    several: list[LeadConflict]
    ended: list[LeadConflict]
    inherited: list[Reference]
    truncated: bool


@dataclass(frozen=True, slots=True)
class Led:
    """How one thing is led: the units that lead on the day, whether it is named itself (`own`) or led through its group or
    set, the `rivals` that lead on one and the same object, and the units named that exist no longer (`ended`)."""

    leads: tuple[str, ...] = ()
    own: bool = False
    rivals: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()

    @property
    def state(self) -> LeadState:
        """Which of the states it is in; the one that asks for work goes first."""
        if self.rivals:
            return "several"
        if self.ended:
            return "ended"
        return "without" if not self.leads else "own" if self.own else "inherited"


def led(store: Store, things: Iterable[str], *, as_of: date) -> dict[str, Led]:
    """How each of `things` is led on a day; every thing asked for is a key. One pass, whatever the number of things."""
    wanted = list(dict.fromkeys(things))
    wholes = {thing: [row.whole for row in rows] for thing, rows in ask(store, "leads-wholes", _Whole, wanted).items()}
    given = _given(store, dict.fromkeys([*wanted, *(one for found in wholes.values() for one in found)]), as_of)
    held = holders(store, {lead.named for found in given.values() for lead in found}, as_of=as_of)
    found = {}
    for thing in wanted:
        own = given.get(thing, [])
        leads = own or [lead for whole in wholes[thing] for lead in given.get(whole, ())]
        agencies_now = {agency for lead in leads if (agency := held[lead.named].agency)}
        lost = {lead.named for lead in leads if held[lead.named].agency is None}
        found[thing] = Led(tuple(sorted(agencies_now)), bool(own), tuple(_rivals(leads, held)), tuple(sorted(lost)))
    return found


def review(
    store: Store, *, scope: NamedNode | None = None, as_of: date, limit: int = 1_000, language: str = "vi"
) -> LeadReview:
    """Look through `scope` (a set, group, decision or provision; None for the whole catalogue).

    `limit`: most findings in each list. At most `EXAMINED` things are looked at.
    """
    if scope is None:
        found = store.select(Query.named("leads-everything").bind(limit=EXAMINED + 1)).rows
    else:
        found = store.select(Query.named("leads-scope").bind(scope=scope, limit=EXAMINED + 1)).rows
    everything = sorted({row[0].value for row in found if isinstance(row[0], NamedNode)})
    looked = led(store, everything[:EXAMINED], as_of=as_of)
    without = [thing for thing, one in looked.items() if not one.leads and not one.ended]
    several = [(thing, one.rivals) for thing, one in looked.items() if one.rivals]
    ended = [(thing, one.ended) for thing, one in looked.items() if one.ended]
    inherited = [thing for thing, one in looked.items() if not one.own and (one.leads or one.ended)]
    lists: tuple[Sequence[object], ...] = (without, several, ended, inherited)
    shown = {*without[:limit], *inherited[:limit], *(thing for thing, _ in (*several[:limit], *ended[:limit]))}
    named = references(store, [*sorted(shown), *([scope.value] if scope else [])], language)
    units = {unit for _, of in (*several[:limit], *ended[:limit]) for unit in of}
    bodies = agencies(store, sorted(units), as_of=as_of, language=language)

    def conflicts(found: list[tuple[str, tuple[str, ...]]]) -> list[LeadConflict]:
        return [LeadConflict(named[thing], [bodies[unit] for unit in of]) for thing, of in found[:limit]]

    return LeadReview(
        as_of,
        named[scope.value] if scope else None,
        len(looked),
        [named[thing] for thing in without[:limit]],
        conflicts(several),
        conflicts(ended),
        [named[thing] for thing in inherited[:limit]],
        len(everything) > EXAMINED or any(len(one) > limit for one in lists),
    )


@dataclass(frozen=True, slots=True)
class _Whole:
    thing: str
    whole: str


@dataclass(frozen=True, slots=True)
class _Task:
    thing: str
    task: str


@dataclass(frozen=True, slots=True)
class _Lead:
    object: str
    responsibility: str
    named: str
    basis: str | None
    valid_from: date | None
    valid_to: date | None


def _given(store: Store, things: Iterable[str], as_of: date) -> dict[str, list[_Lead]]:
    """Who is named as lead of each of `things` or of a task about it, in force on the day."""
    wanted = list(things)
    tasks = {thing: [row.task for row in rows] for thing, rows in ask(store, "leads-tasks", _Task, wanted).items()}
    objects = list(dict.fromkeys([*wanted, *(task for found in tasks.values() for task in found)]))
    named = ask(store, "leads", _Lead, objects)
    rows = [row for found in named.values() for row in found]
    decisions = of_bases(store, dict.fromkeys(row.basis for row in rows if row.basis), as_of=as_of)

    def counts(row: _Lead) -> bool:
        begun = row.valid_from is None or row.valid_from <= as_of
        over = row.valid_to is not None and row.valid_to <= as_of
        lapsed = row.basis is not None and row.basis in decisions and not decisions[row.basis].in_force
        return begun and not over and not lapsed

    standing = {of: [row for row in found if counts(row)] for of, found in named.items()}
    return {thing: [row for one in (thing, *tasks[thing]) for row in standing[one]] for thing in wanted}


def _rivals(leads: list[_Lead], held: dict[str, Holder]) -> list[str]:
    """Units that lead on one and the same object: two tasks about one set with a lead each are no conflict."""
    by_object: dict[str, set[str]] = {}
    for lead in leads:
        agency = held[lead.named].agency
        if agency is not None:
            by_object.setdefault(lead.object, set()).add(agency)
    return sorted({iri for units in by_object.values() if len(units) > 1 for iri in units})
