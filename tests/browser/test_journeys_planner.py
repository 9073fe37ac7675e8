"""What planners come for: who leads, what a unit has to do, where a decision leads, how two things are tied, what is due."""

import re
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.journey import WAYS, Journey

SET = "/doc/indicator-set/hanoi-chi-dao"
NOW = {"vi": "Sở Khoa học và Công nghệ Hà Nội", "en": "Hanoi Department of Science and Technology"}
THEN = {"vi": "Sở Thông tin và Truyền thông Hà Nội", "en": "Hanoi Department of Information and Communications"}
MERGED = date(2025, 3, 1)
DECISION = "/doc/decision/ttg.quyet-dinh.2024-09-20.1012-qd-ttg"


def choose_by_keyboard(me: Journey, ending: str) -> None:
    """Go down the list of suggestions to the one whose name ends so, as somebody does who does not use a mouse."""
    options = me.page.get_by_role("option")
    expect(options.filter(has_text=ending).first).to_be_visible()
    for _ in range(options.count()):
        me.page.keyboard.press("ArrowDown")
        active = me.page.locator("[role=option][aria-selected=true]")
        if ending in active.inner_text():
            break
    else:
        pytest.fail(f"no suggestion with {ending}: {options.all_inner_texts()}")
    me.page.keyboard.press("Enter")


@pytest.mark.parametrize(("language", "javascript"), WAYS)
def test_who_leads_today_and_who_led_on_a_day(visit: Visit, language: str, javascript: bool) -> None:
    me = Journey(visit, "/", language, javascript)
    box = me.page.get_by_label(me.t("home.find"))
    box.press_sequentially("bo chi so chi dao")
    if javascript:
        choose_by_keyboard(me, "điều hành của thành phố Hà Nội")
    else:
        box.press("Enter")
        me.reached("/search?q=bo")
        me.press(me.main.get_by_role("link", name="điều hành của thành phố Hà Nội").first, SET)
    answer = me.region(me.t("thing.who"))
    expect(answer).to_contain_text(me.t("thing.leads"))
    expect(answer).to_contain_text(me.t("marks.inferred"))
    expect(answer.get_by_role("link", name=NOW[language])).to_be_visible()

    me.choose_day(date(2024, 6, 30))
    # The set begins in September 2025: on the chosen day nobody led, and the page says so instead of telling today's answer.
    expect(answer).to_contain_text(me.t("thing.nobody", day=me.day(date(2024, 6, 30))))
    me.to_room("nav.responsibility", "/responsibility")
    me.on_day(date(2024, 6, 30))
    form = me.main.locator("form")
    form.get_by_label(me.t("question.of"), exact=True).fill("165/KH-UBND")
    me.press(form.get_by_role("button", name=me.t("question.button")), "of=165/KH-UBND")
    me.on_day(date(2024, 6, 30))
    leads = me.page.get_by_role("region", name=me.said("responsibility.leads"))
    expect(leads.get_by_role("link", name=THEN[language]).first).to_be_visible()
    expect(leads.get_by_role("link", name=NOW[language])).to_have_count(0)

    me.follow(me.page.get_by_role("link", name=me.t("as_of.back")), "of=165/KH-UBND")
    assert "asOf" not in me.page.url
    expect(leads.get_by_role("link", name=NOW[language]).first).to_be_visible()


def rows(page: Page) -> list[tuple[str, str]]:
    """Of each row of the sheet as a browser shows it: the roles it names, if its heading does not, and the work."""
    found = []
    for row in page.locator("article tbody tr:has(td)").all():
        roles = row.locator("td strong")
        found.append((roles.inner_text() if roles.count() else "", row.get_by_role("link").first.inner_text()))
    return found


