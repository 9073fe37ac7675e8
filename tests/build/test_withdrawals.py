"""What is remembered of things that nothing describes any more."""

from collections.abc import Collection
from datetime import UTC, datetime

from pyoxigraph import Literal, NamedNode, Triple

from catalogue.graphs import source_graph, withdrawn_graph
from catalogue.iri import PREFIXES
from catalogue.publication import plan, rederived
from catalogue.settings import DEFAULT_BASE
from catalogue.store.embedded import Embedded, open_memory
from catalogue.store.port import Change
from catalogue.things import withdrawn

X, Y = (source_graph(DEFAULT_BASE, name, "confirmed") for name in "xy")
AT, LATER = datetime(2025, 7, 1, 8, 30, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)


def word(prefix: str, name: str) -> NamedNode:
    return NamedNode(PREFIXES[prefix] + name)


def thing(name: str) -> NamedNode:
    return NamedNode(f"{DEFAULT_BASE}id/indicator/{name}")


OLD, NEW = thing("cu"), thing("moi")
LABEL, REPLACES, REPLACED_BY = word("skos", "prefLabel"), word("dct", "replaces"), word("dct", "isReplacedBy")
NAMED = Triple(OLD, LABEL, Literal("Chỉ số cũ", language="vi"))


def moment(text: str) -> Literal:
    return Literal(text, datatype=word("xsd", "dateTime"))


def gone(at: str = "2025-07-01T08:30:00Z") -> Triple:
    return Triple(OLD, word("chiso", "withdrawn"), moment(at))


class Catalogue:
    """A store to which whole graphs are published."""

    def __init__(self) -> None:
        self.store: Embedded = open_memory()

    def publish(self, graph: NamedNode, triples: Collection[Triple], at: datetime = AT) -> set[Triple]:
        """Replace the graph; what the withdrawn graph then says."""
        self.store.apply(plan(self.store, {graph: triples}, DEFAULT_BASE, at=at))
        assert rederived(self.store, DEFAULT_BASE) == Change(add=[], remove=[])
        return set(self.store.graph(withdrawn_graph(DEFAULT_BASE)))


def test_a_thing_is_withdrawn_when_its_last_statement_leaves_and_not_before() -> None:
    catalogue = Catalogue()
    assert catalogue.publish(X, {NAMED}) == set()
    assert catalogue.publish(Y, {NAMED, Triple(NEW, word("chiso", "basis"), OLD)}) == set()
    assert catalogue.publish(X, set()) == set()
    assert catalogue.publish(Y, {Triple(NEW, word("chiso", "basis"), OLD)}) == {gone()}
    assert not any(t.predicate == word("chiso", "withdrawn") for t in catalogue.store.graph(None))


def test_it_keeps_its_day_and_comes_back_without_a_trace() -> None:
    catalogue = Catalogue()
    catalogue.publish(X, {NAMED})
    catalogue.publish(X, set())
    assert catalogue.publish(Y, {Triple(NEW, LABEL, Literal("Mới", language="vi"))}, LATER) == {gone()}
    assert catalogue.publish(X, {NAMED}, LATER) == set()
    assert catalogue.publish(X, set(), LATER) == {gone("2026-01-01T00:00:00Z")}


def test_what_replaced_it_is_what_a_source_says_now() -> None:
    catalogue = Catalogue()
    catalogue.publish(X, {NAMED, Triple(NEW, LABEL, Literal("Mới", language="vi"))})
    replaced = Triple(OLD, REPLACED_BY, NEW)
    assert catalogue.publish(X, {Triple(NEW, REPLACES, OLD)}) == {gone(), replaced}
    assert catalogue.publish(X, set()) == {gone(), Triple(NEW, gone().predicate, gone().object)}
    assert catalogue.publish(Y, {Triple(NEW, REPLACES, OLD)}) == {gone(), replaced}


def test_a_source_may_say_itself_what_became_of_a_thing_that_it_withdraws() -> None:
    catalogue = Catalogue()
    catalogue.publish(X, {NAMED})
    said = {Triple(OLD, REPLACED_BY, NEW), gone("2024-01-01T00:00:00Z")}
    assert catalogue.publish(X, said) == {gone(), Triple(OLD, REPLACED_BY, NEW)}


def test_what_is_told_of_a_withdrawn_thing() -> None:
    catalogue = Catalogue()
    name = Literal("Chỉ số mới", language="vi")
    catalogue.publish(X, {NAMED, Triple(NEW, LABEL, name)})
    assert withdrawn(catalogue.store, OLD) is None
    catalogue.publish(X, {Triple(NEW, LABEL, name), Triple(NEW, REPLACES, OLD)})
    told = withdrawn(catalogue.store, OLD)
    assert told is not None
    assert (told.iri, told.at) == (OLD.value, AT)
    assert [(one.iri, one.label) for one in told.replaced_by] == [(NEW.value, "Chỉ số mới")]
    assert withdrawn(catalogue.store, NEW) is None
    assert withdrawn(catalogue.store, thing("chua-tung-co")) is None


def test_a_source_may_withdraw_what_was_never_here() -> None:
    catalogue = Catalogue()
    catalogue.publish(X, {gone("2024-01-01T00:00:00"), Triple(OLD, REPLACED_BY, NEW)})
    told = withdrawn(catalogue.store, OLD)
    assert told is not None
    assert told.at == datetime(2023, 12, 31, 17, tzinfo=UTC)
    assert [one.iri for one in told.replaced_by] == [NEW.value]
    catalogue.publish(Y, {NAMED})
    assert withdrawn(catalogue.store, OLD) is None


def test_what_was_only_tried_is_not_remembered_and_what_it_brought_back_is_withdrawn_as_before() -> None:
    catalogue = Catalogue()
    catalogue.publish(X, {NAMED})
    assert catalogue.publish(X, set()) == {gone()}
    tried = plan(catalogue.store, {Y: {NAMED, Triple(NEW, LABEL, Literal("Mới", language="vi"))}}, DEFAULT_BASE)
    catalogue.store.apply(tried)
    assert catalogue.store.graph(withdrawn_graph(DEFAULT_BASE)) == []
    catalogue.store.apply(plan(catalogue.store, {Y: set()}, DEFAULT_BASE, undoing=tried))
    assert catalogue.store.graph(withdrawn_graph(DEFAULT_BASE)) == [gone()]
    assert rederived(catalogue.store, DEFAULT_BASE) == Change(add=[], remove=[])


def test_only_things_of_the_catalogue_are_remembered() -> None:
    catalogue = Catalogue()
    elsewhere = Triple(NamedNode("https://elsewhere.example/a"), LABEL, Literal("A", language="vi"))
    catalogue.publish(X, {elsewhere})
    assert catalogue.publish(X, set()) == set()


def test_edges_and_keys_made_here_describe_nothing() -> None:
    catalogue = Catalogue()
    sub = Triple(word("chiso", "requires"), word("rdfs", "subPropertyOf"), word("chiso", "grounds"))
    catalogue.publish(NamedNode("https://w3id.org/chiso/ns"), {sub})
    catalogue.publish(Y, {Triple(NEW, word("chiso", "requires"), OLD)})
    catalogue.publish(X, {NAMED})
    assert catalogue.publish(X, set()) == {gone()}
