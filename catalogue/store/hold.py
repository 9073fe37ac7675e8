"""A hold on a published state: while somebody reads it, its files are not removed.

The engine opens many of a state's files only when a question needs them. Were they removed meanwhile, a question that
sorts or joins would not fail: the engine reports the missing file again and again, and collects the reports until the
memory is full. So who opens a state holds it first, with a shared lock on its folder, and `let_go` removes a folder only
when nobody holds it. A hold ends with the object, or with the process.
"""

import contextlib
import errno
import os
import shutil
import sys
from pathlib import Path


class Hold:
    """A hold on `folder`, until `release`. Raises `FileNotFoundError` where the folder is gone, or going."""

    def __init__(self, folder: Path) -> None:
        self._handle = -1
        if sys.platform == "win32":  # where files that are open cannot be removed, nor a folder around them renamed
            return
        import fcntl

        self._handle = os.open(folder, os.O_RDONLY)
        try:
            # A file system without locks gives no hold, and the state can be read all the same.
            _lock(self._handle, fcntl.LOCK_SH)
            if not os.path.samestat(os.fstat(self._handle), folder.stat()):
                raise _gone(folder)
        except BlockingIOError as error:
            self.release()
            raise _gone(folder) from error
        except OSError:
            self.release()
            raise

    def release(self) -> None:
        """Let the folder be removed. A second call does nothing."""
        handle, self._handle = self._handle, -1
        if handle >= 0:
            os.close(handle)

    def __del__(self) -> None:
        self.release()


def let_go(folder: Path) -> bool:
    """Remove `folder` unless somebody holds it, and tell whether it is gone; nobody sees half of it.

    A removal that breaks off leaves a folder whose name begins with a dot. Raises `OSError`.
    """
    gone = folder.with_name(f".{folder.name}")
    if sys.platform == "win32":
        with contextlib.suppress(PermissionError):
            folder.rename(gone)
        if folder.exists():
            return False
    else:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
        try:
            _lock(handle, fcntl.LOCK_EX)
            folder.rename(gone)
        except BlockingIOError:
            return False
        finally:
            os.close(handle)
    shutil.rmtree(gone, ignore_errors=True)
    return True


def _gone(folder: Path) -> FileNotFoundError:
    return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))


def _lock(handle: int, kind: int) -> None:
    """Raises `BlockingIOError` where the lock is taken; passes where the file system knows no locks."""
    if sys.platform != "win32":
        import fcntl

        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            raise
        except OSError:
            pass
