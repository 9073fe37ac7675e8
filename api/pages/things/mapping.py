"""The pages of mappings between codes, of the sets they come in, and of the decisions about them."""

from typing import Any

from api.pages.things.neighbours import reference, referring, text, values
from api.pages.things.subject import Subject
from catalogue.labels import Reference
from catalogue.mapping import entries, records
from catalogue.mapping.entries import Entry
from catalogue.mapping.relations import WORDS

MOST_LISTED = 200
"""Mappings of a set that the page lists; the files have them all."""


def room(subject: Subject) -> dict[str, Any]:
    """The context of the page of a mapping."""
    found = _entries(subject, [subject.thing.iri])
    reviews = referring(subject.thing, "chiso:reviewOf")
    return {
        "entry": found[0] if found else None,
        "words": _words(subject),
        "reviews": reviews,
        "sections": [("mapping-reviews", "mapping.reviews")] if reviews else [],
    }


def mapping_set(subject: Subject) -> dict[str, Any]:
    """The context of the page of a mapping set."""
    thing = subject.thing
    named = sorted({one.object.iri for one in values(thing, "sssom:mappings") if isinstance(one.object, Reference)})
    found = _entries(subject, named[:MOST_LISTED])
    total = next((cut.total for cut in thing.cut if cut.property.iri.endswith("/mappings")), len(named))
    return {
        "entries": sorted(found, key=_order),
        "words": _words(subject),
        "total": total,
        "key": thing.iri.rpartition("/")[2],
        "licences": values(thing, "sssom:license"),
        "description": text(thing, "sssom:mapping_set_description", subject.reading.language),
        "sections": [("set-mappings", "mapping.mappings")] if found else [],
    }


def review(subject: Subject) -> dict[str, Any]:
    """The context of the page of an earlier decision about a mapping."""
    thing = subject.thing
    mapping = reference(thing, "chiso:reviewOf")
    found = _entries(subject, [mapping.iri]) if mapping else []
    return {
        "entry": found[0] if found else None,
        "words": _words(subject),
        "mapping": mapping,
        "status": reference(thing, "chiso:status"),
        "sections": [],
    }


def _entries(subject: Subject, iris: list[str]) -> list[Entry]:
    store, reading = subject.service.store, subject.reading
    return entries.described(store, records.named(store, iris), as_of=reading.as_of, language=reading.language)


def _order(one: Entry) -> tuple[str, ...]:
    """The decided ones apart from the proposed ones, then by list, code and name."""
    code = one.subject
    named = [part.label or "" if part else "" for part in (code.scheme, code.thing)]
    return (one.status, named[0], code.notation or "", named[1], one.iri)


def _words(subject: Subject) -> dict[str, str]:
    """What the relations are called."""
    place = 1 if subject.reading.language == "en" else 0
    return {name: words[place] for name, words in WORDS.items()}
