"""Synthetic data: the same each time, of the size asked for, and with the answers that its samples promise."""

from collections import defaultdict

import pytest
from pyoxigraph import NamedNode, Quad, Triple

from benchmarks import samples, stores, synthetic
from benchmarks.statements import BASE
from catalogue import lineage, portfolio, publication, resolve, responsibility, sources
from catalogue.shipped import GRAPH, ONTOLOGY
from catalogue.store.embedded import Embedded, open_memory
from catalogue.store.port import Store

SMALL = 60_000


@pytest.fixture(scope="module")
def quads() -> list[Quad]:
    """Two cities and the fixed part."""
    return list(synthetic.generate(SMALL))


@pytest.fixture(scope="module")
def store(quads: list[Quad]) -> Embedded:
    """The same with the vocabulary, published as the build publishes."""
    providers, _ = sources.scan(GRAPH, ONTOLOGY)
    vocabulary = next(one for one in providers if one.key == sources.VOCABULARY_KEY)
    graphs: dict[NamedNode, set[Triple]] = defaultdict(set)
    for quad in [*quads, *vocabulary.quads(BASE)]:
        assert isinstance(quad.graph_name, NamedNode)
        graphs[quad.graph_name].add(quad.triple)
    made = open_memory()
    made.load(publication.plan(made, graphs, BASE).add)
    return made


def test_it_says_that_it_is_synthetic(quads: list[Quad]) -> None:
    start = "https://synthetic.chiso.example/"
    assert all(quad.subject.value.startswith(start) for quad in quads if isinstance(quad.subject, NamedNode))
    graphs = {quad.graph_name.value for quad in quads if isinstance(quad.graph_name, NamedNode)}
    assert all(graph.startswith((f"{start}graph/synthetic-", f"{start}graph/sources.synthetic")) for graph in graphs)


def test_it_is_the_same_each_time_and_repeats_nothing(quads: list[Quad]) -> None:
    again = list(synthetic.generate(SMALL))
    assert quads == again
    assert len(set(quads)) == len(quads)
    assert quads != list(synthetic.generate(SMALL, seed=2))


def test_its_parts_have_the_sizes_that_are_counted_with() -> None:
    fixed = [*synthetic.frame(), *synthetic.impact(), *synthetic.portfolio()]
    assert len(fixed) == synthetic.FIXED_TRIPLES
    assert {len(synthetic.City(number, 1).quads) for number in (0, 7)} == {synthetic.CITY_TRIPLES}


@pytest.mark.parametrize("triples", [100_000, 1_000_000, 10_000_000])
def test_it_is_of_the_size_asked_for(triples: int) -> None:
    whole = synthetic.FIXED_TRIPLES + synthetic.cities(triples) * synthetic.CITY_TRIPLES
    assert abs(whole - triples) <= synthetic.CITY_TRIPLES / 2


def test_what_a_store_to_measure_holds_is_what_publication_plans(store: Embedded) -> None:
    made = open_memory()
    stores.fill(made, SMALL)
    assert set(made.engine) == set(store.engine)


@pytest.mark.parametrize("triples", [1_000_000, 10_000_000])
def test_a_large_store_has_300_things_to_ask_about_per_question(triples: int) -> None:
    drawn = samples.samples(triples)
    for many in (drawn.responsibility, drawn.lineage_up, drawn.resolve, drawn.portfolios, drawn.impacts):
        assert len(many) == len(set(many)) == samples.WANTED


def test_the_decision_touches_2000_things(store: Store) -> None:
    sample = samples.samples(SMALL)
    found = lineage.reach(store, sample.impact, up=False, as_of=sample.as_of)
    assert (len(found.distances) - 1, found.truncated) == (sample.impact_size, False)


def test_the_agency_has_200_assignments(store: Store) -> None:
    sample = samples.samples(SMALL)
    agency = NamedNode(sample.portfolio)
    own = portfolio.of(store, agency, as_of=sample.as_of)
    assert (len(own.items), sum(item.inherited for item in own.items)) == (sample.portfolio_size, 120)
    all_of_them = portfolio.of(store, agency, as_of=sample.as_of, subunits=True)
    assert len(all_of_them.items) == sample.portfolio_subunits_size


def test_samples_have_answers(store: Store) -> None:
    sample = samples.samples(SMALL, wanted=40)
    for iri in sample.responsibility:
        answer = responsibility.of(store, NamedNode(iri), as_of=sample.as_of)
        assert any(one.state == "held" for one in answer.responsibilities)
    for iri in samples.undecided(0):
        answer = responsibility.of(store, NamedNode(iri), as_of=sample.as_of)
        assert any(one.state == "to-be-decided" and len(one.candidates) == 2 for one in answer.responsibilities)
    for iri in sample.lineage_up:
        above = lineage.reach(store, iri, up=True, as_of=sample.as_of)
        assert 5 <= len(above.distances) <= 100
        assert any("quyet-dinh" in node for node in above.distances)
    for text in sample.resolve:
        assert resolve.find(store, text, base=sample.base)
    for iri in sample.portfolios:
        assert portfolio.of(store, NamedNode(iri), as_of=sample.as_of).items
    for iri in sample.impacts:
        assert len(lineage.reach(store, iri, up=False, as_of=sample.as_of).distances) > 1
    for start, end in sample.path:
        assert end in lineage.reach(store, start, up=True, as_of=sample.as_of).distances
