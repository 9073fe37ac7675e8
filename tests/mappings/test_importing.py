"""Imports of mappings into a real folder: what changes, what stays, and why a row is refused."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from catalogue.errors import CatalogueError, Conflict, Invalid, LimitReached
from catalogue.mapping import records
from catalogue.mapping.exchange.contradictions import Claim, find
from catalogue.settings import Settings
from catalogue.store.connect import open_reader
from catalogue.writing import Writer
from tests.mappings.import_world import EXTRA, HEAD, bring, document, row
from tests.serving import BASE, folder


class World:
    """A folder with its writer."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.writer = Writer(settings)

    def bring(self, *rows: str, head: str = HEAD, **options: Any) -> dict[str, Any]:
        return bring(self.writer, self.settings, document(*rows, head=head), **options).report

    def refused(self, *rows: str, **options: Any) -> list[dict[str, Any]]:
        with pytest.raises(Invalid) as caught:
            self.bring(*rows, **options)
        return list(caught.value.details["refused"])

    def mappings(self, *statuses: str) -> list[records.Mapping]:
        store = open_reader(self.settings)
        try:
            return records.by_status(store, *(statuses or records.STATUSES))
        finally:
            store.close()

    def select(self, query: str) -> list[tuple[Any, ...]]:
        store = open_reader(self.settings)
        try:
            return store.select(query).rows
        finally:
            store.close()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(folder(tmp_path, EXTRA))
    yield made
    made.writer.close()


ACCEPTED = row("tinh:A1", "exactMatch", "nuoc:0101", "accepted")


def test_rows_become_mappings_of_their_set_with_who_decided_and_when(world: World) -> None:
    report = world.bring(
        ACCEPTED, row("tinh:A2", "broadMatch", "nuoc:0102"), row("tinh:A3", "exactMatch", "sssom:NoTermFound")
    )
    assert (report["rows"], report["added"], report["refusedRows"]) == (3, 3, 0)
    assert report["graph"] == f"{BASE}graph/anh-xa.confirmed"
    one = world.mappings("accepted")[0]
    assert (one.subject, one.relation, one.object) == (
        f"{BASE}id/indicator/tinh.A1",
        "exactMatch",
        f"{BASE}id/indicator/nuoc.0101",
    )
    assert one.reviewers == ("https://nguoi.example/an",) and str(one.review_date) == "2026-01-05"
    assert one.verification == "confirmed" and one.set == f"{BASE}id/mapping-set/anh-xa"
    assert {m.status for m in world.mappings()} == {"accepted", "candidate"}, "without a status a row is a candidate"
    source = world.select(
        "SELECT ?title { ?s a <https://w3id.org/chiso/ns#Source> ; <http://purl.org/dc/terms/title> ?title FILTER(STR(?title) = 'Ánh xạ thử') }"
    )
    assert len(source) == 1


def test_the_same_file_twice_changes_nothing(world: World) -> None:
    rows = (ACCEPTED, row("tinh:A2", "closeMatch", "nuoc:0102", comment="gần đúng | một nửa"))
    first = bring(world.writer, world.settings, document(*rows))
    again = bring(world.writer, world.settings, document(*rows))
    assert first.written.changed and not again.written.changed
    assert again.written.state == first.written.state
    assert (again.report["unchanged"], again.report["added"], again.report["changed"]) == (2, 0, False)


def test_a_later_decision_changes_the_mapping_and_the_earlier_one_stays(world: World) -> None:
    world.bring(ACCEPTED)
    iri = world.mappings()[0].iri
    report = world.bring(
        row("tinh:A1", "exactMatch", "nuoc:0101", "rejected", "nguoi:binh", "2026-02-01", comment="khác đơn vị")
    )
    assert (report["updated"], report["added"]) == (1, 0)
    (now,) = world.mappings()
    assert (now.iri, now.status, now.reviewers) == (iri, "rejected", ("https://nguoi.example/binh",))
    earlier = world.select(
        "PREFIX c: <https://w3id.org/chiso/ns#> PREFIX s: <https://w3id.org/sssom/> "
        f"SELECT ?review ?status ?by ?on {{ ?review c:reviewOf <{iri}> ; c:status ?status ; s:reviewer_id ?by ; s:review_date ?on }}"
    )
    assert [[term.value for term in found] for found in earlier] == [
        [
            iri.replace("/mapping/", "/mapping-review/") + ".1",
            "https://w3id.org/chiso/code/mapping-status/accepted",
            "https://nguoi.example/an",
            "2026-01-05",
        ]
    ]
    world.bring(row("tinh:A1", "exactMatch", "nuoc:0101", "accepted", "nguoi:chi", "2026-02-20"))
    assert len(world.select(f"SELECT ?r {{ ?r <https://w3id.org/chiso/ns#reviewOf> <{iri}> }}")) == 2


