"""The loader against what was counted in the release, and against the second list where that is at hand."""

import csv
import shutil
import unicodedata
from collections import Counter
from importlib import metadata
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

from catalogue.errors import Invalid, Unavailable
from catalogue.graphs import source_graph
from catalogue.iri import PREFIXES
from loaders import administrative_units
from loaders.administrative_units import SOURCE, AdministrativeUnits, Corrections

BASE = "https://chiso.example/"
SECOND_LIST = Path(__file__).parents[3] / "shared" / "domain" / "admin-units" / "communes_3321.csv"


def named(prefix: str, name: str) -> NamedNode:
    return NamedNode(PREFIXES[prefix] + name)


def area(key: str) -> NamedNode:
    return NamedNode(f"{BASE}id/area/{key}")


def values(quads: list[Quad], prefix: str, name: str) -> dict[str, str]:
    """subject → value of one property, for properties that every unit has once."""
    predicate = named(prefix, name)
    return {q.subject.value: q.object.value for q in quads if q.predicate == predicate}  # type: ignore[union-attr]


def edges(quads: list[Quad]) -> set[tuple[str, str]]:
    """(old key, new key) of every change that made a unit."""
    made = {q.subject: q.object for q in quads if q.predicate == named("prov", "generated")}
    used = [(q.object, made[q.subject]) for q in quads if q.predicate == named("prov", "used") and q.subject in made]
    start = len(f"{BASE}id/area/")
    return {(old.value[start:], new.value[start:]) for old, new in used}  # type: ignore[union-attr]


def test_units_by_length_of_code_and_edition(quads: list[Quad]) -> None:
    units = {q.subject.value for q in quads if q.object == named("chiso", "AdministrativeUnit")}  # type: ignore[union-attr]
    keys = [unit.removeprefix(f"{BASE}id/area/").partition(".") for unit in units]
    assert Counter((len(code), edition) for code, _, edition in keys) == {
        (2, "truoc-2025-07-01"): 63,
        (3, "truoc-2025-07-01"): 696,
        (5, "truoc-2025-07-01"): 10_035,
        (2, "2025-07-01"): 34,
        (5, "2025-07-01"): 3_321,
    }


def test_kinds_as_counted_in_the_release(quads: list[Quad]) -> None:
    kinds = values(quads, "dct", "type")
    counted = Counter(
        (subject.rpartition(".")[2].startswith("truoc") or "truoc" in subject, kind.rpartition("/")[2])
        for subject, kind in kinds.items()
        if "/id/area/" in subject
    )
    old = {kind: number for (before, kind), number in counted.items() if before}
    new = {kind: number for (before, kind), number in counted.items() if not before}
    assert (old["xa"], old["phuong"], old["thi-tran"], old["huyen-dao"]) == (7_695, 1_724, 616, 5)
    assert (new["xa"], new["phuong"], new["dac-khu"]) == (2_621, 687, 13)


def test_every_unit_has_one_parent_name_kind_and_list(quads: list[Quad]) -> None:
    units = {q.subject for q in quads if q.object == named("chiso", "AdministrativeUnit")}
    nation = area("vn")
    for prefix, name in (
        ("dct", "isPartOf"),
        ("skos", "prefLabel"),
        ("dct", "type"),
        ("skos", "inScheme"),
        ("skos", "notation"),
    ):
        counted = Counter(q.subject for q in quads if q.predicate == named(prefix, name) and q.subject in units)
        assert set(counted) == units
        assert set(counted.values()) == {1}
    parents = {q.object for q in quads if q.predicate == named("dct", "isPartOf")}
    assert parents <= units | {nation}


def test_edges_are_those_of_the_release_without_the_contradicted_ones(quads: list[Quad]) -> None:
    corrections = Corrections.read()
    assert len(corrections.edges) == 33
    communes = {(old, new) for old, new in edges(quads) if len(new) > len("00.2025-07-01")}
    assert len(communes) == 10_602 - 33
    for old, new in corrections.edges:
        assert (f"{old}.truoc-2025-07-01", f"{new}.2025-07-01") not in communes
    for (old, _), (instead, _) in corrections.edges.items():
        for right in instead:
            assert (f"{old}.truoc-2025-07-01", f"{right}.2025-07-01") in communes


def test_homonym_pairs_are_not_split(quads: list[Quad]) -> None:
    pairs = "11890 27691 25462 28924 29734 31246 31714 31268 31666 31378 31657 31379 31582 31438 31741 31474 31744 31480 31669 31483 31606"
    received = Counter(old for old, _ in edges(quads))
    assert {received[f"{code}.truoc-2025-07-01"] for code in pairs.split()} == {1}
    assert received["10798.truoc-2025-07-01"] == 2  # really divided, between xã Hà Nam and xã Kim Thành


def test_a_contradicted_edge_is_told_as_a_note(quads: list[Quad]) -> None:
    notes = [q for q in quads if q.predicate == named("chiso", "note") and "/id/area/" in q.subject.value]  # type: ignore[union-attr]
    assert len(notes) == 33
    assert {q.graph_name for q in notes} == {source_graph(BASE, SOURCE, "unverified")}
    told = [q.object.value for q in notes if q.subject == area("06079.truoc-2025-07-01")]  # type: ignore[union-attr]
    assert len(told) == 1
    assert "06184 Xã Đồng Đăng" in told[0]
    assert "06079 Xã Hồng Phong" in told[0]


