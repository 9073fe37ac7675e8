"""The search index: what is found for what is typed, in which order, and how an index comes and goes on disk."""

import os
import threading
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from catalogue.beside import beside
from catalogue.errors import Invalid
from catalogue.search.documents import build
from catalogue.search.filters import NAMES, Filters
from catalogue.search.index import SearchIndex, SearchPage, open_index
from catalogue.store.port import Store


@pytest.fixture(scope="module")
def index(small: Store) -> SearchIndex:
    """An index in memory."""
    return open_index(None, small)


TODAY = date(2026, 3, 2)


def look(index: SearchIndex, text: str, **more: Any) -> SearchPage:
    """What a search finds; filters by their names."""
    narrow = Filters(**{name: more.pop(name) for name in NAMES if name in more})
    return index.search(text, narrow, as_of=TODAY, **more)


def counts(page: SearchPage, name: str) -> dict[str, int]:
    """The counts of one facet, by the last part of its values."""
    values = next((facet.values for facet in page.facets if facet.name == name), [])
    return {one.value.rpartition("/")[2]: one.count for one in values}


def keys(page: SearchPage) -> list[str]:
    """The keys of what was found, in order."""
    return [found.iri.rpartition("/")[2] for found in page.items]


@pytest.mark.parametrize(
    "typed",
    [
        "Ủy ban nhân dân tỉnh Thử",
        "uy ban nhan dan tinh thu",
        "UBND tỉnh Thử",
        "ubnd tinh thu",
        unicodedata.normalize("NFD", "Ủy ban nhân dân tỉnh Thử"),
        "Z99",
        "z99",
    ],
)
def test_one_body_under_all_its_names(index: SearchIndex, typed: str) -> None:
    page = look(index, typed)
    assert keys(page)[0] == "thu.ubnd"
    assert page.items[0].matched == "exact"


@pytest.mark.parametrize(
    ("typed", "fit"),
    [
        ("Kế hoạch 5/KH-UBND ngày 3/2/2020", "exact"),
        ("ke hoach 5/kh-ubnd ngay 3/2/2020, UBND tỉnh Thử", "exact"),
        ("kế hoạch 5", "prefix"),
        ("kế hoạch 5/KH-UBND", "prefix"),
        ("KẾ HOẠCH 5/KH", "prefix"),
        ("kế hoạch 2020 tỉnh thử", "words"),
        ("Plan 5/KH-UBND of 3 February 2020", "exact"),
    ],
)
def test_a_document_under_the_name_by_which_it_is_shown(index: SearchIndex, typed: str, fit: str) -> None:
    page = look(index, typed)
    assert keys(page)[0] == "thu-ubnd.ke-hoach.2020-02-03.5-kh-ubnd"
    assert page.items[0].matched == fit


def test_two_documents_of_one_number_are_both_found(index: SearchIndex) -> None:
    assert {*keys(look(index, "quyết định 7", kind="decision"))} == {
        "thu-ttg.quyet-dinh.2019-01-02.7-qd-ttg",
        "thu-ttg.quyet-dinh.2021-05-06.7-qd-ttg",
    }
    assert keys(look(index, "quyết định 7 2021", kind="decision"))[0] == "thu-ttg.quyet-dinh.2021-05-06.7-qd-ttg"


def test_documents_of_one_number_are_told_apart_by_what_they_are_about(index: SearchIndex, small: Store) -> None:
    found = [one.iri for one in look(index, "7/QĐ-TTg").items]
    assert set(beside(small, found).values()) == {"Quyết định thử cấp quốc gia", "Quyết định thử khác cùng số"}


def test_order_exact_then_beginning_then_words_then_similar(index: SearchIndex) -> None:
    assert look(index, "nhom thu mot").items[0].matched == "exact"
    assert look(index, "nhom thu").items[0].matched == "prefix"
    assert look(index, "mot nhom").items[0].matched == "words"
    assert look(index, "khooa hoc thu").items[0].matched == "similar"


def test_abbreviations_are_spelt_out_on_both_sides(index: SearchIndex) -> None:
    assert keys(look(index, "Sở KH&CN Thử"))[0] == "thu.so-b"
    assert keys(look(index, "so khcn"))[0] == "thu.so-b"


def test_one_typing_error_is_forgiven_but_not_in_numbers(index: SearchIndex) -> None:
    assert "thu.so-b" in keys(look(index, "congg nghe"))
    assert look(index, "8/QĐ-TTg").items == []


def test_two_bodies_of_like_names_differ_by_their_validity(index: SearchIndex) -> None:
    found = {one.iri.rpartition("/")[2]: one for one in look(index, "so thu", kind="agency").items}
    assert str(found["thu.so-a"].valid_to) == "2025-03-01" == str(found["thu.so-b"].valid_from)


def test_a_kind_narrows_and_counts_stay(index: SearchIndex) -> None:
    every = look(index, "thu")
    agencies = look(index, "thu", kind="agency")
    assert counts(agencies, "kind") == counts(every, "kind")
    assert agencies.total == counts(every, "kind")["agency"]
    assert {found.kind for found in agencies.items} == {"agency"}


def test_labels_in_the_language_asked_for(index: SearchIndex) -> None:
    assert look(index, "Z99", language="en").items[0].label == "People's Committee of Thu"


@pytest.mark.parametrize("typed", ["", "   ", "&&&", "!!!", "()", "\x00", "😀"])
def test_nothing_typed_finds_nothing(index: SearchIndex, typed: str) -> None:
    assert look(index, typed).total == 0


