"""Mappings sent by those who may not, by several at once, packed to burst, and into a process that is killed."""

import asyncio
import gzip
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import httpx2
import pytest

from catalogue.errors import CatalogueError
from catalogue.mapping.exchange import sssom_tsv
from catalogue.permission import Caller
from catalogue.settings import Settings
from tests.mappings.import_world import EXTRA, HEAD, document, row
from tests.serving import BASE, bearer, folder, serving_folder, token
from workers.imports import Import
from workers.writer import Writer

ONE = document(row("tinh:A1", "closeMatch", "nuoc:0101"))
TSV = {"Content-Type": "text/tab-separated-values"}
MANY = 300
KILLED = 60
CODES = "".join(
    f'indicator:nhieu.{n} a chiso:Indicator ; skos:inScheme set:nhieu ; skos:notation "{n}" ; skos:prefLabel "Mã {n}"@vi .\n'
    for n in range(MANY)
)
WIDE = EXTRA.rstrip().removesuffix("}") + (
    'set:nhieu a skos:ConceptScheme , chiso:IndicatorSet ; skos:prefLabel "Nhiều"@vi .\n' + CODES + "}\n"
)


def rows(numbers: range, head: str = HEAD) -> bytes:
    """Candidates of those codes, in one set."""
    named = head.replace("#mapping_set_id", f"#  nhieu: {BASE}id/indicator/nhieu.\n#mapping_set_id")
    return document(*(row(f"nhieu:{n}", "relatedMatch", "nuoc:0101") for n in numbers), head=named)


@dataclass
class Served:
    client: httpx2.Client
    settings: Settings

    def send(self, content: bytes, secret: str, *, packed: bool = False, **asked: str) -> httpx2.Response:
        headers = {**bearer(secret), **TSV, **({"Content-Encoding": "gzip"} if packed else {})}
        return self.client.post("/mappings", content=content, headers=headers, params=asked)

    def state(self) -> tuple[str | None, int]:
        answer = self.client.get("/mappings.tsv")
        return answer.headers.get("etag"), len(sssom_tsv.read(answer.content, most=1_000).mappings)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    settings = folder(tmp_path_factory.mktemp("writes"), WIDE)
    with serving_folder(settings) as client:
        yield Served(client, settings)


@pytest.mark.parametrize("dry", ["true", "false"])
def test_who_may_not_write_there_is_refused_before_anything_is_planned(served: Served, dry: str) -> None:
    before = served.state()
    elsewhere = token(served.settings, "write", graphs=(f"{BASE}graph/khac.confirmed",))
    analyst = token(served.settings, "analyst", graphs=())
    wrong = document(row("tinh:A1", "exactMatch", "nuoc:9999"))  # planning would refuse it with 422
    for secret in (elsewhere, analyst):
        for content in (ONE, wrong):
            answer = served.send(content, secret, dryRun=dry)
            assert answer.status_code == 403, answer.text
            assert "nuoc" not in answer.text and "9999" not in answer.text
    assert served.client.post("/mappings", content=ONE, headers=TSV, params={"dryRun": dry}).status_code == 401
    assert served.send(ONE, "chiso_" + "x" * 40, dryRun=dry).status_code == 401
    # `set` cannot lead around the scope, nor can the mark.
    for asked in ({"set": "khac-nua"}, {"mark": "inferred"}, {"set": "khac", "mark": "unverified"}):
        assert served.send(ONE, elsewhere, dryRun=dry, **asked).status_code == 403
    assert served.state() == before


def test_a_service_that_only_reads_takes_nothing(tmp_path: Path) -> None:
    settings = folder(tmp_path, EXTRA)
    secret = token(settings, "write")
    with serving_folder(replace(settings, read_only=True)) as client:
        for dry in ("true", "false"):
            answer = client.post("/mappings", content=ONE, headers={**bearer(secret), **TSV}, params={"dryRun": dry})
            assert answer.status_code in (403, 404, 405, 501), answer.text
            assert answer.headers["content-type"] == "application/problem+json"


