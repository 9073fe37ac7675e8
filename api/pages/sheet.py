"""`/sheet`: what a unit is responsible for on a day, on A4 for a meeting, and the same as a workbook."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pyoxigraph import NamedNode

from api.pages import sheet_workbook
from api.pages.answering import answered, sent
from api.pages.render import Pages
from api.pages.things.agency import Work, sorted_work
from api.pages.typed import typed
from api.parameters import LONGEST_THING, AsOf
from api.service import Reading, Service
from catalogue import iri, portfolio, resolve
from catalogue.errors import Invalid
from catalogue.labels import Reference, kind_of
from catalogue.portfolio import Portfolio, PortfolioItem

UNITS = ("agency", "post", "addressee")
"""Kinds of things to which work is given."""
MOST_PRINTED = 500
MOST_WRITTEN = 5_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Agency = Annotated[str, Query(max_length=LONGEST_THING, description="A unit: IRI, key, code or name.")]
Subunits = Annotated[bool, Query(description="With the units below it.")]

ByUnit = list[tuple[Reference, list[Work]]]


def router(service: Service, pages: Pages) -> APIRouter:
    """The routes, over `service`."""
    routes = APIRouter()

    @routes.get("/sheet", include_in_schema=False)
    def read_sheet(request: Request, agency: Agency = "", as_of: AsOf = None, subunits: Subunits = False) -> Response:
        """The sheet as a page to print; without a unit the form that asks for one."""

        def make(reading: Reading) -> dict[str, Any]:
            if not agency.strip():
                return {"asked_for": "", "subunits": subunits, "held": None}
            held = _portfolio(service, agency, reading, subunits)
            unit, key = held.agency, iri.curie(service.base, held.agency.iri)
            return {
                "asked_for": key,
                "typed": typed(service, reading, key, Reference(unit.iri, unit.kind, unit.label, unit.language)),
                "subunits": subunits,
                "held": held,
                "units": by_unit(held.items[:MOST_PRINTED], held.agency.iri),
                "shown_rows": min(len(held.items), MOST_PRINTED),
                "written_rows": min(len(held.items), MOST_WRITTEN),
                "state": service.state,
            }

        return answered(service, pages, request, as_of, "sheet.html", make)

    @routes.get("/sheet.xlsx", include_in_schema=False)
    def read_workbook(request: Request, agency: Agency, as_of: AsOf = None, subunits: Subunits = False) -> Response:
        """The sheet as a workbook."""

        def make(reading: Reading) -> bytes:
            held = _portfolio(service, agency, reading, subunits)
            words = pages.words(reading.language)
            return sheet_workbook.workbook(held, words, reading.language, service.published, most=MOST_WRITTEN)

        return sent(service, request, as_of, "xlsx", make, XLSX, file=f"{_file(agency)}.xlsx")

    return routes


def by_unit(items: list[PortfolioItem], own: str) -> ByUnit:
    """What is held, unit by unit (the unit `own` first, then by name), in each under the headings of its page."""
    units: dict[str, tuple[Reference, list[PortfolioItem]]] = {}
    for item in items:
        units.setdefault(item.unit.iri, (item.unit, []))[1].append(item)
    ordered = sorted(units.values(), key=lambda one: (one[0].iri != own, one[0].label or one[0].iri))
    return [(unit, [work for work in sorted_work(held) if work.duties]) for unit, held in ordered]


def _portfolio(service: Service, agency: str, reading: Reading, subunits: bool) -> Portfolio:
    node = _unit(service, agency, reading)
    return portfolio.of(service.store, node, as_of=reading.as_of, subunits=subunits, language=reading.language)


def _unit(service: Service, text: str, reading: Reading) -> NamedNode:
    """The unit meant. A department and its province may bear one name: only units are meant here."""
    fits = resolve.find(service.store, text, base=service.base, language=reading.language)
    units = {match.thing.iri for match in fits if match.thing.kind in UNITS}
    node = NamedNode(units.pop()) if len(units) == 1 else service.thing(text, reading)
    if kind_of(node.value) not in UNITS:
        raise Invalid(
            "Phiếu trách nhiệm lập cho cơ quan, đơn vị, chức danh hoặc nhóm đối tượng được giao; đây không phải là một trong số đó. "
            "Hãy mở trang của mục này để xem ai chịu trách nhiệm.",
            "A responsibility sheet is made for an agency, a post or a group of addressees; this is none of them. "
            "Open its page to see who is responsible.",
            details={"iri": node.value},
        )
    return node


def _file(agency: str) -> str:
    """A name for the file, of letters that every system takes."""
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", agency.rpartition("/")[2].rpartition(":")[2]).strip("-.")
    return f"phieu-trach-nhiem.{plain[:80]}" if plain else "phieu-trach-nhiem"
