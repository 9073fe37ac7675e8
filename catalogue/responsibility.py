"""Who is responsible for a thing on a date: role, unit, document, proof, and the chain of reorganisations between.

An assignment names the unit that existed when the document was signed; who holds it on the date asked for is read from
the holding intervals. A merger does not by itself transfer a duty: what was inherited is marked inferred until a
document says so, and a split or an abolition answers “to be decided”.
"""

from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import Literal

from pyoxigraph import NamedNode

from catalogue.assigned import Assigned, assigned
from catalogue.codes import CodeReference, codes, role_rank
from catalogue.decisions import DecisionReference, of_bases
from catalogue.gaps import Gap, searched_in_vain
from catalogue.graphs import MARKS, Mark, weakest
from catalogue.iri import VOCABULARY
from catalogue.labels import Reference, kind_of, references
from catalogue.lineage import levels_of, marks_above, ties
from catalogue.nearest import assigned_to
from catalogue.organisations import AgencyReference, ChangeEvent, agencies, events, holders
from catalogue.proofs import GraphMark, SourceReference, graph_marks, quotations, weakest_stated
from catalogue.store.port import Store


@dataclass(frozen=True, slots=True)
class Assignment:
    """One agency × one role × one object × one legal basis, as it stands on the date asked for.

    `named`: the unit that the document names; `agency`: who holds it now, None while `state` is “to-be-decided” (then
    `candidates` lists who may). `held_from`: since when `agency` holds it: the day of the assignment, or of the
    reorganisation that passed it on. `inherited_from`: the group or set whose assignment this is, where the thing has none
    of its own. `decision` is None where the source names no document (a press article on who does what). `period_over`: the plan's own period has ended, and no document seen ends or renews the duty.
    `verification`: the weakest of the statement, the inheritance and the succession.
    `valid_from_verification`: the mark of the first day alone.
    """

    iri: str
    state: Literal["held", "to-be-decided"]
    agency: AgencyReference | None
    named: AgencyReference
    candidates: list[AgencyReference]
    role: CodeReference
    object: Reference
    inherited_from: Reference | None
    valid_from: date | None
    valid_from_verification: Mark | None
    held_from: date | None
    valid_to: date | None
    period_over: bool
    decision: DecisionReference | None
    provision: Reference | None
    source: SourceReference | None
    verification: Mark
    succession: list[ChangeEvent]


@dataclass(frozen=True, slots=True)
class Responsibilities:
    """The whole answer: what stands on `as_of`, what has `ended` by then, the national decisions above, the gaps."""

    of: Reference
    as_of: date
    role: str | None
    responsibilities: list[Assignment]
    ended: list[Assignment]
    mandates: list[DecisionReference]
    gaps: list[Gap]


@dataclass(frozen=True, slots=True)
class _Proof:
    responsibility: str
    role: str
    named: str
    object: str
    basis: str | None
    valid_from: date | None
    from_graph: str | None
    valid_to: date | None
    quotation: str | None


def of(
    store: Store, thing: NamedNode, *, as_of: date, role: str | None = None, language: str = "vi"
) -> Responsibilities:
    """Who is responsible for `thing` on `as_of`. Of a decision: everything it assigns, in itself or in its provisions.

    `role`: the notation of one role (`chu-tri`); None for all.
    """
    nearest = assigned_to(store, thing)
    made = assignments(store, nearest, as_of=as_of, role=role, language=language)
    began = [one for one in made if one.valid_from is None or one.valid_from <= as_of]
    standing = [one for one in began if one.valid_to is None or one.valid_to > as_of]
    standing, replaced = _without_replaced(standing)
    ended = [one for one in began if one.valid_to is not None and one.valid_to <= as_of] + replaced
    named = references(store, [thing.value], language)[thing.value]
    return Responsibilities(
        named,
        as_of,
        role,
        standing,
        ended,
        _mandates(store, thing, as_of, language),
        _gaps(store, named, made, standing, as_of, role, language),
    )


