"""A file of a stranger, read in a process of its own within CHISO_TABLE_SECONDS and …_MEMORY; this blocks."""

import os
import stat
import time
from pathlib import Path

from catalogue.errors import LimitReached, NotFound, TimedOut, TooLarge, Unavailable, printable, raised
from catalogue.settings import Settings
from workers.channel import Closed, Head, receive, send
from workers.child import Child
from workers.reading_process import OUT_OF_MEMORY


def contents(path: Path, most: int, limit: str) -> bytes:
    """The bytes of a file, at most `most` of them, as the setting `limit` says. What is no file is not waited for.

    Raises `NotFound`, `TooLarge`, and `OSError` for a file that may not be read.
    """
    named, details = printable(str(path)), {"file": str(path)}
    try:
        # A pipe would be waited for until somebody writes into it.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound(f"Không có tệp {named}.", f"There is no file {named}.", details=details) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotFound(
            f"Không có tệp {named}: đó là thư mục, ống dẫn hoặc thiết bị. Hãy nêu một tệp.",
            f"There is no file {named}: it is a directory, a pipe or a device. Name a file.",
            details=details,
        )
    with os.fdopen(descriptor, "rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise too_large(printable(path.name), most, limit)
    return content


def too_large(file: str, most: int, limit: str) -> TooLarge:
    """The error for a file of more bytes than the setting `limit` allows."""
    return TooLarge(
        f"{file}: tệp lớn hơn {most:,} byte ({limit}). Hãy chia nhỏ tệp.",
        f"{file}: the file has more than {most:,} bytes ({limit}). Split it.",
        details={"limit": limit, "value": most},
    )


def asked(module: str, head: Head, content: bytes, file: str, settings: Settings) -> bytes:
    """What the child `module` makes of `content`. `file`: what it is called in errors.

    Raises what the child raises, `LimitReached`, `TimedOut`, and `Unavailable` for a child that ended by itself.
    """
    child = Child(module)
    ends = time.monotonic() + settings.table_seconds
    try:
        child.connection.settimeout(settings.table_seconds)
        send(child.connection, {**head, "settings": settings.told()}, content)
        answer, body = receive(child.connection)
    except Closed:
        late = time.monotonic() >= ends
        child.kill()
        raise _died(child.reap(), late, file, settings) from None
    finally:
        child.kill()
        child.reap()
    if "error" in answer:
        raise raised(answer)
    return bytes(body)


def _died(status: int, late: bool, file: str, settings: Settings) -> LimitReached | TimedOut | Unavailable:
    """Why a process that read a file ended without an answer, as an error: `status` as `Child.reap` gives it."""
    if late or status in (-24, -14):  # SIGXCPU, SIGALRM
        return TimedOut(
            f"{file}: đọc quá {settings.table_seconds:g} giây (CHISO_TABLE_SECONDS). Hãy chia nhỏ tệp.",
            f"{file}: reading it took more than {settings.table_seconds:g} seconds (CHISO_TABLE_SECONDS). Split it.",
            details={"limit": "CHISO_TABLE_SECONDS", "value": settings.table_seconds},
        )
    if status == OUT_OF_MEMORY or status < 0:
        return LimitReached(
            f"{file}: đọc tệp này cần nhiều hơn {settings.table_memory:,} byte bộ nhớ (CHISO_TABLE_MEMORY), hoặc tệp hỏng. "
            "Hãy xoá các dòng, cột trống ở cuối và lưu lại.",
            f"{file}: reading it takes more than {settings.table_memory:,} bytes of memory (CHISO_TABLE_MEMORY), or it is "
            "damaged. Delete the empty rows and columns at its end and save it again.",
            details={"limit": "CHISO_TABLE_MEMORY", "value": settings.table_memory},
        )
    return Unavailable(
        f"{file}: tiến trình đọc bảng đã dừng (mã {status}). Hãy thử lại.",
        f"{file}: the process that reads tables ended ({status}). Try again.",
    )
