"""Shorter forms of a name that people type: without the word for the type of area, and the abbreviation in brackets.

They are made from the name as it is spelt, because without diacritics “tỉnh” and “tình” are one word.
"""

import re
import unicodedata

from catalogue.folding import fold

_AREA = re.compile(
    r"^(?:thành phố|tp\.?|tỉnh|quận|huyện|thị xã|thị trấn|phường|xã|đặc khu)\s+(?=[^\W\d])", re.IGNORECASE
)
_OF_AREA = re.compile(r"\b(?:thành phố|tp\.?|tỉnh)\s+(?=[^\W\d])", re.IGNORECASE)
_OF_A_PLACE = frozenset({"area", "agency", "post"})
_BRACKETED = re.compile(r"\(([A-ZĐ]{2,8})[,)]")
_AT_END = re.compile(r"\s*\([A-ZĐ]{2,8}\)$")
_UNITS = re.compile(r"\b(?:thanh pho|tinh)\b ?")


def composed(name: str) -> str:
    """A name in NFC with single spaces: two spellings of one text become one.

    >>> composed(" Ba  Đình")
    'Ba Đình'
    """
    return " ".join(unicodedata.normalize("NFC", name).split())


def shorter(name: str, kind: str | None) -> list[str]:
    """The shorter forms of a thing's name, by its kind; [] where there are none.

    >>> shorter("Phường Ba Đình", "area"), shorter("UBND TP Hà Nội", "agency")
    (['Ba Đình'], ['UBND Hà Nội'])
    >>> shorter("Tổng sản phẩm trên địa bàn (GRDP)", "indicator"), shorter("Quận 1", "area")
    (['GRDP', 'Tổng sản phẩm trên địa bàn'], [])
    """
    if "(" not in name and kind not in _OF_A_PLACE:
        return []
    full = composed(name)
    forms = [found[1] for found in _BRACKETED.finditer(full)]
    forms.append(_AT_END.sub("", full))
    if kind == "area":
        forms.append(_AREA.sub("", full))
    elif kind in ("agency", "post"):
        forms.append(_OF_AREA.sub("", full))
    return [form for form in dict.fromkeys(forms) if form and form != full]


def units(name: str) -> set[str]:
    """The words for a province or a city in a name, folded.

    >>> units("Thành phố Hưng Yên"), units("Hưng Yên")
    ({'thanh pho'}, set())
    """
    return {found.strip() for found in _UNITS.findall(fold(name))}


def without_units(folded: str) -> str:
    """A folded text without the words for a province or a city.

    >>> without_units("uy ban nhan dan tinh hung yen")
    'uy ban nhan dan hung yen'
    """
    return _UNITS.sub("", folded).strip()
