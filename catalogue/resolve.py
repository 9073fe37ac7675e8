"""From what a person has in hand to the thing it names: an IRI, a CURIE, a code, a document number, a name.

Codes are found in every scheme, agency codes in their present form (H26) and in the reversed old one (000.00.00.H26).
A document number may carry its type and its day (“Quyết định số 1012/QĐ-TTg ngày 20/9/2024”), because one number can
name several documents. Names are found with and without diacritics, in full or abbreviated.
"""

import datetime
import re
from dataclasses import dataclass
from typing import Literal

from pyoxigraph import NamedNode

from catalogue.abbreviations import spelt_out
from catalogue.errors import Ambiguous, Invalid, NotFound
from catalogue.folding import fold
from catalogue.iri import KINDS, PREFIXES
from catalogue.iri import thing as thing_iri
from catalogue.labels import Reference, kind_of, references
from catalogue.lookup import rows_of
from catalogue.query import Query
from catalogue.rows import records
from catalogue.store.port import Store

LONGEST = 500
"""Most characters of a text to resolve."""

By = Literal["iri", "curie", "code", "number", "name"]
_ORDER: tuple[By, ...] = ("iri", "curie", "code", "number", "name")


@dataclass(frozen=True, slots=True)
class Match:
    """A thing that fits, by what it fits (`value`), the scheme of a code, and the validity of what fits."""

    thing: Reference
    by: By
    value: str
    scheme: Reference | None
    valid_from: datetime.date | None
    valid_to: datetime.date | None


