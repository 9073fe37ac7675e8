"""What an accepted mapping ties: two codes by a match and its inverse, and their places in the lineage.

A mapping is a proposal until somebody accepts it. Only a mapping that is accepted and not negated, and that has a real
thing at each end, ties anything: then its ends are steps of the lineage, unless it only says that they are related.
Whether it holds on a day is asked on the walk (see `lineage`). A match knows no time, so a mapping that has a last day
makes none. One whose first day is still to come makes none yet: the derived graph says from when (`dct:available`), and
the first publication from that day on makes the match.

A mapping that several graphs describe is taken as their union says: where they differ on its status, it is not accepted.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from catalogue.graphs import is_internal
from catalogue.iri import CODES, node
from catalogue.labels import kind_of
from catalogue.store.port import Pattern, Store

SUBJECT = node("sssom:subject_id")
OBJECT = node("sssom:object_id")
ENDS = (SUBJECT, OBJECT)
_PREDICATE = node("sssom:predicate_id")
_MODIFIER = node("sssom:predicate_modifier")
_STATUS = node("chiso:status")
_FIRST = node("chiso:validFrom")
_LAST = node("chiso:validTo")
_READ = frozenset((*ENDS, _PREDICATE, _MODIFIER, _STATUS, _FIRST, _LAST))
_ACCEPTED = NamedNode(f"{CODES}mapping-status/accepted")
_NO_TERM = node("sssom:NoTermFound")
_RELATED = node("skos:relatedMatch")
_EXACT, _CLOSE = node("skos:exactMatch"), node("skos:closeMatch")
_BROAD, _NARROW = node("skos:broadMatch"), node("skos:narrowMatch")
_AVAILABLE = node("dct:available")
INVERSE = {_EXACT: _EXACT, _CLOSE: _CLOSE, _BROAD: _NARROW, _NARROW: _BROAD, _RELATED: _RELATED}
"""Every match that a mapping can make, and how it reads from the other side (SKOS, 10.3)."""

MADE = frozenset((*INVERSE, _AVAILABLE))
"""The properties of what mappings make in the derived graph."""

_UNION = DefaultGraph()


class Said:
    """What is said of one mapping, as far as it matters here."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._of: dict[NamedNode, set[object]] = {}
        self.ends: set[Triple] = set()
        self._begins: set[Triple] = set()
        for triple in triples:
            self._of.setdefault(triple.predicate, set()).add(triple.object)
            if triple.predicate in ENDS:
                self.ends.add(triple)
            if triple.predicate == _FIRST:
                self._begins.add(triple)

    def ties(self) -> bool:
        """Whether the ends of the mapping rest on each other through it."""
        return self._counts() and _RELATED not in self._of[_PREDICATE]

    def makes(self, on: date) -> set[Triple]:
        """The matches that the mapping makes on the day `on`, both ways; before its first day, that day."""
        waits = {triple for triple in self._days() if _is_after(triple, on)}
        return waits or self._matches()

    def may_make(self) -> set[Triple]:
        """All that the mapping makes on one day or another."""
        return self._days() | self._matches()

    def _days(self) -> set[Triple]:
        return {Triple(t.subject, _AVAILABLE, t.object) for t in self._begins} if self._lasts() else set()

    def _lasts(self) -> bool:
        return self._counts() and _LAST not in self._of

    def _matches(self) -> set[Triple]:
        if not self._lasts():
            return set()
        found = set()
        for relation in self._of[_PREDICATE]:
            for one in self._of[SUBJECT]:
                for other in self._of[OBJECT]:
                    if isinstance(relation, NamedNode) and isinstance(one, NamedNode) and isinstance(other, NamedNode):
                        found |= {Triple(one, relation, other), Triple(other, INVERSE[relation], one)}
        return found

    def _counts(self) -> bool:
        ends = {*self._of.get(SUBJECT, ()), *self._of.get(OBJECT, ())}
        relations = self._of.get(_PREDICATE, set())
        return (
            self._of.get(_STATUS) == {_ACCEPTED}
            and _MODIFIER not in self._of
            and SUBJECT in self._of
            and OBJECT in self._of
            and _NO_TERM not in ends
            and len(ends) > 1
            and bool(relations)
            and relations <= INVERSE.keys()
        )


def _is_after(day: Triple, on: date) -> bool:
    return isinstance(day.object, Literal) and day.object.value > on.isoformat()


def begun(store: Store, derived: NamedNode, on: date) -> set[NamedNode | BlankNode | Triple]:
    """The mappings whose first day was awaited and has come on the day `on`."""
    awaited = store.match([Pattern(None, _AVAILABLE, None, derived)])
    return {quad.subject for quad in awaited if not _is_after(quad.triple, on)}


def said_in(triples: Iterable[Triple]) -> dict[object, Said]:
    """What `triples` say of each mapping among their subjects."""
    of: dict[object, list[Triple]] = {}
    mappings = set()
    for triple in triples:
        if triple.predicate in _READ:
            of.setdefault(triple.subject, []).append(triple)
            if triple.predicate in ENDS and isinstance(triple.subject, NamedNode):
                mappings.add(triple.subject)
    return {mapping: Said(of[mapping]) for mapping in mappings}


