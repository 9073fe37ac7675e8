"""Hostile texts in a real browser: nothing in them runs, nothing breaks out of its place, pages stay readable."""

from collections.abc import Iterator
from urllib.parse import quote, urlencode

import httpx2
import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.watching import violations
from tests.hostility import BASE, KINDS, page_of, thing, trig
from tests.serving import folder, serving_folder

SKOS = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"
_OF_TASKS = "FILTER(STRSTARTS(STR(?thing), STR(id:)) && STRLEN(?label) < 500)"
_PREFIXES = f"{SKOS} PREFIX id: <{BASE}id/task/du.>"
IN_RESULTS = f"{_PREFIXES} SELECT ?thing ?label {{ ?thing skos:prefLabel ?label {_OF_TASKS} }}"
IN_GRAPH = f"{_PREFIXES} CONSTRUCT {{ ?thing skos:prefLabel ?label ; skos:related <{BASE}id/task/du.script> }} WHERE {{ ?thing skos:prefLabel ?label {_OF_TASKS} }}"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """The service over the catalogue that means harm; `visit` goes there."""
    with serving_folder(folder(tmp_path_factory.mktemp("hostile"), trig())) as client:
        client.get("/api/v1/search?q=thu", timeout=300)
        yield client


def unharmed(page: Page, dialogs: list[str]) -> None:
    """Nothing of the texts ran, and nothing of them became an element or an address that runs."""
    assert dialogs == []
    assert page.evaluate("window.harmed === undefined")
    assert page.locator("img[src='x'], [onerror], [onload]").count() == 0
    assert page.locator("a[href^='javascript:' i], form[action^='javascript:' i]").count() == 0
    assert page.locator("header input[name=q], main input[name=q]").count() >= 1


def looked_at(visit: Visit, address: str, **options: object) -> tuple[Page, list[str]]:
    dialogs: list[str] = []
    page = visit("/help/errors", **options)
    page.on("dialog", lambda one: (dialogs.append(one.message), one.dismiss()))
    page.goto(address)
    return page, dialogs


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_runs_on_the_page_of_a_thing_and_nothing_is_cut_off(visit: Visit, kind: str) -> None:
    page, dialogs = looked_at(visit, page_of(kind, "script"), width=360)
    for name in ("closing", "image", "address", "turned", "long", "solid"):
        page.goto(page_of(kind, name))
        unharmed(page, dialogs)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, name
        assert page.locator("h1").bounding_box()["height"] < 900, name  # type: ignore[index]


@pytest.mark.parametrize(
    "address",
    [
        page_of("indicator", "closing"),
        page_of("agency", "solid"),
        page_of("decision", "turned"),
        "/lineage?of=" + quote(thing("indicator-set", "image")),
        "/sheet?agency=" + quote(thing("agency", "script")),
        "/doc/indicator-group/dong",
        "/search?q=" + "a" * 10_000,
        "/doc/agency/%FF%FE",
    ],
    ids=lambda one: one[:40],
)
def test_axe_finds_nothing_on_the_worst_pages(visit: Visit, address: str) -> None:
    page, dialogs = looked_at(visit, address, width=360, language="en", theme="dark")
    unharmed(page, dialogs)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_pictures_are_pictures(visit: Visit) -> None:
    page, dialogs = looked_at(visit, "/")
    for name in ("script", "closing", "image", "control"):
        for kind in ("indicator-set", "system"):
            of = quote(thing(kind, name))
            page.goto(f"/lineage?of={of}")
            unharmed(page, dialogs)
            page.goto(f"/lineage.svg?of={of}")
            assert page.evaluate("document.documentElement.nodeName") == "svg"  # not the page that shows a fault in XML
            assert page.evaluate("document.querySelector('parsererror, script, a') === null")
            assert dialogs == []
        page.goto(page_of("system", name))
        unharmed(page, dialogs)


def test_what_the_editor_shows_of_an_answer_is_text(visit: Visit) -> None:
    page, dialogs = looked_at(visit, "/sparql?" + urlencode({"query": IN_RESULTS}))
    page.locator("td", has_text="<script>window.harmed=1").first.wait_for()
    unharmed(page, dialogs)
    page.goto("/sparql?" + urlencode({"query": IN_GRAPH}))
    page.locator("main svg").first.wait_for()
    unharmed(page, dialogs)


def test_what_is_suggested_is_text(visit: Visit) -> None:
    page, dialogs = looked_at(visit, "/about")
    field = page.locator("header input[name=q]")
    for typed in ("window harmed", "onerror", "hồ sơ"):
        field.fill("")
        field.press_sequentially(typed)
        page.locator("[role=option]").first.wait_for()
        page.wait_for_load_state("networkidle")
        unharmed(page, dialogs)
        box = page.locator("[role=listbox]").bounding_box()
        assert box is not None and box["height"] < 1_200
