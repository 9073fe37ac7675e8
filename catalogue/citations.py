"""How documents are cited: “Quyết định số 1012/QĐ-TTg ngày 20/9/2024 của Thủ tướng Chính phủ”, “QĐ 1012”, “05/2023”.

A citation gives the keys under which a document may be filed, and what must be true of the document: its type, its day,
its issuer. Whatever stands beside a number must be explained by the document, or it is another one of that number.
"""

import calendar
import datetime
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from catalogue.abbreviations import spelt_out
from catalogue.folding import fold

# Folded words for the type of a document → notation of the type, and the letters in its number. An official letter
# (công văn) has the issuer in the place of these letters (Decree 30/2020/NĐ-CP, Appendix I, II.3): “cv” stands for it.
_TYPES: dict[str, tuple[str, tuple[str, ...]]] = {
    "luat": ("luat", ("qh",)),
    "law": ("luat", ("qh",)),
    "phap lenh": ("phap-lenh", ("ubtvqh",)),
    "ordinance": ("phap-lenh", ("ubtvqh",)),
    "nghi quyet": ("nghi-quyet", ("nq", "qh")),
    "nq": ("nghi-quyet", ("nq", "qh")),
    "resolution": ("nghi-quyet", ("nq", "qh")),
    "nghi dinh": ("nghi-dinh", ("nd",)),
    "decree": ("nghi-dinh", ("nd",)),
    "quyet dinh": ("quyet-dinh", ("qd",)),
    "decision": ("quyet-dinh", ("qd",)),
    "ke hoach": ("ke-hoach", ("kh",)),
    "kh": ("ke-hoach", ("kh",)),
    "plan": ("ke-hoach", ("kh",)),
    "cong van": ("cong-van", ("cv",)),
    "cv": ("cong-van", ("cv",)),
    "official letter": ("cong-van", ("cv",)),
    "thong tu": ("thong-tu", ("tt",)),
    "tt": ("thong-tu", ("tt",)),
    "circular": ("thong-tu", ("tt",)),
    "chi thi": ("chi-thi", ("ct",)),
    "ct": ("chi-thi", ("ct",)),
    "directive": ("chi-thi", ("ct",)),
    "to trinh": ("to-trinh", ("ttr",)),
    "ttr": ("to-trinh", ("ttr",)),
    "thong bao": ("thong-bao", ("tb",)),
    "tb": ("thong-bao", ("tb",)),
}
_LETTERS = frozenset(letters for _, several in _TYPES.values() for letters in several)
_WORDS = "|".join(sorted({*_TYPES, "qd", "nd"}, key=len, reverse=True))

# All of these read a text without marks but of the same length, so that places in it are places in what was typed.
_DASH = "[-‐‑–]"
_START = r"(?<![\w/])(?P<serial>\d{1,6}[a-z]?)\s*/\s*"
_FULL = re.compile(rf"{_START}(?:\d{{4}}\s*/\s*)?[a-z][\w&.]*(?:{_DASH}[\w&.]+)*")
_SPACED = re.compile(rf"{_START}(?:\d{{4}}\s*/\s*)?[a-z][\w&.]*(?:\s*{_DASH}\s*[\w&.]+)+")
_WITH_YEAR = re.compile(rf"{_START}(?P<year>(?:19|20)\d{{2}})(?![\w/])")
_WITH_TYPE = re.compile(rf"\b(?:{_WORDS})\s+(?:so\s*:?\s*|no\.?\s*)?(?P<serial>\d{{1,6}}[a-z]?)(?![\w/]|\.\d)")
_PARTS = re.compile(r"(\d+[a-z]?)\s*/\s*(?:(\d{4})\s*/\s*)?([a-z]+)")
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_NAMED_MONTH = "|".join(_MONTHS)
_DAY = re.compile(
    r"(?:\b(?:ngay|dated|of|on)\s+)?"
    r"(?:(?<![\d/])(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\d)"
    r"|(?<![\d/])(?P<d2>\d{1,2})\s*[/.\-]\s*(?P<m2>\d{1,2})\s*[/.\-]\s*(?P<y2>\d{4})(?!\d)"
    r"|(?<=ngay )(?P<d3>\d{1,2})\s+thang\s+(?P<m3>\d{1,2}),?\s+nam\s+(?P<y3>\d{4})(?!\d)"
    rf"|(?<![\d/])(?P<d4>\d{{1,2}})\s+(?P<m4>{_NAMED_MONTH})\s+(?P<y4>\d{{4}})(?!\d))"
)
_MONTH = re.compile(r"\bthang\s+(?P<m>\d{1,2})(?:\s*/\s*|,?\s+nam\s+)(?P<y>(?:19|20)\d{2})(?!\d)")
_YEAR = re.compile(r"(?<![\w/])(?P<y>(?:19|20)\d{2})(?![\w/])")

