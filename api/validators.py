"""The headers by which a cache knows whether an answer still holds (RFC 9110, section 8.8), and the state it comes from."""

from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import blake2b

from starlette.requests import Request

STATE_HEADER = "Chiso-State"
"""The header that names the published state from which an answer comes, or in which a change is."""


def validators(
    request: Request, state: str, moment: datetime, *about: str, vary: str = "", lasting: bool = False
) -> dict[str, str]:
    """The validators of an answer from `state`, last changed at `moment`.

    `about`: what the answer depends on beside the state and its address; `vary`: the request headers that choose it;
    `lasting`: it is the same in every state.
    """
    query = request.scope["query_string"].decode("latin-1")
    text = "\n".join(("" if lasting else state, request.scope["path"], query, *about))
    headers = {
        STATE_HEADER: state,
        "ETag": f'"{blake2b(text.encode(), digest_size=12).hexdigest()}"',
        "Last-Modified": http_date(moment),
        "Cache-Control": "public, no-cache",
    }
    if vary:
        headers["Vary"] = vary
    return headers


def http_date(moment: datetime) -> str:
    """A moment as HTTP writes it (RFC 9110, section 5.6.7)."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)
