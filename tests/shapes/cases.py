"""The cases of the shapes: small files that must pass or must fail, each checked together with `world.ttl`."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, parse

from catalogue.graphs import VOCABULARY_GRAPH
from catalogue.iri import PREFIXES, SHAPES_NAMESPACE
from catalogue.shipped import ONTOLOGY
from catalogue.store.embedded import Embedded, open_memory
from catalogue.validation import Violation, check

HERE = Path(__file__).parent
WORLD = HERE / "world.ttl"
CASES = sorted(HERE.glob("*/*.ttl"))
VALID = [case for case in CASES if case.name.startswith("valid.")]
INVALID = [case for case in CASES if case.name.startswith("invalid.")]
GRAPH = NamedNode("https://chiso.example/synthetic/graph")
WORLD_GRAPH = NamedNode("https://chiso.example/synthetic/world")

SHORT = {**PREFIXES, "shape": SHAPES_NAMESPACE, "test": "https://chiso.example/synthetic/"}


def name(case: Path) -> str:
    """How a case is called in the output of the tests."""
    return f"{case.parent.name}/{case.stem}"


@cache
def vocabulary() -> list[Quad]:
    """The ontology, the alignment and the code lists, as the build puts them into the store."""
    return [Quad(q.subject, q.predicate, q.object, VOCABULARY_GRAPH) for path in files() for q in parse(path=path)]


def files() -> list[Path]:
    """The Turtle files of the vocabulary."""
    return sorted(ONTOLOGY.rglob("*.ttl"))


def store(quads: Iterable[Quad]) -> Embedded:
    """A store in memory with these quads in their graphs and, united, in the default graph."""
    given = list(quads)
    memory = open_memory()
    memory.load([*given, *(Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in given)])
    return memory


def read(paths: Iterable[Path], graph: NamedNode) -> Iterator[Quad]:
    """The triples of Turtle files, in one graph."""
    for path in paths:
        for quad in parse(path=path):
            yield Quad(quad.subject, quad.predicate, quad.object, graph)


@cache
def violations(*cases: Path) -> list[Violation]:
    """What `check` finds in these cases; they are the source `case`, the world around them is the source `world`."""
    quads = [*vocabulary(), *read([WORLD], WORLD_GRAPH), *read(cases, GRAPH)]
    return check(store(quads), graphs={GRAPH: "case", WORLD_GRAPH: "world"})


def short(term: object) -> str:
    """A term as people write it in Turtle."""
    if not isinstance(term, NamedNode):
        return "blank" if type(term).__name__ == "BlankNode" else ("-" if term is None else str(term))
    for prefix, namespace in SHORT.items():
        if term.value.startswith(namespace):
            return f"{prefix}:{term.value.removeprefix(namespace)}"
    return str(term)


def line(violation: Violation) -> str:
    """One result of an approved report."""
    v = violation
    words = (v.severity, short(v.focus), short(v.path), short(v.value), short(v.shape), v.message_vi)
    return " | ".join(words)