def tying(triples: Iterable[Triple], said: Mapping[object, Said]) -> set[Triple]:
    """`triples` without the ends of mappings that tie nothing, according to what is `said` of all of them."""
    return {t for t in triples if t.predicate not in ENDS or (t.subject in said and said[t.subject].ties())}


def _may_be_of_a_mapping(triple: Triple) -> bool:
    """Whether a statement matters here, as far as it shows: areas and units have days too, by the ten thousand."""
    if triple.predicate in (_FIRST, _LAST) and isinstance(triple.subject, NamedNode):
        return kind_of(triple.subject.value) in (None, "mapping")
    return triple.predicate in _READ


class Touched:
    """The mappings that a change touches: what the union says of them before it and after it.

    `leaving` leave the union and `entering` enter it; `restated` are the mappings of which a graph says the ends anew.
    """

    def __init__(
        self, store: Store, leaving: set[Triple], entering: set[Triple], restated: Collection[object] = ()
    ) -> None:
        self._store = store
        self._leaving = leaving - entering
        self._new: dict[object, set[Triple]] = {}
        for triple in entering:
            if _may_be_of_a_mapping(triple):
                self._new.setdefault(triple.subject, set()).add(triple)
        subjects = {t.subject for t in leaving if _may_be_of_a_mapping(t)} | self._new.keys() | set(restated)
        self.before, self.after = self._said(subjects)

    def _said(self, subjects: Iterable[object]) -> tuple[dict[object, Said], dict[object, Said]]:
        named = {subject for subject in subjects if isinstance(subject, NamedNode)}
        ends = self._store.match(Pattern(one, end, None, _UNION) for one in named for end in ENDS)
        mappings = {quad.subject for quad in ends if isinstance(quad.subject, NamedNode)}
        mappings |= {one for one in named if any(t.predicate in ENDS for t in self._new.get(one, ()))}
        held = self._store.match(Pattern(one, None, None, _UNION) for one in mappings)
        before = {quad.triple for quad in held}
        after = (before - self._leaving).union(*(self._new.get(one, ()) for one in mappings))
        return said_in(before), said_in(after)

    def counted_after(self, triples: Collection[Triple]) -> set[Triple]:
        """`triples` of the union after the change, without the ends of mappings that tie nothing then."""
        unread = {t.subject for t in triples if t.predicate in ENDS} - self.after.keys()
        return tying(triples, {**self._said(unread)[1], **self.after} if unread else self.after)

    def ends(self) -> tuple[set[Triple], set[Triple]]:
        """The ends of mappings that stop to tie, or leave, and of those that begin to."""
        then, now = (
            set[Triple]().union(*(one.ends for one in said.values() if one.ties()))
            for said in (self.before, self.after)
        )
        return then - now, now - then

    def stated(self, new: Mapping[NamedNode, set[Triple]], base: str) -> tuple[list[Quad], list[Quad]]:
        """The same, graph by graph: which graph stated a tying end before, and which one states it after.

        `new`: the whole new content of the graphs that are replaced. Internal graphs state nothing.
        """
        mappings = self.before.keys() | self.after.keys()
        held = self._store.match(
            Pattern(one, end, None) for one in mappings if isinstance(one, NamedNode) for end in ENDS
        )
        then = [
            quad
            for quad in held
            if isinstance(quad.graph_name, NamedNode) and not is_internal(quad.graph_name.value, base)
        ]
        now = [quad for quad in then if quad.graph_name not in new]
        now += [
            Quad(t.subject, t.predicate, t.object, name)
            for name, triples in new.items()
            for t in triples
            if t.predicate in ENDS and t.subject in mappings
        ]
        fewer = {quad for quad in then if quad.subject in self.before and self.before[quad.subject].ties()}
        more = {quad for quad in now if quad.subject in self.after and self.after[quad.subject].ties()}
        return list(fewer - more), list(more - fewer)

    def matches(self, derived: NamedNode, on: date) -> tuple[set[Triple], set[Triple]]:
        """What the `derived` graph loses and what it gains of what mappings make, as of the day `on`.

        A match stays while any mapping makes it.
        """
        now = set[Triple]().union(*(one.makes(on) for one in self.after.values()))
        fewer = set[Triple]().union(*(one.may_make() for one in self.before.values())) - now
        starts = {t.subject for t in fewer if isinstance(t.subject, NamedNode)}
        others = {q.subject for q in self._store.match(Pattern(None, SUBJECT, start, _UNION) for start in starts)}
        unread = others - self.before.keys() - self.after.keys()
        kept = set[Triple]().union(*(one.makes(on) for one in self._said(unread)[1].values())) if unread else set()
        asked = (Pattern(t.subject, t.predicate, t.object, derived) for t in fewer - kept | now)  # type: ignore[arg-type]
        held = {quad.triple for quad in self._store.match(asked)}
        return held - now, now - held
