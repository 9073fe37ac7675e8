"""What the address of a picture says, and the addresses that say a little more or less."""

from dataclasses import dataclass, replace
from typing import Annotated, Literal
from urllib.parse import quote, urlencode

from fastapi import Depends, Query

from catalogue import lineage
from catalogue.iri import CODES, short
from catalogue.lineage import Direction

USUAL, WIDE, WIDEST = 45, 150, 500
"""Numbers of boxes that a picture may be asked for: beyond them things are put together."""

MOST_KEYS = 100

Of = Annotated[str, Query(max_length=500)]
Which = Annotated[Direction, Query()]
Depth = Annotated[int, Query(ge=1, le=30)]
Keys = Annotated[list[str] | None, Query(max_length=MOST_KEYS)]
Boxes = Annotated[int, Query(ge=10, le=WIDEST)]
Valid = Annotated[Literal["", "1"], Query()]


@dataclass(frozen=True, slots=True)
class Asked:
    """One picture: of what, in which direction, which relations are hidden, which boxes opened or closed."""

    of: str
    direction: Direction = "both"
    depth: int = lineage.DEPTH
    hide: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()
    close: frozenset[str] = frozenset()
    valid: bool = False
    boxes: int = USUAL

    def address(self, path: str = "/lineage", *, at: str = "") -> str:
        """The address of this picture; `at`: the key of the box to look at."""
        said: list[tuple[str, str]] = [("of", self.of)]
        if self.direction != "both":
            said.append(("direction", self.direction))
        if self.depth != lineage.DEPTH:
            said.append(("depth", str(self.depth)))
        for name, keys in (("hide", self.hide), ("open", self.open), ("close", self.close)):
            said += [(name, key) for key in sorted(keys)]
        if self.valid:
            said.append(("valid", "1"))
        if self.boxes != USUAL:
            said.append(("boxes", str(self.boxes)))
        return f"{path}?{urlencode(said)}" + (f"#{quote(at, safe=':.@-_~')}" if at else "")

    def turned(self, key: str, name: str) -> "Asked":
        """The picture with a box opened further (`open`), or with what hangs on it hidden (`close`)."""
        if name == "close":
            return replace(self, close=self.close | {key}, open=self.open - {key})
        if key in self.close:
            return replace(self, close=self.close - {key})
        return replace(self, open=self.open | {key})

    def without(self, key: str) -> "Asked":
        """The picture with a box as it was at first."""
        return replace(self, close=self.close - {key}, open=self.open - {key})

    def switched(self, relation: str) -> "Asked":
        """The picture with a relation hidden, or shown again."""
        return replace(self, hide=self.hide ^ {relation})


def asked(
    of: Of = "",
    direction: Which = "both",
    depth: Depth = lineage.DEPTH,
    hide: Keys = None,
    open: Keys = None,
    close: Keys = None,
    valid: Valid = "",
    boxes: Boxes = USUAL,
) -> Asked:
    """What the address of a request says."""
    return Asked(
        of.strip(),
        direction,
        depth,
        frozenset(hide or ()),
        frozenset(open or ()),
        frozenset(close or ()),
        valid == "1",
        boxes,
    )


Given = Annotated[Asked, Depends(asked)]
"""The picture that a request asks for."""


def relation_key(iri: str) -> str:
    """How a relation or role is called in addresses.

    >>> relation_key("https://w3id.org/chiso/code/role/chu-tri"), relation_key("http://www.w3.org/2004/02/skos/core#member")
    ('role/chu-tri', 'skos:member')
    """
    return iri.removeprefix(CODES) if iri.startswith(CODES) else short(iri)
