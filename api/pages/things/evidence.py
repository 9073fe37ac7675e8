"""The pages of sources, quotations and codes: what was taken from where, word for word, and who bears a code."""

import re
from typing import Any

from api.pages.things.neighbours import more, reference, referring, text, values
from api.pages.things.subject import Subject
from catalogue import proofs, taken
from catalogue.labels import Reference


def source(subject: Subject) -> dict[str, Any]:
    """The context of the page of a source."""
    thing, store, language = subject.thing, subject.service.store, subject.reading.language
    described, cut = taken.of(store, subject.node, language=language)
    quoted = referring(thing, "prov:wasQuotedFrom")
    words = proofs.quotations(store, [one.subject.iri for one in quoted])
    return {
        "here_said": proofs.sources(store, [thing.iri])[thing.iri],
        "publisher": text(thing, "dct:publisher", language),
        "creators": values(thing, "dct:creator"),
        "licences": values(thing, "dct:license"),
        "retrieved": values(thing, "chiso:retrieved"),
        "issued": values(thing, "dct:issued"),
        "missing": values(thing, "chiso:notFound"),
        "whole": reference(thing, "dct:isPartOf"),
        "pieces": referring(thing, "dct:isPartOf"),
        "described": described,
        "cut": cut,
        "quoted": sorted(((one.subject, words[one.subject.iri]) for one in quoted), key=_in_order),
        "more_quoted": more(thing, "prov:wasQuotedFrom"),
        "remarks": values(thing, "chiso:note"),
        "sections": [
            *([("source-described", "source.described")] if described else []),
            *([("source-quoted", "source.quoted")] if quoted else []),
        ],
    }


def quote(subject: Subject) -> dict[str, Any]:
    """The context of the page of a quotation."""
    thing = subject.thing
    carried = referring(thing, "prov:wasDerivedFrom")
    return {
        "quotation": proofs.quotations(subject.service.store, [thing.iri])[thing.iri],
        "carried": carried,
        "more_carried": more(thing, "prov:wasDerivedFrom"),
        "sections": [("quote-carried", "quote.carried")] if carried else [],
    }


def code(subject: Subject) -> dict[str, Any]:
    """The context of the page of a code."""
    thing = subject.thing
    return {
        "notation": text(thing, "skos:notation"),
        "scheme": reference(thing, "skos:inScheme"),
        "bearers": referring(thing, "adms:identifier"),
        "begun": values(thing, "chiso:validFrom"),
        "ended": values(thing, "chiso:validTo"),
        "remarks": values(thing, "chiso:note"),
        "sections": [],
    }


_NUMBER = re.compile(r"\d+")


def _in_order(quoted: tuple[Reference, proofs.SourceReference]) -> tuple[list[int], str]:
    """Quotations by their place: paragraph 2 before paragraph 10."""
    return [int(number) for number in _NUMBER.findall(quoted[1].place or "")], quoted[0].iri
