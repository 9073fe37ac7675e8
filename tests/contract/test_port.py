"""The store port: every promise of `catalogue.store.port`, on every adapter."""

from threading import Event, Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from catalogue.errors import CatalogueError, Defect, Invalid, Unavailable
from catalogue.store.embedded import Embedded
from catalogue.store.port import Change, Pattern, Solutions, Store

XSD = "http://www.w3.org/2001/XMLSchema#"
G = NamedNode("https://chiso.example/graph/a.confirmed")
H = NamedNode("https://chiso.example/graph/b.inferred")
P = NamedNode("https://w3id.org/chiso/ns#p")


def node(name: object) -> NamedNode:
    return NamedNode(f"https://chiso.example/id/thing/{name}")


def quad(name: object, value: object = "v", graph: NamedNode | None = G) -> Quad:
    term = value if isinstance(value, Literal | NamedNode) else Literal(str(value))
    return Quad(node(name), P, term, graph or DefaultGraph())


def test_a_new_store_is_empty(store: Store) -> None:
    assert store.graph_names() == []
    assert store.graph(None) == []
    assert store.graph(G) == []
    assert store.ask("ASK { ?s ?p ?o }") is False


def test_select_gives_variables_in_order_and_none_where_unbound(store: Store) -> None:
    store.apply(Change(add=[quad("a", "1", None), quad("b", "2", None)]))
    asked = "SELECT ?value ?s ?nothing WHERE { ?s ?p ?value OPTIONAL { ?s <https://chiso.example/no> ?nothing } } ORDER BY ?s"
    answer = store.select(asked)
    assert answer == Solutions(
        ("value", "s", "nothing"), [(Literal("1"), node("a"), None), (Literal("2"), node("b"), None)]
    )


@pytest.mark.parametrize(
    "literal",
    [
        Literal('“Hà Nội”, "thử"\n\r\tdòng \\n hai\u2028', language="vi"),
        Literal("5", datatype=NamedNode(XSD + "integer")),
        Literal("2025-07-01", datatype=NamedNode(XSD + "date")),
        Literal("true", datatype=NamedNode(XSD + "boolean")),
        Literal("<_:a>"),
        Literal("_:a"),
        Literal("a" * 200_000),
    ],
)
def test_texts_are_the_values_of_the_terms(store: Store, literal: Literal) -> None:
    store.load([Quad(NamedNode("https://chiso.example/id/a,b"), P, literal, DefaultGraph())])
    query = f"SELECT ?thing ?none ?value WHERE {{ ?thing {P} ?value }}"
    ((thing, none, value),) = store.select(query).rows
    assert thing is not None
    assert none is None
    assert value is not None
    assert list(store.texts(query)) == [[thing.value, "", value.value]]


def test_ask_and_construct(store: Store) -> None:
    store.apply(Change(add=[quad("a", "1", None), quad("a", "2", None)]))
    assert store.ask(f"ASK {{ {node('a')} ?p ?o }}") is True
    made = store.construct("CONSTRUCT { ?s a <https://chiso.example/T> } WHERE { ?s ?p ?o }")
    kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    assert made == [Triple(node("a"), kind, NamedNode("https://chiso.example/T"))]


def test_a_comment_may_stand_before_a_query(store: Store) -> None:
    store.apply(Change(add=[quad("a", "1", None)]))
    assert store.ask("# Is anything there?\nPREFIX x: <https://chiso.example/>\nASK { ?s ?p ?o }")
    assert len(store.select("# What is there?\n\nSELECT ?s WHERE { ?s ?p ?o }").rows) == 1


def test_the_default_graph_does_not_see_named_graphs(store: Store) -> None:
    store.apply(Change(add=[quad("a", "1", G), quad("b", "2", None)]))
    assert [row[0] for row in store.select("SELECT ?s WHERE { ?s ?p ?o }").rows] == [node("b")]
    assert [row[0] for row in store.select("SELECT ?s WHERE { GRAPH ?g { ?s ?p ?o } }").rows] == [node("a")]
    assert store.graph(None) == [quad("b", "2", None).triple]
    assert store.graph(G) == [quad("a", "1").triple]


def test_graph_names_are_sorted_and_leave_out_empty_graphs(store: Store) -> None:
    store.apply(Change(add=[quad("b", graph=H), quad("a", graph=G)]))
    assert store.graph_names() == [G, H]
    store.apply(Change(remove=[quad("b", graph=H)]))
    assert store.graph_names() == [G]
    store.apply(Change(clear=[G]))
    assert store.graph_names() == []


