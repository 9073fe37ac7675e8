"""What to ask of synthetic data: up to `WANTED` distinct things per question, spread evenly over the cities.

That a thing was asked about before must not flatter an answer, so there are many of each. A small store has fewer: it
holds no more agencies than its cities have.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode

from benchmarks.statements import BASE, code, node, word
from benchmarks.synthetic import cities
from benchmarks.synthetic_city import GROUPS, MEMBERS, PLANS, SETS, TASKS, City, plan_key, plan_number
from benchmarks.synthetic_fixed import IMPACT, IMPACT_SIZE, PORTFOLIO, PORTFOLIO_SIZE, PORTFOLIO_SUBUNITS, SUBUNIT_SIZE

WANTED = 300
TURNS = 60
"""How often the cities are gone round before a small store is said to have no more to ask about."""


@dataclass(frozen=True, slots=True)
class Samples:
    """Questions that the data of one size can answer.

    `responsibility`: tasks, indicators and groups; most leads were given before the reorganisation of 1/3/2025 and
    went through it. `lineage_up`: indicators. `resolve`: codes, numbers, IRIs and names, with and without diacritics,
    each fitting one thing or few. `portfolios`: departments and offices since the reorganisation. `impacts`: plans.
    `path`: an indicator and the plan above its set. `portfolio` has exactly `portfolio_size` assignments (and
    `portfolio_subunits_size` with its sub-units); `impact` touches exactly `impact_size` things.
    """

    base: str
    as_of: date
    as_of_before: date
    responsibility: tuple[str, ...]
    lineage_up: tuple[str, ...]
    resolve: tuple[str, ...]
    portfolios: tuple[str, ...]
    impacts: tuple[str, ...]
    path: tuple[tuple[str, str], ...]
    search: tuple[str, ...]
    portfolio: str
    portfolio_size: int
    portfolio_subunits_size: int
    impact: str
    impact_size: int


def samples(triples: int, wanted: int = WANTED) -> Samples:
    """What to ask of `synthetic.generate(triples)`."""
    cities_there = cities(triples)
    chosen = sorted({number * cities_there // wanted for number in range(wanted)})

    def draw(make: Callable[[str, int], str]) -> tuple[str, ...]:
        return _distinct(chosen, wanted, make)

    return Samples(
        base=BASE,
        as_of=date(2026, 6, 1),
        as_of_before=date(2024, 6, 30),
        responsibility=draw(_assignable),
        lineage_up=draw(_indicator),
        resolve=draw(_text),
        portfolios=draw(_agency),
        impacts=draw(lambda tag, n: node("decision", plan_key(tag, 7 * n % PLANS)).value),
        path=tuple(
            (_indicator(f"{city:04d}", city), node("decision", plan_key(f"{city:04d}", 10 * (city % SETS))).value)
            for city in chosen[:50]
        ),
        search=("ty le ho so giai quyet truc tuyen", "chỉ số sản xuất công nghiệp", "GRDP", "ke hoach tong hop"),
        portfolio=PORTFOLIO.value,
        portfolio_size=PORTFOLIO_SIZE,
        portfolio_subunits_size=PORTFOLIO_SIZE + PORTFOLIO_SUBUNITS * SUBUNIT_SIZE,
        impact=IMPACT.value,
        impact_size=IMPACT_SIZE,
    )


def undecided(city: int, seed: int = 1) -> list[str]:
    """The tasks of a city whose lead was divided, so that nobody holds it."""
    quads = City(city, seed).quads
    role, lead = word("cv:role"), code("role/chu-tri")
    leading = {quad.subject for quad in quads if quad.predicate == role and quad.object == lead}
    divided = {
        quad.subject
        for quad in quads
        if quad.predicate == word("cv:hasParticipant")
        and quad.subject in leading
        and isinstance(quad.object, NamedNode)
        and "so-12.truoc" in quad.object.value
    }
    tasks = [
        quad.object.value
        for quad in quads
        if quad.predicate == word("chiso:for") and quad.subject in divided and isinstance(quad.object, NamedNode)
    ]
    return [task for task in tasks if "/id/task/" in task]


def _distinct(chosen: list[int], wanted: int, make: Callable[[str, int], str]) -> tuple[str, ...]:
    """`make(tag, number)` for one city after the other, round and round, each thing once."""
    found: dict[str, None] = {}
    for turn in range(TURNS):
        for city in chosen:
            found[make(f"{city:04d}", city + turn)] = None
            if len(found) == wanted:
                return tuple(found)
    return tuple(found)


def _indicator(tag: str, n: int) -> str:
    return node("indicator", f"t{tag}-bo-{n % SETS}.{1 + n % GROUPS:02}{1 + n % MEMBERS:02}").value


def _assignable(tag: str, n: int) -> str:
    match n % 3:
        case 0:
            return node("task", f"t{tag}.nhiem-vu-{7 * n % TASKS:03}").value
        case 1:
            return _indicator(tag, n)
        case _:
            return node("indicator-group", f"t{tag}-bo-{n % SETS}.nhom-{1 + n // 3 % GROUPS}").value


def _text(tag: str, n: int) -> str:
    match n % 5:
        case 0:
            return f"T{tag}.{30 + n // 5 % 6}"
        case 1:
            return plan_number(tag, 7 * n % PLANS)
        case 2:
            return f"Sở hợp nhất {n // 5 % 6} giả lập tỉnh {tag}"
        case 3:
            return f"so hop nhat {n // 5 % 6} gia lap tinh {tag}"
        case _:
            return _indicator(tag, n)


def _agency(tag: str, n: int) -> str:
    names = [f"so-{20 + k}.2025-03-01" for k in range(6)] + [f"so-{14 + k}" for k in range(4)] + ["vp-ubnd"]
    return node("agency", f"t{tag}.{names[n % len(names)]}").value
