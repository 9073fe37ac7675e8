"""What XML can hold of an answer: said once, for RDF/XML and for SPARQL results in XML.

XML 1.0 has no way to write most control characters (section 2.2), and its readers turn a bare carriage return into a line
feed (section 2.11). RDF/XML writes predicates as names of elements (RDF 1.1 XML Syntax, section 6.1.2). The engine's writer minds none
of these.
"""

import re
from collections.abc import Sequence

from catalogue.errors import NotAcceptable
from catalogue.iri import PREFIXES

GRAPH_FORMS = ("text/turtle", "application/ld+json", "application/n-triples", "application/trig", "application/n-quads")
SOLUTION_FORMS = ("application/sparql-results+json", "text/csv", "text/tab-separated-values")

_NO_CHARACTER = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_NO_NAME = re.compile(rb'<([^\s<>/:?!"]*):(?:\s+xmlns:[^\s="]*="([^"]*)")?[\s/>]')
"""An element without a local name; text bears no `<`, so this can be nothing else."""


def readable(body: bytes | bytearray, others: Sequence[str] = GRAPH_FORMS) -> bytes | bytearray:
    r"""A document that the engine wrote, such that every reader gets back what was written.

    `others`: the media types that can be asked for instead. Raises `NotAcceptable` for what XML cannot hold.

    >>> readable(b"<literal>a\r\nb</literal>")
    b'<literal>a&#13;\nb</literal>'
    """
    if found := _NO_CHARACTER.search(body):
        character = f"U+{ord(found[0].decode()):04X}"
        raise _cannot(
            f"một giá trị có ký tự {character}, XML 1.0 không viết được ký tự này",
            f"a value has the character {character}, which XML 1.0 cannot hold",
            others,
        )
    if others is GRAPH_FORMS and (found := _NO_NAME.search(body)):
        prefix, own = found[1].decode(), (found[2] or b"").decode()
        raise no_name(own or PREFIXES.get(prefix, prefix), others)
    return body.replace(b"\r", b"&#13;") if b"\r" in body else body


def no_name(iri: str, others: Sequence[str] = GRAPH_FORMS) -> NotAcceptable:
    """The error for a predicate or a class that cannot be the name of an element; `iri` may be empty."""
    named = f" <{iri[:200]}>" if iri else ""
    return _cannot(
        f"RDF/XML viết thuộc tính và lớp thành tên phần tử, mà IRI{named} không tách được thành tên như vậy",
        f"RDF/XML writes predicates and classes as names of elements, and the IRI{named} cannot be divided into such a name",
        others,
    )


def _cannot(vi: str, en: str, others: Sequence[str]) -> NotAcceptable:
    kinds = ", ".join(others)
    return NotAcceptable(
        f"Kết quả này không viết được bằng XML: {vi}. Các dạng viết được: {kinds}.",
        f"This answer cannot be written in XML: {en}. Forms that can hold it: {kinds}.",
        details={"available": list(others)},
    )
