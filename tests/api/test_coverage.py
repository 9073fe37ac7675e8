"""Coverage, conflicts, work and mappings over a real server and data folder: JSON, CSV for Excel, validators, pages, errors."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.mappings.review_world import ID, mapping, trig
from tests.serving import folder, serving_folder

SCHEMES = {"scheme": "indicator-set:dia-phuong", "to": "indicator-set:quoc-gia"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """A server whose catalogue has mappings: accepted, proposed, run out, and one with a comment that is a formula."""
    extra = trig(
        mapping("1", "l1", "exactMatch", "n1"),
        mapping("2", "n2", "broadMatch", "l2", more='sssom:comment "=HYPERLINK(1)" ;'),
        mapping("3", "l3", "exactMatch", "n3", "candidate"),
        mapping("4", "l4", "exactMatch", "n4", more='chiso:validTo "2026-01-01"^^xsd:date ;'),
    )
    made: Path = tmp_path_factory.mktemp("coverage")
    with serving_folder(folder(made, extra)) as client:
        yield client


def table(answer: httpx2.Response) -> list[dict[str, str]]:
    """The rows of a CSV answer by the names in its first line."""
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_coverage_counts_both_sides_and_says_what_it_knows_in_part(server: httpx2.Client) -> None:
    answer = server.get("/api/v1/coverage", params=SCHEMES)
    assert answer.status_code == 200
    body = answer.json()
    assert (body["asOf"], body["by"]) == ("2026-03-01", "scheme")
    local, national = body["rows"]
    assert local["direct"] == {
        "codes": 9, "mapped": 2, "exactMatch": 1, "closeMatch": 0, "broadMatch": 0, "narrowMatch": 1, "relatedMatch": 0,
        "noCounterpart": 0, "obsolete": 0, "candidate": 1, "nothing": 6,
    }  # fmt: skip
    assert (national["known"], national["statedSize"], national["direct"]["codes"]) == (6, 230, 6)
    assert "partial-list" in [gap["code"] for gap in body["gaps"]]


def test_the_date_decides_what_counts(server: httpx2.Client) -> None:
    before = server.get("/api/v1/coverage", params={**SCHEMES, "asOf": "31/12/2025"}).json()
    assert before["rows"][0]["direct"]["exactMatch"] == 2


def test_csv_by_accept_and_by_format_is_the_same_and_safe_in_excel(server: httpx2.Client) -> None:
    by_accept = server.get("/api/v1/mappings", params={"of": "indicator:l2"}, headers={"Accept": "text/csv"})
    by_format = server.get("/api/v1/mappings", params={"of": "indicator:l2", "format": "csv"})
    assert by_accept.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert by_accept.content == by_format.content
    [row] = table(by_accept)
    assert (row["quan hệ"], row["mã kia"], row["người duyệt"]) == ("narrowMatch", "N2", "Trần B")
    assert row["ghi chú"] == "'=HYPERLINK(1)"
    english = server.get("/api/v1/coverage", params={**SCHEMES, "by": "group", "format": "csv", "lang": "en"})
    assert [row["group"] for row in table(english)] == ["Nhóm A", "(group not known)", "(group not known)"]


def test_an_answer_that_still_holds_is_not_sent_again_in_either_form(server: httpx2.Client) -> None:
    tags = set()
    for form in ("json", "csv"):
        first = server.get("/api/v1/coverage", params={**SCHEMES, "format": form})
        assert first.headers["Last-Modified"]
        assert "Accept" in first.headers["Vary"].split(", ")
        tags.add(first.headers["ETag"])
        again = server.get(
            "/api/v1/coverage", params={**SCHEMES, "format": form}, headers={"If-None-Match": first.headers["ETag"]}
        )
        assert (again.status_code, again.content) == (304, b"")
    assert len(tags) == 2


def test_unmapped_codes_of_both_sides_are_paged(server: httpx2.Client) -> None:
    seen, address = [], "/api/v1/coverage/unmapped?" + str(httpx2.QueryParams({**SCHEMES, "limit": "4"}))
    while address:
        answer = server.get(address)
        body = answer.json()
        seen += [(one["side"], one["code"]["notation"], one["state"]) for one in body["items"]]
        address = answer.links.get("next", {}).get("url", "")
    assert len(seen) == body["total"] == 11
    assert seen[0] == ("scheme", "L3", "candidate")
    assert [code for side, code, _ in seen if side == "to"] == ["N3", "N4", "N5", "N6"]
    mapped = server.get(
        "/api/v1/coverage/unmapped", params={**SCHEMES, "state": "exactMatch,narrowMatch", "side": "scheme"}
    )
    assert [one["code"]["notation"] for one in mapped.json()["items"]] == ["L1", "L2"]


def test_mappings_of_a_code_say_how_by_whom_and_when(server: httpx2.Client) -> None:
    body = server.get("/api/v1/mappings", params={"of": "indicator:n2"}).json()
    [one] = body["counterparts"]
    assert (one["match"], one["other"]["notation"], one["mapping"]["valid"]) == ("broadMatch", "L2", True)
    assert one["mapping"]["reviewers"] == [{"name": "Trần B", "iri": f"{ID}agency/tran-b"}]
    assert one["mapping"]["reviewDate"] == "2025-03-01"


def test_conflicts_say_what_is_wrong_and_what_to_do(server: httpx2.Client) -> None:
    body = server.get("/api/v1/mappings/conflicts", params={"scheme": SCHEMES["scheme"]}).json()
    codes = {one["code"]: one for one in body["items"]}
    assert {"expired", "waiting"} <= codes.keys()
    assert codes["expired"]["remedyVi"]
    assert codes["expired"]["mappings"][0]["iri"].endswith("mapping/4")
    rows = table(server.get("/api/v1/mappings/conflicts", params={"kind": "expired", "format": "csv"}))
    assert [row["loại"] for row in rows] == ["expired"]


def test_work_progress_and_history(server: httpx2.Client) -> None:
    work = server.get("/api/v1/mappings/worklist", params={**SCHEMES, "limit": 1}).json()
    assert (work["total"], work["items"][0]["code"]["notation"]) == (7, "L3")
    without = server.get("/api/v1/mappings/worklist", params={**SCHEMES, "notBy": f"{ID}agency/nguyen-a"}).json()
    assert without["total"] == 6
    progress = server.get("/api/v1/mappings/progress", params=SCHEMES).json()
    assert (progress["codes"], progress["decided"], progress["candidate"], progress["open"]) == (9, 2, 1, 6)
    history = server.get("/api/v1/mappings/history", params={"of": "mapping:1"}).json()
    assert [one["status"] for one in history["reviews"]] == ["accepted"]


@pytest.mark.parametrize(
    ("path", "params", "status"),
    [
        ("coverage", {"scheme": "khong-co-bo-nay"}, 404),
        ("coverage", {"by": "province"}, 422),
        ("coverage", {"asof": "2025-01-01"}, 422),
        ("coverage/unmapped", {**SCHEMES, "state": "bad"}, 422),
        ("coverage/unmapped", {**SCHEMES, "cursor": "!"}, 422),
        ("coverage/unmapped", {**SCHEMES, "limit": "100000"}, 422),
        ("mappings/worklist", {"scheme": "dia-phuong"}, 422),
        ("mappings/conflicts", {"days": "0"}, 422),
        ("mappings", {}, 422),
    ],
)
def test_what_cannot_be_answered_says_so_in_both_languages(
    server: httpx2.Client, path: str, params: dict[str, str], status: int
) -> None:
    answer = server.get(f"/api/v1/{path}", params=params)
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_form_that_is_not_offered_is_refused(server: httpx2.Client) -> None:
    assert server.get("/api/v1/coverage", headers={"Accept": "image/png"}).status_code == 406
