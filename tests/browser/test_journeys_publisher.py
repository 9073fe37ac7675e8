"""What publishers and integrators come for: may the data be used and is it whole, what is missing and who mends it, which codes
have a counterpart, and a search that can be shared."""

import csv
import hashlib
import io
from datetime import date
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Page, expect
from pyoxigraph import RdfFormat, parse

from tests.browser.conftest import Visit
from tests.browser.journey import WAYS, Journey, number

SET = "indicator-set/hanoi-chi-dao"
UNIT = {"vi": "Ủy ban nhân dân thành phố Hà Nội", "en": "Hanoi People's Committee"}


def table(content: str) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff"))))


def taken(page: Page, address: str | None) -> bytes:
    """What stands at the address of a link, asked for as the browser asks."""
    assert address is not None
    answer = page.request.get(address)
    assert answer.ok, address
    return answer.body()


@pytest.mark.parametrize(("language", "javascript"), WAYS)
def test_may_it_be_used_is_it_whole_and_how_is_it_cited(
    visit: Visit, service: httpx2.Client, language: str, javascript: bool
) -> None:
    options: dict[str, Any] = {"permissions": ["clipboard-read", "clipboard-write"]} if javascript else {}
    me = Journey(visit, "/", language, javascript, **options)
    me.to_room("nav.about", "/about")
    expect(me.page.get_by_role("heading", name=me.t("about.licence"), exact=True)).to_be_visible()
    expect(me.page.get_by_role("link", name="CC BY 4.0")).to_have_attribute("rel", "noreferrer license")

    me.follow(me.t("open.dumps"), "/dumps/")
    whole = me.main.get_by_role("row").filter(has=me.page.get_by_role("link", name="catalogue.nq.gz")).first
    while not whole.count():  # the files of the first state are made while the service already answers
        me.page.reload()
    file = taken(me.page, whole.get_by_role("link").get_attribute("href"))
    assert hashlib.sha256(file).hexdigest() in whole.inner_text()

    me.page.goto(f"/doc/{SET}?asOf=2025-09-30")
    me.reached(SET)
    triples = list(
        parse(taken(me.page, me.main.get_by_role("link", name="Turtle").get_attribute("href")), RdfFormat.TURTLE)
    )
    assert any(one.subject.value.endswith(SET) for one in triples)
    cited = me.page.get_by_text(me.t("thing.citation.as")).inner_text()
    assert SET in cited and me.day(date(2025, 9, 30)) in cited
    if javascript:
        me.page.get_by_role("button", name=me.t("thing.citation.copy")).click()
        expect(me.page.get_by_text(me.t("thing.citation.copied"))).to_be_visible()
        assert me.page.evaluate("navigator.clipboard.readText()") in cited


@pytest.mark.parametrize(("language", "javascript"), WAYS)
def test_what_is_missing_and_who_mends_it(visit: Visit, language: str, javascript: bool) -> None:
    me = Journey(visit, "/?asOf=2026-03-01", language, javascript)
    me.follow(me.t("home.quality"), "/quality")
    me.on_day(date(2026, 3, 1))
    row = me.region(me.t("state.quality.leads")).get_by_role("row").filter(has_text=UNIT[language]).first
    without = row.get_by_role("cell").nth(2)
    expected = number(without.inner_text())
    assert expected > 0
    me.follow(without.get_by_role("link"), "lead=without")
    me.on_day(date(2026, 3, 1))
    said = me.page.get_by_text(me.said("state.indicators.number"))
    assert number(said.first.inner_text()) == expected
    rows = table(taken(me.page, me.page.get_by_role("link", name=me.t("state.csv")).get_attribute("href")).decode())
    assert len(rows) == expected
    first = me.main.locator("tbody tr").first.get_by_role("link").first
    name = first.inner_text()
    assert any(name in row.values() for row in rows)
    me.follow(first, "/doc/indicator/")
    expect(me.page.get_by_role("heading", level=1)).to_have_text(name)
    answer = me.region(me.t("thing.who"))
    expect(answer).to_contain_text(me.t("thing.nobody", day=me.day(date(2026, 3, 1))))
    statements = taken(me.page, me.main.get_by_role("link", name="CSV", exact=True).get_attribute("href")).decode()
    assert len(table(statements)) >= 3


