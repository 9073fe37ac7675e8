"""Many visitors at once: each a thread with a connection of its own, and a ledger of what they were told and how soon."""

import http.client
import random
import socket
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

IDLE = 3.0
"""Seconds after which a connection is not used again: the server hangs up on who was silent for five."""

SPARQL_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `patience`: seconds after which the visitor goes away without waiting for the answer."""

    kind: str
    path: str
    method: str = "GET"
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    patience: float | None = None


@dataclass
class Ledger:
    """What was told, by kind: statuses, milliseconds. Status 0: no answer came (the visitor left, or was hung up on)."""

    told: dict[str, list[tuple[int, float]]] = field(default_factory=lambda: defaultdict(list))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, status: int, milliseconds: float) -> None:
        """Write one answer down."""
        with self._lock:
            self.told[kind].append((status, milliseconds))

    def milliseconds(self, *kinds: str) -> list[float]:
        """Of all answers of these kinds."""
        return [took for kind in kinds for _, took in self.told[kind]]

    def statuses(self, kind: str) -> dict[int, int]:
        """How often each status came."""
        found: defaultdict[int, int] = defaultdict(int)
        for status, _ in self.told[kind]:
            found[status] += 1
        return dict(sorted(found.items()))

    def count(self, matches: Callable[[int], bool]) -> int:
        """How many answers have a status that `matches`."""
        return sum(matches(status) for answers in self.told.values() for status, _ in answers)

    def lines(self) -> list[str]:
        """A Markdown table of all kinds."""
        rows = ["| kind | requests | statuses | median ms | p99 ms |", "|---|---:|---|---:|---:|"]
        for kind in sorted(self.told):
            took = self.milliseconds(kind)
            statuses = ", ".join(f"{status or 'gone'}: {number}" for status, number in self.statuses(kind).items())
            rows.append(f"| {kind} | {len(took)} | {statuses} | {statistics.median(took):.1f} | {p99(took):.1f} |")
        return rows


def p99(milliseconds: Sequence[float]) -> float:
    """One in a hundred was slower; the slowest where there were fewer than a hundred."""
    ordered = sorted(milliseconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] if ordered else 0.0


def sparql(kind: str, query: str, patience: float | None = None) -> Request:
    """A query by POST of a form."""
    return Request(kind, "/sparql", "POST", urlencode({"query": query}).encode(), SPARQL_FORM, patience)


class Visitor:
    """One visitor; `source` is the loopback address they come from, so that the service takes them for different ones."""

    def __init__(self, port: int, ledger: Ledger, source: str = "127.0.0.1") -> None:
        self._port, self._ledger, self._source = port, ledger, source
        self._connection: http.client.HTTPConnection | None = None
        self._used = 0.0

    def ask(self, request: Request) -> tuple[int, bytes]:
        """Ask, wait, and note what came."""
        began = time.perf_counter()
        status, body = 0, b""
        try:
            connection = self._connected(request.patience or 180)
            connection.request(request.method, request.path, request.body, dict(request.headers))
            answer = connection.getresponse()
            body = answer.read()
            status = answer.status
            self._used = time.monotonic()
        except (OSError, http.client.HTTPException):
            self.leave()
        self._ledger.note(request.kind, status, (time.perf_counter() - began) * 1000)
        return status, body

    def leave(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self, timeout: float) -> http.client.HTTPConnection:
        if time.monotonic() - self._used > IDLE:
            self.leave()
        if self._connection is None:
            self._connection = http.client.HTTPConnection(
                "127.0.0.1", self._port, timeout=timeout, source_address=(self._source, 0)
            )
            self._connection.connect()
            self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection.sock.settimeout(timeout)
        return self._connection


@dataclass
class Crowd:
    """Visitors who ask until they are told to stop."""

    port: int
    ledger: Ledger
    _ends: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def send(
        self,
        requests: Sequence[Request],
        *,
        source: str,
        pause: float = 0.0,
        seed: int = 1,
        look: Callable[[int, bytes], None] = lambda _status, _body: None,
    ) -> None:
        """One more visitor, who asks `requests` in random order, each kind as often, with a pause (seconds) between two."""

        def asking() -> None:
            chance, visitor = random.Random(seed), Visitor(self.port, self.ledger, source)
            kinds: defaultdict[str, list[Request]] = defaultdict(list)
            for request in requests:
                kinds[request.kind].append(request)
            several = list(kinds.values())
            while not self._ends.is_set():
                look(*visitor.ask(chance.choice(chance.choice(several))))
                if pause:
                    self._ends.wait(pause)
            visitor.leave()

        self._threads.append(threading.Thread(target=asking, daemon=True))
        self._threads[-1].start()

    def stop(self) -> None:
        """Let each end with the answer that is under way."""
        self._ends.set()
        for thread in self._threads:
            thread.join(timeout=240)
