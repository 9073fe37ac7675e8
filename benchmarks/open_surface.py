"""How fast things are dereferenced: negotiated Turtle and JSON-LD, warm and at first touch, in gzip, unchanged (304),
redirects, and a list; beside a bare ASGI application that sends the same bytes under the same server.

    python -m benchmarks.open_surface CHECKPOINT [BASE]

CHECKPOINT: a published state of a synthetic store, `benchmarks/data/1/published/…`. The load comes from a process of
its own (`benchmarks.open_client`), eight connections; the bare application is measured before and after each row, so
that both meet the same machine. Prez served 67 things a second on such a machine.

Requests a second are those of the machine as it is: who else uses it between two measurements moves them, and the share
too. The processor time of the server per request, by the kernel's account, bears that better: its share is that of the
bare application's time in ours.
"""

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.ports import free_port
from benchmarks.statements import BASE
from cli import serve

THINGS = 2_000
"""Things that are asked for, each of them once at first touch."""

ROUNDS = 4
"""How often all of them are asked for when they are warm."""

PREZ = 67.0

TURTLE = {"Accept": "text/turtle"}
JSON_LD = {"Accept": "application/ld+json"}


@dataclass(frozen=True, slots=True)
class Row:
    """What was asked; requests a second, of ours and of the bare application; milliseconds of ours; microseconds of the
    servers' processor time per request; bytes of a body."""

    name: str
    ours: float
    bare: float
    median: float
    p99: float
    cpu: float
    bare_cpu: float
    bytes: int

    def __str__(self) -> str:
        share = f"{self.ours / self.bare:6.0%}" if self.bare else "     –"
        return (
            f"{self.name:28} {self.ours:8,.0f}/s   bare {self.bare:8,.0f}/s   {share}   ×{self.ours / PREZ:5.0f} Prez   "
            f"median {self.median:6.2f} ms   p99 {self.p99:6.2f} ms   "
            f"cpu {self.cpu:5,.0f} µs, bare {self.bare_cpu:4,.0f} µs, {self.bare_cpu / self.cpu:4.0%}   {self.bytes:6,} bytes"
        )


def application(checkpoint: Path, base: str) -> Any:
    """The service over a checkpoint."""
    from api.app import create_app
    from catalogue.settings import Settings
    from catalogue.store.embedded import open_read_only

    return create_app(open_read_only(checkpoint), Settings(store="memory", base_iri=base), state=checkpoint.name)


