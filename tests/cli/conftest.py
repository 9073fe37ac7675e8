"""The real graph, built once by `chiso serve` itself."""

from pathlib import Path

import pytest

from tests.cli.running import CHISO, Serving, clean_environment, free_port


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory that `chiso serve` has built; nothing writes to it any more."""
    place = tmp_path_factory.mktemp("chiso") / "data"
    command = [CHISO, "serve", "--data", str(place), "--port", str(free_port())]
    with Serving(command, env=clean_environment()) as server:
        line = server.wait_until_ready()
        assert line.startswith("Chỉ Số đang phục vụ tại http://127.0.0.1:")
        assert line.endswith("(Ctrl+C để dừng)")
        # It does not keep what building took: 350 MB.
        status = Path(f"/proc/{server.process.pid}/status")
        if status.exists():
            resident = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS:"))
            assert int(resident.split()[1]) < 150_000, resident
        assert server.stop() == 0
    return place