_LEADING = re.compile(r"^(?:(?:cua|do|so|nam|ngay|thang|ban hanh|by|of|no|on|dated|issued|the) ?\b)+")
_TRAILING = re.compile(r"(?:\b(?:so|nam|ngay|thang|ban hanh|van ban|do|no|on|of) ?)+$")
# What nearly every title begins with, so that it tells nothing.
_ARTICLE = re.compile(r"\bdieu \d+[a-z]?\b")
_ENGLISH_ARTICLE = re.compile(r"\barticle (?=\d)")
_FORMULAS = re.compile(r"\b(?:viec|phe duyet|ban hanh|quy dinh|trien khai|thuc hien|sua doi|bo sung|mot so dieu|cua)\b")
_SUBJECT = re.compile(r"(?:^|(?<= ))(?:ve|quy dinh|ban hanh|phe duyet|sua doi|huong dan)\b ?")


@dataclass(frozen=True, slots=True)
class Citation:
    """What a text says of a document: the keys of its number, its type (a notation) and the rest that stands beside it.

    `before` and `after` are folded and spelt out, without type and date. `article`: the article of the document that is meant, folded. `impossible`: a date that does not exist.
    """

    keys: tuple[str, ...]
    type: str | None
    day: datetime.date | None
    month: int | None
    year: int | None
    before: str
    after: str
    article: str | None = None
    impossible: bool = False

    @property
    def beside(self) -> bool:
        """Whether words stand beside the number that only the document can explain."""
        return bool(self.before or self.after)


def partial_keys(number: str) -> list[str]:
    """The keys under which a document is filed besides its whole number: what people write of a number.

    >>> partial_keys("09/2019/NĐ-CP"), partial_keys("165/KH-UBND"), partial_keys("24/2008/QH12")
    (['09 nd', '09 2019', '09 2019 nd'], ['165 kh'], ['24 qh', '24 2008', '24 2008 qh'])
    >>> partial_keys("7146/VPCP-KSTT"), partial_keys("Điều 12")
    (['7146 cv'], [])
    """
    found = _PARTS.match(plain(number))
    if not found:
        return []
    serial, year, letters = found.groups()
    kind = letters if letters in _LETTERS else "cv"
    return [f"{serial} {kind}", *([f"{serial} {year}", f"{serial} {year} {kind}"] if year else [])]


def plain(text: str) -> str:
    """The text in NFC, lower case, without marks, letter by letter: of the same length as in NFC.

    >>> plain("Quyết định 1012/QÐ-TTg")
    'quyet dinh 1012/qd-ttg'
    """
    letters = (c.lower()[0] for c in unicodedata.normalize("NFC", text))
    return "".join("d" if c in "đðɖ" else unicodedata.normalize("NFD", c)[0] if c.isalpha() else c for c in letters)


def read(text: str) -> list[Citation]:
    """The ways in which `text` can be read as a citation; [] where it holds no document number."""
    letters = plain(text)
    found = []
    whole = list(dict.fromkeys(m.span() for p in (_FULL, _SPACED) if (m := p.search(letters))))
    for start, end in whole:
        whole_keys = _variants(fold(letters[start:end]))
        found.append(_citation(whole_keys, text, letters[:start], letters[end:], start, end))
    if whole:
        return found
    with_year = _WITH_YEAR.search(letters)
    if with_year:
        serial, year = with_year["serial"], with_year["year"]
        start, end = with_year.span()
        word = _type_beside(_beside(letters[:start]))[0]
        kinds = _TYPES[word][1] if word else ()
        keys = [f"{serial} {year} {kind}" for kind in kinds] or [f"{serial} {year}"]
        found.append(_citation(_variants(*keys), text, letters[:start], letters[end:], start, end))
    with_type = _WITH_TYPE.search(letters)
    if with_type and not with_year:
        start, end = with_type.span("serial")
        word = _type_beside(_beside(letters[:start]))[0]
        if word:
            keys = [f"{with_type['serial']} {kind}" for kind in _TYPES[word][1]]
            found.append(_citation(_variants(*keys), text, letters[:start], letters[end:], start, end))
    return found


def fits(
    citation: Citation,
    *,
    type: str | None,
    number: str,
    date: datetime.date | None,
    titles: Iterable[str],
    issuers: Iterable[str],
) -> bool:
    """Whether a document is the one that is cited: type (a notation), day, and everything else beside the number.

    `issuers`: what its issuer and the issuer's area are called, in full and shorter.
    """
    if citation.impossible or (citation.type and type and citation.type != type):
        return False
    if citation.day and date != citation.day:
        return False
    if citation.year and not citation.day:
        inside = re.search(r"/\s*((?:19|20)\d{2})\s*/", number)
        year = date.year if date else int(inside[1]) if inside else None
        if year != citation.year or (citation.month and (date is None or date.month != citation.month)):
            return False
    if not citation.before and not citation.after:
        return True
    _, _, tail = number.partition("/")
    names = {spelt_out(fold(name)) for name in (*issuers, re.sub(r"^\s*\d{4}\s*/", "", tail))}
    names |= {spelt_out(fold(name)) for name in re.split(r"[-–/]", tail)[-1:]}
    called = [spelt_out(fold(title)) for title in titles]
    before = _explained(citation.before, names, called) or _within(citation.before, called)
    return before and _explained(citation.after, names, called)


