"""The pool with real processes: answers, limits, ends, and nothing left behind."""

import asyncio
import csv
import io
import json
import os
import shutil
import signal
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest

from catalogue.errors import BadRequest, Busy, CatalogueError, LimitReached, TimedOut, Unavailable
from catalogue.settings import Settings
from catalogue.store.hold import let_go
from tests.workers.conftest import EX
from workers.pool import Answer, ClientGone, Limits, Pool, Task
from workers.sparql_worker import COUNTS, GRAPHS, SOLUTIONS

JSON = "application/sparql-results+json"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
DOUBLING = (
    "SELECT ?x8 { BIND('aaaaaaaa' AS ?x0) "
    + "".join(f"BIND(CONCAT({','.join([f'?x{n}'] * 8)}) AS ?x{n + 1}) " for n in range(8))
    + "}"
)
ALL = f"SELECT ?s ?o {{ ?s <{EX}label> ?o }}"

States = tuple[Path, Path]


def run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(work(), 50))


@asynccontextmanager
async def pool_over(directory: Path | None, **settings: Any) -> AsyncIterator[Pool]:
    pool = Pool(Settings(**{"query_workers": 1, "query_seconds": 5.0, **settings}))
    await pool.start(directory)
    try:
        yield pool
    finally:
        await pool.stop()


def task(directory: Path, query: str, media_type: str = JSON, **changes: Any) -> Task:
    limits = Limits(
        seconds=changes.pop("seconds", 5.0),
        memory=changes.pop("memory", 256 << 20),
        rows=changes.pop("rows", 10_000),
        bytes=changes.pop("size", 5 << 20),
    )
    given = {"default_graphs": None, "named_graphs": None, "base": EX, "form": "select", **changes}
    return Task(directory=directory, query=query, media_type=media_type, limits=limits, **given)


def alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def test_every_solution_format_counts_its_rows(states: States) -> None:
    tricky = "SELECT ?x ?y { VALUES (?x ?y) { ('}},{\"x' 'a\\r\\nb') (UNDEF UNDEF) ('<result>' '\\t\\n{}') ('\",\"' UNDEF) } }"

    async def work() -> None:
        async with pool_over(states[0]) as pool:
            for media_type in SOLUTIONS:
                answer = await pool.answer(task(states[0], tricky, media_type), visitor="a")
                assert answer.rows == 4, media_type
                assert (await pool.answer(task(states[0], ALL, media_type), visitor="a")).rows == 2000
                empty = await pool.answer(task(states[0], "SELECT * { ?s <urn:no> ?o }", media_type), visitor="a")
                assert empty.rows == 0, media_type
                asked = await pool.answer(task(states[0], "ASK {}", media_type, form="ask"), visitor="a")
                assert asked.rows == 1
            table = (await pool.answer(task(states[0], tricky, "text/csv"), visitor="a")).body.decode()
            assert len(list(csv.reader(io.StringIO(table, newline="")))) == 1 + 4

    run(work)


def test_rows_are_counted_as_a_json_reader_counts_them() -> None:
    values = ['}},{"', "{},{}", '"}},{"', "\\", '\\"}},{"a', "[]}}", "", "}},{x"]
    rows = [
        {"x": {"type": "literal", "value": one}, "y": {"type": "literal", "value": two}}
        for one in values
        for two in values
    ]
    for bindings in (rows, [*rows, {}, {}], [{}], [], rows[:1]):
        written = json.dumps({"head": {"vars": ["x", "y"]}, "results": {"bindings": bindings}}, separators=(",", ":"))
        assert COUNTS[JSON](bytearray(written.encode())) == len(bindings)


def test_graphs_come_without_repetition_in_every_format(states: States) -> None:
    query = f"CONSTRUCT {{ <a> <b> 'x' . ?s <c> ?o }} WHERE {{ ?s <{EX}label> ?o }} LIMIT 3"

    async def work() -> None:
        async with pool_over(states[0]) as pool:
            for media_type, form in GRAPHS.items():
                answer = await pool.answer(task(states[0], query, media_type, form="construct"), visitor="a")
                assert answer.rows == 4
                read = list(pyoxigraph.parse(bytes(answer.body), form))
                assert len(read) == len(set(read)) == 4
            turtle = await pool.answer(task(states[0], query, "text/turtle", form="construct"), visitor="a")
            assert b"@prefix skos:" in turtle.body

    run(work)


def test_the_dataset_of_the_protocol_is_the_dataset_asked(states: States) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    cases: list[tuple[str, tuple[str, ...] | None, tuple[str, ...] | None, int]] = [
        (count, None, None, 2000),
        (named, None, None, 1),
        (count, (EX + "graph",), (), 1),
        (named, (EX + "graph",), (), 0),
        (named, (), (EX + "graph",), 1),
        (count, (), (EX + "graph",), 0),
        (count, (EX + "unknown",), (), 0),
        (count.replace("{", f"FROM <{EX}unknown> {{"), (EX + "graph",), (), 1),
        (count.replace("{", f"FROM <{EX}graph> {{"), None, None, 1),
    ]

    async def work() -> None:
        async with pool_over(states[0]) as pool:
            for query, default, graphs, expected in cases:
                asked = task(states[0], query, "text/csv", default_graphs=default, named_graphs=graphs)
                assert (await pool.answer(asked, visitor="a")).body == b"n\r\n%d\r\n" % expected, (
                    query,
                    default,
                    graphs,
                )

    run(work)