@pytest.mark.parametrize(("language", "javascript"), WAYS)
def test_what_became_of_a_department_and_its_sheet(
    visit: Visit, language: str, javascript: bool, tmp_path: Path
) -> None:
    me = Journey(visit, "/about", language, javascript)
    me.find("Sở TT&TT Hà Nội")
    me.follow(THEN[language], "/doc/agency/hanoi.so-ttt")
    me.choose_day(MERGED)
    answer = me.region(me.t("agency.answer", day=me.day(MERGED)))
    expect(answer).to_contain_text(me.t("agency.ended", day=me.day(MERGED)))
    me.follow(answer.get_by_role("link", name=NOW[language]), "/doc/agency/hanoi.so-khcn.2025-03-01")
    me.on_day(MERGED)
    me.follow(me.t("sheet.title"), "/sheet?")
    me.on_day(MERGED)
    shown = rows(me.page)
    assert len(shown) >= 4

    with me.page.expect_download() as taken:
        me.page.get_by_role("link", name=me.t("sheet.excel")).click()
    taken.value.save_as(tmp_path / "sheet.xlsx")
    page = openpyxl.load_workbook(tmp_path / "sheet.xlsx").active
    assert page is not None
    table = [row for row in page.iter_rows(min_row=7, values_only=True) if isinstance(row[0], int | float)]
    assert len(table) >= len(shown)  # a row of the page may name several roles
    for roles, work in shown:
        assert any(row[3] == work and (not roles or str(row[2]).lower() in roles.lower()) for row in table), (
            roles,
            work,
        )
    assert {str(row[3]) for row in table} == {work for _, work in shown}
    assert {row[1] for row in table} == {NOW[language]}
    assert all(isinstance(row[4], str) and "165/KH-UBND" in row[4] for row in table)

    me.page.emulate_media(media="print")
    for control in ("button", "textbox", "combobox", "checkbox", "navigation", "banner"):
        assert me.page.get_by_role(control).count() == 0, control
    expect(me.page.get_by_role("heading", name=me.t("sheet.title"))).to_be_visible()
    expect(me.page.get_by_text(me.t("sheet.head"))).to_be_visible()
    paper = me.page.pdf(prefer_css_page_size=True)
    sizes = {
        (round(float(wide)), round(float(high)))
        for wide, high in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper)
    }
    assert sizes == {(595, 842)}  # A4 in points


def ties(page: Page) -> set[str]:
    """The ties of the table, each as the picture reads it out, without how sure it is."""
    found = page.locator("table.ties tbody tr").evaluate_all(
        """rows => rows.map((row) => {
            const [start, relation, end] = [...row.cells].map((cell) => cell.cloneNode(true));
            for (const cell of [start, relation, end]) for (const more of cell.querySelectorAll(".small, .note")) more.remove();
            return `${start.textContent.trim()} — ${relation.textContent.trim()} → ${end.textContent.trim()}`;
        })"""
    )
    return set(found)


def read(picture: Locator) -> set[str]:
    """The ties of the picture as it reads them out, without how sure they are; one line may stand for several relations."""
    found = set()
    for line in picture.locator("a.tie").evaluate_all("all => all.map(tie => tie.getAttribute('aria-label'))"):
        start, relations, end = re.split(" — | → ", re.sub(r" \([^()]*\)$", "", line))
        found |= {f"{start} — {one} → {end}" for one in relations.split("; ")}
    return found


@pytest.mark.parametrize(("language", "javascript"), WAYS)
def test_which_of_two_decisions_and_where_it_leads(
    visit: Visit, language: str, javascript: bool, tmp_path: Path
) -> None:
    me = Journey(visit, "/", language, javascript)
    me.to_room("nav.lineage", "/lineage")
    me.main.get_by_label(me.t("picture.of"), exact=True).fill("1012/QĐ-TTg")
    me.press(me.main.get_by_role("button", name=me.t("picture.button")), "of=1012/QĐ-TTg")
    expect(me.page.get_by_role("heading", level=1)).to_have_text(me.t("errors.ambiguous.title"))
    both = me.main.get_by_role("link", name="1012/QĐ-TTg")
    expect(both).to_have_count(2)
    me.follow(both.filter(has_text="2024"), "/lineage")
    name = me.page.get_by_role("heading", level=2).first.inner_text()
    assert "2024" in name

    # Who got work from it: the picture and the table say the same.
    table = ties(me.page)
    leads = {one for one in table if one.startswith(NOW[language])}
    assert leads
    picture = me.page.get_by_role("region", name=me.t("picture.label", name=name))
    drawn = picture.locator("a.tie").count()
    assert read(picture) >= leads

    turn = picture.get_by_role("link", name=re.compile(me.said("picture.turn.close").pattern.removesuffix("$"))).first
    if javascript:
        walk(me, picture.get_by_role("link", name=me.t("picture.centre", name="").strip()))
    me.press(turn, "close=")
    expect(me.page.get_by_text(me.t("picture.turned.closed"))).to_be_visible()
    assert picture.locator("a.tie").count() < drawn
    with me.page.expect_download() as taken:
        me.page.get_by_role("link", name=me.t("picture.svg")).click()
    taken.value.save_as(tmp_path / "picture.svg")
    drawing = ElementTree.parse(tmp_path / "picture.svg").getroot()  # noqa: S314 - our own file
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    assert name[:12] in "".join(drawing.itertext())
    me.follow(me.main.get_by_role("link", name=f"({me.t('picture.turned.undo')})"), "/lineage")

    me.main.locator("summary").filter(has_text=me.said("picture.relations")).click()
    before = len(ties(me.page))
    me.follow(me.main.get_by_role("link", name=f"{me.t('picture.relation.hide')}:").nth(1), "hide=")
    assert 0 < len(ties(me.page)) < before
    me.follow(me.t("picture.relation.all"), "/lineage")
    assert ties(me.page) == table
    me.follow(me.page.get_by_role("heading", level=2).first.get_by_role("link"), DECISION)


