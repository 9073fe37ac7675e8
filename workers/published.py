"""The published state that a process beside the service looks at."""

from pathlib import Path

from catalogue.errors import Unavailable
from catalogue.store.embedded import Embedded, open_read_only


def opened(folder: Path, state: str) -> Embedded | None:
    """A state of the data folder; None where it is gone, since a younger one was published. Raises `Unavailable`."""
    place = folder / "published" / state
    try:
        return open_read_only(place)
    except (Unavailable, FileNotFoundError):
        if place.exists():
            raise
        return None
