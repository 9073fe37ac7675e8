"""What is said of a thing under the headings that its kind has, and which headings stand empty."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from catalogue.iri import node
from catalogue.labels import Reference
from catalogue.things import Statement, Thing, Value

Heading = tuple[str, tuple[str, ...]]
"""The message of a heading, and the properties (as `chiso:method`) whose values stand under it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A heading (the key of its message) with what is said under it; `searched`: it was looked for and not found."""

    words: str
    statements: list[Statement]
    searched: bool


def facts(thing: Thing, headings: Iterable[Heading], *, language: str, always: Collection[str] = ()) -> list[Fact]:
    """The headings with something under them, those that were searched in vain, and those that are `always` shown."""
    missed = {one.iri for one in named_by(thing, "chiso:notFound")}
    found = []
    for words, properties in headings:
        iris = [node(name).value for name in properties]
        said = _in(language, [one for iri in iris for one in thing.statements if one.predicate.iri == iri])
        searched = not said and any(iri in missed for iri in iris)
        if said or searched or words in always:
            found.append(Fact(words, said, searched))
    return found


def named_by(thing: Thing, *properties: str) -> list[Reference]:
    """The things that a thing names by one of `properties`, each once."""
    iris = {node(name).value for name in properties}
    found = [one.object for one in thing.statements if one.predicate.iri in iris]
    return list({one.iri: one for one in found if isinstance(one, Reference)}.values())


def _in(language: str, statements: Sequence[Statement]) -> list[Statement]:
    """One statement per value; of texts in several languages those in the one asked for."""
    unique = list({(one.predicate.iri, one.object): one for one in reversed(statements)}.values())[::-1]
    tagged = {one.predicate.iri for one in unique if isinstance(one.object, Value) and one.object.language == language}
    return [
        one
        for one in unique
        if not (
            isinstance(one.object, Value)
            and one.object.language not in (None, language)
            and one.predicate.iri in tagged
        )
    ]
