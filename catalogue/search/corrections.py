"""Did you mean: other spellings of a folded text whose words names do hold."""

from collections.abc import Callable
from itertools import islice, product
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    import tantivy

_WORDS = 8
"""Words of a text that are looked at."""

_CHOICES = 3
"""Spellings that are tried for one word."""

_TRIED, _OFFERED = 27, 3

_CANDIDATES = 2_000
"""Words with the same beginning that are compared, of the whole vocabulary."""


def of(searcher: "tantivy.Searcher", folded: str, fits: Callable[[str], bool]) -> list[str]:
    """Texts to try in place of `folded` that find something (`fits`), the closest first, at most three: strange words as
    names spell them, else the known words alone, else the rarest of these."""
    words = folded.split()[:_WORDS]
    known = [word for word in words if searcher.doc_freq("words", word)]
    near = [[word] if word in known else _nearest(searcher, word) or [""] for word in words]
    found = [" ".join(filter(None, respelt)) for respelt in islice(product(*near), _TRIED)]
    found.append(" ".join(known))
    if len(known) > 2:  # all words are known, but no name holds them together
        rare = sorted(known, key=lambda word: searcher.doc_freq("words", word))
        found.append(" ".join(word for word in known if word in rare[: max(2, len(known) // 2)]))
    return list(islice((text for text in dict.fromkeys(found) if text and text != folded and fits(text)), _OFFERED))


def _nearest(searcher: "tantivy.Searcher", word: str) -> list[str]:
    """The words of the vocabulary closest to one that it lacks: at most two errors, the commoner one where two are as
    close."""
    if len(word) < 3 or not word.isalpha():
        return []
    most = 1 if len(word) < 6 else 2
    found: dict[str, tuple[int, int]] = {}
    for begin in (word[0],) if len(word) < 5 else dict.fromkeys((word[:2], word[0] + word[2], word[1:3])):
        for candidate, held in searcher.terms_with_prefix("words", begin, limit=_CANDIDATES):
            errors = OSA.distance(word, candidate, score_cutoff=most)
            if errors <= most and candidate.isalpha():
                found[candidate] = (errors, -held)
    return sorted(found, key=lambda candidate: found[candidate])[:_CHOICES]
