"""A small catalogue of three schemes and the mappings between them, for a server and for the command line."""

from catalogue.iri import CODES, PREFIXES
from tests.serving import BASE

EDITIONS = {
    "xa": ("0101", "0102", "0103", "0104", "0105", "0106"),
    "tinh": ("T1", "T2"),
    "nuoc": ("1001", "1002", "1003"),
}
LINKS = (
    ("a", "xa.0101", "exactMatch", "tinh.T1", "accepted"),
    ("b", "tinh.T1", "broadMatch", "nuoc.1001", "accepted"),
    ("c", "xa.0102", "narrowMatch", "nuoc.1002", "accepted"),
    ("d", "xa.0102", "narrowMatch", "nuoc.1003", "accepted"),
    ("e", "xa.0103", "exactMatch", "nuoc.1003", "candidate"),
    ("f", "xa.0106", "exactMatch", "nuoc.1003", "accepted"),
)


def trig() -> str:
    """The catalogue; the name of 1003 begins like a formula."""
    said = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    for kind in ("indicator", "indicator-set", "mapping", "source"):
        said += f"@prefix {kind}: <{BASE}id/{kind}/> .\n"
    said += f"@prefix status: <{CODES}mapping-status/> .\n<{BASE}graph/crosswalk.confirmed> {{\n"
    said += (
        f"<{BASE}graph/crosswalk.confirmed> a chiso:SourceGraph ; chiso:verification <{CODES}verification/confirmed> ; "
    )
    said += (
        'prov:wasDerivedFrom source:crosswalk .\nsource:crosswalk a chiso:Source ; dct:title "Bảng chuyển mã"@vi .\n'
    )
    for key, codes in EDITIONS.items():
        said += f'indicator-set:{key} a chiso:IndicatorSet ; skos:prefLabel "Bộ {key}"@vi .\n'
        for code in codes:
            name = '=HYPERLINK("x") chỉ tiêu' if code == "1003" else f"Chỉ tiêu {code}"
            name = name.replace('"', '\\"')
            said += f'indicator:{key}.{code} a chiso:Indicator ; skos:inScheme indicator-set:{key} ; skos:notation "{code}" ; skos:prefLabel "{name}"@vi .\n'
    for key, one, match, other, status in LINKS:
        said += (
            f"mapping:{key} a sssom:Mapping ; sssom:subject_id indicator:{one} ; sssom:predicate_id skos:{match} ; "
            f"sssom:object_id indicator:{other} ; chiso:status status:{status} ; sssom:confidence 0.9 ; "
            'sssom:mapping_justification semapv:ManualMappingCuration ; sssom:reviewer_label "Nguyễn A" ; '
            'sssom:review_date "2025-05-05"^^xsd:date .\n'
        )
    return said + "}\n"
