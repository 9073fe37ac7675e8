"""Working through a scheme: what to decide next, how far it is, what was decided before.

What is decided is in `decisions`; it becomes part of the catalogue by an import like any other.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from catalogue.errors import NotFound
from catalogue.listing import read_cursor, write_cursor
from catalogue.lookup import rows_of
from catalogue.mapping import entries, records
from catalogue.mapping.entries import Code, Counterpart, Entry, Person
from catalogue.mapping.records import STATUS
from catalogue.mapping.review.standing import MAPPED, Question
from catalogue.store.port import Store

Wanted = Literal["open", "candidate", "nothing", "decided"]
STATES: dict[Wanted, tuple[str, ...]] = {
    "open": ("candidate", "obsolete", "nothing"),
    "candidate": ("candidate",),
    "nothing": ("nothing",),
    "decided": (*MAPPED, "no-counterpart"),
}
"""What can be asked for, and in which states of `standing` a code then is."""


@dataclass(frozen=True, slots=True)
class Task:
    """One code to be worked on. `candidates`: stored ones, the most probable first. `decided`: what was accepted or rejected
    for it before. A reviewer's own candidates are left out where the reviewer is named."""

    code: Code
    state: str
    candidates: list[Counterpart]
    decided: list[Counterpart]


@dataclass(frozen=True, slots=True)
class Work:
    """One page of the codes to be worked on, those with candidates first; `total` is how many there are in all."""

    as_of: date
    total: int
    items: list[Task]
    next_cursor: str | None


def work(
    store: Store,
    *,
    scheme: str,
    to: str,
    as_of: date,
    wanted: Wanted = "open",
    group: str | None = None,
    not_by: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
    language: str = "vi",
) -> Work:
    """The codes of `scheme` to be worked on toward `to` (IRIs), at most `limit`.

    `group`: only of this group (an IRI), `unknown` for those of none. `not_by`: the reviewer (IRI or name), to whom
    nothing is shown that only the reviewer proposed. Raises `Invalid` for a cursor that is none of ours.
    """
    asked = Question(store, scheme, to, as_of)
    states, takes = frozenset(STATES[wanted]), asked.forward()
    codes = [
        (code, state)
        for code in asked.read.codes[scheme]
        if asked.read.in_group(code, group) and (state := asked.read.best(code, takes)) in states
    ]
    own: set[str] = set()
    if not_by:
        proposed = {code: asked.read.counting(code, takes) for code, state in codes if state == "candidate"}
        candidates = {code: [e.mapping for e in edges if e.state == "candidate"] for code, edges in proposed.items()}
        own = _own(store, candidates, not_by)
    keyed = sorted((f"{state != 'candidate':d}{code}", code, state) for code, state in codes if code not in own)
    after = read_cursor(cursor)
    rest = [one for one in keyed if one[0] > after]
    page = rest[: max(1, min(limit, 1_000))]
    more = write_cursor(page[-1][0]) if len(rest) > len(page) else None
    return Work(as_of, len(keyed), _tasks(store, asked, page, not_by, language), more)


@dataclass(frozen=True, slots=True)
class _AuthorRow:
    mapping: str
    person: str


def _own(store: Store, candidates: Mapping[str, Collection[str]], person: str) -> set[str]:
    """The codes of `candidates` of which every candidate (an IRI) was proposed by `person` alone."""
    every = {one for several in candidates.values() for one in several}
    authors = {
        one: {row.person for row in rows} for one, rows in rows_of(store, "worklist-authors", _AuthorRow, every).items()
    }
    return {code for code, several in candidates.items() if all(authors[one] == {person} for one in several)}


def _touching(store: Store, codes: Sequence[str]) -> dict[str, list[records.Mapping]]:
    found: defaultdict[str, list[records.Mapping]] = defaultdict(list)
    for one in records.of_all(store, codes):
        found[one.subject].append(one)
        found[one.object].append(one)
    return found


def _tasks(
    store: Store, asked: Question, page: list[tuple[str, str, str]], not_by: str | None, language: str
) -> list[Task]:
    codes = [code for _, code, _ in page]
    touching = _touching(store, codes)
    every = {one.iri: one for code in codes for one in touching[code]}
    shown = {one.iri: one for one in entries.described(store, every.values(), as_of=asked.day, language=language)}
    named = entries.codes(store, codes, language)
    tasks = []
    for _, code, state in page:
        seen = [entries.from_end(shown[one.iri], code) for one in touching[code]]
        seen = [one for one in seen if _toward(one, str(asked.to))]
        candidates = [
            one for one in seen if one.mapping.status == "candidate" and every[one.mapping.iri].authors != (not_by,)
        ]
        candidates.sort(key=lambda one: (-(one.mapping.confidence or 0), one.mapping.iri))
        decided = [one for one in seen if one.mapping.status != "candidate"]
        tasks.append(Task(named[code], state, candidates, decided))
    return tasks


