"""Publication step by step gives the same as deriving everything anew."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from catalogue.graphs import VOCABULARY_GRAPH, source_graph
from catalogue.iri import CODES, PREFIXES, VOCABULARY
from catalogue.publication import Lineage, keys, plan, rederived
from catalogue.settings import DEFAULT_BASE
from catalogue.store.embedded import Embedded, open_memory
from catalogue.store.port import Change, Pattern, Store


def word(prefix: str, name: str) -> NamedNode:
    return NamedNode(PREFIXES[prefix] + name)


def thing(name: str) -> NamedNode:
    return NamedNode(f"{DEFAULT_BASE}id/{name}")


BASIS, REQUIRES, IN_SCHEME = word("chiso", "basis"), word("chiso", "requires"), word("skos", "inScheme")
SUB = word("rdfs", "subPropertyOf")
DECLARED = [
    Triple(BASIS, SUB, word("chiso", "restsOn")),
    Triple(IN_SCHEME, SUB, word("chiso", "restsOn")),
    Triple(REQUIRES, SUB, word("chiso", "grounds")),
]
THINGS = [thing(f"agency/{letter}") for letter in "abcde"]
NAMELESS = [BlankNode(letter) for letter in "mn"]
NODES = [*THINGS, *NAMELESS]
INTERNAL = NamedNode(f"{DEFAULT_BASE}internal/notes")
AT = datetime(2025, 7, 1, 8, 30, tzinfo=UTC)
DAY = word("xsd", "date")
GRAPHS = [source_graph(DEFAULT_BASE, name, "confirmed") for name in "xyz"] + [VOCABULARY_GRAPH, INTERNAL]


def literal(text: str) -> Literal:
    return Literal(text, language="vi")


def day(text: str) -> Literal:
    return Literal(text, datatype=DAY)


ANY_TRIPLE = st.one_of(
    st.sampled_from(DECLARED),
    st.builds(Triple, st.sampled_from(NODES), st.sampled_from([BASIS, REQUIRES]), st.sampled_from(NODES)),
    st.builds(
        Triple,
        st.sampled_from(NODES),
        st.just(word("skos", "prefLabel")),
        st.sampled_from(["Sở A", "so a", "Sở B"]).map(literal),
    ),
    st.builds(
        Triple,
        st.sampled_from(THINGS),
        st.sampled_from([word("dct", "replaces"), word("dct", "isReplacedBy")]),
        st.sampled_from(NODES),
    ),
)
TYPED = st.builds(
    Triple,
    st.sampled_from(NODES),
    st.just(word("rdf", "type")),
    st.sampled_from([word("cv", "PublicOrganisation"), word("org", "ChangeEvent")]),
)
SUCCESSION = st.one_of(
    TYPED,
    TYPED,
    st.builds(
        Triple,
        st.sampled_from(NODES),
        st.sampled_from([word("chiso", "validFrom"), word("chiso", "validTo"), word("dct", "date")]),
        st.sampled_from(["2020-01-01", "2025-03-01"]).map(day),
    ),
    st.builds(
        Triple,
        st.sampled_from(NODES),
        st.sampled_from([word("org", "originalOrganization"), word("org", "resultingOrganization")]),
        st.sampled_from(NODES),
    ),
)
REPLACEMENT = st.dictionaries(
    st.sampled_from(GRAPHS), st.sets(st.one_of(ANY_TRIPLE, SUCCESSION, SUCCESSION), max_size=12), min_size=1
)


def carry_out(store: Embedded, change: Change) -> None:
    """What `apply` does, also for blank nodes, which no text can name."""
    for quad in change.remove:
        store.engine.remove(quad)
    store.engine.extend(change.add)


@settings(max_examples=200, deadline=None)
@given(st.lists(REPLACEMENT, min_size=1, max_size=5))
def test_step_by_step_equals_all_at_once(replacements: list[Mapping[NamedNode, set[Triple]]]) -> None:
    store = open_memory()
    for replaced in replacements:
        carry_out(store, plan(store, replaced, DEFAULT_BASE, at=AT))
        for name, triples in replaced.items():
            assert set(store.graph(name)) == triples
        assert rederived(store, DEFAULT_BASE) == Change(add=[], remove=[])


class Chain:
    """Agencies of which each passes everything to the next, a hundred of them in a row, beside as many others."""

    def __init__(self) -> None:
        self.lives, self.events = GRAPHS[0], GRAPHS[1]
        self.said: dict[NamedNode, set[Triple]] = {self.lives: set(), self.events: set()}
        for number in range(100):
            self.said[self.lives] |= {
                Triple(thing(f"agency/{name}-{number}"), word("rdf", "type"), word("cv", "PublicOrganisation"))
                for name in ("chain", "alone")
            }
        for number in range(10):
            self.said[self.events] |= self.passes(f"chain-{number}", f"chain-{number + 1}", f"20{number + 10}-01-01")
        self.store = open_memory()
        self.change(self.said)

    @staticmethod
    def passes(old: str, new: str, on: str) -> set[Triple]:
        """The event by which one agency is absorbed by another."""
        event = thing(f"event/{old}.{new}")
        return {
            Triple(event, word("rdf", "type"), word("org", "ChangeEvent")),
            Triple(event, word("dct", "type"), NamedNode(CODES + "change/sap-nhap")),
            Triple(event, word("dct", "date"), day(on)),
            Triple(event, word("org", "originalOrganization"), thing(f"agency/{old}")),
            Triple(event, word("org", "resultingOrganization"), thing(f"agency/{new}")),
        }

    def change(self, replaced: Mapping[NamedNode, set[Triple]]) -> set[str]:
        """Put it into the store; the agencies of which a holding changes."""
        change = plan(self.store, replaced, DEFAULT_BASE, at=AT)
        self.store.apply(change)
        assert rederived(self.store, DEFAULT_BASE) == Change(add=[], remove=[])
        held = {q.subject.value for q in (*change.add, *change.remove) if "#holding" in str(q.subject)}  # type: ignore[union-attr]
        return {iri.partition("#")[0].removeprefix(f"{DEFAULT_BASE}id/agency/") for iri in held}


def test_the_end_of_a_successor_reaches_all_that_it_holds_from_and_nobody_else() -> None:
    chain = Chain()
    ended = Triple(thing("agency/chain-10"), word("chiso", "validTo"), day("2030-01-01"))
    assert chain.change({chain.lives: chain.said[chain.lives] | {ended}}) == {f"chain-{n}" for n in range(11)}


def test_a_new_event_reaches_those_before_it_and_nobody_after() -> None:
    chain = Chain()
    later = Chain.passes("chain-10", "chain-20", "2030-01-01")
    assert chain.change({GRAPHS[2]: later}) == {f"chain-{n}" for n in range(11)}
    assert chain.change({GRAPHS[2]: set()}) == {f"chain-{n}" for n in range(11)}


class Counting:
    """A store that counts the rows it hands out, and answers no query that could read everything."""

    def __init__(self, store: Embedded) -> None:
        self._store = store
        self.rows = 0

    def graph(self, name: NamedNode | None) -> list[Triple]:
        assert name is not None, "the whole union was read"
        found = self._store.graph(name)
        self.rows += len(found)
        return found

    def match(self, patterns: Iterable[Pattern]) -> list[Quad]:
        found = self._store.match(patterns)
        self.rows += len(found)
        return found

    def construct(self, query: str) -> list[Triple]:
        found = self._store.construct(query)
        self.rows += len(found)
        return found


def test_what_is_read_follows_the_change_and_not_the_catalogue() -> None:
    chain = Chain()
    before, after = Counting(chain.store), Counting(chain.store)
    touched = {GRAPHS[2]: {Triple(thing("agency/alone-1"), word("chiso", "validTo"), day("2030-01-01"))}}
    plan(cast(Store, before), touched, DEFAULT_BASE, at=AT)
    more = {
        Triple(thing(f"agency/new-{number}"), word("rdf", "type"), word("cv", "PublicOrganisation"))
        for number in range(1000)
    }
    chain.change({GRAPHS[3]: more})
    plan(cast(Store, after), touched, DEFAULT_BASE, at=AT)
    assert before.rows == after.rows < 20


def test_what_many_statements_of_two_graphs_leave_behind() -> None:
    store = open_memory()
    x, y = GRAPHS[:2]
    many = {Triple(thing(f"task/{i}"), BASIS, thing(f"decision/{i}")) for i in range(1200)}
    half = {t for t in many if t.subject.value.endswith(("0", "2", "4"))}  # type: ignore[union-attr]
    store.apply(plan(store, {VOCABULARY_GRAPH: DECLARED, x: many, y: half}, DEFAULT_BASE))
    store.apply(plan(store, {x: set()}, DEFAULT_BASE))
    assert {t for t in store.graph(None) if t.predicate == BASIS} == half
    assert rederived(store, DEFAULT_BASE) == Change(add=[], remove=[])


def test_a_blank_node_that_two_graphs_hold_stays_while_one_of_them_does() -> None:
    store = open_memory()
    x, y = GRAPHS[:2]
    nameless = {Triple(THINGS[0], BASIS, NAMELESS[0]), Triple(NAMELESS[0], word("skos", "prefLabel"), literal("Sở A"))}
    steps: list[Mapping[NamedNode, set[Triple]]] = [{x: nameless}, {y: nameless}, {x: set()}]
    for replaced in steps:
        carry_out(store, plan(store, replaced, DEFAULT_BASE))
    assert nameless <= set(store.graph(None))
    carry_out(store, plan(store, {y: set()}, DEFAULT_BASE, at=AT))
    assert store.graph(None) == []


def test_what_is_internal_stays_out_of_the_union() -> None:
    store = open_memory()
    store.apply(
        plan(store, {INTERNAL: {Triple(THINGS[0], BASIS, THINGS[1])}, VOCABULARY_GRAPH: DECLARED}, DEFAULT_BASE)
    )
    assert set(store.graph(None)) == set(DECLARED)
    assert store.graph(INTERNAL)


def test_only_things_of_the_catalogue_rest_on_something_and_codes_do_not() -> None:
    lineage = Lineage(DECLARED, DEFAULT_BASE)
    a, b, code = thing("indicator/a"), thing("indicator-set/b"), thing("code/h26")
    concept = NamedNode(CODES + "role/chu-tri")
    rests_on = NamedNode(VOCABULARY + "restsOn")
    assert lineage.edges([Triple(a, IN_SCHEME, b), Triple(b, REQUIRES, a)]) == {Triple(a, rests_on, b)}
    assert not lineage.edges([Triple(code, IN_SCHEME, b), Triple(concept, IN_SCHEME, b), Triple(b, REQUIRES, code)])
    assert not lineage.edges([Triple(a, BASIS, literal("một văn bản")), Triple(a, word("eli", "cites"), b)])


def test_look_up_keys_are_folded_and_belong_to_things_of_the_catalogue() -> None:
    label, number = word("skos", "altLabel"), word("eli", "number")
    found = keys(
        [
            Triple(thing("agency/a"), label, literal("Sở KH&CN")),
            Triple(thing("decision/b"), number, Literal("1012/QĐ-TTg")),
            Triple(thing("decision/b"), number, Literal("…")),
            Triple(NamedNode(CODES + "role/chu-tri"), label, literal("Chủ trì")),
        ],
        DEFAULT_BASE,
    )
    assert {(t.subject, t.object.value) for t in found if isinstance(t.object, Literal)} == {
        (thing("agency/a"), "so kh cn"),
        (thing("decision/b"), "1012 qd ttg"),
        (thing("decision/b"), "1012 qd"),
    }


def test_shorter_forms_of_names_are_look_up_keys_too() -> None:
    label = word("skos", "prefLabel")
    found = keys(
        [
            Triple(thing("area/a"), label, literal("Phường Ba Đình")),
            Triple(thing("agency/b"), label, literal("Ủy ban nhân dân thành phố Hà Nội")),
            Triple(thing("indicator/c"), label, literal("Tổng sản phẩm trên địa bàn (GRDP)")),
        ],
        DEFAULT_BASE,
    )
    assert {t.object.value for t in found if isinstance(t.object, Literal)} == {
        "phuong ba dinh",
        "ba dinh",
        "uy ban nhan dan thanh pho ha noi",
        "uy ban nhan dan ha noi",
        "tong san pham tren dia ban grdp",
        "tong san pham tren dia ban",
        "grdp",
    }
