"""A tiny catalogue of Turtle files to build from, and a validation with one rule."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from catalogue.build import BuildReport, bring_up
from catalogue.graphs import default_graph
from catalogue.settings import DEFAULT_BASE, Settings
from catalogue.sources import Provider
from catalogue.store.authority import open_authority
from catalogue.store.connect import open_reader, open_single
from catalogue.store.embedded import Embedded, open_memory
from catalogue.store.port import Store
from catalogue.writing import Writer

PREFIXES = """@prefix chiso: <https://w3id.org/chiso/ns#> .
@prefix cv: <http://data.europa.eu/m8g/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix eli: <http://data.europa.eu/eli/ontology#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix agency: <https://chiso.example/id/agency/> .
@prefix decision: <https://chiso.example/id/decision/> .
@prefix event: <https://chiso.example/id/event/> .
@prefix source: <https://chiso.example/id/source/> .
@prefix task: <https://chiso.example/id/task/> .
"""

ONTOLOGY = "chiso:basis rdfs:subPropertyOf chiso:restsOn . eli:based_on rdfs:subPropertyOf chiso:restsOn .\n"
PLAN = 'decision:ke-hoach dct:title "Kế hoạch"@vi ; eli:number "165/KH-UBND" ; eli:based_on decision:luat .\n'
LAW = 'decision:luat dct:title "Luật"@vi .\n'
TASK = 'task:a skos:prefLabel "Hạ tầng"@vi ; chiso:basis decision:ke-hoach .\n'
AGENCIES = """agency:cu a cv:PublicOrganisation ; chiso:validTo "2025-03-01"^^xsd:date .
agency:moi a cv:PublicOrganisation ; chiso:validFrom "2025-03-01"^^xsd:date .
event:e a org:ChangeEvent ; dct:type <https://w3id.org/chiso/code/change/hop-nhat> ; dct:date "2025-03-01"^^xsd:date ;
    org:originalOrganization agency:cu ; org:resultingOrganization agency:moi .
"""


G = NamedNode("https://else.example/g")
H = NamedNode("https://else.example/h")
INTERNAL = NamedNode(DEFAULT_BASE + "internal/notes")
TITLE = NamedNode("http://purl.org/dc/terms/title")
DEFAULT = default_graph(DEFAULT_BASE)


@dataclass(frozen=True)
class Found:
    """A violation as the intake reads it."""

    source: str | None
    focus: Any
    path: Any = None
    value: Any = None
    shape: Any = "shape"
    severity: str = "Violation"
    message_vi: str = "nhãn không được là “sai”"
    message_en: str = "the label may not be “sai”"


def one_rule(
    store: Store,
    *,
    graphs: Mapping[NamedNode, str],
    nodes: Collection[Any] | None = None,
) -> list[Found]:
    """No label is “sai”, and whatever a decision is based on has a title."""
    query = 'SELECT ?s ?g WHERE { GRAPH ?g { ?s ?p ?o } FILTER(STR(?o) = "sai") }'
    found = [Found(graphs.get(g), s) for s, g in store.select(query).rows if isinstance(g, NamedNode)]
    based = "http://data.europa.eu/eli/ontology#based_on"
    query = f"SELECT ?s ?g WHERE {{ GRAPH ?g {{ ?s <{based}> ?o }} FILTER NOT EXISTS {{ ?o ?p ?v }} }}"
    text = ("văn bản căn cứ không có trong danh mục", "the decision it is based on is not in the catalogue")
    rows = store.select(query).rows
    return found + [
        Found(graphs.get(g), s, message_vi=text[0], message_en=text[1]) for s, g in rows if isinstance(g, NamedNode)
    ]


@contextmanager
def stores(settings: Settings, memory: Store | None = None) -> Iterator[tuple[Store, Store]]:
    """What the one writer holds: the authority, and the store that is published; one and the same elsewhere than on disk."""
    if settings.store == "disk":
        authority = open_authority(settings)
        try:
            yield authority.stored, authority.public
        finally:
            authority.close()
    else:
        store = open_single(settings, memory)
        yield store, store


@dataclass
class Shop:
    """A folder with `graph/`, `ontology/` and a data folder."""

    root: Path
    said: list[str] = field(default_factory=list)
    memory: Embedded = field(default_factory=open_memory)

    @property
    def data(self) -> Path:
        return self.root / "data"

    def settings(self, **others: Any) -> Settings:
        return Settings(**{"data": self.data, **others})

    def write(self, name: str, text: str, *, folder: str = "graph/legal") -> Path:
        path = self.root / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PREFIXES + text, encoding="utf-8")
        return path

    def build(
        self, settings: Settings | None = None, *, extra_sources: tuple[Provider, ...] = (), check: Any = one_rule
    ) -> BuildReport:
        return bring_up(
            settings or self.settings(),
            memory=self.memory,
            extra_sources=extra_sources,
            say=self.said.append,
            check=check,
            graph=self.root / "graph",
            ontology=self.root / "ontology",
        )


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """Four sources: a law, a plan that rests on it with two marks, agencies, and the register; and a vocabulary."""
    shop = Shop(tmp_path)
    shop.write("chiso.ttl", ONTOLOGY, folder="ontology")
    shop.write("luat.confirmed.ttl", LAW)
    shop.write("ke-hoach.confirmed.ttl", PLAN)
    shop.write("ke-hoach.inferred.ttl", TASK)
    shop.write("co-quan.confirmed.ttl", AGENCIES, folder="graph/agencies")
    shop.write("sources.ttl", 'source:luat dct:title "Công báo"@vi .\n')
    return shop


def ask(store: Store, pattern: str) -> bool:
    return store.ask(PREFIXES.replace("@prefix", "PREFIX").replace(" .\n", "\n") + f"ASK {{ {pattern} }}")


def reading(shop: Shop, settings: Settings, pattern: str) -> bool:
    store = open_reader(settings, shop.memory)
    try:
        return ask(store, pattern)
    finally:
        if settings.store == "disk":
            store.close()


def said(word: str, thing: str = "task/x") -> Triple:
    return Triple(NamedNode(f"{DEFAULT_BASE}id/{thing}"), TITLE, Literal(word, language="vi"))


@contextmanager
def writing_to(settings: Settings) -> Iterator[Writer]:
    writer = Writer(settings, check=one_rule)
    try:
        yield writer
    finally:
        writer.close()


def published(shop: Shop, graph: NamedNode | None) -> set[Triple]:
    store = open_reader(shop.settings())
    try:
        return set(store.graph(graph))
    finally:
        store.close()


@pytest.fixture
def built(shop: Shop) -> Shop:
    shop.build()
    return shop


@pytest.fixture
def writer(built: Shop) -> Iterator[Writer]:
    with writing_to(built.settings()) as writer:
        yield writer
