"""Layout: nothing upon anything else, no line behind a box, every port its own."""

import random
import re
from itertools import combinations

import pytest

from api.pages.picture.layout import Item, Layout, Placed, arranged

NUMBER = re.compile(r"[MCH]|-?\d+(?:\.\d+)?(?:e-?\d+)?")


def some(seed: int, boxes: int, lines: int) -> tuple[dict[str, Item], list[tuple[str, str]]]:
    chance = random.Random(seed)  # noqa: S311 - a picture, not a secret
    items = {f"b{number}": Item(chance.randrange(6), 196, chance.choice((55, 72, 89))) for number in range(boxes)}
    names = list(items)
    pairs = [(names[number], names[chance.randrange(number)]) for number in range(1, boxes)]
    pairs += [(chance.choice(names), chance.choice(names)) for _ in range(lines - len(pairs))]
    return items, [(one, other) for one, other in dict.fromkeys(pairs) if one != other]


def points(path: str) -> list[tuple[float, float]]:
    """Places along a path, close to each other."""
    found: list[tuple[float, float]] = []
    tokens = NUMBER.findall(path)
    at = 0
    while at < len(tokens):
        letter = tokens[at]
        count = {"M": 2, "H": 1, "C": 6}[letter]
        values = [float(token) for token in tokens[at + 1 : at + 1 + count]]
        at += 1 + count
        if letter == "M":
            found.append((values[0], values[1]))
        elif letter == "H":
            (x, y), end = found[-1], values[0]
            found += [(x + (end - x) * step / 20, y) for step in range(1, 21)]
        else:
            (x0, y0), (x1, y1, x2, y2, x3, y3) = found[-1], values
            for step in range(1, 21):
                t = step / 20
                a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
                found.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
    return found


def inside(point: tuple[float, float], box: Placed) -> bool:
    x, y = point
    return box.x + 1 < x < box.x + box.width - 1 and box.y + 1 < y < box.y + box.height - 1


def laid_out(seed: int, boxes: int, lines: int) -> tuple[list[tuple[str, str]], Layout]:
    items, pairs = some(seed, boxes, lines)
    return pairs, arranged(items, pairs)


@pytest.mark.parametrize(("seed", "boxes", "lines"), [(1, 12, 14), (2, 40, 70), (3, 60, 140), (4, 120, 200)])
def test_boxes_and_lines_keep_apart(seed: int, boxes: int, lines: int) -> None:
    pairs, made = laid_out(seed, boxes, lines)
    for one, other in combinations(made.boxes.values(), 2):
        apart = (
            one.x + one.width <= other.x
            or other.x + other.width <= one.x
            or one.y + one.height <= other.y
            or other.y + other.height <= one.y
        )
        assert apart
    for (one_key, other_key), route in zip(pairs, made.routes, strict=True):
        for point in points(route.path):
            behind = [key for key, box in made.boxes.items() if inside(point, box)]
            assert behind == [], (one_key, other_key)
            assert 0 <= point[0] <= made.width
            assert 0 <= point[1] <= made.height


def test_a_line_begins_and_ends_at_the_sides_of_its_boxes() -> None:
    pairs, made = laid_out(3, 60, 140)
    for pair, route in zip(pairs, made.routes, strict=True):
        left, right = sorted((made.boxes[key] for key in pair), key=lambda box: box.layer)
        assert {route.left[0], route.right[0]} <= {left.x + left.width, right.x, right.x + right.width}
        for x, y in (route.left, route.right):
            assert any(box.y < y < box.y + box.height and x in (box.x, box.x + box.width) for box in (left, right))


def test_lines_to_different_boxes_leave_by_different_ports() -> None:
    items = {"a": Item(0, 196, 72)} | {f"b{number}": Item(1, 196, 55) for number in range(5)}
    made = arranged(items, [("a", f"b{number}") for number in range(5)])
    assert len({route.left for route in made.routes}) == 5


def test_columns_keep_their_order_and_a_chain_within_one_spreads() -> None:
    items = {"unit": Item(4, 196, 55), "parent": Item(3, 196, 55), "child": Item(3, 196, 55), "law": Item(0, 196, 55)}
    made = arranged(items, [("law", "parent"), ("parent", "child"), ("child", "unit")])
    assert [made.boxes[key].layer for key in ("law", "parent", "child", "unit")] == [0, 1, 2, 3]
    assert [strip.column for strip in made.columns] == [0, 3, 4]
    assert made.columns[1].width > 2 * 196


def test_a_circle_within_a_column_ends() -> None:
    items = {name: Item(0, 196, 55) for name in "abc"}
    made = arranged(items, [("a", "b"), ("b", "c"), ("c", "a")])
    assert len(made.routes) == 3


def test_the_same_picture_twice() -> None:
    assert laid_out(2, 40, 70) == laid_out(2, 40, 70)
