"""The catalogue of open data as DCAT-AP 3.0.1 (https://semiceu.github.io/DCAT-AP/releases/3.0.1/).

Every node has an IRI below `{base}catalog`; what a node refers to outside of it (codes, licences, media types) is given
the type that the profile wants to see. What is not known is left out: no licence was found for most sources, and then
the distribution says so by `dct:rights`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from urllib.parse import quote, urlsplit

from pyoxigraph import Literal, NamedNode, Triple

from catalogue import authorities, dumps
from catalogue.authorities import LANGUAGES, PUBLIC, THEMES, VIETNAM, file_type, frequency, media_type
from catalogue.catalogued import Listed, Part, Publisher, Texts, address
from catalogue.graphs import MARK_PREFIX
from catalogue.iri import node
from catalogue.subjects import EVERYTHING, OWN_LICENCE

PROFILE = "http://data.europa.eu/r5r/"

_FORMS = {"application/n-quads": ("RDF_N_QUADS", "N-Quads"), "text/turtle": ("RDF_TURTLE", "Turtle")}

TITLE = {"vi": "Chỉ Số: danh mục dữ liệu mở", "en": "Chỉ Số: catalogue of open data"}
ABOUT = {
    "vi": "Mọi dữ liệu đã công bố về việc tỉnh, thành phố phải báo cáo chỉ số nào, theo văn bản nào, và đơn vị nào chịu trách nhiệm; theo bên phát hành và chủ đề.",
    "en": "All published data on which indicators a province or city must report, under which document, and which unit answers for them; by publisher and subject.",
}
NO_LICENCE = {
    "vi": "Không tìm thấy giấy phép của nguồn. Dữ kiện thuộc về nguồn; trước khi dùng lại rộng rãi, hãy hỏi bên phát hành.",
    "en": "No licence of the source was found. The facts belong to their source; ask its publisher before reusing them widely.",
}
EACH_ITS_OWN = {
    "vi": "Mỗi đồ thị mang giấy phép của nguồn, nơi tìm thấy; xem từng bộ dữ liệu.",
    "en": "Each graph bears the licence of its source, where one was found; see each data set.",
}
_MARKS = {
    "confirmed": {"vi": "Đã xác nhận: nguồn nói đúng như vậy.", "en": "Confirmed: the source says exactly this."},
    "inferred": {"vi": "Suy ra từ điều đã biết.", "en": "Inferred from what is known."},
    "unverified": {"vi": "Chưa kiểm chứng với bản gốc.", "en": "Not verified against the original."},
}


@dataclass(frozen=True, slots=True)
class Offer:
    """What the service offers beside the data: the base, the moment of publication, the open endpoints, the dumps."""

    base: str
    state: str
    published: datetime
    open: bool = False
    held: dumps.Set | None = None


@dataclass(frozen=True, slots=True)
class Distribution:
    """A form in which a data set can be had. `download` is the file of one state, `access` is there in every state."""

    iri: str
    access: str
    media_type: str
    download: str | None = None
    packed: bool = False
    size: int | None = None
    sha256: str | None = None
    graph: str | None = None
    part: Part | None = None


def distributions(dataset: Listed, offer: Offer) -> list[Distribution]:
    """The forms in which `dataset` can be had: its dumps, else the graph store, else none."""
    if not offer.open:
        return []
    found: list[Distribution] = []
    if dataset.key == EVERYTHING.key:
        whole = offer.held.file(dumps.WHOLE) if offer.held else None
        return [_dump(dataset, offer, offer.held, whole, None)] if whole and offer.held else []
    for part in dataset.parts:
        files = offer.held.of_graph(part.graph) if offer.held else []
        found += [_dump(dataset, offer, offer.held, file, part) for file in files if offer.held]
        if not files:
            stored = f"{offer.base}graphs?graph={quote(part.graph, safe='')}"
            name = sha256(part.graph.encode()).hexdigest()[:16]
            found.append(
                Distribution(f"{_home(dataset, offer)}#{name}", stored, "text/turtle", graph=part.graph, part=part)
            )
    return found


def _dump(dataset: Listed, offer: Offer, held: dumps.Set, file: dumps.File, part: Part | None) -> Distribution:
    end = file.path.rpartition("/")[2].removesuffix(".gz")
    return Distribution(
        f"{_home(dataset, offer)}#{end}", f"{offer.base}dumps/latest/{file.path}", file.media_type,
        f"{offer.base}dumps/{held.state}/{file.path}", True, file.size, file.sha256, file.graph, part,
    )  # fmt: skip


def _home(dataset: Listed, offer: Offer) -> str:
    return address(offer.base, dataset.key) if dataset.key else dataset.iri


def catalogue(datasets: Sequence[Listed], offer: Offer, *, whole: Sequence[Listed] = ()) -> list[Triple]:
    """The catalogue with `datasets`, a page of all; `whole`: the data sets that the services serve."""
    made = _Made(offer)
    iri = f"{offer.base}catalog"
    agent = made.own_agent()
    made.say(iri, "rdf:type", node("dcat:Catalog"))
    made.texts(iri, "dct:title", TITLE)
    made.texts(iri, "dct:description", ABOUT)
    made.say(iri, "dct:publisher", agent)
    made.licence(iri, OWN_LICENCE)
    made.say(iri, "dct:rights", made.rights("each-its-own", EACH_ITS_OWN))
    for language in LANGUAGES.values():
        made.refer(iri, "dct:language", language)
    made.refer(iri, "dct:spatial", VIETNAM)
    made.refer(iri, "dcat:themeTaxonomy", THEMES)
    made.say(iri, "dct:modified", _moment(offer.published))
    made.say(iri, "foaf:homepage", made.document(offer.base))
    made.say(iri, "dct:conformsTo", made.standard(PROFILE, "DCAT-AP 3.0.1"))
    for dataset in datasets:
        made.say(iri, "dcat:dataset", dataset.iri)
        made.dataset(dataset)
    if whole:
        for service in made.services(whole):
            made.say(iri, "dcat:service", service)
    return made.finished()


def dataset(one: Listed, offer: Offer) -> list[Triple]:
    """One data set, as its own document says it."""
    made = _Made(offer)
    made.say(f"{offer.base}catalog", "dcat:dataset", one.iri)
    made.dataset(one)
    return made.finished()


@dataclass
class _Made:
    """Triples as they are put together, each once; `_referred`: IRIs of lists, described at the end."""

    offer: Offer
    _triples: dict[Triple, None] = field(default_factory=dict)
    _referred: set[str] = field(default_factory=set)

    def finished(self) -> list[Triple]:
        """All that was said, with what is said of the lists."""
        if any(iri.startswith(f"{THEMES}/") for iri in self._referred):
            self._referred.add(THEMES)
        by_subject: dict[object, list[Triple]] = {}
        for triple in self._triples:
            by_subject.setdefault(triple.subject, []).append(triple)
        said = [triple for group in by_subject.values() for triple in group]
        return said + authorities.described(self._referred)

    def say(self, subject: str, predicate: str, value: str | NamedNode | Literal) -> None:
        """One statement; a text is an IRI."""
        term = NamedNode(value) if isinstance(value, str) else value
        self._triples[Triple(NamedNode(subject), node(predicate), term)] = None

    def refer(self, subject: str, predicate: str, value: str) -> None:
        """A statement whose object belongs to a list."""
        self._referred.add(value)
        self.say(subject, predicate, value)

    def texts(self, subject: str, predicate: str, texts: Texts) -> None:
        """A text in each language."""
        for language, text in texts.items():
            self.say(subject, predicate, Literal(text, language=language) if language else Literal(text))

    def document(self, iri: str) -> str:
        """A page."""
        self.say(iri, "rdf:type", node("foaf:Document"))
        return iri

    def standard(self, iri: str, title: str) -> str:
        """A standard."""
        self.say(iri, "rdf:type", node("dct:Standard"))
        self.say(iri, "dct:title", Literal(title))
        return iri

    def own_agent(self) -> str:
        """Who publishes the catalogue itself."""
        iri = f"{self.offer.base}catalog#publisher"
        self.say(iri, "rdf:type", node("foaf:Agent"))
        self.say(iri, "foaf:name", Literal("Chỉ Số", language="vi"))
        self.say(iri, "foaf:homepage", self.document(self.offer.base))
        return iri

    def agent(self, publisher: Publisher) -> str:
        """A publisher: the agency of this catalogue, else a node of its own."""
        iri = publisher.agency or f"{self.offer.base}catalog#publisher-{publisher.key}"
        self.say(iri, "rdf:type", node("foaf:Agent"))
        self.say(iri, "foaf:name", Literal(publisher.name))
        return iri

    def rights(self, name: str, texts: Texts) -> str:
        """A statement of rights."""
        iri = f"{self.offer.base}catalog#rights-{name}"
        self.say(iri, "rdf:type", node("dct:RightsStatement"))
        self.texts(iri, "rdfs:label", texts)
        return iri

    def licence(self, subject: str, said: str) -> None:
        """The licence of something, given as an IRI or, in some sources, as a name."""
        iri = said
        if not is_web(said):
            iri = f"{self.offer.base}catalog#licence-{quote(said.lower(), safe='.-_')}"
            self.say(iri, "dct:title", Literal(said))
        self.say(iri, "rdf:type", node("dct:LicenseDocument"))
        self.say(subject, "dct:license", iri)

    def dataset(self, one: Listed) -> None:
        """A data set with its distributions."""
        self.say(one.iri, "rdf:type", node("dcat:Dataset"))
        self.texts(one.iri, "dct:title", one.titles)
        self.texts(one.iri, "dct:description", one.descriptions)
        self.say(one.iri, "dct:identifier", Literal(one.key or one.iri))
        who = self.agent(one.publisher) if one.publisher else None
        if who is None and one.key in ("everything", "made-here", "vocabulary"):
            who = self.own_agent()
        if who:
            self.say(one.iri, "dct:publisher", who)
        self.say(one.iri, "dct:creator", self.own_agent())
        self.refer(one.iri, "dct:spatial", VIETNAM)
        self.refer(one.iri, "dct:language", LANGUAGES["vi"])
        self.refer(one.iri, "dct:accessRights", PUBLIC)
        for theme in one.subject.themes:
            self.refer(one.iri, "dcat:theme", f"{THEMES}/{theme}")
        for word, language in one.keywords:
            self.say(one.iri, "dcat:keyword", Literal(word, language=language))
        if every := frequency(one.periodicity):
            self.refer(one.iri, "dct:accrualPeriodicity", every)
        for mark in dict.fromkeys(part.mark for part in one.parts if part.mark):
            self.say(one.iri, "dct:provenance", self._mark(mark))
        for source in dict.fromkeys(part.source.iri for part in one.parts if part.source and one.key != EVERYTHING.key):
            self.say(one.iri, "prov:wasDerivedFrom", source)
        if one.key is not None:
            self.say(one.iri, "dcat:landingPage", self.document(f"{one.iri}.html"))
        for page in filter(is_web, one.pages):
            self.say(one.iri, "foaf:page" if one.key else "dcat:landingPage", self.document(page))
        for form in distributions(one, self.offer):
            self.say(one.iri, "dcat:distribution", form.iri)
            self._distribution(one, form)

    def _mark(self, mark: str) -> str:
        iri = f"{self.offer.base}catalog#provenance-{mark}"
        self.say(iri, "rdf:type", node("dct:ProvenanceStatement"))
        self.texts(iri, "rdfs:label", _MARKS[mark])
        self.say(iri, "rdfs:seeAlso", MARK_PREFIX + mark)
        return iri

    def _distribution(self, one: Listed, form: Distribution) -> None:
        code, name = _FORMS[form.media_type]
        self.say(form.iri, "rdf:type", node("dcat:Distribution"))
        for language in LANGUAGES:
            of = _called(form, language) or one.title(language)
            packed = ", gzip" if form.packed else ""
            self.say(form.iri, "dct:title", Literal(f"{of} ({name}{packed})", language=language))
        vi = f"Đồ thị {form.graph} dạng {name}." if form.graph else f"Các đồ thị nguồn dạng {name}, sắp theo thứ tự."
        en = f"The graph {form.graph} as {name}." if form.graph else f"The source graphs as {name}, sorted."
        self.texts(form.iri, "dct:description", {"vi": vi, "en": en})
        self.say(form.iri, "dcat:accessURL", form.access)
        self.refer(form.iri, "dcat:mediaType", media_type(form.media_type))
        self.refer(form.iri, "dct:format", file_type(code))
        self.refer(form.iri, "dct:language", LANGUAGES["vi"])
        licence = (form.part.licence if form.part else None) or one.licence
        if licence:
            self.licence(form.iri, licence)
        elif form.part and form.part.source:
            self.say(form.iri, "dct:rights", self.rights("no-licence-found", NO_LICENCE))
        else:
            self.say(form.iri, "dct:rights", self.rights("each-its-own", EACH_ITS_OWN))
        if form.part and form.part.mark:
            self.say(form.iri, "chiso:verification", MARK_PREFIX + form.part.mark)
        if form.download:
            self.say(form.iri, "dcat:downloadURL", form.download)
            self.refer(form.iri, "dcat:compressFormat", media_type("application/gzip"))
            self.say(form.iri, "dcat:byteSize", Literal(str(form.size), datatype=node("xsd:nonNegativeInteger")))
            self._checksum(form.iri, form.sha256 or "")
        else:
            self.say(form.iri, "dcat:accessService", f"{self.offer.base}catalog#service-graphs")

    def _checksum(self, distribution: str, value: str) -> None:
        iri = f"{distribution}-sha256"
        self.say(distribution, "spdx:checksum", iri)
        self.say(iri, "rdf:type", node("spdx:Checksum"))
        self.refer(iri, "spdx:algorithm", authorities.SHA_256)
        self.say(iri, "spdx:checksumValue", Literal(value, datatype=node("xsd:hexBinary")))

    def services(self, served: Iterable[Listed]) -> list[str]:
        """The services for programs; all but `/api/v1` need the open endpoints."""
        served = list(served)
        found = []
        for name, path, about, titles, standards in _SERVICES:
            if name != "api" and not self.offer.open:
                continue
            iri = f"{self.offer.base}catalog#service-{name}"
            self.say(iri, "rdf:type", node("dcat:DataService"))
            self.texts(iri, "dct:title", titles)
            self.texts(
                iri,
                "dct:description",
                {"vi": f"{titles['vi']}: {TITLE['vi']}.", "en": f"{titles['en']} of {TITLE['en']}."},
            )
            for predicate, end in (("dcat:endpointURL", path), ("dcat:endpointDescription", about)):
                self.say(iri, predicate, self.offer.base + end)
                self.say(self.offer.base + end, "rdf:type", node("rdfs:Resource"))  # the profile's ranges ask for it
            self.say(iri, "dcat:landingPage", self.document(f"{self.offer.base}api/docs"))
            self.say(iri, "dct:publisher", self.own_agent())
            self.refer(iri, "dct:accessRights", PUBLIC)
            self.licence(iri, OWN_LICENCE)
            for theme in EVERYTHING.themes:
                self.refer(iri, "dcat:theme", f"{THEMES}/{theme}")
            for word, language in EVERYTHING.keywords:
                self.say(iri, "dcat:keyword", Literal(word, language=language))
            for standard, title in standards:
                self.say(iri, "dct:conformsTo", self.standard(standard, title))
            for one in served:
                self.say(iri, "dcat:servesDataset", one.iri)
            found.append(iri)
        return found


_SERVICES: tuple[tuple[str, str, str, Texts, tuple[tuple[str, str], ...]], ...] = (
    (
        "sparql",
        "sparql",
        "sparql",
        {"vi": "Truy vấn SPARQL", "en": "SPARQL queries"},
        (
            ("https://www.w3.org/TR/sparql11-protocol/", "SPARQL 1.1 Protocol"),
            ("https://www.w3.org/TR/sparql11-query/", "SPARQL 1.1 Query Language"),
        ),
    ),
    (
        "api",
        "api/v1",
        "openapi.json",
        {"vi": "API JSON", "en": "JSON API"},
        (("https://spec.openapis.org/oas/v3.1.0", "OpenAPI 3.1"),),
    ),
    (
        "graphs",
        "graphs",
        "openapi.json",
        {"vi": "Kho đồ thị", "en": "Graph store"},
        (("https://www.w3.org/TR/sparql11-http-rdf-update/", "SPARQL 1.1 Graph Store HTTP Protocol"),),
    ),
)


def _called(form: Distribution, language: str) -> str:
    """What to call a distribution of one graph: its source, else the end of its IRI."""
    if form.part is None:
        return ""
    titles = form.part.source.titles if form.part.source else {}
    title = titles.get(language) or next(iter(titles.values()), "") or form.part.graph.rpartition("/")[2]
    return f"{title}, {form.part.mark}" if form.part.mark else title


def is_web(text: str) -> bool:
    """Whether a text is an address of the web that can stand as an IRI."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not set(text) & set(' <>"{}|\\^`')


def _moment(value: datetime) -> Literal:
    return Literal(value.isoformat(timespec="seconds"), datatype=node("xsd:dateTime"))
