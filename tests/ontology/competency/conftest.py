"""The real graph, published in memory as the build publishes it: what the competency questions are asked of."""

from datetime import date

import pytest
from pyoxigraph import NamedNode

from catalogue.iri import thing
from catalogue.settings import DEFAULT_BASE
from catalogue.store.embedded import Embedded
from catalogue.store.port import Store
from catalogue.store.remembering import Remembering

BEFORE = date(2024, 6, 30)
NOW = date(2026, 11, 21)

PLAN_165 = "decision:hanoi-ubnd.ke-hoach.2022-06-14.165-kh-ubnd"
PLAN_2025 = "decision:hanoi-ubnd.ke-hoach.2025-09.khong-so-1"
DECISION_1012 = "decision:ttg.quyet-dinh.2024-09-20.1012-qd-ttg"


@pytest.fixture(scope="session")
def real(real_store: Embedded) -> Store:
    """Vocabulary, every source of `graph/`, and the administrative units."""
    return Remembering(real_store)


def at(curie: str) -> NamedNode:
    """The thing that `kind:key` names."""
    kind, _, key = curie.partition(":")
    return thing(DEFAULT_BASE, kind, key)


def key(iri: str) -> str:
    """`kind:key` of a thing."""
    return iri.removeprefix(f"{DEFAULT_BASE}id/").replace("/", ":", 1)
