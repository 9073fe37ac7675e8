"""What `chiso query` hands to the child process, and what comes back: JSON both ways."""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Self

from catalogue import errors
from catalogue.settings import Settings


@dataclass(frozen=True, slots=True)
class Request:
    """A query, its form (select, ask, construct), the format of the answer, and the store to ask."""

    query: str
    form: str
    format: str
    settings: Settings

    def to_json(self) -> str:
        """As one line of text."""
        return json.dumps(asdict(self), default=str)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read back what `to_json` wrote."""
        given: dict[str, Any] = json.loads(text)
        given["settings"]["data"] = Path(given["settings"]["data"])
        return cls(**{**given, "settings": Settings(**given["settings"])})


@dataclass(frozen=True, slots=True)
class Answer:
    """`table` with its `variables` for people, or `document`, the serialised answer. `cut`: rows were left out.

    `boolean`: what ASK answered, None for other forms.
    """

    variables: list[str]
    table: list[list[str]] | None = None
    document: str | None = None
    boolean: bool | None = None
    cut: bool = False

    def to_json(self) -> str:
        """As one line of text."""
        return json.dumps({"answer": asdict(self)})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read back an answer. Raises the `CatalogueError` that the child met instead."""
        given = json.loads(text)
        if "error" in given:
            raise raised(given["error"])
        return cls(**{field.name: given["answer"][field.name] for field in fields(cls)})


def written(error: errors.CatalogueError) -> str:
    """An error as one line of text."""
    return json.dumps({"error": told(error)}, default=str)


def told(error: errors.CatalogueError) -> dict[str, Any]:
    """An error as plain data, for the process that asked."""
    return {"class": type(error).__name__, "vi": error.vi, "en": error.en, "details": error.details}


def raised(given: dict[str, Any]) -> errors.CatalogueError:
    """The error that `told` told about."""
    kind = getattr(errors, given["class"], errors.Defect)
    found: errors.CatalogueError = kind(given["vi"], given["en"], details=given["details"])
    return found
