"""Chromium as a visitor with an old laptop: an empty cache, a slowed processor."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.browser import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SLOWER = 4
"""How many times slower than here the processor of the visitor is (Chromium's own throttle)."""


@dataclass(frozen=True, slots=True)
class View:
    """One visit with an empty cache: bytes over the wire, requests, milliseconds to the first contentful paint."""

    bytes: int
    requests: int
    paint: float


def slowed(origin: str, pages: Mapping[str, str], rounds: int) -> dict[str, list[View]]:
    """Each page as often as `rounds` says, each time as if for the first time. Empty where there is no browser."""
    from playwright.sync_api import sync_playwright

    program = chromium.program()
    if program is None:
        return {}
    found: dict[str, list[View]] = {name: [] for name in pages}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=chromium.arguments())
        for _ in range(rounds):
            for name, path in pages.items():
                found[name].append(_view(browser, origin + path))
        browser.close()
    return found


def _view(browser: "Browser", address: str) -> View:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="vi-VN")
    page = context.new_page()
    session = context.new_cdp_session(page)
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    session.send("Network.enable")
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="networkidle")
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length > 0")
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    context.close()
    return View(sum(sizes), len(sizes), float(paint))
