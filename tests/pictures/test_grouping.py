"""Groups: beyond a number of boxes, by kind and by what they hang on; opened and closed by their keys."""

from datetime import date

from api.pages.picture import grouping
from api.pages.picture.grouping import View
from catalogue.labels import Reference
from catalogue.lineage import Node
from catalogue.neighbourhood import Neighbourhood, Tie, narrowed

BASE = "https://x.example/id/"


def key(iri: str) -> str:
    return iri.removeprefix(BASE).replace("/", ":", 1)


def node(name: str) -> Node:
    kind = name.partition("/")[0]
    return Node(BASE + name, kind, name, "vi", None, None, None, False, False, "confirmed", 0)


def tie(start: str, end: str, relation: str = "r") -> Tie:
    return Tie(BASE + start, BASE + end, BASE + end, Reference(relation), [], "confirmed", False, False)


def around(ties: list[Tie], centre: str = "decision/d", **beyond: int) -> Neighbourhood:
    names = dict.fromkeys([BASE + centre, *(end for one in ties for end in (one.end, one.start))])
    nodes = [node(iri.removeprefix(BASE)) for iri in names]
    return Neighbourhood(Reference(BASE + centre), date(2026, 1, 1), nodes, ties, dict(beyond), [], False)


MANY = around(
    [tie(f"indicator/{number}", "decision/d") for number in range(60)]
    + [tie(f"task/{number}", "decision/d") for number in range(6)]
    + [tie("agency/a", f"task/{number}") for number in range(6)]
)


def view(found: Neighbourhood, *opened: str, most: int = 20, closed: frozenset[str] = frozenset()) -> View:
    return grouping.view(found, key, most=most, opened=frozenset(opened), closed=closed)


def test_few_things_stand_alone() -> None:
    seen = view(MANY, most=500)
    assert seen.grouped == 0
    assert len(seen.boxes) == 68
    assert seen.centre == "decision:d"


def test_many_of_a_kind_become_one_box_and_their_lines_one_line() -> None:
    seen = view(MANY)
    (group,) = [box for box in seen.boxes if box.group]
    assert (group.key, len(group.nodes), seen.grouped) == ("indicator@decision:d", 60, 60)
    (line,) = [line for line in seen.lines if group.key in (line.ground, line.dependent)]
    assert (line.ground, len(line.ties)) == ("decision:d", 60)


def test_an_opened_group_shows_its_first_things_and_keeps_the_rest_together() -> None:
    seen = view(MANY, "indicator@decision:d")
    (rest,) = [box for box in seen.boxes if box.group]
    assert len(rest.nodes) == 60 - grouping.OPENED
    assert len(seen.boxes) == 1 + grouping.OPENED + 1 + 6 + 1


def test_a_thing_that_is_asked_for_stands_alone() -> None:
    seen = view(MANY, "indicator:7")
    assert "indicator:7" in {box.key for box in seen.boxes}
    assert seen.grouped == 59


def test_a_closed_thing_hides_what_hangs_on_it_alone_and_counts_it() -> None:
    chain = around(
        [
            tie("task/1", "decision/d"),
            tie("agency/a", "task/1"),
            tie("agency/b", "task/1"),
            tie("agency/b", "decision/d"),
        ]
    )
    left = narrowed(chain, closed={BASE + "task/1"})
    assert {key(one.iri) for one in left.nodes} == {"decision:d", "task:1", "agency:b"}
    assert left.beyond == {BASE + "task/1": 1}
    assert [box.closable for box in view(chain).boxes if box.key == "task:1"] == [True]
    assert [box.closable for box in view(chain).boxes if box.key == "agency:b"] == [False]


def test_a_hidden_relation_takes_along_what_hung_on_it() -> None:
    found = around([tie("task/1", "decision/d", "a"), tie("agency/a", "task/1", "b"), tie("task/2", "decision/d", "b")])
    left = narrowed(found, without={"a"})
    assert {key(one.iri) for one in left.nodes} == {"decision:d", "task:2"}


def test_nothing_but_the_centre_is_a_picture_too() -> None:
    seen = view(around([]))
    assert [box.key for box in seen.boxes] == ["decision:d"]
    assert seen.lines == []
