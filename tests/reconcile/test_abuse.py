"""What nobody should send: refused at once, with the reason, while others are answered."""

import json
import threading
import time
from typing import Any

import httpx2
import pytest

from tests.reconcile.conftest import EXTRA, posted
from tests.serving import folder, serving_folder

SCRIPT = "indicator/thu.2"  # its name is <img src=x onerror=alert(1)> chỉ tiêu


def problem(answer: httpx2.Response, status: int) -> dict[str, Any]:
    """The problem of an answer, which must have this status and both what was wrong and what to do."""
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    found: dict[str, Any] = answer.json()
    assert found["type"].startswith("/help/errors/")
    assert found["detail"]
    return found


def test_ten_thousand_queries_are_refused_by_their_limit(client: httpx2.Client) -> None:
    found = problem(posted(client, "queries", {f"q{n}": {"query": "thử"} for n in range(10_000)}), 413)
    assert (found["limit"], found["value"]) == ("CHISO_RECONCILE_QUERIES", 100)
    assert "10000" in found["detail"]
    ids = {"ids": [f"agency/{n}" for n in range(101)], "properties": [{"id": "code"}]}
    assert problem(posted(client, "extend", ids), 413)["limit"] == "CHISO_RECONCILE_QUERIES"


def test_a_text_of_a_megabyte_is_refused_by_its_limit_wherever_it_stands(client: httpx2.Client) -> None:
    long = "a" * 1_000_000
    for query in (
        {"query": long},
        {"query": "x", "properties": [{"pid": "code", "v": long}]},
        {"query": "x", "properties": [{"pid": "code", "v": {"id": long}}]},
        {"query": "x", "properties": [{"pid": "parent", "v": ["x", {"id": "x", "name": long}]}]},
    ):
        found = problem(posted(client, "queries", {"q7": query}), 413)
        assert found["limit"] == "CHISO_RECONCILE_LENGTH"
        assert found["detail"].startswith("q7: ")
    extension = {"ids": [long], "properties": [{"id": "code"}]}
    assert problem(posted(client, "extend", extension), 413)["limit"] == "CHISO_RECONCILE_LENGTH"
    assert "CHISO_RECONCILE_LENGTH" in problem(posted(client, "queries", "x" * 30_000_000), 413)["limit"]
    assert posted(client, "queries", {"q": {"query": "ế" * 1000}}).status_code == 200


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "JSON"),
        ("", "JSON"),
        ('{"q": {"query": NaN}}', "NaN"),
        ('{"q": {"query": "x", "limit": 1e999}}', "1e999"),
        ('{"q": {"query": "x", "limit": %s}}' % ("9" * 5_000), "quá dài"),
        ('{"q": {"query": "x"}, "q": {"query": "y"}}', "“q”"),
        ('{"q": {"query": "x", "query": "y"}}', "“query”"),
        ("[" * 100_000, "quá sâu"),
        ('{"q":' * 50_000, "quá sâu"),
        ('{"q": {"query": "\\ud800"}}', "surrogate"),
    ],
)
def test_what_is_no_json_is_refused(client: httpx2.Client, text: str, said: str) -> None:
    for name in ("queries", "extend"):
        assert said in problem(posted(client, name, text), 400)["detail"]


@pytest.mark.parametrize(
    "query",
    [
        None,
        3,
        "thử",
        [],
        {"query": 3},
        {"query": None},
        {"query": "x", "type": 3},
        {"query": "x", "type": [["agency"]]},
        {"query": "x", "type": "person"},
        {"query": "x", "type": {"id": "agency"}},
        {"query": "x", "limit": "5"},
        {"query": "x", "limit": True},
        {"query": "x", "limit": 0},
        {"query": "x", "limit": -1},
        {"query": "x", "properties": {}},
        {"query": "x", "properties": ["code"]},
        {"query": "x", "properties": [{"pid": "code"}]},
        {"query": "x", "properties": [{"v": "x"}]},
        {"query": "x", "properties": [{"pid": "birthday", "v": "x"}]},
        {"query": "x", "properties": [{"pid": "code", "v": None}]},
        {"query": "x", "properties": [{"pid": "code", "v": {"name": "x"}}]},
        {"query": "x", "properties": [{"pid": "code", "v": [[]]}]},
        {"query": "x", "properties": [{"pid": "code", "v": "x"}] * 11},
        {"query": "x", "properties": [{"pid": "asOf", "v": "30/2/2024"}]},
        {"query": "x", "type_strict": "maybe"},
        {"query": "x", "__proto__": {}},
        {},
    ],
    ids=repr,
)
def test_a_query_that_is_none_refuses_the_batch_by_its_key(client: httpx2.Client, query: Any) -> None:
    found = problem(posted(client, "queries", {"fine": {"query": "thử"}, "wrong": query}), 422)
    assert found["detail"].startswith("wrong: ")
    english = posted(client, "queries", {"wrong": query}, **{"Accept-Language": "en"}).json()
    assert english["detail"] != found["detail"]


