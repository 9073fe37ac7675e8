"""Coverage, conflicts, work and mappings as tables: a header and rows of texts, for CSV and for the command line."""

from collections.abc import Iterable, Sequence

from catalogue.labels import Reference
from catalogue.mapping.entries import Code, Counterpart, Entry, Mappings, Person
from catalogue.mapping.relations import WORDS
from catalogue.mapping.review.conflicts import Conflicts
from catalogue.mapping.review.coverage import Coverage, Locality, Row, count_name
from catalogue.mapping.review.coverage_codes import CodeList
from catalogue.mapping.review.standing import STATES
from catalogue.mapping.review.worklist import Work

Table = list[list[str]]

_COUNTS = ("codes", "mapped", *map(count_name, STATES))
_WORDS: dict[str, tuple[str, str]] = {
    "scheme": ("của danh mục", "codes of"),
    "against": ("đối chiếu với", "against"),
    "group": ("nhóm", "group"),
    "locality": ("địa phương", "locality"),
    "codes": ("số mã", "codes"),
    "mapped": ("đã ánh xạ", "mapped"),
    **{count_name(match): words for match, words in WORDS.items()},
    "no_counterpart": ("không có mã tương ứng", "no counterpart"),
    "obsolete": ("tới mã hết hiệu lực", "obsolete"),
    "candidate": ("chỉ có đề xuất", "only candidates"),
    "nothing": ("chưa có gì", "nothing"),
    "chains": ("qua nhiều ánh xạ", "through chains"),
    "known": ("danh mục biết", "known"),
    "stated": ("nguồn nêu", "stated"),
    "code": ("mã", "code"),
    "name": ("tên", "name"),
    "iri": ("IRI", "IRI"),
    "state": ("tình trạng", "state"),
    "match": ("quan hệ", "match"),
    "other_code": ("mã kia", "other code"),
    "other_name": ("tên mã kia", "other name"),
    "other_scheme": ("danh mục kia", "other scheme"),
    "status": ("trạng thái", "status"),
    "valid": ("có hiệu lực", "valid"),
    "confidence": ("độ tin cậy", "confidence"),
    "authors": ("người đề xuất", "proposed by"),
    "reviewers": ("người duyệt", "reviewed by"),
    "review_date": ("ngày duyệt", "reviewed on"),
    "valid_from": ("từ ngày", "valid from"),
    "valid_to": ("đến trước ngày", "valid until (excluded)"),
    "comment": ("ghi chú", "comment"),
    "mapping": ("ánh xạ", "mapping"),
    "severity": ("mức độ", "severity"),
    "kind": ("loại", "kind"),
    "what": ("điều gì sai", "what is wrong"),
    "remedy": ("việc cần làm", "what to do"),
    "successors": ("mã thay thế", "replaced by"),
    "mappings": ("các ánh xạ", "mappings"),
}


def coverage(found: Coverage, language: str) -> Table:
    """One row for each row of the coverage."""
    counted = [
        [
            _label(row.scheme),
            _label(row.against) if row.against else _say(language, "mọi danh mục khác", "all others"),
            _group(row, language),
            _locality(row.locality, language),
            *(str(getattr(row.direct, name)) for name in _COUNTS),
            "" if row.chains is None else str(row.chains.codes),
            str(row.known),
            "" if row.stated_size is None else str(row.stated_size),
        ]
        for row in found.rows
    ]
    names = ("scheme", "against", "group", "locality", *_COUNTS, "chains", "known", "stated")
    return [_header(names, language), *counted]


def codes(found: CodeList, language: str) -> Table:
    """One row for each code and mapping that counts for it; a code without one has a row too."""
    names = ("scheme", "code", "name", "state", *_COUNTERPART, "iri")
    rows = [
        [*_own(one.code), one.state, *seen, _iri(one.code)]
        for one in found.items
        for seen in ([_counterpart(m, language) for m in one.mappings] or [[""] * len(_COUNTERPART)])
    ]
    return [_header(names, language), *rows]


