"""Which statements are not confirmed, and what would confirm them?"""

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from catalogue.errors import Invalid
from catalogue.graphs import MARK_PREFIX, Mark
from catalogue.labels import Reference, references
from catalogue.proofs import SourceReference, sources
from catalogue.query import Query
from catalogue.store.port import Store
from catalogue.things import Statement, Value

WHAT_WOULD_CONFIRM: dict[Mark, tuple[str, str]] = {
    "confirmed": ("", ""),
    "inferred": (
        "Cần một văn bản hoặc nguồn nói thẳng điều này; hiện chỉ suy ra từ các điều đã xác nhận.",
        "A document or source that says it outright; so far it only follows from confirmed facts.",
    ),
    "unverified": (
        "Cần tìm lại nguồn có địa chỉ ghi được và so với bản gốc.",
        "A source with a recorded address, compared with the original.",
    ),
}


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """One page of statements that bear `mark`, with what would confirm them, in both languages."""

    mark: Mark
    confirm_vi: str
    confirm_en: str
    statements: list[Statement]
    next_cursor: str | None


def unconfirmed(
    store: Store,
    *,
    mark: Mark = "inferred",
    source: str | None = None,
    limit: int = 100,
    cursor: str | None = None,
    language: str = "vi",
) -> Unconfirmed:
    """Statements with `mark`, graph by graph; `source` restricts them to one source document (its IRI).

    `limit`: 1 to 1,000. Raises `Invalid` for a cursor that was not handed out here.
    """
    limit = max(1, min(limit, 1_000))
    at, offset = _read_cursor(cursor)
    rows = store.select(Query.named("marked-graphs").bind(mark=NamedNode(MARK_PREFIX + mark))).rows
    graphs = [(g.value, s.value) for g, s in rows if g is not None and s is not None and source in (None, s.value)]
    found: list[tuple[Any, Any, Any, str]] = []
    following: str | None = None
    for graph, said_by in graphs:
        if graph < at:
            continue
        start = offset if graph == at else 0
        wanted = limit - len(found) + 1
        page = store.select(Query.named("graph-page").bind(graph=NamedNode(graph), limit=wanted, offset=start)).rows
        taken = page[: wanted - 1]
        found += [(s, p, o, said_by) for s, p, o in taken]
        if len(page) == wanted:
            following = _write_cursor(graph, start + len(taken))
            break
    vi, en = WHAT_WOULD_CONFIRM[mark]
    return Unconfirmed(mark, vi, en, _statements(store, found, mark, language), following)


def _statements(store: Store, rows: list[tuple[Any, Any, Any, str]], mark: Mark, language: str) -> list[Statement]:
    iris = [term.value for row in rows for term in row[:3] if isinstance(term, NamedNode)]
    named = references(store, iris, language)
    documents: dict[str, SourceReference] = sources(store, (row[3] for row in rows))
    return [
        Statement(named[s.value], named[p.value], _object(o, named), mark, documents[said_by])
        for s, p, o, said_by in rows
    ]


def _object(value: Any, named: dict[str, Reference]) -> Reference | Value:
    if isinstance(value, Literal):
        return Value(value.value, value.language, None if value.language else value.datatype.value)
    return named.get(value.value, Reference(value.value))


def _write_cursor(graph: str, offset: int) -> str:
    return base64.urlsafe_b64encode(f"{offset} {graph}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str | None) -> tuple[str, int]:
    if cursor is None:
        return "", 0
    try:
        offset, _, graph = (
            base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode().partition(" ")
        )
        return graph, int(offset)
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise Invalid(
            "Con trỏ trang không hợp lệ; hãy bắt đầu lại từ trang đầu.",
            "That page cursor is not one of ours; start again from the first page.",
        ) from None
