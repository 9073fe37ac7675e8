"""The named graphs: one source document × one verification mark, beside the graphs that the catalogue makes itself."""

import re
from functools import lru_cache
from typing import Literal
from urllib.parse import quote, unquote

from pyoxigraph import NamedNode

from catalogue.folding import slug

Mark = Literal["confirmed", "inferred", "unverified"]
MARKS: tuple[Mark, ...] = ("confirmed", "inferred", "unverified")
MARK_PREFIX = "https://w3id.org/chiso/code/verification/"

VOCABULARY_GRAPH = NamedNode("https://w3id.org/chiso/ns")
"""Ontology, alignment and code lists. Its IRI does not depend on the catalogue's base."""

LINEAGE_GRAPH = NamedNode("https://w3id.org/chiso/lineage")
"""Every edge of lineage once per graph that states it, made at publication, for the walk alone: dependent, edge, ground.
The edge's IRI says which graph states it by which relation, so one look-up gives a step with its proof."""


def edge(graph: NamedNode, relation: NamedNode, *, rests_on: bool) -> NamedNode:
    """The property of an edge in the lineage graph: `graph` says that the dependent rests on the ground by `relation`
    (or, where `rests_on` is false, that the ground grounds the dependent by it).

    >>> said = edge(NamedNode("https://chiso.example/graph/a.confirmed"), NamedNode("http://ns#basis"), rests_on=True)
    >>> read_edge(said.value)
    ('https://chiso.example/graph/a.confirmed', 'http://ns#basis', True)
    """
    return NamedNode(f"{graph.value}#{'rests-on' if rests_on else 'grounds'}={quote(relation.value, safe=':/')}")


@lru_cache(maxsize=10_000)
def read_edge(iri: str) -> tuple[str, str, bool]:
    """What an edge's property says: graph, relation, and whether the dependent is the relation's subject."""
    graph, _, said = iri.partition("#")
    direction, _, relation = said.partition("=")
    return graph, unquote(relation), direction == "rests-on"


def source_graph(base: str, source: str, mark: Mark) -> NamedNode:
    """The graph that holds what `source` says with `mark`.

    >>> source_graph("https://chiso.example/", "hanoi-bo-chi-so-2025", "inferred").value
    'https://chiso.example/graph/hanoi-bo-chi-so-2025.inferred'
    """
    return NamedNode(f"{base}graph/{source}.{mark}")


def key_of(graph: NamedNode, base: str) -> str:
    """The key of the source that a graph belongs to, by its name.

    >>> key_of(source_graph("https://chiso.example/", "luat-a", "confirmed"), "https://chiso.example/")
    'luat-a'
    """
    own = re.fullmatch(r"graph/([a-z0-9-]+)\.(?:confirmed|inferred|unverified)", graph.value.removeprefix(base))
    if own:
        return own[1]
    register = graph.value.removeprefix(f"{base}graph/")
    return register if register.startswith("sources.") else f"local-{slug(graph.value)}"


def register_graph(base: str, folder: str) -> NamedNode:
    """The graph that describes the sources of one folder of `graph/`."""
    return NamedNode(f"{base}graph/sources.{folder}")


def derived_graph(base: str) -> NamedNode:
    """Holdings, `chiso:restsOn` edges and look-up keys, made at publication and never authored."""
    return NamedNode(f"{base}graph/derived")


def manifest_graph(base: str) -> NamedNode:
    """What was loaded from which shipped source: digests and dates."""
    return NamedNode(f"{base}graph/manifest")


def withdrawn_graph(base: str) -> NamedNode:
    """What is known of things that nothing describes any more: when they were withdrawn, and what replaced them."""
    return NamedNode(f"{base}graph/withdrawn")


def default_graph(base: str) -> NamedNode:
    """What was written to the default graph itself, under the name by which it is published: there the default graph is
    the union of all."""
    return NamedNode(f"{base}graph/default")


def is_internal(graph: str, base: str) -> bool:
    """Whether a graph stays inside: it is kept by the authority alone, nothing is derived from it, no state holds it.

    >>> is_internal("https://chiso.example/internal/notes", "https://chiso.example/")
    True
    """
    return graph.startswith(f"{base}internal/")


def made_here(base: str) -> frozenset[NamedNode]:
    """The graphs that the catalogue makes itself: nobody authors them, and the default graph is not their union."""
    return frozenset((derived_graph(base), manifest_graph(base), withdrawn_graph(base), LINEAGE_GRAPH))


def mark_of(iri: str) -> Mark:
    """The mark that a code of the verification list stands for."""
    name = iri.removeprefix(MARK_PREFIX)
    for mark in MARKS:
        if name == mark:
            return mark
    raise ValueError(f"not a verification mark: {iri}")


def weakest(*marks: Mark) -> Mark:
    """The weakest of several marks: a chain bears the mark of its weakest link.

    >>> weakest("confirmed", "unverified", "inferred")
    'unverified'
    """
    return max(marks, key=MARKS.index, default="confirmed")
