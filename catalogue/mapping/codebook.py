"""Schemes and codes by what people write: a scheme by IRI, key or name, thousands of codes at once.

A code is compared folded (h26, H26), and where it is all digits also with and without leading zeros, which spreadsheets
drop. What fits several codes is never chosen between.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from itertools import islice
from typing import NamedTuple
from urllib.parse import unquote

from pyoxigraph import NamedNode

from catalogue.clock import holds
from catalogue.errors import Ambiguous, NotFound
from catalogue.folding import fold
from catalogue.iri import KINDS, is_absolute
from catalogue.labels import references
from catalogue.names import composed
from catalogue.query import Query
from catalogue.rows import records
from catalogue.store.port import NODES_PER_QUERY, Store

MANY = 1_000
"""So many codes at once are found by reading all there are instead of asking for each."""

_ZEROS = 4  # most leading zeros that are thought to be missing
_ALIASES = {"set": "indicator-set"}


@dataclass(frozen=True, slots=True)
class _SchemeRow:
    scheme: str
    name: str | None


@dataclass(frozen=True, slots=True)
class _CodeRow:
    thing: str
    code: str
    scheme: str | None
    valid_from: date | None
    valid_to: date | None

    def alive(self, day: date) -> bool:
        return holds(day, self.valid_from, self.valid_to)


class Found(NamedTuple):
    """What a code means: the one thing, and the code as it is written there; or no thing and all that it may mean."""

    thing: str | None
    code: str | None = None
    candidates: tuple[str, ...] = ()


def scheme(store: Store, text: str, *, language: str = "vi") -> str:
    """The IRI of the scheme that `text` names: its IRI, `kind:key`, key, name or short name, or a part of its key or name.

    Raises `NotFound` with schemes there are, `Ambiguous` with the candidates.
    """
    names: dict[str, list[str]] = {}
    query = Query.named("codebook-schemes")
    for row in records(_SchemeRow, store.select(query.bind()), query.name):
        names.setdefault(row.scheme, [])
        names[row.scheme] += [row.name] if row.name else []
    wanted = composed(text)
    prefix, colon, rest = wanted.partition(":")
    kind = _ALIASES.get(prefix, prefix)
    key = rest if colon and kind in KINDS else wanted
    ways = (
        [iri for iri in names if iri == wanted],
        [iri for iri in names if _key(iri) == key and (key == wanted or f"/{kind}/" in iri)],
        [iri for iri, said in names.items() if fold(wanted) in map(fold, said)],
        [
            iri
            for iri, said in names.items()
            if fold(wanted) and any(fold(wanted) in fold(n) for n in (*said, _key(iri)))
        ],
    )
    found = next((way for way in ways if way), [])
    if len(found) == 1:
        return found[0]
    labels = references(store, found or islice(names, 1_000), language)
    if not found:
        shown = ", ".join(sorted(_key(iri) for iri in islice(names, 1_000) if "/code/" not in iri)[:12])
        near = get_close_matches(key.lower(), map(_key, names), 3, 0.7)
        hint = (f" Có phải {' hay '.join(near)}?", f" Is it {' or '.join(near)}?") if near else ("", "")
        raise NotFound(
            f"Danh mục không có hệ mã “{wanted[:80]}”.{hint[0]} Một số hệ mã: {shown}.",
            f"The catalogue has no scheme “{wanted[:80]}”.{hint[1]} Some of the schemes: {shown}.",
            details={"scheme": wanted[:80], "schemes": sorted(names)[:1_000]},
        )
    raise Ambiguous(
        f"“{wanted[:80]}” có thể là {len(found)} hệ mã; hãy nêu khoá của một: {', '.join(map(_key, found[:8]))}.",
        f"“{wanted[:80]}” may be {len(found)} schemes; give the key of one: {', '.join(map(_key, found[:8]))}.",
        details={
            "candidates": [{"iri": iri, "kind": labels[iri].kind, "label": labels[iri].label} for iri in found[:50]]
        },
    )


def find(store: Store, texts: Collection[str], *, scheme: str | None, day: date) -> dict[str, Found]:
    """What each of `texts` means among the codes of `scheme`, or of all schemes; an IRI means the thing itself.

    Where several things bear a code, the one that is valid on `day` is meant if there is just one.
    """
    iris = {text for text in texts if text.startswith(("http://", "https://", "urn:")) and is_absolute(text)}
    wanted = {text: fold(text) for text in texts if text not in iris}
    keys = {key for text, key in wanted.items() if key} | {
        variant for text in wanted if text.isdigit() for variant in _with_zeros(text)
    }
    by_key: dict[str, list[_CodeRow]] = {}
    for row in _read(store, keys, scheme):
        if scheme is None or row.scheme == scheme:
            by_key.setdefault(fold(row.code), []).append(row)
    found = {iri: Found(iri) for iri in iris}
    for text, key in wanted.items():
        rows = by_key.get(key, [])
        if not rows and text.isdigit():
            rows = [row for variant in _with_zeros(text) for row in by_key.get(variant, ())]
        found[text] = _meant(rows, day)
    return found


def lists_with(store: Store, texts: Collection[str]) -> dict[str, int]:
    """How many of `texts` are codes of each scheme, as they are written but for capitals."""
    held: dict[str, set[str]] = {}
    for row in _read(store, {key for key in map(fold, texts) if key}, None):
        if row.scheme is not None:
            held.setdefault(row.scheme, set()).add(fold(row.code))
    wanted = set(map(fold, texts))
    return {scheme: len(codes & wanted) for scheme, codes in held.items() if codes & wanted}


def headless(store: Store, title: str, row: int) -> tuple[str, str] | None:
    """What to say (vi, en) where the title of a column of codes is itself a code: the file may have no header."""
    if not any(letter.isdigit() for letter in title) or not lists_with(store, [title]):
        return None
    return (
        f"Dòng {row} (“{title[:40]}”) được đọc là dòng tiêu đề. Nếu tệp không có tiêu đề, hãy thêm một dòng tiêu đề ở trên.",
        f"Row {row} (“{title[:40]}”) is read as the header. If the file has none, add a row of titles above.",
    )


def _meant(rows: list[_CodeRow], day: date) -> Found:
    things = dict.fromkeys(row.thing for row in rows)
    if len(things) > 1:
        alive = dict.fromkeys(row.thing for row in rows if row.alive(day))
        things = alive if len(alive) == 1 else things
    if len(things) == 1:
        (thing,) = things
        return Found(thing, next(row.code for row in rows if row.thing == thing))
    return Found(None, None, tuple(things))


def _with_zeros(text: str) -> list[str]:
    bare = text.lstrip("0") or "0"
    return [bare.zfill(width) for width in range(len(bare), len(text) + _ZEROS + 1) if width != len(text)]


def _read(store: Store, keys: Collection[str], scheme: str | None) -> Iterable[_CodeRow]:
    if len(keys) > MANY:
        query = Query.named("codebook-all" if scheme is None else "codebook-scheme")
        bound = query.bind() if scheme is None else query.bind(scheme=NamedNode(scheme))
        yield from records(_CodeRow, store.select(bound), query.name)
        return
    query, every = Query.named("codebook-keys"), sorted(keys)
    for at in range(0, len(every), NODES_PER_QUERY):
        yield from records(_CodeRow, store.select(query.bind(keys=every[at : at + NODES_PER_QUERY])), query.name)


def _key(iri: str) -> str:
    return unquote(iri.rstrip("/#").rpartition("/")[2])


@dataclass(frozen=True, slots=True)
class _MemberRow:
    thing: str


def members(store: Store, scheme: str, things: Collection[str]) -> set[str]:
    """Those of `things` that are codes of the scheme."""
    if len(things) > MANY:
        query = Query.named("codebook-members-all")
        rows = records(_MemberRow, store.select(query.bind(scheme=NamedNode(scheme))), query.name)
        return {row.thing for row in rows}.intersection(things)
    query, found = Query.named("codebook-members"), set[str]()
    every = [NamedNode(iri) for iri in sorted(things)]
    for at in range(0, len(every), NODES_PER_QUERY):
        bound = query.bind(scheme=NamedNode(scheme), things=every[at : at + NODES_PER_QUERY])
        found |= {row.thing for row in records(_MemberRow, store.select(bound), query.name)}
    return found
