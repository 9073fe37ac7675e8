"""What a name means: spelt otherwise, misspelt, of a merged unit, borne by several; and when a match is safe."""

import httpx2
import pytest

from tests.reconcile.conftest import Ask, posted

SO_B = "agency/thu.so-b"
SO_A = "agency/thu.so-a"


@pytest.mark.parametrize(
    "query",
    [
        "Sở Khoa học và Công nghệ Thử",
        "so khoa hoc va cong nghe thu",
        "Sở KH&CN Thử",
        "SỞ KHOA HỌC VÀ CÔNG NGHỆ THỬ",
        "Sở Khoa học và Công nghê Thử",
        "Sở Khoa hcọ và Công nghệ Thử",
        "Department of Science of Thu",
        "Sở Khoa học, Công nghệ Thử",
        "agency/thu.so-b",
        "agency:thu.so-b",
        "https://synthetic.example/id/agency/thu.so-b",
    ],
)
def test_every_way_to_write_a_name_finds_the_unit_first(ask: Ask, query: str) -> None:
    best = ask(query, type="agency")[0]
    assert best["id"] == SO_B
    assert best["score"] >= 80


def test_the_answer_is_a_match_only_where_one_thing_bears_the_very_name(ask: Ask) -> None:
    assert ask("Sở Khoa học và Công nghệ Thử", type="agency")[0]["match"] is True
    assert ask("Sở Khoa hcọ và Công nghệ Thử", type="agency")[0]["match"] is False
    two = ask("Phường Tân Lập", type="area")
    assert [one["match"] for one in two] == [False] * len(two)
    assert {one["id"] for one in two[:2]} == {"area/90001.2025-07-01", "area/91001.2025-07-01"}
    assert two[0]["score"] == two[1]["score"] == 100
    # Without marks three wards are meant, and no order among them is right.
    assert len([one for one in ask("phuong tan lap", type="area") if one["score"] >= 95]) == 3


def test_a_property_tells_namesakes_apart(ask: Ask) -> None:
    for value in ("Tỉnh Thử Tây", "thu tay", "91", {"id": "area/91.2025-07-01", "name": "?"}):
        best, *rest = ask("Phường Tân Lập", type="area", properties=[{"pid": "parent", "v": value}])
        assert (best["id"], best["match"]) == ("area/91001.2025-07-01", True), value
        assert best["score"] == 100
        assert all(one["score"] <= 95 and not one["match"] for one in rest)
    assert {"id": "property_parent", "value": True} in best["features"]


def test_what_contradicts_a_property_is_no_match(ask: Ask) -> None:
    name = "Tỷ lệ hồ sơ trực tuyến thử"
    assert ask(name, type="indicator")[0]["match"] is True
    for pid, wrong in (
        ("code", "T2"),
        ("set", "Hệ thống quốc gia thử"),
        ("lead", "Sở Không Có"),
        ("nationalCode", "0502"),
    ):
        best = ask(name, type="indicator", properties=[{"pid": pid, "v": wrong}])[0]
        assert best["match"] is False, pid
        assert best["score"] < 90, pid
    for pid, right in (
        ("code", "t1"),
        ("set", "bo chi so thu"),
        ("group", "Nhóm thử một"),
        ("lead", "Sở Khoa học và Công nghệ Thử"),
        ("nationalCode", "0501"),
        ("exactMatch", {"id": "indicator/quoc-gia.0501"}),
    ):
        best = ask(name, type="indicator", properties=[{"pid": pid, "v": right}])[0]
        assert best["match"] is True, pid
    # Nothing is known of its unit of measure: a person decides.
    assert ask(name, type="indicator", properties=[{"pid": "unit", "v": "%"}])[0]["match"] is False


def test_names_that_differ_by_a_number_are_not_each_other(ask: Ask) -> None:
    first, second = ask("Tỷ lệ trẻ em dưới 1 tuổi được tiêm chủng", type="indicator")[:2]
    assert (first["id"], first["match"]) == ("indicator/quoc-gia.0502", True)
    assert second["id"] == "indicator/quoc-gia.0503"
    assert second["score"] < 75


