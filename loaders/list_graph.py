"""From a listing to the graph: sets, groups, indicators and codes of one source, in one named graph, described in it."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad, Triple

from catalogue.graphs import Mark, source_graph
from catalogue.iri import CODES, is_absolute, node, thing
from loaders.lists import Duty, Entry, Listing, Scheme

_DATE = node("xsd:date")
_TYPE = node("rdf:type")


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a list is from. `key`: of the list and its source. `source`: an address, or words. Days are ISO texts.

    `title` is Vietnamese and wins over the names that the file gives; None where the file or its form gives one.
    """

    key: str
    source: str
    title: str | None = None
    mark: Mark = "confirmed"
    licence: str | None = None
    retrieved: str | None = None
    language: str = "vi"


@dataclass(frozen=True, slots=True)
class Setting:
    """What the catalogue knows that the list rests on: the decision (IRI) with its first day of force and its end, the
    level (code), and which party (IRI) the list means by which name."""

    decision: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    level: str | None = None
    parties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GivenList:
    """A listing as a source that the build takes (`catalogue.sources.Provider`)."""

    listing: Listing
    provenance: Provenance
    setting: Setting = field(default_factory=Setting)

    @property
    def key(self) -> str:
        """The key of the source."""
        return self.provenance.key

    def digest(self) -> str:
        """SHA-256 of all that the quads are made of."""
        told = json.dumps([self.listing.plain(), repr(self.provenance), repr(self.setting)], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()

    def quads(self, base: str) -> Iterator[Quad]:
        """The quads of the one graph `{base}graph/{key}.{mark}`."""
        graph = source_graph(base, self.key, self.provenance.mark)
        for triple in _Writer(base, self.provenance, self.setting).triples(self.listing):
            yield Quad(triple.subject, triple.predicate, triple.object, graph)


def is_indicators(scheme: Scheme) -> bool:
    """Whether a list is an indicator set; otherwise it is a list of codes (frequencies, areas, units …)."""
    return all(entry.kind != "code" for entry in scheme.entries)


def scheme_iri(base: str, key: str, scheme: Scheme) -> NamedNode:
    """The IRI of a list; `key` is that of the source."""
    return thing(base, "indicator-set" if is_indicators(scheme) else "code-scheme", list_key(key, scheme))


def list_key(key: str, scheme: Scheme) -> str:
    """The key of one list of a source: its own where the source has several."""
    return f"{key}-{scheme.suffix}" if scheme.suffix else key


def entry_iri(base: str, key: str, entry: Entry) -> NamedNode:
    """The IRI of one line; `key` is that of its list."""
    kind = {"group": "indicator-group", "indicator": "indicator", "code": "code"}[entry.kind]
    return thing(base, kind, f"{key}.{entry.ending}")


class _Writer:
    """Makes the triples of one listing, for one base."""

    def __init__(self, base: str, provenance: Provenance, setting: Setting) -> None:
        self.base, self.provenance, self.setting = base, provenance, setting
        self.source = thing(base, "source", provenance.key)

    def triples(self, listing: Listing) -> Iterator[Triple]:
        yield from self._source(listing)
        for scheme in listing.schemes:
            key = list_key(self.provenance.key, scheme)
            held = scheme_iri(self.base, self.provenance.key, scheme)
            yield from self._scheme(held, scheme)
            members: dict[str, list[NamedNode]] = {}
            for entry in scheme.entries:
                for group in entry.groups:
                    members.setdefault(group, []).append(entry_iri(self.base, key, entry))
            codes = {entry.ending: entry_iri(self.base, key, entry) for entry in scheme.entries if entry.kind == "code"}
            for entry in scheme.entries:
                subject = entry_iri(self.base, key, entry)
                yield from self._entry(subject, held, entry)
                if entry.kind == "group":
                    for member in members.get(entry.ending, ()):
                        yield Triple(subject, node("skos:member"), member)
                elif entry.kind == "code" and entry.broader in codes:
                    yield Triple(subject, node("skos:broader"), codes[entry.broader])
                elif entry.kind == "code":
                    yield Triple(subject, node("skos:topConceptOf"), held)
                for number, duty in enumerate(entry.duties, 1):
                    yield from self._duty(f"{key}.{entry.ending}", number, subject, entry, duty)

    def _source(self, listing: Listing) -> Iterator[Triple]:
        given = self.provenance
        source = self.source
        names = {"vi": given.title} if given.title else next((one.names for one in listing.schemes if one.names), {})
        yield Triple(source, _TYPE, node("chiso:Source"))
        for language, name in names.items():
            yield Triple(source, node("dct:title"), Literal(name, language=language))
        if is_absolute(given.source):
            yield Triple(source, node("foaf:page"), NamedNode(given.source))
        else:
            yield Triple(source, node("dct:identifier"), Literal(given.source))
        if given.language != "vi":
            yield Triple(source, node("dct:language"), Literal(given.language))
        yield from self._stated(source, "dct:license", NamedNode(given.licence) if given.licence else None)
        day = Literal(given.retrieved, datatype=_DATE) if given.retrieved else None
        yield from self._stated(source, "chiso:retrieved", day)

    def _scheme(self, held: NamedNode, scheme: Scheme) -> Iterator[Triple]:
        yield Triple(held, _TYPE, node("skos:ConceptScheme"))
        # A title is that of the source; of several lists in it, each bears its own name.
        own = self.provenance.title if not scheme.suffix or not scheme.names else None
        for language, name in (scheme.names | ({"vi": own} if own else {})).items():
            yield Triple(held, node("skos:prefLabel"), Literal(name, language=language))
        if scheme.notation:
            yield Triple(held, node("skos:notation"), Literal(scheme.notation))
        yield from self._said(held, scheme.texts, scheme.links)
        if not is_indicators(scheme):
            return
        setting = self.setting
        yield Triple(held, _TYPE, node("chiso:IndicatorSet"))
        yield from self._stated(held, "chiso:basis", NamedNode(setting.decision) if setting.decision else None)
        if setting.level:
            yield Triple(held, node("chiso:level"), NamedNode(f"{CODES}level/{setting.level}"))
        yield from self._interval(held, setting.valid_from or "", setting.valid_to or "")

    def _entry(self, subject: NamedNode, held: NamedNode, entry: Entry) -> Iterator[Triple]:
        kind = {"group": "skos:Collection", "indicator": "chiso:Indicator", "code": "skos:Concept"}[entry.kind]
        yield Triple(subject, _TYPE, node(kind))
        yield Triple(subject, node("skos:inScheme"), held)
        if entry.code:
            yield Triple(subject, node("skos:notation"), Literal(entry.code))
        for language, name in entry.names.items():
            yield Triple(subject, node("skos:prefLabel"), Literal(name, language=language))
        for code in entry.frequencies:
            yield Triple(subject, node("dct:accrualPeriodicity"), NamedNode(f"{CODES}frequency/{code}"))
        yield from self._said(subject, entry.texts, entry.links)
        yield from self._interval(subject, entry.valid_from, entry.valid_to)

    def _duty(self, key: str, number: int, subject: NamedNode, entry: Entry, duty: Duty) -> Iterator[Triple]:
        """A responsibility where the decision that gives it and the party are known; the words alone otherwise."""
        party = self.setting.parties.get(duty.agency)
        if party is None or self.setting.decision is None:
            told = f"Cơ quan chịu trách nhiệm như nguồn ghi: {duty.words}"
            yield Triple(subject, node("chiso:note"), Literal(told, language="vi"))
            return
        quote = thing(self.base, "quote", f"{key}.{number}")
        yield Triple(quote, _TYPE, node("chiso:Quotation"))
        yield Triple(quote, node("prov:value"), Literal(duty.words[:1000], language="vi"))
        yield Triple(quote, node("prov:wasQuotedFrom"), self.source)
        yield Triple(quote, node("chiso:place"), Literal(f"Phụ lục, {entry.row()[0]}", language="vi"))
        given = thing(self.base, "responsibility", f"{key}.{duty.role}.{number}")
        yield Triple(given, _TYPE, node("chiso:Responsibility"))
        yield Triple(given, node("cv:hasParticipant"), NamedNode(party))
        yield Triple(given, node("cv:role"), NamedNode(f"{CODES}role/{duty.role}"))
        yield Triple(given, node("chiso:for"), subject)
        yield Triple(given, node("chiso:basis"), NamedNode(self.setting.decision))
        yield Triple(given, node("prov:wasDerivedFrom"), quote)
        start, end = self.setting.valid_from, self.setting.valid_to
        yield from self._stated(given, "chiso:validFrom", Literal(start, datatype=_DATE) if start else None)
        if end:
            yield Triple(given, node("chiso:validTo"), Literal(end, datatype=_DATE))

    @staticmethod
    def _said(
        subject: NamedNode, texts: tuple[tuple[str, str, str], ...], links: tuple[tuple[str, str], ...]
    ) -> Iterator[Triple]:
        for property_, text, language in texts:
            yield Triple(subject, node(property_), Literal(text, language=language))
        for property_, iri in links:
            yield Triple(subject, node(property_), NamedNode(iri))

    @staticmethod
    def _stated(subject: NamedNode, property_: str, value: NamedNode | Literal | None) -> Iterator[Triple]:
        """A value, or that it was not found."""
        if value is None:
            yield Triple(subject, node("chiso:notFound"), node(property_))
        else:
            yield Triple(subject, node(property_), value)

    @staticmethod
    def _interval(subject: NamedNode, start: str, end: str) -> Iterator[Triple]:
        for property_, day in (("chiso:validFrom", start), ("chiso:validTo", end)):
            if day:
                yield Triple(subject, node(property_), Literal(day, datatype=_DATE))
