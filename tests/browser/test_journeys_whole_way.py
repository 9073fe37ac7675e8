"""What holds on every way: the keyboard is enough, the language and the theme are kept, little moves, nothing leaves the origin."""

from datetime import date

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE_MS, Visit
from tests.browser.journey import LANGUAGES, Journey
from tests.browser.watching import Watch

MOST_STOPS = 60
"""How often the Tab key may be pressed before something is reached."""


def tab_to(page: Page, wanted: str, *, back: bool = False) -> None:
    """Press Tab until the focus is on what matches `wanted`; at each stop the focus is seen."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        seen = page.evaluate(
            """() => {
                const here = document.activeElement, box = here.getBoundingClientRect(), style = getComputedStyle(here);
                const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
                const within = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
                return ring && within ? "" : here.outerHTML.slice(0, 200);
            }"""
        )
        assert seen == "", f"the focus is not seen: {seen}"
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    pytest.fail(f"{MOST_STOPS} times Tab, and {wanted} was not reached")


@pytest.mark.parametrize(("language", "javascript"), LANGUAGES)
def test_the_keyboard_is_enough(visit: Visit, language: str, javascript: bool) -> None:
    """From the first page by Tab, Enter and letters to an answer for a day, and by the menu to another room."""
    me = Journey(visit, "/", language, javascript, axe=False)
    keys = me.page.keyboard
    tab_to(me.page, "input[type=search]")
    keys.type("so khcn ha noi")
    expect(me.page.get_by_role("option").first).to_be_visible()
    keys.press("ArrowDown")
    with me.page.expect_navigation():
        keys.press("Enter")
    me.reached("/doc/agency/")
    tab_to(me.page, ".skip")
    tab_to(me.page, "input[type=search]")
    tab_to(me.page, "nav a")
    tab_to(me.page, "header summary")
    keys.press("Enter")
    tab_to(me.page, "input[type=date]")
    keys.type("01012026")  # the same in every order of day and month
    with me.page.expect_navigation():
        keys.press("Enter")
    me.reached("asOf=2026-01-01")
    me.on_day(date(2026, 1, 1))
    tab_to(me.page, ".skip")
    keys.press("Enter")
    tab_to(me.page, "main a[href*='/sheet?']")
    with me.page.expect_navigation():
        keys.press("Enter")
    me.reached("/sheet?")
    me.on_day(date(2026, 1, 1))
    tab_to(me.page, "nav a[href^='/overview']")
    with me.page.expect_navigation():
        keys.press("Enter")
    me.reached("/overview")


@pytest.mark.parametrize("javascript", [True, False])
def test_language_and_theme_are_chosen_once(visit: Visit, javascript: bool) -> None:
    """Somebody whose browser speaks Vietnamese and shows light pages chooses English and dark, and is not asked again."""
    me = Journey(visit, "/responsibility?asOf=2026-03-01", "vi", javascript, axe=False)
    me.speaks("en")
    me.press(me.page.get_by_role("link", name="English"), "lang=en")
    light = me.page.evaluate("getComputedStyle(document.body).backgroundColor")
    me.page.get_by_role("link", name=me.t("site.theme.dark")).click()
    turned = me.page.get_by_role("link", name=me.t("site.theme.light"))
    expect(turned).to_be_visible()
    dark = me.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    me.follow(me.main.get_by_role("link", name=me.t("responsibility.example.plan")), "/responsibility")
    me.follow(me.main.get_by_role("link", name=me.t("responsibility.page")), "/doc/decision/")
    for room, part in (
        ("nav.lineage", "/lineage"),
        ("nav.state", "/overview"),
        ("nav.ask", "/sparql"),
        ("nav.vocabulary", "/ns"),
    ):
        me.to_room(room, part)
        assert "lang=en" in me.page.url and "asOf=2026-03-01" in me.page.url
    me.find("khongcogihet")
    me.page.goto(
        "/doc/indicator/khong-co"
    )  # nothing in the address says it any more: it is remembered, on errors as well
    me.reached("/doc/indicator/khong-co")
    expect(turned).to_be_visible()
    assert me.page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


def test_little_moves_for_those_who_asked_for_it(visit: Visit) -> None:
    for path in ("/", "/lineage?of=indicator-set:hanoi-chi-dao", "/sparql", "/search?q=hanoi"):
        page = visit(path, reduced_motion="reduce")
        moving = page.evaluate(
            """() => [...document.querySelectorAll("*"), ...[...document.querySelectorAll("*")].flatMap((e) =>
                e.shadowRoot ? [...e.shadowRoot.querySelectorAll("*")] : [])].filter((e) => {
                const s = getComputedStyle(e);
                return parseFloat(s.transitionDuration) > 0 || (s.animationName !== "none" && parseFloat(s.animationDuration) > 0)
                    || s.scrollBehavior === "smooth";
            }).map((e) => e.outerHTML.slice(0, 120))"""
        )
        assert moving == [], path


def test_what_leaves_the_origin_or_breaks_the_policy_is_seen(browser: Browser, service: httpx2.Client) -> None:
    """Every visit ends with the watch having seen nothing; here it must see something, or that would say nothing."""
    context = browser.new_context(base_url=str(service.base_url))
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    watch = Watch(page, str(service.base_url))
    page.goto("/about")
    assert watch.faults == []
    for what, said in (
        ("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/x.png'}))", "127.0.0.1:9"),
        ("document.body.setAttribute('style', 'color: red')", "inline style"),
        ("document.body.append(Object.assign(document.createElement('script'), {textContent: '1'}))", "inline script"),
        ("setTimeout(() => { throw new Error('thrown') })", "thrown"),
    ):
        watch.faults.clear()
        with page.expect_event("pageerror" if said == "thrown" else "console"):
            page.evaluate(what)
        assert any(said in fault for fault in watch.faults), (said, watch.faults)
    assert page.locator("body").evaluate("e => getComputedStyle(e).color") != "rgb(255, 0, 0)"
    context.close()
