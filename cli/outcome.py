"""How a command ends: its exit status, and an error as one sentence on standard error.

0 done · 1 the answer is no, or the data is invalid · 2 wrong usage · 3 store or server unavailable
"""

import os
import sys
from typing import Any

from catalogue.errors import Ambiguous, Busy, CatalogueError, Defect, NotOffered, TimedOut, TooSlow, Unavailable
from cli.language import LANGUAGE, text
from cli.output import say

DONE = 0
NO = 1
WRONG_USAGE = 2
UNAVAILABLE = 3


class WrongUsage(CatalogueError):
    """An option or a setting that cannot be used, whatever the data says."""


def status(error: CatalogueError) -> int:
    """The exit status of an error."""
    match error:
        case WrongUsage():
            return WRONG_USAGE
        case Unavailable() | TimedOut() | TooSlow() | Busy() | NotOffered() | Defect():
            return UNAVAILABLE
        case _:
            return NO


def report(error: CatalogueError, *, as_json: bool) -> int:
    """Write the error to standard error, with its candidates if it has some; returns the exit status."""
    if as_json:
        import json

        known = {"kind": error.kind, "vi": error.vi, "en": error.en, "details": error.details}
        print(json.dumps({"error": known}, ensure_ascii=False, default=str), file=sys.stderr)
    else:
        say(error.en if LANGUAGE == "en" else error.vi, sys.stderr)
        if isinstance(error, Ambiguous):
            for candidate in error.details.get("candidates", []):
                say(f"  {_candidate(candidate)}", sys.stderr)
        for line in error.details.get("violations", []):
            say(f"  {line}", sys.stderr)
    return status(error)


def _candidate(candidate: Any) -> str:
    label = candidate.get("label") or candidate["iri"]
    return f"{label}\n    {candidate['iri']}"


def translated(error: BaseException) -> CatalogueError:
    """An error that this program did not foresee, or that the machine raised, as one with a sentence."""
    if isinstance(error, CatalogueError):
        return error
    if isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        reason = error.strerror or type(error).__name__
        return Unavailable(
            f"Hệ điều hành từ chối{where}: {reason}. Dữ liệu đang có không bị thay đổi.",
            f"The operating system refused{where}: {reason}. The data that was there is unchanged.",
        )
    name = type(error).__name__
    return Defect(
        f"Lỗi của chính chương trình ({name}: {error}). Chạy lại với CHISO_TRACE=1 và gửi kết quả cho người phát triển.",
        f"This is an error of the program itself ({name}: {error}). Run it again with CHISO_TRACE=1 and send the output to its developers.",
    )


def usage(message: str, command: str | None) -> int:
    """Say what was wrong in how the command was called, and where its help is."""
    called = f"chiso {command}" if command else "chiso"
    say(text(f"Gọi sai: {message}", f"Wrong usage: {message}"), sys.stderr)
    print(text(f"Xem cách dùng: {called} --help", f"See: {called} --help"), file=sys.stderr)
    return WRONG_USAGE


def silence() -> None:
    """Nobody reads standard output any more (`chiso export | head`): end without a complaint."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
