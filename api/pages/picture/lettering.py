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
_WIDTHS = {letter: width for width, letters in _NARROW.items() for letter in letters}
_OTHER, _FULL = 700, 1000
# Scripts that are written from right to left keep their letters, but not the marks that turn their surroundings around.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def plain(text: str) -> str:
    """The text in one line without control characters and without marks of direction, which XML or a reader trips over.

    >>> plain("Sở\\n\\x00 Tài\\u202e chính")
    'Sở Tài chính'
    """
    # More than this nobody sees, and hostile texts are long.
    kept = (
        " " if letter.isspace() else letter
        for letter in unicodedata.normalize("NFC", text[:2_000])
        if letter not in _TURNING and (letter.isspace() or unicodedata.category(letter)[0] != "C")
    )
    return " ".join("".join(kept).split())


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
    total = 0
    for letter in text:
        known = _WIDTHS.get(letter)
        if known is None:
            known = _measured(letter)
        total += known
    return total * size / 1000


def _measured(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    if unicodedata.east_asian_width(letter) in "WF":
        return _FULL
    return _WIDTHS.get(unicodedata.normalize("NFD", letter)[0], _OTHER)


def lines(text: str, room: float, size: float, most: int) -> list[str]:
    """At most `most` lines that fit into `room`; what does not fit ends in “…”, a word that is too long is cut.

    >>> lines("Bộ chỉ số phục vụ chỉ đạo, điều hành", 120, 13, 2)
    ['Bộ chỉ số phục vụ', 'chỉ đạo, điều hành']
    """
    found: list[str] = []
    current = ""
    for word in text.split():
        joined = f"{current} {word}" if current else word
        if width(joined, size) <= room:
            current = joined
            continue
        if current:
            found.append(current)
        if len(found) == most:
            found[-1] = cut(f"{found[-1]} {word}", room, size)
            return found
        current = word
        while width(current, size) > room:
            head = _fitting(current, room, size)
            if len(found) == most - 1:
                return [*found, cut(current, room, size)]
            found.append(current[:head])
            current = current[head:]
    if current:
        found.append(current)
    return found


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
