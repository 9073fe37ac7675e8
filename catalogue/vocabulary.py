"""The words of the catalogue: classes, properties, code lists, as the vocabulary graph describes them.

Our own words carry definitions; words of others carry the names under which people see them (`ontology/alignment.ttl`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal as OneOf

from pyoxigraph import Literal, NamedNode, Triple

from catalogue.iri import CODES, PREFIXES, VOCABULARY, short

Sort = OneOf["class", "property", "code", "list", "question", "other"]

QUESTIONS = "https://w3id.org/chiso/question/"

_TYPE = PREFIXES["rdf"] + "type"
_LABELS = (PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel")
_DEFINITIONS = (PREFIXES["skos"] + "definition", PREFIXES["rdfs"] + "comment")
_CLASSES = frozenset((PREFIXES["owl"] + "Class", PREFIXES["rdfs"] + "Class"))
_PROPERTIES = frozenset(
    (
        PREFIXES["rdf"] + "Property",
        *(PREFIXES["owl"] + f"{kind}Property" for kind in ("Object", "Datatype", "Annotation")),
    )
)
_LINKS = {
    PREFIXES["rdfs"] + "subClassOf": "above",
    PREFIXES["rdfs"] + "subPropertyOf": "above",
    PREFIXES["rdfs"] + "domain": "domain",
    PREFIXES["rdfs"] + "range": "range",
    PREFIXES["owl"] + "inverseOf": "inverse",
    PREFIXES["rdfs"] + "seeAlso": "near",
    PREFIXES["skos"] + "closeMatch": "near",
    PREFIXES["skos"] + "exactMatch": "near",
    VOCABULARY + "answers": "questions",
}


@dataclass(slots=True)
class Word:
    """A class, property, code, code list or question: labels and definitions by language, and what it says of others (by IRI)."""

    iri: str
    types: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    definitions: dict[str, str] = field(default_factory=dict)
    notation: str | None = None
    above: list[str] = field(default_factory=list)
    domain: list[str] = field(default_factory=list)
    range: list[str] = field(default_factory=list)
    inverse: list[str] = field(default_factory=list)
    near: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its IRI with the prefix of its vocabulary; a code by its last part."""
        return self.iri.rpartition("/")[2] if self.iri.startswith((CODES, QUESTIONS)) else short(self.iri)

    @property
    def own(self) -> bool:
        """Whether it is a word of this catalogue, and not of a vocabulary that others keep."""
        return self.iri.startswith((VOCABULARY, CODES))

    @property
    def sort(self) -> Sort:
        """What sort of word it is."""
        if self.iri.startswith(CODES):
            return "code" if "/" in self.iri.removeprefix(CODES) else "list"
        if self.iri.startswith(QUESTIONS):
            return "question"
        if not _CLASSES.isdisjoint(self.types):
            return "class"
        return "property" if not _PROPERTIES.isdisjoint(self.types) else "other"

    def label(self, language: str) -> str:
        """Its label; in Vietnamese where the language has none, and its name where nobody gave it a label."""
        return self.labels.get(language) or self.labels.get("vi") or self.labels.get("") or self.name

    def label_language(self, language: str) -> str | None:
        """The language of `label`, None for a name that is no word of a language."""
        return next((one for one in (language, "vi") if self.labels.get(one)), None)

    def definition(self, language: str) -> str:
        """Its definition, likewise; empty where there is none."""
        return self.definitions.get(language) or self.definitions.get("vi") or self.definitions.get("") or ""


class Vocabulary:
    """All words of a vocabulary graph, and the ways between them."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.words: dict[str, Word] = {}
        for triple in triples:
            if isinstance(triple.subject, NamedNode):
                _read(self.words.setdefault(triple.subject.value, Word(triple.subject.value)), triple)
        self.below: dict[str, list[str]] = {}
        self._sorted: dict[Sort, list[Word]] = {}
        for word in sorted(self.words.values(), key=lambda word: (not word.own, word.name.lower(), word.iri)):
            self._sorted.setdefault(word.sort, []).append(word)
            for one in word.above:
                self.below.setdefault(one, []).append(word.iri)
        lists: dict[str, list[Word]] = {word.iri: [] for word in self.sorted("list")}
        for word in self.sorted("code"):
            lists.setdefault(word.iri.rpartition("/")[0], []).append(word)
        self.lists: Mapping[str, list[Word]] = dict(sorted(lists.items()))
        """The codes of each list, by the IRI of the list."""

    def sorted(self, sort: Sort) -> list[Word]:
        """The words of one sort by name, our own first."""
        return self._sorted.get(sort, [])

    def all_above(self, iri: str) -> list[str]:
        """What a class or property is under, the nearest first, each once."""
        found: list[str] = []
        waiting = list(self.words[iri].above) if iri in self.words else []
        while waiting:
            one = waiting.pop(0)
            if one not in found and one != iri:
                found.append(one)
                waiting += self.words[one].above if one in self.words else []
        return found

    def word(self, iri: str) -> Word:
        """The word of an IRI, a bare one where the vocabulary says nothing of it."""
        return self.words.get(iri) or Word(iri)


def _read(word: Word, triple: Triple) -> None:
    name, value = triple.predicate.value, triple.object
    if isinstance(value, Literal):
        if name in _LABELS:
            word.labels[value.language or ""] = value.value
        elif name in _DEFINITIONS:
            word.definitions[value.language or ""] = value.value
        elif name == PREFIXES["skos"] + "notation":
            word.notation = value.value
    elif isinstance(value, NamedNode):
        if name == _TYPE:
            word.types.append(value.value)
        elif name in _LINKS:
            getattr(word, _LINKS[name]).append(value.value)
