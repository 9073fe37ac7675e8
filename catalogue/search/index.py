"""The index that can be asked: pages of results with facets, groups by kind, suggestions, near names, other spellings."""

import base64
import binascii
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalogue.abbreviations import spelt_out
from catalogue.errors import Invalid
from catalogue.folding import fold
from catalogue.iri import KINDS
from catalogue.labels import Reference, references
from catalogue.lineage import lives
from catalogue.search import corrections, documents, filters
from catalogue.search.filters import EVERYTHING, NAMES, Counts, Filters
from catalogue.search.findable import LONGEST_NAME, forms_of
from catalogue.search.wording import FITS, Fit, Wording
from catalogue.store.port import Store

if TYPE_CHECKING:
    import tantivy

LONGEST = 300
"""Most characters of a search text."""

MOST = 1_000
"""Most results of one page."""

DEEPEST = 10_000
"""Most results that can be paged through; beyond it the search text should be narrower."""

_MOST_WORDS, _TELLING_WORDS = 60, 6
"""Words of a text that are looked at, and of these the rarest, by which things are looked for."""

_LOOKED_AT, _ROUNDS = 120, 3
"""Most results, the best ones, that are looked at to put a few of each kind together, and how often for the kinds left."""

_PLACE = {kind: place for place, kind in enumerate(KINDS)}

