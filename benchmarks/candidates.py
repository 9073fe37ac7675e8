"""Candidates in bulk: 5,000 local names against 20,000 target names, target 60 s on 2 cores.

    python -m benchmarks.candidates [--local 5000] [--targets 20000] [--processes 2]

The names are synthetic: real names of the evaluation set, each multiplied by made-up localities, the local ones as people
write them (as they stand, without marks, a word missing, two words exchanged). Many targets differ by the locality alone,
which is harder for the search than real lists are.
"""

import argparse
import multiprocessing
import random
import resource
import statistics
import time
from dataclasses import dataclass

from catalogue.folding import fold
from catalogue.mapping.candidates.ranking import rank
from catalogue.mapping.candidates.terms import Term, TermIndex
from evaluation.pairs import EvaluationSet

_FIRST = "Tân|Hòa|Phú|An|Bình|Đông|Yên|Vĩnh|Long|Mỹ|Xuân|Thanh"
_SECOND = "Lập|Thành|Sơn|Hưng|Khê|Thọ|Lộc|Minh|Phong|Thủy|Giang|Trạch"


@dataclass(frozen=True)
class Work:
    """What one process did: how many names, in which seconds (index, ranking), the milliseconds of each, and how often the
    name that the local one was made of came first; megabytes at the most; seconds of processor."""

    names: int
    indexing: float
    ranking: float
    each: list[float]
    first: int
    memory: float
    cpu: float


def targets(count: int) -> list[Term]:
    """Real names, each with a made-up locality; the same every time."""
    chance = random.Random(20260301)
    real = sorted({name.name for name in EvaluationSet().names})
    places = [f"xã {one} {other}" for one in _FIRST.split("|") for other in _SECOND.split("|")]
    found: dict[str, Term] = {}
    while len(found) < count:
        name = f"{chance.choice(real)} {chance.choice(places)}"
        found.setdefault(name, Term(f"t{len(found)}", name))
    return list(found.values())


def local(terms: list[Term], count: int) -> list[tuple[Term, str]]:
    """Local terms as people write target names, and the key of the target that each was made of."""
    chance = random.Random(7)
    found = []
    for number, term in enumerate(chance.choices(terms, k=count)):
        words = term.name.split()
        place = chance.randrange(len(words) - 1)
        match number % 4:
            case 1:
                words = fold(term.name).split()
            case 2 if len(words) > 3:
                del words[place]
            case 3:
                words[place], words[place + 1] = words[place + 1], words[place]
        found.append((Term(f"l{number}", " ".join(words)), term.key))
    return found


def work(given: tuple[int, int, int, int]) -> Work:
    """One share of the local names against all targets: (targets, local names, share, of how many)."""
    size, count, share, shares = given
    terms = targets(size)
    mine = local(terms, count)[share::shares]
    begun = time.perf_counter()
    index = TermIndex(terms)
    indexed = time.perf_counter()
    each, first = [], 0
    for term, wanted in mine:
        start = time.perf_counter()
        lines = rank(index, term, limit=5)
        each.append((time.perf_counter() - start) * 1000)
        first += lines[0].target is not None and lines[0].target.key == wanted
    ended = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Work(len(mine), indexed - begun, ended - indexed, each, first, memory, time.process_time())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Candidates in bulk.")
    parser.add_argument("--local", type=int, default=5_000)
    parser.add_argument("--targets", type=int, default=20_000)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    begun = time.perf_counter()
    shares = [(given.targets, given.local, share, given.processes) for share in range(given.processes)]
    with multiprocessing.get_context("spawn").Pool(given.processes) as pool:
        done = pool.map(work, shares)
    whole = time.perf_counter() - begun
    each = sorted(one for share in done for one in share.each)
    print(
        f"{given.local:,} local × {given.targets:,} target names, {given.processes} processes: {whole:.1f} s (target 60 s)"
    )
    print(f"  processor: {sum(one.cpu for one in done):.1f} s over all processes")
    print(f"  index {max(one.indexing for one in done):.1f} s, ranking {max(one.ranking for one in done):.1f} s")
    print(f"  a name: median {statistics.median(each):.1f} ms, p99 {each[int(len(each) * 0.99)]:.1f} ms")
    print(f"  memory of a process: {max(one.memory for one in done):.0f} MB at the most")
    print(f"  the name it was made of came first: {sum(one.first for one in done) / len(each):.3f}")


if __name__ == "__main__":
    main()
