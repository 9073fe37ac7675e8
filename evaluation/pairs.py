"""The evaluation set: real names, real pairs, and the split into a development and a held-out part.

`names.csv` holds every name of the lists with its source and licence; `pairs.tsv` says of a name in one list which name
of another list it is, or that there is none. The split is by hash of the group, so that near-duplicates stay together.
"""

import csv
import hashlib
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

FOLDER = Path(__file__).parent
SMALL = 100
"""A list with fewer names is searched together with the other lists of its language: finding one of eight is no skill."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name as its source writes it. `key` is the code, or the name where the source gives no code."""

    scheme: str
    key: str
    name: str
    language: str
    unit: str
    source: str
    licence: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A name of one list and its counterparts in another; `answers` is empty where there is none. `stated`: a source says
    so, else it is our judgement from the two names. `same_wording`: nothing was to be found, counted apart."""

    group: str
    local: Name
    scheme: str
    answers: tuple[Name, ...]
    relation: str
    stated: bool
    why: str
    same_wording: bool

    @property
    def held_out(self) -> bool:
        """Whether the pair belongs to the held-out part: by the first digit of the SHA-256 of its group."""
        return int(hashlib.sha256(self.group.encode()).hexdigest()[0], 16) % 2 == 1


class EvaluationSet:
    """All names and pairs, and for each pair the names that are searched."""

    def __init__(self, folder: Path = FOLDER) -> None:
        with (folder / "names.csv").open(encoding="utf-8", newline="") as file:
            self.names = [
                Name(
                    r["scheme"], r["code"] or r["name"], r["name"], r["language"], r["unit"], r["source"], r["licence"]
                )
                for r in csv.DictReader(file)
            ]
        known = {(name.scheme, name.key): name for name in self.names}
        with (folder / "pairs.tsv").open(encoding="utf-8", newline="") as file:
            self.pairs = [
                Pair(
                    r["group"],
                    known[r["from"], r["code"]],
                    r["to"],
                    tuple(known[r["to"], key] for key in r["answers"].split("|") if key != "-"),
                    r["relation"],
                    r["basis"] == "stated",
                    r["why"],
                    r["same_wording"] == "yes",
                )
                for r in csv.DictReader(file, delimiter="\t")
            ]

    @cached_property
    def _groups(self) -> dict[tuple[str, str], set[str]]:
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for pair in self.pairs:
            for name in (pair.local, *pair.answers):
                found[name.scheme, name.key].add(pair.group)
        return found

    def searched(self, pair: Pair) -> list[Name]:
        """The names among which the counterpart is sought: the whole target list and, where that is small, the names of the
        other lists in its language, without those of the pair's own group, which would be right, too."""
        target = [name for name in self.names if name.scheme == pair.scheme]
        if len(target) >= SMALL:
            return target
        wording = {answer.name.casefold() for answer in (*pair.answers, pair.local)}
        return target + [
            name
            for name in self.names
            if name.scheme not in (pair.scheme, pair.local.scheme)
            and name.language == pair.local.language
            and pair.group not in self._groups[name.scheme, name.key]
            and name.name.casefold() not in wording
        ]

    def right(self, pair: Pair) -> set[tuple[str, str]]:
        """The scheme and key of every right answer: names with the wording of an answer are as right as it is."""
        wordings = {answer.name.casefold() for answer in pair.answers}
        return {(n.scheme, n.key) for n in self.names if n.scheme == pair.scheme and n.name.casefold() in wordings}


def fingerprint(folder: Path = FOLDER) -> str:
    """The SHA-256 of names, pairs and split, so that a change of any of them is seen."""
    digest = hashlib.sha256()
    for file in ("names.csv", "pairs.tsv"):
        digest.update((folder / file).read_bytes())
    for pair in EvaluationSet(folder).pairs:
        digest.update(b"1" if pair.held_out else b"0")
    return digest.hexdigest()
