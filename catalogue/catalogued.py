"""What the catalogue of open data lists: one data set per publisher and subject, and those that the graph itself describes.

All of it is read off the graph: which source graphs there are, whose sources they hold, in which folder those sources
are described. Titles and descriptions are put together from that; what is not known stays out.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from catalogue.folding import fold, slug
from catalogue.graphs import MARK_PREFIX, MARKS, VOCABULARY_GRAPH, Mark, default_graph, made_here, mark_of
from catalogue.iri import PREFIXES, kind_and_key
from catalogue.query import Query
from catalogue.store.port import Store, Term
from catalogue.subjects import EVERYTHING, MADE_HERE, OTHER, SUBJECTS, VOCABULARY, Subject

Texts = dict[str, str]
"""A text by language, `vi` or `en`; `""` where the source does not say which."""

UNKNOWN = "khong-ro"
"""Stands in a key for a publisher that is not known."""

_SHOWN_TITLES = 5
_LONGEST_KEY = 200
_LICENCE = PREFIXES["dct"] + "license"
_PUBLISHER = PREFIXES["dct"] + "publisher"
_TITLES = (PREFIXES["dct"] + "title", PREFIXES["skos"] + "prefLabel", PREFIXES["rdfs"] + "label")
_DESCRIPTIONS = (PREFIXES["dct"] + "description", PREFIXES["chiso"] + "note")
_PAGES = (PREFIXES["foaf"] + "page", PREFIXES["dcat"] + "landingPage")
_PERIODICITY = PREFIXES["dct"] + "accrualPeriodicity"
_TYPE = PREFIXES["rdf"] + "type"
_CUBE = PREFIXES["qb"] + "DataSet"


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who published something. `agency`: the IRI of the body in this catalogue that bears exactly this name."""

    key: str
    name: str
    agency: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A source as it is described: `licence` an IRI or a text, None where none was found."""

    iri: str
    register: str
    titles: Texts
    publisher: str | None
    licence: str | None
    pages: tuple[str, ...]

    def title(self, language: str) -> str:
        """Its title, in the other language where this one has none; its IRI where it has no title."""
        return text_in(self.titles, language) or self.iri


@dataclass(frozen=True, slots=True)
class Part:
    """A named graph of a data set: what one source says with one mark; both None for other graphs."""

    graph: str
    mark: Mark | None = None
    source: Source | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A data set of the catalogue. `key` is the end of its address, None for one that the graph describes itself."""

    iri: str
    key: str | None
    subject: Subject
    titles: Texts
    descriptions: Texts
    publisher: Publisher | None
    parts: tuple[Part, ...] = ()
    pages: tuple[str, ...] = ()
    licence: str | None = None
    periodicity: str | None = None
    keywords: tuple[tuple[str, str], ...] = field(default=())

    def title(self, language: str) -> str:
        """Its title, in the other language where this one has none."""
        return text_in(self.titles, language) or self.iri

    def description(self, language: str) -> str:
        """Its description, likewise."""
        return text_in(self.descriptions, language)


def text_in(texts: Texts, language: str) -> str:
    """A text in `language`, else in any.

    >>> text_in({"vi": "Kho"}, "en")
    'Kho'
    """
    return texts.get(language) or next(iter(texts.values()), "")


def address(base: str, key: str) -> str:
    """The IRI of a data set of the catalogue.

    >>> address("https://chiso.example/", "legal.bao-moi")
    'https://chiso.example/catalog/legal.bao-moi'
    """
    return f"{base}catalog/{key}"


def everything(store: Store, base: str) -> list[Listed]:
    """All data sets: the whole catalogue, per subject and publisher, then those that the graph describes; by IRI."""
    sources = _sources(store)
    graphs = [name.value for name in store.graph_names()]
    parts = {name: Part(name) for name in graphs}
    for name, part in _marked(store, sources).items():
        if name in parts:
            parts[name] = part
    publishers = _publishers(store, (part.source.publisher for part in parts.values() if part.source))
    groups: dict[tuple[str, str], list[Part]] = defaultdict(list)
    for part in parts.values():
        groups[_place(part, base, publishers)].append(part)
    made = [_grouped(subject, publisher, held, base, publishers) for (subject, publisher), held in groups.items()]
    whole = _whole(base, list(parts.values()))
    described = _described(store, base, parts, publishers)
    return [whole, *sorted(made, key=lambda one: one.iri), *sorted(described, key=lambda one: one.iri)]


