"""Pictures in a browser: a walk by keys, the meaning of a tie on focus and on hover, zoom, files, and no scripts at all."""

import re
import struct
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.watching import violations

SET = "/lineage?of=indicator-set:hanoi-chi-dao"
MANY = "/lineage?of=165/KH-UBND"


def focused(page: Page) -> str:
    """What is read out where the keyboard is."""
    return str(
        page.evaluate(
            "(here => here.getAttribute('aria-label') ?? here.querySelector('title').textContent)(document.activeElement)"
        )
    )


def test_a_walk_by_keys_reads_every_tie_and_leaves_by_tab(visit: Visit) -> None:
    page = visit(SET)
    page.locator(".picture-view").focus()
    page.keyboard.press("Tab")
    assert "ở giữa hình" in focused(page)
    page.keyboard.press("ArrowLeft")
    assert re.search(r"Bộ chỉ số.* — căn cứ → Kế hoạch tháng 9/2025", focused(page))
    expect(page.locator(".picture .over .plate")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert "Quyết định 1012/QĐ-TTg" in focused(page)
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    first = focused(page)
    page.keyboard.press("ArrowDown")
    assert focused(page) != first
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('svg')") is None


def test_pointing_at_a_tie_says_what_it_means_and_a_click_leads_to_its_proof(visit: Visit) -> None:
    page = visit(SET)
    tie = page.locator('.picture a.tie[aria-label*="căn cứ →"]').first
    tie.locator(".hit").hover(force=True)
    expect(tie.locator(".plate")).to_be_visible()
    row = str(tie.get_attribute("href"))
    tie.locator(".hit").click(force=True)
    expect(page.locator(f"tr{row}")).to_be_in_viewport()


def test_zoom_changes_the_size_and_fit_shows_all(visit: Visit) -> None:
    page = visit(SET)
    wide = "document.querySelector('.picture-view svg').getBoundingClientRect().width"
    before = page.evaluate(wide)
    page.get_by_role("button", name="Phóng to").click()
    assert page.evaluate(wide) > before
    page.get_by_role("button", name="Vừa khung").click()
    assert page.evaluate(wide) <= page.evaluate("document.querySelector('.picture-view').clientWidth") + 1


def test_both_files_can_be_taken_along(visit: Visit, tmp_path: Path) -> None:
    page = visit(SET)
    with page.expect_download() as taken:
        page.get_by_role("button", name="Tải PNG").click()
    assert taken.value.suggested_filename == "chiso-indicator-set-hanoi-chi-dao.png"
    taken.value.save_as(tmp_path / "picture.png")
    content = (tmp_path / "picture.png").read_bytes()
    assert content.startswith(b"\x89PNG")
    assert min(struct.unpack(">II", content[16:24])) > 600
    with page.expect_download() as taken:
        page.get_by_role("link", name="Tải SVG").click()
    assert taken.value.suggested_filename.endswith(".svg")


def test_without_scripts_groups_open_and_ties_speak(visit: Visit) -> None:
    page = visit(MANY, javascript=False)
    group = page.locator(".picture a.group").first
    before = page.locator(".picture a.box").count()
    group.click()
    assert page.locator(".picture a.box").count() > before
    assert page.locator(".picture-choices .chip", has_text="đã mở rộng").count() == 1
    tie = page.locator(".picture a.tie").first
    tie.focus()
    expect(tie.locator(".plate")).to_be_visible()


def test_no_label_leaves_its_box(visit: Visit) -> None:
    page = visit(MANY)
    outside = page.evaluate(
        """() => [...document.querySelectorAll('.picture a.box')].flatMap((box) => {
            const frame = box.querySelector('.body').getBBox();
            return [...box.querySelectorAll('text')].filter((text) => {
                const own = text.getBBox();
                return own.x + own.width > frame.x + frame.width || own.y + own.height > frame.y + frame.height + 1;
            }).map((text) => text.textContent);
        })"""
    )
    assert outside == []


def test_a_group_and_an_opened_picture_have_nothing_for_axe_to_find(visit: Visit) -> None:
    page = visit(MANY + "&open=agency:hanoi.ubnd&hide=role/phoi-hop&asOf=2024-06-30", language="en", theme="dark")
    assert violations(page) == []
