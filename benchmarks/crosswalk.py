"""Columns of codes in spreadsheets, and one code at a time, over chains of two mappings.

    python -m benchmarks.crosswalk [--rows 100000] [--codes 20000]

`chiso map translate` as a process of its own, from the command to its end, for CSV and XLSX; then `crosswalk.of` for
single codes. Target: 100,000 rows in under 10 seconds.
"""

import argparse
import csv
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from catalogue import writing
from catalogue.graphs import MARK_PREFIX, source_graph
from catalogue.iri import CODES, node, thing
from catalogue.mapping.chains import crosswalk
from catalogue.settings import DEFAULT_BASE, Settings
from catalogue.store.connect import open_reader

TARGET = 10.0
"""Seconds that a file of 100,000 rows may take."""

_LOCAL, _MIDDLE, _NATIONAL = "xa", "tinh", "nuoc"
_NAMED = 300  # codes that are asked for one by one


def world(codes: int) -> set[Triple]:
    """Three schemes of `codes` codes, and a mapping from each code to the next scheme."""
    graph, source = source_graph(DEFAULT_BASE, "benchmark", "confirmed"), thing(DEFAULT_BASE, "source", "benchmark")
    made = {
        Triple(graph, node("rdf:type"), node("chiso:SourceGraph")),
        Triple(graph, node("chiso:verification"), NamedNode(f"{MARK_PREFIX}confirmed")),
        Triple(graph, node("prov:wasDerivedFrom"), source),
    }
    for scheme in (_LOCAL, _MIDDLE, _NATIONAL):
        whole = thing(DEFAULT_BASE, "indicator-set", scheme)
        made.add(Triple(whole, node("rdf:type"), node("chiso:IndicatorSet")))
        for number in range(codes):
            one = thing(DEFAULT_BASE, "indicator", f"{scheme}.{number:05d}")
            made |= {
                Triple(one, node("rdf:type"), node("chiso:Indicator")),
                Triple(one, node("skos:inScheme"), whole),
                Triple(one, node("skos:notation"), Literal(f"{number:05d}")),
                Triple(one, node("skos:prefLabel"), Literal(f"Chỉ tiêu tổng hợp số {number} {scheme}", language="vi")),
            }
    for start, end, match in ((_LOCAL, _MIDDLE, "exactMatch"), (_MIDDLE, _NATIONAL, "broadMatch")):
        for number in range(codes):
            mapping = thing(DEFAULT_BASE, "mapping", f"{start}.{number:05d}")
            made |= {
                Triple(mapping, node("rdf:type"), node("sssom:Mapping")),
                Triple(mapping, node("sssom:subject_id"), thing(DEFAULT_BASE, "indicator", f"{start}.{number:05d}")),
                Triple(mapping, node("sssom:predicate_id"), node(f"skos:{match}")),
                Triple(mapping, node("sssom:object_id"), thing(DEFAULT_BASE, "indicator", f"{end}.{number:05d}")),
                Triple(mapping, node("chiso:status"), NamedNode(f"{CODES}mapping-status/accepted")),
                Triple(mapping, node("sssom:reviewer_label"), Literal("Nguyễn A")),
                Triple(mapping, node("sssom:confidence"), Literal("0.9", datatype=node("xsd:decimal"))),
            }
    return made


def files(folder: Path, rows: int, codes: int) -> list[Path]:
    """The same table as CSV and XLSX."""
    import xlsxwriter

    chance = random.Random(4)
    header = ["STT", "Mã", "Tên chỉ tiêu", "Kỳ", "Giá trị", "Ghi chú"]
    lines = [
        [
            place + 1,
            f"{chance.randrange(codes):05d}",
            "Tên ở địa phương",
            "2025",
            round(chance.random() * 1_000, 3),
            "…",
        ]
        for place in range(rows)
    ]
    as_csv, as_xlsx = folder / "table.csv", folder / "table.xlsx"
    with as_csv.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([header, *lines])
    with xlsxwriter.Workbook(as_xlsx, {"constant_memory": True}) as book:
        page = book.add_worksheet()
        for number, line in enumerate([header, *lines]):
            page.write_row(number, 0, line)
    return [as_csv, as_xlsx]


def timed(file: Path, data: Path) -> tuple[float, float, str]:
    """Seconds on the clock and of the processors, and what the command says first."""
    program = str(Path(sys.executable).with_name("chiso"))
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [program, "map", "translate", str(file), "--column", "Mã", "--from", _LOCAL, "--to", _NATIONAL, "--lang", "en"],
        env={**os.environ, "CHISO_DATA": str(data)},
        capture_output=True,
        text=True,
        check=True,
    )
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return took, used, done.stdout.partition("\n")[0]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--codes", type=int, default=20_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        settings = Settings(data=folder / "data")
        print(f"making three schemes of {given.codes} codes …", flush=True)
        writing.make(settings, {source_graph(DEFAULT_BASE, "benchmark", "confirmed"): world(given.codes)})
        load = " ".join(f"{one:.1f}" for one in os.getloadavg())
        print(f"\n{given.rows} rows, {given.codes} codes, chains of two mappings; load {load}\n")
        print("| file | seconds | target | processor seconds |\n|---|---:|---:|---:|")
        said = ""
        for file in files(folder, given.rows, given.codes):
            took, used, said = timed(file, settings.data)
            print(f"| {file.suffix[1:].upper()} | {took:.1f} | {TARGET:.0f} | {used:.1f} |", flush=True)
        print(f"\n{said}\n")
        store = open_reader(settings)
        taken = []
        for number in range(_NAMED):
            began = time.perf_counter()
            crosswalk.of(store, f"{number * 7 % given.codes:05d}", to=_NATIONAL, source=_LOCAL, as_of=date(2026, 1, 1))
            taken.append((time.perf_counter() - began) * 1_000)
        print(f"one code: median {statistics.median(taken):.1f} ms, p99 {sorted(taken)[-_NAMED // 100]:.1f} ms")
        store.close()


if __name__ == "__main__":
    main()