def _sources(store: Store) -> dict[str, Source]:
    said: dict[str, dict[str, list[Literal | NamedNode]]] = {}
    registers: dict[str, str] = {}
    for register, source, name, value in store.select(Query.named("catalogued-sources").bind()).rows:
        if isinstance(source, NamedNode) and isinstance(register, NamedNode) and isinstance(value, Literal | NamedNode):
            # A register describes sources better than a source describes itself, and comes first where both do.
            known = registers.setdefault(source.value, register.value)
            registers[source.value] = min(known, register.value, key=lambda one: "/sources." not in one)
            said.setdefault(source.value, {}).setdefault(_iri(name), []).append(value)
    found = {}
    for iri, values in said.items():
        first = {name: one[0].value for name, one in values.items()}
        pages = tuple(dict.fromkeys(one.value for name in _PAGES for one in values.get(name, ())))
        titles = _texts(values.get(_TITLES[0], ()))
        found[iri] = Source(iri, registers[iri], titles, first.get(_PUBLISHER), first.get(_LICENCE), pages)
    return found


def _marked(store: Store, sources: dict[str, Source]) -> dict[str, Part]:
    found: dict[str, Part] = {}
    for graph, mark, source in store.select(Query.named("catalogued-graphs").bind()).rows:
        known = _iri(mark)
        if known.removeprefix(MARK_PREFIX) in MARKS and isinstance(graph, NamedNode):
            said = sources.get(_iri(source)) or Source(_iri(source), "", {}, None, None, ())
            found[graph.value] = Part(graph.value, mark_of(known), said, said.licence)
    return found


def _publishers(store: Store, names: Iterable[str | None]) -> dict[str, Publisher]:
    """The publishers by name; one that is called exactly as one single agency of this catalogue is that agency."""
    wanted = sorted({name for name in names if name})
    bearers: dict[str, set[str]] = defaultdict(set)
    keys = [Literal(fold(name)) for name in wanted]
    for thing, key in store.select(Query.named("catalogued-agencies").bind(keys=keys)).rows if keys else ():
        if isinstance(thing, NamedNode) and isinstance(key, Literal):
            bearers[key.value].add(thing.value)
    found = {}
    for name in wanted:
        agencies = bearers.get(fold(name), set())
        found[name] = Publisher(_key(name), name, next(iter(agencies)) if len(agencies) == 1 else None)
    return found


def _key(name: str) -> str:
    """The publisher's part of a key; a hash stands for the rest of a name that is too long for an address."""
    made = slug(name) or UNKNOWN
    if len(made) <= _LONGEST_KEY:
        return made
    return f"{made[:_LONGEST_KEY].rstrip('-')}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _place(part: Part, base: str, publishers: dict[str, Publisher]) -> tuple[str, str]:
    """The subject and the publisher's key by which a graph is grouped."""
    if part.graph == VOCABULARY_GRAPH.value:
        return VOCABULARY.key, ""
    start = f"{base}graph/"
    ours = {name.value for name in made_here(base)}
    if part.graph in ours or part.graph.startswith(f"{start}sources."):
        return MADE_HERE.key, ""
    if part.source is None or part.graph == default_graph(base).value:
        return OTHER.key, UNKNOWN
    folder = part.source.register.removeprefix(f"{start}sources.")
    subject = SUBJECTS.get(folder, OTHER).key
    return subject, publishers[part.source.publisher].key if part.source.publisher else UNKNOWN


def _grouped(subject: str, publisher: str, parts: list[Part], base: str, known: dict[str, Publisher]) -> Listed:
    about = SUBJECTS[subject]
    parts = sorted(parts, key=lambda part: part.graph)
    names = Counter(part.source.publisher for part in parts if part.source and part.source.publisher)
    who = known[names.most_common(1)[0][0]] if names else None
    key = f"{subject}.{publisher}" if publisher else subject
    if publisher == "":
        return Listed(
            address(base, key),
            key,
            about,
            dict(about.titles),
            dict(about.descriptions),
            None,
            tuple(parts),
            licence=about.licence,
            keywords=about.keywords,
        )
    sources = {part.source.iri: part.source for part in parts if part.source}
    vi = f"{about.titles['vi']}: theo {who.name}" if who else f"{about.titles['vi']}: nguồn không rõ bên phát hành"
    en = f"{about.titles['en']}: from {who.name}" if who else f"{about.titles['en']}: publisher not known"
    return Listed(
        address(base, key),
        key,
        about,
        {"vi": vi, "en": en},
        _described_by(about, parts, list(sources.values()), who),
        who,
        tuple(parts),
        tuple(dict.fromkeys(page for one in sources.values() for page in one.pages)),
        keywords=(*about.keywords, *(((who.name, "vi"),) if who else ())),
    )


