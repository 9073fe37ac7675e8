"""The pages of reorganisations: of bodies, and of administrative units."""

from typing import Any

from api.pages.things.neighbours import values
from api.pages.things.subject import Subject
from catalogue.labels import Reference
from catalogue.things import Statement


def event(subject: Subject) -> dict[str, Any]:
    """The context of the page of a reorganisation of bodies."""
    return _change(subject, "org:originalOrganization", "org:resultingOrganization")


def area_change(subject: Subject) -> dict[str, Any]:
    """The context of the page of a change of administrative units."""
    found = _change(subject, "prov:used", "prov:generated")
    if subject.thing.label is None:
        found["name"] = _said(found["kinds"], found["before"], found["after"])
    return found


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


def _said(kinds: list[Statement], before: list[Statement], after: list[Statement]) -> str:
    """What a change without a name is called: what became what."""
    kind = _names(kinds[:1])
    sides = f"{_names(before)} → {_names(after) or '…'}"
    return f"{kind}: {sides}" if kind else sides


def _names(statements: list[Statement]) -> str:
    named = [one.object.label or one.object.iri for one in statements if isinstance(one.object, Reference)]
    return " + ".join(named[:3]) + (" + …" if len(named) > 3 else "")