def test_old_and_new_units_all_take_part(quads: list[Quad]) -> None:
    of_communes = {(old, new) for old, new in edges(quads) if len(new) == len("00004.2025-07-01")}
    assert len({old for old, _ in of_communes}) == 10_040
    assert len({new for _, new in of_communes}) == 3_321


def test_provinces_63_become_34_and_none_is_divided(quads: list[Quad]) -> None:
    provinces = {(old, new) for old, new in edges(quads) if len(new) == len("01.2025-07-01")}
    assert len(provinces) == len({old for old, _ in provinces}) == 63
    assert len({new for _, new in provinces}) == 34
    assert {old[:2] for old, new in provinces if new == "79.2025-07-01"} == {"74", "77", "79"}


def test_districts_are_abolished_but_for_the_five_islands(quads: list[Quad]) -> None:
    change = NamedNode(f"{BASE}id/area-change/cap-huyen.2025-07-01")
    ended = {q.object for q in quads if q.subject == change and q.predicate == named("prov", "used")}
    assert len(ended) == 696 - 5
    assert area("001.truoc-2025-07-01") in ended
    assert not any(q.subject == change and q.predicate == named("prov", "generated") for q in quads)


def test_every_edge_is_inferred_and_every_name_confirmed(quads: list[Quad]) -> None:
    marks = {
        (q.predicate.value.rpartition("/")[2].rpartition("#")[2], q.graph_name.value.rpartition(".")[2])  # type: ignore[union-attr]
        for q in quads
    }
    assert {mark for name, mark in marks if name in ("used", "generated", "date", "validTo")} == {"inferred"}
    assert {mark for name, mark in marks if name in ("prefLabel", "isPartOf", "validFrom")} <= {"confirmed", "inferred"}
    doubtful = [
        q
        for q in quads
        if q.predicate == named("skos", "notation") and q.graph_name != source_graph(BASE, SOURCE, "confirmed")
    ]
    assert [q.subject for q in doubtful] == [area("06970.2025-07-01")]


def test_another_base_changes_every_iri_of_ours() -> None:
    base = "https://dulieu.example.vn/"
    found = list(AdministrativeUnits().quads(base))
    assert not any("chiso.example" in str(quad) for quad in found)
    assert len(found) > 120_000


def test_digest_is_stable_and_follows_the_corrections(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = AdministrativeUnits().digest()
    assert before == AdministrativeUnits().digest()
    changed = tmp_path / "corrections.csv"
    changed.write_text(administrative_units.CORRECTIONS.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    monkeypatch.setattr(administrative_units, "CORRECTIONS", changed)
    assert AdministrativeUnits().digest() != before


def test_an_absent_package_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(administrative_units, "PACKAGE", "vietnamadminunits-khong-co")
    with pytest.raises(Unavailable, match=r"not installed.*make install"):
        AdministrativeUnits().digest()


def test_another_release_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Other:
        version = "2.0.0"

    monkeypatch.setattr(metadata, "distribution", lambda _name: Other())
    with pytest.raises(Invalid, match=r"release 2\.0\.0; this catalogue knows release 1\.0\.4"):
        AdministrativeUnits().quads(BASE)


@pytest.mark.parametrize("name", ["dataset.db", "converter_2025.json"])
@pytest.mark.parametrize("damage", ["cut", "absent"])
def test_a_damaged_file_is_named(tmp_path: Path, name: str, damage: str) -> None:
    installed = Path(str(metadata.distribution("vietnamadminunits").locate_file("vietnamadminunits"))) / "data"
    for file in ("dataset.db", "converter_2025.json"):
        shutil.copy(installed / file, tmp_path / file)
    if damage == "cut":
        (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:-100])
    else:
        (tmp_path / name).unlink()
    with pytest.raises(Invalid, match=rf"{name}.*--force-reinstall"):
        AdministrativeUnits(tmp_path).quads(BASE)


@pytest.mark.skipif(not SECOND_LIST.exists(), reason="the second list of 3,321 communes is not at hand")
def test_codes_names_and_provinces_agree_with_the_second_list(quads: list[Quad]) -> None:
    """But for the code of xã Ba Chẽ, the place of tone marks, one small letter, and the wards of 30 April 2026."""
    labels, parents = values(quads, "skos", "prefLabel"), values(quads, "dct", "isPartOf")
    with SECOND_LIST.open(encoding="utf-8", newline="") as file:
        rows = {row["code"]: row for row in csv.DictReader(file)}
    ours = {
        iri.rpartition("/")[2][:5]: iri
        for iri in labels
        if iri.endswith(".2025-07-01") and len(iri.rpartition("/")[2]) == 16
    }
    assert len(ours) == len(rows) == 3_321
    assert (ours.keys() - rows.keys(), rows.keys() - ours.keys()) == ({"06970"}, {"06978"})
    differing = {
        c for c in ours.keys() & rows.keys() if without_tones(labels[ours[c]]) != without_tones(rows[c]["full_name"])
    }
    became_wards = "25270 25357 25363 26116 26170 26248 26326 26368 26425 26485"
    assert differing == set(became_wards.split())
    for code in ours.keys() & rows.keys():
        assert parents[ours[code]] == f"{BASE}id/area/{rows[code]['province_code']}.2025-07-01"


TONES = ("\u0300", "\u0301", "\u0303", "\u0309", "\u0323")


def without_tones(name: str) -> str:
    """Small letters without the five tone marks, the vowels kept: where the mark stands is a matter of taste."""
    return "".join(c for c in unicodedata.normalize("NFD", name.lower()) if c not in TONES)
