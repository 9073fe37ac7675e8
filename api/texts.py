"""Texts of strangers on their way into a page: what nobody sees, and what turns or overgrows its surroundings, is left out.

What a thing is called comes from sources and from visitors. The data itself is given as it stands; pages show it so that
one text cannot disguise another.
"""

import re
import unicodedata
from functools import lru_cache

from markupsafe import Markup, escape

LONGEST_NAME = 300
"""Characters of a name in a page; the statements of a thing have the rest."""

# Cc but for tab and line ends, marks that turn the direction of what follows, and what is no character at all.
_UNSEEN = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_LONG_WORD = re.compile(r"\S{20}(?=\S)")
_TOWER = re.compile(f"([{_MARKS}]{{4}})[{_MARKS}]+")
_LEFT_OUT = re.compile(f"[{_UNSEEN}]+|{_TOWER.pattern}")
# Scripts that are written from right to left keep their letters, but not the marks of direction.
_TURNING = frozenset("\u061c\u200e\u200f")
_JOINERS = "\u200c\u200d"  # emoji and several scripts are put together by them


def shown(text: str) -> str:
    r"""The text without control characters, without overrides of direction, with four marks at most on a letter.

    >>> shown("Sở\x00 Tài\u202e chính"), shown("a" + "\u0301" * 50) == "a" + "\u0301" * 4
    ('Sở Tài chính', True)
    """
    return _shown(text) if len(text) <= LONGEST_NAME else _LEFT_OUT.sub(r"\1", text)


@lru_cache(maxsize=4_096)
def _shown(text: str) -> str:
    return _LEFT_OUT.sub(r"\1", text)  # a page writes a thousand texts, most of them words of its own


def line(text: str, most: int = LONGEST_NAME) -> str:
    r"""The same in one line of `most` characters, NFC; what was cut ends in “…”. Empty where there is nothing to see.

    >>> line(" Sở\n\x00 Tài\u202e  chính"), line("rất dài " * 9, 13), line("\u200b\u200d\ufeff")
    ('Sở Tài chính', 'rất dài rất…', '')
    """
    return _lined(text, most) if len(text) <= LONGEST_NAME else _line(text, most)


@lru_cache(maxsize=4_096)
def _lined(text: str, most: int) -> str:
    return _line(text, most)


def _line(text: str, most: int) -> str:
    if len(text) > most or not text.isprintable() or not unicodedata.is_normalized("NFC", text) or _TOWER.search(text):
        text = unicodedata.normalize("NFC", shown(text[: 4 * most]))
        text = "".join(letter for letter in map(_visible, text) if letter)
    text = " ".join(text.split())
    if len(text) > most:
        head, space, _ = text[:most].rpartition(" ")
        text = (head if space and len(head) > most // 2 else text[: most - 1]).rstrip() + "…"
    return text if text.strip(_JOINERS) else ""


def broken(text: str) -> Markup:
    """The text as HTML in which a word of any length may be broken: browsers need many seconds for one of 20,000 letters.

    >>> broken("<b> " + "a" * 30)
    Markup('&lt;b&gt; aaaaaaaaaaaaaaaaaaaa<wbr>aaaaaaaaaa')
    """
    pieces = _LONG_WORD.sub("\\g<0>\0", shown(text)).split("\0")
    return Markup("<wbr>").join(pieces) if len(pieces) > 1 else escape(pieces[0])


def _visible(letter: str) -> str:
    if letter.isspace():
        return " "
    if letter in _JOINERS:
        return letter
    return "" if letter in _TURNING or unicodedata.category(letter)[0] == "C" else letter
