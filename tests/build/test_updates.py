"""SPARQL updates: which graphs they change, whom they may call, what they see."""

import pytest
from pyoxigraph import Literal, NamedNode

from catalogue.errors import BadRequest, Forbidden
from catalogue.store.folder import Folder
from catalogue.writing import Writer
from tests.build.conftest import DEFAULT, INTERNAL, TITLE, G, H, Shop, published, said
from tests.build.test_crash import agree

UPDATES: list[tuple[str, dict[NamedNode | None, set[str]]]] = [
    (f"INSERT DATA {{ GRAPH {H} {{ %s }} }}", {G: {"một"}, H: {"mới"}}),
    (f"INSERT DATA {{ %s GRAPH {H} {{ %s }} }}", {None: {"mới"}, G: {"một"}, H: {"mới"}}),
    (f"WITH {G} DELETE {{ ?s ?p ?o }} INSERT {{ %s }} WHERE {{ ?s ?p ?o }}", {G: {"mới"}}),
    (f"DELETE WHERE {{ GRAPH {G} {{ ?s ?p ?o }} }}", {G: set()}),
    (
        "DELETE { GRAPH ?g { ?s ?p ?o } } INSERT { GRAPH ?g { %s } } WHERE { GRAPH ?g { ?s ?p ?o FILTER(?o = 'một'@vi) } }",
        {G: {"mới"}},
    ),
    (f"CLEAR GRAPH {G}", {G: set()}),
    (f"DROP GRAPH {G}", {G: set()}),
    (f"DROP SILENT GRAPH {H}", {G: {"một"}}),
    (f"CREATE GRAPH {H}", {G: {"một"}, H: set()}),
    (f"COPY {G} TO {H}", {G: {"một"}, H: {"một"}}),
    (f"MOVE {G} TO {H}", {G: set(), H: {"một"}}),
    (f"ADD {G} TO DEFAULT", {None: {"một"}, G: {"một"}}),
    ("PREFIX g: <https://else.example/> INSERT DATA { GRAPH g:h { %s } }", {G: {"một"}, H: {"mới"}}),
    ("BASE <https://else.example/> INSERT DATA { GRAPH <h> { %s } }", {G: {"một"}, H: {"mới"}}),
    ("INSERT DATA { GRAPH <https://else.example/\\u0068> { %s } }", {G: {"một"}, H: {"mới"}}),
    (f"INSERT DATA {{ GRAPH {H} {{ %s }} }} ; DROP GRAPH {G}", {G: set(), H: {"mới"}}),
]


@pytest.mark.parametrize(("text", "expected"), UPDATES, ids=[text[:60] for text, _ in UPDATES])
def test_updates(built: Shop, writer: Writer, text: str, expected: dict[NamedNode | None, set[str]]) -> None:
    writer.put(G, [said("một")])
    asked: list[str | None] = []
    writer.update(text.replace("%s", str(said("mới"))), may_write=asked.append)
    for graph, words in expected.items():
        assert {t.object.value for t in writer.graph(graph) if isinstance(t.object, Literal)} == words, graph
    changed = {g for g, words in expected.items() if words != ({"một"} if g == G else set())}
    made = {H.value} if text.startswith("CREATE") else set()
    assert set(asked) == {None if g is None else g.value for g in changed} | made
    writer.close()
    agree(built)


def test_an_update_of_everything(built: Shop, writer: Writer) -> None:
    writer.put(INTERNAL, [said("riêng")])
    writer.update("DROP ALL")
    assert writer.graph_names() == [] and published(built, None) == set()
    writer.close()
    agree(built)