def test_the_name_of_a_merged_unit_leads_to_it_and_on_a_day_to_who_took_over(ask: Ask) -> None:
    old = ask("Sở Thông tin Thử", type="agency")[0]
    assert old["id"] == SO_A
    assert "1/3/2025" in old["description"]
    assert {"id": "in_force", "value": False} in old["features"]
    before = ask("Sở Thông tin Thử", type="agency", properties=[{"pid": "asOf", "v": "2024-06-30"}])
    assert (before[0]["id"], before[0]["match"]) == (SO_A, True)
    after = ask("Sở Thông tin Thử", type="agency", properties=[{"pid": "asOf", "v": "30/6/2025"}])
    assert after[0]["id"] == SO_B
    assert {"id": "successor", "value": True} in after[0]["features"]
    assert not any(one["match"] for one in after)


def test_the_name_of_a_commune_that_is_gone_leads_on_a_day_to_what_it_became(ask: Ask) -> None:
    assert ask("Xã Cũ Thử", type="area")[0]["match"] is True
    after = ask("xa cu thu", type="area", properties=[{"pid": "asOf", "v": "2026-01-01"}])
    assert [one["id"] for one in after[:2]] == ["area/90001.2025-07-01", "area/90002.truoc-2025-07-01"]
    assert {"id": "successor", "value": True} in after[0]["features"]


def test_codes_and_document_numbers_are_exact(ask: Ask) -> None:
    assert [(one["id"], one["match"]) for one in ask("Z99", type="agency")] == [("agency/thu.ubnd", True)]
    assert ask("Z99", type="code")[0]["id"] == "code/thu.Z99"
    both = ask("7/QĐ-TTg", type="decision")
    assert [one["match"] for one in both[:2]] == [False, False]
    assert {one["score"] for one in both[:2]} == {100}
    dated = ask("Quyết định số 7/QĐ-TTg ngày 6/5/2021")
    assert dated[0]["id"] == "decision/thu-ttg.quyet-dinh.2021-05-06.7-qd-ttg"
    assert dated[0]["match"] is True


def test_queries_without_a_name_go_by_properties(ask: Ask) -> None:
    assert [one["id"] for one in ask(properties=[{"pid": "code", "v": "0501"}])] == ["indicator/quoc-gia.0501"]
    [only] = ask(properties=[{"pid": "code", "v": "T1"}], type="indicator")
    assert (only["id"], only["match"]) == ("indicator/thu.1", True)
    under = ask(properties=[{"pid": "parent", "v": {"id": "agency/thu.ubnd"}}], type="agency")
    assert {one["id"] for one in under} == {SO_A, SO_B}
    assert not any(one["match"] for one in under)
    duties = ask(properties=[{"pid": "agency", "v": {"id": SO_A}}], type="responsibility")
    assert [one["id"] for one in duties] == ["responsibility/thu.bo-chi-so.chu-tri.so-a"]


def test_types_limit_and_language(client: httpx2.Client, ask: Ask) -> None:
    kinds = {one["type"][0]["id"] for one in ask("thử", type=["indicator-set", "indicator-group"])}
    assert kinds == {"indicator-set", "indicator-group"}
    assert {one["type"][0]["id"] for one in ask("thử", type="https://w3id.org/chiso/ns#IndicatorSet")} == {
        "indicator-set"
    }
    assert len(ask("thử", limit=2)) == 2
    assert len(ask("thử", limit=10**9)) <= 50
    query = {"q": {"query": "Sở Khoa học và Công nghệ Thử", "type": "agency", "limit": 1}}
    english = posted(client, "queries", query, **{"Accept-Language": "en"})
    assert english.headers["content-language"] == "en"
    [one] = english.json()["q"]["result"]
    assert (one["name"], one["type"][0]["name"]) == ("Department of Science of Thu", "Agency")
    assert (
        client.post("/reconcile?lang=en", data={"queries": '{"q":{"query":"Z99"}}'}).headers["content-language"] == "en"
    )


def test_nothing_fits(ask: Ask) -> None:
    assert ask("xyzzy plugh") == []
    assert ask("   ") == []
    assert ask("-") == []
