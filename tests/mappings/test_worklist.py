"""Working through a scheme: what comes next, how far it is, earlier decisions, and decisions as SSSOM that the import takes."""

from datetime import date

import pytest
from pyoxigraph import NamedNode

from catalogue.errors import Conflict, Invalid, NotFound
from catalogue.mapping.entries import Person
from catalogue.mapping.exchange import importing, sssom_tsv
from catalogue.mapping.exchange.importing import Options, Plan
from catalogue.mapping.exchange.sssom import MappingSet
from catalogue.mapping.review import decisions, worklist
from catalogue.store.embedded import Embedded
from catalogue.store.port import Store
from tests.mappings.review_world import BASE, ID, LOCAL, NATIONAL, mapping, published, world

DAY = date(2026, 3, 1)
LE_C, NGUYEN_A = Person("Lê C", f"{ID}agency/le-c"), Person("Nguyễn A", f"{ID}agency/nguyen-a")

MAPPINGS = (
    mapping("done", "l1", "exactMatch", "n1", day="2025-05-01"),
    mapping("none", "l2", "exactMatch", "none", by="Lê C", day="2025-06-01", more="sssom:object_source s:quoc-gia ;"),
    mapping("weak", "l3", "closeMatch", "n2", "candidate", more="sssom:confidence 0.4 ;"),
    mapping("strong", "l3", "exactMatch", "n3", "candidate", author="Lê C", more="sssom:confidence 0.9 ;"),
    mapping("own", "l4", "exactMatch", "n4", "candidate"),
    mapping("refused", "l5", "exactMatch", "n5", "rejected"),
    mapping("elsewhere", "l6", "exactMatch", "u1", "candidate"),
    "review:done.1 a chiso:MappingReview ; chiso:reviewOf m:done ; chiso:status status:rejected ;"
    ' sssom:reviewer_label "Phạm D" ; sssom:review_date "2025-02-10"^^xsd:date ; sssom:comment "Chưa đủ căn cứ" .\n',
    "review:done.2 a chiso:MappingReview ; chiso:reviewOf m:done ; chiso:status status:withdrawn ;"
    ' sssom:reviewer_label "Phạm D" ; sssom:review_date "2025-02-20"^^xsd:date .\n',
)


@pytest.fixture(scope="module")
def store() -> Store:
    return world(*MAPPINGS)


def shown(found: worklist.Work) -> list[tuple[str | None, str, list[str]]]:
    return [
        (task.code.notation, task.state, [one.mapping.iri.rpartition("/")[2] for one in task.candidates])
        for task in found.items
    ]


def test_what_has_candidates_comes_first_and_the_most_probable_one_before(store: Store) -> None:
    found = worklist.work(store, scheme=LOCAL, to=NATIONAL, as_of=DAY)
    assert shown(found) == [
        ("L3", "candidate", ["strong", "weak"]),
        ("L4", "candidate", ["own"]),
        *[(f"L{n}", "nothing", []) for n in range(5, 10)],
    ]
    [refused] = found.items[2].decided
    assert refused.mapping.status == "rejected"


def test_nobody_is_shown_what_only_they_proposed(store: Store) -> None:
    found = worklist.work(store, scheme=LOCAL, to=NATIONAL, as_of=DAY, not_by=NGUYEN_A.iri)
    assert shown(found)[0] == ("L3", "candidate", ["strong"])
    assert "L4" not in [task.code.notation for task in found.items]
    assert found.total == 6


def test_work_is_paged_and_narrowed_to_a_state_or_a_group(store: Store) -> None:
    first = worklist.work(store, scheme=LOCAL, to=NATIONAL, as_of=DAY, limit=4)
    second = worklist.work(store, scheme=LOCAL, to=NATIONAL, as_of=DAY, limit=4, cursor=first.next_cursor)
    assert [one[0] for one in [*shown(first), *shown(second)]] == [f"L{n}" for n in range(3, 10)]
    assert second.next_cursor is None
    decided = worklist.work(store, scheme=LOCAL, to=NATIONAL, as_of=DAY, wanted="decided")
    assert [one[:2] for one in shown(decided)] == [("L1", "exactMatch"), ("L2", "no-counterpart")]
    of_group = worklist.work(store, scheme=LOCAL, to=NATIONAL, as_of=DAY, group=f"{ID}indicator-group/a")
    assert [one[0] for one in shown(of_group)] == ["L3"]


def test_progress_says_how_far_and_by_whom(store: Store) -> None:
    found = worklist.progress(store, scheme=LOCAL, to=NATIONAL, as_of=DAY)
    assert (found.codes, found.decided, found.candidate, found.open) == (9, 2, 2, 5)
    assert [(one.person.name, one.codes, str(one.last)) for one in found.people] == [
        ("Lê C", 1, "2025-06-01"),
        ("Trần B", 1, "2025-05-01"),
    ]


