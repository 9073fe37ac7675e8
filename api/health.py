"""`/health/live`, `/health/ready`, `/metrics`: for those who run the service."""

from dataclasses import dataclass, replace
from typing import Literal

from fastapi import APIRouter, Response

from api import answers
from api.metrics import Metrics
from api.service import Service
from catalogue.errors import TimedOut, Unavailable
from catalogue.store.connect import open_reader

PATIENCE = 2.0
"""Seconds within which a store has to answer that it is there."""


@dataclass(frozen=True, slots=True)
class Health:
    """`live`: the process answers. `ready`: the store answers too, from the published `state`."""

    status: Literal["live", "ready"]
    version: str
    state: str


def router(service: Service, metrics: Metrics) -> APIRouter:
    """The routes, over `service`."""
    routes = APIRouter()
    settings = service.settings
    # Where the store is elsewhere, one with less patience of its own is asked.
    patient = replace(settings, timeout=min(PATIENCE, settings.timeout))
    remote = open_reader(patient) if settings.store == "remote" else None

    @routes.get("/health/live", response_model=answers.model(Health), tags=["operation"])
    def read_live() -> Response:
        """Whether the process answers."""
        return _answer(Health("live", service.version, service.state))

    @routes.get("/health/ready", response_model=answers.model(Health), tags=["operation"])
    def read_ready() -> Response:
        """Whether the store answers; 503 where it does not."""
        try:
            held = (remote or service.store).ask("ASK { ?thing ?property ?value }")
        except TimedOut as error:
            raise Unavailable(error.vi, error.en, details=error.details) from error
        if not held:
            raise Unavailable("Kho dữ liệu trống.", "The store is empty.")
        return _answer(Health("ready", service.version, service.state))

    @routes.get("/metrics", response_class=Response, tags=["operation"])
    def read_metrics() -> Response:
        """Requests by route and status, time taken, memory, published state: Prometheus text format 0.0.4."""
        body = metrics.written(service.state, service.published).encode()
        return Response(
            body, media_type="text/plain; version=0.0.4; charset=utf-8", headers={"Cache-Control": "no-store"}
        )

    return routes


def _answer(health: Health) -> Response:
    return Response(answers.written(health), media_type="application/json", headers={"Cache-Control": "no-store"})
