"""Whether a candidate has what a query asks of its properties: yes, no, or not known."""

from collections.abc import Mapping
from datetime import date

from pyoxigraph import NamedNode

from catalogue.clock import parse_date
from catalogue.errors import CatalogueError
from catalogue.folding import fold
from catalogue.iri import CODES
from catalogue.labels import references
from catalogue.names import shorter
from catalogue.reconciliation import facts
from catalogue.reconciliation.facts import Value
from catalogue.reconciliation.identity import known_id
from catalogue.reconciliation.property_table import PROPERTIES
from catalogue.reconciliation.reading import Constraint, Wanted
from catalogue.store.port import Store

_WHOLES = tuple(word for one in PROPERTIES if one.id in ("set", "parent", "issuer") for word in one.words)
_TEXTS = tuple(word for one in PROPERTIES if one.id in ("name", "alias") for word in one.words)


def verdicts(
    store: Store, constraint: Constraint, things: list[str], *, base: str, as_of: date
) -> dict[str, bool | None]:
    """For each of `things` whether it has one of the wanted values; None where nothing is said of the property."""
    found = facts.values(store, constraint.property, things, as_of=as_of, language=None)
    iris = list(dict.fromkeys(value.iri for some in found.values() for value in some if value.iri))
    called = _called(store, iris)
    return {
        thing: any(_fits(value, wanted, called, base) for value in found[thing] for wanted in constraint.values)
        if found[thing]
        else None
        for thing in things
    }


def meant(base: str, wanted: Wanted) -> NamedNode | None:
    """The thing that a wanted value names by identifier, None where it is a text."""
    return known_id(base, wanted.id).node if wanted.id else known_id(base, wanted.text).node


def _called(store: Store, iris: list[str]) -> dict[str, set[str]]:
    """Under which folded names and codes each of `iris` goes."""
    said = facts.stated(store, iris)
    found: dict[str, set[str]] = {}
    labels = [references(store, iris, language) for language in ("vi", "en")]
    for iri in iris:
        texts = {term.value for word in _TEXTS for term in said[iri].get(word, [])}
        texts |= {one[iri].label or "" for one in labels}
        texts |= {form for text in list(texts) for form in shorter(text, labels[0][iri].kind)}
        own = iri.rpartition("/")[2]
        codes = {
            term.value for word, terms in said[iri].items() if word.endswith(("#notation", "#number")) for term in terms
        }
        found[iri] = {fold(text) for text in (*texts, *codes, *([own] if iri.startswith(CODES) else [])) if text}
    return found


def _fits(value: Value, wanted: Wanted, called: Mapping[str, set[str]], base: str) -> bool:
    if value.iri is not None:
        node = meant(base, wanted)
        if node is not None:
            return node.value == value.iri
        return wanted.id == value.iri or fold(wanted.text or wanted.id or "") in called[value.iri]
    if value.day is not None:
        try:
            return parse_date(wanted.text[:10] if "T" in wanted.text else wanted.text) == value.day
        except CatalogueError:
            return False
    if value.number is not None:
        try:
            return abs(float(wanted.text) - value.number) <= 1e-9 * max(1.0, abs(value.number))
        except ValueError:
            return False
    return bool(value.text) and fold(value.text or "") == fold(wanted.text)


def names_of(said: Mapping[str, list[object]]) -> list[str]:
    """Every name that a thing says it has."""
    return [str(getattr(term, "value", "")) for word in _TEXTS for term in said.get(word, [])]


def whole_of(said: Mapping[str, list[object]]) -> str | None:
    """What a thing belongs to: its set, its parent, or who issued it."""
    for word in _WHOLES:
        for term in sorted(said.get(word, []), key=str):
            if isinstance(term, NamedNode):
                return term.value
    return None
