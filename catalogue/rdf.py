"""RDF as text: read the formats people send, write the formats they ask for, compare contents.

A parse problem names the place, the line and the column in two languages. Documents that are small to send and
enormous to read (nested JSON-LD, XML entities) are refused before any parser sees them.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePath

import pyoxigraph
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Triple, serialize

from catalogue import xml_form
from catalogue.errors import Invalid
from catalogue.iri import PREFIXES
from catalogue.settings import DEFAULT_BASE

FORMATS: dict[str, RdfFormat] = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "rdf": RdfFormat.RDF_XML,
    "xml": RdfFormat.RDF_XML,
    "owl": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "json": RdfFormat.JSON_LD,
}
"""Formats by the suffix of a file name, also the values of `--format`."""

DEEPEST_JSON = 100
"""Levels of brackets a JSON-LD document may have; ten thousand exhaust the parser's memory."""


def format_of(name: str, given: str | None = None) -> RdfFormat:
    """The format named by `given`, or by the suffix of the file `name`. Raises `Invalid` for one that is not read here.

    >>> format_of("areas.ttl") == RdfFormat.TURTLE, format_of("-", "nq") == RdfFormat.N_QUADS
    (True, True)
    """
    suffix = (given or PurePath(name).suffix).lower().lstrip(".")
    found = FORMATS.get(suffix)
    if found is None:
        known = ", ".join(FORMATS)
        raise Invalid(
            f"Không biết định dạng của {name} (“{suffix}”). Các định dạng đọc được: {known}. Hãy ghi rõ bằng --format.",
            f"The format of {name} is not known (“{suffix}”). Formats read here: {known}. Name it with --format.",
            details={"file": name, "formats": list(FORMATS)},
        )
    return found


def parse(data: bytes, form: RdfFormat, place: str, *, base: str | None = None) -> list[Quad]:
    """The quads of a document. `place` (a file name) is what errors name; `base` resolves relative IRIs.

    Raises what `parsed` raises.
    """
    return parsed(data, form, place, base=base)[0]


