"""Turns at the processes, without any process."""

import asyncio
from typing import Any

import pytest

from catalogue.errors import Busy
from catalogue.settings import Settings
from workers.turns import Turns


def turns(**settings: Any) -> Turns:
    return Turns(Settings(**{"query_workers": 1, "query_waiting": 100, "query_per_visitor": 100, **settings}))


def test_visitors_take_turns_in_rotation() -> None:
    order: list[str] = []

    async def work() -> None:
        line = turns()

        async def take(visitor: str) -> None:
            async with line.turn(visitor):
                order.append(visitor)
                await asyncio.sleep(0)

        await asyncio.gather(*(take(visitor) for visitor in ["a", "a", "a", "a", "b", "b", "c"]))
        assert line.waiting == 0

    asyncio.run(work())
    assert order == ["a", "a", "b", "c", "a", "b", "a"]


@pytest.mark.parametrize("leave_at", range(6))
def test_whoever_leaves_the_line_leaves_no_gap(leave_at: int) -> None:
    async def work() -> None:
        line = turns(query_workers=2)

        async def take(visitor: str) -> str:
            async with line.turn(visitor):
                for _ in range(3):
                    await asyncio.sleep(0)
                return visitor

        tasks = [asyncio.create_task(take(str(number % 3))) for number in range(9)]
        for _ in range(leave_at):
            await asyncio.sleep(0)
        for task in tasks[1::2]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert line.waiting == 0
        # Both turns are free again, and no more than both.
        async with line.turn("x"), line.turn("y"):
            late = asyncio.create_task(take("z"))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert line.waiting == 1
        assert await late == "z"

    asyncio.run(work())


def test_those_whose_time_is_over_in_the_moment_of_their_turn_are_told() -> None:
    async def work() -> None:
        line = turns(query_seconds=0.05)

        async def take(seconds: float) -> None:
            async with line.turn("a"):
                await asyncio.sleep(seconds)

        found = await asyncio.gather(*(take(0.05) for _ in range(20)), return_exceptions=True)
        assert all(one is None or isinstance(one, Busy) for one in found), found
        assert any(isinstance(one, Busy) for one in found)
        async with asyncio.timeout(1), line.turn("b"):
            pass

    asyncio.run(work())


def test_long_turns_leave_one_to_the_others() -> None:
    async def work() -> None:
        line, end = turns(query_workers=2), asyncio.Event()
        order: list[str] = []

        async def take(visitor: str, *, long: bool) -> None:
            async with line.turn(visitor, long=long):
                order.append(visitor)
                if long:
                    await end.wait()

        analysts = [asyncio.create_task(take(f"analyst {number}", long=True)) for number in range(3)]
        await asyncio.sleep(0)
        async with asyncio.timeout(1):
            await asyncio.gather(*(take("visitor", long=False) for _ in range(5)))
        assert order == ["analyst 0", *["visitor"] * 5]
        end.set()
        await asyncio.gather(*analysts)
        assert order[6:] == ["analyst 1", "analyst 2"]
        assert line.waiting == 0

    asyncio.run(work())
