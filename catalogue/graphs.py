"""The named graphs: one source document × one verification mark, beside the graphs that the catalogue makes itself."""

from typing import Literal

from pyoxigraph import NamedNode

Mark = Literal["confirmed", "inferred", "unverified"]
MARKS: tuple[Mark, ...] = ("confirmed", "inferred", "unverified")
MARK_PREFIX = "https://w3id.org/chiso/code/verification/"

VOCABULARY_GRAPH = NamedNode("https://w3id.org/chiso/ns")
"""Ontology, alignment and code lists. Its IRI does not depend on the catalogue's base."""


def source_graph(base: str, source: str, mark: Mark) -> NamedNode:
    """The graph that holds what `source` says with `mark`.

    >>> source_graph("https://chiso.example/", "hanoi-bo-chi-so-2025", "inferred").value
    'https://chiso.example/graph/hanoi-bo-chi-so-2025.inferred'
    """
    return NamedNode(f"{base}graph/{source}.{mark}")


def register_graph(base: str, folder: str) -> NamedNode:
    """The graph that describes the sources of one folder of `graph/`."""
    return NamedNode(f"{base}graph/sources.{folder}")


def derived_graph(base: str) -> NamedNode:
    """Holdings, `chiso:restsOn` edges and look-up keys, made at publication and never authored."""
    return NamedNode(f"{base}graph/derived")


def manifest_graph(base: str) -> NamedNode:
    """What was loaded from which shipped source: digests and dates."""
    return NamedNode(f"{base}graph/manifest")


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
