"""Coverage over a small synthetic catalogue: every state, both sides, groups, places, days, and the lists behind it."""

from datetime import date

import pytest

from catalogue.mapping import entries
from catalogue.mapping.chains import crosswalk, reach
from catalogue.mapping.chains.walking import Edges
from catalogue.mapping.relations import MATCHES
from catalogue.mapping.review import coverage, coverage_codes
from catalogue.mapping.review.coverage import Coverage, Row, count_name
from catalogue.mapping.review.standing import STATES, Standings
from catalogue.store.port import Store
from tests.mappings.review_world import ID, LOCAL, NATIONAL, mapping, world

DAY = date(2026, 3, 1)

MAPPINGS = (
    mapping("1", "l1", "exactMatch", "n1"),
    mapping("2", "l2", "broadMatch", "n2"),
    mapping("2b", "l2", "relatedMatch", "n3"),
    mapping("3", "n3", "broadMatch", "l3"),  # the other way round: the local one is the wider
    mapping("4", "l4", "exactMatch", "none", day="2025-04-02", more="sssom:object_source s:quoc-gia ;"),
    mapping("5", "l5", "exactMatch", "n4", "candidate"),
    mapping("6", "l6", "exactMatch", "n4", "rejected"),
    mapping("7", "l7", "exactMatch", "c1"),
    mapping("8", "l8", "exactMatch", "n5", more='chiso:validTo "2026-01-01"^^xsd:date ;'),
    mapping("9", "l9", "exactMatch", "n6", more="sssom:predicate_modifier sssom:NegatedPredicate ;"),
    mapping("10", "u1", "closeMatch", "n1"),
)


@pytest.fixture(scope="module")
def store() -> Store:
    return world(*MAPPINGS)


def counted(row: Row) -> dict[str, int]:
    """The counts that are not 0."""
    states = {state: getattr(row.direct, count_name(state)) for state in STATES}
    assert sum(states.values()) == row.direct.codes, "every code is in exactly one state"
    assert row.direct.mapped == sum(
        states[one] for one in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
    )
    return {state: count for state, count in states.items() if count}


def row(found: Coverage, side: str, **wanted: object) -> Row:
    [one] = [r for r in found.rows if r.side == side and all(getattr(r, k) == v for k, v in wanted.items())]
    return one


def test_both_sides_count_their_own_codes_and_each_code_once(store: Store) -> None:
    found = coverage.coverage(store, scheme=LOCAL, to=NATIONAL, as_of=DAY)
    local, national = row(found, "scheme"), row(found, "to")
    # l2 is both broad and related: it counts by the stronger. l7 leads to another scheme, l8 has run out, l9 is a “not”.
    assert counted(local) == {
        "exactMatch": 1,
        "broadMatch": 1,
        "narrowMatch": 1,
        "no-counterpart": 1,
        "candidate": 1,
        "nothing": 4,
    }
    assert counted(national) == {"exactMatch": 1, "narrowMatch": 1, "broadMatch": 1, "candidate": 1, "nothing": 2}
    assert (local.known, local.stated_size) == (9, None)
    assert (national.known, national.stated_size) == (6, 230)


def test_a_list_known_in_part_says_how_much_is_known_and_how_much_there_is(store: Store) -> None:
    found = coverage.coverage(store, scheme=LOCAL, to=NATIONAL, as_of=DAY)
    [gap] = [one for one in found.gaps if one.code == "partial-list"]
    assert gap.thing is not None
    assert gap.thing.iri == NATIONAL
    assert "6 trong 230" in gap.vi
    assert "6 of the 230" in gap.en


def test_toward_any_other_scheme_a_mapping_to_an_old_code_is_obsolete(store: Store) -> None:
    one = row(coverage.coverage(store, scheme=LOCAL, as_of=DAY), "scheme")
    assert counted(one)["obsolete"] == 1
    # While the old scheme was in force that mapping counted.
    then = row(coverage.coverage(store, scheme=LOCAL, as_of=date(2023, 6, 1)), "scheme")
    assert "obsolete" not in counted(then)
    assert counted(then)["exactMatch"] == 3


def test_mappings_count_for_their_time_only(store: Store) -> None:
    before = row(coverage.coverage(store, scheme=LOCAL, to=NATIONAL, as_of=date(2025, 12, 31)), "scheme")
    on_the_day = row(coverage.coverage(store, scheme=LOCAL, to=NATIONAL, as_of=date(2026, 1, 1)), "scheme")
    assert (before.direct.exact_match, on_the_day.direct.exact_match) == (2, 1)


