"""What users load, and backups: which file goes where, what is refused, and the way back."""

import io
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pyoxigraph import NamedNode, RdfFormat, serialize

from catalogue import backup as backing_up
from catalogue import manifest
from catalogue.build import BuildReport, load
from catalogue.errors import Conflict, Invalid, NotFound, Unavailable
from catalogue.graphs import derived_graph, source_graph
from catalogue.settings import DEFAULT_BASE
from catalogue.store.connect import open_reader
from catalogue.store.folder import Folder
from tests.build.conftest import LAW, PREFIXES, Shop, one_rule, stores

NT = '<https://chiso.example/id/decision/{}> <http://purl.org/dc/terms/title> "{}"@vi .\n'
BRING = "https://chiso.example/graph/ban-rieng.unverified"


@pytest.fixture
def built(shop: Shop) -> Shop:
    shop.build()
    return shop


def bring(shop: Shop, *paths: Path, **options: Any) -> BuildReport:
    return load(shop.settings(), paths, say=shop.said.append, check=one_rule, **options)


def titles(shop: Shop, graph: str) -> set[str]:
    store = open_reader(shop.settings())
    query = f"SELECT ?t WHERE {{ GRAPH <{graph}> {{ ?d <http://purl.org/dc/terms/title> ?t }} ?d ?p ?t }}"
    return {row[0].value for row in store.select(query).rows if row[0] is not None}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.ttl", PREFIXES + 'decision:x dct:title "Một"@vi .'),
        ("a.nt", NT.format("x", "Một")),
        ("a.nq", NT.format("x", "Một")),
        ("a.trig", PREFIXES + '{ decision:x dct:title "Một"@vi }'),
        (
            "a.jsonld",
            '{"@id": "https://chiso.example/id/decision/x", "http://purl.org/dc/terms/title": {"@value": "Một", "@language": "vi"}}',
        ),
        (
            "a.rdf",
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dct="http://purl.org/dc/terms/">'
            '<rdf:Description rdf:about="https://chiso.example/id/decision/x"><dct:title xml:lang="vi">Một</dct:title>'
            "</rdf:Description></rdf:RDF>",
        ),
    ],
)
def test_every_format_goes_into_a_source_of_its_own(built: Shop, name: str, text: str) -> None:
    path = built.root / name
    path.write_text(text, encoding="utf-8")
    assert bring(built, path).loaded == ("local-a",)
    assert titles(built, f"{DEFAULT_BASE}graph/local-a.unverified") == {"Một", f"Tệp {name}"}
    assert not built.build().removed  # a user's source is not missed among the shipped ones


def test_a_graph_can_be_named_and_is_replaced_wholly(built: Shop) -> None:
    path = built.root / "a.nt"
    for word in ("Một", "Hai"):
        path.write_text(NT.format("x", word))
        bring(built, path, graph=BRING)
        assert titles(built, BRING) == {word}


def test_quads_stay_in_their_graphs(built: Shop) -> None:
    path = built.root / "a.trig"
    path.write_text(PREFIXES + f'<{BRING}> {{ decision:x dct:title "Một"@vi }}')
    assert bring(built, path).loaded == ("ban-rieng",)
    assert titles(built, BRING) == {"Một"}


def test_standard_input(built: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(NT.format("x", "Một").encode())))
    with pytest.raises(Invalid, match="--format"):
        bring(built, Path("-"))
    assert bring(built, Path("-"), format="nt").loaded == ("local-stdin",)


def test_an_export_of_everything_can_be_loaded_into_a_new_store(built: Shop, tmp_path: Path) -> None:
    store = open_reader(built.settings())
    dump = serialize(store.engine, format=RdfFormat.N_QUADS)  # type: ignore[attr-defined]
    before = {name: set(store.graph(name)) for name in [None, *store.graph_names()]}
    path = built.root / "all.nq"
    path.write_bytes(dump or b"")
    other = Shop(tmp_path / "other")
    (other.root / "graph").mkdir(parents=True)
    other.build()
    bring(other, path)
    after = open_reader(other.settings())
    assert {name: set(after.graph(name)) for name in before} == before