def _citation(keys: tuple[str, ...], text: str, before: str, after: str, start: int, end: int) -> Citation:
    composed = unicodedata.normalize("NFC", text)
    rest_before, said = _dates(before, composed[:start])
    rest_after, said_after = _dates(after, composed[end:])
    said = {**said, **said_after}
    day, impossible = None, False
    if "d" in said:
        try:
            day = datetime.date(said["y"], said["m"], said["d"])
        except ValueError:
            impossible = True
    word, rest = _type_beside(_beside(rest_before))
    kind = _TYPES[word][0] if word else None
    rest_after = _beside(rest_after)
    article = _ARTICLE.search(rest) or _ARTICLE.search(rest_after)
    if article:
        rest, rest_after = (" ".join(_ARTICLE.sub(" ", part).split()) for part in (rest, rest_after))
    called = article[0] if article else None
    return Citation(keys, kind, day, said.get("m"), said.get("y"), rest, rest_after, called, impossible)


def _dates(letters: str, spelt: str) -> tuple[str, dict[str, int]]:
    """The text without its first date, and the date: d, m and y as far as they are said."""
    for pattern in (_DAY, _MONTH, _YEAR):
        found = pattern.search(letters)
        if found:
            start, end = found.span()
            if pattern is _YEAR and spelt[:start].rstrip().lower().endswith("năm"):
                start = len(spelt[:start].rstrip()) - len("năm")
            elif pattern is _DAY and spelt[:start].rstrip().lower().endswith("ngày"):
                start = len(spelt[:start].rstrip()) - len("ngày")
            said = {name[0]: _MONTHS.get(value) or int(value) for name, value in found.groupdict().items() if value}
            return f"{letters[:start]} {letters[end:]}", said
    return letters, {}


def _beside(letters: str) -> str:
    return _ENGLISH_ARTICLE.sub("dieu ", spelt_out(fold(letters)))


def _type_beside(words: str) -> tuple[str | None, str]:
    """The word for the type that ends `words` (perhaps with “số” behind it) or begins them, and the words without it."""
    ended = re.sub(r"(?:^| )(?:van ban )?(?:so|no)$", "", words)
    for found in (re.search(rf"\b({_WORDS})$", ended), re.match(rf"({_WORDS})\b", ended)):
        if found and found[1] in _TYPES:
            return found[1], f"{ended[: found.start()]} {ended[found.end() :]}".strip()
    return None, words


def _explained(words: str, names: Collection[str], titles: Collection[str]) -> bool:
    """Whether the words are a name of the issuer, or that and after “về”, “ban hành”, … what the document is about."""
    if _names(words, names):
        return True
    for found in _SUBJECT.finditer(words):
        if _names(words[: found.start()], names) and _is_about(words[found.end() :], titles):
            return True
    return False


def _names(words: str, names: Collection[str]) -> bool:
    """Whether nothing is left of the words, or a name: whole, or its beginning or end of at least two words."""
    for rest in (words, _TRAILING.sub("", _LEADING.sub("", words)).strip()):
        if not rest or rest in names:
            return True
        if " " in rest and any(f"{name} ".startswith(f"{rest} ") or name.endswith(f" {rest}") for name in names):
            return True
    return False


def _is_about(subject: str, titles: Collection[str]) -> bool:
    """Whether a title says more than half of the words of a subject; titles are often cited, and recorded, abridged."""
    said = _FORMULAS.sub("", subject).split()
    return not said or any(2 * sum(word in title.split() for word in said) > len(said) for title in titles)


def _within(words: str, titles: Collection[str]) -> bool:
    rest = _TRAILING.sub("", words).strip()
    return any(f" {rest} " in f" {title} " for title in titles)


def _variants(*keys: str) -> tuple[str, ...]:
    """Keys with and without the nought that numbers below ten are written with: 9/2019 and 09/2019."""
    found: dict[str, None] = {}
    for key in keys:
        serial, _, rest = key.partition(" ")
        bare = serial.lstrip("0") or "0"
        padded = f"0{bare}" if len(re.sub(r"\D", "", bare)) == 1 else bare
        found |= dict.fromkeys(f"{one} {rest}" for one in (serial, bare, padded))
    return tuple(found)
