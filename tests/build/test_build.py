"""Building: what goes in, what stays out, what is not loaded again, what is never overwritten."""

from collections.abc import Iterator
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Triple

from catalogue import comparison, manifest
from catalogue.errors import Conflict, Invalid
from catalogue.graphs import LINEAGE_GRAPH, VOCABULARY_GRAPH, derived_graph, manifest_graph, source_graph
from catalogue.publication import rederived
from catalogue.settings import DEFAULT_BASE, Settings
from catalogue.store.connect import open_reader
from catalogue.store.port import Change
from catalogue.writing import Writer
from tests.build.conftest import LAW, PLAN, TITLE, Shop, ask, one_rule, reading, stores
from tests.conftest import SparqlServer

SOURCES = {"vocabulary", "sources.legal", "luat", "ke-hoach", "co-quan"}
THING = DEFAULT_BASE + "id/"


@pytest.fixture(params=["memory", "disk", "remote"])
def settings(request: pytest.FixtureRequest, shop: Shop) -> Settings:
    """Settings of an empty store of each kind."""
    if request.param == "remote":
        server: SparqlServer = request.getfixturevalue("sparql_server")
        server.clear()
        return server.settings(data=shop.data)
    return shop.settings(store=request.param)


def untouched(shop: Shop, settings: Settings) -> bool:
    """Whether deriving everything anew would change nothing."""
    with stores(settings, shop.memory) as (_, public):
        change = rederived(public, settings.base_iri)
        return not change.add and not change.remove


def test_a_first_build_fills_the_store_and_publishes(shop: Shop, settings: Settings) -> None:
    report = shop.build(settings)
    assert set(report.loaded) == SOURCES
    assert not report.rejected and not report.conflicts and report.state
    store = open_reader(settings, shop.memory)
    plan = source_graph(DEFAULT_BASE, "ke-hoach", "confirmed")
    assert set(store.graph_names()) == {
        VOCABULARY_GRAPH,
        LINEAGE_GRAPH,
        derived_graph(DEFAULT_BASE),
        *(() if settings.store == "disk" else (manifest_graph(DEFAULT_BASE),)),
        NamedNode(DEFAULT_BASE + "graph/sources.legal"),
        source_graph(DEFAULT_BASE, "luat", "confirmed"),
        plan,
        source_graph(DEFAULT_BASE, "ke-hoach", "inferred"),
        source_graph(DEFAULT_BASE, "co-quan", "confirmed"),
    }
    for pattern in (
        "task:a chiso:basis decision:ke-hoach",  # the default graph holds what the named graphs hold
        "decision:ke-hoach chiso:restsOn decision:luat",
        f"GRAPH <{DEFAULT_BASE}graph/derived> {{ task:a chiso:restsOn decision:ke-hoach }}",
        'decision:ke-hoach chiso:lookupKey "165 kh ubnd" , "ke hoach"',
        "?h a chiso:Holding ; chiso:named agency:cu ; chiso:holder agency:moi ; chiso:viaEvent event:e",
        f"{plan} a chiso:SourceGraph ; dct:source source:ke-hoach ; chiso:verification <https://w3id.org/chiso/code/verification/confirmed>",
    ):
        assert ask(store, pattern), pattern
    assert not ask(store, "?entry chiso:contentDigest ?digest")  # the manifest stays out of the default graph
    assert untouched(shop, settings)


