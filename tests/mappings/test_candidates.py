"""Candidates: reasons, "no counterpart" at its rank, and what decisions teach, in whatever order they were made."""

from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.likeness.similarity import explained, score
from catalogue.mapping.candidates.learning import Decision, Experience
from catalogue.mapping.candidates.ranking import Candidate, rank
from catalogue.mapping.candidates.terms import Term, TermIndex

NATIONAL = {
    term.key: term
    for term in (
        Term("n1", "Tỷ suất chết trẻ em dưới 1 tuổi", code="0210", unit="phan-nghin", groups=(("g2", "Dân số"),)),
        Term("n2", "Tỷ suất chết trẻ em dưới 5 tuổi", code="0211", unit="phan-nghin", groups=(("g2", "Dân số"),)),
        Term("n3", "Tổng sản phẩm trên địa bàn", code="0501", unit="ty-dong", groups=(("g5", "Tài khoản quốc gia"),)),
        Term("n4", "Thu ngân sách nhà nước", code="0601", unit="ty-dong", frequency="nam"),
        Term("n5", "Giá trị xuất khẩu hàng hóa", code="0801", unit="trieu-usd"),
        Term("n6", "Giá trị nhập khẩu hàng hóa", code="0802", unit="trieu-usd"),
    )
}
INDEX = TermIndex(NATIONAL.values())


def keys(found: list[Candidate]) -> list[str | None]:
    return [one.target.key if one.target else None for one in found]


def codes_of(found: Candidate) -> set[str]:
    return {reason.code for reason in found.reasons}


def learned(sought: Term, made: list[Decision], *others: Term) -> list[Candidate]:
    return rank(INDEX, sought, Experience(made, {term.key: term for term in (sought, *others)}, NATIONAL))


@pytest.mark.parametrize(
    ("name", "best"),
    [
        ("Thu NSNN", "n4"),
        ("thu ngan sach nha nuoc", "n4"),
        ("Tỉ suất chết của trẻ em dưới 05 tuổi", "n2"),
        ("GRDP", "n3"),
        ("Kim ngạch nhập khẩu hàng hoá", "n6"),
    ],
)
def test_names_in_other_spellings_are_found(name: str, best: str) -> None:
    assert keys(rank(INDEX, Term("l", name)))[0] == best


def test_no_counterpart_is_always_among_the_lines_at_its_rank() -> None:
    for name in ("Thu NSNN", "Số vụ tai nạn giao thông", "", "zzz", "Tỷ suất"):
        for limit in (1, 2, 10):
            found = rank(INDEX, Term("l", name), limit=limit)
            assert keys(found).count(None) == 1
            assert [one.probability for one in found] == sorted((one.probability for one in found), reverse=True)
            assert sum(one.probability for one in found) <= 1.000001
    assert keys(rank(INDEX, Term("l", "Số vụ tai nạn giao thông")))[0] is None


def test_reasons_say_what_fits_and_what_does_not_in_both_languages() -> None:
    [first, *_] = rank(INDEX, Term("l", "Thu NSNN", unit="trieu-dong", frequency="quy"))
    assert {"words", "abbreviation", "unit-convertible", "frequency-different"} <= codes_of(first)
    assert all(reason.vi and reason.en and reason.vi != reason.en for reason in first.reasons)
    by_key = {
        one.target.key if one.target else None: one for one in rank(INDEX, Term("l", "Tỷ suất chết trẻ em dưới 1 tuổi"))
    }
    assert "same-name" in codes_of(by_key["n1"])
    assert "numbers-differ" in codes_of(by_key["n2"])
    assert by_key["n1"].match == "exactMatch"
    assert by_key["n2"].match == "closeMatch"
    different = rank(INDEX, Term("l", "Thu ngân sách nhà nước", unit="phan-tram"))[0]
    assert different.match == "closeMatch", "the same name in another unit is not exactly the same"


def test_a_rejected_pair_is_never_first_again_and_says_so() -> None:
    sought = Term("l", "Thu ngân sách nhà nước")
    assert keys(rank(INDEX, sought))[0] == "n4"
    found = learned(sought, [Decision("l", "n4", accepted=False, by="Trần B", on=date(2025, 3, 1))])
    assert keys(found)[0] != "n4"
    [rejected] = [one for one in found if one.target and one.target.key == "n4"]
    assert rejected.refused
    assert any("Trần B" in reason.vi and "1/3/2025" in reason.vi for reason in rejected.reasons)


@given(st.lists(st.tuples(st.sampled_from([*NATIONAL, None]), st.booleans()), max_size=8))
def test_whatever_is_decided_a_rejected_code_is_never_first(made: list[tuple[str | None, bool]]) -> None:
    decisions = [Decision("l", target, accepted) for target, accepted in made]
    found = learned(Term("l", "Thu ngân sách nhà nước"), decisions)
    rejected = {target for target, accepted in made if not accepted and target is not None}
    assert keys(found)[0] not in rejected
    assert keys(found).count(None) == 1


def test_decisions_about_like_indicators_improve_the_ranking() -> None:
    sought, like = Term("l", "Doanh thu xuất ngoại"), Term("m", "Doanh thu xuất ngoại (triệu USD)")
    before = keys(rank(INDEX, sought))
    assert before[0] is None
    after = learned(sought, [Decision("m", "n5", accepted=True)], like)
    assert keys(after)[0] == "n5"
    assert "accepted-alike" in codes_of(next(one for one in after if one.target and one.target.key == "n5"))
    none = learned(
        Term("l", "Thu ngân sách địa phương"),
        [Decision("m", None, accepted=True)],
        Term("m", "Thu ngân sách địa phương"),
    )
    assert keys(none)[0] is None
    worse = learned(Term("l", "Thu ngân sách"), [Decision("m", "n4", accepted=False)], Term("m", "Thu ngân sách"))
    plain = {one.target.key if one.target else None: one.probability for one in rank(INDEX, Term("l", "Thu ngân sách"))}
    assert next(one.probability for one in worse if one.target and one.target.key == "n4") < plain["n4"]


def test_neighbours_mapped_into_a_group_speak_for_it() -> None:
    group = (("dia-phuong.y-te", "Y tế"),)
    sought = Term("l", "Tỷ suất trẻ em", groups=group)
    neighbour = Term("m", "Trẻ tử vong", groups=group)
    found = learned(sought, [Decision("m", "n1", accepted=True)], neighbour)
    [second] = [one for one in found if one.target and one.target.key == "n2"]
    assert "sibling-mapped" in codes_of(second)
    plain = next(one for one in rank(INDEX, sought) if one.target and one.target.key == "n2")
    assert second.probability > plain.probability


def test_the_order_of_decisions_changes_nothing() -> None:
    made = [
        Decision("l", "n5", accepted=False),
        Decision("m", "n6", accepted=True, by="A"),
        Decision("m", "n5", accepted=False, by="B"),
        Decision("k", None, accepted=True),
        Decision("m", "n6", accepted=True, by="A"),
    ]
    others = (Term("m", "Giá trị hàng hóa"), Term("k", "Giá trị hàng hóa."))
    answers = [learned(Term("l", "Giá trị hàng hóa"), list(order), *others) for order in permutations(made)]
    assert all(answer == answers[0] for answer in answers)


def test_an_accepted_counterpart_comes_first_until_its_time_is_over() -> None:
    sought = Term("l", "Thu ngân sách nhà nước")
    standing = learned(sought, [Decision("l", "n3", accepted=True)])
    assert keys(standing)[0] == "n3"
    assert "accepted" in codes_of(standing[0])
    over = learned(sought, [Decision("l", "n3", accepted=True, standing=False)])
    assert "accepted" not in {code for one in over for code in codes_of(one)}


def test_two_contradicting_decisions_leave_the_pair_rejected() -> None:
    sought = Term("l", "Thu ngân sách nhà nước")
    found = learned(sought, [Decision("l", "n4", accepted=True), Decision("l", "n4", accepted=False)])
    assert keys(found)[0] != "n4"


def test_similarity_is_symmetric_bounded_and_tells_decisive_pieces_apart() -> None:
    names = [
        "Sở KH&CN Hà Nội",
        "Sở Khoa học và Công nghệ Hà Nội",
        "GRDP/người",
        "GRDP bình quân đầu người",
        "CPI",
        "",
        "(%)",
    ]
    for one in names:
        for other in names:
            assert 0 <= score(one, other) <= 1
            assert score(one, other) == pytest.approx(score(other, one))
    assert score(names[0], names[1]) > 0.95
    assert score(names[2], names[3]) > 0.95
    for one, other in (
        ("Giá trị xuất khẩu", "Giá trị nhập khẩu"),
        ("Tỷ suất chết trẻ em dưới 1 tuổi", "Tỷ suất chết trẻ em dưới 5 tuổi"),
        ("GDP (current US$)", "GDP (constant LCU)"),
        ("GRDP bình quân đầu người", "Tăng trưởng GRDP"),
    ):
        value, reasons = explained(one, other)
        assert value < 0.75, (one, other)
        assert {reason.code for reason in reasons} & {"opposed", "numbers-differ", "brackets", "measure-differs"}


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_can_be_compared(one: str, other: str) -> None:
    assert 0 <= score(one, other) <= 1
    assert keys(rank(INDEX, Term("l", one, other_names=(other,)))).count(None) == 1
