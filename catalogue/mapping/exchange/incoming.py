"""The rows of a set that comes in, one by one: both ends found, lives and days compared, decisions complete."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from catalogue.folding import fold
from catalogue.iri import PREFIXES
from catalogue.mapping.exchange import sssom_graph, sssom_text
from catalogue.mapping.exchange.contradictions import Claim
from catalogue.mapping.exchange.ends import Ends, Life
from catalogue.mapping.exchange.sssom import MappingSet, Problem, Value
from catalogue.mapping.exchange.sssom_text import Unreadable
from catalogue.mapping.records import NO_TERM, STATUSES
from catalogue.mapping.relations import MATCHES

_DECIDED = ("accepted", "rejected", "withdrawn")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A row that can be taken by itself: its place, the key of its mapping, its slots with whole IRIs, what it claims."""

    row: int
    key: str
    slots: dict[str, Value]
    claim: Claim


class _Refused(Exception):
    def __init__(self, slot: str | None, vi: str, en: str) -> None:
        super().__init__(en)
        self.slot = slot
        self.vi = vi
        self.en = en


def read(mapping_set: MappingSet, ends: Ends, today: date) -> tuple[list[Incoming], list[Problem]]:
    """The rows that can be taken by themselves, and why the others cannot. `today`: no decision is of a later day."""
    found: dict[str, Incoming] = {}
    problems: list[Problem] = []
    for record in sorted(mapping_set.mappings, key=lambda record: record.row):
        try:
            one = _read(record.slots, record.row, ends, today)
        except _Refused as error:
            problems.append(Problem(record.row, error.slot, error.vi, error.en))
            continue
        first = found.setdefault(one.key, one)
        if first is not one:
            problems.append(
                Problem(
                    record.row,
                    None,
                    f"Dòng lặp lại ánh xạ của dòng {first.row} (cùng chủ thể, quan hệ, đích, ngày bắt đầu). Hãy giữ một dòng.",
                    f"The row repeats the mapping of row {first.row} (same subject, predicate, object, first day). Keep one.",
                )
            )
    return list(found.values()), problems


def _read(given: Mapping[str, Value], row: int, ends: Ends, today: date) -> Incoming:
    slots = dict(given)
    for side in ("subject", "object"):
        try:
            slots[f"{side}_id"] = ends.end(side, given)
            if (source := ends.scheme(given.get(f"{side}_source"))) is not None:
                slots[f"{side}_source"] = source
        except Unreadable as error:
            raise _Refused(f"{side}_id", error.vi, error.en) from None
    subject, object_ = str(slots["subject_id"]), str(slots["object_id"])
    if subject == NO_TERM:
        raise _Refused(
            "subject_id",
            "sssom:NoTermFound chỉ nhận ở object_id. Hãy đảo hai đầu của dòng này.",
            "sssom:NoTermFound is taken as object_id alone. Turn this row round.",
        )
    if subject == object_:
        raise _Refused(
            "object_id",
            f"Mã được ánh xạ với chính nó (<{subject}>). Hãy bỏ dòng này hoặc sửa mã đích.",
            f"The code is mapped to itself (<{subject}>). Take the row out, or correct the object.",
        )
    relation = _relation(str(slots["predicate_id"]))
    shared = ends.life(subject).schemes & ends.life(object_).schemes
    if shared:
        raise _Refused(
            "object_id",
            f"Hai mã cùng thuộc hệ <{min(shared)}>. Trong một hệ hãy dùng skos:broader, hoặc sửa mã đích.",
            f"Both codes are of the scheme <{min(shared)}>. Within a scheme use skos:broader, or correct the object.",
        )
    claim = Claim(
        subject,
        relation,
        object_,
        _status(slots),
        "predicate_modifier" in slots,
        _day(slots, "valid_from"),
        _day(slots, "valid_to"),
        _reviewed(slots, today),
        row,
        scheme=str(slots["object_source"]) if "object_source" in slots else None,
    )
    _check_days(claim, slots)
    if claim.status in ("candidate", "accepted"):
        for side in ("subject", "object"):
            _check_life(side, str(slots[f"{side}_id"]), claim, ends, today)
    return Incoming(row, sssom_graph.key(slots), slots, claim)


def _relation(predicate: str) -> str:
    relation = predicate.removeprefix(PREFIXES["skos"])
    if relation not in MATCHES:
        known = ", ".join(f"skos:{one}" for one in MATCHES)
        raise _Refused(
            "predicate_id",
            f"Danh mục không nhận quan hệ <{predicate[:200]}>. Các quan hệ: {known}.",
            f"The predicate <{predicate[:200]}> is not taken here. Predicates: {known}.",
        )
    return relation


_SPOKEN = {
    "de xuat": "candidate",
    "chap nhan": "accepted",
    "da chap nhan": "accepted",
    "tu choi": "rejected",
    "bac bo": "rejected",
    "rut lai": "withdrawn",
    "da rut lai": "withdrawn",
}
"""Statuses as people write them in a table, folded."""


def _status(slots: dict[str, Value]) -> str:
    """The status of a row; without one it is a candidate, never accepted by itself."""
    said = str(slots.get("mapping_status", "candidate")).strip().lower()
    said = _SPOKEN.get(fold(said), said)
    if said not in STATUSES:
        raise _Refused(
            "mapping_status",
            f"“{said[:80]}” không phải trạng thái. Các trạng thái: {', '.join(STATUSES)} (đề xuất, chấp nhận, từ chối, rút lại).",
            f"“{said[:80]}” is no status. They are: {', '.join(STATUSES)}.",
        )
    slots["mapping_status"] = said
    return said


