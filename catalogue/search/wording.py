"""From a text that a person typed to a query of the index, and how a name that was found fits the text."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Literal

from catalogue.abbreviations import spelt_out
from catalogue.folding import fold
from catalogue.search.findable import BEGUN, begun_word, spelt_words

if TYPE_CHECKING:
    import tantivy

_EXACT, _PREFIX, _FORMERLY, _BEGAN, _WORDS, _SPELT, _HAD, _SIMILAR = 1000.0, 200.0, 400.0, 60.0, 40.0, 30.0, 15.0, 4.0

Fit = Literal["exact", "prefix", "words", "former", "similar"]
FITS: tuple[Fit, ...] = ("exact", "prefix", "words", "former", "similar")
"""How a name fits a text, the best first."""


class Wording:
    """One text, and the queries that find it. `folded` is empty where nothing was typed that can be found."""

    def __init__(self, schema: "tantivy.Schema", text: str) -> None:
        self.folded = fold(text)
        self.forms = tuple(dict.fromkeys(form for form in (self.folded, spelt_out(self.folded)) if form))
        self._schema = schema
        self._spelt = spelt_words(text)

    def query(self, *, similar: bool) -> "tantivy.Query":
        """The things whose names fit the text; with `similar` also those that hold its words with a typing error each."""
        from tantivy import Occur, Query

        parts: list[Query] = []
        if any(fold(word) != word for word in self._spelt):  # without marks people mean every spelling alike
            parts.append(
                Query.const_score_query(self._every([self._term("spelt", word) for word in self._spelt]), _SPELT)
            )
        for form in self.forms:
            words = form.split()
            parts += [
                Query.const_score_query(self._term("name", form), _EXACT),
                Query.const_score_query(self._name_begun(form), _PREFIX),
                Query.boost_query(self._all_words(words, self._word), _WORDS / len(words)),
                Query.const_score_query(self._term("former", form), _FORMERLY),
                Query.const_score_query(self._begun("former", form), _BEGAN),
                Query.const_score_query(self._had(words), _HAD),
            ]
            if similar:
                parts.append(Query.const_score_query(self._all_words(words, self._similar_word), _SIMILAR))
        return Query.boolean_query([(Occur.Should, part) for part in parts])

    def beginning(self) -> "tantivy.Query":
        """The things one of whose names begins with the text; to look for words that begin so takes tenths of a second
        while it is but a letter, of which most things have one."""
        from tantivy import Occur, Query

        parts = [Query.const_score_query(self._name_begun(form), _PREFIX) for form in self.forms]
        exact = [Query.const_score_query(self._term("name", form), _EXACT) for form in self.forms]
        return Query.boolean_query([(Occur.Should, part) for part in (*parts, *exact)])

    def matching(self, *, similar: bool) -> "tantivy.Query":
        """What `query` finds, without the parts that only order it: to be counted, in half the time."""
        from tantivy import Occur, Query

        parts: list[Query] = []
        for form in self.forms:
            words = form.split()
            parts += [self._all_words(words, self._word_begun), self._begun("former", form), self._had(words)]
            if similar:
                parts.append(self._all_words(words, self._similar_word))
        return Query.boolean_query([(Occur.Should, part) for part in parts])

    def fit(self, names: Iterable[str], former: Iterable[str] = ()) -> Fit:
        """How folded `names` of a thing, or those of its `former` units, fit the text."""
        own = tuple(names)
        return self._own_fit(own) or ("former" if self._own_fit(tuple(former)) else "similar")

    def _own_fit(self, names: tuple[str, ...]) -> Fit | None:
        if any(name in self.forms for name in names):
            return "exact"
        if any(name.startswith(self.forms) for name in names):
            return "prefix"
        held = {word for name in names for word in name.split()}
        for form in self.forms:
            *whole, last = form.split()
            if held.issuperset(whole) and any(word.startswith(last) for word in held):
                return "words"
        return None

    def _all_words(self, words: list[str], one: "Callable[[str, bool], tantivy.Query]") -> "tantivy.Query":
        last = len(words) - 1
        return self._every([one(word, place == last) for place, word in enumerate(words)])

    def _every(self, parts: "list[tantivy.Query]") -> "tantivy.Query":
        from tantivy import Occur, Query

        return Query.boolean_query([(Occur.Must, part) for part in parts])

    def _term(self, field: str, word: str) -> "tantivy.Query":
        from tantivy import Query

        return Query.term_query(self._schema, field, word)

    def _begun(self, field: str, word: str) -> "tantivy.Query":
        from tantivy import Query

        return Query.fuzzy_term_query(self._schema, field, word, distance=0, prefix=True)

    def _name_begun(self, form: str) -> "tantivy.Query":
        """The names that begin so: hundreds of thousands begin with one letter, and are then found as one term."""
        return self._term("begun", begun_word(form)) if len(form) <= BEGUN else self._begun("name", form)

    def _word_begun(self, word: str, last: bool) -> "tantivy.Query":
        return self._begun("words", word) if last else self._term("words", word)

    def _word(self, word: str, last: bool) -> "tantivy.Query":
        """The word itself; of the last one also its beginning, for it may still be typed."""
        from tantivy import Occur, Query

        whole = self._term("words", word)
        if not last:
            return whole
        begun = Query.const_score_query(self._begun("words", word), 0.1)
        return Query.boolean_query([(Occur.Should, whole), (Occur.Should, begun)])

    def _had(self, words: list[str]) -> "tantivy.Query":
        """The words one after another in a former name; the last may still be typed."""
        from tantivy import Query

        if len(words) == 1:
            return self._term("former_words", words[0])
        return Query.phrase_prefix_query(self._schema, "former_words", [*words])

    def _similar_word(self, word: str, last: bool) -> "tantivy.Query":
        """A word of at least four letters with one typing error; numbers and short words are meant as typed."""
        from tantivy import Query

        if len(word) < 4 or not word.isalpha():
            return self._word(word, last)
        return Query.fuzzy_term_query(self._schema, "words", word, distance=1, prefix=last)
