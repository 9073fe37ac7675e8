"""Writing graph by graph: what changes, what is refused, what stays inside."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from catalogue import writing
from catalogue.errors import Conflict, Forbidden, Invalid, LimitReached, NotFound, Unavailable
from catalogue.graphs import derived_graph, source_graph
from catalogue.settings import DEFAULT_BASE, Settings
from catalogue.store.connect import open_reader
from catalogue.store.folder import Folder
from catalogue.writing import Writer, Written
from tests.build.conftest import DEFAULT, INTERNAL, TITLE, G, H, Shop, published, said, writing_to
from tests.build.test_crash import agree


def patch(shop: Shop) -> list[str]:
    newest = sorted(shop.data.glob("changes/*.rdfp.gz"))[-1]
    return gzip.decompress(newest.read_bytes()).decode().splitlines()


def test_put_post_and_delete_say_what_they_did(built: Shop, writer: Writer) -> None:
    first = Folder(built.data).state()
    done = writer.put(G, [said("một")])
    assert done == Written(str(Folder(built.data).state()), created=True, changed=True) and done.state != first
    assert published(built, G) == {said("một")} and said("một") in published(built, None)
    assert patch(built) == [
        f"H id <urn:chiso:state:{done.state}> .",
        f"H prev <urn:chiso:state:{first}> .",
        "TX .",
        f"A {said('một')} {G} .",
        "TC .",
    ]
    assert writer.put(G, [said("một")]) == Written(done.state, created=False, changed=False)
    assert writer.post(G, [said("hai")]).changed and set(writer.graph(G)) == {said("một"), said("hai")}
    assert not writer.put(G, [said("hai")]).created and published(built, G) == {said("hai")}
    assert patch(built)[3] == f"D {said('một')} {G} ."
    back = writer.delete(G)
    assert back.changed and published(built, G) == set() and G not in writer.graph_names()
    record = Folder(built.data).record(back.state)
    assert record is not None and record.digest.startswith(str(first).rpartition("-")[2])  # the same content again
    with pytest.raises(NotFound, match="else"):
        writer.delete(G)
    assert not writer.put(H, []).created
    writer.close()
    agree(built)


def test_the_default_graph_is_published_under_a_name_and_in_the_union(built: Shop, writer: Writer) -> None:
    assert not writer.delete(None).changed
    assert writer.put(None, [said("chung")]).created
    assert writer.graph(None) == writer.graph(DEFAULT) == [said("chung")]
    assert published(built, DEFAULT) == {said("chung")} < published(built, None)
    writer.post(DEFAULT, [said("riêng")])
    assert len(writer.graph(None)) == 2
    writer.delete(None)
    assert published(built, DEFAULT) == set() and said("chung") not in published(built, None)
    writer.close()
    agree(built)


def test_what_the_catalogue_makes_itself_is_not_written(writer: Writer) -> None:
    for name in (derived_graph(DEFAULT_BASE), NamedNode(DEFAULT_BASE + "graph/manifest")):
        for write in (writer.put, writer.post):
            with pytest.raises(Forbidden, match="made by the catalogue"):
                write(name, [said("a")])
        with pytest.raises(Forbidden):
            writer.update(f"INSERT DATA {{ GRAPH {name} {{ <urn:a> <urn:b> <urn:c> }} }}")
    assert writer.graph(NamedNode(DEFAULT_BASE + "graph/manifest")) == []


def test_a_violation_refuses_the_whole_write_and_tells_which(built: Shop, writer: Writer) -> None:
    before = Folder(built.data).state()
    with pytest.raises(Invalid) as caught:
        writer.put(G, [said("sai"), said("đúng")])
    (violation,) = caught.value.details["violations"]
    assert violation["focus"] == DEFAULT_BASE + "id/task/x" and "sai" in violation["vi"]
    with pytest.raises(Invalid):
        writer.update(f"INSERT DATA {{ {said('sai')} }}")
    assert Folder(built.data).state() == before and published(built, G) == set()
    writer.close()
    agree(built)


def shape_of(triples: list[Triple]) -> Dataset:
    dataset = Dataset(Quad(t.subject, t.predicate, t.object) for t in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def test_blank_nodes_survive_and_stay_apart(built: Shop, writer: Writer) -> None:
    node, other = BlankNode("a"), BlankNode("b")
    given = [said("một"), Triple(G, TITLE, node), Triple(node, TITLE, other), Triple(other, TITLE, Literal("x"))]
    writer.put(G, given)
    assert shape_of(writer.graph(G)) == shape_of(given)
    writer.post(G, [Triple(node, TITLE, Literal("y"))])  # a merge: another node, whatever it is called
    assert len({t.subject for t in writer.graph(G) if isinstance(t.subject, BlankNode)}) == 3
    writer.put(H, given)
    nodes = [{t.subject for t in writer.graph(g) if isinstance(t.subject, BlankNode)} for g in (G, H)]
    assert not nodes[0] & nodes[1]
    writer.delete(G)
    assert shape_of(list(published(built, H))) == shape_of(given)
    writer.close()
    agree(built)


MARKER = "dau-hieu-noi-bo-7f3a"


def test_what_is_internal_never_reaches_what_is_published(built: Shop, writer: Writer) -> None:
    """Looked for in the quads and, byte by byte, in the files: what an engine deleted can still lie there."""
    notes = [said(f"{MARKER} {i}", f"task/{MARKER}-{i}") for i in range(50)]
    before = Folder(built.data).state()
    assert writer.put(INTERNAL, notes) == Written(str(before), created=True, changed=True)
    writer.post(INTERNAL, [said(f"{MARKER} nữa")])
    writer.update(
        f"INSERT DATA {{ GRAPH <{DEFAULT_BASE}internal/khac> {{ {said(MARKER)} }} GRAPH {G} {{ {said('mở')} }} }}"
    )
    assert Folder(built.data).state() != before
    writer.delete(INTERNAL)
    writer.put(INTERNAL, notes)
    state = writer.put(H, [said("mở")]).state
    assert set(writer.graph(INTERNAL)) == set(notes)
    writer.close()
    store = open_reader(built.settings())
    for pattern in ("?s ?p ?o", "GRAPH ?g { ?s ?p ?o }"):
        rows = store.select(f"SELECT * {{ {pattern} }}").rows
        assert rows and not [row for row in rows if MARKER in str(row) or "internal" in str(row)]
        assert not [row for row in rows if "contentDigest" in str(row) or "graph/manifest" in str(row)]
    store.close()

    def files_with(folder: Path, mark: str) -> list[str]:
        read: Callable[[Path], bytes] = lambda path: (  # noqa: E731 - one line for two kinds of file
            gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        )
        return [path.name for path in folder.rglob("*") if path.is_file() and mark.encode() in read(path)]

    for mark in (MARKER, "contentDigest", "internal/notes"):
        for place in ("published", "public", "changes"):
            assert files_with(built.data / place, mark) == [], place
        assert files_with(built.data / "store", mark)  # the search does find what is there
    assert files_with(built.data / "published" / state, "https://else.example/h")
    agree(built)


def test_the_patches_lead_from_the_first_state_to_the_last(built: Shop, writer: Writer) -> None:
    followed = {Quad(t.subject, t.predicate, t.object, G) for t in writer.graph(G)}
    for turn in range(3):
        writer.put(G, [said(f"{turn}"), said("chung"), Triple(BlankNode("n"), TITLE, Literal(str(turn)))])
    previous = None
    for path in sorted(built.data.glob("changes/*.rdfp.gz")):
        lines = gzip.decompress(path.read_bytes()).decode().splitlines()
        heads = [line for line in lines if line.startswith("H ")]
        assert previous is None or heads[1] == previous.replace("H id", "H prev")
        previous = heads[0]
        for sign, change in (("D ", followed.discard), ("A ", followed.add)):
            text = "\n".join(line[2:] for line in lines if line.startswith(sign))
            for quad in parse(text, RdfFormat.N_QUADS):
                change(quad)
    assert {quad.triple for quad in followed} == set(writer.graph(G))


def test_only_so_many_patches_and_states_are_kept(built: Shop) -> None:
    with writing_to(built.settings(kept_changes=2, kept_states=2)) as writer:
        states = [writer.put(G, [said(str(turn))]).state for turn in range(4)]
    names = sorted(path.name for path in (built.data / "changes").iterdir())
    assert names == [f"{number:010d}-{states[number - 2]}.rdfp.gz" for number in (4, 5)]
    published = {path.name for path in (built.data / "published").iterdir()}
    assert published == {"current", *states[-2:], *(f"{state}.json" for state in states[-2:])}
    assert len([path for path in (built.data / "secured").iterdir() if path.is_dir()]) == 1


def test_a_state_that_is_read_stays_until_it_is_closed(built: Shop) -> None:
    settings = built.settings(kept_states=1)
    folder = Folder(built.data)
    for turn in range(12):  # so many small files that the engine leaves some closed until a question needs them
        with writing_to(settings) as writer:
            writer.put(G, [said(str(turn))])
    held = str(folder.state())
    (folder.published / "of-somebody-else").mkdir()
    reader = folder.open_published()
    try:
        for turn in range(12, 15):
            with writing_to(settings) as writer:
                writer.put(G, [said(str(turn))])
        # Without its files the engine would answer this with its own errors, without end.
        assert folder.holds(held) and folder.record(held) is not None
        answer = reader.select("SELECT ?o { GRAPH ?g { ?s ?p ?o } } ORDER BY ?o").rows
        assert said("11").object in {value for (value,) in answer}
    finally:
        reader.close()
    with writing_to(settings) as writer:
        last = writer.put(G, [said("15")]).state
    assert {path.name for path in folder.published.iterdir()} == {
        "current",
        last,
        f"{last}.json",
        "of-somebody-else",
    }


def test_a_shipped_source_that_was_written_to_is_not_overwritten(built: Shop) -> None:
    law = source_graph(DEFAULT_BASE, "luat", "confirmed")
    with writing_to(built.settings()) as writer:
        writer.post(law, [said("thêm")])
    assert not built.build().conflicts
    built.write("luat.confirmed.ttl", 'decision:luat dct:title "Luật mới"@vi .\n')
    assert [problem.source for problem in built.build().conflicts] == ["luat"]
    assert said("thêm") in published(built, law)


def test_a_full_disk_changes_nothing(built: Shop, writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    before = Folder(built.data).state()
    for target in ("catalogue.store.journal.write_durably", "catalogue.store.embedded.Embedded.checkpoint"):
        with monkeypatch.context() as patch_, pytest.raises(Unavailable, match="disk is full"):
            patch_.setattr(target, full)
            writer.put(G, [said("một")])
    assert Folder(built.data).state() == before and writer.graph(G) == []
    assert writer.put(G, [said("một")]).changed
    writer.close()
    agree(built)


def test_what_was_accepted_and_not_published_is_told_and_published_next(
    built: Shop, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch_, pytest.raises(Unavailable, match="was accepted"):
        patch_.setattr(Folder, "secure", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        writer.put(G, [said("một")])
    assert published(built, G) == set()
    assert not writer.put(G, [said("một")]).changed
    assert published(built, G) == {said("một")}
    writer.close()
    agree(built)


def test_a_small_catalogue_in_one_call(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    state = writing.make(settings, {G: [said("một")], INTERNAL: [said("riêng")]})
    record = Folder(settings.data).record(state)
    assert record is not None and record.previous is None and record.digest.startswith(state.rpartition("-")[2])
    store = open_reader(settings)
    assert store.graph(G) == [said("một")] and not store.graph(INTERNAL)
    assert store.ask("ASK { GRAPH <https://w3id.org/chiso/ns> { ?term a ?class } }")
    with pytest.raises(Conflict):
        writing.make(settings, {})
    with writing_to(settings) as writer:
        assert writer.graph(INTERNAL) == [said("riêng")]
    (path,) = (settings.data / "changes").iterdir()
    assert gzip.decompress(path.read_bytes()).decode() == f"H id <urn:chiso:state:{state}> .\nTX .\nTC .\n"


def test_a_write_that_would_be_stopped_for_its_time_is_refused_at_once(built: Shop) -> None:
    with writing_to(built.settings().with_options(write_seconds=0.002)) as writer:
        many = [said(f"tên {number}") for number in range(6)]
        with pytest.raises(LimitReached) as refused:
            writer.put(G, many)
        assert refused.value.details["limit"] == "CHISO_WRITE_SECONDS" and "chiso load" in refused.value.en
        assert writer.graph(G) == []
        assert writer.put(G, many[:5]).changed and writer.put(G, [*many[1:5], many[5]]).changed
