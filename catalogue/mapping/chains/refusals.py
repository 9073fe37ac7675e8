"""Why a code has no counterpart: what was decided, proposed, has run out, or leads elsewhere; each as a whole sentence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from catalogue.labels import Reference, references
from catalogue.mapping import entries
from catalogue.mapping.chains.composition import Table
from catalogue.mapping.chains.walking import Edge, Edges
from catalogue.mapping.entries import Code
from catalogue.mapping.records import NO_TERM
from catalogue.mapping.records import Mapping as Record
from catalogue.store.port import Store

_TOLD = 3  # mappings of one kind that are told one by one


@dataclass(frozen=True, slots=True)
class Reason:
    """Why there is no answer. `kind`: not-found, ambiguous, decided-none, expired, not-yet, candidates, rejected,
    withdrawn, no-conclusion, elsewhere, nothing."""

    kind: str
    vi: str
    en: str
    details: dict[str, Any] = field(default_factory=dict)


def not_one(text: str, candidates: Sequence[Code], scheme: Reference | None) -> Reason:
    """The code is not there, or may be several."""
    shown = text.strip()[:80]
    where_vi = f" trong “{scheme.label or scheme.iri}”" if scheme else " trong danh mục"
    where_en = f" in “{scheme.label or scheme.iri}”" if scheme else " in the catalogue"
    if not candidates:
        return Reason(
            "not-found",
            f"Không có mã “{shown}”{where_vi}.",
            f"There is no code “{shown}”{where_en}.",
            {"value": shown},
        )
    told = "; ".join(
        f"{_name(one)} ({one.scheme.label or one.scheme.iri if one.scheme else '…'})" for one in candidates[:5]
    )
    return Reason(
        "ambiguous",
        f"Mã “{shown}” có thể là {len(candidates)} mã: {told}. Hãy nêu hệ mã của nó (from, --from) hoặc một ngày.",
        f"The code “{shown}” may be {len(candidates)} codes: {told}. Say of which scheme it is (from, --from), or a day.",
        {
            "candidates": [
                {
                    "iri": one.thing.iri,
                    "kind": one.thing.kind,
                    "label": one.thing.label,
                    "by": "code",
                    "value": one.notation,
                    "scheme": one.scheme.iri if one.scheme else None,
                }
                for one in candidates
                if one.thing
            ]
        },
    )


def reasons(
    store: Store,
    edges: Edges,
    blocked: Mapping[str, Sequence[Sequence[Edge]]],
    target: Reference,
    day: date,
    lines: Table,
    language: str,
) -> dict[str, list[Reason]]:
    """Why each of the codes in `blocked` has no answer. `blocked`: its chains from which nothing follows."""
    around = {code: edges.mappings(code) for code in blocked}
    ends = {end for found in around.values() for one in found for end in (one.subject, one.object)}
    ends |= {edge.end for chains in blocked.values() for chain in chains for edge in chain}
    codes = entries.codes(store, ends, language)
    people = {who for found in around.values() for one in found for who in one.reviewers if "://" in who}
    named = references(store, sorted(people), language)
    scheme = target.label or target.iri
    nothing = Reason(
        "nothing",
        f"Chưa có ánh xạ nào của mã này tới “{scheme}”.",
        f"There is no mapping of this code to “{scheme}” yet.",
    )
    return {
        code: list(_reasons(code, around[code], blocked[code], edges, codes, named, target, day, lines)) or [nothing]
        for code in blocked
    }


def _reasons(
    code: str,
    mappings: Sequence[Record],
    blocked: Sequence[Sequence[Edge]],
    edges: Edges,
    codes: Mapping[str, Code],
    named: Mapping[str, Reference],
    target: Reference,
    day: date,
    lines: Table,
) -> Iterable[Reason]:
    def other(one: Record) -> Code:
        return codes[one.object if one.subject == code else one.subject]

    def into(one: Record) -> bool:
        scheme = other(one).scheme
        return scheme is None or scheme.iri == target.iri

    def searched(one: Record) -> bool:
        """Whether the list asked about is the one in which nothing was found; a record that names none means every list."""
        return one.object != NO_TERM or one.object_source in (None, target.iri)

    scheme_vi = scheme_en = target.label or target.iri
    for one in mappings:
        if one.says_none and one.valid_on(day) and not one.negated and searched(one):
            who = ", ".join(named[who].label or who if who in named else who for who in one.reviewers) or "…"
            when_vi = f", ngày {_day(one.review_date)}" if one.review_date else ""
            when_en = f" on {one.review_date.isoformat()}" if one.review_date else ""
            yield Reason(
                "decided-none",
                f"Đã quyết định là không có mã tương ứng (người duyệt: {who}{when_vi}).",
                f"It was decided that there is no counterpart (reviewed by {who}{when_en}).",
                {"mapping": one.iri},
            )
    over = [one for one in mappings if one.status == "accepted" and one.valid_to and one.valid_to <= day and into(one)]
    for one in over[:_TOLD]:
        assert one.valid_to is not None  # noqa: S101 - chosen so
        yield Reason(
            "expired",
            f"Ánh xạ tới {_name(other(one))} hết hiệu lực từ ngày {_day(one.valid_to)}.",
            f"The mapping to {_name(other(one))} no longer holds since {one.valid_to.isoformat()}.",
            {"mapping": one.iri},
        )
    early = [one for one in mappings if one.status == "accepted" and one.valid_from and day < one.valid_from]
    for one in early[:_TOLD]:
        assert one.valid_from is not None  # noqa: S101 - chosen so
        yield Reason(
            "not-yet",
            f"Ánh xạ tới {_name(other(one))} có hiệu lực từ ngày {_day(one.valid_from)}.",
            f"The mapping to {_name(other(one))} holds from {one.valid_from.isoformat()} on.",
            {"mapping": one.iri},
        )
    for status, vi, en in (
        ("candidate", "đề xuất chưa ai quyết định", "proposed and not decided"),
        ("rejected", "đã bị bác bỏ", "rejected"),
        ("withdrawn", "đã rút lại", "withdrawn"),
    ):
        found = [one for one in mappings if one.status == status and into(one) and not one.says_none]
        if found:
            told = ", ".join(_name(other(one)) for one in found[:_TOLD]) + (", …" if len(found) > _TOLD else "")
            yield Reason(
                "candidates" if status == "candidate" else status,
                f"{len(found)} ánh xạ {vi}: {told}.",
                f"{len(found)} mappings {en}: {told}.",
                {"mappings": [one.iri for one in found[:20]]},
            )
    yield from _no_conclusion(blocked, codes, target, lines)
    lead = edges.of(code)
    schemes = {
        scheme.label or scheme.iri: None for edge in lead if edge.end in codes and (scheme := codes[edge.end].scheme)
    }
    if lead:
        told = "; ".join(list(schemes)[:_TOLD]) or "…"
        yield Reason(
            "elsewhere",
            f"Có ánh xạ hoặc mã kế tiếp, nhưng không chuỗi nào dẫn tới “{scheme_vi}” (chỉ tới: {told}).",
            f"There are mappings or successors, but no chain leads to “{scheme_en}” (only to: {told}).",
        )


def _no_conclusion(
    blocked: Sequence[Sequence[Edge]], codes: Mapping[str, Code], target: Reference, lines: Table
) -> Iterable[Reason]:
    """The first chain into the scheme whose last two steps conclude nothing, with the table's reason."""
    for chain in blocked:
        end = codes.get(chain[-1].end)
        if end is None or end.scheme is None or end.scheme.iri != target.iri:
            continue
        match = "exactMatch"
        for edge in chain[:-1]:
            match = lines[match, edge.match].composed or match
        line = lines[match, chain[-1].match]
        yield Reason(
            "no-conclusion",
            f"Có chuỗi tới {_name(end)}, nhưng {line.first} rồi {line.second} không cho kết luận. {line.vi}",
            f"A chain leads to {_name(end)}, but {line.first} then {line.second} concludes nothing. {line.en}",
            {"first": line.first, "second": line.second, "target": end.thing.iri if end.thing else None},
        )
        return


def _name(code: Code) -> str:
    label = code.thing.label or code.thing.iri if code.thing else "NoTermFound"
    return f"{code.notation} {label}" if code.notation else label


def _day(value: date | None) -> str:
    return f"{value.day}/{value.month}/{value.year}" if value else "…"
