"""The overview of a day: for every indicator set how many indicators it has, and how many of them are led, mapped, confirmed.

Taken by a process beside the service (`workers.survey_process`) and kept as a file; sums by locality and publisher are
made from its rows. Competency questions 7 and 8.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from catalogue.graphs import MARKS
from catalogue.labels import days_of
from catalogue.leads import LEAD_STATES
from catalogue.lookup import ask
from catalogue.mapping.review.standing import MAPPED, STATES, indicator_sets, localities
from catalogue.organisations import holders
from catalogue.store.port import Store
from catalogue.survey.indicators import Indicator, indicators

UNKNOWN = "unknown"
"""Stands for a locality or a publisher that no source names."""

LED = ("own", "inherited", "several")
"""States in which an indicator has a lead that exists."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many indicators there are, and how many of them stand how: by lead (`leads.LEAD_STATES`), by mapping toward any
    other scheme (`standing.STATES`), by verification mark. Each of the three adds up to `indicators`."""

    indicators: int
    lead: dict[str, int]
    mapping: dict[str, int]
    mark: dict[str, int]

    @property
    def led(self) -> int:
        """With a lead that exists, named for it or for its group or set."""
        return sum(self.lead[state] for state in LED)

    @property
    def mapped(self) -> int:
        """Mapped to a code of another scheme by a decision that holds."""
        return sum(self.mapping[state] for state in MAPPED)

    @property
    def confirmed(self) -> int:
        """Said by a source itself to be an indicator of its set."""
        return self.mark["confirmed"]


@dataclass(frozen=True, slots=True)
class Part:
    """The indicators of one group of a set (None: of no known group) by their state toward any other scheme."""

    group: str | None
    mapping: dict[str, int]


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator set (by IRI). `localities`: areas where it applies, `central`, or none where it is not known.
    `publisher`: who publishes it, or issued the latest document it rests on; `fixer`: the unit that has its duties on the
    day, None where nobody has. `known`: its indicators of whatever time; `stated`: how many a source says it has."""

    scheme: str
    localities: list[str]
    publisher: str | None
    fixer: str | None
    in_force: bool
    known: int
    stated: int | None
    counts: Counts
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class Overview:
    """All indicator sets on a day."""

    as_of: date
    rows: list[Row]

    def chosen(
        self, *, scheme: str | None = None, locality: str | None = None, publisher: str | None = None
    ) -> list[Row]:
        """The rows of one set, locality or publisher (or `unknown`); all where nothing is asked for."""
        return [
            row
            for row in self.rows
            if scheme in (None, row.scheme)
            and (locality is None or locality in (row.localities or [UNKNOWN]))
            and publisher in (None, row.publisher or UNKNOWN)
        ]


@dataclass(frozen=True, slots=True)
class Sum:
    """Several sets together: of one locality or publisher, as `key` says (its IRI, `central`, or `unknown`)."""

    key: str
    sets: int
    counts: Counts


def sums(rows: Sequence[Row], by: Callable[[Row], Iterable[str]]) -> list[Sum]:
    """The rows added up by the keys that `by` gives them, those with the most indicators first."""
    grouped: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        for key in by(row):
            grouped[key].append(row)
    found = [Sum(key, len(group), total(group)) for key, group in grouped.items()]
    return sorted(found, key=lambda one: (one.key == UNKNOWN, -one.counts.indicators, one.key))


def by_locality(row: Row) -> list[str]:
    """The localities of a row, for `sums`."""
    return row.localities or [UNKNOWN]


def by_publisher(row: Row) -> list[str]:
    """The publisher of a row, for `sums`."""
    return [row.publisher or UNKNOWN]


def total(rows: Iterable[Row]) -> Counts:
    """The rows added up."""
    held = [row.counts for row in rows]

    def added(names: Iterable[str], of: Callable[[Counts], dict[str, int]]) -> dict[str, int]:
        return {name: sum(of(one)[name] for one in held) for name in names}

    return Counts(
        sum(one.indicators for one in held),
        added(LEAD_STATES, lambda one: one.lead),
        added(STATES, lambda one: one.mapping),
        added(MARKS, lambda one: one.mark),
    )


def take(store: Store, day: date) -> Overview:
    """Look at every indicator set of `store` on `day`; this reads the whole catalogue and may take minutes for a large one."""
    schemes = indicator_sets(store)
    found = indicators(store, schemes, day)
    by_set: defaultdict[str, list[Indicator]] = defaultdict(list)
    for one in found.indicators:
        by_set[one.scheme].append(one)
    places, who = localities(store, schemes, day), publishers(store, schemes)
    held = holders(store, {one for one in who.values() if one}, as_of=day)
    rows = []
    for scheme in schemes:
        publisher, said = who[scheme], found.read.schemes[scheme]
        fixer = held[publisher].agency if publisher else None
        rows.append(
            Row(
                scheme,
                places[scheme],
                publisher,
                fixer,
                said.in_force(day),
                found.read.known[scheme],
                said.stated_size,
                _counted(by_set[scheme]),
                _parts(by_set[scheme], found.read.groups),
            )
        )
    return Overview(day, rows)


@dataclass(frozen=True, slots=True)
class _Publisher:
    scheme: str
    publisher: str | None
    decision: str | None
    issuer: str | None


def publishers(store: Store, schemes: Iterable[str]) -> dict[str, str | None]:
    """Who publishes each of `schemes`, else who issued the document of the latest day that it rests on."""
    read = ask(store, "survey-publishers", _Publisher, list(schemes))
    days = days_of(store, dict.fromkeys(row.decision for rows in read.values() for row in rows if row.decision))
    found: dict[str, str | None] = {}
    for scheme, rows in read.items():
        own = sorted({row.publisher for row in rows if row.publisher})
        issued = sorted(
            (days.get(row.decision or "", date.min), row.decision or "", row.issuer) for row in rows if row.issuer
        )
        found[scheme] = own[0] if own else issued[-1][2] if issued else None
    return found


def _counted(of: Sequence[Indicator]) -> Counts:
    def counted(names: Iterable[str], states: Iterable[str]) -> dict[str, int]:
        held = Counter(states)
        return {name: held[name] for name in names}

    return Counts(
        len(of),
        counted(LEAD_STATES, (one.lead for one in of)),
        counted(STATES, (one.mapping for one in of)),
        counted(MARKS, (one.mark for one in of)),
    )


def _parts(of: Sequence[Indicator], groups: dict[str, list[str]]) -> list[Part]:
    """The parts of a set that has groups; none for one that has none. An indicator in two groups counts in both."""
    counted: defaultdict[str | None, Counter[str]] = defaultdict(Counter)
    for one in of:
        held: list[str | None] = [*groups.get(one.iri, ())] or [None]
        for group in held:
            counted[group][one.mapping] += 1
    if not counted.keys() - {None}:
        return []
    ordered = sorted(counted, key=lambda group: (group is None, group or ""))
    return [Part(group, {state: counted[group][state] for state in STATES}) for group in ordered]
