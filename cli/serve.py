"""`chiso serve`: build the store if need be, then answer on HTTP until told to stop."""

import contextlib
import errno
import gc
import ipaddress
import signal
import socket
import sys
import tempfile
import types
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from catalogue.errors import Invalid, Unavailable
from cli import building
from cli.language import text
from cli.options import Call, command
from cli.outcome import DONE, WrongUsage

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    import uvicorn

    from catalogue.build import BuildReport
    from catalogue.settings import Settings
    from catalogue.store.folder import WriterLock

    Application = Callable[..., Awaitable[None]]

EXAMPLE = "chiso serve --port 8001"
SUMMARY = text("Dựng kho nếu cần rồi phục vụ trên HTTP.", "Build the store if need be, then serve it over HTTP.")

PATIENCE = 5
"""Seconds that requests under way may take when the service is told to stop."""

SWITCH_SECONDS = 0.001
"""How long a thread keeps the interpreter while others want it."""

MOST_FILES = 16_384
"""Files and connections that the service asks the system for."""

OTHER_FILES = 400
"""Of them, those left to the stores and the processes beside the service."""


@command
def serve(
    host: Annotated[
        str, typer.Option(metavar="HOST", help=text("địa chỉ lắng nghe", "address to listen on"))
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="PORT", help=text("cổng", "port"))] = 8000,
    *,
    call: Call,
) -> int:
    """An empty data directory is filled from the graph that ships with the package, validated first."""
    if not 0 <= port <= 65535:
        raise WrongUsage(f"Cổng từ 0 đến 65535, nhận được {port}.", f"Ports are 0 to 65535, got {port}.")
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    # Taken before the long build, so that a taken port is known at once.
    listener = listen(host, port)
    told = _json_line if call.as_json else _line
    try:
        _bring_up_and_answer(call, listener, told)
    except KeyboardInterrupt:
        told(text("Đã dừng.", "Stopped."))
    finally:
        listener.close()
    return DONE


def _bring_up_and_answer(call: Call, listener: socket.socket, told: "Callable[[str], None]") -> None:
    from cli import build_prose

    with _on_disk(call.settings) as settings:
        report = None
        if not settings.read_only or settings is not call.settings:
            told(text("Đang kiểm tra kho và các nguồn đi kèm…", "Looking at the store and the shipped sources…"))
            report = building.bring_up(settings, say=told)
            for problem in build_prose.problems(report):
                told(problem)
            told(build_prose.summary(report))
        if settings.read_only:
            told(text("Chỉ đọc: không nhận thay đổi nào.", "Read-only: no change is taken."))
            run(application(settings, report), listener, told, settings.trusted_proxies)
            return
        with building.writing(settings) as lock:
            run(application(settings, report, lock), listener, told, settings.trusted_proxies)


@contextmanager
def _on_disk(settings: "Settings") -> "Iterator[Settings]":
    """The settings; a memory store is kept in a temporary folder, so that it offers everything a folder does."""
    if settings.store != "memory":
        yield settings
        return
    with tempfile.TemporaryDirectory(prefix="chiso-") as scratch:
        yield settings.with_options(store="disk", data=Path(scratch) / "data")


def application(
    settings: "Settings", report: "BuildReport | None" = None, lock: "WriterLock | None" = None
) -> "Application":
    """The web service over the state that is published where `settings` say; `lock` is passed on to its writer."""
    from api.app import create_app
    from catalogue.store.connect import open_reader

    published = building.published(settings, report)
    return create_app(
        open_reader(settings),
        settings,
        state=published.state,
        published=published.moment,
        search_directory=published.search_directory,
        folder=settings.data if settings.store == "disk" else None,
        lock=lock,
    )


