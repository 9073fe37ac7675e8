"""The child process in which `chiso serve` builds: its memory goes back to the machine when the store stands.

It reads one line, the settings, and writes one JSON object per line: what it says, and at the end the report or the
error. It ends when the process that asked ends, however that ends.
"""

import gc
import json
import os
import signal
import sys
import threading
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from catalogue.errors import CatalogueError, told
from catalogue.settings import Settings
from cli import building
from cli.outcome import translated
from workers import sandbox

if TYPE_CHECKING:
    from catalogue.build import BuildReport


def main() -> None:
    """Build what the settings on standard input name."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C goes to both; the parent decides
    sandbox.end_with_parent()  # elsewhere than on Linux `_wait_for_the_end` does it, as soon as the engine lets Python run
    asked = sys.stdin.readline()
    if not asked:
        return  # the parent ended before it could ask
    # Hundreds of thousands of living terms, none of them in a cycle: to look through them again and again takes a fifth of
    # the time of a first build.
    gc.disable()
    given = json.loads(asked)
    threading.Thread(target=_wait_for_the_end, daemon=True).start()
    try:
        report = building.build_here(Settings.read(given), say=lambda line: _tell(said=line))
    except (CatalogueError, OSError) as error:
        _tell(**told(translated(error)))
    except Exception as error:
        if os.environ.get("CHISO_TRACE") == "1":
            raise
        _tell(**told(translated(error)))
    else:
        _tell(report=asdict(report))


def request(settings: Settings) -> str:
    """The settings as the line that the child reads."""
    return json.dumps(settings.told()) + "\n"


def report_of(given: dict[str, Any]) -> "BuildReport":
    """The report that the child wrote."""
    from catalogue.build import BuildReport
    from catalogue.sources import Problem

    def read(name: str, value: Any) -> Any:
        if name in ("rejected", "conflicts"):
            return tuple(Problem(**problem) for problem in value)
        return tuple(value) if isinstance(value, list) else value

    return BuildReport(**{name: read(name, value) for name, value in given.items()})


def _tell(**what: Any) -> None:
    print(json.dumps(what, default=str), flush=True)


def _wait_for_the_end() -> None:
    """Standard input ends when the parent does."""
    os.read(sys.stdin.fileno(), 1)  # not through `sys.stdin`, whose lock would trouble the end of the interpreter
    os._exit(1)


if __name__ == "__main__":
    main()
