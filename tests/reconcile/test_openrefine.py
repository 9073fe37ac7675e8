"""The requests that OpenRefine 3.x sends, in their order, with the headers that it and the browser beside it send.

The browser asks for the manifest, the suggestions, the flyouts, the previews and the proposed properties; the program
itself guesses types, reconciles in batches and extends, with forms, its own User-Agent and without a language.
"""

import json
from typing import Any
from urllib.parse import quote, urlencode

import httpx2
import pytest

from tests.reconcile.test_standard import valid

BROWSER = {
    "Origin": "http://127.0.0.1:3333",
    "Referer": "http://127.0.0.1:3333/",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36",
    "Accept": "application/json, text/javascript, */*; q=0.01",
    "Accept-Language": "vi-VN,vi;q=0.9,en;q=0.8",
    "Sec-Fetch-Mode": "cors",
    "Sec-Fetch-Site": "cross-site",
}
PROGRAM = {
    "User-Agent": "OpenRefine/3.8.7 [TRUNK]",
    "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
    "Accept": "*/*",
    "Accept-Encoding": "gzip, x-gzip, deflate",
}
COLUMN = [
    "Sở Khoa học và Công nghệ Thử",
    "UBND tỉnh Thử",
    "Sở Thông tin Thử",
    "so khoa hoc va cong nghe thu",
    "Không có cơ quan này",
]


class Refine:
    """A project of OpenRefine that knows the service by its manifest alone."""

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client
        answer = client.get("/reconcile", headers=BROWSER)
        self.service: dict[str, Any] = answer.json()
        assert answer.headers["access-control-allow-origin"] == "*"

    def program(self, name: str, value: object) -> Any:
        """A form that the program posts to the service itself."""
        body = urlencode({name: json.dumps(value, separators=(",", ":"))})
        answer = self._client.post("/reconcile", content=body, headers=PROGRAM)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("application/json")
        return answer.json()

    def browser(self, address: str) -> httpx2.Response:
        """What the browser asks at an address of the manifest."""
        answer = self._client.get(address, headers=BROWSER)
        assert answer.status_code == 200, (address, answer.text)
        return answer

    def suggest(self, what: str, prefix: str, **more: str) -> list[dict[str, Any]]:
        """What the suggest widget shows under a field."""
        told = self.service["suggest"][what]
        found: list[dict[str, Any]] = self.browser(
            told["service_url"] + told["service_path"] + "?" + urlencode({"prefix": prefix, **more})
        ).json()["result"]
        return found

    def flyout(self, what: str, id: str) -> str:
        """What it shows beside a suggestion."""
        told = self.service["suggest"][what]
        path = told["flyout_service_path"].replace("${id}", quote(id, safe=""))
        html: str = self.browser(told["flyout_service_url"] + path).json()["html"]
        return html


@pytest.fixture(scope="module")
def refine(client: httpx2.Client) -> Refine:
    return Refine(client)


def test_from_a_column_of_names_to_codes_and_lead_units(refine: Refine) -> None:
    # Types are guessed from the first ten values, asked without a type.
    guessing = {f"q{number}": {"query": name, "limit": 3} for number, name in enumerate(COLUMN)}
    guessed = refine.program("queries", guessing)
    valid(guessed, "reconciliation-result-batch")
    counts: dict[str, float] = {}
    for one in guessed.values():
        for rank, candidate in enumerate(one["result"]):
            for found in candidate["type"]:
                counts[found["id"]] = counts.get(found["id"], 0.0) + 1.0 / (1 + rank)
    assert max(counts, key=lambda one: counts[one]) == "agency"

    # Somebody looks for another type and for a property that a second column holds.
    assert "agency" in [one["id"] for one in refine.suggest("type", "cơ quan")]
    assert "Cơ quan" in refine.flyout("type", "agency")
    assert "parent" in [one["id"] for one in refine.suggest("property", "cấp trên", type="agency")]
    assert "chủ quản" in refine.flyout("property", "parent")

    # Batches with the type and the property.
    batch = {
        f"q{number}": {
            "query": name,
            "type": "agency",
            "type_strict": "should",
            "limit": 10,
            "properties": [{"pid": "level", "v": "tinh"}],
        }
        for number, name in enumerate(COLUMN)
    }
    judged = refine.program("queries", batch)
    valid(judged, "reconciliation-result-batch")
    assert judged["q0"]["result"][0]["match"] is True
    assert judged["q2"]["result"][0]["id"] == "agency/thu.so-a"
    assert not any(candidate["match"] for candidate in judged["q4"]["result"])

    # The other cells are judged by hand: a preview in a frame, another candidate by name.
    preview = refine.service["preview"]
    shown = refine.browser(preview["url"].replace("{{id}}", quote("agency/thu.ubnd", safe="")))
    assert shown.headers["content-type"].startswith("text/html")
    assert "Ủy ban nhân dân tỉnh Thử" in shown.text
    assert "frame-ancestors *" in shown.headers["content-security-policy"]
    found = refine.suggest("entity", "ubnd t", type="agency", type_strict="should")
    assert found[0]["id"] == "agency/thu.ubnd"
    assert "Z99" in refine.flyout("entity", found[0]["id"])

    # Columns are added from the reconciled values, ten rows at a time.
    proposing = refine.service["extend"]["propose_properties"]
    proposed = refine.browser(proposing["service_url"] + proposing["service_path"] + "?type=agency&limit=25").json()
    valid(proposed, "data-extension-property-proposal")
    assert {"code", "parent", "holder"} <= {one["id"] for one in proposed["properties"]}
    asked = {
        "ids": ["agency/thu.ubnd", "agency/thu.so-a"],
        "properties": [
            {"id": "code", "settings": {"limit": "1", "content": "name"}},
            {"id": "holder", "settings": {"asOf": "2026-01-01", "language": "vi"}},
        ],
    }
    columns = refine.program("extend", asked)
    valid(columns, "data-extension-response")
    assert columns["rows"]["agency/thu.ubnd"]["code"] == [{"str": "Z99"}]
    assert columns["rows"]["agency/thu.so-a"]["holder"] == [
        {"id": "agency/thu.so-b", "name": "Sở Khoa học và Công nghệ Thử"}
    ]


def test_an_indicator_column_gets_its_national_codes(refine: Refine) -> None:
    judged = refine.program("queries", {"q0": {"query": "Tỉ lệ hồ sơ trực tuyến thử", "type": "indicator"}})
    best = judged["q0"]["result"][0]
    assert (best["id"], best["match"]) == ("indicator/thu.1", True)
    columns = refine.program("extend", {"ids": [best["id"]], "properties": [{"id": "nationalCode"}, {"id": "lead"}]})
    assert columns["rows"][best["id"]]["nationalCode"] == [{"str": "0501"}]
    assert columns["rows"][best["id"]]["lead"][0]["id"] == "agency/thu.so-b"


def test_a_cell_leads_to_the_page_of_its_thing(client: httpx2.Client, refine: Refine) -> None:
    page = refine.service["view"]["url"].replace("{{id}}", quote("agency/thu.ubnd", safe=""))
    seen = client.get(page, headers={**BROWSER, "Accept": "text/html"}, follow_redirects=True)
    assert seen.status_code == 200
    assert "Ủy ban nhân dân tỉnh Thử" in seen.text
