"""Statements for synthetic data: terms by their short names, and a scribe who writes into one named graph."""

from datetime import date
from functools import cache

from pyoxigraph import Literal, NamedNode, Quad

from catalogue.graphs import MARK_PREFIX, Mark, register_graph, source_graph
from catalogue.iri import CODES, PREFIXES, thing

BASE = "https://synthetic.chiso.example/"
"""Every IRI of synthetic data starts with this; no catalogue of real data has this base."""

FOLDER = "synthetic"

Said = tuple[str, NamedNode | Literal]


@cache
def word(name: str) -> NamedNode:
    """A word of a vocabulary: `skos:prefLabel`."""
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


@cache
def code(name: str) -> NamedNode:
    """A concept of a code list: `role/chu-tri`."""
    return NamedNode(CODES + name)


def node(kind: str, key: str) -> NamedNode:
    """A synthetic thing."""
    return thing(BASE, kind, key)


def vi(text: str) -> Literal:
    """A text in Vietnamese."""
    return Literal(text, language="vi")


@cache
def day(value: date) -> Literal:
    """A date."""
    return Literal(value.isoformat(), datatype=word("xsd:date"))


@cache
def year(value: int) -> Literal:
    """A year."""
    return Literal(str(value), datatype=word("xsd:gYear"))


def decimal(value: float) -> Literal:
    """A decimal number."""
    return Literal(f"{value:.2f}", datatype=word("xsd:decimal"))


@cache
def whole(value: int) -> Literal:
    """A whole number."""
    return Literal(str(value), datatype=word("xsd:integer"))


class Scribe:
    """Writes what one synthetic source says, with one mark per graph, and describes the source and its graphs."""

    def __init__(self, out: list[Quad], source: str, title: str) -> None:
        self._out = out
        self.source = node("source", source)
        self._key = source
        self._graphs: dict[Mark, NamedNode] = {}
        register = register_graph(BASE, FOLDER)
        for name, value in (
            ("rdf:type", word("chiso:Source")),
            ("dct:title", vi(title)),
            ("dct:identifier", Literal(source)),
            ("dct:publisher", Literal("dữ liệu tổng hợp để đo tốc độ, không có thật")),
            ("chiso:notFound", word("chiso:retrieved")),
            ("chiso:notFound", word("dct:license")),
        ):
            out.append(Quad(self.source, word(name), value, register))

    def tell(self, subject: NamedNode, *said: Said, mark: Mark = "confirmed") -> None:
        """Write statements about one thing."""
        graph = self._graphs.get(mark) or self._open(mark)
        self._out += [Quad(subject, word(name), value, graph) for name, value in said]

    def tell_provisions(self, decision: NamedNode, count: int) -> list[NamedNode]:
        """Write the provisions of a decision, Điều 1 to `count`."""
        found = []
        for k in range(1, count + 1):
            provision = node("provision", f"{decision.value.rpartition('/')[2]}.dieu-{k}")
            self.tell(
                provision,
                ("rdf:type", word("eli:LegalResourceSubdivision")),
                ("eli:number", Literal(f"Điều {k}")),
                ("eli:is_part_of", decision),
            )
            found.append(provision)
        return found

    def _open(self, mark: Mark) -> NamedNode:
        graph = self._graphs[mark] = source_graph(BASE, self._key, mark)
        for name, value in (
            ("rdf:type", word("chiso:SourceGraph")),
            ("dct:source", self.source),
            ("chiso:verification", NamedNode(MARK_PREFIX + mark)),
        ):
            self._out.append(Quad(graph, word(name), value, graph))
        return graph