def configuration(app: "Application", trusted_proxies: str = "") -> "uvicorn.Config":
    """How the server is run. X-Forwarded-Proto and X-Forwarded-For are believed from `trusted_proxies` (addresses and
    networks, separated by commas) alone, whatever the environment of the server says. Raises `Invalid` for others.
    """
    import uvicorn

    from api.connections import bounded

    trusted = [one.strip() for one in trusted_proxies.split(",") if one.strip()]
    for one in trusted:
        try:
            ipaddress.ip_network(one)
        except ValueError:
            raise Invalid(
                f"CHISO_TRUSTED_PROXIES phải là các địa chỉ IP hoặc dải mạng, cách nhau bằng dấu phẩy (10.0.0.5, 10.1.0.0/16), nhận được “{one}”.",
                f"CHISO_TRUSTED_PROXIES must be IP addresses or networks, separated by commas (10.0.0.5, 10.1.0.0/16), got “{one}”.",
                details={"setting": "CHISO_TRUSTED_PROXIES", "value": one},
            ) from None
    return uvicorn.Config(
        app,
        http=bounded(max(64, _descriptors() - OTHER_FILES)),
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(trusted),
        forwarded_allow_ips=trusted,
        timeout_graceful_shutdown=PATIENCE,
    )


def _descriptors() -> int:
    """How many files and connections this process may have open: as many as the system allows it."""
    if sys.platform == "win32":
        return 512
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def run(app: "Application", listener: socket.socket, told: "Callable[[str], None]", trusted_proxies: str = "") -> None:
    """Answer on `listener` until a signal says stop; says so once it answers."""
    import uvicorn

    config = configuration(app, trusted_proxies)

    host, port = listener.getsockname()[:2]
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    class Announcing(uvicorn.Server):
        """Says that it serves once it does."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            told(
                text(
                    f"Chỉ Số đang phục vụ tại http://{address} (Ctrl+C để dừng)",
                    f"Chỉ Số is serving at http://{address} (Ctrl+C to stop)",
                )
            )

    try:
        # Two processes can bind to a port on which neither listens yet; the second is told here. The event loop would
        # close its socket and say nothing.
        listener.listen(config.backlog)
    except OSError as error:
        raise _refused(host, port, error) from None
    _collect_less()
    # A thread at work is asked to stand back after this time, not after 5 ms: each step of a request may wait for it.
    sys.setswitchinterval(SWITCH_SECONDS)
    Announcing(config).run(sockets=[listener])


def _collect_less() -> None:
    """What is loaded by now stays: leave it out of garbage collection, and collect more rarely.

    Answers make many small records without cycles; with the default threshold the collector walks through all that the
    published state remembers again and again, which was half of the time of a large answer.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to the address. Raises `Unavailable` when the port is taken or the address is not ours."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        if sys.platform != "win32":  # where the same option would share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        raise _refused(host, port, error) from None
    return listener


def _refused(host: str, port: int, error: OSError) -> Unavailable:
    details = {"host": host, "port": port}
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else 8000
        return Unavailable(
            f"Cổng {port} đang có chương trình khác dùng. Hãy chọn cổng khác, ví dụ: chiso serve --port {other}",
            f"Port {port} is taken by another program. Choose another one, for example: chiso serve --port {other}",
            details=details,
        )
    if error.errno == errno.EACCES:
        return Unavailable(
            f"Không có quyền dùng cổng {port}. Hãy chọn cổng từ 1024 trở lên, ví dụ: chiso serve --port 8000",
            f"No permission to use port {port}. Choose one from 1024 up, for example: chiso serve --port 8000",
            details=details,
        )
    return Unavailable(
        f"Không lắng nghe được tại {host}:{port} ({error.strerror}). Hãy chọn địa chỉ khác bằng --host.",
        f"Cannot listen on {host}:{port} ({error.strerror}). Choose another address with --host.",
        details=details,
    )


def _line(sentence: str) -> None:
    print(sentence, flush=True)


def _json_line(sentence: str) -> None:
    import json

    print(json.dumps({"said": sentence}, ensure_ascii=False), flush=True)


def _stop(_signal: int, _frame: types.FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
