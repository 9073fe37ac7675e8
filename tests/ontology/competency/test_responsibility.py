"""Competency questions 1, 2, 5 and 8: who leads, who led, what a unit holds, and what nobody leads."""

from datetime import date

from catalogue import leads, portfolio, responsibility
from catalogue.responsibility import Assignment
from catalogue.store.port import Store
from tests.ontology.competency.conftest import BEFORE, DECISION_1012, NOW, PLAN_165, PLAN_2025, at, key

SO_TTT = "agency:hanoi.so-ttt.truoc-2025-03-01"
SO_KHCN = "agency:hanoi.so-khcn.2025-03-01"


def told(answer: responsibility.Responsibilities, task: str) -> dict[str, Assignment]:
    return {
        one.role.notation: one
        for one in answer.responsibilities
        if key(one.object.iri) == task and one.agency is not None
    }


def test_cq1_who_leads_on_platforms_and_security_since_when_under_which_document(real: Store) -> None:
    answer = responsibility.of(real, at(PLAN_2025), as_of=NOW)
    platforms = told(answer, "task:hanoi-2025.ha-tang")["chu-tri"]
    assert platforms.agency is not None
    assert key(platforms.agency.iri) == SO_KHCN
    assert (platforms.verification, platforms.succession) == ("confirmed", [])
    assert (platforms.valid_from, platforms.valid_from_verification) == (date(2025, 9, 1), "inferred")
    assert (platforms.decision.number, platforms.decision.date) == (None, None)
    assert platforms.decision.issuer is not None
    assert key(platforms.decision.issuer.iri) == "agency:hanoi.ubnd"
    assert platforms.source is not None
    assert "Sở Khoa học và Công nghệ chủ trì" in (platforms.source.quotation or "")
    upward = told(answer, "task:hanoi-2025.ket-noi")
    assert upward["huong-dan"].agency is not None
    assert key(upward["huong-dan"].agency.iri) == SO_KHCN
    security = told(answer, "task:hanoi-2025.an-ninh")["chu-tri"]
    assert security.agency is not None
    assert key(security.agency.iri) == "agency:hanoi.cong-an"
    offices = {
        key(one.object.iri)
        for one in answer.responsibilities
        if one.role.notation == "phoi-hop" and one.agency and key(one.agency.iri) == "agency:hanoi.vp-ubnd"
    }
    assert offices == {"task:hanoi-2025.ket-noi", "task:hanoi-2025.an-ninh"}
    missing = {gap.property.rpartition("#")[2] for gap in answer.gaps if gap.property}
    assert {"number", "date_document"} <= missing


def test_cq1_the_set_tells_that_no_single_indicator_is_assigned(real: Store) -> None:
    answer = responsibility.of(real, at("indicator-set:hanoi-chi-dao"), as_of=NOW, role="chu-tri")
    leaders = {key(one.object.iri): key(one.agency.iri) for one in answer.responsibilities if one.agency}
    assert leaders["task:hanoi-2025.ha-tang"] == SO_KHCN
    assert leaders["task:hanoi-2025.an-ninh"] == "agency:hanoi.cong-an"
    assert "no-single-indicator" in {gap.code for gap in answer.gaps}


def test_cq1_the_national_decision_behind_it_is_told_from_its_namesake(real: Store) -> None:
    group = responsibility.of(real, at("indicator-group:hanoi-chi-dao.nhom-1"), as_of=NOW)
    assert [(key(one.iri), one.verification) for one in group.mandates] == [(DECISION_1012, "confirmed")]
    assert responsibility.of(real, at("indicator-group:hanoi-chi-dao.nhom-1"), as_of=BEFORE).mandates == []
    assert not group.mandates[0].period_over, "its period ended in 2025, but it gives orientation until 2030"
    whole = responsibility.of(real, at("indicator-set:hanoi-chi-dao"), as_of=NOW)
    assert [(key(one.iri), one.verification) for one in whole.mandates] == [(DECISION_1012, "inferred")]


def test_cq2_who_led_on_30_6_2024_and_who_leads_now(real: Store) -> None:
    task = "task:hanoi-165.huong-dan-giam-sat"
    then = told(responsibility.of(real, at(PLAN_165), as_of=BEFORE), task)
    now = told(responsibility.of(real, at(PLAN_165), as_of=NOW), task)
    assert set(then) == set(now) == {"huong-dan", "don-doc", "kiem-tra", "giam-sat"}
    assert {key(one.agency.iri) for one in then.values() if one.agency} == {SO_TTT}
    assert {key(one.agency.iri) for one in now.values() if one.agency} == {SO_KHCN}
    assert all(one.succession == [] for one in then.values())
    assert {one.held_from for one in now.values()} == {date(2025, 3, 1)}
    assert {one.verification for one in now.values()} == {"inferred"}
    (change,) = now["giam-sat"].succession
    assert (change.kind.notation, change.date) == ("hop-nhat", date(2025, 3, 1))
    assert change.basis is not None
    assert "25/2/2025" in (change.basis.label or "")
    assert now["giam-sat"].period_over
    assert not then["giam-sat"].period_over
    year_plan = told(responsibility.of(real, at(PLAN_165), as_of=BEFORE), "task:hanoi-165.ke-hoach-nam")["chu-tri"]
    assert (key(year_plan.named.iri), year_plan.verification) == (SO_TTT, "confirmed")


def test_cq2_security_is_not_inherited_by_the_merged_department(real: Store) -> None:
    answer = portfolio.of(real, at(SO_KHCN), as_of=NOW)
    assert "task:hanoi-2025.an-ninh" not in {
        key(item.object.iri) for item in answer.items if item.role.notation == "chu-tri"
    }


def test_cq5_what_the_department_holds_and_what_of_it_is_inherited(real: Store) -> None:
    answer = portfolio.of(real, at(SO_KHCN), as_of=NOW)
    own = {(item.role.notation, key(item.object.iri)) for item in answer.items if not item.inherited}
    inherited = {(item.role.notation, key(item.object.iri)) for item in answer.items if item.inherited}
    assert ("chu-tri", "task:hanoi-2025.ha-tang") in own
    assert ("chu-tri", "task:hanoi-165.ke-hoach-nam") in inherited
    assert {item.verification for item in answer.items if item.inherited} == {"inferred"}
    assert [change.date for change in answer.history] == [date(2025, 3, 1)]
    assert portfolio.of(real, at(SO_KHCN), as_of=BEFORE).items == []


def test_cq5_the_committee_with_its_units_and_the_police_by_reporting_line(real: Store) -> None:
    answer = portfolio.of(real, at("agency:hanoi.ubnd"), as_of=NOW, subunits=True)
    below = {key(one.iri) for one in answer.subunits}
    assert {SO_KHCN, "agency:hanoi.vp-ubnd", "agency:hanoi.cong-an"} <= below
    assert ("agency:hanoi.cong-an", "task:hanoi-2025.an-ninh") in {
        (key(item.unit.iri), key(item.object.iri)) for item in answer.items
    }


def test_cq8_no_single_indicator_has_a_lead_of_its_own(real: Store) -> None:
    review = leads.review(real, as_of=NOW)
    assert not review.truncated
    led = {one.iri for one in review.inherited}
    indicators = {one.iri for one in review.without if one.kind == "indicator"}
    assert len(indicators) > 150
    assert not {iri for iri in indicators if iri in led}
    groups = {key(one.iri) for one in leads.review(real, scope=at("indicator-set:hanoi-chi-dao"), as_of=NOW).inherited}
    assert groups == {f"indicator-group:hanoi-chi-dao.nhom-{number}" for number in (1, 2, 3, 4)}
    assert review.ended == []
