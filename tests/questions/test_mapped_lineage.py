"""Lineage over mappings: what makes a province report by way of the national code its indicator was found to be."""

from datetime import date

import pytest
from pyoxigraph import NamedNode

from catalogue import lineage, paths, responsibility, things
from catalogue.labels import references
from catalogue.settings import DEFAULT_BASE
from catalogue.store.port import Store
from tests.questions.conftest import Publish, day

TODAY = date(2026, 11, 21)


def decision(name: str, agency: str) -> str:
    return (
        f'decision:{name} a eli:LegalResource ; eli:type_document doctype:quyet-dinh ; eli:number "{name}" ;'
        f" eli:date_document {day('2020-01-01')} ; eli:passed_by agency:{agency} .\n"
    )


def province(name: str, area: str) -> str:
    """A province with a set of its own, one indicator in it, and a regime that asks for it."""
    return (
        f'agency:{name} a cv:PublicOrganisation ; skos:prefLabel "{name}"@vi ; chiso:level level:tinh ;'
        f" dct:spatial area:{area} .\n"
        + decision(f"qd-{name}", name)
        + f"""set:{name} a chiso:IndicatorSet ; skos:prefLabel "Bộ {name}"@vi ; chiso:basis decision:qd-{name} .
indicator:{name}.1 a chiso:Indicator ; skos:inScheme set:{name} ; skos:notation "1" ;
  skos:prefLabel "Tỷ lệ hộ nghèo"@vi , "Poverty rate"@en .
regime:{name} a chiso:ReportingRegime ; chiso:requires indicator:{name}.1 ; chiso:basis decision:qd-{name} .
"""
    )


WORLD = (
    'agency:ttg a cv:PublicOrganisation ; skos:prefLabel "Thủ tướng"@vi ; chiso:level level:quoc-gia .\n'
    + decision("qd-quoc-gia", "ttg")
    + """set:quoc-gia a chiso:IndicatorSet ; skos:prefLabel "Bộ quốc gia"@vi ; chiso:basis decision:qd-quoc-gia .
indicator:quoc-gia.1104 a chiso:Indicator ; skos:inScheme set:quoc-gia ; skos:notation "1104" ;
  skos:prefLabel "Tỷ lệ nghèo"@vi , "Poverty"@en .
regime:quoc-gia a chiso:ReportingRegime ; chiso:requires indicator:quoc-gia.1104 ; chiso:basis decision:qd-quoc-gia .
"""
    + province("ha-noi", "01")
    + province("hung-yen", "33")
)


def mapping(
    key: str,
    subject: str = "indicator:ha-noi.1",
    target: str = "indicator:quoc-gia.1104",
    status: str = "accepted",
    relation: str = "exactMatch",
    more: str = "",
) -> str:
    return (
        f"mapping:{key} a sssom:Mapping ; sssom:subject_id {subject} ; sssom:predicate_id skos:{relation} ;"
        f" sssom:object_id {target} ; sssom:mapping_justification semapv:ManualMappingCuration ;"
        f' chiso:status status:{status} ; sssom:reviewer_label "Nguyễn Văn A" ;'
        f" sssom:review_date {day('2025-03-04')} ; sssom:confidence 0.9 {more}.\n"
    )


def node(kind: str, key: str) -> NamedNode:
    return NamedNode(f"{DEFAULT_BASE}id/{kind}/{key}")


HANOI = node("indicator", "ha-noi.1")
NATIONAL = node("indicator", "quoc-gia.1104")


def above(store: Store, start: NamedNode = HANOI, on: date = TODAY) -> dict[str, lineage.Node]:
    found = lineage.around(store, start, direction="up", as_of=on)
    return {one.iri.rpartition("/id/")[2]: one for one in found.nodes if one.distance}


OWN = {"indicator-set/ha-noi", "decision/qd-ha-noi", "regime/ha-noi"}
THROUGH = {
    "mapping/m",
    "indicator/quoc-gia.1104",
    "indicator-set/quoc-gia",
    "decision/qd-quoc-gia",
    "regime/quoc-gia",
}


