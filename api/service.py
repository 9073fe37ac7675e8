"""What every resource is given: the store, its published state, the clock; and how an answer is sent.

An answer is made from one published state that never changes, so its ETag is known before the work is done: it comes
from the state, the address, the language, the form and, where the answer depends on it, the day.
"""

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import Response

from api import answers, negotiation
from catalogue import clock, iri, resolve
from catalogue.errors import NotFound
from catalogue.labels import Reference
from catalogue.search import SearchIndex, open_index
from catalogue.settings import Settings
from catalogue.store.port import Store


@dataclass(frozen=True, slots=True)
class Reading:
    """One request's view: the language, the date it asks about, and whether that date was given or is today."""

    language: str
    as_of: date
    given: bool


@dataclass(frozen=True)
class Service:
    """The published state and what is needed to answer from it. Made once, by `api.app.create_app`."""

    store: Store
    settings: Settings
    clock: clock.Clock
    state: str
    published: datetime
    version: str
    search_directory: Path | None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _index: list[SearchIndex] = field(default_factory=list)

    @property
    def base(self) -> str:
        """The start of every IRI of this catalogue."""
        return self.settings.base_iri

    def search_index(self) -> SearchIndex:
        """The search index, made when the first search needs it."""
        with self._lock:
            if not self._index:
                self._index.append(open_index(self.search_directory, self.store))
            return self._index[0]

    def thing(self, text: str, reading: Reading) -> NamedNode:
        """The one thing that `text` means: IRI, CURIE, code, number or name. Raises `NotFound`, `Ambiguous`."""
        return resolve.one(self.store, text, base=self.base, as_of=reading.as_of, language=reading.language)

    def known(self, node: NamedNode) -> bool:
        """Whether the graph says anything about `node`."""
        return self.store.ask(f"ASK {{ {node} ?property ?value }}")

    def keyed(self, kind: str, key: str, reading: Reading) -> NamedNode:
        """The thing of a kind by its key in an address; a code, number or name does too where one thing bears it."""
        kinds = ("scenario", "scenario-group") if kind == "scenario" else (kind,)
        for one in kinds:
            node = iri.thing(self.base, one, key)
            if self.known(node):
                return node
        fits = resolve.find(self.store, key, base=self.base, language=reading.language)
        found = {match.thing.iri for match in fits if match.thing.kind in kinds}
        if len(found) == 1:
            return NamedNode(found.pop())
        if found:
            return self.thing(key, reading)
        raise missing(kind, key)

    def reading(self, request: Request, as_of: str | None = None, *, page: bool = False) -> Reading:
        """What this request asks for. Raises `Invalid` for a date that does not exist and a language not spoken here."""
        negotiation.refuse_other_languages(request)
        given = as_of is not None and bool(as_of.strip())
        day = clock.parse_date(as_of) if as_of and given else clock.today(self.clock)
        return Reading(negotiation.language(request, cookie=page), day, given)

    def json(
        self,
        request: Request,
        reading: Reading,
        make: Callable[[], Any],
        kind: Any = None,
        *,
        dated: bool = True,
    ) -> Response:
        """The record that `make` makes, as JSON, or 304 before any work. `dated`: the answer depends on the date."""
        headers = self.validators(request, reading, "json", dated=dated)
        if self.unchanged(request, headers):
            return Response(status_code=304, headers=headers)
        record = make()
        if self.unchanged(request, headers, exists=True):
            return Response(status_code=304, headers=headers)
        cursor = getattr(record, "next_cursor", None)
        if cursor:
            following = request.url.include_query_params(cursor=cursor)
            headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
        return Response(answers.written(record, kind), media_type=negotiation.JSON, headers=headers)

    def validators(
        self,
        request: Request,
        reading: Reading,
        form: str,
        *,
        dated: bool,
        vary: str = "Accept-Language",
    ) -> dict[str, str]:
        """The headers by which a cache knows whether an answer still holds."""
        today = dated and not reading.given
        about = "\n".join(
            (
                self.version,
                self.state,
                request.url.path,
                request.url.query,
                reading.language,
                form,
                reading.as_of.isoformat() if today else "",
            )
        )
        etag = hashlib.blake2b(about.encode(), digest_size=12).hexdigest()
        changed = self.published
        if today:
            midnight = datetime(reading.as_of.year, reading.as_of.month, reading.as_of.day, tzinfo=clock.VIETNAM)
            changed = max(changed, midnight)
        headers = {
            "ETag": f'"{etag}"',
            "Last-Modified": format_datetime(changed.astimezone(UTC), usegmt=True),
            "Cache-Control": "public, no-cache",
            "Content-Language": reading.language,
            "Vary": vary,
        }
        if form == "html" and request.query_params.get("lang") in negotiation.LANGUAGES:
            # Who chose a language on one page keeps it on the next; that is all the cookie says.
            headers["Set-Cookie"] = f"lang={reading.language}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly"
            headers["Cache-Control"] = "private, no-cache"
        return headers

    @staticmethod
    def unchanged(request: Request, headers: Mapping[str, str], *, exists: bool = False) -> bool:
        """Whether the caller holds this very answer (RFC 9110, section 13.1.2: weak comparison).

        `*` stands for any answer that there is, so it fits once it is known that one `exists`.
        """
        given = request.headers.get("if-none-match")
        if given is None:
            return False
        tags = {tag.strip().removeprefix("W/") for tag in given.split(",")}
        return headers["ETag"] in tags or (exists and "*" in tags)

    def address(self, target: str) -> str | None:
        """The address in this service of an IRI: a thing's page, a term of the vocabulary; None for a foreign IRI."""
        inner = iri.kind_and_key(self.base, target)
        if inner is not None and inner[0] in iri.KINDS:
            key, hash_mark, fragment = inner[1].partition("#")
            return f"/doc/{inner[0]}/{quote(key, safe='.-_~')}" + (f"#{quote(fragment)}" if hash_mark else "")
        if target.startswith(iri.VOCABULARY):
            return "/ns#" + quote(target[len(iri.VOCABULARY) :])
        if target.startswith(iri.CODES):
            return "/ns#code-" + quote(target[len(iri.CODES) :].replace("/", "."))
        return None

    def title(self, reference: Reference) -> str:
        """What to call a thing in a page: its label, else the last part of its IRI."""
        if reference.label:
            return reference.label
        return reference.iri.rstrip("/#").replace("#", "/").rpartition("/")[2] or reference.iri


def missing(kind: str, key: str) -> NotFound:
    """The error for an address under which nothing is kept."""
    return NotFound(
        f"Danh mục không có {kind} nào mang khóa “{key[:120]}”.",
        f"The catalogue has no {kind} with the key “{key[:120]}”.",
        details={"kind": kind, "key": key[:120]},
    )
