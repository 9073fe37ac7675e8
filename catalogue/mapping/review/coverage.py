"""Coverage: which codes of a scheme have a counterpart in another on a day, which have none, and what is still open.

Every number is a count of codes of one scheme, and `codes` beside it is how many codes that scheme (or its group) has on
the day: numbers of two schemes are never added up. A list that the catalogue knows in part says so: how many codes it
knows, and how many a source says there are. Competency question 7.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from catalogue.gaps import Gap
from catalogue.labels import Reference, references
from catalogue.mapping.chains import reach
from catalogue.mapping.review.standing import (
    CENTRAL,
    MAPPED,
    STATES,
    Question,
    Scheme,
    Standings,
    localities,
)
from catalogue.store.port import Store

MOST_CHAINED = 20_000
"""Codes from which chains are followed for one question."""

By = Literal["scheme", "group", "locality"]
Side = Literal["scheme", "to"]
LocalityKind = Literal["area", "central", "unknown"]


@dataclass(frozen=True, slots=True)
class Locality:
    """Where a scheme applies: an administrative unit; everywhere, since a central body issued it; or not known."""

    kind: LocalityKind
    area: Reference | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many codes there are, and how many of them stand how (`standing.STATES`, each code once, by its strongest).

    `mapped` is the sum of `exact_match` to `related_match`; `mapped`, `no_counterpart`, `obsolete`, `candidate` and `nothing` add up
    to `codes`.
    """

    codes: int
    mapped: int
    exact_match: int
    close_match: int
    broad_match: int
    narrow_match: int
    related_match: int
    no_counterpart: int
    obsolete: int
    candidate: int
    nothing: int