@pytest.mark.parametrize(
    ("query", "changes", "error", "limit"),
    [
        (ALL, {"rows": 1999}, LimitReached, "CHISO_QUERY_ROWS"),
        (ALL, {"size": 10_000}, LimitReached, "CHISO_QUERY_BYTES"),
        (ALL.replace("SELECT ?s ?o", "CONSTRUCT WHERE"), {"rows": 10, "media_type": "text/turtle"}, LimitReached, "CHISO_QUERY_ROWS"),
        (ENDLESS, {"seconds": 0.3}, TimedOut, "CHISO_QUERY_SECONDS"),
        (DOUBLING, {"memory": 32 << 20}, LimitReached, "CHISO_QUERY_MEMORY"),
        ("SELECT * {" + "MINUS { ?s ?p ?o }" * 3000 + "}", {}, LimitReached, "CHISO_QUERY_DEPTH"),
        ("SELECT * {", {}, BadRequest, None),
        ("SELECT (<urn:f>(1) AS ?x) {}", {}, BadRequest, None),
    ],
)  # fmt: skip
def test_a_limit_names_itself_and_the_next_query_is_answered(
    states: States, query: str, changes: dict[str, Any], error: type[CatalogueError], limit: str | None
) -> None:
    async def work() -> None:
        async with pool_over(states[0]) as pool:
            with pytest.raises(error) as caught:
                await pool.answer(task(states[0], query, **changes), visitor="a")
            assert caught.value.details.get("limit") == limit
            assert "oxigraph" not in caught.value.en + caught.value.vi
            assert (await pool.answer(task(states[0], "ASK {}"), visitor="a")).rows == 1

    run(work)


def test_a_malformed_query_has_its_place_and_costs_no_process(states: States) -> None:
    async def work() -> None:
        async with pool_over(states[0]) as pool:
            await pool.answer(task(states[0], "ASK {}"), visitor="a")
            before = pool.processes
            with pytest.raises(BadRequest) as caught:
                await pool.answer(task(states[0], "SELECT * {\n  ?s ?p }"), visitor="a")
            assert caught.value.details["line"] == 2
            assert caught.value.details["column"] in (9, 10)  # the engine points behind the brace
            await pool.answer(task(states[0], "ASK {}"), visitor="a")
            assert pool.processes == before

    run(work)


def test_a_client_that_goes_away_frees_its_process_at_once(states: States) -> None:
    async def work() -> None:
        async with pool_over(states[0]) as pool:
            gone = asyncio.Event()
            asking = asyncio.create_task(pool.answer(task(states[0], ENDLESS), visitor="a", gone=gone))
            await asyncio.sleep(0)
            while not pool.processes:
                await asyncio.sleep(0.01)
            gone.set()
            begun = time.monotonic()
            with pytest.raises(ClientGone):
                await asking
            assert (await pool.answer(task(states[0], "ASK {}"), visitor="a")).rows == 1
            assert time.monotonic() - begun < 4  # the query alone would have taken five seconds

    run(work)


def test_who_asks_much_waits_for_the_own_queries(states: States) -> None:
    async def work() -> None:
        async with pool_over(states[0], query_per_visitor=3, query_waiting=10) as pool:
            order: list[str] = []

            async def ask(visitor: str) -> None:
                await pool.answer(task(states[0], "ASK {}"), visitor=visitor)
                order.append(visitor)

            many = [asyncio.create_task(ask("many")) for _ in range(3)]
            await asyncio.sleep(0)
            one = asyncio.create_task(ask("one"))
            await asyncio.sleep(0)
            with pytest.raises(Busy) as caught:
                await ask("many")
            assert caught.value.details["limit"] == "CHISO_QUERY_PER_VISITOR"
            assert caught.value.details["retryAfter"] >= 1
            await asyncio.gather(*many, one)
            assert order.index("one") < 3

    run(work)


def test_the_line_is_bounded_in_length_and_in_time(states: States) -> None:
    async def work() -> None:
        async with pool_over(states[0], query_waiting=1, query_seconds=0.4) as pool:
            await pool.answer(task(states[0], "ASK {}"), visitor="0")
            running = asyncio.create_task(pool.answer(task(states[0], ENDLESS, seconds=2.0), visitor="1"))
            await asyncio.sleep(0)
            waiting = asyncio.create_task(pool.answer(task(states[0], "ASK {}"), visitor="2"))
            await asyncio.sleep(0)
            with pytest.raises(Busy) as caught:
                await pool.answer(task(states[0], "ASK {}"), visitor="3")
            assert caught.value.details["limit"] == "CHISO_QUERY_WAITING"
            with pytest.raises(Busy):
                await waiting
            with pytest.raises(TimedOut):
                await running
            assert (await pool.answer(task(states[0], "ASK {}"), visitor="3")).rows == 1

    run(work)


