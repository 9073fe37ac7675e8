"""Every error is a problem (RFC 9457) with a help page; people get a page; nothing inner is shown."""

import re
import socket
import threading
import time
from typing import Any

import httpx2
import pytest

from api.problems import STATUSES
from catalogue.errors import Defect, TimedOut, Unavailable
from catalogue.settings import Settings
from catalogue.store.port import Solutions, Store
from tests.api.conftest import BASE, serving


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/api/v1/responsibility?of=khong-co-gi", 404, "not-found"),
        ("/api/v1/resolve?code=khong-co-gi", 404, "not-found"),
        ("/api/v1/agencies/khong-co/portfolio", 404, "not-found"),
        ("/nowhere", 404, "not-found"),
        ("/help/errors/nothing", 404, "not-found"),
        ("/assets/nothing.css", 404, "not-found"),
        ("/api/v1/responsibility?of=7/QĐ-TTg", 409, "ambiguous"),
        ("/api/v1/responsibility", 422, "invalid"),
        ("/api/v1/responsibility?of=", 422, "invalid"),
        ("/api/v1/responsibility?of=Z99&asOf=2024-02-30", 422, "invalid"),
        ("/api/v1/responsibility?of=Z99&asOf=1789-07-14", 422, "invalid"),
        ("/api/v1/responsibility?of=Z99&asof=2024-06-30", 422, "invalid"),
        ("/api/v1/responsibility?of=Z99&of=Z98", 422, "invalid"),
        ("/api/v1/lineage?of=Z99&direction=sideways", 422, "invalid"),
        ("/api/v1/lineage?of=Z99&depth=0", 422, "invalid"),
        ("/api/v1/lineage?of=Z99&depth=many", 422, "invalid"),
        ("/api/v1/indicators?limit=1001", 422, "invalid"),
        ("/api/v1/indicators?cursor=%25%25", 422, "invalid"),
        ("/api/v1/search?q=a&cursor=xx", 422, "invalid"),
        ("/api/v1/search?q=a&kind=nothing", 422, "invalid"),
        ("/api/v1/search?q=" + "a" * 301, 422, "invalid"),
        ("/api/v1/responsibility?of=Z99&role=foo", 422, "invalid"),
        ("/responsibility?of=Z99&role=foo", 422, "invalid"),
        ("/api/v1/decisions?type=zzz", 422, "invalid"),
        ("/api/v1/agencies?level=xx", 422, "invalid"),
        ("/api/v1/indicators?frequency=zzz", 422, "invalid"),
        ("/api/v1/quality/unconfirmed?mark=zzz", 422, "invalid"),
        ("/api/v1/datasets?cursor=eHg", 422, "invalid"),
        ("/api/v1/search?q=a&lang=xx", 422, "invalid"),
        ("/?lang=xx", 422, "invalid"),
        ("/api/v1/search?q=" + "a" * 9_000, 414, "address-too-long"),
    ],
)
def test_problems(client: httpx2.Client, path: str, status: int, kind: str) -> None:
    answer = client.get(path)
    problem = answer.json()
    assert answer.status_code == problem["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"/help/errors/{kind}"
    assert problem["title"]
    assert problem["detail"]
    assert problem["instance"].startswith(path[:8])
    english = client.get(path, headers={"Accept-Language": "en"})
    assert english.headers["content-language"] == "en"
    assert english.json()["title"] != problem["title"]
    assert english.json()["detail"] != problem["detail"]


def test_a_method_that_is_not_there_is_405_with_allow(client: httpx2.Client) -> None:
    answer = client.post("/api/v1/search?q=a")
    assert (answer.status_code, answer.json()["type"]) == (405, "/help/errors/method-not-allowed")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_options_says_what_an_address_takes(client: httpx2.Client) -> None:
    for path in ("/api/v1/search?q=a", "/doc/agency/thu.ubnd", "/"):
        answer = client.options(path)
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
        assert "access-control-allow-methods" not in answer.headers
    assert client.options("/nowhere").status_code == 404


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/api/v1/responsibility?of=Z99&role=foo", "chu-tri"),
        ("/api/v1/decisions?type=zzz", "quyet-dinh"),
        ("/api/v1/agencies?level=xx", "tinh"),
        ("/api/v1/indicators?frequency=zzz", "quy"),
        ("/api/v1/quality/unconfirmed?mark=zzz", "inferred, unverified"),
        ("/api/v1/lineage?of=Z99&direction=sideways", "up, down, both"),
        ("/api/v1/search?q=a&lang=xx", "vi, en"),
    ],
)
def test_a_value_outside_of_its_list_names_the_list(client: httpx2.Client, path: str, words: str) -> None:
    vietnamese = client.get(path).json()["detail"]
    english = client.get(path, headers={"Accept-Language": "en"}).json()["detail"]
    assert words in vietnamese and words in english
    assert not re.search(r"\b(or|must|the)\b", vietnamese)


