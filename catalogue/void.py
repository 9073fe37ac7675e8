"""The catalogue as VoID (https://www.w3.org/TR/void/): endpoints, dumps, vocabularies, numbers, subsets, links elsewhere.

The numbers were counted when the dumps were made; before the first set there are none.
"""

from collections.abc import Callable, Sequence
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from catalogue import dumps
from catalogue.catalogued import Listed
from catalogue.dcat import EACH_ITS_OWN, TITLE, Offer, is_web
from catalogue.iri import KINDS, PREFIXES, node, short
from catalogue.query import Query
from catalogue.store.port import Store
from catalogue.subjects import EVERYTHING

ADDRESS = ".well-known/void"

Say = Callable[[str, str, str | NamedNode | Literal], None]
"""One statement: subject, predicate with its prefix, object."""

_EXAMPLES = ("indicator", "decision", "agency", "responsibility", "area", "dataset")
_FORMATS = ("Turtle", "N-Triples", "JSON-LD", "RDF_XML")
_NOT_VOCABULARIES = frozenset({"sh", "xsd", "rdf"})


def description(store: Store, whole: Listed, offer: Offer, *, statements: int | None) -> list[Triple]:
    """The description; `statements`: how many the published state holds, where it is known without the dumps."""
    made: list[Triple] = []
    document, dataset = offer.base + ADDRESS, whole.iri

    def say(subject: str, predicate: str, value: str | NamedNode | Literal) -> None:
        made.append(Triple(NamedNode(subject), node(predicate), NamedNode(value) if isinstance(value, str) else value))

    say(document, "rdf:type", node("void:DatasetDescription"))
    say(document, "dct:title", Literal("Mô tả VoID của danh mục Chỉ Số", language="vi"))
    say(document, "dct:title", Literal("VoID description of the catalogue Chỉ Số", language="en"))
    say(document, "foaf:primaryTopic", dataset)
    say(document, "dct:modified", _moment(offer))
    say(dataset, "rdf:type", node("void:Dataset"))
    for language, text in TITLE.items():
        say(dataset, "dct:title", Literal(text, language=language))
    for language, text in whole.descriptions.items():
        say(dataset, "dct:description", Literal(text, language=language))
    say(dataset, "dct:publisher", f"{offer.base}catalog#publisher")
    say(dataset, "dct:modified", _moment(offer))
    say(dataset, "dct:rights", f"{offer.base}catalog#rights-each-its-own")
    for language, text in EACH_ITS_OWN.items():
        say(f"{offer.base}catalog#rights-each-its-own", "rdfs:label", Literal(text, language=language))
    say(dataset, "foaf:homepage", offer.base)
    for theme in EVERYTHING.keywords:
        say(dataset, "dcat:keyword", Literal(theme[0], language=theme[1]))
    say(dataset, "void:uriSpace", Literal(f"{offer.base}id/"))
    for form in _FORMATS:
        say(dataset, "void:feature", f"http://www.w3.org/ns/formats/{form}")
    for kind in _EXAMPLES:
        for (thing,) in store.select(Query.named("catalogued-example").bind(kind=NamedNode(KINDS[kind]))).rows:
            if isinstance(thing, NamedNode):
                say(dataset, "void:exampleResource", thing)
    if offer.open:
        say(dataset, "void:sparqlEndpoint", f"{offer.base}sparql")
    held = offer.held
    if held is None:
        if statements is not None:
            say(dataset, "void:triples", _count(statements))
        names: Sequence[str] = [start for prefix, start in PREFIXES.items() if prefix not in _NOT_VOCABULARIES]
    else:
        say(dataset, "void:dataDump", f"{offer.base}dumps/{held.state}/{dumps.WHOLE}")
        names = _numbers(say, document, dataset, held.statistics)
    for start in names:
        say(dataset, "void:vocabulary", start)
    _subsets(say, dataset, whole, offer)
    return list(dict.fromkeys(made))


def _numbers(say: Say, document: str, dataset: str, counted: dumps.Statistics) -> list[str]:
    """What was counted; gives the vocabularies that are used."""
    say(dataset, "void:triples", _count(counted.statements))
    say(dataset, "void:distinctSubjects", _count(counted.subjects))
    say(dataset, "void:classes", _count(len(counted.classes)))
    say(dataset, "void:properties", _count(len(counted.properties)))
    for iri, number in counted.classes:
        part = f"{document}#class-{_name(iri)}"
        say(dataset, "void:classPartition", part)
        say(part, "void:class", iri)
        say(part, "void:entities", _count(number))
    for iri, number in counted.properties:
        part = f"{document}#property-{_name(iri)}"
        say(dataset, "void:propertyPartition", part)
        say(part, "void:property", iri)
        say(part, "void:triples", _count(number))
    for property_iri, site, number in counted.links:
        target = f"{document}#site-{_name(site)}"
        linkset = f"{document}#links-{_name(property_iri)}-{_name(site)}"
        say(target, "rdf:type", node("void:Dataset"))
        say(target, "void:uriSpace", Literal(site))
        say(linkset, "rdf:type", node("void:Linkset"))
        say(linkset, "void:linkPredicate", property_iri)
        say(linkset, "void:subjectsTarget", dataset)
        say(linkset, "void:objectsTarget", target)
        say(linkset, "void:triples", _count(number))
        say(dataset, "void:subset", linkset)
    used = {iri for iri, _ in (*counted.classes, *counted.properties)}
    return [
        start
        for prefix, start in PREFIXES.items()
        if prefix not in _NOT_VOCABULARIES and any(iri.startswith(start) for iri in used)
    ]


def _subsets(say: Say, dataset: str, whole: Listed, offer: Offer) -> None:
    counted = {one.graph: one for one in offer.held.graphs} if offer.held else {}
    for part in whole.parts:
        say(dataset, "void:subset", part.graph)
        say(part.graph, "rdf:type", node("void:Dataset"))
        if part.source:
            say(part.graph, "dct:source", part.source.iri)
        if part.licence and is_web(part.licence):
            say(part.graph, "dct:license", part.licence)
        if part.graph in counted:
            say(part.graph, "void:triples", _count(counted[part.graph].statements))
            say(part.graph, "void:distinctSubjects", _count(counted[part.graph].subjects))
        for file in offer.held.of_graph(part.graph) if offer.held else ():
            say(part.graph, "void:dataDump", f"{offer.base}dumps/{offer.held.state if offer.held else ''}/{file.path}")


def _name(iri: str) -> str:
    """An IRI as the end of another one.

    >>> _name("http://www.w3.org/2004/02/skos/core#Concept")
    'skos.Concept'
    """
    return quote(
        short(iri).replace("://", ".").replace(":", ".").replace("/", ".").replace("#", ".").strip("."), safe=".-_"
    )


def _count(number: int) -> Literal:
    return Literal(str(number), datatype=node("xsd:integer"))


def _moment(offer: Offer) -> Literal:
    return Literal(offer.published.isoformat(timespec="seconds"), datatype=node("xsd:dateTime"))
