"""What is remembered of things that nothing describes any more: when they were withdrawn, and what replaced them.

A thing of this catalogue is withdrawn when its last own statement leaves the union of the source graphs. The withdrawn
graph, outside of the union, then says when (`chiso:withdrawn`), and `dct:isReplacedBy` as far as a source says so, of the
old thing or (`dct:replaces`) of the new one. These two words about the gone thing are no description: a source may state
them and the thing stays withdrawn. When it is described again the memory of its withdrawal goes.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from pyoxigraph import DefaultGraph, Literal, NamedNode, Triple

from catalogue.graphs import withdrawn_graph
from catalogue.iri import PREFIXES, VOCABULARY
from catalogue.matches import INVERSE
from catalogue.store.port import Pattern, Store, batches

WITHDRAWN = NamedNode(VOCABULARY + "withdrawn")
REPLACED_BY = NamedNode(PREFIXES["dct"] + "isReplacedBy")
_REPLACES = NamedNode(PREFIXES["dct"] + "replaces")
_DATE_TIME = NamedNode(PREFIXES["xsd"] + "dateTime")
_UNION = DefaultGraph()
# Said of the gone, and made at publication: none of this describes a thing.
_NO_DESCRIPTION = frozenset(
    (WITHDRAWN, REPLACED_BY, NamedNode(VOCABULARY + "restsOn"), NamedNode(VOCABULARY + "lookupKey"), *INVERSE)
)


def changes(
    store: Store,
    leaving: set[Triple],
    entering: set[Triple],
    base: str,
    at: datetime,
    earlier: set[Triple] | None = None,
) -> tuple[set[Triple], set[Triple]]:
    """What goes from the withdrawn graph and what comes, when `leaving` leave the union and `entering` enter it at `at`.

    `earlier`, for a change that takes another back: what that one removed from the withdrawn graph, and all that may be
    remembered of things that go again.
    """
    graph = withdrawn_graph(base)
    back = described(entering, base)
    losing = described(leaving, base) - back
    gone = losing - _still_described(store, losing, leaving)
    replaced = {
        *gone,
        *(t.object for t in leaving | entering if t.predicate == _REPLACES and isinstance(t.object, NamedNode)),
        *(t.subject for t in leaving | entering if t.predicate == REPLACED_BY and isinstance(t.subject, NamedNode)),
    }
    known = {quad.triple for quad in store.match(Pattern(thing, None, None, graph) for thing in replaced | back)}
    marked = {t.subject for t in known if t.predicate == WITHDRAWN}
    fewer = {t for t in known if t.subject in back}
    if earlier is None:
        more = {Triple(thing, WITHDRAWN, _moment(at)) for thing in gone - marked}
    else:
        more = {t for t in earlier if t.predicate == WITHDRAWN and t.subject in gone - marked}
        gone &= marked | {t.subject for t in more}
    wanted = (gone | (replaced & marked)) - back
    said = [
        *(quad.triple for quad in store.match(Pattern(None, _REPLACES, thing, _UNION) for thing in wanted)),
        *(quad.triple for quad in store.match(Pattern(thing, REPLACED_BY, None, _UNION) for thing in wanted)),
    ]
    now = replacements((set(said) - leaving) | entering, wanted)
    then = {t for t in known if t.predicate == REPLACED_BY and t.subject in wanted}
    return fewer | (then - now), more | (now - then)


def _still_described(store: Store, things: set[NamedNode], leaving: Iterable[Triple]) -> set[NamedNode]:
    """Those of `things` of which the union, where each statement stands once, says more than what is `leaving`."""
    fewer = Counter(t.subject for t in leaving if t.predicate not in _NO_DESCRIPTION)
    apart = ", ".join(sorted(map(str, _NO_DESCRIPTION)))
    found = set()
    for named in batches(things):
        rows = store.select(
            f"SELECT ?thing (COUNT(*) AS ?said) WHERE {{ VALUES ?thing {{ {named} }} "
            f"?thing ?property ?value FILTER(?property NOT IN ({apart})) }} GROUP BY ?thing"
        ).rows
        for thing, said in rows:
            if isinstance(thing, NamedNode) and isinstance(said, Literal) and int(said.value) > fewer[thing]:
                found.add(thing)
    return found


def kept(known: Iterable[Triple], union: Iterable[Triple], base: str) -> set[Triple]:
    """What the withdrawn graph, which says `known`, still says when `union` is all that the source graphs state."""
    stated = set(union)
    here = described(stated, base)
    marks = {t for t in known if t.predicate == WITHDRAWN and t.subject not in here}
    return marks | replacements(stated, {t.subject for t in marks if isinstance(t.subject, NamedNode)})


def described(triples: Iterable[Triple], base: str) -> set[NamedNode]:
    """The things of the catalogue that `triples` describe."""
    start = f"{base}id/"
    return {
        t.subject
        for t in triples
        if isinstance(t.subject, NamedNode) and t.subject.value.startswith(start) and t.predicate not in _NO_DESCRIPTION
    }


def replacements(triples: Iterable[Triple], gone: set[NamedNode]) -> set[Triple]:
    """What replaced each of `gone`, as far as `triples` say."""
    found = set()
    for triple in triples:
        subject, predicate, value = triple.subject, triple.predicate, triple.object
        if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode):
            continue
        if predicate == REPLACED_BY and subject in gone:
            found.add(triple)
        elif predicate == _REPLACES and value in gone:
            found.add(Triple(value, REPLACED_BY, subject))
    return found


def _moment(at: datetime) -> Literal:
    return Literal(at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), datatype=_DATE_TIME)
