"""The processes: bounded, fair, gone when they are no longer needed."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from catalogue.errors import Busy, TimedOut
from catalogue.settings import Settings
from tests.validate.cases import PREFIXES
from workers import judges
from workers.judgement import Posted
from workers.judges import Judges

SHAPES = PREFIXES + ':S a sh:NodeShape ; sh:targetNode :a ; sh:property [ sh:path :p ; sh:pattern "^(a+)+$" ] .'
TRAP = Posted("data", (PREFIXES + ':a :p "' + "a" * 60 + '!" .').encode(), "ttl")
QUICK = Posted("data", b"", "ttl")


def run(test: Callable[[Judges], Coroutine[Any, Any, None]], seconds: float = 3) -> None:
    """Run a test with judges of its own, and look that no process is left."""

    async def inner() -> None:
        async with running(seconds) as found:
            await test(found)

    before = children()
    asyncio.run(inner())
    assert children() <= before


@asynccontextmanager
async def running(seconds: float) -> AsyncIterator[Judges]:
    found = Judges(Settings(validate_seconds=seconds))
    try:
        yield found
    finally:
        await found.stop()


def children() -> set[int]:
    """Processes that this one started and that are there still."""
    found = set()
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(FileNotFoundError):  # a thread that ended meanwhile
            found |= {int(child) for child in (task / "children").read_text().split()}
    return found


def ask(judges_: Judges, data: Posted, visitor: str = "v") -> Coroutine[Any, Any, judges.Verdict]:
    shapes = Posted("shapes", SHAPES.encode(), "ttl")
    return judges_.judge(data, shapes, answer=None, visitor=visitor)


def test_one_process_judges_again_and_again() -> None:
    async def test(found: Judges) -> None:
        await ask(found, QUICK)
        warm = children()
        for _ in range(3):
            assert (await ask(found, QUICK)).conforms
        assert children() <= warm  # no new one; of other tests some may end meanwhile

    run(test)


def test_a_judgement_that_runs_over_its_time_leaves_the_process_to_the_next() -> None:
    async def test(found: Judges) -> None:
        await ask(found, QUICK)
        warm = children()
        with pytest.raises(TimedOut) as caught:
            await ask(found, TRAP)
        assert caught.value.details == {"limit": "CHISO_VALIDATE_SECONDS", "value": 1}
        assert (await ask(found, QUICK)).conforms
        assert children() <= warm  # no new one; of other tests some may end meanwhile

    run(test, seconds=1)


def test_who_goes_away_takes_the_judgement_along() -> None:
    async def test(found: Judges) -> None:
        await ask(found, QUICK)
        work = asyncio.ensure_future(ask(found, TRAP))
        await asyncio.sleep(0.3)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        assert (await ask(found, QUICK)).conforms

    run(test, seconds=30)


def test_a_visitor_has_few_turns_and_others_have_theirs() -> None:
    async def test(found: Judges) -> None:
        taken = [asyncio.ensure_future(ask(found, TRAP, "greedy")) for _ in range(judges.PER_VISITOR)]
        await asyncio.sleep(0)
        with pytest.raises(Busy) as caught:
            await ask(found, QUICK, "greedy")
        assert caught.value.details["retryAfter"] > 0
        waiting = [asyncio.ensure_future(ask(found, QUICK, f"other{n}")) for n in range(judges.WAITING)]
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await ask(found, QUICK, "one too many")
        assert all(one.conforms for one in await asyncio.gather(*waiting))
        assert all(isinstance(one, TimedOut) for one in await asyncio.gather(*taken, return_exceptions=True))

    run(test, seconds=2)
