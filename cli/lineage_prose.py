"""Lineage for a person: a tree of what rests on what, or a path as sentences."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from cli.language import day, text
from cli.marks import mark

if TYPE_CHECKING:
    from catalogue.lineage import Edge, Lineage, Node
    from catalogue.paths import Path

MOST_LINES = 200
"""Lines of a tree that one screenful of reading can bear; `--json` has them all."""


def tree_lines(found: "Lineage", grounding: Collection[str]) -> list[str]:
    """The walk as a tree, upward part first; a thing met again is named without its branch.

    `grounding`: the properties whose object rests on their subject; of all others the subject rests on the object.
    """
    nodes = {node.iri: node for node in found.nodes}
    lines = [f"{found.of.label or found.of.iri} — " + text(f"tính đến {day(found.as_of)}", f"as of {day(found.as_of)}")]
    for up, title in (
        (True, text("Dựa vào:", "Rests on:")),
        (False, text("Những gì dựa vào đó:", "What rests on it:")),
    ):
        if found.direction not in ("both", "up" if up else "down"):
            continue
        side = {iri for iri, node in nodes.items() if (node.distance < 0) == up and node.distance != 0}
        branches = _branches(found.edges, nodes, side | {found.of.iri}, grounding, up=up)
        tree = list(_branch(found.of.iri, nodes, branches, side, {found.of.iri}, ""))
        lines += ["", title, *(tree or ["  " + text("không có gì trong danh mục", "nothing in the catalogue")])]
    if len(lines) > MOST_LINES:
        left = len(lines) - MOST_LINES
        lines = [
            *lines[:MOST_LINES],
            text(f"… còn {left} dòng nữa; --json cho đầy đủ.", f"… {left} more lines; --json gives all of them."),
        ]
    if found.gaps:
        lines += ["", text("Điều chưa biết:", "Not known:")]
        lines += [f"  {text(gap.vi, gap.en)}" for gap in found.gaps]
    if found.truncated:
        lines.append(text("(đã đến giới hạn, chưa hết)", "(a limit was reached; there is more)"))
    return lines


def _branches(
    edges: "list[Edge]", nodes: "dict[str, Node]", side: set[str], grounding: Collection[str], *, up: bool
) -> "dict[str, list[tuple[Edge, str]]]":
    """From each thing the edges to what it rests on (`up`), or to what rests on it."""
    branches: dict[str, list[tuple[Edge, str]]] = defaultdict(list)
    for edge in edges:
        if edge.start in side and edge.end in side:
            from_start = up != (edge.relation.iri in grounding)
            near, far = (edge.start, edge.end) if from_start else (edge.end, edge.start)
            branches[near].append((edge, far))
    for found in branches.values():
        found.sort(key=lambda pair: (nodes[pair[1]].kind or "", nodes[pair[1]].label or pair[1]))
    return branches


def _branch(
    iri: str,
    nodes: "dict[str, Node]",
    branches: "dict[str, list[tuple[Edge, str]]]",
    side: set[str],
    told: set[str],
    indent: str,
) -> Iterator[str]:
    below = branches.get(iri, [])
    for number, (edge, far) in enumerate(below):
        last = number == len(below) - 1
        node = nodes[far]
        relation = edge.relation.label or edge.relation.iri
        arrow = "→" if edge.start == iri else "←"
        again = far in told
        yield f"{indent}{'└' if last else '├'}─ {relation} {arrow} {_node(node, edge)}" + (
            text(" (xem trên)", " (see above)") if again and branches.get(far) else ""
        )
        if not again and far in side:
            told.add(far)
            yield from _branch(far, nodes, branches, side, told, indent + ("   " if last else "│  "))


def _node(node: "Node", edge: "Edge") -> str:
    remarks = [mark(edge.verification)]
    if node.lapsed:
        remarks.append(text("đã hết hiệu lực", "lapsed"))
    if node.upcoming:
        remarks.append(text("chưa có hiệu lực", "not yet in force"))
    if node.review is not None:
        who = ", ".join(one.label or one.iri for one in node.review.reviewers) or "?"
        on = f" {day(node.review.on)}" if node.review.on else ""
        remarks.append(text(f"{who} duyệt{on}", f"accepted by {who}{on}"))
    return f"{node.label or node.iri} [{', '.join(remarks)}]"


def path_lines(path: "Path") -> list[str]:
    """The path, one sentence per step, and the weakest mark along it."""
    start, end = path.start.label or path.start.iri, path.end.label or path.end.iri
    if not path.found:
        none = text(
            f"Không có liên hệ nào trong danh mục giữa {start} và {end}.",
            f"The catalogue holds no tie between {start} and {end}.",
        )
        limit = text("(đã dừng ở giới hạn, chưa tìm hết)", "(the search stopped at its limit)")
        return [none, limit] if path.truncated else [none]
    title = text(f"{start} liên hệ với {end} như sau:", f"{start} is tied to {end} as follows:")
    lines = [title, *(f"  {number}. {sentence}" for number, sentence in enumerate(path.sentences, start=1))]
    if path.verification:
        weakest = mark(path.verification)
        lines.append(text(f"Mức chắc chắn của cả đường: {weakest}.", f"The whole path: {weakest}."))
    return lines
