"""What `serve`, `load` and a memory store build with: the providers of data that is not Turtle, and where things lie."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from catalogue.errors import Unavailable, raised
from catalogue.settings import Settings
from cli.language import text
from cli.output import progress

if TYPE_CHECKING:
    from catalogue.build import BuildReport
    from catalogue.store.folder import WriterLock
    from catalogue.store.port import Store

WORKER = (sys.executable, "-P", "-m", "cli.build_worker")
"""How the child process is started that builds; `-P`: not with a package of the same name in the working directory."""


def bring_up(
    settings: Settings, *, memory: "Store | None" = None, say: Callable[[str], None] = progress
) -> "BuildReport":
    """Fill an empty store and load changed shipped sources; the administrative units come from their package.

    `memory`: the store to fill where the settings name a memory store. Any other store is built in a child process,
    because a process that has built keeps hundreds of megabytes that a server has no use for.
    """
    if settings.store == "memory":
        return build_here(settings, memory=memory, say=lambda line: say(spoken(line)))
    return _build_in_a_child(settings, say)


def build_here(
    settings: Settings, *, memory: "Store | None" = None, say: Callable[[str], None] = progress
) -> "BuildReport":
    """The same in this process; `say` is given lines in both languages."""
    from catalogue import build
    from loaders.administrative_units import AdministrativeUnits

    return build.bring_up(settings, memory=memory, extra_sources=[AdministrativeUnits()], say=say)


def _build_in_a_child(settings: Settings, say: Callable[[str], None]) -> "BuildReport":
    from cli import build_worker

    child = subprocess.Popen(WORKER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    assert child.stdin is not None and child.stdout is not None  # noqa: S101 - both are pipes
    try:
        child.stdin.write(build_worker.request(settings))
        child.stdin.flush()
        for line in child.stdout:
            told = json.loads(line)
            if "said" in told:
                say(spoken(told["said"]))
            elif "error" in told:
                raise raised(told)
            else:
                return build_worker.report_of(told["report"])
        status = child.wait()
    except BrokenPipeError:
        status = child.wait()
    finally:
        # Told to stop, or done: a build that is killed leaves nothing half-made.
        child.kill()
        child.wait()
        child.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            child.stdin.close()
    raise Unavailable(
        f"Tiến trình dựng kho dừng đột ngột (mã {status}), có thể vì hết bộ nhớ. Kho đang có không bị thay đổi. Hãy giải phóng bộ nhớ rồi chạy lại.",
        f"The process that builds the store stopped abruptly (status {status}), perhaps for want of memory. The store that was there is unchanged. Free some memory and run it again.",
        details={"status": status},
    )


def reader(settings: Settings) -> "Store":
    """The published state; a memory store is built first. Raises `Unavailable` when nothing has been built yet."""
    if settings.store != "memory":
        from catalogue.store.connect import open_reader

        return open_reader(settings)
    from catalogue.store.embedded import open_memory

    memory = open_memory()
    bring_up(settings, memory=memory)
    return memory


@contextmanager
def writing(settings: Settings) -> Iterator["WriterLock | None"]:
    """Hold the right to write to a disk store: while the service runs, no other process changes what it serves.

    None where there is nothing to hold: another kind of store, or a read-only service.
    """
    if settings.store != "disk" or settings.read_only:
        yield None
        return
    from catalogue.store.folder import WriterLock

    lock = WriterLock(settings.data)
    try:
        yield lock
    finally:
        lock.release()


def spoken(line: str) -> str:
    """The half of a bilingual line (`Đang ghi… / Writing…`) in the language of this process."""
    vi, _, en = line.partition(" / ")
    return text(vi, en or vi)


@dataclass(frozen=True, slots=True)
class Published:
    """The published state: its name, when it was made, and where its search index lies (None: in memory)."""

    state: str
    moment: datetime | None = None
    search_directory: Path | None = None


def published(settings: Settings, report: "BuildReport | None" = None) -> Published:
    """What readers of the store see. Other stores than disk have the state that was built at this start."""
    if settings.store == "disk":
        from catalogue.store.folder import Folder

        folder = Folder(settings.data)
        state = folder.state()
        if state is not None:
            record = folder.record(state)
            made = datetime.fromisoformat(record.time) if record else None
            return Published(state, made, settings.data / "search" / state)
    return Published((report and report.state) or f"{settings.store}-{datetime.now(UTC):%Y%m%dT%H%M%S}")
