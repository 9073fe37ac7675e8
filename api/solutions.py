"""The forms in which the answer to a query can be had, and the form of CSV that Excel reads.

Plain CSV is what SPARQL 1.1 says (Results CSV and TSV Formats): values as they are, without a byte order mark. The form
for Excel has the mark, and a cell that Excel would take for a formula begins with an apostrophe.
"""

import re
from collections.abc import Mapping

from starlette.requests import Request

from api import negotiation
from api.negotiation import HTML
from catalogue.errors import NotAcceptable
from catalogue.spreadsheets import guarded

JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
CSV = "text/csv"
TSV = "text/tab-separated-values"

# What is offered, the first is what is sent to who takes all alike; what is sent under another name is the same inside.
SOLUTIONS: Mapping[str, str] = {
    JSON: JSON,
    "application/json": JSON,
    XML: XML,
    "application/xml": XML,
    "text/xml": XML,
    CSV: CSV,
    TSV: TSV,
}
GRAPHS: Mapping[str, str] = {
    "text/turtle": "text/turtle",
    "application/ld+json": "application/ld+json",
    "application/json": "application/ld+json",
    "application/rdf+xml": "application/rdf+xml",
    "application/xml": "application/rdf+xml",
    "text/xml": "application/rdf+xml",
    "application/n-triples": "application/n-triples",
    "application/trig": "application/trig",
    "application/n-quads": "application/n-quads",
}
_BY_ALIAS: dict[str, tuple[str | None, str | None]] = {
    "json": (JSON, "application/ld+json"),
    "xml": (XML, "application/rdf+xml"),
    "csv": (CSV, None),
    "tsv": (TSV, None),
    "ttl": (None, "text/turtle"),
    "nt": (None, "application/n-triples"),
    "rdf": (None, "application/rdf+xml"),
    "jsonld": (None, "application/ld+json"),
    "trig": (None, "application/trig"),
    "nq": (None, "application/n-quads"),
    "html": (HTML, HTML),
}
"""Name of a form → what it is for solutions, and for graphs."""

ALIASES: dict[str, str] = {
    **{alias: alias for alias in _BY_ALIAS},
    **{media: alias for alias, both in _BY_ALIAS.items() for media in both if media},
    **dict.fromkeys(("turtle", "n3", "text/n3", "text/rdf+n3"), "ttl"),
    **dict.fromkeys(("ntriples", "n-triples"), "nt"),
    **dict.fromkeys(("rdf+xml", "rdfxml", "rdf-xml"), "rdf"),
    **dict.fromkeys(("json-ld", "ld+json"), "jsonld"),
    **dict.fromkeys(("nquads", "n-quads"), "nq"),
    JSON: "json",
    "application/json": "json",
    "application/xml": "xml",
}
"""What clients write in `format=` → the name of the form."""


def choose(form: str, accept: str | None, alias: str | None) -> str:
    """The media type to send for a query of `form` (select, ask, construct, describe): one of the offers, or HTML.

    `alias`, where given, decides alone. Raises `NotAcceptable` where nothing fits.
    """
    solutions = form in ("select", "ask")
    offers = SOLUTIONS if solutions else GRAPHS
    if alias is not None:
        chosen = _BY_ALIAS[alias][0 if solutions else 1]
    else:
        chosen = negotiation.choose(accept, [*offers, HTML])
    if chosen is None:
        kinds = ", ".join(dict.fromkeys(offers.values()))
        raise NotAcceptable(
            f"Không có dạng nào đã yêu cầu cho truy vấn {form.upper()}. Các dạng có thể lấy: {kinds}.",
            f"None of the forms asked for exists for a {form.upper()} query. Forms to be had: {kinds}.",
            details={"available": [*offers, HTML]},
        )
    return chosen


def inner(form: str, media_type: str) -> str:
    """What an answer sent as `media_type` is made as."""
    return (SOLUTIONS if form in ("select", "ask") else GRAPHS)[media_type]


def content_type(media_type: str) -> str:
    """The Content-Type header; text types say that they are UTF-8, CSV that its first line holds names (RFC 4180)."""
    if media_type == CSV:
        return f"{CSV}; charset=utf-8; header=present"
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def links(request: Request, path: str, form: str) -> list[tuple[str, str]]:
    """The other forms of an answer that a GET gave: their names and addresses."""
    names = ("json", "xml", "csv", "tsv") if form in ("select", "ask") else ("ttl", "jsonld", "rdf", "nt")
    found = [(name, request.url.include_query_params(format=name).query) for name in names]
    if form == "select":
        found.append(("Excel", request.url.remove_query_params("format").include_query_params(excel=1).query))
    return [(name, f"{path}?{query}") for name, query in found]


_CELL = re.compile(r'"(?:[^"]|"")*"|[^,\r\n]+')


def excel(body: bytes) -> bytes:
    r"""A CSV answer as Excel reads it: a byte order mark first, and nothing that Excel would run as a formula.

    >>> excel(b'x\r\n"=HYPERLINK(""http://evil"")"\r\n-5\r\n').decode("utf-8-sig")
    'x\r\n"\'=HYPERLINK(""http://evil"")"\r\n-5\r\n'
    """
    return _CELL.sub(_guarded, body.decode()).encode("utf-8-sig")


def _guarded(found: re.Match[str]) -> str:
    cell = found[0]
    return f'"{guarded(cell[1:-1])}"' if cell.startswith('"') else guarded(cell)
