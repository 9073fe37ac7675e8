"""Which things have no lead unit, several, or one that no longer exists?"""

from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode

from catalogue.decisions import of_bases
from catalogue.labels import Reference, references
from catalogue.organisations import AgencyReference, Holder, agencies, holders
from catalogue.query import Query
from catalogue.rows import records
from catalogue.store.port import Store

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
class _Lead:
    thing: str
    via: str
    responsibility: str
    object: str
    named: str
    basis: str | None
    valid_from: date | None
    valid_to: date | None


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
    things = everything[:EXAMINED]
    leads = _leads(store, things, as_of)
    held = holders(store, {lead.named for group in leads.values() for lead in group}, as_of=as_of)
    named = references(store, [*things, *([scope.value] if scope else [])], language)
    bodies = agencies(
        store,
        {iri for h in held.values() for iri in (h.named, h.agency, *h.candidates) if iri},
        as_of=as_of,
        language=language,
    )
    without, several, ended, inherited = [], [], [], []
    for thing in things:
        own = _nearest(thing, leads.get(thing, []))
        if not own:
            without.append(named[thing])
            continue
        if all(lead.via != thing for lead in own):
            inherited.append(named[thing])
        rivals = _rivals(own, held)
        if rivals:
            several.append(LeadConflict(named[thing], [bodies[iri] for iri in rivals]))
        lost = sorted({lead.named for lead in own if held[lead.named].agency is None})
        if lost:
            ended.append(LeadConflict(named[thing], [bodies[iri] for iri in lost]))
    lists = (without, several, ended, inherited)
    return LeadReview(
        as_of,
        named[scope.value] if scope else None,
        len(things),
        without[:limit],
        several[:limit],
        ended[:limit],
        inherited[:limit],
        len(everything) > EXAMINED or any(len(one) > limit for one in lists),
    )


def _leads(store: Store, things: list[str], as_of: date) -> dict[str, list[_Lead]]:
    if not things:
        return {}
    query = Query.named("leads")
    rows = records(_Lead, store.select(query.bind(things=[NamedNode(iri) for iri in things])), query.name)
    decisions = of_bases(store, (row.basis for row in rows if row.basis), as_of=as_of)
    grouped: dict[str, list[_Lead]] = {}
    for row in rows:
        begun = row.valid_from is None or row.valid_from <= as_of
        over = row.valid_to is not None and row.valid_to <= as_of
        lapsed = row.basis is not None and row.basis in decisions and not decisions[row.basis].in_force
        if begun and not over and not lapsed:
            grouped.setdefault(row.thing, []).append(row)
    return grouped


def _nearest(thing: str, leads: list[_Lead]) -> list[_Lead]:
    """A thing's own leads where it has any, else those of its group or set."""
    return [lead for lead in leads if lead.via == thing] or leads


def _rivals(leads: list[_Lead], held: dict[str, Holder]) -> list[str]:
    """Units that lead on one and the same object: two tasks about one set with a lead each are no conflict."""
    by_object: dict[str, set[str]] = {}
    for lead in leads:
        agency = held[lead.named].agency
        if agency is not None:
            by_object.setdefault(lead.object, set()).add(agency)
    return sorted({iri for units in by_object.values() if len(units) > 1 for iri in units})
