"""How long a picture takes to be laid out and drawn, and a page of it over a large store.

    python -m benchmarks.picture [--rounds 20] [--data FOLDER [--of THING]]

Milliseconds of processor time, the median and the least of the rounds; layout and SVG of made-up neighbourhoods of 60
and 500 things with their ties, without a store. With a data folder, also the whole way from the store, at first touch
and again, about one thing.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from api.pages.naming import day
from api.pages.picture import asked, drawing, grouping
from api.pages.picture.drawing import Words
from api.pages.picture.pens import PagePen
from api.pages.render import messages
from api.published import open_state
from catalogue import neighbourhood, resolve
from catalogue.iri import curie
from catalogue.labels import Reference
from catalogue.lineage import DEPTH, Node
from catalogue.neighbourhood import Neighbourhood, Tie
from catalogue.settings import Settings

TARGETS = {60: 50, 500: 300}
"""Things of a picture → milliseconds that layout and SVG may take."""

KINDS = ("decision", "indicator-set", "indicator-group", "task", "indicator", "agency", "system")
TODAY = date(2026, 11, 22)


def made_up(things: int) -> Neighbourhood:
    """A neighbourhood with half again as many ties as things, the same every time."""
    chance = random.Random(things)
    nodes = [
        Node(
            f"https://synthetic.example/id/{KINDS[number % len(KINDS)]}/{number}",
            KINDS[number % len(KINDS)],
            f"Tỷ lệ hồ sơ trực tuyến được xử lý đúng hạn của đơn vị số {number}",
            "vi",
            "quoc-gia" if number % 5 == 0 else "tinh",
            None,
            None,
            False,
            False,
            "confirmed",
            0,
        )
        for number in range(things)
    ]
    relation = Reference("https://w3id.org/chiso/ns#basis", None, "căn cứ", "vi")
    ends = [(number, chance.randrange(number)) for number in range(1, things)]
    ends += [(chance.randrange(things), chance.randrange(things)) for _ in range(things // 2)]
    ties = [
        Tie(nodes[one].iri, nodes[other].iri, nodes[other].iri, relation, [], "confirmed", False, False)
        for one, other in dict.fromkeys(ends)
        if one != other
    ]
    return Neighbourhood(Reference(nodes[0].iri, nodes[0].kind), TODAY, nodes, ties, {}, [], truncated=False)


def words() -> Words:
    """Vietnamese, with links as long as those of a page."""
    said = messages("vi")

    def t(key: str, **values: object) -> str:
        return said[key].format(**values) if values else said[key]

    return Words(
        t,
        lambda named: named.label or named.iri,
        lambda value: day(value, "vi"),
        lambda iri: f"/doc/{iri.rpartition('/id/')[2]}?asOf=2026-11-22",
        lambda key, name: f"/lineage?of={key}&{name}={key}",
        lambda tie: f"#tie-{len(tie.start)}",
    )


def drawn(found: Neighbourhood, said: Words, *, base: str, most: int) -> drawing.Drawing:
    """The picture, of at most `most` boxes where groups can be made."""
    view = grouping.view(found, partial(curie, base), most=most, opened=frozenset(), closed=frozenset())
    return drawing.drawn(view, said, PagePen())


def timed(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    """The median and the least of some rounds, in milliseconds of processor time."""
    taken = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        taken.append((time.process_time() - began) * 1000)
    return statistics.median(taken), min(taken)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--of", default="indicator-set:hanoi-chi-dao")
    given = parser.parse_args()
    said, rows = words(), []
    for things, target in TARGETS.items():
        found = made_up(things)
        size = len(drawn(found, said, base="https://synthetic.example/", most=asked.WIDEST).parts) // 1024
        work = partial(drawn, found, said, base="https://synthetic.example/", most=asked.WIDEST)
        median, least = timed(work, given.rounds)
        rows.append(
            [
                f"{things} things, {len(found.ties)} ties: layout and SVG of {size} kB",
                f"{target}",
                f"{median:.0f}",
                f"{least:.0f}",
            ]
        )
    if given.data:
        rows += _of_store(given.data, given.of, said, given.rounds)
    print("| | target ms | median ms | least ms |\n|---|---:|---:|---:|")
    for row in rows:
        print(f"| {' | '.join(row)} |")


def _of_store(data: Path, of: str, said: Words, rounds: int) -> list[list[str]]:
    settings = Settings()
    state = open_state(data, (data / "published/current").read_text(encoding="utf-8").strip(), prepared_bytes=0)
    if state is None:
        raise SystemExit(f"nothing is published in {data}")
    thing = resolve.one(state.store, of, base=settings.base_iri, as_of=TODAY, language="vi")

    def found() -> Neighbourhood:
        return neighbourhood.around(state.store, thing, direction="both", as_of=TODAY, depth=DEPTH, limit=asked.WIDEST)

    _, first = timed(found, 1)
    median, least = timed(found, rounds)
    whole = found()
    picture, quickest = timed(lambda: drawn(whole, said, base=settings.base_iri, most=asked.USUAL), rounds)
    return [
        [
            f"{of}: {len(whole.nodes)} things, {len(whole.ties)} ties from the store, first touch",
            "",
            f"{first:.0f}",
            "",
        ],
        [f"{of}: again", "", f"{median:.0f}", f"{least:.0f}"],
        [f"{of}: layout and SVG", "", f"{picture:.0f}", f"{quickest:.0f}"],
    ]


if __name__ == "__main__":
    main()
