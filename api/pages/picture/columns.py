"""Which column of a picture a thing stands in, and in which colour: by its kind, from the national mandate to the unit."""

from collections.abc import Callable, Iterable

from api.pages.picture.grouping import Box
from catalogue.iri import KINDS

NATIONAL, LOCAL, LISTS, WORK, UNITS, TOOLS = range(6)

_COLUMNS = {
    "decision": LOCAL,
    "provision": LOCAL,
    "indicator-set": LISTS,
    "indicator-group": LISTS,
    "regime": LISTS,
    "cutoff-rule": LISTS,
    "scenario-group": LISTS,
    "phase": LISTS,
    "code-scheme": LISTS,
    "area-scheme": LISTS,
    "mapping-set": LISTS,
    "task": WORK,
    "scenario": WORK,
    "indicator": WORK,
    "target": WORK,
    "assessment": WORK,
    "mapping": WORK,
    "mapping-review": WORK,
    "code": WORK,
    "request": WORK,
    "explanation": WORK,
    "responsibility": WORK,
    "agency": UNITS,
    "post": UNITS,
    "addressee": UNITS,
    "event": UNITS,
    "area": UNITS,
    "area-change": UNITS,
}
_COLOURS = {
    "decision": "decision",
    "provision": "decision",
    "indicator": "indicator",
    "target": "indicator",
    "assessment": "indicator",
    "observation": "indicator",
    "task": "task",
    "scenario": "task",
    "responsibility": "task",
    "system": "system",
    "exchange": "system",
    "dataset": "system",
    "feature": "system",
}
DEEPEST = {UNITS: 2}
"""How many further layers a column may open: what a unit was before, what happened, and what it became stand apart."""
_BY_COLUMN = {LISTS: "set", UNITS: "agency"}


def column(box: Box) -> int:
    """The column of a box; what is of no other is a system or data."""
    found = _COLUMNS.get(box.kind or "", TOOLS)
    return NATIONAL if found == LOCAL and box.level == "quoc-gia" else found


def colour(kind: str | None) -> str:
    """The role of the colour of a kind, as in `--kind-…`."""
    return _COLOURS.get(kind or "") or _BY_COLUMN.get(_COLUMNS.get(kind or "", TOOLS), "other")


def head(number: int, boxes: Iterable[Box], t: Callable[[str], str]) -> str:
    """What stands above a column: its kinds by name, the most frequent first."""
    if number == NATIONAL:
        return t("picture.column.national")
    if number == LOCAL:
        return t("picture.column.local" if all(box.level for box in boxes) else "picture.column.other")
    counts: dict[str, int] = {}
    for box in boxes:
        counts[known(box.kind)] = counts.get(known(box.kind), 0) + len(box.nodes)
    return " · ".join(t(f"kind.{kind}") for kind in sorted(counts, key=lambda kind: -counts[kind]))


def known(kind: str | None) -> str:
    """The kind as messages name it."""
    return kind if kind in KINDS else "concept"
