"""A file of a stranger, read in a process of its own within CHISO_TABLE_SECONDS and …_MEMORY; this blocks."""

import time

from catalogue.errors import LimitReached, TimedOut, Unavailable, raised
from catalogue.settings import Settings
from workers.channel import Closed, Head, receive, send
from workers.child import Child
from workers.reading_process import OUT_OF_MEMORY


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
