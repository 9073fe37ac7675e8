"""Synthetic catalogue data in our own ontology, at any size, the same on every machine: for benchmarks and tests alone.

Its namespace says what it is (`https://synthetic.chiso.example/`), its sources are called `synthetic-…`, its labels say
“tổng hợp giả lập”. Nothing in it is a fact.

A fixed part (a national frame, one decision that touches 2,000 things, one agency with 200 assignments) is followed by
as many cities as it takes; each city is whole, and the same at every size.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode, Quad

from benchmarks.statements import BASE, code, node, word
from benchmarks.synthetic_city import GROUPS, MEMBERS, PLANS, SETS, City, plan_key, plan_number
from benchmarks.synthetic_fixed import (
    IMPACT,
    IMPACT_SIZE,
    PORTFOLIO,
    PORTFOLIO_SIZE,
    PORTFOLIO_SUBUNITS,
    SUBUNIT_SIZE,
    frame,
    impact,
    portfolio,
)

FIXED_TRIPLES = 22_998
CITY_TRIPLES = 19_709
"""Quads of the fixed part and of one city; a test counts them."""


@dataclass(frozen=True, slots=True)
class Samples:
    """Questions that the data of one size can answer; every tuple holds things of evenly spread cities.

    `responsibility`: tasks, groups and indicators whose lead is held today, most through the reorganisation of 1/3/2025.
    `undecided`: tasks whose lead was divided. `lineage_up`: indicators of cities. `path`: an indicator of a city and the
    national decision above its set. `resolve`: codes, numbers and names, with and without diacritics, each fitting one
    thing or few. `portfolio` has exactly `portfolio_size` assignments (and `portfolio_subunits_size` with its
    sub-units); `impact` touches exactly `impact_size` things.
    """

    base: str
    as_of: date
    as_of_before: date
    responsibility: tuple[str, ...]
    undecided: tuple[str, ...]
    lineage_up: tuple[str, ...]
    path: tuple[tuple[str, str], ...]
    resolve: tuple[str, ...]
    search: tuple[str, ...]
    portfolio: str
    portfolio_size: int
    portfolio_subunits_size: int
    impact: str
    impact_size: int


def cities(triples: int) -> int:
    """How many cities make up about `triples` quads; at least one."""
    return max(1, round((triples - FIXED_TRIPLES) / CITY_TRIPLES))


def generate(triples: int, seed: int = 1) -> Iterator[Quad]:
    """About `triples` quads (within half a city), in named graphs, each graph with its source and mark."""
    yield from frame()
    yield from impact()
    yield from portfolio()
    for number in range(cities(triples)):
        yield from City(number, seed).quads


def samples(triples: int, seed: int = 1, wanted: int = 50) -> Samples:
    """What to ask of `generate(triples, seed)`."""
    count = cities(triples)
    chosen = sorted({number * count // wanted for number in range(wanted)})
    held, undecided, upward, between, resolved = [], [], [], [], []
    for number in chosen:
        tag = f"{number:04d}"
        tasks, divided = _leads(City(number, seed))
        held += tasks[number % 3 :: 37]
        undecided += divided[:1]
        s, notation = number % SETS, f"{1 + number % GROUPS:02}{1 + number % MEMBERS:02}"
        indicator = node("indicator", f"t{tag}-bo-{s}.{notation}").value
        upward.append(indicator)
        held += [indicator, node("indicator-group", f"t{tag}-bo-{s}.nhom-{1 + number % GROUPS}").value]
        between.append((indicator, node("decision", plan_key(tag, 10 * s)).value))
        resolved += [
            f"T{tag}.{30 + number % 6}",
            plan_number(tag, number % PLANS),
            f"Sở hợp nhất {number % 6} giả lập tỉnh {tag}",
            f"so hop nhat {number % 6} gia lap tinh {tag}",
            indicator,
        ]
    return Samples(
        base=BASE,
        as_of=date(2026, 6, 1),
        as_of_before=date(2024, 6, 30),
        responsibility=tuple(held),
        undecided=tuple(undecided),
        lineage_up=tuple(upward),
        path=tuple(between),
        resolve=tuple(resolved),
        search=("ty le ho so giai quyet truc tuyen", "chỉ số sản xuất công nghiệp", "GRDP", "ke hoach tong hop"),
        portfolio=PORTFOLIO.value,
        portfolio_size=PORTFOLIO_SIZE,
        portfolio_subunits_size=PORTFOLIO_SIZE + PORTFOLIO_SUBUNITS * SUBUNIT_SIZE,
        impact=IMPACT.value,
        impact_size=IMPACT_SIZE,
    )


def _leads(city: City) -> tuple[list[str], list[str]]:
    """The tasks of a city by the fate of their lead: held by one body today, or divided."""
    role, lead = word("cv:role"), code("role/chu-tri")
    leading = {quad.subject for quad in city.quads if quad.predicate == role and quad.object == lead}
    tasks: dict[str, str] = {}
    bodies: dict[str, str] = {}
    for quad in city.quads:
        if quad.subject in leading and isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            if quad.predicate == word("chiso:for"):
                tasks[quad.subject.value] = quad.object.value
            elif quad.predicate == word("cv:hasParticipant"):
                bodies[quad.subject.value] = quad.object.value
    divided = [task for iri, task in tasks.items() if "so-12.truoc" in bodies[iri] and "/id/task/" in task]
    held = [task for iri, task in tasks.items() if "so-12.truoc" not in bodies[iri] and "/id/task/" in task]
    return held, divided
