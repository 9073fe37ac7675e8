"""Text as agencies send it: bytes of any usual coding, Vietnamese in the ABC fonts (TCVN3), decomposed letters, odd spaces.

Which of several readings is meant is decided by which one gives Vietnamese syllables.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

from catalogue.errors import Invalid

_TCVN3 = {
    0xA1 + place: letter
    for place, letter in enumerate(
        "ĂÂÊÔƠƯĐăâêôơưđ      àảãáạ ằẳẵắ       ặầẩẫấậè ẻẽéẹềểễếệìỉ   ĩíịò ỏõóọồổỗốộờởỡớợù ủũúụừửữứựỳỷỹýỵ"
    )
    if letter != " "
}
"""TCVN 5712:1993, third table (VN3), as the ABC fonts (.VnTime, .VnArial …) show it; the keys are its codes, which other
programs take for letters of Windows-1252."""

_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f][^\W\d_]*)*")
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|ch|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?", re.IGNORECASE
)
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_SHAPES = re.compile("[\u0302\u0306\u031b]")
_SAMPLE = 2_000


def clean(text: str) -> str:
    """A text in NFC, without unseen letters, every odd space an ordinary one, no space at its ends.

    >>> clean("\\ufeffMa\\u0303 \\u00a0số\\u200b ")
    'Mã  số'
    """
    if text.isascii():
        return text.strip()
    return _SPACES.sub(" ", _UNSEEN.sub("", unicodedata.normalize("NFC", text))).strip()


def from_tcvn3(text: str) -> str:
    """The text that the ABC fonts show. A word in capitals stays in capitals: the fonts whose name ends in H draw them.

    >>> from_tcvn3("Tæng s¶n phÈm"), from_tcvn3("HUYÖN §¤NG ANH")
    ('Tổng sản phẩm', 'HUYỆN ĐÔNG ANH')
    """

    def word(found: re.Match[str]) -> str:
        read = found[0].translate(_TCVN3)
        plain = [letter for letter in found[0] if letter.isascii() and letter.isalpha()]
        return read.upper() if len(plain) > 1 and all(letter.isupper() for letter in plain) else read

    return re.sub(r"\S+", word, text)


def unfonted(columns: Iterable[list[str]]) -> tuple[list[dict[str, str]], int]:
    """What the texts of each column mean, where they are in TCVN3, and how many there are.

    A text is in TCVN3 when it reads better so; one that could be either follows the others of its column.
    """
    count = 0
    meant: list[dict[str, str]] = []
    for column in columns:
        eligible = [text for text in dict.fromkeys(column) if not text.isascii() and _may_be_tcvn3(text)]
        better = {text: _vietnamese(from_tcvn3(text)) - _vietnamese(text) for text in eligible[:_SAMPLE]}
        modern = any(not text.isascii() and not _may_be_tcvn3(text) for text in column[:_SAMPLE])
        follow = sum(better.values()) > 0 and not modern
        if not follow and all(score <= 0 for score in better.values()):
            meant.append({})
            continue
        read = {}
        for text in eligible:
            score = better.get(text)
            if score is None:
                score = _vietnamese(from_tcvn3(text)) - _vietnamese(text)
            if score > 0 or (follow and score == 0):
                read[text] = from_tcvn3(text)
        count += sum(text in read for text in column)
        meant.append(read)
    return meant, count


def decoded(content: bytes, file: str) -> tuple[str, str]:
    """The text of a file and the name of its coding. Raises `Invalid` for bytes that are no text."""
    for mark, coding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if content.startswith(mark):
            return _strictly(content[len(mark) :], coding, file), coding
    head = content[:4_000]
    first, second = head[0::2].count(0), head[1::2].count(0)
    if max(first, second) * 5 > len(head) and min(first, second) * 20 < len(head):
        coding = "utf-16-le" if second > first else "utf-16-be"
        return _strictly(content, coding, file), coding
    if 0 in content:
        raise Invalid(
            f"{file}: có byte 0, đây không phải là tệp văn bản. Hãy lưu lại thành CSV UTF-8 hoặc XLSX.",
            f"{file}: there are zero bytes, this is no text file. Save it as CSV UTF-8 or XLSX.",
        )
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    legacy = content.decode("latin-1")
    sample = "\n".join(line for line in legacy.splitlines() if not line.isascii())[:200_000]
    windows = _windows_1258(sample.encode("latin-1"))
    if _vietnamese(from_tcvn3(sample)) > _vietnamese(windows):
        return _from_tcvn3_lines(legacy), "tcvn3"
    return _windows_1258(content), "windows-1258"


def _from_tcvn3_lines(text: str) -> str:
    """`from_tcvn3` of a whole file: its line ends and delimiters stay."""
    return re.sub(r"[^\s,;]+", lambda word: from_tcvn3(word[0]), text)


def _windows_1258(content: bytes) -> str:
    return unicodedata.normalize("NFC", content.decode("cp1258", errors="replace"))


def _strictly(content: bytes, coding: str, file: str) -> str:
    try:
        return content.decode(coding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Invalid(
            f"{file}, dòng {line}: tệp bắt đầu như {coding.upper()} nhưng có byte không đọc được. Hãy lưu lại thành UTF-8.",
            f"{file}, line {line}: the file begins as {coding.upper()} but has bytes that cannot be read. Save it as UTF-8.",
            details={"row": line},
        ) from None


def _may_be_tcvn3(text: str) -> bool:
    return all(letter.isascii() or ord(letter) in _TCVN3 or letter in "\u00a0²³°±" for letter in text)


def _vietnamese(text: str) -> int:
    """How many of the words with letters beyond ASCII are Vietnamese syllables, less those that are not; a sign inside a
    word counts against it."""
    score = 0
    for found in re.finditer(r"[^\s,;./()\[\]\"'–:%-]+", text):
        word = found[0]
        if word.isascii() or not any(letter.isalpha() for letter in word):
            continue
        score += 1 if _is_syllable(word) else -1
    return score


def _is_syllable(word: str) -> bool:
    apart = unicodedata.normalize("NFD", word.replace("đ", "d").replace("Đ", "D"))
    plain = _SHAPES.sub("", _TONES.sub("", apart))
    inner = any(one.islower() and two.isupper() for one, two in pairwise(word))
    return not inner and len(_TONES.findall(apart)) <= 1 and _SYLLABLE.fullmatch(plain) is not None
