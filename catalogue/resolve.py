"""From what a person has in hand to the thing it names: an IRI, a CURIE, a code, a document number, a name.

Codes are found in every scheme, alone or behind the key of their scheme (tinh-2023 T0105), agency codes in their present
form (H26) and in the reversed old one (000.00.00.H26).
A document number may carry its type and its day (“Quyết định số 1012/QĐ-TTg ngày 20/9/2024”), because one number can
name several documents. Names are found with and without diacritics, in full or abbreviated.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

from pyoxigraph import NamedNode

from catalogue.abbreviations import spelt_out
from catalogue.beside import beside
from catalogue.citations import Citation, fits, partial_keys, plain, read
from catalogue.errors import Ambiguous, Invalid, NotFound
from catalogue.folding import fold
from catalogue.iri import KINDS, PREFIXES
from catalogue.iri import thing as thing_iri
from catalogue.labels import Reference, kind_of, references
from catalogue.lookup import rows_of
from catalogue.names import composed, shorter, units, without_units
from catalogue.query import Query
from catalogue.rows import records
from catalogue.store.port import Store

LONGEST = 500
"""Most characters of a text to resolve."""

By = Literal["iri", "curie", "code", "number", "name"]
_DOCUMENTS = ("decision", "provision")
_SCHEMES = ("code-scheme", "area-scheme", "indicator-set")
_ORDER: tuple[By, ...] = ("iri", "curie", "code", "number", "name")


@dataclass(frozen=True, slots=True)
class Match:
    """A thing that fits, by what it fits (`value`), the scheme of a code, and the validity of what fits."""

    thing: Reference
    by: By
    value: str
    scheme: Reference | None
    valid_from: datetime.date | None
    valid_to: datetime.date | None


# Prefixes that `graph/` writes for a kind whose name is long or taken.
_ALIASES = {"set": "indicator-set", "group": "indicator-group", "identifier": "code"}
_SUFFIXES = ("html", "ttl", "jsonld", "rdf", "nt")
_SERVED = re.compile(r"^https?://[^/]+/(?:.*/)?(?:id|doc)/(?P<kind>[a-z-]+)/(?P<key>[^/?#]+)/?(?:[?#].*)?$")
_CALLED_SO = re.compile(r"^(?:bộ )?số ", re.IGNORECASE)
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{1,99}")
_QUALIFIED = re.compile(r"(?<=\w)(?: +|[.:/])(?=\w)")  # what may stand between a scheme and its code
_NAMED_SCHEMES = 12  # of the schemes known, in a sentence; all of them stand in the details


@dataclass(frozen=True, slots=True)
class _Key:
    thing: str
    bearer: str
    key: str


@dataclass(frozen=True, slots=True)
class _Detail:
    bearer: str
    notation: str | None
    number: str | None
    date: datetime.date | None
    type: str | None
    scheme: str | None
    valid_from: datetime.date | None
    valid_to: datetime.date | None


@dataclass(frozen=True, slots=True)
class _Document:
    document: str
    issuer: str | None
    title: str | None


@dataclass(frozen=True, slots=True)
class _Name:
    thing: str
    name: str


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A match, and how its name is spelt beside what was typed: 0 alike, 1 alike in a shorter form, 2 otherwise."""

    match: Match
    spelling: int


def find(
    store: Store, text: str, *, base: str, scheme: str | None = None, language: str = "vi", limit: int = 50
) -> list[Match]:
    """All things that `text` may name, the surest kind of match first; [] where nothing fits.

    `scheme`: the scheme to which codes are restricted, by its IRI, its CURIE, its key, a part of its IRI, or its name. Raises
    `Invalid` for an empty text, for one of more than 500 characters, and for a scheme that is not known.
    """
    return [ranked.match for ranked in _ranked(store, text, base, scheme, language)[:limit]]


