"""What became of administrative units: known cases over the real graph."""

from datetime import date

import pytest
from pyoxigraph import NamedNode

from catalogue import areas
from catalogue.errors import Ambiguous, Invalid, NotFound
from catalogue.store.port import Store

MERGED, CITY = date(2025, 7, 1), date(2026, 4, 30)


def area(key: str) -> NamedNode:
    return NamedNode(f"https://chiso.example/id/area/{key}")


def test_a_reused_code_without_a_date_gives_both_units(store: Store) -> None:
    both = areas.find(store, "00004")
    assert [(one.name, one.valid_from, one.valid_to) for one in both] == [
        ("Phường Trúc Bạch", None, MERGED),
        ("Phường Ba Đình", MERGED, None),
    ]
    assert [reference.label for reference in both[0].within] == ["Quận Ba Đình"]
    with pytest.raises(Ambiguous) as raised:
        areas.became(store, "00004")
    assert [one["label"] for one in raised.value.details["candidates"]] == ["Phường Trúc Bạch", "Phường Ba Đình"]


@pytest.mark.parametrize(("day", "name"), [(date(2025, 6, 30), "Phường Trúc Bạch"), (MERGED, "Phường Ba Đình")])
def test_a_reused_code_on_a_date_is_one_unit(store: Store, day: date, name: str) -> None:
    assert [one.name for one in areas.find(store, "00004", day)] == [name]
    assert areas.unit(store, "00004", as_of=day).name == name


def test_a_divided_ward_has_several_successors(store: Store) -> None:
    found = areas.became(store, "00016", on=MERGED)
    assert found.outcome == "split"
    assert [one.name for one in found.successors] == ["Phường Ba Đình", "Phường Ngọc Hà"]
    assert found.verification == "inferred"
    assert {step.before.label for step in found.steps} == {found.unit.name}
    assert all(step.sources[0].iri.endswith("/vietnamadminunits-1-0-4") for step in found.steps)


def test_a_ward_joined_with_others_has_one_successor(store: Store) -> None:
    found = areas.became(store, "00004", on=MERGED)
    assert (found.outcome, [one.name for one in found.successors]) == ("whole", ["Phường Ba Đình"])
    assert found.steps[0].joined
    assert found.unit.name not in [reference.label for reference in found.steps[0].joined]


def test_a_district_is_abolished_and_its_wards_lead_on(store: Store) -> None:
    found = areas.became(store, "001")
    assert (found.outcome, found.successors, found.unit.name) == ("abolished", [], "Quận Ba Đình")
    assert [step.after for step in found.steps] == [None]
    assert {"Phường Ba Đình", "Phường Ngọc Hà", "Phường Giảng Võ"} <= {one.name for one in found.through_parts}


def test_an_island_district_became_a_special_zone(store: Store) -> None:
    found = areas.became(store, "318")
    assert (found.outcome, [one.name for one in found.successors]) == ("whole", ["Đặc khu Bạch Long Vĩ"])


def test_thai_binh_went_into_hung_yen_by_a_confirmed_source(store: Store) -> None:
    found = areas.became(store, "34")
    assert [one.iri for one in found.successors] == [area("33.2025-07-01").value]
    assert found.verification == "confirmed"
    assert [reference.label for reference in found.steps[0].joined] == ["Tỉnh Hưng Yên"]
    assert len(found.steps[0].sources) == 2


def test_the_old_hung_yen_is_another_unit_and_its_succession_is_inferred(store: Store) -> None:
    found = areas.became(store, "33", on=MERGED)
    assert found.unit.iri == area("33.truoc-2025-07-01").value
    assert [one.iri for one in found.successors] == [area("33.2025-07-01").value]
    assert found.verification == "inferred"
    came = areas.came_from(store, area("33.2025-07-01"))
    assert sorted(one.name or "" for one in came.predecessors) == ["Tỉnh Hưng Yên", "Tỉnh Thái Bình"]


