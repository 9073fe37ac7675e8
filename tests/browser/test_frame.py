"""What stands around every page: the header with its menu, the date, the theme; by keyboard, without scripts, on paper."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit

SET = "/doc/indicator-set/hanoi-chi-dao"


def _focused(page: Page) -> str:
    found: str = page.evaluate(
        "(e => e.id || e.name || e.className || e.getAttribute('href') || e.tagName)(document.activeElement)"
    )
    return found


@pytest.mark.parametrize("javascript", [True, False])
def test_the_menu_of_a_telephone_opens_and_closes_without_scripts(visit: Visit, javascript: bool) -> None:
    page = visit("/about", width=360, javascript=javascript)
    entry = page.locator("#site-menu a").first
    assert not entry.is_visible()
    page.locator(".menu-button").focus()
    page.keyboard.press("Enter")
    entry.wait_for(state="visible")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    entry.wait_for(state="hidden")
    page.locator(".menu-button").click()
    entry.click()
    assert "/responsibility" in page.url


def test_on_a_desk_the_menu_is_there(visit: Visit) -> None:
    page = visit("/about", width=1280)
    assert page.locator("#site-menu a").first.is_visible()
    assert not page.locator(".menu-button").is_visible()
    assert page.locator("#site-menu a[aria-current=page]").get_attribute("href") == "/about"


def test_the_first_key_leads_past_the_header_and_focus_is_seen(visit: Visit) -> None:
    page = visit(SET)
    page.keyboard.press("Tab")
    assert _focused(page) == "skip"
    assert page.locator(".skip").evaluate("e => e.getBoundingClientRect().left >= 0")
    page.keyboard.press("Enter")
    assert _focused(page) == "page-content"
    seen = set()
    for _ in range(25):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(s => [s.outlineStyle, parseFloat(s.outlineWidth)])(getComputedStyle(document.activeElement))"
        )
        assert style[0] != "none" and style[1] >= 2, _focused(page)
        seen.add(page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
    assert len(seen) == 25  # the focus goes on, nothing holds it


@pytest.mark.parametrize("javascript", [True, False])
def test_a_chosen_day_stays_in_sight_and_in_every_link(visit: Visit, javascript: bool) -> None:
    page = visit(SET, javascript=javascript)
    page.locator(".as-of-control summary").click()
    page.locator(".as-of-control input[name=asOf]").fill("2024-06-30")
    page.locator(".as-of-control button").click()
    assert "asOf=2024-06-30" in page.url
    assert "30/6/2024" in page.locator(".as-of-control.given summary").inner_text()
    inner = page.locator("header a.brand, #site-menu a").evaluate_all("all => all.map(a => a.href)")
    assert inner and all("asOf=2024-06-30" in href for href in inner)
    page.locator(".as-of-back").click()
    assert "asOf" not in page.url


@pytest.mark.parametrize("javascript", [True, False])
def test_the_theme_is_chosen_against_the_system_and_kept(visit: Visit, javascript: bool) -> None:
    page = visit("/about", theme="dark", javascript=javascript)
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert page.locator(".to-light").is_visible() and not page.locator(".to-dark").is_visible()
    page.locator(".to-light").click()
    page.locator(".to-dark").wait_for(state="visible")
    page.goto("/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert light != dark
    page.emulate_media(color_scheme="light")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == light


def test_marks_that_are_stacked_have_room(visit: Visit) -> None:
    """Ế and Ữ bear two marks, ợ hangs below: no line of any size may cut them off."""
    page = visit("/about")
    cut = page.evaluate(
        """() => {
          const sizes = ["--text-xs", "--text-s", "--text-m", "--text-l", "--text-xl", "--text-2xl", "--text-3xl"];
          const canvas = document.createElement("canvas").getContext("2d");
          const family = getComputedStyle(document.body).fontFamily;
          return sizes.filter((size, at) => {
            const box = document.createElement(at < 4 ? "p" : "h1");
            box.style.fontSize = `var(${size})`;
            document.querySelector("main").append(box);
            const style = getComputedStyle(box);
            canvas.font = `${style.fontWeight} ${style.fontSize} ${family}`;
            const ink = canvas.measureText("ẾỮẪỘợịĝ");
            return ink.actualBoundingBoxAscent + ink.actualBoundingBoxDescent > parseFloat(style.lineHeight);
          });
        }"""
    )
    assert cut == []


def test_nothing_moves_for_those_who_asked_for_less_motion(visit: Visit) -> None:
    page = visit("/", reduced_motion="reduce")
    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter((e) => {
          const s = getComputedStyle(e);
          return parseFloat(s.transitionDuration) > 0 || s.animationName !== "none" || s.scrollBehavior === "smooth";
        }).length"""
    )
    assert moving == 0


def test_paper_has_the_answer_and_no_controls(visit: Visit) -> None:
    page = visit("/responsibility?of=165/KH-UBND&asOf=2024-06-30", theme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator("h1").is_visible()
    assert not page.locator("header.site").is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") in (
        "rgb(255, 255, 255)",
        "rgba(0, 0, 0, 0)",
    )
