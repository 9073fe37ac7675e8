"""What every resource is given: the published state, the clock, the processes beside; and how an answer is sent.

A request sees one published state from beginning to end, whatever is published meanwhile. A state never changes, so the
ETag of an answer is known before the work is done: it comes from the state, the address, the language, the form and,
where the answer depends on it, the day.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import Response

from api import answers, negotiation, texts
from api.following import Follower
from api.prepared import PREPARABLE
from api.published import Kept, State, all_kept, kept, open_state
from api.sending import not_later
from api.validators import validators
from api.visitors import visitor_of
from catalogue import census, clock, iri, resolve
from catalogue.errors import Forbidden, NotFound, NotOffered
from catalogue.labels import Reference
from catalogue.permission import Caller, Tokens
from catalogue.search.documents import FINISHED
from catalogue.search.index import SearchIndex
from catalogue.settings import Settings
from catalogue.store.folder import WriterLock
from catalogue.store.port import Store
from catalogue.survey import records
from workers.follow_up import FollowUp
from workers.pool import Pool
from workers.turns import Turns
from workers.writer import Writer

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Reading:
    """One request's view: the language, the date it asks about, and whether that date was given or is today."""

    language: str
    as_of: date
    given: bool


class _Seen:
    """What one request sees. Timers and processes begun during a request keep its context for long, so it is emptied at
    the end: a state that nobody reads any more is let go.
    """

    __slots__ = ("state",)

    def __init__(self, state: State) -> None:
        self.state: State | None = state


