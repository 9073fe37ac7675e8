"""All that publication derives, part by part, for data too large to be planned as one change.

The rules are those of `catalogue.publication`, `catalogue.holdings` and `catalogue.matches`; only the order of work
differs, and a test proves that the quads are the same. It rests on three properties of the rules: edges and look-up keys
depend on one statement each, matches and the ends of mappings on one mapping each, holdings on agencies and events alone.
"""

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, Quad, Triple

from catalogue import clock, holdings, matches, publication
from catalogue.graphs import LINEAGE_GRAPH, derived_graph


class Derivation:
    """Hands statements on and adds what follows from them. Some quads come twice: a store holds them once."""

    def __init__(self, vocabulary: Iterable[Quad], base: str) -> None:
        """Read from the vocabulary which properties are lineage."""
        self._base = base
        self._graph = derived_graph(base)
        self._lineage = publication.Lineage((quad.triple for quad in vocabulary), base)
        self._ties = self._lineage.rests_on | self._lineage.grounds
        self._classes = frozenset(holdings.CLASSES)
        self._bodies: list[Triple] = []

    def part(self, quads: list[Quad]) -> Iterator[Quad]:
        """The statements themselves, the same in the default graph, their edges, their look-up keys and matches.

        A part holds all that is said of an agency or an event that it types, and of a mapping whose ends it names.
        """
        yield from quads
        ties: dict[NamedNode, list[Triple]] = {}
        labelled: list[Triple] = []
        bodies: set[object] = set()
        for quad in quads:
            subject, predicate, value, graph = quad
            yield Quad(subject, predicate, value)
            if predicate in self._ties and isinstance(graph, NamedNode):
                ties.setdefault(graph, []).append(quad.triple)
            elif predicate in publication.LABELS:
                labelled.append(quad.triple)
            elif predicate == holdings.TYPE and value in self._classes:
                bodies.add(subject)
        self._bodies += [quad.triple for quad in quads if quad.subject in bodies]
        said = matches.said_in(quad.triple for quad in quads)
        for one in said.values():
            yield from self._derived(one.makes(clock.today()))
        for graph, stated in ties.items():
            triples = matches.tying(stated, said)
            yield from self._derived(self._lineage.edges(triples))
            for subject, predicate, value in self._lineage.stated(graph, triples):
                yield Quad(subject, predicate, value, LINEAGE_GRAPH)
        yield from self._derived(publication.keys(labelled, self._base))

    def rest(self) -> Iterator[Quad]:
        """What follows from all parts together: the holdings."""
        yield from self._derived(holdings.derived(self._bodies))

    def _derived(self, triples: Iterable[Triple]) -> Iterator[Quad]:
        for subject, predicate, value in triples:
            yield Quad(subject, predicate, value, self._graph)
            yield Quad(subject, predicate, value)
