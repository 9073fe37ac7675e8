"""A query operation of the SPARQL 1.1 Protocol, read to the letter (section 2.1): what is asked, of which dataset and state.

Three ways to send it: GET with `query` in the address, POST of a form, POST of the query itself with the rest in the address.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request

from api import bodies
from api.graph_address import meant
from api.solutions import ALIASES
from catalogue.errors import BadRequest, UnsupportedMedia
from catalogue.iri import is_absolute

QUERY = "application/sparql-query"

MOST_GRAPHS = 100
"""Most graphs that a request may name as its dataset."""

_ONCE = ("state", "timeout", "excel")


@dataclass(frozen=True, slots=True)
class Asked:
    """A query operation. `query` is None where a GET asks for the service itself.

    `default_graphs`, `named_graphs`: the dataset that the request names, None where it names none at all (then FROM and
    FROM NAMED count). `state`: an earlier published state. `seconds`: how long it may take at most, where that was said.
    `alias`: a name of a format, which goes before the header Accept. `excel`: CSV as Excel reads it.
    """

    query: str | None
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    state: str | None
    seconds: float | None
    alias: str | None
    excel: bool


async def read(request: Request, longest: int, base: str) -> Asked:
    """What `request` asks. `longest`: most characters of a query; `base`: the start of every IRI of this catalogue.

    Raises `BadRequest`, `UnsupportedMedia` for another Content-Type than the two of the protocol, `TooLarge`.
    """
    fields = bodies.query_parameters(request)
    if request.method == "POST":
        kind = bodies.of(request)
        if kind.name not in (bodies.FORM, QUERY):
            raise UnsupportedMedia(
                f"POST tới /sparql cần Content-Type là {QUERY} (nội dung là chính truy vấn) hoặc {bodies.FORM} (trường query), nhận được “{kind.name[:80] or '(không có)'}”.",
                f"POST to /sparql takes the Content-Type {QUERY} (the body is the query itself) or {bodies.FORM} (field query), got “{kind.name[:80] or '(none)'}”.",
                details={"contentType": kind.name[:80], "available": [QUERY, bodies.FORM]},
            )
        kind.require_utf8()
        # A character is at most 4 bytes of UTF-8, and each byte at most 3 in a form; the other fields are short.
        body = await bodies.read_body(request, 12 * longest + 65_536, setting="CHISO_QUERY_LENGTH")
        if kind.name == QUERY:
            if any(name == "query" for name, _ in fields):
                raise BadRequest(
                    f"Truy vấn có hai lần: trong địa chỉ (query=) và trong nội dung {QUERY}. Chỉ gửi một.",
                    f"There are two queries: in the address (query=) and in the {QUERY} body. Send one.",
                    details={"parameter": "query"},
                )
            fields.append(("query", bodies.text_of(body)))
        else:
            fields += await bodies.fields(body)
    graphs = ("default-graph-uri", "named-graph-uri")
    fields = [(name, meant(request, value, base) if name in graphs else value) for name, value in fields]
    return _asked(fields, getting=request.method == "GET")


def _asked(fields: Sequence[tuple[str, str]], *, getting: bool) -> Asked:
    def values(name: str) -> list[str]:
        return [value for key, value in fields if key == name]

    if values("update"):
        raise BadRequest(
            "Không nhận update= ở /sparql: địa chỉ này chỉ đọc. Gửi SPARQL Update bằng POST tới /update kèm token.",
            "/sparql takes no update=: it only reads. Send SPARQL Update by POST to /update, with a token.",
            details={"parameter": "update"},
        )
    for name in _ONCE:
        if len(values(name)) > 1:
            raise _repeated(name)
    queries, default, named = values("query"), values("default-graph-uri"), values("named-graph-uri")
    if len(queries) > 1:
        raise _repeated("query")
    if not queries and (default or named or not getting):
        raise BadRequest(
            "Thiếu tham số query: cần đúng một truy vấn SPARQL.",
            "The parameter query is missing: exactly one SPARQL query is needed.",
            details={"parameter": "query"},
        )
    if len(default) + len(named) > MOST_GRAPHS:
        raise BadRequest(
            f"Yêu cầu nêu {len(default) + len(named)} đồ thị, nhiều nhất là {MOST_GRAPHS}. Hãy dùng FROM hoặc GRAPH ?g với điều kiện.",
            f"The request names {len(default) + len(named)} graphs, at most {MOST_GRAPHS} may be named. Use FROM, or GRAPH ?g with a condition.",
            details={"limit": MOST_GRAPHS},
        )
    default_graphs, named_graphs = graphs("default-graph-uri", default), graphs("named-graph-uri", named)
    dataset = bool(default or named)
    alias, excel = form(values("format"), values("output"), values("excel"))
    return Asked(
        queries[0] if queries else None,
        default_graphs if dataset else None,
        named_graphs if dataset else None,
        next(filter(None, values("state")), None),
        seconds(values("timeout")),
        alias,
        excel,
    )


def graphs(name: str, given: Sequence[str]) -> tuple[str, ...]:
    """The graphs that the parameter `name` lists, each once. Raises `BadRequest` for one that is no absolute IRI."""
    for iri in given:
        if not is_absolute(iri):
            raise BadRequest(
                f"{name} phải là một IRI tuyệt đối, nhận được “{iri[:200]}”.",
                f"{name} must be an absolute IRI, got “{iri[:200]}”.",
                details={"parameter": name, "value": iri[:200]},
            )
    return tuple(dict.fromkeys(given))


def form(named: list[str], also: list[str], excel: list[str]) -> tuple[str | None, bool]:
    """The form that `format=` or `output=` names, by its first name, and whether CSV is wanted as Excel reads it.

    Raises `BadRequest` for a form that is not known, for two forms, and for Excel with another form than CSV.
    """
    alias, for_excel = _alias(named, also), _flag("excel", excel)
    if for_excel and alias not in (None, "csv"):
        raise BadRequest(
            f"excel=1 chỉ đi với CSV, không đi với {alias}.",
            f"excel=1 goes with CSV alone, not with {alias}.",
            details={"parameter": "excel"},
        )
    return "csv" if for_excel else alias, for_excel


def _alias(given: list[str], also: list[str]) -> str | None:
    """The form that `format=` or `output=` names, by its first name.

    SPARQLWrapper sends both, each twice: a name and a media type, or several with commas. What is known among them counts.
    """
    texts = [text.strip() for several in (*given, *also) for text in several.split(",") if text.strip()]
    found = {ALIASES[text.lower()] for text in texts if text.lower() in ALIASES} or set(texts[:1])
    if len(found) > 1:
        raise BadRequest(
            "format= và output= nêu hai dạng khác nhau. Chỉ nêu một.",
            "format= and output= name two different forms. Name one.",
            details={"parameter": "format"},
        )
    alias = next(iter(found), None)
    if alias is not None and alias not in ALIASES.values():
        known = ", ".join(dict.fromkeys(ALIASES.values()))
        raise BadRequest(
            f"Không biết dạng “{alias[:60]}” (format=). Các dạng: {known}; hoặc dùng tiêu đề Accept.",
            f"The form “{alias[:60]}” (format=) is not known. Forms: {known}; or use the header Accept.",
            details={"parameter": "format", "allowed": list(dict.fromkeys(ALIASES.values()))},
        )
    return alias


def seconds(given: list[str]) -> float | None:
    """The seconds that `timeout=` allows, None where it is not given. Raises `BadRequest` for what is no number above 0."""
    if not given or not given[0].strip():
        return None
    if not re.fullmatch(r"\d{1,6}(\.\d{1,6})?", given[0].strip()) or float(given[0]) <= 0:
        raise BadRequest(
            f"timeout phải là số giây lớn hơn 0, nhận được “{given[0][:40]}”.",
            f"timeout must be a number of seconds above 0, got “{given[0][:40]}”.",
            details={"parameter": "timeout"},
        )
    return float(given[0])


def _flag(name: str, given: list[str]) -> bool:
    text = given[0].strip().lower() if given else ""
    if text not in ("", "0", "1", "true", "false"):
        raise BadRequest(
            f"{name} phải là 0 hoặc 1, nhận được “{text[:40]}”.",
            f"{name} must be 0 or 1, got “{text[:40]}”.",
            details={"parameter": name},
        )
    return text in ("1", "true")


def _repeated(name: str) -> BadRequest:
    return BadRequest(
        f"Tham số {name} có nhiều hơn một lần. Chỉ gửi một.",
        f"The parameter {name} is there more than once. Send it once.",
        details={"parameter": name},
    )