@pytest.mark.parametrize(("language", "javascript"), WAYS)
def test_which_codes_have_a_counterpart_and_what_is_to_decide(visit: Visit, language: str, javascript: bool) -> None:
    me = Journey(visit, "/coverage", language, javascript)
    form = me.main.locator("form")
    form.get_by_role("combobox", name=me.t("state.coverage.scheme"), exact=True).select_option(
        "indicator-set:tinh-2023"
    )
    form.get_by_role("combobox", name=me.t("state.coverage.against"), exact=True).select_option(
        "indicator-set:quoc-gia-2010"
    )
    me.press(form.get_by_role("button", name=me.t("state.show")), "scheme=indicator-set:tinh-2023")
    me.choose_day(date(2026, 3, 1))
    tables = me.main.locator("table")
    expect(tables).to_have_count(2)  # both directions
    head = tables.first.locator("thead th").all_inner_texts()
    column = [one.lower() for one in head].index(me.t("state.mapping.candidate").lower())
    cell = tables.first.locator("tbody tr").first.locator("th, td").nth(column)
    expected = number(cell.inner_text())
    me.follow(cell.get_by_role("link"), "state=candidate")
    me.on_day(date(2026, 3, 1))
    assert me.main.locator("tbody tr").count() == expected
    me.page.go_back()
    me.follow(me.t("state.work.link"), "/coverage/work")
    me.on_day(date(2026, 3, 1))
    work = me.main.locator("tbody tr")
    assert work.filter(has_text=me.t("state.mapping.candidate")).count() == expected
    me.follow(work.first.get_by_role("link", name=me.t("state.status.candidate")), "/doc/mapping/")
    expect(me.region(me.t("mapping.answer"))).to_contain_text(me.t("mapping.status.candidate"))


@pytest.mark.parametrize(("language", "javascript"), WAYS)
def test_a_search_is_narrowed_shared_widened_and_helped(visit: Visit, language: str, javascript: bool) -> None:
    me = Journey(visit, "/api/docs", language, javascript)
    me.find("so khcn")
    found = me.page.get_by_text(me.said("search.found"))
    every = number(found.inner_text())

    def narrow(facet: str, value: str = "") -> int:
        choice = me.region(me.t(facet)).get_by_role("link", name=value).first
        promised = number(choice.inner_text().split()[-1])
        me.follow(choice, "/search?q=so khcn")
        assert number(found.inner_text()) == promised
        return promised

    numbers = [narrow("search.facet.level"), narrow("search.facet.kind", me.t("kind.agency"))]
    numbers.append(narrow("search.facet.verification"))
    assert 0 < numbers[2] < numbers[1] <= numbers[0] < every
    shown = me.main.get_by_role("listitem").all_inner_texts()
    again = Journey(visit, me.page.url, language, javascript)
    assert again.main.get_by_role("listitem").all_inner_texts() == shown
    chosen = me.page.get_by_role("list", name=me.t("search.chosen"))
    me.follow(chosen.get_by_role("link", name=me.t("search.facet.verification")), "kind=agency")
    assert "verification" not in me.page.url
    assert number(found.inner_text()) == numbers[1]

    me.find("chuyn doi sos")
    expect(found).to_contain_text(me.t("search.none", text="chuyn doi sos"))  # and what was meant is found
    expect(found).to_contain_text("chuyen doi so")
    assert me.main.get_by_role("listitem").count() > 0
    me.find("qqqzzz")
    expect(me.region(me.t("search.help"))).to_contain_text(me.t("search.hint.less"))
