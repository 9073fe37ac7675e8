"""Who is responsible: inheritance, succession, splits, gaps in time."""

from datetime import date

import pytest
from pyoxigraph import NamedNode

from catalogue import leads, portfolio, responsibility
from catalogue.settings import DEFAULT_BASE
from catalogue.store.port import Store
from tests.questions.conftest import Publish, day

DECISION = f"""
decision:d1 a eli:LegalResource ; eli:type_document doctype:ke-hoach ; eli:number "1/KH-UBND" ;
  eli:date_document {day("2020-01-01")} ; eli:passed_by agency:city ; chiso:validFrom {day("2020-01-01")} .
agency:city a cv:PublicOrganisation ; skos:prefLabel "UBND"@vi ; chiso:level level:tinh .
agency:old a cv:PublicOrganisation ; skos:prefLabel "Sở cũ"@vi ; chiso:validTo {day("2022-01-01")} .
agency:other a cv:PublicOrganisation ; skos:prefLabel "Sở khác"@vi .
task:t1 a chiso:Task ; skos:prefLabel "Việc một"@vi ; chiso:basis decision:d1 .
set:s a skos:ConceptScheme, chiso:IndicatorSet ; skos:prefLabel "Bộ"@vi ; chiso:basis decision:d1 .
group:g a skos:Collection ; skos:prefLabel "Nhóm"@vi ; skos:inScheme set:s ; skos:member indicator:i .
indicator:i a chiso:Indicator ; skos:prefLabel "Chỉ số"@vi ; skos:inScheme set:s ; skos:notation "I1" .
"""


def duty(
    name: str, agency: str, thing: str, role: str = "chu-tri", since: str = "2020-01-01", basis: str = "d1"
) -> str:
    return (
        f"responsibility:{name} a chiso:Responsibility ; cv:hasParticipant agency:{agency} ; cv:role role:{role} ;"
        f" chiso:for {thing} ; chiso:basis decision:{basis} ; chiso:validFrom {day(since)} .\n"
    )


def event(name: str, kind: str, originals: str, results: str, on: str) -> str:
    after = f"org:resultingOrganization {results} ; " if results else ""
    return (
        f"event:{name} a org:ChangeEvent ; dct:type change:{kind} ; org:originalOrganization {originals} ; "
        f"{after}dct:date {day(on)} ; chiso:basis decision:d1 .\n"
    )


def agency(name: str, since: str | None = None, until: str | None = None) -> str:
    bounds = (f"; chiso:validFrom {day(since)} " if since else "") + (f"; chiso:validTo {day(until)} " if until else "")
    return f'agency:{name} a cv:PublicOrganisation ; skos:prefLabel "{name}"@vi {bounds}.\n'


def ask(store: Store, kind: str, key: str, on: str, role: str | None = None) -> responsibility.Responsibilities:
    thing = NamedNode(f"{DEFAULT_BASE}id/{kind}/{key}")
    return responsibility.of(store, thing, as_of=date.fromisoformat(on), role=role)


def holders(answer: responsibility.Responsibilities) -> list[tuple[str, str]]:
    return [
        (one.role.notation, (one.agency.label or "") if one.agency else one.state) for one in answer.responsibilities
    ]


def test_a_merger_passes_the_duty_on_as_an_inference_with_its_chain(publish: Publish) -> None:
    store = publish(
        confirmed=DECISION
        + duty("r", "old", "task:t1")
        + agency("new", "2022-01-01")
        + event("e", "hop-nhat", "agency:old", "agency:new", "2022-01-01")
    )
    before = ask(store, "task", "t1", "2021-12-31").responsibilities[0]
    assert (before.agency.label if before.agency else None, before.verification, before.succession) == (
        "Sở cũ",
        "confirmed",
        [],
    )
    after = ask(store, "task", "t1", "2022-01-01").responsibilities[0]
    assert after.agency is not None and after.agency.label == "new"
    assert (after.named.label, after.verification) == ("Sở cũ", "inferred")
    assert [(change.kind.notation, change.date) for change in after.succession] == [("hop-nhat", date(2022, 1, 1))]
    assert (before.valid_from, before.held_from) == (date(2020, 1, 1), date(2020, 1, 1))
    assert (after.valid_from, after.held_from) == (date(2020, 1, 1), date(2022, 1, 1))


