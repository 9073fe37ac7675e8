"""`chiso serve`: build the store if need be, then answer on HTTP until told to stop."""

import errno
import gc
import signal
import socket
import sys
import types
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from catalogue.errors import Unavailable
from cli import building
from cli.language import text
from cli.options import Call, command
from cli.outcome import DONE, WrongUsage

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from catalogue.build import BuildReport
    from catalogue.settings import Settings
    from catalogue.store.folder import WriterLock
    from catalogue.store.port import Store

    Application = Callable[..., Awaitable[None]]

EXAMPLE = "chiso serve --port 8001"
SUMMARY = text("Dựng kho nếu cần rồi phục vụ trên HTTP.", "Build the store if need be, then serve it over HTTP.")

PATIENCE = 5
"""Seconds that requests under way may take when the service is told to stop."""


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

    told(text("Đang kiểm tra kho và các nguồn đi kèm…", "Looking at the store and the shipped sources…"))
    memory = None
    if call.settings.store == "memory":
        from catalogue.store.embedded import open_memory

        memory = open_memory()
    report = building.bring_up(call.settings, memory=memory, say=told)
    for problem in build_prose.problems(report):
        told(problem)
    told(build_prose.summary(report))
    with building.writing(call.settings) as lock:
        run(application(call.settings, report, memory, lock), listener, told)


def application(
    settings: "Settings",
    report: "BuildReport | None" = None,
    memory: "Store | None" = None,
    lock: "WriterLock | None" = None,
) -> "Application":
    """The web service over the state that is published where `settings` say; `lock` is passed on to its writer."""
    from api.app import create_app
    from catalogue.store.connect import open_reader

    published = building.published(settings, report)
    return create_app(
        open_reader(settings, memory),
        settings,
        state=published.state,
        published=published.moment,
        search_directory=published.search_directory,
        folder=settings.data if settings.store == "disk" else None,
        lock=lock,
    )


def run(app: "Application", listener: socket.socket, told: "Callable[[str], None]") -> None:
    """Answer on `listener` until a signal says stop; says so once it answers."""
    import uvicorn

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

    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=PATIENCE
    )
    try:
        # Two processes can bind to a port on which neither listens yet; the second is told here. The event loop would
        # close its socket and say nothing.
        listener.listen(config.backlog)
    except OSError as error:
        raise _refused(host, port, error) from None
    _collect_less()
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
