"""rdflib's SPARQLStore and SPARQLUpdateStore: a remote graph used as if it were here."""

from collections.abc import Iterator
from urllib.error import HTTPError

import pytest
from rdflib import Graph, Literal, Namespace
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore

from tests.clients.conftest import NAMES, Endpoint

CLIENTS = Namespace("http://clients.example/")


@pytest.fixture
def reading(endpoint: Endpoint) -> SPARQLStore:
    """A store that reads."""
    return SPARQLStore(endpoint.query)


@pytest.fixture
def writing(endpoint: Endpoint) -> Iterator[SPARQLUpdateStore]:
    """A store that writes, and sees what it wrote."""
    store = SPARQLUpdateStore(endpoint.query, endpoint.update, headers=endpoint.headers)
    yield store
    store.close()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("form", ["xml", "json", "csv", "tsv"])
def test_queries(endpoint: Endpoint, method: str, form: str) -> None:
    graph = Graph(SPARQLStore(endpoint.query, method=method, returnFormat=form))
    rows = [str(row[1]) for row in graph.query(NAMES)]
    assert rows == ["Poverty rate", "Tỷ lệ hộ nghèo", "Đất"]


def test_a_named_graph_is_a_graph(reading: SPARQLStore) -> None:
    graph = Graph(reading, identifier=CLIENTS.h)
    assert len(graph) == 1
    assert set(graph.triples((CLIENTS.a, None, None))) == {(CLIENTS.a, CLIENTS.value, Literal(9))}
    assert (CLIENTS.a, CLIENTS.value, Literal(7)) not in graph
    assert graph.value(CLIENTS.a, CLIENTS.value) == Literal(9)


def test_the_default_graph_is_the_union(reading: SPARQLStore) -> None:
    graph = Graph(reading)
    assert {int(str(value)) for value in graph.objects(CLIENTS.a, CLIENTS.value)} == {7, 9}
    assert CLIENTS.g in set(reading.contexts())
    assert bool(graph.query("ASK { ?thing ?property ?value }"))


def test_a_graph_that_is_not_there_is_told(reading: SPARQLStore) -> None:
    with pytest.raises(ValueError, match="wrong"):  # what rdflib makes of 400
        len(Graph(reading, identifier=CLIENTS.nowhere))


def test_constructing(reading: SPARQLStore) -> None:
    found = Graph(reading).query("CONSTRUCT WHERE { ?thing <http://clients.example/name> ?name }")
    assert found.graph is not None
    assert len(found.graph) == 3


def test_adding_and_removing(writing: SPARQLUpdateStore) -> None:
    graph = Graph(writing, identifier=CLIENTS.rdflib)
    one, other = (CLIENTS.x, CLIENTS.p, Literal('"dấu"\nnháy', lang="vi")), (CLIENTS.x, CLIENTS.p, Literal(2))
    assert len(graph) == 0  # who may make a graph reads it as empty before it is there, and again when it is emptied
    graph.add(one)
    graph.addN([(*other, graph)])
    assert set(graph) == {one, other}
    graph.remove(one)
    assert set(graph) == {other}
    graph.update("DELETE { ?s ?p ?o } INSERT { ?s ?p 3 } WHERE { ?s ?p ?o }")
    assert [value.toPython() for value in graph.objects(CLIENTS.x)] == [3]  # type: ignore[attr-defined]
    graph.remove((None, None, None))
    assert len(graph) == 0
    assert not bool(Graph(writing).query(f"ASK {{ GRAPH <{CLIENTS.rdflib}> {{ ?s ?p ?o }} }}"))


def test_several_changes_in_one_request(writing: SPARQLUpdateStore) -> None:
    writing.autocommit = False
    graph = Graph(writing, identifier=CLIENTS.later)
    for number in range(5):
        graph.add((CLIENTS.y, CLIENTS.p, Literal(number)))
    writing.commit()
    assert len(graph) == 5


def test_without_a_token_nothing_is_written(endpoint: Endpoint) -> None:
    store = SPARQLUpdateStore(endpoint.query, endpoint.update)
    with pytest.raises(HTTPError) as caught:
        Graph(store, identifier=CLIENTS.none).add((CLIENTS.a, CLIENTS.p, CLIENTS.b))
    assert caught.value.code == 401
    caught.value.close()
