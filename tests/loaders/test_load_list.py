"""`chiso load --as`: a list goes in as a whole, with its mappings, beside what the catalogue knows; or not at all."""

import json
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, Triple

from catalogue import resolve
from catalogue.errors import CatalogueError, NotFound, TimedOut, TooLarge
from catalogue.iri import node
from catalogue.mapping import records
from catalogue.mapping.exchange import sssom_graph
from catalogue.settings import Settings
from catalogue.store.connect import open_reader
from catalogue.store.port import Store
from cli.load_list import ListOptions, checked
from cli.outcome import WrongUsage
from loaders.annex_mappings import GivenMappings
from loaders.list_graph import Provenance
from loaders.list_plan import Asked, plan
from tests.cli.running import chiso
from tests.loaders.given_lists import SMALL, small
from tests.serving import BASE, folder
from workers import lists

HIGHER = """
@prefix agency: <https://synthetic.example/id/agency/> .
@prefix chiso: <https://w3id.org/chiso/ns#> .
@prefix cv: <http://data.europa.eu/m8g/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix decision: <https://synthetic.example/id/decision/> .
@prefix doctype: <https://w3id.org/chiso/code/doctype/> .
@prefix eli: <http://data.europa.eu/eli/ontology#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix graph: <https://synthetic.example/graph/> .
@prefix indicator: <https://synthetic.example/id/indicator/> .
@prefix level: <https://w3id.org/chiso/code/level/> .
@prefix set: <https://synthetic.example/id/indicator-set/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix source: <https://synthetic.example/id/source/> .
@prefix verification: <https://w3id.org/chiso/code/verification/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
graph:cap-tren.confirmed {
  graph:cap-tren.confirmed a chiso:SourceGraph ; dct:source source:cap-tren ; chiso:verification verification:confirmed .
  source:cap-tren a chiso:Source ; dct:title "Danh mục cấp trên để thử"@vi ; dct:identifier "thử" ;
    chiso:notFound dct:license , chiso:retrieved .
  set:thu-cap-tren a skos:ConceptScheme , chiso:IndicatorSet ; skos:prefLabel "Danh mục cấp trên để thử"@vi ;
    chiso:notFound chiso:basis ; chiso:level level:quoc-gia .
  indicator:thu-cap-tren.0101 a chiso:Indicator ; skos:inScheme set:thu-cap-tren ; skos:notation "0101" ; skos:prefLabel "Một"@vi .
  indicator:thu-cap-tren.0102 a chiso:Indicator ; skos:inScheme set:thu-cap-tren ; skos:notation "0102" ; skos:prefLabel "Hai"@vi .
  indicator:thu-cap-tren.0201 a chiso:Indicator ; skos:inScheme set:thu-cap-tren ; skos:notation "0201" ; skos:prefLabel "Ba"@vi .
  agency:bo-thu a cv:PublicOrganisation ; skos:prefLabel "Bộ Thử"@vi ; chiso:level level:quoc-gia .
  decision:bo-thu.quyet-dinh.2025-12-01.9-qd-bt a eli:LegalResource ; eli:type_document doctype:quyet-dinh ;
    eli:number "9/QĐ-BT" ; eli:date_document "2025-12-01"^^xsd:date ; eli:passed_by agency:bo-thu ;
    dct:title "Ban hành danh mục thử"@vi ; chiso:validFrom "2026-01-01"^^xsd:date .
}
"""
ANNEX = ("--as", "annex", "--set", "tinh-thu", "--title", "Danh mục thử", "--source", "lập ra để thử")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return folder(tmp_path, HIGHER)


def load(settings: Settings, *arguments: str, lang: str = "en") -> Any:
    return chiso("load", *arguments, CHISO_DATA=str(settings.data), CHISO_BASE_IRI=settings.base_iri, CHISO_LANG=lang)


def mappings(store: Store) -> set[tuple[str, str, str, str, str | None]]:
    """(code, relation, code, status, first day) of all mappings of the annex's list."""
    start = len(f"{BASE}id/indicator/")
    found = records.by_status(store, *records.STATUSES)
    return {
        (m.subject[start:], m.relation, m.object[start:], m.status, m.valid_from.isoformat() if m.valid_from else None)
        for m in found
        if "/indicator/tinh-thu." in m.subject
    }


