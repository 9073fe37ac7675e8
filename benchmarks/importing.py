"""Mapping sets into the catalogue: a first import of many accepted mappings, and a small one beside many.

    python -m benchmarks.importing [--rows 10000] [--held 100000] [--few 100]

Four schemes that are tied to each other by exact matches, in chains of up to three. Each import goes through everything that
`chiso map import` does: reading, resolving, looking for contradictions, deriving, the shapes, the write, the publication.
Targets: as many rows as one document may have (10,000) in 60 s of processor time, 100 rows beside 100,000 mappings in 2 s.
"""

import argparse
import os
import resource
import tempfile
import time
from datetime import date
from itertools import pairwise
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from catalogue import writing
from catalogue.graphs import MARK_PREFIX, source_graph
from catalogue.iri import node, thing
from catalogue.mapping.exchange import sssom_graph, sssom_tsv
from catalogue.mapping.exchange.sssom import OURS, MappingSet, Record
from catalogue.settings import DEFAULT_BASE, Settings
from catalogue.writing import Writer
from workers.imports import Import, take

_DAY = date(2026, 3, 1)
_SCHEMES = ("xa", "tinh", "bo", "nuoc")


def codes(each: int) -> set[Triple]:
    """The schemes, each of `each` codes, all of them named."""
    graph, source = source_graph(DEFAULT_BASE, "benchmark", "confirmed"), thing(DEFAULT_BASE, "source", "benchmark")
    made = {
        Triple(graph, node("rdf:type"), node("chiso:SourceGraph")),
        Triple(graph, node("chiso:verification"), NamedNode(f"{MARK_PREFIX}confirmed")),
        Triple(graph, node("dct:source"), source),
    }
    for scheme in _SCHEMES:
        whole = thing(DEFAULT_BASE, "indicator-set", scheme)
        made.add(Triple(whole, node("rdf:type"), node("chiso:IndicatorSet")))
        made.add(Triple(whole, node("skos:prefLabel"), Literal(f"Bộ {scheme}", language="vi")))
        for number in range(each):
            one = _code(scheme, number)
            made |= {
                Triple(one, node("rdf:type"), node("chiso:Indicator")),
                Triple(one, node("skos:inScheme"), whole),
                Triple(one, node("skos:notation"), Literal(f"{number:06d}")),
                Triple(one, node("skos:prefLabel"), Literal(f"Chỉ tiêu tổng hợp số {number} {scheme}", language="vi")),
            }
    return made


def _code(scheme: str, number: int) -> NamedNode:
    return thing(DEFAULT_BASE, "indicator", f"{scheme}.{number:06d}")


def mapping_set(key: str, start: str, end: str, numbers: range, shift: int = 0) -> MappingSet:
    """Accepted exact matches from the codes of one scheme to those of another."""
    records = [
        Record(
            {
                "subject_id": _code(start, number).value,
                "predicate_id": node("skos:exactMatch").value,
                "object_id": _code(end, number + shift).value,
                "mapping_justification": "https://w3id.org/semapv/vocab/ManualMappingCuration",
                "author_label": ("Trần B",),
                "reviewer_label": ("Nguyễn A",),
                "mapping_date": _DAY,
                "review_date": _DAY,
                "mapping_status": "accepted",
            },
            number,
        )
        for number in numbers
    ]
    iri = f"https://example.org/{key}"
    slots = {"mapping_set_id": iri, "mapping_set_title": key, "license": "https://w3id.org/sssom/license/unspecified"}
    return MappingSet(dict(slots), records, dict(OURS)).settle()


def held(count: int, each: int) -> dict[NamedNode, set[Triple]]:
    """Sets of at most 20,000 mappings that are in the catalogue already: `count` in all, in chains along the schemes."""
    found: dict[NamedNode, set[Triple]] = {}
    pairs = list(pairwise(_SCHEMES))
    left, first, number = count, 0, 0
    while left > 0 and first < each:
        for start, end in pairs:
            some = range(first, min(first + min(left, 20_000), each))
            if not len(some):
                break
            key, number = f"co-san-{number}", number + 1
            graph, source = source_graph(DEFAULT_BASE, key, "confirmed"), thing(DEFAULT_BASE, "source", key)
            found[graph] = {
                *sssom_graph.triples(mapping_set(key, start, end, some), DEFAULT_BASE, key),
                Triple(graph, node("rdf:type"), node("chiso:SourceGraph")),
                Triple(graph, node("chiso:verification"), NamedNode(f"{MARK_PREFIX}confirmed")),
                Triple(graph, node("dct:source"), source),
            }
            left -= len(some)
        first += 20_000
    return found


def timed(writer: Writer, settings: Settings, key: str, given: MappingSet) -> tuple[float, float, bool]:
    """Seconds on the clock and of the processors that one import takes, and whether anything changed."""
    content = sssom_tsv.write(given)
    used, began = time.process_time() + _children(), time.perf_counter()
    done = take(writer, settings, Import(content, "tsv", f"{key}.tsv", _DAY), lambda _graph: None)
    return time.perf_counter() - began, time.process_time() + _children() - used, done.written.changed


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--held", type=int, default=100_000)
    parser.add_argument("--few", type=int, default=100)
    parser.add_argument("--folder", type=Path, help="where the data folder is made and kept; without it, it is removed")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        settings = Settings(data=(given.folder or Path(place)) / "data", mapping_rows=max(given.rows, given.few))
        each = given.rows + max(given.held // 3, given.few) + 1_000
        if not settings.data.exists():
            print(f"making {len(_SCHEMES)} schemes of {each} codes and {given.held} mappings …", flush=True)
            sets = {source_graph(DEFAULT_BASE, "benchmark", "confirmed"): codes(each), **held(given.held, each)}
            began = time.process_time()
            writing.make(settings, sets)
            print(f"made in {time.process_time() - began:.0f} s of processor time")
        writer = Writer(settings)
        print(f"load {' '.join(f'{one:.1f}' for one in os.getloadavg())}\n")
        print("| import | seconds | processor s | target: processor s |\n|---|---:|---:|---:|")
        last, few = each - 1, given.few
        begin = each - given.rows
        works = [
            ("many", f"{given.rows} accepted mappings", "xa", "tinh", range(begin, each), 0, 60),
            ("on", f"{given.rows} more, to what those lead on to", "tinh", "bo", range(begin, each), 0, 60),
            ("few", f"{few} accepted mappings", "xa", "nuoc", range(few), 0, 2),
            ("few-2", f"{few} more", "xa", "nuoc", range(few, 2 * few), 0, 2),
        ]
        for key, title, start, end, numbers, shift, target in works:
            made = mapping_set(key, start, end, range(numbers.start, min(numbers.stop, last + 1)), shift)
            took, used, changed = timed(writer, settings, key, made)
            said = title if changed else f"{title} (nothing changed)"
            print(f"| {said} | {took:.1f} | {used:.1f} | {target} |", flush=True)
        writer.close()


if __name__ == "__main__":
    main()
