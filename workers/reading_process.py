"""What the children that read files of strangers have in common: no network, bounds, one question and one answer."""

import signal
import socket
import sys
from collections.abc import Callable

from catalogue.errors import CatalogueError, told
from catalogue.settings import Settings
from workers import sandbox
from workers.channel import Closed, Head, receive, send

OUT_OF_MEMORY = 77
"""Exit status of a child that may not have more memory."""


def answer(read: Callable[[bytes, Head, Settings], bytes]) -> int:
    """Read what comes over the socket whose descriptor is the first argument, answer, end; the exit status.

    `read` gets the content, the head and the settings; it works within CHISO_TABLE_MEMORY and …_SECONDS.
    """
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
        try:
            send(connection, {}, read(bytes(content), head, settings))
        except CatalogueError as error:
            send(connection, told(error))
    except MemoryError:
        return OUT_OF_MEMORY
    except Closed:
        return 1
    return 0
