"""Competency question 6: which local indicators map to a national code, how exactly, decided by whom and when; and the
other way round. The real graph holds proposals and no decision: the decisions asked about are synthetic, the codes real."""

from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from catalogue import library, lineage, publication, sources, things
from catalogue.graphs import source_graph
from catalogue.mapping import records
from catalogue.settings import DEFAULT_BASE
from catalogue.store.embedded import Embedded, open_memory
from catalogue.store.port import Store
from catalogue.store.remembering import Remembering
from tests.ontology.competency.conftest import NOW, at, key

DECIDED = Path(__file__).parent / "mappings.ttl"
NATIONAL = "indicator:quoc-gia-2010.0101"
LOCAL = "indicator:tinh-2023.dien-tich-va-co-cau-dat"


@pytest.fixture(scope="module")
def mapped(real_store: Embedded) -> Store:
    """The real graph with a set of synthetic decisions, published as every other source is."""
    store = open_memory(real_store.engine)
    graph = source_graph(DEFAULT_BASE, "gia-lap", "confirmed")
    told = {quad.triple for quad in parse(DECIDED.read_bytes(), RdfFormat.TURTLE)}
    told |= sources.self_description(graph, DEFAULT_BASE)
    store.apply(publication.plan(store, {graph: told}, DEFAULT_BASE))
    return Remembering(store)


def asked(store: Store, indicator: str, on: date = NOW, status: str = "all") -> list[dict[str, str | None]]:
    """The rows of the library's query, things as `kind:key` and codes by their last word."""
    text = library.examples()["mappings"].bound({"indicator": indicator, "status": status}, at, on)
    found = store.select(text)
    return [
        {
            variable: key(term.value).rpartition("/")[2].rpartition("#")[2] if term is not None else None
            for variable, term in zip(found.variables, row, strict=True)
        }
        for row in found.rows
    ]


def test_the_real_graph_holds_proposals_of_a_program_and_nobody_decided_any(real: Store) -> None:
    proposed = records.by_status(real, *records.STATUSES)
    assert len(proposed) >= 20
    for one in proposed:
        assert (one.status, one.verification, one.reviewers, one.review_date) == ("candidate", "unverified", (), None)
    (row, *_) = asked(real, "indicator:quoc-gia-2010.0202")
    assert (row["other"], row["match"], row["status"]) == ("indicator:tinh-2023.so-ho", "exactMatch", "candidate")
    up = lineage.around(real, at(LOCAL), direction="both", as_of=NOW)
    assert not any(node.kind == "mapping" for node in up.nodes)


def test_cq6_what_maps_to_a_national_code_how_and_decided_by_whom(mapped: Store) -> None:
    (row,) = asked(mapped, NATIONAL, status="accepted")
    assert (row["other"], row["match"], row["negated"]) == (LOCAL, "exactMatch", "false")
    assert (row["status"], row["valid"], row["reviewed"], row["from"]) == (
        "accepted",
        "true",
        "2025-05-06",
        "2025-06-01",
    )
    assert row["reviewer"] is not None
    assert row["reviewer"].endswith("Người duyệt giả lập")
    assert row["mappingSet"] == "mapping-set:gia-lap"


def test_cq6_what_a_local_indicator_maps_to(mapped: Store) -> None:
    (row,) = asked(mapped, LOCAL, status="accepted")
    assert (row["other"], row["code"], row["name"]) == (NATIONAL, "0101", "Diện tích và cơ cấu đất")
    (early,) = asked(mapped, LOCAL, on=date(2025, 5, 31), status="accepted")
    assert (early["status"], early["valid"]) == ("accepted", "false")


def test_cq6_a_match_is_read_from_the_side_that_is_asked(mapped: Store) -> None:
    (local,) = asked(mapped, "indicator:hungyen-ktxh-2026.tang-truong-grdp", status="accepted")
    (national,) = asked(mapped, "indicator:quoc-gia-2021.grdp", status="accepted")
    assert (local["match"], national["match"]) == ("broadMatch", "narrowMatch")


def test_cq6_proposals_refusals_and_none_are_told_apart(mapped: Store) -> None:
    rows = asked(mapped, "indicator:hanoi-ktxh-2026.cpi")
    assert {(row["other"], row["status"], row["negated"], row["valid"]) for row in rows} == {
        ("indicator:quoc-gia-2021.cpi", "candidate", "false", "false"),
        ("indicator:quoc-gia-2021.gdp", "accepted", "true", "true"),
    }
    proposed = asked(mapped, "indicator:hanoi-ktxh-2026.cpi", status="candidate")
    assert {(row["other"], row["mappingSet"]) for row in proposed} == {
        ("indicator:quoc-gia-2021.cpi", "mapping-set:gia-lap"),
        ("indicator:quoc-gia-2021.cpi", "mapping-set:de-xuat-so-ten"),
    }
    (none,) = asked(mapped, "indicator:hungyen-ktxh-2026.ty-le-ho-ngheo")
    assert none["other"] == "NoTermFound"


def test_cq6_the_records_say_the_same(mapped: Store) -> None:
    (found,) = [one for one in records.of(mapped, at(NATIONAL).value) if one.status == "accepted"]
    assert (key(found.subject), found.relation, found.status) == (LOCAL, "exactMatch", "accepted")
    assert (found.review_date, found.verification) == (date(2025, 5, 6), "confirmed")
    assert "Người duyệt giả lập" in found.reviewers
    assert found.valid_on(NOW)
    assert not found.valid_on(date(2025, 5, 31))


def test_cq6_the_page_of_a_mapping_shows_its_earlier_decision(mapped: Store) -> None:
    found = things.describe(mapped, at("mapping:gia-lap.dat"))
    assert found.label == "T0101 Diện tích và cơ cấu đất = 0101 Diện tích và cơ cấu đất"
    told = {one.predicate.label: one.subject.label for one in found.incoming}
    assert told["quyết định về ánh xạ"] == f"Từ chối 3/2/2025: {found.label}"
    assert told["gồm ánh xạ"] == "Bộ ánh xạ giả lập"


def test_cq3_and_cq6_why_we_report_goes_over_the_accepted_mapping_alone(mapped: Store) -> None:
    up = lineage.around(mapped, at(LOCAL), direction="up", as_of=NOW)
    steps = {key(node.iri): node for node in up.nodes}
    assert steps[NATIONAL].distance == -2
    review = steps["mapping:gia-lap.dat"].review
    assert review is not None
    assert review.on == date(2025, 5, 6)
    assert "decision:bkhdt.thong-tu.khong-ngay.02-2011-tt-bkhdt" in steps
    up = lineage.around(mapped, at("indicator:hanoi-ktxh-2026.cpi"), direction="up", as_of=NOW)
    assert not any(node.kind == "mapping" for node in up.nodes)