def test_unchanged_sources_are_not_read_again(shop: Shop, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    first = shop.build(settings)
    monkeypatch.setattr(comparison, "content", lambda *_: pytest.fail("a source was parsed"))
    second = shop.build(settings, check=lambda *_, **__: pytest.fail("shapes were checked"))
    assert set(second.unchanged) == SOURCES and not second.loaded
    assert second.triples == first.triples
    if settings.store == "disk":
        assert second.state == first.state


def test_a_changed_source_replaces_its_graphs_and_nothing_else(shop: Shop, settings: Settings) -> None:
    shop.build(settings)
    shop.write("ke-hoach.confirmed.ttl", 'decision:ke-hoach dct:title "Kế hoạch mới"@vi .\n')
    (shop.root / "graph/legal/ke-hoach.inferred.ttl").unlink()
    report = shop.build(settings)
    assert report.loaded == ("ke-hoach",) and set(report.unchanged) == SOURCES - {"ke-hoach"}
    assert reading(shop, settings, 'decision:ke-hoach dct:title "Kế hoạch mới"@vi ; chiso:lookupKey "ke hoach moi"')
    assert not reading(shop, settings, 'decision:ke-hoach chiso:lookupKey "165 kh ubnd"')
    assert not reading(shop, settings, "?task chiso:basis ?basis")
    assert not reading(shop, settings, "?thing chiso:restsOn decision:luat")
    assert reading(shop, settings, "?h chiso:named agency:cu ; chiso:holder agency:moi")
    assert untouched(shop, settings)


def test_a_statement_of_two_sources_stays_while_one_of_them_holds_it(shop: Shop, settings: Settings) -> None:
    shop.write("khac.unverified.ttl", LAW + TITLE_OF_PLAN)
    shop.build(settings)
    (shop.root / "graph/legal/khac.unverified.ttl").unlink()
    assert shop.build(settings).removed == ("khac",)
    assert reading(shop, settings, 'decision:luat dct:title "Luật"@vi ; chiso:lookupKey "luat"')
    assert not reading(shop, settings, 'decision:ke-hoach chiso:lookupKey "ten khac"')
    assert untouched(shop, settings)


TITLE_OF_PLAN = 'decision:ke-hoach dct:title "Tên khác"@vi .\n'


def test_new_lineage_declarations_derive_every_edge_anew(shop: Shop, settings: Settings) -> None:
    shop.build(settings)
    shop.write(
        "chiso.ttl",
        "chiso:basis rdfs:subPropertyOf chiso:via . chiso:via rdfs:subPropertyOf chiso:grounds .\n",
        folder="ontology",
    )
    assert shop.build(settings).loaded == ("vocabulary",)
    assert reading(shop, settings, "decision:ke-hoach chiso:restsOn task:a")
    assert not reading(shop, settings, "decision:ke-hoach chiso:restsOn decision:luat")
    assert untouched(shop, settings)


def test_a_source_that_violates_a_shape_stays_out_and_the_rest_goes_in(shop: Shop, settings: Settings) -> None:
    shop.write("hong.confirmed.ttl", 'decision:hong dct:title "sai"@vi .\n')
    shop.write("hong.inferred.ttl", 'task:hong skos:prefLabel "đúng"@vi .\n')
    report = shop.build(settings)
    assert report.refused == ("hong",) and set(report.loaded) == SOURCES
    assert "decision/hong" in report.rejected[0].vi and "nhãn không được" in report.rejected[0].vi
    assert not reading(shop, settings, "decision:hong ?p ?o") and not reading(shop, settings, "task:hong ?p ?o")
    assert untouched(shop, settings)


def test_a_source_that_needs_a_rejected_one_falls_too_and_is_told(shop: Shop, settings: Settings) -> None:
    shop.write("luat.confirmed.ttl", 'decision:luat dct:title "sai"@vi .\n')
    report = shop.build(settings)
    assert report.refused == ("luat", "ke-hoach")
    assert "after luat was refused" in report.rejected[1].en
    assert set(report.loaded) == SOURCES - {"luat", "ke-hoach"}
    assert untouched(shop, settings)


def test_a_bad_new_version_leaves_the_old_one(shop: Shop, settings: Settings) -> None:
    shop.build(settings)
    shop.write("luat.confirmed.ttl", 'decision:luat dct:title "sai"@vi .\n')
    report = shop.build(settings)
    assert report.refused == ("luat",) and not report.loaded
    assert reading(shop, settings, 'decision:luat dct:title "Luật"@vi')
    shop.write("luat.confirmed.ttl", 'decision:luat dct:title "Luật sửa"@vi .\n')
    assert shop.build(settings).loaded == ("luat",)


def test_a_refused_source_is_not_checked_again_until_something_changes(shop: Shop, settings: Settings) -> None:
    def fail(*_: Any, **__: Any) -> list[Any]:
        pytest.fail("shapes were checked")

    shop.write("hong.confirmed.ttl", 'decision:hong dct:title "sai"@vi .\n')
    first = shop.build(settings)
    again = shop.build(settings, check=fail)
    assert again.rejected == first.rejected and set(again.unchanged) == SOURCES and not again.loaded
    assert shop.build(settings, check=fail).rejected == first.rejected
    shop.write("luat.confirmed.ttl", 'decision:luat dct:title "Luật sửa"@vi .\n')
    third = shop.build(settings)
    assert third.loaded == ("luat",) and third.refused == ("hong",)
    assert shop.build(settings, check=fail).refused == ("hong",)
    shop.write("luat.confirmed.ttl", 'decision:luat dct:title "sai"@vi .\n')
    assert set(shop.build(settings).refused) == {"hong", "luat"}  # an older version of the law stays in
    assert set(shop.build(settings, check=fail).refused) == {"hong", "luat"}
    shop.write("hong.confirmed.ttl", 'decision:hong dct:title "đúng"@vi .\n')
    shop.write("luat.confirmed.ttl", 'decision:luat dct:title "Luật"@vi .\n')
    assert set(shop.build(settings).loaded) == {"hong", "luat"}
    assert not shop.build(settings, check=fail).rejected
    assert untouched(shop, settings)


def test_malformed_turtle_names_file_line_and_what(shop: Shop, settings: Settings) -> None:
    path = shop.write("hong.confirmed.ttl", 'decision:hong dct:title "a"@vi\n decision:b dct:title "b" .\n')
    report = shop.build(settings)
    (problem,) = report.rejected
    line = len(path.read_text().splitlines())
    assert f"graph/legal/hong.confirmed.ttl, dòng {line}, cột" in problem.vi
    assert (
        f"line {line}, column" in problem.en
        and "dot is expected" in problem.en
        and "“decision:b dct:title" in problem.vi
    )
    assert set(report.loaded) == SOURCES


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("hong.confirmed.ttl", "decision:hong chiso:basis [] .", "blank node"),
        ("hong.sure.ttl", LAW, "no verification mark “sure”"),
        ("Hong.confirmed.ttl", LAW, "does not fit"),
        ("hong.ttl", LAW, "does not fit"),
        ("../hong.confirmed.ttl", LAW, "does not fit"),
        ("../agencies/luat.confirmed.ttl", LAW, "stands in graph/agencies already"),
    ],
)
def test_what_else_keeps_a_source_out(shop: Shop, name: str, text: str, said: str) -> None:
    shop.write(name, text)
    report = shop.build()
    assert said in report.rejected[0].en, report.rejected
    assert len(report.loaded) >= len(SOURCES) - 2


