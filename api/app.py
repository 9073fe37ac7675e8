"""The one place where the web service is put together."""

import importlib.metadata
from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI

from api import (
    agencies,
    documentation,
    health,
    lineage,
    lists,
    quality,
    resolve,
    responsibility,
    search,
    systems,
    things,
    vocabulary,
)
from api.gate import Gate
from api.metrics import Metrics
from api.pages import home, questions
from api.pages.render import Pages
from api.problems import Problems
from api.service import Service
from catalogue.clock import Clock, system_clock
from catalogue.settings import Settings
from catalogue.store.port import Store
from catalogue.store.remembering import Remembering

_DESCRIPTION = (
    "Danh mục ngữ nghĩa các chỉ số của Việt Nam: từ văn bản trung ương đến đơn vị chịu trách nhiệm, với chứng cứ. "
    "The semantic catalogue of Vietnamese indicators: from national mandate to responsible unit, with the proof. "
    "Every answer names its date (`asOf`), its language and how sure it is (`confirmed`, `inferred`, `unverified`)."
)


def create_app(
    store: Store,
    settings: Settings,
    *,
    clock: Clock = system_clock,
    state: str,
    published: datetime | None = None,
    search_directory: Path | None = None,
) -> FastAPI:
    """The web service over one published state.

    `state`: the name of the published state, `published`: when it was made (now, where unknown). `search_directory`:
    where its search index is kept; `None` keeps it in memory.
    """
    version = importlib.metadata.version("chiso")
    moment = (published or clock()).astimezone(UTC)
    # What a published state says never changes; a remote endpoint is changed by others, so nothing of it is remembered.
    read = store if settings.store == "remote" or isinstance(store, Remembering) else Remembering(store)
    service = Service(read, settings, clock, state, moment, version, search_directory)
    pages = Pages(service.address, service.title)
    problems = Problems(pages)
    metrics = Metrics()
    app = FastAPI(
        title="Chỉ Số",
        version=version,
        description=_DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    for kind, handle in problems.handlers().items():
        app.add_exception_handler(kind, handle)
    for router in (
        responsibility.router(service),
        lineage.router(service),
        resolve.router(service),
        search.router(service),
        agencies.router(service),
        systems.router(service),
        lists.router(service),
        quality.router(service),
        things.router(service, pages),
        vocabulary.router(service, pages),
        home.router(service, pages),
        questions.router(service, pages),
        health.router(service, metrics),
        documentation.router(service, pages, app),
    ):
        app.include_router(router)

    app.add_middleware(Gate, metrics=metrics, too_long=problems.too_long, failed=problems.unforeseen)
    return app
