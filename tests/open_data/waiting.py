"""Waiting for the dumps, as harvesters do: ask again while the answer is 503."""

import time
from typing import Any

import httpx2


def dumped(client: httpx2.Client, state: str | None = None, *, within: float = 40) -> dict[str, Any]:
    """The youngest set of dumps, once there is one of `state`, or any, `within` so many seconds."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        answer = client.get("/dumps/")
        if answer.status_code == 200 and (state is None or answer.json()["latest"] == state):
            found: dict[str, Any] = answer.json()
            return found
        assert answer.status_code in (200, 503)
        time.sleep(0.1)
    raise AssertionError("the dumps did not become ready")
