"""Warnings of the shapes, group by group: by rule or by who publishes the source, how many of each, and where."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from api.service import Service
from catalogue.iri import curie
from catalogue.labels import Reference, references
from catalogue.survey.examination import Examination, Rule, Warned

By = Literal["shape", "publisher"]

MOST_GROUPS = 100
MOST_ROWS = 20
"""Rules or sources that a group lists; each has its own list."""
UNKNOWN = "unknown"

_WEB = ("http://", "https://")
_IRI = re.compile(r"https?://[^\s<>\"]+")
_RANK = {"Violation": 0, "Warning": 1, "Info": 2}


@dataclass(frozen=True, slots=True)
class Row:
    """How often one rule warns about what one source says, who publishes the source, and the address of the list."""

    rule: Rule
    source: Reference | None
    publisher: Reference | str | None
    filters: dict[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """The warnings of one rule, or of what one publisher says. `rows` has the most first; `more` are not listed."""

    number: int
    severity: str
    rows: list[Row]
    more: int
    filters: dict[str, str]
    publisher: Reference | str | None


def wanted(service: Service, found: Examination, filters: dict[str, str]) -> list[Warned]:
    """The warnings that fit all `filters`: the name of a shape, a source, who publishes it."""
    shape, source, publisher = (filters.get(name, "") for name in ("shape", "source", "publisher"))
    publishers = {one.source: _key(service, one.publisher) for one in found.sources}
    return [
        one
        for one in found.warnings
        if shape in ("", one.shape)
        and (not source or source in (one.source, curie(service.base, one.source or "")))
        and (not publisher or publisher == publishers.get(one.source or "", UNKNOWN))
    ]


def grouped(service: Service, found: Examination, by: By, language: str) -> dict[str, Any]:
    """The groups with the most first, `MOST_GROUPS` at most; names and sentences for the template."""
    publishers = {one.source: one.publisher for one in found.sources}
    together: defaultdict[tuple[int, str], list[Rule]] = defaultdict(list)
    for rule in found.rules:
        key = rule.shape if by == "shape" else _key(service, publishers.get(rule.source or ""))
        together[_RANK.get(rule.severity, 3) if by == "shape" else 0, key].append(rule)
    ordered = sorted(together.items(), key=lambda pair: (pair[0][0], -_number(pair[1]), pair[0][1]))
    shown = ordered[:MOST_GROUPS]
    listed = [rule for _, rules in shown for rule in rules[:MOST_ROWS]]
    iris = {iri for one in listed for iri in (one.source, *named_in(one.vi)) if iri}
    iris |= {who for one in listed if (who := publishers.get(one.source or "")) and who.startswith(_WEB)}
    named = references(service.store, iris, language)

    def row(rule: Rule) -> Row:
        who = publishers.get(rule.source or "")
        filters = {"shape": rule.shape}
        if rule.source:
            filters["source"] = curie(service.base, rule.source)
        return Row(rule, named.get(rule.source or ""), named.get(who or "") or who, filters)

    groups = [
        Group(
            _number(rules),
            min((one.severity for one in rules), key=lambda one: _RANK.get(one, 3)),
            [row(rule) for rule in rules[:MOST_ROWS]],
            len(rules) - len(rules[:MOST_ROWS]),
            {by: key},
            row(rules[0]).publisher if by == "publisher" else None,
        )
        for (_, key), rules in shown
    ]
    return {"groups": groups, "more": len(ordered) - len(groups), "told": told(service, named)}


def told(service: Service, named: dict[str, Reference]) -> Callable[[str], str]:
    """Makes of a sentence of the shapes one for people: things by name instead of their IRIs."""

    def sentence(text: str) -> str:
        return _IRI.sub(lambda one: f"“{service.title(named[one[0]])}”" if one[0] in named else one[0], text)

    return sentence


def named_in(sentence: str) -> list[str]:
    """The IRIs in a sentence of the shapes."""
    return _IRI.findall(sentence)


def _number(rules: Iterable[Rule]) -> int:
    return sum(one.number for one in rules)


def _key(service: Service, publisher: str | None) -> str:
    """How a publisher stands in an address: as a CURIE, by the name alone where there is no more, or not known."""
    if not publisher:
        return UNKNOWN
    return curie(service.base, publisher) if publisher.startswith(_WEB) else publisher
