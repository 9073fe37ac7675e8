"""A server and all its children, as the kernel sees them (Linux)."""

import contextlib
import threading
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Tree:
    """A moment of a process and its descendants: how many there are, megabytes of their own (anonymous) memory in all and
    of the largest one, and open file descriptors of the first."""

    count: int
    own: float
    largest: float
    descriptors: int

    @staticmethod
    def of(pid: int) -> "Tree":
        """The tree below `pid` as it is now."""
        sizes = []
        waiting = [pid]
        while waiting:
            one = waiting.pop()
            with contextlib.suppress(OSError):  # it ended meanwhile
                status = Path(f"/proc/{one}/status").read_text(encoding="ascii", errors="replace")
                sizes.append(
                    sum(int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon")) / 1024
                )
                for task in Path(f"/proc/{one}/task").iterdir():
                    waiting += [int(child) for child in (task / "children").read_text(encoding="ascii").split()]
        with contextlib.suppress(OSError):
            return Tree(
                len(sizes), sum(sizes), max(sizes, default=0.0), sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
            )
        return Tree(len(sizes), sum(sizes), max(sizes, default=0.0), 0)

    def __str__(self) -> str:
        return f"{self.own:,.0f} MB in {self.count} processes (largest {self.largest:,.0f} MB), {self.descriptors} descriptors"


@dataclass
class Watch:
    """Looks at a tree twice a second, in a thread of its own; `most` is the largest it saw."""

    pid: int
    seen: list[Tree] = field(default_factory=list)
    _ends: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Watch":
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_given: object) -> None:
        self._ends.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ends.wait(0.5):
            self.seen.append(Tree.of(self.pid))

    @property
    def most(self) -> Tree:
        """The moment in which most memory was in use."""
        return max(self.seen, key=lambda tree: tree.own, default=Tree.of(self.pid))
