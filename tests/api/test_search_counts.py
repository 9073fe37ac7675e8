"""What is counted is what is found: the query that counts leaves out what only orders, and must lose nothing by it."""

from datetime import date

import pytest

from catalogue.search.filters import EVERYTHING, Filters
from catalogue.search.findable import BEGUN
from catalogue.search.index import SearchIndex, open_index
from catalogue.store.port import Store

TODAY = date(2026, 3, 2)
LONG = "uy ban nhan dan tinh thu"


@pytest.fixture(scope="module")
def index(small: Store) -> SearchIndex:
    """An index in memory."""
    return open_index(None, small)


@pytest.mark.parametrize("narrow", [EVERYTHING, Filters(kind="agency"), Filters(validity="current")])
@pytest.mark.parametrize(
    "text", [*(LONG[:length] for length in range(1, BEGUN + 4)), "UBND tỉnh Thử", "tỉnh Thử", "165", "tinhh"]
)
def test_as_many_are_found_as_are_counted(index: SearchIndex, text: str, narrow: Filters) -> None:
    page = index.search(text, narrow, as_of=TODAY, limit=1000)
    assert page.total == len(page.items)


@pytest.mark.parametrize("length", range(1, BEGUN + 4))
def test_a_name_that_begins_as_typed_comes_before_one_that_only_holds_the_words(
    index: SearchIndex, length: int
) -> None:
    fits = [one.matched for one in index.search(LONG[:length], as_of=TODAY, limit=1000).items]
    begun = [place for place, fit in enumerate(fits) if fit in ("exact", "prefix")]
    assert begun
    assert "words" not in fits[: len(begun)]