def test_an_annex_goes_in_with_its_mappings_and_is_found_by_code(settings: Settings) -> None:
    annex = str(SMALL / "annex.csv")
    done = load(
        settings, annex, *ANNEX, "--to", "thu-cap-tren", "--decision", "9/QĐ-BT", "--level", "provincial", "--json"
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert {name: told["read"][name] for name in ("rows", "groups", "indicators", "mappings", "candidates")} == {
        "rows": 9,
        "groups": 2,
        "indicators": 4,
        "mappings": 3,
        "candidates": 0,
    }
    assert told["read"]["unresolved"] == ["Sở Thử"]
    assert [one["en"] for one in told["read"]["leftOut"]] == [
        "row 12, column “Mã số ở hệ thống cấp trên”: “xem phụ lục” is no code; left out.",
        "row 9, column “Mã số ở hệ thống cấp trên”: T0103 → 0999: thu-cap-tren has no code 0999; no mapping is made.",
    ]
    store = open_reader(settings)
    assert mappings(store) == {
        ("tinh-thu.0101", "closeMatch", "thu-cap-tren.0101", "accepted", "2026-01-01"),
        ("tinh-thu.0102", "closeMatch", "thu-cap-tren.0102", "accepted", "2026-01-01"),
        ("tinh-thu.0102", "closeMatch", "thu-cap-tren.0201", "accepted", "2026-01-01"),
    }
    (match,) = resolve.find(store, "0101", base=BASE, scheme="tinh-thu")
    assert match.thing.iri == f"{BASE}id/indicator/tinh-thu.0101"
    (match,) = resolve.find(store, "tinh-thu", base=BASE)
    assert match.thing.iri == f"{BASE}id/indicator-set/tinh-thu"
    again = load(settings, annex, *ANNEX, "--to", "thu-cap-tren", "--decision", "9/QĐ-BT", "--level", "provincial")
    assert "2 unchanged" in again.stdout


def test_without_a_decision_a_mapping_is_a_candidate_and_nobody_is_responsible(settings: Settings) -> None:
    done = load(settings, str(SMALL / "annex.csv"), *ANNEX, "--to", "thu-cap-tren", "--match", "exactMatch")
    assert done.returncode == 0, done.stderr
    assert "3 mappings, 3 of them candidates" in done.stdout
    store = open_reader(settings)
    assert mappings(store) == {
        ("tinh-thu.0101", "exactMatch", "thu-cap-tren.0101", "candidate", None),
        ("tinh-thu.0102", "closeMatch", "thu-cap-tren.0102", "candidate", None),  # one code is not two others exactly
        ("tinh-thu.0102", "closeMatch", "thu-cap-tren.0201", "candidate", None),
    }
    assert not store.ask(f"ASK {{ ?any <{node('chiso:for').value}> <{BASE}id/indicator/tinh-thu.0101> }}")


def test_what_was_decided_since_stays_when_the_annex_is_loaded_again(settings: Settings) -> None:
    listing, given = small("annex", "annex.csv"), Provenance("tinh-thu", "lập ra để thử", "Danh mục thử")
    store = open_reader(settings)
    first = plan(store, "annex", listing, given, Asked(to="thu-cap-tren"), base=BASE).work.incoming
    ((_, made),) = first["tinh-thu-thu-cap-tren"].items()
    status, accepted = sssom_graph.STATUS, NamedNode(sssom_graph.STATUS_CODES + "accepted")
    changed = min((t for t in made if t.predicate == status), key=str)
    stored = tuple(t if t != changed else Triple(t.subject, t.predicate, accepted) for t in made)
    from catalogue.mapping.exchange.sssom_graph import read

    again = read(made, NamedNode(f"{BASE}id/mapping-set/tinh-thu-thu-cap-tren"))
    provider = GivenMappings(again, Provenance("tinh-thu-thu-cap-tren", "lập ra để thử"), stored)
    assert provider.decided(BASE) == 1
    kept = {(q.subject, q.object) for q in provider.quads(BASE) if q.predicate == status}
    assert (changed.subject, accepted) in kept and (changed.subject, changed.object) not in kept
    assert len(kept) == 3


def test_a_dry_run_and_a_refused_list_write_nothing(settings: Settings, tmp_path: Path) -> None:
    before = (settings.data / "published" / "current").read_text()
    assert load(settings, str(SMALL / "annex.csv"), *ANNEX, "--dry-run").returncode == 0
    twice = tmp_path / "twice.csv"
    twice.write_text("code,name\nA.B,A\nA.B,B\n")
    done = load(settings, str(twice), "--as", "world-bank", "--set", "wb", "--source", "thử", lang="vi")
    assert done.returncode == 1
    assert done.stderr.strip() == (
        "twice.csv: dòng 3, cột “code”: mã A.B đã có ở dòng 2, cột “code”. Hãy sửa mã, hoặc bỏ dòng trùng."
    )
    assert (settings.data / "published" / "current").read_text() == before


def test_two_lists_of_one_key_are_refused_and_the_same_one_is_replaced(settings: Settings) -> None:
    sdg = str(SMALL / "sdg.csv")
    named = ("--as", "sdg", "--set")
    assert load(settings, sdg, *named, "sdg", "--source", "https://example.org/a").returncode == 0
    other = load(settings, sdg, *named, "sdg", "--source", "https://example.org/b")
    assert other.returncode == 1 and "was loaded from “https://example.org/a”" in other.stderr
    foreign = load(settings, sdg, *named, "thu-cap-tren", "--source", "https://example.org/a")
    assert foreign.returncode == 1 and "stated by the source cap-tren" in foreign.stderr
    weaker = load(settings, sdg, *named, "sdg", "--source", "https://example.org/a", "--mark", "unverified")
    assert weaker.returncode == 0
    names = {name.value for name in open_reader(settings).graph_names()}
    assert f"{BASE}graph/sdg.unverified" in names and f"{BASE}graph/sdg.confirmed" not in names


def test_a_code_list_goes_in_as_codes(settings: Settings) -> None:
    done = load(settings, str(SMALL / "codes.xml"), "--as", "sdmx", "--set", "sdmx-thu", "--source", "thử")
    assert done.returncode == 0, done.stderr
    assert "2 codes" in done.stdout
    (match,) = resolve.find(open_reader(settings), "A1", base=BASE, scheme="sdmx-thu")
    assert match.thing.iri == f"{BASE}id/code/sdmx-thu.A1"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (ListOptions("owl", "a", source="b"), "--as is one of sdg, world-bank, sdmx, annex; got “owl”"),
        (ListOptions("annex", "a"), "--as annex also needs --source, --title"),
        (ListOptions("sdg", "A B", source="b"), "--set has a-z, 0-9 and hyphens only"),
        (ListOptions("sdg", "a", source="b", to="c"), "--to and --match go with --as annex only"),
        (ListOptions("sdg", "a", source="b", mark="sure"), "--mark is one of confirmed"),
        (ListOptions("sdg", "a", source="b", licence="MIT"), "--licence must be a whole IRI"),
        (ListOptions("annex", "a", "b", "c", match="exactMatch"), "--match also needs --to"),
    ],
)
def test_options_that_cannot_be_meant_are_refused(options: ListOptions, said: str) -> None:
    with pytest.raises(WrongUsage) as refused:
        checked(options)
    assert said in refused.value.en


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("--as", "sdg", "--set", "a", "--source", "b", "--graph", "http://a"), 2, "--graph and --format do not go"),
        (("--set", "a"), 2, "--set only goes with --as"),
        (("--as", "sdg", "--set", "a", "--source", "b"), 1, "Columns found:"),
    ],
)
def test_a_wrong_call_says_what_to_do(tmp_path: Path, arguments: tuple[str, ...], status: int, said: str) -> None:
    done = load(folder(tmp_path, HIGHER), str(SMALL / "annex.csv"), *arguments)
    assert (done.returncode, said in done.stderr) == (status, True), done.stderr


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Asked(to="khong-co"), "The catalogue has no scheme “khong-co”"),
        (Asked(to="th"), "“th” may be"),
        (Asked(decision="99/QĐ-XX"), "Nothing in the catalogue is called “99/QĐ-XX”"),
        (Asked(decision="Bộ Thử"), "which is no document"),
    ],
)
def test_what_the_catalogue_does_not_know_is_refused(settings: Settings, asked: Asked, said: str) -> None:
    given = Provenance("tinh-thu", "lập ra để thử", "Danh mục thử")
    with pytest.raises(CatalogueError) as refused:
        plan(open_reader(settings), "annex", small("annex", "annex.csv"), given, asked, base=BASE)
    assert said in refused.value.en


def test_reading_is_bounded_and_a_missing_file_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no file"):
        lists.read("sdg", [tmp_path / "none.csv"], Settings())
    with pytest.raises(TooLarge, match="more than 10 bytes"):
        lists.read("sdg", [SMALL / "sdg.csv"], Settings(table_bytes=10))
    with pytest.raises(TimedOut, match="CHISO_TABLE_SECONDS"):
        lists.read("sdg", [SMALL / "sdg.csv"], Settings(table_seconds=0.001))
    assert lists.read("annex", [SMALL / "annex.csv"], Settings()) == small("annex", "annex.csv")