def test_a_new_state_takes_over_and_the_earlier_one_can_still_be_asked(states: States) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"

    async def work() -> None:
        async with pool_over(states[0], query_workers=2) as pool:
            first, second = (task(state, count, "text/csv") for state in states)
            assert (await pool.answer(first, visitor="a")).body == b"n\r\n2000\r\n"
            running = asyncio.create_task(pool.answer(first, visitor="a"))
            await asyncio.sleep(0)
            pool.renew(states[1])
            assert (await running).body == b"n\r\n2000\r\n"
            assert (await pool.answer(second, visitor="a")).body == b"n\r\n2001\r\n"
            assert (await pool.answer(first, visitor="a")).body == b"n\r\n2000\r\n"
            assert (await pool.answer(second, visitor="a")).body == b"n\r\n2001\r\n"

    run(work)


def test_a_process_that_died_while_idle_costs_nobody_an_answer(states: States) -> None:
    async def work() -> None:
        async with pool_over(states[0]) as pool:
            await pool.answer(task(states[0], "ASK {}"), visitor="a")
            for number in pool.processes:
                os.kill(number, signal.SIGKILL)
                # Its first thread may have ended while another one still keeps the socket open.
                while (
                    ") Z " not in Path(f"/proc/{number}/stat").read_text()
                    or len(list(Path(f"/proc/{number}/task").iterdir())) > 1
                ):
                    await asyncio.sleep(0.01)
            assert (await pool.answer(task(states[0], "ASK {}"), visitor="a")).rows == 1

    run(work)


def test_a_state_that_is_gone_is_unavailable(states: States, tmp_path: Path) -> None:
    async def work() -> None:
        async with pool_over(states[0]) as pool:
            with pytest.raises(Unavailable):
                await pool.answer(task(tmp_path / "none", "ASK {}"), visitor="a")
            assert (await pool.answer(task(states[0], "ASK {}"), visitor="a")).rows == 1

    run(work)


def test_a_state_is_not_removed_while_a_process_has_it_open(states: States, tmp_path: Path) -> None:
    state = tmp_path / "state"
    shutil.copytree(states[0], state)

    async def work() -> None:
        async with pool_over(state) as pool:
            await pool.answer(task(state, ALL), visitor="a")
            assert not let_go(state)
        assert let_go(state)

    run(work)


def test_the_bytes_of_answers_that_are_kept_are_bounded(states: States) -> None:
    async def work() -> None:
        async with pool_over(states[0], query_bytes=1_000_000) as pool:
            kept: list[Answer] = []
            with pytest.raises(Busy) as caught:
                while len(kept) < 50:
                    kept.append(await pool.answer(task(states[0], ALL, size=1_000_000), visitor="a"))
            assert sum(len(answer.body) for answer in kept) < 2_000_000
            assert caught.value.details["limit"] == "CHISO_QUERY_BYTES"
            assert (await pool.answer(task(states[0], "ASK {}"), visitor="b")).rows == 1
            kept.clear()
            assert (await pool.answer(task(states[0], "ASK {}"), visitor="a")).rows == 1

    run(work)


def test_stopping_leaves_no_process_and_no_open_file(states: States) -> None:
    async def work() -> None:
        before = len(list(Path("/proc/self/fd").iterdir()))
        seen: set[int] = set()
        for _ in range(2):
            async with pool_over(states[0], query_workers=2) as pool:
                running = [
                    asyncio.create_task(pool.answer(task(states[number % 2], ENDLESS), visitor=str(number)))
                    for number in range(4)
                ]
                while not pool.processes:
                    await asyncio.sleep(0.01)
                seen |= set(pool.processes)
            async with asyncio.timeout(10):  # at once, not when the time for a start is over
                ended = await asyncio.gather(*running, return_exceptions=True)
            assert all(isinstance(one, Unavailable) for one in ended), ended
        assert seen
        assert not any(alive(number) for number in seen)
        assert len(list(Path("/proc/self/fd").iterdir())) <= before

    run(work)


def test_the_process_reaches_no_network_and_writes_no_file(states: States) -> None:
    async def work() -> None:
        async with pool_over(states[0]) as pool:
            call = (
                "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"  # as if the check of the text had been passed
            )
            with pytest.raises(CatalogueError):
                await pool.answer(task(states[0], call), visitor="a")
            await pool.answer(task(states[0], "ASK {}"), visitor="a")
            (number,) = pool.processes
            if Path(f"/proc/{number}/net/dev").exists():
                interfaces = Path(f"/proc/{number}/net/dev").read_text().splitlines()[2:]
                assert [line.split(":")[0].strip() for line in interfaces] == ["lo"]
            limits = Path(f"/proc/{number}/limits").read_text()
            assert any(line.split()[:4] == ["Max", "file", "size", "0"] for line in limits.splitlines())
            assert any(line.split()[:5] == ["Max", "core", "file", "size", "0"] for line in limits.splitlines())

    run(work)
