"""The pages of things at their worst: too many links, hostile texts; and what can be taken away from them."""

import csv
import io
from collections.abc import Iterator

import httpx2
import pytest
from pyoxigraph import NamedNode, RdfFormat

from catalogue import publication, rdf
from tests.api.conftest import BASE, serving, small_catalogue

LINKS = 5_200
HOSTILE = """
@prefix chiso: <https://w3id.org/chiso/ns#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix verification: <https://w3id.org/chiso/code/verification/> .
@prefix sdmx-d: <http://purl.org/linked-data/sdmx/2009/dimension#> .
@prefix qb: <http://purl.org/linked-data/cube#> .
<%(b)sid/indicator/doc> a chiso:Indicator ;
  skos:prefLabel "<script>alert(1)</script>\\u202E %(long)s"@vi ; skos:definition "=HYPERLINK(\\"http://x\\")"@vi ;
  chiso:note "{{ 7*7 }} </textarea><img src=x onerror=alert(1)>"@vi ; chiso:notFound chiso:method .
<%(b)sid/indicator-group/dong> a skos:Collection ; skos:prefLabel "Nhóm đông"@vi .
<%(b)sid/regime/thang> a chiso:ReportingRegime ; skos:prefLabel "Báo cáo tháng"@vi ; chiso:requires <%(b)sid/indicator/doc> ;
  dct:accrualPeriodicity <https://w3id.org/chiso/code/frequency/thang> ; chiso:dueDay 25 ; chiso:cutoffDay 14 .
"""


@pytest.fixture(scope="module")
def hostile() -> Iterator[httpx2.Client]:
    """A server of the small catalogue with a hostile indicator and a group with thousands of members and links."""
    store = small_catalogue()
    text = HOSTILE % {"b": BASE, "long": "rất dài " * 200}
    group = f"<{BASE}id/indicator-group/dong>"
    text += "".join(
        f"{group} skos:member <{BASE}id/indicator/n{number}> . <{BASE}id/task/v{number}> chiso:concerns {group} .\n"
        for number in range(LINKS)
    )
    graph = NamedNode(f"{BASE}graph/thu.confirmed")
    held = {quad.triple for quad in rdf.parse(text.encode(), RdfFormat.TURTLE, "hostile.ttl")}
    contents = {graph: rdf.canonical([*store.graph(graph), *held])}
    store.apply(publication.plan(store, contents, BASE))
    with serving(store) as client:
        yield client


def test_a_hostile_text_is_a_text(hostile: httpx2.Client) -> None:
    page = hostile.get("/doc/indicator/doc.html")
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    assert "{{ 7*7 }}" in page.text


def test_an_indicator_says_its_contents_what_is_missing_and_what_is_due(hostile: httpx2.Client) -> None:
    page = hostile.get("/doc/indicator/doc.html?asOf=2026-03-20").text
    assert "Đã tìm mà chưa thấy" in page  # the method
    assert "Chưa có nguồn nào nói" in page and "phân tổ chủ yếu" in page
    assert "25/3/2026" in page
    assert "25/4/2026" in hostile.get("/doc/indicator/doc.html?asOf=2026-03-26").text


def test_thousands_of_links_make_a_page_of_ordinary_size_that_says_there_are_more(hostile: httpx2.Client) -> None:
    page = hostile.get("/doc/indicator-group/dong.html")
    assert page.status_code == 200
    assert len(page.content) < 250_000
    assert "Trên đây là 300 trong 5200 mục" in page.text
    assert "Trên đây là 40 trong 5200 mục" in page.text


def test_the_statements_come_as_a_table_in_which_nothing_is_a_formula(hostile: httpx2.Client) -> None:
    answer = hostile.get("/doc/indicator/doc?format=csv&lang=en")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="doc.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:2] == ["Property", "Value"]
    values = [row[1] for row in rows]
    assert '\'=HYPERLINK("http://x")' in values
    assert not any(cell.startswith("=") for row in rows for cell in row)
    assert {row[4] for row in rows[1:]} == {"confirmed"}
    known = hostile.get("/doc/indicator/doc?format=csv&lang=en", headers={"If-None-Match": answer.headers["etag"]})
    assert known.status_code == 304
    assert hostile.get("/doc/indicator/doc?format=xls").status_code in (400, 422)