def test_a_split_is_to_be_decided_among_its_candidates(publish: Publish) -> None:
    store = publish(
        confirmed=DECISION
        + duty("r", "old", "task:t1")
        + agency("a", "2022-01-01")
        + agency("b", "2022-01-01")
        + event("e1", "chia", "agency:old", "agency:a", "2022-01-01")
        + event("e2", "chia", "agency:old", "agency:b", "2022-01-01")
    )
    (one,) = ask(store, "task", "t1", "2023-01-01").responsibilities
    assert (one.state, one.agency) == ("to-be-decided", None)
    assert [candidate.label for candidate in one.candidates] == ["a", "b"]
    assert one.verification == "inferred"


def test_an_abolition_is_to_be_decided_without_candidates(publish: Publish) -> None:
    store = publish(
        confirmed=DECISION + duty("r", "old", "task:t1") + event("e", "giai-the", "agency:old", "", "2022-01-01")
    )
    (one,) = ask(store, "task", "t1", "2023-01-01").responsibilities
    assert (one.state, one.candidates) == ("to-be-decided", [])
    review = leads.review(store, as_of=date(2023, 1, 1))
    assert [conflict.thing.label for conflict in review.ended] == ["Việc một"]


def test_absorption_by_a_unit_that_existed_already(publish: Publish) -> None:
    store = publish(
        confirmed=DECISION
        + duty("r", "old", "task:t1")
        + duty("own", "other", "set:s")
        + event("e", "sap-nhap", "agency:old", "agency:other", "2022-01-01")
    )
    assert holders(ask(store, "task", "t1", "2021-01-01")) == [("chu-tri", "Sở cũ")]
    assert holders(ask(store, "task", "t1", "2022-06-01")) == [("chu-tri", "Sở khác")]
    held = portfolio.of(store, NamedNode(f"{DEFAULT_BASE}id/agency/other"), as_of=date(2022, 6, 1))
    assert [(item.object.label, item.inherited, item.verification) for item in held.items] == [
        ("Bộ", False, "confirmed"),
        ("Việc một", True, "inferred"),
    ]


def test_a_national_mandate_is_not_one_before_it_was_issued(publish: Publish) -> None:
    store = publish(
        confirmed=DECISION
        + duty("r", "old", "task:t1")
        + 'agency:nation a cv:PublicOrganisation ; skos:prefLabel "Chính phủ"@vi ; chiso:level level:quoc-gia .\n'
        + 'decision:top a eli:LegalResource ; eli:type_document doctype:nghi-dinh ; eli:number "1/NĐ-CP" ;'
        + f" eli:date_document {day('2021-01-01')} ; eli:passed_by agency:nation .\n"
        + "decision:d1 eli:based_on decision:top ."
    )
    assert ask(store, "task", "t1", "2020-06-30").mandates == []
    (mandate,) = ask(store, "task", "t1", "2021-06-30").mandates
    assert mandate.in_force


def test_units_below_are_those_of_the_day(publish: Publish) -> None:
    store = publish(
        confirmed=DECISION
        + agency("new", "2022-01-01")
        + event("e", "hop-nhat", "agency:old", "agency:new", "2022-01-01")
        + "agency:old org:subOrganizationOf agency:city . agency:new org:subOrganizationOf agency:city ."
    )

    def below(on: date) -> list[str | None]:
        city = NamedNode(f"{DEFAULT_BASE}id/agency/city")
        return [one.label for one in portfolio.of(store, city, as_of=on, subunits=True).subunits]

    assert below(date(2021, 12, 31)) == ["Sở cũ"]
    assert below(date(2022, 1, 1)) == ["new"]


def test_a_review_looks_at_everything_and_cuts_its_lists(publish: Publish) -> None:
    review = leads.review(publish(confirmed=DECISION), as_of=date(2021, 1, 1), limit=1)
    assert (review.checked, len(review.without), review.truncated) == (3, 1, True)


def test_a_cycle_of_successions_ends(publish: Publish) -> None:
    store = publish(
        confirmed=DECISION
        + duty("r", "old", "task:t1")
        + agency("x", "2022-01-01", "2023-01-01")
        + event("e1", "hop-nhat", "agency:old", "agency:x", "2022-01-01")
        + event("e2", "hop-nhat", "agency:x", "agency:old", "2023-01-01")
    )
    assert len(ask(store, "task", "t1", "2024-01-01").responsibilities) == 1


