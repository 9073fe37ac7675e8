"""Documents of mappings: which form one is in, read as a mapping set and written as one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from pyoxigraph import NamedNode

from catalogue import rdf
from catalogue.errors import Invalid
from catalogue.mapping.exchange import sssom_graph, sssom_rdf, sssom_tsv
from catalogue.mapping.exchange.sssom import MappingSet

Form = Literal["tsv", "csv", "ttl", "jsonld"]


@dataclass(frozen=True, slots=True)
class Media:
    """How a form is called: by media types, the first of which we send, and by suffixes of file names."""

    types: tuple[str, ...]
    suffixes: tuple[str, ...]


FORMS: dict[Form, Media] = {
    "tsv": Media(("text/tab-separated-values", "text/plain"), ("tsv", "txt")),
    "csv": Media(("text/csv",), ("csv",)),
    "ttl": Media(("text/turtle",), ("ttl",)),
    "jsonld": Media(("application/ld+json", "application/json"), ("jsonld", "json")),
}


def form_of(name: str) -> Form:
    """The form of a file by the suffix of its name. Raises `Invalid`."""
    suffix = PurePath(name).suffix.lower().lstrip(".")
    for form, media in FORMS.items():
        if suffix in media.suffixes:
            return form
    raise Invalid(
        f"Không biết {name} ở định dạng nào. Đọc được: .sssom.tsv, .csv, .ttl, .jsonld.",
        f"The format of {name} is not known. Read are: .sssom.tsv, .csv, .ttl, .jsonld.",
        details={"file": name},
    )


def read(data: bytes, form: Form, *, most: int, place: str, metadata: bytes | None = None) -> MappingSet:
    """The mapping set of a document. `most`: mappings it may have; `metadata`: the YAML beside a table.

    Raises `Invalid` for a document that cannot be read at all, `LimitReached`; what is wrong in a row is a problem of the set.
    """
    if form in ("tsv", "csv"):
        return sssom_tsv.read(data, most=most, place=place, metadata=metadata)
    quads, prefixes = rdf.parsed(data, rdf.FORMATS[form], place)
    triples = [quad.triple for quad in quads]
    ours = [
        one.subject for one in triples if one.predicate == sssom_graph.TYPE and one.object == sssom_graph.MAPPING_SET
    ]
    own_form = any(one.predicate == sssom_graph.TYPE and one.object == sssom_graph.MAPPING for one in triples)
    if own_form and len(ours) == 1 and isinstance(ours[0], NamedNode):
        found = sssom_graph.read(triples, ours[0])
        if len(found.mappings) > most:
            raise sssom_rdf.too_many(place, len(found.mappings), most)
        return found
    if form == "jsonld":
        prefixes = {**_context(data), **prefixes}
    return sssom_rdf.read(triples, prefixes, most=most, place=place)


def write(mapping_set: MappingSet, form: Form) -> bytes:
    """The set as a document; the CSV is guarded against formulas, for Excel."""
    match form:
        case "tsv":
            return sssom_tsv.write(mapping_set)
        case "csv":
            return sssom_tsv.write(mapping_set, separator=",", guarded=True)
        case "ttl":
            return sssom_rdf.turtle(mapping_set)
    return sssom_rdf.json_ld(mapping_set)


def _context(data: bytes) -> Mapping[str, str]:
    """The prefixes of a JSON-LD document as JSON-LD 1.0 wrote them: the parser makes terms of them that are no prefixes."""
    try:
        document = json.loads(data)
    except ValueError:
        return {}
    contexts = document.get("@context") if isinstance(document, dict) else None
    found: dict[str, str] = {}
    for one in contexts if isinstance(contexts, list) else [contexts]:
        if isinstance(one, dict):
            found |= {
                name: iri
                for name, iri in one.items()
                if isinstance(iri, str) and iri.endswith(("/", "#", "_", ":", "="))
            }
    return found