def test_unknown_types_and_properties_come_with_those_there_are(client: httpx2.Client) -> None:
    assert "agency" in problem(posted(client, "queries", {"q": {"query": "x", "type": "Q5"}}), 422)["types"]
    unknown = {"q": {"query": "x", "properties": [{"pid": "P31", "v": "x"}]}}
    assert "code" in problem(posted(client, "queries", unknown), 422)["properties"]
    assert "code" in problem(posted(client, "extend", {"ids": [], "properties": [{"id": "P31"}]}), 422)["properties"]
    assert client.get("/reconcile/vi/properties?type=Q5").status_code == 422
    assert client.get("/reconcile/vi/suggest/entity?prefix=a&type=Q5").status_code == 422
    assert client.get("/reconcile/vi/suggest/country?prefix=a").status_code == 422
    assert client.get("/reconcile/fr/suggest/entity?prefix=a").status_code == 422


@pytest.mark.parametrize(
    "extension",
    [
        None,
        [],
        {},
        {"ids": "agency/thu.ubnd", "properties": []},
        {"ids": [1], "properties": []},
        {"ids": [], "properties": "code"},
        {"ids": [], "properties": [{}]},
        {"ids": [], "properties": [{"id": "code"}] * 2},
        {"ids": [], "properties": [{"id": "code"}] * 41},
        {"ids": [], "properties": [{"id": "code", "settings": []}]},
        {"ids": [], "properties": [{"id": "code", "settings": {"limit": "many"}}]},
        {"ids": [], "properties": [{"id": "code", "settings": {"limit": -1}}]},
        {"ids": [], "properties": [{"id": "code", "settings": {"language": "fr"}}]},
        {"ids": [], "properties": [{"id": "code", "settings": {"asOf": "yesterday"}}]},
        {"ids": [], "properties": [{"id": "code", "settings": {"colour": "red"}}]},
        {"ids": [], "properties": [{"id": "asOf"}]},
    ],
    ids=repr,
)
def test_a_data_extension_that_is_none_is_refused(client: httpx2.Client, extension: Any) -> None:
    assert problem(posted(client, "extend", extension), 422)["detail"].startswith("extend: ")


def test_identifiers_of_elsewhere_have_no_values(client: httpx2.Client) -> None:
    ids = ["Q1858", "http://www.wikidata.org/entity/Q1858", "https://other.example/id/agency/thu.ubnd", "agency/../../x",
           "agency/<script>", "urn:x", "", "indicator/thu.1> ?s ?p ?o . <x:", "a" * 1000, "agency/\u0000"]  # fmt: skip
    answer = posted(client, "extend", {"ids": ids, "properties": [{"id": "name"}, {"id": "lead"}]})
    assert answer.status_code == 200, answer.text
    assert list(answer.json()["rows"]) == ids
    assert not any(value for row in answer.json()["rows"].values() for value in row.values())
    for id in ids[:-2]:
        assert client.get("/reconcile/vi/preview", params={"id": id}).status_code in (404, 422)


