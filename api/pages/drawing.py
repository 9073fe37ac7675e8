"""Lineage as a picture: columns from the national mandate to the unit, laid out on the server, every box a link.

A column is a distance from the thing asked about: left what it rests on, right what rests on it. Beyond a number of
boxes, or of boxes in a column, the nearest are drawn and the picture says how many are left to the table.
"""

from dataclasses import dataclass

from catalogue.lineage import Edge, Lineage, Node

WIDTH, HEIGHT, ACROSS, DOWN = 214, 54, 52, 14
MARGIN = 12
TALLEST = 12
_LETTERS = 27


@dataclass(frozen=True, slots=True)
class Box:
    """A thing, its place and its name cut into lines that fit."""

    node: Node
    x: int
    y: int
    lines: list[str]


@dataclass(frozen=True, slots=True)
class Line:
    """An edge as a curve from box to box."""

    edge: Edge
    curve: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes and lines with the size of the whole; `left_out`: how many things are only in the table."""

    boxes: list[Box]
    lines: list[Line]
    width: int
    height: int
    left_out: int


def layout(lineage: Lineage, most: int) -> Picture:
    """Place the nearest `most` things of a lineage."""
    columns: dict[int, list[Node]] = {}
    for node in lineage.nodes:
        if sum(map(len, columns.values())) < most and len(columns.setdefault(node.distance, [])) < TALLEST:
            columns[node.distance].append(node)
    columns = {distance: column for distance, column in columns.items() if column}
    shown = [node for column in columns.values() for node in column]
    neighbours: dict[str, list[str]] = {}
    for edge in lineage.edges:
        neighbours.setdefault(edge.start, []).append(edge.end)
        neighbours.setdefault(edge.end, []).append(edge.start)
    tallest = max(len(column) for column in columns.values())
    height = tallest * (HEIGHT + DOWN) - DOWN + 2 * MARGIN
    rows: dict[str, float] = {}
    boxes: dict[str, Box] = {}
    ordered = sorted(columns)
    # From the middle outward, each column in the order of its neighbours already placed: fewer crossings.
    for distance in sorted(ordered, key=abs):
        column = columns[distance]
        column.sort(key=lambda node: (_mean([rows[n] for n in neighbours.get(node.iri, ()) if n in rows]), node.iri))
        x = MARGIN + ordered.index(distance) * (WIDTH + ACROSS)
        for place, node in enumerate(column):
            y = MARGIN + place * (HEIGHT + DOWN)
            rows[node.iri] = y
            boxes[node.iri] = Box(node, x, y, _wrapped(node.label or node.iri.rpartition("/")[2]))
    lines = [
        Line(edge, _curve(boxes[edge.start], boxes[edge.end]))
        for edge in lineage.edges
        if edge.start in boxes and edge.end in boxes
    ]
    width = len(ordered) * (WIDTH + ACROSS) - ACROSS + 2 * MARGIN
    return Picture(list(boxes.values()), lines, width, height, len(lineage.nodes) - len(shown))


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _curve(start: Box, end: Box) -> str:
    left, right = (start, end) if start.x <= end.x else (end, start)
    y1, y2 = left.y + HEIGHT // 2, right.y + HEIGHT // 2
    if left.x == right.x:
        x = left.x + WIDTH
        return f"M{x},{y1} C{x + 40},{y1} {x + 40},{y2} {x},{y2}"
    x1, x2 = left.x + WIDTH, right.x
    bend = (x2 - x1) // 2
    return f"M{x1},{y1} C{x1 + bend},{y1} {x2 - bend},{y2} {x2},{y2}"


def _wrapped(text: str) -> list[str]:
    """At most two lines of a box; what does not fit ends in “…” (the whole name is in the title of the box)."""
    lines: list[str] = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) + 1 > _LETTERS and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    cut = [line if len(line) <= _LETTERS else line[: _LETTERS - 1] + "…" for line in lines[:2]]
    if len(lines) > 2:
        cut[1] = cut[1][: _LETTERS - 1].rstrip(" ,.;…") + "…"
    return cut