def test_files_named_like_sources_come_with_their_siblings_and_settle_a_conflict(
    built: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = built.root / "rieng.nt"
    changed.write_text(NT.format("luat", "sửa tại chỗ"))
    graph = source_graph(DEFAULT_BASE, "luat", "confirmed").value
    bring(built, changed, graph=graph)
    assert titles(built, graph) == {"sửa tại chỗ"}
    built.write("luat.confirmed.ttl", 'decision:luat dct:title "Luật mới"@vi .\n')
    assert [c.source for c in built.build().conflicts] == ["luat"]
    monkeypatch.setattr("catalogue.arrivals.GRAPH", built.root / "graph")
    report = bring(built, built.root / "graph" / "legal")
    assert report.loaded == ("luat",) and set(report.unchanged) == {"ke-hoach", "sources.legal"}
    assert titles(built, graph) == {"Luật mới"}
    after = built.build()
    assert not after.conflicts and "luat" in after.unchanged


def test_what_is_loaded_again_unchanged_is_said_and_not_checked(built: Shop) -> None:
    def unchecked(*paths: Path, **options: Any) -> BuildReport:
        return load(
            built.settings(), paths, say=built.said.append, check=lambda *_, **__: pytest.fail("checked"), **options
        )

    own = built.root / "rieng.nt"
    own.write_text(NT.format("x", "Một"))
    bring(built, own)
    state = Folder(built.data).state()
    for dry_run in (True, False):
        report = unchecked(own, built.root / "graph" / "legal", dry_run=dry_run)
        assert set(report.unchanged) == {"local-rieng", "luat", "ke-hoach", "sources.legal"} and not report.loaded
    assert Folder(built.data).state() == state
    assert len(built.build(check=lambda *_, **__: pytest.fail("checked")).unchanged) == 5
    (built.root / "graph/legal/ke-hoach.inferred.ttl").unlink()
    assert bring(built, built.root / "graph" / "legal").loaded == ("ke-hoach",)


def test_a_dry_run_checks_and_writes_nothing(built: Shop) -> None:
    before = Folder(built.data).state()
    good, bad = built.root / "tot.nt", built.root / "xau.nt"
    good.write_text(NT.format("x", "Một"))
    bad.write_text(NT.format("y", "sai"))
    report = bring(built, good, bad, dry_run=True)
    assert report.loaded == ("local-tot",) and report.refused == ("local-xau",)
    assert Folder(built.data).state() == before
    assert bring(built, good, bad).loaded == ("local-tot",)
    assert Folder(built.data).state() != before


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.ttl", b"@prefix x: <http://e/> .\nx:a x:b\n", "a.ttl, line"),
        ("a.nq", b"<http://e/a> .\n", "a.nq, line 1"),
        ("a.jsonld", b"[" * 30_000, "nested deeper than 100"),
        ("a.rdf", b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><x/>', "XML entity"),
        ("a.rdf", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x/>', "XML entity"),
        ("a.nt", b"<http://e/a> <http://e/b> _:x .\n", "blank node"),
        ("a.xlsx", b"PK", "format of a.xlsx is not known"),
    ],
)
def test_what_cannot_be_read_is_said(built: Shop, name: str, data: bytes, said: str) -> None:
    (built.root / name).write_bytes(data)
    with pytest.raises(Invalid, match=said):
        bring(built, built.root / name)


def test_other_things_that_cannot_be_loaded(built: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    path = built.root / "a.nt"
    path.write_text(NT.format("x", "Một"))
    with pytest.raises(NotFound):
        bring(built, built.root / "absent.ttl")
    (built.root / "empty").mkdir()
    with pytest.raises(NotFound, match="no RDF file"):
        bring(built, built.root / "empty")
    with pytest.raises(Invalid, match="not an IRI"):
        bring(built, path, graph="không phải")
    with pytest.raises(Invalid, match="made by the catalogue"):
        bring(built, path, graph=derived_graph(DEFAULT_BASE).value)
    monkeypatch.setattr("catalogue.arrivals.LARGEST", 10)
    with pytest.raises(Invalid, match="larger than"):
        bring(built, path)


def test_loading_needs_a_built_store(shop: Shop) -> None:
    path = shop.root / "a.nt"
    path.write_text(NT.format("x", "Một"))
    with pytest.raises(Unavailable, match="chiso serve"):
        bring(shop, path)


def test_a_backup_is_real_files_and_comes_back_whole(built: Shop) -> None:
    path = built.root / "a.nt"
    path.write_text(NT.format("x", "Một"))
    bring(built, path, graph=BRING)
    target = built.root / "copy"
    with stores(built.settings()):  # as while `chiso serve` runs
        state = backing_up.backup(built.settings(), target)
    assert state == Folder(built.data).state()
    assert all(file.stat().st_nlink == 1 for file in target.rglob("*") if file.is_file())
    with pytest.raises(Conflict, match="Move it away"):
        backing_up.restore(built.settings(), target)
    built.data.rename(built.root / "moved")
    backing_up.restore(built.settings(), target)
    assert titles(built, BRING) == {"Một"}
    report = built.build()
    assert not report.loaded and len(report.unchanged) == 5
    assert all(file.stat().st_nlink == 1 for file in target.rglob("*") if file.is_file())


def test_what_backup_and_restore_refuse(built: Shop) -> None:
    with pytest.raises(Invalid, match="exists already"):
        backing_up.backup(built.settings(), built.root)
    with pytest.raises(Unavailable, match="chiso serve"):
        backing_up.backup(built.settings(data=built.root / "none"), built.root / "copy")
    with pytest.raises(Invalid, match="disk store"):
        backing_up.backup(built.settings(store="memory"), built.root / "copy")
    with pytest.raises(NotFound, match="not a backup"):
        backing_up.restore(built.settings(data=built.root / "new"), built.root)
    backing_up.backup(built.settings(), built.root / "copy")
    with pytest.raises(Conflict, match="CHISO_BASE_IRI"):
        backing_up.restore(
            built.settings(data=built.root / "new", base_iri="https://khac.example/"), built.root / "copy"
        )
    occupied = built.root / "occupied"
    occupied.mkdir()
    (occupied / "thesis.odt").write_text("")
    with pytest.raises(Conflict, match="thesis"):
        backing_up.restore(built.settings(data=occupied), built.root / "copy")
    for file in (built.root / "copy" / "store").glob("CURRENT"):
        file.write_text("nonsense\n")
    with pytest.raises(Unavailable):
        backing_up.restore(built.settings(data=built.root / "new"), built.root / "copy")
    assert not Folder(built.root / "new").finished
    backing_up.backup(built.settings(), built.root / "good")
    backing_up.restore(built.settings(data=built.root / "new"), built.root / "good")


def test_a_backup_that_breaks_off_leaves_nothing(built: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("catalogue.backup.shutil.copy", full)
    with pytest.raises(Unavailable, match="disk is full"):
        backing_up.backup(built.settings(), built.root / "copy")
    assert not (built.root / "copy").exists() and not (built.root / ".copy.half").exists()


def test_a_user_s_source_under_a_shipped_key_is_kept(built: Shop) -> None:
    path = built.write("thong-tu.confirmed.ttl", LAW, folder="mine")
    assert bring(built, path).loaded == ("thong-tu",)
    with stores(built.settings()) as (store, _):
        entry = manifest.read(store, DEFAULT_BASE)["thong-tu"]
    assert not entry.shipped and entry.graphs == (NamedNode(f"{DEFAULT_BASE}graph/thong-tu.confirmed"),)
    built.write("thong-tu.confirmed.ttl", 'decision:thong-tu dct:title "Thông tư"@vi .\n')
    assert [c.source for c in built.build().conflicts] == ["thong-tu"]
