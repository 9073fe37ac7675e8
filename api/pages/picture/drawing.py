"""A picture as SVG: strips with heads, boxes that are links, lines that say what they mean."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

from api import texts
from api.pages.picture import columns, layout, lettering
from api.pages.picture.grouping import Box, Line, View
from api.pages.picture.layout import Item, Layout, Placed, Route
from api.pages.picture.pens import SIZES, Pen
from catalogue.iri import CODES
from catalogue.labels import Reference
from catalogue.lineage import Node
from catalogue.neighbourhood import Tie

WIDTH = 196
_PADDING, _LINE, _KIND = 12, 17, 33
_TURN = 24
_LONGEST_NAME, _SAID = 3, 250
_LEAD = f"{CODES}role/chu-tri"


@dataclass(frozen=True, slots=True)
class Words:
    """What a picture says and where it leads: messages (`t`), names, days; `to`: the page of an IRI; `turn`: the address
    that opens or closes the box of a key; `row`: the place of a tie in the table. Without `to` nothing is a link."""

    t: Callable[..., str]
    title: Callable[[Reference | Node], str]
    day: Callable[[date], str]
    to: Callable[[str], str | None] | None = None
    turn: Callable[[str, str], str] | None = None
    row: Callable[[Tie], str] | None = None

    def name(self, node: Node) -> str:
        """What a thing is called, in one clean line."""
        return self.title(node) or "–"

    def relation(self, tie: Tie) -> str:
        """What a tie is called in the middle of a sentence."""
        return lettering.inner(self.title(tie.relation))

    def kind(self, box: Box) -> str:
        """The kind of a thing, or how many of the kind a group holds."""
        kind = columns.known(box.kind)
        return self.t(f"picture.many.{kind}", number=len(box.nodes)) if box.group else self.t(f"kind.{kind}")


@dataclass(frozen=True, slots=True)
class Drawing:
    """The parts of a picture, without the element around them, and its size."""

    parts: Markup
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class _Written:
    item: Item
    lines: list[str]
    tag: str
    kind: str
    turns: list[str]


def drawn(view: View, words: Words, pen: Pen) -> Drawing:
    """The picture of a neighbourhood, its columns by kind."""
    written = {box.key: _written(box, words, columns.column(box), box.key == view.centre) for box in view.boxes}
    placed = layout.arranged(
        {key: one.item for key, one in written.items()}, [(line.ground, line.dependent) for line in view.lines]
    )
    in_column: dict[int, list[Box]] = {}
    for box in view.boxes:
        in_column.setdefault(written[box.key].item.column, []).append(box)
    heads = {number: columns.head(number, boxes, words.t) for number, boxes in in_column.items()}
    return _together(view, words, pen, placed, written, heads)


def chained(view: View, words: Words, pen: Pen) -> Drawing:
    """The picture of a chain: a box after the other in the order of the view, the relation written upon each line."""
    order = {box.key: number for number, box in enumerate(view.boxes)}
    written = {box.key: _written(box, words, order[box.key], box.key == view.centre) for box in view.boxes}
    placed = layout.arranged(
        {key: one.item for key, one in written.items()},
        [(line.ground, line.dependent) for line in view.lines],
        gap=132,
        top=0,
    )
    labels = []
    for line, route in zip(view.lines, placed.routes, strict=True):
        said = lettering.lines("; ".join(_relations(line, words)), 108, SIZES["said"], 2)
        x, y = route.middle
        for number, text in enumerate(said):
            labels.append(pen.text(x, y - 8 - (len(said) - 1 - number) * 15, text, "said", "middle"))
    found = _together(view, words, pen, placed, written, {})
    return Drawing(found.parts + Markup("").join(map(Markup, labels)), found.width, found.height)


def _written(box: Box, words: Words, column: int, centre: bool) -> _Written:
    """The words of a box, cut to fit, and the size that they need."""
    turns = []
    if words.turn is not None and not box.group:
        turns = (["open"] if box.more else []) + (["close"] if box.closable else [])
    room = WIDTH - 2 * _PADDING
    if box.group:
        first = "; ".join(words.name(node) for node in box.nodes[:3])
        name = lettering.lines(first + "…", room, SIZES["name"], 2)
    else:
        name = lettering.lines(words.name(box.nodes[0]), room, SIZES["name"] * (1.04 if centre else 1), _LONGEST_NAME)
    tag = "" if box.group else _state(box.nodes[0], words)
    mark = "" if box.group else words.t(f"marks.{box.nodes[0].verification}.symbol") + " "
    kind = lettering.cut(mark + words.kind(box), room - (len(turns) * (_TURN + 10) if turns else 0), SIZES["kind"])
    height = _KIND + _LINE * len(name) + (15 if tag else 0) + 6
    return _Written(Item(column, WIDTH, height, columns.DEEPEST.get(column, layout.DEEPEST)), name, tag, kind, turns)


def _state(node: Node, words: Words) -> str:
    if node.lapsed and node.valid_to:
        return words.t("picture.ended", day=words.day(node.valid_to))
    if node.lapsed:
        return words.t("picture.lapsed")
    if node.upcoming and node.valid_from:
        return words.t("picture.begins", day=words.day(node.valid_from))
    return words.t("picture.upcoming") if node.upcoming else ""


def _together(
    view: View, words: Words, pen: Pen, placed: Layout, written: Mapping[str, _Written], heads: Mapping[int, str]
) -> Drawing:
    parts: list[str] = []
    above: list[str] = []
    for strip in placed.columns if heads else ():
        x, room = strip.x - 10, strip.width + 20
        look = pen.look("strip")
        parts.append(f'<rect{look} x="{x:g}" y="4" width="{room:g}" height="{placed.height - 8:g}" rx="10"/>')
        above.append(f'<rect{look} x="{x:g}" y="4" width="{room:g}" height="{layout.HEAD - 2}" rx="10"/>')
        said = lettering.lines(heads[strip.column], strip.width, SIZES["head"], 2)
        for number, text in enumerate(said):
            y = 27 + (number - (len(said) - 1) / 2) * 15
            above.append(pen.text(strip.x + strip.width / 2, y, text, "head", "middle"))
    by_key = {box.key: box for box in view.boxes}
    for key in sorted(placed.boxes, key=lambda key: (placed.boxes[key].layer, placed.boxes[key].y)):
        parts += _box(by_key[key], placed.boxes[key], written[key], words, pen, centre=key == view.centre)
    for line, route in zip(view.lines, placed.routes, strict=True):
        parts += _line(line, route, by_key, placed, words, pen)
    # Last, since a page keeps the heads in sight above what is scrolled.
    parts += [f"<g{pen.look('heads')}>", *above, "</g>"]
    return Drawing(Markup("".join(parts)), placed.width, placed.height)  # noqa: S704 - every text in it is escaped


def _box(box: Box, at: Placed, written: _Written, words: Words, pen: Pen, *, centre: bool) -> list[str]:
    node = box.nodes[0]
    mark = "" if box.group else f" {node.verification}"
    body = f"body{mark}{' centre' if centre else ''}{' lapsed' if node.lapsed and not box.group else ''}"
    x, y, width, height = at.x, at.y, at.width, at.height
    parts = []
    if box.group:
        parts.append(
            f'<rect{pen.look("back")} x="{x + 5:g}" y="{y + 5:.1f}" width="{width}" height="{height}" rx="7"/>'
        )
    parts += [
        f'<rect{pen.look(body)} x="{x:g}" y="{y:.1f}" width="{width}" height="{height}" rx="7"/>',
        f'<rect{pen.look("k-" + columns.colour(box.kind))} x="{x:g}" y="{y + 7:.1f}" width="4" height="{height - 14}" rx="2"/>',
        pen.text(x + _PADDING, round(y + 18, 1), written.kind, "kind"),
    ]
    for number, text in enumerate(written.lines):
        parts.append(pen.text(x + _PADDING, round(y + _KIND + 7 + number * _LINE, 1), text, "name"))
    if written.tag:
        parts.append(pen.text(x + _PADDING, round(y + height - 8, 1), written.tag, "tag"))
    if words.to is None:
        return ["<g>", *parts, "</g>"]
    said = ". ".join(filter(None, (words.kind(box), "" if box.group else words.name(node), written.tag)))
    if not box.group:
        said += f" ({words.t('marks.' + node.verification)})"
    look = f"box{' group' if box.group else ''}{' here' if centre else ''}{' past' if written.tag else ''}"
    where = words.turn(box.key, "open") if box.group and words.turn else words.to(node.iri)
    if centre:
        said = words.t("picture.centre", name=said)
    if box.group:
        said += ": " + "; ".join(words.name(node) for node in box.nodes[:8]) + ("…" if len(box.nodes) > 8 else "")
    link = f' href="{escape(where)}"' if where else ""
    # A title and no label: what is read out may then differ from what the box has room for (WCAG 2.2, 2.5.3).
    head = f'<a id="{escape(box.key)}"{pen.look(look)}{link} data-box="{escape(box.key)}"><title>{escape(said)}</title>'
    return [head, *parts, "</a>", *_turns(box, at, written, words, pen)]


def _turns(box: Box, at: Placed, written: _Written, words: Words, pen: Pen) -> list[str]:
    """The small links in the corner of a box: more of its ties, or fewer."""
    parts: list[str] = []
    if words.turn is None:
        return parts
    x = at.x + at.width - 4
    for name in reversed(written.turns):
        text = f"+{box.more if box.more < 100 else '99…'}" if name == "open" else "−"
        wide = max(_TURN, lettering.width(text, SIZES["turn"]) + 10)
        x -= wide + 2
        said = words.t(f"picture.turn.{name}", name=words.name(box.nodes[0]), number=box.more)
        parts.append(
            f'<a{pen.look("turn")} href="{escape(words.turn(box.key, name))}" rel="nofollow" aria-label="{escape(said)}">'
            f"<title>{escape(said)}</title>"
            f'<rect x="{x:.1f}" y="{at.y + 3:.1f}" width="{wide:.1f}" height="{_TURN}" rx="6"/>'
            + pen.text(round(x + wide / 2, 1), round(at.y + 19, 1), text, "turned", "middle")
            + "</a>"
        )
    return parts


def _relations(line: Line, words: Words) -> list[str]:
    """What a line means, the most frequent first: “căn cứ × 3”."""
    counts = Counter(words.relation(tie) for tie in line.ties)
    return [name if count == 1 else f"{name} × {count}" for name, count in counts.most_common()]


def _line(line: Line, route: Route, by_key: Mapping[str, Box], placed: Layout, words: Words, pen: Pen) -> list[str]:
    ties = line.ties
    best = min(ties, key=lambda tie: ("confirmed", "inferred", "unverified").index(tie.verification))
    lead = any(tie.relation.iri == _LEAD for tie in ties)
    lapsed = " lapsed" if all(tie.lapsed for tie in ties) else ""
    weight = " lead" if lead else ""
    parts = [f'<path{pen.look(f"edge{weight} {best.verification}{lapsed}")} d="{route.path}"/>']
    left, right = sorted((line.ground, line.dependent), key=lambda key: placed.boxes[key].layer)
    starts = {tie.start for tie in ties}
    arc = placed.boxes[left].layer == placed.boxes[right].layer
    for key, (x, y), inward in ((left, route.left, 1), (right, route.right, 1 if arc else -1)):
        other = right if key == left else left
        if any(node.iri in starts for node in by_key[other].nodes):
            parts.append(
                f'<path{pen.look("tip" + ("-lead" if lead else ""))} d="M{x:g},{y:.1f}l{8 * inward},-3.5v7z"/>'
            )
    if words.row is None:
        return parts
    said, label = _said(line, by_key, words)
    parts = [f'<path class="hit" d="{route.path}"/>', *parts, _plate(said, route, placed, pen)]
    head = (
        f'<a{pen.look(f"tie{weight}")} href="{escape(words.row(ties[0]))}" aria-label="{escape(label)}" '
        f'data-left="{escape(left)}" data-right="{escape(right)}">'
    )
    return [head, *parts, "</a>"]


def _said(line: Line, by_key: Mapping[str, Box], words: Words) -> tuple[list[tuple[str, str]], str]:
    """What a line says when somebody points at it: lines of text with their class, and all of it as one sentence."""

    def called(iri: str, key: str) -> str:
        box = by_key[key]
        return words.kind(box) if box.group else words.name(next(node for node in box.nodes if node.iri == iri))

    first = line.ties[0]
    homes = {node.iri: key for key in (line.ground, line.dependent) for node in by_key[key].nodes}
    start, end = called(first.start, homes[first.start]), called(first.end, homes[first.end])
    same = [tie for tie in line.ties if homes[tie.start] == homes[first.start]]
    relations = "; ".join(_relations(Line(line.ground, line.dependent, tuple(same)), words))
    back = [tie for tie in line.ties if homes[tie.start] != homes[first.start]]
    marks = ", ".join(words.t(f"marks.{mark}") for mark in dict.fromkeys(tie.verification for tie in line.ties))
    if all(tie.lapsed for tie in line.ties):
        marks += "; " + words.t("picture.lapsed")
    room = _SAID - 20
    texts = [(text, "said from") for text in lettering.lines(start, room, SIZES["said"], 2)]
    texts += [(text, "said what") for text in lettering.lines(f"— {relations} →", room, SIZES["said"], 3)]
    texts += [(text, "said from") for text in lettering.lines(end, room, SIZES["said"], 2)]
    label = f"{start} — {relations} → {end}"
    if back:
        other = "; ".join(_relations(Line(line.ground, line.dependent, tuple(back)), words))
        texts += [(text, "said what") for text in lettering.lines(f"← {other} —", room, SIZES["said"], 2)]
        label += f"; {end} — {other} → {start}"
    texts.append((lettering.cut(marks, room, SIZES["said"]), "said sure"))
    return texts, f"{label} ({marks})"


def _plate(texts: list[tuple[str, str]], route: Route, placed: Layout, pen: Pen) -> str:
    """The texts on a plate beside the middle of the line, within the picture."""
    wide = max(lettering.width(text, SIZES["said"]) for text, _ in texts) * 1.06 + 24
    tall = 16 * len(texts) + 14
    x = min(max(route.middle[0] - wide / 2, 4), max(4.0, placed.width - wide - 4))
    y = min(max(route.middle[1] + 14, 4), max(4.0, placed.height - tall - 4))
    rows = "".join(
        pen.text(round(x + 12, 1), round(y + 20 + number * 16, 1), text, name)
        for number, (text, name) in enumerate(texts)
    )
    return f'<g class="plate"><rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{tall}" rx="7"/>{rows}</g>'


def standalone(drawing: Drawing, pen: Pen, *, title: str, subtitle: str, legend: list[str]) -> str:
    """A whole file: what it shows, as of when, the picture, and how to read it."""
    top, bottom = 62, 14 + 17 * len(legend)
    width = max(drawing.width, 640)
    height = drawing.height + top + bottom
    name, about = texts.line(title), texts.line(subtitle)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f"role=\"img\" font-family=\"'Public Sans', 'Public Sans Variable', system-ui, 'Noto Sans', sans-serif\">"
        f"<title>{escape(name)}</title><desc>{escape(about)}</desc>"
        f'<rect{pen.look("plate")} width="{width:g}" height="{height:g}"/>'
    )
    written = [
        pen.text(16, 28, lettering.cut(name, width - 32, SIZES["title"]), "title"),
        pen.text(16, 48, lettering.cut(about, width - 32, SIZES["legend"]), "legend"),
    ]
    for number, text in enumerate(legend):
        y = top + drawing.height + 14 + 17 * number
        written.append(pen.text(16, y, lettering.cut(text, width - 32, SIZES["legend"]), "legend"))
    return f'{head}{"".join(written)}<g transform="translate(0 {top})">{drawing.parts}</g></svg>\n'