def bare(body: bytes) -> Callable[..., Any]:
    """An application that sends `body` whatever is asked."""
    headers = [(b"content-type", b"text/turtle; charset=utf-8"), (b"content-length", b"%d" % len(body))]

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            while (message := await receive())["type"] != "lifespan.shutdown":
                await send({"type": f"{message['type']}.complete"})
            await send({"type": "lifespan.shutdown.complete"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[int, int]]:
    """A server in a process of its own; gives its port and its process number."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.open_surface", "--serve", str(port), *arguments],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "http://" in line, line
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def processor_seconds(pid: int) -> float:
    """The processor time of a process until now (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def load(server: tuple[int, int], requests: Sequence[tuple[str, dict[str, str]]]) -> dict[str, Any]:
    """What the client measured, and the processor time of the server."""
    port, pid = server
    begun = processor_seconds(pid)
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.write("".join(json.dumps(one) + "\n" for one in requests))
        file.flush()
        told = subprocess.run(
            [sys.executable, "-m", "benchmarks.open_client", str(port), file.name],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
    found: dict[str, Any] = json.loads(told.stdout)
    assert len(found["statuses"]) == 1, found["statuses"]
    return {**found, "cpu": processor_seconds(pid) - begun}


def fetched(port: int, path: str, headers: dict[str, str]) -> tuple[dict[str, str], bytes]:
    """Headers and body of one answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return {name.lower(): value for name, value in answer.getheaders()}, body


def things(port: int, base: str, count: int) -> list[str]:
    """Paths of documents about indicators."""
    found: list[str] = []
    cursor = ""
    while len(found) < count:
        page = json.loads(fetched(port, f"/api/v1/indicators?limit=1000{cursor}", {})[1])
        found += ["/doc/" + item["iri"].removeprefix(base + "id/") for item in page["items"]]
        if page["nextCursor"] is None:
            break
        cursor = f"&cursor={page['nextCursor']}"
    return found[:count]


def measure(checkpoint: Path, base: str) -> list[Row]:
    """Every row."""
    rows = []
    with serving("--checkpoint", str(checkpoint), "--base", base) as server:
        port = server[0]
        paths = things(port, base, THINGS)
        half = len(paths) // 2

        def row(name: str, requests: Sequence[tuple[str, dict[str, str]]], body: bytes) -> None:
            with tempfile.NamedTemporaryFile(suffix=".body") as file:
                file.write(body)
                file.flush()
                with serving("--bare", file.name) as beside:
                    load(beside, requests[:2_000])
                    before = load(beside, requests)
                    ours = load(server, requests)
                    after = load(beside, requests)
            answered = before["requests"] + after["requests"]
            speed = answered / (before["seconds"] + after["seconds"])
            cpu, bare_cpu = ours["cpu"] / ours["requests"] * 1e6, (before["cpu"] + after["cpu"]) / answered * 1e6
            times = (ours["median"], ours["p99"], cpu, bare_cpu)
            rows.append(Row(name, ours["requests"] / ours["seconds"], speed, *times, len(body)))
            print(rows[-1], flush=True)

        def asked(path: str, headers: dict[str, str]) -> bytes:
            return fetched(port, path, headers)[1]

        # One of each is fetched beforehand, so that nothing is measured that happens once in the life of a server.
        turtle, json_ld = asked(paths[0], TURTLE), asked(paths[0], JSON_LD)
        row("Turtle, first touch", [(path, TURTLE) for path in paths[1:half]], turtle)
        row("JSON-LD, first touch", [(path, JSON_LD) for path in paths[half:]], json_ld)
        load(server, [(path, TURTLE) for path in paths])
        load(server, [(path, JSON_LD) for path in paths])
        row("Turtle, warm", [(path, TURTLE) for path in paths] * ROUNDS, turtle)
        row("JSON-LD, warm", [(path, JSON_LD) for path in paths] * ROUNDS, json_ld)
        load(server, [(path + ".ttl", TURTLE) for path in paths])
        row("Turtle by suffix, warm", [(path + ".ttl", TURTLE) for path in paths] * ROUNDS, turtle)
        packed = {**TURTLE, "Accept-Encoding": "gzip"}
        load(server, [(path, packed) for path in paths])
        row("Turtle in gzip, warm", [(path, packed) for path in paths] * ROUNDS, asked(paths[0], packed))
        tags = [(path, {**TURTLE, "If-None-Match": fetched(port, path, TURTLE)[0]["etag"]}) for path in paths[:200]]
        row("Turtle, unchanged (304)", tags * (ROUNDS * 10), b"")
        redirects: list[tuple[str, dict[str, str]]] = [(path.replace("/doc/", "/id/"), {}) for path in paths]
        load(server, redirects)
        row("redirect from /id, warm", redirects * ROUNDS, b"")
        listed = "/api/v1/indicators?limit=50"
        row("list of 50, warm", [(listed, {})] * (THINGS * 2), asked(listed, {}))
    return rows


def main() -> None:
    """Measure, or (`--serve`) be what is measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument("checkpoint", type=Path, nargs="?")
    parser.add_argument("base", nargs="?", default=BASE)
    parser.add_argument("--serve", type=int)
    parser.add_argument("--checkpoint", dest="of", type=Path)
    parser.add_argument("--base", dest="of_base")
    parser.add_argument("--bare", type=Path)
    given = parser.parse_args()
    if given.serve:
        listener = serve.listen("127.0.0.1", given.serve)
        app = bare(given.bare.read_bytes()) if given.bare else application(given.of, given.of_base)
        serve.run(app, listener, lambda line: print(line, flush=True))
    else:
        measure(given.checkpoint, given.base)


if __name__ == "__main__":
    main()
