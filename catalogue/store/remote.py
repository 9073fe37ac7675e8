"""The remote adapter: any SPARQL 1.1 endpoint, asked through SPARQLWrapper.

What it asks of the engine, and what it cannot promise for it:

- One SPARQL Update request is atomic. The standard says engines *should* do so (SPARQL 1.1 Update, section 2.2); the
  contract suite shows it for Oxigraph. Durability when the answer arrives is the engine's own promise.
- The default graph does not include the named graphs. An engine that makes it their union gives wrong counts: switch it off.
- A change whose answer is lost may have happened. The error then says that it is not known.
- Two answers may come from two states: an endpoint keeps no snapshot between requests.
"""

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from itertools import islice
from operator import attrgetter
from typing import Any, Literal
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from catalogue.errors import CatalogueError, Defect, Invalid, TimedOut, Unavailable
from catalogue.settings import Settings
from catalogue.store.port import Change, Pattern, Solutions
from catalogue.store.updates import update_text

LOAD_QUADS = 10_000
"""Quads per request of `load`: some 1.5 MB, which every engine we know takes."""

MATCH_PATTERNS = 400
"""Patterns of one form in one query."""

Form = Literal["SELECT", "ASK", "CONSTRUCT", "INSERT"]


class Remote:
    """A `Store` behind a query and an update endpoint. `timeout`: seconds for one request, answer included."""

    def __init__(
        self, query_endpoint: str, update_endpoint: str | None, graph_store_endpoint: str | None, timeout: float
    ) -> None:
        import SPARQLWrapper  # half a second, so only when a remote store is opened

        self._wrapper: Any = SPARQLWrapper
        self._query_endpoint = query_endpoint
        self._update_endpoint = update_endpoint
        self._graph_store_endpoint = graph_store_endpoint
        self._timeout = timeout
        self._closed = False
        self.place = shown(query_endpoint)

    def select(self, query: str) -> Solutions:
        """The solutions of a SELECT query, complete: a cut-off answer is an error."""
        body = self._ask(query, "SELECT", "application/sparql-results+json")
        found = self._results(body)
        if not isinstance(found, tuple):
            raise Invalid("Ở đây cần một truy vấn SELECT.", "A SELECT query is needed here.")
        variables, rows = found
        return Solutions(variables, rows)

    def texts(self, query: str) -> Iterator[list[str]]:
        """The solutions of a SELECT query as bare texts, empty where unbound."""
        return iter([["" if term is None else term.value for term in row] for row in self.select(query).rows])

    def ask(self, query: str) -> bool:
        """The answer of an ASK query."""
        found = self._results(self._ask(query, "ASK", "application/sparql-results+json"))
        if not isinstance(found, bool):
            raise Invalid("Ở đây cần một truy vấn ASK.", "An ASK query is needed here.")
        return found

    def construct(self, query: str) -> list[Triple]:
        """The triples of a CONSTRUCT query, without repetition."""
        body = self._ask(query, "CONSTRUCT", "application/n-triples, text/turtle;q=0.9")
        if body.lstrip().startswith(b'{"head"') or body.lstrip().startswith(b"<?xml"):
            raise Invalid("Ở đây cần một truy vấn CONSTRUCT.", "A CONSTRUCT query is needed here.")
        try:  # Turtle reads N-Triples too
            return list(dict.fromkeys(map(attrgetter("triple"), parse(body, RdfFormat.TURTLE))))
        except (SyntaxError, ValueError) as error:
            raise self._not_an_answer(str(error)) from error

    def graph_names(self) -> list[NamedNode]:
        """The named graphs that hold at least one triple, sorted."""
        rows = self.select("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }").rows
        return sorted((g for (g,) in rows if isinstance(g, NamedNode)), key=lambda g: g.value)

    def graph(self, name: NamedNode | None) -> list[Triple]:
        """All triples of one graph; None is the default graph."""
        # SELECT, not CONSTRUCT: the end of a JSON answer can be seen.
        pattern = "?s ?p ?o" if name is None else f"GRAPH {name} {{ ?s ?p ?o }}"
        rows = self.select(f"SELECT ?s ?p ?o WHERE {{ {pattern} }}").rows
        return [Triple(*row) for row in rows]  # type: ignore[arg-type]

    def match(self, patterns: Iterable[Pattern]) -> list[Quad]:
        """The quads that fit one of `patterns`, without repetition: patterns of one form share a request."""
        found: dict[Quad, None] = {}
        for query in _pattern_queries(patterns):
            for s, p, o, g in self.select(query).rows:
                found[Quad(s, p, o, g or DefaultGraph())] = None  # type: ignore[arg-type]
        return list(found)

    def apply(self, change: Change) -> None:
        """Carry out `change` as one SPARQL Update request."""
        if change:
            self._update(update_text(change))

    def load(self, quads: Iterable[Quad]) -> None:
        """Add many quads in requests of `LOAD_QUADS`, through the graph store endpoint where there is one."""
        rest = iter(quads)
        while part := list(islice(rest, LOAD_QUADS)):
            if self._graph_store_endpoint is None:
                self._update(update_text(Change(add=part)))
                continue
            by_graph: dict[str, list[str]] = {}
            for quad in part:
                graph = quad.graph_name
                target = f"graph={quote(graph.value, safe='')}" if isinstance(graph, NamedNode) else "default"
                by_graph.setdefault(target, []).append(f"{quad.triple} .\n")
            for target, lines in by_graph.items():
                self._post(self._graph_store_endpoint, target, "".join(lines).encode())

    def close(self) -> None:
        """Nothing is held; further use is an error all the same."""
        self._closed = True

    def _ask(self, query: str, form: Form, accept: str) -> bytes:
        return self._send(self._query_endpoint, query, form, accept)

    def _update(self, text: str) -> None:
        if self._update_endpoint is None:
            raise Unavailable(
                "Kho từ xa chưa có địa chỉ để ghi. Hãy đặt CHISO_UPDATE_ENDPOINT.",
                "The remote store has no address to write to. Set CHISO_UPDATE_ENDPOINT.",
            )
        self._send(self._update_endpoint, text, "INSERT", "*/*")

    def _send(self, endpoint: str, text: str, form: Form, accept: str) -> bytes:
        self._open()
        bare, user, password = _without_credentials(endpoint)
        client = self._wrapper.SPARQLWrapper(bare)
        if user:
            client.setCredentials(user, password)
        client.setMethod("POST")
        client.setRequestMethod("postdirectly" if form == "INSERT" else "urlencoded")
        client.setReturnFormat("turtle" if form == "CONSTRUCT" else "json")
        client.setOnlyConneg(True)
        client.addCustomHttpHeader("Accept", accept)
        client.timeout = self._timeout
        # Set, not parsed out of the text: SPARQLWrapper's guess warns, or errs, on texts that are malformed.
        client.queryString, client.queryType = text, form
        try:
            return self._body(client.query().response, time.monotonic() + self._timeout)
        except (OSError, http.client.HTTPException, self._wrapper.SPARQLExceptions.SPARQLWrapperException) as error:
            _release(error)
            raise self._translated(error, endpoint, writing=form == "INSERT") from error

    def _post(self, endpoint: str, target: str, data: bytes) -> None:
        self._open()
        bare, user, password = _without_credentials(endpoint)
        address = f"{bare}{'&' if '?' in bare else '?'}{target}"
        request = urllib.request.Request(address, data, {"Content-Type": "application/n-triples"}, method="POST")  # noqa: S310 - the operator's own setting
        if user:
            import base64

            request.add_header("Authorization", "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode())
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as response:  # noqa: S310 - the operator's own setting
                self._body(response, time.monotonic() + self._timeout)
        except (OSError, http.client.HTTPException) as error:
            _release(error)
            raise self._translated(error, endpoint, writing=True) from error

    def _body(self, response: Any, deadline: float) -> bytes:
        """The whole answer within the time, or an error: `read(n)` by itself takes a cut-off body for a short one."""
        parts: list[bytes] = []
        with response:
            while part := response.read1(1 << 16):
                parts.append(part)
                if time.monotonic() > deadline:
                    raise TimeoutError("the answer takes too long")
            promised = response.headers.get("Content-Length")
            chunked = "chunked" in (response.headers.get("Transfer-Encoding") or "").lower()
        body = b"".join(parts)
        if promised is None and not chunked and body:
            # Triples that end where the connection ends may be half of them; nobody could tell.
            raise http.client.IncompleteRead(body)
        if promised is not None and len(body) != int(promised):
            raise http.client.IncompleteRead(body, int(promised) - len(body))
        return body

    def _results(self, body: bytes) -> bool | tuple[tuple[str, ...], list[Any]]:
        try:
            found = parse_query_results(body, QueryResultsFormat.JSON)
            try:
                if isinstance(found, QueryBoolean):
                    return bool(found)
                assert isinstance(found, QuerySolutions)  # noqa: S101 - the two are all there is
                return tuple(v.value for v in found.variables), list(map(tuple, found))
            finally:
                del found  # an answer may be dropped only by its own thread: see `embedded`
        except (SyntaxError, ValueError) as error:
            raise self._not_an_answer(str(error)) from error

    def _open(self) -> None:
        if self._closed:
            raise Unavailable("Kho dữ liệu đã đóng.", "The store is closed.")

    def _not_an_answer(self, why: str) -> Unavailable:
        return Unavailable(
            f"Điểm truy vấn {self.place} không trả về kết quả SPARQL hoàn chỉnh ({why[:200]}). Hãy kiểm tra địa chỉ CHISO_QUERY_ENDPOINT.",
            f"The endpoint {self.place} did not answer with complete SPARQL results ({why[:200]}). Check the address CHISO_QUERY_ENDPOINT.",
            details={"endpoint": self.place},
        )

    def _translated(self, error: Exception, endpoint: str, *, writing: bool) -> CatalogueError:
        place = shown(endpoint)
        details = {"endpoint": place}
        unknown_vi = " Không rõ thay đổi đã được ghi hay chưa; hãy chạy lại." if writing else ""
        unknown_en = " It is not known whether the change was written; run it again." if writing else ""
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(reason, TimeoutError):
            return TimedOut(
                f"Điểm {place} không trả lời trong {self._timeout:g} giây.{unknown_vi}",
                f"The endpoint {place} did not answer within {self._timeout:g} seconds.{unknown_en}",
                details=details,
            )
        status = _status(error)
        if status == 400:
            text = _first_line(error, self._query_endpoint, self._update_endpoint)
            if writing:
                return Defect(
                    f"Điểm {place} không hiểu thay đổi: {text}",
                    f"The endpoint {place} refused the change: {text}",
                    details=details,
                )
            return Invalid(
                f"Điểm {place} báo truy vấn sai: {text}",
                f"The endpoint {place} calls the query malformed: {text}",
                details=details,
            )
        if status == 406:
            return Invalid(
                f"Điểm {place} không có câu trả lời ở dạng được yêu cầu: đây có phải đúng loại truy vấn (SELECT, ASK, CONSTRUCT) không?",
                f"The endpoint {place} has no answer in the form that was asked for: is it the right form of query (SELECT, ASK, CONSTRUCT)?",
                details=details,
            )
        if status in (408, 504):
            return TimedOut(
                f"Điểm {place} báo quá thời gian ({status}).{unknown_vi}",
                f"The endpoint {place} ran out of time ({status}).{unknown_en}",
                details=details,
            )
        if status in (401, 403):
            return Unavailable(
                f"Điểm {place} từ chối ({status}). Hãy kiểm tra tên và mật khẩu trong địa chỉ.",
                f"The endpoint {place} refused ({status}). Check the name and password in its address.",
                details=details,
            )
        if status is not None:
            return Unavailable(
                f"Điểm {place} trả lỗi HTTP {status}.{unknown_vi if status >= 500 else ''} Hãy kiểm tra địa chỉ và dịch vụ ấy.",
                f"The endpoint {place} answered HTTP {status}.{unknown_en if status >= 500 else ''} Check the address and that service.",
                details=details | {"status": status},
            )
        broken = isinstance(reason, http.client.HTTPException | ConnectionResetError)
        return Unavailable(
            f"Điểm {place} {'cắt ngang câu trả lời' if broken else 'không kết nối được'} ({_reason(reason)}).{unknown_vi if broken else ''} Hãy kiểm tra địa chỉ và dịch vụ ấy.",
            f"The endpoint {place} {'broke off its answer' if broken else 'cannot be reached'} ({_reason(reason)}).{unknown_en if broken else ''} Check the address and that service.",
            details=details,
        )


def open_remote(settings: Settings) -> Remote:
    """The remote store that `settings` name. Nothing is sent yet."""
    if settings.query_endpoint is None:
        raise Defect("Thiếu địa chỉ truy vấn.", "No query endpoint is set.")
    return Remote(
        settings.query_endpoint, settings.update_endpoint, settings.graph_store_endpoint, timeout=settings.timeout
    )


def shown(endpoint: str) -> str:
    """The address as it may be shown: without name, password, query and fragment, where secrets travel.

    >>> shown("https://user:secret@db.example:7200/sparql?key=secret")
    'https://db.example:7200/sparql'
    """
    parts = urlsplit(endpoint)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _without_credentials(endpoint: str) -> tuple[str, str | None, str]:
    parts = urlsplit(endpoint)
    bare = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, parts.query, ""))
    return bare, unquote(parts.username) if parts.username else None, unquote(parts.password or "")


