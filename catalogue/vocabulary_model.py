"""The model that the vocabulary draws: which class leads to which, by which property.

Taken from the ontology (domain and range), from the shapes (what values must be) and, where numbers are given, from what
the data says. Lineage is every property under `chiso:restsOn` or `chiso:grounds`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from catalogue.census import Census
from catalogue.iri import CODES, PREFIXES, VOCABULARY
from catalogue.vocabulary import Vocabulary
from catalogue.vocabulary_rules import Rule

RESTS_ON = VOCABULARY + "restsOn"
GROUNDS = VOCABULARY + "grounds"
_CONCEPT = PREFIXES["skos"] + "Concept"


@dataclass(frozen=True, slots=True)
class Relation:
    """Things of the class `start` lead by `property` to things of the class (or codes of the list) `end`.

    `declared`: ontology or shapes say so. `number`: statements that do so, None where it is not counted yet.
    `up`: towards what it rests on, `down`: towards what rests on it, neither: no lineage.
    """

    start: str
    property: str
    end: str
    declared: bool
    number: int | None
    up: bool
    down: bool


def relations(words: Vocabulary, rules: Iterable[Rule], numbers: Census | None) -> list[Relation]:
    """Every relation that is declared or used, in the order of its names."""
    declared: set[tuple[str, str, str]] = set()
    for word in words.sorted("property"):
        declared |= {(start, word.iri, end) for start in word.domain for end in word.range}
    for rule in rules:
        if rule.property is not None:
            declared |= {(start, rule.property, end) for start in rule.classes for end in rule.values}
    known = {word.iri for sort in ("class", "list") for word in words.sorted("class" if sort == "class" else "list")}
    declared = {one for one in declared if one[0] in known and one[2] in known}
    listed = {one[:2] for one in declared if one[2].startswith(CODES)}
    # “A concept” says nothing where the shapes name the list.
    declared = {one for one in declared if one[2] != _CONCEPT or one[:2] not in listed}
    used: dict[tuple[str, str, str], int] = {}
    for start, uses in (numbers.uses if numbers else {}).items():
        for name, use in uses.items():
            if name not in (RESTS_ON, GROUNDS):  # derived from all the others
                used |= {(start, name, end): number for end, number in use.ends.items()}
    found = []
    for start, name, end in sorted(declared | used.keys()):
        above = {name, *words.all_above(name)}
        found.append(
            Relation(
                start,
                name,
                end,
                (start, name, end) in declared,
                used.get((start, name, end), 0) if numbers else None,
                RESTS_ON in above,
                GROUNDS in above,
            )
        )
    return found
