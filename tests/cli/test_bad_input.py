"""What goes wrong: a clear sentence, the right exit status, nothing lost, never a traceback."""

import json
import shutil
import socket
from pathlib import Path

import pytest

from catalogue.errors import Unavailable
from cli import serve
from tests.cli.running import CHISO, Serving, chiso, clean_environment, free_port

EXAMPLE_TTL = """@prefix agency: <https://chiso.example/id/agency/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix cv: <http://data.europa.eu/m8g/> .
agency:thu-nghiem a cv:PublicOrganisation ; skos:prefLabel "Cơ quan thử nghiệm"@vi .
"""


@pytest.mark.parametrize("day", ["31/2/2024", "2024-13-01", "hôm qua", "1066-10-14", ""])
def test_an_impossible_date_is_wrong_usage(data: Path, day: str) -> None:
    done = chiso("owner", "165/KH-UBND", "--as-of", day, "--data", str(data))
    assert (done.returncode, done.stdout) == (2, "")
    assert "ngày" in done.stderr.lower()


def test_an_unknown_thing(data: Path) -> None:
    done = chiso("owner", "không có thứ nào tên như thế", "--data", str(data))
    assert (done.returncode, done.stdout) == (1, "")
    assert "không có thứ nào tên như thế" in done.stderr


def test_an_ambiguous_thing_lists_the_candidates(data: Path) -> None:
    done = chiso("owner", "1012/QĐ-TTg", "--data", str(data))
    assert (done.returncode, done.stdout) == (1, "")
    assert "ngày 3/7/2015" in done.stderr
    assert "ngày 20/9/2024" in done.stderr
    machine = chiso("owner", "1012/QĐ-TTg", "--json", "--data", str(data))
    error = json.loads(machine.stderr)["error"]
    assert error["kind"] == "ambiguous"
    assert len(error["details"]["candidates"]) == 2


def test_an_unknown_role_is_wrong_usage_and_names_the_roles(data: Path) -> None:
    done = chiso("owner", "165/KH-UBND", "--role", "foo", "--data", str(data))
    assert (done.returncode, done.stdout) == (2, "")
    assert "“foo”" in done.stderr and "chu-tri, " in done.stderr


