"""What `serve`, `load` and a memory store build with: the providers of data that is not Turtle, and where things lie."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from catalogue.settings import Settings
from cli.output import progress

if TYPE_CHECKING:
    from catalogue.build import BuildReport


def bring_up(settings: Settings, *, say: Callable[[str], None] = progress) -> "BuildReport":
    """Fill an empty store and load changed shipped sources; the administrative units come from their package."""
    from catalogue import build
    from loaders import administrative_units

    return build.bring_up(settings, providers=[administrative_units.provider()], say=say)


def search_directory(settings: Settings) -> Path | None:
    """Where the search index of the published state lies; None keeps it in memory."""
    if settings.store != "disk":
        return None
    from catalogue.store.folder import Folder

    state = Folder(settings.data).state()
    return settings.data / "search" / state if state else None
