"""Two small published states, as checkpoints on disk."""

from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

EX = "http://example.org/"


@pytest.fixture(scope="session")
def states(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The first state has 2,000 numbered things, and one in a named graph; the second has one more thing."""
    place = tmp_path_factory.mktemp("states")
    store = pyoxigraph.Store(place / "store")
    label = NamedNode(EX + "label")
    for number in range(2000):
        store.add(Quad(NamedNode(f"{EX}{number}"), label, Literal(f"tên {number}", language="vi"), DefaultGraph()))
    store.add(Quad(NamedNode(EX + "g1"), label, Literal("trong đồ thị"), NamedNode(EX + "graph")))
    store.backup(place / "first")
    store.add(Quad(NamedNode(EX + "new"), label, Literal("mới"), DefaultGraph()))
    store.backup(place / "second")
    return place / "first", place / "second"
