"""What mappings cannot hold together: among those that come in, and with those that the catalogue has."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from catalogue.mapping.exchange.sssom import Problem
from catalogue.mapping.records import NO_TERM
from catalogue.mapping.relations import inverse

EXCLUSIVE = {
    frozenset(pair)
    for pair in (
        ("exactMatch", "broadMatch"),
        ("exactMatch", "narrowMatch"),
        ("exactMatch", "relatedMatch"),
        ("broadMatch", "narrowMatch"),
        ("broadMatch", "relatedMatch"),
        ("narrowMatch", "relatedMatch"),
    )
}
"""Relations of one pair that exclude each other (SKOS S27, S46)."""

LONGEST = 50
"""Steps after which a circle is looked for no further."""

_TOLD = 5
"""Contradictions of one row that are told: thousands of rows about one code would contradict each other in millions of ways."""

Names = Callable[[str], str]
"""An IRI as a sentence calls it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one mapping says. `relation` is the local name of its predicate; `row` is where it stands in the document, None
    for one that the catalogue has (`iri`); `scheme` is where a mapping to `sssom:NoTermFound` looked in vain."""

    subject: str
    relation: str
    object: str
    status: str
    negated: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    review_date: date | None = None
    row: int | None = None
    iri: str = ""
    scheme: str | None = None

    @property
    def counts(self) -> bool:
        """Whether it is accepted and says that something is."""
        return self.status == "accepted" and not self.negated

    def turned(self) -> "Claim":
        """The same said from the other end."""
        return Claim(
            self.object,
            inverse(self.relation),
            self.subject,
            self.status,
            self.negated,
            self.valid_from,
            self.valid_to,
            self.review_date,
            self.row,
            self.iri,
            self.scheme,
        )


def overlap(one: Claim, other: Claim) -> bool:
    """Whether there is a day on which both hold."""
    return _before(one.valid_from, other.valid_to) and _before(other.valid_from, one.valid_to)


def _before(start: date | None, end: date | None) -> bool:
    return start is None or end is None or start < end


def find(
    claims: Sequence[Claim], held: Iterable[Claim], schemes: Mapping[str, frozenset[str]], named: Names
) -> list[Problem]:
    """The problems of `claims`, which come in, among themselves and with `held`, which stay. `schemes`: of each thing."""
    held = list(held)
    met = _Met([*held, *claims], schemes)
    problems: dict[tuple[int | None, str], Problem] = {}
    for claim in claims:
        told = 0
        for one in (claim, claim.turned()):
            for other in met.by(one):
                earlier = other.row is None or (one.row is not None and other.row < one.row)
                if not earlier or not overlap(one, other):
                    continue
                said = _contradiction(one, other, schemes, named)
                if said is not None:
                    problems.setdefault((claim.row, said[1]), Problem(claim.row, said[0], said[1], said[2]))
                    told += 1
                if told >= _TOLD:
                    break
    for problem in _circles(claims, held, named):
        problems.setdefault((problem.row, problem.vi), problem)
    return list(problems.values())


class _Met:
    """Which claims a claim can contradict, found without comparing each with each: those about its pair of codes, exact
    matches with the same scheme, and, about one code, that there is a counterpart and that there is none."""

    def __init__(self, claims: Sequence[Claim], schemes: Mapping[str, frozenset[str]]) -> None:
        self._schemes = schemes
        self._claims: list[Claim] = []
        self._places: dict[tuple[str, str, str], list[int]] = {}
        for claim in claims:
            for one in (claim, claim.turned()):
                for name in self._names(one):
                    self._places.setdefault(name, []).append(len(self._claims))
                self._claims.append(one)

    def by(self, claim: Claim) -> Iterator[Claim]:
        """The claims about the same subject that may contradict `claim`, itself among them; each once."""
        asked = [name for name in self._names(claim) if name[0] in ("pair", "exact")]
        if claim.counts and claim.object == NO_TERM and claim.scheme is not None:
            asked.append(("some", claim.subject, claim.scheme))
        elif claim.counts:
            asked += [("none", claim.subject, scheme) for scheme in self._schemes.get(claim.object, ())]
        seen: set[int] = set()
        for name in asked:
            for place in self._places.get(name, ()):
                if place not in seen:
                    seen.add(place)
                    yield self._claims[place]

    def _names(self, claim: Claim) -> list[tuple[str, str, str]]:
        """Under which names a claim is found."""
        names = [("pair", claim.subject, claim.object)]
        if not claim.counts or NO_TERM in (claim.subject, claim.object):
            if claim.counts and claim.object == NO_TERM and claim.scheme is not None:
                names.append(("none", claim.subject, claim.scheme))
            return names
        schemes = self._schemes.get(claim.object, ())
        names += [("some", claim.subject, scheme) for scheme in schemes]
        if claim.relation == "exactMatch":
            names += [("exact", claim.subject, scheme) for scheme in schemes]
        return names


def _contradiction(
    one: Claim, other: Claim, schemes: Mapping[str, frozenset[str]], named: Names
) -> tuple[str, str, str] | None:
    """Slot and sentences where the two cannot both be; both speak of the same subject."""
    where_vi = f"dòng {other.row}" if other.row is not None else f"ánh xạ <{other.iri}> của danh mục"
    where_en = f"row {other.row}" if other.row is not None else f"the mapping <{other.iri}> of the catalogue"
    if one.object == other.object and one.object != NO_TERM:
        return _about_one_pair(one, other, where_vi, where_en)
    if not (one.counts and other.counts):
        return None
    if one.relation == other.relation == "exactMatch" and NO_TERM not in (one.object, other.object, one.subject):
        shared = schemes.get(one.object, frozenset()) & schemes.get(other.object, frozenset())
        if shared:
            return (
                "object_id",
                f"{named(one.subject)} đã trùng (exactMatch) với {named(other.object)} theo {where_vi}; một mã không trùng với hai mã của cùng một hệ trong cùng thời gian. Hãy đổi một dòng thành broadMatch/narrowMatch, hoặc ghi valid_from/valid_to.",
                f"{named(one.subject)} is an exact match of {named(other.object)} by {where_en} already; no code matches two codes of one scheme exactly at one time. Make one of them broadMatch/narrowMatch, or write valid_from/valid_to.",
            )
    if (one.object == NO_TERM) != (other.object == NO_TERM):
        none, some = (one, other) if one.object == NO_TERM else (other, one)
        if some.relation in ("exactMatch", none.relation) and none.scheme in schemes.get(some.object, frozenset()):
            return (
                "object_id",
                f"{named(one.subject)}: một dòng nói không có mã tương ứng (sssom:NoTermFound), {where_vi} nói có. Hãy bỏ một trong hai.",
                f"{named(one.subject)}: one says that there is no counterpart (sssom:NoTermFound), {where_en} says the opposite. Take one out.",
            )
    return None


def _about_one_pair(one: Claim, other: Claim, where_vi: str, where_en: str) -> tuple[str, str, str] | None:
    if one.counts and other.counts and frozenset((one.relation, other.relation)) in EXCLUSIVE:
        return (
            "predicate_id",
            f"{one.relation} trái với {other.relation} của {where_vi} cho cùng cặp mã. Hãy giữ một quan hệ.",
            f"{one.relation} contradicts {other.relation} of {where_en} for the same pair of codes. Keep one relation.",
        )
    if one.relation != other.relation or one.status != "accepted":
        return None
    if other.status == "accepted" and one.negated != other.negated:
        return (
            "predicate_modifier",
            f"Cùng một ánh xạ vừa được khẳng định vừa bị phủ định (Not), xem {where_vi}. Hãy bỏ một trong hai.",
            f"The same mapping is asserted and negated (Not), see {where_en}. Take one out.",
        )
    later = other.review_date is not None and (one.review_date is None or other.review_date > one.review_date)
    if other.status in ("rejected", "withdrawn") and one.negated == other.negated and later:
        return (
            "mapping_status",
            f"Ánh xạ được chấp nhận ở đây đã bị {'từ chối' if other.status == 'rejected' else 'rút lại'} sau đó, ngày {other.review_date} ({where_vi}). Hãy duyệt lại với ngày mới hơn, hoặc bỏ dòng này.",
            f"What is accepted here was {other.status} later, on {other.review_date} ({where_en}). Review it again with a newer day, or take the row out.",
        )
    return None


def circular(claim: Claim) -> bool:
    """Whether a mapping says that one code is above another, so that it can close a circle."""
    return (
        claim.relation in ("broadMatch", "narrowMatch")
        and not claim.negated
        and claim.status in ("accepted", "candidate")
    )


def steps_up(claim: Claim) -> list[tuple[str, str]]:
    """The steps up that a mapping allows, from a code to one above it or like it. A candidate counts where it comes in."""
    live = claim.status == "accepted" or (claim.row is not None and claim.status == "candidate")
    if not live or claim.negated or NO_TERM in (claim.subject, claim.object):
        return []
    match claim.relation:
        case "broadMatch":
            return [(claim.subject, claim.object)]
        case "narrowMatch":
            return [(claim.object, claim.subject)]
        case "exactMatch" if claim.status == "accepted":
            return [(claim.subject, claim.object), (claim.object, claim.subject)]
    return []


def _circles(claims: Sequence[Claim], held: Iterable[Claim], named: Names) -> list[Problem]:
    """Circles of broader: a code that would be broader than itself on some day. Candidates count among themselves."""
    up: dict[str, list[tuple[str, Claim]]] = {}
    for claim in [*held, *claims]:
        for below, above in steps_up(claim):
            up.setdefault(below, []).append((above, claim))
    found = []
    for claim in claims:
        if not circular(claim):
            continue
        narrow, broad = (
            (claim.subject, claim.object) if claim.relation == "broadMatch" else (claim.object, claim.subject)
        )
        way = _way(up, broad, narrow, claim)
        if way is not None:
            rows = ", ".join(str(step.row) if step.row is not None else f"<{step.iri}>" for step in way)
            found.append(
                Problem(
                    claim.row,
                    "predicate_id",
                    f"Vòng tròn: {named(narrow)} sẽ rộng hơn chính nó, qua {rows}. Hãy đảo chiều hoặc bỏ một ánh xạ của vòng.",
                    f"A circle: {named(narrow)} would be broader than itself, through {rows}. Turn one mapping of it round, or take it out.",
                )
            )
    return found


def _way(up: Mapping[str, list[tuple[str, Claim]]], start: str, goal: str, claim: Claim) -> list[Claim] | None:
    """The shortest way up from `start` to `goal` whose steps all hold on one day with `claim`; None where there is none."""
    level: list[tuple[str, date | None, date | None, list[Claim]]] = [(start, claim.valid_from, claim.valid_to, [])]
    seen = {start}
    for _ in range(LONGEST):
        following = []
        for node, since, until, way in level:
            for above, step in up.get(node, ()):
                first = max((one for one in (since, step.valid_from) if one), default=None)
                last = min((one for one in (until, step.valid_to) if one), default=None)
                if step is claim or not _before(first, last):
                    continue
                if above == goal:
                    return [*way, step]
                if above not in seen:
                    seen.add(above)
                    following.append((above, first, last, [*way, step]))
        level = following
    return None
