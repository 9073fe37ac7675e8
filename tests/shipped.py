"""What ships with the package, as the content of named graphs."""

from pyoxigraph import NamedNode, Triple

from catalogue import publication, sources
from catalogue.settings import DEFAULT_BASE
from catalogue.shipped import GRAPH, ONTOLOGY
from catalogue.store.embedded import Embedded, open_memory


def graphs(*more: sources.Provider) -> dict[NamedNode, set[Triple]]:
    """The vocabulary, every source of `graph/`, and what further providers give."""
    providers, problems = sources.scan(GRAPH, ONTOLOGY)
    assert problems == []
    found: dict[NamedNode, set[Triple]] = {}
    for provider in [*providers, *more]:
        for name, triples in sources.content(provider, DEFAULT_BASE).items():
            found.setdefault(name, set()).update(triples)
    return found


def published(*more: sources.Provider) -> Embedded:
    """The same in a memory store, with all that publication derives."""
    store = open_memory()
    store.load(publication.plan(store, graphs(*more), DEFAULT_BASE).add)
    return store
