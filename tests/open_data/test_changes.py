"""The feed of changes: a harvester that follows it from a dump on holds what the service holds."""

import gzip

import httpx2
import pytest
import rdflib

from catalogue import changes
from catalogue.changes import Feed
from catalogue.settings import Settings
from catalogue.store.port import Store
from tests.api.conftest import serving
from tests.open_data.waiting import dumped
from tests.serving import BASE, bearer, serving_folder, token

GRAPH = "https://anywhere.example/g"


def whole(client: httpx2.Client) -> set[str]:
    """The lines of the youngest dump of all source graphs."""
    body = client.get("/dumps/latest/catalogue.nq.gz", follow_redirects=True).content
    return set(gzip.decompress(body).decode().splitlines())


def applied(held: set[str], patch: str) -> set[str]:
    """A content after a patch."""
    for line in patch.splitlines():
        code, _, quad = line.partition(" ")
        if code == "A":
            assert quad not in held
            held.add(quad)
        elif code == "D":
            held.remove(quad)
    return held


def put(client: httpx2.Client, settings: Settings, graph: str, *texts: str) -> str:
    """Replace a graph; gives the state."""
    turtle = "\n".join(f"<https://anywhere.example/s> <https://anywhere.example/p> {text} ." for text in texts)
    sent = {**bearer(token(settings, "write")), "Content-Type": "text/turtle"}
    answer = client.put("/graphs", params={"graph": graph}, content=turtle, headers=sent)
    assert answer.is_success, answer.text
    return str(client.get("/states").json()["current"])


def test_a_harvester_arrives_at_the_present_content(settings: Settings) -> None:
    with serving_folder(settings) as client:
        first = dumped(client)["latest"]
        held = whole(client)
        put(client, settings, GRAPH, '"một"@vi', '"ba\\n\\"b\\u0001ốn\\""')
        put(client, settings, "https://anywhere.example/đ", "true", "3.10", "<https://anywhere.example/%20>")
        put(client, settings, GRAPH, '"năm"')
        sent = bearer(token(settings, "write"))
        assert client.delete("/graphs", params={"graph": "https://anywhere.example/đ"}, headers=sent).is_success
        last = client.get("/states").json()["current"]
        state, followed = first, 0
        page: str | None = client.get("/changes").json()["first"]
        while page is not None:
            record = client.get(page.replace(BASE, "/")).json()
            for one in record["changes"]:
                if one["state"] <= first:
                    continue
                assert one["previous"] == state
                held = applied(held, client.get(one["patch"].replace(BASE, "/")).text)
                state, followed = one["state"], followed + 1
            page = record["next"]
        assert (state, followed) == (last, 4)
        dumped(client, last)
        assert held == whole(client)
        assert changes.touched(settings.data, first, last) == {GRAPH, "https://anywhere.example/đ"}


def test_a_patch_is_packed_for_who_takes_it_and_kept_for_good(settings: Settings) -> None:
    with serving_folder(settings) as client:
        state = put(client, settings, GRAPH, '"sáu"')
        plain = client.get(f"/changes/{state}", headers={"Accept-Encoding": "identity"})
        packed = client.get(f"/changes/{state}", headers={"Accept-Encoding": "gzip"})
        assert plain.headers["content-type"] == packed.headers["content-type"] == "application/rdf-patch"
        assert "content-encoding" not in plain.headers
        assert packed.headers["content-encoding"] == "gzip"
        assert plain.content == packed.content
        assert plain.headers["etag"] != packed.headers["etag"]
        assert "immutable" in plain.headers["cache-control"]
        for one in (plain, packed):
            assert client.get(f"/changes/{state}", headers={"If-None-Match": one.headers["etag"]}).status_code == 304
        head = client.head(f"/changes/{state}", headers={"Accept-Encoding": "gzip"})
        assert (head.status_code, head.content) == (200, b"")
        assert client.get(f"/changes/{state}", headers={"Accept": "text/turtle"}).status_code == 406
        assert client.get("/changes/20300101T000000000Z-abcdefabcdef").status_code == 404
        assert client.get("/changes/..%2F..%2Fformat").status_code == 404


