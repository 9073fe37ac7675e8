"""`/update`: the update operation of the SPARQL 1.1 Protocol (section 2.2), for callers who may write."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import bodies, sparql_request, writes
from api.graph_address import meant
from api.service import Service
from catalogue.errors import BadRequest, UnsupportedMedia

UPDATE = "application/sparql-update"


@dataclass(frozen=True, slots=True)
class Asked:
    """An update operation: its text, and the dataset that takes the place of USING and WITH."""

    text: str
    using: tuple[str, ...]
    using_named: tuple[str, ...]


def router(service: Service) -> APIRouter:
    """The route, over `service`."""
    routes = APIRouter()

    @routes.post(
        "/update",
        response_class=Response,
        status_code=204,
        tags=["write"],
        responses={204: {"description": "Done and published; the header Chiso-State names the published state."}},
    )
    async def update(request: Request) -> Response:
        """A SPARQL 1.1 Update request, as the body (application/sparql-update) or as the form field `update`.

        All of it happens or nothing. Needs a token with the scope `write` for every graph that would change.
        """
        writer, caller = writes.admitted(service, request)
        asked = await read(request, service.settings.upload_bytes, service.base)
        written = await writer.update(
            asked.text, caller=caller, base=service.base, using=asked.using, using_named=asked.using_named
        )
        return Response(status_code=204, headers=await writes.published(service, written))

    return routes


async def read(request: Request, limit: int, base: str) -> Asked:
    """What `request` asks. Raises `BadRequest`, `UnsupportedMedia`, `TooLarge` for a body of more than `limit` bytes."""
    kind = bodies.of(request)
    if kind.name not in (bodies.FORM, UPDATE):
        raise UnsupportedMedia(
            f"POST tới /update cần Content-Type là {UPDATE} (nội dung là chính lệnh) hoặc {bodies.FORM} (trường update), nhận được “{kind.name[:80] or '(không có)'}”.",
            f"POST to /update takes the Content-Type {UPDATE} (the body is the update itself) or {bodies.FORM} (field update), got “{kind.name[:80] or '(none)'}”.",
            details={"contentType": kind.name[:80], "available": [UPDATE, bodies.FORM]},
        )
    kind.require_utf8()
    fields = bodies.query_parameters(request)
    body = await bodies.read_body(request, limit)
    if kind.name == UPDATE:
        if any(name == "update" for name, _ in fields):
            raise _count(2)
        fields.append(("update", bodies.text_of(body)))
    else:
        fields += await bodies.fields(body)
    values = {name: [value for key, value in fields if key == name] for name, _ in fields}
    if "query" in values:
        raise BadRequest(
            "/update nhận lệnh cập nhật (update), không nhận truy vấn (query). Hãy gửi truy vấn tới /sparql.",
            "/update takes an update, not a query. Send queries to /sparql.",
            details={"parameter": "query"},
        )
    texts = values.get("update", [])
    if len(texts) != 1:
        raise _count(len(texts))
    return Asked(
        texts[0],
        _graphs("using-graph-uri", [meant(request, iri, base) for iri in values.get("using-graph-uri", [])]),
        _graphs(
            "using-named-graph-uri", [meant(request, iri, base) for iri in values.get("using-named-graph-uri", [])]
        ),
    )


def _graphs(name: str, given: list[str]) -> tuple[str, ...]:
    if len(given) > sparql_request.MOST_GRAPHS:
        raise BadRequest(
            f"Yêu cầu nêu {len(given)} đồ thị ({name}), nhiều nhất là {sparql_request.MOST_GRAPHS}.",
            f"The request names {len(given)} graphs ({name}), at most {sparql_request.MOST_GRAPHS} may be named.",
            details={"parameter": name, "limit": sparql_request.MOST_GRAPHS},
        )
    return sparql_request.graphs(name, given)


def _count(found: int) -> BadRequest:
    return BadRequest(
        f"Cần đúng một lệnh cập nhật (update), nhận được {found if found < 2 else 'nhiều hơn một'}. Nhiều thao tác viết trong một lệnh, cách nhau bằng “;”.",
        f"Exactly one update is needed, got {found if found < 2 else 'more than one'}. Write several operations in one request, with “;” between them.",
        details={"parameter": "update"},
    )
