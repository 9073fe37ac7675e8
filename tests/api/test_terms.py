"""`/api/v1/terms` and the census behind it."""

from pathlib import Path

import httpx2
from pyoxigraph import Literal, NamedNode, Triple

from catalogue import census
from catalogue.census import MOST
from catalogue.iri import CODES, PREFIXES, VOCABULARY
from catalogue.store.port import Store
from tests.serving import folder, serving_folder

TYPE = NamedNode(PREFIXES["rdf"] + "type")
INDICATOR = VOCABULARY + "Indicator"


def triple(subject: str, predicate: str, value: str) -> Triple:
    """A statement whose object is an IRI."""
    return Triple(NamedNode(subject), NamedNode(predicate), NamedNode(value))


def test_terms_bear_the_numbers_of_the_graph(client: httpx2.Client, small: Store) -> None:
    found = client.get("/api/v1/terms", params={"lang": "en"}).json()
    assert found["countedIn"] == "s1"
    assert {"prefix": "chiso", "iri": VOCABULARY} in found["prefixes"]
    counted = {one["iri"]: one["count"] for one in found["classes"]}
    (row,) = small.select(f"SELECT (COUNT(DISTINCT ?thing) AS ?number) {{ ?thing a <{INDICATOR}> }}").rows
    assert row[0] is not None and counted[INDICATOR] == int(row[0].value) > 0
    assert counted[VOCABULARY + "Phase"] == 0  # declared, and not used here
    used = {one["iri"]: one for one in found["properties"]}
    (row,) = small.select(f"SELECT (COUNT(*) AS ?number) {{ ?thing <{VOCABULARY}basis> ?basis }}").rows
    assert row[0] is not None and used[VOCABULARY + "basis"]["count"] == int(row[0].value)
    assert (used[VOCABULARY + "basis"]["name"], used[VOCABULARY + "basis"]["label"]) == ("chiso:basis", "basis")
    assert client.get("/api/v1/terms").json()["classes"] != found["classes"]  # in Vietnamese


def test_nobody_waits_for_a_count_and_the_answer_changes_when_it_is_there(tmp_path: Path) -> None:
    settings = folder(tmp_path)
    with serving_folder(settings) as client:
        # The process that counts begins a moment after the start.
        before = client.get("/api/v1/terms")
        state = before.headers["chiso-state"]
        assert before.json()["countedIn"] is None and before.json()["classes"][0]["count"] is None
        census.write(settings.data, census.take([triple("urn:a", TYPE.value, INDICATOR)], state, settings.base_iri))
        after = client.get("/api/v1/terms", headers={"If-None-Match": before.headers["etag"]})
        assert after.status_code == 200
        assert (after.json()["countedIn"], after.json()["classes"][0]["count"]) == (state, 1)
        assert client.get("/api/v1/terms", headers={"If-None-Match": after.headers["etag"]}).status_code == 304


def test_a_census_says_which_class_uses_what_and_where_it_leads(tmp_path: Path) -> None:
    base = "https://synthetic.example/"
    found = census.take(
        [
            triple(base + "id/task/1", TYPE.value, VOCABULARY + "Task"),
            triple(base + "id/task/1", VOCABULARY + "basis", base + "id/decision/a"),
            triple(base + "id/task/1", VOCABULARY + "basis", base + "id/decision/b"),
            triple(base + "id/task/1", VOCABULARY + "status", CODES + "task-status/xong"),
            Triple(NamedNode(base + "id/task/2"), NamedNode(VOCABULARY + "basis"), Literal("no class")),
        ],
        "s1",
        base,
    )
    census.write(tmp_path, found)
    read = census.read(tmp_path, "s1")
    assert read == found
    uses = read.uses[VOCABULARY + "Task"]
    assert (uses[VOCABULARY + "basis"].things, read.properties[VOCABULARY + "basis"]) == (1, 3)
    assert uses[VOCABULARY + "basis"].ends == {PREFIXES["eli"] + "LegalResource": 2}
    assert uses[VOCABULARY + "status"].ends == {CODES + "task-status": 1}
    assert [name for name, _ in read.users(VOCABULARY + "basis")] == [VOCABULARY + "Task"]


def test_a_census_stays_bounded_and_says_so() -> None:
    found = census.take(
        (triple(f"urn:{number}", TYPE.value, f"urn:class:{number}") for number in range(MOST + 5)), "s1", "urn:base"
    )
    assert (len(found.classes), found.whole) == (MOST, False)


def test_a_damaged_or_missing_census_is_none(tmp_path: Path) -> None:
    (tmp_path / "census").mkdir()
    (tmp_path / census.MADE.format(state="s1")).write_text("{", encoding="utf-8")
    assert census.read(tmp_path, "s1") is None
    assert census.read(tmp_path, "../s1") is None
    assert census.states(tmp_path / "none") == []
