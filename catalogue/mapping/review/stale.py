"""Stale mappings on a day: what was right once and needs somebody's eye now, each kind with what to do about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from catalogue.clock import holds
from catalogue.folding import fold
from catalogue.lookup import rows_of
from catalogue.query import Query
from catalogue.rows import records
from catalogue.store.port import NODES_PER_QUERY, Store

MOST = 10_000
"""Findings of one kind that are looked at."""

REMEDIES: dict[str, tuple[str, str]] = {
    "obsolete-code": (
        "Ghi ngày kết thúc cho ánh xạ này (valid_to = ngày mã hết hiệu lực). Nếu có đúng một mã thay thế, lập ánh xạ mới tới mã đó và duyệt; nếu có nhiều mã hoặc không có, phải quyết định từng mã.",
        "End this mapping (valid_to = the day on which the code was over). Where exactly one code replaced it, propose and review a mapping to that one; where several or none did, somebody must decide.",
    ),
    "expired": (
        "Quyết định tiếp: gia hạn bằng một ánh xạ mới từ ngày kết thúc, hoặc ghi rằng không còn mã tương ứng (sssom:NoTermFound).",
        "Decide what follows: a new mapping from the last day on, or a decision that there is no counterpart any more (sssom:NoTermFound).",
    ),
    "waiting": (
        "Giao cho người duyệt; nếu không đủ căn cứ thì từ chối, ghi lý do vào comment.",
        "Hand it to a reviewer; where the grounds do not suffice, reject it, with the reason in comment.",
    ),
    "renamed": (
        "So tên lúc quyết định với tên nay; nếu nội dung vẫn vậy, duyệt lại và ghi tên mới; nếu đã khác, rút lại ánh xạ.",
        "Compare the name at the decision with today's; where the meaning is the same, review again with the new name; else withdraw the mapping.",
    ),
    "changed": (
        "Đọc lại khái niệm của mã đã sửa sau ngày duyệt; nếu vẫn đúng, duyệt lại với ngày mới.",
        "Read the definition that was changed after the review; where the mapping still holds, review it again with a new day.",
    ),
}
"""Kind → what to do, in Vietnamese and in English."""

Severity = Literal["violation", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Found:
    """A finding before its mappings are read. `vi` and `en` say what is wrong; `{0}`, `{1}`, … stand for the names of
    `about`, which are the IRIs of codes."""

    code: str
    severity: Severity
    mappings: tuple[str, ...]
    about: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()
    vi: str = ""
    en: str = ""

    def said(self, language: str, names: Mapping[str, str]) -> str:
        """The sentence in a language, with the names of the codes it is about."""
        text = self.en if language == "en" else self.vi
        for at, iri in enumerate(self.about):
            text = text.replace(f"{{{at}}}", names[iri])
        return text


def found_on(store: Store, day: date, before: date) -> list[Found]:
    """Everything stale on `day`; candidates proposed on `before` or earlier wait too long. At most `MOST` of a kind."""
    over = _over(store, day)
    return [
        *_obsolete(store, day, over),
        *_expired(store, day, over),
        *_waiting(store, day, before),
        *_renamed(store),
        *_changed(store),
    ]


@dataclass(frozen=True, slots=True)
class _Over:
    code: str
    ended: date


@dataclass(frozen=True, slots=True)
class _Accepted:
    thing: str
    mapping: str
    valid_from: date | None
    valid_to: date | None

    def counts(self, day: date) -> bool:
        return holds(day, self.valid_from, self.valid_to)


@dataclass(frozen=True, slots=True)
class _Successor:
    thing: str
    successor: str


def _over(store: Store, day: date) -> dict[str, date]:
    """The codes that are over on `day`, since when."""
    query = Query.named("conflicts-over")
    found: dict[str, date] = {}
    for row in records(_Over, store.select(query.bind(day=day)), query.name):
        found.setdefault(row.code, row.ended)
    return found


def _accepted(store: Store, codes: Iterable[str]) -> dict[str, list[_Accepted]]:
    """The accepted mappings of each of `codes`, in queries of a size that every engine takes."""
    wanted, found = sorted(codes), dict[str, list[_Accepted]]()
    for at in range(0, len(wanted), NODES_PER_QUERY):
        found |= rows_of(store, "conflicts-accepted", _Accepted, wanted[at : at + NODES_PER_QUERY])
    return found


def _obsolete(store: Store, day: date, over: Mapping[str, date]) -> list[Found]:
    counting = [
        (code, row.mapping)
        for code, rows in _accepted(store, over).items()
        for row in {row.mapping: row for row in rows}.values()
        if row.counts(day)
    ][:MOST]
    successors = rows_of(store, "conflicts-successors", _Successor, {code for code, _ in counting})
    return [
        _with_successors(
            Found(
                "obsolete-code",
                "warning",
                (mapping,),
                (code,),
                tuple(dict.fromkeys(row.successor for row in successors[code])),
                vi=f"Mã {{0}} hết hiệu lực từ {over[code].isoformat()} mà ánh xạ vẫn còn hiệu lực.",
                en=f"The code {{0}} is over since {over[code].isoformat()}, and the mapping still counts.",
            )
        )
        for code, mapping in counting
    ]


def _with_successors(one: Found) -> Found:
    count = len(one.successors)
    if count == 0:
        vi, en = " Không nguồn nào nêu mã thay thế.", " No source names what replaced it."
    elif count == 1:
        vi, en = " Có đúng một mã thay thế.", " Exactly one code replaced it."
    else:
        vi, en = f" Có {count} mã thay thế, phải chọn.", f" {count} codes replaced it; one must choose."
    return replace(one, vi=one.vi + vi, en=one.en + en)


@dataclass(frozen=True, slots=True)
class _Expired:
    mapping: str
    code: str
    ended: date


def _expired(store: Store, day: date, over: Mapping[str, date]) -> list[Found]:
    """A mapping that ended is no finding where another of its code counts on the day, or where the code is over too."""
    query = Query.named("conflicts-expired")
    ended = [row for row in records(_Expired, store.select(query.bind(day=day)), query.name) if row.code not in over]
    accepted = _accepted(store, {row.code for row in ended})
    # What will count later follows it as well.
    followed = {code for code, rows in accepted.items() if any(r.valid_to is None or day < r.valid_to for r in rows)}
    return [
        Found(
            "expired",
            "warning",
            (row.mapping,),
            (row.code,),
            vi=f"Ánh xạ của {{0}} kết thúc ngày {row.ended.isoformat()} và không có quyết định nào tiếp theo.",
            en=f"The mapping of {{0}} ended on {row.ended.isoformat()}, and no decision follows it.",
        )
        for row in ended
        if row.code not in followed
    ][:MOST]


@dataclass(frozen=True, slots=True)
class _Waiting:
    mapping: str
    proposed: date


def _waiting(store: Store, day: date, before: date) -> list[Found]:
    query = Query.named("conflicts-waiting")
    return [
        Found(
            "waiting",
            "info",
            (row.mapping,),
            vi=f"Được đề xuất ngày {row.proposed.isoformat()}, đã {(day - row.proposed).days} ngày chưa ai quyết định.",
            en=f"Proposed on {row.proposed.isoformat()}; nobody has decided for {(day - row.proposed).days} days.",
        )
        for row in records(_Waiting, store.select(query.bind(before=before, most=MOST)), query.name)
    ]


@dataclass(frozen=True, slots=True)
class _Renamed:
    mapping: str
    code: str
    recorded: str
    name: str


def _renamed(store: Store) -> list[Found]:
    """A name counts as the same where it differs in letters and marks alone, in any language of the code."""
    query = Query.named("conflicts-renamed")
    by_end: dict[tuple[str, str, str], list[str]] = {}
    for row in records(_Renamed, store.select(query.bind(most=MOST)), query.name):
        by_end.setdefault((row.mapping, row.code, row.recorded), []).append(row.name)
    return [
        Found(
            "renamed",
            "info",
            (mapping,),
            (code,),
            vi=f"Lúc quyết định, tên của mã là “{recorded[:200]}”; nay là {{0}}.",
            en=f"At the decision the code was called “{recorded[:200]}”; it is {{0}} now.",
        )
        for (mapping, code, recorded), names in by_end.items()
        if fold(recorded) not in {fold(name) for name in names}
    ]


@dataclass(frozen=True, slots=True)
class _Changed:
    mapping: str
    code: str
    modified: str
    reviewed: date


def _changed(store: Store) -> list[Found]:
    query = Query.named("conflicts-changed")
    return [
        Found(
            "changed",
            "info",
            (row.mapping,),
            (row.code,),
            vi=f"{{0}} được sửa ngày {row.modified[:10]}, sau ngày duyệt {row.reviewed.isoformat()}.",
            en=f"{{0}} was changed on {row.modified[:10]}, after the review of {row.reviewed.isoformat()}.",
        )
        for row in records(_Changed, store.select(query.bind(most=MOST)), query.name)
    ]