def test_a_code_may_be_named_by_its_iri(client: httpx2.Client) -> None:
    by_notation = client.get("/api/v1/decisions?type=quyet-dinh").json()
    assert by_notation["items"]
    iri = "https://w3id.org/chiso/code/doctype/quyet-dinh"
    assert client.get("/api/v1/decisions", params={"type": iri}).json() == by_notation


def test_the_candidates_of_an_ambiguous_thing(client: httpx2.Client) -> None:
    problem = client.get("/api/v1/responsibility", params={"of": "7/QĐ-TTg"}).json()
    assert [one["kind"] for one in problem["candidates"]] == ["decision", "decision"]
    assert "ngày 2/1/2019" in problem["candidates"][0]["label"]
    page = client.get("/responsibility", params={"of": "7/QĐ-TTg"}, headers={"Accept": "text/html"})
    assert page.status_code == 409
    assert "/responsibility?of=https%3A%2F%2Fsynthetic.example%2Fid%2Fdecision%2F" in page.text


def test_an_unknown_parameter_names_the_known_ones(client: httpx2.Client) -> None:
    problem = client.get("/api/v1/responsibility?of=Z99&asof=2024-06-30").json()
    assert problem["errors"][0]["name"] == "asof"
    assert "asOf" in problem["errors"][0]["message"]


def test_people_get_a_page(client: httpx2.Client) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    answer = client.get("/doc/agency/none?lang=en", headers=browser)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "Not found" in answer.text


@pytest.mark.parametrize("kind", STATUSES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_kind_has_a_help_page(client: httpx2.Client, kind: str, language: str) -> None:
    page = client.get(f"/help/errors/{kind}?lang={language}")
    assert page.status_code == 200
    assert ("What to do" if language == "en" else "Phải làm gì") in page.text


class Failing:
    """A store of which every question fails in one way, or takes long."""

    def __init__(self, error: Exception | None = None, *, seconds: float = 0.0, within: Store | None = None) -> None:
        self._error, self._seconds, self._within = error, seconds, within

    def select(self, query: str) -> Solutions:
        return self._do("select", query)

    def ask(self, query: str) -> bool:
        return bool(self._do("ask", query))

    def _do(self, name: str, query: str) -> Any:
        time.sleep(self._seconds)
        if self._error is not None:
            raise self._error
        return getattr(self._within, name)(query)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Unavailable("kho ở /srv/bi-mat đang khóa", "the store in /srv/secret is locked"), 503),
        (TimedOut("http://kho.noi-bo/", "http://store.inner/"), 504),
        (Defect("biến ?x ở bi-mat", "variable ?x in secret"), 500),
        (RuntimeError("secret in the machine"), 500),
    ],
)
def test_an_inner_error_shows_nothing_inner(error: Exception, status: int) -> None:
    with serving(Failing(error)) as client:  # type: ignore[arg-type]
        answer = client.get("/api/v1/responsibility?of=x", headers={"Accept-Language": "en"})
        assert answer.status_code == answer.json()["status"] == status
        assert not re.search("secret|bi-mat|inner/|Traceback", answer.text)
        assert ("retry-after" in answer.headers) is (status == 503)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert client.get("/health/live").status_code == 200
        assert client.get("/health/ready").status_code == (503 if status == 504 else status)


def test_a_store_that_is_away_takes_one_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with serving(Failing(Unavailable("kho đang khóa", "the store is locked"))) as client:  # type: ignore[arg-type]
        client.get("/api/v1/responsibility?of=x")
    [line] = [record for record in caplog.records if record.name == "chiso.api"]
    assert "locked" in line.getMessage() and not line.exc_info


def test_readiness_does_not_wait_for_a_silent_endpoint(small: Store) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/query"
        settings = Settings(store="remote", query_endpoint=address, base_iri=BASE)
        with serving(small, settings=settings) as client:
            began = time.perf_counter()
            answer = client.get("/health/ready")
            assert (answer.status_code, answer.json()["type"]) == (503, "/help/errors/unavailable")
            assert time.perf_counter() - began < 4


def test_a_slow_question_does_not_hold_up_others(small: Store) -> None:
    with serving(Failing(seconds=4, within=small)) as client:  # type: ignore[arg-type]
        slow = threading.Thread(
            target=httpx2.get, args=(f"{client.base_url}/api/v1/resolve?code=Z99",), kwargs={"timeout": 20}
        )
        slow.start()
        time.sleep(0.5)
        assert client.get("/health/live").status_code == 200
        assert slow.is_alive(), "the answer about health waited for the slow one"
        slow.join()
