"""What the SHACL worker does with one piece of data: read it, judge it with pySHACL, write the report.

Runs in the disposable child alone: whatever a stranger sends is parsed and evaluated here.
"""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pyoxigraph
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple

from catalogue import rdf, sparql_text, validation, xml_form
from catalogue.errors import BadRequest, CatalogueError, Invalid, LimitReached
from catalogue.iri import PREFIXES
from catalogue.settings import Settings

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

LONGEST_VALUE = 1_000
"""Characters of a value that the summary of a result repeats."""

_SH = PREFIXES["sh"]
_CONFORMS, _RESULT = _SH + "conforms", _SH + "result"
_PLACE = re.compile(r"\{[?$]\w+\}")
_QUERIES = ("select", "ask")
_PATHS = (
    ("inversePath", "^", ""),
    ("alternativePath", "", ""),
    ("zeroOrMorePath", "", "*"),
    ("oneOrMorePath", "", "+"),
    ("zeroOrOnePath", "", "?"),
)
_EXPECTED = {
    "ClassConstraintComponent": "class",
    "InConstraintComponent": "in",
    "LanguageInConstraintComponent": "languageIn",
    "QualifiedMinCountConstraintComponent": "qualifiedMinCount",
    "QualifiedMaxCountConstraintComponent": "qualifiedMaxCount",
}


@dataclass(frozen=True, slots=True)
class Posted:
    """One document as it was sent: `part` (`data` or `shapes`) is what errors name, `form` the suffix of its format."""

    part: str
    content: bytes
    form: str


@dataclass(frozen=True, slots=True)
class Judged:
    """The report: as N-Triples, its blank nodes named in order, and result by result as plain data for programs."""

    conforms: bool
    triples: list[Triple]
    results: list[dict[str, Any]]

    def summary(self) -> bytes:
        """The results as JSON."""
        return json.dumps(self.results, ensure_ascii=False).encode()


def prepare() -> None:
    """Load all that a judgement needs, and take from rdflib what could read files or call other services."""
    import pyshacl  # noqa: F401 - loaded here so that no visitor waits for it
    import rdflib
    from rdflib.plugins import sparql
    from rdflib.plugins.sparql import evaluate

    rdflib.NORMALIZE_LITERALS = False  # dates keep their zone, numbers their zeros
    sparql.SPARQL_LOAD_GRAPHS = False
    evaluate.evalServiceQuery = _no_service  # type: ignore[assignment]
    validation._shipped_graphs()
    judge(Posted("data", b"", "ttl"), None, Settings())


def judge(data: Posted, shapes: Posted | None, settings: Settings) -> Judged:
    """The judgement on `data`, under the shipped shapes or posted ones. Relative IRIs are resolved against `/validate`.

    Raises `BadRequest` (line, column, part) for a document that cannot be read, `Invalid` for shapes that pySHACL
    refuses, `LimitReached` for queries in them that may not be asked here.
    """
    base = f"{settings.base_iri}validate"
    read = _graph(data, base)
    rules = _graph(shapes, base) if shapes is not None else validation._shipped_graphs()[0]
    if shapes is not None:
        _refuse_calls(rules, settings)
    report = _report(read, None if shapes is None else rules)
    graph = report.graph
    _tell_languages(graph, rules)
    node = next(graph.subjects(_uri(_CONFORMS)), None)
    found = (
        [(_result(graph, rules, one), one) for one in graph.objects(node, _uri(_RESULT))] if node is not None else []
    )
    found.sort(key=lambda pair: _key(pair[0]))
    order = [node, *(one for _, one in found)] if node is not None else []
    return Judged(report.conforms, _ordered(graph, order), [told for told, _ in found])


def written(triples: list[Triple], form: RdfFormat) -> bytes:
    """The report in one of the forms of RDF. Raises `NotAcceptable` where RDF/XML has no way to write it."""
    named = {str(term.value) for triple in triples for term in triple if isinstance(term, NamedNode)}
    prefixes = {name: start for name, start in PREFIXES.items() if any(iri.startswith(start) for iri in named)}
    with_prefixes = form in (RdfFormat.TURTLE, RdfFormat.RDF_XML)
    try:
        found = pyoxigraph.serialize(triples, format=form, prefixes=prefixes if with_prefixes else None) or b""
    except (ValueError, OSError) as error:
        raise Invalid(
            "Không viết được báo cáo ở định dạng này. Hãy lấy Turtle hoặc N-Triples.",
            "The report cannot be written in this form. Take Turtle or N-Triples.",
        ) from error
    return bytes(xml_form.readable(found)) if form == RdfFormat.RDF_XML else found


# --- reading


