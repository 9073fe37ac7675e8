"""Who may do what to which graph: tokens, what they allow, and the one place that answers.

A token is 256 random bits, shown once when it is made; the data folder keeps its SHA-256 in `tokens.json`, which only
its owner may read. What it allows stands in a `Caller`, which knows nothing of tokens: another provider of identities
makes callers too, and `may` answers for all of them.
"""

import hashlib
import hmac
import json
import os
import re
import secrets
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, get_args

from catalogue.clock import Clock, system_clock
from catalogue.errors import Forbidden, Invalid, NotFound, Unauthorized, Unavailable
from catalogue.graphs import default_graph, is_internal
from catalogue.store.durable import sync_folder
from catalogue.store.embedded import translated

Scope = Literal["write", "internal", "analyst"]
"""`write`: change graphs. `internal`: read internal graphs. `analyst`: wider limits for queries."""
SCOPES: tuple[Scope, ...] = get_args(Scope)

Action = Literal["write", "read", "analyse"]
"""What a caller wants: to change a graph, to read one, to ask within the limits of analysts."""

PREFIX = "chiso_"
"""How every token begins, so that a leaked one can be found by whoever scans for secrets."""
LIFETIME = timedelta(days=90)
LONGEST_LIFETIME = timedelta(days=730)
MOST_TOKENS = 1_000
"""Tokens that a folder keeps; beyond it, those that ended longest ago are forgotten first."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a name for the log (None: anybody), and what is allowed.

    `graphs`: exact IRIs, or prefixes that end in `*`; `*` alone stands for every public graph.
    """

    name: str | None = None
    scopes: frozenset[Scope] = frozenset()
    graphs: tuple[str, ...] = ()


ANYBODY = Caller()
"""A caller who shows nothing."""


def may(caller: Caller, action: Action, graph: str | None, base: str) -> bool:
    """Whether `caller` may do `action` to the graph of that IRI (None: the default graph). The one place that answers.

    Everybody reads public graphs. An internal graph is read with the scope `internal`, and written with `write` where
    a pattern names it: `*` covers public graphs alone.

    >>> editor = Caller("a", frozenset({"write"}), ("*",))
    >>> base = "https://chiso.example/"
    >>> may(editor, "write", base + "graph/a.confirmed", base), may(editor, "write", base + "internal/a", base)
    (True, False)
    >>> may(ANYBODY, "read", base + "internal/a", base), may(ANYBODY, "write", None, base)
    (False, False)
    """
    iri = graph if graph is not None else default_graph(base).value
    if action == "analyse":
        return "analyst" in caller.scopes
    if action == "read":
        if not is_internal(iri, base):
            return True
        return "internal" in caller.scopes and _covered(caller.graphs, iri, base)
    return "write" in caller.scopes and _covered(caller.graphs, iri, base)


def require_write(caller: Caller, graph: str | None, base: str) -> None:
    """Raise `Forbidden` where `caller` may not write to the graph (None: the default graph)."""
    if may(caller, "write", graph, base):
        return
    shown_vi, shown_en = (
        (f"đồ thị {graph}", f"the graph {graph}") if graph else ("đồ thị mặc định", "the default graph")
    )
    raise Forbidden(
        f"Thẻ này không được ghi vào {shown_vi}. Hãy xin người quản trị một thẻ cho đồ thị ấy.",
        f"This token may not write to {shown_en}. Ask the administrator for a token for that graph.",
        details={"graph": graph, "error": "insufficient_scope"},
    )


def may_write_something(caller: Caller) -> bool:
    """Whether there is any graph that `caller` may change: what is asked before a body is read."""
    return "write" in caller.scopes and bool(caller.graphs)


def _covered(patterns: Sequence[str], iri: str, base: str) -> bool:
    internal = is_internal(iri, base)
    for pattern in patterns:
        if pattern.endswith("*"):
            start = pattern[:-1]
            # A pattern reaches internal graphs only where it says so itself.
            if iri.startswith(start) and (not internal or is_internal(start, base)):
                return True
        elif iri == pattern:
            return True
    return False


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token; never the token itself. `id` is the name under which it is revoked."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    graphs: tuple[str, ...]
    created: datetime
    expires: datetime
    revoked: datetime | None = None

    def state(self, now: datetime) -> Literal["valid", "expired", "revoked"]:
        """Whether it still opens anything."""
        if self.revoked is not None:
            return "revoked"
        return "valid" if now < self.expires else "expired"