def one(store: Store, text: str, *, base: str, as_of: datetime.date | None = None, language: str = "vi") -> NamedNode:
    """The one thing that `text` names.

    Where several bear a name that folds alike, those are meant whose spelling is the same to the last mark. Where just
    one of them is alive on `as_of`, that one is meant (a department before and after a merger may bear one name); this
    never chooses between documents. Raises `NotFound`; raises `Ambiguous` with the candidates in its details.
    """
    ranked = _ranked(store, text, base, None, language)
    if not ranked:
        raise NotFound(
            f"Không tìm thấy “{text.strip()[:80]}” trong danh mục. Hãy thử một phần của tên bằng tìm kiếm "
            "(chiso search, hoặc trang /search).",
            f"Nothing in the catalogue is called “{text.strip()[:80]}”. Try a part of the name in the search "
            "(chiso search, or the page /search).",
            details={"text": text.strip()[:80]},
        )
    candidates = [one for one in ranked if one.match.by == ranked[0].match.by][:50]
    best = [one.match for one in candidates if one.spelling == 0] or [one.match for one in candidates]
    if len(best) > 1 and as_of is not None and not any(match.thing.kind in _DOCUMENTS for match in best):
        alive = [m for m in best if (m.valid_from or datetime.date.min) <= as_of < (m.valid_to or datetime.date.max)]
        dated = [m for m in best if m.valid_from or m.valid_to]
        if len(alive) == 1 and len(dated) == len(best):
            best = alive
    if len({match.thing.iri for match in best}) == 1:
        return NamedNode(best[0].thing.iri)
    told = beside(store, [one.match.thing.iri for one in candidates], language)
    raise Ambiguous(
        f"“{text.strip()[:80]}” có thể là {len(candidates)} thứ khác nhau; hãy chọn một.",
        f"“{text.strip()[:80]}” may be {len(candidates)} different things; choose one.",
        details={
            "candidates": [
                {
                    "iri": m.thing.iri,
                    "kind": m.thing.kind,
                    "label": m.thing.label,
                    "by": m.by,
                    "value": m.value,
                    "about": told.get(m.thing.iri),
                }
                for m in (one.match for one in candidates)
            ]
        },
    )


def _ranked(store: Store, text: str, base: str, scheme: str | None, language: str) -> list[_Ranked]:
    wanted = composed(text)
    if not wanted or len(wanted) > LONGEST:
        raise Invalid(
            f"Hãy cho một tên, mã, số văn bản hoặc IRI, dài từ 1 đến {LONGEST} ký tự.",
            f"Give a name, code, document number or IRI of 1 to {LONGEST} characters.",
        )
    meant = schemes(store, scheme, base=base, language=language) if scheme else None
    direct = _direct(store, wanted, base, language)
    if direct is not None:
        return [_Ranked(direct, 0)]
    found = _by_key(store, wanted, meant, language)
    if found or meant:
        return found
    return _things_by_key(store, wanted, base, language) or _code_of_scheme(store, wanted, language)


def _direct(store: Store, text: str, base: str, language: str) -> Match | None:
    """An IRI, the address at which a thing is served, or a CURIE that the catalogue knows."""
    by: By = "iri" if text.startswith(("http://", "https://", "urn:")) else "curie"
    for candidate in _addresses(text, base) if by == "iri" else _curie(text, base):
        if store.ask(Query.named("resolve-exists").bind(thing=candidate)):
            return Match(references(store, [candidate.value], language)[candidate.value], by, text, None, None, None)
    return None


def _addresses(text: str, base: str) -> Iterator[NamedNode]:
    """The IRI itself, then the thing whose page or file has this address, on whatever host and with any suffix."""
    try:
        yield NamedNode(text)
    except ValueError:
        return
    served = _SERVED.match(text)
    if served and served["kind"] in KINDS:
        name, _, suffix = served["key"].rpartition(".")
        for key in (served["key"], *([name] if name and suffix in _SUFFIXES else [])):
            yield thing_iri(base, served["kind"], unquote(key))


def _curie(text: str, base: str) -> Iterator[NamedNode]:
    """`kind:key`, `set:key` as in `graph/`, or `prefix:name` of a vocabulary."""
    prefix, _, rest = text.partition(":")
    kind = _ALIASES.get(prefix, prefix)
    try:
        if rest and kind in KINDS:
            yield thing_iri(base, kind, rest)
        elif rest and prefix in PREFIXES:
            yield NamedNode(PREFIXES[prefix] + rest)
    except ValueError:
        return