def test_an_accepted_mapping_leads_up_to_the_national_decision_with_its_review(publish: Publish) -> None:
    store = publish(confirmed=WORLD + mapping("m"))
    up = above(store)
    assert up.keys() == OWN | THROUGH
    step = up["mapping/m"]
    assert step.label == "1 Tỷ lệ hộ nghèo = 1104 Tỷ lệ nghèo"
    assert step.review is not None
    assert (step.review.relation.label, step.review.on) == ("trùng với", date(2025, 3, 4))
    assert [one.label for one in step.review.reviewers] == ["Nguyễn Văn A"]
    assert up["regime/quoc-gia"].review is None
    answer = responsibility.of(store, HANOI, as_of=TODAY)
    assert [one.label for one in answer.mandates] == ["Quyết định qd-quoc-gia ngày 1/1/2020"]


def test_the_path_to_the_decision_goes_over_the_mapping(publish: Publish) -> None:
    store = publish(confirmed=WORLD + mapping("m"))
    found = paths.between(store, HANOI, node("decision", "qd-quoc-gia"), as_of=TODAY)
    assert [one.kind for one in found.nodes] == ["indicator", "mapping", "indicator", "indicator-set", "decision"]
    assert found.nodes[1].review is not None


def test_downward_a_decision_touches_what_is_mapped_to_its_codes(publish: Publish) -> None:
    store = publish(confirmed=WORLD + mapping("m"))
    down = lineage.around(store, node("decision", "qd-quoc-gia"), direction="down", as_of=TODAY)
    assert {"mapping", "indicator"} <= {one.kind for one in down.nodes}
    assert HANOI.value in {one.iri for one in down.nodes}


@pytest.mark.parametrize(
    "said",
    [
        mapping("m", status="candidate"),
        mapping("m", status="rejected"),
        mapping("m", status="withdrawn"),
        mapping("m", more="; sssom:predicate_modifier sssom:NegatedPredicate "),
        mapping("m", target="sssom:NoTermFound"),
        mapping("m", relation="relatedMatch"),
    ],
    ids=["candidate", "rejected", "withdrawn", "negated", "none", "related"],
)
def test_what_is_not_accepted_ties_nothing(publish: Publish, said: str) -> None:
    store = publish(confirmed=WORLD + said)
    assert above(store).keys() == OWN
    down = lineage.around(store, NATIONAL, direction="down", as_of=TODAY)
    assert [one.iri for one in down.nodes] == [NATIONAL.value]
    assert not paths.between(store, HANOI, node("decision", "qd-quoc-gia"), as_of=TODAY).found


def test_a_mapping_is_crossed_while_it_is_valid_and_shown_as_lapsed_afterwards(publish: Publish) -> None:
    bounds = f"; chiso:validFrom {day('2025-01-01')} ; chiso:validTo {day('2026-01-01')} "
    store = publish(confirmed=WORLD + mapping("m", more=bounds))
    assert above(store, on=date(2025, 1, 1)).keys() == OWN | THROUGH
    assert above(store, on=date(2025, 12, 31)).keys() == OWN | THROUGH
    ended = above(store, on=date(2026, 1, 1))
    assert ended.keys() == OWN | {"mapping/m"}
    assert ended["mapping/m"].lapsed
    early = above(store, on=date(2024, 12, 31))
    assert early.keys() == OWN | {"mapping/m"}
    assert early["mapping/m"].upcoming
    assert responsibility.of(store, HANOI, as_of=date(2025, 6, 1)).mandates
    assert not responsibility.of(store, HANOI, as_of=date(2026, 1, 1)).mandates
    down = lineage.around(store, NATIONAL, direction="down", as_of=date(2026, 1, 1))
    assert {one.kind: one.lapsed for one in down.nodes if one.distance} == {"mapping": True}


def test_of_a_lapsed_mapping_itself_both_ends_are_shown(publish: Publish) -> None:
    store = publish(confirmed=WORLD + mapping("m", more=f"; chiso:validTo {day('2026-01-01')} "))
    both = lineage.around(store, node("mapping", "m"), direction="both", as_of=TODAY)
    ends = {one.iri: one.distance for one in both.nodes}
    assert (ends[HANOI.value], ends[NATIONAL.value]) == (1, -1)
    assert all(edge.lapsed for edge in both.edges if edge.relation.iri.endswith(("subject_id", "object_id")))


