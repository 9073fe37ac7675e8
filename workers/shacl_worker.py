"""The child process that judges visitors' data: loaded once, it forks for every judgement, and the fork is disposable.

Loading pySHACL and the shapes takes a second; the fork takes milliseconds, has limits of its own, and takes with it
whatever the data made it grow to.
"""

import os
import signal
import socket
import sys
import traceback

from catalogue import rdf
from catalogue.errors import CatalogueError, LimitReached, told
from catalogue.settings import Settings
from workers import judgement, sandbox
from workers.channel import Closed, Head, receive, send

OUT_OF_MEMORY = 77
"""Exit status of a fork that could not get the memory it asked for."""


def main() -> None:
    """Serve the socket whose descriptor is the first argument, until its other end closes."""
    sandbox.end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C goes to both; the service decides
    network = sandbox.leave_network()
    connection = socket.socket(fileno=int(sys.argv[1]))
    sandbox.restrict(files=64)
    judgement.prepare()
    try:
        send(connection, {"ready": True, "network": network})
        while True:
            head, content = receive(connection)
            child = os.fork()
            if child == 0:
                _judge_and_end(connection, head, bytes(content))
            _, status = os.waitpid(child, 0)
            if status:
                code = os.waitstatus_to_exitcode(status)
                send(connection, {"died": "memory" if code == OUT_OF_MEMORY else -code})
    except Closed:
        return


def _judge_and_end(connection: socket.socket, head: Head, content: bytes) -> None:
    """The fork: one judgement, its answer, and the end of this process."""
    status = 1
    try:
        sandbox.end_with_parent()
        sandbox.limit_memory(head["memory"])
        # The default action of the alarm: the kernel ends the fork, whatever it is busy with.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, head["seconds"])
        answer, body = _answer(head, content)
        signal.setitimer(signal.ITIMER_REAL, 0)
        send(connection, answer, body)
        status = 0
    except MemoryError:
        status = OUT_OF_MEMORY
    except BaseException:
        signal.setitimer(signal.ITIMER_REAL, 0)
        send(connection, {"defect": traceback.format_exc()[-4_000:]})
        status = 0
    finally:
        os._exit(status)


def _answer(head: Head, content: bytes) -> tuple[Head, bytes]:
    size = head["dataSize"]
    data = judgement.Posted("data", content[:size], head["dataFormat"])
    posted = head["shapesFormat"]
    shapes = judgement.Posted("shapes", content[size:], posted) if posted is not None else None
    try:
        judged = judgement.judge(data, shapes, Settings.read(head["settings"]))
        form = head["answerFormat"]
        body = judged.summary() if form is None else judgement.written(judged.triples, rdf.FORMATS[form])
        if len(body) > head["bytes"]:
            raise _too_long(head["bytes"])
    except CatalogueError as error:
        return told(error), b""
    return {"conforms": judged.conforms}, body


def _too_long(limit: int) -> LimitReached:
    return LimitReached(
        f"Báo cáo lớn hơn giới hạn {limit} byte (CHISO_QUERY_BYTES). Hãy gửi ít dữ liệu hơn, hoặc sửa lỗi lặp lại trước.",
        f"The report is larger than the limit of {limit} bytes (CHISO_QUERY_BYTES). Send less data, or mend the repeated failure first.",
        details={"limit": "CHISO_QUERY_BYTES", "value": limit},
    )


if __name__ == "__main__":
    main()
