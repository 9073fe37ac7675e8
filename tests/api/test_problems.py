"""Every error is a problem (RFC 9457) with a help page; people get a page; nothing inner is shown."""

import re
import threading
import time
from typing import Any

import httpx2
import pytest

from api.problems import STATUSES
from catalogue.errors import Defect, TimedOut, Unavailable
from catalogue.store.port import Solutions, Store
from tests.api.conftest import serving


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/api/v1/responsibility?of=khong-co-gi", 404, "not-found"),
        ("/api/v1/resolve?code=khong-co-gi", 404, "not-found"),
        ("/api/v1/agencies/khong-co/portfolio", 404, "not-found"),
        ("/nowhere", 404, "not-found"),
        ("/help/errors/nothing", 404, "not-found"),
        ("/static/nothing.css", 404, "not-found"),
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
    assert "GET" in answer.headers["allow"]


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
        assert client.get("/health/ready").status_code == status


def test_a_slow_question_does_not_hold_up_others(small: Store) -> None:
    with serving(Failing(seconds=1.5, within=small)) as client:  # type: ignore[arg-type]
        slow = threading.Thread(
            target=httpx2.get, args=(f"{client.base_url}/api/v1/resolve?code=Z99",), kwargs={"timeout": 20}
        )
        slow.start()
        time.sleep(0.5)
        began = time.perf_counter()
        assert client.get("/health/live").status_code == 200
        assert time.perf_counter() - began < 1.0
        slow.join()
