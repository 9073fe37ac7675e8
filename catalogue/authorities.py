"""The lists of the Publications Office of the EU, of IANA and of SPDX whose IRIs a DCAT-AP catalogue uses.

A profile asks that what is referred to has a type and, for codes, its list: `described` says that of every IRI used.
"""

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Triple

from catalogue.iri import node

EU = "http://publications.europa.eu/resource/authority/"
IANA = "https://www.iana.org/assignments/media-types/"
SHA_256 = "https://spdx.org/rdf/terms#checksumAlgorithm_sha256"
"""As the profile's shape on controlled vocabularies wants it, with https; SPDX itself writes http."""

VIETNAM = EU + "country/VNM"
PUBLIC = EU + "access-right/PUBLIC"
THEMES = EU + "data-theme"
LANGUAGES = {"vi": EU + "language/VIE", "en": EU + "language/ENG"}

_TYPES = {
    "country": "dct:Location",
    "access-right": "dct:RightsStatement",
    "language": "dct:LinguisticSystem",
    "data-theme": "skos:Concept",
    "file-type": "dct:MediaTypeOrExtent",
    "frequency": "dct:Frequency",
}
_NAMES: dict[str, tuple[str, str]] = {
    "country/VNM": ("Việt Nam", "Viet Nam"),
    "access-right/PUBLIC": ("công khai", "public"),
    "language/VIE": ("tiếng Việt", "Vietnamese"),
    "language/ENG": ("tiếng Anh", "English"),
    "data-theme/GOVE": ("Chính quyền và khu vực công", "Government and public sector"),
    "data-theme/JUST": ("Tư pháp, hệ thống pháp luật và an toàn công cộng", "Justice, legal system and public safety"),
    "data-theme/ECON": ("Kinh tế và tài chính", "Economy and finance"),
    "data-theme/SOCI": ("Dân số và xã hội", "Population and society"),
    "data-theme/REGI": ("Vùng và thành phố", "Regions and cities"),
}


def file_type(name: str) -> str:
    """The IRI of a file format: `RDF_TURTLE`, `RDF_N_QUADS`, …"""
    return f"{EU}file-type/{name}"


def media_type(name: str) -> str:
    """The IRI of a media type.

    >>> media_type("text/turtle")
    'https://www.iana.org/assignments/media-types/text/turtle'
    """
    return IANA + name


def frequency(iri: str | None) -> str | None:
    """A frequency of the EU's list, None for anything else."""
    return iri if iri and iri.startswith(f"{EU}frequency/") else None


def described(iris: Iterable[str]) -> list[Triple]:
    """The type, list and name of those IRIs that belong to one of the lists."""
    found: list[Triple] = []
    for iri in sorted(set(iris)):
        if iri.startswith(IANA):
            found.append(_said(iri, "rdf:type", node("dct:MediaType")))
        elif iri == SHA_256:
            found.append(_said(iri, "rdf:type", node("spdx:ChecksumAlgorithm")))
            found.append(_said(iri, "owl:sameAs", node("spdx:checksumAlgorithm_sha256")))
        elif iri == THEMES:
            found.append(_said(iri, "rdf:type", node("skos:ConceptScheme")))
            found.append(_said(iri, "dct:title", Literal("Chủ đề dữ liệu", language="vi")))
            found.append(_said(iri, "dct:title", Literal("Data theme", language="en")))
        elif iri.startswith(EU):
            found += _coded(iri)
    return found


def _coded(iri: str) -> list[Triple]:
    code = iri[len(EU) :]
    scheme, _, name = code.partition("/")
    if scheme not in _TYPES:
        return []
    vi, en = _NAMES.get(code, ("", ""))
    labels = [Literal(vi, language="vi"), Literal(en, language="en")] if en else [Literal(name)]
    return [
        _said(iri, "rdf:type", node(_TYPES[scheme])),
        _said(iri, "skos:inScheme", NamedNode(EU + scheme)),
        *(_said(iri, "skos:prefLabel", label) for label in labels),
    ]


def _said(subject: str, predicate: str, value: NamedNode | Literal) -> Triple:
    return Triple(NamedNode(subject), node(predicate), value)
