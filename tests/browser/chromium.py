"""Which Chromium is driven, and how it is started."""

import os
import shutil

_QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def program() -> str | None:
    """The program: `CHISO_CHROMIUM`, else what the system calls chromium."""
    names = (os.environ.get("CHISO_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)


def arguments() -> list[str]:
    """What Chromium is started with; its sandbox does not work for root."""
    return [*_QUIET, "--no-sandbox"] if os.geteuid() == 0 else list(_QUIET)
