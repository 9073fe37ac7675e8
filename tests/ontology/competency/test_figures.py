"""Competency questions 11, 12, 17, 20 and 22: what is connected, targeted, published, unconfirmed, disputed."""

from decimal import Decimal

from catalogue import datasets, observations, statements, targets
from catalogue.store.port import Store
from tests.ontology.competency.conftest import NOW, PLAN_165, at, key

NATIONAL = "indicator:he-thong-bao-cao-quoc-gia."


def test_cq11_what_is_connected_at_the_end_of_may_2022(real: Store) -> None:
    wanted = ["co-quan-ket-noi", "che-do-bao-cao", "chi-tieu-ktxh", "chi-tieu-truc-tuyen"]
    figures = observations.figures(real, [at(NATIONAL + name).value for name in wanted])
    found = {
        (key(figure.indicator.iri).removeprefix(NATIONAL), figure.value)
        for figure in figures
        if figure.period.startswith("2022-05") and "bao-cao-2022" in figure.source.iri
    }
    assert found == {
        ("co-quan-ket-noi", Decimal(75)),
        ("che-do-bao-cao", Decimal(15)),
        ("chi-tieu-ktxh", Decimal(152)),
        ("chi-tieu-truc-tuyen", Decimal(37)),
    }
    assert {key(figure.area.iri) for figure in figures} == {"area:vn"}


def test_cq12_the_targets_of_plan_165_how_strong_and_by_when(real: Store) -> None:
    found = targets.of_plan(real, at(PLAN_165), as_of=NOW)
    numeric = [target for target in found.targets if target.value is not None]
    assert len(found.targets) == 13
    assert {(t.operator, t.value) for t in numeric if t.strength and t.strength.notation == "toi-thieu"} == {
        (">=", Decimal(50)),
        (">=", Decimal(1)),
    }
    assert sum(target.value == 100 for target in numeric) == 6
    assert {target.due for target in found.targets} == {None}
    due_not_found = [gap for gap in found.gaps if gap.property and gap.property.endswith("#due")]
    assert len(due_not_found) == 13


def test_cq17_what_may_be_published_under_which_licence(real: Store) -> None:
    found = datasets.publishable(real)
    units = next(one for one in found if any("vietnamadminunits" in page for page in one.pages))
    assert units.licence is not None
    assert "mit" in units.licence
    assert units.may_be_published
    unlicensed = [one for one in found if not one.may_be_published]
    assert unlicensed
    assert all(one.licence_not_found for one in unlicensed)


def test_cq20_unconfirmed_statements_page_by_page_without_repetition(real: Store) -> None:
    seen: set[tuple[str, str, str]] = set()
    cursor = None
    for _ in range(3):
        page = statements.unconfirmed(real, mark="unverified", limit=50, cursor=cursor)
        assert len(page.statements) == 50
        assert all(one.verification == "unverified" and one.source for one in page.statements)
        rows = {(one.subject.iri, one.predicate.iri, str(one.object)) for one in page.statements}
        assert not rows & seen
        seen |= rows
        cursor = page.next_cursor
    assert "bản gốc" in page.confirm_vi


def test_cq22_two_sources_disagree_and_both_stay(real: Store) -> None:
    found = {key(conflict.indicator.iri): conflict for conflict in observations.conflicts(real)}
    connected = found[NATIONAL + "co-quan-ket-noi"]
    assert {connected.first.value, connected.second.value} == {Decimal(75), Decimal(74)}
    income = next(conflict for name, conflict in found.items() if "grdp" in name)
    assert {income.first.value, income.second.value} == {Decimal(8755), Decimal(8066)}
    assert abs(income.difference) == Decimal(689)
    assert income.first.source != income.second.source


def test_cq12_targets_without_a_document_are_found_by_their_set_and_bear_their_weakest_mark(real: Store) -> None:
    hung_yen = targets.of_plan(real, at("indicator-set:hungyen-ktxh-2026"), as_of=NOW).targets
    ranges = [target for target in hung_yen if target.upper_value is not None]
    assert ranges
    assert all(target.value is not None and target.value < (target.upper_value or 0) for target in ranges)
    ha_noi = targets.of_plan(real, at("indicator-set:hanoi-ktxh-2026"), as_of=NOW).targets
    growth = next(target for target in ha_noi if target.value == 11)
    assert growth.verification == "unverified", "whether the target is 11 % or at least 11 % is not settled"