# 1012/QĐ-TTg, 01/2021/QH15, 09/2019/NĐ-CP, 482/NQ-HĐND: digits, perhaps a year, then the issuer's letters.
_NUMBER = re.compile(r"\d+[a-zđ]?\s*/\s*(?:\d{4}\s*/\s*)?[A-ZĐ][\wĐđ&.]*(?:\s*-\s*[\wĐđ&.]+)*", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_YEAR = re.compile(r"(?:năm|nam|\()\s*((?:19|20)\d{2})\b", re.IGNORECASE)
# Words that say the type of a document, folded, and the code of that type.
_TYPES = {
    "luat": "luat",
    "nghi quyet": "nghi-quyet",
    "nghi dinh": "nghi-dinh",
    "quyet dinh": "quyet-dinh",
    "ke hoach": "ke-hoach",
    "cong van": "cong-van",
    "thong tu": "thong-tu",
    "chi thi": "chi-thi",
}
# Prefixes that `graph/` writes for a kind whose name is long or taken.
_ALIASES = {"set": "indicator-set", "group": "indicator-group", "identifier": "code"}
# How the numbers of a type end, folded: “Nghị định 09/2019” is filed as 09/2019/NĐ-CP.
_ENDINGS = {
    "luat": ("qh13", "qh14", "qh15", "qh16"),
    "nghi quyet": ("nq cp", "qh14", "qh15", "qh16"),
    "nghi dinh": ("nd cp",),
    "quyet dinh": ("qd ttg", "qd ubnd"),
}
_SHORT = re.compile(r"(\d+)\s*/\s*(\d{4})\s*$")


@dataclass(frozen=True, slots=True)
class _Key:
    thing: str
    bearer: str
    key: str


@dataclass(frozen=True, slots=True)
class _Detail:
    bearer: str
    notation: str | None
    number: str | None
    date: datetime.date | None
    type: str | None
    scheme: str | None
    valid_from: datetime.date | None
    valid_to: datetime.date | None


def find(
    store: Store, text: str, *, base: str, scheme: str | None = None, language: str = "vi", limit: int = 50
) -> list[Match]:
    """All things that `text` may name, the surest kind of match first; [] where nothing fits.

    `scheme`: the IRI of a scheme, or a part of it, to which codes are restricted. Raises `Invalid` for an empty text
    and for one of more than 500 characters.
    """
    wanted = text.strip()
    if not wanted or len(wanted) > LONGEST:
        raise Invalid(
            f"Hãy cho một tên, mã, số văn bản hoặc IRI, dài từ 1 đến {LONGEST} ký tự.",
            f"Give a name, code, document number or IRI of 1 to {LONGEST} characters.",
        )
    direct = _direct(store, wanted, base, language)
    if direct is not None:
        return [direct]
    return _by_key(store, wanted, scheme, language)[:limit]


def one(store: Store, text: str, *, base: str, as_of: datetime.date | None = None, language: str = "vi") -> NamedNode:
    """The one thing that `text` names.

    Where several bear a name and just one of them is alive on `as_of`, that one is meant (a department before and after
    a merger may bear one name). Raises `NotFound`; raises `Ambiguous` with the candidates in its details.
    """
    matches = find(store, text, base=base, language=language)
    if not matches:
        raise NotFound(
            f"Không tìm thấy “{text.strip()[:80]}” trong danh mục. Hãy thử một phần của tên ở trang tìm kiếm.",
            f"Nothing in the catalogue is called “{text.strip()[:80]}”. Try a part of the name in the search.",
            details={"text": text.strip()[:80]},
        )
    best = [match for match in matches if match.by == matches[0].by]
    if len(best) > 1 and as_of is not None:
        alive = [m for m in best if (m.valid_from or datetime.date.min) <= as_of < (m.valid_to or datetime.date.max)]
        dated = [m for m in best if m.valid_from or m.valid_to]
        if len(alive) == 1 and len(dated) == len(best):
            best = alive
    if len({match.thing.iri for match in best}) == 1:
        return NamedNode(best[0].thing.iri)
    raise Ambiguous(
        f"“{text.strip()[:80]}” có thể là {len(best)} thứ khác nhau; hãy chọn một.",
        f"“{text.strip()[:80]}” may be {len(best)} different things; choose one.",
        details={
            "candidates": [
                {"iri": m.thing.iri, "kind": m.thing.kind, "label": m.thing.label, "by": m.by, "value": m.value}
                for m in best
            ]
        },
    )


def _direct(store: Store, text: str, base: str, language: str) -> Match | None:
    """An IRI or a CURIE that the catalogue knows: `kind:key`, `set:key` as in `graph/`, or `prefix:name` of a vocabulary."""
    candidate: NamedNode | None = None
    by: By = "iri"
    prefix, colon, rest = text.partition(":")
    kind = _ALIASES.get(prefix, prefix)
    try:
        if text.startswith(("http://", "https://", "urn:")):
            candidate = NamedNode(text)
        elif colon and rest and kind in KINDS:
            candidate, by = thing_iri(base, kind, rest), "curie"
        elif colon and rest and prefix in PREFIXES:
            candidate, by = NamedNode(PREFIXES[prefix] + rest), "curie"
    except ValueError:
        return None
    if candidate is None or not store.ask(Query.named("resolve-exists").bind(thing=candidate)):
        return None
    return Match(references(store, [candidate.value], language)[candidate.value], by, text, None, None, None)


def _by_key(store: Store, text: str, scheme: str | None, language: str) -> list[Match]:
    number = _NUMBER.search(text)
    keys = _keys(number[0] if number else text)
    if number:
        keys = list(dict.fromkeys([*keys, *_keys(text)]))
    if not keys:
        return []
    query = Query.named("resolve-keys")
    rows = records(_Key, store.select(query.bind(keys=keys)), query.name)
    if not rows:
        return []
    details = _details(store, rows)
    found: dict[tuple[str, By], tuple[_Key, _Detail, By]] = {}
    for row in rows:
        detail = details.get(row.bearer)
        if detail is None:
            continue
        by: By = "name"
        if detail.notation is not None and fold(detail.notation) == row.key:
            by = "code"
        elif detail.number is not None and fold(detail.number) == row.key:
            by = "number"
        if by == "number" and number is not None and not _is_meant(detail, text, number):
            continue
        if scheme is not None and (by != "code" or scheme not in (detail.scheme or "")):
            continue
        if kind_of(row.thing) not in ("quote", "code", None) or by == "code":
            found.setdefault((row.thing, by), (row, detail, by))
    iris = [iri for row, detail, _ in found.values() for iri in (row.thing, detail.scheme) if iri]
    named = references(store, iris, language)
    matches = [
        Match(
            named[row.thing],
            by,
            detail.notation or row.key if by == "code" else detail.number or row.key if by == "number" else row.key,
            named[detail.scheme] if by == "code" and detail.scheme else None,
            detail.valid_from,
            detail.valid_to,
        )
        for row, detail, by in found.values()
    ]
    return sorted(matches, key=_usefulness)


def _usefulness(match: Match) -> tuple[int, int, str]:
    """Surer ways to fit first; among equals what is still valid, then in a stable order."""
    return _ORDER.index(match.by), match.valid_to is not None, match.thing.iri


def _keys(text: str) -> list[str]:
    """The folded forms under which a text may be filed: as it is, spelt out, and without the word for city or province."""
    folded = fold(text)
    spelt = spelt_out(folded)
    short = re.sub(r"\b(thanh pho|tinh)\b ?", "", spelt).strip()
    plain = re.sub(r"^(so|bo so) ", "", folded) if folded.startswith(("so ", "bo so ")) else folded
    brief = _SHORT.search(text)
    endings = [end for word, ends in _ENDINGS.items() if re.search(rf"\b{word}\b", spelt) for end in ends]
    full = [f"{brief[1]} {brief[2]} {end}" for end in endings] if brief else []
    return [key for key in dict.fromkeys([folded, spelt, short, plain, *full]) if key]


def _details(store: Store, rows: list[_Key]) -> dict[str, _Detail]:
    found = rows_of(store, "resolve-details", _Detail, (row.bearer for row in rows))
    return {bearer: details[0] for bearer, details in found.items() if details}


def _is_meant(detail: _Detail, text: str, number: re.Match[str]) -> bool:
    """Whether a document fits the day, year or type that stand beside its number."""
    beside = text[: number.start()] + " " + text[number.end() :]
    day = _DAY.search(beside)
    if day:
        try:
            stated = datetime.date(
                *(int(part) for part in ((day[1], day[2], day[3]) if day[1] else (day[6], day[5], day[4])))
            )
        except ValueError:
            return False
        if detail.date != stated:
            return False
    year = _YEAR.search(beside)
    if year and not day and (detail.date is None or detail.date.year != int(year[1])):
        return False
    words = fold(text[: number.start()])
    types = [code for word, code in _TYPES.items() if re.search(rf"\b{word}\b", spelt_out(words))]
    return not types or detail.type is None or detail.type.rpartition("/")[2] in types
