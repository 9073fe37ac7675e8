"""The page of a decision or a provision: in force or not, what it mandates, what it rests on, who got work from it."""

import re
from dataclasses import dataclass
from typing import Any

from api.pages.things.neighbours import more, reference, referring, text, values
from api.pages.things.sections import LEAD
from api.pages.things.subject import Subject
from catalogue import mandates
from catalogue.codes import CodeReference
from catalogue.iri import KINDS
from catalogue.mandates import Touch
from catalogue.responsibility import Assignment
from catalogue.things import Statement

MOST = 300
"""Things that refer to a decision, and assignments it makes, that are shown."""

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Duty:
    """What one unit was given for one thing: with all its roles in it."""

    one: Assignment
    roles: list[CodeReference]


def room(subject: Subject) -> dict[str, Any]:
    """The context of the page."""
    thing, language = subject.thing, subject.reading.language
    found = mandates.of(subject.service.store, subject.node, as_of=subject.reading.as_of, most=MOST, language=language)
    units = by_unit(found.given)
    kinds = by_kind([one for one in found.touching if one.relation == "basis"])
    provisions = sorted(referring(thing, "eli:is_part_of"), key=_in_order)
    rests = {name: values(thing, f"eli:{name}") for name in ("based_on", "implements", "cites")}
    changes = {name: values(thing, f"eli:{name}") for name in ("amends", "repeals")}
    changed = {name: [one for one in found.touching if one.relation == name] for name in ("amends", "repeals")}
    resting = {
        name: [one for one in found.touching if one.relation == name] for name in ("based_on", "implements", "cites")
    }
    given = {
        "work": bool(units or found.ended),
        "mandates": bool(kinds),
        "rests": any(rests.values()),
        "resting": any(resting.values()),
        "changes": any(changes.values()) or any(changed.values()),
        "provisions": bool(provisions),
    }
    return {
        "mandate": found,
        "decision": found.decision,
        "heading": text(thing, "dct:title", language),
        "whole": reference(thing, "eli:is_part_of"),
        "ending": [one for one in changed["repeals"] if one.part is None],
        "units": units,
        "kinds": kinds,
        "provisions": provisions,
        "more_provisions": more(thing, "eli:is_part_of"),
        "rests": rests,
        "resting": resting,
        "changes": changes,
        "changed": changed,
        "remarks": values(thing, "chiso:note"),
        "sections": [(f"decision-{name}", f"decision.{name}") for name, there in given.items() if there],
    }


def by_unit(given: list[Assignment]) -> list[tuple[Assignment, list[Duty]]]:
    """Who was given what: units by name, those who lead most first; in each its duties."""
    units: dict[str, dict[tuple[str, ...], Duty]] = {}
    for one in given:
        holder = one.agency.iri if one.agency else f"? {one.named.iri}"
        key = (one.object.iri, one.provision.iri if one.provision else "", one.named.iri, one.verification)
        units.setdefault(holder, {}).setdefault(key, Duty(one, [])).roles.append(one.role)
    found = [(next(iter(duties.values())).one, list(duties.values())) for duties in units.values()]
    return sorted(found, key=lambda pair: (-_leads(pair[1]), (pair[0].agency or pair[0].named).label or ""))


def by_kind(touches: list[Touch]) -> list[tuple[str, list[Touch]]]:
    """What rests on a decision, by the kind of thing, in the order of kinds."""
    kinds: dict[str, list[Touch]] = {}
    for one in touches:
        kinds.setdefault(one.subject.kind or "concept", []).append(one)
    order = list(KINDS)
    return sorted(kinds.items(), key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order))


def _leads(duties: list[Duty]) -> int:
    return sum(role.notation == LEAD for duty in duties for role in duty.roles)


def _in_order(one: Statement) -> tuple[list[int], str]:
    """Articles by their number: the second before the tenth."""
    key = one.subject.iri.rpartition("/")[2].partition(".dieu-")[2]
    return [int(number) for number in _NUMBER.findall(key)], one.subject.iri
