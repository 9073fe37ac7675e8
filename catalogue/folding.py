"""One spelling for comparing Vietnamese names, codes and document numbers.

People type with and without diacritics, in composed (NFC) and decomposed (NFD) Unicode, with đ or d, tỷ or tỉ.
Folding maps all of these to one key; it is for comparison only and never shown.
"""

import re
import unicodedata

_NOT_KEY = re.compile(r"[^0-9a-z]+")
# đ, and the two letters that look like it and that some keyboards give: Icelandic ð (Ð) and African ɖ (Ɖ).
_BARRED = str.maketrans("đðɖ", "ddd")


_USUAL_MARKS = re.compile("[\u0300-\u034e\u0350-\u036f]+")
_Y = re.compile(r"\b([bcdghklmnpqrstvx]+)y\b")


def fold(text: str) -> str:
    """Lower case, without marks, đ as d, y after a consonant as i, anything else than letters and digits as one space.

    >>> fold("Sở Khoa học và Công nghệ Hà Nội")
    'so khoa hoc va cong nghe ha noi'
    >>> fold("1012/QĐ-TTg"), fold("tỷ đồng") == fold("tỉ đồng")
    ('1012 qd ttg', True)
    """
    spaced = _NOT_KEY.sub(" ", _without_marks(text)).strip()
    # tỷ/tỉ, kỹ/kĩ, lý/lí: the two spellings of one sound; -uy and -ay, -ây keep their y.
    return _Y.sub(r"\1i", spaced) if "y" in spaced else spaced


def slug(text: str) -> str:
    """A folded text as part of a key: words joined by hyphens.

    >>> slug("1012/QĐ-TTg")
    '1012-qd-ttg'
    """
    return _NOT_KEY.sub("-", _without_marks(text)).strip("-")


def _without_marks(text: str) -> str:
    if text.isascii():
        return text.lower()
    plain = _USUAL_MARKS.sub("", unicodedata.normalize("NFD", text.lower().translate(_BARRED)))
    # The marks of Vietnamese and its neighbours are gone; looking at each letter is ten times slower, and rarely needed.
    return plain if plain.isascii() else "".join(c for c in plain if not unicodedata.combining(c))
