"""The child process that makes the search index of one state: `python -m workers.index_process FOLDER STATE`.

To make one takes hundreds of megabytes at a million statements, which a process that serves would keep.
"""

import gc
import subprocess
import sys
from pathlib import Path

from catalogue.search import documents
from workers import published, sandbox


def run(folder: Path, state: str) -> None:
    """Make the index in a child process and wait for it; where that fails, it is simply not there afterwards."""
    command = [sys.executable, "-P", "-m", "workers.index_process", str(folder), state]
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)


def main(folder: Path, state: str) -> int:
    """Make the index; 0 when it is there, also when the state is gone: then a younger one was published."""
    sandbox.end_with_parent()
    sandbox.leave_network()
    sandbox.restrict(writes=True)
    gc.disable()  # millions of names, none of them in a cycle, and the process ends with the index
    store = published.opened(folder, state)
    if store is None:
        return 0
    documents.build(store, folder / "search" / state)
    store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
