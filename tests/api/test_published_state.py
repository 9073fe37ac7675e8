"""One published state from the beginning of a request to its end; states that follow one another; what was withdrawn."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from catalogue.settings import Settings
from catalogue.writing import Writer
from tests import serving

GRAPH = NamedNode(f"{serving.BASE}graph/lan")
THING = f"{serving.BASE}id/indicator/lan.1"
SKOS = "http://www.w3.org/2004/02/skos/core#"
TURTLE = {"Accept": "text/turtle"}


def version(number: int, *, count: int = 40) -> list[Triple]:
    """Everything that the graph says in one version: the same number many times over."""
    lines = [f'<{THING}> <{SKOS}prefLabel> "lần {number:04}"@vi .']
    lines += [f'<{THING}> <{SKOS}note> "lần {number:04} câu {one}"@vi .' for one in range(count)]
    return [quad.triple for quad in parse("\n".join(lines), RdfFormat.N_TRIPLES)]


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def state(client: httpx2.Client) -> str:
    """The state that is served."""
    return str(client.get("/health/live").json()["state"])


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A folder in which the thing is there in its first version."""
    found = serving.folder(tmp_path_factory.mktemp("states"), read_only=True, kept_states=2)
    publish(found, version(0))
    return found


def publish(settings: Settings, triples: list[Triple]) -> None:
    """Publish one version, as another process does beside a read-only service."""
    writer = Writer(replace(settings, read_only=False))
    try:
        writer.put(GRAPH, triples)
    finally:
        writer.close()


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[httpx2.Client]:
    """A read-only service that follows what is published."""
    with serving.serving_folder(settings) as found:
        yield found


ENDPOINTS = (
    ("/doc/indicator/lan.1.ttl", {}),
    ("/doc/indicator/lan.1", {"Accept": "application/ld+json", "Accept-Encoding": "gzip"}),
    ("/doc/indicator/lan.1?lang=vi", {"Accept": "text/html"}),
    ("/api/v1/indicators/lan.1", {}),
    (f"/sparql?query=SELECT%20*%20WHERE%20%7B%3C{THING}%3E%20%3Fp%20%3Fo%7D", {"Accept": "text/csv"}),
)


def test_readers_never_see_a_mix_or_an_error_while_states_follow_one_another(
    settings: Settings, client: httpx2.Client
) -> None:
    stop = threading.Event()
    seen: dict[str, set[str]] = {path: set() for path, _ in ENDPOINTS}
    wrong: list[str] = []

    def read(path: str, headers: dict[str, str]) -> None:
        with httpx2.Client(base_url=client.base_url, timeout=20) as own:
            tags: dict[str, str] = {}
            while not stop.is_set():
                answer = own.get(path, headers=headers)
                numbers = set(re.findall(r"lần (\d{4})", answer.text))
                if answer.status_code != 200 or len(numbers) != 1:
                    wrong.append(f"{path} {answer.status_code} {numbers} {answer.text[:200]}")
                    return
                [number] = numbers
                seen[path].add(number)
                if "etag" in answer.headers and tags.setdefault(answer.headers["etag"], number) != number:
                    wrong.append(f"{path}: one tag, two answers")

    readers = [threading.Thread(target=read, args=one) for one in ENDPOINTS]
    for reader in readers:
        reader.start()
    try:
        for number in range(1, 7):
            before = state(client)
            publish(settings, version(number))
            until(lambda before=before: state(client) != before)  # type: ignore[misc]
    finally:
        last = client.get("/doc/indicator/lan.1.ttl").text
        stop.set()
        for reader in readers:
            reader.join()
    assert wrong == []
    assert "lần 0006" in last
    assert all(len(numbers) >= 3 for numbers in seen.values()), seen