def test_one_province_is_no_reason_for_another_that_shares_a_code(publish: Publish) -> None:
    store = publish(confirmed=WORLD + mapping("m") + mapping("n", subject="indicator:hung-yen.1"))
    assert above(store).keys() == OWN | THROUGH
    assert not any("hung-yen" in name for name in above(store))


def test_one_province_is_no_reason_for_another_even_where_they_are_mapped(publish: Publish) -> None:
    store = publish(confirmed=WORLD + mapping("m", target="indicator:hung-yen.1"))
    assert above(store).keys() == OWN | {"mapping/m"}
    assert "regime/ha-noi" in above(store)
    assert not paths.between(store, HANOI, node("decision", "qd-hung-yen"), as_of=TODAY).found


def test_between_two_sets_of_one_province_a_mapping_leads_on(publish: Publish) -> None:
    later = """set:ha-noi-cu a chiso:IndicatorSet ; skos:prefLabel "Bộ cũ"@vi ; chiso:basis decision:qd-ha-noi .
indicator:ha-noi-cu.1 a chiso:Indicator ; skos:inScheme set:ha-noi-cu ; skos:prefLabel "Tỷ lệ hộ nghèo cũ"@vi .
"""
    store = publish(confirmed=WORLD + later + mapping("m", target="indicator:ha-noi-cu.1"))
    assert {"mapping/m", "indicator/ha-noi-cu.1"} < above(store).keys()


def test_a_province_is_the_same_place_after_its_borders_changed(publish: Publish) -> None:
    areas = 'area:01 skos:notation "01" . area:01.cu skos:notation "01" .\n'
    before = province("ha-noi-cu", "01.cu")
    store = publish(confirmed=WORLD + areas + before + mapping("m", target="indicator:ha-noi-cu.1"))
    assert {"mapping/m", "indicator/ha-noi-cu.1"} < above(store).keys()


def test_a_mapping_is_called_by_what_it_says(publish: Publish) -> None:
    said = {
        "m": mapping("m", relation="closeMatch"),
        "n": mapping("n", target="sssom:NoTermFound", relation="exactMatch"),
        "o": mapping("o", more="; sssom:predicate_modifier sssom:NegatedPredicate "),
        "p": mapping("p", relation="broadMatch", target="<https://else.example/A>", more='; sssom:object_label "A" '),
    }
    past = node("mapping-review", "m.1")
    earlier = (
        f"<{past.value}> a chiso:MappingReview ; chiso:reviewOf mapping:m ; chiso:status status:rejected ;"
        f" sssom:review_date {day('2024-02-03')} .\n"
    )
    store = publish(confirmed=WORLD + "".join(said.values()) + earlier)
    iris = {key: node("mapping", key).value for key in said}
    named = references(store, [*iris.values(), past.value])
    assert {key: named[iri].label for key, iri in iris.items()} == {
        "m": "1 Tỷ lệ hộ nghèo ≈ 1104 Tỷ lệ nghèo",
        "n": "1 Tỷ lệ hộ nghèo: không có mã tương ứng",
        "o": "1 Tỷ lệ hộ nghèo ≠ 1104 Tỷ lệ nghèo",
        "p": "1 Tỷ lệ hộ nghèo ⊂ A",
    }
    assert named[past.value].label == "Từ chối 3/2/2024: 1 Tỷ lệ hộ nghèo ≈ 1104 Tỷ lệ nghèo"
    english = references(store, iris.values(), "en")
    assert english[iris["n"]].label == "1 Poverty rate: no counterpart"


def test_of_a_large_set_the_first_mappings_are_named_and_the_rest_is_said_to_be_there(publish: Publish) -> None:
    many = "".join(f"mapping-set:s sssom:mappings mapping:m{number} .\n" for number in range(30))
    store = publish(confirmed='mapping-set:s a sssom:MappingSet ; sssom:mapping_set_title "Bộ" .\n' + many)
    some = things.describe(store, node("mapping-set", "s"), each=20)
    assert (len(some.statements), [one.total for one in some.cut], some.label) == (21, [30], "Bộ")
    whole = things.describe(store, node("mapping-set", "s"), each=30)
    assert (len(whole.statements), whole.cut) == (31, [])