class Service:
    """The published state and what is needed to answer from it. Made once, by `api.app.create_app`.

    `folder`: the data folder of a disk store, None for a store in memory or elsewhere, which has neither checkpoints nor
    processes beside it. `look`: what changes when the files that pages load do. With a folder, `pool` answers visitors' SPARQL, `writer` takes changes (None in a read-only
    service), `tokens` tells who may.
    """

    def __init__(
        self,
        state: State,
        settings: Settings,
        now: clock.Clock,
        version: str,
        *,
        folder: Path | None = None,
        lock: WriterLock | None = None,
        look: str = "",
    ) -> None:
        self.settings = settings
        self.clock = now
        self.version = version
        self.look = look
        self.folder = folder
        self.pool: Pool | None = None
        self.writer: Writer | None = None
        self.tokens: Tokens | None = None
        self.follow_ups: tuple[FollowUp, ...] = ()
        self.long_texts = Turns(replace(settings, query_workers=1))
        self.long_questions = Turns(replace(settings, query_workers=1))
        self._current = state
        self._held: ContextVar[_Seen] = ContextVar("state")
        self._follower: Follower | None = None
        if folder is not None:
            self._bring_along(folder, lock)

    def _bring_along(self, folder: Path, lock: WriterLock | None) -> None:
        self.follow_ups = (
            FollowUp(folder, self.base, "workers.index_process", "search/{state}/" + FINISHED),
            FollowUp(folder, self.base, "workers.census_process", census.MADE),
            FollowUp(folder, self.base, "workers.survey_process", records.FINISHED),
            FollowUp(folder, self.base, "workers.dump_process", "dumps/{state}/index.json"),
        )
        self.pool = Pool(self.settings)
        self.tokens = Tokens(folder)
        if not self.settings.read_only:
            self.writer = Writer(self.settings, lock)

    @property
    def base(self) -> str:
        """The start of every IRI of this catalogue."""
        return self.settings.base_iri

    @property
    def current(self) -> State:
        """The state that requests which begin now will see."""
        return self._current

    @property
    def held(self) -> State:
        """The state that this request sees from beginning to end; the current one where there is no request."""
        seen = self._held.get(None)
        return self._current if seen is None or seen.state is None else seen.state

    @contextmanager
    def holding(self, state: State | None = None) -> Iterator[State]:
        """See one state until the end of the block, in this task and in the threads that it asks."""
        held = state or self._current
        seen = _Seen(held)
        token = self._held.set(seen)
        try:
            yield held
        finally:
            self._held.reset(token)
            seen.state = None

    @property
    def store(self) -> Store:
        """The store of the state that this request sees."""
        return self.held.store

    @property
    def state(self) -> str:
        """The name of the state that this request sees."""
        return self.held.name

    @property
    def published(self) -> datetime:
        """When the state that this request sees was published."""
        return self.held.moment

    @property
    def digest(self) -> str:
        """SHA-256 of the content of the state that this request sees, in hexadecimal; empty where it is not known."""
        return self.held.digest

    @property
    def directory(self) -> Path | None:
        """The checkpoint of the state that this request sees; None where there is no data folder."""
        return self.held.directory

    @property
    def states(self) -> dict[str, Kept]:
        """The states that can still be asked, by name, the youngest first; none without a data folder. Reads the disk."""
        return {} if self.folder is None else all_kept(self.folder)

    def kept_state(self, name: str) -> Kept | None:
        """One of `states`, None where there is none of that name. Reads the disk."""
        return None if self.folder is None else kept(self.folder, name)

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """What `make` makes of the state that this request sees, made once and kept with the state."""
        return self.held.once(name, make)

    def search_index(self) -> SearchIndex:
        """The search index, made when the first search needs it."""
        return self.held.search_index()

    def require_folder(self) -> Path:
        """The data folder. Raises `NotOffered` where the store has none."""
        if self.folder is None:
            raise NotOffered(
                "Dịch vụ này chạy trên kho trong bộ nhớ hoặc kho từ xa nên không có địa chỉ này. Hãy dùng kho trên đĩa (CHISO_STORE=disk), hoặc hỏi thẳng kho từ xa.",
                "This service runs over a store in memory or elsewhere and does not offer this address. Use a store on disk (CHISO_STORE=disk), or ask the remote store itself.",
            )
        return self.folder

    def require_pool(self) -> Pool:
        """What answers visitors' SPARQL. Raises `NotOffered` where the store has no data folder."""
        self.require_folder()
        assert self.pool is not None  # noqa: S101 - it came along with the folder
        return self.pool

    def require_writer(self) -> Writer:
        """What takes changes. Raises `NotOffered` without a data folder, `Forbidden` in a read-only service."""
        self.require_folder()
        if self.writer is None:
            raise Forbidden(
                "Dịch vụ này chỉ cho đọc (CHISO_READ_ONLY=1): không nhận bất kỳ thay đổi nào, kể cả khi có token. Hãy gửi thay đổi tới dịch vụ ghi của danh mục.",
                "This service is read-only (CHISO_READ_ONLY=1): it takes no change at all, with a token or without. Send changes to the service that writes this catalogue.",
                details={"setting": "CHISO_READ_ONLY"},
            )
        return self.writer

    def caller(self, request: Request) -> Caller:
        """Who asks, by the token in `Authorization`. Raises `Unauthorized` for a token that is not valid (any more)."""
        self.require_folder()
        assert self.tokens is not None  # noqa: S101 - likewise
        shown = request.headers.getlist("authorization")
        # Two of them: a proxy may have looked at the other one. Together they are no token.
        return self.tokens.caller(", ".join(shown) if shown else None)

    def visitor(self, request: Request) -> str:
        """The address that a request comes from, as trusted proxies tell it (`CHISO_TRUSTED_PROXIES`). Of IPv6 the first
        64 bits: whoever has one of those addresses has all of them.
        """
        return visitor_of(request.client.host) if request.client else "unknown"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The processes beside the service and the look-out for new states, from start to stop."""
        async with contextlib.AsyncExitStack() as stack:
            if self.pool is not None:
                await self.pool.start()
                stack.push_async_callback(self.pool.stop)
                if self._current.directory is not None:
                    self.pool.renew(self._current.directory)
            if self.writer is not None:
                await self.writer.start()
                stack.push_async_callback(self.writer.stop)
            for one in self.follow_ups:
                await one.start()
                stack.push_async_callback(one.stop)
                one.renew(self._current.name)
            if self.folder is not None:
                self._follower = Follower(self.folder, self._opened, lambda: self._current, self._take)
                following = asyncio.create_task(self._follower.run())
                stack.push_async_callback(_cancelled, following)
            yield

    async def refresh(self) -> None:
        """Serve the state that is current on disk now, without waiting for the next look; for our own writes."""
        if self._follower is not None:
            await self._follower.look()

    def _opened(self, name: str) -> State | None:
        """A state of the folder, opened and warmed; in a thread."""
        assert self.folder is not None  # noqa: S101 - there is a follower
        state = open_state(self.folder, name, prepared_bytes=self.settings.prepared_bytes)
        if state is not None:
            state.store.ask("ASK { ?thing ?property ?value }")
        return state

    def _take(self, state: State) -> None:
        """Put a new state in the place of the current one; requests under way keep theirs."""
        before, self._current = self._current, state
        state.search_meanwhile(before)
        before.retire()
        if self.pool is not None and state.directory is not None:
            self.pool.renew(state.directory)
        for one in self.follow_ups:
            one.renew(state.name)

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
        if not dated:
            request.scope[PREPARABLE] = True
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
        *about: str,
        dated: bool,
        vary: str = "Accept-Language",
        moment: datetime | None = None,
    ) -> dict[str, str]:
        """The validators of an answer from the state that this request sees, with its language.

        `about`: what it depends on beside them, the form and, where it is `dated`, the day; `moment`: when it last
        changed, where that is not when the state was published.
        """
        today = dated and not reading.given
        day = reading.as_of.isoformat() if today else ""
        changed = moment or self.published
        if today:
            midnight = datetime(reading.as_of.year, reading.as_of.month, reading.as_of.day, tzinfo=clock.VIETNAM)
            changed = max(changed, midnight)
        page = form in ("html", negotiation.HTML)
        looks = (self.look, request.cookies.get("theme", "")) if page else ()
        depends = (self.version, reading.language, form, day, *looks, *about)
        headers = validators(request, self.state, changed, *depends, vary=vary)
        headers["Content-Language"] = reading.language
        if page and request.query_params.get("lang") in negotiation.LANGUAGES:
            # Who chose a language on one page keeps it on the next.
            headers["Set-Cookie"] = negotiation.language_cookie(reading.language)
            headers["Cache-Control"] = "private, no-cache"
        return headers

    @staticmethod
    def unchanged(request: Request, headers: Mapping[str, str], *, exists: bool = False) -> bool:
        """Whether the caller holds this very answer (RFC 9110, section 13.1.2: weak comparison).

        `*` stands for any answer that there is, so it fits once it is known that one `exists`; so does a date, which is
        looked at where no tag is given (section 13.1.3).
        """
        given = request.headers.get("if-none-match")
        if given is None:
            since = request.headers.get("if-modified-since")
            return exists and since is not None and not_later(headers.get("Last-Modified", ""), since)
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
        """What to call a thing in a page: its label, else the last part of its IRI, in one line of bounded length."""
        label = texts.line(reference.label) if reference.label else ""
        return label or texts.line(reference.iri.rstrip("/#").replace("#", "/").rpartition("/")[2] or reference.iri)


def missing(kind: str, key: str) -> NotFound:
    """The error for an address under which nothing is kept."""
    key = key[:120]
    vi, en = f"Danh mục không có {kind} nào mang khóa “{key}”.", f"The catalogue has no {kind} with the key “{key}”."
    return NotFound(vi, en, details={"kind": kind, "key": key})


async def _cancelled(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
