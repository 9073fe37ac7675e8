"""Publication step by step gives the same as deriving everything anew."""

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from catalogue.graphs import VOCABULARY_GRAPH, source_graph
from catalogue.iri import CODES, PREFIXES, VOCABULARY
from catalogue.publication import BATCH, Lineage, keys, plan, rederived
from catalogue.settings import DEFAULT_BASE
from catalogue.store.embedded import open_memory
from catalogue.store.port import Change


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
THINGS = [thing(f"agency/{letter}") for letter in "abc"]
DAY = word("xsd", "date")
GRAPHS = [source_graph(DEFAULT_BASE, name, "confirmed") for name in "xyz"] + [VOCABULARY_GRAPH]


def literal(text: str) -> Literal:
    return Literal(text, language="vi")


def day(text: str) -> Literal:
    return Literal(text, datatype=DAY)


ANY_TRIPLE = st.one_of(
    st.sampled_from(DECLARED),
    st.builds(Triple, st.sampled_from(THINGS), st.sampled_from([BASIS, REQUIRES]), st.sampled_from(THINGS)),
    st.builds(
        Triple,
        st.sampled_from(THINGS),
        st.just(word("skos", "prefLabel")),
        st.sampled_from(["Sở A", "so a", "Sở B"]).map(literal),
    ),
    st.builds(
        Triple,
        st.sampled_from(THINGS),
        st.just(word("rdf", "type")),
        st.sampled_from([word("cv", "PublicOrganisation"), word("org", "ChangeEvent")]),
    ),
    st.builds(
        Triple,
        st.sampled_from(THINGS),
        st.sampled_from([word("chiso", "validFrom"), word("chiso", "validTo"), word("dct", "date")]),
        st.sampled_from(["2020-01-01", "2025-03-01"]).map(day),
    ),
    st.builds(
        Triple,
        st.sampled_from(THINGS),
        st.sampled_from([word("org", "originalOrganization"), word("org", "resultingOrganization")]),
        st.sampled_from(THINGS),
    ),
)
REPLACEMENT = st.dictionaries(st.sampled_from(GRAPHS), st.sets(ANY_TRIPLE, max_size=8), min_size=1)


@settings(max_examples=150, deadline=None)
@given(st.lists(REPLACEMENT, min_size=1, max_size=5))
def test_step_by_step_equals_all_at_once(replacements: list[Mapping[NamedNode, set[Triple]]]) -> None:
    store = open_memory()
    for replaced in replacements:
        store.apply(plan(store, replaced, DEFAULT_BASE))
        for name, triples in replaced.items():
            assert set(store.graph(name)) == triples
        assert rederived(store, DEFAULT_BASE) == Change(add=[], remove=[])


def test_large_replacements_are_asked_for_in_batches() -> None:
    store = open_memory()
    x, y = GRAPHS[:2]
    many = {Triple(thing(f"task/{i}"), BASIS, thing(f"decision/{i}")) for i in range(3 * BATCH)}
    half = {t for t in many if t.subject.value.endswith(("0", "2", "4"))}  # type: ignore[union-attr]
    store.apply(plan(store, {VOCABULARY_GRAPH: DECLARED, x: many, y: half}, DEFAULT_BASE))
    store.apply(plan(store, {x: set()}, DEFAULT_BASE))
    assert {t for t in store.graph(None) if t.predicate == BASIS} == half
    assert rederived(store, DEFAULT_BASE) == Change(add=[], remove=[])


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
