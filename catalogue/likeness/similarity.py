"""How alike two names are, from 0 to 1, and why: for candidates of mappings and for reconciliation.

The score is a stated blend, without any training: shared words by weight, shared groups of three letters, order; less
where numbers, opposites or what is measured disagree. Two spellings of one name score 1.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from catalogue.folding import fold
from catalogue.likeness.wording import KIND_NAMES, Wording, analyse, weight


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for or against two names being the same: a stable `code`, and a sentence in each language."""

    code: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Each part of the comparison of two names, 0 to 1: `words` (shared words by weight, Dice), `cover` (how much of the
    shorter name the longer contains), `grams` (shared groups of three letters, Dice), `order` (edit ratio of the folded
    names), `aside` (the same for brackets; None where one side has none), `marks` (share of the shared words written with
    the same diacritics); `numbers` and `opposed` say whether those contradict, `kinds` whether they measure alike."""

    words: float
    cover: float
    grams: float
    order: float
    aside: float | None
    marks: float
    numbers: bool | None
    opposed: int
    kinds: float | None
    same: bool


def compare(one: Wording, other: Wording) -> Comparison:
    """The parts of the comparison of two analysed names (`wording.analyse`), about 10 µs."""
    from rapidfuzz.fuzz import ratio

    shared = one.words & other.words
    weighed = sum(map(weight, shared))
    lesser = min(one.weight, other.weight)
    common = (one.grams & other.grams).bit_count()
    both_aside = one.aside_weight and other.aside_weight
    return Comparison(
        words=2 * weighed / (one.weight + other.weight) if weighed else 0.0,
        cover=weighed / lesser if lesser else 0.0,
        grams=2 * common / (one.grams.bit_count() + other.grams.bit_count()) if common else 0.0,
        order=ratio(one.plain, other.plain) / 100,
        aside=2 * sum(map(weight, one.aside & other.aside)) / (one.aside_weight + other.aside_weight)
        if both_aside
        else None,
        marks=_marks(one, other),
        numbers=None if not (one.numbers or other.numbers) else one.numbers == other.numbers,
        opposed=(one.left & other.right) | (one.right & other.left),
        kinds=len(one.kinds & other.kinds) / len(one.kinds | other.kinds) if one.kinds or other.kinds else None,
        same=one.folded == other.folded,
    )


def blend(parts: Comparison) -> float:
    """One score 0 to 1 from the parts, by fixed weights."""
    if parts.same and parts.marks > 0.99:
        return 1.0
    score = 0.45 * parts.words + 0.15 * parts.cover + 0.25 * parts.grams + 0.15 * parts.order
    if parts.aside is not None:
        score *= 0.75 + 0.25 * parts.aside
    score *= 0.85 + 0.15 * parts.marks
    if parts.numbers is False:
        score *= 0.7
    if parts.opposed:
        score *= 0.6
    if parts.kinds is not None and parts.kinds < 0.5:
        score *= 0.85
    return min(score, 0.99)


def score(one: Wording | str, other: Wording | str) -> float:
    """How alike two names are. Analyse a name once (`wording.analyse`) where it is compared often; the last thousand of
    those that are given as texts are remembered.

    >>> score("Sở KH&CN Hà Nội", "Sở Khoa học và Công nghệ Hà Nội") > 0.95
    True
    >>> score("Tỷ suất chết trẻ em dưới 1 tuổi", "Tỷ suất chết trẻ em dưới 5 tuổi") < 0.75
    True
    """
    return blend(compare(_analysed(one), _analysed(other)))


def explained(one: Wording | str, other: Wording | str) -> tuple[float, list[Reason]]:
    """The score of `score`, with its reasons, the weightiest first.

    >>> value, reasons = explained("Thu NSNN", "Tổng thu ngân sách nhà nước")
    >>> [reason.code for reason in reasons]
    ['words', 'abbreviation']
    """
    left, right = _analysed(one), _analysed(other)
    parts = compare(left, right)
    return blend(parts), reasons(left, right, parts)


def reasons(one: Wording, other: Wording, parts: Comparison) -> list[Reason]:
    """Why two names are alike or not, the weightiest first."""
    found: list[Reason] = []
    if parts.same:
        found.append(
            Reason("same-name", "cùng tên, không kể dấu và chữ hoa", "the same name, marks and capitals aside")
            if one.text != other.text
            else Reason("same-name", "cùng tên", "the same name")
        )
    else:
        found.extend(_shared_words(one, other))
    for short in dict.fromkeys((*one.spelt, *other.spelt)):
        if (short in one.spelt) != (short in other.spelt):
            found.append(
                Reason(
                    "abbreviation",
                    f"viết đầy đủ “{short.upper()}” để so sánh",
                    f"“{short.upper()}” was spelt out for the comparison",
                )
            )
    if parts.numbers is False:
        found.append(_differing_numbers(one, other))
    elif parts.numbers:
        listed = ", ".join(sorted(one.numbers))
        found.append(Reason("numbers", f"cùng số: {listed}", f"the same numbers: {listed}"))
    if parts.opposed:
        found.append(Reason("opposed", "nói hai điều trái ngược nhau", "they say opposite things"))
    if parts.kinds is not None and parts.kinds < 0.5:
        found.append(_differing_kinds(one, other))
    if parts.aside is not None and parts.aside < 0.5:
        found.append(Reason("brackets", "phần trong ngoặc khác nhau", "what stands in brackets differs"))
    if parts.marks < 0.8:
        found.append(
            Reason("marks", "trùng khi bỏ dấu, khác khi có dấu", "alike without diacritics, different with them")
        )
    return found


def _analysed(name: Wording | str) -> Wording:
    return _remembered(name) if isinstance(name, str) else name


_remembered = lru_cache(maxsize=1_024)(analyse)


def _marks(one: Wording, other: Wording) -> float:
    if not one.marks or not other.marks or one.english or other.english:
        return 1.0
    shared = len(one.words & other.words)
    return (
        min(1.0, len(one.marks & other.marks) / shared)
        if shared > len(one.marks & other.marks) and not (one.spelt or other.spelt)
        else 1.0
    )


def _shared_words(one: Wording, other: Wording) -> list[Reason]:
    shared = one.words & other.words
    if not shared:
        return [Reason("no-words", "không có từ chung", "no words in common")]
    folded = " ".join(word for word in one.plain.split() if word in shared)
    said = _as_written(one, shared) or _as_written(other, shared) or folded
    return [Reason("words", f"cùng các từ: {said}", f"words in common: {said}")]


def _as_written(one: Wording, shared: frozenset[str]) -> str:
    """The shared words as the name writes them; of an abbreviation, the abbreviation. Empty where it writes none of them."""
    said: list[str] = []
    for word in re.findall(r"\w+", one.text.lower()):
        folded = _folded(word)
        parts = analyse(word).words if folded in one.spelt else {folded}
        if parts <= shared or (one.english and any(folded.startswith(known[:-1]) for known in shared)):
            said.append(word.upper() if folded in one.spelt else word)
    return " ".join(dict.fromkeys(said))


_folded = lru_cache(maxsize=8_192)(fold)


def _differing_numbers(one: Wording, other: Wording) -> Reason:
    left, right = (", ".join(sorted(name.numbers)) or "–" for name in (one, other))
    return Reason("numbers-differ", f"số khác nhau: {left} và {right}", f"different numbers: {left} and {right}")


def _differing_kinds(one: Wording, other: Wording) -> Reason:
    said = [
        [", ".join(KIND_NAMES[kind][at] for kind in sorted(name.kinds)) or "–" for at in (0, 1)]
        for name in (one, other)
    ]
    return Reason(
        "measure-differs",
        f"đo lường khác nhau: {said[0][0]} và {said[1][0]}",
        f"measured differently: {said[0][1]} and {said[1][1]}",
    )
