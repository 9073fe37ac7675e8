"""The neighbourhood of a thing: an assignment is a tie with its role; opened things bring what they are tied to."""

from catalogue import neighbourhood
from catalogue.neighbourhood import Neighbourhood
from catalogue.store.port import Store
from tests.questions.conftest import Publish
from tests.questions.test_lineage import TODAY, node
from tests.questions.test_responsibility import DECISION, duty

ROLE = "https://w3id.org/chiso/code/role/"


def around(store: Store, kind: str, key: str, **more: object) -> Neighbourhood:
    given = {"direction": "both", "as_of": TODAY, "depth": 12, "limit": 100} | more
    return neighbourhood.around(store, node(kind, key), **given)  # type: ignore[arg-type]


def said(found: Neighbourhood) -> set[tuple[str, str, str]]:
    return {
        (
            one.start.rpartition("/")[2],
            one.relation.iri.removeprefix(ROLE).rpartition("#")[2],
            one.end.rpartition("/")[2],
        )
        for one in found.ties
    }


def test_an_assignment_is_a_tie_between_unit_and_task(publish: Publish) -> None:
    store = publish(confirmed=DECISION + duty("r1", "city", "task:t1") + duty("r2", "other", "task:t1", "phoi-hop"))
    found = around(store, "decision", "d1")
    assert {("city", "chu-tri", "t1"), ("other", "phoi-hop", "t1"), ("t1", "basis", "d1")} <= said(found)
    assert not [one for one in found.nodes if one.kind == "responsibility"]
    (lead,) = [one for one in found.ties if one.relation.iri == ROLE + "chu-tri"]
    assert lead.assignment == node("responsibility", "r1").value
    assert lead.ground == node("task", "t1").value
    assert lead.dependent == node("agency", "city").value


def test_an_assignment_that_is_asked_about_stays_a_thing(publish: Publish) -> None:
    found = around(publish(confirmed=DECISION + duty("r1", "other", "task:t1")), "responsibility", "r1")
    assert {one.kind for one in found.nodes} >= {"responsibility", "agency", "task", "decision"}


def test_a_mark_is_the_weakest_on_the_best_way(publish: Publish) -> None:
    store = publish(confirmed=DECISION, unverified=duty("r1", "other", "task:t1"))
    marks = {one.iri.rpartition("/")[2]: one.verification for one in around(store, "decision", "d1").nodes}
    assert (marks["t1"], marks["other"]) == ("confirmed", "unverified")


def test_what_lies_beyond_is_counted_and_comes_when_opened(publish: Publish) -> None:
    more = DECISION + (
        'task:t2 a chiso:Task ; skos:prefLabel "Việc hai"@vi .\n'
        + duty("r1", "other", "task:t1")
        + duty("r2", "other", "task:t2")
    )
    store = publish(confirmed=more)
    other = node("agency", "other").value
    closed = around(store, "task", "t1")
    assert closed.beyond[other] == 1
    assert node("task", "t2").value not in {one.iri for one in closed.nodes}
    opened = around(store, "task", "t1", opened=[other])
    assert ("other", "chu-tri", "t2") in said(opened)
    assert other not in opened.beyond


def test_a_limit_is_kept_and_said(publish: Publish) -> None:
    tasks = "".join(f"task:x{number} a chiso:Task ; chiso:basis decision:d1 .\n" for number in range(50))
    found = around(publish(confirmed=DECISION + tasks), "decision", "d1", limit=10)
    assert found.truncated
    assert len(found.nodes) <= 10
