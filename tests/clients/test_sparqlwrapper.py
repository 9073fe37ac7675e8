"""SPARQLWrapper, as its documentation uses it."""

import xml.dom.minidom

import pytest
import rdflib
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)
from SPARQLWrapper.SPARQLExceptions import EndPointInternalError, QueryBadFormed, Unauthorized

from tests.clients.conftest import NAMES, Endpoint

GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <http://clients.example/g> { ?s ?p ?o } }"


def wrapper(endpoint: Endpoint, text: str, form: str, method: str = GET) -> SPARQLWrapper:
    """A wrapper with its query."""
    found = SPARQLWrapper(endpoint.query)
    found.setQuery(text)
    found.setReturnFormat(form)
    found.setMethod(method)
    return found


@pytest.mark.parametrize("method", [GET, POST])
@pytest.mark.parametrize("request_method", [URLENCODED, POSTDIRECTLY])
def test_json_by_every_method(endpoint: Endpoint, method: str, request_method: str) -> None:
    asked = wrapper(endpoint, NAMES, JSON, method)
    asked.setRequestMethod(request_method)
    rows = asked.query().convert()["results"]["bindings"]
    assert [(row["name"]["value"], row["name"]["xml:lang"]) for row in rows] == [
        ("Poverty rate", "en"),
        ("Tỷ lệ hộ nghèo", "vi"),
        ("Đất", "vi"),
    ]


def test_xml_csv_and_tsv(endpoint: Endpoint) -> None:
    document = wrapper(endpoint, NAMES, XML).queryAndConvert()
    assert isinstance(document, xml.dom.minidom.Document)
    assert len(document.getElementsByTagName("result")) == 3
    assert "http://clients.example/b,Đất" in wrapper(endpoint, NAMES, CSV).queryAndConvert().decode()
    assert '<http://clients.example/b>\t"Đất"@vi' in wrapper(endpoint, NAMES, TSV).queryAndConvert().decode()


def test_ask(endpoint: Endpoint) -> None:
    text = 'ASK { ?thing <http://clients.example/name> "Đất"@vi }'
    assert wrapper(endpoint, text, JSON).queryAndConvert()["boolean"] is True
    document = wrapper(endpoint, text, XML).queryAndConvert()
    assert document.getElementsByTagName("boolean")[0].firstChild.data == "true"


# SPARQLWrapper reads graphs with classes that rdflib has deprecated.
@pytest.mark.filterwarnings("ignore:.*is deprecated, use Dataset:DeprecationWarning")
@pytest.mark.parametrize(
    ("form", "parser"), [(TURTLE, "turtle"), (N3, "n3"), (RDFXML, None), (XML, None), (JSONLD, None)]
)
def test_graphs(endpoint: Endpoint, form: str, parser: str | None) -> None:
    found = wrapper(endpoint, GRAPH, form).queryAndConvert()
    graph = found if isinstance(found, rdflib.Graph) else rdflib.Graph().parse(data=found, format=parser)
    assert len(graph) == 5


def test_named_graphs_of_the_request(endpoint: Endpoint) -> None:
    asked = wrapper(endpoint, "SELECT ?v { <http://clients.example/a> <http://clients.example/value> ?v }", JSON)
    asked.addDefaultGraph("http://clients.example/h")
    assert [row["v"]["value"] for row in asked.queryAndConvert()["results"]["bindings"]] == ["9"]


def test_a_malformed_query_is_told_as_such(endpoint: Endpoint) -> None:
    with pytest.raises(QueryBadFormed) as caught:
        wrapper(endpoint, "SELECT ?x WHERE {", JSON).query()
    assert "line" in str(caught.value)


def test_update_with_a_token(endpoint: Endpoint) -> None:
    asked = SPARQLWrapper(endpoint.update)
    asked.setMethod(POST)
    asked.setQuery('INSERT DATA { GRAPH <http://clients.example/wrapper> { <urn:w> <urn:p> "mới" } }')
    with pytest.raises((Unauthorized, EndPointInternalError)):
        asked.query()
    asked.addCustomHttpHeader("Authorization", endpoint.headers["Authorization"])
    asked.query()
    told = wrapper(endpoint, 'ASK { GRAPH <http://clients.example/wrapper> { <urn:w> <urn:p> "mới" } }', JSON)
    assert told.queryAndConvert()["boolean"] is True
