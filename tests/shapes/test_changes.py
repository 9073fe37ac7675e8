"""A check of some nodes finds what the whole check finds of them; and a change leads to all nodes that it breaks."""

import random
from collections.abc import Collection
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from catalogue.graphs import VOCABULARY_GRAPH, derived_graph
from catalogue.iri import PREFIXES
from catalogue.reach import MOST_NODES
from catalogue.settings import DEFAULT_BASE
from catalogue.store.embedded import Embedded
from catalogue.store.port import Change, Pattern
from catalogue.validation import Failure, changed_nodes, failures
from tests.shapes.cases import GRAPH, INVALID, VALID, WORLD, WORLD_GRAPH, name, read, store, vocabulary

DEFAULT = DefaultGraph()
Told = tuple[object, object, object]


@cache
def everything() -> tuple[Embedded, frozenset[Told]]:
    """All invalid cases side by side, and their failures."""
    held = store([*vocabulary(), *read([WORLD], WORLD_GRAPH), *read(INVALID, GRAPH)])
    return held, frozenset(map(told, failures(held)))


def told(failure: Failure) -> Told:
    """What identifies a failure."""
    return failure.check.shape, failure.focus, failure.value


@pytest.mark.parametrize("seed", range(6))
def test_a_check_of_some_nodes_is_the_whole_check_of_these(seed: int) -> None:
    held, whole = everything()
    subjects = sorted(things(held, GRAPH), key=str)
    chosen = set(random.Random(seed).sample(subjects, len(subjects) // 3))  # noqa: S311 - the same each time
    found = {told(one) for one in failures(held, chosen) if one.focus != VOCABULARY_GRAPH}
    assert found == {one for one in whole if one[1] in chosen}


def test_a_word_that_does_not_exist_is_found_where_it_is_used() -> None:
    held, whole = everything()
    words = {one for one in whole if one[1] == VOCABULARY_GRAPH}
    used = {word[2] for word in words}
    users = {
        t.subject for t in held.graph(GRAPH) if isinstance(t.subject, NamedNode) and used & {t.predicate, t.object}
    }
    assert {told(one) for one in failures(held, users) if one.focus == VOCABULARY_GRAPH} == words
    assert not [one for one in failures(held, []) if one.focus]


def things(held: Embedded, graph: NamedNode) -> set[NamedNode | BlankNode]:
    """What a graph speaks of."""
    return {t.subject for t in held.graph(graph) if isinstance(t.subject, NamedNode | BlankNode)}


def carry_out(held: Embedded, *, add: Collection[Quad] = (), remove: Collection[Quad] = ()) -> Change:
    """The quads and the same in the default graph go and come; as `publication.plan` says it."""
    going, coming = (
        [*quads, *(Quad(q.subject, q.predicate, q.object, DEFAULT) for q in quads)] for quads in (remove, add)
    )
    for quad in going:
        held.engine.remove(quad)
    held.engine.extend(coming)
    return Change(add=coming, remove=going)


@pytest.mark.parametrize("case", INVALID, ids=name)
def test_what_a_case_breaks_is_found_from_each_of_its_changes(case: Path) -> None:
    """Each thing of a case comes last, in one change: whatever then fails that did not fail before must be found."""
    quads = [*read([case], GRAPH)]
    held = store([*vocabulary(), *read([WORLD], WORLD_GRAPH), *quads])
    broken = failures(held)
    checks = [one.check for one in broken]
    after = {told(one) for one in broken}
    for subject in dict.fromkeys(quad.subject for quad in quads):
        own = [quad for quad in quads if quad.subject == subject]
        for part in [own, *([quad] for quad in own)]:
            carry_out(held, remove=part)
            before = {
                (one.shape, row[0], row[1] if len(row) > 1 else None)
                for one in checks
                for row in held.select(one.query).rows
            }
            change = carry_out(held, add=part)
            nodes = changed_nodes(held, change, DEFAULT_BASE)
            assert nodes is not None
            assert after - before <= set(map(told, failures(held, nodes))), part


# What constraints read of other nodes, and another value for it.
_ELSEWHERE: dict[str, NamedNode | Literal] = {
    "chiso:validFrom": Literal("2099-01-01", datatype=NamedNode(PREFIXES["xsd"] + "date")),
    "chiso:validTo": Literal("1950-01-01", datatype=NamedNode(PREFIXES["xsd"] + "date")),
    "eli:date_document": Literal("2099-01-01", datatype=NamedNode(PREFIXES["xsd"] + "date")),
    "skos:inScheme": NamedNode("https://chiso.example/synthetic/another-set"),
    "rdf:type": NamedNode(PREFIXES["foaf"] + "Document"),
    "org:originalOrganization": NamedNode("https://chiso.example/synthetic/another-body"),
}


@pytest.mark.parametrize("property", _ELSEWHERE)
def test_another_value_leads_to_all_that_it_breaks(property: str) -> None:
    prefix, _, local = property.partition(":")
    predicate, other = NamedNode(PREFIXES[prefix] + local), _ELSEWHERE[property]
    held = store([*vocabulary(), *read([WORLD], WORLD_GRAPH), *read(VALID, GRAPH)])
    before = set(map(told, failures(held)))
    wanted = [quad for quad in held.match([Pattern(None, predicate)]) if quad.graph_name in (GRAPH, WORLD_GRAPH)]
    several = sorted(wanted, key=str)
    broken = 0
    random.Random(1).shuffle(several)  # noqa: S311 - the same each time
    for tried, quad in enumerate(several):
        if tried >= 12 and broken:
            break
        instead = [Quad(quad.subject, predicate, other, quad.graph_name)]
        nodes = changed_nodes(held, carry_out(held, remove=[quad], add=instead), DEFAULT_BASE)
        assert nodes is not None
        new = {one for one in map(told, failures(held)) if one not in before and one[1] != VOCABULARY_GRAPH}
        assert new == {one for one in map(told, failures(held, nodes)) if one in new}, quad
        broken += len({one for one in new if one[1] != quad.subject})
        carry_out(held, remove=instead, add=[quad])
    assert broken, "no other node broke"


@pytest.mark.parametrize("property", ["eli:passed_by", "chiso:basis", "skos:inScheme"])
def test_a_regime_is_checked_again_when_the_issuers_behind_it_change(property: str) -> None:
    prefix, _, local = property.partition(":")
    predicate = NamedNode(PREFIXES[prefix] + local)
    cases = [case for case in INVALID if case.parent.name == "regime"]
    held = store([*vocabulary(), *read([WORLD], WORLD_GRAPH), *read(cases, GRAPH)])
    rule = next(one.check for one in failures(held) if one.check.shape.value.endswith("#regime-foreign-indicator"))
    regimes = {row[0] for row in held.select(rule.query).rows}
    led = 0
    for quad in held.match([Pattern(None, predicate)]):
        if quad.graph_name not in (GRAPH, WORLD_GRAPH) or quad.subject in regimes:
            continue
        carry_out(held, remove=[quad])
        before = {row[0] for row in held.select(rule.query).rows}
        nodes = changed_nodes(held, carry_out(held, add=[quad]), DEFAULT_BASE)
        assert nodes is not None
        assert regimes - before <= nodes, quad
        led += len(regimes - before)
    assert led, "no regime was broken from elsewhere"


def test_after_a_change_of_the_vocabulary_everything_is_checked() -> None:
    held = store([*vocabulary(), *read([WORLD], WORLD_GRAPH)])
    assert changed_nodes(held, carry_out(held, remove=[vocabulary()[0]]), DEFAULT_BASE) is None


def test_what_is_said_twice_or_only_derived_changes_no_node() -> None:
    held = store([*read([WORLD], WORLD_GRAPH)])
    quad = next(iter(read([WORLD], GRAPH)))
    derived = Quad(quad.subject, quad.predicate, Literal("x"), derived_graph(DEFAULT_BASE))
    in_default = Quad(derived.subject, derived.predicate, derived.object, DEFAULT)
    assert changed_nodes(held, Change(add=[quad, derived, in_default]), DEFAULT_BASE) == frozenset()


def test_more_nodes_than_are_worth_it_mean_everything() -> None:
    label = NamedNode(PREFIXES["skos"] + "prefLabel")
    many = [Quad(NamedNode(f"{DEFAULT_BASE}id/task/{n}"), label, Literal("x"), GRAPH) for n in range(MOST_NODES + 1)]
    held = store([])
    assert changed_nodes(held, carry_out(held, add=many), DEFAULT_BASE) is None
    assert len(changed_nodes(held, carry_out(held, remove=many[1:]), DEFAULT_BASE) or ()) == MOST_NODES


def test_blank_nodes_are_checked_too() -> None:
    held = store([*vocabulary(), *read([WORLD], WORLD_GRAPH)])
    nameless, kind = BlankNode(), NamedNode(PREFIXES["rdf"] + "type")
    post = Quad(nameless, kind, NamedNode(PREFIXES["org"] + "Post"), GRAPH)
    nodes = changed_nodes(held, carry_out(held, add=[post]), DEFAULT_BASE)
    assert nodes == frozenset({nameless})
    found = {str(shape).partition("#")[2].rstrip(">") for shape, focus, _ in map(told, failures(held, nodes))}
    assert found == {"Named", "post-name"}