def test_own_before_group_before_set_role_by_role(publish: Publish) -> None:
    store = publish(
        confirmed=DECISION
        + duty("of-set", "old", "set:s")
        + duty("set-coordinates", "other", "set:s", "phoi-hop")
        + duty("of-group", "other", "group:g")
    )
    answer = ask(store, "indicator", "i", "2021-01-01")
    assert holders(answer) == [("chu-tri", "Sở khác"), ("phoi-hop", "Sở khác")]
    assert [one.inherited_from.label if one.inherited_from else None for one in answer.responsibilities] == [
        "Nhóm",
        "Bộ",
    ]
    assert {one.verification for one in answer.responsibilities} == {"inferred"}
    assert [gap.code for gap in answer.gaps] == ["inherited-only"]


def test_a_duty_given_to_somebody_else_later_is_not_inherited(publish: Publish) -> None:
    store = publish(
        confirmed=DECISION
        + duty("r", "old", "task:t1")
        + duty("later", "other", "task:t1", since="2022-06-01")
        + agency("new", "2022-01-01")
        + event("e", "hop-nhat", "agency:old", "agency:new", "2022-01-01")
    )
    answer = ask(store, "task", "t1", "2023-01-01")
    assert holders(answer) == [("chu-tri", "Sở khác")]
    assert [one.named.label for one in answer.ended] == ["Sở cũ"]


def test_two_leads_of_one_thing_are_a_conflict_two_tasks_of_one_set_are_not(publish: Publish) -> None:
    store = publish(
        confirmed=DECISION
        + duty("a", "old", "task:t1")
        + duty("b", "other", "task:t1")
        + 'task:t2 a chiso:Task ; skos:prefLabel "Việc hai"@vi ; chiso:concerns set:s ; chiso:basis decision:d1 .\n'
        + 'task:t3 a chiso:Task ; skos:prefLabel "Việc ba"@vi ; chiso:concerns set:s ; chiso:basis decision:d1 .\n'
        + duty("c", "old", "task:t2")
        + duty("d", "other", "task:t3")
    )
    review = leads.review(store, as_of=date(2021, 1, 1))
    assert [conflict.thing.label for conflict in review.several] == ["Việc một"]
    assert "Chỉ số" not in {thing.label for thing in review.without}


def test_before_anything_is_known_the_answer_says_so(publish: Publish) -> None:
    store = publish(confirmed=DECISION + duty("r", "old", "task:t1"))
    answer = ask(store, "task", "t1", "1999-01-01")
    assert answer.responsibilities == []
    assert [gap.code for gap in answer.gaps] == ["before-first-known"]
    assert "1/1/2020" in answer.gaps[0].vi


def test_a_decision_that_ended_ends_what_it_assigned(publish: Publish) -> None:
    ended = DECISION.replace(
        f"chiso:validFrom {day('2020-01-01')} .",
        f"chiso:validFrom {day('2020-01-01')} ; chiso:validTo {day('2021-01-01')} .",
        1,
    )
    store = publish(confirmed=ended + duty("r", "old", "task:t1"))
    answer = ask(store, "task", "t1", "2021-06-01")
    assert answer.responsibilities == []
    assert [one.iri.rpartition("/")[2] for one in answer.ended] == ["r"]


def test_the_day_may_be_surer_or_less_sure_than_the_duty(publish: Publish) -> None:
    timeless = duty("r", "old", "task:t1").replace(f" ; chiso:validFrom {day('2020-01-01')}", "")
    store = publish(confirmed=DECISION + timeless, inferred=f"responsibility:r chiso:validFrom {day('2020-01-01')} .")
    (one,) = ask(store, "task", "t1", "2021-06-01").responsibilities
    assert (one.verification, one.valid_from_verification, one.valid_from) == (
        "confirmed",
        "inferred",
        date(2020, 1, 1),
    )


def test_the_role_is_a_filter(publish: Publish) -> None:
    store = publish(confirmed=DECISION + duty("r", "old", "task:t1") + duty("p", "other", "task:t1", "phoi-hop"))
    assert holders(ask(store, "task", "t1", "2021-01-01", role="phoi-hop")) == [("phoi-hop", "Sở khác")]


@pytest.mark.parametrize("kind", ["decision", "agency"])
def test_a_unit_is_told_apart_from_what_is_assigned(publish: Publish, kind: str) -> None:
    store = publish(confirmed=DECISION + duty("r", "old", "task:t1"))
    answer = ask(store, kind, "d1" if kind == "decision" else "old", "2021-01-01")
    assert (len(answer.responsibilities) == 1) is (kind == "decision")
    assert ("is-a-unit" in {gap.code for gap in answer.gaps}) is (kind == "agency")
