"""`/api/v1/terms`: prefixes, classes and properties with names and numbers, for whoever completes a query while it is typed."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from api import answers, negotiation
from api.counting import counts, dating, final
from api.parameters import resource
from api.prepared import PREPARABLE
from api.service import Service
from catalogue.graphs import VOCABULARY_GRAPH
from catalogue.iri import PREFIXES, short
from catalogue.vocabulary import Sort, Vocabulary


@dataclass(frozen=True, slots=True)
class Prefix:
    """A prefix that every query may use without declaring it anew, and what it stands for."""

    prefix: str
    iri: str


@dataclass(frozen=True, slots=True)
class Term:
    """A class or property: its IRI, the same with a prefix, its name in the language asked for.

    `count`: how many things are of the class, or how many statements use the property; None where that is not counted yet.
    """

    iri: str
    name: str
    label: str | None
    definition: str | None
    count: int | None


@dataclass(frozen=True, slots=True)
class Terms:
    """Every class and property that the vocabulary declares or the data uses, the most used first.

    `counted_in`: the published state that was counted; None as long as none was.
    """

    language: str
    counted_in: str | None
    prefixes: list[Prefix]
    classes: list[Term]
    properties: list[Term]


def vocabulary(service: Service) -> Vocabulary:
    """The words of the state that this request sees, read once."""
    return service.once("words", lambda: Vocabulary(service.store.graph(VOCABULARY_GRAPH)))


def router(service: Service) -> APIRouter:
    """The routes, over `service`."""
    routes = resource("/api/v1")

    @routes.get("/terms", response_model=answers.model(Terms), tags=["linked data"])
    def read_terms(request: Request) -> Response:
        """The prefixes, classes and properties that a query may use, with names, definitions and how often each is used."""
        reading = service.reading(request)
        counted = counts(service)
        state, moment = dating(service, counted)
        headers = service.validators(request, reading, "json", state, dated=False, moment=moment)
        if service.unchanged(request, headers, exists=True):
            return Response(status_code=304, headers=headers)
        if final(service, counted):
            request.scope[PREPARABLE] = True
        words = vocabulary(service)
        found = Terms(
            reading.language,
            counted.state if counted else None,
            [Prefix(prefix, start) for prefix, start in PREFIXES.items()],
            _terms(words, "class", counted.classes if counted else None, reading.language),
            _terms(words, "property", counted.properties if counted else None, reading.language),
        )
        return Response(answers.written(found), media_type=negotiation.JSON, headers=headers)

    return routes


def _terms(words: Vocabulary, sort: Sort, numbers: Mapping[str, int] | None, language: str) -> list[Term]:
    iris = {word.iri for word in words.sorted(sort)} | set(numbers or ())
    found = []
    for iri in iris:
        word = words.word(iri)
        found.append(
            Term(
                iri,
                short(iri),
                word.label(language) if word.labels else None,
                word.definition(language) or None,
                None if numbers is None else numbers.get(iri, 0),
            )
        )
    return sorted(found, key=lambda term: (-(term.count or 0), term.name))
