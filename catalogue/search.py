"""Search: from what a person types to the things it may mean, in order of usefulness.

An index of its own (tantivy) beside the store, because no store folds Vietnamese: names, former names, abbreviations,
codes and document numbers are folded on both sides (`catalogue.folding`), and the abbreviations of the administration
are spelt out on both sides. A name that is exactly what was typed comes first, then names that begin so, then names
that hold every word, then names that hold every word but for one typing error each.

An index belongs to one published state and never changes; it is made in a directory of its own and moved into place
whole, so that a command line may search while the service runs.
"""

import base64
import binascii
import re
import shutil
import tempfile
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from catalogue.abbreviations import spelt_out
from catalogue.errors import Invalid
from catalogue.findable import LONGEST_NAME, everything, spelt_words
from catalogue.folding import fold
from catalogue.iri import KINDS
from catalogue.labels import references
from catalogue.lineage import lives
from catalogue.store.port import Store

if TYPE_CHECKING:
    import tantivy

# tantivy is imported where it is first needed: a command that does not search does not pay for it.

LONGEST = 300
"""Most characters of a search text."""

MOST = 1_000
"""Most results of one page."""

DEEPEST = 10_000
"""Most results that can be paged through; beyond it the search text should be narrower."""

_MOST_WORDS, _TELLING_WORDS = 60, 6
"""Words of a text that are looked at, and of these the rarest, by which things are looked for."""

_EXACT, _PREFIX, _WORDS, _SPELT, _SIMILAR = 1000.0, 200.0, 40.0, 30.0, 4.0

Fit = Literal["exact", "prefix", "words", "similar"]


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that fits: its name in the language asked for, its code or number, how it fits the text, and its validity,
    which alone tells two bodies of one name apart."""

    iri: str
    kind: str | None
    label: str | None
    language: str | None
    notation: str | None
    matched: Fit
    score: float
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Near:
    """One thing whose names share words with a text: the folded names, and whether one of them is the text."""

    iri: str
    kind: str
    forms: tuple[str, ...]
    exact: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """How many of all results are of one kind."""

    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of results, the best first. `total` and `facets` count all results, whatever the page."""

    query: str
    total: int
    items: list[Found]
    facets: list[Facet]
    next_cursor: str | None


def build(store: Store, directory: Path) -> None:
    """Make the index of what `store` holds in `directory`, unless it is there; it appears whole or not at all.

    Indexes of other states beside it are removed, but for the youngest, which a running service may be reading.
    """
    import tantivy

    if complete(directory):
        return
    directory.parent.mkdir(parents=True, exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix=".building-", dir=directory.parent))
    try:
        _fill(tantivy.Index(_schema(), path=str(workshop)), store)
        workshop.chmod(0o755)
        try:
            workshop.replace(directory)
        except OSError:
            if not complete(directory):  # anything else than another process that was quicker
                raise
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    _remove_older(directory)


