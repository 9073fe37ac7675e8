"""Pictures over HTTP: whole without scripts, turned by addresses, files that are XML whatever a label says."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import httpx2
import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple

from api.pages.picture.pens import COLOURS
from catalogue import publication, rdf
from catalogue.store.embedded import Embedded
from tests.api.conftest import BASE, serving, small_catalogue

HTML = {"Accept": "text/html"}
SET = "/lineage?of=indicator-set:thu"
SVG = "{http://www.w3.org/2000/svg}"


def page(client: httpx2.Client, address: str) -> str:
    answer = client.get(address, headers=HTML)
    assert answer.status_code == 200, answer.text
    return answer.text


def boxes(text: str) -> set[str]:
    return set(re.findall(r'data-box="([^"]+)"', text))


def test_a_picture_says_its_boxes_its_ties_and_what_each_tie_means(client: httpx2.Client) -> None:
    text = page(client, f"{SET}&lang=en&asOf=2024-06-30")
    assert {"indicator-set:thu", "agency:thu.so-a", "decision:thu-ubnd.ke-hoach.2020-02-03.5-kh-ubnd"} <= boxes(text)
    assert 'aria-label="Sở Thông tin Thử — lead → Test indicator set (confirmed)"' in text
    assert "National documents" in text


def test_every_tie_leads_to_its_row_in_the_table(client: httpx2.Client) -> None:
    text = page(client, SET)
    rows = set(re.findall(r'<tr id="(tie-\d+)"', text))
    ties = re.findall(r'<a class="tie[^"]*" href="#([^"]+)"', text)
    assert ties
    assert set(ties) <= rows


def test_links_open_and_close_and_come_back(client: httpx2.Client) -> None:
    text = page(client, f"{SET}&asOf=2024-06-30")
    turns = [unescape(one) for one in re.findall(r'<a class="turn" href="([^"]+)"', text)]
    closing = next(one for one in turns if "close=" in one)
    assert "asOf=2024-06-30" in closing
    folded = page(client, closing.partition("#")[0])
    assert boxes(folded) < boxes(text)
    chip = re.search(r'<a class="chip" href="([^"]+)"[^>]*>[^<]*(?:đã thu gọn|[^<]*–)', folded)
    assert chip
    assert boxes(page(client, unescape(chip[1]))) == boxes(text)


def test_a_hidden_relation_is_not_drawn_and_can_be_shown_again(client: httpx2.Client) -> None:
    text = page(client, f"{SET}&hide=role/chu-tri")
    assert "agency:thu.so-a" not in boxes(text)
    assert 'class="chip off"' in text
    assert "agency:thu.so-a" in boxes(page(client, SET))


def test_only_what_is_in_force_on_the_day(client: httpx2.Client) -> None:
    assert "agency:thu.so-a" in boxes(page(client, f"{SET}&asOf=2024-06-30&valid=1"))
    assert "agency:thu.so-a" not in boxes(page(client, f"{SET}&asOf=2026-03-01&valid=1"))


@pytest.mark.parametrize(
    "more",
    ["open=" + "x" * 3_000, "open=a@b@c&close=indicator-set:thu", "hide=%00", "close=//", "open=javascript:alert(1)"],
)
def test_strange_keys_are_a_picture_too(client: httpx2.Client, more: str) -> None:
    assert "indicator-set:thu" in boxes(page(client, f"{SET}&{more}"))


@pytest.mark.parametrize("more", ["boxes=5000", "depth=0", "direction=sideways", "&".join(["open=a"] * 101)])
def test_bounds_are_kept(client: httpx2.Client, more: str) -> None:
    assert client.get(f"{SET}&{more}", headers=HTML).status_code == 422


def test_a_file_stands_alone(client: httpx2.Client) -> None:
    answer = client.get("/lineage.svg?of=indicator-set:thu&lang=en&asOf=2024-06-30")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    root = ElementTree.fromstring(answer.content)  # noqa: S314 - our own
    assert root.tag == f"{SVG}svg"
    texts = [one.text for one in root.iter(f"{SVG}text")]
    assert "Test indicator set" in texts
    assert "Chỉ Số · as of 30 June 2024" in texts
    names = {name for one in root.iter() for name in one.attrib}
    assert not names & {"class", "style", "href", "onload"}
    tag = answer.headers["etag"]
    again = client.get("/lineage.svg?of=indicator-set:thu&lang=en&asOf=2024-06-30", headers={"If-None-Match": tag})
    assert again.status_code == 304


def test_a_path_reads_like_a_sentence(client: httpx2.Client) -> None:
    ends = "from=agency:thu.so-a&to=decision:thu-ttg.quyet-dinh.2019-01-02.7-qd-ttg"
    text = page(client, f"/path?{ends}&lang=vi")
    assert re.search(r"Sở Thông tin Thử và .*7/QĐ-TTg.* nối với nhau qua 2 bước", text)
    assert len(re.findall(r'<li id="tie-\d+"', text)) == 2
    assert "chủ trì việc theo" in text
    root = ElementTree.fromstring(client.get(f"/path.svg?{ends}").content)  # noqa: S314 - our own
    assert "căn cứ vào" in [one.text for one in root.iter(f"{SVG}text")]
    assert "không chuỗi nguồn nào" in page(client, "/path?from=indicator:thu.2&to=code:thu.Z99")
    assert "Hai đầu là một" in page(client, "/path?from=indicator:thu.2&to=indicator:thu.2")


def test_files_want_to_know_what_to_draw(client: httpx2.Client) -> None:
    assert client.get("/lineage.svg?of=%20").status_code == 422
    assert client.get("/path.svg?from=%20&to=a").status_code == 422
    assert client.get("/lineage.svg?of=khong-co").status_code == 404


HOSTILE = """
@prefix chiso: <https://w3id.org/chiso/ns#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dct: <http://purl.org/dc/terms/> . @prefix v: <https://w3id.org/chiso/code/verification/> .
<{base}graph/hostile> {{
  <{base}graph/hostile> a chiso:SourceGraph ; dct:source <{base}id/source/thu> ; chiso:verification v:confirmed .
  {indicators}
}}
"""
LABELS = [
    "</text></svg><script>alert(1)</script>",
    "]]><!-- &amp; \\\" ' onload=alert(1)",
    "\u202etrái sang phải\u2066 \u0000\u0008\u001b",
    "שלום עולם",
    "W" * 3_000,
    "   ",
]


@pytest.fixture(scope="module")
def hostile() -> Iterator[httpx2.Client]:
    indicators = (
        "\n".join(
            f"<{BASE}id/indicator/h{number}> a chiso:Indicator ; skos:inScheme <{BASE}id/indicator-set/thu>"
            + (f' ; skos:prefLabel "{LABELS[number]}"@vi .' if number < len(LABELS) else " .")
            for number in range(len(LABELS) + 1)
        )
        .replace("\x00", "")
        .replace("\x08", "\\b")
        .replace("\x1b", "\\u001b")
    )
    store = small_catalogue()
    assert isinstance(store, Embedded)
    contents: dict[NamedNode, set[Triple]] = {}
    text = HOSTILE.format(base=BASE, indicators=indicators)
    for quad in [*store.engine, *rdf.parse(text.encode(), RdfFormat.TRIG, "hostile")]:
        if isinstance(quad.graph_name, NamedNode) and "w3id.org/chiso/lineage" not in quad.graph_name.value:
            contents.setdefault(quad.graph_name, set()).add(quad.triple)
    store.apply(publication.plan(store, {name: rdf.canonical(found) for name, found in contents.items()}, BASE))
    with serving(store) as client:
        yield client


def test_no_label_gets_out_of_its_box(hostile: httpx2.Client) -> None:
    text = page(hostile, SET)
    assert {f"indicator:h{number}" for number in range(len(LABELS) + 1)} <= boxes(text)
    assert "<script>alert" not in text
    picture = text[text.index("<svg viewBox") : text.rindex("</svg>", 0, text.index("<figcaption")) + 6]
    ElementTree.fromstring(picture.replace("&nbsp;", " "))  # noqa: S314 - our own
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08]", picture)
    file = hostile.get("/lineage.svg?of=indicator-set:thu")
    root = ElementTree.fromstring(file.content)  # noqa: S314 - our own
    assert not list(root.iter(f"{SVG}script"))
    assert max(len(one.text or "") for one in root.iter(f"{SVG}text")) < 200


def test_the_colours_of_a_file_are_those_of_the_light_theme() -> None:
    tokens = (Path(__file__).resolve().parents[2] / "web/styles/tokens.css").read_text(encoding="utf-8")
    light = dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{3,6})", tokens[: tokens.index("@media")]))
    assert {name: light[name] for name in COLOURS} == COLOURS