def _day(slots: dict[str, Value], name: str) -> date | None:
    said = slots.get(name)
    if said is None:
        return None
    try:
        day = sssom_text.day(str(said).strip())
    except Unreadable as error:
        raise _Refused(name, error.vi, error.en) from None
    slots[name] = day.isoformat()
    return day


def _reviewed(slots: Mapping[str, Value], today: date) -> date | None:
    """The day of review, and whether a decision says all that one must say."""
    day, somebody = slots.get("review_date"), "reviewer_id" in slots or "reviewer_label" in slots
    if isinstance(day, date) and day > today:
        raise _Refused(
            "review_date",
            f"Ngày duyệt {day} ở tương lai (hôm nay {today}). Hãy sửa ngày.",
            f"The day of review {day} lies in the future (today is {today}). Correct it.",
        )
    made = slots.get("mapping_date")
    if isinstance(day, date) and isinstance(made, date) and day < made:
        raise _Refused(
            "review_date",
            f"Ngày duyệt {day} trước ngày ánh xạ được lập ({made}). Hãy sửa review_date hoặc mapping_date.",
            f"The day of review {day} is before the day on which the mapping was made ({made}). Correct review_date or mapping_date.",
        )
    if day is not None and not somebody:
        raise _Refused(
            "reviewer_id",
            "Có ngày duyệt mà không nói ai duyệt. Hãy điền reviewer_id (IRI) hoặc reviewer_label (tên).",
            "There is a day of review and nobody who reviewed. Fill in reviewer_id (IRI) or reviewer_label (name).",
        )
    if slots.get("mapping_status") == "accepted" and day is None:
        missing = "review_date" if somebody else "reviewer_id, review_date"
        raise _Refused(
            "review_date" if somebody else "reviewer_id",
            f"Ánh xạ được chấp nhận phải nói ai duyệt và ngày nào; thiếu {missing}. Hãy điền, hoặc để mapping_status là candidate.",
            f"An accepted mapping must say who reviewed it and on which day; {missing} is missing. Fill it in, or make mapping_status candidate.",
        )
    return day if isinstance(day, date) else None


def _check_days(claim: Claim, slots: Mapping[str, Value]) -> None:
    if claim.valid_from is not None and claim.valid_to is not None and claim.valid_from >= claim.valid_to:
        raise _Refused(
            "valid_to",
            f"valid_to {claim.valid_to} không sau valid_from {claim.valid_from}; valid_to là ngày đầu tiên không còn hiệu lực. Hãy sửa.",
            f"valid_to {claim.valid_to} is not after valid_from {claim.valid_from}; valid_to is the first day that no longer counts. Correct it.",
        )
    if claim.object == NO_TERM and slots.get("mapping_cardinality") not in (None, "1:0"):
        raise _Refused(
            "mapping_cardinality",
            "Ánh xạ tới sssom:NoTermFound có mapping_cardinality là 1:0. Hãy sửa hoặc để trống.",
            "A mapping to sssom:NoTermFound has the mapping_cardinality 1:0. Correct it or leave it out.",
        )


def _check_life(side: str, iri: str, claim: Claim, ends: Ends, today: date) -> None:
    """Refuse a mapping of a time in which the code did not live: before it began, or on after it had ended."""
    life = ends.life(iri)
    late = claim.valid_from is not None and life.valid_to is not None and life.valid_to <= claim.valid_from
    outlives = (
        life.valid_to is not None
        and life.valid_to <= today
        and (claim.valid_to is None or claim.valid_to > life.valid_to)
    )
    early = life.valid_from is not None and (
        (claim.valid_to is not None and claim.valid_to <= life.valid_from)
        or (claim.valid_from is not None and claim.valid_from < life.valid_from)
    )
    if not (late or outlives or early):
        return
    since_vi, since_en = _span(life)
    next_vi = f" Thay bằng: {', '.join(map(ends.named, life.next[:5]))}." if life.next else ""
    next_en = f" Replaced by: {', '.join(map(ends.named, life.next[:5]))}." if life.next else ""
    what_vi = f"ghi valid_to là {life.valid_to} hoặc sớm hơn" if not early else f"ghi valid_from từ {life.valid_from}"
    what_en = (
        f"write valid_to {life.valid_to} or earlier" if not early else f"write valid_from {life.valid_from} or later"
    )
    raise _Refused(
        f"{side}_id",
        f"{ends.named(iri)} có hiệu lực {since_vi}, ngoài thời gian của ánh xạ.{next_vi} Hãy {what_vi}, hoặc dùng mã của thời gian ấy.",
        f"{ends.named(iri)} was valid {since_en}, which the time of the mapping exceeds.{next_en} Do {what_en}, or use the code of that time.",
    )


def _span(life: Life) -> tuple[str, str]:
    if life.valid_from is None:
        return f"đến trước {life.valid_to}", f"until {life.valid_to} (excluded)"
    if life.valid_to is None:
        return f"từ {life.valid_from}", f"from {life.valid_from}"
    return f"từ {life.valid_from} đến trước {life.valid_to}", f"from {life.valid_from} until {life.valid_to} (excluded)"
