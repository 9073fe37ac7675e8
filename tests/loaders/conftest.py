"""One store in memory that holds the administrative units and nothing else, for all tests of this folder."""

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, parse

from catalogue.graphs import MARK_PREFIX
from catalogue.iri import thing
from catalogue.shipped import GRAPH
from catalogue.store.embedded import open_memory
from catalogue.store.port import Store
from loaders.administrative_units import AdministrativeUnits

BASE = "https://chiso.example/"


def area_quads(base: str = BASE) -> list[Quad]:
    """The loader's quads and those of `graph/areas`, as the build lays them out: named graphs, and their union."""
    quads = list(AdministrativeUnits().quads(base))
    for path in sorted((GRAPH / "areas").glob("*.*.ttl")):
        source, _, mark = path.stem.rpartition(".")
        graph = NamedNode(f"{base}graph/{source}.{mark}")
        quads += [Quad(q.subject, q.predicate, q.object, graph) for q in parse(path=str(path), format=RdfFormat.TURTLE)]
    described = NamedNode(f"{base}graph/sources.areas")
    for q in parse(path=str(GRAPH / "areas" / "sources.ttl"), format=RdfFormat.TURTLE):
        quads.append(Quad(q.subject, q.predicate, q.object, described))
    for graph in {q.graph_name for q in quads} - {described}:
        assert isinstance(graph, NamedNode)
        source, _, mark = graph.value.removeprefix(f"{base}graph/").rpartition(".")
        verification = NamedNode("https://w3id.org/chiso/ns#verification")
        quads.append(Quad(graph, verification, NamedNode(MARK_PREFIX + mark), graph))
        quads.append(Quad(graph, NamedNode("http://purl.org/dc/terms/source"), thing(base, "source", source), graph))
    union = [Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in quads]
    return quads + union


@pytest.fixture(scope="session")
def quads() -> list[Quad]:
    """What the loader alone yields."""
    return list(AdministrativeUnits().quads(BASE))


@pytest.fixture(scope="session")
def store() -> Store:
    """The administrative units of the real graph."""
    return open_memory(area_quads())