def test_old_pages_stay_and_the_newest_moves(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "PAGE", 2)
    with serving_folder(settings) as client:
        for number in range(4):
            put(client, settings, GRAPH, f'"{number}"')
        newest = client.get("/changes")
        last = newest.json()["page"]
        assert last == (newest.json()["changes"][-1]["number"] + 1) // 2 > 1
        second = client.get(f"/changes?page={last - 1}")
        assert f'</changes?page={last}>; rel="next"' in second.headers["link"]
        assert '</changes?page=1>; rel="first"' in second.headers["link"]
        first = client.get("/changes?page=1")
        assert [one["number"] for one in first.json()["changes"]] == [1, 2]
        put(client, settings, GRAPH, '"x"')
        put(client, settings, GRAPH, '"y"')
        assert client.get("/changes").headers["etag"] != newest.headers["etag"]
        again = client.get("/changes?page=1", headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304
        assert again.headers["last-modified"] == first.headers["last-modified"]
        assert client.get("/changes?page=99").status_code == 404
        assert client.get("/changes?page=0").status_code == 422


def test_what_is_no_longer_kept_is_gone(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "PAGE", 1)
    with serving_folder(settings) as client:
        gone = put(client, settings, GRAPH, '"một"')
        put(client, settings, GRAPH, '"hai"')
        for path in sorted((settings.data / "changes").iterdir())[:2]:
            path.unlink()
        answer = client.get(f"/changes/{gone}")
        assert answer.status_code == 410
        assert answer.json()["dumps"] == "/dumps/"
        assert client.get("/changes?page=1").status_code == 410
        assert client.get("/changes").json()["first"].endswith("page=3")
        assert changes.touched(settings.data, "20000101T000000000Z-x", client.get("/states").json()["current"]) is None


def test_as_rdf_the_list_is_an_event_stream(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "PAGE", 1)
    with serving_folder(settings) as client:
        put(client, settings, GRAPH, '"một"')
        state = put(client, settings, GRAPH, '"hai"')
        answer = client.get("/changes", headers={"Accept": "text/turtle"})
        graph = rdflib.Graph().parse(data=answer.text, format="turtle")
        tree = rdflib.Namespace("https://w3id.org/tree#")
        assert (rdflib.URIRef(f"{BASE}changes"), tree.member, rdflib.URIRef(f"{BASE}changes/{state}")) in graph
        nodes = {str(one) for one in graph.objects(None, tree.node)}
        number = client.get("/changes").json()["page"]
        assert nodes == {f"{BASE}changes?page={number - 1}"}
        before = client.get(nodes.pop().replace(BASE, "/"), headers={"Accept": "application/ld+json"})
        assert "GreaterThanRelation" in before.text


def test_states_say_what_is_kept(settings: Settings) -> None:
    with serving_folder(settings) as client:
        before = client.get("/states").json()["current"]
        state = put(client, settings, GRAPH, '"một"')
        dumped(client, state)  # which the list tells, so that it is another list until then
        answer = client.get("/states")
        found = answer.json()
        assert found["current"] == state
        assert [one["state"] for one in found["states"]] == [state, before]
        assert [one["current"] for one in found["states"]] == [True, False]
        assert found["states"][0]["previous"] == before
        assert all(len(one["digest"]) == 64 and one["statements"] > 0 for one in found["states"])
        query = {"query": "ASK { ?s ?p 'một' }", "state": before}
        accept = {"Accept": "application/sparql-results+json"}
        assert client.get("/sparql", params=query, headers=accept).json()["boolean"] is False
        assert client.get("/states", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
        assert before in client.get("/states", headers={"Accept": "text/html"}).text
        for path in ("/states", "/changes"):  # another theme is another page
            tags = [
                client.get(path, headers={"Accept": "text/html", "Cookie": f"theme={theme}"}).headers["etag"]
                for theme in ("light", "dark")
            ]
            assert tags[0] != tags[1]


def test_an_empty_folder_has_an_empty_first_page(settings: Settings) -> None:
    for path in (settings.data / "changes").glob("*"):
        path.unlink()
    page = Feed(settings.data).page(None)
    assert (page.number, page.entries, page.previous, page.following, page.moment) == (1, (), None, None, None)


def test_without_a_folder_the_catalogue_is_there_and_the_rest_is_not_offered(small: Store) -> None:
    with serving(small) as client:
        catalogue = client.get("/catalog.nt")
        assert catalogue.status_code == 200
        assert "Catalog>" in catalogue.text and "sparql" not in catalogue.text
        assert client.get("/.well-known/void.ttl").status_code == 200
        assert client.get("/sitemap.xml").status_code == 200
        for path in ("/dumps/", "/dumps/latest/catalogue.nq.gz", "/changes", "/changes/x", "/states"):
            assert client.get(path).status_code == 501
        assert "/dumps/" not in client.get("/", headers={"Accept": "text/html"}).text
