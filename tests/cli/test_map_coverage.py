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


def test_coverage_is_a_statement_that_fits_the_terminal_and_says_what_is_known_in_part(
    options: tuple[str, ...],
) -> None:
    done = chiso("map", "coverage", *SCHEMES, "--as-of", "2026-03-01", *options, COLUMNS="80")
    assert done.returncode == 0, done.stderr
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "     1  đã có mã tương ứng: 1 trùng" in done.stdout
    assert "chiso map suggest --from dia-phuong --to quoc-gia -o goi-y.xlsx" in done.stdout
    assert "6 trong 230" in " ".join(done.stdout.split())
    english = chiso("map", "coverage", *SCHEMES, "--as-of", "2025-12-31", "--lang", "en", *options)
    assert "     2  mapped: 1 exactly, 1 to a broader code" in english.stdout
    assert "What to do next:" in english.stdout


def test_coverage_of_many_lists_or_groups_is_a_line_each_with_titles(options: tuple[str, ...]) -> None:
    every = chiso("map", "coverage", "--as-of", "2026-03-01", *options, COLUMNS="80")
    [line] = [line for line in every.stdout.splitlines() if line.startswith("dia-phuong ")]
    titles = next(line for line in every.stdout.splitlines() if line.startswith("danh mục "))
    assert len(line) == len(titles) <= 80 and line.split()[1:3] == ["9", "1"]
    groups = chiso("map", "coverage", *SCHEMES, "--by", "group", "--as-of", "2026-03-01", "--lang", "en", *options)
    assert "group  " in groups.stdout and "(group not known)" in groups.stdout


def test_coverage_as_csv_has_titles_and_tells_what_is_not_known_beside(options: tuple[str, ...]) -> None:
    done = chiso("map", "coverage", *SCHEMES, "--as-of", "2026-03-01", "--csv", *options)
    rows = list(csv.DictReader(io.StringIO(done.stdout.removeprefix("\ufeff"))))
    assert [(row["số mã"], row["đã ánh xạ"], row["trùng"]) for row in rows] == [("9", "1", "1"), ("6", "1", "1")]
    assert "6 trong 230" in done.stderr


def test_codes_without_a_counterpart_and_mappings_are_read_as_sentences(options: tuple[str, ...]) -> None:
    left = chiso("map", "coverage", *SCHEMES, "--unmapped", "--as-of", "2026-03-01", *options)
    assert "dia-phuong L3 " in left.stdout and "chưa có gì" in left.stdout
    listed = chiso("map", "list", "dia-phuong.l1", *options)
    assert listed.returncode == 0, listed.stderr
    assert "Đang tính:" in listed.stdout and "chấp nhận bởi Trần B" in listed.stdout
    bare = chiso("map", "list", "indicator:n5", "--lang", "en", *options)
    assert bare.returncode == 1 and "No mapping yet" in bare.stdout


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
    assert none.returncode == 0 and "Không có ánh xạ nào mâu thuẫn" in none.stdout


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
