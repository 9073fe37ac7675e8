"""Files that are none, or that have names and texts made for a terminal, on the command line; and files that are written."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from catalogue.errors import NotFound
from catalogue.settings import Settings
from cli.output import keep
from tests.mappings.import_world import EXTRA, document, row
from tests.serving import BASE, folder
from workers import reading, tables

ROWS = document(row("tinh:A1", "closeMatch", "nuoc:0101"))
ANNEX = ("load", "FILE", "--as", "annex", "--set", "thu-2026", "--source", "thử", "--title", "Thử", "--dry-run")
COMMANDS = {
    "check": ("map", "check", "FILE", "--format", "tsv"),
    "import": ("map", "import", "FILE", "--format", "tsv"),
    "translate": ("map", "translate", "FILE", "--column", "A", "--to", "nuoc"),
    "suggest": ("map", "suggest", "FILE", "--column", "A", "--to", "nuoc"),
    "load": ANNEX,
}
CLEAR = "\x1b[2J\x07\u202e\u009b2J\n"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return folder(tmp_path_factory.mktemp("files"), EXTRA)


def chiso(settings: Settings, place: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    variables = {"CHISO_DATA": str(settings.data), "CHISO_BASE_IRI": BASE, "CHISO_LANG": "en"}
    return subprocess.run(
        [sys.executable, "-m", "cli.app", *arguments],
        cwd=place,
        env={**os.environ, **variables, "PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        text=True,
        timeout=20,
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_what_is_no_file_or_is_named_for_a_terminal_is_told_in_a_sentence(
    settings: Settings, tmp_path: Path, name: str
) -> None:
    odd = f"a{CLEAR}b.csv"
    os.mkfifo(tmp_path / odd)
    piped = chiso(settings, tmp_path, *(odd if one == "FILE" else one for one in COMMANDS[name]))
    assert piped.returncode == 1 and "a pipe or a device" in piped.stderr, piped.stderr
    assert "a\\x1b[2J\\x07\\u202e\\x9b2J\\nb.csv" in piped.stderr
    (tmp_path / odd).unlink()
    (tmp_path / odd).write_bytes(b"")
    empty = chiso(settings, tmp_path, *(odd if one == "FILE" else one for one in COMMANDS[name]))
    assert empty.returncode == 1 and "\\nb.csv" in empty.stdout + empty.stderr, empty
    for done in (piped, empty):
        assert not set("\x1b\x07\u202e\u009b") & set(done.stdout + done.stderr)
        assert "Traceback" not in done.stderr and "error of the program" not in done.stderr


def test_only_whole_files_of_a_disk_are_read(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe")
    for path in (Path("/dev/zero"), tmp_path, tmp_path / "pipe", tmp_path / "link"):
        began = time.monotonic()
        with pytest.raises(NotFound, match="Name a file"):
            reading.contents(path, 100, "CHISO_TABLE_BYTES")
        assert time.monotonic() - began < 20  # it would wait for ever
    with pytest.raises(NotFound, match="There is no file"):
        tables.contents(tmp_path / "pipe" / "below.csv", Settings())


def test_a_file_that_may_not_be_read_is_told(settings: Settings, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("the administrator may read everything")
    (tmp_path / "x.tsv").write_bytes(ROWS)
    (tmp_path / "x.tsv").chmod(0)
    done = chiso(settings, tmp_path, "map", "check", "x.tsv")
    assert done.returncode == 3 and "refused (x.tsv)" in done.stderr


def test_codes_that_clear_a_screen_are_told_and_do_not(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("Mã,Tên\nA1,a\n\x1b[2J9,b\n\u202e8,c\n", encoding="utf-8")
    done = chiso(settings, tmp_path, "map", "translate", "x.csv", "--column", "Mã", "--to", "nuoc")
    assert done.returncode == 1 and "8" in done.stdout, done.stderr
    assert not set("\x1b\u202e") & set(done.stdout + done.stderr)


def test_a_file_is_kept_wholly_under_a_name_nobody_foresees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    victim, place = tmp_path / "victim", tmp_path / "x.csv"
    victim.write_bytes(b"kept")
    for foreseen in (f".x.csv.{os.getpid()}", "x.csv.part", f".chiso-{'0' * 16}"):
        (tmp_path / foreseen).symlink_to(victim)
    keep(place, b"new")
    assert place.read_bytes() == b"new" and place.stat().st_mode & 0o777 == 0o666 & ~_umask()
    monkeypatch.setattr("secrets.token_hex", lambda size: "0" * 2 * size)
    with pytest.raises(FileExistsError, match=r"x\.csv"):  # even one that was foreseen is not followed
        keep(place, b"evil")
    monkeypatch.undo()
    place.unlink()
    place.symlink_to(victim)
    keep(place, b"new")
    assert victim.read_bytes() == b"kept" and not place.is_symlink()
    before = sorted(tmp_path.iterdir())
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder"):
        keep(tmp_path / "folder", b"x")
    with pytest.raises(FileNotFoundError, match=r"none/x\.csv"):
        keep(tmp_path / "none" / "x.csv", b"x")
    assert sorted(tmp_path.iterdir()) == sorted([*before, tmp_path / "folder"])


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
