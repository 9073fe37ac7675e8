"""Who holds, in which interval, what a document gave to an agency: derived from agencies' lives and change events.

A duty passes on by itself only where exactly one unit receives (merger, absorption, a change of parent). After a split or
an abolition nobody holds it until a document says who: the interval then has no holder, only the candidates that the
events name. Renaming keeps the agency, and so does a spin-off for the original. An agency that ends without any
event leaves an interval with neither holder nor candidate.

Every agency gets its own first interval, so that "no interval on this date" means "not yet founded". Posts and groups of
addressees get none: no event ends them, and they hold what they were given. Candidates are those the events name; what
later became of a candidate is not followed, since nobody decided that it received anything.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Triple

from catalogue.iri import CODES, PREFIXES

_AGENCY = NamedNode(PREFIXES["cv"] + "PublicOrganisation")
_EVENT = NamedNode(PREFIXES["org"] + "ChangeEvent")
HOLDING = NamedNode(PREFIXES["chiso"] + "Holding")
TYPE = NamedNode(PREFIXES["rdf"] + "type")
_FROM = NamedNode(PREFIXES["chiso"] + "validFrom")
_TO = NamedNode(PREFIXES["chiso"] + "validTo")
ORIGINAL = NamedNode(PREFIXES["org"] + "originalOrganization")
RESULT = NamedNode(PREFIXES["org"] + "resultingOrganization")
_DAY = NamedNode(PREFIXES["dct"] + "date")
_KIND = NamedNode(PREFIXES["dct"] + "type")
NAMED = NamedNode(PREFIXES["chiso"] + "named")
_HOLDER = NamedNode(PREFIXES["chiso"] + "holder")
_CANDIDATE = NamedNode(PREFIXES["chiso"] + "candidate")
_VIA = NamedNode(PREFIXES["chiso"] + "viaEvent")
_LENGTH = NamedNode(PREFIXES["chiso"] + "chainLength")
_DATE = NamedNode(PREFIXES["xsd"] + "date")
_INTEGER = NamedNode(PREFIXES["xsd"] + "integer")

READ = frozenset((TYPE, _FROM, _TO, ORIGINAL, RESULT, _DAY, _KIND))

CLASSES = (_AGENCY, _EVENT)
"""Things of these classes, with all their triples, are what holdings are derived from."""

LONGEST_CHAIN = 64
"""Changes followed from one agency; more is a cycle in disguise."""


@dataclass(frozen=True, slots=True)
class Life:
    """When an agency began and ended (excluded), as ISO dates; None where not known or still open."""

    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One change: its IRI, day, kind (notation of the list `change`), who was before, who is after."""

    iri: str
    day: str
    kind: str
    originals: frozenset[str]
    results: frozenset[str]


@dataclass(frozen=True, slots=True)
class Holding:
    """One interval of what was given to `named`. `holder` is None while undecided; `events` lead there, in order."""

    named: str
    holder: str | None
    start: str | None
    end: str | None
    candidates: tuple[str, ...] = ()
    events: tuple[str, ...] = ()


@dataclass(slots=True)
class _Walk:
    """One agency's succession under way."""

    named: str
    day: str | None
    events: list[str] = field(default_factory=list)
    found: list[Holding] = field(default_factory=list)

    def interval(self, holder: str | None, end: str | None, candidates: Iterable[str] = ()) -> None:
        """Note that `holder` has it from the present day until `end`, and go to that day. Empty intervals vanish."""
        if end is None or self.day is None or self.day < end:
            self.found.append(
                Holding(self.named, holder, self.day, end, tuple(sorted(candidates)), tuple(dict.fromkeys(self.events)))
            )
        if end is not None and (self.day is None or self.day < end):
            self.day = end


def holdings(lives: Mapping[str, Life], events: Iterable[Event], of: Collection[str] | None = None) -> list[Holding]:
    """The intervals by agency and time, of all agencies or those named in `of`."""
    leaving: dict[str, list[Event]] = {}
    for event in events:
        for original in event.originals:
            if event.results != {original} and not (event.kind == "doi-ten" and not event.results):
                leaving.setdefault(original, []).append(event)
    found: list[Holding] = []
    for named in sorted(lives if of is None else lives.keys() & set(of)):
        found.extend(_follow(named, lives, leaving))
    return found


