"""How wide a text is, and how it breaks into lines: a box is as large as its words, on a server without a browser.

The widths are those of the font that the pages bring (Public Sans), in thousandths of its size.
"""

import unicodedata

_NARROW = {
    243: " ,.:;`'‘’|·",
    260: "!ijI()[]l",
    340: '-/\\{}*"“”',
    396: "frtJ",
    410: "1",
    505: "svzc_^?",
    555: "axyke+<=>~",
    600: "bdghnopqu0234567890đL",
    640: "ơưFTYEPZ#$",
    690: "ABCDKRSVXĐ",
    760: "GHNOQU&…",
    870: "mwƠƯ@%",
    960: "MW",
}


class _Widths(dict[str, int]):
    """The width of each letter; one that is not in the table is measured once."""

    def __missing__(self, letter: str) -> int:
        if unicodedata.combining(letter):
            known = 0
        elif unicodedata.east_asian_width(letter) in "WF":
            known = _FULL
        else:
            known = self.get(unicodedata.normalize("NFD", letter)[0], _OTHER)
        self[letter] = known
        return known


_OTHER, _FULL = 700, 1000
_WIDTHS = _Widths({letter: width for width, letters in _NARROW.items() for letter in letters})


def inner(text: str) -> str:
    """A name as it stands within a sentence: its first letter small, unless it begins an abbreviation.

    >>> inner("Chủ trì"), inner("GRDP")
    ('chủ trì', 'GRDP')
    """
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def width(text: str, size: float) -> float:
    """About how wide a line is, in the unit of `size`.

    >>> round(width("Ủy ban nhân dân", 13))
    103
    """
    return sum(map(_WIDTHS.__getitem__, text)) * size / 1000


def lines(text: str, room: float, size: float, most: int) -> list[str]:
    """At most `most` lines that fit into `room`; what does not fit ends in “…”, a word that is too long is cut.

    >>> lines("Bộ chỉ số phục vụ chỉ đạo, điều hành", 120, 13, 2)
    ['Bộ chỉ số phục vụ', 'chỉ đạo, điều hành']
    """
    found: list[str] = []
    current, used, space = "", 0.0, width(" ", size)
    for word in text.split():
        wide = width(word, size)
        if current and used + space + wide <= room:
            current, used = f"{current} {word}", used + space + wide
            continue
        if current:
            found.append(current)
        if len(found) == most:
            found[-1] = cut(f"{found[-1]} {word}…", room, size)
            return found
        while wide > room and len(found) < most - 1:
            head = _fitting(word, room, size)
            found.append(word[:head])
            word = word[head:]
            wide = width(word, size)
        if wide > room:
            return [*found, cut(word, room, size)]
        current, used = word, wide
    return [*found, current] if current else found


def _fitting(text: str, room: float, size: float) -> int:
    """How many letters fit, at least one."""
    used = 0.0
    for number, letter in enumerate(text):
        used += width(letter, size)
        if used > room:
            return max(1, number)
    return len(text)


def cut(text: str, room: float, size: float) -> str:
    """One line that fits into `room`, ending in “…” where something was left out."""
    if width(text, size) <= room:
        return text
    return text[: _fitting(text, room - width("…", size), size)].rstrip(" ,.;:–-") + "…"