def test_nothing_was_built_yet(tmp_path: Path) -> None:
    for command in (["owner", "x"], ["resolve", "x"], ["export"], ["query", "ASK {}"], ["backup", str(tmp_path / "b")]):
        done = chiso(*command, "--data", str(tmp_path / "none"))
        assert done.returncode == 3, command
        assert "chiso serve" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["owner"],
        ["owner", "x", "--no-such-option"],
        ["nonsense"],
        ["owner", "x", "--store", "cloud"],
        ["owner", "x", "--base-iri", "not-an-iri"],
        ["owner", "x", "--rows", "many"],
        ["owner", "x", "--lang", "fr"],
        ["serve", "--port", "99999"],
        ["lineage", "x", "--to", "y", "--up"],
        ["export", "--format", "docx"],
    ],
)
def test_wrong_usage(arguments: list[str], tmp_path: Path) -> None:
    done = chiso(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip()


def test_a_setting_that_is_no_number(tmp_path: Path) -> None:
    done = chiso("owner", "x", cwd=tmp_path, CHISO_TIMEOUT="soon")
    assert done.returncode == 2
    assert "CHISO_TIMEOUT" in done.stderr


def test_the_port_is_taken(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = chiso("serve", "--data", str(tmp_path / "data"), "--port", str(port), timeout=20)
    assert done.returncode == 3
    assert f"Cổng {port}" in done.stderr
    assert f"--port {port + 1}" in done.stderr
    assert not (tmp_path / "data").exists()  # known before the long build


def test_the_port_is_taken_while_the_store_is_built() -> None:
    """Two processes may bind to one port; the one that listens second is told, and nothing breaks off in silence."""
    slow = serve.listen("127.0.0.1", 0)
    port = slow.getsockname()[1]
    with slow, serve.listen("127.0.0.1", port) as other:
        other.listen()
        with pytest.raises(Unavailable, match=str(port)):
            serve.run(_silent, slow, print)


async def _silent(*_arguments: object) -> None:
    """An application that is never asked."""


def test_a_data_directory_of_another_version(data: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    shutil.copytree(data, old)
    (old / "format.json").write_text(json.dumps({"format": 999, "base": "https://chiso.example/"}), encoding="utf-8")
    for command in (["owner", "165/KH-UBND"], ["serve", "--port", str(free_port())]):
        done = chiso(*command, "--data", str(old))
        assert done.returncode in (1, 3), command
        assert "999" in done.stderr
        assert "chiso export" in done.stderr


def test_another_base_iri_than_the_store_was_made_with(data: Path) -> None:
    done = chiso("owner", "165/KH-UBND", "--data", str(data), "--base-iri", "https://other.example/")
    assert done.returncode == 1
    assert "https://other.example/" in done.stderr
    assert "https://chiso.example/" in done.stderr


def test_broken_turtle_names_file_and_line(data: Path, tmp_path: Path) -> None:
    broken = tmp_path / "hong.confirmed.ttl"
    broken.write_text(EXAMPLE_TTL + "agency:x a ;\n", encoding="utf-8")
    for command in (["load", "--dry-run"], ["validate"]):
        done = chiso(*command, str(broken), "--data", str(data))
        assert done.returncode == 1, done.stderr
        assert "hong.confirmed.ttl" in done.stderr + done.stdout
        assert "dòng 5" in done.stderr + done.stdout


def test_a_source_that_is_not_there(data: Path, tmp_path: Path) -> None:
    done = chiso("load", str(tmp_path / "none.ttl"), "--data", str(data))
    assert done.returncode == 1
    assert "none.ttl" in done.stderr


def test_a_violation_keeps_the_source_out(data: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "sai.ttl"
    wrong.write_text(
        EXAMPLE_TTL.replace('"@vi .', '"@vi ; <https://w3id.org/chiso/ns#validFrom> "hôm qua" .'), encoding="utf-8"
    )
    done = chiso("validate", str(wrong), "--data", str(data))
    assert done.returncode == 1
    assert "thu-nghiem" in done.stdout
    report = chiso("validate", str(wrong), "--report", "--data", str(data))
    assert report.returncode == 1
    assert "sh:ValidationReport" in report.stdout


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("ASK { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 1, "SERVICE"),
        ("ASK { FILTER EXISTS { \\u0053ervice <http://127.0.0.1:1/> { ?s ?p ?o } } }", 1, "SERVICE"),
        ("LOAD <http://127.0.0.1:1/>", 1, "LOAD"),
        ("DROP ALL", 1, "chỉ đọc"),
        ("SELECT * WHERE { ?s ?p", 1, "cú pháp"),
        ("hello", 1, "SPARQL"),
        ("SELECT * " + "{" * 5000 + "}" * 5000, 1, "đơn giản hơn"),
        ("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a", 3, "1 giây"),
    ],
)
def test_queries_that_are_refused(data: Path, query: str, status: int, words: str) -> None:
    done = chiso("query", "-", "--data", str(data), "--timeout", "1", stdin=query)
    assert (done.returncode, done.stdout) == (status, "")
    assert words in done.stderr


def test_a_query_may_speak_of_services(data: Path) -> None:
    query = """PREFIX service: <urn:service> # SERVICE
    ASK { BIND("SERVICE <x>" AS ?service) ?s ?p ?o }"""
    assert chiso("query", query, "--data", str(data)).returncode == 0


def test_the_store_is_locked_while_the_service_runs(data: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.ttl"
    more.write_text(EXAMPLE_TTL, encoding="utf-8")
    command = [CHISO, "serve", "--data", str(data), "--port", str(free_port())]
    with Serving(command, env=clean_environment()) as server:
        server.wait_until_ready()
        second = chiso("serve", "--data", str(data), "--port", str(free_port()))
        assert second.returncode == 3
        assert str(server.process.pid) in second.stderr
        loading = chiso("load", str(more), "--data", str(data))
        assert loading.returncode == 3
        assert "chiso serve" in loading.stderr
        owner = chiso("owner", "165/KH-UBND", "--as-of", "2024-06-30", "--data", str(data))
        assert owner.returncode == 0
        assert server.stop() == 0


def test_a_killed_service_starts_again(data: Path, tmp_path: Path) -> None:
    import signal

    copy = tmp_path / "data"
    shutil.copytree(data, copy)
    command = [CHISO, "serve", "--data", str(copy), "--port", str(free_port())]
    with Serving(command, env=clean_environment()) as server:
        server.wait_until_ready()
        server.stop(signal.SIGKILL)
    with Serving(command, env=clean_environment()) as again:
        again.wait_until_ready()
        assert again.stop(signal.SIGINT) == 0
        assert again.said[-1] != ""


def test_a_build_that_is_killed_leaves_a_clean_start(tmp_path: Path) -> None:
    import signal

    command = [CHISO, "serve", "--data", str(tmp_path / "data"), "--port", str(free_port())]
    with Serving(command, env=clean_environment()) as server:
        server.wait_for("Đang nạp")
        server.stop(signal.SIGKILL)
    done = chiso("owner", "165/KH-UBND", "--data", str(tmp_path / "data"))
    assert done.returncode == 3
    with Serving(command, env=clean_environment()) as again:
        again.wait_until_ready()
        assert again.stop() == 0
    assert chiso("owner", "165/KH-UBND", "--data", str(tmp_path / "data")).returncode == 0


def test_nobody_reads_the_end_of_an_export(data: Path) -> None:
    import subprocess

    writer = subprocess.Popen(
        [CHISO, "export", "--format", "nquads", "--data", str(data)],
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout and writer.stderr
    assert writer.stdout.readline().startswith("<")
    writer.stdout.close()
    assert writer.stderr.read() == ""
    writer.stderr.close()
    assert writer.wait(timeout=60) == 0
