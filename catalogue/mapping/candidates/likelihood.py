"""How probable it is that two indicators are the same: what is compared, and the weights that were learned for it.

The names found for an indicator and "no counterpart" are alternatives of one choice (a conditional logit): each has a
sum of weighted features, and their exponentials, divided by their total, are the probabilities. The weights stand in
`likelihood.json`, readable; `python -m evaluation.training` makes them anew.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path

from catalogue.likeness.similarity import Comparison, compare
from catalogue.likeness.wording import Wording
from catalogue.mapping.candidates.terms import Term, TermIndex

WEIGHTS = Path(__file__).with_name("likelihood.json")

NAME_FEATURES = (
    "words",
    "told",
    "tells",
    "grams",
    "order",
    "aside",
    "numbers-differ",
    "opposed",
    "measure-differs",
    "marks-differ",
)
"""What is compared of two names, each 0 to 1: shared words by how telling they are in the list (`words`, Dice; `told`: the
share of the sought name; `tells`: of the found one), letters, order, brackets, and what contradicts."""

NONE_FEATURES = ("bias", "unknown")
"""What speaks for there being no counterpart: always 1, and the share of the name's words that no term of the list has."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of the name features and of "no counterpart" (learned), and of what the evaluation set does not hold
    (`facts`: unit, frequency, level, group, definition, decisions; set by hand, in the same unit: log odds)."""

    names: dict[str, float]
    none: dict[str, float]
    facts: dict[str, float]


@cache
def weights() -> Weights:
    """The weights of `likelihood.json`, read once."""
    read = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return Weights(read["names"], read["none"], read["facts"])


@cache
def _learned() -> tuple[float, ...]:
    return tuple(weights().names[name] for name in NAME_FEATURES)


def name_features(index: TermIndex, sought: Wording, found: Wording, parts: Comparison) -> tuple[float, ...]:
    """The values of `NAME_FEATURES` for two names, `found` being of the list."""
    mine, theirs = sought.said, found.said
    shared = index.total(mine & theirs)
    if sought.english and found.english and shared:
        shared += 0.7 * _alike(index, mine - theirs, theirs - mine)
    told = shared / (index.total(mine) or 1.0)
    tells = shared / (index.total(theirs) or 1.0)
    return (
        2 * told * tells / (told + tells) if shared else 0.0,
        min(told, 1.0),
        min(tells, 1.0),
        parts.grams,
        parts.order,
        0.0 if parts.aside is None else parts.aside,
        float(parts.numbers is False),
        float(parts.opposed > 0),
        0.0 if parts.kinds is None else 1 - parts.kinds,
        1 - parts.marks,
    )


def _alike(index: TermIndex, mine: frozenset[str], theirs: frozenset[str]) -> float:
    """The weight of long English words that begin alike: generating and generation."""
    begun = {word[:6] for word in theirs if len(word) > 6}
    return sum(index.weight(word) for word in mine if len(word) > 6 and word[:6] in begun)


def none_features(index: TermIndex, sought: Wording) -> tuple[float, ...]:
    """The values of `NONE_FEATURES` for a name."""
    unknown = sum(not index.known(word) for word in sought.said)
    return (1.0, unknown / (len(sought.said) or 1))


def best_names(
    index: TermIndex, sought: Sequence[Wording], found: Sequence[Wording]
) -> tuple[float, Wording, Wording, Comparison]:
    """Of the names of two indicators the two that fit best: the sum of their weighted features, and what was compared."""
    learned = _learned()
    best: tuple[float, Wording, Wording, Comparison] | None = None
    for one in sought:
        for other in found:
            parts = compare(one, other)
            values = name_features(index, one, other, parts)
            total = sum(weight * value for weight, value in zip(learned, values, strict=True))
            if best is None or total > best[0]:
                best = (total, one, other, parts)
    if best is None:
        raise ValueError("an indicator without a name")
    return best


def none_sum(index: TermIndex, sought: Sequence[Wording]) -> float:
    """The weighted features of "no counterpart", by the name that the list knows best."""
    learned = weights().none
    return min(
        sum(learned[name] * value for name, value in zip(NONE_FEATURES, none_features(index, one), strict=True))
        for one in sought
    )


def probabilities(sums: Sequence[float]) -> list[float]:
    """Sums of weighted features as probabilities of alternatives.

    >>> [round(one, 2) for one in probabilities([1.0, 1.0, 0.0])]
    [0.42, 0.42, 0.16]
    """
    most = max(sums)
    powers = [exp(one - most) for one in sums]
    total = sum(powers)
    return [one / total for one in powers]


def same_unit(one: Term, other: Term) -> str | None:
    """`same`, `convertible` or `different`; None where the unit of either is not known."""
    if one.unit is None or other.unit is None:
        return None
    if one.unit == other.unit:
        return "same"
    mine, theirs = _KIND_OF_UNIT.get(one.unit), _KIND_OF_UNIT.get(other.unit)
    return "convertible" if mine and mine == theirs else "different"


_KIND_OF_UNIT = {
    unit: kind
    for kind, units in {
        "money": "dong nghin-dong trieu-dong ty-dong nghin-ty-dong",
        "dollars": "usd trieu-usd ty-usd",
        "people": "nguoi nghin-nguoi",
        "visits": "luot nghin-luot trieu-luot",
        "area": "km2 ha m2",
        "share": "phan-tram phan-nghin",
        "time": "ngay gio",
    }.items()
    for unit in units.split()
}
"""Units of the code list by what they measure: those of one kind differ by a fixed factor."""
