"""How each code of a scheme stands toward other schemes on a day: mapped, decided to have no counterpart, open.

One pass over the mappings that touch the schemes asked about; what is then counted and listed is read from here, so a
number and the list behind it cannot differ.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from pyoxigraph import NamedNode

from catalogue.clock import holds
from catalogue.errors import LimitReached
from catalogue.iri import PREFIXES, VOCABULARY
from catalogue.lookup import rows_of
from catalogue.mapping.chains.walking import Edges
from catalogue.mapping.records import NO_TERM, STATUS
from catalogue.mapping.relations import MATCHES, inverse
from catalogue.query import Query
from catalogue.store.port import Store, Term

STATES = (*MATCHES, "no-counterpart", "obsolete", "candidate", "nothing")
"""How a code can stand, the strongest first; each code is in one of them. A match: it is mapped so.
`obsolete`: it is mapped to a code that is not valid on the day. `candidate`: nothing was decided, but something was
proposed. `nothing`: nothing at all, or only what was rejected, withdrawn or has run out."""

MAPPED = MATCHES
UNMAPPED = STATES[len(MATCHES) :]
MOST_MAPPINGS = 1_000_000
"""Mappings that one question looks at."""

_RANK = {state: rank for rank, state in enumerate(STATES)}
_INDICATOR = f"{VOCABULARY}Indicator"
_ACCEPTED, _CANDIDATE = f"{STATUS}accepted", f"{STATUS}candidate"
_SKOS = PREFIXES["skos"]


@dataclass(frozen=True, slots=True)
class Scheme:
    """What the catalogue says of a scheme. `list_missing`: its list was looked for and not found; `stated_size`: how many
    codes a source says it has."""

    scheme: str
    stated_size: int | None
    valid_from: date | None
    valid_to: date | None
    list_missing: bool = False

    def in_force(self, day: date) -> bool:
        """Whether it is in force on `day`; where neither bound is known it is."""
        return holds(day, self.valid_from, self.valid_to)


@dataclass(frozen=True, slots=True)
class Edge:
    """A mapping as its code sees it: which state it puts the code in, and toward which schemes (None: toward all, for a
    decision that does not say which list was searched)."""

    mapping: str
    state: str
    schemes: frozenset[str] | None


class Standings:
    """The codes of `schemes` that are valid on `day`, and all edges that lead from them to other schemes."""

    def __init__(self, store: Store, schemes: Collection[str], day: date) -> None:
        """Read them. Raises `LimitReached` where more than `MOST_MAPPINGS` mappings touch them."""
        self._store, self.day = store, day
        self.schemes = read_schemes(store, schemes)
        self.over = {row.value for (row,) in self._rows("standing-not-valid", day=day) if isinstance(row, NamedNode)}
        self.known: dict[str, int] = {}
        self.codes: dict[str, list[str]] = {}
        self.scheme_of: dict[str, str] = {}
        self._read_codes()
        self.edges: dict[str, list[Edge]] = defaultdict(list)
        if self.scheme_of:
            self._read_edges()

    def best(self, code: str, against: Callable[[str], bool] | None = None) -> str:
        """How `code` stands toward the schemes that `against` takes, toward all others where it is None."""
        return min((edge.state for edge in self.counting(code, against)), key=_RANK.__getitem__, default="nothing")

    def counting(self, code: str, against: Callable[[str], bool] | None = None) -> list[Edge]:
        """The edges of `code` toward the schemes that `against` takes, toward all others where it is None."""
        return [
            edge
            for edge in self.edges.get(code, ())
            if against is None or edge.schemes is None or any(against(one) for one in edge.schemes)
        ]

    def tally(
        self, codes: Iterable[str], keys_of: Callable[[str], Iterable[Hashable]], keys: Iterable[Hashable]
    ) -> dict[Hashable, Counter[str]]:
        """For each of `keys` how `codes` stand toward the schemes to which `keys_of` gives this key.

        In one pass over the edges, whatever the number of keys.
        """
        moved: dict[Hashable, Counter[str]] = {key: Counter() for key in keys}
        usual: Counter[str] = Counter()
        for code in codes:
            toward_all, toward = "nothing", dict[Hashable, str]()
            for edge in self.edges.get(code, ()):
                if edge.schemes is None:
                    toward_all = min(toward_all, edge.state, key=_RANK.__getitem__)
                for scheme in edge.schemes or ():
                    for key in keys_of(scheme):
                        toward[key] = min(toward.get(key, "nothing"), edge.state, key=_RANK.__getitem__)
            usual[toward_all] += 1
            for key, state in toward.items():
                if key in moved:
                    moved[key][toward_all] -= 1
                    moved[key][min(state, toward_all, key=_RANK.__getitem__)] += 1
        return {
            key: Counter({state: usual[state] + counts[state] for state in STATES}) for key, counts in moved.items()
        }

    @cached_property
    def groups(self) -> dict[str, list[str]]:
        """The groups of each code that has some, sorted."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for code, group in self._rows("standing-groups", schemes=_nodes(self.schemes)):
            if isinstance(code, NamedNode) and isinstance(group, NamedNode) and code.value in self.scheme_of:
                found[code.value].add(group.value)
        return {code: sorted(groups) for code, groups in found.items()}

    def in_group(self, code: str, group: str | None) -> bool:
        """Whether `code` is of `group`, or of none where that is `unknown`; None takes every code."""
        if group is None:
            return True
        groups = self.groups.get(code, [])
        return not groups if group == "unknown" else group in groups

    def _rows(self, name: str, **values: object) -> list[tuple[Term | None, ...]]:
        return self._store.select(Query.named(name).bind(**values)).rows  # type: ignore[arg-type]

    def _read_codes(self) -> None:
        indicators: defaultdict[str, set[str]] = defaultdict(set)
        concepts: defaultdict[str, set[str]] = defaultdict(set)
        for code, held, kind in self._rows("standing-codes", schemes=_nodes(self.schemes)):
            if isinstance(code, NamedNode) and isinstance(held, NamedNode) and isinstance(kind, NamedNode):
                (indicators if kind.value == _INDICATOR else concepts)[held.value].add(code.value)
        for scheme, one in self.schemes.items():
            all_codes = indicators.get(scheme) or concepts.get(scheme) or set()
            self.known[scheme] = len(all_codes)
            self.codes[scheme] = sorted(all_codes - self.over) if one.in_force(self.day) else []
            self.scheme_of.update(dict.fromkeys(self.codes[scheme], scheme))

    def _read_edges(self) -> None:
        rows = self._rows("standing-mappings", schemes=_nodes(self.schemes), most=MOST_MAPPINGS + 1)
        if len(rows) > MOST_MAPPINGS:
            raise LimitReached(
                f"Hơn {MOST_MAPPINGS} ánh xạ chạm tới các bộ này. Hãy hỏi từng bộ một.",
                f"More than {MOST_MAPPINGS} mappings touch these schemes. Ask about one scheme at a time.",
                details={"limit": "mappings", "value": MOST_MAPPINGS},
            )
        found: dict[str, _Stated] = {}
        for row in rows:
            values = [None if term is None else str(term.value) for term in row]
            stated = found.setdefault(str(values[0]), _Stated(*values[1:8]))
            stated.note(*values[8:])
        touched = {name for one in found.values() for name in (*one.subject_schemes, *one.object_schemes)}
        over = {name for name, one in read_schemes(self._store, touched).items() if not one.in_force(self.day)}
        for mapping, one in found.items():
            state = one.state(self.day)
            if state is None:
                continue
            for code, other, schemes, mirrored in (
                (one.subject, one.object, one.object_schemes, False),
                (one.object, one.subject, one.subject_schemes, True),
            ):
                if code not in self.scheme_of:
                    continue
                own = inverse(state) if mirrored else state
                if own in MAPPED and (other in self.over or (schemes and schemes <= over)):
                    own = "obsolete"
                toward = (frozenset(one.searched) or None) if other == NO_TERM else frozenset(schemes or {other})
                self.edges[code].append(Edge(mapping, own, toward))


