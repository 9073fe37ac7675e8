"""Competency question 7: which national codes have no local indicator, and which local indicators have no national code?

Nobody has decided any mapping of the real graph yet: what a program proposed counts as proposed, never as mapped.
"""

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from catalogue import library, publication, sources
from catalogue.graphs import source_graph
from catalogue.mapping.review import coverage, coverage_codes
from catalogue.mapping.review.coverage import Row
from catalogue.settings import DEFAULT_BASE
from catalogue.store.embedded import Embedded, open_memory
from catalogue.store.port import Store
from tests.ontology.competency.conftest import NOW, at

PROVINCIAL, NATIONAL_2010 = at("indicator-set:tinh-2023").value, at("indicator-set:quoc-gia-2010").value
NATIONAL_2021 = at("indicator-set:quoc-gia-2021").value
HA_NOI = at("indicator-set:hanoi-165").value


def rows(store: Store, scheme: str, to: str) -> tuple[Row, Row]:
    found = coverage.coverage(store, scheme=scheme, to=to, as_of=NOW).rows
    [local], [national] = ([row for row in found if row.side == side] for side in ("scheme", "to"))
    return local, national


def codes(store: Store, side: coverage.Side, *states: str) -> list[str | None]:
    found = coverage_codes.codes(store, scheme=PROVINCIAL, to=NATIONAL_2010, side=side, states=states, as_of=NOW)
    assert found.total == len(found.items)
    return sorted(str(one.code.notation) for one in found.items)


def test_cq7_the_provincial_list_against_the_national_one_of_2010(real: Store) -> None:
    local, national = rows(real, PROVINCIAL, NATIONAL_2010)
    assert (local.direct.codes, local.known, local.stated_size, local.direct.mapped) == (18, 18, 154, 0)
    assert (national.direct.codes, national.known, national.stated_size, national.direct.mapped) == (25, 25, None, 0)
    open_codes = codes(real, "to", "candidate", "nothing")
    assert len(open_codes) == 25, "no national code has a local indicator that somebody decided on"
    assert {"0102", "0105", "0201", "0216"} <= set(codes(real, "to", "nothing")), "these have not even a proposal"
    assert {"T0115", "T0116", "T0117"} <= set(codes(real, "scheme", "nothing"))


def test_cq7_of_the_230_codes_in_force_the_catalogue_knows_three_and_says_so(real: Store) -> None:
    _, national = rows(real, PROVINCIAL, NATIONAL_2021)
    assert (national.direct.codes, national.known, national.stated_size) == (3, 3, 230)
    found = coverage.coverage(real, scheme=PROVINCIAL, to=NATIONAL_2021, as_of=NOW)
    told = {gap.thing.iri: gap for gap in found.gaps if gap.code == "partial-list" and gap.thing}
    assert "3 trong 230" in told[NATIONAL_2021].vi
    assert "18 of the 154" in told[PROVINCIAL].en


def test_cq7_by_locality_what_no_source_places_is_a_row_of_its_own(real: Store) -> None:
    found = coverage.coverage(real, to=NATIONAL_2021, by="locality", as_of=NOW)
    placed: dict[str, set[str]] = {}
    for row in found.rows:
        if row.side == "scheme" and row.locality:
            place = row.locality.area.iri if row.locality.area else row.locality.kind
            placed.setdefault(place, set()).add(row.scheme.iri)
    [ha_noi] = [place for place, schemes in placed.items() if HA_NOI in schemes]
    assert ha_noi.startswith(at("area:01.").value)
    assert PROVINCIAL in placed["central"], "what the Prime Minister issued is no locality's own"
    assert at("indicator-set:hcm-dieu-hanh").value in placed["unknown"]
    national = [row for row in found.rows if row.side == "to"]
    assert {row.direct.codes for row in national} == {3}, "every place is set against the same codes"


def test_cq7_a_list_that_is_over_has_no_codes(real: Store) -> None:
    old, _ = rows(real, at("indicator-set:tinh-2016").value, NATIONAL_2021)
    assert (old.in_force, old.direct.codes) == (False, 0)


@pytest.fixture(scope="module")
def decided(real_store: Embedded) -> Store:
    """The real graph with the synthetic decisions of `mappings.ttl`."""
    store = open_memory(real_store.engine)
    graph = source_graph(DEFAULT_BASE, "gia-lap", "confirmed")
    told = {quad.triple for quad in parse((Path(__file__).parent / "mappings.ttl").read_bytes(), RdfFormat.TURTLE)}
    told |= sources.self_description(graph, DEFAULT_BASE)
    store.apply(publication.plan(store, {graph: told}, DEFAULT_BASE))
    return store


def test_cq7_the_example_query_counts_what_the_program_counts(decided: Store) -> None:
    example = library.examples()["mapping-coverage"]
    solutions = decided.select(example.bound({"asOf": NOW.isoformat()}, at, NOW))
    place = {name: at for at, name in enumerate(solutions.variables)}
    asked = {
        str(row[place["set"]].value): [int(row[place[n]].value) for n in ("indicators", "mapped", "withoutCounterpart")]  # type: ignore[union-attr]
        for row in solutions.rows
    }
    counted = {
        row.scheme.iri: [row.direct.codes, row.direct.mapped + row.direct.obsolete, row.direct.no_counterpart]
        for row in coverage.coverage(decided, as_of=NOW).rows
        if row.direct.codes
    }
    assert asked == counted
    assert sum(mapped for _, mapped, _ in counted.values()) > 0