def test_history_tells_every_decision_the_latest_first(store: Store) -> None:
    found = worklist.history(store, f"{ID}mapping/done", as_of=DAY)
    assert [(one.status, one.reviewers[0].name, str(one.review_date), one.current) for one in found.reviews] == [
        ("accepted", "Trần B", "2025-05-01", True),
        ("withdrawn", "Phạm D", "2025-02-20", False),
        ("rejected", "Phạm D", "2025-02-10", False),
    ]
    assert found.reviews[2].comment == "Chưa đủ căn cứ"
    with pytest.raises(NotFound):
        worklist.history(store, f"{ID}mapping/khong-co", as_of=DAY)


def test_who_proposed_a_mapping_cannot_accept_it_but_may_take_it_back(store: Store) -> None:
    with pytest.raises(Conflict, match="Nguyễn A"):
        decisions.decision(store, f"{ID}mapping/own", "accept", by=NGUYEN_A, day=DAY)
    taken_back = decisions.decision(store, f"{ID}mapping/own", "reject", by=NGUYEN_A, day=DAY)
    assert taken_back.mappings[0].slots["mapping_status"] == "rejected"
    with pytest.raises(Conflict):
        decisions.no_counterpart(
            f"{ID}indicator/l7",
            scheme=LOCAL,
            to=NATIONAL,
            mapping_set=f"{ID}mapping-set/t",
            licence="http://creativecommons.org/licenses/by/4.0/",
            author=Person("Nguyễn A"),
            reviewer=Person("Nguyễn A"),
            day=DAY,
        )


@pytest.mark.parametrize(
    ("name", "verdict", "ends", "error"),
    [
        ("done", "reject", None, Conflict),
        ("own", "withdraw", None, Conflict),
        ("done", "end", None, Invalid),
        ("done", "withdraw", date(2026, 1, 1), Invalid),
        ("khong-co", "accept", None, NotFound),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(
    store: Store, name: str, verdict: decisions.Verdict, ends: date | None, error: type[Exception]
) -> None:
    with pytest.raises(error):
        decisions.decision(store, f"{ID}mapping/{name}", verdict, by=LE_C, day=DAY, ends=ends)


def imported(given: MappingSet, store: Embedded, current: NamedNode | None = None) -> tuple[Plan, Embedded]:
    """What the import makes of a set that was written as TSV, and the catalogue with it."""
    read = sssom_tsv.read(sssom_tsv.write(given), most=10)
    assert read.problems == []
    options = Options(BASE, DAY)
    target = importing.target(read, options)
    plan = importing.plan(store, store.graph(current or target.graph), read, options)
    assert plan.refused == []
    assert plan.triples is not None
    graphs = {
        name: store.graph(name) for name in store.graph_names() if name.value.startswith(f"{BASE}graph/anh-xa-thu")
    }
    turtle = {name.value: "\n".join(f"{t} ." for t in triples) for name, triples in graphs.items()}
    turtle[target.graph.value] = "\n".join(f"{t} ." for t in plan.triples)
    return plan, published(turtle)


def test_decisions_go_through_the_import_and_leave_a_history() -> None:
    start = world()
    proposed = decisions.no_counterpart(
        f"{ID}indicator/l7",
        scheme=LOCAL,
        to=NATIONAL,
        mapping_set=f"{ID}mapping-set/quyet-dinh",
        licence="http://creativecommons.org/licenses/by/4.0/",
        author=NGUYEN_A,
        day=DAY,
        comment="Không có trong hệ thống quốc gia",
    )
    plan, store = imported(proposed, start)
    assert plan.added == 1
    [task] = worklist.work(store, scheme=LOCAL, to=NATIONAL, as_of=DAY, wanted="candidate").items
    [candidate] = task.candidates
    accepted = decisions.decision(store, candidate.mapping.iri, "accept", by=LE_C, day=DAY)
    plan, store = imported(accepted, store)
    assert (plan.added, plan.updated) == (0, 1)
    [done] = worklist.work(store, scheme=LOCAL, to=NATIONAL, as_of=DAY, wanted="decided").items
    assert (done.code.notation, done.state) == ("L7", "no-counterpart")
    [decided] = done.decided
    assert decided.mapping.comment == "Không có trong hệ thống quốc gia"
    withdrawn = decisions.decision(store, decided.mapping.iri, "withdraw", by=LE_C, day=DAY, comment="Nhầm")
    plan, store = imported(withdrawn, store)
    told = worklist.history(store, decided.mapping.iri, as_of=DAY)
    assert [(one.status, one.current) for one in told.reviews] == [("withdrawn", True), ("accepted", False)]
    assert worklist.progress(store, scheme=LOCAL, to=NATIONAL, as_of=DAY).decided == 0


def test_an_end_is_the_first_day_that_no_longer_counts() -> None:
    store = world(mapping("done", "l1", "exactMatch", "n1"))
    ended = decisions.decision(store, f"{ID}mapping/done", "end", by=LE_C, day=DAY, ends=date(2026, 4, 1))
    [record] = ended.mappings
    assert (record.slots["valid_to"], record.slots["mapping_status"]) == ("2026-04-01", "accepted")
    assert record.slots["subject_id"] == f"{ID}indicator/l1"
