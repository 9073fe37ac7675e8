"""Lists of things of one kind, filtered and paged."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode

from catalogue.errors import Invalid, NotFound
from catalogue.iri import KINDS, PREFIXES, VOCABULARY, kind_and_key
from catalogue.labels import references
from catalogue.lookup import rows_of
from catalogue.query import Query
from catalogue.store.port import Store

FILTERS: dict[str, str] = {
    "scheme": PREFIXES["skos"] + "inScheme",
    "group": VOCABULARY + "restsOn",
    "type": PREFIXES["eli"] + "type_document",
    "issuer": PREFIXES["eli"] + "passed_by",
    "basis": VOCABULARY + "basis",
    "indicator": VOCABULARY + "indicator",
    "parent": PREFIXES["org"] + "subOrganizationOf",
    "level": VOCABULARY + "level",
    "area": PREFIXES["dct"] + "spatial",
    "frequency": PREFIXES["dct"] + "accrualPeriodicity",
}
"""Filter → property. Values are things (`resolve` finds them) or, for the lists below, codes (`catalogue.codes`)."""

CODE_LISTS = {"type": "doctype", "level": "level", "frequency": "frequency"}
"""Filters whose value is a code, and the list that it is in: `type=quyet-dinh`."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a list: `notation` is its code or document number, `summary` its title or definition."""

    iri: str
    kind: str | None
    key: str | None
    label: str | None
    language: str | None
    notation: str | None
    valid_from: date | None
    valid_to: date | None
    summary: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `next_cursor` leads to the next one and is None on the last."""

    items: list[Listed]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class _Detail:
    thing: str
    notation: str | None
    valid_from: date | None
    valid_to: date | None
    summary: str | None


def listing(
    store: Store,
    kind: str,
    *,
    base: str,
    filters: Mapping[str, NamedNode] | None = None,
    limit: int = 50,
    cursor: str | None = None,
    language: str = "vi",
) -> Page:
    """Things of `kind` in the order of their IRIs, at most 1,000 a page.

    `filters`: names of `FILTERS` and the things or codes they are to have. Raises `NotFound` for a kind and `Invalid`
    for a filter or a cursor that does not exist.
    """
    if kind not in KINDS:
        raise NotFound(
            f"Không có loại “{kind[:40]}”. Các loại: {', '.join(KINDS)}.",
            f"There is no kind “{kind[:40]}”. The kinds are {', '.join(KINDS)}.",
        )
    limit = max(1, min(limit, 1_000))
    pairs = []
    for name, value in (filters or {}).items():
        if name not in FILTERS:
            raise Invalid(
                f"Không có bộ lọc “{name[:40]}”. Các bộ lọc: {', '.join(FILTERS)}.",
                f"There is no filter “{name[:40]}”. The filters are {', '.join(FILTERS)}.",
            )
        pairs.append((NamedNode(FILTERS[name]), value))
    query = Query.named("listing")
    kinds = ("scenario", "scenario-group") if kind == "scenario" else (kind,)  # sources often name a group of them only
    bound = query.bind(
        kinds=[NamedNode(KINDS[one]) for one in kinds], filters=pairs, after=read_cursor(cursor), limit=limit + 1
    )
    found = [row[0].value for row in store.select(bound).rows if isinstance(row[0], NamedNode)]
    shown = found[:limit]
    named = references(store, shown, language)
    details = rows_of(store, "listing-details", _Detail, shown)
    items = []
    for iri in shown:
        detail, known = details[iri][0], kind_and_key(base, iri)
        items.append(
            Listed(
                iri,
                named[iri].kind,
                known[1] if known else None,
                named[iri].label,
                named[iri].language,
                detail.notation,
                detail.valid_from,
                detail.valid_to,
                detail.summary,
            )
        )
    return Page(items, write_cursor(shown[-1]) if len(found) > limit else None)


def write_cursor(iri: str) -> str:
    """The cursor of the page that follows after `iri`."""
    return base64.urlsafe_b64encode(iri.encode()).decode().rstrip("=")


def read_cursor(cursor: str | None) -> str:
    """What `write_cursor` was given; empty for the first page. Raises `Invalid` for a cursor that is not one of ours."""
    if cursor is None:
        return ""
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):  # a letter that is not ASCII is no `binascii.Error`
        raise Invalid(
            "Con trỏ trang không hợp lệ; hãy bắt đầu lại từ trang đầu.",
            "That page cursor is not one of ours; start again from the first page.",
        ) from None
