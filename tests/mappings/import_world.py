"""Two small schemes of codes and mapping documents between them; nothing in it is real."""

from datetime import date
from pathlib import Path

from catalogue.settings import Settings
from catalogue.writing import Writer
from tests.serving import BASE
from workers.imports import Import, Imported, take

TODAY = date(2026, 3, 1)
SHARED = Path(__file__).parents[3] / "shared"
SAMPLES = sorted((SHARED / "standards/sssom/examples").glob("*.sssom.tsv"))

_PREFIXES = f"""
@prefix chiso: <https://w3id.org/chiso/ns#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix verification: <https://w3id.org/chiso/code/verification/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix graph: <{BASE}graph/> .
@prefix indicator: <{BASE}id/indicator/> .
@prefix set: <{BASE}id/indicator-set/> .
@prefix source: <{BASE}id/source/> .
"""


def _codes(scheme: str, codes: list[str]) -> str:
    said = "".join(
        f'indicator:{scheme}.{code} a chiso:Indicator ; skos:inScheme set:{scheme} ; skos:notation "{code}" ;'
        f' skos:prefLabel "Chỉ số {scheme} {code}"@vi .\n'
        for code in codes
    )
    return f'set:{scheme} a skos:ConceptScheme , chiso:IndicatorSet ; skos:prefLabel "Bộ {scheme}"@vi .\n{said}'


EXTRA = f"""{_PREFIXES}
graph:hai-bo.confirmed {{
  graph:hai-bo.confirmed a chiso:SourceGraph ; dct:source source:thu ; chiso:verification verification:confirmed .
  {_codes("tinh", ["A1", "A2", "A3", "A4", "A5"])}
  {_codes("nuoc", ["0101", "0102", "0103", "0104", "0105", "0199"])}
  {_codes("khac", ["X1", "X2"])}
  indicator:nuoc.0199 chiso:validTo "2025-07-01"^^xsd:date ; dct:isReplacedBy indicator:nuoc.0105 .
  indicator:nuoc.0105 chiso:validFrom "2025-07-01"^^xsd:date .
}}
"""

HEAD = f"""#curie_map:
#  tinh: {BASE}id/indicator/tinh.
#  nuoc: {BASE}id/indicator/nuoc.
#  khac: {BASE}id/indicator/khac.
#  nguoi: https://nguoi.example/
#mapping_set_id: https://tinh.example/anh-xa
#mapping_set_title: Ánh xạ thử
#license: https://creativecommons.org/licenses/by/4.0/
"""
COLUMNS = [
    "subject_id",
    "predicate_id",
    "object_id",
    "mapping_justification",
    "mapping_status",
    "reviewer_id",
    "review_date",
    "valid_from",
    "valid_to",
    "comment",
]
MANUAL = "semapv:ManualMappingCuration"


def row(
    subject: str,
    relation: str,
    object_: str,
    status: str = "",
    reviewer: str = "",
    day: str = "",
    *,
    start: str = "",
    end: str = "",
    comment: str = "",
) -> str:
    """One row of the columns `COLUMNS`; `accepted` gets a reviewer and a day where none is given."""
    if status == "accepted":
        reviewer, day = reviewer or "nguoi:an", day or "2026-01-05"
    return "\t".join((subject, f"skos:{relation}", object_, MANUAL, status, reviewer, day, start, end, comment))


def document(*rows: str, head: str = HEAD) -> bytes:
    """A whole document of rows."""
    return (head + "\n".join(["\t".join(COLUMNS), *rows]) + "\n").encode()


def bring(writer: Writer, settings: Settings, content: bytes, **options: object) -> Imported:
    """Take a document in, as whoever may write everything."""
    given = Import(content, options.pop("form", "tsv"), "thu.sssom.tsv", TODAY, **options)  # type: ignore[arg-type]
    return take(writer, settings, given, lambda _graph: None)
