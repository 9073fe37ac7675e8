"""What a pool is asked, and what it answers."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from catalogue.settings import Settings


@dataclass(frozen=True, slots=True)
class Limits:
    """What one answer may cost: `seconds` of time, bytes of `memory`, `rows`, and `bytes` of the answer itself.

    `settings`: how the settings that say so begin, for the errors: `CHISO_QUERY` or `CHISO_ANALYST`.
    """

    seconds: float
    memory: int
    rows: int
    bytes: int
    settings: str = "CHISO_QUERY"

    @classmethod
    def of_visitors(cls, settings: Settings) -> Self:
        """The limits of everybody."""
        return cls(settings.query_seconds, settings.query_memory, settings.query_rows, settings.query_bytes)

    @classmethod
    def of_analysts(cls, settings: Settings) -> Self:
        """The limits of callers whose token has the scope `analyst`."""
        return cls(
            settings.analyst_seconds,
            settings.analyst_memory,
            settings.analyst_rows,
            settings.analyst_bytes,
            "CHISO_ANALYST",
        )


@dataclass(frozen=True, slots=True)
class Task:
    """One query, its text already checked by `catalogue.sparql_text.read`, with its form.

    `directory`: the published state to ask. `media_type`: of the answer, one of `workers.sparql_worker`.
    `default_graphs`, `named_graphs`: the dataset of the protocol (IRIs of graphs), None where the request names none.
    `base`: resolves relative IRIs.
    """

    directory: Path
    query: str
    form: str
    media_type: str
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    limits: Limits
    base: str


@dataclass(frozen=True, eq=False)
class Answer:
    """A whole answer: its bytes, its rows (triples of a graph, 1 for ASK), and the seconds the engine took.

    Keep it until its body is sent: the pool counts the bytes of the answers that are still alive.
    """

    body: bytes
    rows: int
    seconds: float