def test_using_is_what_the_protocol_says(writer: Writer) -> None:
    writer.put(G, [said("một")])
    writer.update(f"INSERT {{ GRAPH {H} {{ ?s ?p ?o }} }} WHERE {{ ?s ?p ?o }}")
    assert writer.graph(H) == []
    writer.update(f"INSERT {{ GRAPH {H} {{ ?s ?p ?o }} }} WHERE {{ ?s ?p ?o }}", using=[G.value])
    assert writer.graph(H) == [said("một")]
    writer.update("INSERT { ?s ?p ?g } WHERE { GRAPH ?g { ?s ?p ?o } }", using=[G.value], using_named=[H.value])
    assert [t.object for t in writer.graph(None)] == [H]
    writer.put(None, [said("một")])
    writer.update("DELETE WHERE { ?s ?p ?o }", using=[G.value])
    assert writer.graph(None) == [] and writer.graph(G)
    for text in (f"WITH {G} DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}", f"INSERT {{}} USING {G} WHERE {{}}"):
        with pytest.raises(BadRequest, match="using-graph-uri"):
            writer.update(text, using=[H.value])
    with pytest.raises(BadRequest):
        writer.update("INSERT {} WHERE {}", using=["a> <b"])


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <http://127.0.0.1:1/x>",
        "load silent <http://127.0.0.1:1/x> into graph <urn:g>",
        "INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "INSERT { ?s ?p ?o } WHERE { \\u0053ERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "INSERT {?s ?p ?o} WHERE {?s ?p ?o FILTER EXISTS{service<http://127.0.0.1:1/>{?a ?b ?c}}}",
    ],
)
def test_an_update_never_calls_out(writer: Writer, text: str) -> None:
    with pytest.raises(Forbidden, match="other servers"):
        writer.update(text)


def test_words_in_strings_names_and_comments_call_nobody(writer: Writer) -> None:
    text = (
        f"# LOAD\nPREFIX service: <urn:load> INSERT DATA {{ GRAPH {G} {{ service:load service:service 'SERVICE' }} }}"
    )
    assert writer.update(text).changed


def test_a_malformed_update_says_where(writer: Writer) -> None:
    with pytest.raises(BadRequest) as caught:
        writer.update("INSERT DATA {\n <urn:a> <urn:b> }")
    assert caught.value.details["line"] == 2
    with pytest.raises(BadRequest, match="without GRAPH"):
        writer.update(f"INSERT DATA {{ GRAPH {DEFAULT} {{ <urn:a> <urn:b> <urn:c> }} }}")


def test_permission_is_asked_before_anything_is_written(built: Shop, writer: Writer) -> None:
    def only_g(graph: str | None) -> None:
        if graph != G.value:
            raise Forbidden("Không.", "No.")

    before = Folder(built.data).state()
    with pytest.raises(Forbidden):
        writer.update(f"INSERT DATA {{ GRAPH {G} {{ {said('a')} }} GRAPH {H} {{ {said('b')} }} }}", may_write=only_g)
    assert Folder(built.data).state() == before and not writer.graph(G)
    writer.update(f"INSERT DATA {{ GRAPH {G} {{ {said('a')} }} }} ; CLEAR SILENT GRAPH {H}", may_write=only_g)
    assert writer.graph(G) == [said("a")]


def test_an_update_without_the_right_to_the_inside_sees_and_changes_nothing_there(writer: Writer) -> None:
    writer.put(INTERNAL, [said("riêng")])
    copy = f"INSERT {{ GRAPH {G} {{ ?s ?p ?o }} }} WHERE {{ GRAPH ?any {{ ?s ?p ?o FILTER(?o = 'riêng'@vi) }} }}"
    writer.update(copy, internal=False)
    assert writer.graph(G) == []
    with pytest.raises(Forbidden, match="internal"):
        writer.update(f"INSERT DATA {{ GRAPH {INTERNAL} {{ {said('a')} }} }}", internal=False)
    writer.update(
        f"DROP SILENT GRAPH {INTERNAL} ; DELETE WHERE {{ GRAPH ?g {{ ?s {TITLE} 'Luật'@vi }} }}", internal=False
    )
    assert writer.graph(INTERNAL) == [said("riêng")]
    assert not writer.update(
        "INSERT { GRAPH <urn:g> { ?m ?p ?o } } WHERE { GRAPH ?m { ?s <https://w3id.org/chiso/ns#contentDigest> ?o } BIND(<urn:p> AS ?p) }"
    ).changed
    writer.update(copy)
    assert writer.graph(G) == [said("riêng")]
