"""The requests that OpenRefine sends, in their order, rebuilt from its sources (github.com/OpenRefine/OpenRefine, 3.8 and later).

The program guesses types, reconciles in batches and extends, with forms:
`modules/core/src/main/java/com/google/refine/model/recon/StandardReconConfig.java` (2885cc4b), `.../util/HttpClient.java`
(7f0be3d6), `main/src/com/google/refine/commands/recon/GuessTypesOfColumnCommand.java` (84a202bd), and
`ReconciledDataExtensionJob.java`, whose properties leave out their names. The browser beside it asks for the manifest, the
suggestions, the proposed properties, the previews and the pages, in `main/webapp/modules/core/`:
`scripts/reconciliation/recon-manager.js` (64f29fde), `scripts/util/custom-suggest.js` (5ac9255c),
`externals/suggest/suggest-4_3a.js` (07607c9a), `scripts/dialogs/add-column-by-reconciliation.js` (4d77409f),
`scripts/views/data-table/cell-renderers/recon-renderer.js` (7b9b6210).
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
FRAME = {
    **BROWSER,
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Sec-Fetch-Dest": "iframe",
    "Sec-Fetch-Mode": "navigate",
}
PROGRAM = {
    "User-Agent": "OpenRefine/3.8.7 [TRUNK]",
    "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
    "Accept-Encoding": "gzip, x-gzip, deflate",
}
COLUMN = [
    "Sở Khoa học và Công nghệ Thử",
    "UBND tỉnh Thử",
    "Sở Thông tin Thử",
    "so khoa hoc va cong nghe thu",
    "Không có cơ quan này",
]
WIDGET = {"entity": {}, "type": {"scoring": "schema"}, "property": {"scoring": "schema"}}
"""What each suggest widget sends of the parameters of the service for which it was written once."""


def encode_uri(address: str) -> str:
    """`encodeURI` of a browser: what divides the parts of an address stays as it is."""
    return quote(address, safe=";,/?:@&=+$-_.!~*'()#")


class Refine:
    """A project of OpenRefine that knows the service by its manifest alone."""

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client
        answer = client.get("/reconcile", headers=BROWSER)
        self.service: dict[str, Any] = answer.json()
        assert answer.headers["access-control-allow-origin"] == "*"

    def program(self, name: str, value: object) -> Any:
        """A form that the program posts to the service itself."""
        body = urlencode({name: json.dumps(value, ensure_ascii=False, separators=(",", ":"))})
        answer = self._client.post("/reconcile", content=body, headers=PROGRAM)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("application/json")
        return answer.json()

    def reconcile(self, queries: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
        """The candidates of each cell of a batch, as the program reads them."""
        answer = self.program("queries", {f"q{number}": one for number, one in enumerate(queries)})
        valid(answer, "reconciliation-result-batch")
        found = [answer[f"q{number}"]["result"] for number in range(len(queries))]
        for candidate in (one for some in found for one in some):
            assert isinstance(candidate["id"], str) and isinstance(candidate["name"], str)
            assert isinstance(candidate["score"], int | float) and isinstance(candidate["match"], bool)
            assert all(one.keys() >= {"id", "name"} for one in candidate["type"])
        return found

    def browser(self, address: str, headers: dict[str, str] = BROWSER) -> httpx2.Response:
        """What the browser asks at an address of the manifest."""
        answer = self._client.get(address, headers=headers, follow_redirects=headers is FRAME)
        assert answer.status_code == 200, (address, answer.text)
        return answer

    def suggest(self, what: str, prefix: str, **more: str) -> list[dict[str, Any]]:
        """What the suggest widget shows under a field. `more`: what widgets before 3.5 sent besides."""
        told = self.service["suggest"][what]
        asked = {"prefix": prefix, "spell": "always", "exact": "false", **WIDGET[what], "prefixed": "true", **more}
        answer = self.browser(told["service_url"] + told["service_path"] + "?" + urlencode(asked))
        found: list[dict[str, Any]] = answer.json()["result"]
        return found

    def flyout(self, what: str, id: str) -> str:
        """What widgets before 3.5 showed beside a suggestion."""
        told = self.service["suggest"][what]
        path = told["flyout_service_path"].replace("${id}", quote(id, safe=""))
        html: str = self.browser(told["flyout_service_url"] + path).json()["html"]
        return html

    def shown(self, part: str, id: str) -> httpx2.Response:
        """The page of a thing (`view`) or the frame about it (`preview`): its identifier is put in as it is."""
        return self.browser(encode_uri(self.service[part]["url"].replace("{{id}}", id)), FRAME)


@pytest.fixture(scope="module")
def refine(client: httpx2.Client) -> Refine:
    return Refine(client)


def test_from_a_column_of_names_to_codes_and_lead_units(refine: Refine) -> None:
    # Types are guessed from the first ten values, asked without a type.
    guessed = refine.reconcile([{"query": name, "limit": 3} for name in COLUMN])
    counts: dict[str, float] = {}
    for some in guessed:
        for rank, candidate in enumerate(some):
            for found in candidate["type"]:
                counts[found["id"]] = counts.get(found["id"], 0.0) + 1.0 / (1 + rank)
    assert max(counts, key=lambda one: counts[one]) == "agency"

    # Somebody looks for another type, and for a property that a second column holds.
    assert "agency" in [one["id"] for one in refine.suggest("type", "cơ quan")]
    assert "parent" in [one["id"] for one in refine.suggest("property", "cấp trên")]

    # Batches with the type and the property; no limit, where the field is left as it is.
    asked = {"type": "agency", "type_strict": "should", "properties": [{"pid": "level", "v": "tinh"}]}
    judged = refine.reconcile([{"query": name, **asked} for name in COLUMN])
    assert judged[0][0]["match"] is True
    assert judged[2][0]["id"] == "agency/thu.so-a"
    assert not any(candidate["match"] for candidate in judged[4])

    # The other cells are judged by hand: a preview in a frame, another candidate by name.
    shown = refine.shown("preview", "agency/thu.ubnd")
    assert shown.headers["content-type"].startswith("text/html")
    assert "Ủy ban nhân dân tỉnh Thử" in shown.text
    assert "frame-ancestors *" in shown.headers["content-security-policy"]
    assert "agency/thu.ubnd" in [one["id"] for one in refine.suggest("entity", "ubnd t")]

    # Columns are added from the reconciled values.
    proposing = refine.service["extend"]["propose_properties"]
    proposed = refine.browser(proposing["service_url"] + proposing["service_path"] + "?type=agency").json()
    valid(proposed, "data-extension-property-proposal")
    assert {"code", "parent", "holder"} <= {one["id"] for one in proposed["properties"]}
    # The settings of a property are what its form holds: every field, as text.
    untouched = {one["name"]: str(one["default"]) for one in refine.service["extend"]["property_settings"]}
    asked_for = [{"id": "code", "settings": untouched}, {"id": "holder"}, {"id": "validFrom"}]
    columns = refine.program("extend", {"ids": ["agency/thu.ubnd", "agency/thu.so-b"], "properties": asked_for})
    valid(columns, "data-extension-response")
    assert [one["id"] for one in columns["meta"]] == ["code", "holder", "validFrom"]
    assert all(row.keys() == {"code", "holder", "validFrom"} for row in columns["rows"].values())
    assert columns["rows"]["agency/thu.ubnd"]["code"] == [{"str": "Z99"}]
    assert columns["rows"]["agency/thu.so-b"]["validFrom"] == [{"date": "2025-03-01T00:00:00Z"}]


def test_a_second_column_may_hold_whatever_a_cell_holds(refine: Refine) -> None:
    def best(pid: str, value: object) -> str:
        asked = {"type": "agency", "type_strict": "should", "properties": [{"pid": pid, "v": value}], "limit": 5}
        [found] = refine.reconcile([{"query": "Sở Khoa học và Công nghệ Thử", **asked}])
        return str(found[0]["id"])

    reconciled = {"id": "agency/thu.ubnd", "name": "Ủy ban nhân dân tỉnh Thử"}
    assert best("parent", reconciled) == "agency/thu.so-b"
    assert best("asOf", "2026-01-01T00:00:00Z") == "agency/thu.so-b"
    for cell in (501, 501.0, True, "501"):
        assert best("code", cell) == "agency/thu.so-b"


def test_a_proposal_of_properties_for_a_column_without_a_type(refine: Refine) -> None:
    proposing = refine.service["extend"]["propose_properties"]
    proposed = refine.browser(proposing["service_url"] + proposing["service_path"] + "?type=").json()
    assert {"name", "code", "lead"} <= {one["id"] for one in proposed["properties"]}


def test_an_indicator_column_gets_its_national_codes(refine: Refine) -> None:
    [[best, *_]] = refine.reconcile(
        [{"query": "Tỉ lệ hồ sơ trực tuyến thử", "type": "indicator", "type_strict": "should"}]
    )
    assert (best["id"], best["match"]) == ("indicator/thu.1", True)
    columns = refine.program("extend", {"ids": [best["id"]], "properties": [{"id": "nationalCode"}, {"id": "lead"}]})
    assert columns["rows"][best["id"]]["nationalCode"] == [{"str": "0501"}]
    assert columns["rows"][best["id"]]["lead"][0]["id"] == "agency/thu.so-b"


def test_a_cell_leads_to_the_page_of_its_thing(refine: Refine) -> None:
    assert "Ủy ban nhân dân tỉnh Thử" in refine.shown("view", "agency/thu.ubnd").text


def test_a_service_is_entered_with_a_slash_or_without_cors(client: httpx2.Client, refine: Refine) -> None:
    moved = client.post("/reconcile/", content="queries=%7B%7D", headers=PROGRAM)
    assert (moved.status_code, moved.headers["location"]) == (308, "/reconcile")  # the form is sent again, not lost
    assert client.get("/reconcile/", headers=BROWSER, follow_redirects=True).json() == refine.service
    # The second try of the dialog, after CORS failed: JSONP, which is refused in words.
    refused = client.get("/reconcile?callback=jQuery36&_=1", headers=BROWSER)
    assert (refused.status_code, refused.json()["parameter"]) == (400, "callback")


def test_widgets_that_know_flyouts_and_types(refine: Refine) -> None:
    found = refine.suggest("entity", "ubnd t", type="agency", type_strict="should")
    assert found[0]["id"] == "agency/thu.ubnd"
    assert "Z99" in refine.flyout("entity", found[0]["id"])
    assert "Cơ quan" in refine.flyout("type", "agency")
    assert "chủ quản" in refine.flyout("property", "parent")
    assert "parent" in [one["id"] for one in refine.suggest("property", "cấp trên", type="agency")]


def test_a_widget_that_forgot_where_the_flyouts_are(client: httpx2.Client, refine: Refine) -> None:
    # `sanitizeSuggestOptions` keeps the address of the suggestions only, so that the flyout is looked for where it once was.
    here = refine.service["suggest"]["entity"]["service_url"]
    asked = "filter=(all mid:agency%2Fthu.ubnd)&output=(notable:/client/summary (description citation provenance) type)"
    answer = client.get(f"{here}/search?{asked}&key=null".replace(" ", "%20"), headers=BROWSER)
    assert answer.status_code < 500
