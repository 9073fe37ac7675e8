"""What the SPARQL endpoints say about themselves: SPARQL 1.1 Service Description, section 3, with VoID counts.

Every node has an IRI of its own under the address of the endpoint, so that the description stays readable in every
form and can be compared from one state to the next.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from catalogue.graphs import LINEAGE_GRAPH
from catalogue.iri import node
from catalogue.store.port import Store

SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_ENTAILMENT = "http://www.w3.org/ns/entailment/" + "Simple"
_XSD_INTEGER = node("xsd:integer")
_TYPE = node("rdf:type")
_COMMENT = node("rdfs:comment")

RESULT_FORMATS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
    "TriG",
    "N-Quads",
)
"""The forms of answers by their W3C names (Unique URIs for File Formats)."""

MOST_COUNTED = 2_000_000
"""Statements up to which the graphs are counted one by one; beyond it counting costs seconds, and only names are given."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the dataset holds: the named graphs with their triples, and the triples of the default graph; None: not counted."""

    graphs: Sequence[tuple[NamedNode, int | None]]
    default: int | None


def holdings(store: Store, statements: int | None) -> Holdings:
    """The graphs of `store`. `statements`: how many the state has in all, where that is known; many are not counted."""
    names = store.graph_names()
    if statements is not None and statements > MOST_COUNTED:
        return Holdings([(name, None) for name in names], None)
    counted = store.select("SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g").rows
    counts = {graph: int(number.value) for graph, number in counted if isinstance(number, Literal)}
    whole = store.select("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }").rows[0][0]
    assert isinstance(whole, Literal)  # noqa: S101 - COUNT gives a number
    return Holdings([(name, counts.get(name, 0)) for name in names], int(whole.value))


def describe(base: str, held: Holdings, *, updates: bool, at: str | None = None) -> list[Triple]:
    """The description of `{base}sparql`, and of `{base}update` where `updates` are taken.

    `at`: where the service was found (`http://127.0.0.1:8000/`), which is what clients can call; the base where None.
    """
    endpoint, found_at = f"{base}sparql", at or base
    service, dataset = NamedNode(f"{endpoint}#service"), NamedNode(f"{endpoint}#dataset")
    default = NamedNode(f"{endpoint}#default-graph")
    triples = [
        Triple(service, _TYPE, _sd("Service")),
        Triple(service, _sd("endpoint"), NamedNode(f"{found_at}sparql")),
        Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        *(Triple(service, _sd("resultFormat"), NamedNode(_FORMATS + name)) for name in RESULT_FORMATS),
        Triple(service, _sd("feature"), _sd("UnionDefaultGraph")),
        Triple(service, _sd("defaultEntailmentRegime"), NamedNode(_ENTAILMENT)),
        Triple(service, _sd("defaultDataset"), dataset),
        Triple(service, _sd("availableGraphs"), dataset),
        Triple(dataset, _TYPE, _sd("Dataset")),
        Triple(dataset, _TYPE, _sd("GraphCollection")),
        Triple(dataset, _sd("defaultGraph"), default),
        Triple(default, _TYPE, _sd("Graph")),
        *_words(
            default,
            f"Hợp của các đồ thị có tên, mỗi phát biểu một lần, trừ {LINEAGE_GRAPH.value} và những gì chỉ nói về danh mục.",
            f"The union of the named graphs, each statement once, without {LINEAGE_GRAPH.value} and what is said of the catalogue alone.",
        ),
        *_counted(default, held.default),
    ]
    for name, count in held.graphs:
        place = quote(name.value, safe="")
        entry, graph = NamedNode(f"{endpoint}#named-{place}"), NamedNode(f"{endpoint}#graph-{place}")
        triples += [
            Triple(dataset, _sd("namedGraph"), entry),
            Triple(entry, _TYPE, _sd("NamedGraph")),
            Triple(entry, _sd("name"), name),
            Triple(entry, _sd("graph"), graph),
            Triple(graph, _TYPE, _sd("Graph")),
            *_counted(graph, count),
        ]
    return triples + (_update(base, found_at) if updates else [])


def _update(base: str, found_at: str) -> list[Triple]:
    service = NamedNode(f"{base}update#service")
    return [
        Triple(service, _TYPE, _sd("Service")),
        Triple(service, _sd("endpoint"), NamedNode(f"{found_at}update")),
        Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Update")),
        Triple(service, _sd("defaultEntailmentRegime"), NamedNode(_ENTAILMENT)),
        *_words(
            service,
            "Cần token (Authorization: Bearer); một thay đổi được kiểm tra, ghi bền rồi công bố thành trạng thái mới.",
            "Needs a token (Authorization: Bearer); a change is checked, made durable and then published as a new state.",
        ),
    ]


def _counted(graph: NamedNode, count: int | None) -> Iterable[Triple]:
    if count is not None:
        yield Triple(graph, node("void:triples"), Literal(str(count), datatype=_XSD_INTEGER))


def _words(node: NamedNode, vi: str, en: str) -> list[Triple]:
    return [Triple(node, _COMMENT, Literal(text, language=language)) for text, language in ((vi, "vi"), (en, "en"))]


def _sd(name: str) -> NamedNode:
    return NamedNode(SD + name)
