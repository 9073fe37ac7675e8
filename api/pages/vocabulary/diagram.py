"""Pictures of the model, laid out here and drawn by the templates: the whole of it in layers, and one class with its neighbours."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from catalogue.iri import CODES
from catalogue.vocabulary_model import Relation

WIDTH, HEIGHT = 168, 46
"""A box, in the units of the picture."""
_GAP, _ROW = 22, 58
_SLOT = 26
"""The room of a line that passes through a layer."""
_LETTERS = 21
"""Letters on a line of a box."""
MOST_NEIGHBOURS = 14
"""Most boxes on either side of one class; the table names all."""
_ABREAST = 5
"""Most boxes beside each other, so that the whole is not much wider than a page."""
_SWEEPS = 12


@dataclass(frozen=True, slots=True)
class Box:
    """A class or code list: the middle of its box, its name in at most two lines, and all that is said of its relations."""

    iri: str
    x: float
    y: float
    lines: tuple[str, ...]
    label: str
    said: tuple[str, ...] = ()
    is_list: bool = False
    is_centre: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A connection from one box to another: its path in SVG, and what it says; `label` begins at `x`, `y`, or ends there
    (`to_the_left`). `unused`: allowed, but not in the data."""

    start: str
    end: str
    path: str
    said: tuple[str, ...]
    label: str = ""
    x: float = 0
    y: float = 0
    to_the_left: bool = False
    unused: bool = False


