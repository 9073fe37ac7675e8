"""Hygiene: queries whose rows are failures, over the vocabulary and the whole real graph (without the loaded units)."""

from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from catalogue.graphs import VOCABULARY_GRAPH
from catalogue.iri import KINDS, PREFIXES, kind_and_key
from catalogue.settings import DEFAULT_BASE
from catalogue.shipped import GRAPH
from catalogue.store.embedded import Embedded
from loaders.administrative_units import AdministrativeUnits
from tests.shapes.cases import read, store, vocabulary

QUERIES = sorted((Path(__file__).parent / "hygiene").glob("*.rq"))


@cache
def catalogue() -> Embedded:
    """The vocabulary, each authored file as a graph of its own, and the units that the loader adds."""
    quads = [*vocabulary()]
    for path in sorted(GRAPH.rglob("*.ttl")):
        quads += read([path], NamedNode(f"https://chiso.example/synthetic/file/{path.parent.name}/{path.stem}"))
    return store([*quads, *AdministrativeUnits().quads(DEFAULT_BASE)])


@pytest.mark.parametrize("query", QUERIES, ids=lambda path: path.stem)
def test_no_row_fails(query: Path) -> None:
    text = query.read_text(encoding="utf-8")
    assert text.startswith("# Which "), "the first line says what a row is"
    rows = [" ".join(str(term) for term in row) for row in catalogue().select(text).rows]
    assert rows == []


def test_a_thing_is_of_the_class_that_its_address_names() -> None:
    below = catalogue().select(
        f"SELECT ?one ?above WHERE {{ GRAPH {VOCABULARY_GRAPH} {{ ?one <{PREFIXES['rdfs']}subClassOf>+ ?above }} }}"
    )
    above: dict[str, set[str]] = {}
    for one, other in below.rows:
        above.setdefault(str(one), set()).add(str(other))
    wrong = set()
    classes: dict[str, set[str]] = {}
    for thing, kind in catalogue().select("SELECT ?thing ?kind WHERE { ?thing a ?kind }").rows:
        assert thing is not None
        classes.setdefault(str(thing.value), set()).update({str(kind), *above.get(str(kind), ())})
    for iri, held in classes.items():
        found = kind_and_key(DEFAULT_BASE, iri)
        if found is not None and f"<{KINDS[found[0]]}>" not in held:
            wrong.add(iri)
    assert sorted(wrong) == []
