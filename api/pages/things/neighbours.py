"""What a thing is tied to by which property, from the statements that its page has read already."""

from collections.abc import Iterable

from catalogue.graphs import MARKS
from catalogue.iri import node
from catalogue.labels import Reference
from catalogue.things import Statement, Thing, Value


def values(thing: Thing, *properties: str) -> list[Statement]:
    """What is said of a thing by any of `properties` (`eli:based_on`): each value once, with its best proof."""
    return _best((one for one in thing.statements if one.predicate.iri in _iris(properties)), of_it=True)


def referring(thing: Thing, *properties: str) -> list[Statement]:
    """What refers to a thing by any of `properties`: each once, with its best proof, by name."""
    found = _best((one for one in thing.incoming if one.predicate.iri in _iris(properties)), of_it=False)
    return sorted(found, key=lambda one: (one.subject.label or one.subject.iri, one.subject.iri))


def more(thing: Thing, *properties: str) -> bool:
    """Whether more refers to a thing by one of `properties` than `referring` gives."""
    return thing.incoming_truncated or any(cut.property.iri in _iris(properties) for cut in thing.incoming_cut)


def text(thing: Thing, name: str, language: str = "vi") -> str | None:
    """A literal of a thing, in the language asked for where there is one."""
    said = [one.object for one in values(thing, name) if isinstance(one.object, Value)]
    best = min(said, key=lambda one: (one.language not in (None, language), one.language != "vi"), default=None)
    return best.value if best else None


def reference(thing: Thing, name: str) -> Reference | None:
    """The first thing that a property names, by name."""
    named = [one.object for one in values(thing, name) if isinstance(one.object, Reference)]
    return min(named, key=lambda one: one.label or one.iri, default=None)


def _iris(properties: Iterable[str]) -> frozenset[str]:
    return frozenset(node(name).value for name in properties)


def _best(statements: Iterable[Statement], *, of_it: bool) -> list[Statement]:
    found: dict[object, Statement] = {}
    for one in statements:
        end: object = one.object if of_it else one.subject
        known = found.get(end)
        if known is None or _rank(one) < _rank(known):
            found[end] = one
    return list(found.values())


def _rank(one: Statement) -> int:
    return MARKS.index(one.verification) if one.verification else len(MARKS)
