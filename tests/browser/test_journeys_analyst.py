"""What analysts come for: an example that becomes their own question, what is wrong with it, a graph, a question that takes too
long, and the vocabulary behind the data."""

import csv
import io
import re
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.journey import LANGUAGES, WAYS, Journey, number

UNIT = {"vi": "Sở Khoa học và Công nghệ Hà Nội", "en": "Hanoi Department of Science and Technology"}
UNITS = """SELECT ?unit ?name WHERE {
  ?unit a <http://data.europa.eu/m8g/PublicOrganisation> ;
        <http://www.w3.org/2004/02/skos/core#prefLabel> ?name
  FILTER(LANG(?name) = "vi")
}"""
GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { ?s a <https://w3id.org/chiso/ns#Responsibility> . ?s ?p ?o } LIMIT 40"
FOREVER = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?d && ?d != ?g && ?c != ?i) }"


def write(me: Journey, text: str) -> None:
    """Put a text into the editor in the place of what was there."""
    me.page.get_by_role("textbox", name=me.t("editor.query"), exact=True).click()
    me.page.keyboard.press("Control+a")
    me.page.keyboard.insert_text(text)


def done(me: Journey, key: str) -> Locator:
    """The line that says how the question goes, once it says `key`."""
    line = me.page.get_by_role("status").filter(has_text=me.said(key))
    expect(line).to_be_visible()
    return line


@pytest.mark.parametrize(("language", "javascript"), WAYS)
def test_an_example_becomes_an_own_question(visit: Visit, language: str, javascript: bool) -> None:
    options: dict[str, Any] = {"permissions": ["clipboard-read", "clipboard-write"]} if javascript else {}
    me = Journey(visit, "/", language, javascript, **options)
    me.to_room("nav.ask", "/sparql")
    me.main.locator("summary").filter(has_text=me.said("editor.examples")).click()
    me.follow(me.main.locator("a[href*='example=portfolio']"), "example=portfolio")
    unit = me.main.locator("form").first.locator("[name=agency]")
    if javascript:
        unit.fill("")
        unit.press_sequentially("so khcn ha noi")
        me.page.get_by_role("option").filter(has_text=UNIT[language]).first.click()
    else:
        unit.fill("agency:hanoi.so-khcn.2025-03-01")
    expect(unit).to_have_value("agency:hanoi.so-khcn.2025-03-01")
    me.page.locator("[name=asOf]").fill("2025-04-01")
    me.press(me.page.get_by_role("button", name=me.t("editor.fill")), "agency=agency:hanoi.so-khcn.2025-03-01")
    query = me.page.locator("textarea[name=query]")
    expect(query).to_have_value(re.compile(r'hanoi\.so-khcn\.2025-03-01>[\s\S]*"2025-04-01"'))

    ask = me.page.get_by_role("button", name=me.t("editor.run"), exact=True)
    if not javascript:
        me.press(ask, "query=")
        rows = me.main.locator("tbody tr")
        assert number(me.page.get_by_text(me.said("sparql.rows")).inner_text()) == rows.count() > 0
        download = me.page.request.get(
            str(me.main.get_by_role("link", name=re.compile("^csv$", re.IGNORECASE)).get_attribute("href"))
        )
        assert len(list(csv.reader(io.StringIO(download.text())))) == rows.count() + 1
        return
    ask.click()
    done(me, "editor.script.answered")
    me.reached("query=")
    cells = me.main.locator("tbody tr td:nth-child(7)")
    assert cells.count() > 0

    write(me, UNITS)
    me.page.keyboard.press("Control+Enter")
    heading = me.page.get_by_role("columnheader", name="name").get_by_role("button")
    expect(heading).to_have_count(1)  # the answer before this one has several
    shown = me.page.get_by_text(me.said("editor.script.page"))
    every = number(shown.inner_text().split()[-1])
    heading.click()
    names = me.main.locator("tbody tr td:nth-child(2)")
    first = names.first.inner_text()
    heading.click()
    assert names.first.inner_text() > first
    last = names.first.inner_text()
    me.page.get_by_role("button", name=me.t("editor.script.next")).click()
    expect(names.first).not_to_have_text(last)
    with me.page.expect_download() as taken:
        me.page.get_by_role("button", name="CSV", exact=True).click()
    lines = list(csv.DictReader(io.StringIO(taken.value.path().read_text(encoding="utf-8-sig"))))
    assert len(lines) == every
    me.page.get_by_role("button", name=me.t("editor.share")).click()
    done(me, "editor.script.copied")
    other = Journey(visit, me.page.evaluate("navigator.clipboard.readText()"), language)
    assert number(other.page.get_by_text(me.said("editor.script.page")).inner_text().split()[-1]) == every


