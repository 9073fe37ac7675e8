"""What pages load: styles, scripts, icons, fonts, bundled from `web/` at set-up, each under the hash of its content."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request, Response

from api import coding
from catalogue.errors import NotFound, Unavailable

BUNDLE = Path(__file__).resolve().parent / "assets"

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
# The name changes with the content (RFC 8246).
_FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    packed: bytes | None
    media_type: str


class Assets:
    """The files of a bundle, in memory. Raises `Unavailable` where none was made."""

    def __init__(self, bundle: Path = BUNDLE) -> None:
        try:
            self._names: dict[str, str] = json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise Unavailable(
                f"Chưa có tệp giao diện trong {bundle}. Hãy chạy “make install”.",
                f"There are no files of the pages in {bundle}. Run “make install”.",
            ) from None
        self._files = {path.name: _read(path) for path in bundle.iterdir() if path.suffix in _TYPES}

    @property
    def digest(self) -> str:
        """What changes when any file does."""
        return hashlib.blake2b("\n".join(sorted(self._names.values())).encode(), digest_size=8).hexdigest()

    def address(self, name: str) -> str:
        """The path under which the file `name` (as `site.css`) is served."""
        return f"/assets/{self._names[name]}"

    def router(self) -> APIRouter:
        """The route of the files."""
        routes = APIRouter()

        @routes.get("/assets/{name}", include_in_schema=False)
        async def read_file(request: Request, name: str) -> Response:
            """One file of the bundle."""
            found = self._files.get(name)
            if found is None:
                raise NotFound(f"Không có tệp “{name[:60]}”.", f"There is no file “{name[:60]}”.")
            headers = {"Cache-Control": _FOR_EVER, "ETag": f'"{name}"'}
            if request.headers.get("if-none-match") in (headers["ETag"], "*"):
                return Response(status_code=304, headers=headers)
            packs = coding.takes_gzip(request.headers.get("accept-encoding", "").encode("latin-1"))
            if found.packed is None or not packs:
                return Response(found.content, media_type=found.media_type, headers=headers)
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding", "ETag": f'"{name}-gzip"'}
            return Response(found.packed, media_type=found.media_type, headers=headers)

        return routes


def _read(path: Path) -> _File:
    content, media_type = path.read_bytes(), _TYPES[path.suffix]
    packs = media_type.startswith("text/") or path.suffix == ".svg"
    return _File(content, coding.packed(content) if packs else None, media_type)
