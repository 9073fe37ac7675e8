"""What only the embedded stores promise: durability, one writer, checkpoints, and sentences for a machine's troubles."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from catalogue.errors import Defect, Invalid, Unavailable
from catalogue.store.embedded import open_disk, open_memory, open_read_only
from catalogue.store.folder import WriterLock
from catalogue.store.hold import Hold, let_go
from catalogue.store.port import Change

G = NamedNode("https://chiso.example/graph/a.confirmed")
P = NamedNode("https://w3id.org/chiso/ns#p")


def quads(value: str, count: int = 10) -> list[Quad]:
    return [Quad(NamedNode(f"https://chiso.example/id/thing/{i}"), P, Literal(value), G) for i in range(count)]


def values(path: Path) -> list[str]:
    store = open_disk(path)
    try:
        return sorted(str(t.object.value) for t in store.graph(G) if isinstance(t.object, Literal))
    finally:
        store.close()


def test_a_change_is_there_after_opening_again(tmp_path: Path) -> None:
    store = open_disk(tmp_path / "store")
    store.apply(Change(add=quads("a")))
    store.close()
    assert values(tmp_path / "store") == ["a"] * 10


def test_a_checkpoint_keeps_its_state_and_refuses_writes(tmp_path: Path) -> None:
    store = open_disk(tmp_path / "store")
    store.apply(Change(add=quads("a")))
    store.checkpoint(tmp_path / "copy")
    store.apply(Change(clear=[G]))
    copy = open_read_only(tmp_path / "copy")
    assert len(copy.graph(G)) == 10
    with pytest.raises(Defect):
        copy.apply(Change(clear=[G]))
    with pytest.raises(Invalid, match="exists"):
        store.checkpoint(tmp_path / "copy")


def test_a_checkpoint_that_is_read_is_not_removed(tmp_path: Path) -> None:
    store = open_disk(tmp_path / "store")
    store.apply(Change(add=quads("a")))
    store.checkpoint(tmp_path / "copy")
    first, second = open_read_only(tmp_path / "copy"), open_read_only(tmp_path / "copy")
    assert not let_go(tmp_path / "copy")
    first.close()
    assert not let_go(tmp_path / "copy")
    assert len(second.graph(G)) == 10
    del second  # nobody closes a published state: it goes with the last request
    assert let_go(tmp_path / "copy")
    assert [path.name for path in tmp_path.iterdir()] == ["store"]
    with pytest.raises(Unavailable, match="damaged or missing"):
        open_read_only(tmp_path / "copy")


def test_a_reader_who_comes_while_a_folder_is_removed_finds_it_gone(tmp_path: Path) -> None:
    import fcntl

    folder = tmp_path / "state"
    folder.mkdir()
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(FileNotFoundError):
            Hold(folder)
        fcntl.flock(handle, fcntl.LOCK_UN)
        Hold(folder).release()
    finally:
        os.close(handle)


def test_a_second_store_in_this_process_is_told_so(tmp_path: Path) -> None:
    store = open_disk(tmp_path / "store")
    with pytest.raises(Unavailable, match="this process"):
        open_disk(tmp_path / "store")
    store.close()
    open_disk(tmp_path / "store").close()


HOLD = """
import sys, time
from pathlib import Path
from catalogue.store.embedded import open_disk
from catalogue.store.folder import WriterLock
from catalogue.store.hold import Hold, let_go
lock = WriterLock(Path(sys.argv[1]))
store = open_disk(Path(sys.argv[1]) / "store")
print("held", flush=True)
time.sleep(60)
"""


def test_a_second_process_is_told_which_folder_who_holds_it_and_what_to_do(tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        with pytest.raises(Unavailable) as caught:
            WriterLock(tmp_path)
        assert str(tmp_path) in caught.value.vi and f"PID {holder.pid}" in caught.value.vi
        assert "Stop “chiso serve”" in caught.value.en
        with pytest.raises(Unavailable, match="held for writing by another process"):
            open_disk(tmp_path / "store")
    finally:
        holder.kill()
        holder.communicate()
    WriterLock(tmp_path).release()  # a killed process holds nothing
    open_disk(tmp_path / "store").close()


WRITE = """
import sys
from pathlib import Path
from catalogue.store.embedded import open_disk
from catalogue.store.port import Change
from tests.contract.test_embedded import G, quads
store = open_disk(Path(sys.argv[1]))
for turn in range(10_000):
    store.apply(Change(clear=[G], add=quads(str(turn), 300)))
    print(turn, flush=True)
"""


@pytest.mark.parametrize("wait", [0.0, 0.05, 0.2])
def test_kill_9_loses_nothing_acknowledged_and_leaves_nothing_half_written(tmp_path: Path, wait: float) -> None:
    path = tmp_path / "store"
    writer = subprocess.Popen([sys.executable, "-c", WRITE, str(path)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    writer.stdout.readline()
    time.sleep(wait)
    writer.send_signal(signal.SIGKILL)
    acknowledged = [0, *(int(line) for line in writer.stdout.read().splitlines() if line.isdigit())][-1]
    writer.wait()
    writer.stdout.close()
    found = values(path)
    assert len(found) == 300 and len(set(found)) == 1
    assert int(found[0]) >= acknowledged


FILL = """
import resource, signal, sys
from pathlib import Path
from catalogue.errors import Invalid, Unavailable
from catalogue.store.embedded import open_disk
from catalogue.store.port import Change
from tests.contract.test_embedded import G, quads
store = open_disk(Path(sys.argv[1]))
store.apply(Change(add=quads("kept")))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    store.apply(Change(clear=[G], add=quads("lost" * 100, 5_000)))
except Unavailable as error:
    print(error.vi)
"""


def test_a_full_disk_is_said_and_the_old_content_stays(tmp_path: Path) -> None:
    """The kernel's limit on the size of a file stands for a full disk: the engine gets the same kind of error."""
    done = subprocess.run(
        [sys.executable, "-c", FILL, str(tmp_path / "store")], capture_output=True, text=True, check=True
    )
    assert "Hết dung lượng đĩa" in done.stdout and str(tmp_path) in done.stdout
    assert values(tmp_path / "store") == ["kept"] * 10


def test_damaged_files_and_a_missing_checkpoint_are_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="chiso restore"):
        open_read_only(tmp_path / "absent")
    store = open_disk(tmp_path / "store")
    store.apply(Change(add=quads("a")))
    store.close()
    (tmp_path / "store" / "CURRENT").write_text("nonsense\n")
    with pytest.raises(Unavailable, match="chiso restore") as caught:
        open_disk(tmp_path / "store")
    assert "CURRENT" not in caught.value.vi and caught.value.details["reason"]  # the engine's own words


@pytest.mark.parametrize(
    ("query", "place"),
    [("SELECT * WHERE { ?s ?p", (1, 23)), ("SELECT *\nWHERE { ?s foo:a ?o }", (2, 17)), ("SELEC", (1, 6))],
)
def test_a_malformed_query_is_told_in_one_line_with_its_place(query: str, place: tuple[int, int]) -> None:
    with pytest.raises(Invalid) as caught:
        open_memory().select(query)
    line, column = place
    assert f"dòng {line}, cột {column}" in caught.value.vi
    assert "\n" not in caught.value.vi and len(caught.value.vi) < 120


def test_memory_can_be_filled_when_made() -> None:
    assert len(open_memory(quads("a")).graph(G)) == 10