def _follow(named: str, lives: Mapping[str, Life], leaving: Mapping[str, list[Event]]) -> list[Holding]:
    walk = _Walk(named, lives[named].start)
    holder = named
    visited: set[tuple[str, str | None]] = set()
    while (holder, walk.day) not in visited and len(visited) < LONGEST_CHAIN:
        visited.add((holder, walk.day))
        life = lives.get(holder, Life())
        departures = _departures(holder, life, walk.day, leaving.get(holder, ()))
        day = _day_of_leaving(life, departures)
        if day is None:
            walk.interval(holder, None)
            return walk.found
        # Data that contradict themselves: it received this after it had given everything away.
        too_late = walk.day is not None and any(event.day < walk.day for event in departures)
        walk.interval(holder, day)
        results = {result for event in departures for result in event.results if result != holder}
        alone = len(results) == 1 and not any(event.kind in ("chia", "giai-the", "tach") for event in departures)
        walk.events.extend(event.iri for event in departures)
        if not alone or too_late:
            walk.interval(None, None, results)
            return walk.found
        (successor,) = results
        start = max(departures[0].day, lives.get(successor, Life()).start or "")
        if walk.day is not None and walk.day < start:
            walk.interval(None, start, [successor])
        holder = successor
    walk.interval(None, None, {body for body, _day in visited} - {named})
    return walk.found


def _departures(holder: str, life: Life, since: str | None, events: Iterable[Event]) -> list[Event]:
    """The events, all of one day, by which `holder` gives everything away; a spin-off only where the original ended."""
    ordered = sorted((e for e in events if holder not in e.results), key=lambda e: (e.day, e.iri))
    whole = [e for e in ordered if e.kind != "tach"] or (ordered if life.end else [])
    later = [e for e in whole if since is None or e.day >= since]
    if life.end is not None:
        at_end = [e for e in later if e.day == life.end]
        after = [e for e in later if e.day > life.end]
        chosen = at_end or after[:1] or later[-1:] or whole[-1:]
    else:
        chosen = later[:1]
    return [e for e in whole if e.day == chosen[0].day] if chosen else []


def _day_of_leaving(life: Life, departures: list[Event]) -> str | None:
    """The day on which a body stops holding: its own last day where known, else the day of the event."""
    if life.end is not None:
        return life.end
    return departures[0].day if departures else None


def derived(triples: Iterable[Triple], of: Collection[NamedNode] | None = None) -> set[Triple]:
    """The holdings, as triples, that follow from the agencies and events in `triples`: of all agencies or those in `of`."""
    lives, events = _read(triples)
    numbers: dict[str, int] = {}
    made: set[Triple] = set()
    for holding in holdings(lives, events, None if of is None else {one.value for one in of}):
        number = numbers[holding.named] = numbers.get(holding.named, 0) + 1
        made.update(_written(NamedNode(f"{holding.named}#holding-{number}"), holding))
    return made


def _read(triples: Iterable[Triple]) -> tuple[dict[str, Life], list[Event]]:
    of: dict[NamedNode, dict[NamedNode, list[NamedNode | Literal]]] = {}
    for triple in triples:
        if triple.predicate not in READ:
            continue
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            of.setdefault(triple.subject, {}).setdefault(triple.predicate, []).append(triple.object)

    def first_day(found: Mapping[NamedNode, Collection[NamedNode | Literal]], predicate: NamedNode) -> str | None:
        days = (v.value for v in found.get(predicate, ()) if isinstance(v, Literal) and v.datatype == _DATE)
        return min(days, default=None)

    lives = {
        thing.value: Life(first_day(found, _FROM), first_day(found, _TO))
        for thing, found in of.items()
        if _AGENCY in found.get(TYPE, ())
    }
    events = []
    for thing, found in of.items():
        day = first_day(found, _DAY)
        if _EVENT in found.get(TYPE, ()) and day is not None:
            kind = min((v.value.removeprefix(CODES + "change/") for v in found.get(_KIND, ())), default="")
            originals, results = (_named(found.get(p, ())) for p in (ORIGINAL, RESULT))
            events.append(Event(thing.value, day, kind, originals, results))
    return lives, events


def _named(values: Iterable[NamedNode | Literal]) -> frozenset[str]:
    return frozenset(value.value for value in values if isinstance(value, NamedNode))


def _written(node: NamedNode, holding: Holding) -> Iterator[Triple]:
    yield Triple(node, TYPE, HOLDING)
    yield Triple(node, NAMED, NamedNode(holding.named))
    if holding.holder is not None:
        yield Triple(node, _HOLDER, NamedNode(holding.holder))
    for candidate in holding.candidates:
        yield Triple(node, _CANDIDATE, NamedNode(candidate))
    for predicate, day in ((_FROM, holding.start), (_TO, holding.end)):
        if day is not None:
            yield Triple(node, predicate, Literal(day, datatype=_DATE))
    for event in holding.events:
        yield Triple(node, _VIA, NamedNode(event))
    yield Triple(node, _LENGTH, Literal(str(len(holding.events)), datatype=_INTEGER))
