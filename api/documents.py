"""The documents about things as data, and the way to them from `/id`; made without the machinery of the framework.

An IRI names the thing itself, which no server can send; so `/id` answers 303 See Other with the address of the document
(Cool URIs for the Semantic Web, 4.2), and `/doc` sends the form that the caller takes.
"""

import asyncio
import contextlib
import unicodedata
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache
from types import SimpleNamespace
from typing import TypeVar
from urllib.parse import quote

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api import json_ld, negotiation
from api.negotiation import BY_SUFFIX, FORMS, Form
from api.prepared import PREPARABLE
from api.problems import said_by_headers
from api.service import Reading, Service, missing
from catalogue import iri, rdf, things
from catalogue.clock import today
from catalogue.errors import CatalogueError, NotAcceptable, Withdrawn
from catalogue.graphs import made_here, withdrawn_graph
from catalogue.iri import PREFIXES, VOCABULARY
from catalogue.store.port import Pattern

_WITHDRAWN = NamedNode(VOCABULARY + "withdrawn")
_REPLACED_BY = NamedNode(PREFIXES["dct"] + "isReplacedBy")
_OF_THE_GONE = (_WITHDRAWN, _REPLACED_BY)
# A source may say of a thing that it is withdrawn and by what it is replaced; that alone describes nothing.
_DESCRIBED = f"ASK {{{{ {{node}} ?property ?value FILTER(?property NOT IN ({_WITHDRAWN}, {_REPLACED_BY})) }}}}"

LONGEST_KEY = 500
"""Most characters of a key."""

THREADS = 4
"""Threads that look things up. A look-up takes a fraction of a millisecond; handing it to the threads that all else shares
takes as long."""

_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class Address:
    """What an address below `/id` or `/doc` names: a kind, a key, and the form where a suffix says it."""

    kind: str
    key: str
    form: Form | None

    @staticmethod
    def of(kind: str, text: str) -> "Address":
        """The address whose last part is `text`. Raises `NotFound` for a kind that does not exist.

        >>> Address.of("agency", "hanoi.ubnd.ttl").key, Address.of("agency", "hanoi.ubnd").key
        ('hanoi.ubnd', 'hanoi.ubnd')
        """
        name, dot, suffix = text.rpartition(".")
        form = BY_SUFFIX.get(suffix) if dot and name else None
        found = Address(kind, name, form) if form else Address(kind, text, None)
        if kind not in iri.KINDS:
            raise missing(kind, found.key)
        return found

    @property
    def document(self) -> str:
        """The path of the document, without suffix."""
        return f"/doc/{quote(self.kind, safe='')}/{quote(self.key, safe='.-_~')}"

    def nodes(self, base: str) -> list[NamedNode]:
        """The IRIs that the key may stand for: as it is given, in the composed form of Unicode, and unescaped."""
        found = [iri.thing(base, self.kind, self.key)]
        composed = unicodedata.normalize("NFC", self.key)
        if not self.key.isascii():
            found.append(iri.thing(base, self.kind, composed))
            found.append(NamedNode(f"{base}id/{self.kind}/" + "".join(map(_escaped, composed))))
        return list(dict.fromkeys(found))


def _query(request: Request) -> str:
    """The query of the address as a header may hold it."""
    text = request.scope["query_string"].decode("latin-1")
    return quote(text, safe="!$&'()*+,;=:@/?%-._~") if text else ""


def _escaped(letter: str) -> str:
    """A character as an IRI may hold it (RFC 3987): letters of all languages as they are."""
    return letter if letter.isalnum() and not letter.isascii() else quote(letter, safe=".-_~")