def work(found: Work, language: str) -> Table:
    """One row for each code and candidate; a code without one has a row too."""
    names = ("scheme", "code", "name", "state", *_COUNTERPART, "iri")
    rows = [
        [*_own(one.code), one.state, *seen, _iri(one.code)]
        for one in found.items
        for seen in ([_counterpart(m, language) for m in one.candidates] or [[""] * len(_COUNTERPART)])
    ]
    return [_header(names, language), *rows]


def mappings(found: Mappings, language: str) -> Table:
    """One row for each mapping of a thing."""
    rows = [[*_own(found.of), *_counterpart(one, language)] for one in found.counterparts]
    return [_header(("scheme", "code", "name", *_COUNTERPART), language), *rows]


def conflicts(found: Conflicts, language: str) -> Table:
    """One row for each conflict."""
    names = ("severity", "kind", "what", "remedy", "reviewers", "successors", "mappings")
    rows = [
        [
            one.severity,
            one.code,
            _say(language, one.vi, one.en),
            _say(language, one.remedy_vi, one.remedy_en),
            "; ".join(_decided(entry) for entry in one.mappings),
            "; ".join(_short(code) for code in one.successors),
            " ".join(entry.iri for entry in one.mappings),
        ]
        for one in found.items
    ]
    return [_header(names, language), *rows]


_COUNTERPART = (
    "match",
    "other_code",
    "other_name",
    "other_scheme",
    "status",
    "valid",
    "confidence",
    "authors",
    "reviewers",
    "review_date",
    "valid_from",
    "valid_to",
    "comment",
    "mapping",
)


def _counterpart(one: Counterpart, language: str) -> list[str]:
    entry, other = one.mapping, one.other
    none = _say(language, "không có mã tương ứng", "no counterpart")
    return [
        f"{_say(language, 'không ', 'not ') if entry.negated else ''}{one.match}" if other.thing else "",
        other.notation or "",
        _label(other.thing) if other.thing else none,
        _label(other.scheme) if other.scheme else "",
        entry.status,
        _say(language, "có", "yes") if entry.valid else _say(language, "không", "no"),
        "" if entry.confidence is None else str(entry.confidence),
        _people(entry.authors),
        _people(entry.reviewers),
        *("" if day is None else day.isoformat() for day in (entry.review_date, entry.valid_from, entry.valid_to)),
        entry.comment or "",
        entry.iri,
    ]


def _header(names: Iterable[str], language: str) -> list[str]:
    return [_say(language, *_WORDS[name]) for name in names]


def _say(language: str, vi: str, en: str) -> str:
    return en if language == "en" else vi


def _label(reference: Reference) -> str:
    return reference.label or reference.iri


def _own(code: Code) -> list[str]:
    return [
        _label(code.scheme) if code.scheme else "",
        code.notation or "",
        _label(code.thing) if code.thing else "",
    ]


def _iri(code: Code) -> str:
    return code.thing.iri if code.thing else ""


def _short(code: Code) -> str:
    return " ".join(part for part in (code.notation, _label(code.thing) if code.thing else None) if part)


def _people(who: Sequence[Person]) -> str:
    return "; ".join(one.name for one in who)


def _decided(entry: Entry) -> str:
    return " ".join(part for part in (_people(entry.reviewers), str(entry.review_date or "")) if part)


def _group(row: Row, language: str) -> str:
    if row.unknown_group:
        return _say(language, "(không rõ nhóm)", "(group not known)")
    return _label(row.group) if row.group else ""


def _locality(place: Locality | None, language: str) -> str:
    if place is None:
        return ""
    if place.kind == "central":
        return _say(language, "(trung ương ban hành)", "(issued centrally)")
    return _label(place.area) if place.area else _say(language, "(không rõ địa phương)", "(locality not known)")