def _things_by_key(store: Store, text: str, base: str, language: str) -> list[_Ranked]:
    """Things by the key of their IRI alone, of whatever kind: `hanoi.ubnd`, `thu.0102`; the scheme where it is one's."""
    if not _KEY.fullmatch(text):
        return []
    query = Query.named("resolve-existing")
    named = [thing_iri(base, kind, text) for kind in KINDS]
    there = [row[0].value for row in store.select(query.bind(things=named)).rows if row[0] is not None]
    there = [iri for iri in there if kind_of(iri) in _SCHEMES] or there  # its source and its mappings may share its key
    known = references(store, there, language)
    return [_Ranked(Match(known[iri], "curie", text, None, None, None), 0) for iri in there]


def _code_of_scheme(store: Store, text: str, language: str) -> list[_Ranked]:
    """A code behind the key of its scheme, as people copy it from a table: `tinh-2023 T0105`, `SDG 1.1.1`."""
    by_key: dict[str, set[str]] = {}
    for iri in _schemes(store) if _QUALIFIED.search(text) else ():
        by_key.setdefault(unquote(iri.rpartition("/")[2]).lower(), set()).add(iri)
    for parts in _QUALIFIED.finditer(text):
        meant = by_key.get(text[: parts.start()].lower())
        if meant and (found := _by_key(store, text[parts.end() :], frozenset(meant), language)):
            return found
    return []


def _schemes(store: Store) -> list[str]:
    solutions = store.select(Query.named("resolve-schemes").bind())
    return sorted(row[0].value for row in solutions.rows if row[0] is not None and kind_of(row[0].value) in _SCHEMES)


def schemes(store: Store, scheme: str, *, base: str, language: str = "vi") -> frozenset[str]:
    """The IRIs of the schemes that `scheme` means: by CURIE or key, else by a part of the IRI, else by name.

    Raises `Invalid`, with the schemes known, where it means none.
    """
    known = _schemes(store)
    named = {scheme, *(node.value for node in _curie(scheme, base))}
    found = frozenset(iri for iri in known if iri in named)
    # `sdg` is the scheme of that key, and not also vsdg-2025.
    found = found or frozenset(iri for iri in known if unquote(iri.rpartition("/")[2]) == scheme)
    found = found or frozenset(iri for iri in known if scheme in iri)
    if not found:
        labels = references(store, known, language)
        found = frozenset(iri for iri in known if fold(labels[iri].label or "") == fold(scheme))
    if found:
        return found
    shown = [":".join(unquote(iri).rsplit("/", 2)[1:]) for iri in sorted(known, key=_rarest_kind)]
    some = ", ".join(shown[:_NAMED_SCHEMES]) + (", …" if len(shown) > _NAMED_SCHEMES else "")
    raise Invalid(
        f"Danh mục không có hệ mã “{scheme[:80]}”. Các hệ mã: {some}.",
        f"The catalogue has no scheme “{scheme[:80]}”. The schemes: {some}.",
        details={"scheme": scheme[:80], "schemes": shown[:1000]},
    )


def _rarest_kind(scheme: str) -> tuple[int, str]:
    """Schemes of codes and areas first: there are few, and many indicator sets."""
    return kind_of(scheme) == "indicator-set", scheme


def _by_key(store: Store, text: str, schemes: frozenset[str] | None, language: str) -> list[_Ranked]:
    """By the name or code as it is typed and by the number of a document; only where these find nothing, by less."""
    citations = read(text)
    folded = fold(text)
    keys = dict.fromkeys(key for key in (folded, spelt_out(folded)) if key)
    found = _filed(store, text, tuple(keys), citations, schemes, language)
    if found:
        return found
    bare = _CALLED_SO.sub("", text)
    if bare != text and (found := _filed(store, text, (fold(bare),), [], schemes, language)):
        return found
    short = without_units(spelt_out(folded))
    if not short or short in keys:
        return []
    typed = units(spelt_out(folded))
    shorter_found = _filed(store, text, (short,), [], schemes, language)
    return [one for one in shorter_found if not (said := units(one.match.thing.label or "")) or said & typed]


