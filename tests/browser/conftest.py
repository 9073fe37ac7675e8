"""A real browser over a real server with the real graph. Without a browser these tests are left out, and say so.

Browser and service last as long as this folder's tests: Playwright keeps an event loop running in the main thread, in
which `asyncio.run` of later tests fails, and its processes would take part of the machine from them.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from catalogue import writing
from catalogue.settings import Settings
from loaders.administrative_units import AdministrativeUnits
from tests import shipped
from tests.browser import chromium
from tests.browser.watching import Watch
from tests.open_data.waiting import dumped
from tests.serving import serving_folder

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_MS = 20_000
"""How long a step may take before it has failed: the machine may be busy."""


@pytest.fixture(scope="package")
def real_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A data folder with the vocabulary, the graph that ships with the package and the administrative units."""
    settings = Settings(data=tmp_path_factory.mktemp("real") / "data")
    writing.make(settings, shipped.graphs(AdministrativeUnits()))
    return settings


@pytest.fixture(scope="package")
def service(real_settings: Settings) -> Iterator[httpx2.Client]:
    """A client of the real service; its `base_url` is where browsers go."""
    with serving_folder(real_settings) as client:
        client.get("/api/v1/search?q=thu", timeout=300)  # the index is made before anybody waits for it
        dumped(client, within=300)
        yield client


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium, without a window. Skips where there is none."""
    program = chromium.program()
    if program is None:
        pytest.skip("no browser: install Chromium (Debian: apt install chromium) or name one in CHISO_CHROMIUM")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=chromium.arguments())
        yield started
        started.close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, service: httpx2.Client) -> Iterator[Visit]:
    """Opens a page in a window of its own: `visit("/search?q=thu", language="en", theme="dark", width=360, javascript=False)`.

    At the end it is looked whether any page asked another origin, broke the policy of content, or met an error.
    """
    contexts: list[BrowserContext] = []
    watches: list[Watch] = []

    def opened(
        path: str = "/",
        *,
        language: str = "vi",
        theme: str = "light",
        width: int = 1280,
        height: int = 900,
        javascript: bool = True,
        **options: Any,
    ) -> Page:
        context = browser.new_context(
            base_url=str(service.base_url),
            viewport={"width": width, "height": height},
            locale="vi-VN" if language == "vi" else "en-GB",
            color_scheme="dark" if theme == "dark" else "light",
            java_script_enabled=javascript,
            accept_downloads=True,
            **options,
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        watches.append(Watch(page, str(service.base_url)))
        page.goto(path)
        return page

    yield opened
    faults = [fault for watch in watches for fault in watch.faults]
    for context in contexts:
        context.close()
    assert faults == []
