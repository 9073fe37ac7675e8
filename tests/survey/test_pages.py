"""The pages of the state: a number leads to a list of that many, in both languages and as a table for Excel."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx2
import pytest

from catalogue.survey.examination import Examination, Rule, Source, Warned
from tests.api.conftest import BASE, serving, small_catalogue
from tests.serving import folder, serving_folder

HTML = {"Accept": "text/html"}
PAGES = [
    "/overview",
    "/overview?by=publisher",
    "/overview?by=set",
    "/overview/indicators",
    "/coverage",
    "/coverage?by=group",
    "/coverage?by=locality",
    "/coverage?scheme=indicator-set:thu",
    "/coverage?to=indicator-set:thu&by=locality",
    "/coverage/codes?scheme=indicator-set:thu",
    "/coverage/codes",
    "/coverage/work?scheme=indicator-set:thu&to=indicator-set:thu",
    "/coverage/conflicts",
    "/quality",
    "/quality/warnings",
    "/quality/warnings?by=publisher",
    "/quality/unconfirmed?mark=inferred",
]


@pytest.fixture(scope="module")
def client() -> Iterator[httpx2.Client]:
    """A client of a service over the small catalogue, without a data folder."""
    with serving(small_catalogue()) as client:
        yield client


@pytest.fixture(autouse=True)
def without_cookies(client: httpx2.Client) -> None:
    """The language that one test chose is no other test's."""
    client.cookies.clear()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_is_whole_and_escaped(client: httpx2.Client, path: str, language: str) -> None:
    answer = client.get(path + ("&" if "?" in path else "?") + f"lang={language}", headers=HTML)
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1
    assert "<img src=x" not in answer.text
    ids = re.findall(r' id="([^"]+)"', answer.text)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("page", ["/overview", "/overview?by=set", "/overview?asOf=2019-12-31", "/quality"])
def test_a_number_leads_to_a_list_of_that_many(client: httpx2.Client, page: str) -> None:
    text = client.get(page, headers=HTML).text
    links = re.findall(r'<td[^>]*>(?:<span.*?)?<a href="(/overview/indicators[^"]*)">(\d+)', text)
    assert links
    for address, number in links:
        listed = client.get(unescape(address), headers=HTML).text
        assert f"{number} chỉ số, tính đến ngày" in listed, address


def test_the_day_is_kept_and_changes_the_numbers(client: httpx2.Client) -> None:
    before = client.get("/overview?asOf=2019-12-31", headers=HTML).text
    assert "lead=led" not in before.partition("<table")[2].partition("</table>")[0]  # nobody leads: no list behind it
    after = client.get("/overview?asOf=2020-03-01", headers=HTML).text
    assert re.search(r'href="[^"]*asOf=2020-03-01[^"]*lead=led[^"]*">3 / 3<', after)


@pytest.mark.parametrize("path", ["/overview", "/overview/indicators", "/coverage", "/coverage/codes", "/quality"])
def test_tables_for_excel(client: httpx2.Client, path: str) -> None:
    answer = client.get(path, params={"format": "csv", "lang": "en"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.text.startswith("\ufeff")
    assert len(answer.text.split("\r\n")) > 2


def test_what_there_is_not_is_said(client: httpx2.Client) -> None:
    assert client.get("/overview?locality=area:khong-co", headers=HTML).status_code == 404
    assert client.get("/overview/indicators?lead=bay-ba", headers=HTML).status_code == 422
    assert "Không có chỉ số nào như vậy" in client.get("/overview/indicators?page=99", headers=HTML).text
    assert client.get("/recent", headers=HTML).status_code == client.get("/states", headers=HTML).status_code


def test_a_service_over_a_data_folder_tells_what_changed(tmp_path: Path) -> None:
    settings = folder(tmp_path)
    with serving_folder(settings) as client:
        page = client.get("/overview", headers=HTML)
        assert page.status_code == 200
        assert (settings.data / "surveys").is_dir()
        again = client.get("/overview", headers={**HTML, "If-None-Match": page.headers["etag"]})
        assert again.status_code == 304
        assert client.get("/recent", headers=HTML).status_code == 200


def _examined(
    severities: dict[str, str], warned: dict[tuple[str, str], int], publishers: dict[str, str]
) -> Examination:
    """An examination in which a shape warns so often of what a source says."""
    sources = [Source(f"{BASE}id/source/{key}", name or None, {}) for key, name in publishers.items()]
    rules, warnings = [], []
    for (shape, key), number in warned.items():
        source, severity = f"{BASE}id/source/{key}", severities[shape]
        rules.append(Rule(source, shape, severity, number, f"Lời {shape}.", f"Words of {shape}."))
        warnings += [
            Warned(source, f"urn:{shape}:{key}:{at}", None, None, shape, severity, f"Lời {at}.", f"Words {at}.")
            for at in range(number)
        ]
    return Examination(sources, rules, warnings, [])


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("shape", [("Warnings of one kind: 2", 2), ("Notes of one kind: 70", 70)]),
        ("publisher", [("Nhà in", 64), ("not known", 8)]),
    ],
)
def test_warnings_stand_in_groups_that_lead_to_as_many(
    client: httpx2.Client, monkeypatch: pytest.MonkeyPatch, by: str, expected: list[tuple[str, int]]
) -> None:
    found = _examined(
        {"nhe": "Info", "nang": "Warning"},
        {("nhe", "a"): 62, ("nang", "a"): 2, ("nhe", "b"): 8},
        {"a": "Nhà in", "b": ""},
    )
    monkeypatch.setattr("api.surveys.examination", lambda _service: found)
    page = client.get(f"/quality/warnings?by={by}&lang=en", headers=HTML).text
    heads = re.findall(r'<h2 id="group-\d+">(.*?)</h2>', page, re.DOTALL)
    assert [words in head for head, (words, _) in zip(heads, expected, strict=True)] == [True, True]
    lists = re.findall(r'<p class="small"><a href="(/quality/warnings[^"]+)">See all', page)
    for address, (_, number) in zip(lists, expected, strict=True):
        listed = client.get(unescape(address), headers=HTML).text
        assert f"{number} warnings." in listed
        assert listed.count('<span class="tag">') == min(number, 50)
    assert sum(map(int, re.findall(r'<td class="number"><a [^>]+>(\d+)</a>', page))) == 72
