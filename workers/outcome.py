"""What a visitor is told about a query that gave no answer: which limit, its value, and what to do."""

import logging
import signal
from typing import Any

from catalogue.errors import BadRequest, CatalogueError, Defect, LimitReached, TimedOut, Unavailable, raised
from catalogue.sparql_faults import malformed, unfulfilled
from catalogue.sparql_hints import hints
from workers.channel import Head
from workers.task import Limits, Task

log = logging.getLogger("chiso.workers")


def refused(head: Head, task: Task) -> CatalogueError:
    """The error for a head with `error`, as `workers.sparql_worker` sends it."""
    if head["error"] == "syntax":
        told = malformed(head["message"], task.query)
        return BadRequest(told.vi, told.en, details=told.details)
    if head["error"] == "form":
        return raised(head["told"])
    if head["error"] == "limit":
        return beyond(head["limit"], task.limits, task.query)
    if (told_why := unfulfilled(head["message"])) is not None:
        return told_why
    log.error("a query failed: %s", head["message"])
    return Defect("Truy vấn gặp lỗi trong kho dữ liệu.", "The query met a fault in the store.")


def ended(status: int, task: Task) -> CatalogueError:
    """The error for a process that ended with `status` while it worked on `task`."""
    log.info(
        "a process that answered a query ended with status %s", status
    )  # its limits do that, at any visitor's will
    if status == -signal.SIGSEGV:
        return LimitReached(
            "Truy vấn lồng quá sâu để tính được. Hãy viết phẳng hơn hoặc chia thành nhiều truy vấn.",
            "The query is nested too deeply to be evaluated. Write it flatter, or divide it into several queries.",
            details={"limit": "CHISO_QUERY_DEPTH"},
        )
    if status == -_signal("SIGXCPU"):
        return timed_out(task)
    if status in (-signal.SIGABRT, -_signal("SIGKILL"), -_signal("SIGBUS")):
        return beyond("memory", task.limits, task.query)
    return Unavailable(
        "Tiến trình trả lời truy vấn dừng đột ngột. Hãy hỏi lại.",
        "The process that answered the query stopped abruptly. Ask again.",
    )


def timed_out(task: Task) -> TimedOut:
    """The error for a query that took too long."""
    limit, seconds = f"{task.limits.settings}_SECONDS", task.limits.seconds
    vi, en = _advice(task.query)
    return TimedOut(
        f"Truy vấn chạy quá {seconds:g} giây ({limit}) nên đã bị dừng. {vi}",
        f"The query ran longer than {seconds:g} seconds ({limit}) and was stopped. {en}",
        details=_details(limit, seconds, task.query),
    )


def beyond(what: str, limits: Limits, query: str) -> LimitReached:
    """The error for an answer of too many `rows` or `bytes`, or one that needs too much `memory`."""
    limit, value = f"{limits.settings}_{what.upper()}", getattr(limits, what)
    if what == "memory":
        vi, en = _advice(query)
        return LimitReached(
            f"Truy vấn cần nhiều bộ nhớ hơn mức cho phép ({limit} = {value} byte). {vi}",
            f"The query needs more memory than it may ({limit} = {value} bytes). {en}",
            details=_details(limit, value, query),
        )
    unit_vi, unit_en = ("dòng", "rows") if what == "rows" else ("byte", "bytes")
    return LimitReached(
        f"Kết quả có hơn {value} {unit_vi} ({limit}). Hãy hỏi hẹp hơn, lấy từng phần bằng ORDER BY, LIMIT và OFFSET, hoặc tải toàn bộ dữ liệu từ /dumps.",
        f"The answer has more than {value} {unit_en} ({limit}). Ask for less, take it in parts with ORDER BY, LIMIT and OFFSET, or get all data from /dumps.",
        details={"limit": limit, "value": value},
    )


def _advice(query: str) -> tuple[str, str]:
    found = hints(query) or [("Hãy hỏi hẹp hơn.", "Ask for less.")]
    return " ".join(vi for vi, _ in found), " ".join(en for _, en in found)


def _details(limit: str, value: float, query: str) -> dict[str, Any]:
    return {"limit": limit, "value": value, "hints": [{"vi": vi, "en": en} for vi, en in hints(query)]}


def _signal(name: str) -> int:
    return int(getattr(signal, name, 0))
