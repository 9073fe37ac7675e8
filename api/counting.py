"""The numbers that a process beside the service counted (`catalogue.census`), as requests see them."""

from datetime import datetime
from pathlib import Path

from api.service import Service
from catalogue import census
from catalogue.census import Census


def counts(service: Service) -> Census | None:
    """The census of the state that this request sees; until it is taken that of a state before, as its `state` tells.

    None where there is none yet, and over a store elsewhere, which nobody walks through.
    """
    if service.folder is None:
        return service.once("census", lambda: _taken(service)) if service.settings.store == "memory" else None
    own = _read(service, service.folder, service.state)
    if own is not None:
        return own
    before = [state for state in census.states(service.folder) if state <= service.state]
    return next((found for state in before if (found := _read(service, service.folder, state)) is not None), None)


def final(service: Service, found: Census | None) -> bool:
    """Whether these numbers are those of the state that this request sees, and so will not change any more."""
    return found is not None and found.state == service.state


def dating(service: Service, found: Census | None) -> tuple[str, datetime | None]:
    """Of which state these numbers are, and when an answer that tells them last changed: it does when a younger census is
    taken."""
    return (found.state, max(service.published, found.taken)) if found else ("", None)


def _taken(service: Service) -> Census:
    # A store in memory is small, and has no process beside it.
    everything = sorted(service.store.graph(None), key=lambda triple: str(triple.subject))
    return census.take(everything, service.state, service.base)


def _read(service: Service, folder: Path, state: str) -> Census | None:
    if not (folder / census.MADE.format(state=state)).exists():
        return None
    return service.once(f"census.{state}", lambda: census.read(folder, state))
