"""A responsibility answer for a person: who, in which role, for what, since when, by which words, and what is not known."""

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from cli.language import LANGUAGE, day, text
from cli.marks import mark, span

if TYPE_CHECKING:
    from catalogue.decisions import DecisionReference
    from catalogue.labels import Reference
    from catalogue.organisations import AgencyReference, ChangeEvent
    from catalogue.responsibility import Assignment, Responsibilities


def lines(answer: "Responsibilities") -> list[str]:
    """The whole answer, line by line."""
    asked = text(f"tính đến {day(answer.as_of)}", f"as of {day(answer.as_of)}")
    told = [f"{_name(answer.of)} — {asked}"]
    for (role, holder), group in groupby(answer.responsibilities, key=_role_and_holder):
        told += ["", f"{role}: {holder}"]
        for assignment in group:
            told += [f"  {line}" for line in _assignment(assignment)]
    if not answer.responsibilities:
        told += ["", text("Không có đơn vị nào được giao vào ngày này.", "Nobody is charged with it on this date.")]
    if answer.ended:
        told += ["", text("Đã kết thúc trước ngày đó:", "Ended before that date:")]
        told += [f"  {_role_and_holder(one)[0]}: {_ended(one)}" for one in answer.ended]
    if answer.mandates:
        told += [
            "",
            text("Văn bản cấp quốc gia phía trên (gần nhất trước):", "National decisions above it (nearest first):"),
        ]
        told += [f"  {_decision(decision)} [{_mandate_remarks(decision)}]" for decision in answer.mandates]
    if answer.gaps:
        told += ["", text("Điều chưa biết:", "What is not known:")]
        told += [f"  {gap.en if LANGUAGE == 'en' else gap.vi}" for gap in answer.gaps]
    return told


def _role_and_holder(assignment: "Assignment") -> tuple[str, str]:
    role = assignment.role.label or assignment.role.notation
    role = role[:1].upper() + role[1:]
    if assignment.agency:
        return role, _agency(assignment.agency)
    named = _agency(assignment.named)
    if not assignment.candidates:
        return role, text(f"chưa xác định (trước là {named})", f"to be decided (formerly {named})")
    candidates = text(" hoặc ", " or ").join(_agency(one) for one in assignment.candidates)
    return role, text(
        f"chưa xác định: {candidates} (trước là {named})", f"to be decided: {candidates} (formerly {named})"
    )


def _assignment(one: "Assignment") -> Iterator[str]:
    yield f"• {_name(one.object)}"
    if one.inherited_from:
        through = _name(one.inherited_from)
        yield text(f"  lấy từ: {through} (không giao riêng)", f"  taken from: {through} (not assigned singly)")
    since = span(one.valid_from, one.valid_to)
    if since:
        remark = one.valid_from_verification
        weaker = f" ({mark(remark)})" if remark and remark != "confirmed" else ""
        yield f"  {text('thời gian', 'when')}: {since}{weaker}{_held(one)}"
    if one.provision:
        yield f"  {text('theo', 'under')}: {_name(one.provision)}"
    elif one.decision:
        yield f"  {text('theo', 'under')}: {_decision(one.decision)}"
    else:
        yield text("  theo: nguồn không nêu văn bản nào giao", "  under: the source names no document that assigns it")
    if one.period_over:
        yield text("  kỳ của kế hoạch đã hết", "  the period of the plan is over")
    yield f"  {text('mức chắc chắn', 'certainty')}: {mark(one.verification)}"
    if one.source and one.source.quotation:
        place = f" ({one.source.place})" if one.source.place else ""
        yield f"  {text('trích', 'quotation')}: “{one.source.quotation}”{place}"
    if one.source and one.source.document:
        address = f" <{one.source.address}>" if (one.source.address or "").startswith("http") else ""
        yield f"  {text('nguồn', 'source')}: {one.source.document}{address}"
    if one.succession:
        yield text(
            f"  kế thừa: văn bản nêu {_agency(one.named)}", f"  succession: the document names {_agency(one.named)}"
        )
        for event in one.succession:
            yield f"    {_event(event)}"


def _held(one: "Assignment") -> str:
    """Since when the unit holds it, where that is not the day of the assignment."""
    if one.held_from is None or one.held_from == one.valid_from:
        return ""
    return text(f"; đơn vị này giữ từ {day(one.held_from)}", f"; held by this unit since {day(one.held_from)}")


def _event(event: "ChangeEvent") -> str:
    kind = event.kind.label or event.kind.notation
    # A new department may bear the name of one that went into it.
    names = {one.label for one in event.results}
    former = text(" (cũ)", " (former)")
    before = " + ".join(_name(one) + (former if one.label in names else "") for one in event.originals)
    after = " + ".join(_name(one) for one in event.results) or "∅"
    basis = text(f"; căn cứ {_name(event.basis)}", f"; under {_name(event.basis)}") if event.basis else ""
    return f"{day(event.date)} {kind}: {before} → {after} [{mark(event.verification)}{basis}]"


def _ended(one: "Assignment") -> str:
    when = span(one.valid_from, one.valid_to)
    return f"{_agency(one.named)} — {_name(one.object)}" + (f" ({when})" if when else "")


def _decision(decision: "DecisionReference") -> str:
    issuer = f", {_name(decision.issuer)}" if decision.issuer else ""
    return f"{decision.label or decision.iri}{issuer}"


def _mandate_remarks(decision: "DecisionReference") -> str:
    remarks = [mark(decision.verification)]
    if not decision.in_force:
        remarks.append(text("không có hiệu lực vào ngày này", "not in force on this date"))
    elif decision.period_over:
        remarks.append(text("kỳ của văn bản đã hết", "its period is over"))
    return ", ".join(remarks)


def _agency(agency: "AgencyReference") -> str:
    name = agency.label or agency.iri
    return f"{name} ({agency.code})" if agency.code else name


def _name(reference: "Reference") -> str:
    return reference.label or reference.iri
