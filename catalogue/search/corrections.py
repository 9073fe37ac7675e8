"""Did you mean: other spellings of a folded text whose words names do hold."""

from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    import tantivy

_WORDS = 8
"""Words of a text that are looked at."""

_CANDIDATES = 2_000
"""Words with the same beginning that are compared, of the whole vocabulary."""


def of(searcher: "tantivy.Searcher", folded: str) -> list[str]:
    """Texts to try in place of `folded`, at most three, the closest first: each strange word as names spell it, then the
    known words alone."""
    words = folded.split()[:_WORDS]
    known = [word for word in words if searcher.doc_freq("words", word)]
    respelt = [word if word in known else _nearest(searcher, word) for word in words]
    found = [" ".join(word for word in respelt if word)] if any(respelt) else []
    if known and known != words:
        found.append(" ".join(known))
    if len(known) > 2:  # all words are known, but no name holds them together
        rare = sorted(known, key=lambda word: searcher.doc_freq("words", word))
        found.append(" ".join(word for word in known if word in rare[: max(2, len(known) // 2)]))
    return [text for text in dict.fromkeys(found) if text and text != folded]


def _nearest(searcher: "tantivy.Searcher", word: str) -> str | None:
    """The word of the vocabulary closest to one that it lacks: at most two errors, the commoner one where two are as close."""
    if len(word) < 3 or not word.isalpha():
        return None
    most = 1 if len(word) < 6 else 2
    best: tuple[int, int, str] | None = None
    for begin in dict.fromkeys((word[:2], word[0], word[1:3])):
        for candidate, held in searcher.terms_with_prefix("words", begin, limit=_CANDIDATES):
            errors = OSA.distance(word, candidate, score_cutoff=most)
            if errors <= most and candidate.isalpha() and (best is None or (errors, -held) < best[:2]):
                best = (errors, -held, candidate)
        if best is not None and best[0] == 1:
            break
    return best[2] if best else None
