"""What a picture shows of a neighbourhood: things, and beyond a number of boxes groups of things (“12 nhiệm vụ”).

A group holds things of one kind that hang on the same box. It has a key that stands in addresses, so that it can be
opened by a link; an opened group shows its first things and keeps the rest together.
"""

from collections import deque
from collections.abc import Callable, Set
from dataclasses import dataclass

from catalogue.lineage import Node
from catalogue.neighbourhood import Neighbourhood, Tie, neighbours_of

SMALLEST = 4
"""Fewer things than this are never put together."""
TOLD_APART = frozenset({"task", "agency", "decision"})
"""Kinds that are put together only where nothing else of half the number is left."""
OPENED = 40
"""How many things of an opened group stand alone."""


@dataclass(frozen=True, slots=True)
class Box:
    """One thing, or a group of things (`group`). `more`: how many things it is tied to that are not in the picture;
    `closable`: whether something hangs on it alone."""

    key: str
    nodes: tuple[Node, ...]
    group: bool
    more: int = 0
    closable: bool = False

    @property
    def kind(self) -> str | None:
        """The kind of the thing, or of each of the group."""
        return self.nodes[0].kind

    @property
    def level(self) -> str | None:
        """The level of government of the thing, or of the first of the group."""
        return self.nodes[0].level


@dataclass(frozen=True, slots=True)
class Line:
    """All ties between two boxes: `ground` is the key of the one that most of them rest on."""

    ground: str
    dependent: str
    ties: tuple[Tie, ...]


@dataclass(frozen=True, slots=True)
class View:
    """Boxes, nearest first, and lines between them. `grouped`: how many things are in groups."""

    boxes: list[Box]
    lines: list[Line]
    centre: str
    grouped: int


def view(found: Neighbourhood, key: Callable[[str], str], *, most: int, opened: Set[str], closed: Set[str]) -> View:
    """The boxes of a neighbourhood. `key`: how a thing is called in addresses; `opened` and `closed`: keys."""
    steps, neighbours = _steps(found), neighbours_of(found.ties)
    nodes = sorted(found.nodes, key=lambda node: steps[node.iri])
    keys = {node.iri: key(node.iri) for node in nodes}
    alone = {node.iri for node in nodes if not steps[node.iri] or keys[node.iri] in opened or keys[node.iri] in closed}
    groups = _groups(nodes, steps, neighbours, keys, alone, most=most, opened=opened)
    home = {iri: name for name, members in groups.items() for iri in members}
    by_iri = {node.iri: node for node in nodes}
    holding = _holding(steps, neighbours)
    boxes: dict[str, Box] = {}
    for node in nodes:
        name = home.get(node.iri)
        if name is None:
            boxes[keys[node.iri]] = Box(
                keys[node.iri],
                (node,),
                group=False,
                more=found.beyond.get(node.iri, 0),
                closable=node.iri in holding and steps[node.iri] > 0,
            )
        elif name not in boxes:
            boxes[name] = Box(name, tuple(by_iri[iri] for iri in groups[name]), group=True)
    lines: dict[frozenset[str], list[Tie]] = {}
    for tie in found.ties:
        ends = frozenset(home.get(iri, keys[iri]) for iri in (tie.start, tie.end))
        if len(ends) == 2:
            lines.setdefault(ends, []).append(tie)
    drawn = []
    for ends, ties in lines.items():
        grounds = [home.get(tie.ground, keys[tie.ground]) for tie in ties]
        ground = max(sorted(ends), key=grounds.count)
        (dependent,) = ends - {ground}
        drawn.append(Line(ground, dependent, tuple(ties)))
    return View(list(boxes.values()), drawn, keys[found.of.iri], len(home))


def _steps(found: Neighbourhood) -> dict[str, int]:
    neighbours = neighbours_of(found.ties)
    steps = {found.of.iri: 0}
    frontier = deque(steps)
    while frontier:
        here = frontier.popleft()
        for there in neighbours.get(here, ()):
            if there not in steps:
                steps[there] = steps[here] + 1
                frontier.append(there)
    # A thing that was met only over an assignment without any unit hangs on nothing; it stands at the edge.
    far = max(steps.values()) + 1
    return {node.iri: steps.get(node.iri, far) for node in found.nodes}


def _parents(steps: dict[str, int], neighbours: dict[str, list[str]]) -> dict[str, list[str]]:
    return {
        iri: [other for other in neighbours.get(iri, ()) if steps[other] == step - 1]
        for iri, step in steps.items()
        if step
    }


def _holding(steps: dict[str, int], neighbours: dict[str, list[str]]) -> set[str]:
    """The things on which another hangs that has no other way to the centre as short."""
    return {parents[0] for parents in _parents(steps, neighbours).values() if len(parents) == 1}


def _groups(
    nodes: list[Node],
    steps: dict[str, int],
    neighbours: dict[str, list[str]],
    keys: dict[str, str],
    alone: set[str],
    *,
    most: int,
    opened: Set[str],
) -> dict[str, list[str]]:
    """Group things of one kind that hang on the same box, the largest first, until there are at most `most` boxes."""
    parents = {iri: found[0] for iri, found in _parents(steps, neighbours).items() if found}
    groups: dict[str, list[str]] = {}
    home: dict[str, str] = {}
    shown = set(alone)
    unfolded: set[str] = set()
    while True:
        families: dict[str, list[Node]] = {}
        for node in nodes:
            if node.iri in shown or node.iri in home or node.iri not in parents:
                continue
            parent = parents[node.iri]
            level = f".{node.level}" if node.kind == "decision" and node.level else ""
            families.setdefault(f"{node.kind or 'concept'}{level}@{home.get(parent, keys[parent])}", []).append(node)
        for name in families.keys() & opened - unfolded:
            unfolded.add(name)
            shown.update(node.iri for node in families[name][:OPENED])
            families[name] = families[name][OPENED:]
        boxes = len(nodes) - len(home) + len(groups) - len(shown - alone)
        large = [name for name, family in families.items() if len(family) >= SMALLEST]
        name = max(large, key=lambda name: (name in opened, _weight(families[name]), name), default="")
        if not name or (boxes <= most and name not in opened):
            return groups
        groups[name] = [node.iri for node in families[name]]
        home |= dict.fromkeys(groups[name], name)


def _weight(family: list[Node]) -> float:
    """How readily a family is put together: who does what is told apart longest."""
    return len(family) * (0.5 if family[0].kind in TOLD_APART else 1.0)
