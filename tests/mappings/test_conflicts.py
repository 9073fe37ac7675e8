"""Conflicts and stale mappings: each kind found once, with its words, its people, its remedy; and nothing where all is well."""

from datetime import date

import pytest

from catalogue.mapping.review import conflicts
from catalogue.mapping.review.conflicts import Conflict
from catalogue.store.port import Store
from catalogue.store.remembering import Remembering
from tests.mappings.review_world import ID, NATIONAL, mapping, world

DAY = date(2026, 3, 1)

MAPPINGS = (
    mapping("sound", "l1", "exactMatch", "n1"),
    mapping("two-a", "l2", "exactMatch", "n2"),
    mapping("two-b", "l2", "exactMatch", "n3", by="Lê C", day="2025-05-06"),
    mapping("old", "l3", "exactMatch", "c1"),
    "i:c1 dct:isReplacedBy i:n4 .\n",
    mapping("split", "l7", "broadMatch", "n5"),
    'i:n5 chiso:validTo "2026-02-01"^^xsd:date ; dct:isReplacedBy i:n4 , i:n6 .\n',
    mapping("ended", "l4", "closeMatch", "n4", more='chiso:validTo "2026-01-01"^^xsd:date ;'),
    mapping("renewed", "l5", "exactMatch", "n4", more='chiso:validTo "2026-01-01"^^xsd:date ;'),
    mapping("renewal", "l5", "closeMatch", "n4", more='chiso:validFrom "2026-01-01"^^xsd:date ;'),
    mapping("waiting", "l6", "exactMatch", "n4", "candidate"),
    mapping("own", "l8", "closeMatch", "n6", by="Nguyễn A"),
    mapping(
        "renamed",
        "l9",
        "closeMatch",
        "n6",
        more='sssom:object_label "Tên trước đây" ; sssom:subject_label "CHỈ SỐ L9" ;',
    ),
    mapping("changed", "u1", "closeMatch", "n6"),
    'i:u1 dct:modified "2025-09-01"^^xsd:date .\n',
)


@pytest.fixture(scope="module")
def store() -> Store:
    return world(*MAPPINGS)


def of_kind(store: Store, kind: str, **others: object) -> list[Conflict]:
    return conflicts.conflicts(store, as_of=DAY, kind=kind, every_rule=True, **others).items  # type: ignore[arg-type]


def names(one: Conflict) -> list[str]:
    return [entry.iri.rpartition("/")[2] for entry in one.mappings]


def test_a_sound_mapping_is_in_no_conflict(store: Store) -> None:
    found = conflicts.conflicts(store, as_of=DAY, every_rule=True)
    assert found.truncated is False
    assert {"sound", "renewed", "renewal"}.isdisjoint(name for one in found.items for name in names(one))
    assert conflicts.conflicts(world(mapping("sound", "l1", "exactMatch", "n1")), as_of=DAY, every_rule=True).total == 0


def test_two_exact_codes_are_one_conflict_with_both_reviewers_and_days(store: Store) -> None:
    [one] = of_kind(store, "mapping-two-exact")
    assert one.severity == "violation"
    assert names(one) == ["two-a", "two-b"]
    assert [(entry.reviewers[0].name, str(entry.review_date)) for entry in one.mappings] == [
        ("Trần B", "2025-03-01"),
        ("Lê C", "2025-05-06"),
    ]
    assert one.vi
    assert one.en
    assert one.remedy_vi
    assert {"L2", "N2", "N3"} == {code.notation for code in one.about}


def test_a_published_state_is_not_asked_again_what_every_change_had_to_pass(store: Store) -> None:
    found = conflicts.conflicts(store, as_of=DAY)
    assert "violation" not in {kind.severity for kind in found.kinds}
    assert "mapping-four-eyes" in {kind.code for kind in found.kinds}


def test_an_obsolete_code_names_its_successors_and_whether_there_is_one(store: Store) -> None:
    found = {names(one)[0]: one for one in of_kind(store, "obsolete-code")}
    assert set(found) == {"old", "split"}
    assert [code.notation for code in found["old"].successors] == ["N4"]
    assert found["old"].unique_successor is True
    assert "C1 (Chỉ số c1)" in found["old"].vi
    assert "2024-01-01" in found["old"].vi
    assert [code.notation for code in found["split"].successors] == ["N4", "N6"]
    assert found["split"].unique_successor is False
    before = conflicts.conflicts(store, as_of=date(2026, 1, 31), kind="obsolete-code")
    assert [names(one) for one in before.items] == [["old"]]


@pytest.mark.parametrize(
    ("kind", "mapping_name", "words"),
    [
        ("expired", "ended", "2026-01-01"),
        ("waiting", "waiting", "393 days"),
        ("mapping-four-eyes", "own", "nguyen-a"),
        ("renamed", "renamed", "Tên trước đây"),
        ("changed", "changed", "2025-09-01"),
    ],
)
def test_each_stale_kind_finds_its_mapping_alone(store: Store, kind: str, mapping_name: str, words: str) -> None:
    [one] = of_kind(store, kind)
    assert names(one) == [mapping_name]
    assert words in one.en
    assert one.vi != one.en
    assert one.remedy_en


def test_a_code_that_is_over_is_told_once(store: Store) -> None:
    kinds = [one.code for one in conflicts.conflicts(store, as_of=DAY).items if "split" in names(one)]
    assert kinds == ["obsolete-code"]


def test_how_long_a_candidate_may_wait_is_a_parameter(store: Store) -> None:
    assert of_kind(store, "waiting", waiting_days=394) == []


def test_kinds_are_counted_and_the_gravest_come_first(store: Store) -> None:
    found = conflicts.conflicts(store, as_of=DAY, every_rule=True)
    assert sum(kind.count for kind in found.kinds) == found.total == len(found.items)
    ranks = [("violation", "warning", "info").index(one.severity) for one in found.items]
    assert ranks == sorted(ranks)


def test_pages_show_every_conflict_once(store: Store) -> None:
    whole = [(one.code, names(one)) for one in conflicts.conflicts(store, as_of=DAY).items]
    seen, cursor = [], None
    while True:
        page = conflicts.conflicts(store, as_of=DAY, limit=2, cursor=cursor)
        seen += [(one.code, names(one)) for one in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == whole


def test_conflicts_of_one_scheme_touch_it(store: Store) -> None:
    found = conflicts.conflicts(store, as_of=DAY, scheme=f"{ID}indicator-set/khong-ro")
    assert [one.code for one in found.items] == ["changed"]
    assert conflicts.conflicts(store, as_of=DAY, scheme=NATIONAL).total > 1


def test_the_rules_are_asked_once_of_a_published_state(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    state = Remembering(store)
    first = conflicts.conflicts(state, as_of=DAY, limit=1)

    def again(*_: object, **__: object) -> list[object]:
        raise AssertionError("the rules were asked again")

    monkeypatch.setattr(conflicts, "failures", again)
    monkeypatch.setattr(conflicts, "found_on", again)
    second = conflicts.conflicts(state, as_of=DAY, limit=1, cursor=first.next_cursor)
    assert second.total == first.total and second.items != first.items
