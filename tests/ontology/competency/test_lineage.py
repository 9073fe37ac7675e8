"""Competency questions 3 and 4: why we report, and what a decision touches; and how two things are tied."""

from collections import Counter

from catalogue import lineage, paths
from catalogue.store.port import Store
from tests.ontology.competency.conftest import DECISION_1012, NOW, PLAN_165, PLAN_2025, at, key


def test_cq3_from_the_group_up_to_the_national_decision(real: Store) -> None:
    up = lineage.around(real, at("indicator-group:hanoi-chi-dao.nhom-1"), direction="up", as_of=NOW)
    assert {key(node.iri): (node.distance, node.verification) for node in up.nodes if node.kind == "decision"} == {
        DECISION_1012: (-1, "confirmed"),
        PLAN_2025: (-1, "confirmed"),
    }
    ties = {(key(edge.start), key(edge.end)): edge for edge in up.edges}
    assert ties["indicator-group:hanoi-chi-dao.nhom-1", DECISION_1012].verification == "confirmed"
    assert ties[PLAN_2025, DECISION_1012].verification == "inferred"
    assert all(edge.sources for edge in up.edges)


def test_cq3_a_provincial_indicator_rests_on_its_system_and_a_replaced_one_is_shown_lapsed(real: Store) -> None:
    up = lineage.around(real, at("indicator:tinh-2023.T0501"), direction="up", as_of=NOW)
    decisions = {key(node.iri): node.lapsed for node in up.nodes if node.kind == "decision"}
    assert decisions == {
        "decision:ttg.quyet-dinh.2023-02-24.05-2023-qd-ttg": False,
        "decision:ttg.quyet-dinh.2016-12-19.54-2016-qd-ttg": True,
    }


def test_cq4_what_1012_touches_with_which_certainty(real: Store) -> None:
    down = lineage.around(real, at(DECISION_1012), direction="down", as_of=NOW)
    assert not down.truncated
    kinds = Counter(node.kind for node in down.nodes)
    assert kinds["indicator-group"] == 4
    assert kinds["scenario-group"] == 3
    assert kinds["responsibility"] >= 20
    marks = {key(node.iri): node.verification for node in down.nodes}
    assert marks["indicator-group:hanoi-chi-dao.nhom-1"] == "confirmed"
    assert marks["indicator-group:hanoi-chi-dao.nhom-2"] == "inferred"
    assert marks[PLAN_2025] == "inferred"


def test_the_namesake_of_2015_touches_nothing_of_it(real: Store) -> None:
    down = lineage.around(real, at("decision:ttg.quyet-dinh.2015-07-03.1012-qd-ttg"), direction="down", as_of=NOW)
    assert len(down.nodes) == 1


def test_how_the_department_is_tied_to_the_decision(real: Store) -> None:
    found = paths.between(real, at("agency:hanoi.so-khcn.2025-03-01"), at(DECISION_1012), as_of=NOW)
    assert found.found
    assert [node.kind for node in found.nodes] == ["agency", "responsibility", "decision", "decision"]
    assert found.verification == "inferred"
    assert "căn cứ" in found.sentences[-1]


def test_a_plan_of_2022_is_not_tied_to_a_decision_of_2024_by_the_government_that_both_name(real: Store) -> None:
    assert not paths.between(real, at(PLAN_165), at(DECISION_1012), as_of=NOW).found
