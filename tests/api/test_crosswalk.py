"""`/api/v1/crosswalk` over a real server: one code, many, as CSV, and requests that cannot be answered."""

import csv
import io
from collections.abc import Iterator

import httpx2
import pytest

from api.crosswalk import MOST_CODES
from tests.mappings.crosswalk_world import trig
from tests.serving import BASE, folder, serving_folder

ADDRESS = "/api/v1/crosswalk"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """A client of a server over three schemes."""
    with serving_folder(folder(tmp_path_factory.mktemp("crosswalk"), trig())) as found:
        yield found


def test_a_chain_with_its_links_in_json(client: httpx2.Client) -> None:
    answer = client.get(ADDRESS, params={"code": "101", "from": "xa", "to": "nuoc", "asOf": "2026-01-01"})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    (one,) = told["answers"]
    assert (told["outcome"], told["of"]["notation"], one["target"]["notation"]) == ("translated", "0101", "1001")
    assert (one["match"], one["chain"]["confidence"], one["chain"]["verification"]) == (
        "broadMatch",
        "0.81",
        "confirmed",
    )
    assert [(step["from"]["notation"], step["to"]["notation"], step["match"]) for step in one["chain"]["steps"]] == [
        ("0101", "T1", "exactMatch"),
        ("T1", "1001", "broadMatch"),
    ]
    assert one["chain"]["weakest"]["step"] == 2
    assert answer.headers["etag"]
    again = client.get(answer.request.url, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_a_thing_may_be_named_in_other_ways(client: httpx2.Client) -> None:
    for of in ("indicator:xa.0101", f"{BASE}id/indicator/xa.0101", "Chỉ tiêu 0101"):
        told = client.get(ADDRESS, params={"of": of, "to": "indicator-set:nuoc"}).json()
        assert [one["target"]["notation"] for one in told["answers"]] == ["1001"]


def test_several_answers_and_none_are_told(client: httpx2.Client) -> None:
    several = client.get(ADDRESS, params={"code": "0102", "to": "Bộ nuoc"}).json()
    assert (several["outcome"], len(several["answers"])) == ("several", 2)
    none = client.get(ADDRESS, params={"code": "0103", "to": "nuoc", "lang": "en"}).json()
    assert (none["outcome"], [reason["kind"] for reason in none["reasons"]]) == ("none", ["candidates"])


def test_csv_has_a_row_for_each_answer_and_no_formula(client: httpx2.Client) -> None:
    answer = client.get(ADDRESS, params={"code": "0102", "to": "nuoc", "format": "csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["code"] for row in rows] == ["1002", "1003"]
    assert rows[1]["name"].startswith("'=HYPERLINK")


def test_many_codes_at_once(client: httpx2.Client) -> None:
    asked = {"codes": ["0101", "x", "0102", "0105", "0101"], "from": "xa", "to": "nuoc", "asOf": "2026-01-01"}
    told = client.post(ADDRESS, json=asked).json()["crosswalks"]
    assert [(one["text"], one["outcome"]) for one in told] == [
        ("0101", "translated"),
        ("x", "none"),
        ("0102", "several"),
        ("0105", "none"),
        ("0101", "translated"),
    ]
    assert [told[1]["reasons"][0]["kind"], told[3]["reasons"][0]["kind"]] == ["not-found", "nothing"]
    rows = list(csv.DictReader(io.StringIO(client.post(ADDRESS, json={**asked, "format": "csv"}).text)))
    assert [row["asked"] for row in rows] == ["0101", "x", "0102", "0102", "0105", "0101"]


@pytest.mark.parametrize(
    ("parameters", "status", "named"),
    [
        ({"to": "nuoc"}, 400, "code"),
        ({"code": "0101", "of": "x", "to": "nuoc"}, 400, "code"),
        ({"code": "9999", "to": "nuoc"}, 404, "9999"),
        ({"code": "0101", "to": "khong-co"}, 404, "khong-co"),
        ({"code": "0101", "to": "Bộ"}, 409, "nuoc"),
        ({"code": "0101", "to": "nuoc", "asOf": "31/2/2026"}, 422, "31/2/2026"),
        ({"code": "0101", "to": "nuoc", "steps": "0"}, 422, "steps"),
        ({"code": "0101", "too": "nuoc"}, 422, "too"),
    ],
)
def test_what_cannot_be_answered_says_why(
    client: httpx2.Client, parameters: dict[str, str], status: int, named: str
) -> None:
    answer = client.get(ADDRESS, params=parameters)
    assert answer.status_code in (status, 400), answer.text
    assert named in answer.text


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b"{", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b"[]", "codes"),
        (b'{"codes": [], "to": "nuoc"}', "codes"),
        (b'{"codes": [1], "to": "nuoc"}', "codes[0]"),
        (b'{"codes": ["1", "' + b"x" * 501 + b'"], "to": "nuoc"}', "codes[1]"),
        (b'{"codes": ["1"]}', "to"),
        (b'{"codes": ["1"], "to": "nuoc", "form": "csv"}', "form"),
        (b'{"codes": ["1"], "to": "nuoc", "format": "xlsx"}', "format"),
        (b'{"codes": [' + b",".join([b'"1"'] * (MOST_CODES + 1)) + b'], "to": "nuoc"}', str(MOST_CODES)),
        (b'{"codes": ["' + b"x" * 1_100_000 + b'"]}', "1048576"),
    ],
)
def test_a_wrong_body_is_refused_with_its_field(client: httpx2.Client, body: bytes, named: str) -> None:
    answer = client.post(ADDRESS, content=body, headers={"Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500
    assert named in answer.text.replace(",", "").replace(".", "") or named in answer.text


def test_another_media_type_is_refused(client: httpx2.Client) -> None:
    assert client.post(ADDRESS, content=b"a", headers={"Content-Type": "text/csv"}).status_code == 415


def test_the_description_names_the_answer(client: httpx2.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert set(paths[ADDRESS]) >= {"get", "post"}
    assert "$ref" in str(paths[ADDRESS]["get"]["responses"]["200"]["content"]["application/json"]["schema"])
