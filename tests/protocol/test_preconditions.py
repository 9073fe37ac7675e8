"""What a caller demands of the version that it reads or writes (RFC 9110, section 13), and the state that is named."""

import time
from collections.abc import Iterator
from email.utils import formatdate

import httpx2
import pytest

from tests import serving
from tests.open_data.waiting import dumped

THING = "/doc/indicator/thu.1.ttl"
GRAPH = "/graph/thu.confirmed"
QUERY = "/sparql?query=ASK%20%7B%7D"
LONG_AGO = "Sun, 01 Jan 2023 00:00:00 GMT"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    settings = serving.folder(tmp_path_factory.mktemp("preconditions"))
    with serving.serving_folder(settings) as client:
        client.headers.update(serving.bearer(serving.token(settings)))
        dumped(client)  # which the catalogue of data tells: until then it is another version
        yield client


@pytest.mark.parametrize("path", [THING, GRAPH, QUERY, "/catalog", "/api/v1/search?q=thu", "/queries", "/ns.ttl"])
def test_a_read_of_another_version_is_412(client: httpx2.Client, path: str) -> None:
    for method in ("GET", "HEAD"):
        for _ in range(2):  # the second answer may be one that was kept
            plain = client.request(method, path)
            assert plain.status_code == 200
            tag = plain.headers["etag"]
            for condition, status in (
                ({"If-Match": '"zz"'}, 412),
                ({"If-Match": '"zz"', "If-None-Match": tag}, 412),
                ({"If-Match": f'"zz", {tag}'}, 200),
                ({"If-Match": "*"}, 200),
                ({"If-Match": f"W/{tag}"}, 412),
                ({"If-Unmodified-Since": LONG_AGO}, 412),
                ({"If-Unmodified-Since": LONG_AGO, "If-Match": tag}, 200),
                ({"If-Unmodified-Since": plain.headers["last-modified"]}, 200),
                ({"If-Unmodified-Since": "yesterday"}, 200),
                ({"If-Unmodified-Since": "Sun Jan  1 00:00:00 2023"}, 412),
            ):
                answer = client.request(method, path, headers=condition)
                assert answer.status_code == status, condition
                if status == 412 and method == "GET":
                    assert answer.json()["type"].endswith("/precondition-failed")
    assert client.get("/doc/indicator/none.ttl", headers={"If-Match": '"zz"'}).status_code == 404


def test_a_download_is_resumed_only_of_the_same_file(client: httpx2.Client) -> None:
    path = f"/dumps/{dumped(client)['latest']}/SHA256SUMS"
    whole = client.get(path)
    part = {"Range": "bytes=2-5", "If-Match": whole.headers["etag"]}
    assert client.get(path, headers=part).content == whole.content[2:6]
    assert client.get(path, headers={**part, "If-Match": '"zz"'}).status_code == 412


def test_a_graph_that_changed_since_is_not_written(client: httpx2.Client) -> None:
    turtle = {"Content-Type": "text/turtle"}
    since = {**turtle, "If-Unmodified-Since": LONG_AGO}
    path = "/graphs?graph=urn:since"
    assert client.put(path, content="<urn:a> <urn:b> 1 .", headers=since).status_code == 201, "there was none"
    for method in ("PUT", "POST", "DELETE"):
        body = None if method == "DELETE" else "<urn:a> <urn:b> 2 ."
        assert client.request(method, path, content=body, headers=since).status_code == 412
    found = client.get(path, headers={"Accept": "application/n-triples"})
    assert found.text.count("\n") == 1
    now = {**turtle, "If-Unmodified-Since": found.headers["last-modified"]}
    assert client.put(path, content="<urn:a> <urn:b> 3 .", headers=now).status_code == 204
    later = {**turtle, "If-Unmodified-Since": formatdate(time.time() + 60, usegmt=True)}
    assert client.put(path, content="<urn:a> <urn:b> 4 .", headers=later).status_code == 204
    tagged = client.get(path, headers={"Accept": "application/n-triples"}).headers["etag"]
    weak = {**turtle, "If-Match": f"W/{tagged}"}
    assert client.put(path, content="<urn:a> <urn:b> 5 .", headers=weak).status_code == 412, (
        "a weak tag names no version"
    )
    assert (
        client.put(
            path, content="<urn:a> <urn:b> 4 .", headers={**weak, "If-Match": f"W/{tagged}, {tagged}"}
        ).status_code
        == 204
    )
    both = {**since, "If-Match": tagged}
    assert client.put(path, content="<urn:a> <urn:b> 5 .", headers=both).status_code == 204, "the tag goes before"


@pytest.mark.parametrize(
    "path", [THING, GRAPH, QUERY, "/sparql", "/sparql?query=SELECT%20(NOW()%20AS%20%3Fx)%20%7B%7D", "/queries"]
)
def test_an_answer_names_its_state(client: httpx2.Client, path: str) -> None:
    written = client.put(
        "/graphs?graph=urn:state", content=f"<urn:a> <urn:b> '{path}' .", headers={"Content-Type": "text/turtle"}
    )
    for _ in range(2):
        answer = client.get(path, headers={"Origin": "https://elsewhere.example"})
        assert answer.headers["chiso-state"] == written.headers["chiso-state"]
        assert {"Chiso-State", "Repr-Digest"} <= set(answer.headers["access-control-expose-headers"].split(", "))
    unchanged = client.get(path, headers={"If-None-Match": answer.headers.get("etag", '"none"')})
    assert unchanged.headers["chiso-state"] == written.headers["chiso-state"]