# SPARQLWrapper turns these statuses into exceptions of its own.
_STATUS_OF = {"QueryBadFormed": 400, "Unauthorized": 401, "EndPointNotFound": 404, "URITooLong": 414}


def _status(error: Exception) -> int | None:
    if isinstance(error, urllib.error.HTTPError):
        return error.code
    if type(error).__name__ == "EndPointInternalError":
        return 500
    return _STATUS_OF.get(type(error).__name__)


def _release(error: BaseException) -> None:
    """Close the connection that an HTTP error keeps open, also the one that SPARQLWrapper put behind its own error."""
    for link in (error, error.__context__):
        if isinstance(link, urllib.error.HTTPError):
            link.close()


def _first_line(error: Exception, *secrets: str | None) -> str:
    text = str(error).partition("Response:")[2] or str(error)
    text = text.strip().removeprefix("b'").removeprefix('b"').splitlines()[0][:300] if text.strip() else ""
    for endpoint in secrets:
        if endpoint and "@" in endpoint:
            text = text.replace(endpoint, shown(endpoint))
    return text


def _reason(reason: object) -> str:
    if isinstance(reason, OSError) and reason.strerror:
        return reason.strerror
    return type(reason).__name__ if isinstance(reason, Exception) else str(reason)


def _pattern_queries(patterns: Iterable[Pattern]) -> Iterator[str]:
    """One query per form of pattern (which terms it gives) and `MATCH_PATTERNS` patterns."""
    forms: dict[tuple[str, str | None], list[str]] = {}
    for pattern in patterns:
        if any(isinstance(term, BlankNode) for term in pattern):
            continue  # what an endpoint calls its blank nodes is known to it alone
        given = [(name, term) for name, term in zip("spo", pattern[:3], strict=True) if term is not None]
        graph = None if pattern.graph is None else "" if isinstance(pattern.graph, DefaultGraph) else str(pattern.graph)
        row = f"({' '.join(str(term) for _, term in given)})"
        forms.setdefault(("".join(name for name, _ in given), graph), []).append(row)
    for (names, graph), rows in forms.items():
        triple = "?s ?p ?o"
        named = f"GRAPH {graph or '?g'} {{ {triple} }}"
        bound = f" BIND({graph} AS ?g)" if graph else ""
        for at in range(0, len(rows), MATCH_PATTERNS):
            values = (
                f"VALUES ({' '.join('?' + name for name in names)}) {{ {' '.join(rows[at : at + MATCH_PATTERNS])} }}"
            )
            where = {None: f"{{ {values} {triple} }} UNION {{ {values} {named} }}", "": f"{values} {triple}"}
            yield f"SELECT ?s ?p ?o ?g WHERE {{ {where.get(graph, f'{values} {named}{bound}')} }}"