def walk(me: Journey, centre: Locator) -> None:
    """Along the ties by arrow keys: from the box in the middle over a tie, which is read out, to the box at its end."""
    heard = (
        "(here => here.getAttribute('aria-label') ?? here.querySelector('title').textContent)(document.activeElement)"
    )
    centre.focus()
    me.page.keyboard.press("ArrowRight")
    tie = me.page.evaluate(heard)
    assert " → " in tie
    me.page.keyboard.press("ArrowRight")
    box = me.page.evaluate(heard)
    assert " → " not in box and box.partition(". ")[2][:20] in tie


@pytest.mark.parametrize(("language", "javascript"), WAYS)
def test_how_a_unit_is_tied_to_a_decision(visit: Visit, language: str, javascript: bool) -> None:
    options: dict[str, Any] = {"permissions": ["clipboard-read", "clipboard-write"]} if javascript else {}
    me = Journey(visit, "/doc/agency/hanoi.so-khcn.2025-03-01?asOf=2026-03-01", language, javascript, **options)
    me.follow(me.t("picture.link"), "/lineage")
    me.follow(me.t("picture.to_path"), "/path")
    me.on_day(date(2026, 3, 1))
    form = me.main.locator("form")
    end = form.get_by_label(me.t("picture.path.to"), exact=True)
    if javascript:
        end.press_sequentially("1012 2024")
        choose_by_keyboard(me, "2024")
        expect(end).to_have_value("decision:ttg.quyet-dinh.2024-09-20.1012-qd-ttg")
    else:
        end.fill("decision:ttg.quyet-dinh.2024-09-20.1012-qd-ttg")
    me.press(form.get_by_role("button", name=me.t("picture.path.button")), "to=decision:ttg")
    sentence = me.main.get_by_text(me.t("thing.on", day=me.day(date(2026, 3, 1)))).first
    steps = me.region(me.t("picture.path.steps")).get_by_role("listitem")
    number = steps.count()
    assert number >= 2
    for named in (NOW[language], "1012/QĐ-TTg"):
        expect(sentence).to_contain_text(named)
    expect(steps.first).to_contain_text(NOW[language])
    expect(steps.last).to_contain_text("1012/QĐ-TTg")
    picture = me.page.get_by_role("region", name=me.t("picture.path.picture"))
    expect(picture.locator("a.tie")).to_have_count(number)
    if javascript:
        me.page.get_by_role("button", name=me.t("picture.path.copy")).click()
        expect(me.page.get_by_text(me.t("picture.path.copied"))).to_be_visible()
        copied = me.page.evaluate("navigator.clipboard.readText()")
        assert NOW[language] in copied and f" {number}. " in copied
    me.follow(me.t("picture.path.swap"), "from=decision:ttg")
    expect(steps).to_have_count(number)
    me.on_day(date(2026, 3, 1))


@pytest.mark.parametrize(("language", "javascript"), WAYS)
def test_when_a_report_is_due_on_a_day(visit: Visit, language: str, javascript: bool) -> None:
    me = Journey(visit, "/recent", language, javascript)
    me.find("bao cao dinh ky chinh phu")
    me.follow("09/2019/NĐ-CP)", "/doc/regime/chinh-phu.bao-cao-dinh-ky")
    due = me.region(me.t("thing.due.next")).locator("tbody tr").first
    for today, day in ((date(2026, 11, 22), date(2026, 11, 25)), (date(2026, 11, 26), date(2026, 12, 25))):
        me.choose_day(today)
        expect(due).to_contain_text(me.day(day))
    # The rule behind it, and the decree behind the rule.
    rule = me.region(me.t("thing.fields"))
    me.follow(rule.get_by_role("link", name="09/2019").first, "asOf=2026-11-26")
