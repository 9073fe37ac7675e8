"""`/api/v1/crosswalk`: what a code is in another scheme, by chains of accepted mappings; one code, or many at once."""

import csv
import io
import json
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api import answers, bodies
from api.negotiation import JSON
from api.parameters import LONGEST_THING, AsOf, resource
from api.service import Service
from catalogue.errors import BadRequest, Invalid, LimitReached, UnsupportedMedia
from catalogue.mapping.chains import crosswalk, crosswalk_lines
from catalogue.mapping.chains.crosswalk import Crosswalk
from catalogue.spreadsheets import guarded

MOST_CODES = 1_000
"""Codes of one request."""

CSV = "text/csv; charset=utf-8"
_BYTES = 1_048_576  # of a request with many codes

Code = Annotated[
    str | None,
    Query(max_length=LONGEST_THING, description="A code, with or without leading zeros.", examples=["00004"]),
]
Of = Annotated[
    str | None,
    Query(max_length=LONGEST_THING, description="Instead of `code`: a thing, by IRI, CURIE, code, number or name."),
]
From = Annotated[
    str | None, Query(alias="from", max_length=LONGEST_THING, description="The scheme of the code: IRI, key or name.")
]
To = Annotated[
    str, Query(min_length=1, max_length=LONGEST_THING, description="The scheme to translate to: IRI, key or name.")
]
Steps = Annotated[
    int | None,
    Query(ge=1, le=20, description="Most steps of a chain; CHISO_CROSSWALK_STEPS where absent, and at most."),
]
Form = Annotated[Literal["json", "csv"], Query(alias="format", description="`csv`: one row for each answer.")]

_FIELDS = ("codes", "to", "from", "asOf", "format")
_BODY: dict[str, Any] = {
    "type": "object",
    "required": ["codes", "to"],
    "additionalProperties": False,
    "properties": {
        "codes": {
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_CODES,
            "items": {"type": "string", "minLength": 1, "maxLength": LONGEST_THING},
        },
        "to": {"type": "string"},
        "from": {"type": "string"},
        "asOf": {"type": "string"},
        "format": {"type": "string", "enum": ["json", "csv"]},
    },
    "example": {"codes": ["00004", "00016"], "from": "truoc-2025-07-01", "to": "area-scheme:2025-07-01"},
}


@dataclass(frozen=True, slots=True)
class Crosswalks:
    """One answer for each code of the request, in its order."""

    crosswalks: list[Crosswalk]


def router(service: Service) -> APIRouter:
    """The routes, over `service`."""
    routes = resource("/api/v1")

    def most(steps: int | None) -> int:
        return min(steps or service.settings.crosswalk_steps, service.settings.crosswalk_steps)

    @routes.get(
        "/crosswalk",
        response_model=answers.model(Crosswalk),
        responses={200: {"content": {"text/csv": {}}}},
        tags=["mappings"],
    )
    def read_crosswalk(
        request: Request,
        to: To,
        code: Code = None,
        of: Of = None,
        source: From = None,
        as_of: AsOf = None,
        steps: Steps = None,
        form: Form = "json",
    ) -> Response:
        """What a code is in another scheme on a date: every counterpart with how it matches, the whole chain, its weakest link and its validity; where there is none, why."""
        reading = service.reading(request, as_of)
        if (code is None) == (of is None):
            raise BadRequest(
                "Hãy nêu đúng một trong hai: code (một mã) hoặc of (một vật).",
                "Give exactly one of the two: code (a code) or of (a thing).",
                details={"allowed": ["code", "of"]},
            )

        def make() -> Crosswalk:
            text = code if code is not None else service.thing(of or "", reading).value
            return crosswalk.of(
                service.store,
                text,
                to=to,
                source=source if code is not None else None,
                as_of=reading.as_of,
                steps=most(steps),
                language=reading.language,
            )

        if form == "json":
            return service.json(request, reading, make)
        headers = service.validators(request, reading, "csv", dated=True)
        if service.unchanged(request, headers):
            return Response(status_code=304, headers=headers)
        return Response(_csv([make()], reading.language), media_type=CSV, headers=headers)

    @routes.post(
        "/crosswalk",
        response_model=answers.model(Crosswalks),
        responses={200: {"content": {"text/csv": {}}}},
        tags=["mappings"],
        openapi_extra={"requestBody": {"required": True, "content": {JSON: {"schema": _BODY}}}},
    )
    async def translate_codes(request: Request) -> Response:
        """The same for up to 1,000 codes: one answer for each, in their order; a code that is not there, or may be several, says so in its reasons."""
        kind = bodies.of(request)
        if kind.name not in ("", JSON):
            raise UnsupportedMedia(
                f"Nội dung phải là {JSON}, nhận được “{kind.name[:60]}”.",
                f"The body must be {JSON}, got “{kind.name[:60]}”.",
                details={"available": [JSON]},
            )
        body = await bodies.read_body(request, _BYTES, setting="1 MB")
        asked = _asked(body)
        reading = service.reading(request, asked.get("asOf"))

        def make() -> bytes:
            found = crosswalk.translate(
                service.store,
                asked["codes"],
                to=asked["to"],
                source=asked.get("from"),
                as_of=reading.as_of,
                steps=most(None),
                language=reading.language,
            )
            if asked.get("format") == "csv":
                return _csv(found, reading.language)
            return answers.written(Crosswalks(found))

        media_type = CSV if asked.get("format") == "csv" else JSON
        headers = {"Cache-Control": "no-store", "Content-Language": reading.language}
        async with service.long_questions.turn(service.visitor(request)):
            found = await run_in_threadpool(make)
        return Response(found, media_type=media_type, headers=headers)

    return routes


