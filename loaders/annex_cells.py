"""What the cells of a statistical annex say: codes, release periods, bodies in charge."""

import re

from catalogue.folding import fold

_CODE = re.compile(r"[A-ZĐ]{0,3}\d{1,10}(?:\.\d{1,4}){0,3}")
_BETWEEN = re.compile(r"[;,/\s+&]+|\bvà\b")
_WHOLE = re.compile(r"(\d+)\.0+")
_ITEMS = re.compile(r"(?:^|\s)[-–—+•]\s+|;|\n")

_EVERY = (
    # Longest first: “6 tháng” is no month, “5 năm” no year.
    (re.compile(r"\b(?:10|muoi) nam\b"), "10-nam"),
    (re.compile(r"\b(?:0?5|nam) nam\b"), "5-nam"),
    (re.compile(r"\b(?:0?2|hai) nam\b"), "2-nam"),
    (re.compile(r"\b(?:0?9|chin) thang\b"), "9-thang"),
    (re.compile(r"\b(?:0?6|sau) thang\b"), "6-thang"),
    (re.compile(r"\bnhiem ki\b"), "nhiem-ky"),
    (re.compile(r"\bdot xuat\b"), "dot-xuat"),
    (re.compile(r"\bngay\b(?! \d)"), "ngay"),
    (re.compile(r"\btuan\b"), "tuan"),
    (re.compile(r"\bthang\b(?! \d)"), "thang"),
    (re.compile(r"\bqui\b(?! [ivx\d])|\bquy\b(?! [ivx\d])"), "quy"),
    (re.compile(r"\bnam\b(?! \d)"), "nam"),
)
_UNREADABLE = re.compile(r"\b\d+(?:-\d+)? (?:nam|thang|quy|qui)\b")
_ROLES = (
    (re.compile(r"^(?:cơ quan )?chủ trì(?: thu thập, tổng hợp)?\s*[:\-–]?\s*", re.IGNORECASE), "chu-tri"),
    (re.compile(r"^(?:cơ quan )?phối hợp(?: thực hiện)?(?: với)?\s*[:\-–]?\s*", re.IGNORECASE), "phoi-hop"),
)
_OTHERWISE = "thu-thap-tong-hop"
"""What the heading of the column gives every body in it: cơ quan chịu trách nhiệm thu thập, tổng hợp."""


def is_code(cell: str) -> bool:
    """Whether a cell is a code of an indicator.

    >>> is_code("T0101"), is_code("0101"), is_code("101"), is_code("1"), is_code("Mã số")
    (True, True, True, False, False)
    """
    return len(cell) > 2 and _CODE.fullmatch(cell) is not None


def whole_code(cell: str) -> str:
    """A code with the leading zero that a spreadsheet took: codes are pairs of digits.

    >>> whole_code("101"), whole_code("1.0"), whole_code("T0101"), whole_code("1012")
    ('0101', '01', 'T0101', '1012')
    """
    code = "".join(cell.split()) if re.fullmatch(r"[\d\s]+", cell) else cell
    code = _WHOLE.sub(r"\1", code) if _WHOLE.fullmatch(code) else code
    if code.isdigit() and len(code) % 2:
        return f"0{code}"
    return code


def codes(cell: str) -> tuple[list[str], list[str]]:
    """The codes in a cell, and what else stands in it.

    >>> codes("0101; 102 và T0203"), codes("0105 (một phần)")
    ((['0101', '0102', 'T0203'], []), (['0105'], ['(một phần)']))
    """
    found: list[str] = []
    rest: list[str] = []
    for word in _BETWEEN.split(cell):
        if not word:
            continue
        bare = word.strip("().*")
        if is_code(bare) or (bare.isdigit() and len(bare) > 2):
            found.append(whole_code(bare))
        else:
            rest.append(word)
    return list(dict.fromkeys(found)), [" ".join(rest)] if rest else []


def frequencies(cell: str) -> tuple[str, ...]:
    """The codes of the list of frequencies for a release period; none for what is not among them.

    >>> frequencies("Tháng, quý, năm"), frequencies("6 tháng, năm"), frequencies("5 năm"), frequencies("3-5 năm")
    (('thang', 'quy', 'nam'), ('6-thang', 'nam'), ('5-nam',), ())
    """
    left, found = fold(cell), []
    for words, code in _EVERY:
        taken = words.search(left)
        if taken is None or (code.endswith(("nam", "thang")) and "-" in code and _part_of_more(left, taken.start())):
            continue
        if code in ("nam", "thang", "quy") and _UNREADABLE.search(left):
            continue
        found.append((fold(cell).find(taken[0]), code))
        left = words.sub(" ", left)
    return tuple(code for _, code in sorted(found))


def _part_of_more(left: str, start: int) -> bool:
    """“3-5 năm”, “1, 2 năm”: the number belongs to a range, folded to “3 5 nam”."""
    return re.search(r"\d $", left[:start]) is not None


def agencies(cell: str) -> list[tuple[str, str, str]]:
    """(body, role as a code of the list of roles, words) of each body that a cell names.

    >>> agencies("- Chủ trì: Cục Thống kê; - Phối hợp: Sở Y tế, Công an tỉnh")
    [('Cục Thống kê', 'chu-tri', 'Chủ trì: Cục Thống kê'), ('Sở Y tế, Công an tỉnh', 'phoi-hop', 'Phối hợp: Sở Y tế, Công an tỉnh')]
    """
    found = []
    for item in _ITEMS.split(cell):
        words = " ".join(item.split()).strip(" .,")
        if not words:
            continue
        for pattern, role in _ROLES:
            if pattern.match(words):
                found.append((pattern.sub("", words).strip(), role, words))
                break
        else:
            found.append((words, _OTHERWISE, words))
    return [one for one in found if one[0]]
