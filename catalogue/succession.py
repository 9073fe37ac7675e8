"""Which holdings a change alters, read from the agencies and events around it and never from all of them.

What was given to an agency depends on the lives of the units that its succession leads through, and on the events by
which they pass things on. So a change alters the holdings of the agencies from which a touched one is reached through
events, and these are derived anew from what is reached from them.
"""

from collections.abc import Collection, Iterable

from pyoxigraph import DefaultGraph, NamedNode, Triple

from catalogue import holdings
from catalogue.holdings import CLASSES, NAMED, ORIGINAL, READ, RESULT, TYPE
from catalogue.store.port import Pattern, Store

_UNION = DefaultGraph()


def changes(
    store: Store, leaving: set[Triple], entering: set[Triple], derived: NamedNode
) -> tuple[set[Triple], set[Triple]]:
    """The holdings that go and those that come when `leaving` leave the union and `entering` enter it.

    `derived` is the graph that has the holdings of now. Nothing is read where no agency and no event is touched.
    """
    around = _Around(store, leaving, entering)
    touched = around.bodies({t.subject for t in leaving | entering if t.predicate in READ})
    if not touched:
        return set(), set()
    named = around.upstream(touched)
    now = holdings.derived(around.downstream(named), named)
    held = store.match(Pattern(None, NAMED, agency, derived) for agency in named)
    nodes = {quad.subject for quad in held if isinstance(quad.subject, NamedNode)}
    before = {quad.triple for quad in store.match(Pattern(node, None, None, derived) for node in nodes)}
    return before - now, now - before


class _Around:
    """The union before a change and after it, as far as it is asked."""

    def __init__(self, store: Store, leaving: set[Triple], entering: set[Triple]) -> None:
        self._store = store
        self._leaving = leaving
        self._entering = entering
        self._new_events = [t for t in entering if t.predicate in (ORIGINAL, RESULT)]
        self._of: dict[object, set[Triple]] = {}
        for triple in entering:
            self._of.setdefault(triple.subject, set()).add(triple)

    def bodies(self, subjects: Iterable[object]) -> set[NamedNode]:
        """Those of `subjects` that are agencies or events, before or after."""
        named = {subject for subject in subjects if isinstance(subject, NamedNode)}
        known = self._store.match(Pattern(subject, TYPE, kind, _UNION) for subject in named for kind in CLASSES)
        new = {t.subject for t in self._entering if t.predicate == TYPE and t.object in CLASSES}
        return named & (new | {quad.subject for quad in known})

    def upstream(self, touched: set[NamedNode]) -> set[NamedNode]:
        """The agencies whose succession can lead through one that is touched, itself or by an event of its own."""
        found: set[NamedNode] = set()
        more = touched | self._ends(touched, ORIGINAL)
        while more := more - found:
            found |= more
            more = self._ends(self._events(RESULT, more), ORIGINAL)
        return found

    def downstream(self, named: set[NamedNode]) -> set[Triple]:
        """What will be said of the agencies to which the succession of `named` can lead, and of the events that lead there."""
        found: set[NamedNode] = set()
        told: set[NamedNode] = set()
        more = set(named)
        while more := more - found:
            found |= more
            events = self._events(ORIGINAL, more) - told
            told |= events
            more = self._ends(events, RESULT)
        return self._said(found | told) - (self._leaving - self._entering)

    def _events(self, relation: NamedNode, agencies: Collection[NamedNode]) -> set[NamedNode]:
        known = self._store.match(Pattern(None, relation, agency, _UNION) for agency in agencies)
        stated = [
            *(quad.subject for quad in known),
            *(t.subject for t in self._new_events if t.predicate == relation and t.object in agencies),
        ]
        return {event for event in stated if isinstance(event, NamedNode)}

    def _ends(self, events: Iterable[NamedNode], relation: NamedNode) -> set[NamedNode]:
        known = self._store.match(Pattern(event, relation, None, _UNION) for event in events)
        stated = [
            *(quad.object for quad in known),
            *(t.object for event in events for t in self._of.get(event, ()) if t.predicate == relation),
        ]
        return {agency for agency in stated if isinstance(agency, NamedNode)}

    def _said(self, subjects: Collection[NamedNode]) -> set[Triple]:
        known = {
            quad.triple for quad in self._store.match(Pattern(subject, None, None, _UNION) for subject in subjects)
        }
        return known.union(*(self._of.get(subject, set()) for subject in subjects))
