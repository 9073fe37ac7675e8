"""What the pages of questions in SPARQL give to the editor and to the tables, charts and graphs of answers."""

from collections.abc import Mapping
from typing import Any

from api.pages.render import Pages
from api.service import Reading, Service
from catalogue import library
from catalogue.errors import CatalogueError
from catalogue.iri import KINDS, PREFIXES
from catalogue.library import Example

_SCRIPTS = "editor.script."


def block(service: Service, pages: Pages, language: str) -> dict[str, Any]:
    """The words and addresses that the scripts of these pages need, for their block of JSON."""
    words = pages.words(language)
    return {
        "language": language,
        "words": {key.removeprefix(_SCRIPTS): words[key] for key in words if key.startswith(_SCRIPTS)},
        "prefixes": PREFIXES,
        "kinds": f"{service.base}id/",
        "seconds": service.settings.query_seconds,
    }


def values(example: Example, given: Mapping[str, str]) -> dict[str, str]:
    """What stands in the form of an example: what was given, else the default, else the example where one is needed."""
    return {
        one.name: given.get(one.name, (one.default or "") if one.optional else one.example)
        for one in example.parameters
    }


def kinds(example: Example | None) -> dict[str, str]:
    """Of what kind the things are that a parameter takes, by its name; those that take any are absent."""
    return {
        one.name: next(kind for kind, of in KINDS.items() if of == one.kind)
        for one in (example.parameters if example else ())
        if one.kind in KINDS.values()
    }


def text_of(service: Service, example: Example, given: Mapping[str, str], reading: Reading) -> str:
    """The text of an example with the values of its form. Raises as `Example.bound` does."""
    return example.bound(values(example, given), lambda words: service.thing(words, reading), reading.as_of)


def chosen(service: Service, asked: Mapping[str, str], reading: Reading) -> dict[str, Any]:
    """The example that `example=` names, with its form and text, and what is wrong with the values; nothing where it names
    none. Raises nothing for values that do not fit: the text then keeps its parameters."""
    example = library.examples().get(asked.get("example", ""))
    if example is None:
        return {"example": None, "given": {}, "error": None}
    given = {one.name: asked[one.name] for one in example.parameters if one.name in asked}
    try:
        text, error = text_of(service, example, given, reading), None
    except CatalogueError as unfit:
        text, error = example.text, unfit
    return {"example": example, "given": values(example, given), "query": text, "error": error}
