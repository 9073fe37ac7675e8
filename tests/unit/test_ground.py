"""Dates, folding, settings and errors."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import errors
from catalogue.clock import parse_date
from catalogue.errors import Invalid
from catalogue.folding import fold, slug
from catalogue.settings import Settings, from_environment


@pytest.mark.parametrize("text", ["2024-06-30", "30/6/2024", "30-06-2024", "30.6.2024", " 30/06/2024 ", "2024-6-30"])
def test_dates_as_people_write_them(text: str) -> None:
    assert parse_date(text) == date(2024, 6, 30)


@pytest.mark.parametrize(
    "text", ["31/6/2024", "2024-02-30", "hôm nay", "", "2024", "30/6/24", "0001-01-01", "2300-01-01"]
)
def test_impossible_dates_say_what_to_write(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_date(text)
    assert "2024-06-30" in caught.value.vi or "phạm vi" in caught.value.vi


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sở Khoa học và Công nghệ", "so khoa hoc va cong nghe"),
        ("1012/QĐ-TTg", "1012/qd-ttg"),
        ("tỷ đồng", "tỉ đồng"),
        ("kỹ thuật", "kĩ thuật"),
        ("Hòa Bình", "Hoà Bình"),
        ("Thừa Thiên – Huế", "thua thien - hue"),
        ("Đắk Lắk", "Đắk Lắk"),
    ],
)
def test_spellings_of_one_name_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_different_names_stay_apart() -> None:
    assert fold("Tây Ninh") != fold("Tai Ninh")
    assert slug("09/2019/NĐ-CP") == "09-2019-nd-cp"


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_settings_come_from_the_environment() -> None:
    settings = from_environment({"CHISO_DATA": "/srv/chiso", "CHISO_TIMEOUT": "5", "CHISO_ROWS": ""})
    assert (settings.data, settings.timeout, settings.rows) == (Path("/srv/chiso"), 5.0, 10_000)


@pytest.mark.parametrize(
    "environment",
    [
        {"CHISO_TIMEOUT": "soon"},
        {"CHISO_STORE": "cloud"},
        {"CHISO_STORE": "remote"},
        {"CHISO_BASE_IRI": "chiso.example"},
        {"CHISO_BASE_IRI": "https://chiso.example"},
    ],
)
def test_a_setting_that_cannot_be_used_is_named(environment: dict[str, str]) -> None:
    with pytest.raises(Invalid) as caught:
        from_environment(environment)
    assert any(name in caught.value.en or "QUERY_ENDPOINT" in caught.value.en for name in environment)


def test_the_base_is_kept_in_with_options() -> None:
    assert Settings().with_options(data=Path("x"), base_iri=None).base_iri == Settings().base_iri


def test_error_kinds_are_names_of_help_pages() -> None:
    assert errors.NotFound("a", "b").kind == "not-found"
    assert errors.TimedOut("a", "b").kind == "timed-out"
