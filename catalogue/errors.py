"""Errors, named for their remedy.

    CatalogueError
    ├── NotFound         ask for something else
    ├── Withdrawn        ask for what replaced it
    ├── BadRequest       follow the protocol (a malformed query, two parameters that exclude each other)
    ├── Invalid          mend what was sent
    ├── NotAcceptable    ask for another form
    ├── UnsupportedMedia send it in a form that is read here
    ├── TooLarge         send less
    ├── TooSlow          send it faster
    ├── PreconditionFailed  read what is there now, then decide
    ├── Conflict         decide between what is there and what was sent
    │   └── Ambiguous    choose one of the candidates
    ├── Unauthorized     show a token that is valid
    ├── Forbidden        ask for the permission
    ├── LimitReached     ask for less
    ├── Busy             come again later
    ├── Unavailable      wait, or free what is held
    ├── TimedOut         ask for less
    ├── NotOffered       use another address, or another kind of store
    └── Defect           tell the people who build this

Every error carries a sentence in Vietnamese and in English, and may carry `details`: facts a program can use.
HTTP statuses are known to `api.problems` alone. Between processes an error travels as plain data: `told` and `raised`.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

_OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, those that turn the direction of a text, and halves of letters."""


def printable(text: str, keep: str = "") -> str:
    r"""A text of a stranger as a sentence may show it: what a terminal would obey or hide is spelt out, but for `keep`.

    >>> print(printable("a\x1b[31m\nb"), printable("ở đây\u202e"))
    a\x1b[31m\nb ở đây\u202e
    """
    return _OBEYED.sub(lambda found: found[0] if found[0] in keep else found[0].encode("unicode_escape").decode(), text)


class CatalogueError(Exception):
    """An error that a person can do something about.

    `vi` and `en` are whole sentences; `details` is plain data (strings, numbers, lists, mappings) for programs.
    """

    def __init__(self, vi: str, en: str, *, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(en)
        self.vi = vi
        self.en = en
        self.details: dict[str, Any] = dict(details or {})

    @property
    def kind(self) -> str:
        """The name of the help page: the class name with hyphens, `not-found`."""
        return "".join("-" + c.lower() if c.isupper() else c for c in type(self).__name__).lstrip("-")


def told(error: CatalogueError) -> dict[str, Any]:
    """An error as plain data, for another process.

    >>> told(NotFound("Không có.", "There is none.", details={"limit": 3}))["details"]
    {'limit': 3}
    """
    details = json.loads(json.dumps(error.details, default=str))
    return {"error": type(error).__name__, "vi": error.vi, "en": error.en, "details": details}


def raised(given: Mapping[str, Any]) -> CatalogueError:
    """The error that `told` told about, to be raised here; a `Defect` where its class is not one of these.

    >>> raised(told(Busy("Hãy đợi.", "Wait.", details={"retryAfter": 2}))).details
    {'retryAfter': 2}
    """
    kind = globals().get(given["error"])
    known = kind if isinstance(kind, type) and issubclass(kind, CatalogueError) else Defect
    return known(given["vi"], given["en"], details=given["details"])


class NotFound(CatalogueError):
    """Nothing fits what was asked for."""


class Withdrawn(CatalogueError):
    """There was such a thing; `details["replacedBy"]` lists what replaced it, where that is known."""


class BadRequest(CatalogueError):
    """The request does not follow its protocol. A malformed query names `line` and `column` in `details`."""


class NotAcceptable(CatalogueError):
    """None of the forms that the caller takes is one in which this can be had; `details["available"]` lists those that are."""


class UnsupportedMedia(CatalogueError):
    """The body is of a media type, or in a content coding, that is not read here."""


class TooLarge(CatalogueError):
    """The body, or what it unpacks to, is larger than it may be; `details` has `limit` and `value`."""


class TooSlow(CatalogueError):
    """The body did not come within the time in which one is waited for."""


class PreconditionFailed(CatalogueError):
    """What is there is not what the caller said it should be (`If-Match`, `If-None-Match`)."""


class Invalid(CatalogueError):
    """What was sent cannot be right: a malformed file, an impossible date, a violated shape."""


class Conflict(CatalogueError):
    """Two states contradict each other, and neither is overwritten."""


class Ambiguous(Conflict):
    """Several things fit; `details["candidates"]` lists them."""


class Unauthorized(CatalogueError):
    """A token is needed, and there was none, or it is unknown, expired or revoked."""


class Forbidden(CatalogueError):
    """The caller may not do this."""


class Unavailable(CatalogueError):
    """The store, its lock, its disk or its endpoint cannot be had now.

    `details["retryAfter"]`: in how many seconds to come again, where something is only not ready yet; then the sentence is
    for the caller.
    """


class LimitReached(CatalogueError):
    """A question asks for more than one answer may cost; `details` has `limit` (the setting) and `value`."""


class Busy(CatalogueError):
    """Too many questions at once; `details["retryAfter"]` says in how many seconds to come again."""


class NotOffered(CatalogueError):
    """This service, as it is set up, does not do this (a store elsewhere has its own endpoint for it)."""


class TimedOut(CatalogueError):
    """The answer took longer than it may."""


class Defect(CatalogueError):
    """A promise of this program does not hold; the remedy is a correction of the program."""
