"""What a child process may take and reach: memory, processor time, files, the network.

Everything here acts on the calling process itself. What a system other than Linux cannot do is left out.
"""

import contextlib
import ctypes
import os
import signal
import sys
from pathlib import Path
from typing import Literal

Network = Literal["none", "open"]

_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_NICER = 10


def end_with_parent() -> None:
    """Let the kernel end this process with the thread that started it (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def leave_network() -> Network:
    """Move to a network of its own, in which nothing can be reached: `none`. `open` where the kernel does not allow it.

    Call it before any thread is started: a user namespace takes processes of one thread alone.
    """
    if sys.platform != "linux":
        return "open"
    system = ctypes.CDLL(None, use_errno=True)
    for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET):
        if system.unshare(flags) == 0:
            return "none"
    return "open"


def restrict(*, writes: bool = False, files: int = 1024, awaited: bool = False) -> None:
    """No core dump, at most `files` open files, no file grows unless `writes`, and planners' questions come first, unless
    it is one of them that waits (`awaited`)."""
    _limit("RLIMIT_CORE", 0)
    _limit("RLIMIT_NOFILE", files)
    if not writes:
        _limit("RLIMIT_FSIZE", 0)
        with contextlib.suppress(OSError, ValueError):
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    if not awaited:
        with contextlib.suppress(OSError):
            os.nice(_NICER)


def limit_memory(size: int) -> None:
    """At most `size` bytes of address space beyond what this process has now."""
    present = memory()
    if present is not None:
        _limit("RLIMIT_AS", present + size)


def limit_processor(seconds: float) -> None:
    """At most `seconds` of processor time from now on, rounded up; the kernel then ends this process."""
    if sys.platform != "win32":
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit("RLIMIT_CPU", int(used.ru_utime + used.ru_stime + seconds) + 1)


def memory() -> int | None:
    """Bytes of address space of this process; None where the system does not say."""
    return _pages(0)


def resident_memory() -> int | None:
    """Bytes of this process that are in memory; None where the system does not say."""
    return _pages(1)


def _pages(field: int) -> int | None:
    try:
        return int(Path("/proc/self/statm").read_text().split()[field]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return None


def _limit(name: str, value: int) -> None:
    # The soft limit alone: the next answer of the same process may be allowed more, or less.
    if sys.platform == "win32":
        return
    import resource

    kind = getattr(resource, name, None)
    if kind is None:
        return
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(kind, (value, hard))
