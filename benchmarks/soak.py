"""Minutes of mixed load, and what is left of the service after it.

    python -m benchmarks.soak [--size 1] [--minutes 10]

Dereferencing, lists, planners' questions, light, heavy and malicious SPARQL, writes that publish, dumps, validation, and
clients that go away. What is said at the end: requests by kind and status, p50 and p99, how many 5xx there were (a limit
of time is a 504 and is told apart), memory of the server and its children, open files, and processes left.
"""

import argparse
import json
import random
import time
from urllib.parse import quote, urlsplit

from benchmarks import stores
from benchmarks.crowd import Crowd, Ledger, Request, Visitor, sparql
from benchmarks.light_query import queries
from benchmarks.over_http import serving
from benchmarks.processes import Tree, Watch
from benchmarks.questions import Asked
from benchmarks.runaway import RUNAWAYS, planners
from catalogue.permission import Tokens

GRAPH = "https://soak.example/graph"
"""The graph that is written again and again; it is gone at the end."""

QUIET_SECONDS = 10
"""How long the service may take to come to rest before its processes are counted."""


def reading(asked: Asked) -> list[Request]:
    """Documents, lists, pages."""
    things = [urlsplit(thing).path for thing in asked.things["lineage"] + asked.things["portfolio"]]
    found = [
        Request("document", thing.replace("/id/", "/doc/", 1), headers={"Accept": accept})
        for thing in things
        for accept in ("text/turtle", "application/ld+json", "text/html")
    ]
    found += [Request("redirect", thing) for thing in things]
    found += [
        Request("list", f"/api/v1/{name}?limit=50") for name in ("indicators", "agencies", "decisions", "regimes")
    ]
    found += [Request("search", f"/api/v1/search?q={quote(words)}") for words in ("ke hoach", "sở", "GRDP")]
    found += [
        Request("missing", "/id/indicator/none"),
        Request("vocabulary", "/ns.ttl"),
        Request("catalogue", "/catalog"),
    ]
    return found


def light(asked: Asked) -> list[Request]:
    """What analysts' tools ask."""
    return [
        sparql("SPARQL, light", query) for thing in asked.things["lineage"][:50] for query in queries(thing).values()
    ]


def malicious() -> list[Request]:
    """What is refused before it is evaluated, or is malformed."""
    texts = (
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * " + "{" * 3_000 + "}" * 3_000,
        "SELECT * { { ?s ?p ?o } " + "UNION { ?s ?p ?o } " * 3_000 + "}",
        "SELECT * WHERE {",
        "DROP ALL",
    )
    found = [sparql("SPARQL, malicious", text) for text in texts]
    found.append(Request("write without token", "/graphs?default", "PUT", b"", {"Content-Type": "text/turtle"}))
    found.append(Request("traversal", "/id/indicator/..%2F..%2Fetc%2Fpasswd"))
    return found


def validation() -> list[Request]:
    """Data that conforms, data that does not, and data that is none."""
    turtle = {"Content-Type": "text/turtle"}
    poor = b"<urn:a> a <https://w3id.org/chiso/ns#Indicator> ."
    return [Request("validate", "/validate", "POST", body, turtle) for body in (b"", poor, b"<urn:a> <urn:p> .")]


def writing(secret: str) -> list[Request]:
    """Graph Store requests and updates that publish."""
    with_token = {"Authorization": f"Bearer {secret}"}
    address = "/graphs?graph=" + quote(GRAPH, safe="")
    found = []
    for number in range(20):
        turtle = "".join(f'<urn:soak:{i}> <urn:soak:value> "{number * i}" . ' for i in range(100)).encode()
        found.append(Request("write", address, "PUT", turtle, {**with_token, "Content-Type": "text/turtle"}))
        update = f"INSERT DATA {{ GRAPH <{GRAPH}> {{ <urn:soak:more> <urn:soak:value> {number} }} }}".encode()
        found.append(
            Request("update", "/update", "POST", update, {**with_token, "Content-Type": "application/sparql-update"})
        )
    return found


def dumps(port: int, ledger: Ledger) -> list[Request]:
    """Files that the catalogue offers for download, as its own list names them."""
    _, body = Visitor(port, ledger).ask(Request("dumps, list", "/dumps", headers={"Accept": "application/json"}))
    paths: set[str] = set()

    def look(value: object) -> None:
        if isinstance(value, dict):
            for inner in value.values():
                look(inner)
        elif isinstance(value, list):
            for inner in value:
                look(inner)
        elif isinstance(value, str) and "/dumps/" in value:
            paths.add(urlsplit(value).path)

    try:
        look(json.loads(body))
    except ValueError:
        return [Request("dumps, list", "/dumps")]
    return [Request("dump", path) for path in sorted(paths)[:20]] or [Request("dumps, list", "/dumps")]


def main() -> None:
    """Load, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="1", help="millions of triples")
    parser.add_argument("--minutes", type=float, default=10.0)
    given = parser.parse_args()
    made = stores.synthetic_store(given.size)
    asked, ledger = made.asked, Ledger()
    tokens = Tokens(made.data)
    secret, token = tokens.create("soak", ("write",), ("*",))
    leaving = [
        sparql("leaves early", query, patience=random.Random(n).uniform(0.05, 1))
        for n, query in enumerate(RUNAWAYS.values())
    ]
    with serving("--data", str(made.data), "--base", asked.base) as server:
        Visitor(server.port, ledger).ask(reading(asked)[0])
        start = Tree.of(server.pid)
        crowd = Crowd(server.port, ledger)
        visitors = (
            (planners(asked), 0.02),
            (reading(asked), 0.01),
            (reading(asked), 0.01),
            (light(asked), 0.02),
            ([sparql(f"SPARQL, heavy: {name}", query) for name, query in RUNAWAYS.items()], 0.5),
            (malicious(), 0.2),
            (validation(), 2.0),
            (writing(secret), 5.0),
            (dumps(server.port, ledger), 5.0),
            (leaving, 0.5),
        )
        with Watch(server.pid) as watch:
            for number, (requests, pause) in enumerate(visitors):
                crowd.send(requests, source=f"127.0.3.{number + 1}", pause=pause, seed=number)
            time.sleep(given.minutes * 60)
            crowd.stop()
        answered, _ = Visitor(server.port, ledger).ask(
            Request(
                "write",
                "/graphs?graph=" + quote(GRAPH, safe=""),
                "DELETE",
                headers={"Authorization": f"Bearer {secret}"},
            )
        )
        time.sleep(QUIET_SECONDS)
        end = Tree.of(server.pid)
        alive, _ = Visitor(server.port, ledger).ask(Request("ready", "/health/ready"))
    print(f"\n### {given.minutes:g} minutes of mixed load, {given.size} million triples\n")
    print(*ledger.lines(), sep="\n")
    defects = ledger.count(lambda status: status >= 500 and status != 504)
    print(f"\nAnswers of 500 and above: {defects}, and {ledger.count(lambda status: status == 504)} that said 504.")
    print(f"Start: {start}.\nMost: {watch.most}.\nEnd: {end}.")
    print(f"Ready at the end: {alive}; the graph was taken away: {answered}.")
    tokens.revoke(token.id)


if __name__ == "__main__":
    main()
