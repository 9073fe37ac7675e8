"""The succession cases: who holds, when, what was given to a unit that was renamed, merged, split, abolished."""

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from catalogue.holdings import Event, Holding, Life, derived, holdings
from catalogue.iri import CODES, PREFIXES


def event(iri: str, day: str, kind: str, originals: str, results: str = "") -> Event:
    return Event(iri, day, kind, frozenset(originals.split()), frozenset(results.split()))


def told(found: list[Holding], named: str) -> list[str]:
    """One line per interval: start..end holder, or ? and the candidates, and the events."""
    return [
        f"{h.start or ''}..{h.end or ''} {h.holder or '?' + ','.join(h.candidates)}"
        + (f" via {' '.join(h.events)}" if h.events else "")
        for h in found
        if h.named == named
    ]


D1, D2, D3 = "2025-03-01", "2025-07-01", "2026-01-01"
OPEN, UNTIL_1, SINCE_1 = Life(), Life(None, D1), Life(D1, None)

CASES: dict[str, tuple[dict[str, Life], list[Event], dict[str, list[str]]]] = {
    "rename: the same IRI keeps it": (
        {"a": Life("2008-01-01")},
        [event("e", D1, "doi-ten", "a", "a"), event("f", D2, "doi-ten", "a")],
        {"a": ["2008-01-01.. a"]},
    ),
    "merge into a new unit": (
        {"a": UNTIL_1, "b": UNTIL_1, "ab": SINCE_1},
        [event("e", D1, "hop-nhat", "a b", "ab")],
        {
            "a": [f"..{D1} a", f"{D1}.. ab via e"],
            "b": [f"..{D1} b", f"{D1}.. ab via e"],
            "ab": [f"{D1}.. ab"],
        },
    ),
    "absorbed by a unit that existed already, also when the event names the survivor before and after": (
        {"a": UNTIL_1, "x": Life("2000-01-01")},
        [event("e", D1, "sap-nhap", "a x", "x")],
        {"a": [f"..{D1} a", f"{D1}.. x via e"], "x": ["2000-01-01.. x"]},
    ),
    "split by one event": (
        {"a": UNTIL_1, "b": SINCE_1, "c": SINCE_1},
        [event("e", D1, "chia", "a", "b c")],
        {"a": [f"..{D1} a", f"{D1}.. ?b,c via e"], "b": [f"{D1}.. b"]},
    ),
    "split by several events, one per receiver": (
        {"a": UNTIL_1, "b": SINCE_1, "c": OPEN},
        [event("e", D1, "chia", "a", "b"), event("f", D1, "chia", "a", "c")],
        {"a": [f"..{D1} a", f"{D1}.. ?b,c via e f"]},
    ),
    "split of which one receiver alone is known": (
        {"a": UNTIL_1, "b": SINCE_1},
        [event("e", D1, "chia", "a", "b")],
        {"a": [f"..{D1} a", f"{D1}.. ?b via e"]},
    ),
    "two units receive by two mergers on one day": (
        {"a": UNTIL_1, "b": SINCE_1, "c": SINCE_1},
        [event("e", D1, "hop-nhat", "a", "b"), event("f", D1, "hop-nhat", "a", "c")],
        {"a": [f"..{D1} a", f"{D1}.. ?b,c via e f"]},
    ),
    "spin-off: the original keeps it": (
        {"a": OPEN, "b": SINCE_1},
        [event("e", D1, "tach", "a", "a b"), event("f", D2, "tach", "a", "b")],
        {"a": [".. a"]},
    ),
    "abolished": (
        {"a": UNTIL_1},
        [event("e", D1, "giai-the", "a")],
        {"a": [f"..{D1} a", f"{D1}.. ? via e"]},
    ),
    "abolished, with bodies named that take parts": (
        {"a": UNTIL_1, "b": OPEN},
        [event("e", D1, "giai-the", "a", "b")],
        {"a": [f"..{D1} a", f"{D1}.. ?b via e"]},
    ),
    "ended without any event": ({"a": UNTIL_1}, [], {"a": [f"..{D1} a", f"{D1}.. ?"]}),
    "chain of two mergers": (
        {"a": UNTIL_1, "b": Life(D1, D2), "c": Life(D2)},
        [event("e", D1, "hop-nhat", "a", "b"), event("f", D2, "hop-nhat", "b", "c")],
        {"a": [f"..{D1} a", f"{D1}..{D2} b via e", f"{D2}.. c via e f"], "b": [f"{D1}..{D2} b", f"{D2}.. c via f"]},
    ),
    "chain of two mergers on one day": (
        {"a": UNTIL_1, "b": Life(D1, D1), "c": SINCE_1},
        [event("e", D1, "hop-nhat", "a", "b"), event("f", D1, "hop-nhat", "b", "c")],
        {"a": [f"..{D1} a", f"{D1}.. c via e f"]},
    ),
    "two mergers into one unit on different days": (
        {"a": UNTIL_1, "b": Life(None, D2), "x": SINCE_1},
        [event("e", D1, "hop-nhat", "a", "x"), event("f", D2, "sap-nhap", "b", "x")],
        {"a": [f"..{D1} a", f"{D1}.. x via e"], "b": [f"..{D2} b", f"{D2}.. x via f"], "x": [f"{D1}.. x"]},
    ),
    "cycle in time: it comes back": (
        {"a": OPEN, "b": OPEN},
        [event("e", D1, "sap-nhap", "a", "b"), event("f", D2, "sap-nhap", "b", "a")],
        {"a": [f"..{D1} a", f"{D1}..{D2} b via e", f"{D2}.. a via e f"]},
    ),
    "cycle on one day: nobody can say": (
        {"a": OPEN, "b": OPEN},
        [event("e", D1, "sap-nhap", "a", "b"), event("f", D1, "sap-nhap", "b", "a")],
        {"a": [f"..{D1} a", f"{D1}.. ?b via e f"]},
    ),
    "gap between the end and the successor's start": (
        {"a": UNTIL_1, "b": Life(D2)},
        [event("e", D1, "hop-nhat", "a", "b")],
        {"a": [f"..{D1} a", f"{D1}..{D2} ?b via e", f"{D2}.. b via e"]},
    ),
    "gap between the end and the event": (
        {"a": UNTIL_1, "b": Life(D2)},
        [event("e", D2, "hop-nhat", "a", "b")],
        {"a": [f"..{D1} a", f"{D1}..{D2} ?b via e", f"{D2}.. b via e"]},
    ),
    "merger where one original has an unknown start, the other an unknown end": (
        {"a": Life(None, D1), "b": Life("2016-05-05"), "x": SINCE_1},
        [event("e", D1, "hop-nhat", "a b", "x")],
        {
            "a": [f"..{D1} a", f"{D1}.. x via e"],
            "b": [f"2016-05-05..{D1} b", f"{D1}.. x via e"],
        },
    ),
    "merged into a unit that had gone before": (
        {"a": Life(None, D2), "b": Life(None, D1), "c": SINCE_1},
        [event("e", D2, "sap-nhap", "a", "b"), event("f", D1, "hop-nhat", "b", "c")],
        {"a": [f"..{D2} a", f"{D2}.. ?c via e f"]},
    ),
    "the successor ends in its turn without an event": (
        {"a": UNTIL_1, "b": Life(D1, D3)},
        [event("e", D1, "to-chuc-lai", "a", "b")],
        {"a": [f"..{D1} a", f"{D1}..{D3} b via e", f"{D3}.. ? via e"]},
    ),
    "the successor is not described anywhere": (
        {"a": UNTIL_1},
        [event("e", D1, "chuyen", "a", "elsewhere")],
        {"a": [f"..{D1} a", f"{D1}.. elsewhere via e"]},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_succession(case: str) -> None:
    lives, events, expected = CASES[case]
    found = holdings(lives, events)
    assert {named: told(found, named) for named in expected} == expected


def test_holdings_are_written_as_triples() -> None:
    def word(prefix: str, name: str) -> NamedNode:
        return NamedNode(PREFIXES[prefix] + name)

    def day(text: str) -> Literal:
        return Literal(text, datatype=word("xsd", "date"))

    old, new, merger = (NamedNode(f"https://chiso.example/id/{x}") for x in ("agency/old", "agency/new", "event/e"))
    a, agency = word("rdf", "type"), word("cv", "PublicOrganisation")
    made = derived(
        [
            Triple(old, a, agency),
            Triple(old, word("chiso", "validTo"), day(D1)),
            Triple(old, word("chiso", "notFound"), word("chiso", "validFrom")),
            Triple(new, a, agency),
            Triple(new, word("chiso", "validFrom"), day(D1)),
            Triple(merger, a, word("org", "ChangeEvent")),
            Triple(merger, word("dct", "type"), NamedNode(CODES + "change/hop-nhat")),
            Triple(merger, word("dct", "date"), day(D1)),
            Triple(merger, word("org", "originalOrganization"), old),
            Triple(merger, word("org", "resultingOrganization"), new),
        ]
    )
    second = NamedNode(old.value + "#holding-2")
    assert {t for t in made if t.subject == second} == {
        Triple(second, a, word("chiso", "Holding")),
        Triple(second, word("chiso", "named"), old),
        Triple(second, word("chiso", "holder"), new),
        Triple(second, word("chiso", "validFrom"), day(D1)),
        Triple(second, word("chiso", "viaEvent"), merger),
        Triple(second, word("chiso", "chainLength"), Literal("1", datatype=word("xsd", "integer"))),
    }
    assert {t.subject.value for t in made} == {f"{old.value}#holding-1", second.value, f"{new.value}#holding-1"}