@dataclass(frozen=True, slots=True)
class Chains:
    """Codes that no mapping maps directly and that a chain of several reaches, by the strongest relation of the chain."""

    codes: int = 0
    exact_match: int = 0
    close_match: int = 0
    broad_match: int = 0
    narrow_match: int = 0
    related_match: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the codes of `scheme` (of `group`, where it is given) against the scheme `against` (None: any other), or
    against all schemes of `locality` where `side` is `to`.

    `unknown_group`: these are the codes of which no group is known. `known` and `stated_size` are of the whole scheme:
    codes that the catalogue knows, of whatever time, and codes that a source says it has. `chains`: the codes not mapped
    directly that are reached through several; None where that is not counted, as a gap then says.
    """

    side: Side
    scheme: Reference
    against: Reference | None
    group: Reference | None
    unknown_group: bool
    locality: Locality | None
    direct: Counts
    chains: Chains | None
    known: int
    stated_size: int | None
    in_force: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """The rows of both sides: the codes of the scheme against `to`, then the codes of `to` against the scheme.

    `gaps` says what the numbers cannot say: lists known in part, schemes not in force, groups and localities not known.
    """

    as_of: date
    by: By
    rows: list[Row]
    gaps: list[Gap]


def coverage(
    store: Store,
    *,
    scheme: str | None = None,
    to: str | None = None,
    by: By = "scheme",
    as_of: date,
    language: str = "vi",
) -> Coverage:
    """Count the codes of `scheme` (None: of every indicator set, each by itself) that have a counterpart in `to` (None: in
    any other scheme), and the other way round where `to` is given.

    `by`: a row for each scheme, group, or locality. A code in two groups counts in both.
    """
    asked = Question(store, scheme, to, as_of)
    rows = [*_forward(asked, by), *(_backward(asked, by) if to else ())]
    named = references(store, sorted({iri for row in rows for iri in row.iris()}), language)
    return Coverage(as_of, by, [row.shown(named, asked.read.schemes) for row in rows], _gaps(asked, by, rows))


@dataclass(frozen=True, slots=True)
class _Row:
    side: Side
    scheme: str
    against: str | None
    counts: Counter[str]
    known: int
    day: date
    group: str | None = None
    unknown_group: bool = False
    locality: str | None = None
    chains: Chains | None = None

    def iris(self) -> Iterator[str]:
        yield from (one for one in (self.scheme, self.against, self.group) if one)
        if self.locality and self.locality != CENTRAL:
            yield self.locality

    def shown(self, named: dict[str, Reference], schemes: dict[str, Scheme]) -> Row:
        locality = None
        if self.locality is not None:
            area = named.get(self.locality)
            locality = Locality("area", area) if area else Locality("central" if self.locality else "unknown")
        said = schemes[self.scheme]
        return Row(
            self.side,
            named[self.scheme],
            named[self.against] if self.against else None,
            named[self.group] if self.group else None,
            self.unknown_group,
            locality,
            _counts(self.counts),
            self.chains,
            self.known,
            said.stated_size,
            said.in_force(self.day),
        )


def count_name(state: str) -> str:
    """The field of `Counts` and `Chains` that counts the codes in a state.

    >>> count_name("exactMatch"), count_name("no-counterpart")
    ('exact_match', 'no_counterpart')
    """
    return state.replace("Match", "_match").replace("-", "_")


def _counts(of: Counter[str]) -> Counts:
    states = {count_name(state): of[state] for state in STATES}
    return Counts(codes=sum(of.values()), mapped=sum(of[state] for state in MAPPED), **states)


def _forward(asked: Question, by: By) -> Iterator[_Row]:
    """The codes of the scheme, or of every scheme, each against `to`."""
    read, takes = asked.read, asked.forward()
    chained = _chained(asked, (code for one in asked.sources for code in read.codes[one]), takes, asked.to)
    places = localities(asked.store, asked.sources, asked.day) if by == "locality" else {}
    for scheme in asked.sources:
        parts = _parts(read, scheme) if by == "group" else [(None, False, read.codes[scheme])]
        for group, unknown, codes in parts:
            counts = Counter(read.best(code, takes) for code in codes)
            chains = _chains(codes, chained)
            for place in (places[scheme] or [""]) if by == "locality" else [None]:
                yield _Row(
                    "scheme", scheme, asked.to, counts, read.known[scheme], asked.day, group, unknown, place, chains
                )


def _backward(asked: Question, by: By) -> Iterator[_Row]:
    """The codes of `to` against the scheme, or against each of the others."""
    read, to = asked.read, str(asked.to)
    codes, known = read.codes[to], read.known[to]
    chained = _chained(asked, codes, asked.backward(), asked.scheme)
    if by == "group":
        takes = asked.backward()
        for group, unknown, members in _parts(read, to):
            counts = Counter(read.best(code, takes) for code in members)
            yield _Row(
                "to", to, asked.scheme, counts, known, asked.day, group, unknown, None, _chains(members, chained)
            )
    elif by == "scheme":
        others = [one for one in asked.sources if asked.scheme or read.codes[one]]
        tallied = read.tally(codes, lambda one: (one,), others)
        for other in others:
            yield _Row("to", to, other, tallied[other], known, asked.day, chains=_chains(codes, chained))
    else:
        places = {scheme: found or [""] for scheme, found in localities(asked.store, asked.sources, asked.day).items()}
        keys = sorted({place for found in places.values() for place in found})
        tallied = read.tally(codes, lambda one: places.get(one, ()), keys)
        for place in keys:
            yield _Row("to", to, asked.scheme, tallied[place], known, asked.day, locality=place)


def _chained(
    asked: Question, codes: Iterable[str], takes: Callable[[str], bool] | None, target: str | None
) -> dict[str, str] | None:
    """The state in which chains put the codes that no mapping maps directly; None where that is not counted: toward many
    schemes at once, and where there are too many codes to follow."""
    open_codes = [code for code in codes if asked.read.best(code, takes) in ("candidate", "nothing", "obsolete")]
    if target is None or len(open_codes) > MOST_CHAINED:
        return None
    return reach.closest(asked.store, open_codes, targets=asked.read.codes.get(target, ()), edges=asked.edges)


def _chains(codes: Iterable[str], chained: dict[str, str] | None) -> Chains | None:
    if chained is None:
        return None
    counts = Counter(chained[code] for code in codes if code in chained)
    return Chains(counts.total(), **{count_name(match): count for match, count in counts.items()})


def _parts(read: Standings, scheme: str) -> list[tuple[str | None, bool, list[str]]]:
    """The codes of a scheme by group, the last part those of no known group; empty parts are left out."""
    by_group: dict[str, list[str]] = {}
    alone = []
    for code in read.codes[scheme]:
        groups = read.groups.get(code, [])
        for group in groups:
            by_group.setdefault(group, []).append(code)
        if not groups:
            alone.append(code)
    parts: list[tuple[str | None, bool, list[str]]] = [(group, False, by_group[group]) for group in sorted(by_group)]
    return [*parts, (None, True, alone)] if alone or not parts else parts


def _gaps(asked: Question, by: By, rows: list[_Row]) -> list[Gap]:
    """What the numbers cannot say."""
    read, counted = asked.read, sorted({row.scheme for row in rows})
    vi, en = references(asked.store, counted, "vi"), references(asked.store, counted, "en")
    found = []
    for scheme in counted:
        said, known = read.schemes[scheme], read.known[scheme]
        name_vi, name_en = vi[scheme].label or scheme, en[scheme].label or scheme
        if said.stated_size is not None and known < said.stated_size:
            found.append(
                Gap(
                    "partial-list",
                    f"{name_vi}: danh mục mới biết {known} trong {said.stated_size} mã mà nguồn nêu; các số ở đây chỉ tính trên {known} mã đã biết.",
                    f"{name_en}: the catalogue knows {known} of the {said.stated_size} codes that the source states; the numbers count those {known} alone.",
                    thing=vi[scheme],
                )
            )
        elif said.list_missing:
            found.append(
                Gap(
                    "list-not-found",
                    f"{name_vi}: chưa tìm thấy danh sách đầy đủ, nguồn không nêu có bao nhiêu mã; danh mục biết {known} mã.",
                    f"{name_en}: the full list was not found and no source states its size; the catalogue knows {known} codes.",
                    thing=vi[scheme],
                )
            )
        if not said.in_force(asked.day):
            found.append(
                Gap(
                    "not-in-force",
                    f"{name_vi}: không có hiệu lực ngày {asked.day.isoformat()}, nên không có mã nào để tính.",
                    f"{name_en}: not in force on {asked.day.isoformat()}, so there is no code to count.",
                    thing=vi[scheme],
                )
            )
    if any(row.chains is None for row in rows):
        found.append(
            Gap(
                "chains-not-counted",
                f"Mã đến được qua nhiều ánh xạ chỉ được đếm khi hỏi về hai bộ, và khi có không quá {MOST_CHAINED} mã chưa được ánh xạ trực tiếp.",
                f"Codes reached through several mappings are counted toward one scheme, and up to {MOST_CHAINED} codes that are not mapped directly.",
            )
        )
    if any(row.unknown_group and row.counts.total() for row in rows):
        found.append(
            Gap(
                "unknown-group",
                "Có mã mà không nguồn nào nói thuộc nhóm nào; chúng ở một dòng riêng.",
                "No source says to which group some codes belong; they have a row of their own.",
            )
        )
    if by == "locality" and any(row.locality == "" for row in rows):
        found.append(
            Gap(
                "unknown-locality",
                "Có bộ chỉ số mà không nguồn nào nói của địa phương nào; chúng ở một dòng riêng.",
                "No source says to which locality some schemes belong; they have a row of their own.",
            )
        )
    return found