class Tokens:
    """The tokens of a data folder. A change of the file counts at the next request, whoever made it."""

    def __init__(self, folder: Path, clock: Clock = system_clock) -> None:
        self._path = folder / "tokens.json"
        self._clock = clock
        self._read: tuple[tuple[int, ...], dict[str, Token]] = ((), {})

    def create(
        self,
        name: str,
        scopes: Sequence[str],
        graphs: Sequence[str] = (),
        *,
        lifetime: timedelta = LIFETIME,
    ) -> tuple[str, Token]:
        """Make a token. Returns it, for this one time, and what is kept of it. Raises `Invalid`, `Unavailable`."""
        chosen = _scopes(scopes)
        patterns = _patterns(graphs)
        if "write" in chosen and not patterns:
            raise Invalid(
                "Thẻ có quyền ghi phải nêu đồ thị: --graph IRI, --graph 'TIỀN-TỐ*' hoặc --graph '*' (mọi đồ thị công khai).",
                "A token that may write must name graphs: --graph IRI, --graph 'PREFIX*', or --graph '*' (every public graph).",
            )
        if "internal" in chosen and not patterns:
            raise Invalid(
                "Thẻ được đọc đồ thị nội bộ phải nêu đồ thị: --graph IRI hoặc --graph 'TIỀN-TỐ*'.",
                "A token that may read internal graphs must name them: --graph IRI or --graph 'PREFIX*'.",
            )
        if not timedelta(0) < lifetime <= LONGEST_LIFETIME:
            raise Invalid(
                f"Thời hạn của thẻ từ 1 giây đến {LONGEST_LIFETIME.days} ngày.",
                f"A token lasts from 1 second to {LONGEST_LIFETIME.days} days.",
                details={"limit": LONGEST_LIFETIME.days},
            )
        if not name.strip() or len(name) > 100 or not name.isprintable():
            raise Invalid(
                "Tên của thẻ có từ 1 đến 100 ký tự in được: tên nói thẻ dùng để làm gì.",
                "The name of a token has 1 to 100 printable characters: it says what the token is for.",
            )
        secret = PREFIX + secrets.token_urlsafe(32)
        now = self._clock().astimezone(UTC).replace(microsecond=0)
        token = Token(secrets.token_hex(4), name.strip(), chosen, patterns, now, now + lifetime)
        with self._changing() as kept:
            kept[_digest(secret)] = token
        return secret, token

    def all(self) -> list[Token]:
        """All tokens that are kept, the newest first."""
        return sorted(self._kept().values(), key=lambda token: (token.created, token.id), reverse=True)

    def revoke(self, which: str) -> Token:
        """End the token with the id `which`, or the only valid one of that name. Raises `NotFound`, `Invalid`."""
        now = self._clock().astimezone(UTC).replace(microsecond=0)
        with self._changing() as kept:
            fits = [digest for digest, token in kept.items() if token.id == which] or [
                digest for digest, token in kept.items() if token.name == which and token.state(now) == "valid"
            ]
            if not fits:
                raise NotFound(
                    f"Không có thẻ nào mang mã hay tên “{which[:100]}”. Xem: chiso token list",
                    f"There is no token with the id or name “{which[:100]}”. See: chiso token list",
                )
            if len(fits) > 1:
                ids = ", ".join(kept[digest].id for digest in fits)
                raise Invalid(
                    f"Có {len(fits)} thẻ mang tên “{which[:100]}”; hãy thu hồi theo mã: {ids}.",
                    f"There are {len(fits)} tokens named “{which[:100]}”; revoke one by its id: {ids}.",
                    details={"ids": [kept[digest].id for digest in fits]},
                )
            old = kept[fits[0]]
            ended = old if old.revoked else replace(old, revoked=now)
            kept[fits[0]] = ended
        return ended

    def caller(self, authorization: str | None) -> Caller:
        """Who shows this Authorization header; `ANYBODY` where there is none.

        Raises `Unauthorized` for a token that is unknown, expired or revoked: the same words for all three.
        """
        if authorization is None:
            return ANYBODY
        scheme, _, secret = authorization.partition(" ")
        secret = secret.strip()
        if scheme.lower() != "bearer" or not re.fullmatch(r"[\w.~+/-]{1,200}=*", secret, re.ASCII):
            raise _unauthorized()
        shown = _digest(secret)
        found: Token | None = None
        for digest, token in self._kept().items():
            if hmac.compare_digest(digest, shown):
                found = token
        if found is None or found.state(self._clock().astimezone(UTC)) != "valid":
            raise _unauthorized()
        return Caller(f"{found.name} ({found.id})", frozenset(found.scopes), found.graphs)

    def _kept(self) -> dict[str, Token]:
        """What the file says now; it is read again when it was replaced."""
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise translated(error, self._path) from error
        stamp = (status.st_ino, status.st_mtime_ns, status.st_size)
        if self._read[0] != stamp:
            self._read = (stamp, self._from_file())
        return self._read[1]

    def _from_file(self) -> dict[str, Token]:
        try:
            written = json.loads(self._path.read_text(encoding="utf-8"))
            return {one["sha256"]: _token(one) for one in written["tokens"]}
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise translated(error, self._path) from error
        except (ValueError, KeyError, TypeError):
            raise Unavailable(
                f"Tệp {self._path} bị hỏng: không thẻ nào dùng được. Hãy xóa tệp rồi cấp thẻ mới: chiso token create.",
                f"The file {self._path} is damaged: no token can be used. Remove it and make new ones: chiso token create.",
                details={"place": str(self._path)},
            ) from None

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Token]]:
        """The tokens to change; written when the block ends well. One process at a time."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            guard = os.open(self._path.with_name(".tokens.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise translated(error, self._path) from error
        try:
            if sys.platform != "win32":
                import fcntl

                fcntl.flock(guard, fcntl.LOCK_EX)  # ends with the descriptor
            kept = self._from_file()
            yield kept
            self._write(kept)
        except OSError as error:
            raise translated(error, self._path) from error
        finally:
            os.close(guard)

    def _write(self, kept: dict[str, Token]) -> None:
        newest = sorted(kept.items(), key=lambda item: item[1].revoked or item[1].expires, reverse=True)[:MOST_TOKENS]
        lines = [{"sha256": digest, **_plain(token)} for digest, token in newest]
        half = self._path.with_name(".tokens.json.half")
        half.unlink(missing_ok=True)
        # Made with the mode it will have: between making and changing it somebody could have opened it.
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump({"tokens": lines}, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        half.replace(self._path)
        sync_folder(self._path.parent)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _scopes(given: Sequence[str]) -> tuple[Scope, ...]:
    unknown = [scope for scope in given if scope not in SCOPES]
    if unknown or not given:
        allowed = ", ".join(SCOPES)
        raise Invalid(
            f"Quyền của thẻ (--scope) là: {allowed}; nhận được “{', '.join(unknown)[:100]}”.",
            f"The scopes of a token (--scope) are: {allowed}; got “{', '.join(unknown)[:100]}”.",
            details={"allowed": list(SCOPES)},
        )
    return tuple(scope for scope in SCOPES if scope in given)


def _patterns(given: Sequence[str]) -> tuple[str, ...]:
    for pattern in given:
        if pattern != "*" and not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`*]*\*?", pattern):
            raise Invalid(
                f"Đồ thị “{pattern[:200]}” không phải IRI đầy đủ, tiền tố IRI kết thúc bằng “*”, hay “*”.",
                f"The graph “{pattern[:200]}” is neither an absolute IRI, nor a prefix of IRIs ending in “*”, nor “*”.",
                details={"graph": pattern[:200]},
            )
    return tuple(dict.fromkeys(given))


def _plain(token: Token) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "scopes": list(token.scopes),
        "graphs": list(token.graphs),
        "created": token.created.isoformat(),
        "expires": token.expires.isoformat(),
        "revoked": token.revoked.isoformat() if token.revoked else None,
    }


def _token(one: dict[str, Any]) -> Token:
    return Token(
        str(one["id"]),
        str(one["name"]),
        tuple(scope for scope in SCOPES if scope in one["scopes"]),
        tuple(str(pattern) for pattern in one["graphs"]),
        datetime.fromisoformat(one["created"]),
        datetime.fromisoformat(one["expires"]),
        datetime.fromisoformat(one["revoked"]) if one["revoked"] else None,
    )


def _unauthorized() -> Unauthorized:
    return Unauthorized(
        "Thẻ không dùng được: không có, đã hết hạn hoặc đã bị thu hồi. Người quản trị cấp thẻ bằng chiso token create.",
        "This token cannot be used: it is unknown, expired or revoked. The administrator makes tokens with chiso token create.",
        details={"error": "invalid_token"},
    )
