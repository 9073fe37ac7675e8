"""A small synthetic catalogue with mappings in every state; nothing in it is real."""

from pyoxigraph import NamedNode, RdfFormat, Triple

from catalogue import publication, rdf
from catalogue.folding import slug
from catalogue.graphs import VOCABULARY_GRAPH
from catalogue.iri import PREFIXES
from catalogue.shipped import ONTOLOGY
from catalogue.store.embedded import Embedded, open_memory

BASE = "https://synthetic.example/"
ID = f"{BASE}id/"
LOCAL, NATIONAL = f"{ID}indicator-set/dia-phuong", f"{ID}indicator-set/quoc-gia"

_PREFIXES = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items()) + "".join(
    f"@prefix {name}: <{ID}{kind}/> .\n"
    for name, kind in {
        "i": "indicator",
        "g": "indicator-group",
        "s": "indicator-set",
        "m": "mapping",
        "ms": "mapping-set",
        "a": "agency",
        "area": "area",
        "source": "source",
        "review": "mapping-review",
    }.items()
)
_PREFIXES += "@prefix status: <https://w3id.org/chiso/code/mapping-status/> .\n@prefix level: <https://w3id.org/chiso/code/level/> .\n"

CATALOGUE = """
s:quoc-gia a skos:ConceptScheme , chiso:IndicatorSet ; skos:prefLabel "Quốc gia thử"@vi , "National test"@en ;
  chiso:statedSize 230 ; chiso:level level:quoc-gia ; dct:publisher a:bo ; chiso:notFound skos:hasTopConcept .
s:dia-phuong a skos:ConceptScheme , chiso:IndicatorSet ; skos:prefLabel "Tỉnh Thử"@vi ; dct:publisher a:ubnd .
s:khong-ro a skos:ConceptScheme , chiso:IndicatorSet ; skos:prefLabel "Bộ không rõ nơi"@vi .
s:cu a skos:ConceptScheme , chiso:IndicatorSet ; skos:prefLabel "Bộ cũ"@vi ; chiso:validTo "2024-01-01"^^xsd:date .
a:bo a cv:PublicOrganisation ; skos:prefLabel "Bộ Thử"@vi ; chiso:level level:quoc-gia .
a:ubnd a cv:PublicOrganisation ; skos:prefLabel "UBND tỉnh Thử"@vi ; chiso:level level:tinh ; dct:spatial area:99.cu , area:99.moi .
area:99.cu a chiso:AdministrativeUnit ; skos:prefLabel "Thử (cũ)"@vi ; chiso:validTo "2025-07-01"^^xsd:date .
area:99.moi a chiso:AdministrativeUnit ; skos:prefLabel "Thử (mới)"@vi ; chiso:validFrom "2025-07-01"^^xsd:date .
a:nguyen-a a cv:PublicOrganisation ; skos:prefLabel "Nguyễn A"@vi .
a:tran-b a cv:PublicOrganisation ; skos:prefLabel "Trần B"@vi .
a:le-c a cv:PublicOrganisation ; skos:prefLabel "Lê C"@vi .
g:a a skos:Collection ; skos:prefLabel "Nhóm A"@vi ; skos:inScheme s:dia-phuong ; skos:member i:l1 , i:l2 , i:l3 .
"""


def indicators() -> str:
    """Nine local indicators, six national ones, one of an unknown place and one of an old scheme."""
    sets = {"dia-phuong": [f"l{n}" for n in range(1, 10)], "quoc-gia": [f"n{n}" for n in range(1, 7)]}
    sets |= {"khong-ro": ["u1"], "cu": ["c1"]}
    return "".join(
        f'i:{key} a chiso:Indicator ; skos:inScheme s:{scheme} ; skos:notation "{key.upper()}" ; skos:prefLabel "Chỉ số {key}"@vi .\n'
        for scheme, keys in sets.items()
        for key in keys
    )


def _person(name: str) -> str:
    return f"<{ID}agency/{slug(name)}>"


def mapping(
    name: str,
    subject: str,
    predicate: str,
    target: str,
    status: str = "accepted",
    *,
    by: str = "Trần B",
    author: str = "Nguyễn A",
    day: str = "2025-03-01",
    more: str = "",
) -> str:
    """One mapping in Turtle; `target` is a key or `none`."""
    other = "sssom:NoTermFound" if target == "none" else f"i:{target}"
    reviewed = (
        f'sssom:reviewer_id {_person(by)} ; sssom:review_date "{day}"^^xsd:date ;' if status != "candidate" else ""
    )
    return (
        f"m:{name} a sssom:Mapping ; sssom:subject_id i:{subject} ; sssom:predicate_id skos:{predicate} ;"
        f" sssom:object_id {other} ; sssom:mapping_justification semapv:ManualMappingCuration ;"
        f' sssom:author_id {_person(author)} ; sssom:mapping_date "2025-02-01"^^xsd:date ;'
        f" {reviewed} {more} chiso:status status:{status} .\n ms:t sssom:mappings m:{name} .\n"
    )


GRAPH = f"{BASE}graph/anh-xa-thu.confirmed"


def turtle(*parts: str) -> str:
    """The catalogue with the mappings of `parts`, without its prefixes."""
    about = f"""<{GRAPH}> a chiso:SourceGraph ; dct:source source:anh-xa-thu ;
      chiso:verification <https://w3id.org/chiso/code/verification/confirmed> .
      source:anh-xa-thu a chiso:Source ; dct:title "Nguồn thử"@vi .
      ms:t a sssom:MappingSet ; sssom:mapping_set_title "Bộ ánh xạ thử"@vi .
    """
    return about + CATALOGUE + indicators() + "".join(parts)


def trig(*parts: str) -> str:
    """The same as TriG, for a data folder."""
    return f"{_PREFIXES}<{GRAPH}> {{\n{turtle(*parts)}\n}}"


def world(*parts: str) -> Embedded:
    """The same as a store, as publication makes it."""
    return published({GRAPH: _PREFIXES + turtle(*parts)})


def published(turtle: dict[str, str]) -> Embedded:
    """A store of these graphs and the vocabulary."""
    contents: dict[NamedNode, set[Triple]] = {
        NamedNode(name): rdf.canonical(quad.triple for quad in rdf.parse(text.encode(), RdfFormat.TURTLE, "t.ttl"))
        for name, text in turtle.items()
    }
    contents[VOCABULARY_GRAPH] = rdf.canonical(
        quad.triple
        for path in sorted(ONTOLOGY.rglob("*.ttl"))
        for quad in rdf.parse(path.read_bytes(), RdfFormat.TURTLE, path.name)
    )
    store = open_memory()
    store.load(publication.plan(store, contents, BASE).add)
    return store
