"""Synthetic catalogue data in our own ontology, at any size, the same on every machine: for benchmarks and tests alone.

Its namespace says what it is (`https://synthetic.chiso.example/`), its sources are called `synthetic-…`, its labels say
“tổng hợp giả lập”. Nothing in it is a fact.

A fixed part (a national frame, one decision that touches 2,000 things, one agency with 200 assignments) is followed by
as many cities as it takes; each city is whole, and the same at every size.
"""

from collections.abc import Iterator

from pyoxigraph import Quad

from benchmarks.synthetic_city import City
from benchmarks.synthetic_fixed import frame, impact, portfolio

FIXED_TRIPLES = 22_998
CITY_TRIPLES = 19_709
"""Quads of the fixed part and of one city; a test counts them."""


def cities(triples: int) -> int:
    """How many cities make up about `triples` quads; at least one."""
    return max(1, round((triples - FIXED_TRIPLES) / CITY_TRIPLES))


def generate(triples: int, seed: int = 1) -> Iterator[Quad]:
    """About `triples` quads (within half a city), in named graphs, each graph with its source and mark."""
    for part in parts(triples, seed):
        yield from part


def parts(triples: int, seed: int = 1) -> Iterator[list[Quad]]:
    """The same in parts, each of which says all that is said of its agencies and events."""
    yield frame()
    yield impact()
    yield portfolio()
    for number in range(cities(triples)):
        yield City(number, seed).quads
