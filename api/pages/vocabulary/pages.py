"""`/ns` as a page, and `/browse`: every class and property with its name, meaning, rules, numbers and examples."""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from pyoxigraph import Literal, NamedNode

from api.counting import counts, dating, final
from api.pages.answering import HTML, sent
from api.pages.render import Pages
from api.pages.vocabulary import diagram
from api.service import Reading, Service
from api.terms import vocabulary
from catalogue import shipped, vocabulary_rules, vocabulary_uses
from catalogue.census import Census
from catalogue.errors import NotFound
from catalogue.iri import CODES, KINDS, PREFIXES, VOCABULARY, is_absolute
from catalogue.labels import Reference, references
from catalogue.vocabulary import Vocabulary, Word
from catalogue.vocabulary_model import Relation, relations
from catalogue.vocabulary_rules import Rule

PAGE = 50
"""Things on one page of a list."""
DEEPEST = 200
"""Most pages of a list."""
EXAMPLES = 12
"""Statements shown of a property."""

Iri = Annotated[str, Query(max_length=500)]
Number = Annotated[int, Query(alias="page", ge=1, le=DEEPEST)]

_KIND_OF_CLASS = {iri: kind for kind, iri in reversed(KINDS.items())}


def router(service: Service, pages: Pages) -> APIRouter:
    """The routes of `/browse`, over `service`."""
    routes = APIRouter()

    def page(template: str, request: Request, make: Callable[[Reading, Census | None], dict[str, Any]]) -> Response:
        counted = counts(service)
        state, moment = dating(service, counted)

        def html(reading: Reading) -> bytes:
            context = {**frame(service, reading, counted), **make(reading, counted)}
            return pages.html(template, request, reading.language, **context)

        return sent(service, request, None, "html", html, HTML, dated=False, about=(state,), moment=moment)

    @routes.get("/browse", include_in_schema=False)
    def read_overview(request: Request) -> Response:
        """Every class and property that the data uses, the most used first."""

        def make(_reading: Reading, counted: Census | None) -> dict[str, Any]:
            words = vocabulary(service)
            used = counted.classes if counted else {}
            named = counted.properties if counted else {}
            return {
                "classes": [(words.word(iri), number) for iri, number in used.items()],
                "properties": [
                    (words.word(iri), number, len(counted.users(iri)) if counted else 0)
                    for iri, number in named.items()
                ],
            }

        return page("vocabulary/browse.html", request, make)

    @routes.get("/browse/class", include_in_schema=False)
    def read_class(request: Request, iri: Iri, number: Number = 1) -> Response:
        """A class: what it means, where it leads, its rules, and its things page by page."""

        def make(reading: Reading, counted: Census | None) -> dict[str, Any]:
            word = known(service, iri, counted, "class")
            return of_class(service, word, counted, number, reading.language)

        return page("vocabulary/class.html", request, make)

    @routes.get("/browse/property", include_in_schema=False)
    def read_property(request: Request, iri: Iri) -> Response:
        """A property: what it means, who uses it and to say what, its rules and examples."""

        def make(reading: Reading, counted: Census | None) -> dict[str, Any]:
            word = known(service, iri, counted, "property")
            return of_property(service, word, counted, reading.language)

        return page("vocabulary/property.html", request, make)

    return routes


def frame(service: Service, reading: Reading, counted: Census | None) -> dict[str, Any]:
    """What all these pages show: the words, and of which state the numbers are."""
    words, made = vocabulary(service), counted.state if counted else ""
    return {
        "words": words,
        "counted": counted,
        "counted_now": final(service, counted),
        "name": partial(_name, words, reading.language),
        "about": service.once(f"pages.{made}", lambda: lru_cache(2_000)(partial(about, service, words, counted))),
        "share": share,
        "box_width": diagram.WIDTH,
        "box_height": diagram.HEIGHT,
    }


def _name(words: Vocabulary, language: str, iri: str) -> str:
    return words.word(iri).label(language)


def about(service: Service, words: Vocabulary, counted: Census | None, iri: str) -> str | None:
    """The page about a class, property or code list; None for what has none here."""
    word = words.word(iri)
    if word.sort in ("code", "list"):
        return service.address(iri)
    if word.sort == "class" or (counted and iri in counted.classes):
        return "/browse/class?" + _asked(iri)
    if word.sort == "property" or (counted and iri in counted.properties):
        return "/browse/property?" + _asked(iri)
    return service.address(iri)


def rules(service: Service) -> list[Rule]:
    """The rules of the shapes that ship with the package, read once per published state."""
    return service.once("rules", lambda: vocabulary_rules.rules(sorted(shipped.SHAPES.glob("*.ttl"))))


def model(service: Service, counted: Census | None) -> list[Relation]:
    """The relations between classes, made once per census."""
    made = counted.state if counted else ""
    return service.once(f"model.{made}", lambda: relations(vocabulary(service), rules(service), counted))


