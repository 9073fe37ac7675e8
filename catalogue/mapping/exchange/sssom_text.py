"""Values of slots as text: CURIEs expanded and contracted, lists, numbers, dates, and what is wrong with each."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice

from catalogue.iri import VOCABULARY, is_absolute
from catalogue.mapping.exchange.sssom import BUILT_IN, JUSTIFICATIONS, Slot, Value, number, written

SCHEMES = ("http", "https", "urn", "ftp", "mailto", "tag", "doi", "info", "ark", "did")
"""Schemes of the IRIs that are taken; what a browser would run (`javascript:`, `data:`) is not among them."""

LONGEST = 20_000
"""Characters of one value."""

_MOST_COMPARED = 1_000
"""Names that a misspelt one is compared with; who declares more prefixes is told no better."""

_PREFIX_NAME = re.compile(r"[^\W\d][\w.-]{0,99}")
_CODE = re.compile(r"[^\s:<>\"{}|\\^`]{1,200}")
_CODES = ("subject_id", "object_id", "subject_source", "object_source")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SPOKEN_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_COMMA = re.compile(r"[01],\d+")  # the decimal comma of a Vietnamese spreadsheet
_PIECES = re.compile(r"(?:[^|\\]|\\.|\\$)+", re.DOTALL)
_ESCAPED = re.compile(r"\\([|\\])")


class Unreadable(Exception):
    """A value that cannot be what its slot holds; `vi` and `en` say why and what to do."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.vi = vi
        self.en = en


def value(slot: Slot, text: str, prefixes: Mapping[str, str]) -> Value | None:
    """The value that `text` writes, None where it is empty. `prefixes` hold the built-in ones too. Raises `Unreadable`."""
    if not slot.many:
        return one(slot, text, prefixes)
    return several(slot, split(text), prefixes)


def several(slot: Slot, texts: list[str], prefixes: Mapping[str, str]) -> Value | None:
    """The values of a slot that holds several. Raises `Unreadable`."""
    found = {one(slot, text, prefixes) for text in texts} - {None}
    return tuple(sorted(map(str, found))) or None


def one(slot: Slot, text: str, prefixes: Mapping[str, str]) -> str | Value | None:
    """One value. Raises `Unreadable`."""
    if len(text) > LONGEST:
        raise Unreadable(
            f"Giá trị dài hơn {LONGEST} ký tự. Hãy rút ngắn.",
            f"The value has more than {LONGEST} characters. Shorten it.",
        )
    if found := _CONTROL.search(text):
        code = f"U+{ord(found[0]):04X}"
        raise Unreadable(
            f"Giá trị có ký tự điều khiển {code}. Hãy xóa ký tự ấy.",
            f"The value holds the control character {code}. Take it out.",
        )
    if slot.kind == "text":
        return text if text.strip() else None
    text = text.strip()
    if not text:
        return None
    match slot.kind:
        case "reference":
            return _reference(slot, text, prefixes)
        case "uri":
            return checked(text)
        case "number":
            return _number(slot, text)
        case "date":
            return day(text)
    return _enumerated(slot, text, prefixes)


def split(text: str) -> list[str]:
    r"""The values of a cell that holds several, separated by `|`; a backslash keeps `|` and itself from that.

    >>> split(r"Alice\|Bob|Charlie\\|")
    ['Alice|Bob', 'Charlie\\']
    """
    return [_ESCAPED.sub(r"\1", piece) for piece in _PIECES.findall(text)]


def joined(values: tuple[str, ...]) -> str:
    r"""Several values as a cell holds them.

    >>> joined(("Alice|Bob", "Charlie\\"))
    'Alice\\|Bob|Charlie\\\\'
    """
    return "|".join(re.sub(r"([|\\])", r"\\\1", one) for one in values)


def shown(found: Value, contract: "Contraction | None" = None) -> str:
    """A single value as text; `contract` where it is a reference."""
    if isinstance(found, date):
        return found.isoformat()
    if isinstance(found, str):
        return contract.curie(found) if contract else found
    return written(found) if not isinstance(found, tuple) else joined(found)


