"""Vietnamese as it is spelt: with all its marks, but blind to where the tone is set and to y beside i."""

import re
import unicodedata

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_WORD = re.compile(r"[^\W_]+")
_Y = re.compile(r"\b((?:[bcdghklmnpqrstvx]|đ)+)y")


def spelt(name: str) -> str:
    """One spelling for all that a careful reader takes for the same: the tone behind the word, lower case, y as i.

    >>> spelt("Hoà Bình") == spelt("hòa bình"), spelt("tỷ lệ") == spelt("tỉ lệ"), spelt("Tân Lập") == spelt("Tân Láp")
    (True, True, False)
    """
    return " ".join(_one(word) for word in _WORD.findall(unicodedata.normalize("NFC", name.lower())))


def _one(word: str) -> str:
    apart = unicodedata.normalize("NFD", word)
    tones = "".join(letter for letter in apart if letter in _TONES)
    rest = unicodedata.normalize("NFC", "".join(letter for letter in apart if letter not in _TONES))
    return (_Y.sub(r"\1i", rest) if len(rest) <= 3 and rest.endswith("y") else rest) + tones


def mistyped(one: str, other: str) -> float:
    """How likely two folded names are one name with typing errors, 0 to 0.93: word beside word, a letter too many, too
    few, wrong or swapped in at most every third word, never in a number. 0 where it is more than that.

    >>> mistyped("tong san pham tren dia bna", "tong san pham tren dia ban"), mistyped("so noi vu", "so ngoai vu")
    (0.93, 0.0)
    >>> mistyped("tre em duoi 1 tuoi", "tre em duoi 5 tuoi")
    0.0
    """
    from rapidfuzz.distance import OSA

    words, others = one.split(), other.split()
    if len(words) != len(others):
        return 0.0
    wrong = [pair for pair in zip(words, others, strict=True) if pair[0] != pair[1]]
    if not wrong or len(wrong) * 3 > len(words):
        return 0.0
    if any(not (a + b).isalpha() or max(len(a), len(b)) < 3 or OSA.distance(a, b) > 1 for a, b in wrong):
        return 0.0
    return max(0.85, 0.93 - 0.02 * (len(wrong) - 1))
