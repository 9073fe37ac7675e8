"""Publication: what is derived when graphs are replaced, and the one change that carries it all.

The default graph is the union of the named graphs and the derived graph, each statement once: it is what plain patterns
read. The derived graph holds `chiso:restsOn` edges (from the lineage properties that the vocabulary declares), look-up
keys, holdings, and the matches that accepted mappings make (see `matches`). The lineage graph, outside of the union, holds every edge once per graph that states it, so that a
step of lineage and its proof are one look-up. Only the difference is written: a statement leaves the default graph when no graph holds it any
more. The withdrawn graph (see `withdrawals`) remembers what is described no more. The manifest graph and internal graphs
are outside of all this.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple

from catalogue import holdings, matches, succession, withdrawals
from catalogue.citations import partial_keys
from catalogue.clock import system_clock, today
from catalogue.folding import fold
from catalogue.graphs import (
    LINEAGE_GRAPH,
    VOCABULARY_GRAPH,
    derived_graph,
    edge,
    is_internal,
    made_here,
    withdrawn_graph,
)
from catalogue.iri import PREFIXES, VOCABULARY
from catalogue.labels import kind_of
from catalogue.names import shorter
from catalogue.store.port import Change, Pattern, Store, Term, batches

_SUB_PROPERTY = NamedNode(PREFIXES["rdfs"] + "subPropertyOf")
RESTS_ON = NamedNode(VOCABULARY + "restsOn")
GROUNDS = NamedNode(VOCABULARY + "grounds")
LOOKUP_KEY = NamedNode(VOCABULARY + "lookupKey")
LABELS = frozenset(
    NamedNode(PREFIXES[prefix] + name)
    for prefix, name in (
        ("skos", "prefLabel"),
        ("skos", "altLabel"),
        ("skos", "notation"),
        ("eli", "number"),
        ("dct", "title"),
        ("sssom", "mapping_set_title"),
    )
)
_NUMBER = NamedNode(PREFIXES["eli"] + "number")
_NAMES = frozenset(NamedNode(PREFIXES["skos"] + name) for name in ("prefLabel", "altLabel"))

DERIVATION = 5
"""Version of the rules here and in `holdings`, `matches` and `folding`: raise it when they give other results for the same data, and
every store derives anew at its next start."""


_FEW = 20
_MANY = 200


class Lineage:
    """Which properties are lineage, upward (`rests_on`) or downward (`grounds`), and the edges they make."""

    def __init__(self, declarations: Iterable[Triple], base: str) -> None:
        """Read `rdfs:subPropertyOf` declarations, also through several steps."""
        parents: dict[NamedNode, set[NamedNode]] = {}
        for triple in declarations:
            below, above = triple.subject, triple.object
            if triple.predicate == _SUB_PROPERTY and isinstance(below, NamedNode) and isinstance(above, NamedNode):
                parents.setdefault(below, set()).add(above)
        self.rests_on = _below(RESTS_ON, parents)
        self.grounds = _below(GROUNDS, parents)
        self._things = f"{base}id/"
        self._codes = f"{base}id/code/"

    def edges(self, triples: Iterable[Triple]) -> set[Triple]:
        """The `chiso:restsOn` edges that `triples` make. Codes and everything outside of the catalogue rest on nothing."""
        found = set()
        for triple in triples:
            predicate, start, end = triple.predicate, triple.subject, triple.object
            if predicate in self.rests_on and isinstance(end, NamedNode) and self._thing(start):
                found.add(Triple(start, RESTS_ON, end))
            if predicate in self.grounds and isinstance(end, NamedNode) and self._thing(start) and self._thing(end):
                found.add(Triple(end, RESTS_ON, start))
        return found

    def stated(self, graph: NamedNode, triples: Iterable[Triple]) -> set[Triple]:
        """The edges that `graph` states by `triples`, for the lineage graph: dependent, edge with its proof, ground."""
        found = set()
        for triple in triples:
            predicate, start, end = triple.predicate, triple.subject, triple.object
            if not (isinstance(start, NamedNode) and isinstance(end, NamedNode) and self._thing(start)):
                continue
            if predicate in self.rests_on:
                found.add(Triple(start, edge(graph, predicate, rests_on=True), end))
            if predicate in self.grounds and self._thing(end):
                found.add(Triple(end, edge(graph, predicate, rests_on=False), start))
        return found

    def _thing(self, term: object) -> bool:
        if not isinstance(term, NamedNode):
            return False
        return term.value.startswith(self._things) and not term.value.startswith(self._codes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Lineage) and (self.rests_on, self.grounds) == (other.rests_on, other.grounds)

    def __hash__(self) -> int:
        return hash((self.rests_on, self.grounds))


def keys(triples: Iterable[Triple], base: str) -> set[Triple]:
    """The look-up keys that the labels in `triples` give to the things of this catalogue."""
    start = f"{base}id/"
    found: set[Triple] = set()
    for triple in triples:
        subject, label = triple.subject, triple.object
        if triple.predicate not in LABELS or not isinstance(label, Literal) or not isinstance(subject, NamedNode):
            continue
        if not subject.value.startswith(start):
            continue
        forms = [fold(label.value)]
        if triple.predicate == _NUMBER:
            forms += partial_keys(label.value)
        elif triple.predicate in _NAMES:
            forms += map(fold, shorter(label.value, kind_of(subject.value)))
        found.update(Triple(subject, LOOKUP_KEY, Literal(form)) for form in forms if form)
    return found


def plan(
    store: Store,
    replaced: Mapping[NamedNode, Collection[Triple]],
    base: str,
    *,
    at: datetime | None = None,
    undoing: Change | None = None,
    old: Mapping[NamedNode, set[Triple]] | None = None,
) -> Change:
    """The change that puts `replaced` (graph → its whole new content, canonical) into `store` and derives anew.

    Reads the store, writes nothing. The cost follows what is replaced and not what the store holds, unless `replaced`
    says anew which properties are lineage. `at` is the time as of which it derives, and at which things that nothing
    describes any more are withdrawn (now, unless it is given). `undoing`: the change of which some is taken back, so that
    what it brought for a moment is not remembered as withdrawn. `old`: what the graphs of `replaced` hold now, where the
    caller has read it already. A blank node of `replaced` is the store's own where it has the same name.
    """
    old = {name: old[name] if old and name in old else set(store.graph(name)) for name in replaced}
    new = {name: set(triples) for name, triples in replaced.items()}
    removed = [quad for g in replaced for quad in _quads(old[g] - new[g], g)]
    added = [quad for g in replaced for quad in _quads(new[g] - old[g], g)]
    seen = [g for g in replaced if not _hidden(g, base)]
    everything_new: set[Triple] = set().union(*(new[g] for g in seen))
    gone = set().union(*(old[g] - new[g] for g in seen)) - everything_new
    leaving = gone - _held_elsewhere(store, gone, replaced, old, base)
    entering: set[Triple] = set().union(*(new[g] - old[g] for g in seen))

    before, lineage = _declared(store, new.get(VOCABULARY_GRAPH), base)
    derived, moment = derived_graph(base), at or system_clock()
    day = today(lambda: moment)
    restated = {t.subject for g in seen for t in old[g] ^ new[g] if t.predicate in matches.ENDS}
    restated |= matches.begun(store, derived, day)
    touched = matches.Touched(store, leaving, entering, restated)
    fewer, more = _derived(store, leaving, entering, before, lineage, touched, base)
    fewer_matches, more_matches = touched.matches(derived, day)
    more |= more_matches
    removed += _quads(fewer | fewer_matches, derived)
    added += _quads(more, derived)
    # A source may say a match itself: it stays in the union while either says it.
    said = fewer_matches & everything_new | _held_elsewhere(store, fewer_matches, replaced, old, base)
    same = [Pattern(t.subject, t.predicate, t.object, derived) for t in leaving if t.predicate in matches.MADE]  # type: ignore[arg-type]
    made = {quad.triple for quad in store.match(same)} - fewer_matches
    removed += _default((leaving - more - made) | (fewer | fewer_matches) - entering - said)
    added += _default(entering | more)
    fewer_edges, more_edges = _edges_stated(store, seen, old, new, before, lineage, touched, base)
    removed += _quads(fewer_edges, LINEAGE_GRAPH)
    added += _quads(more_edges, LINEAGE_GRAPH)
    remembered = withdrawn_graph(base)
    earlier = None if undoing is None else {quad.triple for quad in undoing.remove if quad.graph_name == remembered}
    fewer_gone, more_gone = withdrawals.changes(store, leaving, entering, base, moment, earlier)
    removed += _quads(fewer_gone, remembered)
    added += _quads(more_gone, remembered)
    return Change(add=added, remove=removed)


def _edges_stated(
    store: Store,
    seen: Collection[NamedNode],
    old: Mapping[NamedNode, set[Triple]],
    new: Mapping[NamedNode, set[Triple]],
    before: Lineage,
    lineage: Lineage,
    touched: matches.Touched,
    base: str,
) -> tuple[set[Triple], set[Triple]]:
    """The edges that leave the lineage graph and those that enter it."""
    if lineage == before:
        fewer = set().union(*(lineage.stated(g, _endless(old[g] - new[g])) for g in seen))
        more = set().union(*(lineage.stated(g, _endless(new[g] - old[g])) for g in seen))
        untied, tied = touched.stated({g: new[g] for g in seen}, base)
        return fewer | _stated(untied, lineage), more | _stated(tied, lineage)
    whole = {g: new[g] for g in seen}
    for name in store.graph_names():
        if name not in new and not _hidden(name, base):
            whole[name] = set(store.graph(name))
    said = matches.said_in(set().union(*whole.values()))
    now = set[Triple]().union(*(lineage.stated(name, matches.tying(told, said)) for name, told in whole.items()))
    then = set(store.graph(LINEAGE_GRAPH))
    return then - now, now - then


def _stated(quads: Iterable[Quad], lineage: Lineage) -> set[Triple]:
    return {
        edge for q in quads if isinstance(q.graph_name, NamedNode) for edge in lineage.stated(q.graph_name, [q.triple])
    }


def _endless(triples: set[Triple]) -> set[Triple]:
    """Without the ends of mappings, which are lineage only where the mapping ties them."""
    return {t for t in triples if t.predicate not in matches.ENDS}


def rederived(store: Store, base: str, *, at: datetime | None = None) -> Change:
    """The change that makes what is derived and the default graph anew from the source graphs, all of them read.

    Withdrawals are history: those that are still true are kept. `at`: the time as of which it is derived (now).
    """
    day = today(system_clock if at is None else lambda: at)
    derived, gone = derived_graph(base), withdrawn_graph(base)
    lineage = Lineage(store.graph(VOCABULARY_GRAPH), base)
    names = [name for name in store.graph_names() if not _hidden(name, base)]
    union: set[Triple] = set()
    for name in names:
        union.update(store.graph(name))
    said = matches.said_in(union)
    # Each graph is read again: all of them together would be the whole catalogue a second time.
    edges = set[Triple]().union(*(lineage.stated(name, matches.tying(store.graph(name), said)) for name in names))
    made = lineage.edges(matches.tying(union, said)) | keys(union, base) | holdings.derived(union)
    made = made.union(*(one.makes(day) for one in said.values()))
    whole = union | made
    withdrawn = set(store.graph(gone))
    differences: list[tuple[NamedNode | DefaultGraph, set[Triple], set[Triple]]] = [
        (derived, set(store.graph(derived)), made),
        (DefaultGraph(), set(store.graph(None)), whole),
        (LINEAGE_GRAPH, set(store.graph(LINEAGE_GRAPH)), edges),
        (gone, withdrawn, withdrawals.kept(withdrawn, union, base)),
    ]
    return Change(
        add=[quad for graph, then, now in differences for quad in _quads(now - then, graph)],
        remove=[quad for graph, then, now in differences for quad in _quads(then - now, graph)],
    )


def _hidden(graph: NamedNode, base: str) -> bool:
    """Whether a graph stands outside of the union and nothing is derived from it."""
    return graph in made_here(base) or is_internal(graph.value, base)


def _derived(
    store: Store,
    leaving: set[Triple],
    entering: set[Triple],
    before: Lineage,
    lineage: Lineage,
    touched: matches.Touched,
    base: str,
) -> tuple[set[Triple], set[Triple]]:
    """The derived statements that go and those that come, but for matches."""
    fewer, more = _edge_changes(store, leaving, entering, before, lineage, touched, base)

    keys_now = keys(entering, base)
    stale = keys(leaving, base) - keys_now
    if stale:
        labelled = _overlaid(_labels(store, {t.subject for t in stale}), leaving, entering)
        fewer |= stale - keys(labelled, base)
    more |= keys_now

    fewer_held, more_held = succession.changes(store, leaving, entering, derived_graph(base))
    return fewer | fewer_held, more | more_held


def _labels(store: Store, things: Collection[object]) -> set[Triple]:
    """What names `things` in the union."""
    found: set[Triple] = set()
    for named in batches(things):
        rows = store.select(
            f"SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {named} }} ?s ?p ?o FILTER(?p IN ({', '.join(map(str, LABELS))})) }}"
        ).rows
        found.update(Triple(s, p, o) for s, p, o in rows)  # type: ignore[arg-type]
    return found


def _declared(store: Store, vocabulary: set[Triple] | None, base: str) -> tuple[Lineage, Lineage]:
    """What the vocabulary declares as lineage, before the change and after it."""
    declared = store.construct(
        f"CONSTRUCT {{ ?p {_SUB_PROPERTY} ?q }} WHERE {{ GRAPH {VOCABULARY_GRAPH} {{ ?p {_SUB_PROPERTY} ?q }} }}"
    )
    before = Lineage(declared, base)
    return before, before if vocabulary is None else Lineage(vocabulary, base)


def _edge_changes(
    store: Store,
    leaving: set[Triple],
    entering: set[Triple],
    before: Lineage,
    lineage: Lineage,
    touched: matches.Touched,
    base: str,
) -> tuple[set[Triple], set[Triple]]:
    if lineage != before:
        # The declarations themselves changed: every edge is derived anew.
        properties = _terms(lineage.rests_on | lineage.grounds)
        kept = store.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?p {{ {properties} }} ?s ?p ?o }}")
        now = lineage.edges(touched.counted_after(_overlaid(set(kept), leaving, entering)))
        then = set(
            store.construct(
                f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?p {{ {RESTS_ON} }} GRAPH {derived_graph(base)} {{ ?s ?p ?o }} }}"
            )
        )
        return then - now, now - then
    untied, tied = touched.ends()
    now = lineage.edges(_endless(entering) | tied)
    stale = lineage.edges(_endless(leaving) | untied) - now
    between = {
        quad.triple
        for quad in store.match(
            Pattern(one, None, other, DefaultGraph())
            for edge in stale
            for one, other in ((edge.subject, edge.object), (edge.object, edge.subject))
            if isinstance(one, NamedNode) and isinstance(other, NamedNode)
        )
    } - leaving
    return stale - lineage.edges(touched.counted_after(between)), now


def _below(top: NamedNode, parents: Mapping[NamedNode, set[NamedNode]]) -> frozenset[NamedNode]:
    found = {top}
    while more := {child for child, above in parents.items() if above & found} - found:
        found |= more
    return frozenset(found - {top})


def _overlaid(known: set[Triple], leaving: set[Triple], entering: set[Triple]) -> set[Triple]:
    return (known - leaving) | entering


def _held_elsewhere(
    store: Store,
    triples: set[Triple],
    replaced: Collection[NamedNode],
    old: Mapping[NamedNode, set[Triple]],
    base: str,
) -> set[Triple]:
    """Those of `triples` that a source graph not `replaced` holds."""
    found: set[Triple] = set()
    one_by_one = triples
    for name in replaced if len(replaced) <= _FEW else ():
        # Most of a graph goes: the engine compares it with the others in a fifth of the time of so many look-ups.
        if len(old[name]) >= _MANY and not _hidden(name, base) and 2 * len(old[name] & triples) > len(old[name]):
            others = ", ".join(str(one) for one in (*replaced, *made_here(base)))
            rows = store.select(
                f"SELECT ?s ?p ?o WHERE {{ GRAPH {name} {{ ?s ?p ?o }} FILTER EXISTS {{ GRAPH ?g {{ ?s ?p ?o }} "
                f'FILTER(?g NOT IN ({others}) && !STRSTARTS(STR(?g), "{base}internal/")) }} }}'
            ).rows
            found.update(Triple(s, p, o) for s, p, o in rows)  # type: ignore[arg-type]
            one_by_one = one_by_one - old[name]
    held = store.match(Pattern(t.subject, t.predicate, t.object) for t in one_by_one)  # type: ignore[arg-type]
    found.update(
        quad.triple
        for quad in held
        if isinstance(quad.graph_name, NamedNode)
        and quad.graph_name not in replaced
        and not _hidden(quad.graph_name, base)
    )
    return found & triples


def _quads(triples: Iterable[Triple], graph: NamedNode | DefaultGraph) -> Iterator[Quad]:
    return (Quad(t.subject, t.predicate, t.object, graph) for t in triples)


def _default(triples: Iterable[Triple]) -> Iterator[Quad]:
    return _quads(triples, DefaultGraph())


def _terms(terms: Iterable[Term]) -> str:
    return " ".join(sorted(str(term) for term in terms))
