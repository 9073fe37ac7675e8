"""The command line over the real graph: the acceptance question, and the other ways to ask."""

import json
from pathlib import Path

import pytest

from tests.cli.running import chiso

TODAY = "2026-08-15"
PLAN_165 = "165/KH-UBND"
PLAN_2025 = "decision:hanoi-ubnd.ke-hoach.2025-09.khong-so-1"
SET = "indicator-set:hanoi-chi-dao"


def answer(data: Path, *arguments: str) -> dict[str, object]:
    """The JSON that a command prints."""
    done = chiso(*arguments, "--json", "--data", str(data))
    assert done.returncode == 0, done.stderr
    read = json.loads(done.stdout)
    assert isinstance(read, dict)
    return read


def leads(found: dict[str, object]) -> dict[str, str]:
    """The object of each assignment → the unit that holds it."""
    rows = found["responsibilities"]
    assert isinstance(rows, list)
    return {row["object"]["iri"].rpartition("/")[2]: row["agency"]["iri"].rpartition("/")[2] for row in rows}


@pytest.mark.parametrize(
    ("day", "unit", "mark"),
    [
        ("30/6/2024", "hanoi.so-ttt.truoc-2025-03-01", "confirmed"),
        (TODAY, "hanoi.so-khcn.2025-03-01", "inferred"),
    ],
)
def test_who_led_the_yearly_plans_then_and_who_leads_now(data: Path, day: str, unit: str, mark: str) -> None:
    found = answer(data, "owner", PLAN_165, "--as-of", day, "--role", "chu-tri")
    assert leads(found)["hanoi-165.ke-hoach-nam"] == unit
    (row,) = found["responsibilities"]  # type: ignore[misc]
    assert row["verification"] == mark  # type: ignore[index]
    assert "Sở TT&TT TP Hà Nội chủ trì" in row["source"]["quotation"]  # type: ignore[index]


def test_who_guides_and_supervises(data: Path) -> None:
    then = answer(data, "owner", "task:hanoi-165.huong-dan-giam-sat", "--as-of", "2024-06-30")
    now = answer(data, "owner", "task:hanoi-165.huong-dan-giam-sat", "--as-of", TODAY)
    assert leads(then) == {"hanoi-165.huong-dan-giam-sat": "hanoi.so-ttt.truoc-2025-03-01"}
    assert leads(now) == {"hanoi-165.huong-dan-giam-sat": "hanoi.so-khcn.2025-03-01"}
    (event, *_) = now["responsibilities"][0]["succession"]  # type: ignore[index]
    assert event["date"] == "2025-03-01"


def test_who_leads_on_the_shared_platform_and_on_security(data: Path) -> None:
    found = answer(data, "owner", PLAN_2025, "--as-of", TODAY, "--role", "chu-tri")
    assert leads(found) == {
        "hanoi-2025.ha-tang": "hanoi.so-khcn.2025-03-01",
        "hanoi-2025.an-ninh": "hanoi.cong-an",
    }
    assert any("1012/Q" in mandate["label"] for mandate in found["mandates"])  # type: ignore[attr-defined]


def test_no_source_assigns_a_single_indicator(data: Path) -> None:
    found = answer(data, "owner", SET, "--as-of", TODAY)
    assert "no-single-indicator" in {gap["code"] for gap in found["gaps"]}  # type: ignore[attr-defined]


def test_the_answer_for_people_names_everything_that_proves_it(data: Path) -> None:
    done = chiso("owner", PLAN_165, "--as-of", TODAY, "--role", "chu-tri", "--data", str(data))
    assert done.returncode == 0
    for words in (
        "tính đến 15/8/2026",
        "Chủ trì: Sở Khoa học và Công nghệ Hà Nội",
        "từ 14/6/2022",
        "Kế hoạch 165/KH-UBND ngày 14/6/2022",
        "mức chắc chắn: suy ra",
        "trích: “Sở TT&TT TP Hà Nội chủ trì",
        "1/3/2025 Hợp nhất:",
        "Sở Thông tin và Truyền thông Hà Nội",
        "Điều chưa biết:",
    ):
        assert words in done.stdout, words


def test_it_speaks_english_too(data: Path) -> None:
    done = chiso("owner", PLAN_165, "--as-of", TODAY, "--lang", "en", "--data", str(data))
    assert "as of 15 August 2026" in done.stdout
    assert "What is not known:" in done.stdout
    by_variable = chiso("owner", "nobody-bears-this", CHISO_LANG="en", CHISO_DATA=str(data))
    assert by_variable.stderr.startswith("Nothing in the catalogue")


def test_before_anything_is_known(data: Path) -> None:
    done = chiso("owner", PLAN_165, "--as-of", "1990-01-01", "--data", str(data))
    assert done.returncode == 1
    assert "không có nguồn nào nói" in done.stdout


def test_lineage_up_reaches_the_national_decision(data: Path) -> None:
    done = chiso("lineage", "task:hanoi-2025.ha-tang", "--up", "--as-of", TODAY, "--data", str(data))
    assert done.returncode == 0
    assert "Quyết định 1012/QĐ-TTg ngày 20/9/2024 [suy ra" in done.stdout
    assert "2015" not in done.stdout


def test_lineage_down_and_a_path(data: Path) -> None:
    down = answer(data, "lineage", "indicator-set:hanoi-chi-dao", "--down", "--as-of", TODAY)
    assert {"from", "to", "relation", "verification"} <= down["edges"][0].keys()  # type: ignore[index]
    path = answer(data, "lineage", "indicator-group:hanoi-chi-dao.nhom-1", "--to", "agency:hanoi.so-khcn.2025-03-01")
    assert path["found"] is True
    assert path["sentences"]


def test_two_things_without_a_tie(data: Path) -> None:
    done = chiso("lineage", "agency:hanoi.so-y-te", "--to", "role:no-such-thing", "--data", str(data))
    assert done.returncode == 1


def test_resolve_lists_all_and_says_when_there_is_none(data: Path) -> None:
    both = chiso("resolve", "1012/QĐ-TTg", "--data", str(data))
    assert both.returncode == 0
    assert [line.split("\t")[-1].rpartition("/")[2] for line in both.stdout.splitlines()] == [
        "ttg.quyet-dinh.2015-07-03.1012-qd-ttg",
        "ttg.quyet-dinh.2024-09-20.1012-qd-ttg",
    ]
    assert chiso("resolve", "so khcn ha noi khong co that", "--data", str(data)).returncode == 1


def test_a_code_in_both_orders_and_a_name_without_diacritics(data: Path) -> None:
    for text in ("H26", "000.00.00.H26", "uy ban nhan dan thanh pho ha noi", "agency:hanoi.ubnd"):
        found = answer(data, "resolve", text)
        assert any(m["thing"]["iri"].endswith("/agency/hanoi.ubnd") for m in found["matches"]), text  # type: ignore[attr-defined]


def test_search(data: Path) -> None:
    found = answer(data, "search", "bo chi so ha noi", "--kind", "indicator-set")
    assert any("hanoi-chi-dao" in item["iri"] for item in found["items"])  # type: ignore[attr-defined]
    assert chiso("search", "xyzzy qwertz", "--data", str(data)).returncode == 1


def test_memory_store_answers_without_a_data_directory(tmp_path: Path) -> None:
    done = chiso("owner", PLAN_165, "--as-of", TODAY, "--role", "chu-tri", cwd=tmp_path, CHISO_STORE="memory")
    assert "Sở Khoa học và Công nghệ Hà Nội" in done.stdout
    assert list(tmp_path.iterdir()) == []
