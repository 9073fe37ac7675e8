"""Questions that read whole lists: however many ask them at once, planners are answered, and memory stays bounded."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from catalogue.mapping.candidates import suggestions
from catalogue.mapping.candidates.suggestions import Target
from catalogue.mapping.review import conflicts
from catalogue.store.connect import open_reader
from catalogue.store.remembering import Remembering
from tests.mappings.test_candidates_faces import lists
from tests.serving import BASE, folder, serving_folder

CONFLICTS = "/api/v1/mappings/conflicts"
LONG = (
    CONFLICTS,
    "/api/v1/coverage",
    "/api/v1/coverage?format=csv",
    "/api/v1/coverage/unmapped",
    "/api/v1/mappings/worklist?scheme=tinh-thu&to=nuoc-thu",
    "/api/v1/mappings/progress?scheme=tinh-thu&to=nuoc-thu",
    "/api/v1/mappings/candidates?of=D1&to=nuoc-thu",
    "/mappings",
    "/mappings.ttl?set=thu",
)
SHORT = ("/api/v1/crosswalk?code=D1&to=nuoc-thu", "/api/v1/mappings?of=D1", "/api/v1/resolve?code=Z99", "/health/live")


@dataclass
class Served:
    """A service over two lists, whose question about conflicts takes as long as `go` is not set."""

    client: httpx2.Client
    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    go: threading.Event = field(default_factory=threading.Event)

    def ask(self, address: str) -> httpx2.Response:
        return httpx2.get(self.client.base_url.join(address), timeout=60)


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    with serving_folder(folder(tmp_path, lists(), query_per_visitor=2)) as client:
        given, found = Served(client), conflicts.conflicts

        def slow(*arguments: Any, **options: Any) -> Any:
            given.begun.release()
            assert given.go.wait(30)
            return found(*arguments, **options)

        monkeypatch.setattr(conflicts, "conflicts", slow)
        try:
            yield given
        finally:
            given.go.set()


def test_one_at_a_time_and_planners_are_answered_meanwhile(served: Served) -> None:
    with ThreadPoolExecutor(8) as visitors:
        asked = [visitors.submit(served.ask, CONFLICTS) for _ in range(8)]
        assert served.begun.acquire(timeout=20)
        until = time.monotonic() + 20
        while sum(one.done() for one in asked) < 6:
            assert time.monotonic() < until, "those who found no place were not told"
            time.sleep(0.01)
        for address in SHORT:
            assert served.ask(address).status_code == 200, address
        for address in LONG:
            refused = served.ask(address)
            assert refused.status_code == 429, address
            assert int(refused.headers["retry-after"]) >= 1
            assert refused.json()["limit"] == "CHISO_QUERY_PER_VISITOR"
        assert served.client.post("/api/v1/crosswalk", json={"codes": ["D1"], "to": "nuoc-thu"}).status_code == 429
        assert not served.begun.acquire(blocking=False), "two were answered at once"
        served.go.set()
        assert sorted(one.result().status_code for one in asked) == [200] * 2 + [429] * 6
    for address in LONG[:-1]:
        assert served.ask(address).status_code == 200, address


@pytest.mark.parametrize(
    "body",
    [
        rb'{"codes":["\ud800"],"to":"nuoc-thu"}',
        rb'{"codes":["D1"],"to":"\udfff"}',
        rb'{"codes":["D1"],"to":"nuoc-thu","\ud800":1}',
        b'{"co\xed\xa0\x80des":["D1"],"to":"nuoc-thu"}',
        b"[1" * 5_000,
    ],
)
def test_half_a_letter_in_a_code_is_refused(served: Served, body: bytes) -> None:
    refused = served.client.post("/api/v1/crosswalk", content=body, headers={"Content-Type": "application/json"})
    assert refused.status_code == 422, refused.text


def test_what_only_begins_like_an_address_is_a_code_that_is_not_there(served: Served) -> None:
    codes = ["http://x y>", "urn:\u0000", "https://[", "urn:", "http://a/<b>"]
    answered = served.client.post("/api/v1/crosswalk", json={"codes": codes, "to": "nuoc-thu"})
    assert answered.status_code == 200, answered.text
    assert [one["outcome"] for one in answered.json()["crosswalks"]] == ["none"] * len(codes)


def test_who_goes_away_while_waiting_loses_the_place(served: Served) -> None:
    with ThreadPoolExecutor(2) as visitors:
        first = visitors.submit(served.ask, CONFLICTS)
        assert served.begun.acquire(timeout=20)
        host = (served.client.base_url.host, served.client.base_url.port or 80)
        with socket.create_connection(host) as gone:
            gone.sendall(f"GET {CONFLICTS} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            until = time.monotonic() + 20
            while served.ask("/api/v1/coverage").status_code != 429:
                assert time.monotonic() < until, "the second one did not take its place"
        served.go.set()
        assert first.result().status_code == 200
        assert served.ask("/api/v1/coverage").status_code == 200
    assert not served.begun.acquire(blocking=False), "the question of nobody was answered"


def test_lists_asked_about_on_many_days_stay_within_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggestions, "MOST_CODES", 12)
    settings = folder(tmp_path, lists())
    store = Remembering(open_reader(settings))
    one, other = (f"{BASE}id/indicator-set/{name}" for name in ("tinh-thu", "nuoc-thu"))
    held: list[Target] = []
    for number in range(6):
        day = date(2026, 1, 1) + timedelta(days=number)
        for scheme in (one, other):
            made = suggestions.target(store, scheme, day)
            assert suggestions.target(store, scheme, day) is made, "the last one asked about is kept"
            held = store.memory["suggestions"]
            assert sum(len(target.index) for target in held) <= 12
    assert len(held) == 2
    store.close()