def _toward(one: Counterpart, to: str) -> bool:
    """Whether a mapping leads to the scheme, or says that there is no counterpart."""
    return one.other.thing is None or (one.other.scheme is not None and one.other.scheme.iri == to)


@dataclass(frozen=True, slots=True)
class Share:
    """What one person decided: how many codes, and on which day last."""

    person: Person
    codes: int
    last: date | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a scheme is: its codes, those decided (mapped, or without a counterpart), those with candidates, the rest;
    and who decided. A code that two people reviewed counts for both."""

    as_of: date
    codes: int
    decided: int
    candidate: int
    open: int
    people: list[Share]


@dataclass(frozen=True, slots=True)
class _ReviewerRow:
    mapping: str
    person: str
    review_date: date | None


def progress(store: Store, *, scheme: str, to: str, as_of: date, language: str = "vi") -> Progress:
    """How far the mapping of `scheme` to `to` (IRIs) is, and who did it."""
    asked = Question(store, scheme, to, as_of)
    takes, read = asked.forward(), asked.read
    states = {code: read.best(code, takes) for code in read.codes[scheme]}
    decided = [code for code, state in states.items() if state in STATES["decided"]]
    counting = {edge.mapping: code for code in decided for edge in read.counting(code, takes)}
    counted: dict[str, set[str]] = {}
    last: dict[str, date] = {}
    for mapping, rows in rows_of(store, "worklist-reviewers", _ReviewerRow, counting).items():
        for row in rows:
            counted.setdefault(row.person, set()).add(counting[mapping])
            if row.review_date is not None:
                last[row.person] = max(last.get(row.person, row.review_date), row.review_date)
    people = entries.people(store, counted, language)
    shares = [Share(people[who], len(codes), last.get(who)) for who, codes in counted.items()]
    shares.sort(key=lambda one: (-one.codes, one.person.name))
    proposed = sum(state == "candidate" for state in states.values())
    return Progress(as_of, len(states), len(decided), proposed, len(states) - len(decided) - proposed, shares)


@dataclass(frozen=True, slots=True)
class Review:
    """One decision about a mapping: the status it gave, by whom, on which day, with which comment; `current` for the one
    that holds."""

    status: str
    reviewers: list[Person]
    review_date: date | None
    comment: str | None
    current: bool


@dataclass(frozen=True, slots=True)
class History:
    """A mapping and all decisions about it, the latest first."""

    mapping: Entry
    reviews: list[Review]


@dataclass(frozen=True, slots=True)
class _ReviewRow:
    mapping: str
    review: str
    status: str
    review_date: date | None
    comment: str | None
    person: str | None


def history(store: Store, mapping: str, *, as_of: date, language: str = "vi") -> History:
    """Who decided what about the mapping with this IRI, and when. Raises `NotFound` for one that there is not."""
    found = records.named(store, [mapping])
    if not found:
        raise NotFound(f"Danh mục không có ánh xạ {mapping[:200]}.", f"The catalogue has no mapping {mapping[:200]}.")
    [entry] = entries.described(store, found, as_of=as_of, language=language)
    rows = rows_of(store, "worklist-reviews", _ReviewRow, [mapping])[mapping]
    named = entries.people(store, {row.person for row in rows if row.person}, language)
    earlier: dict[str, Review] = {}
    for row in rows:
        one = earlier.setdefault(
            row.review, Review(row.status.removeprefix(STATUS), [], row.review_date, row.comment, current=False)
        )
        if row.person:
            one.reviewers.append(named[row.person])
    now = Review(entry.status, entry.reviewers, entry.review_date, entry.comment, current=True)
    # The number at the end of its address says in which order an earlier decision was made.
    return History(entry, [now, *(earlier[iri] for iri in sorted(earlier, key=_number, reverse=True))])


def _number(review: str) -> tuple[int, str]:
    last = review.rpartition(".")[2]
    return (int(last) if last.isdigit() else 0), review