def test_quads_are_matched_by_pattern_in_every_graph(store: Store) -> None:
    everything = [
        quad("a", "1", G),
        quad("a", "1", H),
        quad("a", "1", None),
        quad("b", node("a"), G),
        quad("c", "2", None),
    ]
    store.apply(Change(add=everything))
    here = DefaultGraph()

    def matched(*patterns: Pattern) -> set[Quad]:
        found = store.match(patterns)
        assert len(found) == len(set(found))
        return set(found)

    assert matched() == set()
    assert matched(Pattern(node("a"), P, Literal("1"))) == set(everything[:3])
    assert matched(Pattern(node("a"), P, Literal("1")), Pattern(node("a"), None, None, G)) == set(everything[:3])
    assert matched(Pattern(node("a"), graph=here), Pattern(node("c"), graph=here)) == {everything[2], everything[4]}
    assert matched(Pattern(object=node("a"))) == {everything[3]}
    assert matched(Pattern(node("b"), P, None, H), Pattern(node("nobody"))) == set()
    assert matched(Pattern(graph=G)) == {everything[0], everything[3]}
    many = [Pattern(node(name), P, Literal("1")) for name in range(1000)]
    assert matched(*many, Pattern(node("a"), P, Literal("1"), H)) == {everything[1]}


def test_a_change_clears_then_removes_then_adds(store: Store) -> None:
    store.apply(Change(add=[quad("a", "old"), quad("b", "old"), quad("c", "old", None), quad("d", graph=H)]))
    store.apply(Change(clear=[G], remove=[quad("c", "old", None), quad("a", "new")], add=[quad("a", "new")]))
    assert store.graph(G) == [quad("a", "new").triple]
    assert store.graph(None) == []
    assert store.graph(H) == [quad("d").triple]


def test_clearing_or_removing_what_is_not_there_is_no_error(store: Store) -> None:
    store.apply(Change(clear=[G], remove=[quad("a")]))
    store.apply(Change())
    assert store.graph_names() == []


def test_a_change_that_cannot_be_made_changes_nothing(store: Store) -> None:
    store.apply(Change(add=[quad("a", "old")]))
    impossible = [quad("n"), Quad(BlankNode(), P, Literal("x"), G)]
    with pytest.raises(Invalid, match="blank"):
        store.apply(Change(clear=[G], add=impossible))
    assert store.graph(G) == [quad("a", "old").triple]


