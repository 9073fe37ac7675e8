"""What a published change was about, from its patch: which things came, changed or went, by which source.

A patch is read once, by a process beside the service, and what it says is kept as a small file.
"""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from catalogue.iri import PREFIXES

MOST_STATEMENTS = 200_000
"""Statements of a patch that are looked at; of a larger one the rest is not told."""
MOST_THINGS = 40
"""Things of one graph that are named; all are counted."""

_TYPE = PREFIXES["rdf"] + "type"
_NAME = PREFIXES["skos"] + "prefLabel"


@dataclass(slots=True)
class Touched:
    """What a change did in one graph: statements gained and lost; things that came, changed and went, counted, with the
    first of each by IRI; what those that went were called, which nothing else tells any more."""

    gained: int = 0
    lost: int = 0
    came: int = 0
    changed: int = 0
    went: int = 0
    things: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a change was about, by the IRI of the graph. `first`: it is the first build, which tells nothing. `whole`: every
    statement was looked at."""

    first: bool
    whole: bool
    graphs: dict[str, Touched]


def summarise(patch: Path, base: str) -> Summary:
    """What the patch in a file says; `things` of each graph are of the catalogue at `base`, each `came`, `changed` or
    `went`. Raises `OSError` for a file that is gone, `ValueError` for one that is no patch."""
    graphs: dict[str, Touched] = {}
    seen: dict[str, dict[str, set[str]]] = {}
    names: dict[str, str] = {}
    number, first, whole = 0, True, True
    for sign, quad in _statements(patch):
        if sign == "H":
            first = False
            continue
        number += 1
        if number > MOST_STATEMENTS:
            whole = False
            break
        assert quad is not None  # noqa: S101 - only a header has none
        graph = getattr(quad.graph_name, "value", "")
        touched = graphs.setdefault(graph, Touched())
        if sign == "A":
            touched.gained += 1
        else:
            touched.lost += 1
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(f"{base}id/"):
            said = seen.setdefault(graph, {}).setdefault(quad.subject.value, set())
            said.add(f"{sign}type" if quad.predicate.value == _TYPE else sign)
            if sign == "D" and quad.predicate.value == _NAME:
                _note(names, quad.subject.value, quad.object)
    for graph, things in seen.items():
        _tell(graphs[graph], things, names)
    return Summary(first, whole, graphs)


def _note(names: dict[str, str], thing: str, name: object) -> None:
    if isinstance(name, Literal) and (name.language == "vi" or thing not in names):
        names[thing] = name.value


def _tell(touched: Touched, things: dict[str, set[str]], names: dict[str, str]) -> None:
    kinds: dict[str, list[str]] = {"came": [], "changed": [], "went": []}
    for thing, said in sorted(things.items()):
        came, went = "Atype" in said and "Dtype" not in said, "Dtype" in said and "Atype" not in said
        kinds["came" if came else "went" if went else "changed"].append(thing)
    touched.came, touched.changed, touched.went = (len(kinds[kind]) for kind in ("came", "changed", "went"))
    room = MOST_THINGS
    for kind, found in kinds.items():
        touched.things |= dict.fromkeys(found[:room], kind)
        room -= min(room, len(found))
    touched.names = {iri: names[iri] for iri, kind in touched.things.items() if kind == "went" and iri in names}


def _statements(patch: Path) -> Iterator[tuple[str, Quad | None]]:
    with gzip.open(patch) as file:
        for line in file:
            if line.startswith(b"H prev "):
                yield "H", None
            elif line.startswith((b"A ", b"D ")):
                yield line[:1].decode(), next(iter(parse(line[2:], RdfFormat.N_QUADS)))
