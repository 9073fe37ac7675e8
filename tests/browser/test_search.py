"""Finding things: suggestions by keyboard and mouse, results, facets, and help, as people meet them."""

import json

import pytest

from tests.browser.conftest import Visit
from tests.browser.watching import violations

BOX = "#page-find"
OPTION = "[role=listbox] [role=option]"


def test_suggestions_by_keyboard(visit: Visit) -> None:
    page = visit("/responsibility?lang=en&asOf=2025-04-01", language="en")
    box = page.locator(BOX)
    box.press_sequentially("so khcn ha noi")
    page.locator(OPTION).first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    assert violations(page) == []
    box.press("ArrowDown")
    active = box.get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    box.press("Escape")
    assert (box.get_attribute("aria-expanded"), box.input_value()) == ("false", "so khcn ha noi")
    box.press("ArrowDown")
    page.locator(OPTION).first.wait_for()
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url("**/doc/agency/hanoi.so-khcn.2025-03-01?asOf=2025-04-01&lang=en")


def test_a_word_under_composition_is_not_chosen_by_enter_and_a_late_answer_is_dropped(visit: Visit) -> None:
    page = visit("/search")
    asked: list[str] = []

    def answer(route: object) -> None:
        asked.append(route.request.url)  # type: ignore[attr-defined]
        label = "cũ" if len(asked) == 1 else "<b>mới</b>"
        body = {"query": "", "items": [{"iri": "https://x.example/id/area/1", "label": label, "page": "/search"}]}
        if len(asked) > 1:
            route.fulfill(body=json.dumps(body), content_type="application/json")  # type: ignore[attr-defined]

    page.route("**/api/v1/suggest?*", answer)  # the first question is never answered
    box = page.locator(BOX)
    with page.expect_request("**/api/v1/suggest?*"):
        box.press_sequentially("hung")
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "yên", "selectionStart": 3, "selectionEnd": 3})
    page.locator(OPTION).first.wait_for()
    assert page.locator(f"{OPTION} .name").first.inner_text() == "<b>mới</b>"
    box.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    assert page.locator(OPTION).first.is_visible()
    assert page.url.endswith("/search")


def test_the_last_row_leads_from_the_first_page_to_all_results(visit: Visit) -> None:
    page = visit("/")
    page.locator("main input[data-suggest]").press_sequentially("hà nội")
    page.locator(f"{OPTION}.all").click()
    page.wait_for_url("**/search?q=*")
    assert page.locator(BOX).input_value() == "hà nội"
    assert page.locator(".hits .results li").count() > 0


@pytest.mark.parametrize("javascript", [True, False])
def test_facets_narrow_and_go_back_with_and_without_scripts(visit: Visit, javascript: bool) -> None:
    page = visit("/search?q=tinh+thai+binh&lang=en", language="en", javascript=javascript)
    every = page.locator("[role=status].lead").inner_text()
    page.locator("#narrow a", has_text="No longer in force").click()
    page.locator("#narrow a", has_text="Administrative unit").first.click()
    assert "validity=ended" in page.url and "kind=area" in page.url and "lang=en" in page.url
    assert page.locator(".hits .results li").count() >= 1
    assert "Hưng Yên" in page.locator(".hits").inner_text()  # what it is now
    page.locator(".chosen a", has_text="Remove all filters").click()
    assert page.locator("[role=status].lead").inner_text() == every


def test_a_text_with_typing_errors_shows_what_was_meant(visit: Visit) -> None:
    page = visit("/search?q=chuyn+doi+sos")
    assert page.locator(".hits .results li").count() > 0
    said = page.locator("[role=status].lead").inner_text()
    assert "chuyn doi sos" in said and "chuyen doi so" in said
    page.locator("#narrow a").first.click()  # filters go on from what was meant
    assert "chuyen+doi" in page.url or "chuyen%20doi" in page.url


def test_ten_thousand_characters_are_cut_and_said_so(visit: Visit) -> None:
    page = visit("/search?q=" + "ab" * 5_000)
    assert page.locator(".note").filter(has_text="10000").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
