"""IRIs of the catalogue: `{base}id/{kind}/{key}`, and the namespaces whose words we use."""

import re
from urllib.parse import quote, unquote

from pyoxigraph import NamedNode

VOCABULARY = "https://w3id.org/chiso/ns#"
CODES = "https://w3id.org/chiso/code/"
SHAPES_NAMESPACE = "https://w3id.org/chiso/shapes#"

PREFIXES: dict[str, str] = {
    "chiso": VOCABULARY,
    "adms": "http://www.w3.org/ns/adms#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "qudt": "http://qudt.org/schema/qudt/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sdmx-a": "http://purl.org/linked-data/sdmx/2009/attribute#",
    "sdmx-d": "http://purl.org/linked-data/sdmx/2009/dimension#",
    "sdmx-m": "http://purl.org/linked-data/sdmx/2009/measure#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "sssom": "https://w3id.org/sssom/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

# Kind of thing (as in the address) → class. The order is the one in which lists and facets show them.
KINDS: dict[str, str] = {
    "indicator": VOCABULARY + "Indicator",
    "indicator-group": PREFIXES["skos"] + "Collection",
    "indicator-set": VOCABULARY + "IndicatorSet",
    "decision": PREFIXES["eli"] + "LegalResource",
    "provision": PREFIXES["eli"] + "LegalResourceSubdivision",
    "agency": PREFIXES["cv"] + "PublicOrganisation",
    "addressee": VOCABULARY + "Addressee",
    "post": PREFIXES["org"] + "Post",
    "regime": VOCABULARY + "ReportingRegime",
    "cutoff-rule": VOCABULARY + "CutoffRule",
    "responsibility": VOCABULARY + "Responsibility",
    "task": VOCABULARY + "Task",
    "target": VOCABULARY + "Target",
    "phase": VOCABULARY + "Phase",
    "scenario": VOCABULARY + "Scenario",
    "scenario-group": VOCABULARY + "ScenarioGroup",
    "system": VOCABULARY + "InformationSystem",
    "feature": VOCABULARY + "Feature",
    "exchange": VOCABULARY + "DataExchange",
    "dataset": PREFIXES["dcat"] + "Dataset",
    "observation": PREFIXES["qb"] + "Observation",
    "assessment": VOCABULARY + "Assessment",
    "request": VOCABULARY + "ExplanationRequest",
    "explanation": VOCABULARY + "Explanation",
    "mapping": PREFIXES["sssom"] + "Mapping",
    "mapping-set": PREFIXES["sssom"] + "MappingSet",
    "mapping-review": VOCABULARY + "MappingReview",
    "event": PREFIXES["org"] + "ChangeEvent",
    "area": VOCABULARY + "AdministrativeUnit",
    "area-change": VOCABULARY + "AreaChange",
    "area-scheme": PREFIXES["skos"] + "ConceptScheme",
    "code": PREFIXES["adms"] + "Identifier",
    "code-scheme": PREFIXES["skos"] + "ConceptScheme",
    "source": VOCABULARY + "Source",
    "quote": VOCABULARY + "Quotation",
}


_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")


def thing(base: str, kind: str, key: str) -> NamedNode:
    """The IRI of a thing.

    >>> thing("https://chiso.example/", "decision", "ttg.quyet-dinh.2024-09-20.1012-qd-ttg").value
    'https://chiso.example/id/decision/ttg.quyet-dinh.2024-09-20.1012-qd-ttg'
    """
    return NamedNode(f"{base}id/{kind}/{quote(key, safe='.-_~')}")


def as_uri(iri: str) -> str:
    """An IRI as a header may hold it: what is not ASCII is escaped (RFC 3987, 3.1).

    >>> as_uri("https://chiso.example/id/system/đo?a=%20#b")
    'https://chiso.example/id/system/%C4%91o?a=%20#b'
    """
    return quote(iri, safe="!#$%&'()*+,/:;=?@[]~-._")


def is_absolute(text: str) -> bool:
    """Whether a text is an IRI that needs no base (RFC 3987, 2.2), and one that the engine takes.

    >>> is_absolute("urn:a"), is_absolute("a/b"), is_absolute("http://a b"), is_absolute("http://[a")
    (True, False, False, False)
    """
    try:
        NamedNode(text)
    except ValueError:
        return False
    return _ABSOLUTE.fullmatch(text) is not None


def node(name: str) -> NamedNode:
    """The IRI of a word of a vocabulary.

    >>> node("skos:Concept").value
    'http://www.w3.org/2004/02/skos/core#Concept'
    """
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


def short(iri: str) -> str:
    """An IRI with the prefix of its vocabulary, whole where it has none.

    >>> short("http://www.w3.org/2004/02/skos/core#Concept")
    'skos:Concept'
    """
    for prefix, start in PREFIXES.items():
        if iri.startswith(start):
            return f"{prefix}:{iri[len(start) :]}"
    return iri


def kind_and_key(base: str, iri: str) -> tuple[str, str] | None:
    """The kind and key of a thing of this catalogue, or None for any other IRI.

    >>> kind_and_key("https://chiso.example/", "https://chiso.example/id/agency/hanoi.ubnd")
    ('agency', 'hanoi.ubnd')
    """
    start = base + "id/"
    if not iri.startswith(start):
        return None
    kind, slash, key = iri[len(start) :].partition("/")
    return (kind, unquote(key)) if slash and key else None


def curie(base: str, iri: str) -> str:
    """How a thing of this catalogue is called in addresses and by people: by kind and key; any other IRI is whole.

    >>> curie("https://chiso.example/", "https://chiso.example/id/agency/hanoi.ubnd"), curie("https://chiso.example/", "urn:a")
    ('agency:hanoi.ubnd', 'urn:a')
    """
    found = kind_and_key(base, iri)
    return f"{found[0]}:{found[1]}" if found else iri


def of_curie(base: str, text: str) -> str:
    """The IRI that `curie` calls so.

    >>> of_curie("https://chiso.example/", "agency:hanoi.ubnd"), of_curie("https://chiso.example/", "https://a.example/b")
    ('https://chiso.example/id/agency/hanoi.ubnd', 'https://a.example/b')
    """
    kind, colon, key = text.partition(":")
    return thing(base, kind, key).value if colon and kind in KINDS else text
