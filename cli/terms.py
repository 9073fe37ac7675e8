"""What several commands read from the command line: a THING, a date."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from catalogue import clock
from catalogue.errors import Invalid
from cli.language import text
from cli.outcome import WrongUsage

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from catalogue.store.port import Store
    from cli.options import Call

Thing = Annotated[
    str,
    typer.Argument(
        metavar="THING",
        help=text("IRI, CURIE, mã, số văn bản hoặc tên", "IRI, CURIE, code, document number or name"),
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help=text("tại ngày nào: 2024-06-30 hoặc 30/6/2024 (mặc định: hôm nay)", "on which date (default: today)"),
    ),
]


def as_of_date(given: str | None) -> date:
    """The date asked about, today in Vietnam when none was given. Raises `WrongUsage` for an impossible one."""
    if given is None:
        return clock.today()
    try:
        return clock.parse_date(given)
    except Invalid as error:
        raise WrongUsage(error.vi, error.en, details=error.details) from None


def reader(call: "Call") -> "Store":
    """The published state; a memory store is built first. Raises `Unavailable` when nothing has been built yet."""
    from cli import building

    return building.reader(call.settings)


def reader_or_shipped(call: "Call") -> "Store":
    """The published state; where nothing was built yet, the shipped graph, built in memory."""
    from dataclasses import replace

    from catalogue.store.folder import Folder

    unbuilt = call.settings.store == "disk" and not Folder(call.settings.data).finished
    return reader(replace(call, settings=replace(call.settings, store="memory")) if unbuilt else call)


def one(store: "Store", thing: str, as_of: date, call: "Call") -> "NamedNode":
    """The one thing that fits. Raises `NotFound`, or `Ambiguous` with the candidates."""
    from catalogue import resolve

    return resolve.one(store, thing, base=call.settings.base_iri, as_of=as_of, language=call.language)