def test_parameters_that_are_not_of_the_protocol(client: httpx2.Client) -> None:
    one = json.dumps({"q": {"query": "x"}})
    problem(client.get("/reconcile", params={"query": "x"}), 400)
    problem(client.get("/reconcile", params={"queries": one, "extend": "{}"}), 400)
    problem(client.get("/reconcile", params=[("queries", one), ("queries", one)]), 400)
    problem(client.post("/reconcile", data={"lang": "vi"}), 400)
    problem(client.post("/reconcile", data={"queries": one, "other": "x"}), 400)
    problem(client.post("/reconcile", json={"queries": {}, "extend": {}}), 400)
    problem(client.post("/reconcile", json=[]), 400)
    problem(client.post("/reconcile", content=one, headers={"Content-Type": "text/plain"}), 415)
    problem(client.post("/reconcile", content=b"", headers={"Content-Type": "application/json"}), 400)
    problem(client.get("/reconcile?lang=fr"), 422)
    assert client.request("PUT", "/reconcile").status_code == 405


def test_what_is_not_utf_8_is_refused(client: httpx2.Client) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    problem(client.post("/reconcile", content=b"queries=%FF%FE", headers=form), 400)
    problem(client.post("/reconcile", content=b"queries=\xff", headers=form), 400)
    problem(client.post("/reconcile", content=b"\xff", headers={"Content-Type": "application/json"}), 400)
    latin = {"Content-Type": "application/x-www-form-urlencoded; charset=windows-1258"}
    problem(client.post("/reconcile", content=b"queries={}", headers=latin), 415)


@pytest.mark.parametrize("name", ["x", "alert(1)//", "a\r\nSet-Cookie: a=b", "<script>"])
def test_no_callback_is_ever_echoed(client: httpx2.Client, name: str) -> None:
    for parameters in ({"callback": name}, {"callback": name, "queries": '{"q":{"query":"x"}}'}):
        answer = client.get("/reconcile", params=parameters)
        assert "CORS" in problem(answer, 400)["detail"]
        assert "set-cookie" not in answer.headers
        assert "javascript" not in answer.headers["content-type"]
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_script_in_a_name_stays_text(client: httpx2.Client) -> None:
    preview = client.get("/reconcile/vi/preview", params={"id": SCRIPT}).text
    flyout = client.get("/reconcile/vi/flyout/entity", params={"id": SCRIPT}).json()["html"]
    defined = client.get("/reconcile/vi/preview", params={"id": "indicator/thu.1"}).text
    for html in (preview, flyout, defined):
        assert "<img" not in html
        assert "<script" not in html
    assert "&lt;img src=x" in preview
    assert "&lt;img src=x" in flyout
    assert "&lt;script&gt;alert(1)" in defined


def test_keys_of_a_batch_come_back_as_they_are(client: httpx2.Client) -> None:
    keys = ["", "q0", "a b", "ế", "<script>", "__proto__", "\u0000", "😀"]
    answer = posted(client, "queries", {key: {"query": "thử"} for key in keys})
    assert list(answer.json()) == keys
    problem(posted(client, "queries", {"k" * 201: {"query": "thử"}}), 422)


def test_the_service_answers_others_while_one_visitor_floods_it(tmp_path: Any) -> None:
    settings = folder(tmp_path, EXTRA, query_per_visitor=2, query_waiting=4)
    with serving_folder(settings) as client:
        body = {
            f"q{n}": {"query": f"Sở Khoa học và Công nghệ thử {n} của tỉnh nào đó", "limit": 50} for n in range(100)
        }
        statuses: list[int] = []
        waits: list[str] = []
        stop = threading.Event()

        def flood() -> None:
            with httpx2.Client(base_url=client.base_url, timeout=60) as mine:
                while not stop.is_set():
                    answer = posted(mine, "queries", body)
                    statuses.append(answer.status_code)
                    if answer.status_code == 429:
                        waits.append(answer.headers["retry-after"])

        threads = [threading.Thread(target=flood) for _ in range(6)]
        for thread in threads:
            thread.start()
        try:
            until = time.monotonic() + 60
            while not (waits and 200 in statuses):
                began = time.monotonic()
                assert client.get("/health/live").status_code == 200
                assert client.get("/api/v1/resolve", params={"code": "Z99"}).status_code == 200
                assert time.monotonic() - began < 15
                assert time.monotonic() < until, (statuses, waits)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        assert set(statuses) == {200, 429}
        assert all(int(seconds) >= 1 for seconds in waits)
        assert posted(client, "queries", {"q": {"query": "Z99", "type": "agency"}}).json()["q"]["result"][0]["match"]