_FEW = 3
"""Where fewer things fit as typed, typing errors are looked for too."""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that fits: its name in the language asked for, its code or number, how it fits the text, and its validity,
    which alone tells two bodies of one name apart.

    `former`: the name of a unit that went into it, where it was found by that; `became`: the units that it went into.
    """

    iri: str
    kind: str | None
    label: str | None
    language: str | None
    notation: str | None
    matched: Fit
    score: float
    valid_from: date | None
    valid_to: date | None
    former: str | None
    became: list[Reference]


@dataclass(frozen=True, slots=True)
class Near:
    """One thing whose names share words with a text: the folded names, and whether one of them is the text."""

    iri: str
    kind: str
    forms: tuple[str, ...]
    exact: bool


@dataclass(frozen=True, slots=True)
class FacetValue:
    """How many results bear a value: an IRI, with its `label`, or a word (a kind, a mark, a publisher)."""

    value: str
    label: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing to narrow results by, and its commonest values, counted over what all other filters leave."""

    name: str
    values: list[FacetValue]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of results, the best first. `total` and `facets` count all results, whatever the page."""

    query: str
    as_of: date
    total: int
    items: list[Found]
    facets: list[Facet]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class KindGroup:
    """The best results of one kind, and how many there are of it."""

    kind: str
    count: int
    items: list[Found]


def open_index(directory: Path | None, store: Store) -> "SearchIndex":
    """The index in `directory`, made first where it is absent; None makes one in memory."""
    index = documents.opened(directory, store)
    return SearchIndex(index.schema, index.searcher(), store)


class SearchIndex:
    """An index that can be asked. It never changes; threads may share it."""

    def __init__(self, schema: "tantivy.Schema", searcher: "tantivy.Searcher", store: Store) -> None:
        self._schema = schema
        self._searcher = searcher
        self._store = store

    def over(self, store: Store) -> "SearchIndex":
        """The same index, over a later state: what it finds bears the names of that state, and what is gone is left out."""
        return SearchIndex(self._schema, self._searcher, store)

    @property
    def size(self) -> int:
        """How many things can be found."""
        return int(self._searcher.num_docs)

    def search(
        self,
        text: str,
        narrow: Filters = EVERYTHING,
        *,
        as_of: date,
        limit: int = 20,
        cursor: str | None = None,
        language: str = "vi",
    ) -> SearchPage:
        """The things that `text` may mean, among those that the filters leave, from the place `cursor` on.

        Raises `Invalid` for a text of more than 300 characters, a filter that does not exist, or a cursor of no answer.
        """
        offset = _offset(cursor)
        _check(text, limit)
        narrow.check()
        wording = Wording(self._schema, text)
        if not wording.folded:
            return SearchPage(text, as_of, 0, [], [], None)
        query, total, counts = self._looked(wording, narrow, as_of)
        hits = self._searcher.search(query, limit, offset=offset, count=False, weight_by_field="weight").hits
        items = self._found(wording, hits, language)
        reached = offset + len(hits)
        more = len(hits) == limit and reached < min(total, DEEPEST)
        facets = self._facets(counts, language)
        return SearchPage(text, as_of, total, items, facets, _cursor(reached) if more else None)

    def by_kind(
        self,
        text: str,
        narrow: Filters = EVERYTHING,
        *,
        as_of: date,
        each: int = 5,
        language: str = "vi",
    ) -> tuple[SearchPage, list[KindGroup]]:
        """The best `each` results of the kinds that fit best; the page holds what was counted. Kinds with an exact name come
        first, then those with a name that begins so, then by words, each in the order of lists.

        Of kinds that fit last there may be a count in the facets and no group. Raises as
        `search` does.
        """
        _check(text, each)
        narrow.check()
        wording = Wording(self._schema, text)
        if not wording.folded:
            return SearchPage(text, as_of, 0, [], [], None), []
        query, total, counts = self._looked(wording, narrow, as_of)
        kinds = counts.get("kind", {})
        groups: dict[str, list[tuple[float, Any]]] = {}
        rest = query
        for _ in range(_ROUNDS):
            for score, address in self._searcher.search(rest, _LOOKED_AT, count=False, weight_by_field="weight").hits:
                document = self._searcher.doc(address)
                held = groups.setdefault(str(document.get_first("kind")), [])
                if len(held) < each:
                    held.append((score, document))
            if len(groups) >= len(kinds):
                break
            rest = filters.other_kinds(self._schema, query, groups)
        best = self._told(wording, [one for held in groups.values() for one in held], language)
        page = SearchPage(text, as_of, total, best, self._facets(counts, language), None)
        grouped = [KindGroup(kind, kinds.get(kind, 0), [one for one in best if one.kind == kind]) for kind in groups]
        return page, sorted((group for group in grouped if group.items), key=_usefulness)

    def suggest(self, text: str, *, kinds: Collection[str] = (), limit: int = 8, language: str = "vi") -> list[Found]:
        """The best things of `kinds` (of all, where there are none) for a text that is still being typed; nothing is counted.

        A text that fits nothing is tried with its words as names spell them. What is longer than a search text may be is
        cut: nobody types that, and who pastes it sees results all the same.
        """
        wording = Wording(self._schema, text[:LONGEST])
        if not wording.folded:
            return []
        found = self._suggested(wording, kinds, limit, language)
        if not found:
            respelt = next(iter(self.corrected(text)), "")
            if len(respelt.split()) == len(wording.folded.split()):
                found = self._suggested(Wording(self._schema, respelt), kinds, limit, language)
        return found

    def _suggested(self, wording: Wording, kinds: Collection[str], limit: int, language: str) -> list[Found]:
        ways: list[Callable[[], tantivy.Query]]
        ways = [partial(wording.query, similar=similar) for similar in (False, True)]
        if len(wording.folded) == 1:
            ways.insert(0, wording.beginning)
        for way in ways:
            query = filters.of_kinds(self._schema, way(), kinds) if kinds else way()
            answer = self._searcher.search(query, limit, count=False, weight_by_field="weight")
            found = self._found(wording, answer.hits, language)
            if found:
                return found
        return []

    def corrected(self, text: str) -> list[str]:
        """Other texts to try where `text` finds nothing: its words in a spelling that names hold, then fewer of them."""

        def fits(other: str) -> bool:
            return not self._fewer(Wording(self._schema, other).matching(similar=False), 1)

        return corrections.of(self._searcher, fold(text[:LONGEST]), fits)

    def nearest(self, text: str, *, kinds: Collection[str] = (), limit: int = 30) -> list[Near]:
        """The things of `kinds` (of all, where there are none) whose names are `text` or share words with it: exact ones
        first, up to `limit` of these and of the others. A word that no name holds stands for those one typing error away.
        """
        from tantivy import Occur, Query

        folded = fold(text[:LONGEST_NAME])
        forms = list(dict.fromkeys((folded, spelt_out(folded)))) if folded else []
        if not forms:
            return []
        held = {word: self._searcher.doc_freq("words", word) for form in forms for word in form.split()[:_MOST_WORDS]}
        # The rare words tell names apart; to walk through all names that hold “tỷ lệ” takes most of the time.
        rare = sorted((word for word in held if held[word]), key=lambda word: held[word])[:_TELLING_WORDS]
        sharing = [(Occur.Should, Query.term_query(self._schema, "words", word)) for word in rare]
        strange = [word for word in held if not held[word] and len(word) >= 3 and word.isalpha()][:_TELLING_WORDS]
        sharing += [(Occur.Should, Query.fuzzy_term_query(self._schema, "words", word, distance=1)) for word in strange]
        exact = Query.boolean_query([(Occur.Should, Query.term_query(self._schema, "name", form)) for form in forms])
        found: dict[str, Near] = {}
        for query in (exact, Query.boolean_query(sharing)):
            for address in self._best(query, kinds, limit):
                document = self._searcher.doc(address)
                iri, names = str(document.get_first("iri")), tuple(map(str, document.get_all("name")))
                if iri not in found:
                    near = Near(iri, str(document.get_first("kind")), names, any(form in names for form in forms))
                    found[iri] = near
        return list(found.values())

    def _looked(self, wording: Wording, narrow: Filters, as_of: date) -> "tuple[tantivy.Query, int, Counts]":
        """What is asked for, how much fits, and how much of each value of each facet the other filters leave."""
        similar = False
        asked = filters.narrowed(self._schema, wording.matching(similar=False), narrow, as_of)
        total, counts = filters.counted(self._searcher, asked, as_of)
        if total < _FEW and (not narrow.chosen or self._fewer(wording.matching(similar=False), _FEW)):
            similar = True
            asked = filters.narrowed(self._schema, wording.matching(similar=True), narrow, as_of)
            total, counts = filters.counted(self._searcher, asked, as_of)
        matching = wording.matching(similar=similar)
        for name, value in narrow.chosen.items():
            others = filters.narrowed(self._schema, matching, narrow.without(name), as_of)
            _, apart = filters.counted(self._searcher, others, as_of, (name,))
            counts[name] = apart[name] | ({value: total} if value not in apart[name] else {})
        return filters.narrowed(self._schema, wording.query(similar=similar), narrow, as_of), total, counts

    def _fewer(self, query: "tantivy.Query", number: int) -> bool:
        return len(self._searcher.search(query, number, count=False).hits) < number

    def _facets(self, counts: Counts, language: str) -> list[Facet]:
        nodes = [value for name in ("level", "group", "lead") for value in counts.get(name, ())]
        named = references(self._store, nodes, language) if nodes else {}
        return [
            Facet(
                name,
                [
                    FacetValue(value, named[value].label if value in named else None, count)
                    for value, count in counts.get(name, {}).items()
                ],
            )
            for name in NAMES
            if counts.get(name)
        ]

    def _found(
        self, wording: Wording, hits: "Iterable[tuple[float, tantivy.DocAddress]]", language: str
    ) -> list[Found]:
        return self._told(wording, [(score, self._searcher.doc(address)) for score, address in hits], language)

    def _told(self, wording: Wording, found: "Sequence[tuple[float, Any]]", language: str) -> list[Found]:
        """The things of some documents, as the store of now calls them; what is gone from it is left out."""
        iris = [str(document.get_first("iri")) for _, document in found]
        later = {
            iri: list(map(str, document.get_all("became"))) for iri, (_, document) in zip(iris, found, strict=True)
        }
        named = references(self._store, [*iris, *(one for after in later.values() for one in after)], language)
        life = lives(self._store, iris) if iris else {}
        items = []
        for iri, (score, document) in zip(iris, found, strict=True):
            reference = named[iri]
            if reference.label is None:
                continue  # of an earlier state, and gone
            formerly = [(name, forms_of([name], reference.kind)) for name in map(str, document.get_all("formerly"))]
            fit = wording.fit(map(str, document.get_all("name")), (form for _, forms in formerly for form in forms))
            former = None
            if fit == "former":
                former = next((name for name, forms in formerly if wording.fit(forms) != "similar"), None)
            items.append(
                Found(
                    iri,
                    reference.kind,
                    reference.label,
                    reference.language,
                    document.get_first("notation"),
                    fit,
                    round(score, 3),
                    *life.get(iri, (None, None)),
                    former,
                    [named[after] for after in later[iri] if named[after].label],
                )
            )
        return items

    def _best(self, query: "tantivy.Query", kinds: Collection[str], limit: int) -> "list[tantivy.DocAddress]":
        fitting = sum(self._searcher.doc_freq("kind", kind) for kind in kinds)
        # To look at the kind of everything on the way costs more than to leave a few out at the end.
        most_fit = fitting > 0.9 * self._searcher.num_docs
        only = filters.of_kinds(self._schema, query, kinds) if kinds and not most_fit else query
        return [address for _, address in self._searcher.search(only, limit, count=False).hits]


def _usefulness(group: KindGroup) -> tuple[int, int]:
    return min(FITS.index(one.matched) for one in group.items), _PLACE.get(group.kind, len(_PLACE))


def _check(text: str, limit: int) -> None:
    if len(text) > LONGEST:
        raise Invalid(
            f"Câu tìm dài {len(text)} ký tự; tối đa {LONGEST}. Hãy tìm bằng ít từ hơn.",
            f"The search text has {len(text)} characters; at most {LONGEST}. Search with fewer words.",
            details={"longest": LONGEST},
        )
    if not 1 <= limit <= MOST:
        raise Invalid(f"limit phải từ 1 đến {MOST}, nhận được {limit}.", f"limit must be 1 to {MOST}, got {limit}.")


def _cursor(offset: int) -> str:
    return base64.urlsafe_b64encode(f"s{offset}".encode()).decode().rstrip("=")


def _offset(cursor: str | None) -> int:
    if not cursor:
        return 0
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        if re.fullmatch(r"s\d{1,6}", text) and int(text[1:]) <= DEEPEST:
            return int(text[1:])
    except (binascii.Error, ValueError):
        pass
    raise Invalid(
        "Dấu trang (cursor) này không thuộc về kết quả nào; hãy bắt đầu lại từ trang đầu.",
        "This cursor belongs to no answer; start again from the first page.",
    )
