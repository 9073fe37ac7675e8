"""The catalogue of open data as it is served: what is listed, and the documents made of it, once per state."""

import threading
from collections import OrderedDict
from collections.abc import Callable

from pyoxigraph import DefaultGraph, Quad, Triple

from api.documents import serialised
from api.negotiation import Form
from api.service import Service
from catalogue import catalogued
from catalogue.catalogued import Listed
from catalogue.dcat import Offer
from catalogue.dumps import Sets

PAGE = 500
"""Data sets of one page of the catalogue."""

_MOST_BYTES = 32 * 1_048_576


class Shelf:
    """What one published state lists, and the documents that were made of it, within bounds."""

    def __init__(self, listed: list[Listed]) -> None:
        self.listed = listed
        self.by_iri = {one.iri: one for one in listed}
        self._lock = threading.Lock()
        self._held = 0
        self._documents: OrderedDict[tuple[str, str, str], bytes] = OrderedDict()

    @property
    def whole(self) -> Listed:
        """The data set that is all of them."""
        return self.listed[0]

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-len(self.listed) // PAGE))

    def page(self, number: int) -> list[Listed]:
        """The data sets of a page, counted from 1."""
        return self.listed[(number - 1) * PAGE : number * PAGE]

    def document(self, name: str, form: Form, held: str, make: Callable[[], list[Triple]]) -> bytes:
        """The document `name` in one form; `held`: the state whose dumps it tells about."""
        key = (name, form.suffix, held)
        with self._lock:
            if key in self._documents:
                self._documents.move_to_end(key)
                return self._documents[key]
        assert form.rdf is not None  # noqa: S101 - pages are made elsewhere
        quads = [Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in make()]
        body = serialised(quads, form.rdf)
        with self._lock:
            if key not in self._documents:
                self._documents[key] = body
                self._held += len(body)
            while self._held > _MOST_BYTES:
                _, gone = self._documents.popitem(last=False)
                self._held -= len(gone)
        return body


def shelf(service: Service) -> Shelf:
    """What the state that this request sees lists; a store elsewhere may change, so it is read anew."""

    def make() -> Shelf:
        return Shelf(catalogued.everything(service.store, service.base))

    return make() if service.settings.store == "remote" else service.once("open data", make)


def offer(service: Service, sets: Sets) -> Offer:
    """What the service offers beside the data."""
    return Offer(service.base, service.state, service.published, service.folder is not None, sets.latest())
