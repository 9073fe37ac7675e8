"""Codes of the code lists: their IRI, their notation and their label."""

from collections.abc import Iterable
from dataclasses import dataclass

from catalogue.labels import references
from catalogue.store.port import Store


@dataclass(frozen=True, slots=True)
class CodeReference:
    """A code of one of our lists: `notation` is what programs use (`chu-tri`), `label` what people read (chủ trì)."""

    iri: str
    notation: str
    label: str | None
    language: str | None


def role_rank(notation: str) -> int:
    """Where a role stands in an answer: who leads first, who guides, who coordinates, then all others."""
    return {"chu-tri": 0, "huong-dan": 1, "phoi-hop": 2}.get(notation, 9)


def codes(store: Store, iris: Iterable[str], language: str = "vi") -> dict[str, CodeReference]:
    """The codes `iris`; the notation is the last part of the IRI, as everywhere in our lists."""
    return {
        iri: CodeReference(iri, iri.rpartition("/")[2], named.label, named.language)
        for iri, named in references(store, iris, language).items()
    }
