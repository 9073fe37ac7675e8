"""What the shapes of mappings cost: ten thousand accepted mappings, everything checked, and one change checked again.

    python -m benchmarks.mapping_shapes [--provinces 34] [--codes 294]

`star`: every code of every province is the national one. `dense`: half of the provinces, whose codes are also those of a
third list. `broad`: every three codes of a province are parts of one national code. Times are of the processor.
"""

import argparse
import time
from collections.abc import Iterator

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, parse

from catalogue.graphs import VOCABULARY_GRAPH
from catalogue.iri import CODES, PREFIXES
from catalogue.settings import DEFAULT_BASE
from catalogue.shipped import ONTOLOGY
from catalogue.store.embedded import Embedded, open_memory
from catalogue.store.port import Change
from catalogue.validation import changed_nodes, failures

GRAPH = NamedNode("https://chiso.example/synthetic/graph")
ACCEPTED = NamedNode(f"{CODES}mapping-status/accepted")


def mappings(kind: str, provinces: int, codes: int) -> Iterator[Quad]:
    """A national list, the lists of the provinces, and the mappings between them."""
    number = 0

    def say(subject: NamedNode, prefixed: str, value: NamedNode | Literal) -> Quad:
        prefix, _, local = prefixed.partition(":")
        return Quad(subject, NamedNode(PREFIXES[prefix] + local), value, GRAPH)

    def code(scheme: str, at: int) -> NamedNode:
        return NamedNode(f"{DEFAULT_BASE}id/indicator/{scheme}.{at}")

    def listed(scheme: str) -> Iterator[Quad]:
        for at in range(codes):
            yield say(code(scheme, at), "rdf:type", NamedNode(PREFIXES["chiso"] + "Indicator"))
            yield say(code(scheme, at), "skos:inScheme", NamedNode(f"{DEFAULT_BASE}id/indicator-set/{scheme}"))
            if at:
                yield say(code(scheme, at), "skos:broader", code(scheme, (at - 1) // 6))

    def mapped(subject: NamedNode, relation: str, value: NamedNode) -> Iterator[Quad]:
        nonlocal number
        number += 1
        mapping = NamedNode(f"{DEFAULT_BASE}id/mapping/synthetic.{number}")
        yield say(mapping, "rdf:type", NamedNode(PREFIXES["sssom"] + "Mapping"))
        yield say(mapping, "sssom:subject_id", subject)
        yield say(mapping, "sssom:object_id", value)
        yield say(mapping, "sssom:predicate_id", NamedNode(PREFIXES["skos"] + relation))
        yield say(mapping, "chiso:status", ACCEPTED)

    yield from listed("national")
    yield from listed("third")
    for place in range(provinces // 2 if kind == "dense" else provinces):
        yield from listed(f"p{place}")
        for at in range(codes):
            local = code(f"p{place}", at)
            if kind == "broad":
                yield from mapped(local, "broadMatch", code("national", at // 3))
            else:
                yield from mapped(local, "exactMatch", code("national", at))
            if kind == "dense":
                yield from mapped(local, "exactMatch", code("third", at))


def held(quads: list[Quad]) -> Embedded:
    """A store in memory with the vocabulary and `quads`."""
    words = [
        Quad(q.subject, q.predicate, q.object, VOCABULARY_GRAPH)
        for path in sorted(ONTOLOGY.rglob("*.ttl"))
        for q in parse(path=path)
    ]
    memory = open_memory()
    given = [*words, *quads]
    memory.load([*given, *(Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in given)])
    return memory


def measure(kind: str, provinces: int, codes: int) -> str:
    """One line: how many mappings, everything, one mapping changed, one code moved to its scheme again."""
    quads = list(mappings(kind, provinces, codes))
    store = held(quads)
    begun = time.process_time()
    failures(store)
    everything = time.process_time() - begun
    said = [kind, f"{sum(q.object == ACCEPTED for q in quads)} mappings", f"everything {everything:.1f} s"]
    mapping = next(q.subject for q in reversed(quads) if q.object == ACCEPTED)
    code = next(q.subject for q in quads if "national.7" in str(q.subject))
    for name, subject in (("one mapping", mapping), ("one code", code)):
        own = [q for q in quads if q.subject == subject]
        change = Change(add=[*own, *(Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in own)], remove=[])
        begun = time.process_time()
        nodes = changed_nodes(store, change, DEFAULT_BASE)
        failures(store, nodes)
        said.append(f"{name} {(time.process_time() - begun) * 1e3:.0f} ms ({len(nodes or ())} nodes)")
    return ", ".join(said)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What the shapes of mappings cost.")
    parser.add_argument("--provinces", type=int, default=34)
    parser.add_argument("--codes", type=int, default=294)
    given = parser.parse_args()
    for kind in ("star", "dense", "broad"):
        print(measure(kind, given.provinces, given.codes), flush=True)


if __name__ == "__main__":
    main()
