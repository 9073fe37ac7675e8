"""`chiso map coverage`, `conflicts` and `list` over a data folder: tables, CSV for Excel, JSON, exit statuses, languages."""

import csv
import io
import json
import subprocess

import pytest

from tests.cli.running import CHISO, chiso, clean_environment
from tests.mappings.review_world import BASE, mapping, trig
from tests.serving import folder

SCHEMES = ("indicator-set:dia-phuong", "--to", "indicator-set:quoc-gia")


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """The options that name a data folder with two mappings, one of which has run out."""
    extra = trig(
        mapping("1", "l1", "exactMatch", "n1", more='sssom:comment "=1+1" ;'),
        mapping("2", "l2", "broadMatch", "n2", more='chiso:validTo "2026-01-01"^^xsd:date ;'),
    )
    settings = folder(tmp_path_factory.mktemp("map"), extra)
    return "--data", str(settings.data), "--base-iri", BASE


def test_coverage_is_a_line_a_row_and_says_below_what_is_known_in_part(options: tuple[str, ...]) -> None:
    done = chiso("map", "coverage", *SCHEMES, "--as-of", "2026-03-01", *options)
    assert done.returncode == 0, done.stderr
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert [line[4:7] for line in lines] == [["9", "1", "1"], ["6", "1", "1"]]
    assert "6 trong 230" in done.stderr
    english = chiso("map", "coverage", *SCHEMES, "--as-of", "2025-12-31", "--lang", "en", *options)
    assert "6 of the 230" in english.stderr
    assert english.stdout.splitlines()[0].split("\t")[5] == "2"


def test_the_codes_without_a_counterpart_are_listed_as_csv(options: tuple[str, ...]) -> None:
    command = [
        CHISO,
        "map",
        "coverage",
        *SCHEMES,
        "--unmapped",
        "--csv",
        "--limit",
        "3",
        "--as-of",
        "2026-03-01",
        *options,
    ]
    done = subprocess.run(command, capture_output=True, env=clean_environment(), check=True)
    assert done.stdout.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode("utf-8-sig"))))
    assert [row["mã"] for row in rows] == ["L2", "L3", "L4"]
    assert "10 dòng nữa" in done.stderr.decode()


def test_by_locality_and_as_json(options: tuple[str, ...]) -> None:
    done = chiso("map", "coverage", "--to", SCHEMES[2], "--by", "locality", "--as-of", "2026-03-01", "--json", *options)
    rows = json.loads(done.stdout)["rows"]
    assert {row["locality"]["kind"] for row in rows if row["side"] == "to"} == {"area", "unknown"}


def test_conflicts_end_with_1_and_say_what_to_do(options: tuple[str, ...]) -> None:
    done = chiso("map", "conflicts", "--as-of", "2026-03-01", "--kind", "expired", "--lang", "en", *options)
    assert done.returncode == 1
    assert "no decision follows it" in done.stdout
    none = chiso("map", "conflicts", "--as-of", "2025-12-31", "--kind", "expired", *options)
    assert (none.returncode, none.stdout) == (0, "")


def test_the_mappings_of_a_thing(options: tuple[str, ...]) -> None:
    done = chiso("map", "list", "indicator:n1", "--csv", *options)
    assert done.returncode == 0, done.stderr
    [row] = csv.DictReader(io.StringIO(done.stdout.removeprefix("\ufeff")))
    assert (row["mã kia"], row["người duyệt"], row["ghi chú"]) == ("L1", "Trần B", "'=1+1")
    assert chiso("map", "list", "indicator:n5", *options).returncode == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("map", "coverage", "--by", "province"),
        ("map", "coverage", "--as-of", "31/2/2026"),
        ("map", "conflicts", "--days", "0"),
    ],
)
def test_wrong_usage_ends_with_2(options: tuple[str, ...], arguments: tuple[str, ...]) -> None:
    done = chiso(*arguments, *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr
