"""What a name says, taken apart for comparing: its words, numbers, units, what stands in brackets, what is measured.

Names of indicators, agencies and anything else, in Vietnamese or English. Comparing whole strings confuses what differs
by one decisive piece (children under 1 and under 5, imports and exports, a level and its growth), so that the pieces are
kept apart here, once per name, and compared in `catalogue.likeness.similarity`.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from sys import intern
from zlib import crc32

from catalogue.abbreviations import ABBREVIATIONS
from catalogue.folding import fold

ENGLISH_ABBREVIATIONS: dict[str, str] = {
    "gdp": "gross domestic product",
    "gni": "gross national income",
    "fdi": "foreign direct investment",
    "oda": "official development assistance",
    "cpi": "consumer price index",
    "ict": "information communication technology",
    "r d": "research development",
    "ppp": "purchasing power parity",
    "co2": "carbon dioxide",
    "hiv": "human immunodeficiency virus",
    "pm2 5": "particulate matter pm25",
}
"""Folded abbreviation → folded words, in English names."""

MARKED_FUNCTION_WORDS = re.compile(
    r"\b(?:và|của|các|những|cho|theo|trên|tại|được|trong|với|bởi|đến|từ|về|ở|là|đã|đối|trở|lên)\b", re.IGNORECASE
)
"""Words that carry hardly any meaning, as written: without its marks, tại is also tài."""

FUNCTION_WORDS = frozenset(
    [
        "va",
        "cua",
        "cac",
        "nhung",
        "theo",
        "duoc",
        "the",
        "of",
        "and",
        "in",
        "on",
        "at",
        "by",
        "for",
        "to",
        "from",
        "with",
        "a",
        "an",
        "as",
        "or",
        "their",
        "its",
        "who",
        "which",
        "that",
        "are",
        "is",
    ]
)
"""Words that carry hardly any meaning however they are written, folded."""

MEASURE_WORDS = frozenset(
    [
        "ti",
        "le",
        "suat",
        "trong",
        "so",
        "tong",
        "chi",
        "tieu",
        "muc",
        "do",
        "gia",
        "tri",
        "proportion",
        "percentage",
        "share",
        "rate",
        "ratio",
        "number",
        "total",
        "index",
        "level",
    ]
)
"""Words that say how something is measured and stand in many names, folded."""

KINDS: dict[str, str] = {
    "growth": r"tang truong|toc do (?:phat trien|tang)|\btang$|^tang\b|^ti le tang|bien dong|growth|annual change",
    "per-head": r"binh quan dau nguoi|tren dau nguoi|per capita|per person",
    "share": r"ti le|ti trong|co cau|so voi grdp|so voi gdp|of gdp|of total|proportion|percentage|share",
    "rate": r"ti suat|\brates?\b|mortality|incidence|prevalence",
    "ratio": r"ti so|\bratio|parity",
    "count": r"^so\b(?! voi)|^tong so|\bnumber of|^total number",
    "average": r"binh quan(?! dau nguoi)|trung binh|average|mean\b",
    "index": r"chi so|\bindex",
}
"""What a name measures → the folded wording that shows it."""

KIND_NAMES: dict[str, tuple[str, str]] = {
    "growth": ("mức tăng", "growth"),
    "per-head": ("bình quân đầu người", "per head"),
    "share": ("tỷ lệ, tỷ trọng", "share"),
    "rate": ("tỷ suất", "rate"),
    "ratio": ("tỷ số", "ratio"),
    "count": ("số lượng", "count"),
    "average": ("trung bình", "average"),
    "index": ("chỉ số", "index"),
}

OPPOSITES: tuple[tuple[str, str], ...] = (
    (r"nhap khau|\bimports?\b", r"xuat khau|\bexports?\b"),
    (r"nhap cu|immigration", r"xuat cu|emigration"),
    (r"thanh thi|\burban\b", r"nong thon|\brural\b"),
    (r"\bfemales?\b|\bwomen\b|\bgirls\b", r"\bmales?\b|\bmen\b|\bboys\b"),
    (r"ket hon", r"li hon"),
    (r"khai sinh", r"khai tu"),
    (r"\bsinh\b|\bbirths?\b|fertility", r"\bchet\b|tu vong|\bdeaths?\b|mortality"),
    (r"\bthu ngan|\brevenues?\b", r"\bchi ngan|\bexpenditures?\b|\bexpenses?\b"),
    (r"giai ngan|\bdisbursements?\b", r"\bcommitments?\b"),
    (r"\bprimary\b|tieu hoc", r"\bsecondary\b|trung hoc|\btertiary\b"),
    (r"\blower secondary\b|trung hoc co so", r"\bupper secondary\b|trung hoc pho thong"),
    (r"\bthat nghiep|unemploy", r"co viec lam|\bemployed\b"),
    (r"\bcurrent\b", r"\bconstant\b"),
    (r"khi sinh|moi sinh|luc sinh|at birth", r"cua dan so|of population"),
)
"""Two wordings of which a pair of names that mean the same never has one each."""

ONE_WORDING: tuple[tuple[str, str], ...] = (
    (r"toc do (?:tang truong|tang|phat trien)", "tang truong"),
    (r"ti le tang\b(?! truong)", "ti le tang truong"),
    (r"ti le phan tram|percentage|percent|per cent|\bshare\b", "proportion"),
    (r"per person|per head", "per capita"),
    (r"\bpeople\b|\binhabitants\b", "population"),
    (r"spending", "expenditure"),
)
"""Two wordings of one thing: folded pattern → the wording that is compared. Only what holds in every list; what is said
differently in two lists is learned from decisions."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_MARKED = re.compile("[à-ỹđăâêôơưÀ-ỸĐĂÂÊÔƠƯ]")
_SYLLABLE = re.compile(
    r"^(?:ngh?|nh|tr|th|ph|kh|gh|gi|ch|qu|[bcdghklmnpqrstvx])?(?:[aeiouy]{1,3})(?:ngh?|nh|ng|ch|[cmnpt])?$"
)
_PER_HEAD = re.compile(r"/\s*(?:đầu\s+)?(?:người|nguoi)\b", re.IGNORECASE)
_OVER = re.compile(r"(?<=\w)\s*/\s*(?=(?:GRDP|GDP)\b)", re.IGNORECASE)
_PER_CENT_OF = re.compile(r"%\s*of\s+")
_UNITS = re.compile(
    r"%|‰|\bkm2\b|\bkm²|\bm2\b|\bm³|\bha\b|\busd\b|us\$|\blcu\b|đồng\b|\bngười\b|\bcăn\b|\bxã\b|\bhộ\b|\blượt\b|\bvụ\b"
    r"|\bper 100,?000\b|\bper 1,?000\b|\bper 100\b|\bkt\b|\bkwh\b|metric tons?|kilograms?|\byears?\b|\bdays\b|\bhours\b",
    re.IGNORECASE,
)
_ONE_WORDING = tuple((re.compile(pattern), wording) for pattern, wording in ONE_WORDING)
_SIDES = tuple(re.compile(pattern) for pair in OPPOSITES for pattern in pair)
_KINDS = tuple((kind, re.compile(pattern)) for kind, pattern in KINDS.items())


def _hints(patterns: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """The letters that each alternative of some patterns cannot do without, and the place of its pattern: asking for them
    is twenty times quicker than a search, and most names hold none.

    >>> _hints([r"\\bbirths?\\b|sinh", r"toc do (?:tang|giam)"])
    (('birth', 0), ('sinh', 0), ('toc do ', 1))
    """
    bare = (re.sub(r"\(\?[:!][^)]*\)|\\b|\w\?|[\^$]", "", pattern) for pattern in patterns)
    return tuple((letters, at) for at, pattern in enumerate(bare) for letters in pattern.split("|"))


_SIDE_HINTS = _hints(pattern for pair in OPPOSITES for pattern in pair)
_KIND_HINTS = _hints(KINDS.values())


@dataclass(frozen=True, slots=True)
class Wording:
    """A name taken apart. `words` and `aside` (what stands in brackets; `said`: both) are folded, abbreviations spelt out, English
    plurals cut; `numbers` stand apart from both; `marks` are the words with their diacritics, empty where a name was
    typed without; `poles` has one bit for each side of an opposite that the name takes."""

    text: str
    folded: str
    plain: str
    words: frozenset[str]
    aside: frozenset[str]
    said: frozenset[str]
    numbers: frozenset[str]
    units: frozenset[str]
    kinds: frozenset[str]
    marks: frozenset[str]
    grams: int
    spelt: tuple[str, ...]
    left: int
    right: int
    weight: float
    aside_weight: float
    english: bool


def is_english(text: str) -> bool:
    """Whether a name without Vietnamese marks has a word that cannot be a Vietnamese syllable.

    >>> is_english("Number of deaths"), is_english("Tỷ lệ hộ nghèo"), is_english("ty le ho ngheo"), is_english("GRDP")
    (True, False, False, False)
    """
    if _MARKED.search(text):
        return False
    words = [word for word in fold(text).split() if word.isalpha() and word not in ABBREVIATIONS]
    foreign = sum(not _SYLLABLE.match(word) for word in words)
    return bool(words) and foreign * 3 >= len(words)


def weight(word: str) -> float:
    """How much of a name's meaning a folded word carries: 1, or half where it only says how something is measured."""
    return 0.5 if word in MEASURE_WORDS else 1.0


def analyse(text: str) -> Wording:
    """A name taken apart.

    >>> name = analyse("GRDP/người (triệu đồng)")
    >>> name.plain, sorted(name.units), sorted(name.kinds), name.spelt
    ('tong san pham tren dia ban binh quan dau nguoi', ['đồng'], ['per-head'], ('grdp',))
    >>> sorted(analyse("Tỷ suất chết trẻ em dưới 05 tuổi").numbers)
    ['5']
    """
    english = is_english(text)
    written = (
        _PER_CENT_OF.sub("proportion of ", text)
        if english
        else _OVER.sub(" so với ", _PER_HEAD.sub(" bình quân đầu người ", text))
    )
    bracketed = " ".join(_BRACKETS.findall(written))
    outside = _BRACKETS.sub(" ", written)
    if not fold(outside):
        outside, bracketed = written, ""
    folded = fold(outside)
    main, spelt_main = _spell(folded, english)
    aside, spelt_aside = _spell(fold(bracketed), english)
    numbers = frozenset(_value(found) for found in _NUMBER.findall(text))
    words = _words(outside, main, english)
    apart = _words(bracketed, aside, english) - words
    both = f"{main} {aside}".strip()
    sides = {at for at in {at for letters, at in _SIDE_HINTS if letters in both} if _SIDES[at].search(both)}
    kinds = {_KINDS[at] for at in {at for letters, at in _KIND_HINTS if letters in both}}
    lowered = outside.lower()
    return Wording(
        text=text,
        folded=fold(text) if bracketed or written is not text else folded,
        plain=main,
        words=words,
        aside=apart,
        said=words | apart if apart else words,
        numbers=numbers,
        units=frozenset(found.lower() for found in _UNITS.findall(bracketed)) if bracketed else frozenset(),
        kinds=frozenset(kind for kind, pattern in kinds if pattern.search(both)),
        marks=frozenset(map(_marked, re.findall(r"\w+", lowered))) if _MARKED.search(outside) else frozenset(),
        grams=grams(main),
        spelt=(*spelt_main, *spelt_aside),
        left=sum(1 << at // 2 for at in sides if at % 2 == 0 and at + 1 not in sides),
        right=sum(1 << at // 2 for at in sides if at % 2 == 1 and at - 1 not in sides),
        weight=sum(map(weight, words)),
        aside_weight=sum(map(weight, apart)),
        english=english,
    )


@lru_cache(maxsize=8_192)
def _marked(word: str) -> str:
    """A word with its marks, wherever they stand on it: hoá is hóa, and tỉ is tỷ, but thu is not thủ.

    >>> _marked("hoá") == _marked("hóa"), _marked("tỉ") == _marked("tỷ"), _marked("thu") == _marked("thủ")
    (True, True, False)
    """
    marks = sorted(letter for letter in unicodedata.normalize("NFD", word) if unicodedata.combining(letter))
    return intern(f"{fold(word)}{'đ' * word.count('đ')}{''.join(marks)}")


def _words(written: str, folded: str, english: bool) -> frozenset[str]:
    """The words that carry meaning, folded, without numbers."""
    plain = folded
    if not english and MARKED_FUNCTION_WORDS.search(written):
        plain, _ = _spell(fold(MARKED_FUNCTION_WORDS.sub(" ", written)), english)
    kept = [word for word in plain.split() if not word.isdigit() and word not in FUNCTION_WORDS]
    return frozenset(intern(_stem(word, english)) for word in kept or folded.split())


def grams(folded: str) -> int:
    """The groups of three letters of a folded text, word ends marked by spaces, as bits of one number: two texts share
    about `(a & b).bit_count()` of them. A set of strings says the same in twenty times the memory.

    >>> grams("dan so").bit_count(), (grams("dan so") & grams("dan cu")).bit_count()
    (6, 3)
    """
    words = folded.split(" ")
    bits = _grams(f" {words[0]} ")
    for before, word in pairwise(words):
        bits |= _grams(f" {word} ") | _grams(f"{before[-1:]} {word[:1]}")
    return bits


@lru_cache(maxsize=16_384)
def _grams(padded: str) -> int:
    """The groups of three letters of one word, or of the place where two meet: names are made of few different ones."""
    letters, bits = padded.encode(), 0
    for at in range(len(letters) - 2):
        bits |= 1 << (crc32(letters[at : at + 3]) & 1023)
    return bits


_VIETNAMESE = re.compile(r"\b(?:" + "|".join(sorted(ABBREVIATIONS, key=len, reverse=True)) + r")\b")
_ENGLISH = re.compile(r"\b(?:" + "|".join(sorted(ENGLISH_ABBREVIATIONS, key=len, reverse=True)) + r")\b")


def _spell(folded: str, english: bool) -> tuple[str, tuple[str, ...]]:
    pattern, table = (_ENGLISH, ENGLISH_ABBREVIATIONS) if english else (_VIETNAMESE, ABBREVIATIONS)
    spelt = tuple(dict.fromkeys(pattern.findall(folded)))
    plain = pattern.sub(lambda found: table[found[0]], folded) if spelt else folded
    for other, wording in _ONE_WORDING:
        plain = other.sub(wording, plain)
    return plain, spelt


def _stem(word: str, english: bool) -> str:
    if not english or len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") else word[:-1]


def _value(found: str) -> str:
    """A number in one spelling: thousands ungrouped, no leading zeros.

    >>> _value("05"), _value("100,000"), _value("4,5"), _value("2.50")
    ('5', '100000', '4.5', '2.5')
    """
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", found):
        found = re.sub("[.,]", "", found)
    number = found.replace(",", ".")
    try:
        return f"{float(number):.10g}" if "." in number else str(int(number))
    except ValueError:
        return number
