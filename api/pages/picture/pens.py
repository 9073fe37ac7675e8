"""How the parts of a picture look: in a page by classes, which follow its theme, in a file by attributes of its own."""

from collections.abc import Mapping
from typing import Protocol

from markupsafe import escape

from api.pages.picture import lettering

COLOURS: Mapping[str, str] = {
    "ground": "#fcfcfa",
    "raised": "#f3f5f4",
    "text": "#1a2325",
    "quiet": "#4d5b62",
    "line-colour": "#cfd6d8",
    "edge": "#76858c",
    "accent": "#0a5a78",
    "accent-ground": "#e2eff4",
    "kind-decision": "#7b3f8c",
    "kind-set": "#0a5a78",
    "kind-indicator": "#1f6f54",
    "kind-task": "#8a5a00",
    "kind-agency": "#a33b2a",
    "kind-system": "#45559b",
    "kind-other": "#56646b",
}
"""The colours of a file: those of the light theme; a test compares them with `web/styles/tokens.css`."""

SIZES: Mapping[str, float] = {
    "name": 13,
    "kind": 11,
    "head": 12,
    "tag": 11,
    "turn": 11,
    "said": 12,
    "title": 17,
    "legend": 11.5,
}
"""The size of each kind of text, in px."""

_STYLES: Mapping[str, Mapping[str, str]] = {
    "strip": {"fill": COLOURS["raised"]},
    "body": {"fill": COLOURS["ground"], "stroke": COLOURS["edge"], "stroke-width": "1.25"},
    "back": {"fill": COLOURS["ground"], "stroke": COLOURS["edge"]},
    "centre": {"fill": COLOURS["accent-ground"], "stroke": COLOURS["accent"], "stroke-width": "2.5"},
    "edge": {"fill": "none", "stroke": COLOURS["edge"], "stroke-width": "1.25"},
    "lead": {"stroke": COLOURS["accent"], "stroke-width": "2.25"},
    "inferred": {"stroke-dasharray": "6 3"},
    "unverified": {"stroke-dasharray": "1.5 3"},
    "lapsed": {"stroke-opacity": "0.55"},
    "tip": {"fill": COLOURS["edge"]},
    "tip-lead": {"fill": COLOURS["accent"]},
    "name": {"fill": COLOURS["text"], "font-weight": "500"},
    "kind": {"fill": COLOURS["quiet"]},
    "head": {"fill": COLOURS["quiet"], "font-weight": "600"},
    "tag": {"fill": COLOURS["quiet"], "font-style": "italic"},
    "said": {"fill": COLOURS["text"]},
    "plate": {"fill": COLOURS["ground"]},
    "title": {"fill": COLOURS["text"], "font-weight": "600"},
    "legend": {"fill": COLOURS["quiet"]},
    **{
        f"k-{name.removeprefix('kind-')}": {"fill": value}
        for name, value in COLOURS.items()
        if name.startswith("kind-")
    },
}


class Pen(Protocol):
    """What gives a part its look."""

    def look(self, names: str) -> str:
        """The attributes of a part of these classes, with a space before."""

    def text(self, x: float, y: float, text: str, name: str, anchor: str = "start") -> str:
        """A line of text."""


class PagePen:
    """Classes: the styles of the page say the rest."""

    def look(self, names: str) -> str:
        """The classes."""
        return f' class="{names}"'

    def text(self, x: float, y: float, text: str, name: str, anchor: str = "start") -> str:
        """A line of text."""
        placed = "" if anchor == "start" else f' text-anchor="{anchor}"'
        return f'<text class="{name}" x="{x:g}" y="{y:g}"{placed}>{escape(text)}</text>'


class FilePen:
    """Attributes; every text is told how long it is, since the font of the page is not there."""

    def look(self, names: str) -> str:
        """The attributes of all classes together, the last one's first."""
        together: dict[str, str] = {}
        for name in names.split():
            together |= _STYLES.get(name, {})
        return "".join(f' {key}="{value}"' for key, value in together.items())

    def text(self, x: float, y: float, text: str, name: str, anchor: str = "start") -> str:
        """A line of text."""
        size = SIZES[name]
        long = lettering.width(text, size)
        return (
            f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" text-anchor="{anchor}" textLength="{long:.1f}" '
            f'lengthAdjust="spacingAndGlyphs"{self.look(name)}>{escape(text)}</text>'
        )