def test_by_group_the_codes_without_one_are_a_row_of_their_own(store: Store) -> None:
    found = coverage.coverage(store, scheme=LOCAL, to=NATIONAL, by="group", as_of=DAY)
    known = row(found, "scheme", unknown_group=False)
    unknown = row(found, "scheme", unknown_group=True)
    assert known.group is not None
    assert (known.group.label, known.direct.codes, known.direct.mapped) == ("Nhóm A", 3, 3)
    assert (unknown.group, unknown.direct.codes, unknown.direct.mapped) == (None, 6, 0)
    assert "unknown-group" in [gap.code for gap in found.gaps]


def test_by_locality_each_place_is_set_against_all_national_codes(store: Store) -> None:
    found = coverage.coverage(store, to=NATIONAL, by="locality", as_of=DAY)
    of_nation = {
        (r.locality.kind, r.locality.area and r.locality.area.label): r
        for r in found.rows
        if r.side == "to" and r.locality
    }
    assert set(of_nation) == {("area", "Thử (mới)"), ("unknown", None)}
    assert of_nation["area", "Thử (mới)"].direct.codes == of_nation["unknown", None].direct.codes == 6
    assert counted(of_nation["area", "Thử (mới)"]) == {
        "exactMatch": 1,
        "narrowMatch": 1,
        "broadMatch": 1,
        "candidate": 1,
        "nothing": 2,
    }
    assert counted(of_nation["unknown", None]) == {"closeMatch": 1, "nothing": 5}
    assert "unknown-locality" in [gap.code for gap in found.gaps]
    earlier = coverage.coverage(store, to=NATIONAL, by="locality", as_of=date(2025, 6, 30))
    assert {r.locality.area.label for r in earlier.rows if r.locality and r.locality.area} == {"Thử (cũ)"}


def test_by_scheme_the_national_codes_are_set_against_each_other_scheme(store: Store) -> None:
    found = coverage.coverage(store, to=NATIONAL, as_of=DAY)
    rows = {r.against.iri.rpartition("/")[2]: counted(r) for r in found.rows if r.side == "to" and r.against}
    assert rows["dia-phuong"] == {"exactMatch": 1, "narrowMatch": 1, "broadMatch": 1, "candidate": 1, "nothing": 2}
    assert rows["khong-ro"] == {"closeMatch": 1, "nothing": 5}
    assert "cu" not in rows, "a scheme that is over has nothing to set against"


def test_a_scheme_that_is_over_has_no_codes_and_says_so(store: Store) -> None:
    found = coverage.coverage(store, scheme=f"{ID}indicator-set/cu", to=NATIONAL, as_of=DAY)
    one = row(found, "scheme")
    assert (one.direct.codes, one.known, one.in_force) == (0, 1, False)
    assert "not-in-force" in [gap.code for gap in found.gaps]


def test_the_list_behind_a_number_is_as_long_as_the_number(store: Store) -> None:
    asked = {"scheme": LOCAL, "to": NATIONAL, "as_of": DAY}
    found = coverage.coverage(store, **asked)  # type: ignore[arg-type]
    for side in ("scheme", "to"):
        for state, count in counted(row(found, side)).items():
            listed = coverage_codes.codes(store, side=side, states=[state], **asked)  # type: ignore[arg-type]
            assert listed.total == len(listed.items) == count
            assert {one.state for one in listed.items} <= {state}


def test_the_list_of_one_place_or_group_is_as_long_as_its_number(store: Store) -> None:
    listed = coverage_codes.codes(store, to=NATIONAL, side="to", states=STATES[:5], locality="unknown", as_of=DAY)
    assert [one.code.notation for one in listed.items] == ["N1"]
    of_group = coverage_codes.codes(store, scheme=LOCAL, to=NATIONAL, side="scheme", group="unknown", as_of=DAY)
    assert of_group.total == 6