class _Stated:
    """What the rows about one mapping say together."""

    def __init__(self, *said: str | None) -> None:
        subject, predicate, target, status, modifier, begins, ends = said
        self.subject, self.predicate, self.object = str(subject), str(predicate), str(target)
        self.status, self.negated, self.begins, self.ends = status, modifier is not None, begins, ends
        self.subject_schemes: set[str] = set()
        self.object_schemes: set[str] = set()
        self.searched: set[str] = set()

    def note(self, *said: str | None) -> None:
        """Take in what differs from row to row."""
        for held, value in zip((self.subject_schemes, self.object_schemes, self.searched), said, strict=True):
            if value is not None:
                held.add(value)

    def state(self, day: date) -> str | None:
        """The state in which it puts its subject on `day`; None where it counts for nothing."""
        if self.negated:
            return None
        if self.status == _CANDIDATE:
            return "candidate"
        today = day.isoformat()
        begun, over = self.begins is None or self.begins <= today, self.ends is not None and self.ends <= today
        if self.status != _ACCEPTED or not begun or over:
            return None
        if NO_TERM in (self.subject, self.object):
            return "no-counterpart"
        match = self.predicate.removeprefix(_SKOS)
        return match if match in MATCHES else "relatedMatch"


@dataclass(frozen=True, slots=True)
class _SchemeRow:
    scheme: str
    stated_size: int | None
    valid_from: date | None
    valid_to: date | None
    missing: str | None


