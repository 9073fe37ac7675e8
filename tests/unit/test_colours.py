"""The colours of the pages, in light and dark: enough contrast for every pair that meets (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

STYLES = Path(__file__).resolve().parents[2] / "web/styles"
TOKENS = (STYLES / "tokens.css").read_text(encoding="utf-8")

GROUNDS = ("ground", "raised", "sunken")
KINDS = ("decision", "set", "indicator", "task", "agency", "system", "other")

TEXT = [
    *[(text, ground) for text in ("text", "quiet", "link") for ground in GROUNDS],
    *[(text, "accent-ground") for text in ("text", "quiet", "link", "accent-strong")],
    *[
        (mark, ground)
        for mark in ("confirmed", "inferred", "unverified")
        for ground in ("ground", "raised", f"{mark}-ground")
    ],
    *[(text, f"{box}-ground") for text in ("text", "quiet", "link") for box in ("inferred", "danger")],
    *[("danger", ground) for ground in ("ground", "raised", "danger-ground")],
    *[("on-accent", ground) for ground in ("accent", "accent-strong")],
    *[("accent-strong", ground) for ground in GROUNDS],
    *[(text, "band") for text in ("on-band", "band-quiet")],
    ("on-band", "band-raised"),
    ("band", "on-band"),
    ("ground", "text"),
    *[(f"kind-{kind}", ground) for kind in KINDS for ground in ("ground", "raised")],
]
"""What is read, on what: at least 4.5."""

EDGES = [
    *[(edge, ground) for edge in ("edge", "accent", "focus") for ground in GROUNDS],
    ("focus", "accent-ground"),
    ("accent", "accent-ground"),
    ("band-edge", "band"),
    ("on-band", "band"),
]
"""What bounds a control or shows the focus, on what: at least 3."""


def _colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})\b", block))


def _themes() -> dict[str, dict[str, str]]:
    light = _colours(TOKENS[: TOKENS.index(':root[data-theme="light"]')])
    preferred, chosen = re.findall(
        r':root(?::not\(\[data-theme="light"\]\)|\[data-theme="dark"\]) \{\s*\n(.*?)\n\s*\}', TOKENS, re.S
    )
    assert _colours(preferred) == _colours(chosen), "dark by the system's wish and dark by choice must be the same"
    return {"light": light, "dark": light | _colours(preferred)}


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(one * 2 for one in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def test_the_formula_is_that_of_the_guideline() -> None:
    assert _contrast("#000", "#ffffff") == pytest.approx(21)
    assert _contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_pair_that_meets_can_be_told_apart(theme: str) -> None:
    colours = _themes()[theme]
    weak = [
        f"{one} on {ground}: {found:.2f} < {least}"
        for pairs, least in ((TEXT, 4.5), (EDGES, 3.0))
        for one, ground in pairs
        if (found := _contrast(colours[one], colours[ground])) < least
    ]
    assert weak == []


def test_every_colour_has_a_dark_one() -> None:
    themes = _themes()
    same = {name for name in themes["light"] if themes["light"][name] == themes["dark"][name]}
    assert same == set()


def test_styles_use_only_what_is_declared() -> None:
    """A misspelt name is silent in a browser: the rule is simply lost."""
    everything = "".join(path.read_text(encoding="utf-8") for path in STYLES.glob("*.css"))
    used, declared = (set(re.findall(pattern, everything)) for pattern in (r"var\(--([\w-]+)", r"--([\w-]+):"))
    assert used <= declared


def test_colours_are_roles_everywhere_but_in_the_tokens_and_on_paper() -> None:
    own = [
        f"{path.name}: {found}"
        for path in sorted(STYLES.glob("*.css"))
        if path.name not in ("tokens.css", "print.css")
        for found in re.findall(
            r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*[;}])", path.read_text(encoding="utf-8").partition("@media print")[0]
        )
    ]
    assert own == []