def _described_by(about: Subject, parts: list[Part], sources: list[Source], who: Publisher | None) -> Texts:
    marks = Counter(part.mark for part in parts)
    shown = {
        language: "; ".join(f"“{text_in(one.titles, language)}”" for one in sources[:_SHOWN_TITLES] if one.titles)
        for language in ("vi", "en")
    }
    more = len(sources) - _SHOWN_TITLES
    counted = (marks["confirmed"], marks["inferred"], marks["unverified"])
    vi = f"{about.descriptions['vi']} Phần này gồm {len(parts)} đồ thị, rút từ {len(sources)} nguồn"
    vi += f" do {who.name} phát hành" if who else " mà bên phát hành không được ghi lại"
    vi += f": {shown['vi']}" if shown["vi"] else ""
    vi += f" và {more} nguồn khác" if more > 0 and shown["vi"] else ""
    vi += ". Số đồ thị theo mức chắc chắn: đã xác nhận {}, suy ra {}, chưa kiểm chứng {}.".format(*counted)
    en = f"{about.descriptions['en']} Number of graphs in this part: {len(parts)}; number of sources: {len(sources)}"
    en += f", published by {who.name}" if who else ", publisher not recorded"
    en += f": {shown['en']}" if shown["en"] else ""
    en += f" and {more} more" if more > 0 and shown["en"] else ""
    en += ". Graphs by how sure they are: confirmed {}, inferred {}, unverified {}.".format(*counted)
    return {"vi": vi, "en": en}


def _whole(base: str, parts: list[Part]) -> Listed:
    return Listed(
        address(base, EVERYTHING.key),
        EVERYTHING.key,
        EVERYTHING,
        dict(EVERYTHING.titles),
        dict(EVERYTHING.descriptions),
        None,
        tuple(sorted(parts, key=lambda part: part.graph)),
        keywords=EVERYTHING.keywords,
    )


def _described(store: Store, base: str, parts: dict[str, Part], known: dict[str, Publisher]) -> list[Listed]:
    said: dict[str, dict[str, list[Literal | NamedNode]]] = {}
    graphs: dict[str, set[str]] = defaultdict(set)
    for dataset, graph, name, value in store.select(Query.named("catalogued-datasets").bind()).rows:
        if isinstance(dataset, NamedNode) and isinstance(value, Literal | NamedNode):
            said.setdefault(dataset.value, {}).setdefault(_iri(name), []).append(value)
            graphs[dataset.value].add(_iri(graph))
    names = [values[_PUBLISHER][0].value for values in said.values() if isinstance(_first(values, _PUBLISHER), Literal)]
    who = {**_publishers(store, names), **known}
    found = []
    for iri, values in said.items():
        titles = next((texts for name in _TITLES if (texts := _texts(values.get(name, ())))), {})
        notes = {k: v for name in reversed(_DESCRIPTIONS) for k, v in _texts(values.get(name, ())).items()}
        held = [parts[name] for name in sorted(graphs[iri]) if name in parts]
        subject = next((SUBJECTS[key] for part in held if (key := _place(part, base, known)[0]) in SUBJECTS), OTHER)
        cube = any(one.value == _CUBE for one in values.get(_TYPE, ()))
        pages = tuple(dict.fromkeys(one.value for name in _PAGES for one in values.get(name, ())))
        found.append(
            Listed(
                iri,
                None,
                subject,
                titles or {"": (kind_and_key(base, iri) or ("", iri))[1]},
                _introduced(titles, notes, held, cube=cube),
                _publisher(_first(values, _PUBLISHER), who),
                tuple(held) if cube else (),
                pages,
                _text(_first(values, _LICENCE)),
                _text(_first(values, _PERIODICITY)),
                subject.keywords,
            )
        )
    return found


def _introduced(titles: Texts, notes: Texts, parts: list[Part], *, cube: bool) -> Texts:
    """The description of a data set that the graph describes: its note, and whether its figures stand here."""
    documents = {part.source.iri: part.source for part in parts if part.source}
    named = "; ".join(f"“{text_in(one.titles, 'vi')}”" for one in documents.values() if one.titles)
    vi = "Số liệu nằm trong danh mục này" if cube else "Danh mục này chỉ mô tả bộ dữ liệu, không chứa nội dung của nó"
    en = "Its figures stand in this catalogue" if cube else "This catalogue describes the data set and does not hold it"
    texts = {
        "vi": f"{text_in(titles, 'vi')}. {vi}" + (f"; theo nguồn {named}." if named else "."),
        "en": f"{text_in(titles, 'en')}. {en}" + (f"; source: {named}." if named else "."),
    }
    return {language: " ".join(filter(None, (text, notes.get(language)))) for language, text in texts.items()}


def _publisher(said: Literal | NamedNode | None, known: dict[str, Publisher]) -> Publisher | None:
    if isinstance(said, NamedNode):
        name = said.value.rstrip("/").rpartition("/")[2]
        return Publisher(_key(name), name, said.value)
    return known.get(said.value) if said else None


def _first(values: dict[str, list[Literal | NamedNode]], name: str) -> Literal | NamedNode | None:
    return next(iter(values.get(name, ())), None)


def _text(term: Literal | NamedNode | None) -> str | None:
    return term.value if term else None


def _texts(values: Iterable[Literal | NamedNode]) -> Texts:
    texts: Texts = {}
    for value in values:
        if isinstance(value, Literal):
            texts.setdefault(value.language or "", value.value)
    return {k: texts[k] for k in sorted(texts, key=lambda one: (one != "vi", one))}


def _iri(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode) else ""
