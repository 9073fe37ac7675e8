"""The pages of reorganisations: of bodies, and of administrative units."""

from typing import Any

from api.pages.things.neighbours import values
from api.pages.things.subject import Subject


def event(subject: Subject) -> dict[str, Any]:
    """The context of the page of a reorganisation of bodies."""
    return _change(subject, "org:originalOrganization", "org:resultingOrganization")


def area_change(subject: Subject) -> dict[str, Any]:
    """The context of the page of a change of administrative units."""
    return _change(subject, "prov:used", "prov:generated")


def _change(subject: Subject, before: str, after: str) -> dict[str, Any]:
    thing = subject.thing
    return {
        "kinds": values(thing, "dct:type"),
        "days": values(thing, "dct:date"),
        "before": values(thing, before),
        "after": values(thing, after),
        "bases": values(thing, "chiso:basis"),
        "mentions": values(thing, "dct:references"),
        "remarks": values(thing, "chiso:note"),
        "sections": [],
    }