def test_a_file_that_is_not_utf_8(shop: Shop) -> None:
    path = shop.write("hong.confirmed.ttl", "")
    path.write_bytes(b"# hai\n  \xff\xfe")
    assert "line 2, column 3: not UTF-8" in shop.build().rejected[0].en


def local_change(shop: Shop, settings: Settings, source: str = "luat") -> None:
    graph = source_graph(settings.base_iri, source, "confirmed")
    triple = Triple(NamedNode(THING + "decision/luat"), TITLE, Literal("sửa tại chỗ", language="vi"))
    if settings.store == "disk":
        writer = Writer(settings, check=one_rule)
        writer.post(graph, [triple])
        writer.close()
    else:
        with stores(settings, shop.memory) as (store, _):
            store.apply(Change(add=[Quad(triple.subject, triple.predicate, triple.object, graph)]))


def test_a_shipped_source_that_was_changed_locally_is_a_conflict_and_stays(shop: Shop, settings: Settings) -> None:
    shop.build(settings)
    local_change(shop, settings)
    assert not shop.build(settings).conflicts  # the shipped bytes are the same: nothing to decide
    shop.write("luat.confirmed.ttl", 'decision:luat dct:title "Luật mới"@vi .\n')
    report = shop.build(settings)
    assert [problem.source for problem in report.conflicts] == ["luat"] and not report.loaded
    assert "chiso load" in report.conflicts[0].vi
    with stores(settings, shop.memory) as (store, _):
        held = store.graph(source_graph(DEFAULT_BASE, "luat", "confirmed"))
    assert {str(t.object) for t in held if t.predicate == TITLE} == {'"Luật"@vi', '"sửa tại chỗ"@vi'}
    (shop.root / "graph/legal/luat.confirmed.ttl").unlink()
    assert [problem.source for problem in shop.build(settings).conflicts] == ["luat"]


