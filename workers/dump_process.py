"""The child process that makes the dumps of one state: `python -m workers.dump_process FOLDER STATE BASE`."""

import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from catalogue import changes, dumping, dumps
from workers import sandbox


def main(folder: Path, state: str, base: str) -> int:
    """Make the dumps; 0 when they are there, also when another process is at it."""
    sandbox.end_with_parent()
    sandbox.leave_network()
    sandbox.restrict(writes=True)

    def unchanged(since: str) -> Collection[str]:
        touched = changes.touched(folder, since, state)
        before = dumps.read(folder, since)
        if touched is None or before is None:
            return ()
        return {one.graph for one in before.graphs} - touched

    with _alone(folder) as first:
        if first:
            dumping.write(folder, state, base, unchanged=unchanged)
    return 0


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """The right to write into `dumps/`, for one process at a time; false where another has it."""
    (folder / "dumps").mkdir(exist_ok=True)
    with (folder / "dumps" / ".lock").open("w") as file:
        if sys.platform != "win32":
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
                return
        yield True


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
