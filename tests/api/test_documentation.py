"""The description of the interface is true, complete and needs no internet; operators get their numbers."""

import json
import re
from typing import Any

import httpx2


def test_the_description_has_every_route_of_the_interface(client: httpx2.Client) -> None:
    description = client.get("/openapi.json").json()
    for path in [
        "search",
        "resolve",
        "indicators",
        "agencies",
        "decisions",
        "regimes",
        "indicator-sets",
        "systems",
        "targets",
        "scenarios",
        "responsibility",
        "lineage",
        "path",
        "agencies/{key}/portfolio",
        "indicators/{key}",
        "decisions/{key}",
        "areas/{code}/successors",
    ]:
        operation = description["paths"][f"/api/v1/{path}"]["get"]
        assert operation["description"]
        assert "lang" in [parameter["name"] for parameter in operation["parameters"]]
        assert operation["responses"]["4XX"]["content"].keys() == {"application/problem+json"}
    assert "422" not in json.dumps(description["paths"])


def test_answers_are_as_described(client: httpx2.Client) -> None:
    description = client.get("/openapi.json").json()
    for path, parameters in {
        "responsibility": {"of": "indicator-set:thu"},
        "lineage": {"of": "indicator-set:thu"},
        "search": {"q": "thu"},
        "indicators": {},
    }.items():
        operation = description["paths"][f"/api/v1/{path}"]["get"]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        fits(client.get(f"/api/v1/{path}", params=parameters).json(), schema, description)


def fits(value: Any, schema: dict[str, Any], description: dict[str, Any]) -> None:
    """Fail where `value` has a field that the schema does not, or lacks one that it requires."""
    if "$ref" in schema:
        schema = description["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        fitting = [one for one in schema["anyOf"] if (one.get("type") == "null") == (value is None)]
        assert fitting, (value, schema)
        schema = fitting[0]
        if "$ref" in schema:
            schema = description["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if isinstance(value, dict):
        assert value.keys() == schema["properties"].keys()
        for name, inner in value.items():
            fits(inner, schema["properties"][name], description)
    if isinstance(value, list):
        for inner in value:
            fits(inner, schema["items"], description)


def test_the_page_of_the_interface_works_without_internet(client: httpx2.Client) -> None:
    text = client.get("/api/docs").text
    assert "/api/v1/responsibility" in text
    assert re.findall(r"<script[^>]*>", text) == re.findall(r'<script type="module" src="/assets/[^"]*">', text)
    assert not re.search(r'(?:src|<link[^>]+href)="(?:https?:)?//', text)


def test_numbers_for_operators(client: httpx2.Client) -> None:
    client.get("/api/v1/resolve?code=Z99")
    text = client.get("/metrics").text
    assert re.search(r'chiso_requests_total\{route="/api/v1/resolve",method="GET",status="200"\} [1-9]', text)
    assert re.search(r"process_resident_memory_bytes [1-9]\d+", text)
    assert 'state="s1"' in text
    assert "khong-co" not in text


def test_health(client: httpx2.Client) -> None:
    assert client.get("/health/live").json()["status"] == "live"
    assert client.get("/health/ready").json() == {"status": "ready", "version": "0.1.0", "state": "s1"}


def test_the_framework_does_not_bring_its_own_pages(client: httpx2.Client) -> None:
    assert client.get("/docs").status_code == client.get("/redoc").status_code == 404
