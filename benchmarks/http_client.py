"""One visitor on one connection that is kept alive, and a stopwatch."""

import http.client
import socket
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds that one kind of request took."""

    milliseconds: list[float]

    @property
    def median(self) -> float:
        """Half of the requests were quicker."""
        return statistics.median(self.milliseconds)

    @property
    def p99(self) -> float:
        """One request in a hundred was slower."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]


class Visitor:
    """A client of a server on this machine."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._connect()

    def _connect(self) -> None:
        self._connection.close()
        self._connection.connect()
        # Without it the kernel waits for more to send, and every figure is 40 ms.
        self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of one answer."""
        self._connection.request("GET", path, headers={"Accept-Language": "vi"})
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def times(self, paths: Sequence[str], count: int) -> Times:
        """Ask `count` times, going round `paths`. Every answer must be a 200."""
        self._connect()  # the server hangs up on who was silent for five seconds
        self.get(paths[0])
        taken = []
        for number in range(count):
            path = paths[number % len(paths)]
            began = time.perf_counter()
            status, body = self.get(path)
            taken.append((time.perf_counter() - began) * 1000)
            assert status == 200, f"{path}: {status} {body[:300]!r}"
        return Times(taken)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()
