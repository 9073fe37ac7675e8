"""What a reporting regime asks for next (Decree 09/2019/NĐ-CP, Articles 12 and 13)."""

from datetime import date

import pytest

from catalogue.deadlines import following


@pytest.mark.parametrize(
    ("frequency", "as_of", "first", "cutoff", "due"),
    [
        ("thang", "2026-11-22", "2026-10-15", "2026-11-14", "2026-11-25"),
        ("thang", "2026-12-26", "2026-12-15", "2027-01-14", "2027-01-25"),
        ("thang", "2026-11-25", "2026-10-15", "2026-11-14", "2026-11-25"),
        ("quy", "2026-01-01", "2025-12-15", "2026-03-14", "2026-03-25"),
        ("6-thang-dau-nam", "2026-06-26", "2026-12-15", "2027-06-14", "2027-06-25"),
        ("6-thang-cuoi-nam", "2026-06-26", "2026-06-15", "2026-12-14", "2026-12-25"),
        ("nam", "2026-06-26", "2025-12-15", "2026-12-14", "2026-12-25"),
    ],
)
def test_the_days_of_the_decree(frequency: str, as_of: str, first: str, cutoff: str, due: str) -> None:
    (one,) = following(frequency, cutoff_day=14, due_day=25, as_of=date.fromisoformat(as_of))
    assert (one.first, one.cutoff, one.due) == tuple(date.fromisoformat(text) for text in (first, cutoff, due))


def test_a_month_may_be_shorter_than_the_day_that_is_named() -> None:
    (one,) = following("thang", cutoff_day=None, due_day=31, as_of=date(2026, 2, 1))
    assert (one.first, one.cutoff, one.due) == (None, None, date(2026, 2, 28))


def test_a_number_that_is_no_day_counts_as_not_given() -> None:
    (one,) = following("thang", cutoff_day=14, due_day=45, as_of=date(2026, 2, 1))
    assert (one.first, one.cutoff, one.due) == (date(2026, 1, 15), date(2026, 2, 14), None)


@pytest.mark.parametrize(
    ("frequency", "cutoff", "due"),
    [
        ("thang", None, None),
        ("tuan", 14, 25),
        ("thang", 14, 5),
        ("thang", None, 0),
        ("quy", 99, -1),
        ("5-nam", 14, 25),
    ],
)
def test_what_cannot_be_reckoned_is_not(frequency: str, cutoff: int | None, due: int | None) -> None:
    assert following(frequency, cutoff_day=cutoff, due_day=due, as_of=date(2026, 2, 1), number=3) == []
