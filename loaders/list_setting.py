"""What the catalogue already knows that a list of a user rests on: decision, bodies, the higher-level list, namesakes."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from catalogue import resolve
from catalogue.errors import Conflict, Invalid
from catalogue.folding import fold
from catalogue.graphs import key_of, made_here
from catalogue.labels import kind_of
from catalogue.names import composed
from catalogue.query import Query
from catalogue.rows import records
from catalogue.store.port import Store

_PARTIES = ("agency", "addressee", "post")


@dataclass(frozen=True, slots=True)
class Decision:
    """The document, or its provision, that issues a list. `issuer`: who decided (IRI); `day`: of the document; in force from, to (excluded)."""

    iri: str
    issuer: str | None
    day: datetime.date | None
    valid_from: datetime.date | None
    valid_to: datetime.date | None


@dataclass(frozen=True, slots=True)
class _DecisionRow:
    issuer: str | None
    date: datetime.date | None
    valid_from: datetime.date | None
    valid_to: datetime.date | None


@dataclass(frozen=True, slots=True)
class _PartyRow:
    party: str
    name: str
    valid_from: datetime.date | None
    valid_to: datetime.date | None


@dataclass(frozen=True, slots=True)
class _CodeRow:
    code: str
    thing: str


@dataclass(frozen=True, slots=True)
class _HolderRow:
    scheme: str
    graph: str
    page: str | None


def decision(store: Store, text: str, *, base: str, language: str = "vi") -> Decision:
    """The document or provision that `text` (number, CURIE, IRI) names. Raises `NotFound`, `Ambiguous`, `Invalid` for another thing."""
    found = resolve.one(store, text, base=base, language=language)
    rows = records(_DecisionRow, store.select(Query.named("list-decision").bind(decision=found)), "list-decision")
    if not rows:
        raise Invalid(
            f"--decision: “{text[:80]}” là {found.value}, không phải văn bản. Hãy cho số hiệu của văn bản ban hành.",
            f"--decision: “{text[:80]}” is {found.value}, which is no document. Give the number of the one that issues the list.",
        )
    issuers = {row.issuer for row in rows}
    one = rows[0]
    return Decision(found.value, one.issuer if len(issuers) == 1 else None, one.date, one.valid_from, one.valid_to)


def parties(store: Store, names: Iterable[str], day: datetime.date | None) -> dict[str, str]:
    """Which body, post or group of addressees (IRI) each name means that means just one alive on `day`.

    A name must be one of its names to the last mark: “Sở Y tế” is no particular department.
    """
    wanted = {name: composed(name).lower() for name in names}
    keys = sorted({fold(name) for name in wanted.values()} - {""})
    found: dict[str, set[str]] = {}
    for at in range(0, len(keys), 200):
        query = Query.named("list-parties")
        for row in records(_PartyRow, store.select(query.bind(keys=keys[at : at + 200])), query.name):
            alive = day is None or ((row.valid_from or datetime.date.min) <= day < (row.valid_to or datetime.date.max))
            if alive and kind_of(row.party) in _PARTIES:
                found.setdefault(composed(row.name).lower(), set()).add(row.party)
    return {name: next(iter(found[said])) for name, said in wanted.items() if len(found.get(said, ())) == 1}


def scheme(store: Store, text: str, *, base: str, language: str = "vi") -> str:
    """The one scheme (IRI) that `text` means. Raises `Invalid` with the schemes there are, or those that it may mean."""
    found = sorted(resolve.schemes(store, text, base=base, language=language))
    if len(found) > 1:
        named = ", ".join(iri.rpartition("/")[2] for iri in found[:12])
        raise Invalid(
            f"--to: “{text[:80]}” có thể là {len(found)} bộ: {named}. Hãy cho đúng khóa.",
            f"--to: “{text[:80]}” may be {len(found)} schemes: {named}. Give the key of one.",
            details={"schemes": found[:100]},
        )
    return found[0]


def codes(store: Store, of: str) -> dict[str, str]:
    """The indicators (IRI) of a scheme by code."""
    query = Query.named("list-codes")
    return {
        row.code: row.thing for row in records(_CodeRow, store.select(query.bind(scheme=NamedNode(of))), query.name)
    }


def refuse_namesakes(store: Store, schemes: Sequence[NamedNode], key: str, source: str, base: str) -> None:
    """Raise `Conflict` where a list of the same key is there, from elsewhere; the same list may be loaded again."""
    query = Query.named("list-holders")
    for row in records(_HolderRow, store.select(query.bind(schemes=list(schemes))), query.name):
        if NamedNode(row.graph) in made_here(base):
            continue
        holder = key_of(NamedNode(row.graph), base)
        name = row.scheme.rpartition("/")[2]
        if holder != key:
            raise Conflict(
                f"--set: danh mục đã có bộ {name}, do nguồn {holder} nêu. Hãy chọn khóa khác; quan hệ giữa hai bộ ghi bằng ánh xạ.",
                f"--set: the catalogue has a list {name} already, stated by the source {holder}. Choose another key; ties between two lists are mappings.",
                details={"scheme": row.scheme, "source": holder},
            )
        if row.page is not None and row.page != source:
            raise Conflict(
                f"--set: bộ {name} đã được nạp từ “{row.page}”. Để thay bằng bản mới của cùng nguồn, hãy cho đúng --source ấy; nếu là danh mục khác, hãy chọn khóa khác.",
                f"--set: the list {name} was loaded from “{row.page}”. To replace it by a newer copy, give that --source; for another list, choose another key.",
                details={"scheme": row.scheme, "source": row.page},
            )
