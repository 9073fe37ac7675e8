"""Files that are there wholly or not at all, also after the power failed."""

import os
import sys
from pathlib import Path


def write_durably(path: Path, content: str | bytes) -> None:
    """Replace the file `path` by one that holds `content` (text as UTF-8)."""
    half = path.with_name(f".{path.name}.half")
    with half.open("wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make the names in the folder `path` durable."""
    if sys.platform == "win32":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