def test_dong_nai_in_three_times(store: Store) -> None:
    assert [one.name for one in areas.find(store, "75")] == ["Tỉnh Đồng Nai", "Tỉnh Đồng Nai", "Thành phố Đồng Nai"]
    binh_phuoc = areas.became(store, "70")
    assert [one.name for one in binh_phuoc.successors] == ["Thành phố Đồng Nai"]
    assert [step.date for step in binh_phuoc.steps] == [MERGED, CITY]
    assert [step.verification for step in binh_phuoc.steps] == ["inferred", "confirmed"]
    until_then = areas.became(store, "70", on=date(2026, 4, 29))
    assert [one.name for one in until_then.successors] == ["Tỉnh Đồng Nai"]


def test_ten_communes_became_wards_and_the_others_changed_their_parent(store: Store) -> None:
    found = areas.became(store, area("26368.2025-07-01"))
    assert (found.outcome, found.verification) == ("whole", "confirmed")
    assert [(one.name, one.kind) for one in found.successors] == [("Phường Long Thành", "phuong")]
    wards = [one for one in areas.find(store, "26368") if one.valid_from == CITY]
    assert [reference.label for reference in wards[0].within] == ["Thành phố Đồng Nai"]
    long_hung = areas.find(store, "26041", date(2026, 5, 1))
    assert [reference.label for one in long_hung for reference in one.within] == ["Tỉnh Đồng Nai", "Thành phố Đồng Nai"]


def test_ba_che_shows_both_codes_as_unverified(store: Store) -> None:
    by_one, by_other = areas.find(store, "06970", MERGED), areas.find(store, "06978")
    assert by_one == by_other
    assert [(one.name, one.codes, one.verification) for one in by_one] == [
        ("Xã Ba Chẽ", ("06970", "06978"), "unverified")
    ]
    assert "chưa ngã ngũ" in " ".join(areas.came_from(store, "06978").notes)


@pytest.mark.parametrize(("old", "new"), [("31379", "31378"), ("31474", "31473"), ("28252", "28249")])
def test_a_false_edge_is_no_successor_but_is_told(store: Store, old: str, new: str) -> None:
    found = areas.became(store, area(f"{old}.truoc-2025-07-01"))
    assert (found.outcome, [one.codes for one in found.successors]) == ("whole", [(new,)])
    assert len(found.notes) == 1


def test_an_edge_that_only_the_second_source_has(store: Store) -> None:
    found = areas.became(store, area("09013.truoc-2025-07-01"))
    assert found.outcome == "split"
    steps = [step for step in found.steps if step.after and step.after.label == "Xã Ô Diên"]
    assert [(step.verification, step.sources[0].iri.rpartition("/")[2]) for step in steps] == [
        ("inferred", "vietnamprovinces-809e91ba")
    ]


def test_a_living_unit_became_nothing_else(store: Store) -> None:
    found = areas.became(store, area("00004.2025-07-01"))
    assert (found.outcome, found.successors, found.steps) == ("in-force", [], [])
    before = areas.became(store, area("00004.truoc-2025-07-01"), on=date(2025, 6, 30))
    assert before.outcome == "in-force"


def test_a_day_before_the_unit_existed_is_no_question(store: Store) -> None:
    with pytest.raises(Invalid, match="2025-07-01; on 2024-01-01") as raised:
        areas.became(store, "00004", as_of=MERGED, on=date(2024, 1, 1))
    assert "01/07/2025" in raised.value.vi


def test_unknown_codes_and_days(store: Store) -> None:
    assert areas.find(store, "99999") == []
    with pytest.raises(NotFound, match="99999"):
        areas.became(store, "99999")
    with pytest.raises(NotFound) as raised:
        areas.unit(store, "001", as_of=MERGED)
    assert [one["label"] for one in raised.value.details["candidates"]] == ["Quận Ba Đình"]


def test_no_code_is_borne_by_two_units_on_one_day(store: Store) -> None:
    for day in (date(2025, 6, 30), MERGED, date(2026, 4, 29), CITY):
        clashing = store.select(
            "PREFIX chiso: <https://w3id.org/chiso/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
            "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT ?code WHERE { ?area a chiso:AdministrativeUnit ; skos:notation ?code . "
            "OPTIONAL { ?area chiso:validFrom ?from } OPTIONAL { ?area chiso:validTo ?to } "
            f'FILTER (COALESCE(?from <= "{day}"^^xsd:date, true) && COALESCE("{day}"^^xsd:date < ?to, true)) }} '
            "GROUP BY ?code HAVING (COUNT(?area) > 1)"
        )
        assert clashing.rows == []