def parsed(data: bytes, form: RdfFormat, place: str, *, base: str | None = None) -> tuple[list[Quad], dict[str, str]]:
    """The quads of a document, and the prefixes that it declares.

    Raises `Invalid` with `details` file, line, column for a document that is malformed, is not UTF-8, or is made to
    exhaust its reader.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before) - (before.rfind(b"\n") + 1) + 1
        raise _malformed(place, line, column, "không phải UTF-8", "not UTF-8") from None
    if form == RdfFormat.JSON_LD:
        _refuse_deep_json(text, place)
    if form == RdfFormat.RDF_XML:
        _refuse_nested_entities(text, place)
    try:
        parser = pyoxigraph.parse(text, form, base_iri=base)
        return list(parser), dict(parser.prefixes)
    except SyntaxError as error:
        what = re.sub(r"^Parser error (at|between) line [^:]*: ", "", error.msg or "")
        shown = _line(text, error.lineno)
        raise _malformed(place, error.lineno, error.offset, *_unreadable(what, shown)) from error
    except ValueError as error:
        raise _malformed(place, None, None, *_unreadable(str(error), None)) from error


def without_blank_nodes(quads: Iterable[Quad], place: str) -> list[Quad]:
    """The same quads. Raises `Invalid` at the first blank node: difference, undo and replacement depend on names."""
    found = []
    for quad in quads:
        if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
            raise Invalid(
                f"{place}: có nút trống (blank node) tại {quad.triple}. Hãy đặt cho nó một IRI.",
                f"{place}: blank node in {quad.triple}. Give it an IRI.",
                details={"file": place, "triple": str(quad.triple)},
            )
        found.append(quad)
    return found


def rebased(quads: Iterable[Quad], base: str) -> Iterator[Quad]:
    """The quads with every IRI under the default base moved under `base`, the base of this catalogue."""
    if base == DEFAULT_BASE:
        yield from quads
        return
    known: dict[NamedNode, NamedNode] = {}

    def move(term: NamedNode) -> NamedNode:
        moved = known.get(term)
        if moved is None:
            own = term.value.startswith(DEFAULT_BASE)
            moved = known[term] = NamedNode(base + term.value[len(DEFAULT_BASE) :]) if own else term
        return moved

    for quad in quads:
        subject = move(quad.subject) if isinstance(quad.subject, NamedNode) else quad.subject
        value = move(quad.object) if isinstance(quad.object, NamedNode) else quad.object
        graph = move(quad.graph_name) if isinstance(quad.graph_name, NamedNode) else quad.graph_name
        yield Quad(subject, move(quad.predicate), value, graph)


def canonical(triples: Iterable[Triple]) -> set[Triple]:
    """The triples as the engine gives them back: "2.50"^^xsd:decimal is 2.5, a language tag is lower case."""
    engine = pyoxigraph.Store()
    engine.bulk_extend(Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in triples)
    return {quad.triple for quad in engine}


def digest(triples: Iterable[Triple]) -> str:
    """A name for a content: SHA-256 over the sorted triples, whatever their order or repetition. Give it canonical triples."""
    text = "\n".join(sorted({str(triple) for triple in triples}))
    return hashlib.sha256(text.encode()).hexdigest()


def serialise(triples: Iterable[Triple] | Iterable[Quad], form: RdfFormat, *, base: str | None = None) -> bytes:
    """Triples or quads as a document, with the prefixes of the catalogue where the format has prefixes.

    Raises `NotAcceptable` for what RDF/XML cannot hold.
    """
    prefixes = PREFIXES if form in (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.RDF_XML) else None
    if form != RdfFormat.RDF_XML:
        return serialize(triples, format=form, prefixes=prefixes, base_iri=base) or b""
    try:
        written = serialize(triples, format=form, prefixes=prefixes, base_iri=base)
    except OSError:  # a predicate with a name that RDF/XML keeps for itself, such as rdf:li
        raise xml_form.no_name("") from None
    return bytes(xml_form.readable(written or b""))


def _malformed(place: str, line: int | None, column: int | None, vi: str, en: str) -> Invalid:
    at_vi = f", dòng {line}, cột {column}" if line else ""
    at_en = f", line {line}, column {column}" if line else ""
    return Invalid(
        f"{place}{at_vi}: {vi}.", f"{place}{at_en}: {en}.", details={"file": place, "line": line, "column": column}
    )


def _line(text: str, number: int | None) -> str | None:
    """A line of the document as it may be shown: at most 80 characters."""
    lines = text.splitlines()
    line = lines[number - 1].strip() if number and number <= len(lines) else ""
    return (line[:79] + "…" if len(line) > 80 else line) or None


def _unreadable(what: str, line: str | None) -> tuple[str, str]:
    """The reason in two languages: the line itself, then the parser's own words, which are English, cut short."""
    words = " ".join(what.split()).rstrip(".")
    words = words[:119] + "…" if len(words) > 120 else words
    if line is None:
        return f"không đọc được ({words})", f"it cannot be read ({words})"
    return f"không đọc được “{line}” ({words})", f"“{line}” cannot be read ({words})"


# Possessive, and an unended string runs to the end of the text: no reading of a hostile text begins again.
_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[{]|[\]}]', re.DOTALL)


def _refuse_deep_json(text: str, place: str) -> None:
    depth = 0
    for token in _JSON_TOKEN.finditer(text):
        first = token[0][0]
        depth += 1 if first in "[{" else -1 if first in "]}" else 0
        if depth > DEEPEST_JSON:
            raise _malformed(
                place,
                *_line_and_column(text, token.start()),
                f"JSON lồng sâu hơn {DEEPEST_JSON} tầng",
                f"JSON nested deeper than {DEEPEST_JSON} levels",
            )


def _line_and_column(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _refuse_nested_entities(text: str, place: str) -> None:
    nested = re.search(r"<!ENTITY\s++(?:%\s++)?\S++\s++(?:\"[^\"&%]*+[&%]|'[^'&%]*+[&%]|SYSTEM|PUBLIC)", text)
    if nested:
        raise _malformed(
            place,
            *_line_and_column(text, nested.start()),
            "thực thể XML gọi thực thể khác hoặc tệp ngoài",
            "an XML entity that calls another entity or an outside file",
        )
