"""A state that nobody reads any more is let go: its files are closed, whatever was begun while it was served."""

import os
import re
import sys
import time
from pathlib import Path

import pytest

from tests import serving

TURTLE = {"Content-Type": "text/turtle"}


def open_states(folder: Path) -> set[str]:
    """The states of `folder` of which this process, in which the server runs, holds files open."""
    found = set()
    for entry in Path("/proc/self/fd").iterdir():
        try:
            target = str(entry.readlink())
        except OSError:  # closed meanwhile
            continue
        if inside := re.match(re.escape(f"{folder}{os.sep}published{os.sep}") + r"([^/]+)", target):
            found.add(inside[1])
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="what is open is read from /proc")
def test_only_the_state_that_is_served_stays_open(tmp_path: Path) -> None:
    settings = serving.folder(tmp_path)
    token = serving.bearer(serving.token(settings))
    with serving.serving_folder(settings) as client:
        for number in range(6):
            answer = client.put("/graphs/x", content=f"<urn:a> <urn:v> {number} .", headers={**TURTLE, **token})
            assert answer.status_code in (201, 204)
            assert client.get("/sparql", params={"query": "ASK { <urn:a> ?p ?o }"}).status_code == 200
            assert client.get("/api/v1/search", params={"q": "so"}).status_code == 200
            assert client.get("/catalog", headers={"Accept": "text/turtle"}).status_code == 200
        until = time.monotonic() + 15
        while len(open_states(settings.data)) > 1 and time.monotonic() < until:
            time.sleep(0.2)
        assert len(open_states(settings.data)) == 1
