"""Small random graphs of mappings: pySHACL and the queries find the same, and a change is found from what it changes."""

import random
from collections.abc import Iterator

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from catalogue.iri import CODES, PREFIXES
from catalogue.settings import DEFAULT_BASE
from catalogue.validation import changed_nodes, check, failures
from tests.shapes.cases import GRAPH, WORLD, WORLD_GRAPH, read, store, vocabulary
from tests.shapes.test_changes import carry_out, told
from tests.shapes.test_judge import asked, judged

TEST = "https://chiso.example/synthetic/"
NO_TERM = NamedNode(PREFIXES["sssom"] + "NoTermFound")
DAYS = ("2020-01-01", "2023-01-01", "2025-03-01", "2026-01-01")
SCHEMES = ("a", "b", "c")
CODES_EACH = 3


def word(prefixed: str) -> NamedNode:
    """A term by its prefix."""
    prefix, _, local = prefixed.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


def day(text: str) -> Literal:
    """A plain day."""
    return Literal(text, datatype=word("xsd:date"))


def graph(seed: int) -> Iterator[Quad]:
    """Three schemes of three codes with some order, units and times, and sixteen mappings between them."""
    draw = random.Random(seed)  # noqa: S311 - the same each time

    def say(subject: NamedNode, **said: object) -> Iterator[Quad]:
        for name, value in said.items():
            if value is not None:
                yield Quad(subject, word(name.replace("__", ":")), value, GRAPH)  # type: ignore[arg-type]

    kind, codes = word("rdf:type"), []
    for scheme in SCHEMES:
        held = NamedNode(f"{TEST}random-{scheme}")
        yield Quad(held, kind, word("chiso:IndicatorSet"), GRAPH)
        for number in range(CODES_EACH):
            code = NamedNode(f"{TEST}random-{scheme}{number}")
            yield Quad(code, kind, word("chiso:Indicator"), GRAPH)
            place = scheme if draw.random() < 0.7 else draw.choice(SCHEMES)
            above = NamedNode(f"{TEST}random-{place}{draw.randrange(CODES_EACH)}")
            yield from say(
                code,
                skos__inScheme=held,
                skos__broader=above if draw.random() < 0.5 else None,
                owl__disjointWith=above if draw.random() < 0.1 else None,
                chiso__validFrom=day(DAYS[1]) if draw.random() < 0.2 else None,
                chiso__validTo=day(DAYS[2]) if draw.random() < 0.2 else None,
            )
            unit = draw.choice(("dong", "ty-dong", "nguoi", None))
            if unit:
                yield Quad(code, word("sdmx-a:unitMeasure"), NamedNode(f"{CODES}unit/{unit}"), GRAPH)
            codes.append(code)
    whole = NamedNode(f"{TEST}random-set")
    yield Quad(whole, kind, word("sssom:MappingSet"), GRAPH)
    for number in range(16):
        mapping = NamedNode(f"{TEST}random-m{number}")
        subject = draw.choice([*codes, NO_TERM])
        other = draw.choice([NO_TERM, *(one for one in codes if one.value[:-1] != subject.value[:-1])])
        relation = draw.choice(("exact", "exact", "exact", "close", "broad", "broad", "narrow", "related"))
        status = draw.choice(("accepted", "accepted", "accepted", "accepted", "candidate", "withdrawn"))
        yield Quad(whole, word("sssom:mappings"), mapping, GRAPH)
        yield Quad(mapping, kind, word("sssom:Mapping"), GRAPH)
        yield from say(
            mapping,
            sssom__subject_id=subject,
            sssom__object_id=other,
            sssom__predicate_id=word(f"skos:{relation}Match"),
            sssom__predicate_modifier=Literal("Not") if draw.random() < 0.2 else None,
            sssom__object_source=NamedNode(f"{TEST}random-{draw.choice(SCHEMES)}") if draw.random() < 0.7 else None,
            sssom__mapping_date=day(draw.choice(DAYS)) if draw.random() < 0.3 else None,
            sssom__review_date=day(draw.choice(DAYS)),
            sssom__reviewer_label=Literal("B"),
            sssom__author_label=Literal(draw.choice("AB")),
            chiso__status=NamedNode(f"{CODES}mapping-status/{status}"),
            chiso__validFrom=day(draw.choice(DAYS[:2])) if draw.random() < 0.3 else None,
            chiso__validTo=day(draw.choice(DAYS[2:])) if draw.random() < 0.3 else None,
        )


@pytest.mark.parametrize("seed", range(3))
def test_both_find_the_same_in_random_graphs(seed: int) -> None:
    quads = [*read([WORLD], WORLD_GRAPH), *graph(seed)]
    text = pyoxigraph.serialize([quad.triple for quad in quads], format=RdfFormat.N_TRIPLES)
    assert text is not None
    found = asked(check(store([*vocabulary(), *quads]), graphs={GRAPH: "random"}))
    assert found == judged(text)


def test_the_random_graphs_break_every_rule_about_several_mappings() -> None:
    broken: set[str] = set()
    for seed in range(24):
        held = store([*vocabulary(), *graph(seed)])
        broken |= {one.check.shape.value.partition("#")[2] for one in failures(held)}
    rules = "two-exact exact-chain contradiction denied disjoint exact-above inverted cycle none-beside"
    assert {f"mapping-{rule}" for rule in rules.split()} <= broken


@pytest.mark.parametrize("seed", range(6))
def test_what_a_statement_breaks_is_found_from_it(seed: int) -> None:
    """Each statement of a mapping or a code comes last: whatever fails then that did not before must be found."""
    quads = [quad for quad in graph(seed) if quad.predicate not in (word("rdf:type"), word("sssom:mappings"))]
    held = store([*vocabulary(), *graph(seed)])
    after = set(map(told, failures(held)))
    for quad in random.Random(seed).sample(quads, 20):  # noqa: S311 - the same each time
        carry_out(held, remove=[quad])
        before = set(map(told, failures(held)))
        nodes = changed_nodes(held, carry_out(held, add=[quad]), DEFAULT_BASE)
        assert nodes is not None
        assert after - before <= set(map(told, failures(held, nodes))), quad