def assignments(
    store: Store, found: dict[str, tuple[int, str]], *, as_of: date, role: str | None = None, language: str = "vi"
) -> list[Assignment]:
    """The assignments `found` in full, by role and object; of one role only those made nearest to the thing.

    `found`: responsibility → (steps to the thing, the thing it was found through).
    """
    if not found:
        return []
    said = assigned(store, found)
    grouped = {iri: _proofs(iri, one) for iri, one in said.items() if role is None or one.roles[0].endswith(f"/{role}")}
    # Own before group before set, role by role: step 0 and 1 are the thing's own, 2 and 3 its group's, 4 and 5 its set's.
    nearest: dict[str, int] = {}
    for iri, group in grouped.items():
        layer = found[iri][0] // 2
        nearest[group[0].role] = min(nearest.get(group[0].role, layer), layer)
    kept = {iri: group for iri, group in grouped.items() if found[iri][0] // 2 == nearest[group[0].role]}
    proofs = weakest_stated(store, {iri: said[iri].stated for iri in kept})
    context = _Context.read(store, kept, proofs, as_of, language)
    inherited = {iri: found[iri][1] if found[iri][0] > 1 else None for iri in kept}
    through = references(store, [via for via in inherited.values() if via], language)
    links = ties(store, (kept[iri][0].object for iri in kept if found[iri][0] % 2), VOCABULARY + "concerns")
    made = []
    for iri, group in kept.items():
        via = inherited[iri]
        link = links.get((group[0].object, found[iri][1]), "confirmed")
        one = context.assignment(iri, group, through[via] if via else None, link)
        if one is not None:
            made.append(one)
    made.sort(key=lambda one: (role_rank(one.role.notation), one.object.label or one.object.iri, one.iri))
    return made


def _proofs(iri: str, one: Assigned) -> list[_Proof]:
    """A row for each way to read an assignment; where it says everything once, there is one."""
    begins, none = one.begins or ((None, None),), (None,)
    sides = (one.roles, one.named, one.objects, one.bases or none, begins, one.ends or none, one.quotations or none)
    return [
        _Proof(iri, role, named, what, basis, *began, ended, quotation)
        for role, named, what, basis, began, ended, quotation in product(*sides)
    ]


@dataclass(frozen=True, slots=True)
class _Context:
    """Everything that the assignments of one answer refer to, read in one go."""

    as_of: date
    roles: dict[str, CodeReference]
    things: dict[str, Reference]
    units: dict[str, AgencyReference]
    held: dict[str, "_Held"]
    decisions: dict[str, DecisionReference]
    quoted: dict[str, SourceReference]
    proofs: dict[str, GraphMark]
    marks: dict[str, GraphMark]

    @staticmethod
    def read(
        store: Store, grouped: dict[str, list[_Proof]], proofs: dict[str, GraphMark], as_of: date, language: str
    ) -> "_Context":
        rows = [row for group in grouped.values() for row in group]
        held = holders(store, (row.named for row in rows), as_of=as_of)
        changes = events(store, (event for holder in held.values() for event in holder.events), language=language)
        bodies = [iri for h in held.values() for iri in (h.named, h.agency, *h.candidates) if iri]
        quoted = quotations(store, [*(r.quotation for r in rows if r.quotation), *(p.source for p in proofs.values())])
        return _Context(
            as_of,
            codes(store, (row.role for row in rows), language),
            references(store, (iri for row in rows for iri in (row.object, row.basis) if iri), language),
            agencies(store, bodies, as_of=as_of, language=language),
            {
                h.named: _Held(
                    h.state,
                    h.agency,
                    h.candidates,
                    sorted((changes[e] for e in h.events if e in changes), key=_by_day),
                    h.since,
                )
                for h in held.values()
            },
            of_bases(store, (row.basis for row in rows if row.basis), as_of=as_of, language=language),
            quoted,
            proofs,
            graph_marks(store, (row.from_graph for row in rows if row.from_graph)),
        )

    def assignment(
        self, iri: str, group: list[_Proof], inherited_from: Reference | None, link: Mark
    ) -> Assignment | None:
        """One assignment, or None where no graph with a mark states it or its basis is no decision (the shapes forbid
        both). `link`: how sure the way from the thing asked about to the object is."""
        row = min(group, key=self._surest_day)
        if iri not in self.proofs or (row.basis is not None and row.basis not in self.decisions):
            return None
        held, decision = self.held[row.named], self.decisions[row.basis] if row.basis else None
        mark = weakest(self.proofs[iri].mark, link)
        if inherited_from or held.agency != row.named:
            mark = weakest(mark, "inferred", *(change.verification for change in held.events))
        ends = [day for day in (*(r.valid_to for r in group), decision.valid_to if decision else None) if day]
        quotation = next((r.quotation for r in group if r.quotation), None)
        return Assignment(
            iri,
            held.state,
            self.units[held.agency] if held.agency else None,
            self.units[row.named],
            [self.units[c] for c in held.candidates],
            self.roles[row.role],
            self.things[row.object],
            inherited_from,
            row.valid_from,
            self.marks[row.from_graph].mark if row.from_graph in self.marks else None,
            max((day for day in (row.valid_from, held.since) if day), default=None) if held.agency else None,
            min(ends, default=None),
            decision is not None and decision.period_over,
            decision,
            self.things[row.basis] if row.basis and decision and row.basis != decision.iri else None,
            self.quoted[quotation or self.proofs[iri].source],
            mark,
            held.events,
        )

    def _surest_day(self, row: _Proof) -> tuple[int, str]:
        """Where two graphs give a first day, the better proof counts."""
        graph = row.from_graph or ""
        return MARKS.index(self.marks[graph].mark) if graph in self.marks else len(MARKS), graph


@dataclass(frozen=True, slots=True)
class _Held:
    state: Literal["held", "to-be-decided"]
    agency: str | None
    candidates: list[str]
    events: list[ChangeEvent]
    since: date | None


def _by_day(change: ChangeEvent) -> tuple[date, str]:
    return change.date, change.iri


def _without_replaced(standing: list[Assignment]) -> tuple[list[Assignment], list[Assignment]]:
    """A duty that a later document gives to somebody else is not inherited: such inherited ones count as ended."""
    of_one: dict[tuple[str, str], list[Assignment]] = {}
    for one in standing:
        of_one.setdefault((one.role.iri, one.object.iri), []).append(one)

    def is_replaced(one: Assignment) -> bool:
        since = one.valid_from or date.min
        others = of_one[one.role.iri, one.object.iri] if one.succession else ()
        return any((other.valid_from or date.min) > since and other.named.iri != one.named.iri for other in others)

    kept: list[Assignment] = []
    replaced: list[Assignment] = []
    for one in standing:
        (replaced if is_replaced(one) else kept).append(one)
    return kept, replaced


def _mandates(store: Store, thing: NamedNode, as_of: date, language: str) -> list[DecisionReference]:
    """The decisions of the national level above a thing, nearest first, each with the mark of the best path to it."""
    above = marks_above(store, thing, as_of=as_of)
    decisions = [iri for iri in above if kind_of(iri) == "decision"]
    levels = levels_of(store, decisions)
    national = sorted((iri for iri in decisions if levels.get(iri) == "quoc-gia"), key=lambda iri: (above[iri][0], iri))
    found = of_bases(store, national, as_of=as_of, language=language)
    return [
        replace(found[iri], verification=weakest(found[iri].verification, above[iri][1]))
        for iri in national
        if iri in found and (found[iri].date or as_of) <= as_of
    ]


def _gaps(
    store: Store,
    thing: Reference,
    made: list[Assignment],
    standing: list[Assignment],
    as_of: date,
    role: str | None,
    language: str,
) -> list[Gap]:
    gaps = []
    begins = [one.valid_from for one in made if one.valid_from]
    if begins and as_of < min(begins):
        first = min(begins)
        gaps.append(
            Gap(
                "before-first-known",
                f"Trước ngày {first.day}/{first.month}/{first.year} không có nguồn nào nói ai chịu trách nhiệm.",
                f"Before {first.isoformat()} no source says who is responsible.",
                thing=thing,
            )
        )
    elif thing.kind in ("agency", "post", "addressee") and not standing:
        gaps.append(
            Gap(
                "is-a-unit",
                "Đây là một đơn vị, không phải việc được giao; hãy hỏi đơn vị này giữ những việc gì (portfolio).",
                "This is a unit, not a thing that is assigned; ask what it holds (its portfolio).",
                thing=thing,
            )
        )
    elif not standing:
        what = "" if role is None else f" với vai trò “{role}”"
        gaps.append(
            Gap(
                "no-assignment",
                f"Không nguồn nào trong danh mục giao {thing.label or thing.iri} cho đơn vị nào{what} vào ngày này.",
                f"No source in the catalogue assigns {thing.label or thing.iri} to any unit"
                f"{'' if role is None else f' in the role “{role}”'} on this date.",
                thing=thing,
            )
        )
    elif thing.kind == "indicator" and all(one.inherited_from for one in standing):
        gaps.append(
            Gap(
                "inherited-only",
                "Không nguồn nào giao riêng chỉ số này cho một đơn vị; dưới đây là việc giao cho nhóm hoặc bộ chỉ số.",
                "No source assigns this single indicator to a unit; what follows was assigned for its group or set.",
                thing=thing,
            )
        )
    elif thing.kind in ("indicator-set", "indicator-group"):
        gaps.append(
            Gap(
                "no-single-indicator",
                "Các việc dưới đây giao cho cả bộ hoặc nhóm; không nguồn nào giao riêng từng chỉ số cho một đơn vị.",
                "These assignments are for the set or group; no source assigns a single indicator in it to a unit.",
                thing=thing,
            )
        )
    if any(one.period_over for one in standing):
        gaps.append(
            Gap(
                "period-over",
                "Kỳ của kế hoạch đã hết; chưa thấy văn bản nào chấm dứt hoặc giao tiếp nhiệm vụ.",
                "The period of the plan is over; no document seen ends the duty or renews it.",
            )
        )
    if any(one.decision is None for one in standing):
        gaps.append(
            Gap(
                "no-legal-basis",
                "Có việc mà nguồn chỉ thuật lại, không nêu văn bản nào giao.",
                "For some of these the source only reports who does it and names no document that assigns it.",
                thing=thing,
            )
        )
    documents = {one.decision.iri for one in standing if one.decision}
    return gaps + searched_in_vain(store, [thing.iri, *documents], language=language)
