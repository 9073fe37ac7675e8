"""One visitor on one connection that is kept alive, and a stopwatch."""

import http.client
import os
import socket
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Times:
    """What one kind of request took, in milliseconds: half were quicker than `median`, one in a hundred slower than
    `p99` (the slowest, where there were fewer than a hundred). `cpu`: what the server worked for one answer, on average;
    it does not depend on who else uses the machine."""

    median: float
    p99: float
    cpu: float
    count: int

    @staticmethod
    def of(milliseconds: Sequence[float], worked: float) -> "Times":
        """Summed up; `worked` is what the server worked for all of them, in milliseconds."""
        ordered = sorted(milliseconds)
        count = len(ordered)
        return Times(statistics.median(ordered), ordered[min(count - 1, int(count * 0.99))], worked / count, count)


class Visitor:
    """A client of a server on this machine, the process `pid`."""

    def __init__(self, port: int, pid: int) -> None:
        self.pid = pid
        self.port = port
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.connect()

    def connect(self) -> None:
        """Hang up and call again: the server hangs up on who was silent for five seconds."""
        self._connection.close()
        self._connection.connect()
        # Without it the kernel waits for more to send, and every figure is 40 ms.
        self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path: str) -> bytes:
        """The body of one answer, which must be a 200."""
        self._connection.request("GET", path, headers={"Accept-Language": "vi"})
        answer = self._connection.getresponse()
        body = answer.read()
        assert answer.status == 200, f"{path}: {answer.status} {body[:300]!r}"
        return body

    def post(self, path: str, body: bytes, media_type: str) -> bytes:
        """The body of the answer to a POST, which must be a 200."""
        self._connection.request("POST", path, body, {"Accept-Language": "vi", "Content-Type": media_type})
        answer = self._connection.getresponse()
        received = answer.read()
        assert answer.status == 200, f"{path}: {answer.status} {received[:300]!r}"
        return received

    def time(self, path: str) -> float:
        """Milliseconds until the whole answer was there."""
        began = time.perf_counter()
        self.get(path)
        return (time.perf_counter() - began) * 1000

    def worked(self) -> float:
        """Milliseconds of processor time that the server has used since it began, in steps of 10."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        """Hang up."""
        self._connection.close()
