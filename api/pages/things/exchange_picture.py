"""The exchanges of data of one system as a picture: who gives it data on the left, whom it gives data on the right.

Sizes are in CSS pixels. Colours come from classes; the state of an exchange is written on its line, and a planned one is dashed.
"""

from dataclasses import dataclass

from api import texts
from api.pages.picture.lettering import lines
from catalogue.labels import Reference
from catalogue.systems import Exchange

_SIDE, _MIDDLE, _BETWEEN, _ROOM, _SIZE = 236, 210, 104, 22, 13
_LINE, _GAP, _TOP = 17, 18, 30
MOST = 40
"""Exchanges that are drawn; the table has them all."""


@dataclass(frozen=True, slots=True)
class Box:
    """A system: its place, and its name in lines."""

    system: Reference
    x: float
    y: float
    width: float
    height: float
    lines: list[str]


@dataclass(frozen=True, slots=True)
class Arrow:
    """One exchange, from `x1` to `x2`; `name`: its state in words, `state`: its notation."""

    exchange: Exchange
    x1: float
    y1: float
    x2: float
    y2: float
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes and arrows; the first box is the system in the middle. `giving` and `getting`: the middles of the columns of
    those that give it data and of those that get data from it, None where there are none."""

    width: float
    height: float
    boxes: list[Box]
    arrows: list[Arrow]
    left_out: int
    giving: float | None
    getting: float | None


def drawn(centre: Reference, exchanges: list[Exchange], unknown: str) -> Picture | None:
    """The picture around `centre`, None where nothing is exchanged. `unknown`: what stands for a state nobody states."""
    told = exchanges[:MOST]
    if not told:
        return None
    left = [one for one in told if one.target.iri == centre.iri]
    right = [one for one in told if one.target.iri != centre.iri]
    at_middle = float(_SIDE + _BETWEEN) if left else 0.0
    at_right = at_middle + _MIDDLE + _BETWEEN
    boxes: list[Box] = []
    placed: list[tuple[Exchange, Box, bool]] = []
    bottom = float(_TOP)
    for side, x in ((left, 0.0), (right, at_right)):
        y, ends = float(_TOP), dict[str, Box]()
        for one in side:
            other = one.source if side is left else one.target
            box = ends.get(other.iri)
            if box is None:
                box = ends[other.iri] = _box(other, x, y, _SIDE)
                boxes.append(box)
                y += box.height + _GAP
            placed.append((one, box, side is left))
        bottom = max(bottom, y - _GAP)
    middle = _box(centre, at_middle, 0, _MIDDLE)
    bottom = max(bottom, _TOP + middle.height)
    at = _TOP + max(0.0, (bottom - _TOP - middle.height) / 2)
    middle = Box(centre, middle.x, at, middle.width, middle.height, middle.lines)
    return Picture(
        at_right + _SIDE if right else at_middle + _MIDDLE,
        bottom + 10,
        [middle, *boxes],
        [_arrow(one, box, middle, to_centre, unknown, number) for number, (one, box, to_centre) in enumerate(placed)],
        len(exchanges) - len(told),
        _SIDE / 2 if left else None,
        at_right + _SIDE / 2 if right else None,
    )


def _box(system: Reference, x: float, y: float, width: float) -> Box:
    name = texts.line(system.label or "") or texts.line(system.iri.rpartition("/")[2])
    said = lines(name, width - _ROOM, _SIZE, 4) or [name]
    return Box(system, x, y, width, len(said) * _LINE + 20, said)


def _arrow(one: Exchange, box: Box, middle: Box, to_centre: bool, unknown: str, number: int) -> Arrow:
    """The line ends at the middle box at the height of its partner, as far as the box reaches."""
    y = box.y + box.height / 2 + (number % 3 - 1) * 2
    end = min(max(y, middle.y + 10), middle.y + middle.height - 10)
    name = (one.state.label or one.state.notation) if one.state else unknown
    state = one.state.notation if one.state else "unknown"
    if to_centre:
        return Arrow(one, box.x + box.width, y, middle.x, end, name, state)
    return Arrow(one, middle.x + middle.width, end, box.x, y, name, state)
