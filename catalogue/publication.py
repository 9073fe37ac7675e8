"""Publication: what is derived when graphs are replaced, and the one change that carries it all.

The default graph is the union of the named graphs and the derived graph, each statement once: it is what plain patterns
read. The derived graph holds `chiso:restsOn` edges (from the lineage properties that the vocabulary declares), look-up
keys and holdings. The lineage graph, outside of the union, holds every edge once per graph that states it, so that a
step of lineage and its proof are one look-up. Only the difference is written: a statement leaves the default graph when no graph holds it any
more. The manifest graph is outside of all this.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import TypeVar

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple

from catalogue import holdings
from catalogue.citations import partial_keys
from catalogue.folding import fold
from catalogue.graphs import LINEAGE_GRAPH, VOCABULARY_GRAPH, derived_graph, edge, made_here
from catalogue.iri import PREFIXES, VOCABULARY
from catalogue.labels import kind_of
from catalogue.names import shorter
from catalogue.store.port import Change, Store, Term

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
    )
)
_NUMBER = NamedNode(PREFIXES["eli"] + "number")
_NAMES = frozenset(NamedNode(PREFIXES["skos"] + name) for name in ("prefLabel", "altLabel"))

DERIVATION = 3
"""Version of the rules here and in `holdings` and `folding`: raise it when they give other results for the same data, and
every store derives anew at its next start."""

BATCH = 400
"""Terms or pairs of terms in one VALUES block."""

_Item = TypeVar("_Item")


class Lineage:
    """Which properties are lineage, upward (`rests_on`) or downward (`grounds`), and the edges they make."""

    def __init__(self, declarations: Iterable[Triple], base: str) -> None:
        """Read `rdfs:subPropertyOf` declarations, also through several steps."""
        parents: dict[NamedNode, set[NamedNode]] = {}
        for triple in declarations:
            if triple.predicate == _SUB_PROPERTY and isinstance(triple.subject, NamedNode):
                assert isinstance(triple.object, NamedNode)  # noqa: S101 - the vocabulary has no other property names
                parents.setdefault(triple.subject, set()).add(triple.object)
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


def plan(store: Store, replaced: Mapping[NamedNode, Collection[Triple]], base: str) -> Change:
    """The change that puts `replaced` (graph → its whole new content, canonical) into `store` and derives anew.

    Reads the store, writes nothing.
    """
    old = {name: set(store.graph(name)) for name in replaced}
    new = {name: set(triples) for name, triples in replaced.items()}
    removed = [quad for g in replaced for quad in _quads(old[g] - new[g], g)]
    added = [quad for g in replaced for quad in _quads(new[g] - old[g], g)]
    everything_new: set[Triple] = set().union(*new.values())
    gone = set().union(*(old[g] - new[g] for g in replaced)) - everything_new
    leaving = gone - _held_elsewhere(store, gone, {*replaced, *made_here(base)})
    entering: set[Triple] = set().union(*(new[g] - old[g] for g in replaced))

    before, lineage = _declared(store, new.get(VOCABULARY_GRAPH), base)
    fewer, more = _derived(store, leaving, entering, before, lineage, base)
    derived = derived_graph(base)
    removed += _quads(fewer, derived)
    added += _quads(more, derived)
    removed += _default((leaving - more) | (fewer - entering))
    added += _default(entering | more)
    fewer_edges, more_edges = _edges_stated(store, old, new, before, lineage, base)
    removed += _quads(fewer_edges, LINEAGE_GRAPH)
    added += _quads(more_edges, LINEAGE_GRAPH)
    return Change(add=added, remove=removed)


def _edges_stated(
    store: Store,
    old: Mapping[NamedNode, set[Triple]],
    new: Mapping[NamedNode, set[Triple]],
    before: Lineage,
    lineage: Lineage,
    base: str,
) -> tuple[set[Triple], set[Triple]]:
    """The edges that leave the lineage graph and those that enter it."""
    if lineage == before:
        fewer = set().union(*(lineage.stated(g, old[g] - new[g]) for g in old))
        more = set().union(*(lineage.stated(g, new[g] - old[g]) for g in new))
        return fewer, more
    now = set().union(*(lineage.stated(g, triples) for g, triples in new.items()))
    for name in store.graph_names():
        if name not in new and name not in made_here(base):
            now |= lineage.stated(name, store.graph(name))
    then = set(store.graph(LINEAGE_GRAPH))
    return then - now, now - then


def rederived(store: Store, base: str) -> Change:
    """The change that makes the derived graph and the default graph anew from the source graphs, all of them read."""
    derived, hidden = derived_graph(base), made_here(base)
    union: set[Triple] = set()
    edges: set[Triple] = set()
    lineage = Lineage(store.graph(VOCABULARY_GRAPH), base)
    for name in store.graph_names():
        if name not in hidden:
            triples = store.graph(name)
            union.update(triples)
            edges |= lineage.stated(name, triples)
    made = lineage.edges(union) | keys(union, base) | holdings.derived(union)
    before, default, known = set(store.graph(derived)), set(store.graph(None)), set(store.graph(LINEAGE_GRAPH))
    whole = union | made
    return Change(
        add=[*_quads(made - before, derived), *_default(whole - default), *_quads(edges - known, LINEAGE_GRAPH)],
        remove=[*_quads(before - made, derived), *_default(default - whole), *_quads(known - edges, LINEAGE_GRAPH)],
    )


def _derived(
    store: Store, leaving: set[Triple], entering: set[Triple], before: Lineage, lineage: Lineage, base: str
) -> tuple[set[Triple], set[Triple]]:
    """The derived statements that go and those that come."""
    fewer, more = _edge_changes(store, leaving, entering, before, lineage, base)

    keys_now = keys(entering, base)
    stale = keys(leaving, base) - keys_now
    named = {t.subject for t in stale}
    if stale:
        labelled = _overlaid(_describing(store, named, LABELS), leaving, entering)
        fewer |= stale - keys(labelled, base)
    more |= keys_now

    bodies = store.construct(
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?c {{ {_terms(holdings.CLASSES)} }} ?s a ?c . ?s ?p ?o }}"
    )
    new_bodies = {t.subject for t in entering if t.predicate == holdings.TYPE and t.object in holdings.CLASSES}
    known = set(bodies) | _describing(store, new_bodies)
    held_now = holdings.derived(_overlaid(known, leaving, entering))
    held_before = set(
        store.construct(
            f"CONSTRUCT {{ ?h ?p ?o }} WHERE {{ GRAPH {derived_graph(base)} {{ ?h a {holdings.HOLDING} . ?h ?p ?o }} }}"
        )
    )
    return fewer | (held_before - held_now), more | (held_now - held_before)


def _declared(store: Store, vocabulary: set[Triple] | None, base: str) -> tuple[Lineage, Lineage]:
    """What the vocabulary declares as lineage, before the change and after it."""
    declared = store.construct(
        f"CONSTRUCT {{ ?p {_SUB_PROPERTY} ?q }} WHERE {{ GRAPH {VOCABULARY_GRAPH} {{ ?p {_SUB_PROPERTY} ?q }} }}"
    )
    before = Lineage(declared, base)
    return before, before if vocabulary is None else Lineage(vocabulary, base)


def _edge_changes(
    store: Store, leaving: set[Triple], entering: set[Triple], before: Lineage, lineage: Lineage, base: str
) -> tuple[set[Triple], set[Triple]]:
    if lineage != before:
        # The declarations themselves changed: every edge is derived anew.
        properties = _terms(lineage.rests_on | lineage.grounds)
        kept = store.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?p {{ {properties} }} ?s ?p ?o }}")
        now = lineage.edges(_overlaid(set(kept), leaving, entering))
        then = set(
            store.construct(
                f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?p {{ {RESTS_ON} }} GRAPH {derived_graph(base)} {{ ?s ?p ?o }} }}"
            )
        )
        return then - now, now - then
    now = lineage.edges(entering)
    stale = lineage.edges(leaving) - now
    between = _overlaid(_between(store, stale), leaving, set())
    return stale - lineage.edges(between), now


def _below(top: NamedNode, parents: Mapping[NamedNode, set[NamedNode]]) -> frozenset[NamedNode]:
    found = {top}
    while more := {child for child, above in parents.items() if above & found} - found:
        found |= more
    return frozenset(found - {top})


def _overlaid(known: set[Triple], leaving: set[Triple], entering: set[Triple]) -> set[Triple]:
    return (known - leaving) | entering


def _held_elsewhere(store: Store, triples: set[Triple], ignored: Collection[NamedNode]) -> set[Triple]:
    """Those of `triples` that a named graph other than `ignored` holds."""
    found: set[Triple] = set()
    names = ", ".join(str(name) for name in ignored)
    for part in _batches(triples):
        rows = " ".join(f"({t.subject} {t.predicate} {t.object})" for t in part)
        found.update(
            store.construct(
                f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES (?s ?p ?o) {{ {rows} }} GRAPH ?g {{ ?s ?p ?o }} FILTER(?g NOT IN ({names})) }}"
            )
        )
    return found


def _describing(
    store: Store, subjects: Collection[object], predicates: Collection[NamedNode] | None = None
) -> set[Triple]:
    """What the default graph says of `subjects`."""
    only = f"VALUES ?p {{ {_terms(predicates)} }}" if predicates else ""
    found: set[Triple] = set()
    for part in _batches(subjects):
        values = " ".join(str(subject) for subject in part)
        found.update(store.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ {values} }} {only} ?s ?p ?o }}"))
    return found


def _between(store: Store, edges: Collection[Triple]) -> set[Triple]:
    """What the default graph says between the two ends of `edges`, in either direction."""
    found: set[Triple] = set()
    for part in _batches(edges):
        rows = " ".join(f"({t.subject} {t.object}) ({t.object} {t.subject})" for t in part)
        found.update(store.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES (?s ?o) {{ {rows} }} ?s ?p ?o }}"))
    return found


def _quads(triples: Iterable[Triple], graph: NamedNode | DefaultGraph) -> Iterator[Quad]:
    return (Quad(t.subject, t.predicate, t.object, graph) for t in triples)


def _default(triples: Iterable[Triple]) -> Iterator[Quad]:
    return _quads(triples, DefaultGraph())


def _terms(terms: Iterable[Term]) -> str:
    return " ".join(sorted(str(term) for term in terms))


def _batches(items: Collection[_Item]) -> Iterator[list[_Item]]:
    rest = iter(items)
    while part := list(islice(rest, BATCH)):
        yield part