class Documents:
    """The documents about things, over `service`."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def identify(self, request: Request, address: Address) -> Response:
        """303 to the document about a thing, 410 for what was withdrawn. Raises `NotFound`, `Withdrawn`."""
        try:
            node = self.known(address)
        except Withdrawn:
            with contextlib.suppress(NotAcceptable):
                return self._gone(request, address, address.form or _form(request.headers.get("accept")))
            raise
        target = address.document + (f".{address.form.suffix}" if address.form else "")
        query = _query(request)
        request.scope[PREPARABLE] = True
        headers = {
            "Location": f"{target}?{query}" if query else target,
            "Vary": "Accept",
            "Cache-Control": "no-cache",
            "Link": f'<{target}>; rel="describedby", <{iri.as_uri(node.value)}>; rel="canonical", '
            + alternates(address.document),
        }
        return Response(status_code=303, headers=headers)

    def form(self, request: Request, address: Address) -> Form:
        """The form of the document that is wanted. Raises `Withdrawn` before `NotAcceptable`: no form would be sent."""
        try:
            return address.form or _form(request.headers.get("accept"))
        except NotAcceptable:
            error = self.absent(address)
            if isinstance(error, Withdrawn):
                raise error from None
            raise

    def known(self, address: Address) -> NamedNode:
        """The thing that an address means. Raises `Withdrawn` where there was one, `NotFound` where there was none."""
        for node in address.nodes(self._service.base):
            if self._service.store.ask(_DESCRIBED.format(node=node)):
                return node
        raise self.absent(address)

    def absent(self, address: Address) -> CatalogueError:
        """Why there is no document: the thing was withdrawn, or never was."""
        for node in address.nodes(self._service.base):
            # Most of what is asked for and not there never was: one look-up tells.
            marked = self._service.store.match([Pattern(node, _WITHDRAWN, None, None)])
            gone = things.withdrawn(self._service.store, node) if marked else None
            if gone is not None:
                return _withdrawn(gone)
        return missing(address.kind, address.key)

    def headers(self, request: Request, address: Address, form: Form, reading: Reading) -> dict[str, str]:
        """The headers of the document in one form; they are known before anything is asked."""
        page = form.rdf is None
        vary = (["Accept"] if address.form is None else []) + (["Accept-Language", "Cookie"] if page else [])
        found = self._service.validators(request, reading, form.suffix, dated=page, vary=", ".join(vary))
        if not page:
            del found["Content-Language"]  # data carries every language, each text with its tag
        if address.form is None:
            query = _query(request)
            found["Content-Location"] = f"{address.document}.{form.suffix}" + (f"?{query}" if query else "")
        found["Link"] = links(
            address.document, form, about=iri.thing(self._service.base, address.kind, address.key).value
        )
        return found

    def data_headers(self, request: Request, address: Address, form: Form) -> dict[str, str]:
        """The same for data, which depends on no language and on no day."""
        return self.headers(request, address, form, Reading("", today(self._service.clock), given=False))

    def data(self, request: Request, address: Address, form: Form, headers: dict[str, str]) -> Response:
        """The document as data. Raises `NotFound`, `Withdrawn`."""
        assert form.rdf is not None  # noqa: S101 - pages are made elsewhere
        document = NamedNode(self._service.base.rstrip("/") + address.document)
        for node in address.nodes(self._service.base):
            quads = things.document(self._service.store, node, document)
            if any(self._describes(quad, node) for quad in quads):
                break
        else:
            return self._gone(request, address, form)
        request.scope[PREPARABLE] = True
        if self._service.unchanged(request, headers, exists=True):
            return Response(status_code=304, headers=headers)
        return Response(serialised(quads, form.rdf), media_type=content_type(form), headers=headers)

    def _describes(self, quad: Quad, node: NamedNode) -> bool:
        made = (DefaultGraph(), *made_here(self._service.base))
        return quad.subject == node and quad.predicate not in _OF_THE_GONE and quad.graph_name not in made

    def _gone(self, request: Request, address: Address, form: Form) -> Response:
        """410 as data: when a thing was withdrawn and what replaced it. Raises `NotFound` where there never was one.

        Who asks for JSON of no kind in particular gets the problem instead, as other errors are told.
        """
        error = self.absent(address)
        asked_for_json = address.form is None and "ld+json" not in request.headers.get("accept", "")
        if not isinstance(error, Withdrawn) or form.rdf is None or (form.suffix == "jsonld" and asked_for_json):
            raise error
        node, graph = NamedNode(error.details["iri"]), withdrawn_graph(self._service.base)
        when = Literal(error.details["withdrawn"], datatype=NamedNode(PREFIXES["xsd"] + "dateTime"))
        quads = [Quad(node, _WITHDRAWN, when, graph)]
        quads += [Quad(node, _REPLACED_BY, NamedNode(iri), graph) for iri in error.details["replacedBy"]]
        sent = {"Cache-Control": "no-cache", **said_by_headers(error)} | ({} if address.form else {"Vary": "Accept"})
        return Response(serialised(quads, form.rdf), status_code=410, media_type=content_type(form), headers=sent)


class Shortcut:
    """Answers for `/id` and for documents as data before the framework looks at the request; all else passes."""

    def __init__(
        self,
        app: ASGIApp,
        documents: Documents,
        failed: Callable[[Request, Exception], Awaitable[Response]],
    ) -> None:
        self._app = app
        self._documents = documents
        self._failed = failed
        self._threads = ThreadPoolExecutor(THREADS, "documents")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for a thing, or pass it on."""
        response = None
        if scope["type"] == "http" and scope["method"] == "GET" and not scope["query_string"]:
            request = Request(scope, receive)
            try:
                response = await self._answer(request, scope["path"])
            except CatalogueError as error:
                response = await self._failed(request, error)
        await (response or self._app)(scope, receive, send)

    async def _answer(self, request: Request, path: str) -> Response | None:
        if not path.startswith(("/doc/", "/id/")) or len(path) > LONGEST_KEY:
            return None
        place, kind, text = (*path[1:].split("/", 2), "")[:3]
        if not kind or not text:
            return None
        address = Address.of(kind, text)
        if place == "id":
            request.scope["route"] = _ID
            return await self._asked(lambda: self._documents.identify(request, address))
        try:
            form = address.form or _form(request.headers.get("accept"))
        except NotAcceptable:
            form = await self._asked(lambda: self._documents.form(request, address))
        if form.rdf is None:
            return None
        request.scope["route"] = _DOC
        headers = self._documents.data_headers(request, address, form)
        if Service.unchanged(request, headers):
            return Response(status_code=304, headers=headers)
        return await self._asked(lambda: self._documents.data(request, address, form, headers))

    async def _asked(self, look_up: Callable[[], _Found]) -> _Found:
        """What `look_up` finds in the state that this request sees."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, copy_context().run, look_up)


@lru_cache(maxsize=512)
def _form(accept: str | None) -> Form:
    return negotiation.form(accept)


_ID = SimpleNamespace(path="/id/{kind}/{key:path}")
_DOC = SimpleNamespace(path="/doc/{kind}/{key:path}")


def _withdrawn(gone: things.Withdrawal) -> Withdrawn:
    when = gone.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    by = [one.iri for one in gone.replaced_by]
    by_vi = f"Thay thế: {', '.join(by)}." if by else "Chưa có nguồn nào nói cái gì thay thế."
    by_en = f"Replaced by: {', '.join(by)}." if by else "No source says what replaced it."
    return Withdrawn(
        f"{gone.iri} đã được rút khỏi danh mục từ {when}. {by_vi}",
        f"{gone.iri} was withdrawn from the catalogue at {when}. {by_en}",
        details={"iri": gone.iri, "withdrawn": when, "replacedBy": by},
    )


def serialised(quads: list[Quad], form: RdfFormat) -> bytes:
    """A document in one of the forms of RDF; a form without graphs holds each statement once."""
    if form.supports_datasets and form != RdfFormat.JSON_LD:
        return rdf.serialise(quads, form)
    triples = list(dict.fromkeys(quad.triple for quad in quads))
    if form == RdfFormat.JSON_LD:
        return json_ld.written(triples)
    return rdf.serialise(triples, form)


def content_type(form: Form) -> str:
    """The Content-Type of a form; all but text types are UTF-8 by definition, text types say so."""
    first = form.media_types[0]
    return f"{first}; charset=utf-8" if first.startswith("text/") else first


def links(document: str, shown: Form, *, about: str) -> str:
    """The Link header: the canonical address, the other forms, the thing that the document is about, and for a page the
    data that describe it."""
    found = [f'<{document}>; rel="canonical"', f'<{about}>; rel="describes"']
    if shown.rdf is None:
        found += [
            f'<{document}.{form.suffix}>; rel="describedby"; type="{form.media_types[0]}"'
            for form in FORMS
            if form.suffix in ("ttl", "jsonld")
        ]
    return ", ".join([*found, alternates(document, shown)])


def alternates(document: str, shown: Form | None = None) -> str:
    """Links to every form of a document but the one that is shown."""
    return ", ".join(
        f'<{document}.{form.suffix}>; rel="alternate"; type="{form.media_types[0]}"'
        for form in FORMS
        if form is not shown
    )