def test_what_bursts_when_unpacked_is_refused(served: Served) -> None:
    secret, before = token(served.settings, "write"), served.state()
    bomb = gzip.compress(ONE + b"\n" * (served.settings.upload_bytes + 1), 1)
    assert len(bomb) < served.settings.upload_bytes // 50
    answer = served.send(bomb, secret, packed=True)
    assert answer.status_code == 413 and answer.json()["limit"] == "CHISO_UPLOAD_BYTES", answer.text
    assert served.send(gzip.compress(ONE)[:-9], secret, packed=True).status_code == 400
    assert served.state() == before
    assert served.send(gzip.compress(ONE), secret, packed=True, dryRun="true").json()["added"] == 1


def test_imports_and_other_writes_at_once_lose_nothing(served: Served) -> None:
    secret = token(served.settings, "write")
    parts = [range(start, start + 50) for start in range(0, MANY, 50)]
    graphs = [f"{BASE}graph/khac-{n}.confirmed" for n in range(3)]
    shared = HEAD.replace("anh-xa", "cung-luc")

    def put(graph: str) -> httpx2.Response:
        turtle = f'<{BASE}id/task/t> <http://purl.org/dc/terms/title> "x"@vi .'
        kind = {"Content-Type": "text/turtle"}
        return served.client.put("/graphs", params={"graph": graph}, content=turtle, headers={**bearer(secret), **kind})

    before = served.state()[1]
    with ThreadPoolExecutor(10) as pool:
        sent = [pool.submit(served.send, rows(part, shared), secret) for part in parts]
        others = [pool.submit(put, graph) for graph in graphs]
        answers = [one.result() for one in sent]
        written = [one.result() for one in others]
    assert [one.status_code for one in answers] == [200] * len(parts), [one.text[:200] for one in answers]
    assert [one.json()["added"] for one in answers] == [50] * len(parts)
    assert all(one.status_code in (200, 201, 204) for one in written), [one.text for one in written]
    states = [one.headers["chiso-state"] for one in (*answers, *written)]
    assert len(set(states)) == len(states), "each is a state of its own, one after the other"
    assert served.state()[1] == before + MANY


def test_a_writer_that_is_killed_in_an_import_leaves_all_of_it_or_nothing(tmp_path: Path) -> None:
    settings = folder(tmp_path, WIDE)
    caller = Caller("test", frozenset({"write"}), ("*",))

    def given(turn: int) -> Import:
        head = HEAD.replace("anh-xa", f"lan-{turn}")
        return Import(rows(range(KILLED), head), "tsv", "body", date(2026, 3, 1))

    async def story() -> list[int]:
        writer = Writer(settings)
        await writer.start()
        held = []
        try:
            await writer.read(None, "nt")
            began = asyncio.get_running_loop().time()
            graph = (await writer.take(given(0), caller=caller)).report["graph"]
            whole = asyncio.get_running_loop().time() - began
            # The first import is the slowest: what takes a third of its time in a quiet moment is over by then in another.
            for turn, share in enumerate((0.02, 0.3, 0.9), 1):
                await writer.read(graph, "nt")  # the process is there, and has opened the stores
                number = writer.number
                assert number is not None
                taking = asyncio.ensure_future(writer.take(given(turn), caller=caller))
                await asyncio.sleep(share * whole)
                os.kill(number, signal.SIGKILL)
                try:
                    graph = (await taking).report["graph"]
                except CatalogueError as error:
                    assert "wholly or not at all" in error.en
                graph = f"{BASE}graph/lan-{turn}.confirmed"
                there = await writer.read(graph, "nt")
                held.append((there.body or b"").count(b"/subject_id>"))
                again = (await writer.take(given(turn), caller=caller)).report
                assert again["added"] + again["unchanged"] == KILLED and again["graph"] == graph
                assert again["unchanged"] == held[-1]
        finally:
            await writer.stop()
        return held

    held = asyncio.run(story())
    assert set(held) <= {0, KILLED}, held
    assert held[0] == 0, "that one had hardly begun"
