"""Lineage: cycles, several parents, marks along the path, limits; and paths between two things."""

from datetime import date

from pyoxigraph import NamedNode

from catalogue import lineage, paths
from catalogue.settings import DEFAULT_BASE
from tests.questions.conftest import Publish, day
from tests.questions.test_responsibility import DECISION, agency, duty, event

TODAY = date(2026, 11, 21)


def decision(name: str, *based_on: str, until: str | None = None) -> str:
    basis = "".join(f"; eli:based_on decision:{one} " for one in based_on)
    end = f"; chiso:validTo {day(until)} " if until else ""
    return (
        f'decision:{name} a eli:LegalResource ; eli:type_document doctype:quyet-dinh ; eli:number "{name}" ;'
        f" eli:date_document {day('2020-01-01')} ; eli:passed_by agency:city {basis}{end}.\n"
    )


def node(kind: str, key: str) -> NamedNode:
    return NamedNode(f"{DEFAULT_BASE}id/{kind}/{key}")


def keys(found: lineage.Lineage) -> dict[str, int]:
    return {one.iri.rpartition("/")[2]: one.distance for one in found.nodes}


def test_several_parents_and_a_cycle(publish: Publish) -> None:
    store = publish(confirmed=decision("a", "b", "c") + decision("b", "d") + decision("c", "d") + decision("d", "a"))
    up = lineage.around(store, node("decision", "a"), direction="up", as_of=TODAY)
    assert keys(up) == {"a": 0, "b": -1, "c": -1, "d": -2}
    assert len(up.edges) == 5
    assert not up.truncated


def test_up_and_down_are_told_by_the_sign_of_the_distance(publish: Publish) -> None:
    store = publish(confirmed=decision("a", "b") + decision("b", "c") + decision("c"))
    both = lineage.around(store, node("decision", "b"), direction="both", as_of=TODAY)
    assert keys(both) == {"b": 0, "c": -1, "a": 1}


def test_a_node_bears_the_mark_of_the_best_path_in_the_direction_asked(publish: Publish) -> None:
    store = publish(
        confirmed=decision("a") + decision("b") + decision("c") + "decision:a eli:based_on decision:b .",
        inferred="decision:a eli:based_on decision:c .",
        unverified="decision:b eli:based_on decision:c .",
    )
    up = lineage.around(store, node("decision", "a"), direction="up", as_of=TODAY)
    assert {one.iri.rpartition("/")[2]: one.verification for one in up.nodes} == {
        "a": "confirmed",
        "b": "confirmed",
        "c": "inferred",
    }
    assert [(edge.verification, edge.sources[0].iri.rpartition("/")[2]) for edge in up.edges] == [
        ("confirmed", "test"),
        ("inferred", "test"),
        ("unverified", "test"),
    ]


def test_one_statement_in_two_graphs_is_one_edge_with_the_better_mark(publish: Publish) -> None:
    said = "decision:a eli:based_on decision:b ."
    store = publish(confirmed=decision("a") + decision("b") + said, inferred=said)
    (edge,) = lineage.around(store, node("decision", "a"), direction="up", as_of=TODAY).edges
    assert (edge.verification, len(edge.sources)) == ("confirmed", 2)


def test_a_lapsed_basis_is_shown_as_lapsed(publish: Publish) -> None:
    store = publish(confirmed=decision("a", "b") + decision("b", until="2024-01-01"))
    up = lineage.around(store, node("decision", "a"), direction="up", as_of=TODAY)
    assert [(one.lapsed, one.valid_to) for one in up.nodes if one.distance] == [(True, date(2024, 1, 1))]
    assert up.edges[0].lapsed
    then = lineage.around(store, node("decision", "a"), direction="up", as_of=date(2023, 12, 31))
    assert not then.edges[0].lapsed


