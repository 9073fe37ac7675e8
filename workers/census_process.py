"""The child process that takes the census of one state: `python -m workers.census_process FOLDER STATE BASE`."""

import sys
from pathlib import Path

from pyoxigraph import DefaultGraph

from catalogue import census
from workers import published, sandbox


def main(folder: Path, state: str, base: str) -> int:
    """Take the census; 0 when it is there, also when the state is gone: then a younger one was published."""
    sandbox.end_with_parent()
    sandbox.leave_network()
    sandbox.restrict(writes=True)
    store = published.opened(folder, state)
    if store is None:
        return 0
    # The default graph is the union of all others, and the engine gives it in the order of subjects.
    everything = store.engine.quads_for_pattern(None, None, None, DefaultGraph())
    census.write(folder, census.take(everything, state, base))
    del everything
    store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