def overview(service: Service, counted: Census | None, language: str) -> dict[str, Any]:
    """What the page of `/ns` shows beside the frame: the picture of the model, all words, and the lists."""
    words, made = vocabulary(service), counted.state if counted else ""
    found = model(service, counted)
    numbers: dict[str, int] = {**counted.classes, **counted.properties} if counted else {}
    return {
        "picture": service.once(
            f"picture.{made}.{language}", lambda: diagram.whole(found, partial(_name, words, language))
        ),
        "lineage": [one for one in found if (one.up or one.down) and not one.end.startswith(CODES)],
        "classes": words.sorted("class"),
        "properties": words.sorted("property"),
        "questions": sorted(words.sorted("question"), key=lambda word: int(word.notation or 0)),
        "numbers": numbers,
        "needed": _needed(words),
    }


def _needed(words: Vocabulary) -> dict[str, list[str]]:
    """The classes and properties that each question needs."""
    found: dict[str, list[str]] = {}
    for word in (*words.sorted("class"), *words.sorted("property")):
        for one in word.questions:
            found.setdefault(one, []).append(word.iri)
    return found


def known(service: Service, text: str, counted: Census | None, sort: str) -> Word:
    """The class or property that an address names, by IRI or with a prefix. Raises `NotFound`."""
    iri = _whole(text.strip())
    words = vocabulary(service)
    used = (counted.classes if sort == "class" else counted.properties) if counted else {}
    if words.word(iri).sort == sort or iri in used:
        return words.word(iri)
    if is_absolute(iri) and vocabulary_uses.is_used(service.store, iri, as_class=sort == "class"):
        return words.word(iri)
    vi, en = ("lớp", "class") if sort == "class" else ("thuộc tính", "property")
    raise NotFound(
        f"Không có {vi} “{text[:120]}” trong từ vựng và trong dữ liệu. Danh sách đầy đủ ở /browse.",
        f"Neither the vocabulary nor the data knows a {en} “{text[:120]}”. All of them are at /browse.",
    )


def of_class(service: Service, word: Word, counted: Census | None, number: int, language: str) -> dict[str, Any]:
    """What the page of a class shows."""
    words = vocabulary(service)
    found = [one for one in model(service, counted) if word.iri in (one.start, one.end)]
    total = counted.classes.get(word.iri, 0) if counted else None
    uses = counted.uses.get(word.iri, {}) if counted else {}
    things = vocabulary_uses.things(service.store, word.iri, skip=(number - 1) * PAGE, most=PAGE + 1, total=total)
    named = references(service.store, things[:PAGE], language)
    return {
        "word": word,
        "total": total,
        "picture": diagram.around(word.iri, found, partial(_name, words, language)),
        "to_itself": [one for one in found if one.start == one.end],
        "uses": sorted(uses.items(), key=lambda pair: (-pair[1].things, pair[0])),
        "relations": found,
        "rules": [one for one in rules(service) if word.iri in one.classes],
        "things": [named[iri] for iri in things[:PAGE]],
        "ordered": vocabulary_uses.in_order(total),
        "number": number,
        "last_page": DEEPEST,
        "more": len(things) > PAGE,
        "page_size": PAGE,
        "kind": _KIND_OF_CLASS.get(word.iri),
    }


def of_property(service: Service, word: Word, counted: Census | None, language: str) -> dict[str, Any]:
    """What the page of a property shows."""
    rows = vocabulary_uses.statements(service.store, word.iri, most=EXAMPLES)
    ends = [term.value for row in rows for term in row if isinstance(term, NamedNode)]
    named = references(service.store, ends, language)

    def shown(term: object) -> Reference | Literal | None:
        return named[term.value] if isinstance(term, NamedNode) else term if isinstance(term, Literal) else None

    return {
        "word": word,
        "total": counted.properties.get(word.iri, 0) if counted else None,
        "users": counted.users(word.iri) if counted else [],
        "rules": [one for one in rules(service) if one.property == word.iri],
        "examples": [(shown(subject), shown(value)) for subject, value in rows],
        "lineage": VOCABULARY + "restsOn" in (above := [word.iri, *vocabulary(service).all_above(word.iri)])
        or VOCABULARY + "grounds" in above,
    }


def share(part: int, whole: int) -> str:
    """A part in percent, whole ones; a small part is not none, and nearly all is not all.

    >>> share(14, 3367), share(1, 2), share(999, 1000), share(3, 3), share(0, 5)
    ('< 1 %', '50 %', '> 99 %', '100 %', '0 %')
    """
    if part <= 0 or whole <= 0:
        return "0 %"
    if part >= whole:
        return "100 %"
    percent = 100 * part / whole
    return "< 1 %" if percent < 1 else "> 99 %" if percent > 99 else f"{percent:.0f} %"


def _whole(text: str) -> str:
    prefix, colon, local = text.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES and not local.startswith("//") else text


def _asked(iri: str) -> str:
    return urlencode({"iri": iri})
