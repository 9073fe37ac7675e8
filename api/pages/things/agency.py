"""The page of a unit, a post or a group of addressees: what it leads, coordinates and reports, what it was and became."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from api.pages.things.neighbours import more, reference, referring, text, values
from api.pages.things.subject import Subject
from catalogue import organisations, portfolio
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
class Work:
    """What a unit holds under one heading: `name` of the heading, the role it is about where it is about one alone."""

    name: str
    role: CodeReference | None
    items: list[PortfolioItem]

    @property
    def listed(self) -> list[PortfolioItem]:
        """Those that the page shows."""
        return self.items[:MOST_LISTED]


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
        "counts": {one.name: len(one.items) for one in work if one.role is None},
        "others": sum(len(one.items) for one in work if one.role is not None),
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
    """What is led, what is coordinated, what is reported, then all other roles one by one."""
    lead = [one for one in items if one.role.notation == "chu-tri"]
    together = [one for one in items if one.role.notation == "phoi-hop"]
    report = [one for one in items if one.role.notation in REPORTING]
    others: dict[str, tuple[CodeReference, list[PortfolioItem]]] = {}
    for one in items:
        if one.role.notation not in {"chu-tri", "phoi-hop"} | REPORTING:
            others.setdefault(one.role.iri, (one.role, []))[1].append(one)
    return [
        Work("leads", None, lead),
        Work("coordinates", None, together),
        Work("reports", None, report),
        *(Work(role.notation, role, held) for role, held in others.values()),
    ]


def _alive(subject: Subject, units: list[Statement]) -> list[Statement]:
    """Those of the units that exist on the day."""
    day = subject.reading.as_of
    life = lives(subject.service.store, [one.subject.iri for one in units])
    return [one for one in units if _lives_on(day, *life[one.subject.iri])]


def _lives_on(day: date, begun: date | None, ended: date | None) -> bool:
    return (begun is None or begun <= day) and (ended is None or ended > day)