def test_a_change_the_engine_refuses_changes_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second half fails after the first half could have run: the engine must take both back."""
    store.apply(Change(add=[quad("a", "old")]))
    broken = f"CLEAR GRAPH {G} ; INSERT DATA {{ {node('n')} {P} 1 }} ; LOAD <http://127.0.0.1:9/absent>"
    for module in ("embedded", "remote"):
        monkeypatch.setattr(f"catalogue.store.{module}.update_text", lambda _change: broken)
    with pytest.raises(CatalogueError):
        store.apply(Change(add=[quad("b")]))
    assert store.graph(G) == [quad("a", "old").triple]
    assert store.graph(None) == []


@pytest.mark.parametrize(
    "literal",
    [
        Literal("Sở Khoa học và Công nghệ", language="vi"),
        Literal("tỷ đồng tỉ đồng Đ đ"),
        Literal('hai "dấu" và \\ gạch\nxuống\r\tdòng'),
        Literal("a\\u0041 không phải A; \\U0001F600; \\n"),
        Literal("'''\"\"\"}; DROP ALL # "),
        Literal("👩‍🔬 emoji, à tổ hợp, \u2028 \u00a0"),
        Literal(""),
        Literal("2.5", datatype=NamedNode(XSD + "decimal")),
        Literal("2024-06-30", datatype=NamedNode(XSD + "date")),
        Literal("2025-09", datatype=NamedNode(XSD + "gYearMonth")),
        Literal("true", datatype=NamedNode(XSD + "boolean")),
        Literal("POLYGON((0 0))", datatype=NamedNode("https://chiso.example/wkt")),
    ],
    ids=lambda literal: literal.value[:12],
)
def test_terms_come_back_as_they_were(store: Store, literal: Literal) -> None:
    store.apply(Change(add=[quad("a", literal)]))
    store.load([quad("b", literal)])
    assert {t.object for t in store.graph(G)} == {literal}
    assert store.select(f"SELECT ?o WHERE {{ GRAPH {G} {{ {node('a')} ?p ?o }} }}").rows == [(literal,)]
    assert store.construct(
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {G} {{ ?s ?p ?o FILTER(?s = {node('b')}) }} }}"
    ) == [quad("b", literal).triple]
    store.apply(Change(remove=[quad("a", literal), quad("b", literal)]))
    assert store.graph(G) == []


def test_iris_with_vietnamese_letters(store: Store) -> None:
    vietnamese = NamedNode("https://chiso.example/id/thing/Hà-Nội")
    store.apply(Change(add=[Quad(vietnamese, P, vietnamese, NamedNode("https://chiso.example/graph/Hưng-Yên"))]))
    (name,) = store.graph_names()
    assert store.graph(name) == [Triple(vietnamese, P, vietnamese)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), max_size=5))
def test_any_text_survives_the_round_trip(store: Store, texts: list[str]) -> None:
    quads = [quad(i, Literal(text, language="vi")) for i, text in enumerate(texts)]
    store.apply(Change(clear=[G], add=quads))
    assert set(store.graph(G)) == {q.triple for q in quads}


def test_a_large_answer_is_whole(store: Store) -> None:
    store.load(quad(i, f"giá trị {i}") for i in range(25_000))
    assert len(store.graph(G)) == 25_000
    assert len(store.select("SELECT * WHERE { GRAPH ?g { ?s ?p ?o } }").rows) == 25_000
    assert len(store.construct("CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")) == 25_000


def test_readers_see_the_state_before_or_after_a_change(store: Store) -> None:
    old, new = [quad(i, "cũ") for i in range(500)], [quad(i, "mới") for i in range(500)]
    store.apply(Change(add=old))
    done, seen = Event(), []

    def read() -> None:
        while not done.is_set():
            seen.append({t.object.value for t in store.graph(G) if isinstance(t.object, Literal)})

    reader = Thread(target=read)
    reader.start()
    for content in (new, old, new, old, new):
        store.apply(Change(clear=[G], add=content))
    done.set()
    reader.join()
    assert {"mới"} == {t.object.value for t in store.graph(G) if isinstance(t.object, Literal)}
    assert all(values in ({"cũ"}, {"mới"}) for values in seen)


def test_answers_may_be_asked_for_in_many_threads(store: Store) -> None:
    store.apply(Change(add=[quad(i, graph=None) for i in range(100)]))
    answers: list[Solutions] = []
    threads = [Thread(target=lambda: answers.append(store.select("SELECT ?s { ?s ?p ?o }"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(answer.rows) for answer in answers] == [100] * 8


def test_no_update_is_lost_between_threads(store: Store) -> None:
    def write(start: int) -> None:
        for i in range(start, start + 20):
            store.apply(Change(add=[quad(i)]))

    threads = [Thread(target=write, args=(start,)) for start in (0, 100, 200, 300)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.graph(G)) == 80


@pytest.mark.parametrize("ask", ["select", "ask", "construct"])
def test_a_malformed_query_is_invalid(store: Store, ask: str) -> None:
    with pytest.raises(Invalid) as caught:
        getattr(store, ask)("SELECT ?x WHERE { ?x ")
    assert caught.value.vi and caught.value.en


def test_a_query_of_another_form_is_invalid(store: Store) -> None:
    with pytest.raises(Invalid):
        store.select("ASK { ?s ?p ?o }")
    with pytest.raises(Invalid):
        store.ask("SELECT * { ?s ?p ?o }")
    with pytest.raises(Invalid):
        store.construct("SELECT * { ?s ?p ?o }")


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    store.close()
    with pytest.raises(Unavailable, match="closed"):
        store.ask("ASK { ?s ?p ?o }")
    with pytest.raises(Unavailable, match="closed"):
        store.apply(Change(add=[quad("a")]))


def test_a_change_our_own_code_miswrites_is_a_defect(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("embedded", "remote"):
        monkeypatch.setattr(f"catalogue.store.{module}.update_text", lambda _change: "INSERT DATA { nonsense")
    with pytest.raises(Defect):
        store.apply(Change(add=[quad("a")]))


def test_embedded_stores_know_their_place(store: Store) -> None:
    assert not isinstance(store, Embedded) or store.place is None or store.place.is_dir()
