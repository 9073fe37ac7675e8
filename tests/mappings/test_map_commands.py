"""`chiso map import`, `export` and `check`, as they are typed."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue.settings import Settings
from tests.mappings.import_world import EXTRA, HEAD, document, row
from tests.serving import BASE, folder


class Shell:
    """A data folder and a working directory with documents."""

    def __init__(self, place: Path, settings: Settings) -> None:
        self.place = place
        self.settings = settings

    def write(self, name: str, content: bytes) -> None:
        (self.place / name).write_bytes(content)

    def run(self, *arguments: str, lang: str = "en") -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "CHISO_DATA": str(self.settings.data), "CHISO_BASE_IRI": BASE, "CHISO_LANG": lang}
        command = [sys.executable, "-m", "cli.app", "map", *arguments]
        return subprocess.run(
            command,
            cwd=self.place,
            env={**environment, "PYTHONPATH": str(Path.cwd())},
            capture_output=True,
            text=True,
            timeout=120,
        )


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    settings = folder(tmp_path, EXTRA)
    place = tmp_path / "work"
    place.mkdir()
    yield Shell(place, settings)


GOOD = document(row("tinh:A1", "exactMatch", "nuoc:0101", "accepted"), row("tinh:A2", "closeMatch", "nuoc:0102"))
BAD = document(row("tinh:A3", "closeMatch", "nuoc:0103"), row("tinh:A1", "exactMatch", "nuoc:0107"))


def test_files_are_checked_taken_in_and_given_out(shell: Shell) -> None:
    shell.write("tot.sssom.tsv", GOOD)
    checked = shell.run("check", "tot.sssom.tsv")
    assert checked.returncode == 0, checked.stderr
    assert "2 rows, 0 of them wrong" in checked.stdout
    trial = json.loads(shell.run("import", "tot.sssom.tsv", "--dry-run", "--json").stdout)
    assert (trial[0]["added"], trial[0]["dryRun"]) == (2, True)
    taken = shell.run("import", "tot.sssom.tsv")
    assert taken.returncode == 0 and "2 added" in taken.stdout, taken.stdout + taken.stderr
    again = shell.run("import", "tot.sssom.tsv", "--json")
    assert (json.loads(again.stdout)[0]["unchanged"], json.loads(again.stdout)[0]["changed"]) == (2, False)
    out = shell.run("export", "--status", "accepted", "-o", "ra.csv")
    assert out.returncode == 0 and "1 mappings" in out.stdout
    assert (shell.place / "ra.csv").read_text(encoding="utf-8-sig").count("exactMatch") == 1
    assert shell.run("import", "ra.csv").returncode == 0
    whole = shell.run("export", "--format", "ttl")
    assert whole.returncode == 0 and "owl:Axiom" in whole.stdout


def test_refused_rows_are_told_in_both_languages_and_end_with_one(shell: Shell) -> None:
    shell.write("xau.tsv", BAD)
    shell.write("tot.tsv", GOOD.replace(b"anh-xa", b"bo-hai"))
    checked = shell.run("check", "xau.tsv", "tot.tsv")
    assert checked.returncode == 1 and "xau.tsv, row 11, object_id: The catalogue never had" in checked.stdout
    vietnamese = shell.run("check", "xau.tsv", lang="vi")
    assert "xau.tsv, dòng 11, object_id: Danh mục chưa bao giờ có" in vietnamese.stdout
    taken = shell.run("import", "xau.tsv", "tot.tsv", "--json")
    told = json.loads(taken.stdout)
    assert taken.returncode == 1
    assert [one["row"] for one in told[0]["refused"]] == [11] and told[1]["added"] == 2, "the other file goes in"
    partly = shell.run("import", "xau.tsv", "--partial", "--json")
    assert partly.returncode == 1 and json.loads(partly.stdout)[0]["added"] == 1


def test_metadata_is_found_beside_the_table(shell: Shell) -> None:
    shell.write("bang.sssom.tsv", GOOD[len(HEAD.encode()) :])
    shell.write("bang.sssom.yml", "\n".join(line[1:] for line in HEAD.splitlines()).encode())
    assert shell.run("check", "bang.sssom.tsv").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("check", "khong-co.tsv"), 1, "no file"),
        (("check", "tot.pdf"), 1, "format"),
        (("import", "tot.tsv", "--mark", "sure"), 2, "--mark"),
        (("export", "--set", "khong-co"), 1, "no mapping set"),
        (("export", "--json"), 2, "-o FILE"),
        (("export", "--format", "pdf"), 2, "--format"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said(shell: Shell, arguments: tuple[str, ...], status: int, said: str) -> None:
    shell.write("tot.tsv", GOOD)
    shell.write("tot.pdf", b"%PDF")
    done = shell.run(*arguments)
    assert done.returncode == status and said in done.stderr, done.stdout + done.stderr
