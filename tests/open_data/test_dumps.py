"""Dumps: whole, the same bytes for the same content, sent as files are, and never with what is internal."""

import gzip
import hashlib
from pathlib import Path

import httpx2
import pyoxigraph
import pytest
from pyoxigraph import NamedNode, RdfFormat

from catalogue import dumping, dumps
from catalogue.settings import Settings
from catalogue.store.folder import Folder
from tests.open_data.waiting import dumped
from tests.serving import BASE, bearer, serving_folder, token


def lines(packed: bytes) -> list[str]:
    """The lines of a packed file."""
    return gzip.decompress(packed).decode().splitlines()


def test_files_are_what_the_list_says_and_hold_what_the_graphs_hold(client: httpx2.Client) -> None:
    found = client.get("/dumps/").json()["sets"][0]
    sums = dict(
        reversed(line.split("  ")) for line in client.get(found["checksums"].replace(BASE, "/")).text.splitlines()
    )
    graphs = []
    for file in found["files"]:
        body = client.get(file["url"].replace(BASE, "/")).content
        assert len(body) == file["bytes"]
        assert hashlib.sha256(body).hexdigest() == file["sha256"] == sums[file["path"]]
        if file["path"].endswith(".nq.gz"):
            held = lines(body)
            assert held and len(held) == len(set(held))
            graphs += held if file["graph"] and "derived" not in file["path"] and "lineage" not in file["path"] else []
        else:
            quads = pyoxigraph.parse(gzip.decompress(body), RdfFormat.TURTLE)
            graph = NamedNode(file["graph"])
            same = client.get(file["url"].replace(BASE, "/").replace(".ttl.gz", ".nq.gz")).content
            assert {f"{q.triple} {graph} ." for q in quads} == set(lines(same))
    whole = client.get("/dumps/latest/catalogue.nq.gz", follow_redirects=True)
    assert lines(whole.content) == graphs


