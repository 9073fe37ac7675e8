"""`/openapi.json` and `/api/docs`: the interface for programs and for people, made here, nothing fetched from elsewhere."""

import hashlib
import json
from functools import lru_cache
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response

from api import negotiation
from api.pages.answering import HTML, sent
from api.pages.render import Pages
from api.parameters import LANGUAGE
from api.service import Reading, Service

_EXAMPLES = {
    "/api/v1/responsibility": "?of=indicator-set:hanoi-chi-dao&asOf=2024-06-30",
    "/api/v1/lineage": "?of=indicator-set:hanoi-chi-dao&direction=up",
    "/api/v1/path": "?from=indicator-set:hanoi-chi-dao&to=agency:hanoi.ubnd",
    "/api/v1/resolve": "?code=H26",
    "/api/v1/search": "?q=so+khcn",
    "/api/v1/suggest": "?q=so+kh",
}

_OVER_A_FOLDER = frozenset({"/sparql", "/graphs", "/dumps/", "/changes", "/states"})


def router(service: Service, pages: Pages, app: FastAPI) -> APIRouter:
    """The routes; `app` is what is described."""
    routes = APIRouter()

    @lru_cache(maxsize=1)
    def described() -> tuple[dict[str, Any], bytes, str]:
        description = app.openapi()
        _common(description)
        body = json.dumps(description, ensure_ascii=False).encode()
        return description, body, hashlib.blake2b(body, digest_size=12).hexdigest()

    @routes.get("/openapi.json", include_in_schema=False)
    def read_description(request: Request) -> Response:
        """The OpenAPI description."""
        _, body, digest = described()
        headers = {"ETag": f'"{digest}"', "Cache-Control": "public, no-cache"}
        if service.unchanged(request, headers, exists=True):
            return Response(status_code=304, headers=headers)
        return Response(body, media_type=negotiation.JSON, headers=headers)

    @routes.get("/api/docs", include_in_schema=False)
    def read_documentation(request: Request) -> Response:
        """The same as a page."""

        def make(reading: Reading) -> bytes:
            description, _, _ = described()
            groups = _groups(description, opened=service.folder is not None)
            schemas = {name: _fields(schema) for name, schema in sorted(description["components"]["schemas"].items())}
            return pages.html("documentation.html", request, reading.language, groups=groups, schemas=schemas)

        return sent(service, request, None, "html", make, HTML, dated=False)

    return routes


def _groups(description: dict[str, Any], *, opened: bool) -> dict[str, list[dict[str, Any]]]:
    """What can be asked, group by group."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            shown = {
                "path": path,
                "method": method.upper(),
                "about": operation.get("description") or operation.get("summary", ""),
                "parameters": [_parameter(one) for one in operation.get("parameters", ())],
                "answer": _answer(operation),
                "example": _example(path, opened=opened) if method == "get" else None,
            }
            groups.setdefault((operation.get("tags") or ["other"])[0], []).append(shown)
    return groups


def _example(path: str, *, opened: bool) -> str | None:
    """An address that can be followed; `opened`: whether those over a data folder are there."""
    if "{" in path or (path in _OVER_A_FOLDER and not opened):
        return None
    return path + _EXAMPLES.get(path, "")


def _common(description: dict[str, Any]) -> None:
    """What all operations share: the language, and a problem as answer; the framework's own shape of an error is never sent."""
    schemas = description["components"]["schemas"]
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    schemas["Problem"] = {
        "type": "object",
        "description": "RFC 9457; `type` is the address of a help page. Ambiguous things carry `candidates`.",
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "instance": {"type": "string", "format": "uri-reference"},
        },
        "required": ["type", "title", "status", "detail", "instance"],
        "additionalProperties": True,
    }
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in description["paths"].values():
        for operation in operations.values():
            if "operation" not in operation.get("tags", ()):
                operation.setdefault("parameters", []).append(LANGUAGE)
            answers = operation["responses"]
            answers.pop("422", None)
            answers["4XX"] = {"description": "The request cannot be answered.", "content": problem}
            answers["5XX"] = {"description": "The service cannot answer now.", "content": problem}


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    schema = parameter.get("schema", {})
    kinds = [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
    first = kinds[0] if kinds else {}
    words = " | ".join(str(value) for value in first["enum"]) if "enum" in first else str(first.get("type", ""))
    bounds = [
        f"{sign} {first[key]}" for key, sign in (("minimum", "≥"), ("maximum", "≤"), ("maxLength", "≤")) if key in first
    ]
    default = schema.get("default")
    return {
        "name": parameter["name"],
        "place": parameter["in"],
        "required": parameter.get("required", False),
        "kind": " ".join([words, *bounds]),
        "default": str(default).lower() if isinstance(default, bool) else default,
        "about": parameter.get("description", ""),
    }


def _answer(operation: dict[str, Any]) -> dict[str, Any]:
    for status, answer in operation["responses"].items():
        if not status.endswith("XX"):
            content = answer.get("content", {})
            names = [name for one in content.values() for name in _names(one.get("schema", {}))]
            return {"status": status, "types": list(content), "schemas": list(dict.fromkeys(names))}
    return {"status": "200", "types": [], "schemas": []}


def _names(schema: dict[str, Any]) -> list[str]:
    if "$ref" in schema:
        return [schema["$ref"].rpartition("/")[2]]
    inner = [schema["items"]] if "items" in schema else []
    return [name for one in [*schema.get("anyOf", ()), *inner] for name in _names(one)]


def _fields(schema: dict[str, Any]) -> dict[str, Any]:
    fields = []
    for name, field in schema.get("properties", {}).items():
        options = field.get("anyOf", [field])
        words = [_kind(one) for one in options]
        fields.append({"name": name, "kind": " | ".join(words), "schemas": _names(field)})
    return {"about": (schema.get("description") or "").strip(), "fields": fields}


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return " | ".join(f"“{value}”" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"[{_kind(schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("const") or schema.get("type", ""))
