"""The two ends of mappings that come in: from IRIs and codes as written to things of this catalogue that lived then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote

from pyoxigraph import NamedNode

from catalogue.errors import Ambiguous, NotFound
from catalogue.iri import KINDS, kind_and_key, thing
from catalogue.labels import references
from catalogue.mapping import codebook
from catalogue.mapping.exchange.sssom import Value
from catalogue.mapping.exchange.sssom_text import Unreadable
from catalogue.mapping.records import NO_TERM
from catalogue.query import Query
from catalogue.rows import records
from catalogue.settings import DEFAULT_BASE
from catalogue.store.port import NODES_PER_QUERY, Store

MOST_HINTS = 20
"""Unknown codes for which near ones are looked up; each costs a look at a whole scheme."""


@dataclass(frozen=True, slots=True)
class Life:
    """What matters of a thing: the schemes it is in, from when to when it is valid (`valid_to` excluded), what replaced it."""

    schemes: frozenset[str] = frozenset()
    valid_from: date | None = None
    valid_to: date | None = None
    next: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Row:
    thing: str
    scheme: str | None
    valid_from: date | None
    valid_to: date | None
    next: str | None


@dataclass(frozen=True, slots=True)
class _Near:
    thing: str
    code: str | None


class Ends:
    """Resolves the ends of one set's mappings, reading the store in few questions. `day`: which of several things that
    bore a code is meant."""

    def __init__(self, store: Store, base: str, day: date) -> None:
        self._store = store
        self._base = base
        self._day = day
        self._lives: dict[str, Life] = {}
        self._codes: dict[tuple[str | None, str], codebook.Found] = {}
        self._schemes: dict[str, str | Unreadable] = {}
        self._hints = 0
        self._near: dict[str, dict[str, str]] = {}

    def prepare(self, mappings: Iterable[Mapping[str, Value]]) -> None:
        """Read what is needed to resolve the ends of `mappings`."""
        codes: dict[str | None, set[str]] = {}
        things: set[str] = set()
        for slots in mappings:
            for side in ("subject", "object"):
                said = slots.get(f"{side}_id")
                if not isinstance(said, str):
                    continue
                if ":" in said:
                    things.add(self._moved(said))
                    continue
                try:
                    codes.setdefault(self.scheme(slots.get(f"{side}_source")), set()).add(said)
                except Unreadable:
                    continue
        for scheme, texts in codes.items():
            for text, found in codebook.find(self._store, texts, scheme=scheme, day=self._day).items():
                self._codes[scheme, text] = found
                things |= {found.thing} if found.thing else set(found.candidates)
        self.learn(things)

    def learn(self, things: Iterable[str]) -> None:
        """Read the lives of things."""
        query = Query.named("importing-things")
        wanted = {one for one in things if one not in self._lives and one != NO_TERM}
        nodes = [NamedNode(one) for one in sorted(wanted)]
        for at in range(0, len(nodes), NODES_PER_QUERY):
            rows: dict[str, list[_Row]] = {}
            found = self._store.select(query.bind(things=nodes[at : at + NODES_PER_QUERY]))
            for row in records(_Row, found, query.name):
                rows.setdefault(row.thing, []).append(row)
            for iri, all_ in rows.items():
                self._lives[iri] = Life(
                    frozenset(row.scheme for row in all_ if row.scheme),
                    min((row.valid_from for row in all_ if row.valid_from), default=None),
                    max((row.valid_to for row in all_ if row.valid_to), default=None),
                    tuple(dict.fromkeys(row.next for row in all_ if row.next)),
                )

    def life(self, iri: str) -> Life:
        """What is known of a thing; nothing of one that is not."""
        return self._lives.get(iri, Life())

    def scheme(self, said: Value | None) -> str | None:
        """The scheme that a `…_source` names: an IRI is kept, a key or name looked up. Raises `Unreadable`."""
        if not isinstance(said, str):
            return None
        if ":" in said:
            return self._moved(said)
        if said not in self._schemes:
            try:
                self._schemes[said] = codebook.scheme(self._store, said)
            except (NotFound, Ambiguous) as error:
                self._schemes[said] = Unreadable(error.vi, error.en)
        found = self._schemes[said]
        if isinstance(found, Unreadable):
            raise found
        return found

    def end(self, side: str, slots: Mapping[str, Value]) -> str:
        """The thing at one end, `subject` or `object`. Raises `Unreadable` where there is none, or several fit."""
        said = slots.get(f"{side}_id")
        if not isinstance(said, str):
            raise Unreadable(
                f"{side}_id trống: danh mục chỉ nhận ánh xạ giữa hai mã, không nhận ánh xạ của một chữ (rdfs literal).",
                f"{side}_id is empty: mappings between two codes are taken here, none of a mere text (rdfs literal).",
            )
        if ":" in said:
            iri = self._moved(said)
            if iri == NO_TERM or iri in self._lives:
                return iri
            raise self._unknown(iri)
        scheme = self.scheme(slots.get(f"{side}_source"))
        found = self._codes.get((scheme, said), codebook.Found(None))
        if found.thing:
            return found.thing
        if found.candidates:
            names = self._named(found.candidates[:5])
            raise Unreadable(
                f"Mã “{said}” có thể là {names}. Hãy ghi {side}_source (hệ mã) hoặc IRI của một mã.",
                f"The code “{said}” may be {names}. Write {side}_source (the scheme), or the IRI of one of them.",
            )
        raise self._unknown_code(said, scheme)

    def _moved(self, iri: str) -> str:
        """IRIs as the shipped graph writes them, under the base of this catalogue."""
        return self._base + iri[len(DEFAULT_BASE) :] if iri.startswith(DEFAULT_BASE) else iri

    def _named(self, iris: Sequence[str]) -> str:
        found = references(self._store, iris)
        return ", ".join(f"{found[iri].label or unquote(iri.rpartition('/')[2])} <{iri}>" for iri in iris)

    def named(self, iri: str) -> str:
        """A thing by name, for a sentence."""
        return self._named([iri])

    def _unknown(self, iri: str) -> Unreadable:
        inner = kind_and_key(self._base, iri)
        if inner is None or inner[0] not in KINDS:
            return Unreadable(
                f"Danh mục không có <{iri[:200]}>. Hãy nạp hệ mã ấy trước (chiso load), hoặc dùng IRI, mã có trong danh mục.",
                f"The catalogue has no <{iri[:200]}>. Load that scheme first (chiso load), or use an IRI or code of the catalogue.",
            )
        kind, key = inner
        near = self._nearest(kind, key)
        return Unreadable(
            f"Danh mục chưa bao giờ có {kind} “{key[:120]}”.{f' Gần giống: {near}.' if near else ''} Hãy sửa mã, hoặc nạp hệ mã trước.",
            f"The catalogue never had the {kind} “{key[:120]}”.{f' Near ones: {near}.' if near else ''} Correct the code, or load the scheme first.",
        )

    def _unknown_code(self, code: str, scheme: str | None) -> Unreadable:
        near = self._nearest("indicator", code, scheme)
        of_vi = f" trong hệ mã <{scheme}>" if scheme else ""
        of_en = f" in the scheme <{scheme}>" if scheme else ""
        return Unreadable(
            f"Chưa bao giờ có mã “{code[:120]}”{of_vi}.{f' Gần giống: {near}.' if near else ''} Hãy sửa mã, hoặc ghi hệ mã vào …_source.",
            f"There never was a code “{code[:120]}”{of_en}.{f' Near ones: {near}.' if near else ''} Correct it, or write the scheme into …_source.",
        )

    def _nearest(self, kind: str, text: str, scheme: str | None = None) -> str:
        """Up to three keys or codes like `text`, empty where none is or enough were looked up."""
        self._hints += 1
        if self._hints > MOST_HINTS:
            return ""
        from rapidfuzz import process

        if kind not in self._near:
            query = Query.named("importing-near")
            rows = records(_Near, self._store.select(query.bind(**{"class": NamedNode(KINDS[kind])})), query.name)
            start = thing(self._base, kind, "x").value[:-1]
            self._near[kind] = {row.code or unquote(row.thing.removeprefix(start)): row.thing for row in rows}
            self._near[kind] |= {unquote(row.thing.removeprefix(start)): row.thing for row in rows}
        known = self._near[kind]
        found = process.extract(text, known.keys(), limit=30, score_cutoff=70)
        fits = [name for name, _, _ in found if scheme is None or scheme in self._life_of(known[name]).schemes]
        return ", ".join(fits[:3])

    def _life_of(self, iri: str) -> Life:
        self.learn([iri])
        return self.life(iri)