def test_a_tag_and_a_date_hold_until_the_next_state(settings: Settings, client: httpx2.Client) -> None:
    path = "/doc/indicator/lan.1.ttl"
    publish(settings, version(20))
    until(lambda: "lần 0020" in client.get(path).text)
    first = client.get(path)
    assert client.get(path, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    publish(settings, version(21))
    until(lambda: "lần 0021" in client.get(path).text)
    second = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert second.status_code == 200
    assert second.headers["etag"] != first.headers["etag"]


def test_what_cannot_be_opened_leaves_the_state_before_in_its_place(settings: Settings, client: httpx2.Client) -> None:
    pointer = settings.data / "published" / "current"
    name, served = pointer.read_text(), state(client)
    broken = pointer.with_name("broken-state")
    broken.mkdir()
    try:
        (broken / "CURRENT").write_text("MANIFEST-000001\n")
        _point(pointer, "broken-state\n")
        time.sleep(1.2)  # two looks of the follower
        assert state(client) == served
        assert client.get("/doc/indicator/lan.1.ttl").status_code == 200
    finally:
        _point(pointer, name)
    publish(settings, version(30))
    until(lambda: "lần 0030" in client.get("/doc/indicator/lan.1.ttl").text)


def _point(pointer: Path, name: str) -> None:
    half = pointer.with_name(".half")
    half.write_text(name)
    half.replace(pointer)


def test_a_read_only_service_takes_no_write(settings: Settings, client: httpx2.Client) -> None:
    secret = serving.bearer(serving.token(settings))
    served = state(client)
    for request in (
        ("POST", "/update", {"Content-Type": "application/sparql-update"}, b"INSERT DATA { <urn:a> <urn:b> 1 }"),
        ("PUT", "/graphs?graph=urn:g", {"Content-Type": "text/turtle"}, b"<urn:a> <urn:b> 1 ."),
        ("DELETE", "/graphs?graph=urn:g", {}, b""),
    ):
        method, path, headers, body = request
        answer = client.request(method, path, headers={**headers, **secret, "Accept-Language": "en"}, content=body)
        assert answer.status_code == 403, answer.text
        assert "CHISO_READ_ONLY" in answer.json()["detail"]
    assert state(client) == served


def test_a_withdrawn_thing_keeps_its_address_and_says_what_replaced_it(
    settings: Settings, client: httpx2.Client
) -> None:
    old, new = f"{serving.BASE}id/indicator/lan.cu", f"{serving.BASE}id/indicator/lan.moi"
    both = f'<{old}> <{SKOS}prefLabel> "cũ"@vi .'
    publish(settings, [quad.triple for quad in parse(both, RdfFormat.N_TRIPLES)])
    until(lambda: client.get("/id/indicator/lan.cu").status_code == 303)
    after = f'<{new}> <{SKOS}prefLabel> "mới"@vi ; <http://purl.org/dc/terms/replaces> <{old}> .'
    publish(settings, [quad.triple for quad in parse(after, RdfFormat.TURTLE)])
    until(lambda: client.get("/doc/indicator/lan.moi.ttl").status_code == 200)
    for path in ("/id/indicator/lan.cu", "/doc/indicator/lan.cu", "/doc/indicator/lan.cu.html"):
        problem = client.get(path, headers={"Accept-Language": "en"})
        assert problem.status_code == problem.json()["status"] == 410
        assert problem.json()["replacedBy"] == [new]
        assert re.search(r"withdrawn .* at \d{4}-", problem.json()["detail"])
        assert problem.headers["link"] == f'<{new}>; rel="successor-version"'
        assert client.head(path).status_code == 410
    page = client.get("/doc/indicator/lan.cu?lang=en", headers={"Accept": "text/html"})
    assert page.status_code == 410 and new in page.text
    for path, headers in (("/doc/indicator/lan.cu", TURTLE), ("/doc/indicator/lan.cu.ttl", {})):
        data = client.get(path, headers=headers)
        assert (data.status_code, data.headers["content-type"]) == (410, "text/turtle; charset=utf-8")
        said = {quad.predicate.value: quad.object for quad in parse(data.content, RdfFormat.TURTLE)}
        assert said["http://purl.org/dc/terms/isReplacedBy"] == NamedNode(new)
        assert "https://w3id.org/chiso/ns#withdrawn" in said
    linked = client.get("/doc/indicator/lan.cu", headers={"Accept": "application/ld+json"})
    assert linked.status_code == 410 and new in json.dumps(linked.json())
    # It comes back.
    publish(settings, [quad.triple for quad in parse(both, RdfFormat.N_TRIPLES)])
    until(lambda: client.get("/id/indicator/lan.cu").status_code == 303)
    assert client.get("/doc/indicator/lan.cu", headers=TURTLE).status_code == 200
    assert client.get("/doc/indicator/lan.moi").status_code == 410
