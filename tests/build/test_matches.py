"""What accepted mappings make: matches with their inverses, and steps of the lineage; step by step as all at once."""

from collections.abc import Mapping
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from catalogue.graphs import LINEAGE_GRAPH, VOCABULARY_GRAPH, derived_graph, source_graph
from catalogue.iri import CODES, PREFIXES
from catalogue.publication import plan, rederived
from catalogue.settings import DEFAULT_BASE
from catalogue.store.embedded import Embedded, open_memory
from catalogue.store.port import Change
from catalogue.things import withdrawn

DERIVED = derived_graph(DEFAULT_BASE)
ONE, OTHER, THIRD = (source_graph(DEFAULT_BASE, name, "confirmed") for name in ("bo-a", "bo-b", "khac"))


def word(name: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


def thing(name: str) -> NamedNode:
    return NamedNode(f"{DEFAULT_BASE}id/{name}")


DECLARED = {
    Triple(word("sssom:subject_id"), word("rdfs:subPropertyOf"), word("chiso:grounds")),
    Triple(word("sssom:object_id"), word("rdfs:subPropertyOf"), word("chiso:restsOn")),
}
STATUS = {
    name: NamedNode(f"{CODES}mapping-status/{name}") for name in ("candidate", "accepted", "rejected", "withdrawn")
}
NONE = word("sssom:NoTermFound")
LOCAL, NATIONAL = thing("indicator/ha-noi.1"), thing("indicator/quoc-gia.1")
EXACT, BROAD, NARROW = word("skos:exactMatch"), word("skos:broadMatch"), word("skos:narrowMatch")


def mapping(
    key: str = "bo-a.1",
    status: str = "accepted",
    relation: str = "skos:exactMatch",
    ends: tuple[NamedNode, NamedNode] = (LOCAL, NATIONAL),
    **others: Literal | NamedNode,
) -> set[Triple]:
    node = thing(f"mapping/{key}")
    said = {
        "sssom:subject_id": ends[0],
        "sssom:predicate_id": word(relation),
        "sssom:object_id": ends[1],
        "chiso:status": STATUS[status],
        **{
            f"{prefix}:{name}": value for prefixed, value in others.items() for prefix, name in [prefixed.split("_", 1)]
        },
    }
    return {Triple(node, word(name), value) for name, value in said.items()}


def until(day: str) -> Literal:
    return Literal(day, datatype=word("xsd:date"))


def dated(key: str, days: Mapping[str, str]) -> set[Triple]:
    return {Triple(thing(f"mapping/{key}"), word(name), until(day)) for name, day in days.items()}


class Published:
    """A store that holds what was put, and is as if derived anew after every step."""

    def __init__(self) -> None:
        self.store: Embedded = open_memory()
        self.put({VOCABULARY_GRAPH: DECLARED})

    def put(self, replaced: Mapping[NamedNode, set[Triple]], on: str = "2026-03-01") -> Change:
        at = datetime.fromisoformat(f"{on}T05:00:00+00:00")
        change = plan(self.store, replaced, DEFAULT_BASE, at=at)
        self.store.apply(change)
        assert rederived(self.store, DEFAULT_BASE, at=at) == Change(add=[], remove=[])
        return change

    def matches(self, graph: NamedNode | None = DERIVED) -> set[tuple[str, str, str]]:
        return {
            tuple(term.value.rpartition("/")[2].rpartition("#")[2] for term in (t.subject, t.predicate, t.object))  # type: ignore[misc, union-attr]
            for t in self.store.graph(graph)
            if t.predicate.value.endswith("Match")
        }

    def tied(self) -> bool:
        rests = {t for t in self.store.graph(DERIVED) if t.predicate == word("chiso:restsOn")}
        edges = self.store.graph(LINEAGE_GRAPH)
        assert bool(rests) == bool(edges), "the derived graph and the lineage graph say the same"
        return bool(rests)


BOTH_WAYS = {("ha-noi.1", "exactMatch", "quoc-gia.1"), ("quoc-gia.1", "exactMatch", "ha-noi.1")}


@pytest.mark.parametrize(
    ("relation", "inverse"),
    [("exact", "exact"), ("close", "close"), ("broad", "narrow"), ("narrow", "broad"), ("related", "related")],
)
def test_an_accepted_mapping_makes_a_match_and_its_inverse(relation: str, inverse: str) -> None:
    made = Published()
    made.put({ONE: mapping(relation=f"skos:{relation}Match")})
    assert made.matches() == {
        ("ha-noi.1", f"{relation}Match", "quoc-gia.1"),
        ("quoc-gia.1", f"{inverse}Match", "ha-noi.1"),
    }
    assert made.matches(None) == made.matches()
    # What is only related gives no reason to report.
    assert made.tied() == (relation != "related")


@pytest.mark.parametrize(
    "said",
    [
        mapping(status="candidate"),
        mapping(status="rejected"),
        mapping(status="withdrawn"),
        mapping(sssom_predicate_modifier=word("sssom:NegatedPredicate")),
        mapping(sssom_predicate_modifier=Literal("Not")),
        mapping(ends=(LOCAL, NONE)),
        mapping(ends=(NONE, NATIONAL)),
        mapping(ends=(LOCAL, LOCAL)),
        mapping(relation="owl:disjointWith"),
        mapping() | mapping(status="rejected"),
        {t for t in mapping() if t.predicate != word("sssom:object_id")},
        {t for t in mapping() if t.predicate != word("sssom:predicate_id")},
        {t for t in mapping() if t.predicate != word("chiso:status")},
    ],
    ids=lambda _: "said",
)
def test_what_nobody_accepted_or_what_says_no_ties_nothing(said: set[Triple]) -> None:
    made = Published()
    made.put({ONE: said})
    assert not made.matches(None)
    assert not made.tied()


def test_a_decision_brings_the_match_and_another_takes_it_away() -> None:
    made = Published()
    for status, ties in [("candidate", False), ("accepted", True), ("withdrawn", False), ("accepted", True)]:
        made.put({ONE: mapping(status=status)})
        assert (made.matches(None) == BOTH_WAYS) is ties
        assert made.tied() is ties
    made.put({ONE: set()})
    assert not made.matches(None)
    assert not made.tied()


def test_a_mapping_that_ends_makes_no_match_but_is_still_a_step_of_the_lineage() -> None:
    made = Published()
    made.put({ONE: mapping(chiso_validTo=until("2026-01-01"))})
    assert not made.matches()
    assert made.tied()


def test_a_mapping_that_is_still_to_begin_makes_its_match_with_the_first_publication_of_its_time() -> None:
    made = Published()
    begins = mapping(chiso_validFrom=until("2026-07-01"))
    made.put({ONE: begins}, "2026-06-20")
    assert not made.matches(None)
    assert made.tied()
    awaited = Triple(thing("mapping/bo-a.1"), word("dct:available"), until("2026-07-01"))
    assert awaited in set(made.store.graph(DERIVED)) and awaited in set(made.store.graph(None))
    made.put({THIRD: {Triple(LOCAL, word("skos:note"), Literal("x"))}}, "2026-06-30")
    assert not made.matches(None)
    change = made.put({THIRD: set()}, "2026-07-01")
    assert made.matches() == made.matches(None) == BOTH_WAYS
    assert awaited not in set(made.store.graph(None))
    made.store.apply(Change(add=change.remove, remove=change.add))  # taken back, it waits again
    assert not made.matches(None)
    made.put({ONE: mapping(status="withdrawn", chiso_validFrom=until("2026-07-01"))}, "2026-06-30")
    made.put({THIRD: {Triple(LOCAL, word("skos:note"), Literal("y"))}}, "2026-08-01")
    assert not made.matches(None)
    # Put off, and begun before it was entered.
    made.put({ONE: mapping(chiso_validFrom=until("2027-01-01"))}, "2026-08-01")
    assert not made.matches(None)
    made.put({ONE: mapping(chiso_validFrom=until("2026-01-01"))}, "2026-08-01")
    assert made.matches(None) == BOTH_WAYS


def test_a_match_stays_while_any_mapping_makes_it() -> None:
    made = Published()
    made.put({ONE: mapping("bo-a.1"), OTHER: mapping("bo-b.1", ends=(NATIONAL, LOCAL))})
    made.put({ONE: mapping("bo-a.1", status="withdrawn")})
    assert made.matches(None) == BOTH_WAYS
    made.put({OTHER: mapping("bo-b.1", ends=(NATIONAL, LOCAL), status="rejected")})
    assert not made.matches(None)


def test_a_match_that_a_source_says_itself_stays_whatever_becomes_of_the_mapping() -> None:
    made = Published()
    said = Triple(LOCAL, EXACT, NATIONAL)
    made.put({ONE: mapping(), THIRD: {said}})
    made.put({ONE: set()})
    assert made.matches(None) == {("ha-noi.1", "exactMatch", "quoc-gia.1")}
    made.put({ONE: mapping()})
    made.put({THIRD: set()})
    assert made.matches(None) == BOTH_WAYS


def test_what_another_graph_says_of_the_mapping_counts_too() -> None:
    made = Published()
    node = thing("mapping/bo-a.1")
    made.put({ONE: mapping(), OTHER: {Triple(node, word("chiso:status"), STATUS["rejected"])}})
    assert not made.tied()
    made.put({OTHER: set()})
    assert made.tied()
    assert made.matches(None) == BOTH_WAYS


def test_a_change_of_one_mapping_reads_and_writes_nothing_of_the_others() -> None:
    made = Published()
    many = [
        mapping(f"bo-b.{number}", ends=(thing(f"indicator/x.{number}"), thing(f"indicator/quoc-gia.{number % 7}")))
        for number in range(500)
    ]
    made.put({OTHER: set().union(*many)})
    change = made.put({ONE: mapping()})
    assert len(change.add) == 8 + 2 * 2 + 2 * 2 + 2
    assert change.remove == []


def test_a_match_does_not_keep_alive_what_nothing_describes_any_more() -> None:
    made = Published()
    name = Triple(LOCAL, word("skos:prefLabel"), Literal("Tỷ lệ hộ nghèo", language="vi"))
    made.put({THIRD: {name}, ONE: mapping()})
    made.put({THIRD: set()})
    gone = withdrawn(made.store, LOCAL)
    assert made.matches() == BOTH_WAYS
    assert gone is not None
    made.put({THIRD: {name}})
    assert withdrawn(made.store, LOCAL) is None


NODES = [LOCAL, NATIONAL, thing("indicator/hung-yen.1"), NONE]
MAPPINGS = [thing(f"mapping/bo-a.{letter}") for letter in "xy"]
MAPPING_TRIPLE = st.one_of(
    st.builds(
        Triple,
        st.sampled_from(MAPPINGS),
        st.sampled_from([word("sssom:subject_id"), word("sssom:object_id")]),
        st.sampled_from(NODES),
    ),
    st.builds(Triple, st.sampled_from(MAPPINGS), st.just(word("sssom:predicate_id")), st.sampled_from([EXACT, BROAD])),
    st.builds(
        Triple,
        st.sampled_from(MAPPINGS),
        st.just(word("chiso:status")),
        st.sampled_from([STATUS["accepted"], STATUS["rejected"]]),
    ),
    st.builds(Triple, st.sampled_from(NODES), st.sampled_from([EXACT, BROAD, NARROW]), st.sampled_from(NODES)),
)
WHOLE = st.builds(
    lambda key, relation, start, end, days: mapping(key, relation=relation, ends=(start, end)) | dated(key, days),
    st.sampled_from(["bo-a.x", "bo-a.y"]),
    st.sampled_from(["skos:exactMatch", "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch"]),
    st.sampled_from(NODES),
    st.sampled_from(NODES),
    st.dictionaries(
        st.sampled_from(["chiso:validFrom", "chiso:validTo"]),
        st.sampled_from(["2026-02-01", "2026-03-02", "2026-03-03"]),
        max_size=1,
    ),
)
CONTENT = st.builds(
    lambda whole, loose: set().union(*whole, loose), st.lists(WHOLE, max_size=2), st.sets(MAPPING_TRIPLE, max_size=4)
)
STEP = st.dictionaries(st.sampled_from([ONE, OTHER, THIRD]), CONTENT, min_size=1, max_size=2)
VOCABULARY = st.dictionaries(st.just(VOCABULARY_GRAPH), st.sampled_from([frozenset(DECLARED), frozenset()]), max_size=1)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.builds(lambda step, words: step | words, STEP, VOCABULARY), min_size=1, max_size=4))
def test_mappings_step_by_step_equal_all_at_once(steps: list[Mapping[NamedNode, set[Triple]]]) -> None:
    made = Published()
    for day, step in enumerate(steps, 1):
        made.put({graph: set(triples) for graph, triples in step.items()}, f"2026-03-0{day}")
