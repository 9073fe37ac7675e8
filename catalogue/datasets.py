"""Which data sets may be published, under which licence, and where?"""

from dataclasses import dataclass

from catalogue.graphs import Mark
from catalogue.iri import PREFIXES
from catalogue.labels import Reference, references
from catalogue.proofs import graph_marks, strongest
from catalogue.query import Query
from catalogue.rows import records
from catalogue.store.port import Store


@dataclass(frozen=True, slots=True)
class Dataset:
    """A data set. `may_be_published`: a licence is known that says so; False also where none was found.

    `licence` and `publisher` are IRIs or texts, as the source gives them.
    """

    dataset: Reference
    licence: str | None
    licence_not_found: bool
    may_be_published: bool
    publisher: str | None
    periodicity: str | None
    pages: list[str]
    verification: Mark


@dataclass(frozen=True, slots=True)
class _Row:
    dataset: str
    graph: str
    licence: str | None
    publisher: str | None
    periodicity: str | None
    page: str | None
    missing: str | None


def publishable(store: Store, *, language: str = "vi") -> list[Dataset]:
    """All data sets, those with a licence first."""
    query = Query.named("datasets")
    grouped: dict[str, list[_Row]] = {}
    for row in records(_Row, store.select(query.bind()), query.name):
        grouped.setdefault(row.dataset, []).append(row)
    marks = graph_marks(store, (row.graph for group in grouped.values() for row in group))
    named = references(store, grouped, language)
    found = []
    for iri, group in grouped.items():
        proofs = strongest(marks[row.graph] for row in group if row.graph in marks)
        licence = next((row.licence for row in group if row.licence), None)
        found.append(
            Dataset(
                named[iri],
                licence,
                licence is None and any(row.missing == PREFIXES["dct"] + "license" for row in group),
                licence is not None,
                next((row.publisher for row in group if row.publisher), None),
                next((row.periodicity for row in group if row.periodicity), None),
                sorted({row.page for row in group if row.page}),
                proofs[0].mark if proofs else "unverified",
            )
        )
    return sorted(found, key=lambda one: (not one.may_be_published, one.dataset.iri))
