"""The table by which chains are composed: complete, and consistent with itself."""

from itertools import product

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from catalogue.errors import Defect
from catalogue.iri import CODES, PREFIXES
from catalogue.mapping.chains import composition
from catalogue.mapping.chains.composition import Table, composed
from catalogue.mapping.relations import MATCHES, inverse
from catalogue.store.embedded import Embedded, open_memory
from tests.shapes import cases


@pytest.fixture(scope="module")
def store() -> Embedded:
    """The vocabulary alone."""
    return cases.store(cases.vocabulary())


@pytest.fixture(scope="module")
def lines(store: Embedded) -> Table:
    """The table of the vocabulary."""
    return composition.table(store)


def test_all_pairs_are_stated_with_a_reason_in_both_languages(lines: Table) -> None:
    assert set(lines) == set(product(MATCHES, MATCHES))
    assert all(line.vi and line.en and line.vi != line.en for line in lines.values())
    assert all(line.composed in (None, *MATCHES) for line in lines.values())


def test_exact_is_the_identity(lines: Table) -> None:
    for match in MATCHES:
        assert lines["exactMatch", match].composed == match
        assert lines[match, "exactMatch"].composed == match


def test_only_what_skos_warrants_follows(lines: Table) -> None:
    beyond = {
        pair: line.composed for pair, line in lines.items() if "exactMatch" not in pair and line.composed is not None
    }
    assert beyond == {("broadMatch", "broadMatch"): "broadMatch", ("narrowMatch", "narrowMatch"): "narrowMatch"}


def test_composition_is_associative(lines: Table) -> None:
    for one, two, three in product(MATCHES, repeat=3):
        left, right = lines[one, two].composed, lines[two, three].composed
        first = lines[left, three].composed if left else None
        second = lines[one, right].composed if right else None
        assert first == second, (one, two, three)


def test_a_chain_read_backwards_gives_the_inverse(lines: Table) -> None:
    for one, two in product(MATCHES, repeat=2):
        forward = lines[one, two].composed
        backward = lines[inverse(two), inverse(one)].composed
        assert backward == (inverse(forward) if forward else None), (one, two)


def test_the_inclusion_of_sets_bears_the_table_out(lines: Table) -> None:
    """Whatever sets three codes stand for, the conclusion holds; where none is drawn, at least two relations are possible."""
    sets = [frozenset(s) for s in ("a", "b", "ab", "bc", "abc", "abcd")]

    def holds(match: str, one: frozenset[str], two: frozenset[str]) -> bool:
        return {"exactMatch": one == two, "broadMatch": one < two, "narrowMatch": one > two}[match]

    strict = ("exactMatch", "broadMatch", "narrowMatch")
    for first, second in product(strict, repeat=2):
        ends = [(a, c) for a, b, c in product(sets, repeat=3) if holds(first, a, b) and holds(second, b, c)]
        said = lines[first, second].composed
        if said is not None:
            assert all(holds(said, a, c) for a, c in ends)
        else:
            assert len({tuple(holds(match, a, c) for match in strict) for a, c in ends}) > 1


def test_chains_are_composed_from_left_to_right(lines: Table) -> None:
    assert composed(lines, []) == "exactMatch"
    assert composed(lines, ["exactMatch", "broadMatch", "broadMatch", "exactMatch"]) == "broadMatch"
    assert composed(lines, ["broadMatch", "narrowMatch"]) is None
    assert composed(lines, ["closeMatch", "exactMatch", "closeMatch"]) is None


def test_a_table_that_lacks_a_line_is_a_defect(store: Embedded) -> None:
    line = NamedNode(f"{CODES}match-composition/close-close")
    kept = [quad for quad in store.engine if quad.subject != line]
    with pytest.raises(Defect, match="closeMatch-closeMatch"):
        composition.table(open_memory(kept))
    twice = NamedNode("urn:twice")
    chiso, skos = PREFIXES["chiso"], PREFIXES["skos"]
    graph = DefaultGraph()
    more = [
        Quad(twice, NamedNode(f"{chiso}firstMatch"), NamedNode(f"{skos}closeMatch"), graph),
        Quad(twice, NamedNode(f"{chiso}secondMatch"), NamedNode(f"{skos}closeMatch"), graph),
        Quad(twice, NamedNode(f"{skos}definition"), Literal("a", language="vi"), graph),
        Quad(twice, NamedNode(f"{skos}definition"), Literal("a", language="en"), graph),
    ]
    with pytest.raises(Defect, match="26"):
        composition.table(open_memory([*store.engine, *more]))
