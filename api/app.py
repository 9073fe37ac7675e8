"""The one place where the web service is put together."""

import importlib.metadata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI

from api import (
    agencies,
    candidates,
    catalog,
    changes,
    coverage,
    crosswalk,
    documentation,
    dumps,
    graph_store,
    health,
    labels,
    lineage,
    lists,
    mappings,
    quality,
    queries,
    reconcile,
    resolve,
    responsibility,
    search,
    sitemap,
    sparql,
    systems,
    terms,
    things,
    update,
    validate,
    vocabulary,
)
from api.arriving import Arriving
from api.documents import Documents, Shortcut
from api.gate import Gate
from api.metrics import Metrics
from api.pages import home, sheet
from api.pages import responsibility as responsibility_page
from api.pages import search as search_page
from api.pages.assets import Assets
from api.pages.picture import page as picture
from api.pages.picture import path
from api.pages.render import Pages
from api.pages.state import coverage as coverage_page
from api.pages.state import overview, recent
from api.pages.state import quality as quality_page
from api.pages.vocabulary import pages as words
from api.problems import Problems
from api.published import State, kept
from api.service import Service
from api.warming import warming
from catalogue.changes import Feed
from catalogue.clock import Clock, system_clock
from catalogue.dumps import Sets
from catalogue.settings import Settings
from catalogue.store.folder import WriterLock
from catalogue.store.port import Store
from catalogue.store.remembering import Remembering

MOST_ARRIVING = 8
"""How many of the largest bodies may arrive at the same time, from all visitors together."""

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
    folder: Path | None = None,
    lock: WriterLock | None = None,
) -> FastAPI:
    """The web service over one published state, and over those that follow it where there is a data `folder`.

    `state`: the name of the published state that `store` holds, `published`: when it was made (with a
    folder: as the folder says; now, where nothing says it). `search_directory`: where its search index is kept; `None` keeps it in memory. With
    `folder` the open endpoints work too; their processes start and stop with the lifespan of the application. `lock`:
    the folder's lock, where the caller holds it already.
    """
    version = importlib.metadata.version("chiso")
    # What a published state says never changes; a remote endpoint is changed by others, so nothing of it is remembered.
    read = store if settings.store == "remote" or isinstance(store, Remembering) else Remembering(store)
    found = kept(folder, state) if folder is not None else None
    opened = State(
        read,
        state,
        (found.moment if found else published or clock()).astimezone(UTC),
        digest=found.digest if found else "",
        directory=found.directory if found else None,
        search_directory=search_directory or (folder / "search" / state if folder else None),
        prepared_bytes=0 if settings.store == "remote" else settings.prepared_bytes,
    )
    assets = Assets()
    service = Service(opened, settings, clock, version, folder=folder, lock=lock, look=assets.digest)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with service.running(), warming():
            yield

    pages = Pages(service.address, service.title, assets, opened=folder is not None)
    problems = Problems(pages, read_only=settings.read_only)
    metrics = Metrics()
    documents = Documents(service)
    sets = Sets(folder)
    app = FastAPI(
        title="Chỉ Số",
        version=version,
        description=_DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.arriving = Arriving(MOST_ARRIVING * settings.upload_bytes)
    for kind, handle in problems.handlers().items():
        app.add_exception_handler(kind, handle)
    for router in (
        responsibility.router(service),
        candidates.router(service),
        crosswalk.router(service),
        coverage.router(service),
        lineage.router(service),
        labels.router(service),
        resolve.router(service),
        reconcile.router(service, pages),
        search.router(service, pages),
        agencies.router(service),
        systems.router(service),
        lists.router(service),
        quality.router(service),
        things.router(service, pages, documents),
        vocabulary.router(service, pages),
        terms.router(service),
        words.router(service, pages),
        sparql.router(service, pages),
        queries.router(service, pages),
        validate.router(service, pages),
        catalog.router(service, pages, sets),
        dumps.router(service, pages, sets),
        changes.router(service, pages, Feed(folder) if folder else None, sets),
        sitemap.router(service, sets),
        update.router(service),
        graph_store.router(service),
        mappings.router(service, pages),
        assets.router(),
        home.router(service, pages),
        responsibility_page.router(service, pages),
        overview.router(service, pages),
        coverage_page.router(service, pages),
        quality_page.router(service, pages),
        recent.router(service, pages, Feed(folder) if folder else None),
        picture.router(service, pages),
        path.router(service, pages),
        search_page.router(service, pages),
        sheet.router(service, pages),
        health.router(service, metrics),
        documentation.router(service, pages, app),
    ):
        app.include_router(router)

    app.add_middleware(Shortcut, documents=documents, failed=problems.catalogue)
    app.add_middleware(
        Gate,
        service=service,
        metrics=metrics,
        too_long=problems.too_long,
        refused=problems.refused,
        failed=problems.unforeseen,
        unmet=problems.unmet,
    )
    return app
