"""What /sparql adds to the engine's own time for a light query.

    python -m benchmarks.light_query [--size 1]

Each query is asked over HTTP of a warm worker and of the engine in this process, in turns, so that both meet the same
machine. Target: less than 5 ms added, at the median.
"""

import argparse
import statistics
import time
from urllib.parse import quote

import pyoxigraph
from pyoxigraph import QueryResultsFormat, QueryTriples

from benchmarks import stores
from benchmarks.crowd import p99
from benchmarks.over_http import serving

TARGET = 5.0
ROUNDS = 300

_PREFIXES = (
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX chiso: <https://w3id.org/chiso/ns#> "
    "PREFIX eli: <http://data.europa.eu/eli/ontology#> "
)


def queries(thing: str) -> dict[str, str]:
    """Light queries about one indicator."""
    return {
        "all about one thing": f"SELECT ?p ?o {{ <{thing}> ?p ?o }}",
        "who refers to it": f"SELECT ?s ?p {{ ?s ?p <{thing}> }} LIMIT 50",
        "its labels": _PREFIXES + f"SELECT ?name {{ <{thing}> skos:prefLabel ?name }}",
        "twenty indicators": _PREFIXES + "SELECT ?i ?name { ?i a chiso:Indicator ; skos:prefLabel ?name } LIMIT 20",
        "does it exist": f"ASK {{ <{thing}> ?p ?o }}",
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="1", help="millions of triples")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    made = stores.synthetic_store(given.size)
    engine = pyoxigraph.Store.read_only(str(made.published))
    things = made.asked.things["lineage"]
    print(
        "| query | engine: median ms | over HTTP: median | p99 | added at the median | target |\n|---|---:|---:|---:|---:|---:|"
    )
    with serving("--data", str(made.data), "--base", made.asked.base) as server:
        for name in queries(things[0]):
            own, http = [], []
            for number in range(given.rounds + 20):
                query = queries(things[number % len(things)])[name]
                if number % 100 == 0:
                    server.connect()
                # `number` in a comment: no answer may come out of a memory of answers.
                took = server.time("/sparql?query=" + quote(f"{query} # {number}"))
                began = time.perf_counter()
                answer = engine.query(query)
                assert not isinstance(answer, QueryTriples)
                answer.serialize(format=QueryResultsFormat.JSON)
                if number >= 20:
                    own.append((time.perf_counter() - began) * 1000)
                    http.append(took)
            engine_time, http_time = statistics.median(own), statistics.median(http)
            print(
                f"| {name} | {engine_time:.2f} | {http_time:.2f} | {p99(http):.2f} | {http_time - engine_time:.2f} | {TARGET:g} |"
            )


if __name__ == "__main__":
    main()