def test_an_old_or_open_row_undoes_no_decision(world: World) -> None:
    world.bring(row("tinh:A1", "exactMatch", "nuoc:0101", "rejected", "nguoi:binh", "2026-02-01"))
    (problem,) = world.refused(ACCEPTED)
    assert problem["slot"] == "mapping_status" and "2026-02-01" in problem["vi"] and "2026-02-01" in problem["en"]
    report = world.bring(row("tinh:A1", "exactMatch", "nuoc:0101"))
    assert (report["decided"], report["changed"]) == (1, False)


def test_merge_leaves_other_rows_and_replace_takes_them_away(world: World) -> None:
    world.bring(ACCEPTED, row("tinh:A2", "closeMatch", "nuoc:0102"))
    world.bring(row("tinh:A3", "closeMatch", "nuoc:0103"))
    assert len(world.mappings()) == 3
    assert (
        world.bring(row("tinh:A4", "closeMatch", "nuoc:0104"), row("tinh:A4", "closeMatch", "nuoc:9"), partial=True)[
            "added"
        ]
        == 1
    )
    report = world.bring(ACCEPTED, mode="replace")
    assert report["removed"] == 3 and [m.status for m in world.mappings()] == ["accepted"]


def test_plain_codes_are_found_by_their_scheme(world: World) -> None:
    head = HEAD + "#subject_source: tinh\n#object_source: nuoc\n"
    report = world.bring(row("A1", "exactMatch", "0101", "accepted"), head=head)
    assert report["added"] == 1
    assert world.mappings()[0].object == f"{BASE}id/indicator/nuoc.0101"


