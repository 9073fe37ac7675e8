"""The child process that reads a list of indicators or codes: `python -m workers.list_process DESCRIPTOR`.

Workbooks, documents, XML and YAML of strangers are made to exhaust their readers, or end them.
"""

import json
import signal
import socket
import sys

from catalogue.errors import CatalogueError, told
from catalogue.settings import Settings
from loaders.lists import Form, Listing
from workers import sandbox
from workers.channel import Closed, receive, send

OUT_OF_MEMORY = 77


def main() -> int:
    """Read what comes over the socket whose descriptor is the first argument, answer, end."""
    sandbox.end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sandbox.leave_network()
    connection = socket.socket(fileno=int(sys.argv[1]))
    sandbox.restrict(files=64)
    try:
        head, content = receive(connection)
        settings = Settings.read(head["settings"])
        sandbox.limit_memory(settings.table_memory)
        sandbox.limit_processor(settings.table_seconds)
        files, start = [], 0
        for name, size in head["files"]:
            files.append((name, bytes(content[start : start + size])))
            start += size
        try:
            listing = read(head["form"], files, settings)
            send(connection, {}, json.dumps(listing.plain(), ensure_ascii=False).encode())
        except CatalogueError as error:
            send(connection, told(error))
    except MemoryError:
        return OUT_OF_MEMORY
    except Closed:
        return 1
    return 0


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
