"""Where boxes stand and lines run: layers from left to right, a line never behind a box.

A line that passes a layer gets a slot of its own in it, between the boxes; the lines that leave one box for far layers
share a trunk until they part. Slots are ordered so that few lines cross (barycentres, best of a few sweeps), then moved
to where their neighbours are, as near as their order allows (isotonic regression, which is exact and linear).
"""

import itertools
from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

MARGIN, HEAD = 16, 40
BETWEEN_BOXES, BETWEEN_LINES = 18, 11
NARROWEST_GAP, WIDEST_GAP = 46, 92
DEEPEST = 1
"""How many further layers ties within one column may open, where its items do not say more."""
_SWEEPS = 6
_ROUNDS = 6
_BULGE = 38.0
_PORT = 11


@dataclass(frozen=True, slots=True)
class Item:
    """A box to be placed: the column it belongs to, its size, and how many further layers its column may open."""

    column: int
    width: int
    height: int
    deepest: int = DEEPEST


@dataclass(frozen=True, slots=True)
class Placed:
    """A box in its place; `layer` counts from the left."""

    x: float
    y: float
    width: int
    height: int
    layer: int


@dataclass(frozen=True, slots=True)
class Route:
    """A line as the path of an SVG; `left` and `right`: its ends; `middle`: where its label stands."""

    path: str
    left: tuple[float, float]
    right: tuple[float, float]
    middle: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Column:
    """The strip of a column: one or more layers."""

    column: int
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes by key, a route for each pair in the order given, the strips, and the size of the whole."""

    boxes: dict[str, Placed]
    routes: list[Route]
    columns: list[Column]
    width: float
    height: float


@dataclass(slots=True)
class _Slot:
    layer: int
    height: int
    key: str | None
    left: list["_Slot"] = field(default_factory=list)
    right: list["_Slot"] = field(default_factory=list)
    rank: float = 0.0
    y: float = 0.0

    def gap(self, other: "_Slot") -> float:
        """How far the middle of `other`, the next below, must be from the middle of this one."""
        between = BETWEEN_BOXES if self.key and other.key else BETWEEN_LINES
        return (self.height + other.height) / 2 + between


def arranged(
    items: Mapping[str, Item], pairs: Sequence[tuple[str, str]], *, gap: int | None = None, top: int = HEAD
) -> Layout:
    """Place `items`; of each pair the first rests under the second, so that it stands further left in a column that
    both share. `gap`: a width between layers instead of one by the number of lines; `top`: room above for heads."""
    layer_of, columns = _layers(items, pairs)
    slots = {key: _Slot(layer_of[key], item.height, key) for key, item in items.items()}
    layers: list[list[_Slot]] = [[] for _ in columns]
    for slot in slots.values():
        layers[slot.layer].append(slot)
    chains, beside = _chains(slots, layers, pairs)
    _order(layers)
    _settle(layers)
    lowest = min(slot.y - slot.height / 2 for layer in layers for slot in layer)
    for layer in layers:
        for slot in layer:
            slot.y += top + MARGIN - lowest
    widths = [max((items[slot.key].width for slot in layer if slot.key), default=0) for layer in layers]
    lefts = _lefts(layers, widths, gap)
    boxes = {
        key: Placed(lefts[slot.layer], slot.y - slot.height / 2, items[key].width, slot.height, slot.layer)
        for key, slot in slots.items()
    }
    routes = _routes(chains, beside, slots, boxes, lefts, widths)
    strips: list[Column] = []
    for number, column in enumerate(columns):
        if strips and strips[-1].column == column:
            first = strips.pop()
            strips.append(Column(column, first.x, lefts[number] + widths[number] - first.x))
        else:
            strips.append(Column(column, lefts[number], widths[number]))
    bottom = max(slot.y + slot.height / 2 for layer in layers for slot in layer)
    bulge = (
        _BULGE
        if any(same and chain[0].layer == len(layers) - 1 for chain, same in zip(chains, beside, strict=True))
        else 0
    )
    return Layout(boxes, routes, strips, lefts[-1] + widths[-1] + bulge + MARGIN, bottom + MARGIN)


def _layers(items: Mapping[str, Item], pairs: Sequence[tuple[str, str]]) -> tuple[dict[str, int], list[int]]:
    """The layer of each item, and the column of each layer. A chain within a column spreads over layers of its own."""
    depth = dict.fromkeys(items, 0)
    within = [(left, right) for left, right in pairs if items[left].column == items[right].column and left != right]
    for _ in range(_ROUNDS):
        moved = False
        for left, right in within:
            if depth[right] <= depth[left] < _ROUNDS:
                depth[right] = depth[left] + 1
                moved = True
        if not moved:
            break
    depth = {key: min(one, items[key].deepest) for key, one in depth.items()}
    places = sorted({(items[key].column, depth[key]) for key in items})
    number = {place: at for at, place in enumerate(places)}
    return {key: number[items[key].column, depth[key]] for key in items}, [column for column, _ in places]


Chain = list[_Slot]


def _chains(
    slots: Mapping[str, _Slot], layers: list[list[_Slot]], pairs: Sequence[tuple[str, str]]
) -> tuple[list[Chain], list[bool]]:
    """For each pair the slots that its line passes from left to right, and whether both ends share a layer."""
    ends = [sorted((slots[a], slots[b]), key=lambda slot: slot.layer) for a, b in pairs]
    far: dict[tuple[str, bool], int] = {}
    for left, right in ends:
        if right.layer - left.layer > 1:
            for key, forward in ((left.key or "", True), (right.key or "", False)):
                far[key, forward] = far.get((key, forward), 0) + 1
    trunks: dict[tuple[str, bool, int], _Slot] = {}
    chains, beside, joined = [], [], set()
    for left, right in ends:
        chain = [left]
        if right.layer - left.layer > 1:
            forward = far[left.key or "", True] >= far[right.key or "", False]
            hub = (left if forward else right).key or ""
            for layer in range(left.layer + 1, right.layer):
                known = trunks.get((hub, forward, layer))
                if known is None:
                    known = trunks[hub, forward, layer] = _Slot(layer, 0, None)
                    layers[layer].append(known)
                chain.append(known)
        chain.append(right)
        chains.append(chain)
        beside.append(left.layer == right.layer)
        if left.layer != right.layer:
            for one, other in itertools.pairwise(chain):
                if (id(one), id(other)) not in joined:
                    joined.add((id(one), id(other)))
                    one.right.append(other)
                    other.left.append(one)
    return chains, beside


def _order(layers: list[list[_Slot]]) -> None:
    """Order the slots of each layer; the best of a few sweeps stays."""
    _rank(layers)
    best, fewest = [list(layer) for layer in layers], _crossings(layers)
    for sweep in range(_SWEEPS):
        rightward = sweep % 2 == 0
        for layer in layers[1:] if rightward else layers[-2::-1]:
            wanted = {}
            for slot in layer:
                near = slot.left if rightward else slot.right
                wanted[id(slot)] = sum(other.rank for other in near) / len(near) if near else slot.rank
            layer.sort(key=lambda slot: wanted[id(slot)])
            for place, slot in enumerate(layer):
                slot.rank = (place + 0.5) / len(layer)
        count = _crossings(layers)
        if count < fewest:
            best, fewest = [list(layer) for layer in layers], count
        if not fewest:
            break
    layers[:] = best


def _rank(layers: list[list[_Slot]]) -> None:
    for layer in layers:
        for place, slot in enumerate(layer):
            slot.rank = (place + 0.5) / len(layer)


def _crossings(layers: list[list[_Slot]]) -> int:
    place = {id(slot): number for layer in layers for number, slot in enumerate(layer)}
    count = 0
    for layer in layers[:-1]:
        seen: list[int] = []
        for slot in layer:
            ends = sorted(place[id(other)] for other in slot.right)
            count += sum(len(seen) - bisect_left(seen, end + 1) for end in ends)
            for end in ends:
                insort(seen, end)
    return count


def _settle(layers: list[list[_Slot]]) -> None:
    """Give each slot its height in the picture: near its neighbours, in order, nothing upon anything else."""
    for layer in layers:
        y = 0.0
        for number, slot in enumerate(layer):
            y += layer[number - 1].gap(slot) if number else slot.height / 2
            slot.y = y
    tallest = max(layers, key=lambda layer: layer[-1].y)
    middle = (tallest[0].y + tallest[-1].y) / 2
    for layer in layers:
        shift = middle - (layer[0].y + layer[-1].y) / 2
        for slot in layer:
            slot.y += shift
    for sweep in range(_SWEEPS + 2):
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            _fit(layer, [_wish(slot, both=sweep >= _SWEEPS, rightward=sweep % 2 == 0) for slot in layer])


def _wish(slot: _Slot, *, both: bool, rightward: bool) -> float:
    near = slot.left + slot.right if both else slot.left if rightward else slot.right
    if not near:
        return slot.y
    # A trunk runs straight before anything else.
    weights = [4.0 if slot.key is None and other.key is None else 1.0 for other in near]
    return sum(weight * other.y for weight, other in zip(weights, near, strict=True)) / sum(weights)


def _fit(layer: list[_Slot], wishes: list[float]) -> None:
    """Move the slots of a layer to their wishes as near as order and distances allow (least squares)."""
    offset, offsets = 0.0, []
    for number, slot in enumerate(layer):
        offset += layer[number - 1].gap(slot) if number else 0.0
        offsets.append(offset)
    blocks: list[tuple[float, int]] = []
    for wish, shift in zip(wishes, offsets, strict=True):
        mean, size = wish - shift, 1
        while blocks and blocks[-1][0] > mean:
            other, count = blocks.pop()
            mean, size = (mean * size + other * count) / (size + count), size + count
        blocks.append((mean, size))
    level = [mean for mean, size in blocks for _ in range(size)]
    for slot, mean, shift in zip(layer, level, offsets, strict=True):
        slot.y = mean + shift


def _lefts(layers: list[list[_Slot]], widths: list[int], gap: int | None) -> list[float]:
    x, found = float(MARGIN), []
    for number, layer in enumerate(layers):
        found.append(x)
        crossing = sum(len(slot.right) for slot in layer)
        x += widths[number] + (gap if gap is not None else min(WIDEST_GAP, NARROWEST_GAP + 1.5 * crossing))
    return found


def _routes(
    chains: list[Chain],
    beside: list[bool],
    slots: Mapping[str, _Slot],
    boxes: Mapping[str, Placed],
    lefts: list[float],
    widths: list[int],
) -> list[Route]:
    arcs: dict[str, list[_Slot]] = {}
    for chain, same in zip(chains, beside, strict=True):
        if same and chain[0] is not chain[-1]:
            arcs.setdefault(chain[0].key or "", []).append(chain[-1])
            arcs.setdefault(chain[-1].key or "", []).append(chain[0])
    ports: dict[tuple[int, int, bool], float] = {}
    for slot in slots.values():
        for others, right in ((slot.left, False), (slot.right + arcs.get(slot.key or "", []), True)):
            near = sorted({id(other): other for other in others}.values(), key=lambda other: other.y)
            step = min(_PORT, (slot.height - 16) / max(1, len(near) - 1))
            for number, other in enumerate(near):
                ports[id(slot), id(other), right] = slot.y + (number - (len(near) - 1) / 2) * step

    def port(slot: _Slot, other: _Slot, *, right: bool) -> float:
        return ports.get((id(slot), id(other), right), slot.y)

    routes = []
    for chain, same in zip(chains, beside, strict=True):
        if same:
            routes.append(
                _arc(chain, boxes, port(chain[0], chain[-1], right=True), port(chain[-1], chain[0], right=True))
            )
            continue
        bits: list[str] = []
        middles: list[tuple[float, float]] = []
        start = end = (0.0, 0.0)
        for number, (one, other) in enumerate(itertools.pairwise(chain)):
            x1 = boxes[one.key].x + boxes[one.key].width if one.key else lefts[one.layer] + widths[one.layer]
            x2 = lefts[other.layer]
            y1, y2 = port(one, other, right=True), port(other, one, right=False)
            if not number:
                start = (x1, y1)
                bits.append(f"M{x1:g},{y1:.1f}")
            else:
                bits.append(f"H{x1:g}")
            bend = (x2 - x1) / 2
            bits.append(f"C{x1 + bend:g},{y1:.1f} {x2 - bend:g},{y2:.1f} {x2:g},{y2:.1f}")
            middles.append((x1 + bend, (y1 + y2) / 2))
            end = (x2, y2)
        # Where a line has left its trunk, it is told from the others.
        forward = len(chain) > 2 and len(chain[1].left) == 1 and chain[1].left[0] is chain[0]
        routes.append(Route("".join(bits), start, end, middles[-1] if forward else middles[0]))
    return routes


def _arc(chain: Chain, boxes: Mapping[str, Placed], y1: float, y2: float) -> Route:
    box = boxes[chain[0].key or ""]
    x = box.x + box.width
    bulge = min(_BULGE, 16 + abs(y2 - y1) / 8)
    path = f"M{x:g},{y1:.1f}C{x + bulge:g},{y1:.1f} {x + bulge:g},{y2:.1f} {x:g},{y2:.1f}"
    return Route(path, (x, y1), (x, y2), (x + bulge * 0.75, (y1 + y2) / 2))
