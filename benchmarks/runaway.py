"""Ten runaway queries at a time against /sparql, while planners keep asking their questions.

    python -m benchmarks.runaway [--size 1] [--seconds 60]

The planners' p50 and p99 alone and under fire (target: p99 under 50 ms), what the runaways were told, and the memory of
the server and all its children.
"""

import argparse
import statistics
import time

from benchmarks import stores
from benchmarks.crowd import Crowd, Ledger, Request, Visitor, p99, sparql
from benchmarks.over_http import serving
from benchmarks.processes import Tree, Watch
from benchmarks.questions import Asked

TARGET = 50.0
"""Milliseconds that the planners' p99 may take."""

PLANNERS = ("responsibility", "lineage", "resolve")

_CONCAT = " ".join(f"BIND(CONCAT(?v{i}, ?v{i}) AS ?v{i + 1})" for i in range(40))
RUNAWAYS = {
    "sort of everything": "SELECT * { ?s ?p ?o } ORDER BY ?o ?p ?s",
    "sort by computed value": "SELECT * { ?s ?p ?o } ORDER BY MD5(CONCAT(STR(?o), STR(?s)))",
    "cartesian product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "cartesian rows": "SELECT * { ?a ?b ?c . ?d ?e ?f }",
    "any path": "SELECT (COUNT(*) AS ?n) { ?a (!<urn:none>)* ?b }",
    "path from everywhere": "SELECT ?a ?b { ?a (<https://w3id.org/chiso/ns#restsOn>|^<https://w3id.org/chiso/ns#restsOn>)* ?b }",
    "doubled strings": f"SELECT ?v40 {{ BIND('aaaaaaaaaaaaaaaa' AS ?v0) {_CONCAT} }}",
    "grouped strings": "SELECT (GROUP_CONCAT(?x) AS ?all) { ?s ?p ?o . ?o ?q ?r BIND(CONCAT(STR(?s), STR(?r)) AS ?x) }",
    "distinct triples twice": "SELECT DISTINCT ?s ?o { { ?s ?p ?o } UNION { ?o ?p ?s } }",
    "filter over everything": 'SELECT * { ?s ?p ?o FILTER(REGEX(STR(?o), "(x+x+)+y")) }',
}
"""What a stranger may send, by name. Each would take minutes or gigabytes."""


def planners(asked: Asked) -> list[Request]:
    """Their questions, about all things of the samples."""
    return [Request(name, path, headers={"Accept-Language": "vi"}) for name in PLANNERS for path in asked.paths(name)]


def times(port: int, questions: list[Request], seconds: float) -> Ledger:
    """Two planners ask for some time; all must be answered."""
    ledger = Ledger()
    crowd = Crowd(port, ledger)
    for number in range(2):
        crowd.send(questions, source=f"127.0.1.{number + 1}", pause=0.01, seed=number)
    time.sleep(seconds)
    crowd.stop()
    return ledger


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="1", help="millions of triples")
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args()
    made = stores.synthetic_store(given.size)
    questions = planners(made.asked)
    with serving("--data", str(made.data), "--base", made.asked.base) as server:
        run_in = Visitor(server.port, Ledger())
        for question in questions:
            run_in.ask(question)
        before = Tree.of(server.pid)
        alone = times(server.port, questions, given.seconds / 2)
        runaways = Ledger()
        crowd = Crowd(server.port, runaways)
        with Watch(server.pid) as watch:
            for number, (name, query) in enumerate(RUNAWAYS.items()):
                crowd.send([sparql(name, query)], source=f"127.0.2.{number // 2 + 1}", pause=0.05, seed=number)
            time.sleep(2)
            fire = times(server.port, questions, given.seconds)
            crowd.stop()
        time.sleep(3)
        after = Tree.of(server.pid)
    print(f"\n### {given.size} million triples, {len(RUNAWAYS)} runaway queries at a time for {given.seconds:g} s\n")
    print("| planners | requests | not 200 | median ms | p99 ms | target p99 |\n|---|---:|---:|---:|---:|---:|")
    for title, ledger in (("alone", alone), ("under fire", fire)):
        took = ledger.milliseconds(*PLANNERS)
        print(
            f"| {title} | {len(took)} | {ledger.count(lambda status: status != 200)} | {statistics.median(took):.1f} | {p99(took):.1f} | {TARGET:g} |"
        )
    print("\nWhat the runaways were told:\n", *runaways.lines(), sep="\n")
    print(f"\nMemory before: {before}; most: {watch.most}; after: {after}.")


if __name__ == "__main__":
    main()
