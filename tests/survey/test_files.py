"""What a process beside the service leaves in the data folder: the overview of a day, the examination, what changes were about."""

import gzip
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

from catalogue.store.folder import Folder
from catalogue.survey import overview, recent, records
from catalogue.survey.overview import Overview
from tests.api.conftest import small_catalogue
from tests.serving import BASE, folder

DAY = date(2026, 3, 1)
SO_A = f"{BASE}id/agency/thu.so-a"
SET = f"{BASE}id/indicator-set/thu"


def test_the_process_makes_everything_and_says_that_it_is_finished(tmp_path: Path) -> None:
    settings = folder(tmp_path)
    state = str(Folder(settings.data).state())
    subprocess.run(
        [sys.executable, "-P", "-m", "workers.survey_process", str(settings.data), state, BASE], check=True, timeout=120
    )
    finished = [path.name for path in (settings.data / "surveys" / state).glob("*.finished")]
    assert len(finished) == 1
    today = date.fromisoformat(finished[0][:10])
    found = records.overview(settings.data, state, today)
    examined = records.examination(settings.data, state)
    assert found is not None
    assert [row.scheme for row in found.rows] == [SET]
    assert examined is not None
    assert {one.source for one in examined.sources} == {f"{BASE}id/source/thu"}


def test_what_is_read_is_what_was_written_and_old_days_go(tmp_path: Path) -> None:
    found = overview.take(small_catalogue(), DAY)
    records.write_overview(tmp_path, "s1", found)
    assert records.overview(tmp_path, "s1", DAY) == found
    for number in range(records.MOST_DAYS + 5):
        records.write_overview(tmp_path, "s1", Overview(DAY + timedelta(days=number), []))
    assert len(list((tmp_path / "surveys/s1").iterdir())) == records.MOST_DAYS


def test_a_damaged_file_is_as_good_as_none(tmp_path: Path) -> None:
    place = tmp_path / records.OVERVIEW.format(state="s1", day=DAY.isoformat())
    place.parent.mkdir(parents=True)
    place.write_text('{"rows": [{"wrong": 1}], "as_of": "2026-03-01"}')
    assert records.overview(tmp_path, "s1", DAY) is None


def test_who_leads_depends_on_the_day() -> None:
    store = small_catalogue()
    before, then, now = (
        overview.take(store, day).rows[0] for day in (date(2019, 12, 31), date(2024, 6, 30), date(2026, 3, 1))
    )
    assert before.counts.led == 0
    assert then.counts.led == then.counts.lead["inherited"] == then.counts.indicators == 3
    assert now.counts.led == 3
    assert (now.publisher, now.fixer) == (f"{BASE}id/agency/thu.ubnd", f"{BASE}id/agency/thu.ubnd")
    for counts in (before.counts, then.counts, now.counts):
        assert {sum(of.values()) for of in (counts.lead, counts.mapping, counts.mark)} == {counts.indicators}


def _patch(tmp_path: Path, *lines: str, previous: bool = True) -> Path:
    head = "H id <urn:chiso:state:b> .\n" + ("H prev <urn:chiso:state:a> .\n" if previous else "")
    path = tmp_path / "1.rdfp.gz"
    path.write_bytes(gzip.compress((head + "TX .\n" + "".join(f"{line}\n" for line in lines) + "TC .\n").encode()))
    return path


def test_a_change_is_told_in_things(tmp_path: Path) -> None:
    def line(sign: str, thing: str, prop: str, value: str) -> str:
        return f"{sign} <{BASE}id/indicator/{thing}> <{prop}> {value} <{BASE}graph/g.confirmed> ."

    kind, name = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "http://www.w3.org/2004/02/skos/core#prefLabel"
    found = recent.summarise(
        _patch(
            tmp_path,
            line("D", "gone", kind, "<urn:c>"),
            line("D", "gone", name, '"Tên cũ"@vi'),
            line("D", "renamed", name, '"Trước"@vi'),
            line("A", "renamed", name, '"Sau"@vi'),
            line("A", "new", kind, "<urn:c>"),
        ),
        BASE,
    )
    (touched,) = found.graphs.values()
    assert not found.first
    assert found.whole
    assert (touched.gained, touched.lost) == (2, 3)
    assert {iri.rpartition("/")[2]: what for iri, what in touched.things.items()} == {
        "new": "came",
        "renamed": "changed",
        "gone": "went",
    }
    assert touched.names == {f"{BASE}id/indicator/gone": "Tên cũ"}


def test_the_first_build_tells_nothing(tmp_path: Path) -> None:
    assert recent.summarise(_patch(tmp_path, previous=False), BASE) == recent.Summary(True, True, {})
