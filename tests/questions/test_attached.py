"""What is in groups: all of it where that is little, else something of each, and which were not read whole."""

import pytest
from pyoxigraph import RdfFormat, parse

from catalogue import attached
from catalogue.attached import Members, members
from catalogue.store.embedded import open_memory
from catalogue.store.port import Store

GROUPS = ["urn:large", "urn:small", "urn:empty"]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store with a group of seven and a group of two, and small bounds."""
    monkeypatch.setattr(attached, "MOST", 8)
    monkeypatch.setattr(attached, "MOST_EACH", 3)
    said = {"urn:large": range(7), "urn:small": range(7, 9)}
    return open_memory(
        parse(
            "\n".join(
                f"<{group}> <http://www.w3.org/2004/02/skos/core#member> <urn:{number}> ."
                for group, numbers in said.items()
                for number in numbers
            ),
            RdfFormat.N_TRIPLES,
        )
    )


def test_a_large_group_leaves_room_for_the_others(store: Store) -> None:
    found = members(store, GROUPS)
    assert list(found) == GROUPS
    assert found["urn:large"].truncated
    assert len(found["urn:large"].iris) == 3
    assert found["urn:small"] == Members(["urn:7", "urn:8"])
    assert found["urn:empty"] == Members([])


def test_what_fits_is_read_whole(store: Store) -> None:
    assert members(store, ["urn:large"])["urn:large"] == Members([f"urn:{number}" for number in range(7)])
