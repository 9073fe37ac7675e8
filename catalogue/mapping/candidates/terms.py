"""What is compared when a counterpart is sought: an indicator with its names, and an index of all those of a list."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from heapq import nlargest
from math import log

from catalogue.likeness.wording import Wording, analyse

LONGEST_NAME = 500
"""Characters of a name that are compared; the rest says nothing more about which indicator it is."""

MOST_RETRIEVED = 60
"""Names of a list that are looked at closely for one question."""


@dataclass(frozen=True, slots=True)
class Term:
    """An indicator as far as it can be compared. `key`: its IRI, or whatever names it in a file; `unit`, `frequency`,
    `level`: local names of the codes (`phan-tram`, `nam`, `tinh`), None where not known; `groups`: the IRI and the name of each."""

    key: str
    name: str
    code: str | None = None
    other_names: tuple[str, ...] = ()
    definition: str | None = None
    unit: str | None = None
    frequency: str | None = None
    level: str | None = None
    groups: tuple[tuple[str, str], ...] = ()
    language: str | None = None

    def wordings(self) -> list[Wording]:
        """Its names taken apart, the main one first, at most five."""
        names = dict.fromkeys(name[:LONGEST_NAME] for name in (self.name, *self.other_names) if name.strip())
        return [analyse(name) for name in list(names)[:5]]


@dataclass(slots=True)
class Entry:
    """A term of the list with its names taken apart."""

    term: Term
    wordings: list[Wording] = field(default_factory=list)


class TermIndex:
    """The terms of a list, to be found by the words of a name. Some 4 kB a term."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.entries = [Entry(term, term.wordings()) for term in sorted(terms, key=lambda term: term.key)]
        found: dict[str, array[int]] = defaultdict(lambda: array("I"))
        for number, entry in enumerate(self.entries):
            for word in {word for wording in entry.wordings for word in keys(wording)}:
                found[word].append(number)
        self._found = dict(found)
        most = log(1 + len(self.entries)) or 1.0
        self._weights = {word: log(1 + len(self.entries) / len(places)) / most for word, places in found.items()}
        # Long names share words by chance: a little less for each word.
        self._surplus = [0.02 * len(entry.wordings[0].words) if entry.wordings else 0.0 for entry in self.entries]
        self._numbers = {entry.term.key: number for number, entry in enumerate(self.entries)}

    def get(self, key: str) -> Entry | None:
        """The term with this key, None where the list has none."""
        number = self._numbers.get(key)
        return None if number is None else self.entries[number]

    def __len__(self) -> int:
        return len(self.entries)

    def weight(self, word: str) -> float:
        """How telling a word is in this list, 0 to 1: 1 for one that no or one term has."""
        return self._weights.get(word, 1.0)

    def total(self, words: frozenset[str]) -> float:
        """The weights of several words together."""
        weights = self._weights
        try:
            return sum(map(weights.__getitem__, words))
        except KeyError:
            return sum(weights.get(word, 1.0) for word in words)

    def known(self, word: str) -> bool:
        """Whether a term of the list has this word."""
        return word in self._found

    def retrieve(self, wordings: Sequence[Wording], most: int = MOST_RETRIEVED) -> list[Entry]:
        """The terms that share the most telling words with a name, at most `most`.

        Telling words first; words that many terms have only add to those already found, so that a list of 20,000 costs
        little more than one of 200.
        """
        scores: dict[int, float] = {}
        words = sorted(
            {word for wording in wordings for word in keys(wording) if word in self._found},
            key=lambda word: (len(self._found[word]), word),
        )
        for at, word in enumerate(words):
            postings, telling = self._found[word], self._weights[word]
            if len(scores) >= 2 * most and len(postings) > 5 * most:
                self._add_common(scores, words[at:], most)
                break
            for number in postings:
                scores[number] = scores.get(number, 0.0) + telling
        surplus = self._surplus
        best = nlargest(most, ((score - surplus[number], -number) for number, score in scores.items()))
        return [self.entries[-number] for _, number in best]

    def _add_common(self, scores: dict[int, float], words: Sequence[str], most: int) -> None:
        """Add words that many terms have to the best of those found by rarer words; forget the others."""
        kept = nlargest(10 * most, ((score, -number) for number, score in scores.items()))
        scores.clear()
        for score, number in kept:
            scores[-number] = score
        weighed = [(word, self._weights[word]) for word in words]
        for number, score in scores.items():
            has = self._keys(number)
            for word, telling in weighed:
                if word in has:
                    score += telling
            scores[number] = score

    def _keys(self, number: int) -> Set[str]:
        """The words by which a term is found."""
        wordings = self.entries[number].wordings
        if len(wordings) == 1 and not wordings[0].english:
            return wordings[0].said
        return {word for wording in wordings for word in keys(wording)}


def keys(wording: Wording) -> set[str]:
    """The words by which a name is found: those of the name and its brackets, and the beginnings of long English words,
    so that generating finds generation."""
    words = set(wording.said)
    if wording.english:
        words |= {f"{word[:6]}…" for word in words if len(word) > 6}
    return words