def _graph(posted: Posted, base: str) -> "Graph":
    """A posted document as an rdflib graph; the graphs of TriG and N-Quads become one."""
    try:
        quads = rdf.parse(posted.content, rdf.FORMATS[posted.form], posted.part, base=base)
    except Invalid as error:
        raise BadRequest(error.vi, error.en, details={**error.details, "part": posted.part}) from None
    graph, term = validation.graph_class()(), _terms(posted.part)
    for quad in quads:
        if isinstance(quad.subject, Triple) or isinstance(quad.object, Triple):
            raise BadRequest(
                f"{posted.part}: có triple trong triple (RDF 1.2); SHACL không kiểm tra được.",
                f"{posted.part}: there is a triple within a triple (RDF 1.2), which SHACL cannot check.",
                details={"part": posted.part},
            )
        graph.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return graph


def _terms(part: str) -> Callable[[Any], "Node"]:
    """From the engine's terms to rdflib's. Blank nodes of data and shapes never meet, whatever their labels."""
    from rdflib import BNode, Literal, URIRef

    @cache
    def term(given: NamedNode | BlankNode | pyoxigraph.Literal) -> "Node":
        if isinstance(given, NamedNode):
            return _uri(given.value)
        if isinstance(given, BlankNode):
            return BNode(f"{part}{given.value}")
        if given.language:
            return Literal(given.value, lang=given.language)
        plain = given.datatype.value == PREFIXES["xsd"] + "string"
        return Literal(given.value, datatype=None if plain else URIRef(given.datatype.value))

    return term


def _uri(iri: str) -> "Node":
    from rdflib import URIRef

    return URIRef(iri)


def _refuse_calls(rules: "Graph", settings: Settings) -> None:
    """Raise for SPARQL in the shapes that is made to call out or to exhaust its reader, before anything parses it."""
    for name in _QUERIES:
        for text in rules.objects(None, _uri(_SH + name)):
            try:
                reading = sparql_text.read(str(text), settings)
            except CatalogueError as error:
                kind = LimitReached if isinstance(error, LimitReached) else Invalid
                vi, en = f"sh:{name} trong shapes: {error.vi}", f"sh:{name} in the shapes: {error.en}"
                raise kind(vi, en, details={**error.details, "part": "shapes"}) from None
            if "FROM" in reading.words:
                raise Invalid(
                    f"sh:{name} trong shapes: không dùng được FROM; chỉ có đồ thị dữ liệu.",
                    f"sh:{name} in the shapes: FROM cannot be used; there is the data graph alone.",
                    details={"part": "shapes"},
                )


def _no_service(*_given: Any) -> Any:
    raise Invalid("SERVICE không dùng được ở đây.", "SERVICE cannot be used here.")


# --- judging


def _report(data: "Graph", shapes: "Graph | None") -> validation.Report:
    from pyparsing import ParseBaseException

    try:
        return validation.report(data, shapes)
    except Invalid as error:
        raise _refused(error.vi, error.en) from None
    except MemoryError:
        raise
    except ParseBaseException as error:
        at_vi, at_en = f"dòng {error.lineno}, cột {error.column}", f"line {error.lineno}, column {error.column}"
        raise _refused(
            f"Câu SPARQL trong shapes sai cú pháp ({at_vi} của câu).",
            f"A SPARQL query in the shapes is malformed ({at_en} of the query).",
        ) from None
    except Exception as error:
        # pySHACL and rdflib raise whatever their code runs into on shapes that are not well-formed.
        name = type(error).__name__
        raise _refused(
            f"pySHACL không dùng được các shapes này ({name}). Hãy kiểm tra xem chúng có đúng SHACL không.",
            f"pySHACL cannot work with these shapes ({name}). Check that they are well-formed SHACL.",
        ) from error


def _refused(vi: str, en: str) -> Invalid:
    return Invalid(_one_line(vi), _one_line(en), details={"part": "shapes"})


def _one_line(text: str) -> str:
    text = " ".join(text.split())
    return text[:599] + "…" if len(text) > 600 else text


# --- telling


def _tell_languages(graph: "Graph", rules: "Graph") -> None:
    """Give messages of SPARQL constraints their language back: pySHACL drops it when it fills in a value."""
    from rdflib import Literal

    message = _uri(_SH + "message")
    templates: dict[Node, list[tuple[re.Pattern[str], str]]] = {}
    for node, constraint in list(graph.subject_objects(_uri(_SH + "sourceConstraint"))):
        if constraint not in templates:
            templates[constraint] = [
                (re.compile(".*".join(map(re.escape, _PLACE.split(str(given)))), re.DOTALL), given.language)
                for given in rules.objects(constraint, message)
                if isinstance(given, Literal) and given.language
            ]
        for said in list(graph.objects(node, _uri(_SH + "resultMessage"))):
            fits = [language for template, language in templates[constraint] if template.fullmatch(str(said))]
            if isinstance(said, Literal) and not said.language and len(fits) == 1:
                graph.remove((node, _uri(_SH + "resultMessage"), said))
                graph.add((node, _uri(_SH + "resultMessage"), Literal(str(said), lang=fits[0])))


