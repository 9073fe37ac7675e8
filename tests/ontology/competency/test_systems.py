"""Competency questions 15 and 16: scenarios, and systems that exchange data."""

from catalogue import scenarios, systems
from catalogue.store.port import Store
from tests.ontology.competency.conftest import NOW, at, key


def test_cq15_no_source_says_that_a_scenario_watches_the_group(real: Store) -> None:
    answer = scenarios.watching(real, at("indicator-group:hanoi-chi-dao.nhom-1"), as_of=NOW)
    assert (answer.scenarios, [gap.code for gap in answer.gaps]) == ([], ["no-scenario"])


def test_cq15_the_three_groups_of_scenarios_of_ha_noi(real: Store) -> None:
    answer = scenarios.watching(real, as_of=NOW)
    assert len(answer.scenarios) == 3
    assert all(watch.watches == [] and watch.triggers == [] for watch in answer.scenarios)


def test_cq16_systems_direction_and_state(real: Store) -> None:
    found = {key(one.iri): one for one in systems.exchanges(real, as_of=NOW)}
    national = found["exchange:quoc-gia.37-chi-tieu-truc-tuyen"]
    assert national.state is not None
    assert national.state.notation == "truc-tuyen"
    planned = found["exchange:hanoi-bao-cao.thanh-pho-chinh-phu"]
    assert planned.state is not None
    assert planned.state.notation == "du-kien"
    assert [key(one.iri).partition(":")[0] for one in planned.what] == ["regime"]
    of_regime = systems.exchanges(real, of=at(key(planned.what[0].iri)), as_of=NOW)
    assert "exchange:hanoi-bao-cao.thanh-pho-chinh-phu" in {key(one.iri) for one in of_regime}
