"""The pages of information systems, their features and exchanges: who runs it, what it does, with whom it exchanges what."""

from typing import Any

from api.pages.things.exchange_picture import drawn
from api.pages.things.neighbours import reference, referring, values
from api.pages.things.subject import Subject
from catalogue import proofs, systems
from catalogue.labels import Reference, kind_of
from catalogue.things import Statement

_MOST_EXCHANGES = 300


def room(subject: Subject) -> dict[str, Any]:
    """The context of the page of a system or of an exchange."""
    thing, reading = subject.thing, subject.reading
    found = systems.exchanges(subject.service.store, of=subject.node, as_of=reading.as_of, language=reading.language)[
        :_MOST_EXCHANGES
    ]
    here = Reference(thing.iri, thing.kind, thing.label, thing.language)
    centre = here if thing.kind == "system" else found[0].target if found else here
    concerns = values(thing, "chiso:concerns")
    features = sorted(values(thing, "chiso:feature"), key=_by_name)
    hosts = referring(thing, "chiso:hostedBy")
    given = {"exchanges": found, "concerns": concerns, "features": features, "hosts": hosts}
    return {
        "exchanges": found,
        "picture": drawn(centre, found, "?"),
        "operators": values(thing, "chiso:operatedBy"),
        "places": values(thing, "chiso:hostedBy"),
        "bases": values(thing, "chiso:basis"),
        "area": reference(thing, "dct:spatial"),
        "alike": [*values(thing, "chiso:possiblySameAs"), *values(thing, "rdfs:seeAlso")],
        "concerns": sorted(concerns, key=_by_name),
        "features": features,
        "hosts": hosts,
        "remarks": values(thing, "chiso:note"),
        "quotations": quotations(subject),
        "sections": [(f"system-{name}", f"system.{name}") for name, there in given.items() if there],
    }


def feature(subject: Subject) -> dict[str, Any]:
    """The context of the page of a feature."""
    return {"systems": referring(subject.thing, "chiso:feature"), "quotations": quotations(subject), "sections": []}


def quotations(subject: Subject) -> list[proofs.SourceReference]:
    """The words that carry what is said of a thing, each with its source."""
    named = [
        one.object.iri for one in values(subject.thing, "prov:wasDerivedFrom") if isinstance(one.object, Reference)
    ]
    quotes = [iri for iri in named if kind_of(iri) == "quote"]
    return list(proofs.quotations(subject.service.store, quotes).values())


def _by_name(one: Statement) -> str:
    return (one.object.label or one.object.iri) if isinstance(one.object, Reference) else one.object.value
