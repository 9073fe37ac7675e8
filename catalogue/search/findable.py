"""What can be found by searching, under which names, and what it can be filtered by: what the search index holds."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from pyoxigraph import Literal

from catalogue.abbreviations import spelt_out
from catalogue.folding import fold
from catalogue.graphs import Mark
from catalogue.labels import kind_of, references
from catalogue.names import shorter
from catalogue.query import Query
from catalogue.search import standing
from catalogue.search.columns import Columns
from catalogue.search.standing import Standing
from catalogue.store.port import Store

LONGEST_NAME = 2_000
"""Letters of a name that are indexed; what is longer is a text, not a name."""

# How much a kind is worth where texts fit alike: what people ask about before what only carries it.
_WEIGHTS = {"provision": 0.2, "area": 0.3, "feature": 0.3, "source": 0.2, "event": 0.2, "area-change": 0.0}
_NOT_SEARCHED = frozenset({"code", "quote", "responsibility", "observation", "concept"})
_RENAMED = frozenset({"agency", "area"})
_MOST_FORMER = 40  # names of units that went into one: a province was made of hundreds of wards over the years
_ENDED = 0.5
_BATCH = 500  # documents whose names are read at once

_NAMES = ("search-names", "search-numbers", "search-codes")

BEGUN = 8
"""Letters of a name's beginning that are terms of their own."""

_DIFFERENT = 65_536  # a million names have few different words: each is folded once
_folded_word = lru_cache(_DIFFERENT)(fold)


class Findable(NamedTuple):
    """A thing: its code or number, its names folded, their words as they are spelt, and how much it is worth.

    `formerly`: the names of the units that went into it, as spelt. `became`: the units that it went into. The rest is
    what it can be filtered by: IRIs (`level`, `groups`, `leads`), names (`publishers`), days as numbers (20250701).
    """

    iri: str
    kind: str
    notation: str | None
    forms: list[str]
    spelt: list[str]
    weight: float
    formerly: list[str]
    became: list[str]
    level: str | None
    groups: list[str]
    leads: list[str]
    publishers: list[str]
    mark: Mark | None
    begin: int | None
    end: int | None


def everything(store: Store) -> Iterator[Findable]:
    """All that can be found in `store`."""
    names, codes, known = _read(store)
    for iri, called in _documents(store).items():
        names.setdefault(iri, []).extend(called)
    for iri, texts in names.items():
        kind = kind_of(iri)
        if kind is None or kind in _NOT_SEARCHED or "#" in iri:
            continue
        forms = forms_of(texts, kind)
        if not forms:
            continue
        formerly: list[str] = []
        if kind in _RENAMED:
            earlier = [name for origin in known.origins(iri) for name in names.get(origin, ()) if not name.isdigit()]
            formerly = [name for name in dict.fromkeys(earlier) if fold(name) not in forms][:_MOST_FORMER]
        ended = iri in known.ends
        yield Findable(
            iri,
            kind,
            codes.get(iri),
            forms,
            list(dict.fromkeys(chain.from_iterable(map(spelt_words, texts)))),
            max(0.0, _WEIGHTS.get(kind, 1.0) - (_ENDED if ended else 0.0)),
            formerly,
            known.became.get(iri, []),
            known.levels.get(iri),
            known.groups.get(iri, []),
            known.leads.get(iri, []),
            known.publishers.get(iri, []),
            known.marks.get(iri),
            known.begins.get(iri),
            known.ends.get(iri),
        )


def spelt_words(text: str) -> list[str]:
    """The words as they are spelt, lower case, composed.

    >>> spelt_words("Sở KH&CN")
    ['sở', 'kh', 'cn']
    """
    short = text[:LONGEST_NAME]
    return " ".join(map(_spelt_word, short.split())).split() if " " in short else _spelt(short)


def _spelt(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFC", text).lower())


@lru_cache(_DIFFERENT)
def _spelt_word(word: str) -> str:
    return " ".join(_spelt(word))


def forms_of(texts: Iterable[str], kind: str | None) -> list[str]:
    """The texts folded, the same with abbreviations spelt out, and the shorter forms that people type: Ba Đình, UBND
    Hà Nội, GRDP.

    >>> forms_of(["UBND TP Hà Nội"], "agency")[:2]
    ['ubnd tp ha noi', 'ubnd ha noi']
    """
    found: dict[str, None] = {}
    for text in texts:
        short = text[:LONGEST_NAME]
        folded = [_folded(form) for form in (short, *shorter(short, kind))]
        for form in folded:
            found[form] = None
        for form in folded:
            found[spelt_out(form)] = None
    found.pop("", None)
    return list(found)


def _folded(text: str) -> str:
    # A code is one word, and no other thing bears it.
    return " ".join(filter(None, map(_folded_word, text.split()))) if " " in text else fold(text)


def begun_word(beginning: str) -> str:
    """A beginning of a folded name as one term of the index.

    >>> begun_word("so k")
    'so_k'
    """
    return beginning.replace(" ", "_")


@lru_cache(_DIFFERENT)
def beginnings(form: str) -> str:
    """The beginnings of a folded name, as terms.

    >>> beginnings("so kh")
    's so so_ so_k so_kh'
    """
    term = begun_word(form)
    return " ".join(term[:length] for length in range(1, len(term) + 1))


def _read(store: Store) -> tuple[dict[str, list[str]], dict[str, str], Standing]:
    """The names of each thing, its numbers among them; its first number; and what things are filtered by."""
    names: dict[str, list[str]] = {}
    codes: dict[str, str] = {}
    with Columns(store) as columns:
        columns.ask(*_NAMES, *standing.QUESTIONS)
        for question in _NAMES:
            for iri, text in columns.pairs(question):
                names.setdefault(iri, []).append(text)
                if question == "search-numbers":
                    codes.setdefault(iri, text)
        return names, codes, standing.read(columns)


def _documents(store: Store) -> dict[str, list[str]]:
    """What documents are called where they are shown, with and without their issuers: Kế hoạch 165/KH-UBND ngày
    14/6/2022, Ủy ban nhân dân thành phố Hà Nội."""
    issuers: dict[str, list[Literal]] = {}
    for document, issuer in store.select(Query.named("search-documents").bind()).rows:
        if document is not None and kind_of(document.value) == "decision":
            known = issuers.setdefault(document.value, [])
            if isinstance(issuer, Literal):
                known.append(issuer)
    found: dict[str, list[str]] = {}
    documents = list(issuers)
    for start in range(0, len(documents), _BATCH):
        part = documents[start : start + _BATCH]
        for language in ("vi", "en"):
            for iri, named in references(store, part, language).items():
                if named.label:
                    passed = [issuer.value for issuer in issuers[iri] if issuer.language in (language, None)]
                    found.setdefault(iri, []).extend((named.label, *(f"{named.label}, {name}" for name in passed)))
    return found