def expanded(text: str, prefixes: Mapping[str, str]) -> str:
    """The IRI that a CURIE or an IRI writes. Raises `Unreadable` for an unknown prefix and for what is neither."""
    prefix, colon, rest = text.partition(":")
    if not colon:
        raise Unreadable(
            f"“{_cut(text)}” không phải CURIE (tiền tố:mã) hay IRI. Tên người hay tên gọi thì viết vào cột …_label.",
            f"“{_cut(text)}” is neither a CURIE (prefix:code) nor an IRI. The name of a person goes into the column …_label.",
        )
    start = prefixes.get(prefix)
    if start is not None:
        return checked(start + rest)
    if prefix.lower() in SCHEMES:
        return checked(text)
    near = _nearest(prefix, prefixes)
    hint_vi = f" Có phải “{near}”?" if near else ""
    hint_en = f" Is it “{near}”?" if near else ""
    raise Unreadable(
        f"Tiền tố “{_cut(prefix)}” của “{_cut(text)}” chưa được khai báo.{hint_vi} Hãy khai báo trong curie_map ở đầu tệp.",
        f"The prefix “{_cut(prefix)}” of “{_cut(text)}” is not declared.{hint_en} Declare it in the curie_map at the head of the file.",
    )


def checked(text: str) -> str:
    """An absolute IRI of a scheme that is taken. Raises `Unreadable`."""
    if not is_absolute(text):
        raise Unreadable(
            f"“{_cut(text)}” không phải một IRI đầy đủ. Hãy viết cả địa chỉ, ví dụ https://…",
            f"“{_cut(text)}” is no whole IRI. Write the whole address, such as https://…",
        )
    if text.partition(":")[0].lower() not in SCHEMES:
        raise Unreadable(
            f"Không nhận IRI loại “{_cut(text.partition(':')[0])}:”. Các loại nhận được: {', '.join(SCHEMES)}.",
            f"IRIs of the scheme “{_cut(text.partition(':')[0])}:” are not taken. Schemes taken: {', '.join(SCHEMES)}.",
        )
    return text


