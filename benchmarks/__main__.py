"""Measure what we claim about speed, and print it beside the targets.

python -m benchmarks [--size 0.1,1,10] [--without-rdflib] [--without-starts]
"""

import argparse
import json
import os
import platform
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import beside_rdflib, over_http, starting, stores, table

RESULTS = Path(__file__).parent / "results"

RDFLIB_PATIENCE = {"0.1": 400, "1": 1500}
"""Seconds for loading the data into rdflib and asking everything; sizes that are not named are not asked there."""


def measure(size: str, *, with_rdflib: bool) -> dict[str, Any]:
    """Everything about one size."""
    made = stores.synthetic_store(size)
    print(f"measuring {size} million triples over HTTP …", flush=True)
    answered, memory = over_http.measure(made.data, made.asked)
    found: dict[str, Any] = {
        "triples": made.triples,
        "quads": made.quads,
        "seconds": made.seconds,
        "http": {name: asdict(one) | {"things": len(made.asked.things[name])} for name, one in answered.items()},
        "memory": asdict(memory),
        "opening": starting.opening(made.published),
    }
    if with_rdflib and size in RDFLIB_PATIENCE:
        print(f"asking rdflib the same at {size} million (patience {RDFLIB_PATIENCE[size]} s) …", flush=True)
        found["engines"] = {
            engine: {
                name: asdict(outcome)
                for name, outcome in beside_rdflib.outcomes(
                    made.data, made.asked_file, engine, RDFLIB_PATIENCE[size]
                ).items()
            }
            for engine in ("chiso", "rdflib")
        }
    return found


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description="Measure what we claim about speed.")
    parser.add_argument("--size", default="0.1,1", help="millions of triples, with commas (0.1,1,10)")
    parser.add_argument("--without-rdflib", action="store_true")
    parser.add_argument("--without-starts", action="store_true")
    given = parser.parse_args()
    results: dict[str, Any] = {
        "when": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "load": " ".join(f"{load:.1f}" for load in os.getloadavg()),
        "sizes": {size: measure(size, with_rdflib=not given.without_rdflib) for size in given.size.split(",")},
    }
    if not given.without_starts:
        print("starting chiso serve …", flush=True)
        results["starts"] = asdict(starting.chiso_serve())
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{results['when'].replace(':', '')}.json").write_text(json.dumps(results, indent=2), encoding="utf-8")
    print("\n".join(table.lines(results)))


if __name__ == "__main__":
    main()
