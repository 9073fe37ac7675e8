"""Pictures of the pages over the real graph, as a browser shows them.

python -m tests.browser.pictures           the three of the README, into docs/pictures
python -m tests.browser.pictures FOLDER    every page in both themes at 360 and 1280 px, into FOLDER
"""

import sys
import tempfile
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, sync_playwright

from catalogue import writing
from catalogue.settings import Settings
from loaders.administrative_units import AdministrativeUnits
from tests import shipped
from tests.browser import chromium
from tests.browser.conftest import PATIENCE_MS, ROOT
from tests.browser.test_every_page import PAGES
from tests.serving import serving_folder

QUERY = """PREFIX chiso: <https://w3id.org/chiso/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?set (COUNT(DISTINCT ?indicator) AS ?indicators)
WHERE {
  ?indicator a chiso:Indicator .
  ?indicator skos:inScheme ?set .
}
GROUP BY ?set
ORDER BY DESC(?indicators)
"""

README = {
    "indicator-set": ("/doc/indicator-set/hanoi-chi-dao", "light", 1280, 800),
    "lineage": ("/lineage?of=indicator-set:hanoi-chi-dao", "light", 1680, 1070),
    "sparql": ("/sparql?" + urlencode({"query": QUERY}), "dark", 1280, 1300),
}
"""Name → page, theme, width and height of the pictures in the README."""

HIGHEST = 6_000
"""Pixels: a page may be longer, its picture is not."""


def take(
    browser: Browser, origin: str, path: str, file: Path, *, theme: str, width: int, height: int | None = None
) -> None:
    """One page as one picture: the whole of it, or what a screen of this height shows."""
    context = browser.new_context(
        base_url=origin,
        viewport={"width": width, "height": height or 800},
        locale="vi-VN",
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(path, wait_until="networkidle")
    if height is None:
        whole = min(HIGHEST, int(page.evaluate("document.documentElement.scrollHeight")))
        page.set_viewport_size({"width": width, "height": max(whole, 400)})
    if height is not None and (fit := page.locator("[data-zoom=fit]")).count():
        fit.click()
    page.screenshot(path=file, scale="css")
    context.close()


def main() -> int:
    """Take the pictures; 1 where there is no browser."""
    program = chromium.program()
    if program is None:
        print("No browser: install Chromium, or name one in CHISO_CHROMIUM.", file=sys.stderr)
        return 1
    everything = len(sys.argv) > 1
    target = Path(sys.argv[1]) if everything else ROOT / "docs/pictures"
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        settings = Settings(data=Path(scratch) / "data")
        writing.make(settings, shipped.graphs(AdministrativeUnits()))
        with serving_folder(settings) as client, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=chromium.arguments())
            origin = str(client.base_url)
            if everything:
                for name, path in PAGES.items():
                    for theme in ("light", "dark"):
                        for width in (360, 1280):
                            file = target / f"{name.replace(' ', '-')}.{theme}.{width}.png"
                            take(browser, origin, path, file, theme=theme, width=width)
            else:
                for name, (path, theme, width, height) in README.items():
                    take(browser, origin, path, target / f"{name}.png", theme=theme, width=width, height=height)
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