@pytest.mark.parametrize("typed", ['"', "a AND b OR", "name:x", "[a TO b]", "x~99", "\\", "a*?", "thu " * 70])
def test_what_means_something_to_a_query_parser_means_nothing_here(index: SearchIndex, typed: str) -> None:
    assert look(index, typed).total >= 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "a" * 301},
        {"kind": "nothing"},
        {"validity": "soon"},
        {"verification": "sure"},
        {"limit": 0},
        {"limit": 1001},
        {"cursor": "zzz"},
    ],
)
def test_bad_questions_are_invalid(index: SearchIndex, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        look(index, **{"text": "thu", **wrong})


def test_an_index_on_disk_is_made_once_and_whole(small: Store, tmp_path: Path) -> None:
    directory = tmp_path / "search" / "s1"
    workers = [threading.Thread(target=build, args=(small, directory)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    made = (directory / "meta.json").stat().st_mtime_ns
    first, second = open_index(directory, small), open_index(directory, small)
    assert (directory / "meta.json").stat().st_mtime_ns == made
    assert keys(look(first, "Z99")) == keys(look(second, "Z99")) == ["thu.ubnd"]
    assert [path.name for path in directory.parent.iterdir()] == ["s1"]


def test_indexes_of_older_states_go_but_the_one_before_stays(small: Store, tmp_path: Path) -> None:
    for number in range(1, 5):
        build(small, tmp_path / f"s{number}")
        os.utime(tmp_path / f"s{number}", (number, number))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["s3", "s4"]
    left = tmp_path / ".building-dead"
    left.mkdir()
    os.utime(left, (1, 1))
    build(small, tmp_path / "s5")
    assert not left.exists()


def test_filters_combine_and_each_facet_counts_what_the_others_leave(index: SearchIndex) -> None:
    every = look(index, "thu", kind="agency")
    ended = look(index, "thu", kind="agency", validity="ended")
    assert 0 < ended.total < every.total
    assert counts(ended, "validity") == counts(every, "validity")
    assert ended.total == counts(every, "validity")["ended"]
    assert sum(counts(ended, "kind").values()) == look(index, "thu", validity="ended").total
    assert all(one.valid_to is not None and one.valid_to <= TODAY for one in ended.items)


def test_validity_is_that_of_the_day_asked_for(index: SearchIndex) -> None:
    def standing(day: date) -> set[str]:
        found = index.search("so thu", Filters(kind="agency", validity="current"), as_of=day)
        return {one.iri.rpartition("/")[2] for one in found.items}

    before, after = standing(date(2025, 2, 28)), standing(date(2025, 3, 1))
    assert "thu.so-a" in before - after
    assert "thu.so-b" in after - before


def test_a_unit_is_found_by_the_name_of_one_that_went_into_it(index: SearchIndex) -> None:
    old = look(index, "so thu", kind="agency", validity="ended")
    gone = next(one for one in old.items if one.iri.endswith("thu.so-a"))
    assert [one.iri.rpartition("/")[2] for one in gone.became] == ["thu.so-b"]
    assert gone.label is not None
    page = look(index, gone.label)
    after = next(one for one in page.items if one.iri.endswith("thu.so-b"))
    assert keys(page)[0] == "thu.so-a"
    assert (after.matched, after.former) == ("former", gone.label)


def test_lead_group_and_mark_narrow(index: SearchIndex) -> None:
    every = look(index, "thu")
    assert {"kind", "level", "group", "lead", "validity", "verification"} <= {one.name for one in every.facets}
    for facet in every.facets:
        for one in facet.values:
            assert look(index, "thu", **{facet.name: one.value}).total == one.count


def test_results_by_kind_hold_the_best_of_each(index: SearchIndex) -> None:
    page, groups = index.by_kind("thu", as_of=TODAY, each=2)
    assert {group.kind: group.count for group in groups} == counts(page, "kind")
    assert all(1 <= len(group.items) <= 2 for group in groups)
    assert {one.kind for group in groups for one in group.items} == {group.kind for group in groups}


@pytest.mark.parametrize(("typed", "offered"), [("khoaa hcc", "khoa hoc"), ("so xyzxyz", "so"), ("qqq www", None)])
def test_other_texts_are_offered_only_where_they_find_something(
    index: SearchIndex, typed: str, offered: str | None
) -> None:
    others = index.corrected(typed)
    assert (others[0] if others else None) == offered
    assert all(look(index, other).total for other in others)


def test_one_letter_suggests_what_begins_with_it(index: SearchIndex) -> None:
    found = index.suggest("t")
    assert found and all(one.matched in ("exact", "prefix") for one in found)


def test_suggestions_see_through_an_error_in_a_short_word(index: SearchIndex) -> None:
    meant = index.suggest("so khoa hoc va cong nghe")
    assert meant
    assert [one.iri for one in index.suggest("so khoa hoc va cong nge")] == [one.iri for one in meant]
    assert index.suggest("qqqzzz xxyyy") == []


def test_suggestions_do_not_mind_long_or_empty_texts(index: SearchIndex) -> None:
    assert index.suggest("") == []
    assert len(index.suggest("thu " * 5_000)) <= 8
    assert {one.kind for one in index.suggest("thu", kinds=("agency", "decision"))} == {"agency", "decision"}


def test_an_index_of_an_older_form_is_made_anew(small: Store, tmp_path: Path) -> None:
    directory = tmp_path / "s1"
    directory.mkdir()
    (directory / "meta.json").write_text("{}")
    assert keys(look(open_index(directory, small), "Z99")) == ["thu.ubnd"]
