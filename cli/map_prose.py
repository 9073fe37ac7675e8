"""Coverage, codes, conflicts and mappings as sentences: the same at a terminal and in a pipe, in the width of the terminal."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cli.language import day, text
from cli.output import aligned, wrapped

if TYPE_CHECKING:
    from catalogue.gaps import Gap
    from catalogue.labels import Reference
    from catalogue.mapping.entries import Code, Counterpart, Entry, Mappings
    from catalogue.mapping.review.conflicts import Conflicts
    from catalogue.mapping.review.coverage import Chains, Counts, Coverage, Row
    from catalogue.mapping.review.coverage_codes import CodeList

MATCHES = {
    "exactMatch": text("trùng", "exactly"),
    "closeMatch": text("gần trùng", "nearly"),
    "broadMatch": text("mã kia rộng hơn", "to a broader code"),
    "narrowMatch": text("mã kia hẹp hơn", "to a narrower code"),
    "relatedMatch": text("liên quan", "related"),
}
STATUSES = {
    "candidate": text("đề xuất, chưa ai quyết định", "proposed, nobody has decided"),
    "accepted": text("chấp nhận", "accepted"),
    "rejected": text("từ chối", "rejected"),
    "withdrawn": text("rút lại", "withdrawn"),
}
SEVERITIES = {
    "violation": text("vi phạm", "violation"),
    "warning": text("cảnh báo", "warning"),
    "info": text("cần xem", "to look at"),
}
STATES = {
    **MATCHES,
    "no-counterpart": text("đã quyết định là không có mã tương ứng", "decided to have no counterpart"),
    "obsolete": text("ánh xạ tới mã đã hết hiệu lực", "mapped to a code that is no longer valid"),
    "candidate": text("chỉ có đề xuất", "only candidates"),
    "nothing": text("chưa có gì", "nothing yet"),
}
_OF_THE_LIST = ("partial-list", "list-not-found", "not-in-force")


def coverage(found: "Coverage") -> Iterator[str]:
    """A statement for each list; one line for each where there are many, or where groups or localities were asked for."""
    yield text(f"Ánh xạ tính đến {day(found.as_of)}", f"Mappings as of {day(found.as_of)}")
    whole = found.by == "scheme" and len({row.scheme.iri for row in found.rows if row.side == "scheme"}) == 1
    if whole and len(found.rows) <= 4:
        for row in found.rows:
            yield ""
            yield from _statement(row)
        yield from _gaps(found.gaps)
        return
    for side in ("scheme", "to"):
        rows = [row for row in found.rows if row.side == side]
        if rows:
            yield ""
            yield from _table(rows, found.by)
    yield from _gaps(gap for gap in found.gaps if found.by != "scheme" or gap.code not in _OF_THE_LIST)


def codes(found: "CodeList") -> Iterator[str]:
    """One paragraph for each code: how it stands, and what was proposed for it or decided."""
    if not found.items:
        yield text("Không còn mã nào chưa có mã tương ứng.", "No code is left without a counterpart.")
    for one in sorted(found.items, key=lambda one: (one.side != "scheme", one.code.notation or "~")):
        yield wrapped(f"{_code(one.code)}: {STATES.get(one.state, one.state)}")
        for mapping in one.mappings:
            yield wrapped(_counterpart(mapping), 4)


def mappings(found: "Mappings") -> Iterator[str]:
    """What a thing is mapped to: what counts on the day, then what does not and why."""
    yield wrapped(f"{_code(found.of)} — " + text(f"tính đến {day(found.as_of)}", f"as of {day(found.as_of)}"))
    if not found.counterparts:
        yield text("Chưa có ánh xạ nào. Tìm mã tương ứng:", "No mapping yet. Seek a counterpart:")
        yield f"  chiso map suggest {_key(found.of.thing)} --to SCHEME"
    for valid, title in ((True, text("Đang tính:", "These count:")), (False, text("Không tính:", "These do not:"))):
        shown = [one for one in found.counterparts if one.mapping.valid == valid]
        if shown:
            yield ""
            yield title
        for one in shown:
            yield wrapped(f"• {_counterpart(one)}", 2)
            if one.mapping.comment:
                yield wrapped(text("ghi chú: ", "note: ") + one.mapping.comment, 4)
            yield f"    {one.mapping.iri}"


def conflicts(found: "Conflicts") -> Iterator[str]:
    """One paragraph for each conflict: what is wrong, the mappings with who decided them, what to do."""
    if not found.total:
        yield text(
            f"Không có ánh xạ nào mâu thuẫn hoặc đã cũ, tính đến {day(found.as_of)}.",
            f"No mapping is contradictory or stale as of {day(found.as_of)}.",
        )
        return
    counts = "; ".join(f"{kind.code}: {kind.count}" for kind in found.kinds)
    yield wrapped(text(f"{found.total} vấn đề ({counts})", f"{found.total} problems ({counts})"))
    for number, one in enumerate(found.items, 1):
        yield ""
        yield wrapped(f"{number}. [{SEVERITIES.get(one.severity, one.severity)}, {one.code}] {text(one.vi, one.en)}")
        for entry in one.mappings:
            yield wrapped(f"• {_entry(entry)}", 3)
        if one.successors:
            yield wrapped(text("mã thay thế: ", "replaced by: ") + "; ".join(map(_code, one.successors)), 3)
        yield wrapped(text("việc cần làm: ", "what to do: ") + text(one.remedy_vi, one.remedy_en), 3)


def _statement(row: "Row") -> Iterator[str]:
    from catalogue.mapping.review.coverage import count_name

    counts = row.direct
    yield wrapped(f"{_list(row.scheme)} → {_against(row)}")
    known = text(f"{row.known} mã trong danh mục", f"{row.known} codes in the catalogue")
    if row.stated_size is not None:
        known += text(f" / {row.stated_size} mã mà nguồn nêu", f" of the {row.stated_size} that the source states")
    if counts.codes != row.known:
        known += text(f"; {counts.codes} mã có hiệu lực trong ngày", f"; {counts.codes} of them valid on the day")
    yield f"  {known}"
    if not counts.codes:
        return
    kinds = [(getattr(counts, count_name(kind)), word) for kind, word in MATCHES.items()]
    said = ", ".join(f"{count} {word}" for count, word in kinds if count)
    yield from _line(counts.mapped, text("đã có mã tương ứng", "mapped") + (f": {said}" if said else ""))
    for state in ("no-counterpart", "obsolete", "candidate", "nothing"):
        count = getattr(counts, count_name(state))
        if count or state == "nothing":
            yield from _line(count, STATES[state])
    if row.chains and row.chains.codes:
        kinds = [(getattr(row.chains, count_name(kind)), word) for kind, word in MATCHES.items()]
        said = ", ".join(f"{count} {word}" for count, word in kinds if count)
        yield wrapped(
            text(
                f"Trong số chưa ánh xạ trực tiếp, {row.chains.codes} mã đến được qua chuỗi ánh xạ: {said}.",
                f"Of those not mapped directly, {row.chains.codes} are reached through chains: {said}.",
            ),
            2,
        )
    if row.side == "scheme":
        yield from _next(row)


def _matched(counts: "Counts | Chains") -> str:
    """How many codes match how, those kinds that there are."""
    kinds = ((getattr(counts, match.replace("Match", "_match")), word) for match, word in MATCHES.items())
    return ", ".join(f"{count} {word}" for count, word in kinds if count)


def _line(count: int, said: str) -> Iterator[str]:
    yield wrapped(f"{count:>6}  {said}", 0)


def _next(row: "Row") -> Iterator[str]:
    """The commands that bring a list on."""
    own, counts = _last(row.scheme), row.direct
    to = _last(row.against) if row.against else "SCHEME"
    steps: list[str] = []
    if counts.candidate:
        steps.append(f"chiso map export --scheme {own} --status candidate -o de-xuat.xlsx")
    if counts.nothing:
        steps.append(f"chiso map suggest --from {own} --to {to} -o goi-y.xlsx")
    if counts.obsolete:
        steps.append(f"chiso map conflicts --scheme {own}")
    if counts.candidate or counts.nothing or counts.obsolete:
        target = f" --to {to}" if row.against else ""
        steps.append(f"chiso map coverage {own}{target} --unmapped")
    if steps:
        yield text("  Việc tiếp theo:", "  What to do next:")
        yield from (f"    {step}" for step in steps)


def _table(rows: "list[Row]", by: str) -> Iterator[str]:
    """A line for each list, group or locality; lists without any code in the store are named in one sentence."""
    first = {
        "scheme": text("danh mục", "list"),
        "group": text("nhóm", "group"),
        "locality": text("địa phương", "locality"),
    }[by]
    if by == "group" or len({row.scheme.iri for row in rows}) == 1:
        yield wrapped(f"{_list(rows[0].scheme)} → {_against(rows[0])}")
    else:
        yield wrapped(text(f"Từng danh mục → {_against(rows[0])}", f"Each list → {_against(rows[0])}"))
    titles = [first, text("mã", "codes"), text("đã ánh xạ", "mapped"), text("trùng", "exactly")]
    titles += [text("không có", "none"), text("đề xuất", "proposed"), text("chưa", "nothing")]
    partly = by == "scheme" and any(row.stated_size for row in rows)
    titles += [text("nguồn nêu", "stated")] if partly else []
    shown = [row for row in rows if row.direct.codes]
    yield from aligned(
        titles,
        (
            [
                _first(row, by),
                *map(str, (row.direct.codes, row.direct.mapped, row.direct.exact_match, row.direct.no_counterpart)),
                *map(str, (row.direct.candidate, row.direct.nothing + row.direct.obsolete)),
                *([str(row.stated_size or "?")] if partly else []),
            ]
            for row in shown
        ),
    )
    empty = [row for row in rows if not row.direct.codes]
    if empty:
        names = ", ".join(dict.fromkeys(_first(row, by) for row in empty))
        yield wrapped(
            text(
                f"Không có mã nào có hiệu lực trong kho: {names}.",
                f"Without any valid code in the store: {names}.",
            )
        )
    if by == "scheme":
        yield wrapped(
            text(
                "Một danh mục với một danh mục: chiso map coverage SCHEME --to SCHEME",
                "One list against another: chiso map coverage SCHEME --to SCHEME",
            )
        )


def _first(row: "Row", by: str) -> str:
    if by == "group":
        unknown = text("(không rõ nhóm)", "(group not known)")
        return unknown if row.unknown_group or row.group is None else row.group.label or _last(row.group)
    if by == "locality":
        place = row.locality
        where = text("(không rõ)", "(not known)")
        if place and place.kind == "central":
            where = text("(trung ương)", "(central)")
        elif place and place.area:
            where = place.area.label or _last(place.area)
        return where if row.side == "to" else f"{where}: {_last(row.scheme)}"
    return _last(row.scheme) if row.side == "scheme" or row.against is None else _last(row.against)


def _against(row: "Row") -> str:
    return _list(row.against) if row.against else text("mọi danh mục khác", "any other list")


def _gaps(gaps: "Iterable[Gap]") -> Iterator[str]:
    said = [text(gap.vi, gap.en) for gap in gaps]
    if said:
        yield ""
        yield text("Điều chưa biết:", "What is not known:")
        yield from (wrapped(one, 2) for one in said)


def _counterpart(one: "Counterpart") -> str:
    """How the other code relates, which it is, and who decided so."""
    match = MATCHES.get(one.match, one.match)
    if one.mapping.negated:
        match = text("không ", "not ") + match
    other = (
        text("không có mã tương ứng", "no counterpart") if one.other.thing is None else f"{match}: {_code(one.other)}"
    )
    return f"{other} [{_decided(one.mapping)}]"


def _entry(entry: "Entry") -> str:
    match = MATCHES.get(entry.relation, entry.relation)
    if entry.negated:
        match = text("không ", "not ") + match
    end = _code(entry.object) if entry.object.thing else text("không có mã tương ứng", "no counterpart")
    return f"{_code(entry.subject)} → {end}, {match} [{_decided(entry)}]"


def _decided(entry: "Entry") -> str:
    said = [STATUSES.get(entry.status, entry.status)]
    who = ", ".join(one.name for one in entry.reviewers)
    if who:
        said[0] += text(f" bởi {who}", f" by {who}")
    if entry.review_date:
        said[0] += text(f" ngày {day(entry.review_date)}", f" on {day(entry.review_date)}")
    if entry.valid_from:
        said.append(text(f"từ {day(entry.valid_from)}", f"from {day(entry.valid_from)}"))
    if entry.valid_to:
        said.append(text(f"đến trước {day(entry.valid_to)}", f"until before {day(entry.valid_to)}"))
    if entry.confidence is not None and entry.status == "candidate":
        said.append(text(f"độ tin cậy {entry.confidence}", f"confidence {entry.confidence}"))
    return "; ".join(said)


def _code(code: "Code") -> str:
    """A code as people say it: list, code and name."""
    if code.thing is None:
        return text("không có mã tương ứng", "no counterpart")
    scheme = _last(code.scheme) if code.scheme else ""
    return " ".join(part for part in (scheme, code.notation or "", code.thing.label or _key(code.thing)) if part)


def _list(reference: "Reference") -> str:
    return f"{reference.label} ({_last(reference)})" if reference.label else _last(reference)


def _last(reference: "Reference") -> str:
    from urllib.parse import unquote

    return unquote(reference.iri.rstrip("/#").rpartition("/")[2])


def _key(reference: "Reference | None") -> str:
    """`kind:key`, as a command takes it."""
    if reference is None:
        return "THING"
    return f"{reference.kind}:{_last(reference)}" if reference.kind else reference.iri