def open_index(directory: Path | None, store: Store) -> "SearchIndex":
    """The index in `directory`, made first where it is absent; None makes one in memory."""
    import tantivy

    if directory is None:
        index = tantivy.Index(_schema())
        _fill(index, store)
    else:
        build(store, directory)
        index = tantivy.Index.open(str(directory))
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
        self, text: str, *, kind: str | None = None, limit: int = 20, cursor: str | None = None, language: str = "vi"
    ) -> SearchPage:
        """The things that `text` may mean, of one `kind` or of all, from the place `cursor` on.

        Raises `Invalid` for a text of more than 300 characters, a kind that does not exist, or a cursor of no answer.
        """
        offset = _offset(cursor)
        _check(text, kind, limit)
        folded = fold(text)
        if not folded:
            return SearchPage(text, 0, [], [], None)
        query = self._query(text, folded, similar=False)
        buckets = self._facets(query)
        if sum(buckets.values()) < 3:
            query = self._query(text, folded, similar=True)
            buckets = self._facets(query)
        if kind is not None:
            query = self._of_kinds(query, (kind,))
        answer = self._searcher.search(query, limit, offset=offset, weight_by_field="weight")
        items = self._found(folded, answer.hits, language)
        total = buckets.get(kind, 0) if kind else sum(buckets.values())
        reached = offset + len(answer.hits)
        more = len(answer.hits) == limit and reached < min(total, DEEPEST)
        facets = [Facet(one, buckets[one]) for one in KINDS if one in buckets]
        return SearchPage(text, total, items, facets, _cursor(reached) if more else None)

    def suggest(self, text: str, *, kinds: Collection[str] = (), limit: int = 8, language: str = "vi") -> list[Found]:
        """The best things of `kinds` (of all, where there are none) for a text that is still being typed; nothing is counted.

        What is longer than a search text may be is cut: nobody types that, and who pastes it sees results all the same.
        """
        text = text[:LONGEST]
        folded = fold(text)
        if not folded:
            return []
        found: list[Found] = []
        for similar in (False, True):
            query = self._query(text, folded, similar=similar)
            query = self._of_kinds(query, kinds) if kinds else query
            answer = self._searcher.search(query, limit, count=False, weight_by_field="weight")
            found = self._found(folded, answer.hits, language)
            if found:
                break
        return found

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

    def _found(self, folded: str, hits: "list[tuple[float, tantivy.DocAddress]]", language: str) -> list[Found]:
        documents = [(score, self._searcher.doc(address)) for score, address in hits]
        named = references(self._store, (str(document.get_first("iri")) for _, document in documents), language)
        life = lives(self._store, named) if named else {}
        items = []
        for score, document in documents:
            reference = named[str(document.get_first("iri"))]
            if reference.label is None:
                continue  # of an earlier state, and gone
            notation = document.get_first("notation")
            fit = _fit(folded, document.get_all("name"))
            begin, end = life.get(reference.iri, (None, None))
            items.append(
                Found(
                    reference.iri,
                    reference.kind,
                    reference.label,
                    reference.language,
                    notation,
                    fit,
                    round(score, 3),
                    begin,
                    end,
                )
            )
        return items

    def _best(self, query: "tantivy.Query", kinds: Collection[str], limit: int) -> "list[tantivy.DocAddress]":
        fitting = sum(self._searcher.doc_freq("kind", kind) for kind in kinds)
        # To look at the kind of everything on the way costs more than to leave a few out at the end.
        most_fit = fitting > 0.9 * self._searcher.num_docs
        only = self._of_kinds(query, kinds) if kinds and not most_fit else query
        return [address for _, address in self._searcher.search(only, limit, count=False).hits]

    def _of_kinds(self, query: "tantivy.Query", kinds: Collection[str]) -> "tantivy.Query":
        from tantivy import Occur, Query

        any_of = Query.boolean_query([(Occur.Should, Query.term_query(self._schema, "kind", kind)) for kind in kinds])
        return Query.boolean_query([(Occur.Must, query), (Occur.Must, Query.const_score_query(any_of, 0.0))])

    def _facets(self, query: "tantivy.Query") -> dict[str, int]:
        answer = self._searcher.aggregate(query, {"kinds": {"terms": {"field": "kind", "size": len(KINDS) + 1}}})
        return {bucket["key"]: int(bucket["doc_count"]) for bucket in answer["kinds"]["buckets"]}

    def _query(self, text: str, folded: str, *, similar: bool) -> "tantivy.Query":
        from tantivy import Occur, Query

        parts: list[tuple[Occur, Query]] = []
        spelt = spelt_words(text)
        if any(fold(word) != word for word in spelt):  # without marks people mean every spelling alike
            every = Query.boolean_query([(Occur.Must, Query.term_query(self._schema, "spelt", word)) for word in spelt])
            parts.append((Occur.Should, Query.const_score_query(every, _SPELT)))
        for form in dict.fromkeys((folded, spelt_out(folded))):
            exact = Query.term_query(self._schema, "name", form)
            begins = Query.fuzzy_term_query(self._schema, "name", form, distance=0, prefix=True)
            parts.append((Occur.Should, Query.const_score_query(exact, _EXACT)))
            parts.append((Occur.Should, Query.const_score_query(begins, _PREFIX)))
            words = form.split()
            parts.append((Occur.Should, Query.boost_query(self._every_word(words, self._word), _WORDS / len(words))))
            if similar:
                near = self._every_word(words, self._similar_word)
                parts.append((Occur.Should, Query.const_score_query(near, _SIMILAR)))
        return Query.boolean_query(parts)

    def _every_word(self, words: list[str], one: Any) -> "tantivy.Query":
        from tantivy import Occur, Query

        last = len(words) - 1
        return Query.boolean_query([(Occur.Must, one(word, place == last)) for place, word in enumerate(words)])

    def _word(self, word: str, last: bool) -> "tantivy.Query":
        """The word itself; of the last one also its beginning, for it may still be typed."""
        from tantivy import Occur, Query

        whole = Query.term_query(self._schema, "words", word)
        if not last:
            return whole
        begun = Query.const_score_query(
            Query.fuzzy_term_query(self._schema, "words", word, distance=0, prefix=True), 0.1
        )
        return Query.boolean_query([(Occur.Should, whole), (Occur.Should, begun)])

    def _similar_word(self, word: str, last: bool) -> "tantivy.Query":
        """A word of at least four letters with one typing error; numbers and short words are meant as typed."""
        from tantivy import Query

        if len(word) < 4 or not word.isalpha():
            return self._word(word, last)
        return Query.fuzzy_term_query(self._schema, "words", word, distance=1, prefix=last)


