"""The conditions under which a request is carried out at all (RFC 9110, sections 13.1.1, 13.1.4 and 13.2.2)."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from api.coding import MARK

_ASCTIME = re.compile(r"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}")
"""The one form of an HTTP date that names no time zone: it is in UTC (RFC 9110, 5.6.7)."""


class Unmet(Exception):
    """The caller asked for another version than the one there is: the answer is 412."""


def http_moment(text: str) -> datetime | None:
    """The moment that an HTTP date names, in any of its three forms; None for anything else.

    >>> http_moment("Sun, 01 Mar 2026 05:00:00 GMT").isoformat(), http_moment("yesterday")
    ('2026-03-01T05:00:00+00:00', None)
    >>> http_moment("Sun Nov  6 08:49:37 1994") == http_moment("Sunday, 06-Nov-94 08:49:37 GMT")
    True
    """
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    if found.tzinfo is not None:
        return found
    return found.replace(tzinfo=UTC) if _ASCTIME.fullmatch(text) else None


def given(headers: Mapping[bytes, bytes]) -> tuple[bytes | None, bytes | None] | None:
    """What `If-Match` and `If-Unmodified-Since` of a request say; None where it has neither."""
    match, since = headers.get(b"if-match"), headers.get(b"if-unmodified-since")
    return None if match is None and since is None else (match, since)


def refuse_unmet(
    condition: tuple[bytes | None, bytes | None] | None, status: int, headers: Iterable[tuple[bytes, bytes]]
) -> None:
    """Raise `Unmet` where what is about to be sent is not the version that the caller named.

    A condition counts where the answer would be a success without it; the date counts where no tags are given. Tags are
    compared strongly; those of the packed and of the plain form name the same version.
    """
    if condition is None or not (200 <= status < 300 or status == 304):
        return
    match, since = condition
    said = {name.lower(): value for name, value in headers}
    if match is not None:
        tag = said.get(b"etag", b"").replace(MARK + b'"', b'"')
        named = {one.strip().replace(MARK + b'"', b'"') for one in match.split(b",")}
        if b"*" not in named and (not tag or tag not in named):
            raise Unmet
    elif since is not None and b"last-modified" in said:
        latest, modified = (http_moment(one.decode("latin-1")) for one in (since, said[b"last-modified"]))
        if latest is not None and modified is not None and modified > latest:
            raise Unmet
