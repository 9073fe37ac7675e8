"""The real graph, published in memory as the build publishes it: what the competency questions are asked of."""

from datetime import date

import pytest
from pyoxigraph import NamedNode

from catalogue import publication, sources
from catalogue.iri import thing
from catalogue.settings import DEFAULT_BASE
from catalogue.shipped import GRAPH, ONTOLOGY
from catalogue.store.embedded import open_memory
from catalogue.store.port import Store
from catalogue.store.remembering import Remembering
from loaders.administrative_units import AdministrativeUnits

BEFORE = date(2024, 6, 30)
NOW = date(2026, 11, 21)

PLAN_165 = "decision:hanoi-ubnd.ke-hoach.2022-06-14.165-kh-ubnd"
PLAN_2025 = "decision:hanoi-ubnd.ke-hoach.2025-09.khong-so-1"
DECISION_1012 = "decision:ttg.quyet-dinh.2024-09-20.1012-qd-ttg"


@pytest.fixture(scope="session")
def real() -> Store:
    """Vocabulary, every source of `graph/`, and the administrative units."""
    providers, problems = sources.scan(GRAPH, ONTOLOGY)
    assert problems == []
    graphs: dict[NamedNode, set] = {}  # type: ignore[type-arg]
    for provider in [*providers, AdministrativeUnits()]:
        for name, triples in sources.content(provider, DEFAULT_BASE).items():
            graphs.setdefault(name, set()).update(triples)
    store = open_memory()
    store.load(publication.plan(store, graphs, DEFAULT_BASE).add)
    return Remembering(store)


def at(curie: str) -> NamedNode:
    """The thing that `kind:key` names."""
    kind, _, key = curie.partition(":")
    return thing(DEFAULT_BASE, kind, key)


def key(iri: str) -> str:
    """`kind:key` of a thing."""
    return iri.removeprefix(f"{DEFAULT_BASE}id/").replace("/", ":", 1)
