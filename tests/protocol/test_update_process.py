"""The writing process: many at once, killed, too slow, too many, told to stop; and a service that only reads."""

import asyncio
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from catalogue.errors import Busy, LimitReached, TimedOut, Unavailable
from catalogue.permission import Caller
from catalogue.store.folder import WriterLock
from tests import serving
from workers.writer import Document, Writer

EVERYTHING = Caller("test", frozenset({"write"}), ("*",))
TURTLE = {"Content-Type": "text/turtle"}


def document(turtle: str) -> list[Document]:
    return [Document("ttl", turtle.encode(), "test")]


def test_of_many_writers_none_loses_an_update(tmp_path: Path) -> None:
    settings = serving.folder(tmp_path, write_waiting=40)
    token = serving.bearer(serving.token(settings))
    add = "INSERT {{ GRAPH <urn:count> {{ <urn:n> <urn:is> {0} }} }} WHERE {{}}"
    seen: list[bool] = []
    with serving.serving_folder(settings) as client, ThreadPoolExecutor(20) as threads:

        def write(number: int) -> int:
            answer = client.post(
                "/update", content=add.format(number), headers={**token, "Content-Type": "application/sparql-update"}
            )
            read = client.get("/graphs?graph=urn:count", headers={"Accept": "application/n-triples"})
            seen.append(f'"{number}"' in read.text)
            return answer.status_code

        assert set(threads.map(write, range(20))) == {204}
        final = client.get("/graphs?graph=urn:count", headers={"Accept": "application/n-triples"}).text
    assert len(final.splitlines()) == 20
    assert all(seen), "who writes reads what was written"


def test_a_killed_process_is_replaced_and_a_stopped_one_gives_the_lock_back(tmp_path: Path) -> None:
    settings = serving.folder(tmp_path)

    async def story() -> None:
        writer = Writer(settings)
        await writer.start()
        with pytest.raises(Unavailable):
            WriterLock(settings.data)
        assert writer.number is None, "no process before the first write"
        await writer.put("urn:g", document("<urn:a> <urn:b> 1 ."), base="urn:g")
        first = writer.number
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await writer.post("urn:g", document("<urn:a> <urn:b> 2 ."), base="urn:g")
        assert writer.number not in (None, first)
        content = await writer.read("urn:g", "nt")
        assert content.body is not None
        assert len(content.body.splitlines()) == 2
        await writer.stop()
        with pytest.raises(Unavailable):
            await writer.read("urn:g", "nt")

    asyncio.run(story())
    WriterLock(settings.data).release()


def test_a_write_that_is_killed_is_wholly_in_or_wholly_out(tmp_path: Path) -> None:
    settings = serving.folder(tmp_path)
    many = document("".join(f"<urn:s{n}> <urn:b> {n} .\n" for n in range(3_000)))

    async def story() -> list[int]:
        writer = Writer(settings)
        await writer.start()
        await writer.put("urn:g", document("<urn:a> <urn:b> 1 ."), base="urn:g")
        sizes = []
        for delay in (0.05, 0.2, 0.4):
            work = asyncio.ensure_future(writer.put("urn:g", many, base="urn:g"))
            await asyncio.sleep(delay)
            if writer.number is not None:
                os.kill(writer.number, signal.SIGKILL)
            await asyncio.gather(work, return_exceptions=True)
            content = await writer.read("urn:g", "nt")
            assert content.body is not None
            sizes.append(len(content.body.splitlines()))
        await writer.stop()
        return sizes

    assert set(asyncio.run(story())) <= {1, 3_000}


def test_a_write_may_cost_so_much(tmp_path: Path) -> None:
    settings = serving.folder(tmp_path, write_seconds=4.0, write_waiting=1)
    endless = "INSERT { GRAPH <urn:x> { <urn:a> <urn:b> ?n } } WHERE { { SELECT (COUNT(*) AS ?n) { GRAPH ?a { ?s1 ?p1 ?o1 } GRAPH ?b { ?s2 ?p2 ?o2 } GRAPH ?c { ?s3 ?p3 ?o3 } } } }"

    async def story() -> None:
        writer = Writer(settings)
        await writer.start()
        slow = asyncio.ensure_future(writer.update(endless, caller=EVERYTHING, base="urn:x"))
        await asyncio.sleep(0)
        waiting = asyncio.ensure_future(writer.put("urn:g", document("<urn:a> <urn:b> 1 ."), base="urn:g"))
        await asyncio.sleep(0)
        with pytest.raises(Busy) as busy:
            await writer.put("urn:h", document(""), base="urn:h")
        assert busy.value.details["retryAfter"] > 0
        with pytest.raises(TimedOut) as late:
            await slow
        assert late.value.details["limit"] == "CHISO_WRITE_SECONDS"
        assert (await waiting).created, "the next write is served"
        await writer.stop()

    asyncio.run(story())


def test_a_write_of_too_much_memory_is_refused(tmp_path: Path) -> None:
    settings = serving.folder(tmp_path, write_memory=220 * 1_048_576)
    many = document("".join(f"<urn:s{n}> <urn:b> '{'x' * 50}{n}' .\n" for n in range(60_000)))

    async def story() -> None:
        writer = Writer(settings)
        await writer.start()
        with pytest.raises((LimitReached, Unavailable)):
            await writer.put("urn:g", many, base="urn:g")
        assert (await writer.put("urn:h", document("<urn:a> <urn:b> 1 ."), base="urn:h")).created
        assert (await writer.read("urn:g", "nt")).body is None
        await writer.stop()

    asyncio.run(story())


def test_readers_see_whole_states_while_others_write(tmp_path: Path) -> None:
    settings = serving.folder(tmp_path)
    token = serving.bearer(serving.token(settings))
    stop = threading.Event()
    odd: list[str] = []
    with serving.serving_folder(settings) as client:
        client.put("/graphs/x", content="<urn:a> <urn:v> 0 . <urn:b> <urn:v> 0 .", headers={**TURTLE, **token})

        def read() -> None:
            with httpx2.Client(base_url=client.base_url, timeout=60) as reader:
                while not stop.is_set():
                    answer = reader.get("/graphs/x", headers={"Accept": "application/n-triples"})
                    values = {line.split('"')[1] for line in answer.text.splitlines() if '"' in line}
                    if answer.status_code != 200 or len(values) != 1:
                        odd.append(answer.text)

        threads = [threading.Thread(target=read) for _ in range(2)]
        for thread in threads:
            thread.start()
        for n in range(1, 6):
            body = f"<urn:a> <urn:v> {n} . <urn:b> <urn:v> {n} ."
            assert client.put("/graphs/x", content=body, headers={**TURTLE, **token}).status_code == 204
        stop.set()
        for thread in threads:
            thread.join()
    assert odd == []


def test_a_read_only_service_takes_no_write(tmp_path: Path) -> None:
    settings = serving.folder(tmp_path, read_only=True)
    token = serving.bearer(serving.token(settings))
    with serving.serving_folder(settings) as client:
        WriterLock(settings.data).release()
        for headers in ({}, token):
            for method, address in (
                ("PUT", "/graphs/a"),
                ("POST", "/graphs"),
                ("DELETE", "/graphs?default"),
                ("POST", "/update"),
            ):
                refused = client.request(method, address, content="<urn:a> <urn:b> 1 .", headers={**headers, **TURTLE})
                assert refused.status_code == 403
                assert refused.json()["setting"] == "CHISO_READ_ONLY"
        assert client.get("/graph/thu.confirmed").status_code == 200