REFUSED: dict[str, tuple[str, str, str]] = {
    "unknown prefix": (row("tin:A1", "exactMatch", "nuoc:0101"), "subject_id", "tinh"),
    "self": (row("tinh:A1", "exactMatch", "tinh:A1"), "object_id", "chính nó"),
    "same scheme": (row("tinh:A1", "exactMatch", "tinh:A2"), "object_id", "cùng thuộc hệ"),
    "never existed": (row("tinh:A1", "exactMatch", "nuoc:0106"), "object_id", "nuoc.010"),
    "unknown scheme": (row("tinh:A1", "exactMatch", "https://khac.example/9"), "object_id", "chiso load"),
    "ended before": (row("tinh:A1", "exactMatch", "nuoc:0199"), "object_id", "nuoc.0105"),
    "ended before the interval": (row("tinh:A1", "exactMatch", "nuoc:0199", start="2025-08-01"), "object_id", "2025-07-01"),
    "began after the interval": (row("tinh:A1", "exactMatch", "nuoc:0105", start="2024-01-01", end="2025-01-01"), "object_id", "2025-07-01"),
    "predicate": ("\t".join(("tinh:A1", "owl:sameAs", "nuoc:0101", "semapv:LexicalMatching")), "predicate_id", "skos:exactMatch"),
    "justification": ("\t".join(("tinh:A1", "skos:exactMatch", "nuoc:0101", "semapv:ManualMapping")), "mapping_justification", "semapv:ManualMappingCuration"),
    "status": (row("tinh:A1", "exactMatch", "nuoc:0101", "ok"), "mapping_status", "candidate"),
    "no reviewer": (row("tinh:A1", "exactMatch", "nuoc:0101", "accepted").replace("nguoi:an", ""), "reviewer_id", "reviewer_id"),
    "no day": (row("tinh:A1", "exactMatch", "nuoc:0101", "accepted").replace("2026-01-05", ""), "review_date", "review_date"),
    "day of the future": (row("tinh:A1", "exactMatch", "nuoc:0101", "accepted", day="2026-03-02"), "review_date", "tương lai"),
    "no such day": (row("tinh:A1", "exactMatch", "nuoc:0101", "accepted", day="2025-02-30"), "review_date", "2025-02-30"),
    "month before day": (row("tinh:A1", "exactMatch", "nuoc:0101", "accepted", day="1/25/2026"), "review_date", "năm-tháng-ngày"),
    "empty interval": (row("tinh:A1", "exactMatch", "nuoc:0101", start="2025-01-01", end="2025-01-01"), "valid_to", "valid_from"),
    "none as subject": (row("sssom:NoTermFound", "exactMatch", "nuoc:0101"), "subject_id", "NoTermFound"),
    "missing object": (row("tinh:A1", "exactMatch", ""), "object_id", "object_id"),
    "script": (row("tinh:A1", "exactMatch", "javascript:alert(1)"), "object_id", "javascript"),
    "control character": (row("tinh:A1", "exactMatch", "nuoc:0101", comment="a\x07b"), "comment", "U+0007"),
    "too many cells": (row("tinh:A1", "exactMatch", "nuoc:0101", comment="a\tb"), "", "11"),
}  # fmt: skip


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A folder that nothing is written to: refused imports and trials."""
    made = World(folder(tmp_path_factory.mktemp("untouched"), EXTRA))
    yield made
    made.writer.close()


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_row_is_refused_with_its_place_its_reason_and_what_to_do(untouched: World, name: str) -> None:
    bad, slot, hint = REFUSED[name]
    good = row("tinh:A5", "closeMatch", "nuoc:0104")
    (problem,) = untouched.refused(good, bad)
    assert problem["row"] == HEAD.count("\n") + 3 and (problem["slot"] or "") == slot
    assert hint in problem["vi"] and problem["en"] and problem["en"] != problem["vi"]
    assert untouched.mappings() == [], "all or nothing"
    report = untouched.bring(good, bad, partial=True, dry_run=True)
    assert (report["added"], report["refusedRows"]) == (1, 1)


CONTRADICTIONS: dict[str, tuple[list[str], str]] = {
    "two exact in one scheme": ([row("tinh:A1", "exactMatch", "nuoc:0102", "accepted")], "object_id"),
    "two exact from the other side": ([row("tinh:A2", "exactMatch", "nuoc:0101", "accepted")], "object_id"),
    "exact and broad": ([row("tinh:A1", "broadMatch", "nuoc:0101", "accepted")], "predicate_id"),
    "exact and narrow, turned round": ([row("nuoc:0101", "narrowMatch", "tinh:A1", "accepted")], "predicate_id"),
    "exact and related": ([row("tinh:A1", "relatedMatch", "nuoc:0101", "accepted")], "predicate_id"),
    "circle": (
        [
            row("tinh:A1", "broadMatch", "khac:X1", "accepted"),
            row("khac:X1", "broadMatch", "nuoc:0101", "accepted"),
        ],
        "predicate_id",
    ),
    "repeated": ([row("tinh:A3", "closeMatch", "nuoc:0103"), row("tinh:A3", "closeMatch", "nuoc:0103")], ""),
    "circle of candidates": ([row("tinh:A3", "broadMatch", "nuoc:0103"), row("nuoc:0103", "broadMatch", "tinh:A3")], "predicate_id"),
}  # fmt: skip


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_what_contradicts_the_catalogue_or_another_row_is_refused(world: World, name: str) -> None:
    rows, slot = CONTRADICTIONS[name]
    world.bring(ACCEPTED)
    problems = world.refused(*rows, head=HEAD.replace("anh-xa", "anh-xa-khac"))
    assert {problem["slot"] or "" for problem in problems} == {slot}
    with_itself = world.refused(ACCEPTED, *rows)
    assert slot in {problem["slot"] or "" for problem in with_itself}


def test_a_circle_is_found_along_what_other_sets_decided(world: World) -> None:
    other = HEAD.replace("anh-xa", "khac")
    world.bring(row("khac:X1", "exactMatch", "nuoc:0101", "accepted"), set="mot", head=other)
    world.bring(row("tinh:A2", "narrowMatch", "khac:X1", "accepted"), set="hai", head=other.replace("khac\n", "hai\n"))
    world.bring(row("tinh:A2", "exactMatch", "nuoc:0102", "accepted"), set="ba", head=other.replace("khac\n", "ba\n"))
    problems = world.refused(row("nuoc:0102", "broadMatch", "khac:X2"), row("khac:X2", "broadMatch", "nuoc:0101"))
    assert [one["en"].partition(":")[0] for one in problems] == ["A circle", "A circle"]


def test_of_many_contradictions_of_one_row_some_are_told() -> None:
    claims = [Claim("a", "exactMatch", f"b{number}", "accepted", row=number) for number in range(1, 30)]
    problems = find(claims, [], {f"b{number}": frozenset({"b"}) for number in range(1, 30)}, lambda iri: iri)
    told = Counter(problem.row for problem in problems)
    assert told.keys() == set(range(2, 30)) and max(told.values()) == 5


def test_what_holds_at_another_time_is_no_contradiction(world: World) -> None:
    world.bring(row("tinh:A1", "exactMatch", "nuoc:0101", "accepted", end="2025-01-01"))
    assert world.bring(row("tinh:A1", "exactMatch", "nuoc:0102", "accepted", start="2025-01-01"))["added"] == 1
    assert world.bring(row("tinh:A1", "exactMatch", "nuoc:0199", "rejected", "nguoi:an", "2026-01-01"))["added"] == 1


@pytest.mark.parametrize(
    ("head", "slot"),
    [
        (HEAD.replace("#license: https://creativecommons.org/licenses/by/4.0/\n", ""), "license"),
        (HEAD.replace("#license: https://", "#license: "), "license"),
        (HEAD + "#mapping_date: 2025-02-30\n", "mapping_date"),
        (HEAD + "#mapping_status: accepted\n", "mapping_status"),
        (HEAD.replace("#curie_map:", "#curie_map:\n#  skos: https://evil.example/"), "curie_map"),
        (HEAD.replace("#curie_map:", "#curie_map:\n#  sssom: https://evil.example/"), "curie_map"),
        (HEAD.replace("#curie_map:", "#curie_map:\n#  js: javascript:alert"), "curie_map"),
        (HEAD + "#extension_definitions:\n#  - slot_name: ext_a\n#    property: rdf:type\n#ext_a: x\n", "ext_a"),
        (HEAD + "#creator_id: Nguyễn Văn A\n", "creator_id"),
    ],
)  # fmt: skip
def test_wrong_metadata_refuses_the_whole_file_even_in_part(untouched: World, head: str, slot: str) -> None:
    (problem,) = untouched.refused(ACCEPTED, head=head, partial=True)
    assert (problem["row"], problem["slot"]) == (None, slot)
    assert untouched.mappings() == []


def test_a_set_needs_a_name_and_keeps_its_own(world: World) -> None:
    nameless = HEAD.replace("#mapping_set_id: https://tinh.example/anh-xa\n", "")
    with pytest.raises(Invalid, match="mapping_set_id"):
        world.bring(ACCEPTED, head=nameless)
    assert world.bring(ACCEPTED, head=nameless, set="bo-cua-toi")["set"] == f"{BASE}id/mapping-set/bo-cua-toi"
    with pytest.raises(Conflict, match="something else"):
        world.bring(ACCEPTED, set="hai-bo")
    world.bring(row("tinh:A2", "closeMatch", "nuoc:0102"))
    with pytest.raises(Conflict, match="belongs to the set"):
        world.bring(ACCEPTED, head=HEAD.replace("tinh.example", "khac.example"))
    with pytest.raises(Conflict, match="lies in the graph"):
        world.bring(row("tinh:A2", "closeMatch", "nuoc:0102"), mark="inferred")
    with pytest.raises(Invalid, match="key"):
        world.bring(ACCEPTED, set="../internal")


def test_a_trial_is_judged_and_writes_nothing(world: World) -> None:
    before = world.mappings()
    report = world.bring(ACCEPTED, dry_run=True)
    assert report["dryRun"] and report["added"] == 1 and report["changed"]
    assert world.mappings() == before == []


def test_too_many_rows_are_refused_by_the_limit(world: World) -> None:
    small = Settings.read({**world.settings.told(), "mapping_rows": 3})
    rows = [row("tinh:A1", "closeMatch", "nuoc:0101")] * 5
    with pytest.raises(LimitReached) as caught:
        bring(world.writer, small, document(*rows))
    assert caught.value.details == {"limit": "CHISO_MAPPING_ROWS", "value": 3}


def test_every_refusal_is_an_error_that_people_can_act_on(world: World) -> None:
    for content in (
        b"",
        b"\xff\xfe#\x00",
        b"x\ty\n",
        b"#a: [\nsubject_id\tpredicate_id\n",
        b"#%YAML 1.2\npredicate_id\n",
    ):
        with pytest.raises(CatalogueError) as caught:
            bring(world.writer, world.settings, content)
        assert type(caught.value) is Invalid and "thu.sssom.tsv" in caught.value.vi
