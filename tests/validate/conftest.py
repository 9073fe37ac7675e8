"""One server for all tests of `/validate`, with short limits: it needs no data folder."""

from collections.abc import Iterator

import httpx2
import pytest

from catalogue.settings import MEGABYTE, Settings
from catalogue.store.embedded import open_memory
from tests.api.conftest import BASE, serving

HASTE = 1.5
"""Seconds that the hasty server gives a judgement."""

LIMITS = Settings(
    store="memory",
    base_iri=BASE,
    validate_seconds=30,
    validate_memory=256 * MEGABYTE,
    validate_bytes=200_000,
    query_bytes=300_000,
)


@pytest.fixture(scope="session")
def validator() -> Iterator[httpx2.Client]:
    """A client of the server."""
    with serving(open_memory(), settings=LIMITS) as client:
        yield client


@pytest.fixture(scope="session")
def hasty() -> Iterator[httpx2.Client]:
    """A client of a server that gives little time."""
    with serving(open_memory(), settings=LIMITS.with_options(validate_seconds=HASTE)) as client:
        yield client
