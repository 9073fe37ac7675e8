"""RDF Patch of each published change (https://afs.github.io/rdf-delta/rdf-patch.html), for harvesters who follow them.

A file is `{number}-{state}.rdfp.gz`: the state and the one before it in the header, then what the source graphs lost and
gained, in one transaction. What is derived is not told, nor what is internal; a first build tells nothing, since its
content is what the dumps are for.
"""

import gzip
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, serialize

from catalogue.graphs import default_graph, is_internal, made_here
from catalogue.settings import Settings
from catalogue.store.durable import write_durably
from catalogue.store.port import Change

NAME = re.compile(r"(\d{10})-([\w.-]+)\.rdfp\.gz")
"""A file's name: its number, which rises, and the state that it leads to."""


def write(folder: Path, state: str, previous: str | None, change: Change, settings: Settings) -> None:
    """Write the patch of the authority's `change` that led from the state `previous` to `state`, unless it is there.

    The oldest files beyond `kept_changes` are removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known = sorted(path for path in folder.iterdir() if NAME.fullmatch(path.name))
    names = [found for path in known if (found := NAME.fullmatch(path.name))]
    if any(found[2] == state for found in names):
        return
    number = int(names[-1][1]) + 1 if names else 1
    content = gzip.compress("".join(_lines(state, previous, change, settings.base_iri)).encode(), 6, mtime=0)
    write_durably(folder / f"{number:010d}-{state}.rdfp.gz", content)
    for path in known[: max(0, len(known) + 1 - settings.kept_changes)]:
        path.unlink(missing_ok=True)


def _lines(state: str, previous: str | None, change: Change, base: str) -> Iterator[str]:
    yield f"H id <urn:chiso:state:{state}> .\n"
    if previous is not None:
        yield f"H prev <urn:chiso:state:{previous}> .\n"
    yield "TX .\n"
    for sign, quads in (("D", change.remove), ("A", change.add)):
        text = (serialize(public(quads, base), format=RdfFormat.N_QUADS) or b"").decode()
        yield from (f"{sign} {line}\n" for line in sorted(text.split("\n")) if line)
    yield "TC .\n"


def public(quads: Sequence[Quad], base: str) -> list[Quad]:
    """Those of the authority's quads that visitors may know, in the graphs in which they are published."""
    own, hidden = default_graph(base), made_here(base)
    found = []
    for quad in quads:
        graph = quad.graph_name
        if isinstance(graph, DefaultGraph):
            found.append(Quad(quad.subject, quad.predicate, quad.object, own))
        elif isinstance(graph, NamedNode) and graph not in hidden and not is_internal(graph.value, base):
            found.append(quad)
    return found
