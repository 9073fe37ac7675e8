"""The verification marks and the bounds of time, in words."""

from datetime import date, timedelta

from cli.language import day, text

_MARKS = {
    "confirmed": text("đã xác nhận", "confirmed"),
    "inferred": text("suy ra", "inferred"),
    "unverified": text("chưa kiểm chứng", "unverified"),
}


def mark(name: str) -> str:
    """A verification mark in words."""
    return _MARKS[name]


def span(valid_from: date | None, valid_to: date | None) -> str | None:
    """A half-open interval as people say it: the end is the last day that still counts."""
    parts = []
    if valid_from:
        parts.append(text(f"từ {day(valid_from)}", f"since {day(valid_from)}"))
    if valid_to:
        last = day(valid_to - timedelta(days=1))
        parts.append(text(f"đến hết {last}", f"until the end of {last}"))
    return " ".join(parts) or None
