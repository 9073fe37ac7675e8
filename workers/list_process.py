"""The child process that reads a list of indicators or codes: `python -m workers.list_process DESCRIPTOR`.

Workbooks, documents, XML and YAML of strangers are made to exhaust their readers, or end them.
"""

import json
import sys

from catalogue.settings import Settings
from loaders.lists import Form, Listing
from workers.channel import Head
from workers.reading_process import answer


def main() -> int:
    """Read the files, answer with the lists, end."""
    return answer(_told)


def _told(content: bytes, head: Head, settings: Settings) -> bytes:
    files, start = [], 0
    for name, size in head["files"]:
        files.append((name, content[start : start + size]))
        start += size
    return json.dumps(read(head["form"], files, settings).plain(), ensure_ascii=False).encode()


def read(form: Form, files: list[tuple[str, bytes]], settings: Settings) -> Listing:
    """The lists in `files` (name, content), which are of `form`. Raises what the loaders raise."""
    if form == "sdg":
        from loaders import sdg

        return sdg.read(files, settings)
    if form == "world-bank":
        from loaders import world_bank

        return world_bank.read(files, settings)
    if form == "sdmx":
        from loaders import sdmx

        return sdmx.read(files)
    from loaders import statistical_annex

    return statistical_annex.read(files, settings)


if __name__ == "__main__":
    sys.exit(main())
