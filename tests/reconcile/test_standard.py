"""Reconciliation Service API 0.2: every answer fits the published schemas, every published query is taken or refused."""

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from catalogue.iri import KINDS
from tests.reconcile.conftest import posted

PUBLISHED = Path(__file__).resolve().parents[3] / "shared/standards/reconciliation-0.2"
published = pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the published schemas are not beside this project")
THINGS = ["agency/thu.so-b", "indicator/thu.1", "indicator-set/thu", "mapping/thu.1", "area/90001.2025-07-01", "nope"]


def valid(value: Any, schema: str) -> None:
    """Fail where `value` breaks a published schema; without the schemas there is nothing to hold it against."""
    if not PUBLISHED.is_dir():
        return
    import jsonschema
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT7

    folder = PUBLISHED / "schemas"
    registry: Any = Registry().with_resources(
        [
            (
                "http://swagger.io/v2/schema.json",
                Resource(contents=_read(folder / "openapi.json"), specification=DRAFT7),
            ),
            *((name, Resource(contents=_read(folder / "type.json"), specification=DRAFT7)) for name in _TYPE),
        ]
    )
    jsonschema.Draft7Validator(_read(folder / f"{schema}.json"), registry=registry).validate(value)


_SPECIFICATIONS = "https://reconciliation-api.github.io/specs"
_TYPE = ("type.json", f"{_SPECIFICATIONS}/0.2/schemas/type.json", f"{_SPECIFICATIONS}/draft/schemas/type.json")


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@published
def test_the_schemas_can_fail() -> None:
    import jsonschema

    for wrong, schema in (({"name": "x"}, "manifest"), ({"q": []}, "reconciliation-result-batch")):
        with pytest.raises(jsonschema.ValidationError):
            valid(wrong, schema)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_manifest(client: httpx2.Client, language: str) -> None:
    answer = client.get("/reconcile", headers={"Accept-Language": language})
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-language"] == language
    assert answer.headers["access-control-allow-origin"] == "*"
    manifest = answer.json()
    valid(manifest, "manifest")
    assert manifest["versions"] == ["0.2"]
    assert manifest["identifierSpace"] == "https://synthetic.example/id/"
    assert manifest == client.get(f"/reconcile?lang={language}").json()
    here = str(client.base_url).rstrip("/")
    for address in (manifest["view"]["url"], manifest["preview"]["url"], manifest["documentation"]):
        assert address.startswith(here)
    assert {one["type"] for one in manifest["extend"]["property_settings"]} == {"number", "text", "select"}
    assert 1 <= manifest["batchSize"] <= 100
    again = client.get("/reconcile", headers={"Accept-Language": language, "If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_the_addresses_are_those_at_which_it_is_asked(client: httpx2.Client) -> None:
    port = client.base_url.port
    one, other = client.get("/reconcile"), client.get("/reconcile", headers={"Host": f"localhost:{port}"})
    assert other.json()["view"]["url"].startswith(f"http://localhost:{port}/")
    assert one.headers["etag"] != other.headers["etag"]


@published
@pytest.mark.parametrize("name", ["example-full", "example-min", "multi-values", "no-query-string"])
def test_published_queries_are_taken_where_type_and_property_are_ours(client: httpx2.Client, name: str) -> None:
    batch = _read(PUBLISHED / f"examples/reconciliation-query-batch/valid/{name}.json")
    for query in batch.values():
        if "type" in query:
            query["type"] = "agency"
        for constraint in query.get("properties", []):
            constraint["pid"] = "code"
    answer = posted(client, "queries", batch)
    assert answer.status_code == 200, answer.text
    assert answer.json().keys() == batch.keys()
    valid(answer.json(), "reconciliation-result-batch")


@published
@pytest.mark.parametrize("name", ["empty-properties", "empty-query", "misnamed-property"])
def test_published_mistakes_are_refused_with_the_key_of_the_query(client: httpx2.Client, name: str) -> None:
    batch = _read(PUBLISHED / f"examples/reconciliation-query-batch/invalid/{name}.json")
    answer = posted(client, "queries", batch)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith(f"{next(iter(batch))}: ")


def test_results_fit_the_schema_and_name_every_type(client: httpx2.Client) -> None:
    batch: dict[str, Any] = {f"q-{kind}": {"query": "thử", "type": kind} for kind in KINDS}
    answer = posted(client, "queries", batch).json()
    valid(batch, "reconciliation-query-batch")
    valid(answer, "reconciliation-result-batch")
    assert answer.keys() == batch.keys()
    for key, one in answer.items():
        for candidate in one["result"]:
            assert [found["id"] for found in candidate["type"]] == [key.removeprefix("q-")]
            assert candidate["name"]
            assert 0 < candidate["score"] <= 100
        scores = [candidate["score"] for candidate in one["result"]]
        assert scores == sorted(scores, reverse=True)


def test_the_same_batch_by_get_form_multipart_and_json(client: httpx2.Client) -> None:
    batch = {"q0": {"query": "Sở Khoa học và Công nghệ Thử"}}
    text = json.dumps(batch)
    answers = [
        client.get("/reconcile", params={"queries": text}),
        client.post("/reconcile", data={"queries": text}),
        client.post("/reconcile", files={"queries": (None, text)}),
        client.post("/reconcile", json={"queries": batch}),
    ]
    assert [one.status_code for one in answers] == [200] * 4
    assert all(one.json() == answers[0].json() for one in answers)
    assert answers[0].json()["q0"]["result"][0]["id"] == "agency/thu.so-b"


def test_suggestions_fit_their_schemas_and_lead_on(client: httpx2.Client) -> None:
    for what, schema in (("entity", "entities"), ("type", "types"), ("property", "properties")):
        for language in ("vi", "en"):
            found = client.get(f"/reconcile/{language}/suggest/{what}", params={"prefix": "t"}).json()
            assert found["result"]
            valid(found, f"suggest-{schema}-response")
    address = "/reconcile/vi/suggest/entity"
    first = client.get(address, params={"prefix": "thu"}).json()["result"]
    second = client.get(address, params={"prefix": "thu", "cursor": 10}).json()["result"]
    assert len(first) == 10
    assert second
    assert not {one["id"] for one in first} & {one["id"] for one in second}
    assert client.get(address, params={"prefix": "thu", "cursor": 5000}).json()["result"] == []
    [only, *_] = client.get(address, params={"prefix": "indicator/thu.1"}).json()["result"]
    assert only["id"] == "indicator/thu.1"
    of_type = client.get(address, params={"prefix": "thu", "type": "agency"}).json()["result"]
    assert {one["notable"][0]["id"] for one in of_type} == {"agency"}


def test_every_identifier_has_a_flyout_and_a_preview(client: httpx2.Client) -> None:
    for id in THINGS[:-1]:
        flyout = client.get("/reconcile/vi/flyout/entity", params={"id": id}).json()
        assert flyout["id"] == id
        assert "<p>" in flyout["html"]
        assert client.get("/reconcile/vi/preview", params={"id": id}).status_code == 200
        seen = client.get("/reconcile/en/view", params={"id": id})
        assert seen.status_code == 303
        assert client.get(seen.headers["location"]).status_code == 200
    assert client.get("/reconcile/en/flyout/type?id=agency").json()["html"].count("Agency") == 1
    assert "chủ trì" in client.get("/reconcile/vi/flyout/property?id=lead").json()["html"]
    for address in ("flyout/entity", "flyout/type", "flyout/property", "preview", "view"):
        assert client.get(f"/reconcile/vi/{address}", params={"id": "nope"}).status_code == 404


def test_a_preview_may_stand_in_a_frame_and_nothing_else_may(client: httpx2.Client) -> None:
    preview = client.get("/reconcile/vi/preview", params={"id": "indicator/thu.1"})
    policy = preview.headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "x-frame-options" not in preview.headers
    page = client.get("/doc/indicator/thu.1", headers={"Accept": "text/html"})
    assert page.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


def test_proposed_properties_are_those_of_the_type(client: httpx2.Client) -> None:
    proposed = client.get("/reconcile/vi/properties", params={"type": "indicator", "limit": 3}).json()
    valid(proposed, "data-extension-property-proposal")
    assert (proposed["type"], proposed["limit"], len(proposed["properties"])) == ("indicator", 3, 3)
    everything = client.get("/reconcile/en/properties", params={"type": "indicator"}).json()["properties"]
    ids = {one["id"] for one in everything}
    assert {"code", "lead", "nationalCode", "unit", "level"} <= ids
    assert not {"holder", "issuer", "asOf"} & ids


def test_data_extension_of_every_property(client: httpx2.Client) -> None:
    everything = client.get("/reconcile/vi/properties").json()["properties"]
    asked = {"ids": THINGS, "properties": [{"id": one["id"]} for one in everything]}
    valid(asked, "data-extension-query")
    answer = posted(client, "extend", asked)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    valid(found, "data-extension-response")
    assert [one["id"] for one in found["meta"]] == [one["id"] for one in everything]
    assert list(found["rows"]) == THINGS
    assert not any(found["rows"]["nope"].values())
    unit, indicator = found["rows"]["agency/thu.so-b"], found["rows"]["indicator/thu.1"]
    assert unit["parent"] == [{"id": "agency/thu.ubnd", "name": "Ủy ban nhân dân tỉnh Thử"}]
    assert unit["validFrom"] == [{"date": "2025-03-01T00:00:00Z"}]
    assert indicator["code"] == [{"str": "T1"}]
    assert indicator["group"] == [{"id": "indicator-group/thu.nhom-1", "name": "Nhóm thử một"}]
    assert indicator["lead"] == [{"id": "agency/thu.so-b", "name": "Sở Khoa học và Công nghệ Thử"}]
    assert indicator["nationalCode"] == [{"str": "0501"}]
    assert indicator["exactMatch"] == [{"id": "indicator/quoc-gia.0501", "name": "Tỷ lệ hồ sơ trực tuyến toàn quốc"}]


def test_settings_of_a_property(client: httpx2.Client) -> None:
    def fetched(id: str, property: str, **settings: object) -> Any:
        asked = {"ids": [id], "properties": [{"id": property, "settings": settings}]}
        answer = posted(client, "extend", asked)
        assert answer.status_code == 200, answer.text
        return answer.json()["rows"][id][property]

    lead_then = fetched("indicator/thu.1", "lead", asOf="2024-06-30")
    assert lead_then == [{"id": "agency/thu.so-a", "name": "Sở Thông tin Thử"}]
    assert fetched("indicator/thu.1", "nationalCode", asOf="2023-12-31") == []
    assert fetched("indicator/thu.2", "nationalCode") == []  # a candidate is no mapping yet
    assert fetched("indicator/quoc-gia.0501", "exactMatch") == [
        {"id": "indicator/thu.1", "name": "Tỷ lệ hồ sơ trực tuyến thử"}
    ]
    assert fetched("agency/thu.so-b", "name", language="en") == [{"str": "Department of Science of Thu"}]
    assert len(fetched("agency/thu.so-b", "name", language="any")) == 2
    assert len(fetched("agency/thu.so-b", "name", language="any", limit="1")) == 1
    assert fetched("agency/thu.so-b", "level", content="id") == [{"str": "tinh"}]
    assert fetched("agency/thu.so-b", "parent", content="id") == [{"str": "agency/thu.ubnd"}]
    assert fetched("agency/thu.so-a", "holder") == [{"id": "agency/thu.so-b", "name": "Sở Khoa học và Công nghệ Thử"}]


def test_browsers_of_other_origins_may_ask(client: httpx2.Client) -> None:
    asked = {
        "Origin": "http://127.0.0.1:3333",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    allowed = client.request("OPTIONS", "/reconcile", headers=asked)
    assert allowed.status_code == 204
    assert allowed.headers["access-control-allow-origin"] == "*"
    assert "POST" in allowed.headers["access-control-allow-methods"]
    assert "content-type" in allowed.headers["access-control-allow-headers"].lower()
    answered = posted(client, "queries", {"q": {"query": "thử"}}, Origin="http://127.0.0.1:3333")
    assert answered.headers["access-control-allow-origin"] == "*"
    assert client.get("/reconcile/vi/suggest/entity?prefix=t").headers["access-control-allow-origin"] == "*"
