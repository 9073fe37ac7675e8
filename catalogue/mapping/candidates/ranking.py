"""Which codes of another list an indicator could be, the most probable first, with reasons; "no counterpart" is always
among them. Nothing here is ever accepted: a candidate waits for a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from catalogue.likeness.similarity import Comparison, Reason, reasons, score
from catalogue.likeness.wording import Wording
from catalogue.mapping.candidates.learning import Evidence, Experience, reason
from catalogue.mapping.candidates.likelihood import best_names, none_sum, probabilities, same_unit, weights
from catalogue.mapping.candidates.terms import Entry, Term, TermIndex

DEFINITION = 600
"""Characters of a definition that are compared."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible counterpart: `target` is the term, None for "no counterpart". `probability` is that of its being right,
    over all terms of the list and "no counterpart" together. `match`: how the names suggest that they match, a local name
    of SKOS. `refused`: somebody rejected this very pair."""

    target: Term | None
    probability: float
    match: str
    reasons: tuple[Reason, ...]
    refused: bool = False


def rank(index: TermIndex, sought: Term, experience: Experience | None = None, limit: int = 10) -> list[Candidate]:
    """The `limit` most probable counterparts of `sought` among the terms of `index`, with "no counterpart" at its rank,
    or last where it is less probable than all that are given.

    A rejected pair never comes first. Equal probabilities are ordered by the key of the term, so that the same question
    and the same decisions always give the same answer.
    """
    wordings = sought.wordings()
    evidence = experience.about(sought, wordings) if experience else Evidence()
    entries = {entry.term.key: entry for entry in index.retrieve(wordings)} if wordings else {}
    for key in (*evidence.accepted, *evidence.alike):
        if key is not None and key not in entries and (entry := index.get(key)):
            entries[key] = entry
    looked_at = [_Looked(index, sought, wordings, entry, evidence) for _, entry in sorted(entries.items())]
    looked_at = [one for one in looked_at if one.term.key != sought.key]
    nothing = _nothing(index, wordings, evidence)
    _obey(looked_at, evidence)
    nothing = _obey_none(nothing, looked_at, evidence)
    shares = probabilities([nothing, *(one.sum for one in looked_at)])
    found = sorted(zip(shares[1:], looked_at, strict=True), key=lambda one: (-one[0], one[1].term.key))
    given = [Candidate(one.term, share, one.match, one.reasons(), one.refused) for share, one in found[:limit]]
    none = Candidate(None, shares[0], "noMatch", _none_reasons(found, evidence), None in evidence.rejected)
    at = next((place for place, one in enumerate(given) if one.probability < none.probability), len(given))
    return [*given[:at], none, *given[at:]]


class _Looked:
    """A term of the list that was looked at closely."""

    def __init__(
        self, index: TermIndex, sought: Term, wordings: Sequence[Wording], entry: Entry, evidence: Evidence
    ) -> None:
        self.term = entry.term
        self._evidence = evidence
        self.sum, self._one, self._other, self._parts = best_names(index, wordings, entry.wordings)
        self._facts = _facts(sought, entry.term, evidence)
        by_hand = weights().facts
        self.sum += sum(by_hand[name] * value for name, value, _ in self._facts)
        self.refused = entry.term.key in evidence.rejected

    @property
    def match(self) -> str:
        return _match(self._parts, self._facts)

    def reasons(self) -> tuple[Reason, ...]:
        """The reasons, decisions first; made only for what is shown."""
        decided = [
            reason(one)
            for found in (self._evidence.accepted, self._evidence.rejected)
            if (one := found.get(self.term.key))
        ]
        facts = [one for _, _, one in self._facts]
        return (*decided, *reasons(self._one, self._other, self._parts), *facts)


def _obey(looked_at: list[_Looked], evidence: Evidence) -> None:
    """What was accepted for this indicator itself goes before everything else."""
    most = max((one.sum for one in looked_at), default=0.0)
    for one in looked_at:
        if one.term.key in evidence.accepted:
            one.sum = most + 6.0


def _obey_none(nothing: float, looked_at: list[_Looked], evidence: Evidence) -> float:
    """The sum of "no counterpart" after the decisions about it; rejected terms are brought below it."""
    free = [one.sum for one in looked_at if not one.refused]
    if None in evidence.accepted:
        nothing = max([nothing, *free]) + 6.0
    elif None in evidence.rejected and free:
        nothing = min(nothing, max(free) - 3.0)
    elif evidence.accepted:
        nothing = min(nothing, max(free, default=nothing) - 6.0)
    for one in looked_at:
        if one.refused:
            one.sum = min(one.sum, nothing - 3.0)
    return nothing


def _nothing(index: TermIndex, wordings: Sequence[Wording], evidence: Evidence) -> float:
    by_hand = weights().facts
    total = none_sum(index, wordings) if wordings else weights().none["bias"]
    if None in evidence.alike:
        total += by_hand["none-alike"] * _strength(evidence.alike[None][0])
    if None in evidence.alike_rejected:
        total -= by_hand["none-alike"] * _strength(evidence.alike_rejected[None][0])
    return total


def _strength(likeness: float) -> float:
    """How much a decision about a like indicator counts: all for the same name, nothing at the threshold."""
    return max(0.0, (likeness - 0.8) / 0.2)


def _facts(sought: Term, found: Term, evidence: Evidence) -> list[tuple[str, float, Reason]]:
    """What speaks for or against beside the names: the weight's name, how much, and the reason."""
    facts: list[tuple[str, float, Reason]] = []

    def add(name: str, value: float, vi: str, en: str) -> None:
        facts.append((name, value, Reason(name, vi, en)))

    unit = same_unit(sought, found)
    if unit == "same":
        add("unit-same", 1.0, f"cùng đơn vị tính: {sought.unit}", f"the same unit: {sought.unit}")
    elif unit is not None:
        said = f"{sought.unit} – {found.unit}"
        add(
            f"unit-{unit}",
            1.0,
            f"đơn vị tính {'đổi được cho nhau' if unit == 'convertible' else 'khác nhau'}: {said}",
            f"{'convertible' if unit == 'convertible' else 'different'} units: {said}",
        )
    if sought.frequency and found.frequency:
        same = sought.frequency == found.frequency
        said = sought.frequency if same else f"{sought.frequency} – {found.frequency}"
        add(
            "frequency-same" if same else "frequency-different",
            1.0,
            f"{'cùng tần suất' if same else 'tần suất khác nhau'}: {said}",
            f"{'the same frequency' if same else 'different frequencies'}: {said}",
        )
    if sought.level and found.level and sought.level != found.level:
        said = f"{sought.level} – {found.level}"
        add("level-different", 1.0, f"cấp khác nhau: {said}", f"different levels: {said}")
    likest = max(
        ((score(mine, other), mine, other) for _, mine in sought.groups for _, other in found.groups),
        default=None,
    )
    if likest and likest[0] >= 0.6:
        add(
            "group-alike",
            likest[0],
            f"nhóm giống nhau: “{likest[1]}” – “{likest[2]}”",
            f"alike groups: “{likest[1]}” – “{likest[2]}”",
        )
    if sought.definition and found.definition:
        likeness = score(sought.definition[:DEFINITION], found.definition[:DEFINITION])
        if likeness >= 0.5:
            add("definition-alike", likeness, "khái niệm giống nhau", "alike definitions")
    neighbours = max((evidence.groups.get(group, 0.0) for group, _ in found.groups), default=0.0)
    if neighbours:
        said = f"{neighbours:.0%}"
        add(
            "sibling-mapped",
            neighbours,
            f"{said} chỉ số cùng nhóm đã được ánh xạ vào nhóm này",
            f"{said} of the mapped indicators of its group went into this group",
        )
    for name, found_by, vi, en in (
        ("accepted-alike", evidence.alike, "đã được chấp nhận cho chỉ số tương tự", "accepted for a like indicator"),
        ("rejected-alike", evidence.alike_rejected, "đã bị bác ở chỉ số tương tự", "rejected for a like indicator"),
    ):
        if found.key in found_by:
            likeness, other = found_by[found.key]
            add(name, _strength(likeness), f"{vi}: “{other}”", f"{en}: “{other}”")
    return facts


def _match(parts: Comparison, facts: list[tuple[str, float, Reason]]) -> str:
    """exactMatch for the same name where nothing contradicts it, else closeMatch: how they differ, a person says."""
    differs = any(name == "unit-different" for name, _, _ in facts)
    return "exactMatch" if parts.same and not differs else "closeMatch"


def _none_reasons(found: list[tuple[float, _Looked]], evidence: Evidence) -> tuple[Reason, ...]:
    decided = [reason(one) for one in (evidence.accepted.get(None), evidence.rejected.get(None)) if one]
    if None in evidence.alike:
        other = evidence.alike[None][1]
        decided.append(
            Reason(
                "none-alike",
                f"chỉ số tương tự cũng không có mã tương ứng: “{other}”",
                f"a like indicator has no counterpart either: “{other}”",
            )
        )
    if not found:
        decided.append(
            Reason("nothing-alike", "không có tên nào có từ chung", "no name of the list shares a word with it")
        )
    else:
        likest = found[0][1].term.name
        decided.append(
            Reason("likest", f"tên gần nhất trong danh mục: “{likest}”", f"the nearest name of the list: “{likest}”")
        )
    return tuple(decided)
