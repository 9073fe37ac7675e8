"""The figures: recall with intervals, calibration, rows without a counterpart, by language and source."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

from catalogue.mapping.candidates.ranking import rank
from catalogue.mapping.candidates.terms import Term, TermIndex
from evaluation.pairs import EvaluationSet, Name, Pair

SHOWN = 20
"""Lines that are asked for; a right answer beyond them counts as not found."""


@dataclass(frozen=True)
class Outcome:
    """What came out for a pair. `place`: the line of the first right answer, from 1, "no counterpart" being a line like any
    other; None where it is not among them. `sure`: the probability of the first line; `right`: whether that is right."""

    pair: Pair
    place: int | None
    sure: float
    right: bool
    none_place: int
    first: str


@dataclass(frozen=True)
class Share:
    """A share with its 95 % intervals: Wilson over rows, and bootstrap over groups, whose rows are not independent."""

    hits: int
    of: int
    wilson: tuple[float, float]
    bootstrap: tuple[float, float]

    @property
    def value(self) -> float:
        """The share, 0 where there is nothing to count."""
        return self.hits / self.of if self.of else 0.0

    def __str__(self) -> str:
        (low, high), (lower, upper) = self.wilson, self.bootstrap
        return f"{self.value:.3f} ({self.hits}/{self.of}; {low:.3f}–{high:.3f}; by group {lower:.3f}–{upper:.3f})"


def outcomes(data: EvaluationSet, wanted: Callable[[Pair], bool]) -> list[Outcome]:
    """The outcome of every pair that is wanted."""
    made: dict[tuple[str, ...], TermIndex] = {}
    found = []
    for pair in filter(wanted, data.pairs):
        searched = data.searched(pair)
        key = tuple(f"{name.scheme} {name.key}" for name in searched)
        index = made.setdefault(key, made.get(key) or TermIndex(map(term, searched)))
        right = {f"{scheme} {key}" for scheme, key in data.right(pair)}
        lines = rank(index, term(pair.local), limit=SHOWN)
        hits = [line.target.key in right if line.target else not pair.answers for line in lines]
        found.append(
            Outcome(
                pair,
                hits.index(True) + 1 if any(hits) else None,
                lines[0].probability,
                hits[0],
                next(place for place, line in enumerate(lines, 1) if line.target is None),
                lines[0].target.name if lines[0].target else "–",
            )
        )
    return found


def term(name: Name) -> Term:
    """A name of the evaluation set as a term."""
    return Term(f"{name.scheme} {name.key}", name.name, code=name.key)


def recall(found: Sequence[Outcome], lines: int) -> Share:
    """How often a right answer is among the first `lines` lines."""
    return share(found, lambda one: one.place is not None and one.place <= lines)


def share(found: Sequence[Outcome], hit: Callable[[Outcome], bool]) -> Share:
    """How often `hit` holds, with intervals."""
    hits = sum(map(hit, found))
    return Share(hits, len(found), wilson(hits, len(found)), bootstrap(found, hit))


def wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """The Wilson interval of a share.

    >>> [round(bound, 3) for bound in wilson(28, 32)]
    [0.719, 0.95]
    """
    if not of:
        return (0.0, 1.0)
    p, spread = hits / of, z * z / of
    middle = (p + spread / 2) / (1 + spread)
    half = z * sqrt(p * (1 - p) / of + spread / (4 * of)) / (1 + spread)
    return (max(0.0, middle - half), min(1.0, middle + half))


def bootstrap(found: Sequence[Outcome], hit: Callable[[Outcome], bool], times: int = 2_000) -> tuple[float, float]:
    """The interval of a share when whole groups are drawn again and again; always the same for the same outcomes."""
    groups: dict[str, list[bool]] = defaultdict(list)
    for one in found:
        groups[one.pair.group].append(hit(one))
    drawn = random.Random(20_260)  # noqa: S311 - a repeatable draw, no secret
    kept = sorted(groups.values())
    shares = []
    for _ in range(times if kept else 0):
        rows = [row for group in drawn.choices(kept, k=len(kept)) for row in group]
        shares.append(sum(rows) / len(rows))
    shares.sort()
    return (shares[int(0.025 * times)], shares[int(0.975 * times) - 1]) if shares else (0.0, 1.0)


@dataclass(frozen=True)
class Bin:
    """First lines of like probability: how many, what was said on average, how often it was right."""

    low: float
    high: float
    count: int
    said: float
    right: float


def reliability(found: Sequence[Outcome], edges: Sequence[float] = (0, 0.2, 0.4, 0.6, 0.8, 0.9, 1.01)) -> list[Bin]:
    """What the first line says of itself against how often it is right."""
    bins = []
    for low, high in pairwise(edges):
        inside = [one for one in found if low <= one.sure < high]
        if inside:
            count = len(inside)
            bins.append(
                Bin(low, high, count, sum(o.sure for o in inside) / count, sum(o.right for o in inside) / count)
            )
    return bins


def calibration_error(found: Sequence[Outcome]) -> float:
    """The expected calibration error of the first line (ECE), over the bins of `reliability`."""
    return sum(one.count * abs(one.said - one.right) for one in reliability(found)) / (len(found) or 1)


def brier(found: Sequence[Outcome]) -> float:
    """The Brier score of the first line: the mean squared difference of probability and truth."""
    return sum((one.sure - one.right) ** 2 for one in found) / (len(found) or 1)


def lines(data: EvaluationSet, held_out: bool) -> Iterator[str]:
    """The report on one part."""
    found = outcomes(data, lambda pair: pair.held_out == held_out)
    open_ = [one for one in found if not one.pair.same_wording]
    with_one, without = [o for o in open_ if o.pair.answers], [o for o in open_ if not o.pair.answers]
    same = [one for one in found if one.pair.same_wording]
    yield f"{'Held out' if held_out else 'Development'}: {len(found)} rows"
    yield f"  with a counterpart in other words: recall@1 {recall(with_one, 1)}"
    yield f"                                     recall@5 {recall(with_one, 5)}"
    yield f"  the same wording (counted apart):  recall@1 {recall(same, 1)}"
    yield f"  no counterpart:  said first {share(without, lambda one: one.none_place == 1)}"
    yield f"                   second at worst {share(without, lambda one: one.none_place <= 2)}"
    yield f"  wrongly said to have none: {share(with_one, lambda one: one.none_place == 1)}"
    for title, key in (
        ("language", lambda o: o.pair.local.language),
        ("relation", lambda o: o.pair.relation),
        ("basis", lambda o: "stated by a source" if o.pair.stated else "our judgement"),
        ("lists", lambda o: f"{o.pair.local.scheme} → {o.pair.scheme}"),
    ):
        parts: dict[str, list[Outcome]] = defaultdict(list)
        for one in with_one:
            parts[key(one)].append(one)
        yield f"  by {title}:"
        for name, rows in sorted(parts.items()):
            yield f"    {name:<42} recall@1 {recall(rows, 1).value:.2f}  recall@5 {recall(rows, 5).value:.2f}  n={len(rows)}"
    yield "  calibration of the first line, rows with other words or none:"
    for part in reliability(open_):
        yield f"    {part.low:.1f}–{min(part.high, 1):.1f}: said {part.said:.2f}, right {part.right:.2f}, n={part.count}"
    yield f"    expected calibration error {calibration_error(open_):.3f}, Brier score {brier(open_):.3f}"
    yield "  missed (not among the first five lines):"
    for one in with_one:
        if one.place is None or one.place > 5:
            wanted = " | ".join(name.name for name in one.pair.answers)
            yield f"    {one.place or 'not found':>9}  {one.pair.local.name[:70]} → {wanted[:90]}"