def test_a_file_is_sent_whole_in_parts_or_not_at_all(client: httpx2.Client) -> None:
    path = client.get("/dumps/latest/catalogue.nq.gz").headers["location"]
    whole = client.get(path)
    size = len(whole.content)
    assert whole.headers["content-type"] == "application/gzip"
    assert "content-encoding" not in whole.headers
    assert whole.headers["content-length"] == str(size)
    head = client.head(path)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(size), b"")
    part = client.get(path, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{size}"
    assert client.get(path, headers={"Range": "bytes=-7"}).content == whole.content[-7:]
    late = client.get(path, headers={"Range": f"bytes={size}-"})
    assert (late.status_code, late.headers["content-range"]) == (416, f"bytes */{size}")
    assert client.get(path, headers={"Range": "lines=1-2"}).status_code == 200
    other = client.get(path, headers={"Range": "bytes=0-3", "If-Range": '"another"'})
    assert (other.status_code, len(other.content)) == (200, size)
    same = client.get(path, headers={"Range": "bytes=0-3", "If-Range": whole.headers["etag"]})
    assert same.status_code == 206
    assert client.get(path, headers={"If-None-Match": whole.headers["etag"]}).status_code == 304
    assert client.get(path, headers={"If-Modified-Since": whole.headers["last-modified"]}).status_code == 304


@pytest.mark.parametrize("name", ["../../format.json", "..%2f..%2fformat.json", "graphs/../index.json", "index.json", "graphs", "", "%00", "graphs/nie.nq.gz"])  # fmt: skip
def test_no_other_name_leads_to_a_file(client: httpx2.Client, name: str) -> None:
    state = client.get("/dumps/").json()["latest"]
    for place in (state, "latest", ".lock", "%2e%2e"):
        answer = client.get(f"/dumps/{place}/{name}")
        assert answer.status_code == 404, (place, name)


def test_a_set_that_is_no_longer_kept_is_gone(client: httpx2.Client) -> None:
    answer = client.get("/dumps/20000101T000000000Z-abcdefabcdef/catalogue.nq.gz")
    assert answer.status_code == 410
    assert client.get("/dumps/zzz/catalogue.nq.gz").status_code == 404


def test_before_the_first_set_the_answer_is_to_come_again(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.follow_up.DELAY", 3_600)
    monkeypatch.setattr("workers.follow_up.FollowUp.renew", lambda *_: None)
    with serving_folder(settings) as client:
        for path in ("/dumps/", "/dumps/latest/catalogue.nq.gz"):
            answer = client.get(path)
            assert answer.status_code == 503
            assert int(answer.headers["retry-after"]) > 0
            assert answer.headers["content-type"] == "application/problem+json"
            assert "ít giây" in answer.json()["detail"]
            page = client.get(path, headers={"Accept": "text/html", "Accept-Language": "en"})
            assert page.status_code == 503 and page.headers["retry-after"] == answer.headers["retry-after"]
            assert page.headers["content-type"].startswith("text/html") and "in a few seconds" in page.text
        assert client.get("/catalog.ttl").status_code == 200
        assert "void#triples" in client.get("/.well-known/void.nt").text


def test_the_same_content_gives_the_same_bytes_and_unchanged_graphs_are_linked(settings: Settings) -> None:
    state = Folder(settings.data).state()
    assert state is not None
    first = dumping.write(settings.data, state, settings.base_iri)
    place = settings.data / "dumps"
    (place / state).rename(place / "20000101T000000000Z-older")
    index = place / "20000101T000000000Z-older" / dumps.INDEX
    index.write_text(index.read_text().replace(state, "20000101T000000000Z-older"))
    every = {one.graph for one in first.graphs}
    again = dumping.write(settings.data, state, settings.base_iri, unchanged=lambda _since: every)
    assert [one.sha256 for one in again.files] == [one.sha256 for one in first.files]
    linked = {one.path for one in again.files if (place / state / one.path).stat().st_nlink > 1}
    made = {
        "catalogue.nq.gz",
        *(f"graphs/{name}.{form}.gz" for name in ("derived", "lineage") for form in ("nq", "ttl")),
    }
    assert linked == {one.path for one in again.files} - made
    assert not [path.name for path in place.glob(".*") if path.is_dir()]


def test_more_than_fits_is_sorted_in_parts(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    state = Folder(settings.data).state()
    assert state is not None
    whole = dumping.write(settings.data, state, settings.base_iri)
    (settings.data / "dumps" / state).rename(settings.data / "away")
    monkeypatch.setattr(dumping, "_CHUNK", 7)
    parts = dumping.write(settings.data, state, settings.base_iri)
    assert [one.sha256 for one in parts.files] == [one.sha256 for one in whole.files]


def test_nothing_internal_is_in_dumps_patches_catalogue_or_description(settings: Settings) -> None:
    secret = "tuyệt mật 4711"
    with serving_folder(settings) as client:
        writes = bearer(token(settings, "write", "internal", graphs=("*", f"{BASE}internal/*")))
        inner = f"{BASE}internal/notes"
        turtle = f'<{BASE}id/decision/x> <http://purl.org/dc/terms/title> "{secret}" .'
        sent = {**writes, "Content-Type": "text/turtle"}
        assert client.put("/graphs", params={"graph": inner}, content=turtle, headers=sent).is_success
        public = f'<{BASE}id/decision/x> <http://purl.org/dc/terms/title> "công khai"@vi .'
        assert client.put("/graphs", params={"graph": "https://anywhere.example/new"}, content=public, headers=sent).is_success  # fmt: skip
        state = client.get("/states").json()["current"]
        dumped(client, state)
        texts = [client.get(p).text for p in ("/catalog.nt", "/.well-known/void.nt", "/dumps/", "/sitemap.xml")]
        texts += [client.get(f"/changes/{one['state']}").text for one in client.get("/changes").json()["changes"]]
        for path in (settings.data / "dumps").rglob("*.gz"):
            texts.append(gzip.decompress(path.read_bytes()).decode())
        assert any("công khai" in text for text in texts)
        assert not [text for text in texts if secret in text or "internal/notes" in text]


def test_names_of_files_are_safe_and_differ() -> None:
    graphs = [
        f"{BASE}graph/{end}" for end in ("a.confirmed", "A.confirmed", "../x", "đ", "a/b", "", "." * 3, "x" * 300)
    ]
    found = dumps.names(graphs, BASE)
    assert len({name.lower() for name in found.values()}) == len(graphs)
    assert all(Path(name).name == name and not name.startswith(".") for name in found.values())
