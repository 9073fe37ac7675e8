"""What a published state remembers, and what it forgets."""

import pytest

from catalogue.errors import Defect
from catalogue.store.embedded import open_memory
from catalogue.store.port import Change
from catalogue.store.remembering import Remembering


def test_what_is_recalled_stays_and_the_rest_is_forgotten() -> None:
    store = Remembering(open_memory(), most=20)
    store.remember({"used": [1], "unused": [2]})
    for number in range(40):
        assert store.recall("used") == [1]
        store.remember({number: [number]})
    assert store.recall("unused") is None
    assert store.recall(39) == [39]


def test_the_memory_is_bounded() -> None:
    store = Remembering(open_memory(), most=100)
    for number in range(1_000):
        store.remember({number: [None] * 4})
    assert sum(store.recall(number) is not None for number in range(1_000)) <= 20


def test_a_published_state_does_not_change() -> None:
    with pytest.raises(Defect):
        Remembering(open_memory()).apply(Change())
