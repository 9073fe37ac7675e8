"""`/api/v1/labels`: what many IRIs are called, in one request; for tables of answers and other lists of addresses."""

import json
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api import answers, bodies
from api.negotiation import JSON
from api.parameters import resource
from api.service import Service
from catalogue import labels
from catalogue.errors import Invalid, LimitReached, UnsupportedMedia
from catalogue.iri import is_absolute

MOST_IRIS = 200
"""IRIs of one request."""

LONGEST_IRI = 2_000
_BYTES = 1_048_576

_BODY: dict[str, Any] = {
    "type": "object",
    "required": ["iris"],
    "additionalProperties": False,
    "properties": {
        "iris": {
            "type": "array",
            "maxItems": MOST_IRIS,
            "items": {"type": "string", "format": "uri", "maxLength": LONGEST_IRI},
        }
    },
    "example": {"iris": ["https://chiso.example/id/indicator-set/hanoi-chi-dao"]},
}


@dataclass(frozen=True, slots=True)
class Named:
    """What an IRI is called: `label` is None where nothing says it; `language` is that of the label; `address` is where
    this service shows it, None for a foreign IRI."""

    iri: str
    kind: str | None
    label: str | None
    language: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class Labels:
    """One answer for each IRI asked for, each once, in their order."""

    labels: list[Named]


def router(service: Service) -> APIRouter:
    """The route, over `service`."""
    routes = resource("/api/v1")

    @routes.post(
        "/labels",
        response_model=answers.model(Labels),
        tags=["lists"],
        openapi_extra={"requestBody": {"required": True, "content": {JSON: {"schema": _BODY}}}},
    )
    async def read_labels(request: Request) -> Response:
        """What up to 200 IRIs are called in the language asked for, and where this service shows them."""
        kind = bodies.of(request)
        if kind.name not in ("", JSON):
            raise UnsupportedMedia(
                f"Nội dung phải là {JSON}, nhận được “{kind.name[:60]}”.",
                f"The body must be {JSON}, got “{kind.name[:60]}”.",
                details={"available": [JSON]},
            )
        iris = _asked(await bodies.read_body(request, _BYTES, setting="1 MB"))
        reading = service.reading(request)

        def make() -> bytes:
            found = labels.references(service.store, iris, reading.language)
            asked = (found[iri] for iri in dict.fromkeys(iris))
            named = [Named(one.iri, one.kind, one.label, one.language, service.address(one.iri)) for one in asked]
            return answers.written(Labels(named))

        headers = {"Cache-Control": "no-store", "Content-Language": reading.language}
        return Response(await run_in_threadpool(make), media_type=JSON, headers=headers)

    return routes


def _asked(body: bytes) -> list[str]:
    """The IRIs of the request. Raises `Invalid` for another form, `LimitReached` for too many."""
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        raise Invalid("Nội dung không phải JSON hợp lệ.", "The body is no valid JSON.") from None
    iris = asked.get("iris") if isinstance(asked, dict) and set(asked) == {"iris"} else None
    if not isinstance(iris, list):
        raise Invalid(
            "Nội dung phải là {“iris”: [danh sách IRI]}.",
            "The body must be {“iris”: [a list of IRIs]}.",
            details={"field": "iris"},
        )
    if len(iris) > MOST_IRIS:
        raise LimitReached(
            f"Yêu cầu có {len(iris)} IRI, nhiều nhất được {MOST_IRIS}. Hãy chia thành nhiều yêu cầu.",
            f"The request has {len(iris)} IRIs, at most {MOST_IRIS} are taken. Split it into several requests.",
            details={"limit": "iris", "value": MOST_IRIS},
        )
    for number, iri in enumerate(iris):
        if not isinstance(iri, str) or len(iri) > LONGEST_IRI or not is_absolute(iri):
            raise Invalid(
                f"Phần tử “iris[{number}]” phải là một IRI tuyệt đối, tối đa {LONGEST_IRI} ký tự.",
                f"The element “iris[{number}]” must be an absolute IRI of at most {LONGEST_IRI} characters.",
                details={"field": f"iris[{number}]"},
            )
    return iris