def _schema() -> "tantivy.Schema":
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("iri", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("kind", stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("notation", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("name", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    # As spelt, with diacritics: Ba Đình before Ba Dinh for those who type the marks.
    builder.add_text_field("spelt", tokenizer_name="whitespace", index_option="basic")
    # A fast float: an unsigned field that is given a Python int kills the writer.
    builder.add_float_field("weight", fast=True)
    return builder.build()


def _fill(index: "tantivy.Index", store: Store) -> None:
    import tantivy

    writer = index.writer(heap_size=50_000_000, num_threads=1)
    for found in everything(store):
        document = tantivy.Document()
        document.add_text("iri", found.iri)
        document.add_text("kind", found.kind)
        if found.notation is not None:
            document.add_text("notation", found.notation)
        for form in found.forms:
            document.add_text("name", form)
        document.add_text("words", " ".join(dict.fromkeys(word for form in found.forms for word in form.split())))
        document.add_text("spelt", " ".join(found.spelt))
        document.add_float("weight", found.weight)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()


def _fit(folded: str, names: list[Any]) -> Fit:
    forms = tuple(dict.fromkeys((folded, spelt_out(folded))))
    if any(name in forms for name in names):
        return "exact"
    if any(name.startswith(forms) for name in names):
        return "prefix"
    held = {word for name in names for word in name.split()}
    for form in forms:
        *whole, last = form.split()
        if held.issuperset(whole) and any(word.startswith(last) for word in held):
            return "words"
    return "similar"


def complete(directory: Path) -> bool:
    """Whether an index was made in `directory`."""
    return (directory / "meta.json").is_file()


def _remove_older(directory: Path) -> None:
    others = [path for path in directory.parent.iterdir() if path.is_dir() and path != directory]
    finished = sorted((path for path in others if complete(path)), key=lambda path: path.stat().st_mtime)
    for path in finished[:-1]:
        if not path.name.startswith("."):  # another process is building there
            shutil.rmtree(path, ignore_errors=True)
    for path in directory.parent.glob(".building-*"):  # left by a process that was killed
        if path.stat().st_mtime < time.time() - 3600:
            shutil.rmtree(path, ignore_errors=True)


def _check(text: str, kind: str | None, limit: int) -> None:
    if len(text) > LONGEST:
        raise Invalid(
            f"Câu tìm dài {len(text)} ký tự; tối đa {LONGEST}. Hãy tìm bằng ít từ hơn.",
            f"The search text has {len(text)} characters; at most {LONGEST}. Search with fewer words.",
            details={"longest": LONGEST},
        )
    if kind is not None and kind not in KINDS:
        raise Invalid(
            f"Không có loại “{kind[:40]}”. Các loại: {', '.join(KINDS)}.",
            f"There is no kind “{kind[:40]}”. The kinds: {', '.join(KINDS)}.",
            details={"kinds": list(KINDS)},
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