@pytest.mark.parametrize(("language", "javascript"), LANGUAGES)
def test_a_fault_a_graph_and_a_question_that_takes_too_long(visit: Visit, language: str, javascript: bool) -> None:
    me = Journey(visit, "/sparql", language, javascript)
    write(me, "SELECT ?s WHERE {\n  ?s a ?kind .\n  ?s mistaken:name ?kind .\n}")
    me.page.keyboard.press("Control+Enter")
    done(me, "editor.script.failed")
    expect(me.page.get_by_role("alert")).to_contain_text(re.compile(r"\b3\b.*\b6\b"))
    expect(me.page.locator(".cm-line").nth(2).locator(".cm-lintRange-error")).to_have_text("mistaken:name")
    me.reached("/sparql")

    write(me, GRAPH)
    me.page.keyboard.press("Control+Enter")
    done(me, "editor.script.answered")
    expect(me.page.get_by_role("alert")).to_have_count(0)
    me.page.get_by_role("button", name=me.t("editor.script.graph"), exact=True).click()
    about = me.page.get_by_text(me.said("editor.script.graph_about"))
    assert number(about.inner_text()) == me.main.locator(".graph .node").count() > 1
    me.reached("query=CONSTRUCT")

    write(me, FOREVER)
    me.page.keyboard.press("Control+Enter")
    stop = me.page.get_by_role("button", name=me.t("editor.cancel"), exact=True)
    done(me, "editor.script.running")
    stop.click()
    done(me, "editor.script.cancelled")
    expect(stop).to_be_hidden()
    write(me, "ASK {}")  # the server is free again, and so is the editor
    me.page.keyboard.press("Control+Enter")
    done(me, "editor.script.answered")
    expect(me.page.get_by_text(me.t("editor.script.yes"), exact=True)).to_be_visible()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_fault_is_told_without_scripts(visit: Visit, language: str) -> None:
    me = Journey(visit, "/sparql?query=" + quote("SELECT ?s WHERE { ?s mistaken:name 1 }"), language, False)
    expect(me.page.get_by_role("alert")).to_contain_text(re.compile(r"\b1\b.*\b22\b"))
    query = me.page.get_by_label(me.t("editor.query"), exact=True)
    expect(query).to_have_value(re.compile("mistaken:name"))
    query.fill("ASK {}")
    me.press(me.page.get_by_role("button", name=me.t("editor.run"), exact=True), "query=ASK")
    expect(me.page.get_by_text(me.t("sparql.yes"), exact=True)).to_be_visible()


@pytest.mark.parametrize(("language", "javascript"), WAYS)
def test_from_the_vocabulary_to_a_thing(visit: Visit, language: str, javascript: bool) -> None:
    me = Journey(visit, "/", language, javascript)
    me.to_room("nav.vocabulary", "/ns")
    me.follow(me.page.locator("#IndicatorSet dt a"), "IndicatorSet")
    name = me.page.get_by_role("heading", level=1).inner_text()
    assert name
    listed = me.page.get_by_role("heading", name=me.t("vocabulary.things.title"))
    expected = number(listed.inner_text())
    me.main.get_by_role("link", name=me.t("vocabulary.to_list")).click()
    expect(listed).to_be_in_viewport()
    things = me.main.locator("ol.compact li")
    assert things.count() == expected
    thing = things.first.get_by_role("link")
    label = thing.inner_text()
    me.follow(thing, "/doc/indicator-set/")
    expect(me.page.get_by_role("heading", level=1)).to_have_text(label)
    # And back from the thing to what its class means.
    me.main.locator("summary").filter(has_text=me.said("thing.said.all")).click()
    me.follow(me.page.get_by_text(me.t("thing.classes")).get_by_role("link", name=name), "IndicatorSet")
