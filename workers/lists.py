"""Lists that people send, read in a process of its own within CHISO_TABLE_BYTES, …_SECONDS and …_MEMORY; this blocks."""

import json
from collections.abc import Sequence
from pathlib import Path

from catalogue.errors import Invalid, printable
from catalogue.settings import Settings
from loaders.lists import Form, Listing
from workers import reading


def read(form: Form, paths: Sequence[Path], settings: Settings) -> Listing:
    """The lists in `paths`, all of one form.

    Raises `NotFound` for a missing file, `Invalid` with file, row and column, `LimitReached` and `TimedOut`.
    """
    files = [(printable(path.name), _bytes(path, settings)) for path in paths]
    named = ", ".join(name for name, _ in files)
    head = {"form": form, "files": [(name, len(content)) for name, content in files]}
    body = reading.asked("workers.list_process", head, b"".join(content for _, content in files), named, settings)
    return Listing.read(json.loads(body))


def _bytes(path: Path, settings: Settings) -> bytes:
    content = reading.contents(path, settings.table_bytes, "CHISO_TABLE_BYTES")
    if not content.strip():
        name = printable(path.name)
        raise Invalid(f"{name}: tệp trống.", f"{name}: the file is empty.", details={"file": path.name})
    return content
