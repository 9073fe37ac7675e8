"""The page about the graph is written from the graph, and the committed one is up to date."""

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from catalogue import inventory
from catalogue.graphs import register_graph, source_graph
from catalogue.settings import DEFAULT_BASE
from catalogue.store.embedded import open_memory
from cli.inventory import DOCUMENT, shipped

_SOURCES = """
@prefix chiso: <https://w3id.org/chiso/ns#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<https://chiso.example/id/source/mot> a chiso:Source ; dct:title "Nguồn | một"@vi , "Source one"@en ;
  foaf:page <https://one.example/> ; chiso:notFound dct:license , chiso:retrieved .
"""

_STATEMENTS = """
@prefix chiso: <https://w3id.org/chiso/ns#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix verification: <https://w3id.org/chiso/code/verification/> .
<https://chiso.example/graph/mot.MARK> a chiso:SourceGraph ; chiso:verification verification:MARK ;
  dct:source <https://chiso.example/id/source/mot> .
<https://chiso.example/id/indicator/a> a chiso:Indicator ; skos:prefLabel "Chỉ số A"@vi ; chiso:statedSize SIZE ;
  chiso:notFound skos:notation .
"""


def _quads() -> list[Quad]:
    quads = []
    parts = [(register_graph(DEFAULT_BASE, "mot"), _SOURCES)]
    for mark, size in (("inferred", "4"), ("confirmed", "3")):
        text = _STATEMENTS.replace("MARK", mark).replace("SIZE", size)
        parts.append((source_graph(DEFAULT_BASE, "mot", mark), text))  # type: ignore[arg-type]
    for graph, text in parts:
        for quad in parse(text, RdfFormat.TURTLE):
            quads += [_in_graph(quad, graph), quad]
    return quads


def _in_graph(quad: Quad, graph: NamedNode) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object, graph)


def test_the_committed_page_says_what_the_graph_says() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == shipped(), (
        "docs/data.md is out of date: run `python -m cli.inventory`"
    )


def test_a_thing_counts_once_under_its_best_mark() -> None:
    page = inventory.markdown(open_memory(_quads()))
    row = next(line for line in page.splitlines() if "| `indicator` |" in line)
    assert row.endswith("| 1 | 1 | 0 | 0 |")


def test_sources_gaps_and_differing_values_are_told() -> None:
    page = inventory.markdown(open_memory(_quads()))
    assert "[Nguồn \\| một](<https://one.example/>) | – | – | 8 | 4 | 4 | 0 |" in page
    assert "(`skos:notation`): Chỉ số A." in page or "`skos:notation`: Chỉ số A." in page
    assert "| Chỉ số A | `chiso:statedSize` | 3 (" in page


def test_the_same_graph_gives_the_same_page_in_any_order() -> None:
    quads = _quads()
    assert inventory.markdown(open_memory(quads)) == inventory.markdown(open_memory(reversed(quads)))
