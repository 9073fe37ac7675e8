"""The servers that are measured: ours over a synthetic store, and a bare FastAPI route that returns the same bytes.

    python -m benchmarks.server --data DIR --port N
    python -m benchmarks.server --bare DIR --port N      (DIR holds one file per route)

Both run in the uvicorn configuration of `chiso serve`. The first differs from it in one thing: the shipped graph is not
brought up to date, because a synthetic store holds none of it.
"""

import argparse
import contextlib
from pathlib import Path
from typing import Any

from catalogue.settings import Settings
from cli import serve


def bare(directory: Path) -> Any:
    """A FastAPI application with one synchronous route per file, which returns the file's bytes."""
    from fastapi import FastAPI
    from starlette.responses import Response

    app = FastAPI(openapi_url=None)

    def add(name: str, body: bytes) -> None:
        @app.get(f"/{name}")
        def read() -> Response:
            return Response(body, media_type="application/json")

    for path in directory.iterdir():
        add(path.name, path.read_bytes())
    return app


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path)
    parser.add_argument("--bare", type=Path)
    parser.add_argument("--base", default=Settings().base_iri)
    parser.add_argument("--port", type=int, required=True)
    given = parser.parse_args()
    listener = serve.listen("127.0.0.1", given.port)
    app = bare(given.bare) if given.bare else serve.application(Settings(data=given.data, base_iri=given.base))
    serve.run(app, listener, lambda line: print(line, flush=True))


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
