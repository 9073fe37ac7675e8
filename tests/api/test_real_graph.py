"""The question that the catalogue was made for, over HTTP on the real graph: on 30/6/2024, today, with the gaps."""

from collections.abc import Iterator

import httpx2
import pytest

from catalogue.settings import DEFAULT_BASE
from tests import shipped
from tests.api.conftest import serving
from tests.api.test_pages import HTML, Page

PLAN = "Kế hoạch 165/KH-UBND"
SET = "indicator-set:hanoi-chi-dao"


@pytest.fixture(scope="module")
def real() -> Iterator[httpx2.Client]:
    """A client of a server over everything in `graph/`, without the administrative units of the package."""
    with serving(shipped.published(), base=DEFAULT_BASE) as client:
        yield client


def leaders(client: httpx2.Client, of: str, as_of: str) -> set[tuple[str, str]]:
    """Who leads, and how sure."""
    answer = client.get("/api/v1/responsibility", params={"of": of, "asOf": as_of, "role": "chu-tri"}).json()
    return {(one["agency"]["label"], one["verification"]) for one in answer["responsibilities"]}


def test_who_led_on_30_june_2024_and_who_leads_after_the_merger(real: httpx2.Client) -> None:
    assert {unit for unit, _ in leaders(real, PLAN, "2024-06-30")} == {"Sở Thông tin và Truyền thông Hà Nội"}
    after = leaders(real, PLAN, "2025-06-30")
    assert {unit for unit, _ in after} == {"Sở Khoa học và Công nghệ Hà Nội"}
    assert {mark for _, mark in after} == {"inferred"}
    [first, *_] = real.get("/api/v1/responsibility", params={"of": PLAN, "asOf": "2025-06-30"}).json()[
        "responsibilities"
    ]
    assert [event["date"] for event in first["succession"]] == ["2025-03-01"]


def test_the_platform_and_security_leads_of_2025_with_mandate_and_gaps(real: httpx2.Client) -> None:
    answer = real.get("/api/v1/responsibility", params={"of": SET}).json()
    leads = {one["agency"]["label"] for one in answer["responsibilities"] if one["role"]["notation"] == "chu-tri"}
    assert {"Sở Khoa học và Công nghệ Hà Nội", "Công an thành phố Hà Nội"} <= leads
    assert any(one["decision"]["number"] is None for one in answer["responsibilities"])
    assert [mandate["number"] for mandate in answer["mandates"]] == ["1012/QĐ-TTg"]
    assert answer["mandates"][0]["date"] == "2024-09-20"
    assert "no-single-indicator" in {gap["code"] for gap in answer["gaps"]}


def test_one_number_two_decisions(real: httpx2.Client) -> None:
    problem = real.get("/api/v1/responsibility", params={"of": "1012/QĐ-TTg"})
    assert problem.status_code == 409
    assert len(problem.json()["candidates"]) == 2


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_three_questions_of_the_home_page_work(real: httpx2.Client, language: str) -> None:
    home = Page(real.get(f"/?lang={language}", headers=HTML).text)
    questions = [link for link in home.links if "?of=" in link]
    assert len(questions) == 3
    for link in questions:
        answer = real.get(link, headers=HTML)
        assert answer.status_code == 200
        assert 'class="mark' in answer.text


def test_the_examples_of_the_documentation_work(real: httpx2.Client) -> None:
    page = Page(real.get("/api/docs", headers=HTML).text)
    for link in page.links:
        if link.startswith("/api/v1/") and "?" in link:
            assert real.get(link).status_code == 200, link


def test_every_thing_has_a_page_and_every_form(real: httpx2.Client) -> None:
    for kind in ("indicators", "agencies", "decisions", "regimes", "indicator-sets", "systems", "targets", "scenarios"):
        items = real.get(f"/api/v1/{kind}", params={"limit": 1000}).json()["items"]
        assert items, kind
        for item in items[:: max(1, len(items) // 8)]:
            path = item["iri"].removeprefix(DEFAULT_BASE)
            assert real.get("/" + path).status_code == 303
            document = "/" + path.replace("id/", "doc/", 1)
            for suffix in ("html", "ttl", "jsonld", "rdf", "nt"):
                assert real.get(f"{document}.{suffix}").status_code == 200, (document, suffix)


def test_the_page_says_who_leads_before_what_is_not_known(real: httpx2.Client) -> None:
    text = real.get(f"/responsibility?of={SET}&lang=vi", headers=HTML).text
    lead, others, gaps = (text.index(f'<h2 id="{name}">') for name in ("leads", "others", "gaps"))
    assert lead < others < gaps
    assert text.index('href="#gaps"') < lead
    assert "Công an thành phố Hà Nội" in text[lead:others]
    assert "<q " in text[lead:others]
    assert "(ngày suy ra)" in text[lead:others]
    assert "<details" not in text[lead:others] and "<details" in text[others:gaps]


@pytest.mark.parametrize(
    ("language", "said", "nobody"),
    [
        ("vi", "nguồn không nêu văn bản nào giao", "không nguồn nào trong danh mục nói đơn vị nào chủ trì"),
        ("en", "the source names no document that assigns it", "no source in the catalogue says which unit leads"),
    ],
)
def test_a_duty_that_no_document_assigns_is_told_as_such(
    real: httpx2.Client, language: str, said: str, nobody: str
) -> None:
    answer = real.get(f"/responsibility?of=system:hcm.quan-tri-thuc-thi&lang={language}", headers=HTML)
    assert said in answer.text
    assert nobody in answer.text.lower()
    system = real.get(f"/doc/system/hcm.quan-tri-thuc-thi.html?lang={language}", headers=HTML).text
    assert "ns%23" not in system  # no edge that was made for the walk
    unit = real.get(f"/doc/agency/hcm.ubnd.2025-07-01?asOf=2026-03-01&lang={language}", headers=HTML)
    assert unit.status_code == 200
    assert said in unit.text


@pytest.mark.parametrize(
    "path", ["systems/exchanges", "datasets", "quality/figures", "targets?plan=Kế hoạch 165/KH-UBND"]
)
def test_the_other_lists_are_paged_too(real: httpx2.Client, path: str) -> None:
    joint = "&" if "?" in path else "?"
    whole = real.get(f"/api/v1/{path}{joint}limit=1000").json()
    name = "targets" if "targets" in whole else "items"
    assert whole["nextCursor"] is None
    assert whole[name]
    seen, cursor = [], ""
    while True:
        page = real.get(f"/api/v1/{path}{joint}limit=7{cursor}").json()
        assert len(page[name]) <= 7
        seen += page[name]
        if page["nextCursor"] is None:
            break
        cursor = f"&cursor={page['nextCursor']}"
    assert seen == whole[name]
