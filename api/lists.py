"""The lists of `/api/v1`: indicators, agencies, decisions, regimes, sets, systems, targets, scenarios; and one of each."""

import inspect
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pyoxigraph import NamedNode

from api import answers, paging
from api.parameters import AsOf, Cursor, Key, Limit, resource
from api.service import Reading, Service
from catalogue import codes, listing, targets, things
from catalogue.listing import Page
from catalogue.targets import TargetList
from catalogue.things import Thing

LISTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "indicators": ("indicator", ("scheme", "group", "level", "frequency")),
    "agencies": ("agency", ("parent", "level", "area")),
    "decisions": ("decision", ("type", "issuer", "level")),
    "regimes": ("regime", ("basis", "frequency")),
    "indicator-sets": ("indicator-set", ("basis", "level")),
    "systems": ("system", ("basis", "area")),
    "targets": ("target", ("basis", "indicator")),
    "scenarios": ("scenario", ("basis", "group")),
}
"""The name of a list in the address → the kind of the things in it, and the filters that make sense for it."""

_ABOUT = {
    "scheme": "Only of this indicator set (a THING).",
    "group": "Only of this group (a THING).",
    "level": "Only of this level: `quoc-gia`, `tinh`, `huyen`, `xa`.",
    "frequency": "Only with this frequency: `thang`, `quy`, `nam`, …",
    "parent": "Only directly below this agency (a THING).",
    "area": "Only of this administrative unit (a THING).",
    "type": "Only documents of this type: `luat`, `nghi-dinh`, `quyet-dinh`, `ke-hoach`, …",
    "issuer": "Only documents passed by this agency or post (a THING).",
    "basis": "Only what rests on this document or provision (a THING).",
    "indicator": "Only for this indicator (a THING).",
}

Plan = Annotated[
    str | None,
    Query(max_length=500, description="The targets of this plan (a THING) in full, with figures, in place of a list."),
]


def router(service: Service) -> APIRouter:
    """The routes, over `service`."""
    routes = resource("/api/v1")
    for name, (kind, filters) in LISTS.items():
        _list(routes, service, name, kind, filters)
        _one(routes, service, name, kind)
    return routes


def _list(routes: APIRouter, service: Service, name: str, kind: str, filters: tuple[str, ...]) -> None:
    of_plan = name == "targets"

    def read_list(request: Request, **given: Any) -> Response:
        reading = service.reading(request, given.get("as_of"))
        plan = given.get("plan")
        if plan:
            return service.json(
                request, reading, lambda: _targets(service, plan, reading, given["limit"], given["cursor"]), TargetList
            )

        def make() -> Page:
            return listing.listing(
                service.store,
                kind,
                base=service.base,
                filters={one: _value(service, one, given[one], reading) for one in filters if given.get(one)},
                limit=given["limit"],
                cursor=given["cursor"],
                language=reading.language,
            )

        return service.json(request, reading, make, dated=False)

    parameters = [_parameter("request", Request), *(_filter(one) for one in filters)]
    if of_plan:
        parameters += [_parameter("plan", Plan, None), _parameter("as_of", AsOf, None)]
    parameters += [
        _parameter("limit", Limit, 50),
        _parameter("cursor", Cursor, None),
    ]
    read_list.__name__ = "read_" + name.replace("-", "_")
    read_list.__doc__ = f"The {name.replace('-', ' ')}, in a stable order, page by page."
    # Each list has its own filters; the framework reads them from the signature.
    read_list.__signature__ = inspect.Signature(parameters, return_annotation=Response)  # type: ignore[attr-defined]
    model = answers.model(Page) | answers.model(TargetList) if of_plan else answers.model(Page)
    routes.get(f"/{name}", response_model=model, tags=["lists"])(read_list)


def _one(routes: APIRouter, service: Service, name: str, kind: str) -> None:
    def read_one(request: Request, key: Key) -> Response:
        reading = service.reading(request)

        def make() -> Thing:
            node = service.keyed(kind, key, reading)
            return things.describe(service.store, node, language=reading.language)

        return service.json(request, reading, make, dated=False)

    read_one.__name__ = "read_one_of_" + name.replace("-", "_")
    read_one.__doc__ = (
        f"One of the {name.replace('-', ' ')}: every statement with its mark and source, and what refers to it."
    )
    routes.get(f"/{name}/{{key}}", response_model=answers.model(Thing), tags=["lists"])(read_one)


def _targets(service: Service, plan: str, reading: Reading, limit: int, cursor: str | None) -> TargetList:
    node = service.thing(plan, reading)
    whole = targets.of_plan(service.store, node, as_of=reading.as_of, language=reading.language)
    shown, following = paging.page(whole.targets, lambda one: one.iri, limit=limit, cursor=cursor)
    return replace(whole, targets=shown, next_cursor=following)


def _value(service: Service, name: str, text: str, reading: Reading) -> NamedNode:
    """The code or the thing that the value of a filter means."""
    if name in listing.CODE_LISTS:
        return codes.code(service.store, listing.CODE_LISTS[name], text)
    return service.thing(text, reading)


def _parameter(name: str, annotation: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)


def _filter(name: str) -> inspect.Parameter:
    return _parameter(name, Annotated[str | None, Query(max_length=500, description=_ABOUT[name])], None)
