"""`/dumps/`: the files of the last published states, sent from the disk as they lie there."""

import base64
import json
import re
from functools import partial
from typing import Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response
from starlette.responses import FileResponse
from starlette.types import Message, Receive, Scope, Send

from api import negotiation
from api.pages.render import Pages
from api.prepared import Headers
from api.problems import PAGE_VARY
from api.sending import HEAD
from api.service import Service
from api.validators import http_date
from catalogue import dumps
from catalogue.dumps import Set, Sets
from catalogue.errors import NotFound, Unavailable, Withdrawn

_RANGES = re.compile(r"bytes=\s*(\d+-\d*|-\d+)(\s*,\s*(\d+-\d*|-\d+))*\s*")
_FOREVER = "public, max-age=31536000, immutable"
_LATEST = "latest"
_SOON = 5
"""Seconds after which it is asked again for files that are being made."""

JSON_OR_PAGE = (negotiation.JSON, negotiation.HTML)


class SentFile(FileResponse):
    """A file, or a part of it. A Range that cannot be read is ignored, as HTTP wants it (RFC 9110, 14.2); of one beyond the
    file, 416 tells the size."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        given = [value for name, value in scope["headers"] if name == b"range"]
        if given and not _readable(given[0].decode("latin-1")):
            scope = {**scope, "headers": [one for one in scope["headers"] if one[0] != b"range"]}
        if scope.get(HEAD):
            scope = {**scope, "method": "HEAD"}
        beyond: list[Headers] = []

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 416:
                beyond.append([one for one in message["headers"] if one[0] == b"content-range"])
            elif not beyond:
                await send(message)

        await super().__call__(scope, receive, sending)
        if beyond:
            size = beyond[0][0][1].decode().rpartition("/")[2]
            problem = {
                "type": "about:blank",
                "title": "Range Not Satisfiable",
                "status": 416,
                "detail": f"Tệp có {size} byte; không có phần nào như Range yêu cầu. / The file has {size} bytes; there is no such part of it.",
                "size": int(size),
            }
            body = json.dumps(problem, ensure_ascii=False).encode()
            headers = {"Content-Range": f"bytes */{size}", "Cache-Control": "no-store"}
            response = Response(body, status_code=416, media_type=negotiation.PROBLEM, headers=headers)
            await response(scope, receive, send)


def _readable(ranges: str) -> bool:
    """Whether a Range header names parts, none of which ends before it begins.

    >>> _readable("bytes=0-4, -1"), _readable("bytes=5-2"), _readable("lines=1-2")
    (True, False, False)
    """
    if not _RANGES.fullmatch(ranges):
        return False
    pairs = (one.strip().split("-") for one in ranges.partition("=")[2].split(","))
    return all(not (first and last) or int(first) <= int(last) for first, last in pairs)


def router(service: Service, pages: Pages, sets: Sets) -> APIRouter:
    """The routes, over `service`."""
    routes = APIRouter()

    async def all_sets() -> tuple[Set, ...]:
        service.require_folder()
        found = await run_sync(sets.all)
        if not found:
            vi, en = (pages.words(language)["dumps.not_ready"] for language in ("vi", "en"))
            raise Unavailable(vi, en, details={"retryAfter": _SOON})
        return found

    @routes.get("/dumps", include_in_schema=False)
    @routes.get("/dumps/", response_class=Response, tags=["open data"])
    async def read_index(request: Request) -> Response:
        """The files that can be had of the last published states, with size and SHA-256; JSON, or a page."""
        found = await all_sets()
        kind = negotiation.required(request.headers.get("accept"), JSON_OR_PAGE)
        reading = service.reading(request, page=kind == negotiation.HTML)
        vary = PAGE_VARY
        headers = service.validators(
            request, reading, kind, found[0].state, dated=False, vary=vary, moment=found[0].made
        )
        if service.unchanged(request, headers, exists=True):
            return Response(status_code=304, headers=headers)
        if kind == negotiation.HTML:
            body = await run_sync(partial(pages.html, "dumps.html", request, reading.language, sets=found))
            return Response(body, media_type="text/html; charset=utf-8", headers=headers)
        body = await run_sync(_listed, found, service.base)
        return Response(body, media_type=negotiation.JSON, headers=headers)

    @routes.get("/dumps/{state}/{path:path}", response_class=Response, tags=["open data"])
    async def read_file(request: Request, state: str, path: str) -> Response:
        """A file of a set: `catalogue.nq.gz`, `graphs/….ttl.gz`, `SHA256SUMS`. `latest` leads to the youngest set."""
        folder = service.require_folder()
        found = await all_sets()
        chosen = found[0] if state == _LATEST else next((one for one in found if one.state == state), None)
        if chosen is None:
            raise _gone(state, found) if state < found[-1].state and state[:1].isdigit() else _unknown(state, path)
        file = chosen.file(path)
        if file is None and path != dumps.SUMS:
            raise _unknown(state, path)
        if state == _LATEST:
            target = f"/dumps/{chosen.state}/{path}"
            return Response(status_code=307, headers={"Location": target, "Cache-Control": "no-cache"})
        digest = file.sha256 if file else f"{chosen.state}-sums"
        headers = {"ETag": f'"{digest}"', "Last-Modified": http_date(chosen.made), "Cache-Control": _FOREVER}
        headers["Accept-Ranges"] = "bytes"
        if file is not None:
            name = path.rpartition("/")[2]
            headers["Content-Disposition"] = f'attachment; filename="{name}"'
            headers["Repr-Digest"] = f"sha-256=:{_base64(file.sha256)}:"
        if service.unchanged(request, headers, exists=True):
            return Response(status_code=304, headers=headers)
        media_type = "application/gzip" if file else "text/plain; charset=utf-8"
        place = folder / "dumps" / chosen.state / path
        return SentFile(place, media_type=media_type, headers=headers)

    return routes


def _listed(sets: tuple[Set, ...], base: str) -> bytes:
    record = {"latest": sets[0].state, "sets": [_described(one, base) for one in sets]}
    return json.dumps(record, ensure_ascii=False).encode()


def _described(one: Set, base: str) -> dict[str, Any]:
    start = f"{base}dumps/{one.state}/"
    return {
        "state": one.state,
        "made": one.made.isoformat(timespec="seconds"),
        "statements": one.statistics.statements,
        "checksums": start + dumps.SUMS,
        "files": [
            {
                "url": start + file.path,
                "path": file.path,
                "mediaType": file.media_type,
                "compression": "gzip",
                "bytes": file.size,
                "sha256": file.sha256,
                "graph": file.graph,
            }
            for file in one.files
        ],
    }


def _base64(hexadecimal: str) -> str:
    return base64.b64encode(bytes.fromhex(hexadecimal)).decode()


def _gone(state: str, found: tuple[Set, ...]) -> Withdrawn:
    kept = ", ".join(one.state for one in found)
    return Withdrawn(
        f"Các tệp của trạng thái {state[:80]} không còn được giữ. Còn giữ: {kept}; mới nhất luôn ở /dumps/latest/.",
        f"The files of the state {state[:80]} are no longer kept. Kept: {kept}; the youngest is always at /dumps/latest/.",
        details={"kept": [one.state for one in found]},
    )


def _unknown(state: str, path: str) -> NotFound:
    return NotFound(
        f"Không có tệp “{path[:120]}” của trạng thái “{state[:80]}”. Danh sách ở /dumps/.",
        f"There is no file “{path[:120]}” of the state “{state[:80]}”. The list is at /dumps/.",
    )