def read_schemes(store: Store, schemes: Iterable[str]) -> dict[str, Scheme]:
    """What the catalogue says of each of `schemes` (IRIs), by their IRIs."""
    found = {}
    for iri, rows in rows_of(store, "standing-schemes", _SchemeRow, sorted(set(schemes))).items():
        # Two sources may state two sizes: the larger one, so that no list is taken for whole that may not be.
        sizes = [row.stated_size for row in rows if row.stated_size is not None]
        found[iri] = Scheme(
            iri,
            max(sizes, default=None),
            min((row.valid_from for row in rows if row.valid_from), default=None),
            max((row.valid_to for row in rows if row.valid_to), default=None),
            any(row.missing for row in rows),
        )
    return found


def indicator_sets(store: Store) -> list[str]:
    """The IRIs of all indicator sets, sorted."""
    return [
        row.value for (row,) in store.select(Query.named("standing-sets").bind()).rows if isinstance(row, NamedNode)
    ]


class Question:
    """Which schemes are asked about, and what is read to answer for them."""

    def __init__(self, store: Store, scheme: str | None, to: str | None, day: date) -> None:
        """`scheme`: whose codes are counted (None: of every indicator set, each by itself); `to`: toward which they are
        (None: toward all others)."""
        self.store, self.scheme, self.to, self.day = store, scheme, to, day
        every = indicator_sets(store) if scheme is None or to is None else []
        sources = [scheme] if scheme else [one for one in every if one != to]
        self.read = Standings(store, sources if to is None else [*sources, to], day)
        self.sources = sources
        self.edges = Edges(store, day)

    def forward(self) -> Callable[[str], bool] | None:
        """Which schemes count for the codes of the scheme."""
        return None if self.to is None else self.to.__eq__

    def backward(self) -> Callable[[str], bool] | None:
        """Which schemes count for the codes of `to`."""
        return None if self.scheme is None else self.scheme.__eq__


@dataclass(frozen=True, slots=True)
class _LocalityRow:
    scheme: str
    own: str | None
    body: str | None
    area: str | None
    level: str | None


@dataclass(frozen=True, slots=True)
class _AreaRow:
    area: str
    valid_from: date | None
    valid_to: date | None


CENTRAL = "central"
"""The locality of a scheme that a central body issued: it is no locality's own."""


def localities(store: Store, schemes: Iterable[str], day: date) -> dict[str, list[str]]:
    """Where each of `schemes` applies on `day`: IRIs of administrative units, `CENTRAL`, or nothing where it is not known.

    Its own area goes first, then the areas of who publishes it or issued its basis; of several units that followed one
    another, the one of that day.
    """
    read = rows_of(store, "standing-localities", _LocalityRow, sorted(set(schemes)))
    areas = {area for rows in read.values() for row in rows for area in (row.own, row.area) if area}
    there = _there(store, areas, day)
    found = {}
    for scheme, rows in read.items():
        own = {row.own for row in rows if row.own} or {row.area for row in rows if row.area}
        central = any(row.level and row.level.endswith("/level/quoc-gia") for row in rows)
        found[scheme] = sorted(own & there or own) or ([CENTRAL] if central else [])
    return found


def _there(store: Store, areas: Collection[str], day: date) -> set[str]:
    rows = rows_of(store, "standing-areas", _AreaRow, sorted(areas))
    return {
        area
        for area, said in rows.items()
        if all(holds(day, one.valid_from, one.valid_to) for one in said)
        and any(one.valid_from or one.valid_to for one in said)
    } or set(areas)


def _nodes(iris: Iterable[str] | Mapping[str, object]) -> list[NamedNode]:
    return [NamedNode(iri) for iri in sorted(iris)]
