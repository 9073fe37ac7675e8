"""Candidates for the things of the catalogue: the lists read from it, compared, and what its decisions teach.

On a published state the index of a list and what was learned for it are remembered, so that the second question about a
list costs milliseconds.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pyoxigraph import Literal, NamedNode

from catalogue.errors import Invalid, LimitReached, NotFound
from catalogue.folding import fold
from catalogue.iri import PREFIXES, VOCABULARY
from catalogue.labels import Reference, references
from catalogue.likeness.similarity import Reason
from catalogue.mapping import records
from catalogue.mapping.candidates import learning
from catalogue.mapping.candidates.learning import Experience
from catalogue.mapping.candidates.ranking import Candidate, rank
from catalogue.mapping.candidates.terms import Term, TermIndex
from catalogue.mapping.records import NO_TERM
from catalogue.query import Query
from catalogue.store.port import NODES_PER_QUERY, Store
from catalogue.store.remembering import Remembering

MOST_CODES = 50_000
"""Codes of a list that are compared: some 4 kB each, and 0.1 ms to read."""

MOST_DECISIONS = 50_000
"""Decisions about a list that are learned from, the latest first."""

_HELD = "suggestions"  # under which a state remembers lists
_INDICATOR = f"{VOCABULARY}Indicator"
_CONCEPT = f"{PREFIXES['skos']}Concept"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line: a code of the other list, or none (`target` is None: no counterpart). `probability` from 0 to 1 over all
    lines there could be; `match`: how the names suggest that they match; the status is always `candidate`; `rejected`:
    somebody rejected this pair before."""

    rank: int
    target: Reference | None
    code: str | None
    probability: float
    match: str
    reasons: list[Reason]
    rejected: bool
    status: str = "candidate"


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What a thing could be in another list. `compared`: how many codes of the list were there to compare; `learned`: how
    many decisions about it were learned from."""

    of: Reference
    to: Reference
    as_of: date
    compared: int
    learned: int
    candidates: list[Suggestion]


class Target:
    """A list in which counterparts are sought, on a day: its index, and what the decisions about it teach."""

    def __init__(self, store: Store, scheme: str, day: date) -> None:
        """Read it. Raises `NotFound` where nothing is in it, `LimitReached` where it has more than `MOST_CODES` codes."""
        self.scheme, self.day = scheme, day
        found = terms(store, codes(store, scheme), day)
        self.index = TermIndex(found.values())
        made = _decisions(store, scheme, found, day)
        self.learned = len(made)
        self._decided = {one.subject for one in made if one.accepted and one.standing}
        self.experience = Experience(made, terms(store, {one.subject for one in made}, None), found)

    def decided(self, key: str) -> bool:
        """Whether a counterpart of this thing, or that it has none, is accepted on the day."""
        return key in self._decided

    def suggest(self, sought: Term, limit: int = 10) -> list[Candidate]:
        """The candidates for a term, the most probable first, "no counterpart" among them."""
        return rank(self.index, sought, self.experience, limit)


def target(store: Store, scheme: str, day: date) -> Target:
    """The list `scheme` on a day, remembered on a published state. Raises what `Target` raises.

    Together the remembered lists have at most `MOST_CODES` codes, the latest asked about first: who asks about one list on
    many days shall not fill the memory, nor drive out of it what other questions need.
    """
    if not isinstance(store, Remembering):
        return Target(store, scheme, day)
    held: list[Target] = store.memory.get(_HELD, [])
    made = next((one for one in held if (one.scheme, one.day) == (scheme, day)), None) or Target(store, scheme, day)
    kept, room = [made], MOST_CODES - len(made.index)
    for one in held:
        if one is not made and len(one.index) <= room:
            kept.append(one)
            room -= len(one.index)
    store.memory[_HELD] = kept
    return made


def of(store: Store, thing: str, to: str, *, as_of: date, limit: int = 10, language: str = "vi") -> Suggestions:
    """What `thing` (IRI) could be in the list `to` (IRI). Raises `Invalid` where it is itself in that list."""
    sought = terms(store, [thing], None).get(thing)
    if sought is None:
        raise NotFound(f"<{thing}> không có tên để so sánh.", f"<{thing}> has no name to compare.")
    searched = target(store, to, as_of)
    if searched.index.get(thing):
        raise Invalid(
            f"“{sought.name}” thuộc chính danh mục này; hãy chọn danh mục khác.",
            f"“{sought.name}” is of this very list; choose another list.",
        )
    found = searched.suggest(sought, limit)
    named = references(store, [thing, to, *(one.target.key for one in found if one.target)], language)
    return Suggestions(
        named[thing],
        named[to],
        as_of,
        len(searched.index),
        searched.learned,
        [
            Suggestion(
                place,
                named[one.target.key] if one.target else None,
                one.target.code if one.target else None,
                round(one.probability, 4),
                one.match,
                list(one.reasons),
                one.refused,
            )
            for place, one in enumerate(found, 1)
        ],
    )


def codes(store: Store, scheme: str) -> list[str]:
    """The indicators of a list (IRI), or its concepts where it has no indicators; raises `NotFound` where it has neither."""
    kinds: dict[str, set[str]] = {}
    for code, kind in store.select(Query.named("suggestions-codes").bind(scheme=NamedNode(scheme))).rows:
        if isinstance(code, NamedNode) and isinstance(kind, NamedNode):
            kinds.setdefault(code.value, set()).add(kind.value)
    found = [code for code, own in kinds.items() if _INDICATOR in own] or [
        code for code, own in kinds.items() if _CONCEPT in own
    ]
    if not found:
        raise NotFound(
            f"Danh mục <{scheme}> không có mã nào trong kho.",
            f"The list <{scheme}> has no codes in the store.",
        )
    if len(found) > MOST_CODES:
        raise LimitReached(
            f"Danh mục có {len(found)} mã, nhiều hơn {MOST_CODES} mã mà một lần so sánh đọc được. Hãy so sánh với một phần"
            " của danh mục.",
            f"The list has {len(found)} codes, more than the {MOST_CODES} that one comparison reads. Compare with a part"
            " of it.",
            details={"limit": "MOST_CODES", "value": MOST_CODES},
        )
    return sorted(found)


def terms(store: Store, things: Iterable[str], day: date | None) -> dict[str, Term]:
    """The things (IRIs) that have a name, as they are compared; on a `day` only those valid on it."""
    said: dict[str, list[tuple[str, NamedNode | Literal, str | None]]] = {}
    for some in _batches(things):
        for code, prop, value, label in store.select(Query.named("suggestions-details").bind(codes=some)).rows:
            if isinstance(code, NamedNode) and isinstance(prop, NamedNode) and isinstance(value, NamedNode | Literal):
                name = label.value if isinstance(label, Literal) else None
                said.setdefault(code.value, []).append((prop.value, value, name))
    found = ((key, _term(key, rows, day)) for key, rows in sorted(said.items()))
    return {key: term for key, term in found if term is not None}


def _term(key: str, rows: Sequence[tuple[str, NamedNode | Literal, str | None]], day: date | None) -> Term | None:
    values: dict[str, list[NamedNode | Literal]] = {}
    groups: dict[str, str] = {}
    for prop, value, label in sorted(rows, key=lambda row: (row[0], str(row[1]), row[2] or "")):
        name = prop.rpartition("#")[2].rpartition("/")[2]
        if name == "member":
            groups.setdefault(value.value, label or "")
        else:
            values.setdefault(name, []).append(value)

    def texts(name: str) -> list[str]:
        return [one.value for one in sorted(values.get(name, ()), key=_vietnamese_first)]

    def code(name: str) -> str | None:
        given = values.get(name)
        return given[0].value.rpartition("/")[2] if given else None

    if day is not None and not _there(texts("validFrom"), texts("validTo"), day):
        return None
    names = [*texts("prefLabel"), *texts("altLabel"), *texts("hiddenLabel")]
    if not any(fold(name) for name in names):
        return None
    return Term(
        key,
        names[0],
        code=next(iter(texts("notation")), None),
        other_names=tuple(dict.fromkeys(names[1:])),
        definition=next(iter(texts("definition")), None),
        unit=code("unitMeasure"),
        frequency=code("accrualPeriodicity"),
        level=code("level"),
        groups=tuple(groups.items()),
    )


def _there(starts: list[str], ends: list[str], day: date) -> bool:
    shown = day.isoformat()
    return all(start <= shown for start in starts) and all(shown < end for end in ends)


def _vietnamese_first(value: NamedNode | Literal) -> tuple[bool, str]:
    return (not (isinstance(value, Literal) and value.language == "vi"), value.value)


def _decisions(store: Store, scheme: str, found: dict[str, Term], day: date) -> list[learning.Decision]:
    """The decisions about the codes of the list, and those that a code of another list has no counterpart in it."""
    touching = [one for one in records.of_all(store, found) if one.status in ("accepted", "rejected")]
    nothing = [one for one in records.of_all(store, [NO_TERM]) if one.status in ("accepted", "rejected")]
    where = _searched(store, [one.iri for one in nothing])
    made = [
        one
        for one in learning.decisions(
            [*touching, *(one for one in nothing if scheme in where.get(one.iri, {scheme}))], day
        )
        if one.subject not in found and (one.object is None or one.object in found)
    ]
    latest = sorted(set(made), key=lambda one: (one.on or date.min, one.subject, one.object or ""), reverse=True)
    return latest[:MOST_DECISIONS]


def _searched(store: Store, mappings: Iterable[str]) -> dict[str, set[str]]:
    """Which lists were searched in vain, of the mappings that say so; one that does not say speaks of every list."""
    found: dict[str, set[str]] = {}
    for some in _batches(mappings):
        for mapping, scheme in store.select(Query.named("suggestions-searched").bind(mappings=some)).rows:
            if isinstance(mapping, NamedNode) and isinstance(scheme, NamedNode):
                found.setdefault(mapping.value, set()).add(scheme.value)
    return found


def _batches(iris: Iterable[str]) -> Iterator[list[NamedNode]]:
    nodes = [NamedNode(iri) for iri in sorted(set(iris))]
    for at in range(0, len(nodes), NODES_PER_QUERY):
        yield nodes[at : at + NODES_PER_QUERY]
