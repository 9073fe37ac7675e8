"""The page of a unit, a post or a group of addressees: what it leads, coordinates and reports, what it was and became."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from api.pages.things.neighbours import more, reference, referring, text, values
from api.pages.things.sections import LEAD
from api.pages.things.subject import Subject
from catalogue import organisations, portfolio
from catalogue.clock import holds
from catalogue.codes import CodeReference
from catalogue.labels import days_of
from catalogue.lineage import lives
from catalogue.portfolio import PortfolioItem
from catalogue.things import Statement, Value

REPORTING = frozenset({"bao-cao", "thuc-hien-bao-cao", "tong-hop", "thu-thap-tong-hop"})
"""Roles that are about reporting."""
MOST_LISTED = 100
"""Rows of one table of work; the sheet has them all."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing that a unit does under one document, with all the roles it has in it."""

    item: PortfolioItem
    roles: list[CodeReference]


@dataclass(frozen=True, slots=True)
class Work:
    """What a unit does under one heading."""

    name: str
    duties: list[Duty]

    @property
    def listed(self) -> list[Duty]:
        """Those that the page shows."""
        return self.duties[:MOST_LISTED]


def room(subject: Subject) -> dict[str, Any]:
    """The context of the page."""
    thing, reading = subject.thing, subject.reading
    store, day = subject.service.store, reading.as_of
    with_units = subject.parameters.get("subunits") == "true"
    held = portfolio.of(store, subject.node, as_of=day, subunits=with_units, language=reading.language)
    career = organisations.career(store, thing.iri, language=reading.language)
    begun, ended = lives(store, [thing.iri])[thing.iri]
    below = _alive(subject, referring(thing, "org:subOrganizationOf", "org:reportsTo"))
    issued = referring(thing, "eli:passed_by")
    days = days_of(store, [one.subject.iri for one in issued])
    work = sorted_work(held.items)
    systems = referring(thing, "chiso:operatedBy", "chiso:hostedBy")
    reports, receives = referring(thing, "chiso:reporter"), referring(thing, "chiso:recipient")
    posts = referring(thing, "org:postIn")
    given = {
        "work": bool(held.items or held.undecided),
        "career": bool(career.before or career.after),
        "regimes": bool(reports or receives),
        "units": bool(below or posts),
        "systems": bool(systems),
        "documents": bool(issued),
    }
    return {
        "held": held,
        "work": work,
        "subunits": with_units,
        "counts": {one.name: len(one.duties) for one in work},
        "career": career,
        "begun": begun,
        "ended": ended if ended and ended <= day else None,
        "not_yet": begun is not None and begun > day,
        "above": values(thing, "org:subOrganizationOf", "org:reportsTo", "org:postIn"),
        "area": reference(thing, "dct:spatial"),
        "codes": values(thing, "adms:identifier"),
        "other_names": [one for one in values(thing, "skos:altLabel") if isinstance(one.object, Value)],
        "remark": text(thing, "chiso:note", reading.language),
        "below": below,
        "posts": posts,
        "systems": systems,
        "reports": reports,
        "receives": receives,
        "issued": sorted(issued, key=lambda one: days.get(one.subject.iri, date.min), reverse=True),
        "more_issued": more(thing, "eli:passed_by"),
        "sections": [(f"agency-{name}", f"agency.{name}") for name, there in given.items() if there],
    }


def sorted_work(items: list[PortfolioItem]) -> list[Work]:
    """What is led, what is coordinated, what is reported, and what is done in any other role."""
    headings: dict[str, list[PortfolioItem]] = {"leads": [], "coordinates": [], "reports": [], "others": []}
    for one in items:
        notation = one.role.notation
        name = _HEADINGS.get(notation) or ("reports" if notation in REPORTING else "others")
        headings[name].append(one)
    return [Work(name, _duties(found)) for name, found in headings.items()]


_HEADINGS = {LEAD: "leads", "phoi-hop": "coordinates"}


def _duties(items: list[PortfolioItem]) -> list[Duty]:
    found: dict[tuple[str, ...], Duty] = {}
    for one in items:
        basis = one.provision or one.decision
        key = (one.unit.iri, one.object.iri, basis.iri if basis else "", one.named.iri, one.verification)
        found.setdefault(key, Duty(one, [])).roles.append(one.role)
    return list(found.values())


def _alive(subject: Subject, units: list[Statement]) -> list[Statement]:
    """Those of the units that exist on the day."""
    day = subject.reading.as_of
    life = lives(subject.service.store, [one.subject.iri for one in units])
    return [one for one in units if holds(day, *life[one.subject.iri])]