def test_a_graph_that_somebody_else_filled_is_a_conflict(shop: Shop, settings: Settings) -> None:
    shop.build(settings)
    local_change(shop, settings, "thong-tu")
    shop.write("thong-tu.confirmed.ttl", 'decision:thong-tu dct:title "Thông tư"@vi .\n')
    assert [problem.source for problem in shop.build(settings).conflicts] == ["thong-tu"]


class Counting:
    """A source that a loader gives."""

    key = "dem"

    def __init__(self, count: int) -> None:
        self.count = count

    def digest(self) -> str:
        return str(self.count)

    def quads(self, base: str) -> Iterator[Quad]:
        for i in range(self.count):
            yield Quad(
                NamedNode(f"{base}id/area/{i}"), TITLE, Literal(str(i)), source_graph(base, self.key, "inferred")
            )


class Broken(Counting):
    def quads(self, base: str) -> Iterator[Quad]:  # noqa: ARG002 - the protocol's signature
        raise Invalid("Gói khác bản.", "The package is of another release.")


def test_a_loader_s_source_is_built_replaced_and_not_missed(shop: Shop, settings: Settings) -> None:
    assert "dem" in shop.build(settings, extra_sources=(Counting(3),)).loaded
    assert "dem" in shop.build(settings, extra_sources=(Counting(3),)).unchanged
    assert shop.build(settings, extra_sources=(Counting(2),)).loaded == ("dem",)
    assert not reading(shop, settings, f"<{THING}area/2> ?p ?o")
    assert not shop.build(settings).removed
    assert reading(shop, settings, f"<{THING}area/1> ?p ?o")


def test_a_loader_that_fails_is_told_and_the_rest_goes_in(shop: Shop) -> None:
    report = shop.build(extra_sources=(Broken(1),))
    assert report.rejected[0].en == "The package is of another release." and set(report.loaded) == SOURCES


def test_another_base_iri_goes_through_everything(shop: Shop) -> None:
    settings = shop.settings(base_iri="https://so-lieu.hanoi.example/")
    shop.build(settings)
    store = open_reader(settings, shop.memory)
    assert (
        store.ask("ASK { ?s ?p ?o FILTER(CONTAINS(STR(?s), 'chiso.example') || CONTAINS(STR(?o), 'chiso.example')) }")
        is False
    )
    assert store.ask("ASK { <https://so-lieu.hanoi.example/id/task/a> <https://w3id.org/chiso/ns#restsOn> ?o }")
    with pytest.raises(Conflict, match="hanoi") as caught:
        shop.build(shop.settings())
    assert DEFAULT_BASE in caught.value.en and "CHISO_BASE_IRI" in caught.value.vi
    with pytest.raises(Conflict):
        open_reader(shop.settings())


def test_new_rules_of_derivation_derive_anew(shop: Shop, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.build(settings)
    monkeypatch.setattr("catalogue.publication.DERIVATION", 999)
    monkeypatch.setattr("catalogue.publication.fold", lambda text: text.upper())
    assert not shop.build(settings).loaded
    assert reading(shop, settings, 'decision:luat chiso:lookupKey "LUẬT"')
    assert not reading(shop, settings, 'decision:luat chiso:lookupKey "luat"')


def test_the_manifest_tells_what_was_loaded(shop: Shop) -> None:
    report = shop.build()
    with stores(shop.settings()) as (store, _):
        entries = manifest.read(store, DEFAULT_BASE)
    assert set(entries) == SOURCES
    assert sum(entry.statements for entry in entries.values()) == report.triples
    plan = entries["ke-hoach"]
    assert plan.shipped and len(plan.graphs) == 2 and len(plan.content) == 64
    assert PLAN  # two files, one source


def test_a_violation_that_was_there_before_is_nobody_s_fault(shop: Shop) -> None:
    shop.build()
    writer = Writer(shop.settings(), check=lambda *_, **__: [])  # as under older shapes
    graph = NamedNode("https://chiso.example/graph/cu.confirmed")
    writer.put(graph, [Triple(NamedNode(THING + "decision/luat"), TITLE, Literal("sai"))])
    writer.close()
    shop.write("luat.confirmed.ttl", 'decision:luat dct:title "Luật mới"@vi .\n')
    assert shop.build(check=one_rule).loaded == ("luat",)
