"""Eight visitors on connections that are kept alive, as fast as they are answered; a process of its own.

    python -m benchmarks.open_client PORT FILE       (FILE: one request per line, JSON: path and headers)

Every request must be answered with the same status as the first one. Prints JSON: requests, seconds, milliseconds by
rank, bytes of the bodies. The client reads no more of an answer than its status and length, so that it can do several
times what it measures.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

CONNECTIONS = 8


class Visitor(asyncio.Protocol):
    """One connection: sends a request as soon as the answer before is whole."""

    def __init__(self, requests: Iterator[bytes], done: asyncio.Future[None]) -> None:
        self._requests = requests
        self._done = done
        self._buffer = b""
        self._began = 0.0
        self._wanted = -1
        self.times: list[float] = []
        self.bytes = 0
        self.statuses: set[bytes] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by inheritance
        self._next()

    def _next(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self._transport.close()
            return
        self._began = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Part of an answer, or the whole."""
        self._buffer = self._buffer + data if self._buffer else data
        if self._wanted < 0:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self._buffer[:end].lower()
            self.statuses.add(head[9:12])
            at = head.find(b"\r\ncontent-length: ")
            length = int(head[at + 18 : (head + b"\r\n").find(b"\r\n", at + 18)]) if at >= 0 else 0
            self._wanted = end + 4 + length
            self.bytes += length
        if len(self._buffer) >= self._wanted:
            self.times.append(time.perf_counter() - self._began)
            self._buffer, self._wanted = b"", -1
            self._next()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the name of the protocol
        """The end."""
        if not self._done.done():
            self._done.set_result(None)


async def _load(port: int, requests: list[bytes]) -> dict[str, object]:
    loop = asyncio.get_running_loop()
    shared = iter(requests)
    visitors: list[Visitor] = []
    ends = []
    began = time.perf_counter()
    for _ in range(CONNECTIONS):
        done: asyncio.Future[None] = loop.create_future()
        visitor = Visitor(shared, done)
        visitors.append(visitor)
        ends.append(done)
        await loop.create_connection(lambda visitor=visitor: visitor, "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.gather(*ends)
    seconds = time.perf_counter() - began
    times = sorted(one * 1000 for visitor in visitors for one in visitor.times)
    return {
        "requests": len(times),
        "seconds": seconds,
        "median": times[len(times) // 2],
        "p99": times[int(len(times) * 0.99)],
        "bytes": sum(visitor.bytes for visitor in visitors),
        "statuses": sorted({status.decode() for visitor in visitors for status in visitor.statuses}),
    }


def written(path: str, headers: dict[str, str]) -> bytes:
    """One request as it goes over the wire."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def main() -> None:
    """Ask everything once, in order, over all connections."""
    import uvloop

    lines = Path(sys.argv[2]).read_text(encoding="utf-8").splitlines()
    requests = [written(*json.loads(line)) for line in lines]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(_load(int(sys.argv[1]), requests))))


if __name__ == "__main__":
    main()