def _result(graph: "Graph", rules: "Graph", node: "Node") -> dict[str, Any]:
    """One result as plain data. `ownMessages`: whether the shape said them; else they are pySHACL's, in English."""

    def one(name: str) -> "Node | None":
        return graph.value(node, _uri(_SH + name))

    message = _uri(_SH + "message")
    component = str(one("sourceConstraintComponent") or "")
    local = component.rpartition("#")[2]
    shape, constraint = one("sourceShape"), one("sourceConstraint")
    own = any((place, message, None) in rules for place in (shape, constraint) if place is not None)
    parameter = _EXPECTED.get(local) or local[:1].lower() + local[1:].removesuffix("ConstraintComponent")
    path = one("resultPath")
    return {
        "focusNode": _term(one("focusNode")),
        "path": _path(graph, path) if path is not None else None,
        "value": _term(one("value")),
        "severity": str(one("resultSeverity") or "").removeprefix(_SH),
        "component": component,
        "sourceShape": _term(shape),
        "sourceConstraint": _term(constraint),
        "expected": _expected(rules, shape, parameter),
        # What a component says that the shapes declare themselves is theirs, too.
        "ownMessages": own or not component.startswith(_SH),
        "messages": [
            {"text": str(text), "language": getattr(text, "language", None)}
            for text in sorted(graph.objects(node, _uri(_SH + "resultMessage")), key=str)
        ],
    }


def _term(term: "Node | None") -> dict[str, str] | None:
    """A term as the SPARQL results format writes it (SPARQL 1.1 Query Results JSON Format, 3.2.2)."""
    from rdflib import BNode, Literal

    if term is None:
        return None
    if isinstance(term, BNode):
        # As it was sent, where it bore a label: what was put before it (see `_terms`) is taken off again.
        return {"type": "bnode", "value": str(term).removeprefix("data").removeprefix("shapes")}
    if not isinstance(term, Literal):
        return {"type": "uri", "value": str(term)}
    told = {"type": "literal", "value": _cut(str(term))}
    if term.language:
        told["xml:lang"] = term.language
    elif term.datatype is not None:
        told["datatype"] = str(term.datatype)
    return told


def _cut(text: str) -> str:
    return text[: LONGEST_VALUE - 1] + "…" if len(text) > LONGEST_VALUE else text


def _path(graph: "Graph", node: "Node") -> str:
    """A path as SPARQL writes it (SHACL 2.3.1); a path of one property is its bare IRI."""
    from rdflib import RDF, BNode
    from rdflib.collection import Collection

    if not isinstance(node, BNode):
        return str(node)

    def told(part: "Node") -> str:
        text = _path(graph, part)
        return f"({text})" if isinstance(part, BNode) else f"<{text}>"

    if (node, RDF.first, None) in graph:
        return "/".join(told(part) for part in Collection(graph, node))
    for name, before, after in _PATHS:
        for part in graph.objects(node, _uri(_SH + name)):
            if name == "alternativePath":
                return "|".join(told(one) for one in Collection(graph, part))
            return f"{before}{told(part)}{after}"
    return str(node)


def _expected(rules: "Graph", shape: "Node | None", parameter: str) -> list[str]:
    """What the shape asks for, as texts: the value of the parameter, or the members of its list (at most 20)."""
    from rdflib import RDF
    from rdflib.collection import Collection

    found: list[str] = []
    for value in rules.objects(shape, _uri(_SH + parameter)) if shape is not None else ():
        members: Iterable[Any] = Collection(rules, value) if (value, RDF.first, None) in rules else [value]
        for member in members:
            if len(found) == 20:
                return [*found, "…"]
            found.append(_cut(str(member)))
    return found


def _key(told: dict[str, Any]) -> tuple[str, ...]:
    terms = [told[name] or {"type": "", "value": ""} for name in ("focusNode", "value")]
    focus, value = (f"{term['type']} {term['value']}" for term in terms)
    return focus, told["path"] or "", told["component"], value, str(told["messages"])


def _ordered(graph: "Graph", order: list["Node"]) -> list[Triple]:
    """The report's triples, subjects as in `order` first, its blank nodes named b1, b2, … as they come."""
    from rdflib import BNode, Literal

    place = {node: number for number, node in enumerate(order)}
    names: dict[Node, BlankNode] = {}

    def term(given: "Node") -> Any:
        if isinstance(given, BNode):
            return names.setdefault(given, BlankNode(f"b{len(names) + 1}"))
        if not isinstance(given, Literal):
            return NamedNode(str(given))
        if given.language:
            return pyoxigraph.Literal(str(given), language=given.language)
        return pyoxigraph.Literal(str(given), datatype=None if given.datatype is None else NamedNode(given.datatype))

    ordered = sorted(graph, key=lambda t: (place.get(t[0], len(place)), str(t[0]), t[1], str(t[2])))
    return [Triple(term(subject), NamedNode(str(name)), term(value)) for subject, name, value in ordered]