def day(text: str) -> date:
    """A day, written year-month-day, or day/month/year as a Vietnamese spreadsheet saves it. Raises `Unreadable`."""
    try:
        if spoken := _SPOKEN_DAY.fullmatch(text):
            return date(int(spoken[3]), int(spoken[2]), int(spoken[1]))
        if not _DAY.fullmatch(text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise Unreadable(
            f"“{_cut(text)}” không phải một ngày có thật dạng năm-tháng-ngày. Hãy viết, ví dụ, 2025-03-01 (trong Excel: định dạng ô yyyy-mm-dd).",
            f"“{_cut(text)}” is no real day written year-month-day. Write, for instance, 2025-03-01 (in Excel: the cell format yyyy-mm-dd).",
        ) from None


def prefix(name: str, start: str) -> None:
    """Check a declaration of the prefix map. Raises `Unreadable`."""
    if name in BUILT_IN:
        if start != BUILT_IN[name]:
            raise Unreadable(
                f"Tiền tố “{name}” luôn là {BUILT_IN[name]}, tệp khai báo {_cut(start)}. Hãy bỏ dòng ấy.",
                f"The prefix “{name}” always is {BUILT_IN[name]}; the file declares {_cut(start)}. Take the line out.",
            )
        return
    if not _PREFIX_NAME.fullmatch(name) or name.lower() in (*SCHEMES, "javascript", "data", "file"):
        raise Unreadable(
            f"“{_cut(name)}” không thể là tên tiền tố. Tên gồm chữ, số, dấu chấm, gạch nối, bắt đầu bằng chữ.",
            f"“{_cut(name)}” cannot be the name of a prefix. A name has letters, digits, dots and hyphens, a letter first.",
        )
    checked(start)


class Contraction:
    """IRIs to CURIEs, by the prefixes of a set; where none fits, by new ones. `used`: those that were needed."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._known = {"chiso": VOCABULARY, **prefixes, **BUILT_IN}
        self._order = sorted(self._known.items(), key=lambda item: (-len(item[1]), item[0]))
        self._made: dict[str, str] = {}
        self.used: dict[str, str] = {}

    def curie(self, iri: str) -> str:
        """The CURIE of an IRI; a plain code stays as it is."""
        if ":" not in iri:
            return iri
        for name, start in self._order:
            if iri.startswith(start):
                self.used[name] = start
                return f"{name}:{iri[len(start) :]}"
        end = max(iri.rfind("#"), iri.rfind("/"), iri.find(":")) + 1
        start, rest = iri[:end], iri[end:]
        if start not in self._made:
            self._made[start] = self._name(start)
        name = self._made[start]
        self.used[name] = start
        return f"{name}:{rest}"

    def _name(self, start: str) -> str:
        last = re.sub(r"[^\w-]", "", re.split(r"[/#:]", start.rstrip("/#:"))[-1])
        wanted = last if last and _PREFIX_NAME.fullmatch(last) and last.lower() not in SCHEMES else "ns"
        name, number = wanted, 1
        while name in self._known or name in self._made.values():
            number += 1
            name = f"{wanted}{number}"
        return name


def _reference(slot: Slot, text: str, prefixes: Mapping[str, str]) -> str:
    if slot.name in _CODES and ":" not in text:
        if not _CODE.fullmatch(text):
            raise Unreadable(
                f"“{_cut(text)}” không thể là một mã. Hãy viết CURIE (tiền tố:mã), IRI, hoặc mã không có dấu cách.",
                f"“{_cut(text)}” cannot be a code. Write a CURIE (prefix:code), an IRI, or a code without blanks.",
            )
        return text
    iri = expanded(text, prefixes)
    if slot.name == "mapping_justification" and iri not in JUSTIFICATIONS:
        names = {f"semapv:{known.rpartition('/')[2]}": known for known in JUSTIFICATIONS}
        near = _nearest(text, names)
        raise Unreadable(
            f"“{_cut(text)}” không phải lý do mà SSSOM cho phép.{f' Có phải {near}?' if near else ''} Danh sách: {', '.join(names)}.",
            f"“{_cut(text)}” is no justification that SSSOM allows.{f' Is it {near}?' if near else ''} They are: {', '.join(names)}.",
        )
    return iri


def _number(slot: Slot, text: str) -> Value:
    try:
        found = number(text.replace(",", ".") if _COMMA.fullmatch(text) else text)
        if not slot.least <= found <= 1:
            raise ValueError(text)
        return found
    except (ValueError, OverflowError):
        raise Unreadable(
            f"“{_cut(text)}” không phải một số từ {slot.least} đến 1. Viết dấu chấm thập phân, ví dụ 0.95.",
            f"“{_cut(text)}” is no number from {slot.least} to 1. Write it with a decimal point, such as 0.95.",
        ) from None


def _enumerated(slot: Slot, text: str, prefixes: Mapping[str, str]) -> str:
    if text in slot.values:
        return text
    for known, meaning in slot.values.items():
        if known.lower() == text.lower():
            return known
        if meaning is not None and ":" in text and (text == meaning or expanded(text, prefixes) == meaning):
            return known
    raise Unreadable(
        f"“{_cut(text)}” không phải giá trị của {slot.name}. Các giá trị: {', '.join(slot.values)}.",
        f"“{_cut(text)}” is no value of {slot.name}. Its values: {', '.join(slot.values)}.",
    )


def _nearest(word: str, names: Iterable[str]) -> str | None:
    """The one of the first names that is most like a misspelt word, if any is: a document may misspell thousands."""
    if len(word) > 100:
        return None
    from rapidfuzz import fuzz, process

    found = process.extractOne(word, list(islice(names, _MOST_COMPARED)), scorer=fuzz.ratio, score_cutoff=55)
    return found[0] if found else None


def _cut(text: str) -> str:
    """A value as a sentence may show it."""
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79]}…"