def test_limits_are_said(publish: Publish) -> None:
    chain = "".join(decision(f"d{n}", f"d{n + 1}") for n in range(6)) + decision("d6")
    store = publish(confirmed=chain)
    assert lineage.around(store, node("decision", "d0"), direction="up", as_of=TODAY, depth=2).truncated
    few = lineage.around(store, node("decision", "d0"), direction="up", as_of=TODAY, limit=3)
    assert (len(few.nodes), few.truncated) == (3, True)
    assert not lineage.around(store, node("decision", "d0"), direction="up", as_of=TODAY).truncated


def test_an_issuer_is_a_hub_and_no_lineage(publish: Publish) -> None:
    store = publish(confirmed=DECISION + decision("other"))
    found = paths.between(store, node("decision", "d1"), node("decision", "other"), as_of=TODAY)
    assert not found.found
    assert found.sentences == []


def test_from_a_unit_through_its_predecessor_to_the_decision(publish: Publish) -> None:
    store = publish(
        confirmed=DECISION
        + duty("r", "old", "task:t1")
        + agency("new", "2022-01-01")
        + event("e", "hop-nhat", "agency:old", "agency:new", "2022-01-01")
        + decision("top")
        + "decision:d1 eli:based_on decision:top ."
    )
    found = paths.between(store, node("agency", "new"), node("decision", "top"), as_of=TODAY)
    assert found.found
    assert [one.kind for one in found.nodes] == ["agency", "event", "decision", "decision"]
    assert len(found.sentences) == len(found.edges) == 3
    assert found.verification == "confirmed"


def test_the_surer_of_two_chains_wins(publish: Publish) -> None:
    store = publish(
        confirmed=decision("a", "b") + decision("b", "z") + decision("z"),
        unverified="decision:a eli:based_on decision:z .",
    )
    found = paths.between(store, node("decision", "a"), node("decision", "z"), as_of=TODAY)
    assert [one.iri.rpartition("/")[2] for one in found.nodes] == ["a", "b", "z"]
    assert found.verification == "confirmed"


def test_two_things_of_one_set_are_tied_over_it(publish: Publish) -> None:
    store = publish(
        confirmed=DECISION + 'indicator:j a chiso:Indicator ; skos:prefLabel "J"@vi ; skos:inScheme set:s .'
    )
    found = paths.between(store, node("indicator", "i"), node("indicator", "j"), as_of=TODAY)
    assert [one.label for one in found.nodes] == ["Chỉ số", "Bộ", "J"]


def test_a_thing_is_tied_to_itself_without_a_step(publish: Publish) -> None:
    store = publish(confirmed=DECISION)
    found = paths.between(store, node("indicator", "i"), node("indicator", "i"), as_of=TODAY)
    assert (found.found, found.edges) == (True, [])


def test_two_things_that_share_an_agency_alone_are_not_tied(publish: Publish) -> None:
    store = publish(
        confirmed=DECISION
        + decision("d2")
        + 'task:t2 a chiso:Task ; skos:prefLabel "Việc hai"@vi ; chiso:basis decision:d2 .\n'
        + duty("r1", "old", "task:t1")
        + duty("r2", "old", "task:t2", basis="d2")
    )
    found = paths.between(store, node("decision", "d1"), node("decision", "d2"), as_of=TODAY)
    assert not found.found


def test_a_document_is_upcoming_before_the_day_it_bears(publish: Publish) -> None:
    store = publish(confirmed=decision("a", "b") + decision("b"))
    then = lineage.around(store, node("decision", "a"), direction="up", as_of=date(2019, 12, 31))
    assert all(one.upcoming for one in then.nodes)
    assert then.edges[0].upcoming
    assert not any(
        one.upcoming for one in lineage.around(store, node("decision", "a"), direction="up", as_of=TODAY).nodes
    )


def test_lineage_says_what_was_looked_for_in_vain(publish: Publish) -> None:
    store = publish(confirmed=decision("a") + "decision:a chiso:notFound eli:based_on .")
    found = lineage.around(store, node("decision", "a"), direction="up", as_of=TODAY)
    assert [gap.property for gap in found.gaps] == ["http://data.europa.eu/eli/ontology#based_on"]
