"""Errors, named for their remedy.

    CatalogueError
    ├── NotFound      ask for something else
    │   └── (nothing bears that name, code or IRI)
    ├── Invalid       mend what was sent
    ├── Conflict      decide between what is there and what was sent
    │   └── Ambiguous choose one of the candidates
    ├── Forbidden     ask for the permission
    ├── Unavailable   wait, or free what is held
    ├── TimedOut      ask for less
    └── Defect        tell the people who build this

Every error carries a sentence in Vietnamese and in English, and may carry `details`: facts a program can use.
HTTP statuses are known to `api.problems` alone.
"""

from collections.abc import Mapping
from typing import Any


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


class NotFound(CatalogueError):
    """Nothing fits what was asked for."""


class Invalid(CatalogueError):
    """What was sent cannot be right: a malformed file, an impossible date, a violated shape."""


class Conflict(CatalogueError):
    """Two states contradict each other, and neither is overwritten."""


class Ambiguous(Conflict):
    """Several things fit; `details["candidates"]` lists them."""


class Forbidden(CatalogueError):
    """The caller may not do this."""


class Unavailable(CatalogueError):
    """The store, its lock, its disk or its endpoint cannot be had now."""


class TimedOut(CatalogueError):
    """The answer took longer than it may."""


class Defect(CatalogueError):
    """A promise of this program does not hold; the remedy is a correction of the program."""
