"""Lists that people send, read in a process of its own within CHISO_TABLE_BYTES, …_SECONDS and …_MEMORY; this blocks."""

import json
from collections.abc import Sequence
from pathlib import Path

from catalogue.errors import Invalid, NotFound
from catalogue.settings import Settings
from loaders.grids import too_large
from loaders.lists import Form, Listing
from workers.reading import asked


def read(form: Form, paths: Sequence[Path], settings: Settings) -> Listing:
    """The lists in `paths`, all of one form.

    Raises `NotFound` for a missing file, `Invalid` with file, row and column, `LimitReached` and `TimedOut`.
    """
    files = [(path.name, _bytes(path, settings)) for path in paths]
    named = ", ".join(name for name, _ in files)
    head = {"form": form, "files": [(name, len(content)) for name, content in files]}
    body = asked("workers.list_process", head, b"".join(content for _, content in files), named, settings)
    return Listing.read(json.loads(body))


def _bytes(path: Path, settings: Settings) -> bytes:
    if not path.is_file():
        raise NotFound(f"Không có tệp {path}.", f"There is no file {path}.", details={"file": str(path)})
    with path.open("rb") as file:
        content = file.read(settings.table_bytes + 1)
    if len(content) > settings.table_bytes:
        raise too_large(path.name, settings)
    if not content.strip():
        raise Invalid(f"{path.name}: tệp trống.", f"{path.name}: the file is empty.", details={"file": path.name})
    return content
