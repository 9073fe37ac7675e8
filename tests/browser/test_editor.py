"""The editor for SPARQL: what it helps with while one writes, what it shows of answers, and how one gets out of it again."""

import json
import re
from urllib.parse import quote

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Visit
from tests.browser.watching import violations

HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=1</script>'
COUNTS = "SELECT ?kind (COUNT(*) AS ?number) WHERE { ?thing a ?kind } GROUP BY ?kind"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s a <https://w3id.org/chiso/ns#Responsibility> . ?s ?p ?o } LIMIT 40"


def write(page: Page, text: str) -> None:
    """Put a text into the editor in the place of what was there."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("#")  # over several marked lines: the policy of content must have nothing to object to
    page.keyboard.press("Backspace")
    page.keyboard.insert_text(text)


def asked(page: Page, text: str) -> None:
    """Write a query, ask it by the keyboard, and wait for what comes of it."""
    write(page, text)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-progress]")).to_have_text(re.compile("^(Xong|Done|Chưa|The question)"))


def test_a_query_is_written_with_help_and_asked_by_the_keyboard(visit: Visit) -> None:
    page = visit("/sparql")
    write(page, "SELECT ?unit WHERE { ?unit a ")
    page.keyboard.type("PublicOrg")
    choice = page.locator(".cm-tooltip-autocomplete li", has_text="cv:PublicOrganisation")
    expect(choice).to_be_visible()
    choice.click()
    text = page.locator("#query-text")
    # The name brings the line that declares its prefix.
    expect(text).to_have_value(
        re.compile(r"^PREFIX cv: <http://data\.europa\.eu/m8g/>\nSELECT.* a cv:PublicOrganisation")
    )
    page.keyboard.type(" . ?any ?p ")
    page.keyboard.type("<so khcn ha noi")
    thing = page.locator(".cm-tooltip-autocomplete li", has_text="Sở Khoa học và Công nghệ Hà Nội").first
    thing.click()
    expect(text).to_have_value(re.compile(r"<https://chiso\.example/id/agency/hanoi\.so-khcn\.[\d-]+>$"))
    page.keyboard.type(" } LIMIT 5")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".answer-table tbody tr").first).to_be_visible()
    assert "query=" in page.url
    assert violations(page) == []


def test_a_fault_is_marked_where_it_is_and_told_in_words(visit: Visit) -> None:
    page = visit("/sparql", language="en", theme="dark", width=360)
    asked(page, "SELECT ?s WHERE {\n  ?s a ?kind .\n  ?s mistaken:name ?kind .\n}")
    expect(page.get_by_role("alert")).to_contain_text("line 3, column 6")
    expect(page.locator(".cm-line").nth(2).locator(".cm-lintRange-error")).to_have_text("mistaken:name")
    asked(page, "SELECT ?s WHERE {\n  ?s a ?kind .\n} LIMIT 1")
    expect(page.locator(".cm-lintRange-error")).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_an_answer_is_named_sorted_turned_and_drawn(visit: Visit) -> None:
    page = visit("/sparql", language="en")
    asked(page, COUNTS)
    cells = page.locator(".answer-table tbody tr td:nth-child(2)")
    page.get_by_role("button", name="number").click()
    first = int(cells.first.inner_text())
    page.get_by_role("button", name="number").click()
    assert int(cells.first.inner_text()) > first
    expect(page.locator("th[aria-sort=descending]")).to_have_text("number")
    expect(page.get_by_role("link", name="Administrative unit", exact=True)).to_have_attribute(
        "href", re.compile("^/ns")
    )
    page.get_by_label("Show names instead of addresses").uncheck()
    expect(page.get_by_role("link", name="chiso:AdministrativeUnit", exact=True)).to_be_visible()
    page.get_by_role("button", name="Chart").click()
    expect(page.locator(".chart .bar").first).to_be_visible()
    assert violations(page) == []
    asked(page, "SELECT ?s ?p WHERE { ?s ?p ?o } LIMIT 120")
    expect(page.get_by_text("Rows 1–50 of 120")).to_be_visible()
    page.get_by_role("button", name="Next page").click()
    expect(page.get_by_text("Rows 51–100 of 120")).to_be_visible()
    with page.expect_download() as file:
        page.get_by_role("button", name="CSV", exact=True).click()
    assert file.value.path().read_text(encoding="utf-8").count("\n") == 121


def test_a_graph_is_drawn_and_its_edges_are_read_from_a_node(visit: Visit) -> None:
    page = visit("/sparql?query=" + quote(CONSTRUCT))
    page.get_by_role("button", name="Sơ đồ").click()
    node = page.locator(".graph .node").first
    node.focus()
    expect(page.locator(".graph .said.near").first).to_be_visible()
    assert " → " in (node.get_attribute("aria-label") or "")
    with page.expect_download() as file:
        page.get_by_role("button", name="Turtle").click()
    assert file.value.suggested_filename == "sparql.ttl"
    assert violations(page) == []


def test_what_takes_too_long_is_stopped_and_what_was_asked_is_kept_here_alone(visit: Visit) -> None:
    page = visit("/sparql", language="en")
    held: list[Route] = []
    page.route("**/sparql?lang=*", lambda route: held.append(route))
    write(page, COUNTS)
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("[data-progress]")).to_have_text("Stopped.")
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    page.unroute("**/sparql?lang=*")
    asked(page, COUNTS)
    page.reload()
    page.get_by_text("Asked lately").click()
    expect(page.locator(".ask-history pre")).to_have_text(COUNTS)
    page.get_by_role("button", name="Clear the list").click()
    assert page.evaluate("localStorage.getItem('chiso.queries')") == "[]"


def test_the_keyboard_gets_out_of_the_editor(visit: Visit) -> None:
    page = visit("/sparql", language="en")
    page.locator(".cm-content").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_focused()
    page.locator(".cm-content").click()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_focused()


def test_texts_of_answers_are_text(visit: Visit) -> None:
    literal = json.dumps(HOSTILE + "\u202e\u0007")
    rows = f'VALUES (?x ?n) {{ ({literal} 1) (<javascript:alert(1)> 2) ("=1+1" 3) }}'
    query = f"SELECT ?x ?n WHERE {{ {rows} }}"
    for javascript in (True, False):
        page = visit("/sparql?query=" + quote(query), javascript=javascript)
        expect(page.locator(".answer-table td").first).to_contain_text("<script>")
        assert page.locator(".answer-table").locator("img, script, a[href^=javascript]").count() == 0
        assert page.title() != "1"
        if javascript:
            asked(page, query)
            page.get_by_role("button", name="Biểu đồ").click()
            expect(page.locator(".chart text").first).to_contain_text("<img")
            assert page.locator(".chart").locator("img, script").count() == 0


def test_without_scripts_an_example_is_filled_in_and_asked(visit: Visit) -> None:
    page = visit("/sparql?example=responsible", javascript=False)
    page.get_by_role("textbox", name=re.compile("^Chỉ số, nhóm")).fill("indicator-set:hanoi-chi-dao")
    page.get_by_role("button", name="Điền vào truy vấn").click()
    expect(page.locator("#query-text")).to_have_value(re.compile("indicator-set/hanoi-chi-dao>"))
    page.get_by_role("button", name="Hỏi", exact=True).click()
    expect(page.locator(".answer-table tbody tr").first).to_be_visible()