def _filed(
    store: Store,
    text: str,
    keys: tuple[str, ...],
    citations: list[Citation],
    schemes: frozenset[str] | None,
    language: str,
) -> list[_Ranked]:
    """What is filed under `keys` or under a key of `citations` whose other words it fits."""
    every = list(dict.fromkeys([*keys, *(key for citation in citations for key in citation.keys)]))
    query = Query.named("resolve-keys")
    rows = records(_Key, store.select(query.bind(keys=every)), query.name) if every else []
    if not rows:
        return []
    details = rows_of(store, "resolve-details", _Detail, (row.bearer for row in rows))
    found: dict[tuple[str, By], tuple[_Key, _Detail]] = {}  # thing and why → what it is filed under
    for row in rows:
        by, detail = _reason(row, details[row.bearer], schemes)
        if detail is None or (schemes is not None and by != "code"):
            continue
        cited = [citation for citation in citations if row.key in citation.keys]
        if by == "number" and cited:
            meant = [citation for citation in cited if _fits(store, row.bearer, detail, citation)]
            for article in {citation.article for citation in meant if citation.article}:
                found |= {(part, by): (row, detail) for part in _parts(store, row.bearer, article)}
            if all(citation.article for citation in meant):
                continue
        if kind_of(row.thing) not in ("quote", "code", None) or by == "code":
            found.setdefault((row.thing, by), (row, detail))
    named = references(
        store, (iri for (thing, _), (_, d) in found.items() for iri in (thing, d.scheme) if iri), language
    )
    matches = [
        Match(
            named[thing],
            by,
            detail.notation or row.key if by == "code" else detail.number or row.key if by == "number" else row.key,
            named[detail.scheme] if by == "code" and detail.scheme else None,
            detail.valid_from,
            detail.valid_to,
        )
        for (thing, by), (row, detail) in found.items()
    ]
    spellings = _spellings(store, text, [match.thing for match in matches if match.by == "name"])
    ranked = [_Ranked(match, spellings.get(match.thing.iri, 2)) for match in matches]
    return sorted(ranked, key=_usefulness)


def _usefulness(ranked: _Ranked) -> tuple[int, int, bool, str]:
    """Surer ways to fit first, then the same spelling; among equals what is still valid, then in a stable order."""
    match = ranked.match
    return _ORDER.index(match.by), ranked.spelling, match.valid_to is not None, match.thing.iri


def _reason(row: _Key, details: list[_Detail], schemes: frozenset[str] | None) -> tuple[By, _Detail | None]:
    """Why the bearer is filed under the key, and what is said of it, of one of `schemes` where these are given."""
    fitting = [detail for detail in details if schemes is None or detail.scheme in schemes]
    for detail in fitting:
        if detail.notation is not None and fold(detail.notation) == row.key:
            return "code", detail
    for detail in fitting:
        if detail.number is not None and row.key in (fold(detail.number), *partial_keys(detail.number)):
            return "number", detail
    return "name", fitting[0] if fitting else None


def _fits(store: Store, document: str, detail: _Detail, citation: Citation) -> bool:
    said = rows_of(store, "resolve-documents", _Document, [document])[document] if citation.beside else []
    issuers = [row.issuer for row in said if row.issuer]
    return fits(
        citation,
        type=detail.type.rpartition("/")[2] if detail.type else None,
        number=detail.number or "",
        date=detail.date,
        titles=[row.title for row in said if row.title],
        issuers=[form for name in issuers for kind in ("agency", "area") for form in (name, *shorter(name, kind))],
    )


def _parts(store: Store, document: str, article: str) -> list[str]:
    bound = Query.named("resolve-articles").bind(document=NamedNode(document), article=article)
    return [row[0].value for row in store.select(bound).rows if row[0] is not None]


def _spellings(store: Store, text: str, things: list[Reference]) -> dict[str, int]:
    """How each thing's name is spelt beside a text that was typed with marks; {} where there is nothing to choose."""
    typed = composed(text).lower()
    if len(things) < 2 or plain(typed) == typed:
        return {}
    found = {}
    for iri, rows in rows_of(store, "resolve-names", _Name, (thing.iri for thing in things)).items():
        names = {composed(row.name).lower() for row in rows}
        less = {form.lower() for row in rows for form in shorter(row.name, kind_of(iri))}
        found[iri] = 0 if typed in names else 1 if typed in less else 2
    return found
