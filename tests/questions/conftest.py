"""Small catalogues, published as the build publishes them, to ask about what the real graph does not hold yet."""

from collections.abc import Callable

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from catalogue import publication, sources
from catalogue.graphs import MARKS, source_graph
from catalogue.settings import DEFAULT_BASE
from catalogue.shipped import GRAPH, ONTOLOGY
from catalogue.store.embedded import open_memory
from catalogue.store.port import Store

PREFIXES = "".join(
    f"@prefix {name}: <{iri}> .\n"
    for name, iri in {
        "chiso": "https://w3id.org/chiso/ns#",
        "role": "https://w3id.org/chiso/code/role/",
        "change": "https://w3id.org/chiso/code/change/",
        "doctype": "https://w3id.org/chiso/code/doctype/",
        "level": "https://w3id.org/chiso/code/level/",
        "cv": "http://data.europa.eu/m8g/",
        "dct": "http://purl.org/dc/terms/",
        "eli": "http://data.europa.eu/eli/ontology#",
        "org": "http://www.w3.org/ns/org#",
        "semapv": "https://w3id.org/semapv/vocab/",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "sssom": "https://w3id.org/sssom/",
        "status": "https://w3id.org/chiso/code/mapping-status/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        **{
            kind: f"{DEFAULT_BASE}id/{kind}/"
            for kind in (
                "decision",
                "agency",
                "event",
                "task",
                "responsibility",
                "system",
                "regime",
                "mapping",
                "mapping-set",
                "area",
            )
        },
        "set": f"{DEFAULT_BASE}id/indicator-set/",
        "group": f"{DEFAULT_BASE}id/indicator-group/",
        "indicator": f"{DEFAULT_BASE}id/indicator/",
    }.items()
)

Publish = Callable[..., Store]


@pytest.fixture(scope="session")
def vocabulary() -> list[Quad]:
    """The shipped vocabulary as it is published, made once."""
    providers, _ = sources.scan(GRAPH, ONTOLOGY)
    store = open_memory()
    store.apply(publication.plan(store, sources.content(providers[0], DEFAULT_BASE), DEFAULT_BASE))
    return list(store.engine)


@pytest.fixture
def publish(vocabulary: list[Quad]) -> Publish:
    """A function from Turtle per mark to a published memory store: `publish(confirmed="…", inferred="…")`."""

    def make(**by_mark: str) -> Store:
        store = open_memory(vocabulary)
        graphs: dict[NamedNode, set[Triple]] = {}
        for mark in MARKS:
            if mark in by_mark:
                name = source_graph(DEFAULT_BASE, "test", mark)
                turtle = PREFIXES + by_mark[mark]
                triples = {quad.triple for quad in parse(turtle.encode(), RdfFormat.TURTLE)}
                graphs[name] = triples | sources.self_description(name, DEFAULT_BASE)
        store.apply(publication.plan(store, graphs, DEFAULT_BASE))
        return store

    return make


def day(text: str) -> str:
    """A date in Turtle."""
    return f'"{text}"^^xsd:date'