@dataclass(frozen=True, slots=True)
class Diagram:
    """A picture: boxes, connections, its size, and how many relations are only in the table."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    width: float
    height: float
    left_out: int = 0


Name = Callable[[str], str]
"""What a class, list or property is called."""


def whole(relations: Iterable[Relation], name: Name) -> Diagram:
    """The lineage between classes from the top down: what something rests on stands above it.

    Only what cannot be read over another class is drawn, and no relation of a class to itself; the rest is `left_out`.
    """
    pairs: dict[tuple[str, str], list[Relation]] = defaultdict(list)
    alone = 0
    for one in relations:
        if not (one.up or one.down) or one.end.startswith(CODES) or one.start == one.end:
            alone += (one.up or one.down) and one.start == one.end
            continue
        top, bottom = (one.end, one.start) if one.up else (one.start, one.end)
        pairs[top, bottom].append(one)
    for pair in list(pairs):  # both ways between two classes: one line, in the direction that more statements take
        back = (pair[1], pair[0])
        if back in pairs and (-_weight(pairs[back]), back) < (-_weight(pairs[pair]), pair):
            pairs[back] += pairs.pop(pair)
    below = _acyclic(sorted(pairs, key=lambda pair: (-len(pairs[pair]), pair)))
    drawn = [(top, bottom) for top in below for bottom in below[top] if not _over_another(below, top, bottom)]
    said: dict[str, list[str]] = defaultdict(list)
    for found in pairs.values():
        for one in found:
            sentence = _sentence(one, name)
            said[one.start].append(sentence)
            said[one.end].append(sentence)
    layers, chains = _layers(drawn)
    _order(layers, chains)
    at = _places(layers, chains)
    lines = []
    for top, bottom in drawn:
        stops = [at[one] for one in chains[top, bottom]]
        relation = pairs.get((top, bottom), [])
        unused = all(one.number == 0 for one in relation)
        lines.append(Line(top, bottom, _down(stops), tuple(_sentence(one, name) for one in relation), unused=unused))
    boxes = tuple(
        Box(one, *at[one], _wrapped(name(one)), name(one), tuple(said[one]))
        for layer in layers
        for one in layer
        if isinstance(one, str)
    )
    width = max((box.x for box in boxes), default=0) + WIDTH / 2 + 8
    height = len(layers) * (HEIGHT + _ROW) - _ROW + 16
    total = sum(map(len, pairs.values()))
    shown = sum(len(pairs[pair]) for pair in drawn if pair in pairs)
    return Diagram(boxes, tuple(lines), width, height, total - shown + alone)


def around(iri: str, relations: Iterable[Relation], name: Name) -> Diagram:
    """One class in the middle, at its left the classes that lead to it, at its right those to which it leads."""
    sides: tuple[dict[str, list[Relation]], dict[str, list[Relation]]] = defaultdict(list), defaultdict(list)
    for one in relations:
        if one.start == iri and one.end != iri:
            sides[1][one.end].append(one)
        elif one.end == iri and one.start != iri:
            sides[0][one.start].append(one)
    left_out = 0
    shown: list[list[tuple[str, list[Relation]]]] = []
    for found in sides:
        ranked = sorted(found.items(), key=lambda pair: (-_weight(pair[1]), pair[0]))
        left_out += sum(len(links) for _, links in ranked[MOST_NEIGHBOURS:])
        shown.append(ranked[:MOST_NEIGHBOURS])
    row, reach = HEIGHT + 16, 190
    height = max(len(shown[0]), len(shown[1]), 1) * row + 16
    middle = height / 2
    columns = (WIDTH / 2 + 8, WIDTH * 1.5 + reach + 8, WIDTH * 2.5 + 2 * reach + 8)
    if not shown[0]:
        columns = (0, WIDTH / 2 + 8, WIDTH * 1.5 + reach + 8)
    width = columns[2 if shown[1] else 1] + WIDTH / 2 + 8
    boxes = [Box(iri, columns[1], middle, _wrapped(name(iri)), name(iri), is_centre=True)]
    lines = []
    for side, beside in enumerate(shown):
        x = columns[2 * side]
        for number, (other, links) in enumerate(beside):
            y = middle + (number - (len(beside) - 1) / 2) * row
            said = tuple(_sentence(one, name) for one in links)
            boxes.append(Box(other, x, y, _wrapped(name(other)), name(other), said, other.startswith(CODES)))
            ends = (x + WIDTH / 2, y, columns[1] - WIDTH / 2, middle)
            if side:
                ends = (columns[1] + WIDTH / 2, middle, x - WIDTH / 2, y)
            links = sorted(links, key=lambda one: -(one.number or 0))
            words = list(dict.fromkeys(name(one.property) for one in links))
            label = words[0] if len(words) == 1 else f"{words[0]} (+{len(words) - 1})"
            lines.append(
                Line(
                    iri if side else other,
                    other if side else iri,
                    _across(*ends),
                    said,
                    _cut(label, 23),
                    x - WIDTH / 2 - 12 if side else x + WIDTH / 2 + 6,
                    y + 17 if y > middle else y - 7,
                    to_the_left=bool(side),
                    unused=all(one.number == 0 for one in links),
                )
            )
    return Diagram(tuple(boxes), tuple(lines), width, height, left_out)


def _weight(links: Iterable[Relation]) -> int:
    return sum(one.number or 0 for one in links)


def _sentence(one: Relation, name: Name) -> str:
    return f"{name(one.start)} – {name(one.property)} → {name(one.end)}"


# --- layers: a node is an IRI, or (top, bottom, layer) where a line passes through

_Node = str | tuple[str, str, int]


def _acyclic(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """The pairs without those that would close a circle, by their upper end."""
    below: dict[str, list[str]] = {}

    def reaches(start: str, end: str) -> bool:
        waiting, seen = [start], {start}
        while waiting:
            one = waiting.pop()
            if one == end:
                return True
            fresh = [other for other in below.get(one, ()) if other not in seen]
            seen.update(fresh)
            waiting += fresh
        return False

    for top, bottom in pairs:
        if not reaches(bottom, top):
            below.setdefault(top, []).append(bottom)
    return below


def _over_another(below: dict[str, list[str]], top: str, bottom: str) -> bool:
    """Whether `bottom` is reached from `top` over another one too."""
    waiting, seen = [one for one in below[top] if one != bottom], set(below[top]) - {bottom}
    while waiting:
        one = waiting.pop()
        if bottom in below.get(one, ()):
            return True
        fresh = [other for other in below.get(one, ()) if other not in seen]
        seen.update(fresh)
        waiting += fresh
    return False


def _layers(drawn: Sequence[tuple[str, str]]) -> tuple[list[list[_Node]], dict[tuple[str, str], list[_Node]]]:
    """Each node as high as it can stand, each line with the places where it passes through layers."""
    above: dict[str, list[str]] = defaultdict(list)
    nodes: dict[str, None] = {}
    for top, bottom in drawn:
        above[bottom].append(top)
        nodes |= {top: None, bottom: None}
    below: dict[str, list[str]] = defaultdict(list)
    for top, bottom in drawn:
        below[top].append(bottom)

    @cache
    def reach(one: str) -> int:
        return max((reach(other) + 1 for other in below[one]), default=0)

    level: dict[str, int] = {}
    taken: Counter[int] = Counter()
    waiting = sorted(nodes, key=lambda one: (-reach(one), one))
    while waiting:  # those with the longest way down first, each layer at most so wide (Coffman and Graham)
        one = next(one for one in waiting if all(other in level for other in above[one]))
        waiting.remove(one)
        at = max((level[other] + 1 for other in above[one]), default=0)
        while taken[at] >= _ABREAST:
            at += 1
        level[one] = at
        taken[at] += 1
    # What rests on nothing stands just above what rests on it.
    for one in nodes:
        if not above[one] and below[one]:
            level[one] = max(level[one], min(level[other] for other in below[one]) - 1)
    layers: list[list[_Node]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
    for one in nodes:
        layers[level[one]].append(one)
    chains: dict[tuple[str, str], list[_Node]] = {}
    for top, bottom in drawn:
        between: list[_Node] = [(top, bottom, at) for at in range(level[top] + 1, level[bottom])]
        for passing in between:
            if isinstance(passing, tuple):
                layers[passing[2]].append(passing)
        chains[top, bottom] = [top, *between, bottom]
    return layers, chains


def _neighbours(
    chains: dict[tuple[str, str], list[_Node]],
) -> tuple[dict[_Node, list[_Node]], dict[_Node, list[_Node]]]:
    up: dict[_Node, list[_Node]] = defaultdict(list)
    down: dict[_Node, list[_Node]] = defaultdict(list)
    for chain in chains.values():
        for higher, lower in pairwise(chain):
            up[lower].append(higher)
            down[higher].append(lower)
    return up, down


def _order(layers: list[list[_Node]], chains: dict[tuple[str, str], list[_Node]]) -> None:
    """Order each layer by the middle of its neighbours, down and up again, so that few lines cross."""
    up, down = _neighbours(chains)
    for sweep in range(_SWEEPS):
        if sweep % 2 == 0:
            for higher, lower in pairwise(layers):
                _sort(lower, higher, up)
        else:
            for lower, higher in pairwise(reversed(layers)):
                _sort(higher, lower, down)


def _sort(layer: list[_Node], beside: list[_Node], ways: Mapping[_Node, list[_Node]]) -> None:
    place = {one: number for number, one in enumerate(beside)}
    middle: dict[_Node, float] = {}
    for number, one in enumerate(layer):
        found = [place[other] for other in ways.get(one, ()) if other in place]
        middle[one] = sum(found) / len(found) if found else number
    layer.sort(key=lambda one: middle[one])


def _places(layers: list[list[_Node]], chains: dict[tuple[str, str], list[_Node]]) -> dict[_Node, tuple[float, float]]:
    """Where each node stands: in its order, never nearer than it is wide, else below and above its neighbours."""
    up, down = _neighbours(chains)
    wide: dict[_Node, float] = {
        one: WIDTH + _GAP if isinstance(one, str) else _SLOT for layer in layers for one in layer
    }
    x: dict[_Node, float] = {}
    widest = max((sum(wide[one] for one in layer) for layer in layers), default=0)
    for layer in layers:
        at = (widest - sum(wide[one] for one in layer)) / 2
        for one in layer:
            x[one] = at + wide[one] / 2
            at += wide[one]
    for sweep in range(_SWEEPS):
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            wanted = {}
            for one in layer:
                found = [x[other] for other in (*up[one], *down[one])]
                wanted[one] = sum(found) / len(found) if found else x[one]
            _apart(layer, wanted, wide, x, widest)
    least = min((x[one] - wide[one] / 2 for one in x), default=0)
    return {
        one: (x[one] - least - _GAP / 2 + 8, number * (HEIGHT + _ROW) + HEIGHT / 2 + 8)
        for number, layer in enumerate(layers)
        for one in layer
    }


def _apart(
    layer: list[_Node],
    wanted: Mapping[_Node, float],
    wide: Mapping[_Node, float],
    x: dict[_Node, float],
    room: float,
) -> None:
    """Put each node of a layer where it is wanted, as far as its neighbours and the `room` allow: the mean of pushing from
    either side first."""

    def from_left(given: Mapping[_Node, float]) -> dict[_Node, float]:
        found, edge = {}, 0.0
        for one in layer:
            found[one] = max(given[one], edge + wide[one] / 2)
            edge = found[one] + wide[one] / 2
        return found

    def from_right(given: Mapping[_Node, float]) -> dict[_Node, float]:
        found, edge = {}, room
        for one in reversed(layer):
            found[one] = min(given[one], edge - wide[one] / 2)
            edge = found[one] - wide[one] / 2
        return found

    one_way, other_way = from_right(from_left(wanted)), from_left(from_right(wanted))
    for one in layer:
        x[one] = (one_way[one] + other_way[one]) / 2


# --- drawing


def _down(stops: Sequence[tuple[float, float]]) -> str:
    """A smooth line from the bottom of the first stop over the others to the top of the last."""
    (x, y), *rest = stops
    y += HEIGHT / 2
    path = f"M{x:.0f} {y:.0f}"
    for number, (next_x, next_y) in enumerate(rest):
        last = number == len(rest) - 1
        end = next_y - HEIGHT / 2
        bend = (end - y) / 2
        path += f"C{x:.0f} {y + bend:.0f} {next_x:.0f} {end - bend:.0f} {next_x:.0f} {end:.0f}"
        if not last:
            path += f"V{next_y + HEIGHT / 2:.0f}"
        x, y = next_x, next_y + HEIGHT / 2
    return path


def _across(x: float, y: float, end_x: float, end_y: float) -> str:
    bend = (end_x - x) * 0.55
    return f"M{x:.0f} {y:.0f}C{x + bend:.0f} {y:.0f} {end_x - bend:.0f} {end_y:.0f} {end_x:.0f} {end_y:.0f}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _wrapped(text: str) -> tuple[str, ...]:
    """A name in at most two lines.

    >>> _wrapped("Trách nhiệm được phân công"), _wrapped("Đơn vị"), _wrapped("một tên rất dài không thể nào vừa trong hộp này")
    (('Trách nhiệm được phân', 'công'), ('Đơn vị',), ('một tên rất dài không', 'thể nào vừa trong hộ…'))
    """
    if len(text) <= _LETTERS:
        return (text,)
    first = text[: _LETTERS + 1].rpartition(" ")[0] or text[:_LETTERS]
    return first, _cut(text[len(first) :].strip(), _LETTERS)