def test_the_list_is_paged_over_both_sides_without_loss(store: Store) -> None:
    seen, cursor = [], None
    while True:
        page = coverage_codes.codes(store, scheme=LOCAL, to=NATIONAL, as_of=DAY, limit=4, cursor=cursor)
        seen += [(one.side, one.code.notation) for one in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    local = [("scheme", f"L{n}") for n in range(4, 10)]
    assert seen == [*local, ("to", "N4"), ("to", "N5"), ("to", "N6")]
    assert page.total == 9


def test_no_counterpart_says_by_whom_when_and_in_which_list(store: Store) -> None:
    [one] = coverage_codes.codes(store, scheme=LOCAL, to=NATIONAL, states=["no-counterpart"], as_of=DAY).items
    [decision] = one.mappings
    assert [person.name for person in decision.mapping.reviewers] == ["Trần B"]
    assert decision.mapping.review_date == date(2025, 4, 2)
    assert (decision.other.thing, one.unscoped) == (None, False)
    # It was looked for in the national list alone.
    elsewhere = coverage_codes.codes(
        store, scheme=LOCAL, to=f"{ID}indicator-set/khong-ro", states=["no-counterpart"], as_of=DAY
    )
    assert elsewhere.total == 0


def test_no_counterpart_without_a_list_counts_everywhere_and_says_so() -> None:
    store = world(mapping("1", "l1", "exactMatch", "none"))
    [one] = coverage_codes.codes(store, scheme=LOCAL, to=NATIONAL, states=["no-counterpart"], as_of=DAY).items
    assert one.unscoped is True


def test_mappings_of_a_code_from_either_end(store: Store) -> None:
    from pyoxigraph import NamedNode

    found = entries.of(store, NamedNode(f"{ID}indicator/n3"), as_of=DAY)
    seen = [(one.other.notation, one.match, one.mapping.valid) for one in found.counterparts]
    assert seen == [("L2", "relatedMatch", True), ("L3", "broadMatch", True)]
    none = entries.of(store, NamedNode(f"{ID}indicator/l4"), as_of=DAY)
    assert none.none is True


def test_standings_are_read_in_a_fixed_number_of_queries(store: Store) -> None:
    asked: list[str] = []

    class Counting:
        def select(self, query: str) -> object:
            asked.append(query)
            return store.select(query)

    Standings(Counting(), [LOCAL, NATIONAL], DAY)  # type: ignore[arg-type]
    assert len(asked) <= 6


def test_what_chains_reach_is_counted_apart_from_what_is_mapped_directly() -> None:
    store = world(
        mapping("1", "l1", "exactMatch", "u1"),
        mapping("2", "u1", "broadMatch", "n1"),
        mapping("3", "l2", "exactMatch", "n2"),
    )
    found = coverage.coverage(store, scheme=LOCAL, to=NATIONAL, as_of=DAY)
    local, national = row(found, "scheme"), row(found, "to")
    assert counted(local) == {"exactMatch": 1, "nothing": 8}
    assert local.chains == coverage.Chains(1, broad_match=1)
    assert national.chains == coverage.Chains(1, narrow_match=1)
    unbounded = row(coverage.coverage(store, scheme=LOCAL, as_of=DAY), "scheme")
    assert unbounded.chains is None


def test_too_many_codes_to_follow_are_not_counted_and_a_gap_says_so(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coverage, "MOST_CHAINED", 2)
    found = coverage.coverage(store, scheme=LOCAL, to=NATIONAL, as_of=DAY)
    assert row(found, "scheme").chains is None
    assert "chains-not-counted" in [gap.code for gap in found.gaps]


def test_what_is_counted_over_chains_is_what_a_crosswalk_says() -> None:
    store = world(
        mapping("1", "l1", "exactMatch", "u1"),
        mapping("2", "l2", "broadMatch", "u1"),
        mapping("3", "u1", "closeMatch", "n1"),
        mapping("4", "l3", "narrowMatch", "l4"),
        mapping("5", "l4", "narrowMatch", "n2"),
        mapping("6", "l5", "exactMatch", "l3"),
        mapping("7", "l6", "relatedMatch", "u1"),
        mapping("8", "l7", "exactMatch", "l5"),
        mapping("9", "l7", "closeMatch", "n3"),
    )
    starts = [f"{ID}indicator/l{n}" for n in range(1, 10)]
    targets = [f"{ID}indicator/n{n}" for n in range(1, 7)]
    counted = reach.closest(store, starts, targets=targets, edges=Edges(store, DAY))
    told = {
        found.text: min((answer.match for answer in found.answers), key=MATCHES.index)
        for found in crosswalk.translate(store, starts, to=NATIONAL, as_of=DAY)
        if found.answers
    }
    assert counted == told
    assert len(counted) >= 4
