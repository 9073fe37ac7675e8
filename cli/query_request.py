"""What `chiso query` hands to the child process, and what comes back: JSON both ways."""

import json
from dataclasses import asdict, dataclass, fields
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
        return json.dumps({**asdict(self), "settings": self.settings.told()})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read back what `to_json` wrote."""
        given: dict[str, Any] = json.loads(text)
        return cls(**{**given, "settings": Settings.read(given["settings"])})


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
            raise errors.raised(given)
        return cls(**{field.name: given["answer"][field.name] for field in fields(cls)})
