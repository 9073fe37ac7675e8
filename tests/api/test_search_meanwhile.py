"""Search while the index of a new state is being made: in the one before, over what the new state says."""

from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from api.published import State
from catalogue.search import documents
from catalogue.store.embedded import open_memory

LABEL = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
KIND = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
AGENCY = NamedNode("http://data.europa.eu/m8g/PublicOrganisation")


def state(name: str, directory: Path, names: dict[str, str]) -> State:
    """A state in which agencies bear `names`."""
    quads = []
    for key, label in names.items():
        node = NamedNode(f"https://synthetic.example/id/agency/{key}")
        quads += [Quad(node, KIND, AGENCY), Quad(node, LABEL, Literal(label, language="vi"))]
    return State(open_memory(quads), name, datetime(2026, 3, 1, tzinfo=UTC), search_directory=directory / name)


def found(of: State, text: str) -> list[str | None]:
    """The labels that a search finds."""
    return [item.label for item in of.search_index().suggest(text)]


def test_the_index_before_is_asked_until_the_next_is_there(tmp_path: Path) -> None:
    before = state("s1", tmp_path, {"a": "Sở Tài chính", "b": "Sở Y tế"})
    assert found(before, "sở tài chính") == ["Sở Tài chính"]
    after = state("s2", tmp_path, {"a": "Sở Tài chính (mới)", "c": "Sở Nội vụ"})
    after.search_meanwhile(before)
    assert found(after, "sở tài chính") == ["Sở Tài chính (mới)"]  # found by the old name, told by the new one
    assert found(after, "sở y tế") == []  # gone
    assert found(after, "sở nội vụ") == []  # not yet
    assert not documents.complete(tmp_path / "s2")
    documents.build(after.store, tmp_path / "s2")
    assert found(after, "sở nội vụ") == ["Sở Nội vụ"]


def test_a_state_without_an_index_before_it_makes_its_own(tmp_path: Path) -> None:
    before, after = state("s1", tmp_path, {"a": "Sở Y tế"}), state("s2", tmp_path, {"a": "Sở Y tế"})
    after.search_meanwhile(before)
    assert found(after, "sở y tế") == ["Sở Y tế"]
    assert documents.complete(tmp_path / "s2")
