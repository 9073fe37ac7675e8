"""The child process that looks at one state: `python -m workers.survey_process FOLDER STATE BASE [DAY]`.

It makes the overview of the day (today in Viet Nam where none is named). Without a day it then examines the state, and
says of each change of the feed what it was about.
"""

import subprocess
import sys
from datetime import date
from pathlib import Path

from catalogue import clock
from catalogue.changes import Feed
from catalogue.survey import examination, overview, recent, records
from workers import published, sandbox


def run(folder: Path, state: str, base: str, day: date) -> None:
    """Make the overview of a day in a child process and wait for it; where that fails, it is not there afterwards."""
    command = [sys.executable, "-P", "-m", "workers.survey_process", str(folder), state, base, day.isoformat()]
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)


def main(folder: Path, state: str, base: str, day: date | None) -> int:
    """Make what is missing; 0 when it is there, also when the state is gone: then a younger one was published."""
    sandbox.end_with_parent()
    sandbox.leave_network()
    sandbox.restrict(writes=True, awaited=day is not None)
    store = published.opened(folder, state)
    if store is None:
        return 0
    today = day or clock.today()
    if records.overview(folder, state, today) is None:
        records.write_overview(folder, state, overview.take(store, today))
    if day is None:
        _tell_changes(folder, base)
        if records.examination(folder, state) is None:
            records.write_examination(folder, state, examination.examine(store))
        records.finish(folder, state, today)
    store.close()
    return 0


def _tell_changes(folder: Path, base: str) -> None:
    entries = Feed(folder).entries()
    records.forget_changes(folder, frozenset(one.state for one in entries))
    for one in entries:
        if records.change(folder, one.state) is None:
            try:
                records.write_change(folder, one.state, recent.summarise(one.path, base))
            except FileNotFoundError:  # the feed keeps it no longer
                continue


if __name__ == "__main__":
    named = date.fromisoformat(sys.argv[4]) if len(sys.argv) > 4 else None
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], named))
