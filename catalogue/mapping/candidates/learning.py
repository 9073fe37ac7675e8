"""What earlier decisions teach: which counterparts people accepted and rejected, for the same indicator and for like ones.

Nothing is remembered beside the mappings themselves: the same decisions give the same ranking, in whatever order they were
made or read. For each counterpart the strongest accepted and the strongest rejected like decision count, never their
number, so that one careful decision weighs as much as a hundred copies of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from catalogue.likeness.similarity import Reason, score
from catalogue.likeness.wording import Wording
from catalogue.mapping.candidates.terms import Term, TermIndex
from catalogue.mapping.records import NO_TERM
from catalogue.mapping.records import Mapping as Decided

ALIKE = 0.85
"""From which similarity of names a decision about another indicator counts (`similarity.score`)."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision about one pair: `object` is None where the decision is about "no counterpart". `standing`: it is accepted
    and holds on the day asked about; an accepted one whose time is over still teaches, but is not standing."""

    subject: str
    object: str | None
    accepted: bool
    standing: bool = True
    by: str | None = None
    on: date | None = None


@dataclass(slots=True)
class Evidence:
    """What decisions say about the counterparts of one indicator. `accepted` and `rejected`: decisions about this very
    pair; `alike`: counterpart → how like its own is the name of the likest indicator for which it was accepted, and that
    indicator; `alike_rejected` the same for rejected; `groups`: share of the mapped neighbours in each target group.
    None as a counterpart is "no counterpart"."""

    accepted: dict[str | None, Decision] = field(default_factory=dict)
    rejected: dict[str | None, Decision] = field(default_factory=dict)
    alike: dict[str | None, tuple[float, str]] = field(default_factory=dict)
    alike_rejected: dict[str | None, tuple[float, str]] = field(default_factory=dict)
    groups: dict[str, float] = field(default_factory=dict)


def decisions(mappings: Iterable[Decided], day: date) -> list[Decision]:
    """Mappings that were decided, as decisions, both ways round; candidates and withdrawn ones teach nothing.

    An accepted mapping that says Not is a rejection of what it denies.
    """
    found = []
    for one in mappings:
        if one.status not in ("accepted", "rejected"):
            continue
        accepted = (one.status == "accepted") != one.negated
        standing = one.valid_on(day) if one.status == "accepted" else True
        by = next(iter((*one.reviewers, *one.authors)), None)
        for subject, other in ((one.subject, one.object), (one.object, one.subject)):
            if subject != NO_TERM:
                where = None if other == NO_TERM else other
                found.append(Decision(subject, where, accepted, standing, by, one.review_date or one.mapping_date))
    return found


class Experience:
    """The decisions about the pairs of two lists, to be asked about one indicator after another.

    `subjects`: the indicators that were decided about, as far as they can be compared, and `targets`: their counterparts.
    """

    def __init__(self, made: Iterable[Decision], subjects: Mapping[str, Term], targets: Mapping[str, Term]) -> None:
        self._of: dict[str, list[Decision]] = defaultdict(list)
        for one in sorted(set(made), key=_order):
            if one.object is None or one.object in targets:
                self._of[one.subject].append(one)
        known = [subjects[key] for key in self._of if key in subjects]
        self._index = TermIndex(known)
        self._targets = targets
        self._members: dict[str, list[str]] = defaultdict(list)
        for term in known:
            for group, _ in term.groups:
                self._members[group].append(term.key)

    def about(self, term: Term, wordings: Sequence[Wording]) -> Evidence:
        """What the decisions say about `term`, whose names taken apart are `wordings`."""
        found = Evidence()
        for one in self._of.get(term.key, ()):
            if not one.accepted:
                found.rejected[one.object] = one
            elif one.standing:
                found.accepted[one.object] = one
            else:
                found.alike[one.object] = (1.0, term.name)
        for where in set(found.accepted) & set(found.rejected):
            # Two decisions about one pair contradict each other; neither is followed (the conflicts are listed elsewhere).
            del found.accepted[where]
        for entry in self._index.retrieve(wordings, 20) if self._of else ():
            if entry.term.key == term.key:
                continue
            likeness = max(score(one, other) for one in wordings for other in entry.wordings)
            if likeness >= ALIKE:
                for one in self._of[entry.term.key]:
                    _keep(found.alike if one.accepted else found.alike_rejected, one.object, likeness, entry.term.name)
        self._neighbours(term, found)
        return found

    def _neighbours(self, term: Term, found: Evidence) -> None:
        counts: dict[str, int] = defaultdict(int)
        total = 0
        for key in sorted({key for group, _ in term.groups for key in self._members.get(group, ())} - {term.key}):
            groups = {
                group
                for one in self._of[key]
                if one.accepted and one.object is not None
                for group, _ in self._targets[one.object].groups
            }
            total += bool(groups)
            for group in groups:
                counts[group] += 1
        found.groups = {group: count / total for group, count in counts.items()}


def reason(decision: Decision) -> Reason:
    """An earlier decision about this very pair, as a reason."""
    by = f" {decision.by}" if decision.by else ""
    on_vi = f" ngày {decision.on.day}/{decision.on.month}/{decision.on.year}" if decision.on else ""
    on_en = f" on {decision.on.isoformat()}" if decision.on else ""
    if decision.accepted:
        return Reason(
            "accepted",
            f"đã được chấp nhận{on_vi}{' bởi' + by if by else ''}",
            f"accepted{on_en}{' by' + by if by else ''}",
        )
    return Reason(
        "rejected", f"đã bị bác{on_vi}{' bởi' + by if by else ''}", f"rejected{on_en}{' by' + by if by else ''}"
    )


def _keep(found: dict[str | None, tuple[float, str]], where: str | None, likeness: float, name: str) -> None:
    if where not in found or (likeness, name) > found[where]:
        found[where] = (likeness, name)


def _order(one: Decision) -> tuple[str, str, bool, bool, str, str]:
    return (
        one.subject,
        one.object or "",
        one.accepted,
        one.standing,
        one.on.isoformat() if one.on else "",
        one.by or "",
    )