def _asked(body: bytes) -> dict[str, Any]:
    """The request, looked over. Raises `Invalid` with the field, `LimitReached` for too many codes."""
    try:
        asked = json.loads(body)
        json.dumps(asked, ensure_ascii=False).encode()  # half of a letter (\ud800) is text that nobody can write
    except (ValueError, RecursionError):
        raise Invalid("Nội dung không phải JSON hợp lệ.", "The body is no valid JSON.") from None
    if not isinstance(asked, dict):
        raise _wrong("codes", "một đối tượng JSON", "a JSON object")
    for name in asked:
        if name not in _FIELDS:
            raise _wrong(str(name)[:40], f"một trong {', '.join(_FIELDS)}", f"one of {', '.join(_FIELDS)}")
    codes = asked.get("codes")
    if not isinstance(codes, list) or not codes:
        raise _wrong("codes", "một danh sách mã", "a list of codes")
    if len(codes) > MOST_CODES:
        raise LimitReached(
            f"Yêu cầu có {len(codes)} mã, nhiều nhất được {MOST_CODES}. Hãy chia thành nhiều yêu cầu.",
            f"The request has {len(codes)} codes, at most {MOST_CODES} are taken. Split it into several requests.",
            details={"limit": "codes", "value": MOST_CODES},
        )
    for number, code in enumerate(codes):
        if not isinstance(code, str) or not code.strip() or len(code) > LONGEST_THING:
            raise _wrong(
                f"codes[{number}]",
                f"một mã từ 1 đến {LONGEST_THING} ký tự",
                f"a code of 1 to {LONGEST_THING} characters",
            )
    for name in ("to", "from", "asOf"):
        value = asked.get(name)
        if (value is None and name == "to") or not (
            value is None or (isinstance(value, str) and len(value) <= LONGEST_THING)
        ):
            raise _wrong(name, "một chuỗi", "a text")
    if asked.get("format") not in (None, "json", "csv"):
        raise _wrong("format", "json hoặc csv", "json or csv")
    return asked


def _wrong(field: str, vi: str, en: str) -> Invalid:
    return Invalid(f"Trường “{field}” phải là {vi}.", f"The field “{field}” must be {en}.", details={"field": field})


def _csv(found: list[Crosswalk], language: str) -> bytes:
    kept = io.StringIO(newline="")
    writer = csv.writer(kept, lineterminator="\r\n")
    writer.writerow(["asked", *crosswalk_lines.COLUMNS])
    for one in found:
        for row in crosswalk_lines.rows_of(one, language):
            writer.writerow([guarded(one.text), *(guarded(str(cell)) for cell in row)])
    return kept.getvalue().encode()
